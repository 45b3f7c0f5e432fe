"""The made-up year is a year as one adds it: its rows pass every check beside those of the house."""

import csv

import pytest

from sodertorn_lib import load_tables
from sodertorn_lib.checks import check_all

from .made_up import ROWS, YEAR

YEARLY = sorted(path.stem for path in ROWS.glob("*.csv"))


@pytest.fixture
def folder(made_up):
    return made_up.tables.folder


def test_every_check_passes_with_both_years(folder):
    found = list(check_all(folder))
    assert [finding.text for finding in found if not finding.passed] == []
    assert any(finding.text.startswith(f"operating_income_from_fees {YEAR}") for finding in found)


def test_every_yearly_table_has_rows_of_that_year_and_of_no_other(folder):
    declared = {table["name"]: table["schema"]["primaryKey"] for table in load_tables(folder).package["resources"]}
    assert sorted(name for name, key in declared.items() if key[0] == "year") == YEARLY
    for name in YEARLY:
        rows = csv.DictReader((ROWS / f"{name}.csv").read_text(encoding="utf-8").splitlines())
        assert {row["year"] for row in rows} == {str(YEAR)}, name


def test_every_row_stands_under_a_heading_of_its_report(folder):
    tables = load_tables(folder)
    headings = tuple(tables.report_sections.query("year == @YEAR")["heading"])
    for name in YEARLY:
        own = getattr(tables, name).query("year == @YEAR")
        places = own["place"].str.split("; ").explode() if "place" in own else []
        assert all(place.startswith(headings) for place in places), name


def test_what_goes_on_does_and_every_fund_opens_as_it_closed(folder):
    tables = load_tables(folder)
    before, after = (tables.activities.query("year == @year") for year in (YEAR - 1, YEAR))
    assert set(before.query("goes_on == 'yes'")["activity_id"]) <= set(after["activity_id"])
    closed, opened = (tables.funds.query("year == @year").set_index("fund_id") for year in (YEAR - 1, YEAR))
    closed = closed.rename(index={"operations": f"operations_{YEAR - 1}"})["closing_sek"]
    opened = opened["opening_sek"].drop("operations")
    assert opened.dropna().to_dict() == closed.dropna().to_dict()
