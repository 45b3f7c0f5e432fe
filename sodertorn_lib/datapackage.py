"""The data package: the one place where tables, columns, types, units and keys are declared."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

from sodertorn_lib.declaration import DESCRIPTOR, descriptor_faults
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.files import settle
from sodertorn_lib.reading import read_text, require_few_pieces

PACKAGE = Path(__file__).resolve().parent
OWN_DATA = PACKAGE / "data" if (PACKAGE / "data").is_dir() else PACKAGE.parent / "data"  # installed, or the repository


def data_folder(data_dir: str | Path | None = None) -> Path:
    """Return the folder given, else that of the variable SODERTORN_DATA, else the data/ that came with the library.

    One without its whole path is looked for below the current folder, then below those above it: a notebook runs in the
    folder of the notebooks.
    """
    folder = Path(data_dir or os.environ.get("SODERTORN_DATA") or OWN_DATA)
    above = (Path.cwd(), *Path.cwd().parents)
    return next((place / folder for place in above if (place / folder / DESCRIPTOR).is_file()), folder)


def descriptor(data_dir: str | Path | None = None) -> dict[str, Any]:
    """Read the descriptor of a data folder.

    Raises
    ------
    DataError
        With every fault of its datapackage.json, by its place; also where it lacks what this library's own declares, or
        where the folder holds tables of two sets.

    Examples
    --------
    >>> descriptor()["name"]
    'sodertornskommunerna'
    """
    folder = data_folder(data_dir)
    require_one_set(folder)
    action = "Copy the whole data folder, or point SODERTORN_DATA at one that has it, best with its whole path."
    path = folder / DESCRIPTOR
    package: dict[str, Any] = from_json(read_text(path, action), str(path))
    own = None if folder.resolve() == OWN_DATA.resolve() else descriptor(OWN_DATA)
    if faults := descriptor_faults(package, own):
        raise DataError(*faults)
    return package


def require_one_set(folder: Path) -> None:
    """Raise DataError where some tables are replaced and others not, and they cannot be put back."""
    try:
        settle(folder)
    except OSError as error:
        problem = (
            f"holds tables of two sets: a run was ended while it wrote, and cannot be undone here ({error.strerror})"
        )
        action = "Run sodertorn check where the folder can be written."
        raise DataError(Fault(str(folder.absolute()), problem, action)) from error


def from_json(text: str, file: str) -> Any:
    """Return what JSON says, but not what its readers disagree about: keys that stand twice, and numbers that are none.

    >>> from_json('{"a": 1, "a": 2}', "datapackage.json")
    Traceback (most recent call last):
    sodertorn_lib.errors.DataError: datapackage.json: is not JSON (the key 'a' stands twice in one object). Mend it, ...
    """
    action = "Mend it, or copy it anew."
    require_few_pieces(text, file, action)
    try:
        return json.loads(text, object_pairs_hook=_single, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise DataError(Fault(file, f"is not JSON ({error})", action)) from error


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(single := dict(pairs)) < len(pairs):
        twice, _ = Counter(key for key, _ in pairs).most_common(1)[0]
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return single


def _no_number(written: str) -> NoReturn:
    raise ValueError(f"{written} is no number")


def checksum(content: bytes) -> dict[str, Any]:
    """Return the size and the hash of a file's content, as a descriptor registers them.

    >>> sorted(checksum(b"year"))
    ['bytes', 'hash']
    """
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
