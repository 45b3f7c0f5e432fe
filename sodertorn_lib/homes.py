"""Homes that were completed, beside the growth; and what the rule homes x persons per household would have said."""

from __future__ import annotations

import pandas as pd

from sodertorn_lib.components import PERIOD, SPLIT_YEAR, require_each
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.municipalities import counted, key

__all__ = ["homes_and_growth", "homes_record"]

MOST_PERIODS = 4  # as many as a chart has room for
RECORD_YEARS = 10


def homes_and_growth(dwellings_completed: pd.DataFrame, components_of_change: pd.DataFrame) -> pd.DataFrame:
    """Return homes completed and growth a year of the municipalities together, by five years to the last.

    Parameters
    ----------
    dwellings_completed
        As `load_dwellings_completed` gives it.
    components_of_change
        As the measure of that name gives it: of its municipalities.

    Returns
    -------
    DataFrame
        first_year, last_year, dwellings_per_year (homes), change_per_year (inhabitants), municipalities,
        of_municipalities; at most four rows, none with years before Nykvarn and Södertälje parted.

    Raises
    ------
    DataError
        Naming each municipality and year without a count of homes; when there are not ten years.

    Examples
    --------
    >>> from sodertorn_lib import components_of_change, load_tables
    >>> t = load_tables()
    >>> table = homes_and_growth(t.dwellings_completed, components_of_change(t.population_components, t.population))
    >>> table.tail(2)[["dwellings_per_year", "change_per_year"]].values.tolist()
    [[2845.2, 7090.6], [2630.0, 3614.6]]
    """
    last = min(int(table["year"].max()) for table in (dwellings_completed, components_of_change))
    periods = min(MOST_PERIODS, (last - max(SPLIT_YEAR, int(components_of_change["year"].min())) + 1) // PERIOD)
    if periods < 2:
        raise DataError(Fault("dwellings_completed.csv", "and the components do not have ten years", "Give them all."))
    own = components_of_change[components_of_change["year"].between(last - PERIOD * periods + 1, last)]
    own = own.merge(dwellings_completed, on=["municipality_code", "year"], how="left")
    _require_each(own, "dwellings_completed")
    end = last - (last - own["year"]) // PERIOD * PERIOD
    sums = own.groupby(end.rename("last_year"))[["dwellings_completed", "change"]].sum() / PERIOD
    means = sums.rename(
        columns={"dwellings_completed": "dwellings_per_year", "change": "change_per_year"}
    ).reset_index()
    means.insert(0, "first_year", means["last_year"] - PERIOD + 1)
    return counted(means, own, own["municipality_code"].nunique())


def homes_record(
    dwellings_completed: pd.DataFrame, persons_per_household: pd.DataFrame, population: pd.DataFrame
) -> pd.DataFrame:
    """Return what homes times persons per household would have said of the growth of the last ten years.

    Parameters
    ----------
    dwellings_completed, persons_per_household, population
        As their loaders give them.

    Returns
    -------
    DataFrame
        municipality_code, municipality (where population has it), first_year, last_year (the last that all three have),
        dwellings_completed (after the first year, to the last), persons_per_household (in the first year),
        growth_by_rule (homes times persons), growth (that was); inhabitants.

    Raises
    ------
    DataError
        Naming each municipality without homes or households.

    Examples
    --------
    >>> from sodertorn_lib import load_tables
    >>> t = load_tables()
    >>> record = homes_record(t.dwellings_completed, t.persons_per_household, t.population)
    >>> record[["growth_by_rule", "growth"]].sum().round().tolist()
    [68424.0, 53526.0]
    """
    last = min(int(table["year"].max()) for table in (dwellings_completed, persons_per_household, population))
    first = last - RECORD_YEARS
    homes = dwellings_completed[dwellings_completed["year"].between(first + 1, last)]
    per_code = homes.groupby("municipality_code")["dwellings_completed"].agg(["sum", "count"])
    households = persons_per_household[persons_per_household["year"] == first].set_index("municipality_code")
    people = population.pivot(index=key(population), columns="year", values="population")
    table = (people[last] - people[first]).rename("growth").reset_index()
    codes = table["municipality_code"]
    table["dwellings_completed"] = codes.map(per_code["sum"].where(per_code["count"] == RECORD_YEARS))
    table["persons_per_household"] = codes.map(households["persons_per_household"])
    table = table.assign(first_year=first, last_year=last)
    _require_each(table.assign(year=last), "dwellings_completed")
    _require_each(table.assign(year=first), "persons_per_household")
    table["growth_by_rule"] = table["dwellings_completed"] * table["persons_per_household"]
    amounts = ["dwellings_completed", "persons_per_household", "growth_by_rule", "growth"]
    return table[[*key(population), "first_year", "last_year", *amounts]]


def _require_each(table: pd.DataFrame, column: str) -> None:
    require_each(table, column, f"{column}.csv", "municipality", "Add the row.")
