"""What is wrong with a table, said so that it can be mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sodertorn_lib.plaintext import as_seen

__all__ = ["DataError", "Fault", "TextError", "UnknownTableError", "require_known"]

SHOWN, MOST_FAULTS = 20, 1_000  # faults of a message, and that are looked for in a file
LONGEST_SHOWN, LONGEST_PLACE = 100, 300  # characters of a value there, and of a name or of what is told of it


@dataclass(frozen=True)
class Fault:
    """One fault: where it is, what it is and what to do about it."""

    file: str
    problem: str
    action: str
    row: int | None = None
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        place = [_cut(self.file, LONGEST_PLACE)]
        place += [f"row {self.row}"] if self.row else []
        place += [f"column {_cut(self.column)}"] if self.column else []
        subject = f"{_cut(repr(self.value))} " if self.value is not None else ""
        return as_seen(f"{', '.join(place)}: {subject}{_cut(self.problem, LONGEST_PLACE)}. {self.action}")


def _cut(text: str, most: int = LONGEST_SHOWN) -> str:
    return text if len(text) <= most else f"{text[:most]} ..."


def shortened(lines: list[str]) -> list[str]:
    """Return a long list cut off, with how many more there are.

    >>> shortened(["a"] * 22)[-1]
    '... and 2 more.'
    """
    hidden = len(lines) - SHOWN
    return [*lines[:SHOWN], f"... and {hidden} more."] if hidden > 0 else lines


class DataError(ValueError):
    """Every fault that was found, each with file, row, column, value and what to do.

    Rows are counted as a spreadsheet counts them: the header is row 1.

    >>> print(DataError(Fault("funds.csv", "is blank", "Write the year.", row=3, column="year")))
    funds.csv, row 3, column year: is blank. Write the year.
    """

    def __init__(self, *faults: Fault) -> None:
        self.faults = faults
        super().__init__("\n".join(shortened([str(fault) for fault in faults])))


class TextError(DataError):
    """A fault in the words of texts/*.toml: no chart is left out for it, since one word may stand in all of them."""


class UnknownTableError(DataError, AttributeError):
    """A table that the data package does not declare; an AttributeError too, as Python expects of a missing name."""

    def __init__(self, table: str, declared: Iterable[str]) -> None:
        action = f"Choose from {', '.join(declared)}, or copy it anew from the repository."
        super().__init__(Fault("datapackage.json", f"declares no table {table}", action))


@contextmanager
def columns_named(where: str, action: str) -> Iterator[None]:
    """Turn the KeyError of a column or row that a table lacks into a DataError that says what to give instead."""
    try:
        yield
    except KeyError as error:
        raise DataError(Fault(where, f"needs {error}, which is not in the tables given", action)) from error


def require_known(kind: str, names: Iterable[str], known: Iterable[str]) -> None:
    """Raise DataError that names what is not known and lists what there is.

    >>> require_known("language", ["se"], ["sv", "en"])
    Traceback (most recent call last):
    sodertorn_lib.errors.DataError: language: 'se' is not known. Choose from sv, en.
    """
    if faults := unknown(kind, names, known):
        raise DataError(*faults)


def unknown(kind: str, names: Iterable[str], known: Iterable[str]) -> list[Fault]:
    """Return a fault for each name that is not known, with what there is."""
    there = list(known)
    action = f"Choose from {', '.join(there)}." if there else "There is none to choose here."
    return [Fault(kind, "is not known", action, value=str(name)) for name in names if name not in there]
