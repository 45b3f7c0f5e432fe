"""Whether the tables in use are an edited copy: charts of such say so, since figures are no longer the report's."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from sodertorn_lib.datapackage import OWN_DATA, data_folder, descriptor
from sodertorn_lib.files import Stamp, stamp
from sodertorn_lib.reader import read_text_table
from sodertorn_lib.tables import load_tables


def edited() -> bool:
    """Say whether the folder in use has a row of the library's own years changed, added or lost.

    Rows of later years are not counted: a year that was added changes nothing of the others.

    >>> edited()
    False
    """
    folder = data_folder().resolve()
    if folder == OWN_DATA.resolve():
        return False
    own = {table["name"]: folder / table["path"] for table in descriptor(OWN_DATA)["resources"]}
    return any(_differs(path, name, stamp(path)) for name, path in own.items())


@cache
def _differs(path: Path, name: str, stamp: Stamp) -> bool:
    """Say whether a table has other rows than the library's own; read anew when its file was written."""
    (declared,) = [table for table in descriptor(OWN_DATA)["resources"] if table["name"] == name]
    try:
        return _rows(path, declared) != _rows(OWN_DATA / declared["path"], declared)
    except ValueError:  # DataError, and a year that is no number
        return True


def _rows(path: Path, declared: dict[str, Any]) -> list[tuple[str, ...]]:
    """Return the rows of a table up to the last year of the library's own."""
    cells = read_text_table(path, declared).cells
    if "year" in cells:
        own = "fee_rates" if "everyYear" in declared else declared["name"]  # a report fills all its tables
        cells = cells[cells["year"].astype("int64") <= getattr(load_tables(OWN_DATA), own)["year"].max()]
    return sorted(cells.itertuples(index=False, name=None))
