"""What a measured table says, as named values: charts and answers put them into their sentences.

Values stay numbers. Where a wording claims more than a number (grew, most, all, only, from a year on), a `Variant`
names the wording that holds for this table; there is always a neutral one.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.municipalities import each_year_once
from sodertorn_lib.wording import Variant

Values = dict[str, Any]


def selection(table: pd.DataFrame) -> Values:
    """Return how many municipalities a table is about, of how many, and whether that is all, some or one."""
    if "municipalities" in table:
        count, whole = int(table["municipalities"].min()), table["of_municipalities"].max()
    else:
        named = table["municipality" if "municipality" in table else "municipality_code"]
        whole = len(named.cat.categories) if isinstance(named.dtype, pd.CategoricalDtype) else pd.NA
        count = named.nunique()
    kind = "unknown" if pd.isna(whole) else "all" if count == whole else "some"
    if count == 1:
        kind = "single" if pd.isna(whole) else "one"
    return {"area": Variant(kind), "of": Variant(kind), "municipalities": count, "of_municipalities": whole}


def fees(data: pd.DataFrame) -> Values:
    """Return what `membership_fees` of one year say."""
    most, least, ranked = _extremes(data, "fee_sek")
    return selection(data) | {
        "title": Variant("one" if len(data) == 1 else ranked),
        "alt": ranked,
        "year": one(data, "year"),
        "population_year": one(data, "population_year"),
        "largest": most["municipality"],
        "largest_fee": most["fee_sek"],
        "smallest": least["municipality"],
        "smallest_fee": least["fee_sek"],
        "rate": one(data, "fee_sek_per_inhabitant"),
        "total": data["fee_sek"].sum(),
    }


def scenarios(data: pd.DataFrame) -> Values:
    """Return what `fee_scenarios` says: by how much the income differs for each krona."""
    shown = selection(data)
    data = data.groupby(["fee_sek_per_inhabitant", "population_year"], as_index=False)[["population", "fee_sek"]].sum()
    last = data[data["population_year"] == data["population_year"].max()]
    rates = sorted(set(data["fee_sek_per_inhabitant"]))
    return shown | {
        "population_year": int(last["population_year"].iloc[0]),
        "population": int(last["population"].iloc[0]),
        "years": sorted(set(data["population_year"])),
        "low_rate": rates[0],
        "high_rate": rates[-1],
        "low": data["fee_sek"].min(),
        "high": data["fee_sek"].max(),
    }


def bridge(data: pd.DataFrame) -> Values:
    """Return what `balance_bridge` says."""
    amounts = data.set_index("step")["amount_sek"]
    change = amounts["closing"] - amounts["opening"]
    verb = direction(change, "grew", "shrank")
    return {
        "title": verb,
        "change_said": verb,
        "caveat": Variant("differs" if "difference" in amounts else "same"),
        "year": one(data, "year"),
        "opening": amounts["opening"],
        "closing": amounts["closing"],
        "change": abs(change),
        "income": data.loc[data["step"] == "income", "amount_sek"].sum(),
        "costs": -data.loc[data["step"] == "cost", "amount_sek"].sum(),
    }


def funds(data: pd.DataFrame, lang: str) -> Values:
    """Return what `fund_statement` of one year says, of the funds that have a closing balance."""
    largest, known = most_of(data, "closing_sek"), data["closing_sek"].dropna()
    blank = data[["opening_sek", "closing_sek"]].isna().any(axis=None)
    part = len(largest) == 1 < len(known) and known.min() >= 0  # of a sum with a minus nothing is a part
    return {
        "title": Variant("largest" if part else "total"),
        "blanks": Variant("some" if blank else "none"),
        "caveat": Variant("some" if blank else "none"),
        "year": one(data, "year"),
        "largest": largest[f"label_{lang}"].iloc[0],
        "largest_closing": data["closing_sek"].max(),
        "total": data["closing_sek"].sum(),
        "funds": len(data),
    }


def costs(data: pd.DataFrame, lang: str) -> Values:
    """Return what `cost_breakdown` of one year says."""
    largest, rest = data.iloc[0], data.iloc[1:]
    ranked = len(rest) and rest["amount_sek"].iloc[0] < largest["amount_sek"]
    return {
        "title": Variant("ranked" if ranked else "total"),
        "alt": Variant("ranked" if ranked else "total"),
        "year": one(data, "year"),
        "lines": len(data),
        "largest": largest[f"label_{lang}"],
        "largest_amount": largest["amount_sek"],
        "share": largest["share_percent"],
        "second": data[f"label_{lang}"].iloc[min(1, len(rest))],
        "second_share": data["share_percent"].iloc[min(1, len(rest))],
        "total": data["amount_sek"].sum(),
    }


def projects(data: pd.DataFrame, lang: str) -> Values:
    """Return what `load_projects` of one year says, the largest first."""
    largest, total = most_of(data, "amount_sek"), data["amount_sek"].sum()
    in_text = data["amount_in_text_sek"]
    differs = (in_text.notna() & (in_text != data["amount_sek"])).any()
    return {
        "title": Variant("largest" if len(largest) == 1 and len(data) > 1 else "total"),
        "caveat": Variant("differs" if differs else "same"),
        "year": one(data, "year"),
        "largest": largest[f"label_{lang}"].iloc[0],
        "largest_amount": data["amount_sek"].max(),
        "share": 100 * data["amount_sek"].max() / total if total else 0,
        "total": total,
        "projects": len(data),
    }


def text_amounts(data: pd.DataFrame, lang: str) -> Values:
    """Return what `text_against_table` of one year says; only a registered difference is called one of the report."""
    both, alone = data.dropna(subset=["table_sek"]), data[data["table_sek"].isna()]
    gaps, registered = both["difference_sek"], both["registered_sek"]
    unknown = ((gaps != 0) & (gaps != registered.fillna(0))).any()
    kind = "unregistered" if unknown else "differs" if (gaps != 0).any() else "same"
    widest = both.iloc[int(gaps.abs().argmax())]
    return {
        "title": Variant(kind),
        "alt": Variant(kind),
        "year": one(data, "year"),
        "text_alone": Variant("none" if alone.empty else "one" if len(alone) == 1 else "some"),
        "alone": len(alone),
        "alone_item": None if alone.empty else alone[f"label_{lang}"].iloc[0],
        "alone_amount": alone["text_sek"].max(),
        "differing": int((gaps != 0).sum()),
        "differing_said": Variant("some" if (gaps != 0).any() else "none"),
        "items": len(both),
        "gap": abs(widest["difference_sek"]),
        "item": widest[f"label_{lang}"],
        "text": widest["text_sek"],
        "table": widest["table_sek"],
    }


def total(data: pd.DataFrame) -> Values:
    """Return how the population of the area went, and whether the totals that were published lie on it."""
    each_year_once(data)
    first, last = data.iloc[0], data.iloc[-1]
    published = data.dropna(subset=["published"])
    same = (published["published"] == published["population"]).all()
    return selection(data) | {
        "title": direction(last["population"] - first["population"], "grew", "shrank"),
        "points": Variant("none" if published.empty else "same" if same else "differ"),
        "first_year": int(first["year"]),
        "last_year": int(last["year"]),
        "first": int(first["population"]),
        "last": int(last["population"]),
        "times": last["population"] / first["population"],
        "published": len(published),
    }


def index(data: pd.DataFrame) -> Values:
    """Return what `population_index` says of its last year."""
    ends = data[data["year"] == data["year"].max()]
    most, least, ranked = _extremes(ends, "index")
    return selection(ends) | {
        "title": Variant("one" if len(ends) == 1 else ranked),
        "alt": ranked,
        "base_year": one(data, "base_year"),
        "last_year": int(ends["year"].iloc[0]),
        "most": most["municipality"],
        "most_times": most["index"] / 100,
        "least": least["municipality"],
        "least_times": least["index"] / 100,
    }


def growth(data: pd.DataFrame) -> Values:
    """Return what `annual_growth` of one year says: who grew, who most in number and in per cent."""
    least = data[data["change"] == data["change"].min()].iloc[0]
    most, fastest = most_of(data, "change"), most_of(data, "change_percent")
    growing, shown = int((data["change"] > 0).sum()), selection(data)
    who = "all" if growing == len(data) else "some" if growing else "none"
    if shown["area"] != "all" and who == "all":
        who = {1: "one", 2: "both"}.get(len(data), "all_drawn")
    ranked = growing and len(most) == len(fastest) == 1
    return shown | {
        "title": Variant("one" if len(data) == 1 else "ranked" if ranked else "tied"),
        "who": Variant(who),
        "year": one(data, "year"),
        "growing": growing,
        "all": len(data),
        "most": most["municipality"].iloc[0],
        "most_change": data["change"].max(),
        "most_percent": most["change_percent"].iloc[0],
        "fastest": fastest["municipality"].iloc[0],
        "fastest_percent": data["change_percent"].max(),
        "least": least["municipality"],
        "least_change": least["change"],
        "total": data["change"].sum(),
    }


def map_of_growth(data: pd.DataFrame) -> Values:
    """Return what `growth_between` two years says: who grew fastest."""
    most, least, ranked = _extremes(data, "percent_per_year")
    ranked = ranked if most["percent_per_year"] > 0 else Variant("tied")
    return selection(data) | {
        "title": ranked,
        "alt": ranked,
        "first_year": one(data, "first_year"),
        "last_year": one(data, "last_year"),
        "most": most["municipality"],
        "most_percent": most["percent_per_year"],
        "least": least["municipality"],
        "least_percent": least["percent_per_year"],
    }


def direction(change: float, up: str = "rose", down: str = "fell") -> Variant:
    """Return which of two wordings holds of a change; `same` where there is none."""
    return Variant(up if change > 0 else down if change < 0 else "same")


def most_of(data: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows that have the highest value: several where it is shared."""
    rows: pd.DataFrame = data[data[column] == data[column].max()]
    return rows


def _extremes(data: pd.DataFrame, column: str) -> tuple[pd.Series, pd.Series, Variant]:
    """Return a row with the highest and one with the lowest value, and whether there is one of each or a tie."""
    most, least = most_of(data, column), data[data[column] == data[column].min()]
    single = len(most) == len(least) == 1 < len(data)
    return most.iloc[0], least.iloc[0], Variant("ranked" if single else "tied")


def one(data: pd.DataFrame, column: str) -> Any:
    """Return the one value of a column; raise DataError where there are several, or none."""
    values = list(dict.fromkeys(data[column]))
    if len(values) != 1:
        problem = f"has {len(values)} values, and one is needed"
        raise DataError(Fault("table", problem, "Give the rows of one of them.", column=column, value=str(values[:5])))
    return values[0]
