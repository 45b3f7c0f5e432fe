"""Office files are zip packages; these are the same to the byte whenever and wherever they are made."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook

__all__ = ["AS_TEXT", "CREATED", "sheet_behind", "undated"]

STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
AS_TEXT = {"strings_to_formulas": False, "strings_to_urls": False}  # labels come from whoever filled in a table
CREATED = dt.datetime(2021, 1, 14)  # the day of the report: a file is the same whenever it is made


def sheet_behind(data: Any) -> bytes:
    """Return the workbook of what a native chart shows, with text as text: python-pptx makes formulas of some."""
    writer = data._workbook_writer
    writer._open_worksheet = _sheet
    return bytes(writer.xlsx_blob)


@contextmanager
def _sheet(file: IO[bytes]) -> Iterator[tuple[Any, Any]]:
    with Workbook(file, {"in_memory": True, **AS_TEXT}) as book:
        yield book, book.add_worksheet()


def undated(package: bytes) -> bytes:
    """Return an Office file, and the workbooks inside it, with the day of the report for every date."""
    buffer = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".xlsx"):
                content = undated(content)
            elif name == "docProps/core.xml":
                content = STAMP.sub(f"{CREATED:%Y-%m-%dT%H:%M:%SZ}".encode(), content)
            entry = ZipInfo(name)
            entry.create_system = 0
            new.writestr(entry, content, ZIP_DEFLATED)
    return buffer.getvalue()
