"""Slips in the tables are judged as they are noticed; what only a reader can tell has a hash of its own."""

from types import SimpleNamespace

import pytest

from sodertorn_lib import load_tables

from . import facts
from .mutants import data

SLIPS = [  # who notices, table, column, what stands there, the slip
    ("loading", "population_reference", "population", "10327589", "103275890"),
    ("check", "operating_statement", "amount_sek", "1444300", "14443000"),
    ("published", "events", "label_en", "Extra meeting", "Extra meating"),
    ("hash", "consultations", "recipient_en", "The government", "The gouvernment"),
]


def slip(table: str, column: str, old: str, new: str) -> data.Mutant:
    cells = data.TABLES.as_text(table).cells.copy()
    (row,) = cells.index[cells[column] == old]
    cells.loc[row, column] = new
    return data.Mutant(table, row, column, "by hand", cells)


@pytest.mark.parametrize(("by", "table", "column", "old", "new"), SLIPS)
def test_a_slip_is_noticed_by_what_should(by, table, column, old, new):
    assert data.noticed_by(slip(table, column, old, new)) == by


def test_a_slip_that_nothing_notices_is_told(monkeypatch):
    monkeypatch.setattr(data, "hash_of", lambda cells: "")
    monkeypatch.setattr(data, "drawn", lambda seed, count: [slip(*SLIPS[-1][1:])])
    assert [*data.mutants(2020)] == [("consultations.csv, row 4, column recipient_en", "by hand", False)]


def test_slips_are_the_same_each_time_and_of_every_kind():
    first, again = ([(own.where, own.how) for own in data.drawn(2020, 400)] for _ in range(2))
    assert first == again
    kinds = {how for field in data.FIELDS.values() for how, _ in data._slips(field)} | {*data.OF_ROWS}
    assert kinds - {how for _, how in first} <= {"a month later", "a day later"}  # of few cells
    assert all(not mutant.cells.equals(data.TABLES.as_text(mutant.table).cells) for mutant in data.drawn(2020, 40))


@pytest.mark.parametrize(
    ("file", "old", "new", "names"),
    [
        ("funds.csv", "521307", "521308", ["funds.csv"]),
        ("funds.csv", "Concerns the", "Is for the", ["funds.csv", "funds.csv, its texts"]),
        (
            "datapackage.json",
            '"timesYearBefore": 1.05',
            '"timesYearBefore": 2',
            ["datapackage.json, persons_per_household"],
        ),
    ],
)
def test_what_was_accepted_must_be_accepted_by_the_tests_too(edit, data_copy, monkeypatch, file, old, new, names):
    before = dict(facts.data("en"))
    edit(file, old, new)
    monkeypatch.setattr(facts, "MEASURED", SimpleNamespace(tables=load_tables(data_copy)))
    after = dict(facts.data("en"))
    changed = [name for name in before if before[name] != after[name]]
    assert [name.partition(":")[0] for name in changed] == names
