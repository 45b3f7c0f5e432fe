"""What SCB has that the tables lack or have otherwise: found, told, held back where it must be confirmed, written.

A row comes from the tables of SCB that `retrievals.csv` names for its year. Years from others than those of `SERIES`
are of another back-casting, and are never replaced.
"""

from __future__ import annotations

import csv
from collections.abc import Hashable, Iterable, Mapping
from datetime import MAXYEAR, date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sodertorn_lib.describe import copied, described
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.files import write_whole
from sodertorn_lib.formats import number, signed
from sodertorn_lib.jumps import DECIMALS, KEY, change_told, jump_told, series, with_jumps
from sodertorn_lib.reader import delimiter
from sodertorn_lib.registered import require_registered
from sodertorn_lib.tables import Tables, declaration_of, load_tables
from sodertorn_lib.update.scb import ADDRESS, FIGURES, SERIES, fetch_figures

COLUMNS = {name: list(dict.fromkeys(p.column for p in FIGURES if p.table_name == name)) for name, *_ in FIGURES}
HEAD = ["year", "region", "figure", "stored", "SCB", "difference", "on the year before", "from"]
ONCE_THERE = "Try again once SCB has it."


def compare_with_scb(tables: Tables, year: int | None = None, address: str = ADDRESS) -> pd.DataFrame:
    """Return every stored figure beside what SCB has, as `compare` does; of one year, or of all that can be refreshed.

    Raises
    ------
    DataError
        When a year cannot be refreshed, the tables are not as registered, or SCB does not give what was asked for.
    """
    require_registered(tables.folder, [declaration_of(tables, name) for name in (*COLUMNS, "retrievals")])
    stored = stored_figures(tables.read_all())
    spans = {name: _refreshable(stored[stored["table_name"] == name]) for name in COLUMNS}
    first, last = min(first for first, _ in spans.values()), max(last for _, last in spans.values())
    if year is not None and not first <= year <= last + 1:
        action = f"Choose one from {first} to {last + 1}."
        raise DataError(Fault("retrievals.csv", "cannot be refreshed", action, None, "year", str(year)))
    wanted = {name: _wanted(declaration_of(tables, name), stored, *span, year) for name, span in spans.items()}
    fetched = fetch_figures(wanted, address)
    if fetched.empty:
        raise DataError(Fault("SCB", f"has no figure of {year or first}", ONCE_THERE))
    _require_no_gap(stored, fetched)
    return compare(stored, fetched)


def stored_figures(tables: Tables) -> pd.DataFrame:
    """Return what SCB is asked for as it is stored, with the tables of SCB that it comes from.

    Its columns are table_name, column, region_code, year (the key), stored and stored_table.

    >>> from sodertorn_lib import load_tables
    >>> stored_figures(load_tables()).query("year == 2025")["stored_table"].unique().tolist()
    ['TAB5557', 'TAB6401 TAB6757 TAB6640', 'TAB2538', 'TAB4374']
    """
    where = tables.retrievals.rename(columns={"scb_table": "stored_table"}).drop(columns="retrieved_date")
    stored: pd.DataFrame = series(tables).merge(where, how="left", on=["table_name", "year"])
    if faults := [
        Fault("retrievals.csv", f"has no row for {table} in {year}", "Add it, with the table of SCB it comes from.")
        for table, year in stored.loc[stored["stored_table"].isna(), ["table_name", "year"]]
        .drop_duplicates()
        .to_numpy()
    ]:
        raise DataError(*faults)
    return stored


def _refreshable(stored: pd.DataFrame) -> tuple[int, int]:
    """Return the first year of a table after those of another back-casting, and the last that is stored."""
    known = {source.table for sources in SERIES.values() for source in sources}
    other = [not known.issuperset(names.split()) for names in stored["stored_table"]]
    return int(max(stored.loc[other, "year"], default=stored["year"].min() - 1)) + 1, int(stored["year"].max())


def _wanted(
    declared: Mapping[str, Any], stored: pd.DataFrame, first: int, last: int, year: int | None
) -> dict[str, range]:
    """Return the years that each region of a table may have, from the first on, or the one that is asked for."""
    begun = declared.get("firstYears", {})
    end = MAXYEAR if year is None else min(year, last + 1) + 1
    codes = stored.loc[stored["table_name"] == declared["name"], "region_code"].unique()
    return {code: range(max(first, begun.get(code, first), year or first), end) for code in codes}


def _require_no_gap(stored: pd.DataFrame, fetched: pd.DataFrame) -> None:
    """Raise DataError for each table that would lack a year before its last."""
    faults = []
    for name, own in fetched.groupby("table_name"):
        years = {*stored.loc[stored["table_name"] == name, "year"], *own["year"]}
        if lacking := set(range(min(years), max(years))) - years:
            faults.append(Fault("SCB", f"has no {name} of {min(lacking)}, but of {max(years)}", ONCE_THERE))
    if faults:
        raise DataError(*faults)


def compare(stored: pd.DataFrame, fetched: pd.DataFrame) -> pd.DataFrame:
    """Return every figure that is stored or fetched, side by side.

    Returns
    -------
    DataFrame
        table_name, column, region_code, year (the key); stored, stored_table, value, region, scb_table, perturbed (NA
        where not there); figure (as it would be); changed (new, another number, or from another table of SCB); change
        and jump, as `jumps.with_jumps` describes them.

    Examples
    --------
    >>> history = pd.DataFrame({"year": [2023, 2024], "stored": [100, 101], "stored_table": "TAB638"})
    >>> history = history.assign(table_name="population", column="population", region_code="0140")
    >>> new = history.tail(1).assign(year=2025, value=103, region="Nykvarn", scb_table="TAB638", perturbed="")
    >>> cells = compare(history, new.drop(columns=["stored", "stored_table"]))
    >>> cells.query("changed")[["year", "jump"]].values.tolist()
    [[2025, True]]
    """
    cells = stored.merge(fetched, how="outer", on=KEY)
    figure = cells["value"].fillna(cells["stored"])
    another_table = cells["scb_table"].notna() & (cells["scb_table"] != cells["stored_table"])
    changed = (figure != cells["stored"]) | another_table
    return with_jumps(cells.assign(figure=figure, changed=changed))


def told(cells: pd.DataFrame) -> str:
    """Return what changes as a table to read, a line a figure; and which tables will lack the last year of others."""
    changes = cells[cells["changed"]].sort_values(["year", "column", "region_code"])
    lines = [HEAD, *(_line(row) for row in changes.to_dict("records"))]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    shown = ["  ".join(_aligned(line, widths)) for line in lines]
    if changes.empty:
        shown = ["Nothing to change: the tables are as SCB has it."]
    last = cells.groupby("table_name")["year"].max()
    late = ", ".join(last.index[last < last.max()])
    return "\n".join([*shown, *([f"Still without {last.max()}: {late}."] if late else [])])


def _aligned(line: list[str], widths: list[int]) -> list[str]:
    year, region, figure, *numbers, origin = line
    return [year, region.ljust(widths[1]), figure.ljust(widths[2]), *map(str.rjust, numbers, widths[3:-1]), origin]


def _line(row: Mapping[Hashable, Any]) -> list[str]:
    new, decimals = pd.isna(row["stored"]), DECIMALS.get(row["column"], 0)
    source = row["scb_table"] + (" (perturbed)" if row["perturbed"] else "")
    instead = "" if new or row["stored_table"] == row["scb_table"] else f" instead of {row['stored_table']}"
    return [
        str(row["year"]),
        f"{row['region_code']} {row['region']}",
        row["column"],
        "new" if new else number(row["stored"], "en", decimals),
        number(row["figure"], "en", decimals),
        "" if new else signed(row["figure"] - row["stored"], "en", decimals),
        "" if pd.isna(row["change"]) else change_told(row),
        source + instead,
    ]


def require_accepted(cells: pd.DataFrame, *, perturbed: bool, jumps: bool) -> None:
    """Raise DataError for perturbed figures that come anew, and for jumps, unless each is accepted."""
    changes = cells[cells["changed"]].fillna({"stored_table": ""})
    anew = {
        (table, year): Fault(
            table, f"perturbs its figures, and those of {year} would come from it", "Accept it: --accept-perturbed."
        )
        for names, before, year in changes[["perturbed", "stored_table", "year"]].itertuples(index=False)
        for table in names.split()
        if table not in before.split()
    }
    faults = [] if perturbed else list(anew.values())
    if not jumps:
        faults += [_jump(row) for row in cells[cells["jump"]].to_dict("records")]
    if faults:
        raise DataError(*faults)


def _jump(row: Mapping[Hashable, Any]) -> Fault:
    action = "Look at it at SCB; if it is right, confirm it: --confirm-jumps."
    return Fault(
        f"{row['table_name']}.csv",
        jump_told(row),
        action,
        None,
        row["column"],
        f"{row['region_code']} in {row['year']}",
    )


def write(tables: Tables, cells: pd.DataFrame, today: date) -> list[Path]:
    """Write what changes into the tables, with its table of SCB and the day; renew what is derived; return the paths.

    Everything is first read as it would be: raises DataError, and writes nothing, where that has faults.
    """
    edited = {name: with_rows((tables.folder / name).read_bytes(), rows) for name, rows in _rows(tables, cells, today)}
    with copied(tables) as copy:
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
    rows = {name: _whole(cells[cells["table_name"] == name], columns) for name, columns in COLUMNS.items()}
    changes = cells.loc[cells["changed"], ["table_name", "year", "scb_table"]].drop_duplicates()
    rows["retrievals"] = changes.sort_values(["table_name", "year"]).assign(day=today.isoformat())
    return [
        (declaration_of(tables, name)["path"], list(own.astype(str).itertuples(index=False, name=None)))
        for name, own in rows.items()
        if len(own)
    ]


def _whole(cells: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Return the rows of a table in which something changes, with each of its columns."""
    key = ["region_code", "year"]
    changed = cells[cells.groupby(key)["changed"].transform("any")]
    wide = changed.assign(figure=changed["figure"].map(_written)).pivot(index=key, columns="column", values="figure")
    return wide.reindex(columns=columns).reset_index()


def _written(figure: float) -> str:
    return np.format_float_positional(figure, trim="-")
