"""From any figure back to the report: the chapter, and the heading or table under which it stands."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd

from sodertorn_lib.tablechecks import NUMBERS
from sodertorn_lib.tables import Tables, rows_of_year

__all__ = ["trace"]

WHERE = ["chapter", "place"]
WHAT = ["label_sv", "label_en", "meeting_type", "form"]
DATES = ("date", "yearmonth")


def trace(tables: Tables, year: int | None = None) -> pd.DataFrame:
    """Return every figure that the tables take from the reports, or from that of a year, with where it stands there.

    Parameters
    ----------
    tables
        As `load_tables` gives them.
    year
        That of the report; all unless told.

    Returns
    -------
    DataFrame
        table, label_sv, label_en, meeting_type and form (of meetings), figure (the name of its column; NA for a row
        without figures or dates), value, date (as written: a day or a month), chapter, place (the heading, as the
        report has it; for a table also the row).

    Examples
    --------
    >>> from sodertorn_lib import load_tables
    >>> found = trace(load_tables(), 2020)
    >>> found.loc[found["value"] == 188432, ["table", "place"]].values.tolist()[0]
    ['funds', 'Sammanställning 2020, rad Södertörnsamarbetet drift']
    """
    declared = [table for table in tables.package["resources"] if set(WHERE) <= set(_fields(table))]
    return pd.concat([_figures(_of_year(tables, table, year), table) for table in declared], ignore_index=True)


def headings(sections: pd.DataFrame) -> list[tuple[str, str]]:
    """Return each heading of a report with its chapter, the longest first: one may begin as another does."""
    pairs = zip(sections["heading"], sections["chapter"], strict=True)
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def chapters(place: str, known: list[tuple[str, str]]) -> list[str]:
    """Return the chapter of each part of a place, by the heading that it begins with; blank where there is none.

    >>> chapters("Projekt, rad Summa; Ledningsgrupp; Projektplan", [("Ledningsgrupp", "6"), ("Projekt", "7")])
    ['7', '6', '']
    """
    return [next((own for head, own in known if _begins(part, head)), "") for part in place.split("; ")]


def _begins(part: str, head: str) -> bool:
    return part.startswith(head) and not re.match(r"\w", part[len(head) :])


def _of_year(tables: Tables, declared: dict[str, Any], year: int | None) -> pd.DataFrame:
    table: pd.DataFrame = getattr(tables, declared["name"]).dropna(subset=["place"])
    return rows_of_year(table, year, declared) if year is not None and "everyYear" in declared else table


def _fields(declared: dict[str, Any]) -> dict[str, str]:
    """Return the type of each column of a table."""
    return {field["name"]: field["type"] for field in declared["schema"]["fields"]}


def _figures(table: pd.DataFrame, declared: dict[str, Any]) -> pd.DataFrame:
    """Return the figures of a table, a row each, in the order of its rows; a row without any once."""
    kinds, said = _fields(declared), table.reindex(columns=[*WHAT, *WHERE])
    numbers = [name for name, kind in kinds.items() if kind in NUMBERS and not name.endswith("year")]
    dates = [name for name, kind in kinds.items() if kind in DATES]
    values, days = table[numbers].astype("Float64"), table[dates].astype("string")
    long = pd.concat([_long(said, values, "value"), _long(said, days, "date")])
    bare = said.loc[said.index.difference(long.index)]
    both = pd.concat([long, bare]).sort_index(kind="stable").assign(table=declared["name"])
    return both.reindex(columns=["table", *WHAT, "figure", "value", "date", *WHERE])


def _long(said: pd.DataFrame, cells: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a row for each cell that is filled in."""
    wide = said.join(cells)
    long = wide.melt(list(said), var_name="figure", value_name=name, ignore_index=False)
    return long.dropna(subset=[name])
