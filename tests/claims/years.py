"""What holds of a year beside the year before."""

from collections.abc import Mapping
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from .cases import ALL, YEAR, Case, Truth, both, labelled, money, of_all, one, plain, population_table, top
from .committee import RESULTS

Pair = tuple[int | None, int | None]  # the year before, and the year

SUBJECTS = {
    "fees_compared": "fee",
    "costs_compared": "costs",
    "funds_compared": "funds",
    "meetings_compared": "meetings",
    "activities_compared": "plan",
}
LABELS = {name: labelled(name, f"Rad {name}") for name in "abcdef"}
YEARS = {"year": YEAR, "before_year": YEAR - 1}


def course(change: int) -> str:
    return "rose" if change > 0 else "fell" if change < 0 else "same"


def went(items: Mapping[str, Pair]) -> Truth:
    """Return what holds of the sum of items and of the one that most went its way."""
    shown = {name: pair for name, pair in items.items() if pair != (None, None)}
    before, after = (sum(pair[own] or 0 for pair in shown.values()) for own in (0, 1))
    moved = {name: (b - a) * (1 if after > before else -1) for name, (a, b) in shown.items() if None not in (a, b)}
    single = after != before and len(moved) > 1 and one(top(moved)) and max(moved.values()) > 0
    holds = {f"title.{kind}": kind == course(after - before) for kind in ("rose", "fell", "same")}
    holds |= {"most_said.all": single and len(moved) == len(shown), "most_said.none": True, "bars_said.pair": True}
    holds["most_said.known"] = single and len(moved) < len(shown)
    values = {"items": len(shown), "item": top(moved) if moved else set(), "before": before, "after": after}
    return Truth(holds, values | YEARS | {"change": abs(after - before)})


def spoken(items: Mapping[str, Pair], lang: str) -> dict[str, Pair]:
    return {LABELS[name][f"label_{lang}"]: pair for name, pair in items.items()}


def paid(case: Case) -> dict[str, Pair]:
    years = {name: (own.get(YEAR - 2), own.get(YEAR - 1)) for name, own in case.inhabitants.items()}
    fee = [lambda people, rate=rate: None if people is None else round(people * rate) for rate in case.rates]
    return {name: (fee[0](first), fee[1](last)) for name, (first, last) in years.items()}


def fees_compared(case: Case, lang: str) -> Truth:
    rate_before, rate = case.rates
    rates = {"rate_said.same": rate == rate_before, "rate_said.changed": rate != rate_before}
    said = Truth(rates, {"rate": rate, "rate_before": rate_before})
    return both(money(), of_all(len(case.inhabitants), case.known), went(paid(case)), said)


def costs_compared(case: Case, lang: str) -> Truth:
    return both(money(), went(spoken(case.items["costs"], lang)))


def funds_compared(case: Case, lang: str) -> Truth:
    return both(money(), went(spoken(case.items["funds"], lang)))


def meetings_compared(case: Case, lang: str) -> Truth:
    held = {
        name: (b, None if a is None else a + case.joint * (name in "ab"))
        for name, (b, a) in case.items["meetings"].items()
    }
    told = went(spoken(held, lang))
    lacking = any((b is None) != (a is None) for b, a in held.values())
    kinds = {f"title.{kind}": told.holds[f"title.{kind}"] and not lacking for kind in ("rose", "fell", "same")}
    return Truth(told.holds | kinds | {"title.partly": lacking}, told.values)


def activities_compared(case: Case, lang: str) -> Truth:
    counts = {result: tuple(plan.count(result) for plan in case.plans) for result in RESULTS}
    done = {"carried_out_before": counts["carried_out"][0], "carried_out": counts["carried_out"][1]}
    return both(went(counts), Truth({"title.counts": True}, done))


def year_on_year(case: Case, lang: str) -> Truth:
    sums = {
        name: [sum(pair[own] or 0 for pair in pairs.values()) for own in (0, 1)] for name, pairs in case.items.items()
    }
    sums["meetings"][1] += case.joint
    sums["fee"] = [sum(pair[own] or 0 for pair in paid(case).values()) for own in (0, 1)]
    alone = case.lacking == set(SUBJECTS.values())
    holds = {"short.none": alone, "short.some": not alone, "plan_said.open": "plan" in case.lacking}
    holds["plan_said.both"] = "plan" not in case.lacking
    values: dict[str, Any] = {"rate": case.rates[1], "rate_before": case.rates[0]} | YEARS
    for name, (before, after) in sums.items():
        known = name not in case.lacking
        holds |= {f"{name}_said.{kind}": known and kind == course(after - before) for kind in ("rose", "fell", "same")}
        holds[f"{name}_said.open"] = not known
        values |= {name: after, f"{name}_change": abs(after - before)}
    same = case.rates[0] == case.rates[1]
    holds |= {"rate_said.same": same, "rate_said.changed": not same}
    for suffix, plan in zip(("_before", ""), case.plans, strict=True):
        values |= {f"activities{suffix}": len(plan), f"carried_out{suffix}": plan.count("carried_out")}
    return both(of_all(len(case.inhabitants), case.known), Truth(holds, values))


@st.composite
def year_cases(draw: Any) -> Case:
    names = draw(st.lists(st.sampled_from(ALL), min_size=1, unique=True))
    people = st.sampled_from([100, 101, 250, 333])
    inhabitants = {name: {YEAR - 2: draw(people), YEAR - 1: draw(people)} for name in names}
    rate = st.sampled_from([Fraction(4), Fraction("4.5"), Fraction(3)])
    amounts = {"costs": [None, 0, 4, 700, 900], "funds": [None, -50, 0, 700, 900], "meetings": [None, 1, 2, 5]}
    items = {subject: drawn_pairs(draw, own) for subject, own in amounts.items()}
    plans = tuple(draw(st.lists(st.sampled_from(RESULTS), min_size=1, max_size=6)) for _ in (0, 1))
    lacking = draw(
        st.sampled_from([set(), set(), set(), *({own} for own in SUBJECTS.values()), set(SUBJECTS.values())])
    )
    joint = draw(st.sampled_from([0, 0, 3]))
    return year_case(inhabitants, (draw(rate), draw(rate)), draw(st.booleans()), items, plans, joint, lacking)


def drawn_pairs(draw: Any, amounts: list[int | None]) -> dict[str, Pair]:
    """Return items with an amount in both years, in one or in none; the first two have both."""
    known = st.sampled_from([amount for amount in amounts if amount is not None])
    some = st.sampled_from(amounts)
    pairs = {name: (draw(known), draw(known)) for name in "ab"}
    return pairs | {name: (draw(some), draw(some)) for name in draw(st.sampled_from(["", "c", "cdef"]))}


def year_case(
    inhabitants: dict[str, dict[int, int]],
    rates: tuple[Fraction, Fraction],
    known: bool,
    items: dict[str, dict[str, Pair]],
    plans: tuple[list[str], list[str]],
    joint: int,
    lacking: set[str],
) -> Case:
    """Return two years; of `joint` meetings the first two forums hold each together in the year."""
    fee = pd.DataFrame({"year": [YEAR - 1, YEAR], "fee_sek_per_inhabitant": [plain(rate) for rate in rates]})
    fee = fee.assign(population_date=pd.to_datetime([f"{YEAR - 2}-12-31", f"{YEAR - 1}-12-31"]))
    activities = [{"year": YEAR - 1 + own, "result": result} for own in (0, 1) for result in plans[own]]
    lines, funds = rows(items["costs"], "line_id", "amount_sek"), rows(items["funds"], "fund_id", "closing_sek")
    flows = {name: pd.array([None] * len(funds), "Int64") for name in ("opening_sek", "income_sek", "costs_sek")}
    tables = {
        "fee": ("fee_rates", fee),
        "costs": ("operating_statement", lines.assign(kind="cost")),
        "funds": ("funds", funds.assign(**flows)),
        "meetings": ("meetings", meetings(items["meetings"], joint)),
        "plan": ("activities", pd.DataFrame(activities)),
    }
    own = {name: table[(table["year"] == YEAR) | (subject not in lacking)] for subject, (name, table) in tables.items()}
    given = SimpleNamespace(**own, population=population_table(inhabitants, known))
    numbers = {"inhabitants": inhabitants, "rates": rates, "known": known, "items": items, "plans": plans}
    return Case(tables=given, own={}, **numbers, joint=joint, lacking=lacking)


def rows(items: Mapping[str, Pair], identity: str, column: str) -> pd.DataFrame:
    """Return a row for each item and year; an item without an amount may also lack its row."""
    long = [
        {
            "year": YEAR - 1 + own,
            identity: name,
            "label_sv": LABELS[name]["label_sv"],
            "label_en": LABELS[name]["label_en"],
        }
        | {column: pair[own]}
        for own in (0, 1)
        for name, pair in items.items()
        if pair[own] is not None or name in "ce"
    ]
    return pd.DataFrame(long).astype({column: "Int64"})


def meetings(items: Mapping[str, Pair], joint: int) -> pd.DataFrame:
    held = rows(items, "forum_id", "meetings").dropna().assign(form="digital", shared_with=None)
    shared = held[(held["year"] == YEAR) & held["forum_id"].isin(["a", "b"])].assign(meetings=joint, shared_with="a")
    return pd.concat([held, shared[shared["meetings"] > 0]]).assign(chapter="3", place="").astype({"meetings": "int64"})
