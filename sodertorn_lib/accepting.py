"""What is accepted by registering the tables as they are: every row and cell, rule and jump that is new in them.

Cells are compared as text, rows by their key; of a file in which they are only written otherwise it is said so.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Hashable, Iterator, Mapping
from itertools import chain
from typing import Any

from sodertorn_lib.declaration import DESCRIPTOR
from sodertorn_lib.errors import DataError, Fault, shortened
from sodertorn_lib.jumps import KEY, jump_told, series, with_jumps
from sodertorn_lib.registered import declared, registered_tables
from sodertorn_lib.tables import Tables, load_tables

Key = tuple[str, ...]
Rows = dict[Key, dict[Hashable, Any]]  # the cells of a row by column
UNSAID = ("resources", "schema", "fields")  # of the way to a place in the descriptor


def accepted(tables: Tables, *, unasked: bool) -> bool:
    """Print what is not as it was registered, and say whether it is accepted: unasked, or by whoever is at a terminal.

    Raises
    ------
    DataError
        When the tables were edited while it was asked.

    Examples
    --------
    >>> from sodertorn_lib import load_tables
    >>> accepted(load_tables(), unasked=False)
    True
    """
    lines = _since_registered(tables)
    if lines:
        print("\n".join(lines), flush=True)
    if unasked or not lines:
        return True
    if not sys.stdin.isatty():
        return False
    print("Accept? [y/N] ", end="", flush=True)
    answer = sys.stdin.readline().strip().lower()
    if _since_registered(load_tables(tables.folder)) != lines:
        raise DataError(Fault(str(tables.folder), "was edited while it was asked", "Look at the changes again."))
    return answer in ("y", "yes")


def _since_registered(tables: Tables) -> list[str]:
    with registered_tables(tables.folder) as before:
        return changes(before, tables)


def changes(before: Tables, after: Tables) -> list[str]:
    """Return a line for each change from tables as they were registered to tables as they are.

    What changes in a table, and what is declared of it, is cut off at a number of lines, and counted.
    """
    tables = {table["name"]: table for package in (before.package, after.package) for table in package["resources"]}
    parts = [_declarations(before, after), *(_table(before, after, table) for table in tables.values())]
    return [*chain.from_iterable(shortened(list(part)) for part in parts), *_jumps(before, after)]


def _declarations(before: Tables, after: Tables) -> Iterator[str]:
    """Yield what is declared otherwise of tables, columns, rules and keys."""
    old, new = (dict(_leaves(_without_checksums(tables.package))) for tables in (before, after))
    for place in dict.fromkeys([*new, *old]):
        if old.get(place) != new.get(place):
            where = ", ".join([DESCRIPTOR, *(part for part in place if part not in UNSAID)])
            yield f"{where}: {_became(old.get(place), new.get(place), 'nothing')}"


def _without_checksums(package: dict[str, Any]) -> dict[str, Any]:
    return package | {"resources": [declared(table) for table in package["resources"]]}


def _leaves(value: Any, place: Key = ()) -> Iterator[tuple[Key, str]]:
    """Yield each value in nested dictionaries and lists of what has names, with its place; of lists the order too."""
    if isinstance(value, dict):
        for name, own in value.items():
            yield from _leaves(own, (*place, name))
    elif isinstance(value, list) and value and all(isinstance(own, dict) and "name" in own for own in value):
        yield (*place, "in this order"), ", ".join(str(own["name"]) for own in value)
        for own in value:
            yield from _leaves(own, (*place, str(own["name"])))
    else:
        yield place, json.dumps(value, ensure_ascii=False)


def _table(before: Tables, after: Tables, table: dict[str, Any]) -> Iterator[str]:
    """Yield what changes in the rows of a table."""
    key, file = table["schema"]["primaryKey"], table["path"]
    old, new = (_rows(tables, table["name"], key) for tables in (before, after))
    both = [own for own in new if own in old]
    told = [
        *(line for own in both for line in _cells(_place(file, key, own), old[own], new[own])),
        *(f"{_place(file, key, own)}: new row, {_said(new[own])}" for own in new if own not in old),
        *(f"{_place(file, key, own)}: lost row, {_said(old[own])}" for own in old if own not in new),
    ]
    if both != [own for own in old if own in new]:
        told.append(f"{file}: its rows stand in another order")
    if not told and old and new and (before.folder / file).read_bytes() != (after.folder / file).read_bytes():
        told.append(f"{file}: the same cells, written otherwise (line ends, quotation marks or separators)")
    yield from told


def _rows(tables: Tables, name: str, key: list[str]) -> Rows:
    """Return the rows of a table by their key; none where it is not declared, or has not those columns."""
    if name not in {table["name"] for table in tables.package["resources"]}:
        return {}
    cells = tables.as_text(name).cells
    if not set(key) <= set(cells):
        return {}
    keys = cells[key].itertuples(index=False, name=None)
    return dict(zip(keys, cells.drop(columns=key).to_dict("records"), strict=True))


def _place(file: str, columns: list[str], values: Key) -> str:
    return ", ".join([file, *(f"{column} {value}" for column, value in zip(columns, values, strict=True))])


def _cells(place: str, old: Mapping[Hashable, Any], new: Mapping[Hashable, Any]) -> Iterator[str]:
    for column in dict.fromkeys([*new, *old]):
        if old.get(column, "") != new.get(column, ""):
            yield f"{place}, {column}: {_became(old.get(column), new.get(column), 'blank')}"


def _became(old: str | None, new: str | None, nothing: str) -> str:
    return f"{old or nothing} became {new or nothing}"


def _said(row: Mapping[Hashable, Any]) -> str:
    return ", ".join(f"{column} {value}" for column, value in row.items() if value)


def _jumps(before: Tables, after: Tables) -> Iterator[str]:
    """Yield the changes from one year to the next that are larger than any that were registered."""
    old, new = (series(tables) for tables in (before, after))
    cells = with_jumps(old.merge(new.rename(columns={"stored": "figure"}), how="outer", on=KEY))
    for row in cells[cells["jump"]].to_dict("records"):
        yield f"{row['table_name']}.csv, {row['region_code']} in {row['year']}, {row['column']}: {jump_told(row)}"
