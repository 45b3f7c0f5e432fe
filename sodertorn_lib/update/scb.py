"""Population as SCB has it: asked through its PxWebApi 2, and refused unless it is just what was asked for.

pxwebpy keeps to the limits that the service announces (cells a query, calls in a time) and waits where it is refused
for asking too often, as long as the answer says. It has no limit of time, so each answer is awaited here, in a thread.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from functools import partial
from typing import Any, NamedTuple

import pandas as pd
from pxweb import PxApi, get_known_apis

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.update.line import LATER, LOOK, Line, in_form

ADDRESS = "scb"  # pxwebpy's name for the address of SCB


class Source(NamedTuple):
    """A table of SCB, and what to choose in it besides regions and years; a variable not named is added up by SCB."""

    table: str
    selection: dict[str, str]
    perturbed: bool  # by the cell key method: its parts need not sum to its totals


SOURCES = (  # the first that has a year is the one to use for it
    Source("TAB638", {"ContentsCode": "BE0101N1"}, False),
    Source("TAB5557", {"ContentsCode": "000007ME", "Civilstand": "SC", "Alder": "TotSA", "Kon": "TotSa"}, True),
)
PERTURBED = {source.table for source in SOURCES if source.perturbed}


def fetch_population(codes: Sequence[str], years: Container[int], address: str = ADDRESS) -> pd.DataFrame:
    """Return inhabitants on 31 December as SCB has them: region_code, year (the key) ...

    The other columns are region (its name in Swedish), population and scb_table.

    Parameters
    ----------
    codes
        Regions: 00 Sweden, two digits a county, four a municipality.
    years
        Those of them that SCB has are returned, each from the first of `SOURCES` that has it.
    address
        Of the service, up to and with its version.

    Raises
    ------
    DataError
        When SCB cannot be reached or refuses, or its answer is late, cut short or not what was asked for.

    Examples
    --------
    >>> fetch_population(["0126"], [2024], "http://127.0.0.1:9")
    Traceback (most recent call last):
    sodertorn_lib.errors.DataError: http://127.0.0.1:9: cannot be reached (ConnectionError). Check the connection ...
    """
    codes = list(dict.fromkeys(codes))  # the service fails on a code that is given twice
    found = [pd.DataFrame(columns=["region_code", "year", "population", "region", "scb_table"])]
    taken: set[int] = set()
    with Line() as line:
        name = get_known_apis().get(address, address)
        api = line.one(name, lambda: PxApi(address.rstrip("/"), "sv", disable_cache=True, max_workers=1))
        for source in SOURCES:
            what = f"{name}, table {source.table}"
            metadata = line.one(what, partial(api.get_table_metadata, source.table))
            offered = _years(what, source, metadata, codes)
            if own := [year for year in offered if year in years and year not in taken]:
                ask = partial(api.get_table_data_iter, source.table, _selection(source, codes, own), show="code")
                answer = _figures(what, metadata, line.each(what, ask))
                table = _table(what, answer, codes, own).assign(scb_table=source.table)
                with in_form(what):
                    names = metadata["dimension"]["Region"]["category"]["label"]
                    found.append(table.assign(region=table["region_code"].map(names)))
                taken |= set(own)
    return pd.concat(found[1:] or found, ignore_index=True)


def _selection(source: Source, codes: Sequence[str], years: Sequence[int]) -> dict[str, list[str] | str]:
    return {"Region": list(codes), **source.selection, "Tid": [str(year) for year in years]}


def _years(what: str, source: Source, metadata: Any, codes: Sequence[str]) -> list[int]:
    """Return the years that a table has; raise DataError where it cannot be asked as it is to be."""
    with in_form(what):
        dimension = metadata["dimension"]
        there = {variable: list(own["category"]["index"]) for variable, own in dimension.items()}
        asked = {**_selection(source, codes, []), **{key: [code] for key, code in source.selection.items()}}
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
        return sorted(int(year) for year in there["Tid"])


def _figures(what: str, metadata: Any, rows: Iterable[dict[str, Any]]) -> dict[tuple[str, int], Any]:
    """Return the values by region and year; pxwebpy names its columns by the labels of the variables."""
    with in_form(what):
        region, year = (metadata["dimension"][variable]["label"] for variable in ("Region", "Tid"))
        return {(row[region], int(row[year])): row["value"] for row in rows}


def _table(what: str, figures: dict[tuple[str, int], Any], codes: Sequence[str], years: Sequence[int]) -> pd.DataFrame:
    """Return the figures as a table; raise DataError unless there is a whole number in each cell asked for."""
    asked = [(code, year) for code in codes for year in years]
    if set(figures) != set(asked):
        problem = f"answers with other cells than the {len(asked)} asked for: it has {len(set(asked) & set(figures))}"
        raise DataError(Fault(what, problem, LATER))
    if wrong := [cell for cell in asked if type(figures[cell]) is not int]:
        problem = "is no whole number of inhabitants"
        raise DataError(
            *(Fault(what, problem, LATER, None, f"{code} in {year}", str(figures[code, year])) for code, year in wrong)
        )
    rows = [(*cell, figures[cell]) for cell in asked]
    return pd.DataFrame(rows, columns=["region_code", "year", "population"])
