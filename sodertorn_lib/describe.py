"""Renew what is derived from the tables: their checksums, the copy of what is registered, the dictionary."""

from __future__ import annotations

import json
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sodertorn_lib.datapackage import checksum
from sodertorn_lib.declaration import DESCRIPTOR
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.files import write_whole
from sodertorn_lib.reading import read_text
from sodertorn_lib.registered import REGISTER, register
from sodertorn_lib.rules import told
from sodertorn_lib.tables import Tables, load_tables

if TYPE_CHECKING:
    from sodertorn_lib.answers import Answer

README = "README.md"
MEND = "Give a Markdown file, saved as UTF-8."
MARKS = "<!-- {name}: begin -->", "<!-- {name}: end -->"


def renew(data_dir: str | Path | None = None) -> list[Path]:
    """Write the checksums, the copy of what is registered and the dictionary anew; return the paths of what changed.

    Raises
    ------
    DataError
        When a table has faults: what is registered has been read first.
    """
    tables = load_tables(data_dir).read_all()
    paths = [table["path"] for table in tables.package["resources"]]
    return _write_changed(tables.folder, described(tables, paths, schema=True))


@contextmanager
def copied(tables: Tables) -> Iterator[Path]:
    """Give a copy of the tables, their descriptor and dictionary for as long as it is needed."""
    names = [DESCRIPTOR, REGISTER, README, *(table["path"] for table in tables.package["resources"])]
    with TemporaryDirectory() as copy:
        for name in (name for name in names if (tables.folder / name).exists()):
            shutil.copy(tables.folder / name, copy)
        yield Path(copy)


def described(tables: Tables, paths: Collection[str], *, schema: bool = False) -> dict[str, bytes]:
    """Return the descriptor with the checksums of these files as they are now, their copy, and the README, by name.

    What the descriptor declares is registered as it is now where `schema` says so.

    >>> [*described(load_tables(), [])]
    ['datapackage.json', 'registered.zip', 'README.md']
    """
    package = with_checksums(tables.package, tables.folder, paths)
    readme = tables.folder / README
    text = read_text(readme, MEND) if readme.exists() else "\n".join(MARKS).format(name="dictionary")
    descriptor = (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()
    return {
        DESCRIPTOR: descriptor,
        REGISTER: register(tables.folder, descriptor, paths, schema=schema),
        README: with_dictionary(text, package).encode(),
    }


def with_checksums(package: dict[str, Any], folder: Path, paths: Collection[str]) -> dict[str, Any]:
    """Return the descriptor with the size and checksum of these files as they are now."""
    tables = package["resources"]
    return package | {
        "resources": [
            table | (checksum((folder / table["path"]).read_bytes()) if table["path"] in paths else {})
            for table in tables
        ]
    }


def renew_answers(document: Path, answers: Sequence[Answer]) -> list[Path]:
    """Write the table of answers in a Markdown document anew; return its path, if that changes it."""
    text = with_answers(read_text(document, MEND), answers, document.name)
    return _write_changed(document.parent, {document.name: text.encode()})


def _write_changed(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Write the files that are not there, or not so; return their paths."""
    changed = {
        name: own for name, own in files.items() if not (path := folder / name).exists() or path.read_bytes() != own
    }
    return write_whole(folder, changed) if changed else []


def with_dictionary(text: str, package: dict[str, Any]) -> str:
    """Return a README with the part between its marks replaced by the dictionary."""
    return _between(text, "dictionary", dictionary(package), README)


def with_answers(text: str, answers: Sequence[Answer], file: str) -> str:
    """Return the text of a file with the part between its marks replaced by the answers, each with its notebook."""
    numbered = enumerate(answers, 1)
    rows = [f"| {a.question} | {a.text} | [{n:02}_{a.name}](notebooks/{n:02}_{a.name}.ipynb) |" for n, a in numbered]
    table = "\n".join(["| question | what we found | notebook |", "| --- | --- | --- |", *rows, ""])
    return _between(text, "answers", table, file)


def _between(text: str, name: str, content: str, file: str) -> str:
    begin, end = (mark.format(name=name) for mark in MARKS)
    before, found, rest = text.partition(begin)
    _, closed, after = rest.partition(end)
    if found and not closed:
        raise DataError(Fault(file, f"has {begin} without {end}", f"Put the second mark back after the {name}."))
    return f"{before}{begin}\n\n{content}\n{end}{after}"


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
    meaning = f"{field['title']}: {', '.join(values)}" if values else field["title"]
    return "; ".join([meaning, *told(field)])
