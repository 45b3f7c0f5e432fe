"""Jumps: what figures of SCB change by from one year to the next, where that is more than ever before in their series.

A series is one column of a table with a row for each year, in one region.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from sodertorn_lib.formats import signed
from sodertorn_lib.tablechecks import NUMBERS
from sodertorn_lib.tables import Tables

KEY = ["table_name", "column", "region_code", "year"]
STOCK = "population"  # its growth is measured in per cent, and to be more than ever is nothing unusual for it
DECIMALS = {"persons_per_household": 2}  # of other columns none


def series(tables: Tables) -> pd.DataFrame:
    """Return each figure of the tables that have one for every year: table_name, column, region_code, year, stored.

    >>> from sodertorn_lib import load_tables
    >>> sorted(series(load_tables())["column"].unique())[:3]
    ['dwellings_completed', 'natural_change', 'net_migration']
    """
    parts = []
    for table in (own for own in tables.package["resources"] if own.get("consecutiveYears")):
        key, fields = table["schema"]["primaryKey"], table["schema"]["fields"]
        figures = [own["name"] for own in fields if own["type"] in NUMBERS and own["name"] not in key]
        cells = tables.as_text(table["name"]).cells.rename(columns=dict(zip(key, KEY[2:], strict=True)))
        long = cells.melt(KEY[2:], figures, "column", "stored")
        parts.append(long.assign(table_name=table["name"]))
    every: pd.DataFrame = pd.concat(parts, ignore_index=True)[[*KEY, "stored"]]
    return every.assign(year=every["year"].astype("int64"), stored=every["stored"].replace("", None).astype("float64"))


def with_jumps(cells: pd.DataFrame) -> pd.DataFrame:
    """Return figures as they are stored and as they would be, with what they would change by and where that is a jump.

    Parameters
    ----------
    cells
        The columns of `KEY`, stored and figure; NA where not there.

    Returns
    -------
    DataFrame
        The same with change (on the year before as it would be: per cent for the population, else in its own unit) and
        jump: a change that this makes, larger than any stored in that series, and to a figure outside of what is
        stored there, which for the population is as usual.

    Examples
    --------
    >>> cells = pd.DataFrame({"year": [2023, 2024, 2025], "stored": [100, 101, None], "figure": [100, 101, 103]})
    >>> cells = cells.assign(table_name="population", column="population", region_code="0140")
    >>> with_jumps(cells)[["change", "jump"]].round(2).values.tolist()
    [[nan, False], [1.0, False], [1.98, True]]
    """
    of, stock, figure = [cells[name] for name in KEY[:3]], cells["column"] == STOCK, cells["figure"]
    change, before = (_change(values.groupby(of), stock) for values in (figure, cells["stored"]))
    usual, level = before.groupby(of), cells["stored"].groupby(of)
    larger = (change > usual.transform("max").clip(lower=0)) | (change < usual.transform("min").clip(upper=0))
    outside = (figure > level.transform("max")) | (figure < level.transform("min"))
    return cells.assign(change=change, jump=larger & (outside | stock))


def _change(by_series: Any, stock: pd.Series) -> pd.Series:
    """Return the change on the year before; rounded, since the difference of two decimals is not quite one."""
    change: pd.Series = by_series.diff().where(~stock, 100 * by_series.pct_change())
    return change.round(6)


def change_told(row: Mapping[Hashable, Any], percent: str = "%") -> str:
    """Return the change of a row of `with_jumps`, as it is read."""
    if row["column"] == STOCK:
        return f"{signed(row['change'], 'en', 2)}{percent}"
    return signed(row["change"], "en", DECIMALS.get(row["column"], 0))


def jump_told(row: Mapping[Hashable, Any]) -> str:
    """Return what a jump is."""
    what = "rise" if row["change"] > 0 else "fall"
    return f"would be {change_told(row, ' per cent')} on the year before, a larger {what} than any stored there"
