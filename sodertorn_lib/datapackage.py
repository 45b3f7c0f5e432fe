"""The data package: the one place where tables, columns, types, units and keys are declared."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from sodertorn_lib.errors import DataError, Fault

__all__ = ["DESCRIPTOR", "data_folder", "descriptor", "resource"]

DESCRIPTOR = "datapackage.json"
REPOSITORY_DATA = Path(__file__).resolve().parent.parent / "data"


def data_folder(data_dir: str | Path | None = None) -> Path:
    """Return the folder given, else that of the variable SODERTORN_DATA, else the data/ of the repository."""
    return Path(data_dir or os.environ.get("SODERTORN_DATA") or REPOSITORY_DATA)


def descriptor(data_dir: str | Path | None = None) -> dict[str, Any]:
    """Read the descriptor of a data folder.

    Raises
    ------
    DataError
        When the folder has no datapackage.json, or one that is not JSON.

    Examples
    --------
    >>> descriptor()["name"]
    'sodertornskommunerna'
    """
    path = data_folder(data_dir) / DESCRIPTOR
    try:
        package: dict[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        action = "Copy the whole data folder, or point SODERTORN_DATA at one that has it, best with its whole path."
        raise DataError([Fault(str(path.absolute()), f"cannot be read ({error.strerror})", action)]) from error
    except ValueError as error:
        raise DataError([Fault(str(path), f"is not JSON ({error})", "Mend it, or copy it anew.")]) from error
    if not _well_formed(package):
        problem = "does not declare tables as this library reads them"
        raise DataError([Fault(str(path.absolute()), problem, "Copy it anew from the repository.")])
    return package


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


def resource(package: dict[str, Any], table: str) -> dict[str, Any]:
    """Return what a descriptor declares about one table."""
    for declared in package.get("resources", []):
        if declared.get("name") == table:
            found: dict[str, Any] = declared
            return found
    raise DataError([Fault(DESCRIPTOR, f"declares no table {table}", "Copy it anew from the repository.")])
