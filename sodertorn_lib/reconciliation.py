"""Hold what was printed against what we recompute, and every difference against the register."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sodertorn_lib.accounts import (
    LABELS,
    TOTALS,
    carried_over,
    fund_statement,
    fund_totals,
    operating_result,
    operating_surplus,
    printed_by_year,
    project_sums,
    text_totals,
)
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.fees import fee_income

__all__ = ["reconcile", "require_reconciled"]

CHECK = ["year", "check_id", *LABELS, "printed", "recomputed"]


def reconcile(
    funds: pd.DataFrame,
    operating_statement: pd.DataFrame,
    projects: pd.DataFrame,
    fees: pd.DataFrame,
    printed_totals: pd.DataFrame,
    discrepancies: pd.DataFrame,
) -> pd.DataFrame:
    """Return every printed amount beside what our own arithmetic gives, and the difference registered for it.

    Parameters
    ----------
    funds, operating_statement, projects, printed_totals, discrepancies
        As their loaders give them.
    fees
        As `membership_fees` gives it.

    Returns
    -------
    DataFrame
        year, check_id, label_sv, label_en (of the fund, the project or the amount that it is about; NA for all
        together), printed, recomputed, difference (recomputed - printed), registered (whole kronor), status as
        `compare` describes it; `unchecked` is a printed total that no check recomputes.
        `require_reconciled` raises where a difference is not accounted for.
    """
    printed, result = printed_by_year(printed_totals), operating_result(operating_statement).set_index("year")
    checks = [
        *_fund_checks(funds, printed),
        _opening_checks(funds),
        *_operating_checks(operating_statement, result, fees, printed),
        *_surplus_checks(funds, result["result_sek"], printed),
        *_project_checks(operating_statement, projects, printed),
        _text_checks(funds, projects, printed_totals),
    ]
    compared = compare(pd.concat(checks, ignore_index=True), discrepancies, "sum")
    unknown = printed_totals[(printed_totals["stated_in"] == "table") & ~printed_totals["total_id"].isin(TOTALS)]
    unknown = unknown.rename(columns={"total_id": "check_id", "printed_sek": "printed"}).assign(status="unchecked")
    amounts = ["printed", "recomputed", "difference", "registered"]
    table = pd.concat([compared, unknown[["year", "check_id", *LABELS, "printed", "status"]]], ignore_index=True)
    return table.astype(dict.fromkeys(amounts, "Int64"))


def compare(checks: pd.DataFrame, discrepancies: pd.DataFrame, kind: str) -> pd.DataFrame:
    """Return each check with its difference, the difference registered for it, and a status.

    Parameters
    ----------
    checks
        year, check_id, printed, recomputed, and labels if they have any; one row a check. Rows in which nothing is
        printed are left out.
    discrepancies
        As `load_discrepancies` gives it.
    kind
        The kind of discrepancy that these checks answer for: each one registered must be found again.

    Returns
    -------
    DataFrame
        year, check_id, labels, printed, recomputed, difference (recomputed - printed), registered, status:
        `equal`, `registered`, `unregistered`, `gone` (registered, but no longer there), `open` (printed, but the
        tables lack what it would be recomputed from).
    """
    ours = checks.dropna(subset=["printed"])
    ours = ours.assign(difference=(ours["recomputed"] - ours["printed"]).astype("float64").round(6))
    known = discrepancies[discrepancies["kind"] == kind].rename(columns={"discrepancy_id": "check_id"})
    known = known.rename(columns={"difference": "registered"})[["year", "check_id", "registered"]]
    lost = known.merge(ours[["year", "check_id"]], on=["year", "check_id"], how="left_anti")
    table = pd.concat([ours.merge(known, on=["year", "check_id"], how="left"), lost], ignore_index=True)
    pairs = zip(table["difference"], table["registered"], table["printed"].notna(), strict=True)
    table["status"] = [_status(*pair) for pair in pairs]
    return table[[*(name for name in CHECK if name in table), "difference", "registered", "status"]]


def require_reconciled(*comparisons: pd.DataFrame) -> None:
    """Raise DataError naming each difference that is not registered and each registered one that is gone."""
    faults = [_fault(row) for table in comparisons for row in table.to_dict("records")]
    found = [fault for fault in faults if fault]
    if found:
        raise DataError(*found)


def _status(difference: float, registered: float, printed: bool) -> str:
    if pd.isna(difference) and pd.isna(registered) and printed:
        return "open"
    if pd.isna(difference) or (difference == 0 and pd.notna(registered)):
        return "gone"
    if difference == 0:
        return "equal"
    return "registered" if difference == registered else "unregistered"


def _fault(check: dict[Any, Any]) -> Fault | None:
    name = f"{check['check_id']} {check['year']}"
    if check["status"] == "unregistered":
        problem = "printed {printed:,.10g}, recomputed {recomputed:,.10g}, difference {difference:+.10g}".format(
            **check
        )
        action = (
            "Hold the rows against the report; register the difference in discrepancies.csv only if the report has it."
        )
        return Fault(name, problem, action)
    if check["status"] == "unchecked":
        problem = f"printed {check['printed']:,.10g} is not recomputed by any check"
        return Fault(name, problem, "Use a total_id that is in the table for earlier years, or add a check.")
    if check["status"] == "gone":
        problem = f"a difference of {check['registered']:+.10g} is registered, but it is not there"
        return Fault(name, problem, "Hold the rows against the report, or take it out of discrepancies.csv.")
    return None


def _fund_checks(funds: pd.DataFrame, printed: pd.DataFrame) -> list[pd.DataFrame]:
    statement = fund_statement(funds).assign(check_id="fund_" + funds["fund_id"])
    totals = fund_totals(funds).set_index("year")
    flows = printed["opening_balance"] + printed["income"] - printed["costs"]
    return [
        statement.rename(columns={"closing_sek": "printed", "recomputed_sek": "recomputed"})[CHECK],
        _check("opening_balance", printed["opening_balance"], totals["opening_sek"]),
        _check("income", printed["income"], totals["income_sek"]),
        _check("costs", printed["costs"], totals["costs_sek"]),
        _check("closing_balance", printed["closing_balance"], totals["closing_sek"]),
        _check("closing_balance_from_flows", printed["closing_balance"], flows),
    ]


def _opening_checks(funds: pd.DataFrame) -> pd.DataFrame:
    """Return the opening balance of each fund beside its closing balance of the year before, where that is there.

    A fund that is in one of the years only has nil in the other.
    """
    key, years = ["year", "fund_id"], set(funds["year"])
    opened = funds[[*key, "opening_sek"]].dropna()
    both = opened.merge(carried_over(funds), on=key, how="outer", suffixes=("", "_before")).fillna(0)
    both = both.merge(funds[[*key, *LABELS]], on=key, how="left")
    both = both[both["year"].isin(years) & (both["year"] - 1).isin(years)]
    named = {"opening_sek": "printed", "opening_sek_before": "recomputed"}
    return both.rename(columns=named).assign(check_id="opening_" + both["fund_id"])[CHECK]


def _operating_checks(
    statement: pd.DataFrame, result: pd.DataFrame, fees: pd.DataFrame, printed: pd.DataFrame
) -> list[pd.DataFrame]:
    """Return the checks of operations; fees make their own line, which may be one of several of income."""
    paid = statement[statement["line_id"] == "municipal_fees"].set_index("year")["amount_sek"]
    return [
        _check("operating_income", printed["operating_income"], result["income_sek"]),
        _check("operating_income_from_fees", paid.combine_first(printed["operating_income"]), fee_income(fees)),
        _check("operating_costs", printed["operating_costs"], result["costs_sek"]),
    ]


def _surplus_checks(funds: pd.DataFrame, result: pd.Series, printed: pd.DataFrame) -> list[pd.DataFrame]:
    surplus, closing = operating_surplus(funds), fund_totals(funds).set_index("year")["closing_sek"]
    totals = printed["operating_income"] - printed["operating_costs"]
    return [
        _check("year_surplus_from_totals", printed["year_surplus"], totals),
        _check("year_surplus_from_lines", printed["year_surplus"], result),
        _check("closing_balance_with_surplus_from_lines", printed["closing_balance"], closing - surplus + result),
    ]


def _project_checks(statement: pd.DataFrame, projects: pd.DataFrame, printed: pd.DataFrame) -> list[pd.DataFrame]:
    line = statement[statement["line_id"] == "projects"].set_index("year")["amount_sek"]
    sums, in_text = project_sums(projects), project_sums(projects, "amount_in_text_sek")
    named = {"amount_in_text_sek": "printed", "amount_sek": "recomputed"}
    return [
        _check("project_costs", printed["project_costs"], projects.groupby("year")["amount_sek"].sum(min_count=1)),
        _check("projects_in_operating_statement", line, sums.sum(axis=1, min_count=1)),
        _check("business_analyses_in_text", printed["business_analyses"], in_text["analysis"]),
        projects.assign(check_id=projects["project_id"] + "_in_text").rename(columns=named)[CHECK],
    ]


def _text_checks(funds: pd.DataFrame, projects: pd.DataFrame, printed_totals: pd.DataFrame) -> pd.DataFrame:
    named = {"item_id": "check_id", "text_sek": "printed", "table_sek": "recomputed"}
    return text_totals(funds, projects, printed_totals).rename(columns=named)[CHECK]


def _check(check_id: str, printed: pd.Series, recomputed: pd.Series) -> pd.DataFrame:
    """Return one check for each year: what is printed beside what we get."""
    table = pd.DataFrame({"printed": printed, "recomputed": recomputed}).rename_axis("year").reset_index()
    return table.assign(check_id=check_id).reindex(columns=CHECK)
