"""The command, as it is typed."""

import errno
import io
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from pptx import Presentation

import sodertorn_lib
from sodertorn_lib import Scenario, __version__, answers, charts, cli, load_funds, load_population, wording
from sodertorn_lib.charts import CHARTS, COMPARISONS, Chart, fee_by_municipality
from sodertorn_lib.charts.charted import disagreeing
from sodertorn_lib.display import show
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.files import LOCK
from sodertorn_lib.publish import press
from sodertorn_lib.publish.templates import HOUSE_TEMPLATE

from .conftest import MEASURED


@pytest.fixture
def on_copy(data_copy, monkeypatch):
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    return data_copy


def test_version_and_help(capsys):
    commands = (
        "publish",
        "charts",
        "deck",
        "workbook",
        "notebooks",
        "new-year",
        "add-year",
        "what-if",
        "check",
        "describe",
    )
    commands = (*commands, "refresh")
    for arguments in (["--version"], ["--help"], *([command, "--help"] for command in commands)):
        with pytest.raises(SystemExit) as stop:
            cli.main(arguments)
        assert stop.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_check_passes_with_a_line_for_each_thing(capsys):
    assert cli.main(["check"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert all(line.startswith("ok") for line in lines[:-1])
    assert lines[-1] == f"{len(lines) - 1} checks, 0 failed"
    assert any("operating_costs 2020" in line and "registered difference +1" in line for line in lines)


def test_check_names_the_culprit_and_exits_with_1(on_copy, edit, capsys):
    edit("funds.csv", "521307", "521308")
    edit("population.csv", "0126,2020,113234", "0126,2020,113235")
    assert cli.main(["check"]) == 1
    failed = "".join(line for line in capsys.readouterr().out.splitlines() if line.startswith("FAILED"))
    for culprit in ("funds.csv", "population.csv", "fund_sodertorn_model 2020", "published_population 2020"):
        assert culprit in failed


def test_check_of_an_unreadable_table_shows_row_and_column(on_copy, edit, capsys):
    edit("funds.csv", "521307", "521 307")
    assert cli.main(["check"]) == 1
    assert "funds.csv, row 3, column opening_sek: '521 307' is not a whole number" in capsys.readouterr().out


@pytest.fixture
def undrawn(monkeypatch):
    """Let the commands write charts without their pictures, which take long: for checks of what else is written."""
    monkeypatch.setattr(Chart, "render", lambda *_, **__: b"")
    monkeypatch.setattr(press, "made", lambda jobs, about: {name: own for job in jobs for name, own in job().items()})


@pytest.fixture
def texts(tmp_path, monkeypatch):
    """Let the commands take their words from a copy; return the folder."""
    copy = Path(shutil.copytree(wording.FOLDER, tmp_path / "texts"))
    monkeypatch.setattr(wording, "FOLDER", copy)
    wording.read_texts.cache_clear()
    yield copy
    wording.read_texts.cache_clear()


def reword(folder: Path, old: str, new: str, lang: str = "sv") -> None:
    text = (folder / f"{lang}.toml").read_text(encoding="utf-8")
    assert old in text
    (folder / f"{lang}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")


TITLE = 'title.ranked = "{largest} betalar mest'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            TITLE,
            'title.ranked = "{storst} betalar mest',
            "fee_by_municipality.title.ranked: has the placeholder storst, which the other",
        ),
        (
            TITLE,
            'title.ranked = "{largest betalar mest',
            "fee_by_municipality.title.ranked: has a brace without its pair",
        ),
        (TITLE, 'title.ranked = "{largest} "betalar" mest', "texts/sv.toml: cannot be read: .*line"),
        (
            TITLE,
            'titel.ranked = "{largest} betalar mest',
            "fee_by_municipality.titel.ranked: stands in this language only",
        ),
        ('skip = "Till diagrammen"', "skip = 5", "page.skip: is not a text"),
        (
            TITLE,
            'title.ranked = "{largest} betalar mest, 451 393 kr,',
            "fee_by_municipality.title.ranked: has a figure outside of braces that the other language does not have",
        ),
    ],
)
def test_a_slip_in_the_texts_is_named_by_check_and_stops_what_is_written(texts, tmp_path, capsys, old, new, said):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "deck.pptx").write_text("of yesterday")
    reword(texts, old, new)
    assert cli.main(["check"]) == 1
    failed = [line for line in capsys.readouterr().out.splitlines() if line.startswith("FAILED")]
    assert any(re.search(said, line) for line in failed)
    assert cli.main(["deck", "--lang", "sv", "--out", str(tmp_path / "out" / "deck.pptx")]) == 1
    assert "texts/sv.toml" in capsys.readouterr().err
    assert (tmp_path / "out" / "deck.pptx").read_text() == "of yesterday"


def test_a_text_may_say_less_than_in_the_other_language_and_begin_with_a_byte_order_mark(texts, capsys):
    reword(
        texts,
        "{largest} betalar mest, {largest_fee:kr}, och {smallest} minst, {smallest_fee:kr}",
        "{largest} betalar mest",
    )
    text = (texts / "sv.toml").read_text(encoding="utf-8")
    (texts / "sv.toml").write_text(text, encoding="utf-8-sig")
    assert cli.main(["check"]) == 0
    assert fee_by_municipality(MEASURED.fees, "sv").words.title == "Huddinge betalar mest"


def test_a_year_that_the_county_lacks_is_named_where_it_is_needed(undrawn, on_copy, tmp_path, capsys):
    with (on_copy / "population.csv").open("a", encoding="utf-8") as table:
        last = load_population().query("year == 2025")[["municipality_code", "population"]].to_numpy()
        table.writelines(f"{code},2026,{population}\n" for code, population in last)
    assert cli.main(["charts", "--lang", "sv", "--format", "svg", "--anyway", "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr()
    assert "population_reference.csv: ends in 2025 and population.csv in 2026" in said.out + said.err
    assert (tmp_path / "out" / "sv" / "population_total.svg").exists()


def test_a_deck_does_not_replace_its_template(tmp_path, capsys):
    shutil.copy(HOUSE_TEMPLATE, tmp_path / "own.pptx")
    path = str(tmp_path / "own.pptx")
    assert cli.main(["deck", "--out", path, "--template", path]) == 1
    assert "own.pptx: is the template itself" in capsys.readouterr().err
    assert (tmp_path / "own.pptx").read_bytes() == HOUSE_TEMPLATE.read_bytes()


def test_describe_accepts_an_intended_edit(on_copy, edit, capsys):
    edit("funds.csv", "Concerns the systems", "Is for the systems")
    assert cli.main(["check"]) == 1
    assert cli.main(["describe", "--yes"]) == 0
    assert cli.main(["check"]) == 0
    edit("funds.csv", "521307", "521 307")
    assert cli.main(["describe", "--yes"]) == 1
    assert "521 307" in capsys.readouterr().err


def test_who_edits_the_tables_is_alone_with_them_from_before_they_are_read(on_copy, monkeypatch):
    commands = {"_describe": ["describe"], "_add_year": ["add-year", "2021.xlsx"], "_refresh": ["refresh"]}
    for name, command in commands.items():
        monkeypatch.setattr(cli, name, lambda options: int((on_copy / LOCK).exists()))
        assert cli.main(command) == 1
        assert name == "_describe" or cli.main([*command, "--dry-run"]) == 0


def test_charts_writes_picture_data_and_alt_text(few, tmp_path, capsys):
    assert cli.main(["charts", "--lang", "en", "--format", "pdf", "--out", str(tmp_path)]) == 0
    expected = {f"{draw.__name__}.{suffix}" for draw in few for suffix in ("pdf", "csv", "txt")}
    assert {path.name for path in (tmp_path / "en").iterdir()} == expected
    assert [path.name for path in tmp_path.iterdir()] == ["en"]
    assert all(path.stat().st_size > 0 for path in (tmp_path / "en").iterdir())


def test_charts_from_faulty_tables_writes_nothing(on_copy, edit, tmp_path, capsys):
    edit("events.csv", "2020-03-19", "19/3 2020")
    assert cli.main(["charts", "--out", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()
    assert "events.csv, row 13, column start_date" in capsys.readouterr().err


def test_what_a_year_lacks_is_said_and_the_rest_is_drawn(undrawn, on_copy, edit, tmp_path, capsys):
    (on_copy / "projects.csv").write_text(f"{(on_copy / 'projects.csv').read_text(encoding='utf-8').splitlines()[0]}\n")
    edit("projects.csv", "\n", "\n2019,study,analysis,Studie,Study,Ett AB,,9,,5,Table\n")
    (tmp_path / "sv").mkdir()
    (tmp_path / "sv" / "project_costs.svg").write_text("of the year before")
    options = ["charts", "--lang", "sv", "--format", "svg", "--anyway", "--out", str(tmp_path), "--year", "2020"]
    assert cli.main(options) == 0
    said = capsys.readouterr().out
    assert "sv/project_costs is not drawn: projects.csv: has no row for 2020" in said
    assert (tmp_path / "sv" / "population_total.svg").exists()
    assert not (tmp_path / "sv" / "project_costs.svg").exists()


def test_a_year_that_only_some_tables_have_is_refused_in_one_sentence(on_copy, tmp_path, capsys):
    year = str(max(load_funds(on_copy)["year"]) + 1)
    with (on_copy / "printed_totals.csv").open("a", encoding="utf-8") as table:
        table.write(f"{year},closing_balance,Utgående balans,Closing balance,100,table,,7,Summary table\n")
    for options in (["--out", str(tmp_path / "out")], ["--out", str(tmp_path / "out"), "--year", year]):
        assert cli.main(["publish", *options]) == 1
        said = capsys.readouterr().err
        assert f"without rows for {year}, which printed_totals.csv has" in said and "have 2020 whole" in said
        assert " funds.csv" in said and " meetings.csv" in said and not (tmp_path / "out").exists()


def test_rows_of_a_year_whose_accounts_are_not_there_change_nothing(undrawn, on_copy, all_charts, tmp_path, capsys):
    rows = {
        "operating_statement.csv": "2021,personnel,Personal,Personnel,cost,5,7,Table",
        "funds.csv": "2021,operations,operations,Drift,Operations,,1,,1,,,7,Table",
        "projects.csv": "2021,study,analysis,Studie,Study,,,9,8,5,Table",
        "fee_rates.csv": "2021,5,2020-12-31,7,Table",
        "meetings.csv": "2021,committee,ordinary,digital,Kommittén,The committee,9,,6,Table",
    }
    for file, row in rows.items():
        with (on_copy / file).open("a", encoding="utf-8") as table:
            table.write(f"{row}\n")
    assert cli.main(["charts", "--lang", "en", "--format", "svg", "--anyway", "--out", str(tmp_path)]) == 0
    assert "is not drawn" not in capsys.readouterr().out
    for draw in CHARTS:
        written = (tmp_path / "en" / f"{draw.__name__}.txt").read_text(encoding="utf-8")
        assert written == f"{disagreeing(all_charts[draw.__name__, 'en']).words.alt}\n"


def test_a_cost_without_an_amount_is_left_out(undrawn, on_copy, tmp_path, capsys):
    with (on_copy / "projects.csv").open("a", encoding="utf-8") as table:
        table.write("2020,study,analysis,Studie,Study,,,,7,5,Table\n")
    assert cli.main(["charts", "--lang", "en", "--format", "svg", "--anyway", "--out", str(tmp_path)]) == 0
    assert "is not drawn" not in capsys.readouterr().out
    assert "3 projects" in (tmp_path / "en" / "project_costs.txt").read_text(encoding="utf-8")


def stopping(number: int):
    def timeline(**tables):
        signal.raise_signal(number)

    return timeline


ALL_WRITING = pytest.mark.parametrize(
    "command",
    [["publish"], ["charts", "--format", "svg"], ["workbook"], ["deck"]],
    ids=lambda command: command[0],
)


def into(command: list[str], folder: Path) -> list[str]:
    return [*command, "--out", str(folder / "slides.pptx" if command == ["deck"] else folder)]


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def old(tmp_path) -> dict[str, bytes]:
    """Let there be what every command would write, of another day; return it."""
    names = [f"sodertorn_{lang}.{kind}" for lang in ("sv", "en") for kind in ("pptx", "xlsx")]
    names += [f"{lang}/timeline.{kind}" for lang in ("sv", "en") for kind in ("png", "svg", "csv", "txt")]
    for name in (*names, "index.html", "slides.pptx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{name} of another day")
    return contents(tmp_path)


@ALL_WRITING
@pytest.mark.parametrize("accepted", [False, True])
def test_what_does_not_agree_is_not_written(few, on_copy, edit, tmp_path, capsys, command, accepted):
    edit("operating_statement.csv", "1444300", "14443000")
    assert not accepted or cli.main(["describe", "--yes"]) == 0
    assert cli.main(into(command, tmp_path / "out")) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        f"sodertorn check: finds {4 - accepted} faults, so nothing is written. Mend them; or give --a"
    )
    assert "operating_costs 2020: printed 1,824,368, recomputed 14,823,069" in said
    assert not (tmp_path / "out").exists()


@ALL_WRITING
def test_an_edit_that_is_accepted_and_whose_difference_is_registered_is_written(few, on_copy, edit, tmp_path, command):
    edit("funds.csv", "Concerns the systems", "Is for the systems")
    assert cli.main(into(command, tmp_path / "out")) == 1
    assert cli.main(["describe", "--yes"]) == 0
    assert cli.main(into(command, tmp_path / "out")) == 0
    assert contents(tmp_path / "out")


def test_what_is_drawn_anyway_says_that_its_figures_do_not_agree(few, on_copy, edit, tmp_path, capsys):
    few[1] = charts.ranked_costs
    edit("operating_statement.csv", "1444300", "14443000")
    assert cli.main(["publish", "--anyway", "--out", str(tmp_path)]) == 0
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    for lang, said in (("sv", "Siffrorna stämmer inte."), ("en", "The figures do not agree.")):
        slides = Presentation(tmp_path / f"sodertorn_{lang}.pptx").slides
        texts = [[shape.text_frame.text for shape in slide.shapes if shape.has_text_frame] for slide in slides]
        assert sum(any(said in text for text in own) for own in texts) == len(few)
        assert sum(said in slide.notes_slide.notes_text_frame.text for slide in slides if slide.has_notes_slide) >= len(
            few
        )
        assert page.count(said) >= len(few)
        sheets = load_workbook(tmp_path / f"sodertorn_{lang}.xlsx").worksheets
        cells = [str(cell.value) for sheet in sheets for row in sheet for cell in row]
        assert sum(said in cell for cell in cells) >= len(few)
    edit("operating_statement.csv", "14443000", "1444300")
    assert cli.main(["publish", "--anyway", "--out", str(tmp_path)]) == 0
    assert "stämmer inte" not in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_slides_are_listed_from_tables_that_do_not_agree(on_copy, edit, capsys):
    edit("operating_statement.csv", "1444300", "14443000")
    assert cli.main(["deck", "--list"]) == 0
    assert "ranked_costs" in capsys.readouterr().out


@pytest.fixture
def heard():
    """Let an interrupt be heard, also where the tests run in the background of a shell that lets none through."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@ALL_WRITING
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_what_was_there(few, old, heard, tmp_path, capsys, command, number):
    handler = signal.getsignal(signal.SIGTERM)
    few[1] = stopping(number)
    assert cli.main(into(command, tmp_path)) == 1
    assert "Stopped." in capsys.readouterr().err
    assert contents(tmp_path) == old
    assert signal.getsignal(signal.SIGTERM) == handler


@ALL_WRITING
def test_a_full_disk_leaves_what_was_there(few, old, tmp_path, capsys, monkeypatch, command):
    write = Path.write_bytes

    def full(path: Path, content: bytes) -> int:
        write(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(Path, "write_bytes", full)
    assert cli.main(into(command, tmp_path)) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert contents(tmp_path) == old


@ALL_WRITING
def test_a_folder_that_cannot_be_made_is_named(few, tmp_path, capsys, command):
    (tmp_path / "taken").write_text("a file")
    assert cli.main(into(command, tmp_path / "taken")) == 1
    assert "taken" in capsys.readouterr().err
    assert (tmp_path / "taken").read_text() == "a file"


def test_old_files_of_a_chart_that_is_not_drawn_go_only_once_the_others_are_written(few, heard, tmp_path, capsys):
    assert cli.main(["charts", "--format", "svg", "--out", str(tmp_path)]) == 0
    drawn, timeline = contents(tmp_path), few[1]

    def fee_by_municipality(**tables):
        raise DataError(Fault("fee_rates.csv", "lacks a year", "Add it."))

    few[:] = [fee_by_municipality, stopping(signal.SIGINT)]
    assert cli.main(["charts", "--format", "svg", "--out", str(tmp_path)]) == 1
    assert contents(tmp_path) == drawn
    few[1] = timeline
    assert cli.main(["charts", "--format", "svg", "--out", str(tmp_path)]) == 0
    assert set(contents(tmp_path)) == {file for file in drawn if "timeline" in file}


def test_publish_writes_everything_the_same_each_time(few, tmp_path, capsys):
    assert cli.main(["publish", "--out", str(tmp_path)]) == 0
    first = contents(tmp_path)
    office = {f"sodertorn_{lang}.{kind}" for lang in ("sv", "en") for kind in ("pptx", "xlsx")}
    drawn = {
        f"{lang}/{name}.{kind}"
        for lang in ("sv", "en")
        for name in ("fee_by_municipality", "timeline")
        for kind in ("png", "svg", "csv", "txt")
    }
    assert set(first) == office | drawn | {"index.html"}
    assert cli.main(["publish", "--out", str(tmp_path)]) == 0
    assert contents(tmp_path) == first
    for lang, start in (("sv", "Huddinge betalar"), ("en", "Huddinge pays")):
        slides = Presentation(tmp_path / f"sodertorn_{lang}.pptx").slides
        assert any(slide.shapes.title.text.startswith(start) for slide in slides)
    assert "4 charts" in capsys.readouterr().out


def test_what_is_compared_is_published_where_there_is_a_year_before_and_goes_where_there_is_none(
    few, made_up, monkeypatch, tmp_path, capsys
):
    monkeypatch.setenv("SODERTORN_DATA", str(made_up.tables.folder))
    monkeypatch.setattr(press, "ANSWERS", [answers.membership_fee, answers.year_on_year])
    assert cli.main(["publish", "--out", str(tmp_path)]) == 0
    compared = {draw.__name__ for draw in COMPARISONS}
    assert compared <= {path.stem for path in (tmp_path / "sv").glob("*.png")}
    assert "Fees, two years" in load_workbook(tmp_path / "sodertorn_en.xlsx").sheetnames
    question = "What changed from the year before?"
    assert question in (tmp_path / "index.html").read_text(encoding="utf-8")
    monkeypatch.delenv("SODERTORN_DATA")
    capsys.readouterr()
    assert cli.main(["publish", "--out", str(tmp_path)]) == 0
    assert not compared & {path.stem for path in tmp_path.rglob("*.*")}
    assert "is not drawn" not in capsys.readouterr().out
    assert question not in (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "Fees, two years" not in load_workbook(tmp_path / "sodertorn_en.xlsx").sheetnames


def test_nothing_heavy_is_imported_before_it_is_needed():
    heavy = "{'matplotlib', 'frictionless', 'tqdm'}"
    code = "import sys, sodertorn_lib; assert 'babel' not in sys.modules; import sodertorn_lib.cli; "
    code += f"assert not {heavy} & set(sys.modules); assert sodertorn_lib.answers.ANSWERS and sodertorn_lib.show"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_imported_late_is_the_module_or_what_it_defines():
    assert [sodertorn_lib.__getattr__(name) for name in ("answers", "charts", "show")] == [answers, charts, show]
    with pytest.raises(AttributeError, match="has no attribute 'Answers'"):
        sodertorn_lib.__getattr__("Answers")


def test_letters_that_an_output_lacks_are_no_error(on_copy, edit, monkeypatch):
    edit("municipalities.csv", "Nynäshamn", "Nynäshamm")
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), "ascii"))
    assert cli.main(["describe"]) == 1
    assert b"Nyn?shamn became Nyn?shamm" in sys.stdout.buffer.getvalue()


def test_the_installed_command_answers():
    answer = subprocess.run([sys.executable, "-m", "sodertorn_lib.cli", "--version"], capture_output=True, check=True)
    assert __version__ in answer.stdout.decode()


def test_what_if_prints_table_and_answer_and_writes_chart_fees_and_deck(tmp_path, capsys):
    asked = ["--fee", "4.5", "--from", "2027", "--cost-growth", "3", "--growth", "Huddinge=1", "--lang", "en"]
    more = ["--line-growth", "personnel=4", "--one-off", "2028=100000", "--funds", "500000", "--whose", "The office"]
    places = ["--year", "2020", "--out", str(tmp_path), "--deck", str(tmp_path / "slides.pptx")]
    assert cli.main(["what-if", *asked, *more, *places]) == 0
    told = capsys.readouterr().out
    scenario = Scenario(
        from_year=2027,
        fee_sek_per_inhabitant=4.5,
        cost_growth_percent=3,
        line_growth_percent={"personnel": 4},
        growth_percent={"Huddinge": 1},
        one_off_sek={2028: 100_000},
        usable_sek=500_000,
        whose="The office",
    )
    chart = charts.what_if(MEASURED.scenario(scenario), "en")
    assert answers.what_if(MEASURED.tables, 2020, "en", what_if=chart.data).text in told
    rows = [line.split() for line in told.splitlines() if re.match(r"20\d\d ", line)]
    assert [int(row[0]) for row in rows] == chart.data["year"].tolist()
    assert [int(row[6].replace(",", "").replace("−", "-")) for row in rows] == chart.data[
        "money_left_sek"
    ].round().tolist()
    written = {f"what_if.{kind}" for kind in ("png", "svg", "csv", "txt")} | {"what_if_fees.csv", "slides.pptx"}
    assert set(contents(tmp_path)) == written
    assert (tmp_path / "what_if.png").read_bytes() == chart.render("png", dpi=144)
    assert (tmp_path / "what_if_fees.csv").read_text(encoding="utf-8").count("Huddinge") == len(rows)
    slides = Presentation(tmp_path / "slides.pptx").slides
    titles = [slide.shapes.title.text.replace("\v", " ") for slide in slides]
    assert chart.words.title in titles and chart.words.title.startswith("Scenario: ")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--growth", "Hudinge=1"], "growth_percent: 'Hudinge' is not known. Choose from Huddinge, Botkyrka"),
        (["--line-growth", "personal=4"], "line_growth_percent: 'personal' is not known. Choose from personnel"),
        (["--from", "2020"], "from_year: '2020' is outside. Give a year after the accounts of 2020, to 2036"),
        (["--one-off", "2037=1"], "one_off_sek: '2037' is outside. Give a year after the accounts of 2020, to 2036"),
        (["--one-off", "soon=1"], "--one-off: 'soon' is no year. Write it as 2028=100000"),
        (["--fee", "-4"], "fee_sek_per_inhabitant: '-4' is beyond reason. Give a number from 0 to 1000"),
        (["--growth", "51"], "growth_percent: '51' is beyond reason. Give a number from -50 to 50"),
        (["--growth", "Salem=-51"], "growth_percent, Salem: '-51' is beyond reason"),
        (["--growth", "1", "--growth", "Salem=2"], "'1' is of all municipalities, and given once more"),
        (["--growth", "Salem=1", "--growth", "Salem=2"], "--growth: 'Salem' is given twice"),
        (["--whose", ""], "whose: '' cannot stand in a source line. Write a name on one line"),
        (["--year", "1999"], "are without rows for 1999"),
    ],
)
def test_what_cannot_be_assumed_is_named_and_nothing_is_written(tmp_path, capsys, asked, said):
    assert cli.main(["what-if", *asked, "--out", str(tmp_path)]) == 1
    assert said in capsys.readouterr().err
    assert contents(tmp_path) == {}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--fee", "4,5"], "'4,5' has a comma: write 4.5"),
        (["--cost-growth", "3 %"], "'3 %' is no number"),
        (["--growth", "Salem"], "'Salem' has no number: write Salem=1, or a number alone for all"),
        (["--growth", "1 %"], "'1 %' is no number"),
        (["--growth", "Salem=1,5"], "'1,5' has a comma: write 1.5"),
        (["--line-growth", "4"], "'4' has no name and number"),
        (["--from", "27.5"], "'27.5' is no year"),
        (["--deck", "slides"], "slides does not end in .pptx"),
    ],
)
def test_what_is_not_typed_as_a_number_is_told(capsys, asked, said):
    with pytest.raises(SystemExit) as stop:
        cli.main(["what-if", *asked])
    assert stop.value.code == 2
    assert said in capsys.readouterr().err
