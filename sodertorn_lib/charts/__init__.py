"""One function a chart: a measured table in, a `Chart` out, Swedish first, English from the same data."""

from sodertorn_lib.charts.accounts import (
    balance_bridge,
    funds_opening_closing,
    project_costs,
    ranked_costs,
    text_against_table,
)
from sodertorn_lib.charts.activities import meetings_by_forum, timeline
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.fees import fee_by_municipality, fee_scenarios
from sodertorn_lib.charts.population import growth_by_municipality, population_small_multiples, population_total

__all__ = [
    "Chart",
    "balance_bridge",
    "fee_by_municipality",
    "fee_scenarios",
    "funds_opening_closing",
    "growth_by_municipality",
    "meetings_by_forum",
    "population_small_multiples",
    "population_total",
    "project_costs",
    "ranked_costs",
    "text_against_table",
    "timeline",
]
