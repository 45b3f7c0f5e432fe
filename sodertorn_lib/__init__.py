"""Tables, measures and charts of Södertörnskommunerna's annual report."""

from typing import TYPE_CHECKING

from sodertorn_lib.accounts import (
    balance_bridge,
    cost_breakdown,
    fund_statement,
    fund_totals,
    operating_result,
    surpluses,
    text_against_table,
)
from sodertorn_lib.activities import cancelled_or_moved, meetings_by_forum, meetings_held
from sodertorn_lib.backtests import accuracy, backtest, compare_methods, published_against_outcome, shelf_life
from sodertorn_lib.datasets import (
    load_boundaries,
    load_consultations,
    load_discrepancies,
    load_events,
    load_fee_rates,
    load_funds,
    load_meetings,
    load_municipalities,
    load_operating_statement,
    load_population,
    load_population_published,
    load_population_reference,
    load_printed_totals,
    load_projects,
    load_published_forecasts,
    load_report_figures,
)
from sodertorn_lib.errors import DataError
from sodertorn_lib.fees import fee_outlook, fee_scenarios, membership_fees
from sodertorn_lib.growth import (
    annual_growth,
    area_population,
    compare_published,
    decades,
    growth_between,
    outcomes,
    population_index,
    region,
    years_of_growth,
)
from sodertorn_lib.projections import (
    constant_share,
    constant_share_and_variable_growth,
    exponential,
    linear,
    linear_exponential,
    no_change,
    project_population,
    project_total,
    variable_share_of_growth,
)
from sodertorn_lib.reconciliation import reconcile, require_reconciled

if TYPE_CHECKING:
    from sodertorn_lib.charts import Chart

__version__ = "1.0.0"

__all__ = [
    "Chart",
    "DataError",
    "accuracy",
    "annual_growth",
    "area_population",
    "backtest",
    "balance_bridge",
    "cancelled_or_moved",
    "compare_methods",
    "compare_published",
    "constant_share",
    "constant_share_and_variable_growth",
    "cost_breakdown",
    "decades",
    "exponential",
    "fee_outlook",
    "fee_scenarios",
    "fund_statement",
    "fund_totals",
    "growth_between",
    "linear",
    "linear_exponential",
    "load_boundaries",
    "load_consultations",
    "load_discrepancies",
    "load_events",
    "load_fee_rates",
    "load_funds",
    "load_meetings",
    "load_municipalities",
    "load_operating_statement",
    "load_population",
    "load_population_published",
    "load_population_reference",
    "load_printed_totals",
    "load_projects",
    "load_published_forecasts",
    "load_report_figures",
    "meetings_by_forum",
    "meetings_held",
    "membership_fees",
    "no_change",
    "operating_result",
    "outcomes",
    "population_index",
    "project_population",
    "project_total",
    "published_against_outcome",
    "reconcile",
    "region",
    "require_reconciled",
    "shelf_life",
    "surpluses",
    "text_against_table",
    "variable_share_of_growth",
    "years_of_growth",
]


def __getattr__(name: str) -> object:
    """Import matplotlib only when a chart is asked for."""
    if name == "Chart":
        from sodertorn_lib.charts import Chart  # noqa: PLC0415

        return Chart
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
