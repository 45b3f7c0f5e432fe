"""An edited copy of the tables is found wherever a notebook runs, and what is drawn of it says that it is one."""

import csv
import io

import pytest

from sodertorn_lib import charts, cost_breakdown, load_operating_statement
from sodertorn_lib.datapackage import data_folder
from sodertorn_lib.edits import edited

from .made_up import two_years

SAID = {"sv": "Ur en ändrad kopia av tabellerna", "en": "From an edited copy of the tables"}


def says_so(lang: str) -> set[bool]:
    """Return whether the source line of a chart says that it is of an edited copy, and whether its alternative text."""
    said = charts.ranked_costs(cost_breakdown(load_operating_statement(year=2020)), lang).words
    return {SAID[lang] in said.source, SAID[lang] in said.alt}


def test_a_folder_without_its_whole_path_is_found_from_a_folder_below(data_copy, monkeypatch):
    below = data_copy.parent / "notebooks"
    below.mkdir()
    monkeypatch.chdir(below)
    monkeypatch.setenv("SODERTORN_DATA", data_copy.name)
    assert data_folder().resolve() == data_copy.resolve()
    monkeypatch.setenv("SODERTORN_DATA", "nothing-of-that-name")
    assert str(data_folder()) == "nothing-of-that-name"


@pytest.mark.parametrize("lang", SAID)
def test_charts_of_an_edited_copy_say_that_their_figures_differ(data_copy, edit, monkeypatch, lang):
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    assert not edited() and says_so(lang) == {False}
    edit("operating_statement.csv", "1444300", "1544300")
    assert edited() and says_so(lang) == {True}
    edit("operating_statement.csv", "1544300", "1444300")
    assert not edited() and says_so(lang) == {False}


def test_other_quotation_marks_and_a_year_that_was_added_are_no_edit(data_copy, tmp_path, monkeypatch):
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    path = data_copy / "funds.csv"
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, quoting=csv.QUOTE_ALL).writerows(rows)
    assert not edited()
    monkeypatch.setenv("SODERTORN_DATA", str(two_years(tmp_path / "both")))
    assert not edited()


def test_a_row_that_is_lost_or_a_table_that_cannot_be_read_is_an_edit(data_copy, monkeypatch):
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    lines = (data_copy / "meetings.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (data_copy / "meetings.csv").write_text("".join(lines[:-1]), encoding="utf-8")
    assert edited()
    (data_copy / "meetings.csv").write_text("".join(lines), encoding="utf-8")
    assert not edited()
    (data_copy / "meetings.csv").unlink()
    assert edited()
