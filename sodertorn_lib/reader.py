"""Read one CSV file as text, or say everything that is wrong with it.

A byte order mark, Windows line ends and the semicolons of a Swedish spreadsheet are read on purpose.
Anything that would take a guess is a fault.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.reading import read_whole

MOST_ROWS, MOST_COLUMNS = 10_000, 100  # of a table: the largest of the house have 609 and 16


class TextTable(NamedTuple):
    """A file as text: one row a record, indexed by spreadsheet row, and its faults of form."""

    cells: pd.DataFrame
    faults: list[Fault]


def read_text_table(path: Path, declared: dict[str, Any]) -> TextTable:
    """Return the declared columns of a file as text; raise DataError where they cannot be told apart."""
    names = [field["name"] for field in declared["schema"]["fields"]]
    text, faults = _decode(path)
    records, broken = _records(path.name, text)
    header, body = (records[0], records[1:]) if records else ([], [])
    if wrong := broken or list(header_faults(path.name, header, names)):
        raise DataError(*(faults + wrong))
    ragged = [fault for row, record in enumerate(body, 2) for fault in _row_faults(path.name, row, record, header)]
    whole = {row: record for row, record in enumerate(body, 2) if len(record) == len(header) and any(record)}
    frame = pd.DataFrame.from_dict(whole, orient="index", columns=header, dtype=str)
    if not body:
        faults.append(Fault(path.name, "has a header and no rows", "Copy the file anew."))
    return TextTable(frame[names], faults + ragged)


def _decode(path: Path) -> tuple[str, list[Fault]]:
    raw = read_whole(path, "Copy it anew.")
    if b"\0" in raw:
        action = "Save the file as CSV UTF-8; Unicode text of a spreadsheet is UTF-16."
        raise DataError(Fault(path.name, "is not UTF-8 text", action))
    faults = []
    if raw and not raw.endswith((b"\n", b"\r")):
        last = raw.splitlines()[-1].decode("utf-8", "replace")
        action = "Hold the last row against the source and end it with a line break."
        row = len(raw.splitlines())
        faults.append(Fault(path.name, "is a last line without a line end: it may be cut off", action, row, None, last))
    try:
        return raw.decode("utf-8-sig"), faults
    except UnicodeDecodeError:
        lines = map(_decoded, raw.splitlines(keepends=True))
        return "".join(lines), faults + list(_encoding_faults(path.name, raw))


def _decoded(line: bytes) -> str:
    """Return a line as what it may have been meant to be, so that nothing else is told of it than its encoding."""
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1252", "backslashreplace")


def _encoding_faults(file: str, raw: bytes) -> Iterator[Fault]:
    header, *_ = lines = raw.decode("utf-8-sig", "surrogateescape").splitlines()
    names = _split(header, header)
    for row, line in enumerate(lines, 1):
        for column, cell in enumerate(_split(line, header)):
            if any("\udc80" <= character <= "\udcff" for character in cell):
                name = names[column] if column < len(names) else None
                value = cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")
                yield Fault(file, "is not UTF-8", "Save the file as CSV UTF-8.", row, name, value)


def delimiter(header: str) -> str:
    """Return the semicolon where the header can only be read with it: no column name holds one.

    >>> delimiter("year;population")
    ';'
    """
    return ";" if ";" in header and "," not in header else ","


def _split(line: str, header: str) -> list[str]:
    return next(csv.reader([line], delimiter=delimiter(header)), [])


def _records(file: str, text: str) -> tuple[list[list[str]], list[Fault]]:
    mark = delimiter(text.partition("\n")[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
    records: list[list[str]] = []
    try:
        records.extend(islice(reader, MOST_ROWS + 1))
    except csv.Error as error:
        action = "Mend the quotation marks of that row."
        return records, [Fault(file, f"cannot be read on ({error})", action, len(records) + 1)]
    if len(records) > MOST_ROWS or len(records[0] if records else []) > MOST_COLUMNS:
        problem = f"has more than the {MOST_ROWS:,} rows or the {MOST_COLUMNS} columns that are read of a table"
        return records, [Fault(file, problem, "Take out what is not of the table, or copy the file anew.")]
    return records, []


def header_faults(file: str, header: list[str], names: list[str]) -> Iterator[Fault]:
    """Yield each column that is missing, unknown or doubled, or that they stand in another order."""
    for name in names:
        if name not in header:
            yield Fault(file, "is missing from the header", "Put the column back.", 1, name)
    for name in dict.fromkeys(header):
        if not name:
            yield Fault(file, "has a column without a name", "Take the column out, with what stands in it.", 1)
        elif name not in names:
            action = f"Take the column out; the table has {', '.join(names)}."
            yield Fault(file, "is a column that the table does not have", action, 1, name, name)
        elif header.count(name) > 1:
            yield Fault(file, "stands twice in the header", "Take one out.", 1, name, name)
    if header != names and sorted(header) == sorted(names):
        yield Fault(file, "has its columns in another order", f"Put them as {', '.join(names)}.", 1)


def _row_faults(file: str, row: int, record: list[str], header: list[str]) -> Iterator[Fault]:
    if not any(record):
        yield Fault(file, "is an empty row", "Take it out.", row)
    elif len(record) > len(header):
        extra = ",".join(record)
        action = "Take out the extra commas; a decimal is written with a point, and text with a comma in quotes."
        yield Fault(file, f"has {len(record)} cells instead of {len(header)}", action, row, header[-1], extra)
    elif len(record) < len(header):
        action = "Fill in the cells from the source; the row may be cut off."
        missing = header[len(record)]
        yield Fault(file, f"has {len(record)} cells instead of {len(header)}", action, row, missing, ",".join(record))
