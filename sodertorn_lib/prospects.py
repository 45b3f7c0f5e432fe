"""What a projection, a forecast or an outlook says, as named values for the sentences of charts and answers.

As in `findings`, values stay numbers and a `Variant` names the wording that holds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import ceil, floor, log10
from typing import Any

import pandas as pd

from sodertorn_lib.fees import deficit_years
from sodertorn_lib.findings import one, selection
from sodertorn_lib.municipalities import each_year_once
from sodertorn_lib.wording import Variant

Values = dict[str, Any]
QUALIFIERS = {"exact": "exact", "about": "about", "just under": "under", "just over": "over"}

Rounding = Mapping[str, Callable[[float], int]]  # by qualifier; an exact number stays as it is
WITHIN: Rounding = {"about": round, "under": floor, "over": ceil}  # a number that keeps what the qualifier says
BOUND: Rounding = {"about": round, "under": ceil, "over": floor}  # one to be said with the qualifier before it


def rounded(value: float, rule: Callable[[float], int] | None) -> float:
    """Return a number with three digits that count; as it is where there is no rule.

    >>> rounded(607_552, WITHIN["under"]), rounded(16_385.4, BOUND["under"]), rounded(607_552, None)
    (607000, 16400, 607552)
    """
    if rule is None or pd.isna(value) or abs(value) < 100:
        return value
    step: int = 10 ** (floor(log10(abs(value))) - 2)
    return rule(value / step) * step


def pace(data: pd.DataFrame) -> Values:
    """Return what `growth_needed` says: the pace that a forecast takes, and which periods reached it."""
    seen, ahead = data[data["kind"] == "outcome"], data[data["kind"] == "forecast"]
    first = ahead.iloc[0]
    length, faster, periods = first["last_year"] - first["first_year"], first["faster_periods"], first["periods"]
    begun = [first["first_faster_year"], first["last_faster_year"]] if faster else []
    in_a_row = bool(faster) and 2 * faster <= periods and begun[1] - begun[0] + 1 == faster
    some = "some" if not in_a_row else "only" if faster > 1 else "one"
    rule = BOUND.get(QUALIFIERS[first["qualifier"]])
    return selection(data) | {
        "reached": Variant("none" if not faster else "all" if faster == periods else some),
        "about": Variant(QUALIFIERS[ahead["qualifier"].iloc[0]]),
        "bound": Variant(QUALIFIERS[ahead["qualifier"].iloc[0]]),
        "pace": first["change_per_year"],
        "needed": rounded(first["change_per_year"], rule),
        "now": rounded(ahead["change_per_year"].iloc[-1], rule),
        "now_year": int(ahead["first_year"].iloc[-1]),
        "base_year": int(ahead["first_year"].iloc[0]),
        "target_year": int(ahead["last_year"].iloc[0]),
        "length": int(length),
        **{f"{end}_from": int(year) for end, year in zip(("first", "last"), begun, strict=False)},
        **{f"{end}_to": int(year + length) for end, year in zip(("first", "last"), begun, strict=False)},
        "faster": int(faster),
        "all_periods": int(periods),
        "periods": len(seen),
        "last": seen["change_per_year"].iloc[-1],
    }


def ahead(fan: pd.DataFrame, latest_fan: pd.DataFrame) -> Values:
    """Return what two tables of `beside_projection` say: that from the year of the report, and that from the last."""
    values, latest = projection(fan), projection(latest_fan)
    names = ("jump_off_year", "target_year", "projected", "lower", "upper")
    newer = Variant("some" if latest["jump_off_year"] > values["jump_off_year"] else "none")
    again = {f"latest_{name}": latest[name] for name in names}
    return values | again | course(latest_fan) | chance(latest_fan) | {"newer": newer, "subtitle": newer}


def projection(data: pd.DataFrame) -> Values:
    """Return where `beside_projection` of an area leads, and what came."""
    each_year_once(data)
    fan = data.dropna(subset=["projection"])
    start, end = fan.iloc[0], fan.iloc[-1]
    since = data[(data["year"] > start["year"]) & data["population"].notna()]
    return selection(data) | {
        "outcome_said": Variant("some" if len(since) else "none"),
        "jump_off_year": int(start["year"]),
        "target_year": int(end["year"]),
        "interval": fan["interval_percent"].max(),
        "projected": round(end["projection"]),
        "lower": round(end["lower"]),
        "upper": round(end["upper"]),
        "latest_year": int(since["year"].max()) if len(since) else None,
        "latest": since["population"].iloc[-1] if len(since) else None,
    }


def course(data: pd.DataFrame) -> Values:
    """Return how much a year `beside_projection` of an area lets the population grow, and how much it last grew."""
    fan = data.dropna(subset=["projection"])
    start, end = fan.iloc[0], fan.iloc[-1]
    return {
        "grew": start["population"] - data.set_index("year")["population"][start["year"] - 1],
        "to_grow": round((end["projection"] - start["projection"]) / (end["year"] - start["year"])),
    }


def chance(data: pd.DataFrame) -> Values:
    """Return how likely what was stated is, by `beside_projection`, and when the area last grew as fast as it takes."""
    fan = data.dropna(subset=["projection"])
    start, end = fan.iloc[0], fan.iloc[-1]
    if pd.isna(end["stated"]):
        return {"title": Variant("alone")} | dict.fromkeys(("chance", "likely", "past"), Variant("none"))
    about, length = QUALIFIERS[end["qualifier"]], int(end["year"] - start["year"])
    known = data.set_index("year")["population"].dropna().loc[: start["year"]]
    takes, passed = end["stated"] / start["population"], (known / known.shift(length)).dropna()
    as_fast = passed.index[passed >= takes]
    since = passed[passed.index - length >= as_fast.max()] if len(as_fast) else passed
    past = "none" if takes <= 1 or passed.empty else "never" if as_fast.empty else "some" if len(since) else "lately"
    return {
        "title": Variant("stated"),
        "chance": Variant(end["probability_qualifier"]),
        "likely": Variant("some"),
        "past": Variant(past),
        "roughly": Variant("exact" if about == "exact" else "about"),
        "stated": rounded(end["stated"], WITHIN.get(about)),
        "probability": end["probability_percent"],
        "takes": 100 * takes - 100,
        "most": 100 * since.max() - 100,
        "fast_from": int(as_fast.max()) - length if len(as_fast) else None,
        "fast_to": int(as_fast.max()) if len(as_fast) else None,
        "years_left": length,
        "since_year": int(known.index[0]),
    }


def intervals(data: pd.DataFrame) -> Values:
    """Return how the outcomes of municipalities, or the projection where there are none, lie by `beside_projection`."""
    jump_off_year, fan = int(data["jump_off_year"].max()), data.dropna(subset=["projection"])
    known = _outcomes(data)
    latest = known[known["year"] == known["year"].max()]
    ends, start = (fan[fan["year"] == year].set_index("municipality") for year in (fan["year"].max(), jump_off_year))
    outside = len(outside_interval(data))
    return selection(fan) | {
        "title": Variant("ahead" if known.empty else "compared"),
        "outcome_said": Variant("none" if known.empty else "some"),
        "subtitle": Variant("ahead" if known.empty else "compared"),
        "jump_off_year": jump_off_year,
        "last_year": int(known["year"].max()) if len(known) else None,
        "target_year": int(fan["year"].max()),
        "interval": fan["interval_percent"].max(),
        "outside": Variant("some" if outside else "none"),
        "outside_number": outside,
        "below": int((latest["population"] < latest["projection"]).sum()),
        "growing": int((ends["projection"] > start["projection"]).sum()),
        "panels": len(ends),
    }


def outside_interval(data: pd.DataFrame) -> list[str]:
    """Return the municipalities whose latest outcome lies outside the interval of `beside_projection`."""
    known = _outcomes(data)
    latest = known[known["year"] == known["year"].max()]
    return list(latest.loc[~latest["population"].between(latest["lower"], latest["upper"]), "municipality"])


def _outcomes(data: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of `beside_projection` that have an outcome after the jump-off year."""
    known = data.dropna(subset=["projection", "population"])
    since: pd.DataFrame = known[known["year"] > data["jump_off_year"].max()]
    return since


def forecasts(data: pd.DataFrame, lang: str) -> Values:
    """Return what `beside_ours` says; a forecast on its way is held against a straight line."""
    error, own = data["percentage_error"], data["ours_percentage_error"]
    furthest, both = data.iloc[int(error.abs().argmax())], int(((error > 0) & (own > 0)).sum())
    return {
        "shared": Variant("some" if 2 * both > len(data) else "none"),
        "forecasts": len(data),
        "same_year": int(data["year"].value_counts().max()),
        "running": int((~data["reached"]).sum()),
        "above": int((error > 0).sum()),
        "ours_above": int((own > 0).sum()),
        "both_above": both,
        "mean_error": error.abs().mean(),
        "ours_mean_error": own.abs().mean(),
        "nearer": int((own.abs() < error.abs()).sum()),
        "inside": int(data["outcome"].between(data["lower"], data["upper"]).sum()),
        "interval": data["interval_percent"].max(),
        "furthest": furthest[f"area_{lang}"],
        "furthest_error": furthest["percentage_error"],
        "furthest_year": int(furthest["year"]),
    }


def method_errors(errors: pd.DataFrame) -> Values:
    """Return the mean errors of our method at half and at the whole longest horizon, and the best of the others."""
    wide = errors.pivot(index="horizon", columns="method", values="MAPE")
    ours, others = wide["damped_trend"], wide.drop(columns="damped_trend")
    long, short = int(wide.index[-1]), int(wide.index[max(0, len(wide) // 2 - 1)])
    kind, values = "alone", Values()
    if len(others.columns):
        best = str(others.loc[long].idxmin())
        kind, values = "compared", {"method": Variant(best)}
        values |= {f"other_{name}": others.loc[horizon, best] for name, horizon in (("short", short), ("long", long))}
    return (
        selection(errors)
        | values
        | {
            "title": Variant("two" if short < long else "one"),
            "alt": Variant(kind),
            "spoken": Variant(kind),
            "lines": len(wide.columns),
            "first_jump_off_year": int(errors["first_jump_off_year"].min()),
            "last_jump_off_year": int(errors["last_jump_off_year"].max()),
            "short": short,
            "long": long,
            "short_error": ours[short],
            "long_error": ours[long],
        }
    )


def outlook(data: pd.DataFrame) -> Values:
    """Return what `fee_outlook` says of its highest growth of costs, and whether another base changes how it ends."""
    growth = data["cost_growth_percent"].max()
    highest = data[data["cost_growth_percent"] == growth]
    own, *others = (part for _, part in highest.groupby("cost_base", sort=False))
    last, ahead = own.iloc[-1], own[own["lower_sek"].notna()]
    first = ahead["year"].min()  # whose fee is on the population of the year before, the first that is projected
    values = selection(data) | deficit(own)
    without = deficit(others[0]) if others else values
    course = Variant("rise" if growth > 0 else "fall" if growth < 0 else "same")
    ended = any(without[name] != values[name] for name in ("ending", "deficit_year", "deficit_years"))
    return (
        values
        | {f"without_{name}": without[name] for name in ("ending", "deficit_year", "deficit_years")}
        | {
            "title": Variant("other" if ended else "one"),
            "extra": own["costs_sek"].iloc[0] - others[0]["costs_sek"].iloc[0] if others else 0,
            "without_costs": round(others[0]["costs_sek"].iloc[-1]) if others else None,
            "base_said": Variant("some" if others else "none"),
            "costs_said": course,
            "costs_clause": course,
            "interval_said": Variant("some" if len(ahead) else "none"),
            "alt": Variant("interval" if len(ahead) else "known"),
            "subtitle": Variant("interval" if len(ahead) else "known"),
            "spoken": Variant("interval" if len(ahead) else "known"),
            "interval": ahead["interval_percent"].max(),
            "fee": one(own, "fee_sek_per_inhabitant"),
            "growth": abs(growth),
            "jump_off_year": int(first) - 2 if pd.notna(first) else None,
            "last_year": int(last["year"]),
            "income": round(last["income_sek"]),
            "lower": round(last["lower_sek"]) if len(ahead) else None,
            "upper": round(last["upper_sek"]) if len(ahead) else None,
            "first_costs": round(own["costs_sek"].iloc[0]),
            "last_costs": round(last["costs_sek"]),
            "balancing_fee": round(last["balancing_fee_sek"], 2),
        }
    )


def deficit(outlook: pd.DataFrame) -> Values:
    """Return in which years of one outlook the costs exceed the income, and the wording that holds for them."""
    short = outlook.loc[outlook["balance_sek"].round(2) < 0, "year"].astype(int).tolist()  # in whole öre
    last = int(outlook["year"].max())
    lasting = bool(short) and short == list(range(short[0], last + 1))
    kind = "lasts" if not short else "final" if short == [last] else "from" if lasting else "years"
    return {
        "ending": Variant("always" if len(short) == len(outlook) else kind),
        "deficit_year": short[0] if short else None,
        "deficit_years": len(short),
        "years": len(outlook),
    }


def deficit_interval(outlook: pd.DataFrame) -> Values:
    """Return the first year of deficit at the lower and at the upper bound of the income of one outlook."""
    first = deficit_years(outlook)
    early, late = first["early_year"].iloc[0], first["late_year"].iloc[0]
    kind = "none" if pd.isna(early) else "open" if pd.isna(late) else "same" if early == late else "span"
    return {"span": Variant("none" if outlook["lower_sek"].isna().all() else kind), "early": early, "late": late}
