"""Every chart of the house by name, each from the tables to the drawing; each shows the last year its table has."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace

import pandas as pd

from sodertorn_lib import accounts, activities, charts, datasets, growth
from sodertorn_lib.backtests import compare_methods, published_against_outcome
from sodertorn_lib.charts.chart import Chart, drawable
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.fees import fee_growth, fee_outlook, fee_scenarios, membership_fees
from sodertorn_lib.projections import (
    constant_share,
    linear_exponential,
    no_change,
    project_population,
    project_total,
)

__all__ = ["NAMES", "catalogue"]

Drawing = Callable[[str], Chart]

OUTLOOK_YEAR = 2030  # the last year of the fee outlook: that of the stated forecasts
COST_GROWTH_PERCENT = 2  # a year
COMPARED = (project_population, linear_exponential, constant_share, no_change)


def catalogue(data_dir: str | Path | None = None) -> dict[str, Drawing]:
    """Return, by chart name, what draws it in a language.

    Every table is read first, so that a fault in one is told before anything is drawn. A drawing raises DataError
    where its tables lack what it needs.

    >>> len(catalogue())
    19
    """
    tables = SimpleNamespace(
        **{name.removeprefix("load_"): getattr(datasets, name)(data_dir) for name in datasets.__all__}
    )
    tables.named = tables.population.merge(tables.municipalities)
    tables.area = growth.area_population(tables.population)
    tables.county = cache(lambda: _county(tables))
    tables.rate = tables.fee_rates.sort_values("year").iloc[-1]
    tables.errors = cache(lambda: compare_methods(tables.population, COMPARED, reference=tables.county()))
    outcomes = growth.outcomes(tables.population, tables.population_reference)
    tables.held = cache(lambda: published_against_outcome(tables.published_forecasts, outcomes))
    tables.projected = cache(lambda method: _from_base_year(tables, method))
    return {name: partial(drawing, tables) for name, drawing in zip(NAMES, DRAWINGS, strict=True)}


def _fee_by_municipality(t: SimpleNamespace, lang: str) -> Chart:
    return charts.fee_by_municipality(membership_fees(t.population, t.fee_rates).merge(t.municipalities), lang)


def _fee_scenarios(t: SimpleNamespace, lang: str) -> Chart:
    rate, base = t.rate["fee_sek_per_inhabitant"], t.rate["population_date"].year
    years = [base] + [base + 1] * (base + 1 in set(t.area["year"]))
    return charts.fee_scenarios(fee_scenarios(t.population, [rate - 1, rate, rate + 1], years), lang)


def _balance_bridge(t: SimpleNamespace, lang: str) -> Chart:
    year = t.funds["year"].max()
    return charts.balance_bridge(accounts.balance_bridge(t.funds, t.printed_totals, year), year, lang)


def _funds_opening_closing(t: SimpleNamespace, lang: str) -> Chart:
    return charts.funds_opening_closing(accounts.fund_statement(t.funds), lang)


def _ranked_costs(t: SimpleNamespace, lang: str) -> Chart:
    return charts.ranked_costs(accounts.cost_breakdown(t.operating_statement), lang)


def _project_costs(t: SimpleNamespace, lang: str) -> Chart:
    return charts.project_costs(t.projects, lang)


def _text_against_table(t: SimpleNamespace, lang: str) -> Chart:
    return charts.text_against_table(accounts.text_against_table(t.funds, t.projects, t.printed_totals), lang)


def _population_total(t: SimpleNamespace, lang: str) -> Chart:
    return charts.population_total(t.area, t.population_published, lang)


def _population_small_multiples(t: SimpleNamespace, lang: str) -> Chart:
    index = growth.population_index(t.population, t.area["year"].min())
    return charts.population_small_multiples(index.merge(t.municipalities), lang)


def _growth_by_municipality(t: SimpleNamespace, lang: str) -> Chart:
    changes = growth.annual_growth(t.population).merge(t.municipalities)
    return charts.growth_by_municipality(changes, t.funds["year"].max(), lang)


def _growth_and_fee_map(t: SimpleNamespace, lang: str) -> Chart:
    fee, first, last = t.rate["fee_sek_per_inhabitant"], t.rate["year"], t.area["year"].max() + 1
    paid = fee_growth(t.population, fee, first, last).merge(t.municipalities)
    grown = growth.growth_between(t.population, [first - 10, first]).merge(t.municipalities)
    return charts.growth_and_fee_map(grown, paid, t.boundaries, fee, lang)


def _meetings_by_forum(t: SimpleNamespace, lang: str) -> Chart:
    by_forum, held = activities.meetings_by_forum(t.meetings), activities.meetings_held(t.meetings)
    return charts.meetings_by_forum(by_forum, held, lang)


def _timeline(t: SimpleNamespace, lang: str) -> Chart:
    return charts.timeline(t.events, t.meetings["year"].max(), lang)


def _growth_needed_and_seen(t: SimpleNamespace, lang: str) -> Chart:
    stated = _stated(t)
    seen = growth.growth_between(t.area.assign(municipality_code="area"), growth.decades(t.area))
    change, base, target = stated["forecast_growth"], stated["base_year"], stated["target_year"]
    return charts.growth_needed_and_seen(seen, change, base, target, lang)


def _population_fan(t: SimpleNamespace, lang: str) -> Chart:
    stated = _stated(t)["base_population"] + _stated(t)["forecast_growth"]
    return charts.population_fan(t.area, t.projected(project_total), stated, lang)


def _projection_small_multiples(t: SimpleNamespace, lang: str) -> Chart:
    each = t.projected(project_population).merge(t.municipalities)
    return charts.projection_small_multiples(t.named, each, lang)


def _forecast_against_outcome(t: SimpleNamespace, lang: str) -> Chart:
    return charts.forecast_against_outcome(t.held(), lang)


def _error_by_horizon(t: SimpleNamespace, lang: str) -> Chart:
    return charts.error_by_horizon(t.errors(), lang)


def _fee_income_outlook(t: SimpleNamespace, lang: str) -> Chart:
    fee, base = t.rate["fee_sek_per_inhabitant"], t.rate["population_date"].year
    costs = accounts.operating_result(t.operating_statement)["costs_sek"].dropna().iloc[-1]
    ahead = project_total(t.population, OUTLOOK_YEAR - 1 - t.area["year"].max(), reference=t.county())
    past = drawable(t.area[t.area["year"] >= base], "fee_income_outlook", "population")
    known = pd.concat([past, ahead], ignore_index=True)
    held, rising = (fee_outlook(known, fee, costs, percent) for percent in (0, COST_GROWTH_PERCENT))
    return charts.fee_income_outlook(held, rising, fee, COST_GROWTH_PERCENT, lang)


def _from_base_year(t: SimpleNamespace, method: Callable[..., pd.DataFrame]) -> pd.DataFrame:
    """Return a projection from the base year of that forecast to its target year, from what was known then."""
    base, target = _stated(t)["base_year"], _stated(t)["target_year"]
    known = t.population[t.population["year"] <= base]
    return method(known, target - base, reference=t.county().loc[:base])


def _county(t: SimpleNamespace) -> pd.Series:
    """Return the population of the county, which must end in the same year as that of the municipalities."""
    county, last = growth.region(t.population_reference, "01"), t.area["year"].max()
    if county.index.max() != last:
        problem = f"ends in {county.index.max()} and population.csv in {last}"
        raise DataError([Fault("population_reference.csv", problem, "Give both the same last year.")])
    return county


def _stated(t: SimpleNamespace) -> pd.Series:
    """Return the municipalities' own forecast for the area."""
    stated: pd.Series = t.published_forecasts[t.published_forecasts["area_code"] == "sodertorn"].iloc[-1]
    return stated


DRAWINGS = (
    _fee_by_municipality,
    _fee_scenarios,
    _balance_bridge,
    _funds_opening_closing,
    _ranked_costs,
    _project_costs,
    _text_against_table,
    _population_total,
    _population_small_multiples,
    _growth_by_municipality,
    _growth_and_fee_map,
    _meetings_by_forum,
    _timeline,
    _growth_needed_and_seen,
    _population_fan,
    _projection_small_multiples,
    _forecast_against_outcome,
    _error_by_horizon,
    _fee_income_outlook,
)
NAMES = tuple(drawing.__name__.removeprefix("_") for drawing in DRAWINGS)
