"""`sodertorn refresh`, against a service on this machine that speaks as SCB does."""

import json
import re
import shutil
import sys
import time
from datetime import date
from http.client import HTTPConnection
from itertools import repeat

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sodertorn_lib import cli, load_population, load_retrievals, load_tables
from sodertorn_lib.errors import DataError
from sodertorn_lib.update import line, refresh
from sodertorn_lib.update.scb import SOURCES, fetch_population

from .conftest import HOUSE
from .scb_server import Answer, Scb, problem, read
from .test_cli import contents

STORED = refresh.stored_population(load_tables(HOUSE))
CELLS = STORED.set_index(["region_code", "year"])["stored"]
NEW = {"2026": {code: round(CELLS[code, 2025] * 1.001) for code in STORED["region_code"].unique()}}


def figures() -> dict[str, dict[tuple[str, int], int]]:
    """Return what SCB has when the tables are as it has it: TAB638 to 2024, TAB5557 2025."""
    cells = {key: int(value) for key, value in CELLS.items()}
    return {
        "TAB638": {key: value for key, value in cells.items() if 1968 <= key[1] <= 2024},
        "TAB5557": {key: value for key, value in cells.items() if key[1] == 2025},
    }


@pytest.fixture
def scb():
    with Scb(figures()) as server:
        yield server


@pytest.fixture
def run(scb, data_copy, monkeypatch, capsys):
    """Run the command on a copy of the tables; return its exit code, what it printed and what it complained of."""
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))

    def refreshed(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["refresh", "--address", scb.address, *arguments])
        return code, *capsys.readouterr()

    return refreshed


def add_year(scb: Scb, table: str, year: int = 2026, factor: float = 1.001) -> None:
    latest = CELLS.xs(2025, level="year")
    scb.figures[table] |= {(code, year): round(value * factor) for code, value in latest.items()}


def retrieved(folder, year: int) -> set[tuple[str, str]]:
    rows = load_retrievals(folder).query("year == @year")
    return set(zip(rows["scb_table"], rows["retrieved_date"].dt.strftime("%Y-%m-%d").fillna("?"), strict=True))


def test_nothing_to_change_is_said_and_nothing_is_written(run, data_copy):
    before = contents(data_copy)
    assert run() == (0, "Nothing to change: the tables are as SCB has it.\n", "")
    assert contents(data_copy) == before


def test_two_calls_a_table_are_enough(run, scb):
    run()
    calls = [asked for asked, _ in scb.calls]
    assert calls == ["config", "tables", *(f"{s.table}/{kind}" for s in SOURCES for kind in ("metadata", "data"))]


def test_a_new_year_and_a_revision_are_told_then_written(run, scb, data_copy):
    add_year(scb, "TAB638")
    scb.figures["TAB638"]["0127", 2024] += 12
    code, out, err = run()
    assert (code, err) == (0, "")
    revised, *new = out.splitlines()[1:12]
    before = CELLS["0127", 2024]
    growth = f"{100 * ((before + 12) / CELLS['0127', 2023] - 1):+.2f}%"
    assert revised.split() == ["2024", "0127", "Botkyrka", f"{before:,}", f"{before + 12:,}", "+12", growth, "TAB638"]
    assert all(row.startswith("2026") and " new " in row for row in new)
    population = load_population(data_copy).set_index(["municipality_code", "year"])["population"]
    assert population["0127", 2024] == CELLS["0127", 2024] + 12
    assert population["0140", 2026] == scb.figures["TAB638"]["0140", 2026]
    assert retrieved(data_copy, 2026) == {("TAB638", str(date.today()))}
    assert retrieved(data_copy, 2024) == {("TAB638", str(date.today())), ("TAB638", "?")}
    assert cli.main(["check"]) == 0


def test_only_what_changed_is_written_anew(run, scb, data_copy):
    before = contents(data_copy)
    scb.figures["TAB638"]["0127", 2022] += 12
    run()
    after = contents(data_copy)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"population.csv", "retrievals.csv", "datapackage.json"}
    rows = [after["population.csv"].splitlines(), before["population.csv"].splitlines()]
    assert [(a, b) for a, b in zip(*rows, strict=True) if a != b] == [
        tuple(f"0127,2022,{CELLS['0127', 2022] + more}".encode() for more in (12, 0))
    ]


def test_a_dry_run_tells_the_same_and_writes_nothing(run, scb, data_copy):
    add_year(scb, "TAB638")
    before = contents(data_copy)
    code, out, _ = run("--dry-run")
    assert code == 0
    assert out.splitlines()[-1] == "A dry run: nothing is written."
    assert contents(data_copy) == before
    assert run()[1].splitlines()[:11] == out.splitlines()[:11]


def test_one_year_alone(run, scb, data_copy):
    add_year(scb, "TAB638")
    scb.figures["TAB638"]["0127", 2022] += 12
    assert run("--year", "2022")[0] == 0
    population = load_population(data_copy)
    assert population["year"].max() == 2025
    assert population["population"].sum() == STORED.query("table_name == 'population'")["stored"].sum() + 12


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("2020", "Choose one from 2021 on, which are not of another back-casting, and at most 2026."),
        ("2027", "at most 2026"),
        ("2026", "TAB638 and TAB5557: have no population of 2026. Try again once SCB has it."),
    ],
)
def test_a_year_that_cannot_be_refreshed_is_named(run, scb, data_copy, year, said):
    scb.figures["TAB638"]["0181", 2020] += 1
    add_year(scb, "TAB638", 2027)
    before = contents(data_copy)
    code, _, err = run("--year", year)
    assert code == 1
    assert said in err
    assert contents(data_copy) == before


def test_the_years_of_another_back_casting_stay_as_they_are(run, scb, data_copy):
    scb.figures["TAB638"] |= {key: value - 1 for key, value in scb.figures["TAB638"].items() if key[1] <= 2020}
    assert run()[0] == 0
    assert contents(data_copy) == contents(HOUSE)


def test_a_gap_between_years_is_not_made(run, scb):
    add_year(scb, "TAB638", 2027)
    code, _, err = run()
    assert code == 1
    assert "have no population of 2026" in err


def test_perturbed_figures_come_only_when_they_are_accepted(run, scb, data_copy):
    add_year(scb, "TAB5557")
    before = contents(data_copy)
    code, out, err = run()
    assert code == 1
    assert "TAB5557 (perturbed)" in out
    assert (
        err == "TAB5557: perturbs its figures, and those of 2026 would come from it. Accept it: --accept-perturbed.\n"
    )
    assert contents(data_copy) == before
    assert run("--accept-perturbed")[0] == 0
    assert retrieved(data_copy, 2026) == {("TAB5557", str(date.today()))}


def test_a_revision_of_figures_that_are_perturbed_already_needs_no_word(run, scb, data_copy):
    scb.figures["TAB5557"]["0140", 2025] += 3
    assert run()[0] == 0
    assert (
        load_population(data_copy).set_index(["municipality_code", "year"])["population"]["0140", 2025]
        == CELLS["0140", 2025] + 3
    )


def test_figures_that_are_not_perturbed_replace_those_that_are(run, scb, data_copy):
    add_year(scb, "TAB638", 2025, 1)
    scb.figures["TAB638"]["0140", 2025] += 3
    code, out, _ = run()
    assert code == 0
    assert out.count("TAB638 instead of TAB5557") == len(NEW["2026"])
    assert retrieved(data_copy, 2025) == {("TAB638", str(date.today()))}


def test_perturbed_figures_do_not_replace_others_unasked(run, scb, data_copy):
    for code in NEW["2026"]:
        scb.figures["TAB5557"][code, 2024] = scb.figures["TAB638"].pop((code, 2024))
    code, out, err = run()
    assert code == 1
    assert "TAB5557 (perturbed) instead of TAB638" in out
    assert "--accept-perturbed" in err


@pytest.mark.parametrize(
    ("factor", "shown"),
    [
        (1.06, "+6.00 per cent on the year before, a larger rise"),
        (0.97, "−3.00 per cent on the year before, a larger fall"),
    ],
)
def test_a_jump_is_held_back_until_it_is_confirmed(run, scb, data_copy, factor, shown):
    """Nynäshamn has grown by 4.5 per cent at most, and fallen by 0.8."""
    add_year(scb, "TAB638")
    scb.figures["TAB638"]["0192", 2026] = round(CELLS["0192", 2025] * factor)
    before = contents(data_copy)
    code, _, err = run()
    assert code == 1
    assert err.count("\n") == 1
    assert f"population.csv: '0192 in 2026' would be {shown} than any stored there. Look" in err
    assert contents(data_copy) == before
    assert run("--confirm-jumps")[0] == 0
    assert run("--year", "2026")[1].startswith("Nothing to change")


def test_a_revision_that_makes_the_next_year_jump_is_held_back(run, scb):
    scb.figures["TAB638"]["0192", 2023] = round(CELLS["0192", 2022] * 1.04)
    code, _, err = run()
    assert code == 1
    assert re.fullmatch(r"population.csv: '0192 in 2024' would be −2.13 per cent .*, a larger fall than any .*\n", err)


def test_refreshed_twice_is_refreshed_once(run, scb, data_copy):
    add_year(scb, "TAB638")
    run()
    once = contents(data_copy)
    assert run()[1].startswith("Nothing to change")
    assert contents(data_copy) == once


REVISIONS = st.dictionaries(
    st.tuples(st.sampled_from(sorted(NEW["2026"])), st.integers(2021, 2026)), st.integers(-300, 300), max_size=6
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(REVISIONS, st.sampled_from(["TAB638", "TAB5557"]), st.booleans())
def test_whatever_scb_revises_the_tables_are_then_as_it_has_it(tmp_path, revisions, table, new):
    folder = tmp_path / str(time.monotonic_ns())
    shutil.copytree(HOUSE, folder)
    with Scb(figures()) as scb:
        if new:
            add_year(scb, table)
        for (code, year), more in revisions.items():
            own = next((own for own in scb.figures.values() if (code, year) in own), {(code, year): 0})
            own[code, year] += more
        for _ in range(2):
            cells = refresh.compare_with_scb(load_tables(folder), address=scb.address)
            if cells["changed"].any():
                refresh.write(load_tables(folder), cells, date(2027, 2, 22))
        assert not cells["changed"].any()
        stored = refresh.stored_population(load_tables(folder)).set_index(["region_code", "year"])["stored"]
        asked = {key: value for own in scb.figures.values() for key, value in own.items() if key[1] > 2020}
    assert {key: stored[key] for key in asked} == asked
    assert stored[stored.index.get_level_values("year") <= 2020].equals(
        CELLS[CELLS.index.get_level_values("year") <= 2020]
    )


@pytest.mark.parametrize("start", ["﻿", ""])
def test_the_form_of_a_file_that_a_spreadsheet_saved_is_kept(run, scb, data_copy, start):
    for name in ("population.csv", "population_reference.csv", "retrievals.csv"):
        text = (data_copy / name).read_text(encoding="utf-8").replace(",", ";").replace("\n", "\r\n")
        (data_copy / name).write_bytes((start + text).encode())
    assert cli.main(["describe"]) == 0
    before = (data_copy / "population.csv").read_bytes()
    add_year(scb, "TAB638")
    assert run()[0] == 0
    after = (data_copy / "population.csv").read_bytes()
    assert re.search(rb"\r\n0126;2025;\d+\r\n0126;2026;\d+\r\n", after)
    assert [row for row in after.splitlines(keepends=True) if b";2026;" not in row] == before.splitlines(keepends=True)


def test_an_edit_that_is_not_registered_stops_it(run, edit):
    edit("population.csv", "\n0126,2024,", "\n0126,2024,1")
    code, _, err = run()
    assert code == 1
    assert err == (
        "population.csv: is not the file that datapackage.json registers. "
        "If the edit is intended, run sodertorn describe first.\n"
    )


def test_the_checksums_of_other_tables_are_left_as_they_are(run, scb, edit, capsys):
    edit("funds.csv", "Concerns the systems", "Is for the systems")
    add_year(scb, "TAB638")
    assert run()[0] == 0
    assert cli.main(["check"]) == 1
    assert "FAILED  funds.csv" in capsys.readouterr().out


def test_a_year_without_its_table_of_scb_is_named(run, edit):
    edit("retrievals.csv", "population,2025,TAB5557,\n", "")
    edit("retrievals.csv", "population_reference,2025,TAB5557,\n", "")
    cli.main(["describe"])
    code, _, err = run()
    assert code == 1
    assert "retrievals.csv: has no row for population in 2025. Add it" in err


def without(variable: str, code: str):
    def edit(metadata):
        del metadata["dimension"][variable]["category"]["index"][code]
        return metadata

    return edit


def renamed(old: str, new: str):
    return lambda metadata: json.loads(json.dumps(metadata).replace(f'"{old}"', f'"{new}"'))


def mandatory(variable: str):
    def edit(metadata):
        metadata["dimension"][variable]["extension"]["elimination"] = False
        return metadata

    return edit


def with_value(value: object):
    return lambda data: data | {"value": [value, *data["value"][1:]]}


def fewer(data):
    data["size"][0] -= 1
    last = max(
        data["dimension"]["Region"]["category"]["index"], key=data["dimension"]["Region"]["category"]["index"].get
    )
    for part in ("index", "label"):
        del data["dimension"]["Region"]["category"][part][last]
    return data | {"value": data["value"][: len(data["value"]) // (data["size"][0] + 1) * data["size"][0]]}


@pytest.mark.parametrize(
    ("asked", "edit_of", "said"),
    [
        (
            "TAB638/metadata",
            renamed("Region", "Regionkod"),
            "column Region: has no variable of that name, but Regionkod",
        ),
        ("TAB638/metadata", without("Region", "0140"), "column Region: '0140' is not a code that it has"),
        ("TAB638/metadata", without("ContentsCode", "BE0101N1"), "'BE0101N1' is not a code"),
        ("TAB5557/metadata", without("Alder", "TotSA"), "table TAB5557, column Alder: 'TotSA' is not a code"),
        ("TAB638/metadata", mandatory("Kon"), "column Kon: must be chosen from, and is not"),
        ("TAB638/data", with_value(None), "column 00 in 2021: 'None' is no whole number of inhabitants"),
        ("TAB638/data", with_value(113949.5), "'113949.5' is no whole number"),
        ("TAB638/data", fewer, "answers with other cells than the 50 asked for: it has 45"),
        ("TAB638/data", lambda data: data | {"value": data["value"][:-1]}, "answers in another form than PxWebApi 2"),
        ("TAB638/data", renamed("region", "område"), "answers in another form than PxWebApi 2 (KeyError: 'region')"),
        ("TAB638/data", lambda data: [], "answers in another form"),
        ("config", lambda config: config | {"apiVersion": "1.0"}, "ApiVersionError"),
        ("tables", lambda tables: {}, "answers in another form than PxWebApi 2 (KeyError: 'page')"),
    ],
)
def test_an_answer_that_is_not_what_was_asked_for_is_named_and_nothing_is_written(
    run, scb, data_copy, asked, edit_of, said
):
    add_year(scb, "TAB638", 2025)
    before = contents(data_copy)
    scb.edits[asked] = edit_of
    code, out, err = run()
    assert (code, out) == (1, "")
    assert err.splitlines()[0].startswith(scb.address)
    assert said in err
    assert contents(data_copy) == before


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(500), "answers 500. Try again later."),
        (Answer(503, b"<html>Reloading</html>"), "answers 503. Try again later."),
        (problem(404, "Non-existent table"), "answers 404 (Non-existent table). Look at the table at SCB"),
        (problem(400, "Non-existent value"), "answers 400 (Non-existent value). Look at the table"),
        (
            problem(429, "Too many requests", **{"Retry-After": "0"}),
            "answers 429 (Too many requests). Wait some minutes",
        ),
        (Answer(200, b"<html>"), "gives an answer that is not whole, or not JSON. Try again later."),
    ],
)
@pytest.mark.parametrize("asked", ["config", "TAB5557/data"])
def test_a_refusal_is_one_line_and_nothing_is_written(run, scb, data_copy, asked, answer, said):
    before = contents(data_copy)
    scb.instead[asked] = repeat(answer)
    code, out, err = run()
    assert (code, out) == (1, "")
    assert err.count("\n") == 1
    assert err.startswith(scb.address)
    assert said in err
    assert contents(data_copy) == before


@pytest.mark.parametrize("asked", ["config", "TAB638/metadata", "TAB5557/data"])
def test_an_answer_that_is_cut_off_is_named(run, scb, data_copy, asked):
    scb.cut.add(asked)
    code, _, err = run()
    assert code == 1
    assert "cut its answer short. Try again later." in err
    assert contents(data_copy) == contents(HOUSE)


def test_an_answer_that_does_not_come_is_given_up_and_it_is_shown_what_is_waited_for(run, scb, monkeypatch):
    monkeypatch.setattr(line, "SILENCE_SECONDS", 2)
    monkeypatch.setattr(line, "tqdm", lambda **options: shown.__class__(**options | {"disable": False}))
    from tqdm import tqdm as shown_class

    shown = shown_class(disable=True)
    scb.silent.add("TAB638/data")
    code, _, err = run()
    assert code == 1
    assert f"SCB: {scb.address}, table TAB638 [00:01]" in err
    assert err.endswith(f"{scb.address}, table TAB638: has not answered for 2 seconds. Try again later.\n")


def test_a_wait_that_scb_asks_for_is_kept_and_then_it_goes_on(run, scb):
    scb.instead["TAB638/data"] = iter([problem(429, "Too many requests", **{"Retry-After": "1"})])
    began = time.monotonic()
    assert run()[0] == 0
    assert time.monotonic() - began >= 1
    assert [status for asked, status in scb.calls if asked == "TAB638/data"] == [429, 200]


def test_a_wait_that_is_too_long_is_said(run, scb, monkeypatch):
    monkeypatch.setattr(line, "SILENCE_SECONDS", 1)
    scb.instead["TAB638/data"] = repeat(problem(429, "Too many requests", **{"Retry-After": "3600"}))
    code, _, err = run()
    assert code == 1
    assert "has not answered for 1 seconds (Response 429, backing off for 3600 second(s)). Try again later." in err


def test_nobody_there_is_one_line(run, scb, data_copy):
    scb.shutdown()
    scb.server_close()
    code, _, err = run()
    assert code == 1
    assert err == f"{scb.address}: cannot be reached (ConnectionError). Check the connection and the address.\n"


def test_an_address_that_is_none_is_one_line(data_copy, capsys):
    assert cli.main(["refresh", "--address", "scb.example"]) == 1
    assert (
        capsys.readouterr().err
        == "scb.example: cannot be reached (MissingSchema). Check the connection and the address.\n"
    )


def test_without_pxwebpy_it_is_said_what_to_install(run, monkeypatch):
    monkeypatch.setitem(sys.modules, "pxweb", None)
    monkeypatch.delitem(sys.modules, "sodertorn_lib.update.refresh")
    monkeypatch.delitem(sys.modules, "sodertorn_lib.update.scb")
    monkeypatch.delattr("sodertorn_lib.update.refresh")
    code, _, err = run()
    assert code == 1
    assert err == "pxweb is not installed. Run pip install 'sodertorn-lib[notebooks,publish,update]'.\n"


def test_a_full_disk_leaves_what_was_there(run, scb, data_copy, monkeypatch):
    add_year(scb, "TAB638")
    before, write = contents(data_copy), type(data_copy).write_bytes

    def full(path, content: bytes) -> int:
        if path.parent.parent == data_copy:
            raise OSError(28, "No space left on device", str(path))
        return write(path, content)

    monkeypatch.setattr(type(data_copy), "write_bytes", full)
    code, _, err = run()
    assert code == 1
    assert "No space left on device" in err
    assert contents(data_copy) == before


def test_what_scb_has_that_the_tables_cannot_hold_is_not_written(run, scb, data_copy):
    add_year(scb, "TAB638")
    scb.figures["TAB638"]["0140", 2026] = 0
    before = contents(data_copy)
    code, _, err = run("--confirm-jumps")
    assert code == 1
    assert "population.csv, row 463, column population: '0' is below 1" in err
    assert contents(data_copy) == before


MADE_UP = [f"{code:04}" for code in range(1001, 1291)]


def test_every_municipality_and_year_within_the_limits_of_scb():
    made_up = {(code, year): int(code) + year for code in MADE_UP for year in range(1968, 2026)}
    tables = {"TAB638": made_up, "TAB5557": {(code, 2025): int(code) for code in MADE_UP}}
    tables["TAB638"] = {key: value for key, value in made_up.items() if key[1] < 2025}
    began = time.monotonic()
    with Scb(tables) as scb:
        found = fetch_population(MADE_UP, range(1968, 2026), scb.address)
    assert time.monotonic() - began < 60
    assert len(scb.calls) == 6
    got = found.set_index(["scb_table", "region_code", "year"])["population"].to_dict()
    assert got == {(table, *key): value for table, own in tables.items() for key, value in own.items()}


def test_more_cells_than_a_query_may_have_are_asked_for_in_several_and_not_too_often():
    tables = {"TAB638": {(code, year): int(code) + year for code in MADE_UP for year in range(1968, 2025)}}
    tables["TAB5557"] = {(code, 2025): int(code) for code in MADE_UP}
    with Scb(tables, {"maxDataCells": 500, "timeWindow": 2}) as scb:
        found = fetch_population(MADE_UP, range(1968, 2026), scb.address)
    assert len(found) == 290 * 58
    assert len(scb.calls) > 30
    assert sum(status == 429 for _, status in scb.calls) <= 1  # pxwebpy counts one call too few after it has waited


def test_a_code_that_is_given_twice_is_asked_for_once(scb):
    assert len(fetch_population(["0140", "0140"], [2024], scb.address)) == 1


def test_a_year_that_two_tables_have_is_taken_from_the_first(scb):
    add_year(scb, "TAB638", 2025)
    assert fetch_population(["0140", "00"], range(2024, 2030), scb.address)["scb_table"].tolist() == ["TAB638"] * 4


def test_no_file_is_left_about(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    run("--dry-run")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def test_jumps_are_measured_by_what_is_stored_in_the_region():
    stored = pd.DataFrame({"year": [2021, 2022, 2023], "stored": [100, 110, 105]})
    stored = stored.assign(table_name="population", region_code="0140", stored_table="TAB638")
    for population, jump in ((115, False), (116, True), (101, False), (100, True)):
        new = {"region_code": "0140", "region": "", "year": 2024, "population": population, "scb_table": "TAB638"}
        assert refresh.compare(stored, pd.DataFrame([new])).query("changed")["jump"].tolist() == [jump]


def shape(value: object) -> object:
    """Return the keys of an answer, and what is in them but numbers and texts."""
    if isinstance(value, dict):
        return {key: shape(own) for key, own in value.items()}
    return type(value)


def test_the_service_answers_in_the_shape_that_scb_does(scb):
    real = read("TAB638_data")
    chosen = {key: list(own["category"]["index"]) for key, own in real["dimension"].items()}
    ours = scb.data("TAB638", chosen, {"Region": "vs_RegionKommun07"})
    assert ours["id"] == real["id"]
    assert ours["size"] == real["size"]
    for key, own in real["dimension"].items():
        assert ours["dimension"][key]["category"]["label"] == own["category"]["label"]
        assert shape(ours["dimension"][key]["category"]) == shape(own["category"])
    by_region = [sum(real["value"][start : start + 16]) for start in (0, 16)]
    assert by_region == [sum(CELLS[code, year] for year in (2023, 2024)) for code in ("0126", "0140")]
    assert by_region == [sum(ours["value"][start : start + 16]) for start in (0, 16)]


def test_the_service_answers_get_as_it_does_post(scb):
    connection = HTTPConnection(*scb.server_address)
    chosen = "valueCodes%5BRegion%5D=0126,0140&valueCodes[Tid]=[range(2020,2022)]&valueCodes[ContentsCode]=BE0101N1"
    connection.request("GET", f"/api/v2/tables/TAB638/data?lang=sv&outputFormat=json-stat2&{chosen}")
    answer = connection.getresponse()
    got = json.loads(answer.read())
    connection.close()
    assert answer.headers["X-Rate-Limit-Remaining"] == "29"
    assert got["value"] == [CELLS[code, year] for code in ("0126", "0140") for year in (2020, 2021, 2022)]
    keys = list(got["dimension"]["Tid"]["category"]["index"])
    assert keys != sorted(keys)


@pytest.mark.parametrize(
    ("table", "selection", "status", "title"),
    [
        ("TAB9", {}, 404, "Non-existent table"),
        ("TAB638", {"Tid": ["2024"]}, 400, "Missing selection for mandantory variable"),
        ("TAB638", {"Tid": ["2024"], "ContentsCode": ["000007ME"]}, 400, "Non-existent value"),
        ("TAB5557", {"Tid": ["2025"], "ContentsCode": ["BE0101N1"]}, 400, "Missing selection"),
        ("TAB638", {"Tid": ["2024"], "Ort": ["1"]}, 400, "Non-existent variable"),
    ],
)
def test_the_service_refuses_what_scb_does(scb, table, selection, status, title):
    connection = HTTPConnection(*scb.server_address)
    query = {"selection": [{"variableCode": key, "valueCodes": codes} for key, codes in selection.items()]}
    connection.request("POST", f"/api/v2/tables/{table}/data", json.dumps(query))
    answer = connection.getresponse()
    assert answer.status == status
    assert title in json.loads(answer.read())["title"]
    connection.close()


def test_a_refusal_is_a_data_error_for_a_program_too(scb):
    with pytest.raises(DataError, match="'9999' is not a code"):
        fetch_population(["9999"], [2024], scb.address)
