"""What was registered: the tables and their declaration as they were accepted last, kept beside them in registered.zip.

The checksums of the descriptor say that a file is another one; the copy says what it was. It is in the folder itself,
so an analyst's copy has it too, without git; and it is a zip file, so that one can look into it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile, ZipInfo

from sodertorn_lib import datapackage
from sodertorn_lib.datapackage import checksum, from_json
from sodertorn_lib.declaration import DESCRIPTOR, FILE, TOLD_APART, shape_faults
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.jumps import series
from sodertorn_lib.reading import LARGEST_PACKAGE, Kind, as_text, read_whole, readable, unpacked
from sodertorn_lib.tables import Tables

REGISTER = "registered.zip"
COPY = Kind("a copy of what was registered", "Copy it anew from the repository.")
INTENDED = "If the edit is intended, run sodertorn describe first."


def declared(table: dict[str, Any]) -> dict[str, Any]:
    """Return what is declared of a table, without its checksum."""
    return {name: value for name, value in table.items() if name not in ("bytes", "hash")}


def registration_faults(folder: Path, tables: list[dict[str, Any]]) -> Iterator[Fault]:
    """Yield each of these tables that is another file, or is declared otherwise, than was registered.

    >>> list(registration_faults(datapackage.OWN_DATA, datapackage.descriptor(datapackage.OWN_DATA)["resources"]))
    []
    """
    contents = _contents(folder)
    known = [declared(table) for table in _package(contents)["resources"]]
    for table in tables:
        content = (folder / table["path"]).read_bytes()
        if not checksum(content).items() <= table.items():
            yield Fault(table["path"], "is not the file that datapackage.json registers", INTENDED)
        elif contents.get(table["path"]) != content:
            yield Fault(table["path"], f"is not the file that {REGISTER} keeps a copy of", INTENDED)
        if declared(table) not in known:
            yield Fault(DESCRIPTOR, f"declares {table['path']} otherwise than was registered", INTENDED)


def require_registered(folder: Path, tables: list[dict[str, Any]]) -> None:
    """Raise DataError where a table has been edited since it was registered: registering it anew would hide that."""
    if faults := list(registration_faults(folder, tables)):
        raise DataError(*faults)


@contextmanager
def registered_tables(folder: Path) -> Iterator[Tables]:
    """Give the tables as they were registered, for as long as they are needed; what they must be is not asked."""
    contents = _contents(folder)
    package = _package(contents)
    if lacking := [table["path"] for table in package["resources"] if table["path"] not in contents]:
        raise DataError(Fault(REGISTER, f"lacks {', '.join(lacking)}", COPY.action))
    with TemporaryDirectory() as place:
        for name, content in contents.items():
            (Path(place) / name).write_bytes(content)
        tables = Tables(place, package=package)
        with readable(Path(REGISTER), COPY):
            series(tables)  # what is held against the tables of now can be
        yield tables


def register(folder: Path, descriptor: bytes, paths: Collection[str], *, schema: bool) -> bytes:
    """Return the copy with these tables as they are now, and with the descriptor where that is registered too.

    Nothing in it is compressed, so that it is the same to the byte wherever it is made.
    """
    new = {path: (folder / path).read_bytes() for path in paths} | ({DESCRIPTOR: descriptor} if schema else {})
    known = {table["path"] for table in json.loads(descriptor)["resources"]}
    contents = {name: content for name, content in _contents(folder).items() if name in {DESCRIPTOR, *known}} | new
    buffer = io.BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name in sorted(contents):
            entry = ZipInfo(name)
            entry.create_system = 0
            archive.writestr(entry, contents[name])
    return buffer.getvalue()


def _contents(folder: Path) -> dict[str, bytes]:
    """Return what was registered, by file; of a folder without it, that of the library's own tables."""
    path = folder / REGISTER if (folder / REGISTER).exists() else datapackage.OWN_DATA / REGISTER
    with readable(path, COPY):
        contents = dict(unpacked(read_whole(path, COPY.action, LARGEST_PACKAGE)))
    if DESCRIPTOR not in contents or not all(FILE.fits(name) for name in contents if name != DESCRIPTOR):
        raise DataError(Fault(str(path), f"holds other files than tables and {DESCRIPTOR}", COPY.action))
    return contents


def _package(contents: dict[str, bytes]) -> dict[str, Any]:
    """Return the descriptor that was registered, by whatever rules; raise DataError where it tells no tables apart."""
    file = f"{REGISTER}, {DESCRIPTOR}"
    package: dict[str, Any] = from_json(as_text(contents[DESCRIPTOR], file, COPY.action), file)
    if faults := shape_faults(package, TOLD_APART):
        raise DataError(*(replace(fault, file=f"{REGISTER}, {fault.file}", action=COPY.action) for fault in faults))
    return package
