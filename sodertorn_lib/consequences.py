"""What the outlook of a scenario says, as named values for the sentences of its chart and its answer.

As in `findings`, values stay numbers and a `Variant` names the wording that holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd

from sodertorn_lib.backtests import TESTED_YEARS
from sodertorn_lib.findings import one, selection
from sodertorn_lib.formats import in_sentence, number, percent
from sodertorn_lib.municipalities import each_year_once
from sodertorn_lib.prospects import deficit
from sodertorn_lib.wording import Variant

Values = dict[str, Any]
NAMED = 2  # cost lines or municipalities that a sentence names; more are counted


def scenario(data: pd.DataFrame, lang: str) -> Values:
    """Return what `scenario_outlook` says: when there is a deficit, when the money runs out, and what was assumed."""
    each_year_once(data)
    first, last = data.iloc[0], data.iloc[-1]
    bounded = data["lower_sek"].notna()
    return (
        selection(data)
        | shortfall(data[1:])
        | money(data)
        | assumed(data, lang)
        | people_ahead(data)
        | {
            "drawn": Variant("interval" if bounded.any() else "alone"),
            "alt": Variant("interval" if bounded.iloc[-1] else "alone"),
            "caveat": Variant("interval" if bounded.any() else "alone"),
            "spoken": Variant("interval" if bounded.any() else "alone"),
            "interval": one(data, "interval_percent"),
            "year": int(first["year"]),
            "last_year": int(last["year"]),
            "income": round(last["income_sek"]),
            "last_costs": round(last["costs_sek"]),
            "balancing_fee": round(last["balancing_fee_sek"], 2),
        }
    )


def shortfall(data: pd.DataFrame) -> Values:
    """Return in which years there is a deficit; of a single one before the last that there is no other."""
    values = deficit(data)
    once = values["deficit_years"] == 1 and values["deficit_year"] < data["year"].max()
    return values | ({"ending": Variant("once")} if once else {})


def people_ahead(data: pd.DataFrame) -> Values:
    """Return whether the population ahead is projected, assumed or both, and how far it is projected."""
    first, kinds = data.iloc[0], data["population_kind"]
    named = json.loads(first["municipality_growth_percent"]) | json.loads(first["homes_a_year"])
    of_all = pd.notna(first["growth_percent"]) or len(named) == one(data, "municipalities")
    ahead = int((kinds == "projected").sum() if of_all else (kinds != "known").sum())
    kind = "projected" if "assumed" not in set(kinds) else "both" if ahead else "assumed"
    return {
        "people_from": Variant(kind),
        "dashed": Variant(kind),
        "reach": Variant("none" if not ahead else "tested" if ahead == TESTED_YEARS else "other"),
        "ahead": ahead,
        "tested": TESTED_YEARS,
    }


def money(data: pd.DataFrame) -> Values:
    """Return when the money runs out after the accounts, as the population is projected and at its bounds."""
    data = data[1:]
    columns = {"out": "money_left_sek", "early": "money_left_lower_sek", "late": "money_left_upper_sek"}
    amounts = {name: data[column].fillna(data["money_left_sek"]).round(2) for name, column in columns.items()}  # in öre
    first = {name: data.loc[amount < 0, "year"].min() for name, amount in amounts.items()}
    out, early, late = first.values()
    short, left = amounts["out"] < 0, amounts["out"].iloc[-1]
    bounded = data.set_index("year")["money_left_lower_sek"].notna()
    within = bool(bounded.iloc[-1])  # an interval to the end
    kind = "out" if left < 0 else "back" if short.any() else "lower" if pd.notna(early) else "lasts"
    span = "open" if pd.isna(late) else "same" if early == late else "span"
    return {
        "title": Variant(kind),
        "money_said": Variant(kind),
        "span": Variant(span if within and bounded.get(out, False) else "none"),
        "out_year": None if pd.isna(out) else int(out),
        "early": None if pd.isna(early) else int(early),
        "late": None if pd.isna(late) else int(late),
        "out_years": int(short.sum()),
        "usable": one(data, "usable_sek"),
        "left": round(left),
        "lacking": -round(left),
        "left_lower": round(data["money_left_lower_sek"].iloc[-1]) if within else None,
        "left_upper": round(data["money_left_upper_sek"].iloc[-1]) if within else None,
    }


def assumed(data: pd.DataFrame, lang: str) -> Values:
    """Return what a scenario assumes; of several cost lines or municipalities how many they are."""
    year, from_year = int(data["year"].iloc[0]), int(one(data, "from_year"))
    costs, growth, whose = data["cost_growth_percent"].iloc[0], data["growth_percent"].iloc[0], data["whose"].iloc[0]
    lines = json.loads(data[f"line_growth_percent_{lang}"].iloc[0])
    some = json.loads(data["municipality_growth_percent"].iloc[0])
    once, usable = data[data["one_off_sek"] > 0], Variant(data["usable_kind"].iloc[0])
    built, record = json.loads(data["homes_a_year"].iloc[0]), data.iloc[0]
    kinds, people_year = {0: "none", 1: "one"}, data.loc[data["population_kind"] == "assumed", "year"].min()
    counts, whole = ["none", *["named"] * NAMED, "several"], "all" if growth else "same"
    return {
        "assumed_from": Variant("later" if from_year > year + 1 else "next"),
        "until_said": Variant("later" if from_year > year + 1 else "next"),
        "costs_if": Variant("rise" if costs > 0 else "fall" if costs < 0 else "same"),
        "lines_if": Variant(counts[min(len(lines), NAMED + 1)]),
        "people_if": Variant(whole if pd.notna(growth) else counts[min(len(some), NAMED + 1)]),
        "people_begin": Variant("later" if people_year > from_year else "same"),
        "homes_if": Variant(counts[min(len(built), NAMED + 1)]),
        "record_said": Variant("some" if built else "none"),
        "once_if": Variant(kinds.get(len(once), "several")),
        **dict.fromkeys(("usable_if", "usable_said", "purse", "costs_from"), usable),
        "more_if": Variant("some" if some or pd.notna(growth) or built or len(once) else "none"),
        "by": Variant("own" if pd.isna(whose) else "named"),
        "whose_said": Variant("own" if pd.isna(whose) else "named"),
        "from_year": from_year,
        "fee": data["fee_sek_per_inhabitant"].iloc[-1],
        "cost_growth": abs(costs),
        "lines": rates({in_sentence(name): rate for name, rate in lines.items()}, lang),
        "line_count": len(lines),
        "people": rates(some, lang),
        "people_count": len(some),
        "people_year": None if pd.isna(people_year) else int(people_year),
        "homes": [f"{name} {number(homes, lang)}" for name, homes in built.items()],
        "homes_count": len(built),
        "homes_sum": sum(built.values()),
        "persons": record["persons_per_household"],
        "record_first": int(record["record_first_year"]) if built else None,
        "record_last": int(record["record_last_year"]) if built else None,
        "by_rule": round(record["growth_by_rule"]) if built else None,
        "it_grew": round(record["growth"]) if built else None,
        "everybody": rates({"": growth} if pd.notna(growth) else {}, lang),
        "one_off": once["one_off_sek"].sum(),
        "one_off_year": int(once["year"].min()) if len(once) else None,
        "one_off_years": len(once),
        "whose": whose,
    }


def rates(by_name: Mapping[str, float], lang: str) -> list[str]:
    """Return names with their growth a year.

    >>> rates({"Huddinge": 1, "Salem": -0.5}, "en")
    ['Huddinge +1%', 'Salem −0.5%']
    """
    return [f"{name} {'+' if rate > 0 else ''}{percent(rate, lang)}".strip() for name, rate in by_name.items()]
