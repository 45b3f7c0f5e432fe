"""Renew what is derived from the tables: checksums in the descriptor, the dictionary in data/README.md."""

from __future__ import annotations

import copy
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sodertorn_lib.datapackage import DESCRIPTOR, data_folder, descriptor
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.files import write_whole
from sodertorn_lib.reader import read_table

__all__ = ["describe", "dictionary"]

README = "README.md"
BEGIN, END = "<!-- dictionary: begin -->", "<!-- dictionary: end -->"


def describe(data_dir: str | Path | None = None) -> list[Path]:
    """Write the checksums and the dictionary anew; return the paths.

    Raises
    ------
    DataError
        When a table has faults: what is registered has been read first.
    """
    folder = data_folder(data_dir)
    package = sealed(descriptor(folder), folder)
    readme = folder / README
    text = readme.read_text(encoding="utf-8") if readme.exists() else f"{BEGIN}\n{END}\n"
    return write_whole(
        folder,
        {
            DESCRIPTOR: (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode(),
            README: with_dictionary(text, package).encode(),
        },
    )


def sealed(package: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Return the descriptor with the size and checksum of every file as it is now."""
    renewed = copy.deepcopy(package)
    for table in renewed["resources"]:
        read_table(table["name"], folder)
        content = (folder / table["path"]).read_bytes()
        table |= {"bytes": len(content), "hash": f"sha256:{hashlib.sha256(content).hexdigest()}"}
    return renewed


def with_dictionary(text: str, package: dict[str, Any]) -> str:
    """Return a README with the part between the two marks replaced by the dictionary."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if begin and not end:
        raise DataError([Fault(README, f"has {BEGIN} without {END}", "Put the second mark back after the dictionary.")])
    return f"{before}{BEGIN}\n\n{dictionary(package)}\n{END}{after}"


def dictionary(package: dict[str, Any]) -> str:
    """Return every table and column of a descriptor as Markdown."""
    return "\n".join(line for table in package["resources"] for line in _table(table))


def _table(table: dict[str, Any]) -> Iterator[str]:
    schema = table["schema"]
    yield f"### {table['name']}\n\n{table['description']}\n"
    yield f"Key: {', '.join(schema['primaryKey'])}. Source: {'; '.join(s['title'] for s in table['sources'])}.\n"
    yield "| column | type | unit | meaning |\n| --- | --- | --- | --- |"
    yield from (f"| {f['name']} | {_type(f)} | {f.get('unit', '')} | {_meaning(f)} |" for f in schema["fields"])
    yield ""


def _type(field: dict[str, Any]) -> str:
    optional = "" if field.get("constraints", {}).get("required") else ", may be blank"
    return f"{field['type']}{optional}"


def _meaning(field: dict[str, Any]) -> str:
    values = field.get("constraints", {}).get("enum")
    return f"{field['title']}: {', '.join(values)}" if values else str(field["title"])
