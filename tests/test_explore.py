"""The controls of what if, without a browser: what they show is what the library says, and what is wrong is named."""

import base64
import json
import re
from html import unescape

import pandas as pd
import pytest

from sodertorn_lib import DataError, Scenario, charts, explore, explore_views, show, what_if
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.explore import Explorer
from sodertorn_lib.formats import LANGUAGES, number
from sodertorn_lib.measured import Measured
from sodertorn_lib.wording import read_texts

from .conftest import EXPLORE, MEASURED, REPOSITORY

TABLES = MEASURED.tables
KNOWN = TABLES.population[TABLES.population["year"] == 2025].set_index("municipality")["population"]
ASKED = {  # control, value: a scenario, each a step on
    "fee": 4.5,
    "from_year": 2027,
    "cost_growth": 3.0,
    "projected": False,
    "growth": 1.0,
}
WRONG = [
    ("fee", 1e9, "fee_sek_per_inhabitant"),
    ("fee", -1.0, "fee_sek_per_inhabitant"),
    ("fee", float("nan"), "is no number"),
    ("from_year", 2020, "Give a year after the accounts of 2020"),
    ("from_year", 2050, "from_year"),
    ("cost_growth", 51.0, "cost_growth_percent"),
    ("growth", -51.0, "growth_percent"),
    ("municipalities", (), "municipalities"),
]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def explorer(monkeypatch) -> Explorer:
    """Return controls of tables that are read and measured once for all tests."""
    monkeypatch.setattr(explore, "load_tables", lambda: TABLES)
    monkeypatch.setattr(explore, "_measured", lambda tables, year: MEASURED)
    return Explorer(2020, "en")


def move(explorer: Explorer, **values: object) -> Explorer:
    for name, value in values.items():
        explorer.controls[name].value = value
    return explorer


def text(explorer: Explorer, view: str) -> str:
    """Return what a view says, without its tags."""
    return unescape(re.sub(r"<[^>]+>", " ", explorer.views[view].value))


def seen(explorer: Explorer) -> dict[str, str]:
    """Return what is shown but for a fault."""
    return {name: view.value for name, view in explorer.views.items() if name != "fault"}


def test_it_begins_with_what_the_house_says(explorer, all_answers):
    (house,) = [answer for answer in all_answers["en"] if answer.name == "what_if"]
    assert explorer.outlook.answer == house
    assert house.text in text(explorer, "answer") and house.question in text(explorer, "heading")
    assert repr(explorer) == house.text
    assert explorer.views["fault"].value == ""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_answer_chart_and_table_are_those_of_the_library_for_the_same_scenario(lang):
    explorer = move(Explorer(2020, lang), **ASKED)
    mine = Scenario(from_year=2027, fee_sek_per_inhabitant=4.5, cost_growth_percent=3, growth_percent=1)
    table, chart = what_if(TABLES, 2020, mine), charts.what_if(what_if(TABLES, 2020, mine), lang)
    assert explorer.assumed.scenario == mine
    pd.testing.assert_frame_equal(explorer.outlook.table, table, check_dtype=False)
    columns = ["year", "fee_sek_per_inhabitant", "population", "income_sek", "costs_sek", "balance_sek"]
    columns += ["money_left_sek", "balancing_fee_sek"]
    assert show(table[columns], lang)._repr_html_() in explorer.views["table"].value
    picture = re.search(r'src="data:image/png;base64,([^"]+)"', explorer.views["chart"].value)[1]
    assert base64.b64decode(picture) == chart.render_plot(96)
    assert f'alt="{chart.words.alt}"' in unescape(explorer.views["chart"].value)
    assert all(words in text(explorer, "chart") for words in (chart.words.source, chart.words.caveat))
    assert chart.words.title in text(explorer, "answer")


def test_another_fee_is_at_once_what_it_is_by_hand(explorer):
    move(explorer, from_year=2026, fee=5.0)
    income = sum(5 * people for people in KNOWN)
    row = next(row for row in explorer.views["table"].value.split("<tr>") if "<td>2026</td>" in row)
    assert f"<td>{number(income, 'en')}</td>" in row and f"<td>{number(KNOWN.sum(), 'en')}</td>" in row


def test_the_year_in_which_the_money_runs_out_is_said(explorer):
    move(explorer, cost_growth=4.0)
    left = explorer.outlook.table.set_index("year")["money_left_sek"]
    assert f"The money runs out in {left[left < 0].index[0]}" in text(explorer, "answer")


def test_the_population_is_as_projected_until_the_box_is_cleared(explorer):
    move(explorer, growth=3.0)
    assert explorer.assumed.growth_percent is None and explorer.controls["growth"].disabled
    move(explorer, projected=False)
    assert explorer.assumed.growth_percent == 3 and not explorer.controls["growth"].disabled
    assert set(explorer.outlook.table["population_kind"]) == {"known", "assumed"}


def test_a_selection_shows_what_these_pay_and_which_share_that_is_of_what_all_pay(explorer):
    answer = explorer.views["answer"].value
    move(explorer, from_year=2026, fee=5.0, municipalities=("Salem", "Nykvarn"))
    own, everybody = 5 * (KNOWN["Salem"] + KNOWN["Nykvarn"]), 5 * KNOWN.sum()
    share = number(100 * own / everybody, "en", 1)
    said = f"Salem and Nykvarn would pay SEK\N{NO-BREAK SPACE}{number(own, 'en')} for 2026, {share}% of what all eight"
    assert said in text(explorer, "fees")
    assert re.findall(r"left\">(\w+)</div></td>", explorer.views["fees"].value) == ["Salem", "Nykvarn"]
    move(explorer, from_year=2021, fee=4.0)
    assert explorer.views["answer"].value == answer  # the scenario is that of all


@pytest.mark.parametrize(("control", "value", "named"), WRONG)
def test_what_cannot_be_assumed_is_named_and_the_last_good_picture_stays(explorer, tmp_path, control, value, named):
    good, before = seen(move(explorer, projected=False, cost_growth=1.0)), explorer.controls[control].value
    move(explorer, **{control: value})
    assert named in text(explorer, "fault") and 'role="alert"' in explorer.views["fault"].value
    assert seen(explorer) == good
    explorer.save.click()
    assert named in text(explorer, "fault") and list(tmp_path.iterdir()) == []
    move(explorer, **{control: before})
    assert explorer.views["fault"].value == "" and repr(explorer) == explorer.outlook.answer.text


def test_a_year_that_is_not_there_is_named_and_another_can_be_chosen():
    explorer = Explorer(1999, "en")
    assert "year of the accounts: '1999' is not known. Choose from 2020." in text(explorer, "fault")
    assert repr(explorer).startswith("year of the accounts")
    move(explorer, year=2020)
    assert explorer.views["fault"].value == "" and "The money lasts" in text(explorer, "answer")


def test_a_language_that_is_not_there_is_told():
    with pytest.raises(DataError, match=r"language: 'de' is not known\. Choose from sv, en"):
        Explorer(2020, "de")


def test_a_fault_of_the_tables_is_named_on_the_page(data_copy, edit, monkeypatch):
    edit("fee_rates.csv", "2020,4,", "2020,four,")
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    assert "fee_rates.csv, row 2, column fee_sek_per_inhabitant: 'four'" in text(Explorer(2020, "en"), "fault")
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy / "nowhere"))
    assert "nowhere" in text(Explorer(2020, "en"), "fault")


def test_another_year_starts_from_its_own_accounts(made_up, monkeypatch):
    monkeypatch.setenv("SODERTORN_DATA", str(made_up.tables.folder))
    explorer = move(Explorer(2020, "en"), fee=7.0, from_year=2030)
    move(explorer, year=made_up.year)
    own = made_up.fees["fee_sek_per_inhabitant"].iloc[0]
    assert explorer.assumed[:2] == (made_up.year + 1, own)
    pd.testing.assert_frame_equal(explorer.outlook.table, made_up.scenario(explorer.assumed.scenario))


def test_saving_writes_the_chart_with_its_data_and_alt_text(explorer, tmp_path):
    move(explorer, cost_growth=4.0)
    explorer.save.click()
    written = {path.name: path.read_bytes() for path in (tmp_path / "charts").iterdir()}
    assert written == explorer.outlook.chart.files()
    assert all(name in text(explorer, "saved") for name in written) and str(tmp_path) in text(explorer, "saved")
    move(explorer, cost_growth=3.0)
    assert text(explorer, "saved").strip() == ""


def test_what_cannot_be_written_is_named(explorer, tmp_path):
    (tmp_path / "charts").write_text("a file")
    explorer.save.click()
    assert "it is a file, not a folder" in text(explorer, "fault")


def test_everything_is_said_in_the_language_that_is_chosen():
    first = Explorer(2020, "sv")
    again = move(Explorer(2020, "en"), lang="sv")
    assert seen(again) == seen(first)
    for explorer in (first, again):
        assert [control.description for control in explorer.controls.values()] == [
            read_texts("sv")[section][key]
            for section, key in [
                ("explore", "lang"),
                ("explore", "year"),
                ("columns", "fee_sek_per_inhabitant"),
                ("columns", "from_year"),
                ("columns", "cost_growth_percent"),
                ("explore", "projected"),
                ("columns", "growth_percent"),
                ("explore", "municipalities"),
            ]
        ]
        assert {
            lang for name in seen(explorer) for lang in re.findall(r'lang="(\w+)"', explorer.views[name].value)
        } == {"sv"}


def test_only_what_changes_is_made_anew(explorer, monkeypatch):
    made: list[str] = []
    for owner, name in ((Chart, "render_plot"), (explore_views, "trace"), (Measured, "scenario")):
        own = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *given, own=own, name=name: made.append(name) or own(*given))
    projected = MEASURED.ahead
    move(explorer, municipalities=("Salem",))
    assert made == []
    move(explorer, fee=4.5)
    assert made == ["scenario", "render_plot"]
    assert MEASURED.ahead is projected


def test_a_slider_and_its_number_move_together_and_a_number_between_its_notches_stays(explorer):
    sliders = [row for row in explorer.page.children[2].children[0].children if hasattr(row, "readout")]
    fee = sliders[0]
    fee.value = 4.300000000000001  # as a browser counts notches
    assert explorer.assumed.fee_sek_per_inhabitant == 4.3
    move(explorer, fee=4.37)
    assert (explorer.assumed.fee_sek_per_inhabitant, fee.value) == (4.37, 4.4)
    move(explorer, fee=99.0)
    assert (explorer.assumed.fee_sek_per_inhabitant, fee.value) == (99, 4.4)


def test_what_it_is_based_on_are_the_rows_of_the_report_and_of_scb(explorer):
    costs = Measured(TABLES, 2020).breakdown["amount_sek"]
    operations = TABLES.funds[(TABLES.funds["year"] == 2020) & (TABLES.funds["fund_kind"] == "operations")]
    wanted = [*costs, *operations["closing_sek"], *TABLES.population.groupby("year")["population"].sum().loc[2019:]]
    said = text(explorer, "basis")
    assert [own for own in wanted if f" {number(own, 'en')} " not in said] == []
    assert {
        *operations["place"],
        *TABLES.retrievals.query("year == 2025 and table_name == 'population'")["scb_table"],
    } <= set(re.findall(r">([^<>]+)<", explorer.views["basis"].value))
    assert all(label not in said for label in TABLES.funds.query("fund_kind != 'operations'")["label_en"])


def test_the_page_of_its_own_has_the_controls_alone():
    notebook = json.loads((REPOSITORY / "notebooks" / f"{EXPLORE}.ipynb").read_text(encoding="utf-8"))
    kept = [cell for cell in notebook["cells"] if "not-on-page" not in cell["metadata"].get("tags", [])]
    assert ["".join(cell["source"]).splitlines()[-1] for cell in kept] == ['YEAR, LANG = 2020, "en"', "explorer"]
    assert "widgets" not in notebook["metadata"]  # the state of a page would be stored with it, pictures and all
