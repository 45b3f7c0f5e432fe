"""The controls of what if, without a browser: what they show is what the library says, and what is wrong is named."""

import json
import re
from html import unescape

import pandas as pd
import pytest

from sodertorn_lib import DataError, Scenario, charts, explore, explore_views, show, what_if
from sodertorn_lib.assumptions import BOUNDS
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.explore import Explorer
from sodertorn_lib.formats import LANGUAGES, number
from sodertorn_lib.measured import Measured
from sodertorn_lib.publish.inline import inline_parts
from sodertorn_lib.wording import phrase, read_texts

from .conftest import EXPLORE, MEASURED, REPOSITORY

TABLES = MEASURED.tables
KNOWN = TABLES.population[TABLES.population["year"] == 2025].set_index("municipality")["population"]
ASKED = {  # control, value: a scenario, each a step on
    "fee": "4.5",
    "from_year": 2027,
    "cost_growth": "3",
    "projected": False,
    "growth": "1",
}
LIMITS = {"fee": ("0", "1,000"), "cost_growth": ("−50", "50"), "growth": ("−50", "50")}  # as they are told
WRONG = [
    ("fee", "1000.01"),
    ("fee", "-1"),
    ("fee", "1,000"),  # thousands, or three decimals
    ("fee", "4 5"),
    ("fee", "1e1"),
    ("fee", "four"),
    ("fee", ""),
    ("cost_growth", "51"),
    ("growth", "−50.5"),
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
    """Return what is shown but for faults."""
    return {name: view.value for name, view in explorer.views.items()}


def faults(explorer: Explorer) -> dict[str, str]:
    """Return the faults that are told, by the place where they are."""
    told = {name: unescape(re.sub(r"<[^>]+>", "", view.value)) for name, view in explorer.faults.items() if view.value}
    assert all('role="alert"' in explorer.faults[name].value for name in told)
    return told


def test_it_begins_with_what_the_house_says(explorer, all_answers):
    (house,) = [answer for answer in all_answers["en"] if answer.name == "what_if"]
    assert explorer.outlook.answer == house
    assert house.text in text(explorer, "answer") and house.question in text(explorer, "heading")
    assert repr(explorer) == house.text
    assert faults(explorer) == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_answer_chart_and_table_are_those_of_the_library_for_the_same_scenario(lang):
    explorer = move(Explorer(2020, lang), **ASKED)
    mine = Scenario(from_year=2027, fee_sek_per_inhabitant=4.5, cost_growth_percent=3, growth_percent=1)
    table, chart = what_if(TABLES, 2020, mine), charts.what_if(what_if(TABLES, 2020, mine), lang)
    assert explorer.assumed.scenario == mine
    pd.testing.assert_frame_equal(explorer.outlook.table, table, check_dtype=False)
    columns = ["year", "fee_sek_per_inhabitant", "population_before", "income_sek", "costs_sek", "balance_sek"]
    columns += ["money_left_sek", "balancing_fee_sek"]
    assert show(table[columns], lang)._repr_html_() in explorer.views["table"].value
    shown = explorer.views["chart"].value
    assert [part.decode() in shown for part in inline_parts(chart).values()] == [True, True]  # wide and narrow
    assert unescape(shown).count(f'role="img" aria-label="{chart.words.alt}"') == 2
    assert all(words in text(explorer, "chart") for words in (chart.words.source, chart.words.caveat))
    assert chart.words.title in text(explorer, "answer")


def test_another_fee_is_at_once_what_it_is_by_hand(explorer):
    move(explorer, from_year=2026, fee="5")
    income = sum(5 * people for people in KNOWN)
    row = next(row for row in explorer.views["table"].value.split("<tr>") if "<td>2026</td>" in row)
    assert f"<td>{number(income, 'en')}</td>" in row and f"<td>{number(KNOWN.sum(), 'en')}</td>" in row


def test_the_year_in_which_the_money_runs_out_is_said(explorer):
    move(explorer, cost_growth="4")
    left = explorer.outlook.table.set_index("year")["money_left_sek"]
    assert f"Scenario: the money runs out in {left[left < 0].index[0]}" in text(explorer, "answer")


def test_the_population_is_as_projected_until_the_box_is_cleared(explorer):
    move(explorer, growth="3")
    assert explorer.assumed.growth_percent is None and explorer.controls["growth"].disabled
    move(explorer, projected=False)
    assert explorer.assumed.growth_percent == 3 and not explorer.controls["growth"].disabled
    assert set(explorer.outlook.table["population_kind"]) == {"known", "assumed"}


def test_a_selection_shows_what_these_pay_and_which_share_that_is_of_what_all_pay(explorer):
    answer = explorer.views["answer"].value
    move(explorer, from_year=2026, fee="5", municipalities=("Salem", "Nykvarn"))
    own, everybody = 5 * (KNOWN["Salem"] + KNOWN["Nykvarn"]), 5 * KNOWN.sum()
    share = number(100 * own / everybody, "en", 1)
    said = f"Salem and Nykvarn would pay SEK\N{NO-BREAK SPACE}{number(own, 'en')} for 2026, {share}% of what all eight"
    assert said in text(explorer, "fees")
    assert re.findall(r"left\">(\w+)</div></td>", explorer.views["fees"].value) == ["Salem", "Nykvarn"]
    assert all("Inhabitants on 31 December the year before" in text(explorer, view) for view in ("fees", "table"))
    move(explorer, from_year=2021, fee="4")
    assert explorer.views["answer"].value == answer  # the scenario is that of all


@pytest.mark.parametrize("typed", ["4.5", "4,5", " 4.50 ", "+4,5"])
def test_decimals_are_typed_with_a_comma_or_a_point(explorer, typed):
    assert move(explorer, fee=typed).assumed.fee_sek_per_inhabitant == 4.5
    assert faults(explorer) == {}


@pytest.mark.parametrize(("control", "typed"), WRONG)
def test_what_cannot_be_assumed_is_named_at_its_control_and_the_last_good_picture_stays(
    explorer, tmp_path, control, typed
):
    good, before = seen(move(explorer, projected=False, cost_growth="1")), explorer.controls[control].value
    move(explorer, **{control: typed})
    low, high = LIMITS[control]
    said = (
        f"{explorer.controls[control].description}: “{typed}” cannot be used. "
        f"Write a number from {low} to {high}, with at most two decimals."
    )
    assert faults(explorer) == {control: said} and repr(explorer) == said
    assert seen(explorer) == good
    explorer.save.click()
    assert faults(explorer) == {control: said, "save": f"The chart was not saved: {said}"}
    assert list(tmp_path.iterdir()) == []
    move(explorer, **{control: before})
    assert faults(explorer) == {} and repr(explorer) == explorer.outlook.answer.text


def test_the_limits_that_are_told_hold_for_scenarios_in_cells_too():
    for column, (low, high) in ((explore.COLUMNS[name], BOUNDS[explore.COLUMNS[name]]) for name in LIMITS):
        assert Scenario(**{column: low}) and Scenario(**{column: high})
        for wrong in (low - 0.01, high + 0.01, 0.001):
            with pytest.raises(DataError, match=column):
                Scenario(**{column: wrong})


def test_every_fault_of_a_control_is_told_in_the_language_of_the_page(explorer):
    move(explorer, lang="sv", fee="1e9", municipalities=())
    label = read_texts("sv")["columns"]["fee_sek_per_inhabitant"]
    shown = "ingen är vald. Välj en eller flera."
    assert faults(explorer)["fee"].startswith(
        f"{label}: ”1e9” går inte. Skriv ett tal från 0 till 1\N{NO-BREAK SPACE}000"
    )
    assert faults(explorer)["municipalities"] == f"{read_texts('sv')['explore']['municipalities']}: {shown}"
    assert all('lang="sv"' in explorer.faults[name].value for name in faults(explorer))


def test_without_a_municipality_only_its_fees_are_not_shown(explorer):
    move(explorer, municipalities=(), cost_growth="4")
    assert set(faults(explorer)) == {"municipalities"}
    assert "the money runs out" in text(explorer, "answer") and explorer.views["chart"].value
    assert text(explorer, "fees").strip() == ""
    move(explorer, municipalities=("Salem",))
    assert faults(explorer) == {} and "Salem would pay" in text(explorer, "fees")


def test_years_that_are_not_projected_cannot_be_chosen(explorer):
    assert explorer.controls["from_year"].options == tuple(explorer.outlook.table["year"][1:])


@pytest.mark.parametrize("error", [MemoryError("too large"), KeyError("income")])
def test_what_nobody_expected_is_told_with_its_kind_and_what_is_shown_stays(explorer, monkeypatch, error):
    good = seen(explorer)

    def fails(*_: object) -> None:
        raise error

    monkeypatch.setattr(explore_views, "inline_parts", fails)
    move(explorer, fee="5")
    assert faults(explorer) == {"page": f"This cannot be computed: {type(error).__name__}: {error}"}
    assert seen(explorer) == good


def test_a_year_that_is_not_there_is_named_and_another_can_be_chosen():
    explorer = Explorer(1999, "sv")
    said = "Det här kan inte räknas: year of the accounts: '1999' is not known. Choose from 2020."
    assert faults(explorer) == {"page": said} and repr(explorer) == said
    assert '<span lang="en">year of' in explorer.faults["page"].value
    move(explorer, year=2020)
    assert faults(explorer) == {} and "pengarna räcker" in text(explorer, "answer")


def test_a_language_that_is_not_there_is_told():
    with pytest.raises(DataError, match=r"language: 'de' is not known\. Choose from sv, en"):
        Explorer(2020, "de")


def test_a_fault_of_the_tables_is_named_on_the_page(data_copy, edit, monkeypatch):
    edit("fee_rates.csv", "2020,4,", "2020,four,")
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    assert "fee_rates.csv, row 2, column fee_sek_per_inhabitant: 'four'" in faults(Explorer(2020, "en"))["page"]
    edit("fee_rates.csv", "2020,four,", "2020,4,")
    edit("operating_statement.csv", "Personnel,cost,1444300", "Personnel,cost,")
    explorer = Explorer(2020, "en")
    assert "operating_statement.csv, row 3, column amount_sek: 'personnel' is blank" in faults(explorer)["page"]
    assert explorer.views["answer"].value == ""
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy / "nowhere"))
    assert "nowhere" in faults(Explorer(2020, "en"))["page"]


def test_another_year_starts_from_its_own_accounts(made_up, monkeypatch):
    monkeypatch.setenv("SODERTORN_DATA", str(made_up.tables.folder))
    explorer = move(Explorer(2020, "en"), fee="7", from_year=2030)
    move(explorer, year=made_up.year)
    own = made_up.fees["fee_sek_per_inhabitant"].iloc[0]
    assert explorer.assumed[:2] == (made_up.year + 1, own)
    pd.testing.assert_frame_equal(explorer.outlook.table, made_up.scenario(explorer.assumed.scenario))


def test_saving_writes_the_chart_with_its_data_and_alt_text(explorer, tmp_path):
    move(explorer, cost_growth="4")
    explorer.save.click()
    written = {path.name: path.read_bytes() for path in (tmp_path / "charts").iterdir()}
    assert written == explorer.outlook.chart.files()
    assert all(name in text(explorer, "saved") for name in written) and str(tmp_path) in text(explorer, "saved")
    move(explorer, cost_growth="3")
    assert text(explorer, "saved").strip() == ""


def test_a_second_scenario_does_not_replace_the_first(explorer, tmp_path):
    explorer.save.click()
    first = {path.name: path.read_bytes() for path in (tmp_path / "charts").iterdir()}
    move(explorer, cost_growth="4")
    explorer.save.click()
    assert "what_if_2.png" in text(explorer, "saved") and "what_if.png" not in text(explorer, "saved")
    both = {path.name: path.read_bytes() for path in (tmp_path / "charts").iterdir()}
    assert both.items() > first.items() and len(both) == 2 * len(first)
    assert both["what_if_2.csv"] == explorer.outlook.chart.files()["what_if.csv"] != first["what_if.csv"]


@pytest.mark.parametrize("wrong", [{"fee": "x"}, {}])
def test_what_was_saved_is_not_said_once_something_else_is_not(explorer, tmp_path, wrong):
    explorer.save.click()
    assert "Saved in" in text(explorer, "saved")
    for path in (tmp_path / "charts").iterdir():
        path.unlink()
    (tmp_path / "charts").rmdir()
    (tmp_path / "charts").write_text("a file")
    move(explorer, **wrong)
    explorer.save.click()
    assert faults(explorer)["save"].startswith("The chart was not saved: ")
    assert text(explorer, "saved").strip() == ""


def test_what_cannot_be_written_is_named(explorer, tmp_path):
    (tmp_path / "charts").write_text("a file")
    explorer.save.click()
    assert list(faults(explorer)) == ["save"] and "it is a file, not a folder" in faults(explorer)["save"]


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
    for owner, name in ((Chart, "views"), (explore_views, "_traced"), (Measured, "scenario")):
        own = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *given, own=own, name=name: made.append(name) or own(*given))
    projected = MEASURED.ahead
    move(explorer, municipalities=("Salem",))
    assert made == []
    move(explorer, fee="4.5")
    assert made == ["scenario", "views"]
    assert MEASURED.ahead is projected


def test_a_slider_and_its_number_move_together_and_a_number_between_its_notches_stays(explorer):
    fee = explorer.sliders["fee"]
    fee.value = 4.300000000000001  # as a browser counts notches
    assert explorer.assumed.fee_sek_per_inhabitant == 4.3
    move(explorer, fee="4.37")
    assert (explorer.assumed.fee_sek_per_inhabitant, fee.value) == (4.37, 4.4)
    move(explorer, fee="99")
    assert (explorer.assumed.fee_sek_per_inhabitant, fee.value) == (99, 4.4)
    move(explorer, fee="what", lang="sv")
    fee.value = 4.5
    assert (explorer.assumed.fee_sek_per_inhabitant, explorer.controls["fee"].value) == (4.5, "4,5")


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


def test_known_differences_of_what_it_is_based_on_are_told_and_a_column_without_dates_is_left_out(explorer):
    known = MEASURED.differences.set_index("discrepancy_id")["explanation_en"]
    said = text(explorer, "basis")
    assert [name for name, own in known.items() if own in said] == ["operating_costs", "year_surplus_from_lines"]
    assert not any(own in said for own in known[known.str.contains("funds add up")])
    dated = TABLES.retrievals.query("table_name == 'population'")["retrieved_date"].notna().any()
    assert (read_texts("en")["columns"]["retrieved_date"] in said) == dated


@pytest.mark.parametrize(("old", "new"), [(",1444300,", ",1444300,"), (",1444300,", ",1544300,")])
def test_a_copy_that_is_edited_says_so_where_it_tells_what_it_is_based_on(data_copy, edit, monkeypatch, old, new):
    edit("operating_statement.csv", old, new)
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    assert (phrase("common", "edited", "en") in text(Explorer(2020, "en"), "basis")) == (old != new)


def test_the_page_of_its_own_has_the_controls_alone():
    notebook = json.loads((REPOSITORY / "notebooks" / f"{EXPLORE}.ipynb").read_text(encoding="utf-8"))
    kept = [cell for cell in notebook["cells"] if "not-on-page" not in cell["metadata"].get("tags", [])]
    assert ["".join(cell["source"]).splitlines()[-1] for cell in kept] == ['YEAR, LANG = 2020, "en"', "explorer"]
    assert "widgets" not in notebook["metadata"]  # the state of a page would be stored with it, pictures and all


def test_a_difference_of_a_count_is_not_taken_for_one_of_kronor_that_is_as_large():
    measured = Measured(TABLES, MEASURED.year)
    fee = measured.tables.fee_rates["fee_sek_per_inhabitant"].iloc[0]
    counted = measured.differences.iloc[[0]].assign(printed=fee, unit="projects", explanation_en="So many projects")
    measured.differences = pd.concat([measured.differences, counted], ignore_index=True)
    assert "So many projects" not in explore_views.basis(measured, "en")
