"""Every way in which an edited table can go wrong is read right on purpose, or named."""

import copy
import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from sodertorn_lib import (
    DataError,
    load_activities,
    load_events,
    load_funds,
    load_goals,
    load_meetings,
    load_municipalities,
    load_population,
    load_population_published,
    load_printed_totals,
    load_tables,
    reader,
)

from .conftest import YEAR


def faults(load, folder: Path):
    with pytest.raises(DataError) as error:
        load(folder)
    return error.value.faults


@pytest.mark.parametrize(
    ("file", "old", "new", "load", "row", "column", "value", "says"),
    [
        (
            "population.csv",
            "0126,1950,21086",
            "0126,1950,21 086",
            load_population,
            2,
            "population",
            "21 086",
            "digits only",
        ),
        (
            "population.csv",
            "0126,1950,21086",
            '0126,1950,"21086,0"',
            load_population,
            2,
            "population",
            "21086,0",
            "digits",
        ),
        ("population.csv", "0126,1951", "126,1951", load_population, 3, "municipality_code", "126", "leading zeros"),
        (
            "population.csv",
            "0126,1951",
            "0999,1951",
            load_population,
            3,
            "municipality_code",
            "0999",
            "municipalities.csv",
        ),
        (
            "population.csv",
            "0126,1951",
            "0126,1950",
            load_population,
            3,
            "municipality_code, year",
            "0126, 1950",
            "row 2",
        ),
        ("population.csv", "0126,1950,21086", "0126,1950,021086", load_population, 2, "population", "021086", "zero"),
        ("population.csv", "0126,1950,21086", "0126,1950,-5", load_population, 2, "population", "-5", "below 1"),
        ("population.csv", "0126,1950,21086", "0126,1950,", load_population, 2, "population", "", "Fill it in"),
        (
            "population.csv",
            "0126,1950,21086",
            "0126,1950,9" + "9" * 20,
            load_population,
            2,
            "population",
            "9" * 21,
            "whole",
        ),
        ("funds.csv", "other", "earmarked", load_funds, 3, "fund_kind", "earmarked", "operations or other"),
        ("funds.csv", "188432", "188432.5", load_funds, 2, "closing_sek", "188432.5", "whole number"),
        ("printed_totals.csv", "1143649", "1143649kr", load_printed_totals, 2, "printed_sek", "1143649kr", "unit"),
        ("activities.csv", "ended,no", "done,no", load_activities, 11, "result", "done", "not one of the values"),
        (
            "goals.csv",
            "openness,coordination",
            "openness,culture",
            load_goals,
            12,
            "focus_area_id",
            "culture",
            "focus_areas",
        ),
        (
            "printed_totals.csv",
            "188432,text,operating_surplus",
            "188432,text,",
            load_printed_totals,
            11,
            "in_text_of",
            "",
            "is blank",
        ),
        ("events.csv", "2019-05-31", "2019-02-30", load_events, 2, "end_date", "2019-02-30", "not a date"),
        (
            "events.csv",
            "region_meeting_september,7",
            "region_meeting_2022,7",
            load_events,
            13,
            "moved_to_event_id",
            "region_meeting_2022",
            "events",
        ),
        (
            "population_published.csv",
            "0.9",
            '"0,9"',
            load_population_published,
            3,
            "change_percent",
            "0,9",
            "decimal point",
        ),
        ("municipalities.csv", "Salem", " Salem", load_municipalities, 4, "municipality", " Salem", "spaces"),
        ("municipalities.csv", "Salem", '"Sa\rlem"', load_municipalities, 4, "municipality", "Sa\rlem", "line break"),
    ],
)
def test_a_wrong_cell_is_named(edit, data_copy, file, old, new, load, row, column, value, says):
    edit(file, old, new)
    (fault,) = faults(load, data_copy)
    assert (fault.file, fault.row, fault.column, fault.value) == (file, row, column, value)
    assert says in str(fault)


def test_all_faults_are_reported_at_once(edit, data_copy):
    edit("population.csv", "0126,1950,21086", "0126,1950,21 086")
    edit("population.csv", "0126,1960,", "126,1960,")
    edit("population.csv", "0192,2025,", "0192,2025,x")
    assert [fault.row for fault in faults(load_population, data_copy)] == [2, 12, 609]


@pytest.mark.parametrize("year", ["1973", str(load_population()["year"].max())])
def test_a_missing_year_is_named(data_copy, year):
    path = data_copy / "population.csv"
    path.write_text(re.sub(f"0126,{year},[0-9]+\n", "", path.read_text()))
    (fault,) = faults(load_population, data_copy)
    assert (fault.column, fault.value) == ("year", year)
    assert "0126" in str(fault)


def test_an_extra_a_missing_and_a_renamed_column_are_named(edit, data_copy):
    edit("municipalities.csv", "municipality_code,municipality", "code,municipality,note")
    assert {fault.column for fault in faults(load_municipalities, data_copy)} == {"code", "municipality_code", "note"}


def test_a_decimal_comma_without_quotes_is_a_cell_too_many(edit, data_copy):
    edit("population.csv", "0126,1950,21086", "0126,1950,21086,0")
    (fault,) = faults(load_population, data_copy)
    assert (fault.row, fault.column) == (2, "population")
    assert "4 cells instead of 3" in str(fault)


@pytest.mark.parametrize("cut", [1, 3, 7])
def test_a_truncated_last_line_is_named(data_copy, cut):
    path = data_copy / "population.csv"
    path.write_bytes(path.read_bytes()[:-cut])
    assert any(fault.row == 609 and "cut off" in str(fault) for fault in faults(load_population, data_copy))


@pytest.mark.parametrize("file", ["municipalities.csv", "funds.csv"])
def test_byte_order_mark_windows_line_ends_and_semicolons_are_read(data_copy, file):
    load = {"municipalities.csv": load_municipalities, "funds.csv": load_funds}[file]
    path, expected = data_copy / file, load()
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    pd.testing.assert_frame_equal(load(data_copy), expected)
    with path.open(encoding="utf-8-sig", newline="") as commas:
        rows = list(csv.reader(commas))
    with path.open("w", encoding="utf-8", newline="") as semicolons:
        csv.writer(semicolons, delimiter=";").writerows(rows)
    pd.testing.assert_frame_equal(load(data_copy), expected)


def test_latin_1_is_named_with_its_cells(data_copy):
    path = data_copy / "municipalities.csv"
    path.write_bytes(path.read_bytes().decode().encode("cp1252"))
    found = faults(load_municipalities, data_copy)
    assert [(fault.row, fault.value) for fault in found] == [(6, "Tyresö"), (8, "Södertälje"), (9, "Nynäshamn")]
    assert "CSV UTF-8" in str(found[0])


def test_an_empty_row_an_open_quote_and_an_empty_file_are_named(edit, data_copy):
    edit("municipalities.csv", "0127,Botkyrka\n", "\n")
    assert "empty row" in str(faults(load_municipalities, data_copy)[0])
    edit("municipalities.csv", "0128,Salem", '0128,"Salem')
    assert "quotation" in str(faults(load_municipalities, data_copy)[0])
    (data_copy / "municipalities.csv").write_bytes(b"")
    assert "missing from the header" in str(faults(load_municipalities, data_copy)[0])


def test_a_missing_file_or_folder_is_named(data_copy, tmp_path):
    (data_copy / "funds.csv").unlink()
    assert "funds.csv" in str(faults(load_funds, data_copy)[0])
    assert "SODERTORN_DATA" in str(faults(load_funds, tmp_path / "nowhere")[0])
    (data_copy / "datapackage.json").write_text("{")
    assert "not JSON" in str(faults(load_funds, data_copy)[0])


def test_the_folder_given_goes_before_the_variable(edit, data_copy, monkeypatch, tmp_path):
    edit("municipalities.csv", "Salem", "Rönninge")
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    assert "Rönninge" in set(load_municipalities()["municipality"])
    monkeypatch.setenv("SODERTORN_DATA", str(tmp_path))
    assert "Rönninge" in set(load_municipalities(data_copy)["municipality"])


def test_a_long_list_of_faults_is_cut_in_the_message_only(data_copy):
    path = data_copy / "population.csv"
    path.write_text(path.read_text().replace(",19", ",x19", 400))
    with pytest.raises(DataError, match=r"\.\.\. and 380 more\.") as error:
        load_population(data_copy)
    assert len(error.value.faults) == 400


def test_types_are_those_declared():
    funds, events = load_funds(year=YEAR), load_events(year=YEAR)
    assert str(funds["opening_sek"].dtype) == "Int64"
    assert funds["opening_sek"].isna().sum() == 3
    assert str(load_population()["population"].dtype) == "int64"
    assert str(load_population()["municipality_code"].dtype) == "str"
    assert pd.api.types.is_datetime64_dtype(events["start_date"])


def test_columns_in_another_order_and_unicode_text_are_named_once(data_copy):
    path = data_copy / "municipalities.csv"
    swapped = [",".join(reversed(line.split(","))) for line in path.read_text(encoding="utf-8").splitlines()]
    path.write_text("\n".join(swapped) + "\n", encoding="utf-8")
    (fault,) = faults(load_municipalities, data_copy)
    assert "another order" in str(fault)
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    (fault,) = faults(load_municipalities, data_copy)
    assert "UTF-16" in str(fault)


def test_a_municipality_without_any_row_is_named(data_copy):
    path = data_copy / "population.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines(True) if not line.startswith("0128")]
    path.write_text("".join(kept), encoding="utf-8")
    (fault,) = faults(load_population, data_copy)
    assert (fault.column, fault.value) == ("municipality_code", "0128")


def test_latin_1_with_a_quoted_comma_names_the_right_column(edit, data_copy):
    edit("events.csv", "Workshop om företagsklimat", '"Workshop, om företagsklimat"')
    path = data_copy / "events.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252", "replace"))
    named = {fault.column for fault in faults(load_events, data_copy) if "Workshop, om" in (fault.value or "")}
    assert named == {"label_sv"}


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{}",
        '{"resources": []}',
        '{"resources": [{}]}',
        '{"resources": [{"name": "funds", "path": "funds.csv"}]}',
    ],
)
def test_a_malformed_descriptor_is_named(data_copy, content):
    (data_copy / "datapackage.json").write_text(content)
    assert "datapackage.json" in str(faults(load_funds, data_copy)[0])


def test_each_file_is_read_once_however_many_tables_point_to_it(data_copy, monkeypatch):
    read, plain = [], reader.read_whole
    monkeypatch.setattr(reader, "read_whole", lambda path, action: read.append(path.name) or plain(path, action))
    tables = load_tables(data_copy).read_all()
    assert sorted(read) == sorted(path.name for path in data_copy.glob("*.csv"))
    assert tables.population is tables.population
    (data_copy / "datapackage.json").unlink()
    assert len(tables.read_all().funds) == 7


def test_tables_are_read_when_asked_for_and_listed(edit, data_copy):
    edit("funds.csv", "521307", "521 307")
    tables = load_tables(data_copy)
    assert tables.folder == data_copy
    assert {"population", "funds", "read_all", "folder"} <= set(dir(tables))
    pd.testing.assert_frame_equal(tables.meetings, load_meetings(data_copy))
    for read in (lambda: tables.funds, tables.read_all):
        with pytest.raises(DataError, match="521 307"):
            read()
    with pytest.raises(AttributeError, match=r"no table popluation.*municipalities, .*population,"):
        tables.popluation  # noqa: B018
    assert copy.copy(tables).meetings is tables.meetings


def test_population_knows_of_how_many_municipalities_it_is_a_selection():
    population, names = load_population(), load_municipalities()["municipality"].tolist()
    salem = population[population["municipality_code"] == "0128"]
    assert population.columns.tolist() == ["municipality_code", "municipality", "year", "population"]
    assert set(salem["municipality"]) == {"Salem"} and salem["municipality"].cat.categories.tolist() == names
