"""Read the rows of a new year, from the sheets of a workbook or from a folder of CSV files, as tables of text."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils import get_column_letter

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.publish.officefiles import safe_to_open
from sodertorn_lib.reader import MOST_COLUMNS, TextTable, header_faults, read_text_table
from sodertorn_lib.reading import Kind, readable, unpacked

WORKBOOK = Kind(
    "a workbook",
    "Give the workbook of sodertorn new-year, saved as .xlsx, or a folder of CSV files.",
    most_xml=3_000_000,  # a year has some 500 000
)
MOST_ROWS = 2_000  # of a sheet: the longest of 2020 has 49
FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
Cells = list[tuple[Any, ...]]


def read_rows(source: Path, declared: list[dict[str, Any]]) -> dict[str, TextTable]:
    """Return the rows of each table, indexed by row; raise DataError for a sheet or a file that is missing."""
    if source.is_dir():
        return _each(declared, lambda table: _file(source / table["path"], table))
    names = [table["name"] for table in declared]
    content = safe_to_open(source, WORKBOOK)
    with readable(source, WORKBOOK):
        values = _cells(source.name, content, names, stored=True)
        typed = not any(FORMULA.search(part) for _, part in unpacked(content.getvalue()))
        formulas = values if typed else _cells(source.name, content, names, stored=False)
    return _each(declared, lambda table: _sheet(source.name, values, formulas, table))


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


def _cells(file: str, content: BytesIO, names: Collection[str], stored: bool) -> dict[str, Cells]:
    """Return the cells of sheets, a row each, with the values that the workbook stores, or with its formulas."""
    book = openpyxl.load_workbook(content, read_only=True, data_only=stored)
    return {name: _rows(file, book[name]) for name in names if name in book.sheetnames}


def _rows(file: str, sheet: Any) -> Cells:
    """Return the rows of a sheet, all as long as the longest; raise DataError where it claims more than a year has."""
    rows: Cells = []
    sheet.reset_dimensions()  # what a sheet says of its size need not be so
    for row in sheet.iter_rows(values_only=True):
        rows.append(row)
        if len(rows) > MOST_ROWS or len(row) > MOST_COLUMNS:
            problem = f"reaches beyond row {MOST_ROWS:,} or column {MOST_COLUMNS}, and no table does"
            action = "Delete the rows below the last one, and the columns after it."
            raise DataError(Fault(f"{file}, sheet {sheet.title}", problem, action))
    wide = max(map(len, rows), default=0)
    return [(*row, *[None] * (wide - len(row))) for row in rows]


def _sheet(file: str, values: dict[str, Cells], formulas: dict[str, Cells], declared: dict[str, Any]) -> TextTable:
    name, fields = declared["name"], declared["schema"]["fields"]
    if name not in values:
        raise DataError(Fault(file, f"has no sheet {name}", "Take it from the workbook of sodertorn new-year."))
    rows = values[name]
    header = ["" if cell is None else str(cell) for cell in (rows[0] if rows else [])]
    while header and not header[-1] and not any(row[len(header) - 1] is not None for row in rows):
        header.pop()  # a column that was only formatted
    names = [field["name"] for field in fields]
    if misnamed := list(header_faults(f"{file}, sheet {name}", header, names)):
        raise DataError(*misnamed)
    kinds = [field["type"] for field in fields]
    texts = {
        number: [_text(cell, kind) for cell, kind in zip(row, kinds, strict=False)]
        for number, row in enumerate(rows[1:], 2)
    }
    kept = {number: row for number, row in texts.items() if any(row)}
    faults = list(_valueless(rows, formulas[name], names))
    return TextTable(pd.DataFrame.from_dict(kept, orient="index", columns=names, dtype=str), faults)


def _valueless(values: Cells, formulas: Cells, names: list[str]) -> Iterator[Fault]:
    """Yield each formula whose value is not stored, for want of a program that computes it, or is an error."""
    for number, (row, written) in enumerate(zip(values[1:], formulas[1:], strict=True), 2):
        for name, value, formula in zip(names, row, written, strict=False):
            if value is None and formula is not None:
                text = str(getattr(formula, "text", formula))
                action = "Open the workbook in a spreadsheet program and save it, or write the value."
                yield Fault("", "is a formula without a stored value", action, number, name, text)
            elif value in ERROR_CODES:
                yield Fault("", "is an error of a formula", "Mend it.", number, name, str(value))


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
