"""A year is filled in in a workbook, or in CSV files, and added whole or not at all."""

import csv
import math
import re
import shutil
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from sodertorn_lib import DataError, cli, load_tables, membership_fees
from sodertorn_lib.checks import check_all
from sodertorn_lib.update.add_year import add_year, read_addition
from sodertorn_lib.update.agreement import sums
from sodertorn_lib.update.new_year import carried, new_year, yearly

from .made_up import ROWS, YEAR
from .office import computed

KINDS = {"integer": int, "number": float, "date": date.fromisoformat}
TO_SAY = 120  # cells beyond amounts and dates that the made-up year takes, with its notes


@pytest.fixture
def tables(data_copy):
    return load_tables(data_copy)


@pytest.fixture
def blank(tables, tmp_path):
    """Return the workbook of the next year as it is written."""
    path = tmp_path / "year.xlsx"
    path.write_bytes(new_year(tables, YEAR, "sv"))
    return path


def made_up(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((ROWS / f"{name}.csv").read_text(encoding="utf-8").splitlines()))


def wanted(name: str) -> list[dict[str, str]]:
    """Return what is filled in: differences of sums are registered, not written."""
    return [row for row in made_up(name) if name != "discrepancies" or row["kind"] != "sum"]


def fill_in(tables, path: Path) -> int:
    """Fill in the made-up year as a person would, and return how many cells beyond amounts and dates that took."""
    book, said = openpyxl.load_workbook(path), 0
    for declared in yearly(tables):
        sheet, fields = book[declared["name"]], declared["schema"]["fields"]
        key = [name for name in declared["schema"]["primaryKey"] if name != "year"]
        there = {
            tuple(row[k] for k in key): n for n, row in enumerate(carried(tables, declared, YEAR).to_dict("records"), 2)
        }
        free = max(there.values(), default=1) + 1
        for row in wanted(declared["name"]):
            own = tuple(row[name] for name in key)
            place, free = (there.pop(own), free) if own in there else (free, free + 1)
            for column, field in enumerate(fields, 1):
                text, cell = row[field["name"]], sheet.cell(place, column)
                value = KINDS.get(field["type"], str)(text) if text else None
                now = cell.value.date() if hasattr(cell.value, "date") else cell.value
                if value != now:
                    cell.value = value
                    said += field["type"] == "string" and field["name"] not in (*key, "chapter")
        if declared["unfilled"] == "kept":
            for place in sorted(there.values(), reverse=True):
                sheet.delete_rows(place)
    book.save(path)
    return said


def test_a_year_filled_in_in_the_workbook_gives_the_rows_of_the_files(tables, blank):
    assert fill_in(tables, blank) <= TO_SAY
    addition = read_addition(blank, tables)
    assert addition.year == YEAR
    for name, rows in addition.rows.items():
        expected = wanted(name)
        assert sorted(map(str, rows.to_dict("records"))) == sorted(map(str, expected)), name
    known = {row["discrepancy_id"] for row in made_up("discrepancies") if row["kind"] == "sum"}
    assert set(addition.differences["discrepancy_id"]) == known
    with pytest.raises(DataError, match=r"need a decision: .*operating_costs.*--register"):
        add_year(addition, tables, register=False)
    add_year(addition, tables, register=True)
    found = list(check_all(tables.folder))
    assert [finding.text for finding in found if not finding.passed] == []
    assert any(f"operating_costs {YEAR}" in finding.text and "+1" in finding.text for finding in found)


def test_the_files_of_a_folder_do_as_well_and_what_was_there_stays_to_the_byte(tables):
    before = {path.name: path.read_bytes() for path in tables.folder.glob("*.csv")}
    add_year(read_addition(ROWS, tables), tables, register=False)
    for name, content in before.items():
        assert (tables.folder / name).read_bytes().startswith(content), name
    assert all(finding.passed for finding in check_all(tables.folder))


def test_the_workbook_has_lists_notes_and_sums_that_agree_once_filled_in(tables, blank):
    book = openpyxl.load_workbook(blank)
    for declared in yearly(tables):
        sheet = book[declared["name"]]
        lists = {str(rule.sqref).split(":", maxsplit=1)[0] for rule in sheet.data_validations.dataValidation}
        for column, field in enumerate(declared["schema"]["fields"], 1):
            head = sheet.cell(1, column)
            assert head.comment and len(head.comment.text) > 20, (declared["name"], head.value)
            assert ("enum" not in field.get("constraints", {})) or f"{head.column_letter}2" in lists
    sums = book["summor"]
    formulas = [sums.cell(row, 2).value for row in range(2, sums.max_row + 1)]
    assert len(formulas) == 8 + len(carried(tables, yearly(tables)[1], YEAR)) and all(
        f.startswith("=") for f in formulas
    )
    opened = sums.cell(2, 2).value
    assert opened.startswith("=SUM(funds!$F$2")
    assert book["fee_rates"]["C2"].value == datetime(YEAR - 1, 12, 31)


def test_the_sheet_of_sums_shows_what_is_carried_where_nothing_computes_it(tables, blank):
    sums = openpyxl.load_workbook(blank, data_only=True)["summor"]
    opened = carried(tables, yearly(tables)[1], YEAR)["opening_sek"].replace("", "0").astype(int).tolist()
    rows = [sum(opened), *[0] * 7, *opened]
    shown = [[cell.value for cell in row[1:]] for row in sums.iter_rows(min_row=2)]
    assert shown == [[value, 0, value, "skiljer sig" if value else None] for value in rows]


def test_the_sheet_of_sums_says_what_agrees_once_the_year_is_filled_in(tables, blank, tmp_path):
    fill_in(tables, blank)
    rows = computed(blank.read_bytes(), tmp_path)["summor"][1:]
    totals = {row["total_id"]: int(row["printed_sek"]) for row in made_up("printed_totals")}
    (fees,) = [int(row["amount_sek"]) for row in made_up("operating_statement") if row["line_id"] == "municipal_fees"]
    names = ("opening_balance", "income", "costs", "closing_balance", "operating_income", "operating_costs")
    printed = [*(totals[name] for name in (*names, "project_costs")), fees]
    assert [int(row[2]) for row in rows[:8]] == printed
    assert [int(row[1]) for row in rows[:8]] == [own + (own == totals["operating_costs"]) for own in printed]
    closing = sorted(int(row["closing_sek"]) for row in made_up("funds"))
    assert sorted(int(row[1]) for row in rows[8:]) == sorted(int(row[2]) for row in rows[8:]) == closing
    told = ["skiljer sig" if row[1] != row[2] else "stämmer" if int(row[1]) else "" for row in rows]
    assert [row[4] for row in rows] == told


@pytest.mark.parametrize("fee", [4, 4.25, 4.5, 4.75])
def test_the_sheet_of_sums_rounds_fees_as_the_house_does(tables, fee):
    blanks = {declared["name"]: getattr(tables, declared["name"])[:0] for declared in yearly(tables)}
    formula = next(line.rows for line in sums(tables, blanks, YEAR, "en") if "ROUND" in line.rows)
    spreadsheet = {
        "ROUND": lambda number, digits: math.floor(number + 0.5),
        "MOD": math.fmod,
        "ISODD": lambda number: number % 2 == 1,
        "AND": lambda *truths: all(truths),
    }
    rates = tables.fee_rates[:1].assign(
        year=YEAR, fee_sek_per_inhabitant=fee, population_date=pd.Timestamp(YEAR - 1, 12, 31)
    )
    formula = re.sub(r"fee_rates!\$[A-Z]\$2", str(fee), formula.removeprefix("=")).replace("=0.5", "==0.5")
    assert eval(formula, spreadsheet) == membership_fees(tables.population, rates)["fee_sek"].sum()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda book: swap(book["funds"], 6, 7), "sheet funds, row 1: has its columns in another order"),
        (
            lambda book: put(book["funds"], "G2", "1 000 kr"),
            "sheet funds, cell G2, column income_sek: '1 000 kr' is not a",
        ),
        (
            lambda book: put(book["funds"], "G2", "=1+1"),
            "sheet funds, cell G2, column income_sek: '=1+1' is a formula without",
        ),
        (lambda book: book.remove(book["meetings"]), "has no sheet meetings"),
        (
            lambda book: put(book["activities"], "F2", "finished"),
            "cell F2, column result: 'finished' is not one of the values",
        ),
        (
            lambda book: put(book["activities"], "C2", "culture"),
            "column focus_area_id: 'culture' is not a focus_area_id of 2021",
        ),
        (
            lambda book: [put(book["events"], f"F{row}", "planned") for row in range(2, 30)],
            "column status: 'planned' cannot be from 2020-12-31 to 2020-12-31: the report is of 2022-01-20",
        ),
        (
            lambda book: put(book["activities"], "L2", "Somewhere else"),
            "sheet activities, cell L2, column place: 'Somewhere else' begins with no heading",
        ),
        (lambda book: put(book["funds"], "A2", 2020), "has the years 2020 in funds, 2021 in fee_rates"),
        (
            lambda book: put(book["funds"], "G2", "#REF!"),
            "sheet funds, cell G2, column income_sek: '#REF!' is an error",
        ),
        (lambda book: book["funds"].insert_cols(5), "sheet funds, row 1: has a column without a name"),
        (lambda book: book["fee_rates"].delete_rows(2), "fee_rates: has no row for 2021"),
        (lambda book: put(book["funds"], "Z1", "mine"), "'mine' is a column that the table does not have"),
    ],
)
def test_what_is_wrong_with_a_workbook_is_named_by_sheet_and_cell_and_nothing_is_written(tables, blank, spoil, said):
    fill_in(tables, blank)
    book = openpyxl.load_workbook(blank)
    spoil(book)
    book.save(blank)
    with pytest.raises(DataError) as error:
        read_addition(blank, tables)
    assert said in str(error.value)


def swap(sheet, one: int, other: int) -> None:
    for row in sheet.iter_rows():
        row[one - 1].value, row[other - 1].value = row[other - 1].value, row[one - 1].value


def put(sheet, cell: str, value: object) -> None:
    sheet[cell] = value


def test_every_fault_of_a_workbook_is_told_at_once(tables, blank):
    fill_in(tables, blank)
    book = openpyxl.load_workbook(blank)
    put(book["funds"], "G2", "a")
    put(book["activities"], "F3", "b")
    put(book["events"], "C4", "c")
    book.save(blank)
    with pytest.raises(DataError) as error:
        read_addition(blank, tables)
    assert list(dict.fromkeys(fault.value for fault in error.value.faults)) == ["a", "b", "c"]


def test_what_is_no_workbook_is_refused(tables, tmp_path):
    path = tmp_path / "year.xlsx"
    for content in (b"", b"no workbook", b"PK\x03\x04 broken"):
        path.write_bytes(content)
        with pytest.raises(DataError, match=r"year\.xlsx: cannot be read as a workbook"):
            read_addition(path, tables)
    with pytest.raises(DataError, match="cannot be read"):
        read_addition(tmp_path / "nothing.xlsx", tables)


def test_a_total_that_does_not_agree_needs_a_decision(tables, tmp_path, monkeypatch, capsys):
    folder = Path(shutil.copytree(ROWS, tmp_path / "rows"))
    text = (folder / "printed_totals.csv").read_text(encoding="utf-8")
    (income,) = [row["printed_sek"] for row in made_up("printed_totals") if row["total_id"] == "income"]
    (folder / "printed_totals.csv").write_text(text.replace(income, str(int(income) + 7)), encoding="utf-8")
    before = {path: path.read_bytes() for path in tables.folder.iterdir()}
    monkeypatch.setenv("SODERTORN_DATA", str(tables.folder))
    assert cli.main(["add-year", str(folder)]) == 1
    shown = capsys.readouterr()
    assert f"{YEAR},income,sum,{int(income) + 7},{income},-7,SEK," in shown.out and "--register" in shown.err
    assert before == {path: path.read_bytes() for path in tables.folder.iterdir()}
    assert cli.main(["add-year", str(folder), "--register", "--dry-run"]) == 0
    assert before == {path: path.read_bytes() for path in tables.folder.iterdir()}
    assert cli.main(["add-year", str(folder), "--register"]) == 0
    assert all(finding.passed for finding in check_all(tables.folder))
    assert cli.main(["add-year", str(folder)]) == 1
    assert "which is already in fee_rates.csv" in capsys.readouterr().err


def test_new_year_does_not_write_over_what_may_be_filled_in(data_copy, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    path = tmp_path / "next.xlsx"
    assert cli.main(["new-year", str(YEAR), "--out", str(path)]) == 0
    before = path.read_bytes()
    assert cli.main(["new-year", str(YEAR), "--out", str(path)]) == 1
    assert "is there already, perhaps filled in" in capsys.readouterr().err and path.read_bytes() == before
    for year in (YEAR - 1, YEAR + 3):
        assert cli.main(["new-year", str(year), "--out", str(tmp_path / "other.xlsx")]) == 1
    said = capsys.readouterr().err
    assert "have 2020 already" in said and "without rows for 2023" in said
    assert not (tmp_path / "other.xlsx").exists()


def test_the_operations_of_the_year_before_go_on_under_their_year(tables):
    funds = carried(tables, yearly(tables)[1], YEAR).set_index("fund_id")
    assert funds.loc["operations_2020", ["label_sv", "opening_sek"]].tolist() == ["Drift från 2020", "188432"]
    assert funds.loc["operations_2020", "place"].endswith("2021, rad Södertörnsamarbetet drift från 2020")
    assert funds.loc["operations", ["label_sv", "opening_sek"]].tolist() == ["Drift 2021", ""]
    assert pd.to_numeric(funds["opening_sek"]).sum() == 1381131


def test_the_operations_go_on_under_their_year_also_where_fewer_are_left_from_before(edit, data_copy):
    printed = "Sammanställning {}, rad Södertörnsamarbetet drift{}"
    for spent, expected in (
        ("operations_2019", ["Drift från 2020", printed.format(2021, " från 2020")]),
        ("operations_2018", ["Drift 2020", printed.format(2020, "")]),
    ):
        rows = (data_copy / "funds.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        edit("funds.csv", next(row for row in rows if spent in row), "")
        copy = load_tables(data_copy)
        funds = carried(copy, yearly(copy)[1], YEAR).set_index("fund_id")
        assert funds.loc["operations_2020", ["label_sv", "place"]].tolist() == expected
        assert funds.loc["operations", "label_sv"] == "Drift 2021"


def test_an_interrupt_between_two_files_leaves_every_table_as_it_was(tables, monkeypatch):
    addition = read_addition(ROWS, tables)
    before = {path.name: path.read_bytes() for path in tables.folder.iterdir()}
    moved, replace = [], Path.replace

    def stopped(path: Path, target: Path) -> Path:
        moved.append(target)
        if len(moved) == 9:  # in the midst of the tables, each moved in two steps
            raise KeyboardInterrupt
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        add_year(addition, tables, register=False)
    assert {path.name: path.read_bytes() for path in tables.folder.iterdir()} == before
    add_year(addition, tables, register=False)
    assert all(finding.passed for finding in check_all(tables.folder))


def test_a_year_without_the_one_before_it_is_refused(tables, tmp_path):
    folder = Path(shutil.copytree(ROWS, tmp_path / "rows"))
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace(f"\n{YEAR},", "\n2030,"), encoding="utf-8")
    with pytest.raises(DataError, match="without rows for 2029"):
        read_addition(folder, tables)


def test_an_edit_that_is_not_registered_is_not_sealed_with_the_year(tables, edit):
    edit("population.csv", "0126,2025,", "0126,2025,9")
    with pytest.raises(DataError, match=r"population\.csv: is not the file that datapackage\.json registers"):
        read_addition(ROWS, tables)


def test_what_a_report_need_not_fill_may_be_lacking_or_empty_in_a_folder(tables, tmp_path):
    folder = Path(shutil.copytree(ROWS, tmp_path / "rows"))
    (folder / "consultations.csv").unlink()
    header, *_ = (folder / "discrepancies.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "discrepancies.csv").write_text(header, encoding="utf-8")
    addition = read_addition(folder, tables)
    assert addition.rows["consultations"].empty and len(addition.differences) == 3
    (folder / "meetings.csv").unlink()
    with pytest.raises(DataError, match=r"meetings\.csv: cannot be read"):
        read_addition(folder, tables)
