"""Which municipalities a table is about: their codes, their names where it has them, and how many of how many."""

from __future__ import annotations

import pandas as pd

from sodertorn_lib.errors import DataError, Fault


def key(table: pd.DataFrame) -> list[str]:
    """Return the columns that say which municipality a row is about: its code, and its name where the table has it.

    >>> key(pd.DataFrame(columns=["municipality_code", "year"]))
    ['municipality_code']
    """
    return [column for column in ("municipality_code", "municipality") if column in table]


def counted(totals: pd.DataFrame, population: pd.DataFrame, municipalities: int | pd.Series) -> pd.DataFrame:
    """Return totals with municipalities (how many were added up) and of_municipalities (of how many).

    The latter is the number of categories of the column municipality, Int64; NA where the population has none.

    >>> names = pd.Categorical(["Salem"], categories=["Salem", "Nykvarn"])
    >>> counted(pd.DataFrame({"year": [2020]}), pd.DataFrame({"municipality": names}), 1).values.tolist()
    [[2020, 1, 2]]
    """
    names = population["municipality"].dtype if "municipality" in population else None
    of_municipalities = len(names.categories) if isinstance(names, pd.CategoricalDtype) else pd.NA
    all_of_them = pd.Series(of_municipalities, index=totals.index, dtype="Int64")
    return totals.assign(municipalities=municipalities, of_municipalities=all_of_them)


def is_whole(area: pd.DataFrame) -> bool:
    """Say whether a sum, as `counted` gives it, is known to be of all the municipalities.

    >>> is_whole(pd.DataFrame({"municipalities": [8], "of_municipalities": [8]}))
    True
    """
    known = "of_municipalities" in area
    return known and bool((area["municipalities"] == area["of_municipalities"]).fillna(False).all())


def is_selection(table: pd.DataFrame) -> bool:
    """Say whether a table is known to be about some of the municipalities only.

    >>> names = pd.Categorical(["Salem"], categories=["Salem", "Nykvarn"])
    >>> is_selection(pd.DataFrame({"municipality": names})), is_selection(pd.DataFrame({"year": [2020]}))
    (True, False)
    """
    if "of_municipalities" in table:
        return bool((table["municipalities"] < table["of_municipalities"]).fillna(False).any())
    names = table["municipality"] if "municipality" in table else pd.Series(dtype="object")
    return isinstance(names.dtype, pd.CategoricalDtype) and names.nunique() < len(names.cat.categories)


def refuse_selection(table: pd.DataFrame) -> None:
    """Raise DataError where a table that is held against the costs is of some of the municipalities only."""
    if is_selection(table):
        problem = "is of a selection of municipalities, and the costs are those of all"
        raise DataError(Fault("population", problem, "Give all municipalities."))


def each_year_once(data: pd.DataFrame) -> None:
    """Raise DataError unless a table has one row a year, as that of an area has."""
    if data["year"].duplicated().any():
        problem = "stands more than once: this is no table of an area"
        raise DataError(
            Fault("table", problem, "Give area_population(...), or project_total(...) beside it.", column="year")
        )
