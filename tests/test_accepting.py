"""What is accepted is seen: each changed cell, row, rule and jump is told, and asked for, before it is registered."""

import io
import json
import zipfile

import pytest

from sodertorn_lib import cli, load_tables
from sodertorn_lib.checks import check_all
from sodertorn_lib.datapackage import checksum
from sodertorn_lib.registered import REGISTER, registered_tables
from sodertorn_lib.update.add_year import read_addition

from .conftest import HOUSE
from .made_up import ROWS
from .test_cli import contents


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def describe(data_copy, monkeypatch, capsys):
    """Run the command on a copy of the tables; return its exit code, and the lines of what it printed."""
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))

    def described(*arguments: str, answer: str | None = None) -> tuple[int, list[str]]:
        monkeypatch.setattr("sys.stdin", io.StringIO() if answer is None else Terminal(answer))
        code = cli.main(["describe", *arguments])
        return code, capsys.readouterr().out.splitlines()

    return described


def test_a_changed_cell_is_told_by_its_key_and_nothing_is_written_where_nobody_can_be_asked(describe, edit, data_copy):
    edit("population.csv", "0126,2019,112848", "0126,2019,112849")
    before = contents(data_copy)
    told = "population.csv, municipality_code 0126, year 2019, population: 112848 became 112849"
    assert describe() == (1, [told])
    assert contents(data_copy) == before
    code, lines = describe("--yes")
    assert (code, lines[0]) == (0, told)
    assert [line.rpartition("/")[2] for line in lines[1:]] == ["datapackage.json renewed", "registered.zip renewed"]
    assert describe() == (0, ["Everything is as registered: nothing is renewed."])


@pytest.mark.parametrize(("answer", "code"), [("y\n", 0), ("Yes\n", 0), ("n\n", 1), ("\n", 1), ("", 1)])
def test_at_a_terminal_it_asks(describe, edit, data_copy, answer, code):
    edit("funds.csv", "Concerns the systems", "Is for the systems")
    before = contents(data_copy)
    done, lines = describe(answer=answer)
    assert done == code
    assert lines[1].startswith("Accept? [y/N] ")
    assert (contents(data_copy) == before) == bool(code)
    assert all(finding.passed for finding in check_all(data_copy)) != bool(code)


CLIMATE = "year 2020, forum_id climate, meeting_type ordinary, form physical"
CLIMATE_ROW = (
    "2020,climate,ordinary,physical,Klimatstrategerna,Climate strategists,1,,3.1,Nätverket för klimatstrategier"
)
FEES = (
    "label_sv Intäkt från kommunerna, label_en Income from the municipalities, kind income, amount_sek 2012800, "
    "chapter 7, place Södertörnsamarbetet drift, rad Intäkt kommunerna"
)


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (
            "meetings.csv",
            f"{CLIMATE_ROW}\n",
            "",
            [
                f"meetings.csv, {CLIMATE}: lost row, label_sv Klimatstrategerna, label_en Climate strategists, "
                "meetings 1, chapter 3.1, place Nätverket för klimatstrategier"
            ],
        ),
        (
            "population_published.csv",
            "\n2020-12-31,",
            "\n2018-12-31,Södertörn,496201,,,,Somebody,https://example.org/\n2020-12-31,",
            [
                "population_published.csv, date 2018-12-31, region Södertörn: new row, population 496201, "
                "publisher Somebody, url https://example.org/"
            ],
        ),
        (
            "operating_statement.csv",
            "2020,municipal_fees,",
            "2020,fees_of_all,",
            [
                f"operating_statement.csv, year 2020, line_id fees_of_all: new row, {FEES}",
                f"operating_statement.csv, year 2020, line_id municipal_fees: lost row, {FEES}",
            ],
        ),
        (
            "retrievals.csv",
            "population,2025,TAB5557,\n",
            "population,2025,TAB5557,2026-02-24\n",
            ["retrievals.csv, table_name population, year 2025, retrieved_date: blank became 2026-02-24"],
        ),
        (
            "municipalities.csv",
            "0126,Huddinge\n0127,Botkyrka\n",
            "0127,Botkyrka\n0126,Huddinge\n",
            ["municipalities.csv: its rows stand in another order"],
        ),
        (
            "municipalities.csv",
            "0126,Huddinge\n",
            '0126,"Huddinge"\n',
            ["municipalities.csv: the same cells, written otherwise (line ends, quotation marks or separators)"],
        ),
        (
            "datapackage.json",
            '"timesYearBefore": 1.05',
            '"timesYearBefore": 1.5',
            ["datapackage.json, persons_per_household, persons_per_household, timesYearBefore: 1.05 became 1.5"],
        ),
    ],
    ids=["lost row", "new row", "key", "blank", "order", "form", "rule"],
)
def test_each_kind_of_change_is_told(describe, edit, file, old, new, told):
    edit(file, old, new)
    assert describe() == (1, told)


def test_a_change_larger_than_any_that_was_registered_is_told(describe, edit):
    county = load_tables(HOUSE).population_reference.query("region_code == '01'").set_index("year")["population"]
    (before, last), year = county.iloc[-2:], county.index[-1]
    usual, larger, row = int(before * (1 + county.pct_change().max())), round(1.05 * before), f"01,{year},"
    edit("population_reference.csv", f"{row}{last}", f"{row}{usual}")
    assert len(describe()[1]) == 1  # the cell
    edit("population_reference.csv", f"{row}{usual}", f"{row}{larger}")
    assert describe()[1] == [
        f"population_reference.csv, region_code 01, year {year}, population: {last} became {larger}",
        f"population_reference.csv, 01 in {year}, population: would be +5.00 per cent on the year before, "
        "a larger rise than any stored there",
    ]


def test_a_long_list_is_cut_off_and_counted_without_hiding_what_changed_elsewhere(describe, edit, data_copy):
    table = (data_copy / "boundaries.csv").read_text(encoding="utf-8")
    (data_copy / "boundaries.csv").write_text(table.replace(",654", ",655"), encoding="utf-8")
    edit("funds.csv", "Concerns the systems", "Is for the systems")
    changed = table.count(",654")
    _, lines = describe()
    assert sum(line.startswith("boundaries.csv, ") for line in lines) == 20
    assert f"... and {changed - 20} more." in lines
    assert any(
        line.startswith("funds.csv, year 2020, fund_id growth_agency_grant, note_en: Concerns") for line in lines
    )


def test_what_is_edited_while_it_is_asked_is_not_accepted_unseen(describe, edit, data_copy, monkeypatch, capsys):
    edit("funds.csv", "Concerns the systems", "Is for the systems")
    before = contents(data_copy)

    class Slow(Terminal):
        def readline(self, *_: object) -> str:
            edit("population.csv", "0126,2019,112848", "0126,2019,112448")
            return "y"

    monkeypatch.setattr("sys.stdin", Slow())
    assert cli.main(["describe"]) == 1
    assert "was edited while it was asked. Look at the changes again." in capsys.readouterr().err
    assert {name for name, content in contents(data_copy).items() if content != before[name]} == {"population.csv"}


def test_nothing_is_registered_where_the_answers_cannot_be_written(describe, edit, data_copy, tmp_path):
    edit("funds.csv", "Concerns the systems", "Is for the systems")
    before = contents(data_copy)
    assert describe("--yes", "--answers", str(tmp_path / "NOTES.md"))[0] == 1
    assert contents(data_copy) == before


def test_a_mark_that_lacks_its_end_is_named_in_the_document_that_was_given(tmp_path, capsys):
    (tmp_path / "NOTES.md").write_text("<!-- answers: begin -->\n", encoding="utf-8")
    assert cli.main(["describe", "--yes", "--answers", str(tmp_path / "NOTES.md")]) == 1
    assert capsys.readouterr().err.startswith("NOTES.md: has <!-- answers: begin --> without")


def test_checksums_that_were_written_by_hand_do_not_hide_an_edit(edit, data_copy):
    path = data_copy / "population.csv"
    before = checksum(path.read_bytes())
    edit("population.csv", "0126,2019,112848", "0126,2019,112448")
    edit("datapackage.json", before["hash"], checksum(path.read_bytes())["hash"])
    failed = [finding.text for finding in check_all(data_copy) if not finding.passed]
    assert any(text.startswith("population.csv: is not the file that registered.zip keeps") for text in failed)


def test_what_is_registered_can_be_large_and_read_again(data_copy):
    large = {f"own{number}.csv": "a" * 1_200_000 for number in range(2)}
    (data_copy / REGISTER).write_bytes(zipped(**registered(data_copy), **large))
    with registered_tables(data_copy) as tables:
        assert (tables.folder / "own1.csv").stat().st_size == 1_200_000


def test_a_register_that_lacks_a_table_is_named(data_copy, describe, capsys):
    parts = registered(data_copy)
    del parts["funds.csv"]
    (data_copy / REGISTER).write_bytes(zipped(**parts))
    assert cli.main(["describe", "--yes"]) == 1
    assert f"{REGISTER}: lacks funds.csv. Copy it anew from the repository." in capsys.readouterr().err
    assert not all(finding.passed for finding in check_all(data_copy))


def registered(folder) -> dict[str, str]:
    """Return what was registered in a folder, by file."""
    with zipfile.ZipFile(folder / REGISTER) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def test_blank_figures_of_a_table_of_ones_own_are_told_and_taken(describe, data_copy):
    with_own_series(data_copy, "0126,2019,\n0126,2020,5\n", {})
    assert describe("--yes")[0] == 0
    assert all(finding.passed for finding in check_all(data_copy))
    with_own_series(data_copy, "0126,2019,\n0126,2020,\n", {"timesOtherYears": 3})
    assert describe("--yes")[0] == 0
    assert load_tables(data_copy).own["figure"].isna().all()


def with_own_series(folder, rows: str, rules: dict) -> None:
    """Let a folder have a table of its own with a figure for each year."""
    path = folder / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    (population,) = [table for table in package["resources"] if table["name"] == "population"]
    key = [field for field in population["schema"]["fields"] if field["name"] in ("municipality_code", "year")]
    fields = [*key, {"name": "figure", "type": "integer", "title": "Figure", **rules}]
    schema = {"fields": fields, "primaryKey": population["schema"]["primaryKey"]}
    own = population | {"name": "own", "path": "own.csv", "schema": schema}
    package["resources"] = [*(table for table in package["resources"] if table["name"] != "own"), own]
    path.write_text(json.dumps(package), encoding="utf-8")
    (folder / "own.csv").write_text(f"municipality_code,year,figure\n{rows}", encoding="utf-8")


def test_what_the_descriptor_says_beside_the_tables_is_told_whatever_it_is(describe, data_copy):
    path = data_copy / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8")) | {"contributors": [{"name": 5}]}
    path.write_text(json.dumps(package), encoding="utf-8")
    code, lines = describe()
    assert (code, lines[-1]) == (1, "datapackage.json, contributors, 5, name: nothing became 5")


def test_a_column_that_is_new_is_told_with_its_declaration(describe, data_copy):
    package = json.loads((data_copy / "datapackage.json").read_text(encoding="utf-8"))
    package["resources"][0]["schema"]["fields"].append({"name": "area_km2", "type": "integer", "title": "Area"})
    (data_copy / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    header, *rows = (data_copy / "municipalities.csv").read_text(encoding="utf-8").splitlines()
    (data_copy / "municipalities.csv").write_text("\n".join([f"{header},area_km2", *(f"{r},9" for r in rows), ""]))
    code, lines = describe()
    assert code == 1
    assert 'datapackage.json, municipalities, area_km2, type: nothing became "integer"' in lines
    assert "municipalities.csv, municipality_code 0126, area_km2: blank became 9" in lines


def test_a_folder_copied_before_there_was_a_register_is_held_against_the_tables_of_the_library(
    describe, edit, data_copy
):
    (data_copy / REGISTER).unlink()
    edit("funds.csv", "521307", "521308")
    assert describe()[1] == ["funds.csv, year 2020, fund_id sodertorn_model, opening_sek: 521307 became 521308"]
    assert describe("--yes")[0] == 0
    assert (data_copy / REGISTER).exists()


def zipped(compression: int = zipfile.ZIP_STORED, **files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"PK\x03\x04 broken",
            ": cannot be read as a copy of what was registered (BadZipFile: File is not a zip file)",
        ),
        (zipped(**{"../datapackage.json": "{}"}), ": holds other files than tables and datapackage.json"),
        (zipped(zipfile.ZIP_DEFLATED, a="a" * 10_000), ": holds other files than tables and datapackage.json"),
        (zipped(**{"datapackage.json": "{"}), ", datapackage.json: is not JSON"),
        (zipped(**{"datapackage.json": '{"resources": 5}'}), ", datapackage.json, resources: '5' is not a list"),
    ],
    ids=range(5),  # the content has the time in it
)
def test_a_register_that_cannot_be_read_is_named(data_copy, describe, capsys, content, said):
    (data_copy / REGISTER).write_bytes(content)
    assert cli.main(["describe", "--yes"]) == 1
    assert f"registered.zip{said}" in capsys.readouterr().err
    assert not (data_copy.parent / "datapackage.json").exists()


def test_the_register_of_the_repository_is_of_its_tables():
    with zipfile.ZipFile(HOUSE / REGISTER) as archive:
        files = {table["path"] for table in load_tables(HOUSE).package["resources"]}
        assert {*archive.namelist()} == {"datapackage.json", *files}
        assert all(archive.read(name) == (HOUSE / name).read_bytes() for name in archive.namelist())


def test_a_rule_that_was_taken_out_is_found_by_the_check_and_not_sealed_with_a_year(edit, data_copy):
    edit("datapackage.json", '"timesYearBefore": 1.05', '"timesYearBefore": 1.5')
    (text,) = [finding.text for finding in check_all(data_copy) if not finding.passed]
    assert text.startswith("datapackage.json: declares persons_per_household.csv otherwise than was registered")
    with pytest.raises(ValueError, match=r"declares persons_per_household\.csv otherwise"):
        read_addition(ROWS, load_tables(data_copy))


def test_to_register_again_changes_no_byte(describe, data_copy):
    before = contents(data_copy)
    assert describe("--yes")[0] == 0
    assert contents(data_copy) == before


def test_a_register_of_what_is_no_figure_is_named(data_copy, describe, capsys):
    parts = registered(data_copy)
    changed = parts | {"population.csv": parts["population.csv"].replace(",21086", ",x")}
    assert changed != parts
    (data_copy / REGISTER).write_bytes(zipped(**changed))
    assert cli.main(["describe", "--yes"]) == 1
    assert "registered.zip: cannot be read as a copy of what was registered (ValueError: " in capsys.readouterr().err
