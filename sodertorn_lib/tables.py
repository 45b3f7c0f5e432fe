"""The tables: all of a folder, each read once.

What a column means, its unit and its source stand in data/README.md. The folder is the one given as `data_dir`, else
that of the environment variable SODERTORN_DATA, else the one that came with the library. Reading raises `DataError`
with every fault of its file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import pandas as pd

from sodertorn_lib.datapackage import data_folder, descriptor, require_one_set
from sodertorn_lib.declaration import DESCRIPTOR, TAKEN
from sodertorn_lib.errors import DataError, Fault, UnknownTableError
from sodertorn_lib.files import stamp
from sodertorn_lib.reader import TextTable, read_text_table
from sodertorn_lib.rules import series_faults
from sodertorn_lib.tablechecks import convert, gap_faults, table_faults

__all__ = ["Tables", "load_tables"]

Folder = str | Path | None


class Tables:
    """The tables of a folder, each read and checked once, when it is first asked for by its name.

    With a year, those that a report fills have the rows of its year alone; the others have all years.

    >>> tables = load_tables()
    >>> len(tables.municipalities)
    8
    """

    folder: Path
    package: dict[str, Any]  # what datapackage.json declares
    year: int | None

    def __init__(self, data_dir: Folder = None, year: int | None = None, package: dict[str, Any] | None = None) -> None:
        self.folder, self.year = data_folder(data_dir), year
        self.package = package or descriptor(self.folder)
        self._declared = {table["name"]: table for table in self.package["resources"]}
        self._texts: dict[str, TextTable] = {}
        self._written = stamp(self.folder / DESCRIPTOR)

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Read a table; from then on it is an attribute like any other."""
        if name.startswith("_"):
            raise AttributeError(name)
        table = self._read(name)
        setattr(self, name, table)
        return table

    def __dir__(self) -> list[str]:
        return [*TAKEN, *self._declared]

    def read_all(self) -> Self:
        """Read every table now, so that a fault in one is told before anything is made of another."""
        for name in self._declared:
            getattr(self, name)
        return self

    def _read(self, name: str) -> pd.DataFrame:
        text, declared = self.as_text(name), self._declared[name]
        faults = [*text.faults, *table_faults(text.cells, declared, self.keys_of)]
        faults = faults or list(gap_faults(text.cells, declared, self.keys_of))
        faults = faults or list(series_faults(declared["path"], text.cells, declared))
        if faults:
            raise DataError(*sorted(faults, key=lambda fault: fault.row or 0))
        table = convert(text.cells, declared["schema"]["fields"])
        if "everyYear" in declared and self.year is not None:
            table = rows_of_year(table, self.year, declared)
        return _named(table, self.municipalities) if name == "population" else table

    def as_text(self, name: str) -> TextTable:
        """Return a table as text, read once, also when the keys of others point to it."""
        if name not in self._declared:
            raise UnknownTableError(name, self._declared)
        if name not in self._texts:
            self._require_same_set()
            self._texts[name] = read_text_table(self.folder / self._declared[name]["path"], self._declared[name])
        return self._texts[name]

    def _require_same_set(self) -> None:
        """Raise DataError where the tables were registered anew meanwhile: what is read would be of two sets."""
        require_one_set(self.folder)
        if stamp(self.folder / DESCRIPTOR) != self._written:
            problem = "was written anew since these tables were loaded"
            raise DataError(Fault(str(self.folder / DESCRIPTOR), problem, "Load them again."))

    def keys_of(self, name: str, columns: list[str]) -> set[tuple[str, ...]]:
        """Return the values, as text, of columns that another table points to."""
        return set(self.as_text(name).cells[columns].itertuples(index=False, name=None))


def declaration_of(tables: Tables, name: str) -> dict[str, Any]:
    """Return what datapackage.json declares of a table.

    >>> declaration_of(load_tables(), "funds")["path"]
    'funds.csv'
    """
    return next(table for table in tables.package["resources"] if table["name"] == name)


def closed_year(tables: Tables, year: int | None = None) -> int:
    """Return the year asked for, or the latest with a closing balance; raise DataError where some tables lack it.

    >>> closed_year(load_tables(), 2020)
    2020
    """
    totals = tables.printed_totals
    chosen = int(totals.loc[totals["total_id"] == "closing_balance", "year"].max()) if year is None else year
    every_year = {table["path"]: table["name"] for table in tables.package["resources"] if table.get("everyYear")}
    has = {path: chosen in set(getattr(tables, name)["year"]) for path, name in every_year.items()}
    lacking, there = ([path for path in has if has[path] == wanted] for wanted in (False, True))
    if lacking:
        said = f", which {there[0]} has" if there else ""
        problem = f"{'are' if len(lacking) > 1 else 'is'} without rows for {chosen}{said}"
        whole = set.intersection(*(set(getattr(tables, name)["year"]) for name in every_year.values()))
        others = ", ".join(map(str, sorted(whole))) or "none"
        action = f"Add them: a year is shown whole, not mixed with another. The tables have {others} whole."
        raise DataError(Fault(", ".join(lacking), problem, action))
    return chosen


def blank_costs(tables: Tables, year: int) -> list[Fault]:
    """Return a fault for each cost of operations in a year that is blank; raise DataError where there is no cost.

    >>> blank_costs(load_tables(), 2020)
    []
    """
    file, lines = "operating_statement.csv", tables.operating_statement
    costs = lines[(lines["year"] == year) & (lines["kind"] == "cost")]
    if costs.empty:
        raise DataError(Fault(file, f"has no cost for {year}", "Add the rows of the year, or choose another."))
    blank = costs.loc[costs["amount_sek"].isna(), "line_id"]
    if blank.empty:
        return []
    cells = tables.as_text("operating_statement").cells
    rows = {line: row for row, own, line in cells[["year", "line_id"]].itertuples() if own == str(year)}
    problem, action = "is blank, and the other costs do not give the printed total", "Fill in the amount."
    return [Fault(file, problem, action, rows.get(line), "amount_sek", line) for line in blank]


def rows_of_year(table: pd.DataFrame, year: int, declared: dict[str, Any]) -> pd.DataFrame:
    """Return the rows of a year; raise DataError where a table that every report fills has none."""
    rows = table[table["year"] == year].reset_index(drop=True)
    if rows.empty and declared["everyYear"]:
        years = ", ".join(map(str, sorted(set(table["year"]))))
        action = f"Add the rows of the year, or choose from {years}."
        raise DataError(Fault(declared["path"], f"has no row for {year}", action))
    return rows


def _named(population: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """Return population with the name of each municipality after its code, one of all names."""
    names = municipalities.set_index("municipality_code")["municipality"]
    named = population["municipality_code"].map(names).astype(pd.CategoricalDtype(names))
    population.insert(1, "municipality", named)
    return population


def load_tables(data_dir: Folder = None, year: int | None = None) -> Tables:
    """Return all tables of a folder: `tables.population`, `tables.funds` ...; each is read when first asked for.

    With a year, what its report fills has the rows of that year alone; a year that is not there raises DataError.

    >>> int(load_tables().population.query("year == 2020")["population"].sum())
    507552
    """
    return Tables(data_dir, year)
