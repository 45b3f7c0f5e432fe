"""Office files are zip packages: those of others are looked through first, ours are the same to the byte each time."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from warnings import catch_warnings
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from lxml import etree
from PIL import Image
from xlsxwriter import Workbook

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.reading import LARGEST_PACKAGE, MOST_PARTS, Kind, read_whole, readable, unpacked

__all__ = ["AS_TEXT", "CREATED", "safe_to_open", "sheet_behind", "undated"]

MOST_PIXELS = 25_000_000  # of a picture
MOST_TAGS = 400_000  # of all XML: a large deck has some 100 000, and one takes more memory than its bytes
LISTED = (  # what takes time, each of them
    *(b"<Relationship ", b"<Override ", b"<xf", b"<definedName "),
    *(b"<mergeCell ", b"<dataValidation ", b"<col "),
)
SHAPE, MOST_SHAPES = b"cNvPr ", 250  # of a part: each slide looks through those of its layout
WRITTEN = (".xml", ".rels")  # how the names of parts end that are read
BEFORE_XML = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # byte order marks and blanks
XML = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)

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


def safe_to_open(path: Path, kind: Kind) -> io.BytesIO:
    """Return an Office file of others, looked through: whoever sent it, it can be opened without harm.

    Raises
    ------
    DataError
        When it is no zip package that is whole; when it is too large unpacked; for parts that are no XML, or that
        define entities, pictures that are too large unpacked, and workbooks inside of workbooks.
    """
    content = read_whole(path, kind.action, LARGEST_PACKAGE)
    with readable(path, kind):
        for danger in _dangers(content, kind.most_xml):
            raise DataError(Fault(str(path), danger, kind.action))
    return io.BytesIO(content)


def _dangers(content: bytes, most_xml: int) -> Iterator[str]:
    """Yield what is a danger; what is read costs no more than the limits let it, if one stops at the first."""
    size = xml = tags = 0
    for name, part in _parts(content):
        size += len(part)
        written = part if _is_xml(name, part) else b""
        xml, tags = xml + len(written), tags + written.count(b"<")
        if size > LARGEST_PACKAGE or xml > most_xml:
            yield f"has more than {LARGEST_PACKAGE:,} bytes when unpacked, or {most_xml:,} of XML"
        if tags > MOST_TAGS or max(map(written.count, LISTED)) > MOST_PARTS:
            yield f"has more than {MOST_TAGS:,} tags of XML, or a part with over {MOST_PARTS:,} styles or names"
        if written.count(SHAPE) > MOST_SHAPES:
            yield f"has more than {MOST_SHAPES} shapes in {name}"
        if name.count("xlsx/") > 1:
            yield "has workbooks inside of workbooks"
        if name.endswith(WRITTEN) and etree.fromstring(part, XML).getroottree().docinfo.doctype:
            yield f"defines entities, in {name}"
        if "/media/" in name and _pixels(part) > MOST_PIXELS:
            yield f"has a picture of more than {MOST_PIXELS:,} pixels, {name}"


def _is_xml(name: str, part: bytes) -> bool:
    """Say whether a part is read as XML, whatever its name."""
    begin = part[:1_000].lstrip(BEFORE_XML)
    return name.endswith(WRITTEN) or not begin or begin.startswith(b"<")


def _parts(package: bytes, within: str = "") -> Iterator[tuple[str, bytes]]:
    """Yield each part, also of the workbooks inside."""
    for own, part in unpacked(package):
        name = f"{within}{own}"
        yield name, part
        if name.endswith(".xlsx"):
            yield from _parts(part, f"{name}/")


def _pixels(picture: bytes) -> int:
    """Return how many pixels a picture says it has; none where it is a drawing, or cannot be told."""
    try:
        with catch_warnings(action="ignore", category=Image.DecompressionBombWarning):
            width, height = Image.open(io.BytesIO(picture)).size
    except Image.DecompressionBombError:
        return MOST_PIXELS + 1
    except OSError:
        return 0
    return width * height
