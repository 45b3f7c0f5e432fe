"""Office files are zip packages; these are the same to the byte whenever and wherever they are made."""

from __future__ import annotations

import io
import re
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

__all__ = ["undated"]

STAMP = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
CREATED = b"2021-01-14T00:00:00Z"  # the day of the report


def undated(package: bytes) -> bytes:
    """Return an Office file, and the workbooks inside it, with the day of the report for every date."""
    buffer = io.BytesIO()
    with ZipFile(io.BytesIO(package)) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith(".xlsx"):
                content = undated(content)
            elif name == "docProps/core.xml":
                content = STAMP.sub(CREATED, content)
            entry = ZipInfo(name)
            entry.create_system = 0
            new.writestr(entry, content, ZIP_DEFLATED)
    return buffer.getvalue()
