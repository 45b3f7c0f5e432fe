"""Read files that somebody may have edited: as much as is to be expected, or a DataError that names the file."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from textwrap import shorten
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from sodertorn_lib.errors import DataError, Fault

LARGEST = 2_000_000  # bytes of a file of text: the largest of the house has 85 000
LARGEST_PACKAGE, MOST_PARTS = 100_000_000, 3_000  # bytes of all parts of a package, unpacked, and how many there are
MOST_PIECES = 20_000  # of TOML or JSON, each after a sign or on a line of its own: the house's have 7 000
MOST_POINTS = 20  # of a name in TOML: of one with thousands the reader makes minutes


class Kind(NamedTuple):
    """What a file of others is to be: how that is said, what to give instead, and the most bytes of XML it may have."""

    said: str
    action: str
    most_xml: int = 0


def read_whole(path: Path, action: str, largest: int = LARGEST) -> bytes:
    """Return the content of a file; raise DataError, with what to do, where it cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            content = file.read(largest + 1)
    except OSError as error:
        raise DataError(Fault(str(path.absolute()), f"cannot be read ({error.strerror})", action)) from error
    if len(content) > largest:
        raise DataError(Fault(str(path), f"is larger than the {largest:,} bytes that are read of such a file", action))
    return content


def read_text(path: Path, action: str) -> str:
    """Return a file as text, with or without a byte order mark; raise DataError also where it is not UTF-8."""
    return as_text(read_whole(path, action), str(path), action)


def as_text(content: bytes, file: str, action: str) -> str:
    """Return the text of a file that has been read."""
    try:
        return io.TextIOWrapper(io.BytesIO(content), "utf-8-sig").read()
    except UnicodeDecodeError as error:
        raise DataError(Fault(file, f"is not UTF-8 ({error.reason})", action)) from error


def require_few_pieces(text: str, file: str, action: str) -> None:
    """Raise DataError for TOML or JSON that would take long to read: most of what it says stands after one of these."""
    if sum(map(text.count, ",:=\n")) > MOST_PIECES:
        raise DataError(Fault(file, f"says more than the {MOST_PIECES:,} things that are read of such a file", action))


def read_toml(path: Path, action: str) -> dict[str, Any]:
    """Return what a TOML file says; raise DataError also where it is none."""
    text = read_text(path, action)
    require_few_pieces(text, str(path), action)
    try:
        if any(line.partition("=")[0].count(".") > MOST_POINTS for line in text.splitlines()):
            raise RecursionError("a name has too many parts")
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also a number of thousands of digits
        raise DataError(Fault(str(path), f"cannot be read: {error}", action)) from error


@contextmanager
def readable(path: Path, kind: Kind) -> Iterator[None]:
    """Turn whatever is raised where a part is damaged, or lacks what others of its kind have, into a DataError."""
    try:
        yield
    except DataError:
        raise
    except Exception as error:
        because = shorten(f"{type(error).__name__}: {error}", 100)
        raise DataError(Fault(str(path), f"cannot be read as {kind.said} ({because})", kind.action)) from error


def unpacked(package: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each part of a zip package; raise BadZipFile where it is none, or too large.

    >>> list(unpacked(b"hello"))
    Traceback (most recent call last):
    zipfile.BadZipFile: File is not a zip file
    """
    if package.count(b"PK\x01\x02") > MOST_PARTS:
        raise BadZipFile(f"more than {MOST_PARTS:,} parts")
    with ZipFile(io.BytesIO(package)) as parts:
        if len(set(parts.namelist())) < len(parts.namelist()):
            raise BadZipFile("a name that stands twice")
        if sum(part.file_size for part in parts.infolist()) > LARGEST_PACKAGE:
            raise BadZipFile(f"more than {LARGEST_PACKAGE:,} bytes")
        for part in parts.infolist():
            yield part.filename, parts.read(part)
