"""Every chart of the house by name, each from the tables to the drawing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sodertorn_lib import accounts, activities, charts, datasets, growth
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.fees import fee_scenarios, membership_fees

__all__ = ["catalogue"]

Drawing = Callable[[str], Chart]


def catalogue(data_dir: str | Path | None = None) -> dict[str, Drawing]:
    """Return, by chart name, what draws it in a language; the tables are read once.

    Each chart shows the last year that its table has.

    >>> len(catalogue())
    12
    """
    return {**_fees(data_dir), **_accounts(data_dir), **_population(data_dir), **_activities(data_dir)}


def _fees(data_dir: str | Path | None) -> dict[str, Drawing]:
    population, municipalities = datasets.load_population(data_dir), datasets.load_municipalities(data_dir)
    rates = datasets.load_fee_rates(data_dir)
    fees = membership_fees(population, rates).merge(municipalities)
    rate, base = fees[["fee_sek_per_inhabitant", "population_year"]].iloc[-1]
    years = [year for year in (base, base + 1) if year in set(population["year"])]
    scenarios = fee_scenarios(population, [rate - 1, rate, rate + 1], years)
    return {
        "fee_by_municipality": lambda lang: charts.fee_by_municipality(fees, lang),
        "fee_scenarios": lambda lang: charts.fee_scenarios(scenarios, lang),
    }


def _accounts(data_dir: str | Path | None) -> dict[str, Drawing]:
    funds, printed = datasets.load_funds(data_dir), datasets.load_printed_totals(data_dir)
    projects, operations = datasets.load_projects(data_dir), datasets.load_operating_statement(data_dir)
    year = funds["year"].max()
    items = accounts.text_against_table(funds, projects, printed)
    breakdown, statement = accounts.cost_breakdown(operations), accounts.fund_statement(funds)
    return {
        "balance_bridge": lambda lang: charts.balance_bridge(accounts.balance_bridge(funds, printed, year), year, lang),
        "funds_opening_closing": lambda lang: charts.funds_opening_closing(statement, lang),
        "ranked_costs": lambda lang: charts.ranked_costs(breakdown, lang),
        "project_costs": lambda lang: charts.project_costs(projects, lang),
        "text_against_table": lambda lang: charts.text_against_table(items, lang),
    }


def _population(data_dir: str | Path | None) -> dict[str, Drawing]:
    population, municipalities = datasets.load_population(data_dir), datasets.load_municipalities(data_dir)
    published, year = datasets.load_population_published(data_dir), datasets.load_funds(data_dir)["year"].max()
    area, changes = growth.area_population(population), growth.annual_growth(population).merge(municipalities)
    index = growth.population_index(population, population["year"].min()).merge(municipalities)
    return {
        "population_total": lambda lang: charts.population_total(area, published, lang),
        "population_small_multiples": lambda lang: charts.population_small_multiples(index, lang),
        "growth_by_municipality": lambda lang: charts.growth_by_municipality(changes, year, lang),
    }


def _activities(data_dir: str | Path | None) -> dict[str, Drawing]:
    meetings, events = datasets.load_meetings(data_dir), datasets.load_events(data_dir)
    by_forum, held = activities.meetings_by_forum(meetings), activities.meetings_held(meetings)
    year = meetings["year"].max()
    return {
        "meetings_by_forum": lambda lang: charts.meetings_by_forum(by_forum, held, lang),
        "timeline": lambda lang: charts.timeline(events, year, lang),
    }
