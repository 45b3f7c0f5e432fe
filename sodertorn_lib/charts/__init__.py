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
from sodertorn_lib.charts.fees import fee_by_municipality, fee_income_outlook, fee_scenarios
from sodertorn_lib.charts.forecasts import forecast_against_outcome, growth_needed_and_seen
from sodertorn_lib.charts.maps import growth_and_fee_map
from sodertorn_lib.charts.population import growth_by_municipality, population_small_multiples, population_total
from sodertorn_lib.charts.projections import error_by_horizon, population_fan, projection_small_multiples

__all__ = [
    "Chart",
    "balance_bridge",
    "error_by_horizon",
    "fee_by_municipality",
    "fee_income_outlook",
    "fee_scenarios",
    "forecast_against_outcome",
    "funds_opening_closing",
    "growth_and_fee_map",
    "growth_by_municipality",
    "growth_needed_and_seen",
    "meetings_by_forum",
    "population_fan",
    "population_small_multiples",
    "population_total",
    "project_costs",
    "projection_small_multiples",
    "ranked_costs",
    "text_against_table",
    "timeline",
]
