"""Read files that somebody may have edited: as much as is to be expected, or a DataError that names the file."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path
from typing import Any

from sodertorn_lib.errors import DataError, Fault

LARGEST = 2_000_000  # bytes of a file of text: the largest of the house has 85 000
MOST_POINTS = 20  # of a name in TOML: of one with thousands the reader makes minutes


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
    content = io.BytesIO(read_whole(path, action))
    try:
        return io.TextIOWrapper(content, "utf-8-sig").read()
    except UnicodeDecodeError as error:
        raise DataError(Fault(str(path), f"is not UTF-8 ({error.reason})", action)) from error


def read_toml(path: Path, action: str) -> dict[str, Any]:
    """Return what a TOML file says; raise DataError also where it is none."""
    text = read_text(path, action)
    try:
        if any(line.partition("=")[0].count(".") > MOST_POINTS for line in text.splitlines()):
            raise RecursionError("a name has too many parts")
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise DataError(Fault(str(path), f"cannot be read: {error}", action)) from error
