"""Components of change: births less deaths, and net migration, beside the change in population that they make up.

Nykvarn was part of Södertälje until 1999: before that a row of Södertälje is about both, and Nykvarn has none.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.growth import annual_growth
from sodertorn_lib.municipalities import counted, is_selection, key
from sodertorn_lib.reconciliation import compare

__all__ = [
    "area_components",
    "compare_components",
    "component_periods",
    "components_of_change",
    "moves_needed",
    "require_components",
]

FILE = "population_components.csv"
AMOUNTS = ["natural_change", "net_migration", "change", "residual"]
COUNTY, PART, WHOLE, SPLIT_YEAR = "01", "0140", "0181", 1999
ADDS_UP_FROM = 1974  # populations before that are restated to later boundaries, and the events are not
LEAST, PER_MILLE = 30, 1  # inhabitants, and of the population: how far the components may be from the change
WIDER_YEARS, WIDER_PER_MILLE = (2019, 2023), 2  # their residuals are positive everywhere, and we do not know why
PERIOD = 5  # years


def components_of_change(population_components: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """Return what the change in population of each municipality was made of, in each year from 1974 on.

    Returns
    -------
    DataFrame
        municipality_code, municipality (where population has it), year, population (on 31 December), natural_change
        (births less deaths), net_migration, change (in population), residual (what the two leave of it); inhabitants.
        From 1999 on where Nykvarn or Södertälje is there without the other.

    Raises
    ------
    DataError
        Naming each municipality and year that the components lack.

    Examples
    --------
    >>> from sodertorn_lib import load_population, load_population_components
    >>> table = components_of_change(load_population_components(), load_population())
    >>> table.query("year == 2025")[["natural_change", "net_migration", "change"]].sum().tolist()
    [1640, 314, 2003]
    """
    own = population_components.rename(columns={"region_code": "municipality_code"})
    growth = _as_events_are_counted(annual_growth(population).drop(columns="change_percent"))
    growth = growth[growth["year"].between(ADDS_UP_FROM, own["year"].max())]
    table: pd.DataFrame = growth.merge(own, on=["municipality_code", "year"], how="left")
    require_each(table, "natural_change", FILE, "region", "Add the row from the source.")
    table = table.assign(residual=table["change"] - table["natural_change"] - table["net_migration"])
    return table[[*key(table), "year", "population", *AMOUNTS]].astype(dict.fromkeys(AMOUNTS, "int64"))


def area_components(components_of_change: pd.DataFrame) -> pd.DataFrame:
    """Return the sum of the municipalities, one row a year.

    Returns
    -------
    DataFrame
        year, population, natural_change, net_migration, change, residual, municipalities, of_municipalities.

    Examples
    --------
    >>> from sodertorn_lib import load_population, load_population_components
    >>> table = components_of_change(load_population_components(), load_population())
    >>> area_components(table).query("year == 2017")["net_migration"].item()
    5718
    """
    sums = components_of_change.groupby("year")[["population", *AMOUNTS]].sum()
    return counted(sums, components_of_change, components_of_change["municipality_code"].nunique()).reset_index()


def component_periods(components: pd.DataFrame) -> pd.DataFrame:
    """Return means a year: of the last five years, of the five before them, and of the last year alone.

    Parameters
    ----------
    components
        As `area_components` gives them, or `components_of_change` for each municipality.

    Returns
    -------
    DataFrame
        municipality_code and municipality, or municipalities and of_municipalities; first_year, last_year,
        natural_change_per_year, net_migration_per_year, change_per_year, residual_per_year (inhabitants).

    Raises
    ------
    DataError
        When there are not ten years.

    Examples
    --------
    >>> from sodertorn_lib import load_population, load_population_components
    >>> table = components_of_change(load_population_components(), load_population())
    >>> component_periods(area_components(table))["net_migration_per_year"].tolist()
    [4445.6, 1385.8, 314.0]
    """
    last = int(components["year"].max())
    spans = [(last - 2 * PERIOD + 1, last - PERIOD), (last - PERIOD + 1, last), (last, last)]
    if components["year"].min() > spans[0][0]:
        raise DataError(Fault("components", f"do not go back to {spans[0][0]}", "Give ten years or more."))
    return pd.concat([_means(components, *span) for span in spans], ignore_index=True)


def moves_needed(
    area_components: pd.DataFrame, stated: pd.DataFrame, population_components: pd.DataFrame
) -> pd.DataFrame:
    """Return what net migration a stated population would take, if natural change stays that of the last year.

    Parameters
    ----------
    area_components
        Of all municipalities.
    stated
        As `stated_forecast` gives it.
    population_components
        As `load_population_components` gives it: also of the years before those of area_components.

    Returns
    -------
    DataFrame
        year (the last of the components), target_year, qualifier, population, expected_population (on a straight line
        to what was stated), natural_change, net_migration (of the year), stated_population, growth_per_year (what is
        left), net_migration_needed (a year), highest_net_migration and highest_year (of area_components),
        highest_before and highest_before_year (of the years before those; NA without any); inhabitants. One row. NA for
        a selection of municipalities, or where the target year has come: growth_per_year, net_migration_needed,
        highest_before, and, or where the base year has not come, expected_population.

    Examples
    --------
    >>> from sodertorn_lib import load_tables, stated_forecast
    >>> t = load_tables()
    >>> area = area_components(components_of_change(t.population_components, t.population))
    >>> needed = moves_needed(area, stated_forecast(t.published_forecasts, 2020), t.population_components)
    >>> needed[["expected_population", "net_migration_needed", "highest_before"]].round().values.tolist()
    [[557552.0, 14745.0, 13669.0]]
    """
    forecast, last = stated.iloc[0], area_components.iloc[-1]
    highest = area_components.nlargest(1, "net_migration").iloc[0]
    population = forecast["base_population"] + forecast["forecast_growth"]
    years = forecast["target_year"] - last["year"]
    ahead = years > 0 and not is_selection(area_components)
    pace = (population - last["population"]) / years if ahead else np.nan
    base = forecast["base_year"]
    line = forecast["forecast_growth"] / (forecast["target_year"] - base) if ahead and base <= last["year"] else np.nan
    early = population_components[(population_components["year"] < area_components["year"].min()) & ahead]
    moves = early[early["region_code"] != COUNTY].groupby("year")["net_migration"].sum()
    row = {
        "year": last["year"],
        "target_year": forecast["target_year"],
        "qualifier": forecast["qualifier"],
        "population": last["population"],
        "expected_population": forecast["base_population"] + line * (last["year"] - base),
        "natural_change": last["natural_change"],
        "net_migration": last["net_migration"],
        "stated_population": population,
        "growth_per_year": pace,
        "net_migration_needed": pace - last["natural_change"],
        "highest_net_migration": highest["net_migration"],
        "highest_year": highest["year"],
        "highest_before": moves.max(),
        "highest_before_year": moves.idxmax() if len(moves) else np.nan,
    }
    about = ["municipalities", "of_municipalities"]
    return pd.DataFrame([row]).join(area_components[about].tail(1).reset_index(drop=True))


def compare_components(
    population_components: pd.DataFrame,
    population: pd.DataFrame,
    population_reference: pd.DataFrame,
    discrepancies: pd.DataFrame,
) -> pd.DataFrame:
    """Return the change in population of each municipality and of the county beside its components, from 1974 on.

    The two may be 1 per mille of the population apart, in 2019 to 2023 two, and 30 inhabitants in any case.

    Returns
    -------
    DataFrame
        year, check_id (components_ and the code), printed (the change), recomputed (natural change and net migration),
        difference, registered (of the kind components), status: within, or beyond that as
        `reconciliation.compare` describes it. `require_components` raises where one is not accounted for.

    Examples
    --------
    >>> from sodertorn_lib import load_tables
    >>> t = load_tables()
    >>> own = t.population_components, t.population, t.population_reference, t.discrepancies
    >>> compare_components(*own).query("status != 'within'")[["check_id", "year", "difference"]].values.tolist()
    [['components_0126', 1994, 196.0], ['components_0136', 1994, -194.0]]
    """
    county = population_reference[population_reference["region_code"] == COUNTY]
    county = county.rename(columns={"region_code": "municipality_code"})
    people = pd.concat([population[["municipality_code", "year", "population"]], county], ignore_index=True)
    table = components_of_change(population_components, people)
    checks = table[["year"]].assign(check_id="components_" + table["municipality_code"], printed=table["change"])
    checks["recomputed"] = table["natural_change"] + table["net_migration"]
    per_mille = np.where(table["year"].between(*WIDER_YEARS), WIDER_PER_MILLE, PER_MILLE)
    within = table["residual"].abs() <= np.maximum(LEAST, per_mille * table["population"] / 1000)
    known = discrepancies[discrepancies["discrepancy_id"].isin(checks["check_id"])]
    beyond = compare(checks[~within], known, "components")
    same = checks[within].assign(difference=-table["residual"].astype("float64"), status="within")
    every: pd.DataFrame = pd.concat([same, beyond], ignore_index=True)
    return every.sort_values(["check_id", "year"], ignore_index=True)


def require_components(checks: pd.DataFrame, population_components: pd.DataFrame) -> None:
    """Raise DataError naming the row of each year that does not add up and is not registered, or is so in vain.

    Takes `compare_components`, and the table that it is about.
    """
    keys = zip("components_" + population_components["region_code"], population_components["year"], strict=True)
    rows = {own: row for row, own in enumerate(keys, 2)}
    wrong = checks[checks["status"].isin(["unregistered", "gone"])].to_dict("records")
    if faults := [_fault(check, rows.get((check["check_id"], check["year"]))) for check in wrong]:
        raise DataError(*faults)


def require_each(table: pd.DataFrame, column: str, file: str, area: str, action: str) -> None:
    """Raise DataError naming each area and year that a file has nothing for."""
    lacking = table[table[column].isna()]
    if faults := [
        Fault(file, f"is missing for {area} {code}", action, None, "year", str(year))
        for code, year in zip(lacking["municipality_code"], lacking["year"], strict=True)
    ]:
        raise DataError(*faults)


def _as_events_are_counted(growth: pd.DataFrame) -> pd.DataFrame:
    """Return growth in which Södertälje has that of Nykvarn until they parted."""
    early, part = growth["year"] < SPLIT_YEAR, growth["municipality_code"] == PART
    if len({PART, WHOLE} & set(growth["municipality_code"])) == 1:
        return growth[~early]
    both = growth[early & part].set_index("year")
    whole = early & (growth["municipality_code"] == WHOLE)
    added = {name: growth[name] + growth["year"].map(both[name]).where(whole, 0) for name in ("population", "change")}
    return growth.assign(**added)[~(early & part)].astype(dict.fromkeys(added, "int64"))


def _means(components: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    """Return the means of some years, for each municipality where there are several."""
    rows = components[components["year"].between(first, last)]
    about = key(components) or ["municipalities", "of_municipalities"]
    means = rows.groupby(about, observed=True, sort=False, dropna=False)[AMOUNTS].mean().add_suffix("_per_year")
    table = means.reset_index()
    return pd.concat(
        [table[about], table[[]].assign(first_year=first, last_year=last), table.drop(columns=about)], axis=1
    )


def _fault(check: Mapping[Hashable, Any], row: int | None) -> Fault:
    """Return what is wrong with a year."""
    if check["status"] == "gone":
        problem = f"a difference of {check['registered']:+.0f} is registered for {check['check_id']} {check['year']}"
        return Fault("discrepancies.csv", f"{problem}, but it is not there", "Take it out, or mend the rows.")
    problem = f"{check['recomputed']:+.0f} together, and population.csv changes by {check['printed']:+.0f}"
    action = "Hold the row against the source; register a difference of the source itself in discrepancies.csv."
    return Fault(FILE, f"are {problem} in {check['year']}", action, row, "natural_change, net_migration")
