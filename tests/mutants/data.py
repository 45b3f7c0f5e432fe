"""Slips in the tables: one cell or row at a time, each accepted as if somebody had run `sodertorn describe`.

What may notice, in this order: the table is not read; the check finds a fault; something that is published is not as it
was; a table has another number of rows; the hash of the table that the tests hold is another.
"""

import random
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple
from unittest.mock import patch

import pandas as pd

from sodertorn_lib import checks, load_tables, trace
from sodertorn_lib.activities import with_focus_area
from sodertorn_lib.answers import ANSWERS
from sodertorn_lib.charts import CHARTS, what_if
from sodertorn_lib.errors import DataError
from sodertorn_lib.measured import Measured
from sodertorn_lib.publish.workbook import shown
from sodertorn_lib.reader import TextTable
from sodertorn_lib.tables import Tables

from ..conftest import HOUSE, YEAR
from ..coverage import Reads
from ..facts import hash_of

COUNT = 1500
LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
TABLES = load_tables(HOUSE).read_all()
DECLARED = {table["name"]: table for table in TABLES.package["resources"]}
FIELDS = {(name, field["name"]): field for name, own in DECLARED.items() for field in own["schema"]["fields"]}
OF_ROWS = ("row dropped", "row doubled")
Slip = Callable[[str, random.Random], str]  # what a cell becomes


class Mutant(NamedTuple):
    """A slip: in which table, at which spreadsheet row and column, of which kind, and the table with it."""

    table: str
    row: int
    column: str
    how: str
    cells: pd.DataFrame

    @property
    def where(self) -> str:
        return f"{self.table}.csv, row {self.row}, column {self.column}"


# Slips


def drawn(seed: int, count: int) -> Iterator[Mutant]:
    """Yield slips drawn from all that there are: of each cell that is filled in, and of each row."""
    chance = random.Random(seed)
    for name, row, column, how in chance.sample(list(_places()), count):
        cells, field = _cells(name), FIELDS[name, column]
        new = dict(_slips(field))[how](cells.loc[row, column], chance) if how not in OF_ROWS else ""
        if how in OF_ROWS or new != cells.loc[row, column]:  # some numbers have no two digits to swap
            yield Mutant(name, row, column, how, _mutated(cells, row, column, how, new))


def _cells(name: str) -> pd.DataFrame:
    return TABLES.as_text(name).cells


def _places() -> Iterator[tuple[str, int, str, str]]:
    for name in DECLARED:
        cells = _cells(name)
        yield from ((name, row, cells.columns[0], how) for row in cells.index for how in OF_ROWS)
        for column in cells:
            hows = [how for how, _ in _slips(FIELDS[name, column])]
            yield from ((name, row, column, how) for row in cells.index[cells[column] != ""] for how in hows)


def _mutated(cells: pd.DataFrame, row: int, column: str, how: str, new: str) -> pd.DataFrame:
    if how == "row dropped":
        return cells.drop(index=row)
    if how == "row doubled":
        return pd.concat([cells, cells.loc[[row]].set_axis([len(cells) + 2])])
    changed = cells.copy()
    changed.loc[row, column] = new
    return changed


def _slips(field: dict[str, Any]) -> Iterator[tuple[str, Slip]]:
    """Yield the kinds of slip that a column can have."""
    yield "blanked", lambda text, chance: ""
    if values := field.get("constraints", {}).get("enum"):
        yield "another value", lambda text, chance: chance.choice([own for own in values if own != text])
    elif field["type"] in ("integer", "number"):
        yield "one more", lambda text, chance: _one_more(text)
        yield "two digits swapped", _swapped
        yield "times ten", lambda text, chance: f"{round(10 * float(text), 6):.10g}"
    elif field["type"] == "date":
        yield "a day later", lambda text, chance: str(date.fromisoformat(text) + timedelta(1))
    elif field["type"] == "yearmonth":
        yield "a month later", lambda text, chance: str(pd.Period(text, "M") + 1)
    else:
        yield "one letter", _lettered


def _one_more(text: str) -> str:
    """Return a number with one more in its last decimal.

    >>> _one_more("2.49"), _one_more("-3")
    ('2.5', '-2')
    """
    decimals = len(text.partition(".")[2])
    return f"{round(float(text) + 10**-decimals, decimals):.10g}"


def _swapped(text: str, chance: random.Random) -> str:
    places = [place for place in range(len(text) - 1) if text[place : place + 2].isdigit() and text[place] != "0"]
    places = [place for place in places if text[place] != text[place + 1] and (place or text[place + 1] != "0")]
    if not places:
        return text
    place = chance.choice(places)
    return f"{text[:place]}{text[place + 1]}{text[place]}{text[place + 2 :]}"


def _lettered(text: str, chance: random.Random) -> str:
    """Return a text with one of its letters, or digits where it has no letter, replaced by another."""
    places = [match.start() for match in re.finditer(r"[^\W\d_]", text)]
    known = LETTERS if places else "0123456789"
    place = chance.choice(places or [match.start() for match in re.finditer(r"\d", text)])
    new = chance.choice([letter for letter in known if letter != text[place].lower()])
    return f"{text[:place]}{new.upper() if text[place].isupper() else new}{text[place + 1 :]}"


# What notices


def noticed_by(mutant: Mutant) -> str:
    """Return what notices a slip first."""
    tables = _with(mutant)
    with ExitStack() as stack:  # the files are as they were; and no table is in the texts
        for name in ("_registration_findings", "_wording_findings"):
            stack.enter_context(patch.object(checks, name, lambda *_: iter(())))
        if any(not finding.passed for finding in checks.check_tables(tables)):
            return "check" if mutant.table in vars(tables) else "loading"
    if not all(_parts(tables, mutant)):
        return "published"
    if len(mutant.cells) != len(_cells(mutant.table)):
        return "rows"
    return "hash" if hash_of(mutant.cells) != hash_of(_cells(mutant.table)) else "nothing"


def _with(mutant: Mutant) -> Tables:
    """Return the tables with a slip; those that do not point to that table are not read again."""
    tables = load_tables(HOUSE)
    tables._texts = {name: TABLES.as_text(name) for name in DECLARED} | {mutant.table: TextTable(mutant.cells, [])}
    for name, declared in DECLARED.items():
        pointed = {foreign["reference"]["resource"] for foreign in declared["schema"].get("foreignKeys", [])}
        if mutant.table not in {name, *pointed}:
            setattr(tables, name, getattr(TABLES, name))
    return tables


def _parts(tables: Tables, mutant: Mutant) -> Iterator[bool]:
    """Yield whether each part of what is published of a table is as it was; one that cannot be made is not."""
    lang = "sv" if mutant.column.endswith("_sv") else "en"
    measured = Measured(tables, YEAR)
    for part in PARTS:
        if mutant.table in _read_by(part):
            try:
                yield all(map(str.__eq__, _told(measured, part, lang), _house(part, lang)))
            except DataError:
                yield False


@cache
def _house(part: Any, lang: str) -> list[str]:
    return list(_told(Measured(TABLES, YEAR), part, lang))


@cache
def _read_by(part: Any) -> set[str]:
    """Return the tables that a part of what is published is made of."""
    reads = Reads()
    list(_told(Measured(reads, YEAR), part, "en"))
    return reads.names


def _told(measured: Measured, part: Any, lang: str) -> Iterator[str]:
    """Yield what a chart, an answer or a sheet of the workbook says, the quickest first."""
    own = measured.arguments(part)
    if part in SHEETS:
        yield part(measured, lang)
    elif part in ANSWERS:
        yield part(measured.tables, YEAR, lang, **own).text
    else:
        chart = part(**own, lang=lang)
        yield f"{chart.words}{chart.files(())}"
        yield repr(chart)


def plan(measured: Measured, lang: str) -> str:
    return str(shown(with_focus_area(measured.plan, measured.tables.focus_areas), lang).to_csv())


def differences(measured: Measured, lang: str) -> str:
    return str(shown(measured.differences, lang).to_csv())


def places(measured: Measured, lang: str) -> str:
    return str(shown(trace(measured.tables, YEAR), lang).to_csv())


def sections(measured: Measured, lang: str) -> str:
    """Return what docs/coverage.md says of the sections of the report."""
    return str(measured.tables.report_sections[["chapter", "heading", "left_out_en"]].to_csv())


SHEETS = (plan, differences, places, sections)
PARTS = (*SHEETS, *ANSWERS, *CHARTS, what_if)


def mutants(seed: int, count: int = COUNT) -> Iterator[tuple[str, str, bool]]:
    """Yield where, by what it is noticed first, or how it was made where by nothing, and whether it is noticed."""
    for mutant in drawn(seed, count):
        by = noticed_by(mutant)
        yield (mutant.where, mutant.how, False) if by == "nothing" else (mutant.where, f"by {by}", True)
