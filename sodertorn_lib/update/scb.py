"""Figures as SCB has them: asked through its PxWebApi 2, and refused unless they are just what was asked for.

pxwebpy keeps to the limits that the service announces (cells a query, calls in a time) and waits where it is refused
for asking too often, as long as the answer says. It has no limit of time, so each answer is awaited here, in a thread.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import pandas as pd
from pxweb import PxApi, get_known_apis

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.jumps import DECIMALS
from sodertorn_lib.update.line import LATER, LOOK, Line, in_form

ADDRESS = "scb"  # pxwebpy's name for the address of SCB
PERTURBED_FROM = 2025  # the first year of which SCB perturbs its statistics of the population


class Source(NamedTuple):
    """A table of SCB, and what to choose in it besides regions and years; a variable not named is added up by SCB."""

    table: str
    selection: dict[str, str]
    perturbed: bool = False  # by the cell key method, its parts need not sum to its totals


class Part(NamedTuple):
    """A column of a table is a series of SCB, or one less another."""

    table_name: str
    column: str
    series: str
    sign: int = 1


class Cell(NamedTuple):
    """A figure of a series: the name of its region, and the table of SCB that it comes from."""

    value: float
    region: str
    table: str
    perturbed: bool


ALL = {"Alder": "TotSA", "Kon": "TotSa"}  # where cells are perturbed, the total is one of them, not a sum
SERIES = {  # the first source that has a year is the one to use for it
    "population": (
        Source("TAB638", {"ContentsCode": "BE0101N1"}),
        Source("TAB5557", {"ContentsCode": "000007ME", "Civilstand": "SC", **ALL}, True),
    ),
    "born": (
        Source("TAB1264", {"ContentsCode": "BE0101E2", "AlderModer": "tot"}),
        Source("TAB6401", {"ContentsCode": "00000863", "AlderModer": "TotSA", "Kon": "TotSa"}, True),
    ),
    "dead": (
        Source("TAB960", {"ContentsCode": "BE0101D9", "Alder": "tot"}),
        Source("TAB6757", {"ContentsCode": "000008FO", **ALL}, True),
    ),
    "net_migration": (
        Source("TAB1211", {"ContentsCode": "BE0101C5", "Alder": "tot"}),
        Source("TAB1212", {"ContentsCode": "BE0101AZ", "Alder": "tot"}),
        Source("TAB6640", {"ContentsCode": "00000868", "Alder": "tot", "Kon": "TotSa"}, True),
    ),
    "dwellings_completed": (Source("TAB2538", {"ContentsCode": "BO0101A5"}),),
    "persons_per_household": (Source("TAB4374", {"ContentsCode": "000000M5"}, True),),
}
FIGURES = (
    Part("population", "population", "population"),
    Part("population_reference", "population", "population"),
    Part("population_components", "natural_change", "born"),
    Part("population_components", "natural_change", "dead", -1),
    Part("population_components", "net_migration", "net_migration"),
    Part("dwellings_completed", "dwellings_completed", "dwellings_completed"),
    Part("persons_per_household", "persons_per_household", "persons_per_household"),
)
BEYOND = 10**12  # no count of people or homes
FETCHED = ["table_name", "column", "region_code", "year", "value", "region", "scb_table", "perturbed"]


def fetch_figures(wanted: Mapping[str, Mapping[str, range]], address: str = ADDRESS) -> pd.DataFrame:
    """Return figures as SCB has them: table_name, column, region_code, year (the key) ...

    The other columns are value, region (its name in Swedish), scb_table (the tables of SCB that the row comes from,
    with spaces between them) and perturbed (those of them that perturb their figures of that year).

    Parameters
    ----------
    wanted
        By table, then by region (00 Sweden, two digits a county, four a municipality): the years that it may have.
        Those of them for which SCB has every column are returned.
    address
        Of the service, up to and with its version.

    Raises
    ------
    DataError
        When SCB cannot be reached or refuses, or its answer is late, cut short or not what was asked for.

    Examples
    --------
    >>> fetch_figures({"population": {"0126": range(2024, 2025)}}, "http://127.0.0.1:9")
    Traceback (most recent call last):
    sodertorn_lib.errors.DataError: http://127.0.0.1:9: cannot be reached (ConnectionError). Check the connection ...
    """
    asked: dict[str, dict[str, range]] = {}
    for part in FIGURES:
        asked.setdefault(part.series, {}).update(wanted.get(part.table_name, {}))
    with Line() as line:
        name = get_known_apis().get(address, address)
        api = line.one(name, lambda: PxApi(address.rstrip("/"), "sv", disable_cache=True, max_workers=1))
        found = {
            series: _series(line, api, name, series, years) for series, years in asked.items() if any(years.values())
        }
    rows = [row for table_name, years in wanted.items() for row in _rows(table_name, years, found)]
    return pd.DataFrame(rows, columns=FETCHED)


def _series(line: Line, api: PxApi, name: str, series: str, wanted: Mapping[str, range]) -> dict[tuple[str, int], Cell]:
    """Return what SCB has of a series by region and year."""
    found: dict[tuple[str, int], Cell] = {}
    for source in SERIES[series]:
        what = f"{name}, table {source.table}"
        metadata = line.one(what, partial(api.get_table_metadata, source.table))
        taken = {year for _, year in found}
        if cells := _cells(what, source, metadata, wanted, taken):
            ask = partial(api.get_table_data_iter, source.table, _selection(source, cells), show="code")
            figures = _figures(what, metadata, line.each(what, ask))
            _require_asked(what, cells, figures, DECIMALS.get(series, 0))
            values = dict(figures)
            with in_form(what):
                names = metadata["dimension"]["Region"]["category"]["label"]
                for code, year in cells:
                    perturbed = source.perturbed and year >= PERTURBED_FROM
                    found[code, year] = Cell(values[code, year], names[code], source.table, perturbed)
    return found


def _selection(source: Source, cells: Iterable[tuple[str, int]]) -> dict[str, list[str] | str]:
    """Return what to choose in a table so that the answer has these regions and years; a code is given once."""
    codes, years = (list(dict.fromkeys(str(cell[place]) for cell in cells)) for place in (0, 1))
    return {"Region": codes, **source.selection, "Tid": years}


def _cells(
    what: str, source: Source, metadata: Any, wanted: Mapping[str, range], taken: Collection[int]
) -> list[tuple[str, int]]:
    """Return the regions and years to take from a table; raise DataError where it cannot be asked as it is to be."""
    with in_form(what):
        dimension = metadata["dimension"]
        there = {variable: list(own["category"]["index"]) for variable, own in dimension.items()}
        years = sorted(set(map(int, there.get("Tid", []))) - set(taken))
        cells = [(code, year) for code, own in wanted.items() for year in years if year in own]
        asked = {**_selection(source, cells), **{key: [code] for key, code in source.selection.items()}}
        faults = [
            Fault(what, f"has no variable of that name, but {', '.join(there)}", LOOK, column=variable)
            for variable in asked
            if variable not in there
        ]
        faults += [
            Fault(what, "must be chosen from, and is not", LOOK, column=variable)
            for variable, own in dimension.items()
            if variable not in asked and not own["extension"]["elimination"]
        ]
        faults += [
            Fault(what, "is not a code that it has", LOOK, column=variable, value=code)
            for variable, chosen in asked.items()
            for code in chosen
            if variable in there and code not in there[variable]
        ]
        if faults:
            raise DataError(*faults)
        return cells


def _figures(what: str, metadata: Any, rows: Iterable[dict[str, Any]]) -> list[tuple[tuple[str, int], Any]]:
    """Return region, year and value of each row; pxwebpy names its columns by the labels of the variables."""
    with in_form(what):
        region, year = (metadata["dimension"][variable]["label"] for variable in ("Region", "Tid"))
        return [((row[region], int(row[year])), row["value"]) for row in rows]


def _require_asked(
    what: str, cells: Sequence[tuple[str, int]], figures: Sequence[tuple[tuple[str, int], Any]], decimals: int
) -> None:
    """Raise DataError unless there is one figure for each region in each year, and a number in each cell to take."""
    taken, asked = set(cells), set(product(*map(set, zip(*cells, strict=True))))
    if sorted(asked) != sorted(cell for cell, _ in figures):
        problem = f"answers with other cells than the {len(asked)} asked for: it has {len(figures)}"
        raise DataError(Fault(what, problem, LATER))
    problem = f"is no number with at most {decimals} decimals" if decimals else "is no whole number"
    if faults := [
        Fault(what, problem, LATER, None, f"{code} in {year}", str(value))
        for (code, year), value in figures
        if (code, year) in taken
        and not (type(value) in (int, float) and abs(value) < BEYOND and round(value, decimals) == value)
    ]:
        raise DataError(*faults)


def _rows(
    table_name: str, years: Mapping[str, range], found: Mapping[str, Mapping[tuple[str, int], Cell]]
) -> Iterator[tuple[Any, ...]]:
    """Yield the figures of each row of a table that is whole: SCB has what every column of it is made of."""
    parts = [part for part in FIGURES if part.table_name == table_name]
    whole = set.intersection(*(set(found.get(part.series, ())) for part in parts))
    for code, year in sorted(whole):
        if year in years.get(code, ()):
            cells = [found[part.series][code, year] for part in parts]
            tables, perturbed = (cell.table for cell in cells), (cell.table for cell in cells if cell.perturbed)
            about = cells[0].region, " ".join(tables), " ".join(perturbed)
            for column in dict.fromkeys(part.column for part in parts):
                own = [part.sign * cell.value for part, cell in zip(parts, cells, strict=True) if part.column == column]
                yield table_name, column, code, year, sum(own), *about
