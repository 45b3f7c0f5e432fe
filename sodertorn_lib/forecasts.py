"""What others forecast and what we project, beside what happened."""

from __future__ import annotations

import pandas as pd

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.growth import area_population, decades, growth_between
from sodertorn_lib.municipalities import is_whole, key

__all__ = ["AREA", "beside_projection", "growth_needed", "outcomes", "published_against_outcome", "stated_forecast"]

AREA = "sodertorn"  # the code of all municipalities together


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
        Those of the area (`area_population`, `project_total`), or of municipalities (`project_population`).
    stated
        As `stated_forecast` gives it; left out of a selection, since it is for all.

    Returns
    -------
    DataFrame
        The columns of population, and projection, lower, upper (persons; NA before the jump-off year), jump_off_year,
        interval_percent, stated, qualifier (in the target year of the stated forecast).
    """
    jump_off_year = int(projection["jump_off_year"].iloc[0])
    start = population[population["year"] == jump_off_year]
    bounds = {name: start["population"].astype("float64") for name in ("projection", "lower", "upper")}
    fan = pd.concat([start.assign(**bounds), projection.rename(columns={"population": "projection"})])
    columns = [*key(projection.filter(population.columns)), "year"]
    table = population.merge(fan[[*columns, "projection", "lower", "upper"]], on=columns, how="outer")
    table = table.assign(jump_off_year=jump_off_year, interval_percent=projection["interval_percent"].iloc[0])
    table = table.assign(stated=float("nan"), qualifier=None)
    if stated is not None and is_whole(population):
        said = stated.iloc[0]
        own = table["year"] == said["target_year"]
        table.loc[own, ["stated", "qualifier"]] = [
            float(said["base_population"] + said["forecast_growth"]),
            said["qualifier"],
        ]
    return table


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
        forecast_id, area_sv, area_en, base_year, target_year, year (the year compared), expected, outcome
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
    columns = ["forecast_id", "area_sv", "area_en", "base_year", "target_year", "year", "expected", "outcome"]
    return table[[*columns, "percentage_error", "reached"]]


def _require_all(area: pd.DataFrame) -> None:
    if not is_whole(area):
        problem = "is not known to be of all municipalities, and the forecast is for all of them"
        raise DataError(Fault("population", problem, "Give all municipalities, or leave the forecast out."))
