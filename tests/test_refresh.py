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
from hypothesis import given, settings
from hypothesis import strategies as st

from sodertorn_lib import cli, load_funds, load_population, load_retrievals, load_tables
from sodertorn_lib.errors import DataError
from sodertorn_lib.registered import registered_tables
from sodertorn_lib.update import line, refresh
from sodertorn_lib.update.scb import SERIES, fetch_figures

from .conftest import HOUSE
from .scb_server import Answer, Scb, problem, read
from .test_cli import contents

STORED = refresh.stored_figures(load_tables(HOUSE)).set_index(["column", "region_code", "year"])["stored"]
CELLS = STORED["population"].astype(int)
CODES = sorted(CELLS.index.unique("region_code"))
DEAD = 90_000  # made up, the same everywhere: the tables have births less deaths
PERTURBED = ["TAB5557", "TAB6401", "TAB6757", "TAB6640", "TAB4374"]
TABLES = [source.table for sources in SERIES.values() for source in sources]
COMPONENTS = {"natural_change": ["TAB1264", "TAB6401"], "net_migration": ["TAB1211", "TAB1212", "TAB6640"]}
IN_TABLES = {"population": ["TAB638", "TAB5557"], **COMPONENTS, "dwellings_completed": ["TAB2538"]}
IN_TABLES["persons_per_household"] = ["TAB4374"]


def figures() -> dict[str, dict[tuple[str, int], float]]:
    """Return what SCB has when the tables are as it has it."""

    def some(column: str, first: int, last: int) -> dict[tuple[str, int], float]:
        return {(code, year): int(value) for (code, year), value in STORED[column].items() if first <= year <= last}

    natural = some("natural_change", 1968, 2025)
    born = {key: value + DEAD for key, value in natural.items()}
    dead = dict.fromkeys(natural, DEAD)
    return {
        "TAB638": some("population", 1968, 2024),
        "TAB5557": some("population", 2025, 2025),
        **{
            table: {key: own[key] for key in own if key[1] <= 2024}
            for table, own in (("TAB1264", born), ("TAB960", dead))
        },
        **{
            table: {key: own[key] for key in own if key[1] == 2025}
            for table, own in (("TAB6401", born), ("TAB6757", dead))
        },
        "TAB1211": some("net_migration", 1968, 1996),  # without Nykvarn, which SCB does not have there
        "TAB1212": some("net_migration", 1997, 2024),
        "TAB6640": some("net_migration", 2025, 2025),
        "TAB2538": {("0126", 1974): 0, **some("dwellings_completed", 1975, 2025)},
        "TAB4374": STORED["persons_per_household"].to_dict(),
    }


@pytest.fixture
def scb():
    with Scb(figures(), {"maxCallsPerTimeWindow": 1000}) as server:  # so that no test has to wait for another run
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


def add_year_of_all(scb: Scb, tables: list[str]) -> dict[tuple[str, str, int], float]:
    """Let SCB have 2026 in the tables: as 2025, and the population that comes of it; return the figures it gives."""
    own = STORED.xs(2025, level="year").copy()
    own["persons_per_household"] = own["persons_per_household"].round(2) - 0.01
    growth = own["natural_change"] + own["net_migration"]
    own["population"] = own["population"].add(growth.reindex(own["population"].index).fillna(0))
    figures = {
        "born": own["natural_change"] + DEAD,
        "dead": 0 * growth + DEAD,
        **{name: own[name] for name in IN_TABLES},
    }
    for series, sources in SERIES.items():
        for source in sources:
            if source.table in tables:
                decimals = 2 if series == "persons_per_household" else None
                new = {(code, 2026): round(value, decimals) for code, value in figures[series].items()}
                scb.figures[source.table] |= new
    return {(column, code, 2026): round(value, 2) for (column, code), value in own.items()}


def figures_of(folder) -> dict[tuple[str, str, int], float]:
    return refresh.stored_figures(load_tables(folder)).set_index(["column", "region_code", "year"])["stored"].to_dict()


def retrieved(folder, year: int) -> set[tuple[str, str]]:
    rows = load_retrievals(folder).query("year == @year")
    return set(zip(rows["scb_table"], rows["retrieved_date"].dt.strftime("%Y-%m-%d").fillna("?"), strict=True))


def test_nothing_to_change_is_said_and_nothing_is_written(run, data_copy):
    before = contents(data_copy)
    assert run() == (0, "Nothing to change: the tables are as SCB has it.\n", "")
    assert contents(data_copy) == before


def test_two_calls_a_table_are_enough_and_none_has_to_wait(run, scb):
    run()
    calls = [asked for asked, _ in scb.calls]
    assert calls == ["config", "tables", *(f"{table}/{kind}" for table in TABLES for kind in ("metadata", "data"))]
    assert len(calls) == 24 <= read("config")["maxCallsPerTimeWindow"]


def test_a_new_year_and_a_revision_are_told_then_written(run, scb, data_copy):
    add_year(scb, "TAB638")
    scb.figures["TAB638"]["0127", 2024] += 12
    code, out, err = run()
    assert (code, err) == (0, "")
    head, revised, *new = out.splitlines()[:12]
    blank = "".join(" " if set(letters) == {" "} else "x" for letters in zip(head, revised, *new, strict=False))
    assert blank.count("  ") == len(refresh.HEAD) - 1 and "   " not in blank  # as close as they can stand
    before = CELLS["0127", 2024]
    growth = f"{100 * ((before + 12) / CELLS['0127', 2023] - 1):+.2f}%"
    numbers = [f"{before:,}", f"{before + 12:,}", "+12", growth]
    assert revised.split() == ["2024", "0127", "Botkyrka", "population", *numbers, "TAB638"]
    assert all(row.startswith("2026") and " new " in row for row in new)
    population = load_population(data_copy).set_index(["municipality_code", "year"])["population"]
    assert population["0127", 2024] == CELLS["0127", 2024] + 12
    assert population["0140", 2026] == scb.figures["TAB638"]["0140", 2026]
    assert retrieved(data_copy, 2026) == {("TAB638", str(date.today()))}
    assert retrieved(data_copy, 2024) >= {("TAB638", str(date.today())), ("TAB638", "?")}
    assert cli.main(["check"]) == 0


FIRST = [
    "TAB638",
    "TAB1264",
    "TAB960",
    "TAB1212",
    "TAB2538",
    "TAB4374",
]  # those that are not perturbed, where there are


def test_a_new_year_of_every_table_is_told_then_written(run, scb, data_copy):
    new = add_year_of_all(scb, FIRST)
    code, out, err = run("--accept-perturbed")
    assert (code, err) == (0, "")
    told = [row for row in out.splitlines() if row.startswith("2026")]
    assert len(told) == len(new)
    (county,) = (row for row in told if re.match("2026  01 .* natural_change ", row))
    assert re.search(rf" new +{new['natural_change', '01', 2026]:,.0f} +0  TAB1264 TAB960 TAB1212$", county)
    assert figures_of(data_copy) == STORED.to_dict() | new
    tables = {"TAB638", "TAB1264 TAB960 TAB1212", "TAB2538", "TAB4374"}
    assert retrieved(data_copy, 2026) == {(names, str(date.today())) for names in tables}
    assert "Still without" not in out
    assert run()[1] == "Nothing to change: the tables are as SCB has it.\n"
    assert cli.main(["check"]) == 0


def test_a_revised_component_leaves_the_rest_of_its_row_as_it_is(run, scb, data_copy):
    stored = contents(data_copy)
    scb.figures["TAB960"]["0140", 2024] -= 3
    code, out, _ = run()
    assert code == 0
    natural, moves = (int(STORED[column, "0140", 2024]) for column in COMPONENTS)
    before = int(STORED["natural_change", "0140", 2023])
    numbers = [str(natural), str(natural + 3), "+3", f"{natural + 3 - before:+}".replace("-", "−")]
    assert out.splitlines()[1].split()[3:] == ["natural_change", *numbers, "TAB1264", "TAB960", "TAB1212"]
    after = contents(data_copy)
    changed = {name for name in after if after[name] != stored[name]}
    assert changed == {"population_components.csv", "retrievals.csv", "datapackage.json", "registered.zip"}
    assert f"\n0140,2024,{natural + 3},{moves}\n".encode() in after["population_components.csv"]
    assert f"\npopulation_components,2024,TAB1264 TAB960 TAB1212,{date.today()}\n".encode() in after["retrievals.csv"]


@pytest.mark.parametrize("lacking", ["TAB960", "TAB1212"])
def test_a_row_that_scb_has_not_all_of_waits_and_it_is_said(run, scb, data_copy, lacking):
    new = add_year_of_all(scb, [table for table in FIRST if table != lacking])
    code, out, _ = run("--accept-perturbed")
    assert code == 0
    assert "\nStill without 2026: population_components.\n" in out
    assert figures_of(data_copy) == STORED.to_dict() | {key: new[key] for key in new if key[0] not in COMPONENTS}


@pytest.mark.parametrize("persons", [2.3, 2.4, 2.41])
def test_persons_per_household_have_decimals(run, scb, data_copy, persons):
    scb.figures["TAB4374"]["0140", 2025] = persons
    code, out, _ = run("--confirm-jumps")
    assert code == 0
    before = STORED["persons_per_household", "0140", 2025]
    told = [f"{before:.2f}", f"{persons:.2f}", f"{persons - before:+.2f}".replace("-", "−")]
    assert out.splitlines()[1].split()[4:7] == told
    assert f"\n0140,2025,{persons}\n".encode() in contents(data_copy)["persons_per_household.csv"]


def test_only_what_changed_is_written_anew(run, scb, data_copy):
    before = contents(data_copy)
    scb.figures["TAB638"]["0127", 2022] += 12
    run()
    after = contents(data_copy)
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"population.csv", "retrievals.csv", "datapackage.json", "registered.zip"}
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
    assert population["population"].sum() == load_population(HOUSE)["population"].sum() + 12


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("1967", "retrievals.csv, column year: '1967' cannot be refreshed. Choose one from 1968 to 2026."),
        ("2027", "Choose one from 1968 to 2026."),
        ("2026", "SCB: has no figure of 2026. Try again once SCB has it."),
    ],
)
def test_a_year_that_cannot_be_refreshed_is_named(run, scb, data_copy, year, said):
    add_year(scb, "TAB638", 2027)
    before = contents(data_copy)
    code, _, err = run("--year", year)
    assert code == 1
    assert said in err
    assert contents(data_copy) == before


def test_the_years_of_another_back_casting_stay_as_they_are(run, scb, data_copy):
    scb.figures["TAB638"] |= {key: value - 1 for key, value in scb.figures["TAB638"].items() if key[1] <= 2020}
    assert run()[0] == 0
    scb.calls.clear()
    assert run("--year", "2020")[0] == 0
    assert "TAB638/metadata" not in [asked for asked, _ in scb.calls]
    assert contents(data_copy) == contents(HOUSE)


def test_a_gap_between_years_is_not_made(run, scb):
    add_year(scb, "TAB638", 2027)
    code, _, err = run()
    assert code == 1
    names = ("population", "population_reference")
    said = "SCB: has no {} of 2026, but of 2027. Try again once SCB has it."
    assert err.splitlines() == [said.format(name) for name in names]


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


def test_each_table_that_perturbs_its_figures_is_named(run, scb, data_copy):
    new = add_year_of_all(scb, PERTURBED)
    before = contents(data_copy)
    code, out, err = run()
    assert code == 1
    assert {line.partition(": perturbs its figures, and those of 2026 ")[0] for line in err.splitlines()} == {
        *PERTURBED
    }
    assert "TAB6401 TAB6757 TAB6640 (perturbed)" in out
    assert contents(data_copy) == before
    assert run("--accept-perturbed")[0] == 0
    assert figures_of(data_copy) == STORED.to_dict() | {key: new[key] for key in new if key[0] != "dwellings_completed"}


def test_births_that_are_not_perturbed_replace_those_that_are_beside_deaths_that_stay_so(run, scb, data_copy):
    scb.figures["TAB1264"] |= scb.figures["TAB6401"]
    code, out, _ = run()
    assert code == 0
    assert "TAB1264 TAB6757 TAB6640 (perturbed) instead of TAB6401 TAB6757 TAB6640" in out
    assert figures_of(data_copy) == STORED.to_dict()
    assert ("TAB1264 TAB6757 TAB6640", str(date.today())) in retrieved(data_copy, 2025)


def test_a_year_of_a_table_from_before_its_figures_were_perturbed_needs_no_word(run, scb):
    scb.figures["TAB4374"]["0140", 2024] = round(STORED["persons_per_household", "0140", 2024] + 0.01, 2)
    code, out, _ = run("--dry-run")
    assert code == 0
    assert "(perturbed)" not in out


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
    assert out.count("TAB638 instead of TAB5557") == len(CODES)
    assert ("TAB638", str(date.today())) in retrieved(data_copy, 2025)
    assert "TAB5557" not in {table for table, _ in retrieved(data_copy, 2025)}


def test_perturbed_figures_do_not_replace_others_unasked(run, scb):
    add_year(scb, "TAB638", 2025, 1)
    run()
    for code in CODES:
        del scb.figures["TAB638"][code, 2025]
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
    assert f"population.csv, column population: '0192 in 2026' would be {shown} than any stored there. Look" in err
    assert contents(data_copy) == before
    assert run("--confirm-jumps")[0] == 0
    assert run("--year", "2026")[1].startswith("Nothing to change")


def test_a_revision_that_makes_the_next_year_jump_is_held_back(run, scb):
    scb.figures["TAB638"]["0192", 2023] = round(CELLS["0192", 2022] * 1.04)
    code, _, err = run()
    assert code == 1
    assert re.fullmatch(
        r"population.csv, .*: '0192 in 2024' would be −2.13 per cent .*, a larger fall than any .*\n", err
    )


def test_refreshed_twice_is_refreshed_once(run, scb, data_copy):
    add_year(scb, "TAB638")
    run()
    once = contents(data_copy)
    assert run()[1].startswith("Nothing to change")
    assert contents(data_copy) == once


REVISIONS = st.dictionaries(
    st.sampled_from([key for key in STORED.index if key[2] > 2020 or key[0] != "population"]),
    st.integers(-100, 100),
    max_size=6,
)


@settings(max_examples=8)
@given(REVISIONS, st.sampled_from(["TAB638", "TAB5557"]), st.booleans())
def test_whatever_scb_revises_the_tables_are_then_as_it_has_it(tmp_path, revisions, table, new):
    folder = tmp_path / str(time.monotonic_ns())
    shutil.copytree(HOUSE, folder)
    expected = STORED.to_dict()
    with Scb(figures(), {"maxCallsPerTimeWindow": 1000}) as scb:
        if new:
            add_year(scb, table)
            expected |= {("population", *key): value for key, value in scb.figures[table].items() if key[1] == 2026}
        for (column, code, year), more in revisions.items():
            change = {"dwellings_completed": abs(more), "persons_per_household": abs(more) / 5_000}.get(column, more)
            own = next(scb.figures[table] for table in IN_TABLES[column] if (code, year) in scb.figures[table])
            own[code, year] = round(own[code, year] + change, 2)
            expected[column, code, year] = round(expected[column, code, year] + change, 2)
        for _ in range(2):
            cells = refresh.compare_with_scb(load_tables(folder), address=scb.address)
            if cells["changed"].any():
                refresh.write(load_tables(folder), cells, date(2027, 2, 22))
    assert not cells["changed"].any()
    assert figures_of(folder) == expected


@pytest.mark.parametrize("start", ["﻿", ""])
def test_the_form_of_a_file_that_a_spreadsheet_saved_is_kept(run, scb, data_copy, start):
    for name in ("population.csv", "population_reference.csv", "population_components.csv", "retrievals.csv"):
        text = (data_copy / name).read_text(encoding="utf-8").replace(",", ";").replace("\n", "\r\n")
        (data_copy / name).write_bytes((start + text).encode())
    assert cli.main(["describe", "--yes"]) == 0
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


def test_what_was_registered_of_other_tables_stays_registered(run, scb, edit, data_copy):
    edit("funds.csv", "Concerns the systems", "Is for the systems")
    assert cli.main(["describe", "--yes"]) == 0
    add_year(scb, "TAB638")
    assert run()[0] == 0
    with registered_tables(data_copy) as registered:
        assert registered.funds.equals(load_funds(data_copy))


def test_a_year_without_its_table_of_scb_is_named(run, edit):
    edit("retrievals.csv", "population,2025,TAB5557,\n", "")
    edit("retrievals.csv", "population_reference,2025,TAB5557,\n", "")
    cli.main(["describe", "--yes"])
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


def twice(variable: str):
    """Let an answer have a variable that was not asked for."""

    def edit(data):
        category = {"index": {"a": 0, "b": 1}, "label": {"a": "a", "b": "b"}}
        dimension = {variable: {"label": variable, "category": category}, **data["dimension"]}
        sizes = {"id": [variable, *data["id"]], "size": [2, *data["size"]]}
        return data | sizes | {"dimension": dimension, "value": data["value"] * 2}

    return edit


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
        ("TAB638/data", with_value(None), "column 00 in 2021: 'None' is no whole number."),
        ("TAB638/data", with_value(113949.5), "'113949.5' is no whole number"),
        ("TAB638/data", with_value(1e300), "'1e+300' is no whole number"),
        ("TAB638/data", with_value(float("inf")), "'inf' is no whole number"),
        ("TAB638/data", fewer, "answers with other cells than the 50 asked for: it has 45"),
        ("TAB638/data", lambda data: data | {"value": data["value"][:-1]}, "answers in another form than PxWebApi 2"),
        ("TAB2538/metadata", without("ContentsCode", "BO0101A5"), "column ContentsCode: 'BO0101A5' is not a code"),
        ("TAB6757/metadata", without("Alder", "TotSA"), "table TAB6757, column Alder: 'TotSA' is not a code"),
        ("TAB1264/metadata", mandatory("Kon"), "table TAB1264, column Kon: must be chosen from, and is not"),
        ("TAB960/data", with_value(0.5), "column 01 in 1968: '0.5' is no whole number. Try again later."),
        ("TAB4374/data", with_value(2.475), "'2.475' is no number with at most 2 decimals. Try again later."),
        ("TAB4374/data", with_value("2.47"), "'2.47' is no number with at most 2 decimals"),
        ("TAB2538/data", twice("hustyp"), "answers with other cells than the 408 asked for: it has 816"),
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
        (Answer(400, b'{"status": 400}'), "answers 400. Look at the table"),
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


def test_two_runs_at_once_stay_within_the_limit_of_scb_together(data_copy, monkeypatch, capsys):
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    with Scb(figures(), {"timeWindow": 3}) as scb:
        assert [cli.main(["refresh", "--address", scb.address]) for _ in range(2)] == [0, 0]
    assert 429 in {status for _, status in scb.calls}


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
        found = fetch_figures({"population": dict.fromkeys(MADE_UP, range(1968, 2026))}, scb.address)
    assert time.monotonic() - began < 60
    assert len(scb.calls) == 6
    got = found.set_index(["scb_table", "region_code", "year"])["value"].to_dict()
    assert got == {(table, *key): value for table, own in tables.items() for key, value in own.items()}


def test_more_cells_than_a_query_may_have_are_asked_for_in_several_and_not_too_often():
    tables = {"TAB638": {(code, year): int(code) + year for code in MADE_UP for year in range(1968, 2025)}}
    tables["TAB5557"] = {(code, 2025): int(code) for code in MADE_UP}
    with Scb(tables, {"maxDataCells": 500, "timeWindow": 2}) as scb:
        found = fetch_figures({"population": dict.fromkeys(MADE_UP, range(1968, 2026))}, scb.address)
    assert len(found) == 290 * 58
    assert len(scb.calls) > 30
    assert sum(status == 429 for _, status in scb.calls) <= 1  # pxwebpy counts one call too few after it has waited


def test_a_year_that_two_tables_have_is_taken_from_the_first(scb):
    add_year(scb, "TAB638", 2025)
    found = fetch_figures({"population": dict.fromkeys(["0140", "00"], range(2024, 2030))}, scb.address)
    assert found["scb_table"].tolist() == ["TAB638"] * 4


def test_no_file_is_left_about(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    run("--dry-run")
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


def jumps(column: str, stored: list[float], figure: float) -> bool:
    """Say whether a figure of 2024 after three stored ones is a jump."""
    rows = pd.DataFrame({"year": [2021, 2022, 2023], "stored": stored, "stored_table": "TAB638"})
    rows = rows.assign(table_name=column, column=column, region_code="0140")
    new = {"year": 2024, "value": figure, "region": "", "scb_table": "TAB638", "perturbed": ""}
    cells = refresh.compare(rows, rows.tail(1).drop(columns=["stored", "stored_table"]).assign(**new))
    return cells.query("changed")["jump"].item()


@pytest.mark.parametrize(("population", "jump"), [(115, False), (116, True), (101, False), (100, True)])
def test_jumps_are_measured_by_the_growth_that_is_stored_in_the_region(population, jump):
    assert jumps("population", [100, 110, 105], population) == jump


@pytest.mark.parametrize(
    ("stored", "figure", "jump"),
    [
        ([-5, 0, 5], 10, False),  # outside of what is stored, by no more than ever
        ([-5, 0, 5], 11, True),
        ([-5, 90, 5], 95, False),
        ([-5, 90, 0], -95, True),
        ([-5, 90, 0], -6, False),
        ([-5, 95, 90], -5, False),  # a larger fall than any, to what has been
        ([3, 2, 1], 2, False),
        ([3, 2, 1], 4, True),  # a rise where all were falls
        ([2.5, 2.46, 2.5], 2.46, False),
        ([2.4, 2.4, 2.39], 2.38, False),  # a fall as large as the one before, whatever binary numbers make of it
        ([3, 2, 1], 0.5, False),
    ],
)
def test_jumps_of_other_figures_go_further_than_any_step_and_any_figure(stored, figure, jump):
    assert jumps("net_migration", stored, figure) == jump


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
    assert answer.headers["X-Rate-Limit-Remaining"] == "999"
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
        fetch_figures({"population": {"9999": range(2024, 2025)}}, scb.address)
