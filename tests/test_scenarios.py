"""Scenarios against cases that were computed by hand, and against the outlook of the house."""

import csv

import pandas as pd
import pytest

from sodertorn_lib import (
    DataError,
    Scenario,
    answers,
    cost_breakdown,
    load_tables,
    membership_fees,
    what_if,
    what_if_fees,
)
from sodertorn_lib.answers import ANSWERS
from sodertorn_lib.backtests import TESTED_YEARS
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.measured import Measured
from sodertorn_lib.publish.press import Edition
from sodertorn_lib.scenarios import scenario_fees, scenario_outlook
from sodertorn_lib.wording import read_texts

from .conftest import MEASURED, REPOSITORY, SCENARIOS

TABLES = MEASURED.tables


def by_year(scenario: Scenario) -> pd.DataFrame:
    return MEASURED.scenario(scenario).set_index("year")


def test_what_is_not_assumed_is_as_in_the_outlook_of_the_house():
    house = MEASURED.outlook.query("cost_base == 'all' and cost_growth_percent == 0").set_index("year")
    columns = ["income_sek", "lower_sek", "upper_sek", "costs_sek", "balance_sek", "balancing_fee_sek"]
    own = MEASURED.what_if.set_index("year")
    pd.testing.assert_frame_equal(own.loc[house.index, columns], house[columns])
    target = MEASURED.stated["target_year"].item()
    assert (own.index.min(), own.index.max()) == (2020, TABLES.population["year"].max() + TESTED_YEARS + 1)
    assert (house.index.min(), house.index.max()) == (2020, target)


@pytest.mark.parametrize("fee", [4, 4.5])
def test_an_income_is_what_the_municipalities_pay_in_the_outlook_too(fee):
    tables = load_tables()
    tables.fee_rates = tables.fee_rates.assign(fee_sek_per_inhabitant=float(fee))
    paid = what_if_fees(tables, 2020, Scenario()).groupby("year")["fee_sek"].sum()
    outlook = Measured(tables, 2020).outlook.query("cost_base == 'all' and cost_growth_percent == 2")
    assert outlook["income_sek"].tolist() == paid.loc[: outlook["year"].max()].tolist()


def test_the_one_line_call_gives_what_is_measured():
    scenario = Scenario(from_year=2027, growth_percent=1)
    pd.testing.assert_frame_equal(what_if(TABLES, 2020, scenario), MEASURED.scenario(scenario))


def test_a_fee_holds_from_its_year_and_builds_on_the_population_of_the_year_before():
    table = by_year(Scenario(from_year=2026, fee_sek_per_inhabitant=5))
    assert table.loc[[2025, 2026], "income_sek"].tolist() == [4 * 523_622, 5 * 525_625]


def test_a_population_that_is_known_is_not_altered_and_growth_begins_with_the_first_that_is_not():
    salem = what_if_fees(TABLES, 2020, Scenario(growth_percent={"Salem": 10})).query("municipality == 'Salem'")
    salem = salem.set_index("population_year")
    known = TABLES.population.query("municipality == 'Salem' and year >= 2019").set_index("year")["population"]
    assert salem.loc[known.index, "population"].tolist() == known.tolist()
    assert salem.loc[[2026, 2027], "population"].tolist() == pytest.approx([known[2025] * 1.1, known[2025] * 1.21])
    assert salem["population_kind"].value_counts().to_dict() == {"assumed": TESTED_YEARS, "known": 7}


def test_growth_from_a_later_year_begins_where_the_projection_has_led():
    fees = what_if_fees(TABLES, 2020, Scenario(from_year=2030, growth_percent={"Salem": 10}))
    salem = fees.query("municipality == 'Salem'").set_index("population_year")["population"]
    projected = MEASURED.ahead.query("municipality == 'Salem'").set_index("year")["population"]
    assert salem[2028] == projected[2028]
    assert salem[2029] == pytest.approx(1.1 * projected[2028])
    others = fees.query("municipality != 'Salem'")
    assert "assumed" not in set(others["population_kind"])


def test_there_is_no_interval_where_the_scenario_changes_the_population_and_none_where_it_is_known():
    table = by_year(Scenario(from_year=2030, growth_percent={"Salem": 1}))
    bounds = ["lower_sek", "upper_sek", "money_left_lower_sek", "money_left_upper_sek"]
    assert table[table[bounds].notna().all(axis=1)].index.tolist() == [2027, 2028, 2029]
    assert table[table[bounds].isna().all(axis=1)].index.tolist() == [*range(2020, 2027), *range(2030, 2037)]


def test_costs_stay_until_their_year_and_then_grow_by_line():
    lines = cost_breakdown(TABLES.operating_statement).set_index("line_id")["amount_sek"]
    scenario = Scenario(
        from_year=2022, cost_growth_percent=2, line_growth_percent={"personnel": 10}, one_off_sek={2023: 7}
    )
    table, others = by_year(scenario), lines.sum() - lines["personnel"]
    assert table.loc[[2020, 2021], "costs_sek"].tolist() == [lines.sum()] * 2
    expected = [others * 1.02 + lines["personnel"] * 1.1, others * 1.02**2 + lines["personnel"] * 1.21 + 7]
    assert table.loc[[2022, 2023], "costs_sek"].tolist() == pytest.approx(expected)
    assert table["one_off_sek"].sum() == 7


def test_money_left_is_what_may_be_used_and_the_balances_since_the_accounts():
    table = by_year(Scenario(usable_sek=1000))
    assert table.loc[2020, "money_left_sek"] == 1000
    assert table.loc[2022, "money_left_sek"] == 1000 + table.loc[[2021, 2022], "balance_sek"].sum()
    low = (table["lower_sek"] - table["costs_sek"]).loc[2027:2028].sum()
    assert table.loc[2028, "money_left_lower_sek"] == pytest.approx(table.loc[2026, "money_left_sek"] + low)
    assert by_year(Scenario()).loc[2020, "money_left_sek"] == MEASURED.sums["operating_money_sek"].item()


def test_all_faults_are_told_at_once():
    with pytest.raises(DataError) as told:
        Scenario(
            fee_sek_per_inhabitant=-1, cost_growth_percent=True, growth_percent={"Salem": float("nan")}, whose="a\nb"
        )
    assert len(told.value.faults) == 4
    wrong = Scenario(from_year=2019, growth_percent={"Sälem": 1}, line_growth_percent={"x": 1}, one_off_sek={2020: 1})
    with pytest.raises(DataError) as told:
        what_if(TABLES, 2020, wrong)
    assert [fault.value for fault in told.value.faults] == ["2019", "2020", "Sälem", "x"]


def test_a_selection_of_municipalities_and_accounts_without_operating_money_are_refused(data_copy):
    some = load_tables()
    some.population = some.population.query("municipality in ['Salem', 'Nykvarn']")
    with pytest.raises(DataError, match="selection of municipalities, and the costs are those of all"):
        what_if(some, 2020, Scenario())
    without = load_tables()
    without.funds = without.funds[without.funds["fund_kind"] != "operations"]
    with pytest.raises(DataError, match=r"funds\.csv: has no operating money"):
        what_if(without, 2020, Scenario())
    assert what_if(without, 2020, Scenario(usable_sek=5))["money_left_sek"].iloc[0] == 5
    pd.testing.assert_frame_equal(Measured(without, 2020).outlook, MEASURED.outlook)  # does not count the funds


def test_a_cost_that_is_blank_is_named_and_not_taken_as_nil(data_copy, edit):
    edit("operating_statement.csv", "Personnel,cost,1444300", "Personnel,cost,")
    named = r"operating_statement\.csv, row 3, column amount_sek: 'personnel' is blank"
    with pytest.raises(DataError, match=named):
        what_if(load_tables(data_copy), 2020, Scenario())
    for tables in (load_tables(data_copy), load_tables(data_copy, year=2020)):
        with pytest.raises(DataError, match=named):
            answers.fee_outlook(tables, 2020)
    edit("printed_totals.csv", ",1824368,", ",380068,")
    assert what_if(load_tables(data_copy), 2020, Scenario())["costs_sek"].iloc[0] == 380_069  # nil, by the report
    without = load_tables(data_copy)
    without.operating_statement = without.operating_statement[without.operating_statement["kind"] != "cost"]
    with pytest.raises(DataError, match=r"operating_statement\.csv: has no cost for 2020"):
        what_if(without, 2020, Scenario())


def test_fees_are_in_whole_kronor_as_they_are_paid_in_the_year_of_the_accounts_and_after():
    rates = TABLES.fee_rates.query("year == 2020").assign(fee_sek_per_inhabitant=4.5)
    paid = membership_fees(TABLES.population, rates)
    fees = scenario_fees(Scenario(growth_percent={"Salem": 1}), paid, TABLES.population, MEASURED.ahead)
    first = fees[fees["year"] == 2020].set_index("municipality_code")["fee_sek"]
    pd.testing.assert_series_equal(first, paid.set_index("municipality_code")["fee_sek"])
    exact = fees["population"] * 4.5
    assert (exact % 1 != 0).sum() > 50
    assert fees["fee_sek"].tolist() == [round(amount) for amount in exact]
    table = by_year(Scenario(from_year=2021, fee_sek_per_inhabitant=4.5))
    of_2021 = membership_fees(TABLES.population, rates.assign(year=2021, population_date="2020-12-31"))
    assert table.loc[2021, "income_sek"] == of_2021["fee_sek"].sum() != table.loc[2021, "population_before"] * 4.5


@pytest.mark.parametrize("lang", LANGUAGES)
def test_whether_a_population_and_money_are_known_is_said_in_the_language(lang):
    tables = [MEASURED.scenario(scenario) for scenario in SCENARIOS.values()]
    kinds = {kind for table in tables for column in ("population_kind", "usable_kind") for kind in table[column]}
    assert kinds == {"known", "projected", "assumed"} <= set(read_texts(lang)["values"])


def test_no_scenario_is_among_the_answers_that_leave_the_house(made_up):
    told = [[answer.name for answer in Edition(own, "en").published] for own in (MEASURED, made_up)]
    names = [answer.__name__ for answer in ANSWERS if answer is not answers.what_if]
    assert told == [names[:-1], names]  # the last needs a year before


def test_money_that_is_below_zero_in_the_accounts_runs_out_in_no_year_after_them():
    sums = MEASURED.sums.assign(operating_money_sek=-5)
    parts = (
        MEASURED.fees,
        TABLES.population,
        MEASURED.ahead,
        MEASURED.ahead_together,
        MEASURED.breakdown,
        sums,
        MEASURED.homes_record,
    )
    assert answers.what_if(TABLES, 2020, what_if=scenario_outlook(Scenario(), *parts)).values["out_year"] is None


def test_homes_times_persons_are_added_each_year_from_where_the_projection_has_led():
    scenario = Scenario(from_year=2030, homes_a_year={"Huddinge": 500}, persons_per_household=2.5)
    fees = what_if_fees(TABLES, 2020, scenario)
    huddinge = fees.query("municipality == 'Huddinge'").set_index("population_year")["population"]
    projected = MEASURED.ahead.query("municipality == 'Huddinge'").set_index("year")["population"]
    assert [huddinge[year] - projected[2028] for year in (2028, 2029, 2031)] == pytest.approx([0, 1250, 3750])
    assert set(fees.query("population_kind == 'assumed'")["municipality"]) == {"Huddinge"}


def read(file: str) -> dict[tuple[str, int], float]:
    """Read the last column of a CSV file by municipality and year, with nothing of the library."""
    with (REPOSITORY / "data" / file).open(encoding="utf-8") as lines:
        _, *rows = csv.reader(lines)
    return {(code, int(year)): float(amount) for code, year, amount in rows}


def test_the_record_of_the_rule_is_that_of_the_files():
    homes, people = read("dwellings_completed.csv"), read("population.csv")
    rule = sum(homes["0126", year] for year in range(2016, 2026)) * read("persons_per_household.csv")["0126", 2015]
    table = MEASURED.scenario(Scenario(homes_a_year={"Huddinge": 500}, persons_per_household=2.5))
    assert table["growth_by_rule"].unique().tolist() == pytest.approx([rule])
    assert table["growth"].unique().tolist() == [people["0126", 2025] - people["0126", 2015]]
    assert (round(rule), table["growth"].iloc[0]) == (11914, 9375)
    assert MEASURED.homes_record["growth_by_rule"].sum() > 1.25 * MEASURED.homes_record["growth"].sum()


@pytest.mark.parametrize(
    ("assumed", "told"),
    [
        ({"homes_a_year": {"Huddinge": 500}}, "homes_a_year: is given alone"),
        ({"persons_per_household": 2.4}, "persons_per_household: is given alone"),
        ({"homes_a_year": 500}, r"homes_a_year: '500' is no mapping\. Give one such as \{'Huddinge': 500\}"),
        ({"one_off_sek": None}, "one_off_sek: 'None' is no mapping"),
        ({"whose": 5}, "whose: '5' cannot stand in a source line"),
        ({"homes_a_year": {"Salem": -5}, "persons_per_household": 2.4}, "homes_a_year, Salem: '-5' is beyond reason"),
        (
            {"homes_a_year": {"Salem": 5}, "persons_per_household": 2.4, "growth_percent": {"Salem": 1}},
            "homes_a_year: 'Salem' grows in per cent as well",
        ),
        (
            {"homes_a_year": {"Salem": 5}, "persons_per_household": 2.4, "growth_percent": 1},
            "homes_a_year: 'Salem' grows in per cent as well",
        ),
    ],
)
def test_homes_without_persons_too_few_or_beside_a_growth_are_named(assumed, told):
    with pytest.raises(DataError, match=told):
        Scenario(**assumed)


def test_homes_of_a_municipality_that_there_is_not_are_named():
    with pytest.raises(DataError, match=r"homes_a_year: 'Sälem' is not known\. Choose from Huddinge"):
        what_if(TABLES, 2020, Scenario(homes_a_year={"Sälem": 5}, persons_per_household=2.4))
