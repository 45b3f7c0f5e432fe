"""An unregistered difference fails, and so does a registered one that is no longer there."""

import pandas as pd
import pytest

from sodertorn_lib import (
    DataError,
    carried_over,
    load_discrepancies,
    load_fee_rates,
    load_funds,
    load_operating_statement,
    load_population,
    load_printed_totals,
    load_projects,
    membership_fees,
    reconcile,
    require_reconciled,
)
from sodertorn_lib.reconciliation import compare

from .conftest import YEAR


def checks(folder=None) -> pd.DataFrame:
    return reconcile(
        load_funds(folder),
        load_operating_statement(folder),
        load_projects(folder),
        membership_fees(load_population(folder), load_fee_rates(folder)),
        load_printed_totals(folder),
        load_discrepancies(folder),
    )


OPENED = {  # by the check of each fund: what it closed with in the year
    f"opening_{name}": amount for _, name, amount in carried_over(load_funds(year=YEAR)).itertuples(index=False)
}


def culprits(table: pd.DataFrame) -> set[str]:
    with pytest.raises(DataError) as error:
        require_reconciled(table)
    return {fault.file for fault in error.value.faults}


def test_the_report_reconciles_with_seven_registered_differences():
    table = checks()
    require_reconciled(table)
    registered = table[table["status"] == "registered"].set_index("check_id")["difference"]
    assert registered.to_dict() == {
        "closing_balance": 1,
        "closing_balance_from_flows": 1,
        "operating_costs": 1,
        "year_surplus_from_lines": -1,
        "business_analyses_in_text": 200,
        "business_interviews_in_text": -200,
        "total_surplus_in_text": -848_149,
    }
    assert set(table["status"]) == {"equal", "registered", "open"}
    assert table.loc[table["status"] == "open", "check_id"].tolist() == ["cancelled_meetings"]  # stands in no table


def test_every_printed_total_is_recomputed():
    printed = load_printed_totals(year=YEAR).set_index("total_id")["printed_sek"]
    table = checks().set_index("check_id")
    assert table.loc[printed.index, "printed"].to_dict() == printed.to_dict()


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("operating_statement.csv", "1444300", "1444301", "operating_costs 2020"),
        ("funds.csv", "521307", "521306", "fund_sodertorn_model 2020"),
        ("projects.csv", "22500", "22501", "infrastructure_maps_in_text 2020"),
        ("printed_totals.csv", "2063300", "2063301", "income 2020"),
        ("population.csv", "0126,2019,112848", "0126,2019,112849", "operating_income_from_fees 2020"),
        ("discrepancies.csv", "1824369,1,SEK", "1824370,2,SEK", "operating_costs 2020"),
        ("discrepancies.csv", "operating_costs,sum", "operating_cost,sum", "operating_cost 2020"),
        ("printed_totals.csv", "income,Driftens", "revenue,Driftens", "operating_revenue 2020"),
    ],
)
def test_a_changed_figure_is_named(edit, data_copy, file, old, new, named):
    edit(file, old, new)
    assert named in culprits(checks(data_copy))


def test_a_registered_difference_that_is_gone_is_named(edit, data_copy):
    edit("operating_statement.csv", "1444300", "1444299")
    assert "operating_costs 2020" in culprits(checks(data_copy))


def test_a_year_that_lacks_a_breakdown_is_left_out_and_the_rest_is_checked(data_copy):
    with (data_copy / "funds.csv").open("a", encoding="utf-8") as file:
        file.write("2021,operations,operations,Drift 2021,Operations 2021,,100,40,61,,,7,Table\n")
    table = checks(data_copy)
    own = table[table["year"] == 2021].set_index("check_id")
    assert own["status"].to_dict() == dict.fromkeys(["fund_operations", *OPENED], "unregistered")
    assert own["printed"].drop("fund_operations").eq(0).all()
    assert own["recomputed"].drop("fund_operations").to_dict() == OPENED


def test_money_that_is_moved_between_opening_balances_is_named(data_copy):
    opened = ["2021,operations,operations,Drift 2021,Operations 2021,,100,40,60,,,7,Table"]
    moved = {
        name: amount + {"operations_2019": 10_000, "operations_2018": -10_000}.get(name[8:], 0)
        for name, amount in OPENED.items()
    }
    opened += [f"2021,{name[8:]},other,Medel,Money,{amount},,,{amount},,,7,Table" for name, amount in moved.items()]
    with (data_copy / "funds.csv").open("a", encoding="utf-8") as file:
        file.write("\n".join([*opened, ""]))
    table = checks(data_copy)
    wrong = table[(table["year"] == 2021) & (table["status"] != "equal")]
    assert wrong["check_id"].tolist() == ["opening_operations_2018", "opening_operations_2019"]
    assert wrong["difference"].tolist() == [10_000, -10_000]


def test_statuses():
    recomputed = [5, 6, 6, None, 4]
    ours = pd.DataFrame({"year": 1, "check_id": list("abcde"), "printed": [5] * 5, "recomputed": recomputed})
    register = pd.DataFrame({"year": 1, "discrepancy_id": ["b", "d", "e"], "kind": "sum", "difference": [1.0] * 3})
    statuses = compare(ours, register, "sum").set_index("check_id")["status"].to_dict()
    assert statuses == {"a": "equal", "b": "registered", "c": "unregistered", "d": "gone", "e": "unregistered"}
