"""What SCB has that the tables lack or have otherwise: found, told, held back where it must be confirmed, written.

A year comes from one table of SCB, which `retrievals.csv` names. Years from another one than those of `SOURCES` are of
another back-casting, and are never replaced.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Hashable, Iterable, Mapping
from datetime import MAXYEAR, date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

from sodertorn_lib.datapackage import require_registered
from sodertorn_lib.describe import described
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.files import write_whole
from sodertorn_lib.formats import number, signed
from sodertorn_lib.reader import delimiter
from sodertorn_lib.tables import Tables, load_tables
from sodertorn_lib.update.scb import ADDRESS, PERTURBED, SOURCES, fetch_population

KEPT = {"population": "municipality_code", "population_reference": "region_code"}  # tables, and their code of a region
KEY = ["table_name", "region_code", "year"]
HEAD = ["year", "region", "stored", "SCB", "difference", "on the year before", "from"]


def compare_with_scb(tables: Tables, year: int | None = None, address: str = ADDRESS) -> pd.DataFrame:
    """Return every stored cell beside what SCB has, as `compare` does; of one year, or of all that can be refreshed.

    Raises
    ------
    DataError
        When a year cannot be refreshed, the tables are not as registered, or SCB does not give what was asked for.
    """
    require_registered(
        tables.folder, [table for table in tables.package["resources"] if table["name"] in {*KEPT, "retrievals"}]
    )
    stored = stored_population(tables)
    first, last = _refreshable(stored)
    if year is not None and not first <= year <= last + 1:
        action = f"Choose one from {first} on, which are not of another back-casting, and at most {last + 1}."
        raise DataError(Fault("retrievals.csv", "cannot be refreshed", action, None, "year", str(year)))
    codes = stored["region_code"].unique().tolist()
    fetched = fetch_population(codes, range(first, MAXYEAR) if year is None else [year], address)
    lacking = set(range(first, max(fetched["year"], default=last))) - {*stored["year"], *fetched["year"]}
    if fetched.empty or lacking:
        problem = f"have no population of {min(lacking, default=year or first)}"
        raise DataError(Fault(" and ".join(source.table for source in SOURCES), problem, "Try again once SCB has it."))
    return compare(stored, fetched)


def stored_population(tables: Tables) -> pd.DataFrame:
    """Return both tables of population as one: table_name, region_code, year (the key), stored, stored_table.

    >>> from sodertorn_lib import load_tables
    >>> stored_population(load_tables()).query("year == 2025")["stored_table"].unique().tolist()
    ['TAB5557']
    """
    parts = [
        getattr(tables, name).rename(columns={code: "region_code", "population": "stored"}).assign(table_name=name)
        for name, code in KEPT.items()
    ]
    where = tables.retrievals.rename(columns={"scb_table": "stored_table"}).drop(columns="retrieved_date")
    stored: pd.DataFrame = pd.concat(parts, ignore_index=True)[[*KEY, "stored"]].merge(
        where, how="left", on=["table_name", "year"]
    )
    if faults := [
        Fault("retrievals.csv", f"has no row for {table} in {year}", "Add it, with the table of SCB it comes from.")
        for table, year in stored.loc[stored["stored_table"].isna(), ["table_name", "year"]]
        .drop_duplicates()
        .to_numpy()
    ]:
        raise DataError(*faults)
    return stored


def compare(stored: pd.DataFrame, fetched: pd.DataFrame) -> pd.DataFrame:
    """Return every cell that is stored or fetched, side by side.

    Returns
    -------
    DataFrame
        table_name, region_code, year (the key); stored, stored_table, population, region, scb_table (NA where not
        there); growth_percent on the year before as it would be; changed (new, another number, or from another table of
        SCB); jump (a growth or a fall that this makes, larger than any stored in that region).

    Examples
    --------
    >>> history = pd.DataFrame({"year": [2023, 2024], "stored": [100, 101]})
    >>> history = history.assign(table_name="population", region_code="0140", stored_table="TAB638")
    >>> new = {"region_code": "0140", "region": "Nykvarn", "year": 2025, "population": 103, "scb_table": "TAB638"}
    >>> compare(history, pd.DataFrame([new])).query("changed")[["year", "jump"]].values.tolist()
    [[2025, True]]
    """
    named = fetched.merge(stored[KEY[:2]].drop_duplicates(), on="region_code")
    cells = stored.merge(named, how="outer", on=KEY).astype({"stored": "Int64", "population": "Int64"})
    now = cells["population"].fillna(cells["stored"])
    region = cells["region_code"]
    growth, before = (100 * values.astype(float).groupby(region).pct_change() for values in (now, cells["stored"]))
    usual = before.groupby(region)
    moved = now != cells["stored"].fillna(0)
    return cells.assign(
        growth_percent=growth,
        changed=moved | (cells["scb_table"].notna() & (cells["scb_table"] != cells["stored_table"])),
        jump=(growth > usual.transform("max")) | (growth < usual.transform("min").clip(upper=0)),
    )


def told(cells: pd.DataFrame) -> str:
    """Return what changes as a table to read, a line a cell."""
    changes = cells[cells["changed"]].sort_values(["year", "region_code"])
    lines = [HEAD, *(_line(row) for row in changes.to_dict("records"))]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(_aligned(line, widths)) for line in lines)


def _aligned(line: list[str], widths: list[int]) -> list[str]:
    year, region, *numbers, origin = line
    return [year, region.ljust(widths[1]), *map(str.rjust, numbers, widths[2:-1]), origin]


def _line(row: Mapping[Hashable, Any]) -> list[str]:
    new, source = pd.isna(row["stored"]), row["scb_table"] + " (perturbed)" * (row["scb_table"] in PERTURBED)
    instead = "" if new or row["stored_table"] == row["scb_table"] else f" instead of {row['stored_table']}"
    return [
        str(row["year"]),
        f"{row['region_code']} {row['region']}",
        "new" if new else number(row["stored"], "en"),
        number(row["population"], "en"),
        "" if new else signed(row["population"] - row["stored"], "en"),
        "" if pd.isna(row["growth_percent"]) else f"{signed(row['growth_percent'], 'en', 2)}%",
        source + instead,
    ]


def require_accepted(cells: pd.DataFrame, *, perturbed: bool, jumps: bool) -> None:
    """Raise DataError for perturbed figures that come anew, and for jumps, unless each is accepted."""
    anew = cells[cells["changed"] & cells["scb_table"].isin(PERTURBED) & (cells["stored_table"] != cells["scb_table"])]
    faults = [
        Fault(table, f"perturbs its figures, and those of {year} would come from it", "Accept it: --accept-perturbed.")
        for table, year in anew[["scb_table", "year"]].drop_duplicates().itertuples(index=False)
        if not perturbed
    ]
    if not jumps:
        faults += [_jump(row) for row in cells[cells["jump"]].to_dict("records")]
    if faults:
        raise DataError(*faults)


def _jump(row: Mapping[Hashable, Any]) -> Fault:
    growth, what = signed(row["growth_percent"], "en", 2), "rise" if row["growth_percent"] > 0 else "fall"
    problem = f"would be {growth} per cent on the year before, a larger {what} than any stored there"
    action = "Look at it at SCB; if it is right, confirm it: --confirm-jumps."
    return Fault(f"{row['table_name']}.csv", problem, action, None, None, f"{row['region_code']} in {row['year']}")


def write(tables: Tables, cells: pd.DataFrame, today: date) -> list[Path]:
    """Write what changes into the tables, with its table of SCB and the day; renew what is derived; return the paths.

    Everything is first read as it would be: raises DataError, and writes nothing, where that has faults.
    """
    edited = {name: with_rows((tables.folder / name).read_bytes(), rows) for name, rows in _rows(tables, cells, today)}
    with TemporaryDirectory() as place:
        copy = Path(shutil.copytree(tables.folder, Path(place) / "data"))
        write_whole(copy, edited)
        derived = described(load_tables(copy).read_all(), edited)
    return write_whole(tables.folder, edited | derived)


def with_rows(content: bytes, rows: Iterable[tuple[str, ...]]) -> bytes:
    r"""Return a CSV file with rows in place of those with the same first two cells, or after the last with the first.

    Every other row stays as it is written.

    >>> with_rows(b"code;year;population\r\n0140;2024;12\r\n0180;2024;90\r\n", [("0140", "2025", "13")])
    b'code;year;population\r\n0140;2024;12\r\n0140;2025;13\r\n0180;2024;90\r\n'
    """
    header, *lines = content.decode().splitlines(keepends=True)
    mark, end = delimiter(header), header[len(header.rstrip("\r\n")) :]
    for row in rows:
        keys = [tuple(cells[:2]) for cells in csv.reader(lines, delimiter=mark)]
        same = keys.index(row[:2]) if row[:2] in keys else None
        place = max((n for n, own in enumerate(keys, 1) if own[0] == row[0]), default=len(lines))
        lines[slice(place, place) if same is None else slice(same, same + 1)] = [mark.join(row) + end]
    return "".join([header, *lines]).encode()


def _rows(tables: Tables, cells: pd.DataFrame, today: date) -> list[tuple[str, list[tuple[str, ...]]]]:
    """Return the rows that change, as text, by the file that they belong in."""
    paths = {table["name"]: table["path"] for table in tables.package["resources"]}
    changes = cells[cells["changed"]].sort_values(KEY)
    own = {name: changes.loc[changes["table_name"] == name, ["region_code", "year", "population"]] for name in KEPT}
    own["retrievals"] = changes[["table_name", "year", "scb_table"]].drop_duplicates().assign(day=today.isoformat())
    return [
        (paths[name], list(rows.astype(str).itertuples(index=False, name=None)))
        for name, rows in own.items()
        if len(rows)
    ]


def _refreshable(stored: pd.DataFrame) -> tuple[int, int]:
    """Return the first year after those of another back-casting, and the last that is stored."""
    other = stored[~stored["stored_table"].isin([source.table for source in SOURCES])]
    return int(max(other["year"], default=stored["year"].min() - 1)) + 1, int(stored["year"].max())
