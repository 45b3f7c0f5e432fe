"""What others forecast and what we project, beside what happened."""

from __future__ import annotations

from math import isclose

import pandas as pd

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.growth import area_population, decades, growth_between
from sodertorn_lib.municipalities import is_whole, key
from sodertorn_lib.projections import probability_of, project_total

__all__ = [
    "AREA",
    "beside_ours",
    "beside_projection",
    "growth_needed",
    "outcomes",
    "published_against_outcome",
    "stated_forecast",
]

AREA = "sodertorn"  # the code of all municipalities together
COUNTRY, COUNTY = "00", "01"
SURROUNDING = {COUNTRY: COUNTRY, COUNTY: COUNTRY}  # of what a projection takes for its reference; else the county


def stated_forecast(published_forecasts: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the municipalities' own forecast for the area, the last that builds on a year or an earlier one: one row.

    Raises
    ------
    DataError
        When there is none.

    Examples
    --------
    >>> from sodertorn_lib import load_published_forecasts
    >>> stated_forecast(load_published_forecasts(), 2020)[["target_year", "forecast_growth"]].values.tolist()
    [[2030, 100000]]
    """
    own = (published_forecasts["area_code"] == AREA) & (published_forecasts["base_year"] <= year)
    stated = published_forecasts[own].sort_values("base_year", kind="stable")
    if stated.empty:
        problem = f"has no forecast for {AREA} from {year} or before"
        raise DataError(Fault("published_forecasts.csv", problem, "Add its row, or leave out what builds on it."))
    return stated.tail(1).reset_index(drop=True)


def growth_needed(area: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Return the growth per year of the area by decade, and the pace that a stated growth takes.

    Parameters
    ----------
    area
        As `area_population` gives it, of all municipalities.
    stated
        As `stated_forecast` gives it.

    Returns
    -------
    DataFrame
        kind (outcome, forecast), first_year, last_year, change (inhabitants), change_per_year, qualifier (of the
        forecast), municipalities, of_municipalities. The first forecast goes from the base year; the second holds what
        is left from the last year of the area. Of the first also periods (of its length, from each year of the area),
        faster_periods (that grew as fast or faster), first_faster_year and last_faster_year (in which those begin).

    Raises
    ------
    DataError
        When area is a selection: the forecast is for all.

    Examples
    --------
    >>> from sodertorn_lib import area_population, load_population, load_published_forecasts
    >>> pace = growth_needed(area_population(load_population()), stated_forecast(load_published_forecasts(), 2020))
    >>> pace[["kind", "first_year", "change_per_year"]].tail(2).values.tolist()
    [['forecast', 2020, 10000.0], ['forecast', 2025, 16385.4]]
    """
    _require_all(area)
    seen = growth_between(area.assign(municipality_code=AREA), decades(area))
    said, last = stated.iloc[0], int(area["year"].max())
    base, target, growth = int(said["base_year"]), int(said["target_year"]), int(said["forecast_growth"])
    by_year = area.set_index("year")["population"]
    left = growth - (by_year[last] - by_year.get(base, by_year[last]))
    spans = [(base, target, growth), (last, target, left)] if base < last < target else [(base, target, growth)]
    ahead = pd.DataFrame(spans, columns=["first_year", "last_year", "change"]).astype("int64")
    ahead["change_per_year"] = ahead["change"] / (ahead["last_year"] - ahead["first_year"])
    passed = (by_year.shift(base - target) - by_year).dropna()
    begun = passed.index[passed >= growth]
    counts = {"periods": len(passed), "faster_periods": len(begun)}
    counts |= {"first_faster_year": begun.min(), "last_faster_year": begun.max()}
    ahead = ahead.join(pd.DataFrame([counts]).astype("Int64"))
    parts = [seen.assign(kind="outcome"), ahead.assign(kind="forecast", qualifier=said["qualifier"])]
    table = pd.concat(parts, ignore_index=True)
    table = table.assign(**{name: area[name].max() for name in ("municipalities", "of_municipalities")})
    columns = ["kind", "first_year", "last_year", "change", "change_per_year", "qualifier"]
    return table[[*columns, *counts, "municipalities", "of_municipalities"]]


def beside_projection(
    population: pd.DataFrame, projection: pd.DataFrame, stated: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return a population and its projection in one table, in which the interval opens at the jump-off year.

    Parameters
    ----------
    population, projection
        Those of the area (`area_population`, `project_total`), or of municipalities (`project_population`). Of several
        coverages the first is shown, and all tell how likely what is stated is.
    stated
        As `stated_forecast` gives it; left out of a selection, since it is for all.

    Returns
    -------
    DataFrame
        The columns of population, and projection, lower, upper (persons; NA before the jump-off year), jump_off_year,
        interval_percent; in the target year of the stated forecast also stated, qualifier, probability_percent (that as
        many are reached, by the projection) and probability_qualifier (about; under or over, if the widest interval
        tells no more).
    """
    jump_off_year, coverage = int(projection["jump_off_year"].iloc[0]), projection["interval_percent"].iloc[0]
    shown = projection[projection["interval_percent"] == coverage]
    start = population[population["year"] == jump_off_year]
    bounds = {name: start["population"].astype("float64") for name in ("projection", "lower", "upper")}
    fan = pd.concat([start.assign(**bounds), shown.rename(columns={"population": "projection"})])
    columns = [*key(projection.filter(population.columns)), "year"]
    table = population.merge(fan[[*columns, "projection", "lower", "upper"]], on=columns, how="outer")
    table = table.assign(jump_off_year=jump_off_year, interval_percent=coverage, stated=float("nan"), qualifier=None)
    table = table.assign(probability_percent=float("nan"), probability_qualifier=None)
    if stated is not None and is_whole(population):
        said = stated.iloc[0]
        own, persons = table["year"] == said["target_year"], float(said["base_population"] + said["forecast_growth"])
        table.loc[own, ["stated", "qualifier"]] = [persons, said["qualifier"]]
        if said["target_year"] in set(projection["year"]):
            likely = _likely(projection, persons, int(said["target_year"]))
            table.loc[own, ["probability_percent", "probability_qualifier"]] = likely
    return table


def _likely(projection: pd.DataFrame, population: float, year: int) -> tuple[float, str]:
    """Return the probability that a population is reached, per cent, and whether it is about that, under or over."""
    percent, least = 100 * probability_of(projection, population, year), 50 - projection["interval_percent"].max() / 2
    near = isclose(percent, least), isclose(percent, 100 - least)
    return round(percent, 6), "under" if near[0] else "over" if near[1] else "about"


def outcomes(population: pd.DataFrame, population_reference: pd.DataFrame) -> pd.DataFrame:
    """Return the population of municipalities, regions and, if all are there, the area: area_code, year, population.

    >>> from sodertorn_lib import load_population, load_population_reference
    >>> outcomes(load_population(), load_population_reference())["area_code"].nunique()
    11
    """
    parts = [
        population.rename(columns={"municipality_code": "area_code"}),
        population_reference.rename(columns={"region_code": "area_code"}),
    ]
    area = area_population(population)
    parts += [area.assign(area_code=AREA)] if is_whole(area) else []
    return pd.concat([part[["area_code", "year", "population"]] for part in parts], ignore_index=True)


def published_against_outcome(forecasts: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return each published forecast beside the latest outcome that it can be held against.

    A forecast whose target year lies ahead is read off the straight line from its base to its target. One that states
    a growth is taken from its base population, or from that of the outcomes in the base year.

    Parameters
    ----------
    forecasts
        As `load_published_forecasts` gives it.
    outcomes
        area_code, year, population.

    Returns
    -------
    DataFrame
        forecast_id, area_code, area_sv, area_en, base_year, target_year, year (the year compared), expected, outcome
        (inhabitants), percentage_error (100 x (expected - outcome) / outcome), reached (whether the target year has
        passed). Areas without outcomes after the base year are left out.

    Examples
    --------
    >>> from sodertorn_lib import load_population, load_published_forecasts
    >>> outcomes = load_population().rename(columns={"municipality_code": "area_code"})
    >>> compared = published_against_outcome(load_published_forecasts(), outcomes).set_index("forecast_id")
    >>> compared.loc["haninge_2019_2019", ["expected", "outcome"]].tolist()
    [91970.0, 92095.0]
    """
    known = outcomes.rename(columns={"population": "outcome"})
    last = known.groupby("area_code")["year"].max()
    if (forecasts["target_year"] <= forecasts["base_year"]).any():
        raise ValueError("a forecast has its target year at or before its base year: correct the table")
    table = forecasts[forecasts["area_code"].isin(last.index)]
    table = table[table["base_year"] < table["area_code"].map(last)]
    table = table.assign(year=table["target_year"].clip(upper=table["area_code"].map(last)))
    start = table.merge(known, how="left", left_on=["area_code", "base_year"], right_on=["area_code", "year"])[
        "outcome"
    ]
    base = table["base_population"].fillna(start.set_axis(table.index)).astype("float64")
    target = table["forecast_population"].fillna(base + table["forecast_growth"]).astype("float64")
    elapsed = (table["year"] - table["base_year"]) / (table["target_year"] - table["base_year"])
    table = table.assign(expected=base + (target - base) * elapsed, reached=table["year"] == table["target_year"])
    table = table.merge(known, on=["area_code", "year"])
    table["percentage_error"] = 100 * (table["expected"] - table["outcome"]) / table["outcome"]
    columns = ["forecast_id", "area_code", "area_sv", "area_en", "base_year", "target_year", "year"]
    return table[[*columns, "expected", "outcome", "percentage_error", "reached"]]


def beside_ours(compared: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return published forecasts beside what we project for the same area and year from the same base year.

    Ours is given the outcomes up to the base year and nothing later; the county for its reference, or for the county
    the country.

    Parameters
    ----------
    compared
        As `published_against_outcome` gives it.
    outcomes
        As `outcomes` gives them.

    Returns
    -------
    DataFrame
        The columns of compared, projection, lower, upper (inhabitants), interval_percent, ours_percentage_error.

    Examples
    --------
    >>> from sodertorn_lib import load_population, load_population_reference, load_published_forecasts
    >>> known = outcomes(load_population(), load_population_reference())
    >>> beside = beside_ours(published_against_outcome(load_published_forecasts(), known), known)
    >>> beside.set_index("forecast_id").loc["haninge_2019_2019", ["expected", "projection", "outcome"]].round().tolist()
    [91970.0, 91836.0, 92095.0]
    """
    asked = compared[["area_code", "base_year", "year"]].itertuples(index=False)
    ours = pd.DataFrame([_ours(outcomes, *one) for one in asked], index=compared.index)
    table = compared.join(ours.rename(columns={"population": "projection"}))
    error = 100 * (table["projection"] - table["outcome"]) / table["outcome"]
    return table.assign(ours_percentage_error=error)


def _ours(outcomes: pd.DataFrame, area_code: str, base_year: int, year: int) -> pd.Series:
    """Return our projection of an area from a base year; that of all municipalities adds up theirs."""
    known = outcomes[outcomes["year"] <= base_year]
    parts = known["area_code"] == area_code if area_code != AREA else known["area_code"].str.len() == 4
    around = known[known["area_code"] == SURROUNDING.get(area_code, COUNTY)].set_index("year")["population"]
    history = known[parts].rename(columns={"area_code": "municipality_code"})
    projection = project_total(history, int(year - base_year), reference=around)
    return projection.iloc[-1][["population", "lower", "upper", "interval_percent"]]


def _require_all(area: pd.DataFrame) -> None:
    if not is_whole(area):
        problem = "is not known to be of all municipalities, and the forecast is for all of them"
        raise DataError(Fault("population", problem, "Give all municipalities, or leave the forecast out."))
