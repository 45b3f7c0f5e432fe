"""Every chart of the house by name, each from the tables to the drawing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from sodertorn_lib import accounts, activities, charts, datasets, growth
from sodertorn_lib.backtests import compare_methods, published_against_outcome
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.fees import fee_outlook, fee_scenarios, membership_fees
from sodertorn_lib.projections import (
    constant_share,
    linear_exponential,
    no_change,
    project_population,
    project_total,
)

__all__ = ["catalogue"]

Drawing = Callable[[str], Chart]

OUTLOOK_YEAR = 2030  # the last year of the fee outlook: that of the stated forecasts
COST_GROWTH_PERCENT = 2  # a year
COMPARED = (project_population, linear_exponential, constant_share, no_change)


def catalogue(data_dir: str | Path | None = None) -> dict[str, Drawing]:
    """Return, by chart name, what draws it in a language; the tables are read once.

    Each chart shows the last year that its table has.

    >>> len(catalogue())
    18
    """
    return {
        **_fees(data_dir),
        **_accounts(data_dir),
        **_population(data_dir),
        **_activities(data_dir),
        **_projections(data_dir),
        **_outlook(data_dir),
    }


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


def _projections(data_dir: str | Path | None) -> dict[str, Drawing]:
    population, municipalities = datasets.load_population(data_dir), datasets.load_municipalities(data_dir)
    county = growth.region(datasets.load_population_reference(data_dir), "01")
    forecasts = datasets.load_published_forecasts(data_dir)
    stated = forecasts[forecasts["area_code"] == "sodertorn"].iloc[-1]
    base, target = stated["base_year"], stated["target_year"]
    known: dict[str, Any] = {"history": population[population["year"] <= base], "horizon": target - base}
    each = project_population(**known, reference=county.loc[:base]).merge(municipalities)
    total, named = project_total(**known, reference=county.loc[:base]), population.merge(municipalities)
    area, change = growth.area_population(population), stated["forecast_growth"]
    decades = growth.growth_between(area.assign(municipality_code="area"), growth.decades(area))
    outcomes = growth.outcomes(population, datasets.load_population_reference(data_dir))
    held = published_against_outcome(forecasts, outcomes)
    errors = compare_methods(population, COMPARED, reference=county)
    return {
        "growth_needed_and_seen": lambda lang: charts.growth_needed_and_seen(decades, change, base, target, lang),
        "population_fan": lambda lang: charts.population_fan(area, total, stated["base_population"] + change, lang),
        "projection_small_multiples": lambda lang: charts.projection_small_multiples(named, each, lang),
        "forecast_against_outcome": lambda lang: charts.forecast_against_outcome(held, lang),
        "error_by_horizon": lambda lang: charts.error_by_horizon(errors, lang),
    }


def _outlook(data_dir: str | Path | None) -> dict[str, Drawing]:
    population, rates = datasets.load_population(data_dir), datasets.load_fee_rates(data_dir)
    county = growth.region(datasets.load_population_reference(data_dir), "01")
    area, last = growth.area_population(population), population["year"].max()
    fee, base = rates["fee_sek_per_inhabitant"].iloc[-1], rates["population_date"].iloc[-1].year
    costs = accounts.operating_result(datasets.load_operating_statement(data_dir))["costs_sek"].iloc[-1]
    ahead = project_total(population, OUTLOOK_YEAR - 1 - last, reference=county)
    known = pd.concat([area[area["year"] >= base], ahead], ignore_index=True)
    held, rising = (fee_outlook(known, fee, costs, percent) for percent in (0, COST_GROWTH_PERCENT))
    return {"fee_income_outlook": lambda lang: charts.fee_income_outlook(held, rising, fee, COST_GROWTH_PERCENT, lang)}
