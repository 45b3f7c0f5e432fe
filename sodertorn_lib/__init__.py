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
from sodertorn_lib.datasets import (
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
    load_printed_totals,
    load_projects,
    load_report_figures,
)
from sodertorn_lib.errors import DataError
from sodertorn_lib.fees import fee_scenarios, membership_fees
from sodertorn_lib.growth import (
    annual_growth,
    area_population,
    compare_published,
    growth_between,
    population_index,
    years_of_growth,
)
from sodertorn_lib.reconciliation import reconcile, require_reconciled

if TYPE_CHECKING:
    from sodertorn_lib.charts import Chart

__version__ = "1.0.0"

__all__ = [
    "Chart",
    "DataError",
    "annual_growth",
    "area_population",
    "balance_bridge",
    "cancelled_or_moved",
    "compare_published",
    "cost_breakdown",
    "fee_scenarios",
    "fund_statement",
    "fund_totals",
    "growth_between",
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
    "load_printed_totals",
    "load_projects",
    "load_report_figures",
    "meetings_by_forum",
    "meetings_held",
    "membership_fees",
    "operating_result",
    "population_index",
    "reconcile",
    "require_reconciled",
    "surpluses",
    "text_against_table",
    "years_of_growth",
]


def __getattr__(name: str) -> object:
    """Import matplotlib only when a chart is asked for."""
    if name == "Chart":
        from sodertorn_lib.charts import Chart  # noqa: PLC0415

        return Chart
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
