"""What is wrong with a table, said so that it can be mended."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["DataError", "Fault", "TextError"]

SHOWN = 20


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
        place = [self.file]
        place += [f"row {self.row}"] if self.row else []
        place += [f"column {self.column}"] if self.column else []
        subject = f"{self.value!r} " if self.value is not None else ""
        return f"{', '.join(place)}: {subject}{self.problem}. {self.action}"


class DataError(ValueError):
    """Every fault that was found, each with file, row, column, value and what to do.

    Rows are counted as a spreadsheet counts them: the header is row 1.

    >>> print(DataError([Fault("funds.csv", "is blank", "Write the year.", row=3, column="year")]))
    funds.csv, row 3, column year: is blank. Write the year.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:SHOWN]]
        hidden = len(self.faults) - SHOWN
        lines += [f"... and {hidden} more."] if hidden > 0 else []
        super().__init__("\n".join(lines))


class TextError(DataError):
    """A fault in the words of texts/*.toml: no chart is left out for it, since one word may stand in all of them."""
