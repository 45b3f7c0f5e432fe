"""Office files are zip packages; these are the same to the byte whenever and wherever they are made."""

from __future__ import annotations

import datetime as dt
import io
import re
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

__all__ = ["CREATED", "undated"]

STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
CREATED = dt.datetime(2021, 1, 14)  # the day of the report: a file is the same whenever it is made


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
