"""What was registered: the tables and their declaration as they were accepted last, kept beside them in registered.zip.

The checksums of the descriptor say that a file is another one; the copy says what it was. It is in the folder itself,
so an analyst's copy has it too, without git; and it is a zip file, so that one can look into it.
"""

from __future__ import annotations

import io
import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from sodertorn_lib import datapackage
from sodertorn_lib.datapackage import checksum
from sodertorn_lib.declaration import DESCRIPTOR
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.reading import read_whole
from sodertorn_lib.tables import Tables

REGISTER = "registered.zip"
ANEW = "Copy it anew from the repository."
INTENDED = "If the edit is intended, run sodertorn describe first."


def declared(table: dict[str, Any]) -> dict[str, Any]:
    """Return what is declared of a table, without its checksum."""
    return {name: value for name, value in table.items() if name not in ("bytes", "hash")}


def registration_faults(folder: Path, tables: list[dict[str, Any]]) -> Iterator[Fault]:
    """Yield each of these tables that is another file, or is declared otherwise, than was registered.

    >>> list(registration_faults(datapackage.OWN_DATA, datapackage.descriptor(datapackage.OWN_DATA)["resources"]))
    []
    """
    known = [declared(table) for table in _package(_contents(folder))["resources"]]
    for table in tables:
        if not checksum(folder / table["path"]).items() <= table.items():
            yield Fault(table["path"], "is not the file that datapackage.json registers", INTENDED)
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
    with TemporaryDirectory() as place:
        for name, content in contents.items():
            (Path(place) / name).write_bytes(content)
        yield Tables(place, package=_package(contents))


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
    try:
        with ZipFile(io.BytesIO(read_whole(path, ANEW))) as archive:
            if any(part.compress_type != ZIP_STORED or not _is_plain(part.filename) for part in archive.infolist()):
                raise BadZipFile("it is not as sodertorn describe writes it")
            return {name: archive.read(name) for name in archive.namelist()}
    except (BadZipFile, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError) as error:
        raise DataError(Fault(REGISTER, f"cannot be read ({error})", ANEW)) from error


def _is_plain(name: str) -> bool:
    return Path(name).name == name and "\\" not in name


def _package(contents: dict[str, bytes]) -> dict[str, Any]:
    """Return the descriptor that was registered; raise DataError where there is none."""
    try:
        package: dict[str, Any] = json.loads(contents[DESCRIPTOR])
        [(table["name"], table["path"], table["schema"]["primaryKey"]) for table in package["resources"]]
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(Fault(REGISTER, f"has no {DESCRIPTOR} that can be read", ANEW)) from error
    return package
