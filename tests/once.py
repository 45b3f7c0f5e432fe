"""A table that stands in the same files as one that passed every check in this run of the tests is not checked again.

What is read is found by what it is made of: declaration and bytes of its own file and of each that its keys point to.
What has a fault, or lies beside other files, is read as anywhere else.
"""

import json

import pandas as pd

from sodertorn_lib.tables import Tables

Contents = tuple[tuple[str, bytes], ...]
ALWAYS = "municipalities"  # population takes its names
as_text, read = Tables.as_text, Tables._read
asking: list[set[str]] = []  # which tables were asked for, for each that is being read
passed: dict[tuple[str, int | None, Contents], tuple[list[str], dict[Contents, pd.DataFrame]]] = {}


def asked(self: Tables, name: str) -> pd.DataFrame:
    for names in asking:
        names.add(name)
    return as_text(self, name)


def contents(self: Tables, *names: str) -> Contents:
    declared = [self._declared[name] for name in names]
    return tuple((json.dumps(own, sort_keys=True), (self.folder / own["path"]).read_bytes()) for own in declared)


def read_once(self: Tables, name: str) -> pd.DataFrame:
    """Read a table as the library does, or return a copy of what it gave for the same files."""
    self.as_text(name)  # a file that cannot be read is told first
    own = (name, self.year, contents(self, name))
    others, tables = passed.get(own, ([], {}))
    there = all((self.folder / self._declared[other]["path"]).is_file() for other in others)
    if tables and there and (found := tables.get(contents(self, *others))) is not None:
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
    """Let tables be checked once for as long as their files are the same."""
    Tables.as_text, Tables._read = asked, read_once
