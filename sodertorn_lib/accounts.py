"""The closing accounts: funds, operations and projects.

Amounts are whole kronor; costs are positive. A sum of blanks is NA, not 0.
"""

from __future__ import annotations

import pandas as pd

from sodertorn_lib.errors import DataError, Fault

__all__ = [
    "balance_bridge",
    "carried_over",
    "cost_bases",
    "cost_breakdown",
    "fund_statement",
    "fund_totals",
    "operating_result",
    "surpluses",
    "text_against_table",
    "text_totals",
]

LABELS = ["label_sv", "label_en"]
TOTALS = [
    "opening_balance",
    "income",
    "costs",
    "closing_balance",
    "operating_income",
    "operating_costs",
    "project_costs",
    "business_analyses",
    "year_surplus",
]


def fund_statement(funds: pd.DataFrame) -> pd.DataFrame:
    """Return each fund with its closing balance recomputed: opening + income - costs.

    Parameters
    ----------
    funds
        As `load_funds` gives it.

    Returns
    -------
    DataFrame
        The columns of funds, and recomputed_sek, difference_sek (recomputed - printed). A fund without any amount has
        NA.

    Examples
    --------
    >>> from sodertorn_lib import load_funds
    >>> funds = fund_statement(load_funds(year=2020)).set_index("fund_id")
    >>> funds.loc["operations", ["closing_sek", "recomputed_sek"]].tolist()
    [188432, 188432]
    """
    flows = funds[["opening_sek", "income_sek", "costs_sek"]]
    signed = flows.assign(costs_sek=-flows["costs_sek"])
    recomputed = signed.sum(axis=1, min_count=1).astype("Int64")
    return funds.assign(recomputed_sek=recomputed, difference_sek=recomputed - funds["closing_sek"])


def carried_over(funds: pd.DataFrame) -> pd.DataFrame:
    """Return what each fund has to open with in the year after: its closing balance, where it has one.

    Returns
    -------
    DataFrame
        year (the year after), fund_id (of it: `operations` goes on as `operations_` and its year), opening_sek.

    Examples
    --------
    >>> from sodertorn_lib import load_funds
    >>> carried_over(load_funds(year=2020)).head(2).values.tolist()
    [[2021, 'operations_2020', 188432], [2021, 'sodertorn_model', 519857]]
    """
    closed = funds.dropna(subset=["closing_sek"])
    later = closed.assign(year=closed["year"] + 1, fund_id=next_ids(closed), opening_sek=closed["closing_sek"])
    return later[["year", "fund_id", "opening_sek"]].reset_index(drop=True)


def next_ids(funds: pd.DataFrame) -> pd.Series:
    """Return under which identifier each fund goes on in the year after its own."""
    named = "operations_" + funds["year"].astype(str)
    return funds["fund_id"].mask(funds["fund_id"] == "operations", named)


def fund_totals(funds: pd.DataFrame) -> pd.DataFrame:
    """Return the sums over all funds, one row a year: year, opening_sek, income_sek, costs_sek, closing_sek.

    >>> from sodertorn_lib import load_funds
    >>> fund_totals(load_funds(year=2020)).values.tolist()
    [[2020, 1143649, 2063300, 1825818, 1381131]]
    """
    columns = ["opening_sek", "income_sek", "costs_sek", "closing_sek"]
    return funds.groupby("year")[columns].sum(min_count=1).astype("Int64").reset_index()


def surpluses(funds: pd.DataFrame) -> pd.DataFrame:
    """Return the amounts that could be called a surplus, one row a year.

    Returns
    -------
    DataFrame
        year, operating_surplus_sek (closing balance of the fund `operations`, which has no opening balance),
        operating_money_sek (closing balances of operations, of this year and earlier ones),
        net_change_sek (closing - opening of all funds), closing_sek (all funds).

    Examples
    --------
    >>> from sodertorn_lib import load_funds
    >>> surpluses(load_funds(year=2020)).values.tolist()
    [[2020, 188432, 532981, 237482, 1381131]]
    """
    table = fund_totals(funds).set_index("year")
    table["net_change_sek"] = table["closing_sek"] - table["opening_sek"]
    table["operating_surplus_sek"] = operating_surplus(funds)
    operating = funds[funds["fund_kind"] == "operations"]
    table["operating_money_sek"] = operating.groupby("year")["closing_sek"].sum(min_count=1)
    return table[["operating_surplus_sek", "operating_money_sek", "net_change_sek", "closing_sek"]].reset_index()


def balance_bridge(funds: pd.DataFrame, printed_totals: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the steps from the opening to the printed closing balance of all funds in a year.

    Returns
    -------
    DataFrame
        year, step (opening, income, cost, difference, closing), fund_id, label_sv, label_en (NA but for income and
        cost), amount_sek (signed), start_sek, end_sek. The difference is the printed closing balance less what the
        steps before it give; there is no such row where it is nil.

    Raises
    ------
    DataError
        When the year has no funds or no printed closing balance.

    Examples
    --------
    >>> from sodertorn_lib import load_funds, load_printed_totals
    >>> balance_bridge(load_funds(year=2020), load_printed_totals(year=2020), 2020)["amount_sek"].tolist()
    [1143649, 2012800, 50500, -1450, -1824368, -1, 1381130]
    """
    own = funds[funds["year"] == year]
    printed = printed_by_year(printed_totals)["closing_balance"].get(year)
    if own.empty or pd.isna(printed):
        action = "Add the rows of the year to both tables, or choose another year."
        raise DataError(
            Fault("funds.csv and printed_totals.csv", f"lack funds or a closing balance for {year}", action)
        )
    income = own.assign(step="income", amount_sek=own["income_sek"])
    costs = own.assign(step="cost", amount_sek=-own["costs_sek"])
    flows = pd.concat([income, costs]).dropna(subset=["amount_sek"]).sort_values("amount_sek", ascending=False)
    opening = own["opening_sek"].sum()
    difference = printed - opening - flows["amount_sek"].sum()
    ends = pd.DataFrame({"step": ["opening", "difference", "closing"], "amount_sek": [opening, difference, printed]})
    steps = pd.concat([ends[:1], flows[["step", "fund_id", *LABELS, "amount_sek"]], ends[1:]], ignore_index=True)
    steps.insert(0, "year", year)
    steps["amount_sek"] = steps["amount_sek"].astype("int64")
    steps["end_sek"] = steps["amount_sek"].cumsum().where(steps["step"] != "closing", printed)
    steps["start_sek"] = steps["end_sek"] - steps["amount_sek"]
    return steps[(steps["step"] != "difference") | (steps["amount_sek"] != 0)].reset_index(drop=True)


def operating_result(operating_statement: pd.DataFrame) -> pd.DataFrame:
    """Return income, costs and result of operations as the rows give them, one row a year.

    Returns
    -------
    DataFrame
        year, income_sek, costs_sek, result_sek (income - costs).

    Examples
    --------
    >>> from sodertorn_lib import load_operating_statement
    >>> operating_result(load_operating_statement(year=2020)).values.tolist()
    [[2020, 2012800, 1824369, 188431]]
    """
    sums = operating_statement.groupby(["year", "kind"])["amount_sek"].sum(min_count=1).unstack("kind")
    sums = sums.reindex(columns=["income", "cost"])
    income, costs = sums["income"], sums["cost"]
    return pd.DataFrame({"income_sek": income, "costs_sek": costs, "result_sek": income - costs}).reset_index()


def cost_breakdown(operating_statement: pd.DataFrame) -> pd.DataFrame:
    """Return the cost lines, the largest first, with their share of the year's costs.

    Returns
    -------
    DataFrame
        year, line_id, label_sv, label_en, amount_sek, share_percent (of the sum of the rows).

    Examples
    --------
    >>> from sodertorn_lib import load_operating_statement
    >>> cost_breakdown(load_operating_statement(year=2020))[["line_id", "share_percent"]].round(1).values.tolist()[:2]
    [['personnel', 79.2], ['projects', 17.6]]
    """
    costs = operating_statement[operating_statement["kind"] == "cost"].dropna(subset=["amount_sek"])
    total = costs.groupby("year")["amount_sek"].transform("sum")
    share = 100 * costs["amount_sek"] / total.mask(total == 0, 1)
    ranked = costs.drop(columns="kind").assign(share_percent=share.astype("float64"))
    return ranked.sort_values(["year", "amount_sek"], ascending=[True, False], ignore_index=True)


def cost_bases(costs_sek: int, projects: pd.DataFrame) -> dict[str, int]:
    """Return the costs to start an outlook from: all of a year, and those without the projects called extra, if any.

    >>> from sodertorn_lib import load_projects
    >>> cost_bases(1824369, load_projects(year=2020))
    {'all': 1824369, 'without_extra': 1526569}
    """
    extra = int(projects.loc[projects["extra"] == "yes", "amount_sek"].sum())
    return {"all": costs_sek} | ({"without_extra": costs_sek - extra} if extra else {})


def text_against_table(
    funds: pd.DataFrame, projects: pd.DataFrame, printed_totals: pd.DataFrame, discrepancies: pd.DataFrame
) -> pd.DataFrame:
    """Return each amount that the text of the report states, beside that of its tables.

    What an amount of the text is held against stands in its row, in `in_text_of`; where no table has it, NA.

    Returns
    -------
    DataFrame
        year, item_id, label_sv, label_en, text_sek, table_sek, difference_sek (table - text), registered_sek (the
        difference that is registered; NA where none is), chapter, place.

    Examples
    --------
    >>> from sodertorn_lib import load_tables
    >>> t = load_tables(year=2020)
    >>> items = text_against_table(t.funds, t.projects, t.printed_totals, t.discrepancies)
    >>> int(items.set_index("item_id").loc["business_interviews", "difference_sek"])
    -200
    """
    totals = text_totals(funds, projects, printed_totals)
    named = {"project_id": "item_id", "amount_in_text_sek": "text_sek", "amount_sek": "table_sek"}
    costs = projects.rename(columns=named).assign(check_id=projects["project_id"] + "_in_text")
    items = pd.concat([totals.assign(check_id=totals["item_id"]), costs], ignore_index=True)
    known = discrepancies[discrepancies["kind"] == "sum"]
    known = known.rename(columns={"discrepancy_id": "check_id", "difference": "registered_sek"})
    items = items.merge(known[["year", "check_id", "registered_sek"]], on=["year", "check_id"], how="left")
    items = items.assign(difference_sek=items["table_sek"] - items["text_sek"]).astype({"registered_sek": "Int64"})
    columns = ["text_sek", "table_sek", "difference_sek", "registered_sek", "chapter", "place"]
    table = items[["year", "item_id", *LABELS, *columns]].dropna(subset=["text_sek"])
    return table.reset_index(drop=True)


def text_totals(funds: pd.DataFrame, projects: pd.DataFrame, printed_totals: pd.DataFrame) -> pd.DataFrame:
    """Return the totals that the text states, each beside what its row says it is held against.

    Returns
    -------
    DataFrame
        year, item_id, label_sv, label_en, text_sek, table_sek (NA where the tables lack it), chapter, place.
    """
    sums = surpluses(funds).set_index("year")
    amounts = project_sums(projects).join(sums.rename(columns=lambda name: name.removesuffix("_sek")), how="outer")
    long = amounts.rename_axis("year").reset_index().melt("year", var_name="in_text_of", value_name="table_sek")
    stated = printed_totals.dropna(subset=["in_text_of"]).merge(long, on=["year", "in_text_of"], how="left")
    stated = stated.rename(columns={"total_id": "item_id", "printed_sek": "text_sek"})
    return stated[["year", "item_id", *LABELS, "text_sek", "table_sek", "chapter", "place"]]


def printed_by_year(printed_totals: pd.DataFrame) -> pd.DataFrame:
    """Return the printed totals with a row a year and a column a total_id; what a year lacks is NA."""
    wide = printed_totals.pivot(index="year", columns="total_id", values="printed_sek").astype("Int64")
    return wide.reindex(columns=TOTALS)


def project_sums(projects: pd.DataFrame, column: str = "amount_sek") -> pd.DataFrame:
    """Return the costs of projects with a row a year and a column a project_kind; what a year lacks is NA."""
    sums = projects.groupby(["year", "project_kind"])[column].sum(min_count=1).astype("Int64")
    return sums.unstack("project_kind").reindex(columns=["analysis", "maps", "other"])


def operating_surplus(funds: pd.DataFrame) -> pd.Series:
    """Return the closing balance, by year, of the fund `operations`, which has no opening balance."""
    return funds[funds["fund_id"] == "operations"].set_index("year")["closing_sek"]
