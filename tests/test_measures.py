"""Measures against cases that were computed by hand."""

import numpy as np
import pandas as pd
import pytest

from sodertorn_lib import (
    DataError,
    annual_growth,
    area_population,
    balance_bridge,
    beside_ours,
    beside_projection,
    cancelled_or_moved,
    compare_published,
    cost_breakdown,
    fee_outlook,
    fee_scenarios,
    fund_statement,
    fund_totals,
    growth_between,
    meetings_by_forum,
    meetings_counted,
    membership_fees,
    operating_result,
    population_index,
    project_total,
    published_against_outcome,
    surpluses,
    text_against_table,
    years_of_growth,
)


def funds(*rows: tuple) -> pd.DataFrame:
    columns = ["year", "fund_id", "fund_kind", "opening_sek", "income_sek", "costs_sek", "closing_sek"]
    frame = pd.DataFrame(rows, columns=columns).assign(label_sv="", label_en="", note_sv="", note_en="")
    return frame.astype(dict.fromkeys(columns[3:], "Int64"))


TWO_YEARS = funds(
    (1, "operations", "operations", None, 100, 70, 30),
    (1, "gift", "other", 50, None, 8, 41),
    (2, "operations", "operations", None, 90, 95, -5),
    (2, "operations_1", "operations", 30, None, None, 30),
    (2, "empty", "other", None, None, None, None),
)
TOTALS = pd.DataFrame({"year": [1], "total_id": ["closing_balance"], "printed_sek": [71]})
POPULATION = pd.DataFrame(
    {"municipality_code": ["a"] * 3 + ["b"] * 3, "year": [1, 2, 3] * 2, "population": [100, 110, 121, 50, 40, 45]}
)


NAMED = POPULATION.assign(
    municipality=pd.Categorical(["A"] * 3 + ["B"] * 3, categories=["C", "B", "A"]),
)[["municipality_code", "municipality", "year", "population"]]


def test_a_fund_closes_at_opening_plus_income_minus_costs():
    statement = fund_statement(TWO_YEARS)
    assert statement["recomputed_sek"].tolist() == [30, 42, -5, 30, pd.NA]
    assert statement["difference_sek"].tolist() == [0, 1, 0, 0, pd.NA]


def test_totals_leave_out_blanks_and_a_sum_of_blanks_is_blank():
    assert fund_totals(TWO_YEARS).values.tolist() == [[1, 50, 100, 78, 71], [2, 30, 90, 95, 25]]
    assert fund_totals(TWO_YEARS.tail(1)).isna().sum().sum() == 4


def test_surpluses_of_two_years():
    table = surpluses(TWO_YEARS).set_index("year")
    assert table.loc[1].tolist() == [30, 30, 21, 71]
    assert table.loc[2].tolist() == [-5, 25, -5, 25]


def test_the_bridge_goes_from_opening_to_the_printed_balance():
    bridge = balance_bridge(TWO_YEARS, TOTALS, 1)
    assert bridge["step"].tolist() == ["opening", "income", "cost", "cost", "difference", "closing"]
    assert bridge["amount_sek"].tolist() == [50, 100, -8, -70, -1, 71]
    assert bridge["start_sek"].tolist() == [0, 50, 150, 142, 72, 0]
    assert bridge["end_sek"].tolist() == [50, 150, 142, 72, 71, 71]


def test_the_bridge_has_no_difference_where_the_sums_agree():
    agreeing = TOTALS.assign(printed_sek=72)
    assert "difference" not in balance_bridge(TWO_YEARS, agreeing, 1)["step"].tolist()


def test_the_bridge_of_a_year_without_a_printed_balance_says_so():
    with pytest.raises(DataError, match="closing balance for 2"):
        balance_bridge(TWO_YEARS, TOTALS, 2)


def test_result_and_breakdown():
    lines = pd.DataFrame(
        {
            "year": 1,
            "line_id": ["fee", "small", "large", "unknown"],
            "label_sv": "",
            "label_en": "",
            "kind": ["income", "cost", "cost", "cost"],
            "amount_sek": pd.array([10, 1, 3, None], dtype="Int64"),
        }
    )
    assert operating_result(lines).values.tolist() == [[1, 10, 4, 6]]
    ranked = cost_breakdown(lines)
    assert ranked[["line_id", "share_percent"]].values.tolist() == [["large", 75.0], ["small", 25.0]]


def test_text_is_held_against_what_its_row_names_and_a_difference_against_the_register():
    projects = pd.DataFrame(
        {
            "year": 1,
            "project_id": ["study", "maps"],
            "project_kind": ["analysis", "maps"],
            "label_sv": "",
            "label_en": "",
            "amount_sek": pd.array([20, 5], dtype="Int64"),
            "amount_in_text_sek": pd.array([21, None], dtype="Int64"),
            "chapter": "5",
            "place": "",
        }
    )
    totals = pd.DataFrame(
        {
            "year": 1,
            "total_id": ["surplus", "money", "all_funds", "analyses", "in_text_alone", "in_a_table"],
            "label_sv": "",
            "label_en": "",
            "printed_sek": [30, 31, 71, 20, 4, 99],
            "in_text_of": ["operating_surplus", "operating_money", "closing", "analysis", "nothing", None],
            "chapter": "7",
            "place": "",
        }
    )
    known = pd.DataFrame({"year": 1, "discrepancy_id": ["study_in_text"], "kind": "sum", "difference": [-1.0]})
    items = text_against_table(TWO_YEARS, projects, totals, known).set_index("item_id")
    expected = {"surplus": 0, "money": -1, "all_funds": 0, "analyses": 0, "study": -1}
    assert items["difference_sek"].dropna().to_dict() == expected
    assert items.index[items["table_sek"].isna()].tolist() == ["in_text_alone"]
    assert items["registered_sek"].dropna().to_dict() == {"study": -1}


def test_fees_of_several_years_and_a_year_without_population():
    rates = pd.DataFrame(
        {"year": [3, 4], "fee_sek_per_inhabitant": [4, 5], "population_date": ["2002-12-31", "2003-12-31"]}
    )
    population = POPULATION.assign(year=POPULATION["year"] + 2000)
    fees = membership_fees(population, rates)
    assert fees[["year", "municipality_code", "fee_sek"]].values.tolist() == [
        [3, "a", 440],
        [3, "b", 160],
        [4, "a", 605],
        [4, "b", 225],
    ]
    with pytest.raises(ValueError, match="2001 to 2003, not 2004"):
        membership_fees(population, rates.assign(population_date="2004-12-31"))


@pytest.mark.parametrize("day", ["2019-12-30", "2019-08-31", "2019-11-30"])
def test_a_fee_builds_on_the_population_of_a_31_december(day):
    rates = pd.DataFrame({"year": [2020], "fee_sek_per_inhabitant": [4], "population_date": [day]})
    with pytest.raises(DataError, match=f"'{day}' is not a 31 December"):
        membership_fees(POPULATION, rates)


def test_fee_scenarios_cross_rates_with_years_and_round_to_whole_kronor():
    table = fee_scenarios(POPULATION, [3, 0.55], [1, 3])
    assert table.groupby(["fee_sek_per_inhabitant", "population_year"])["fee_sek"].sum().tolist() == [83, 92, 450, 498]
    with pytest.raises(ValueError, match="not 9"):
        fee_scenarios(POPULATION, [3], [9])


def test_growth_in_a_year_and_between_years():
    growth = annual_growth(POPULATION.sample(frac=1, random_state=1))
    assert growth["change"].tolist() == [10, 11, -10, 5]
    assert growth["change_percent"].tolist() == [10.0, 10.0, -20.0, 12.5]
    between = growth_between(POPULATION, [1, 3])
    assert between["change_per_year"].tolist() == [10.5, -2.5]
    assert between["percent_per_year"].round(6).tolist() == [10.0, -5.131670]
    with pytest.raises(ValueError, match="no 7"):
        growth_between(POPULATION, [1, 7])


def test_index_and_years_of_growth():
    assert population_index(POPULATION, 2)["index"].round(2).tolist() == [90.91, 100, 110, 125, 100, 112.5]
    with pytest.raises(ValueError, match="no 9"):
        population_index(POPULATION, 9)
    area = pd.DataFrame({"year": range(1, 7), "population": [5, 6, 6, 7, 8, 7]})
    assert [years_of_growth(area, year) for year in (1, 2, 3, 5, 6)] == [0, 1, 0, 2, 0]


def test_published_figures_are_compared_as_they_were_rounded():
    published = pd.DataFrame(
        {
            "date": pd.to_datetime(["2003-12-31", "2003-12-31"]),
            "region": ["Södertörn", "B"],
            "population": [166, None],
            "change": [16, None],
            "change_percent": [10.6, 12.4],
            "ten_year_change_percent": [None, None],
        }
    )
    register = pd.DataFrame(
        {"year": [2003], "discrepancy_id": ["published_change_percent"], "kind": ["published"], "difference": [0.1]}
    )
    everyone = NAMED.assign(year=NAMED["year"] + 2000, municipality=NAMED["municipality"].cat.remove_categories("C"))
    held = compare_published(everyone, published, register)
    expected = {
        "published_population": "equal",
        "published_change": "equal",
        "published_change_percent": "registered",
        "published_change_percent_b": "unregistered",
    }
    assert held.set_index("check_id")["status"].to_dict() == expected
    some = compare_published(NAMED.assign(year=NAMED["year"] + 2000), published, register)
    assert some.set_index("check_id")["status"].to_dict() == {"published_change_percent_b": "unregistered"}
    unnamed = compare_published(POPULATION.assign(year=POPULATION["year"] + 2000), published, register)
    assert unnamed.set_index("check_id")["status"].to_dict() == expected | {"published_change_percent_b": "open"}


def test_measures_carry_the_names_of_the_municipalities_and_are_otherwise_the_same():
    rates = pd.DataFrame({"year": [2004], "fee_sek_per_inhabitant": [4], "population_date": ["2003-12-31"]})
    measures = (
        annual_growth,
        lambda t: growth_between(t, [2001, 2003]),
        lambda t: population_index(t, 2001),
        lambda t: membership_fees(t, rates),
        lambda t: fee_scenarios(t, [4], [2001, 2003]),
    )
    for measure in measures:
        table = measure(NAMED.assign(year=NAMED["year"] + 2000))
        at = table.columns.get_loc("municipality_code")
        assert table.columns[at + 1] == "municipality"
        assert table["municipality"].dtype == NAMED["municipality"].dtype
        assert (table["municipality"].astype(str).str.lower() == table["municipality_code"]).all()
        plain = measure(POPULATION.assign(year=POPULATION["year"] + 2000))
        pd.testing.assert_frame_equal(table.drop(columns="municipality"), plain)


def test_an_area_says_how_many_municipalities_it_is_the_sum_of():
    area = area_population(NAMED.drop(index=3))
    assert area.values.tolist() == [[1, 100, 1, 3], [2, 150, 2, 3], [3, 166, 2, 3]]
    unknown = area_population(POPULATION)
    assert unknown["municipalities"].tolist() == [2, 2, 2]
    assert unknown["of_municipalities"].isna().all() and str(unknown["of_municipalities"].dtype) == "Int64"


def test_meetings_are_counted_by_forum_and_once():
    meetings = pd.DataFrame(
        {
            "year": 1,
            "forum_id": ["x", "x", "y", "y"],
            "label_sv": "",
            "label_en": "",
            "chapter": "3",
            "place": "",
            "form": ["digital", "physical", "physical", "physical"],
            "meeting_type": ["ordinary", "joint", "joint", "ordinary"],
            "meetings": [1, 1, 1, 4],
            "shared_with": [None, "y", "x", None],
        }
    )
    assert meetings_counted(meetings).values.tolist() == [[1, 7, 6]]
    assert meetings_by_forum(meetings)[["forum_id", "digital", "physical", "meetings"]].values.tolist() == [
        ["y", 0, 5, 5],
        ["x", 1, 1, 2],
    ]


def test_cancelled_events_carry_the_date_of_what_replaced_them():
    events = pd.DataFrame(
        {
            "year": 2020,
            "event_id": ["a", "b", "c"],
            "start_date": pd.to_datetime(["2020-01-01", "2020-02-01", "2020-03-01"]),
            "end_date": pd.to_datetime(["2020-01-01", "2020-02-01", "2020-03-01"]),
            "precision": "day",
            "status": ["cancelled", "postponed", "done"],
            "moved_to_event_id": ["c", None, None],
        }
    )
    lost = cancelled_or_moved(events)
    assert lost["event_id"].tolist() == ["a", "b"]
    assert lost["moved_to_start_date"].tolist() == [pd.Timestamp("2020-03-01"), pd.NaT]


def test_fee_outlook_by_hand():
    incomes = pd.DataFrame({"year": [2022, 2021], "population_before": [120.0, 100], "fee_sek_per_inhabitant": 4})
    incomes = incomes.assign(income_sek=[480, 400], lower_sek=[440, None], upper_sek=[520, None])
    outlook = fee_outlook(incomes, 400, 10)
    assert outlook["year"].tolist() == [2021, 2022]
    assert outlook["income_sek"].tolist() == [400, 480]
    assert outlook[["lower_sek", "upper_sek"]].iloc[1].tolist() == [440, 520]
    assert outlook["costs_sek"].round(6).tolist() == [400, 440]
    assert outlook["balance_sek"].round(6).tolist() == [0, 40]
    assert outlook["balancing_fee_sek"].round(4).tolist() == [4, 3.6667]
    assert fee_outlook(incomes, 400)["costs_sek"].tolist() == [400, 400]
    gap = incomes.assign(year=[2020, 2022])
    assert fee_outlook(gap, 1000, 10)["costs_sek"].round(6).tolist() == [1000, 1210]
    with pytest.raises(ValueError, match="one row a year"):
        fee_outlook(POPULATION, 400)


def test_published_forecasts_are_read_off_a_line_from_base_to_target():
    forecasts = pd.DataFrame(
        {
            "forecast_id": ["reached", "on_the_way", "growth_from_outcome", "elsewhere"],
            "area_code": ["a", "a", "a", "b"],
            "area_sv": "",
            "area_en": "",
            "base_year": [2000, 2000, 2001, 2000],
            "base_population": pd.array([100, 100, None, 5], dtype="Int64"),
            "target_year": [2002, 2010, 2005, 2002],
            "forecast_population": pd.array([110, 200, None, 6], dtype="Int64"),
            "forecast_growth": pd.array([None, None, 40, None], dtype="Int64"),
        }
    )
    outcomes = pd.DataFrame({"area_code": "a", "year": range(2000, 2005), "population": [100, 104, 100, 120, 125]})
    held = published_against_outcome(forecasts, outcomes).set_index("forecast_id")
    assert held["year"].to_dict() == {"reached": 2002, "on_the_way": 2004, "growth_from_outcome": 2004}
    assert held["expected"].tolist() == [110, 140, 104 + 40 * 3 / 4]
    assert held["percentage_error"].round(4).tolist() == [10, 12, 7.2]
    assert held["reached"].tolist() == [True, False, False]


def test_ours_stands_beside_a_forecast_from_its_base_year_and_knows_nothing_later():
    years, rates = range(1990, 2021), {"0126": 0.01, "0127": 0.02, "01": 0.012, "00": 0.005, "sodertorn": 0.0}
    rows = [
        (code, year, 20_000 * 1.5 ** len(code) * np.exp(rate * (year - 1990)))
        for code, rate in rates.items()
        for year in years
    ]
    known = pd.DataFrame(rows, columns=["area_code", "year", "population"])
    asked = [(code, 2010, 2015) for code in rates]
    compared = pd.DataFrame(asked, columns=["area_code", "base_year", "year"]).assign(outcome=30_000.0)
    beside = beside_ours(compared, known).set_index("area_code")

    def expected(parts, around):
        past = known[known["year"] <= 2010].rename(columns={"area_code": "municipality_code"})
        region = past[past["municipality_code"] == around].set_index("year")["population"]
        return project_total(past[past["municipality_code"].isin(parts)], 5, reference=region).iloc[-1]

    for code, parts, around in (
        ("0126", ["0126"], "01"),
        ("sodertorn", ["0126", "0127"], "01"),
        ("01", ["01"], "00"),
        ("00", ["00"], "00"),
    ):
        ours = expected(parts, around)
        assert (
            beside.loc[code, ["projection", "lower", "upper"]].tolist()
            == ours[["population", "lower", "upper"]].tolist()
        )
        assert beside.loc[code, "ours_percentage_error"] == pytest.approx(100 * (ours["population"] / 30_000 - 1))
    later = known.assign(population=known["population"].where(known["year"] <= 2010, 1))
    pd.testing.assert_frame_equal(beside, beside_ours(compared, later).set_index("area_code"))


def test_how_likely_what_was_stated_is_stands_in_its_year_by_the_projection_drawn():
    area = pd.DataFrame({"year": range(2000, 2021), "population": 500_000, "municipalities": 8})
    area["of_municipalities"] = pd.array([8] * len(area), "Int64")
    ahead = pd.DataFrame(
        {"year": [2021, 2022], "population": 500_000.0, "lower": 490_000.0, "upper": 500_000**2 / 490_000}
    )
    ahead = ahead.assign(jump_off_year=2020, interval_percent=80.0)
    said = {"base_population": 500_000, "qualifier": "exact", "target_year": 2022}
    for growth, percent in (
        (0, 50),
        (500_000**2 / 490_000 - 500_000, 10),
        (-10_000, 90),
        (200_000, 10),
        (-200_000, 90),
    ):
        fan = beside_projection(area, ahead, pd.DataFrame([said | {"forecast_growth": growth}]))
        assert fan.dropna(subset=["stated"])["probability_percent"].tolist() == pytest.approx([percent])
        assert fan["probability_percent"].notna().sum() == 1
        kind = {50: "about", 10: "under", 90: "over"}[percent]
        assert fan.dropna(subset=["stated"])["probability_qualifier"].tolist() == [kind]
    past = beside_projection(area, ahead, pd.DataFrame([said | {"forecast_growth": 1, "target_year": 2020}]))
    assert past["probability_percent"].isna().all()
