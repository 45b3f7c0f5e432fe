"""A table of the same cells as one that passed every check in this run of the tests is not checked again.

What is read is found by what it is made of: declaration and cells, as text, of its own and of each that its keys point
to. What has a fault, or stands beside other tables, is checked as anywhere else.
"""

import json

import pandas as pd

from sodertorn_lib.tables import Tables

Contents = tuple[tuple[str, str], ...]
ALWAYS = "municipalities"  # population takes its names
as_text, read = Tables.as_text, Tables._read
asking: list[set[str]] = []  # which tables were asked for, for each that is being read
passed: dict[tuple[str, int | None, Contents], tuple[list[str], dict[Contents, pd.DataFrame]]] = {}


def asked(self: Tables, name: str) -> pd.DataFrame:
    for names in asking:
        names.add(name)
    return as_text(self, name)


def contents(self: Tables, *names: str) -> Contents:
    return tuple((json.dumps(self._declared[name]), as_text(self, name).cells.to_csv()) for name in names)


def read_once(self: Tables, name: str) -> pd.DataFrame:
    """Read a table as the library does, or return a copy of what it gave for the same cells."""
    if self.as_text(name).faults:
        return read(self, name)
    own = (name, self.year, contents(self, name))
    others, tables = passed.get(own, ([], {}))
    if tables and (found := tables.get(contents(self, *others))) is not None:
        return found.copy(deep=False)
    asking.append({ALWAYS} & self._declared.keys())
    try:
        table = read(self, name)
    finally:
        names = asking.pop()
    others = sorted(names - {name})
    passed.setdefault(own, (others, {}))[1][contents(self, *others)] = table.copy(deep=False)
    return table


def check_once() -> None:
    """Let tables be checked once for as long as their cells are the same."""
    Tables.as_text, Tables._read = asked, read_once
