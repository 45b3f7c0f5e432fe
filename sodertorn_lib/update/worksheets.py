"""Read the rows of a new year, from the sheets of a workbook or from a folder of CSV files, as tables of text."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.reader import TextTable, header_faults, read_text_table

UNREADABLE = (  # what openpyxl and what it reads with raise on broken parts, or on encrypted ones
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
)
LARGEST = 20_000_000  # bytes of a workbook when unpacked: a year has some 50 000
MOST_ROWS = 2_000


def read_rows(source: Path, declared: list[dict[str, Any]]) -> dict[str, TextTable]:
    """Return the rows of each table, indexed by row; raise DataError for a sheet or a file that is missing."""
    if source.is_dir():
        return _each(declared, lambda table: _file(source / table["path"], table))
    book, formulas = _opened(source, data_only=True), _opened(source, data_only=False)
    return _each(declared, lambda table: _sheet(source.name, book, formulas, table))


def _file(path: Path, declared: dict[str, Any]) -> TextTable:
    """Read a file; one that a report need not fill may be lacking, or have no rows."""
    columns = [field["name"] for field in declared["schema"]["fields"]]
    if not declared["everyYear"] and not path.exists():
        return TextTable(pd.DataFrame(columns=columns, dtype=str), [])
    table = read_text_table(path, declared)
    return table if declared["everyYear"] or len(table.cells) else TextTable(table.cells, [])


def in_cell(source: Path, declared: dict[str, Any], fault: Fault) -> Fault:
    """Return a fault of a sheet with the cell that it is in; one of a file with the folder."""
    if source.is_dir():
        return replace(fault, file=str(source / declared["path"]))
    names = [field["name"] for field in declared["schema"]["fields"]]
    first = (fault.column or "").partition(", ")[0]
    letter = get_column_letter(names.index(first) + 1) if first in names else "A"
    cell = f", cell {letter}{fault.row}" if fault.row else ""
    return replace(fault, file=f"{source.name}, sheet {declared['name']}{cell}", row=None)


def _each(declared: list[dict[str, Any]], read: Any) -> dict[str, TextTable]:
    """Return what is read of each table, or raise all that cannot be read at once."""
    tables: dict[str, TextTable] = {}
    faults: list[Fault] = []
    for table in declared:
        try:
            tables[table["name"]] = read(table)
        except DataError as error:
            faults += error.faults
    if faults:
        raise DataError(*faults)
    return tables


def _opened(source: Path, *, data_only: bool) -> Any:
    """Return a workbook with the values that it stores, or with its formulas."""
    action = "Give the workbook of sodertorn new-year, saved as .xlsx, or a folder of CSV files."
    try:
        with zipfile.ZipFile(source) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
        if unpacked > LARGEST:
            raise DataError(Fault(source.name, f"has {unpacked:,} bytes when unpacked: no year is that large", action))
        return openpyxl.load_workbook(source, data_only=data_only)
    except OSError as error:
        raise DataError(Fault(str(source), f"cannot be read ({error.strerror})", action)) from error
    except DataError:
        raise
    except UNREADABLE as error:
        raise DataError(Fault(source.name, "is no workbook that can be read", action)) from error


def _sheet(file: str, book: Any, formulas: Any, declared: dict[str, Any]) -> TextTable:
    name, fields = declared["name"], declared["schema"]["fields"]
    where = f"{file}, sheet {name}"
    if name not in {sheet.title for sheet in book.worksheets}:
        raise DataError(Fault(file, f"has no sheet {name}", "Take it from the workbook of sodertorn new-year."))
    sheet = book[name]
    if sheet.max_row > MOST_ROWS:
        problem = f"reaches row {sheet.max_row}, and no table of a year has more than {MOST_ROWS}"
        raise DataError(Fault(where, problem, "Delete the rows below the last one."))
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    header = ["" if cell is None else str(cell) for cell in (rows[0] if rows else [])]
    while header and not header[-1] and not any(row[len(header) - 1] is not None for row in rows):
        header.pop()  # a column that was only formatted
    names = [field["name"] for field in fields]
    if misnamed := list(header_faults(where, header, names)):
        raise DataError(*misnamed)
    faults = [*_unstored(formulas[name], sheet, names), *_errors(sheet, names)]
    kinds = [field["type"] for field in fields]
    texts = {
        number: [_text(cell, kind) for cell, kind in zip(row, kinds, strict=False)]
        for number, row in enumerate(rows[1:], 2)
    }
    kept = {number: row for number, row in texts.items() if any(row)}
    return TextTable(pd.DataFrame.from_dict(kept, orient="index", columns=names, dtype=str), faults)


def _unstored(formulas: Any, values: Any, names: list[str]) -> Iterator[Fault]:
    """Yield each formula whose value the workbook does not store: it was never opened in a spreadsheet program."""
    for row in formulas.iter_rows(min_row=2, max_col=len(names)):
        for cell in row:
            if cell.data_type == "f" and values[cell.coordinate].value is None:
                action = "Open the workbook in a spreadsheet program and save it, or write the value."
                problem = "is a formula without a stored value"
                yield Fault("", problem, action, cell.row, names[cell.column - 1], str(cell.value))


def _errors(values: Any, names: list[str]) -> Iterator[Fault]:
    """Yield each cell in which the spreadsheet program reports an error."""
    for row in values.iter_rows(min_row=2, max_col=len(names)):
        for cell in row:
            if cell.data_type == "e":
                yield Fault(
                    "", "is an error of a formula", "Mend it.", cell.row, names[cell.column - 1], str(cell.value)
                )


def _text(cell: Any, kind: str) -> str:
    """Return a cell as the tables write it: whole numbers without a point, days as year-month-day.

    >>> _text(4531.0, "integer"), _text(4.5, "number"), _text(datetime(2021, 3, 1), "date"), _text(7, "string")
    ('4531', '4.5', '2021-03-01', '7')
    """
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m" if kind == "yearmonth" else "%Y-%m-%d")
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    return re.sub(r"\s+", " ", str(cell)).strip(" ") if kind == "string" else str(cell)
