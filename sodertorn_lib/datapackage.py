"""The data package: the one place where tables, columns, types, units and keys are declared."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.files import settle

DESCRIPTOR = "datapackage.json"
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
        When the folder has no datapackage.json, or one that is not JSON, or tables of two sets.

    Examples
    --------
    >>> descriptor()["name"]
    'sodertornskommunerna'
    """
    path = data_folder(data_dir) / DESCRIPTOR
    _require_one_set(path.parent)
    try:
        package: dict[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        action = "Copy the whole data folder, or point SODERTORN_DATA at one that has it, best with its whole path."
        raise DataError(Fault(str(path.absolute()), f"cannot be read ({error.strerror})", action)) from error
    except ValueError as error:
        raise DataError(Fault(str(path), f"is not JSON ({error})", "Mend it, or copy it anew.")) from error
    if not _well_formed(package):
        problem = "does not declare tables as this library reads them"
        raise DataError(Fault(str(path.absolute()), problem, "Copy it anew from the repository."))
    return package


def _require_one_set(folder: Path) -> None:
    """Raise DataError where some tables are replaced and others not, and they cannot be put back."""
    try:
        settle(folder)
    except OSError as error:
        problem = (
            f"holds tables of two sets: a run was ended while it wrote, and cannot be undone here ({error.strerror})"
        )
        action = "Run sodertorn check where the folder can be written."
        raise DataError(Fault(str(folder.absolute()), problem, action)) from error


def _well_formed(package: Any) -> bool:
    """Say whether every table has a name, a path, fields with name, type and title, and a list of key columns."""
    try:
        return all(
            table["name"]
            and table["path"]
            and isinstance(table["schema"]["primaryKey"], list)
            and all(field["name"] and field["type"] and field["title"] for field in table["schema"]["fields"])
            for table in package["resources"]
        )
    except (KeyError, TypeError):
        return False


def checksum(path: Path) -> dict[str, Any]:
    """Return the size and the hash of a file, as a descriptor registers them.

    >>> sorted(checksum(data_folder() / "funds.csv"))
    ['bytes', 'hash']
    """
    content = path.read_bytes()
    return {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
