"""Every rule between cells and between tables fails for a slip made on purpose, by file, row and column."""

import json
from itertools import chain, product

import pytest

from sodertorn_lib import DataError, contents, load_tables
from sodertorn_lib.checks import check_all
from sodertorn_lib.rules import RULES, SERIES, told
from sodertorn_lib.tables import Tables
from sodertorn_lib.update.scb import SERIES as OF_SCB

from .conftest import HOUSE, REPOSITORY

COLUMNS = {
    (table["name"], field["name"]): field
    for table in load_tables(HOUSE).package["resources"]
    for field in table["schema"]["fields"]
}
KNOWN = {"name", "type", "title", "unit", "example", "constraints", "newYear", "blankIs", "blankLike", "sameFor"}

LINES = (REPOSITORY / "tests" / "slips.txt").read_text(encoding="utf-8").splitlines()[1:]
SLIPS = [line.replace("\\n", "\n").split(" | ") for line in LINES]


@pytest.mark.parametrize(
    ("kind", "file", "old", "new", "said"), SLIPS, ids=[f"{own[1]}: {own[3]}"[:60] for own in SLIPS]
)
def test_a_slip_is_named(edit, data_copy, kind, file, old, new, said):
    assert faults(kind, file, load_tables(HOUSE)) == ""
    edit(file, old, new)
    told = faults(kind, file, load_tables(data_copy))
    assert said in told
    assert kind != "declared" or told.startswith(f"{file}, row ")


def faults(kind: str, file: str, tables: Tables) -> str:
    """Return what is said of the tables, by what reads the file or by one of the checks."""
    try:
        found = getattr(contents, f"{kind}_faults")(tables) if kind != "declared" else ()
        getattr(tables, file.removesuffix(".csv"))
        return "\n".join(map(str, found))
    except DataError as error:
        return str(error)


def test_every_check_between_rows_and_tables_is_held_by_a_slip():
    assert {f"{kind}_faults" for kind, *_ in SLIPS} - {"declared_faults"} == {own.__name__ for own in contents.HOLDS}


def test_an_event_that_was_cancelled_may_be_moved(edit, data_copy):
    edit("events.csv", "The Södertörn conference,,", "The Södertörn conference,conference_2021,")
    assert faults("event", "events.csv", load_tables(data_copy)) == ""


def test_a_table_of_scb_without_any_retrieval_is_named(edit, data_copy):
    rows = (data_copy / "retrievals.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    own = [row for row in rows if row.startswith("persons_per_household,")]
    edit("retrievals.csv", "".join(own), "")
    said = faults("retrieval", "retrievals.csv", load_tables(data_copy))
    assert said.count("has no row for persons_per_household in ") == len(own) > 0


def test_an_area_without_a_goal_counts_as_none_of_its_figure(edit, data_copy):
    area = (data_copy / "focus_areas.csv").read_text(encoding="utf-8").splitlines()[-1]
    edit("focus_areas.csv", area, f"{area}\n{area.replace(area.split(',')[1], 'empty', 1)}")
    assert "is not what the other tables have, 0 to " in faults("figure", "report_figures.csv", load_tables(data_copy))


def test_three_months_that_are_no_spring_are_no_season(edit, data_copy):
    edit("events.csv", "conference_2021,2021-03-01,2021-05-31", "conference_2021,2021-09-01,2021-11-30")
    assert "row" in faults("event", "events.csv", load_tables(data_copy))


def test_a_column_of_ones_own_in_swedish_alone_is_read(data_copy):
    path = data_copy / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    (meetings,) = [table for table in package["resources"] if table["name"] == "meetings"]
    meetings["schema"]["fields"].append({"name": "remark_sv", "type": "string", "title": "Ours"})
    path.write_text(json.dumps(package), encoding="utf-8")
    table = data_copy / "meetings.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    table.write_text("\n".join([f"{head},remark_sv", *(f"{row},sedd" for row in rows), ""]), encoding="utf-8")
    assert set(load_tables(data_copy).meetings["remark_sv"]) == {"sedd"}


def test_the_check_holds_what_is_between_rows_and_tables(edit, data_copy):
    assert set(contents.HOLDS.values()) <= {finding.text for finding in check_all(data_copy)}
    edit("events.csv", "2021-01-29,2021-01-29,day,planned", "2021-01-29,2021-01-29,day,done")
    failed = [finding.text for finding in check_all(data_copy) if not finding.passed]
    assert any("row 42, column status: 'done' cannot be from 2021-01-29" in text for text in failed)


def test_every_property_of_a_column_is_a_rule_that_is_known_and_every_rule_is_one_of_some_column():
    properties = {name for field in COLUMNS.values() for name in field}
    assert properties - KNOWN == set(RULES) | set(SERIES)


def test_what_a_rule_says_stands_in_the_dictionary():
    dictionary = (HOUSE / "README.md").read_text(encoding="utf-8")
    for (_, column), field in COLUMNS.items():
        for rule in told(field):
            assert any(line.startswith(f"| {column} |") and rule in line for line in dictionary.splitlines()), rule


def test_every_table_of_scb_that_is_asked_may_be_named():
    """Of births less deaths and net migration, one of each: they stand together."""
    named = COLUMNS["retrievals", "scb_table"]["constraints"]["enum"]
    sources = {series: [source.table for source in own] for series, own in OF_SCB.items()}
    together = [sources.pop(part) for part in ("born", "dead", "net_migration")]
    assert set(named) - {"BE0101"} == {*chain(*sources.values()), *map(" ".join, product(*together))}
