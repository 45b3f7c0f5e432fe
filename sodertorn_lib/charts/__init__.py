"""One function a chart: measured tables in, a `Chart` out, Swedish first, English from the same data.

After its tables each takes `lang` (sv or en) and, by name, `title`, `subtitle`, `highlight` and `unit`. The names of
the tables are those of `Measured`, so that notebooks and what is published draw from the same wiring. `CHARTS` is the
one list of them, in the order of the notebooks and the slides; `COMPARISONS` follow where there is a year before, and
`what_if` is the reader's own.
"""

from sodertorn_lib.charts import budget, committee, comparison, components, inhabitants, maps, scenario
from sodertorn_lib.charts.budget import *
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.committee import *
from sodertorn_lib.charts.comparison import *
from sodertorn_lib.charts.components import *
from sodertorn_lib.charts.inhabitants import *
from sodertorn_lib.charts.maps import *
from sodertorn_lib.charts.scenario import *

CHARTS = (
    budget.fee_by_municipality,
    budget.fee_scenarios,
    budget.balance_bridge,
    budget.funds_opening_closing,
    budget.text_against_table,
    budget.ranked_costs,
    budget.project_costs,
    inhabitants.population_total,
    inhabitants.population_small_multiples,
    inhabitants.growth_by_municipality,
    maps.growth_map,
    committee.activities_by_outcome,
    committee.meetings_by_forum,
    committee.timeline,
    inhabitants.growth_needed_and_seen,
    inhabitants.population_fan,
    inhabitants.projection_small_multiples,
    components.components_by_year,
    components.components_by_municipality,
    components.homes_and_growth,
    inhabitants.error_by_horizon,
    inhabitants.forecast_against_outcome,
    budget.fee_income_outlook,
)

COMPARISONS = (
    comparison.fees_compared,
    comparison.costs_compared,
    comparison.funds_compared,
    comparison.meetings_compared,
    comparison.activities_compared,
)

__all__ = ["CHARTS", "COMPARISONS", "Chart"]
__all__ += budget.__all__ + committee.__all__ + comparison.__all__ + inhabitants.__all__
__all__ += components.__all__ + maps.__all__ + scenario.__all__
