"""A year beside the year before: fees, costs, funds, meetings and activities.

What only one of the years has is NA in the other, not 0, and so is the change; from nil or less there is no change in
per cent.
"""

from __future__ import annotations

import pandas as pd

from sodertorn_lib.accounts import LABELS, fund_totals, next_ids, operating_result
from sodertorn_lib.activities import OUTCOMES, meetings_by_forum, meetings_counted
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.municipalities import counted, key

__all__ = [
    "activities_compared",
    "costs_compared",
    "fees_compared",
    "funds_compared",
    "meetings_compared",
    "year_figures",
    "year_on_year",
]


def fees_compared(fees: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return what each municipality pays in a year beside the year before.

    Parameters
    ----------
    fees
        As `membership_fees` gives it, of both years.

    Returns
    -------
    DataFrame
        year, municipality_code, municipality (where fees has it), fee_sek_before, fee_sek, change_sek, change_percent,
        fee_sek_per_inhabitant_before, fee_sek_per_inhabitant.

    Raises
    ------
    DataError
        When fees lacks the year or the one before; so do the other comparisons.

    Examples
    --------
    >>> fees = pd.DataFrame({"municipality_code": ["0128", "0128"], "year": [2020, 2021], "fee_sek": [400, 450]})
    >>> fees = fees.assign(fee_sek_per_inhabitant=[4, 4.5])
    >>> fees_compared(fees, 2021)[["fee_sek_before", "fee_sek", "change_sek", "change_percent"]].values.tolist()
    [[400, 450, 50, 12.5]]
    """
    compared = _compared(fees, year, "fee_rates.csv", key(fees), "fee_sek")
    rates = fees.groupby("year")["fee_sek_per_inhabitant"].first()
    return compared.assign(fee_sek_per_inhabitant_before=rates[year - 1], fee_sek_per_inhabitant=rates[year])


def costs_compared(operating_statement: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the cost lines of a year beside the year before: those of the year, then those that are gone.

    Returns
    -------
    DataFrame
        year, line_id, label_sv, label_en, amount_sek_before, amount_sek, change_sek, change_percent.

    Examples
    --------
    >>> lines = {"line_id": ["it", "travel", "it", "travel"], "label_sv": "", "label_en": "", "kind": "cost"}
    >>> statement = pd.DataFrame(lines | {"year": [2020, 2020, 2021, 2021], "amount_sek": [0, 330, 500, pd.NA]})
    >>> costs_compared(statement, 2021)[["amount_sek_before", "amount_sek", "change_sek", "change_percent"]].values
    array([[0, 500, 500, <NA>],
           [330, <NA>, <NA>, <NA>]], dtype=object)
    """
    costs = operating_statement[operating_statement["kind"] == "cost"]
    return _compared(costs, year, "operating_statement.csv", ["line_id", *LABELS], "amount_sek")


def funds_compared(funds: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the closing balance of each fund of a year beside the year before.

    The fund `operations` of the year before is the fund of that year now, such as `operations_2020`; the year's own is
    new.

    Returns
    -------
    DataFrame
        year, fund_id, label_sv, label_en, closing_sek_before, closing_sek, change_sek, change_percent.

    Examples
    --------
    >>> funds = pd.DataFrame({"year": [2020, 2021, 2021], "fund_id": ["operations", "operations", "operations_2020"]})
    >>> funds = funds.assign(label_sv="Drift", label_en="Operations", closing_sek=[5, 7, 4])
    >>> funds_compared(funds, 2021)[["fund_id", "closing_sek_before", "closing_sek"]].values.tolist()
    [['operations', <NA>, 7], ['operations_2020', 5, 4]]
    """
    named = funds.assign(fund_id=funds["fund_id"].mask(funds["year"] == year - 1, next_ids(funds)))
    return _compared(named, year, "funds.csv", ["fund_id", *LABELS], "closing_sek")


def meetings_compared(meetings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the meetings of each forum in a year beside the year before; joint ones stand with both forums.

    Returns
    -------
    DataFrame
        year, forum_id, label_sv, label_en, meetings_before, meetings, change_meetings, change_percent.

    Examples
    --------
    >>> from sodertorn_lib import load_meetings
    >>> meetings_compared(load_meetings(), 2020)
    Traceback (most recent call last):
    sodertorn_lib.errors.DataError: meetings.csv: holds no year before 2020. Add the rows of 2019, or compare another.
    """
    by_forum = meetings_by_forum(meetings)
    return _compared(by_forum, year, "meetings.csv", ["forum_id", *LABELS], "meetings", "change_meetings")


def activities_compared(activities: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return how many activities of the plan of a year came to what, beside the year before.

    Returns
    -------
    DataFrame
        year, result, activities_before, activities, change_activities, change_percent; a row for each outcome there is.

    Examples
    --------
    >>> plan = pd.DataFrame({"year": [2020, 2021, 2021], "result": ["ended", "carried_out", "carried_out"]})
    >>> activities_compared(plan, 2021)[["result", "activities_before", "activities"]].values.tolist()[0]
    ['carried_out', 0, 2]
    """
    counts = activities.groupby("year")["result"].value_counts().unstack("result", fill_value=0)
    long = counts.reindex(columns=OUTCOMES, fill_value=0).reset_index().melt("year", value_name="activities")
    return _compared(long, year, "activities.csv", ["result"], "activities", "change_activities")


def year_figures(
    fees: pd.DataFrame,
    operating_statement: pd.DataFrame,
    funds: pd.DataFrame,
    meetings: pd.DataFrame,
    activities: pd.DataFrame,
    year: int,
) -> pd.DataFrame:
    """Return what a year and the year before come to, a row each; one row where the tables hold no year before.

    Parameters
    ----------
    fees
        As `membership_fees` gives it; the others as their loaders do.

    Returns
    -------
    DataFrame
        year, fee_sek_per_inhabitant, fee_sek (all municipalities given), costs_sek (the rows of operations),
        closing_sek (all funds), meetings (joint ones once), activities, carried_out; NA where a table lacks the year;
        municipalities and of_municipalities (of the fees).
    """
    paid, plan = fees.groupby("year"), activities.groupby("year")["result"]
    figures = {
        "fee_sek_per_inhabitant": paid["fee_sek_per_inhabitant"].first(),
        "fee_sek": paid["fee_sek"].sum(),
        "costs_sek": operating_result(operating_statement).set_index("year")["costs_sek"],
        "closing_sek": fund_totals(funds).set_index("year")["closing_sek"],
        "meetings": meetings_counted(meetings).set_index("year")["counted_once"],
        "activities": plan.size(),
        "carried_out": plan.agg(lambda results: (results == "carried_out").sum()),
    }
    table = pd.DataFrame(figures).rename_axis("year").reset_index()
    table = table[table["year"].between(year - 1, year)].reset_index(drop=True)
    whole = dict.fromkeys([name for name in figures if name != "fee_sek_per_inhabitant"], "Int64")
    return counted(table.astype(whole), fees, fees["municipality_code"].nunique())


def year_on_year(
    fees: pd.DataFrame,
    operating_statement: pd.DataFrame,
    funds: pd.DataFrame,
    meetings: pd.DataFrame,
    activities: pd.DataFrame,
    year: int,
) -> dict[str, pd.DataFrame]:
    """Return the comparisons that the tables of `year_figures` allow, by name: none where they hold no year before.

    The chart of a comparison has its name.
    """
    tables = {
        fees_compared: fees,
        costs_compared: operating_statement,
        funds_compared: funds,
        meetings_compared: meetings,
        activities_compared: activities,
    }
    both = {year - 1, year}
    return {compare.__name__: compare(table, year) for compare, table in tables.items() if both <= set(table["year"])}


def _compared(
    table: pd.DataFrame, year: int, file: str, item: list[str], column: str, change: str = "change_sek"
) -> pd.DataFrame:
    """Return a column of a year beside the year before; the first of the columns of an item is its key."""
    identity, before = item[0], f"{column}_before"
    earlier, own = (_of_year(table, each, file, year) for each in (year - 1, year))
    items = pd.concat([own, earlier]).drop_duplicates(identity)[item].reset_index(drop=True)
    amounts = {before: earlier, column: own}
    pair = {name: items[identity].map(part.set_index(identity)[column]) for name, part in amounts.items()}
    compared = items.assign(**pair).astype({before: "Int64", column: "Int64"})
    compared.insert(0, "year", year)
    compared[change] = compared[column] - compared[before]
    percent = 100 * compared[change] / compared[before].mask(compared[before] <= 0)
    return compared.assign(change_percent=percent.astype("Float64"))


def _of_year(table: pd.DataFrame, wanted: int, file: str, year: int) -> pd.DataFrame:
    rows = table[table["year"] == wanted]
    if rows.empty:
        problem = f"holds no year before {year}" if wanted < year else f"has no row for {year}"
        raise DataError(Fault(file, problem, f"Add the rows of {wanted}, or compare another."))
    return rows
