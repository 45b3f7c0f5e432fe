"""Every claim in the words of charts and in answers holds for random tables, whichever wording the library chose.

Each case is drawn as plain numbers. The library makes tables and sentences of it; `reading` reads the sentences back,
and what they claim is computed in `claims` from the numbers, by plain Python. A variant without a claim fails.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from functools import cache, partial
from types import SimpleNamespace

import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from sodertorn_lib import answers, charts
from sodertorn_lib.formats import LANGUAGES, UNITS
from sodertorn_lib.measured import Measured

from .claims.accounts import (
    account_case,
    account_cases,
    balance_bridge,
    closing_accounts,
    cost_breakdown,
    cost_lines,
    funds_opening_closing,
    project_costs,
    text_against_table,
)
from .claims.ahead import (
    ahead_case,
    ahead_cases,
    growth_needed_and_seen,
    population_ahead,
    population_fan,
    projection_small_multiples,
)
from .claims.cases import ALL, YEAR, Case, Truth, labelled
from .claims.committee import (
    activities,
    activities_by_outcome,
    committee_case,
    committee_cases,
    meetings_by_forum,
    timeline,
)
from .claims.components import (
    Year,
    component_case,
    component_cases,
    components_by_municipality,
    components_by_year,
    homes_and_growth,
    why_growth_slowed,
)
from .claims.fees import (
    answered_outlook,
    fee_case,
    fee_cases,
    fee_income_outlook,
    fee_scenarios,
    fees,
    membership_fee,
    outlook_case,
    outlook_cases,
)
from .claims.inhabitants import (
    growth_by_municipality,
    growth_case,
    growth_cases,
    growth_map,
    population,
    population_small_multiples,
    population_total,
)
from .claims.reading import alike, reachable, read, tells
from .claims.record import METHODS, error_by_horizon, forecast_against_outcome, record_case, record_cases, track_record
from .claims.scenarios import scenario, scenario_case, scenario_cases
from .claims.years import (
    SUBJECTS,
    activities_compared,
    costs_compared,
    fees_compared,
    funds_compared,
    meetings_compared,
    year_case,
    year_cases,
    year_on_year,
)

TABLES = 46  # of each kind
SEED = 2020  # the same tables in each run, also when this file is edited


def said(case: Case, name: str, lang: str, unit: str) -> dict[str, str]:
    """Return what a chart or an answer says of a case, by what it is."""
    if name.startswith("answers."):
        own = {table: value for table, value in vars(case.measured).items() if table in Measured.names()}
        answer = getattr(answers, name.removeprefix("answers."))(case.measured.tables, YEAR, lang, **own)
        return {"question": answer.question, "short": answer.text}
    chart = getattr(charts, name)
    return vars(chart(**case.measured.arguments(chart), lang=lang, unit=unit).words)


def hold(case: Case, name: str, lang: str, unit: str = "kr") -> set[tuple[str, str]]:
    """Hold all that is said of a case against the truth; return the variants that were met."""
    truth, met, selected = CLAIMS[name](case, lang), set(), []
    assert reachable(name, lang) <= set(truth.holds), (
        f"no claim is written for {reachable(name, lang) - set(truth.holds)}"
    )
    for key, text in said(case, name, lang, unit).items():
        assert "{" not in text and "}" not in text
        reading = read(name, key, lang, text)
        for variant in reading.variants:
            assert truth.holds[variant], f"{name}.{variant} ({lang}) does not hold: {text}"
        for placeholder, spec, shown in reading.values:
            expected = truth.values[placeholder]
            right = expected(shown) if callable(expected) else tells(shown, spec, expected, lang, unit)
            assert right, f"{name}.{key} ({lang}) says {shown!r} for {placeholder}, not {expected}: {text}"
        if key in ("title", "subtitle"):
            selected += [reading.selection, bool({"area.some", "area.one"} & reading.variants)]
        met |= {(name, twin) for variant in reading.variants for twin in alike(name, variant, lang)}
    some = truth.holds.get("area.some", False) | truth.holds.get("area.one", False)
    assert not selected or any(selected) == some, f"{name} ({lang}) and whether it is a selection"
    return met


CLAIMS: dict[str, Callable[[Case, str], Truth]] = {
    "fee_by_municipality": fees,
    "fee_scenarios": fee_scenarios,
    "answers.membership_fee": membership_fee,
    "balance_bridge": balance_bridge,
    "funds_opening_closing": funds_opening_closing,
    "text_against_table": text_against_table,
    "ranked_costs": cost_lines,
    "project_costs": project_costs,
    "answers.closing_accounts": closing_accounts,
    "answers.cost_breakdown": cost_breakdown,
    "population_total": population_total,
    "population_small_multiples": population_small_multiples,
    "growth_by_municipality": growth_by_municipality,
    "growth_map": growth_map,
    "answers.population": population,
    "activities_by_outcome": activities_by_outcome,
    "meetings_by_forum": meetings_by_forum,
    "timeline": timeline,
    "answers.activities": activities,
    "growth_needed_and_seen": growth_needed_and_seen,
    "population_fan": population_fan,
    "projection_small_multiples": projection_small_multiples,
    "answers.population_ahead": population_ahead,
    "components_by_year": components_by_year,
    "components_by_municipality": components_by_municipality,
    "homes_and_growth": homes_and_growth,
    "answers.why_growth_slowed": why_growth_slowed,
    "error_by_horizon": error_by_horizon,
    "forecast_against_outcome": forecast_against_outcome,
    "answers.track_record": track_record,
    "fee_income_outlook": fee_income_outlook,
    "answers.fee_outlook": answered_outlook,
    "fees_compared": fees_compared,
    "costs_compared": costs_compared,
    "funds_compared": funds_compared,
    "meetings_compared": meetings_compared,
    "activities_compared": activities_compared,
    "answers.year_on_year": year_on_year,
    "what_if": scenario,
    "answers.what_if": scenario,
}

KINDS = {  # of table, with the first and the last claim that is made of it
    "fee": (fee_cases(), "fee_by_municipality", "answers.membership_fee"),
    "accounts": (account_cases(), "balance_bridge", "answers.cost_breakdown"),
    "growth": (growth_cases(), "population_total", "answers.population"),
    "committee": (committee_cases(), "activities_by_outcome", "answers.activities"),
    "ahead": (ahead_cases(), "growth_needed_and_seen", "answers.population_ahead"),
    "components": (component_cases(), "components_by_year", "answers.why_growth_slowed"),
    "record": (record_cases(), "error_by_horizon", "answers.track_record"),
    "outlook": (outlook_cases(), "fee_income_outlook", "answers.fee_outlook"),
    "years": (year_cases(), "fees_compared", "funds_compared"),
    "counts": (year_cases(), "meetings_compared", "answers.year_on_year"),
    "scenario": (scenario_cases(), "what_if", "answers.what_if"),
}


def fees_by_hand() -> list[Case]:
    equal = {name: {YEAR - 1: 100} for name in ALL}
    return [
        fee_case(equal, Fraction(4), known=True, printed=3200, registered=None),
        fee_case({"Salem": {YEAR - 1: 100}}, Fraction(4), known=True, printed=399, registered=1),
    ]


def accounts_by_hand() -> list[Case]:
    fund = labelled("operations", "Driften") | {
        "kind": "operations",
        "opening": 5,
        "income": 9,
        "costs": 4,
        "closing": 10,
    }
    project = labelled("p", "Projekt") | {"kind": "maps", "amount": 3, "text": 3, "registered": None}
    lines = {"funds": [fund], "projects": [project], "costs": [labelled("c", "Kostnad") | {"amount": 3}], "totals": []}
    lower = {"printed": 1, "recomputed": 2, "registered": 1}
    parts = SimpleNamespace(**lines, checks={"closing_balance": lower, "operating_costs": lower}, closing=10)
    return [account_case(parts, count, known, 80) for count, known in ((8, True), (1, False), (2, False))]


def growth_by_hand() -> list[Case]:
    grown = {name: {YEAR - 10 + n: 1000 + n * (place + 1) for n in range(11)} for place, name in enumerate(ALL)}
    parts = [{name: grown[name] for name in ALL[:count]} for count in (1, 2, 3, 8)]
    cases = [growth_case(own, {YEAR: 1}, known=True) for own in parts]
    return [*cases, growth_case(grown, {YEAR: sum(own[YEAR] for own in grown.values())}, known=True)]


def ahead_by_hand() -> list[Case]:
    """Return cases of which the last three decades grew by 1, 100 and 110 a year."""
    totals = dict(zip(range(1990, YEAR + 1), [*range(1000, 1010), *range(1010, 3010, 100), 3110], strict=True))
    fan = {YEAR + 10: (4000, 3900, 4100)}
    fans, own = {"fan": fan, "latest_fan": fan}, {ALL[0]: {YEAR: 3000}}
    forecasts = [(10, "just over"), (100, "about"), (1050, "just under"), (2000, "exact")]
    parts = [(1, True), (1, False), (5, True), (5, False)]
    chosen = [(forecast, (8, True)) for forecast in forecasts] + [(forecasts[0], part) for part in parts]
    cases = [ahead_case(totals, (*said, YEAR + 10), fans, part, own, {ALL[0]: fan}) for said, part in chosen]
    late = {year: year + max(0, 100 * (year - 2017)) for year in totals}  # two of its periods grew by 200 or more
    beyond, short = {YEAR + 11: fan[YEAR + 10]}, {year: totals[year] for year in range(YEAR - 10, YEAR + 1)}
    slower = {year: 1000 + 200 * min(year - 1990, 10) + max(0, year - 2000) for year in totals}
    pairs = [(late, 10, fan, fan), (slower, 10, fan, fan), (totals, 10, fan, beyond), (short, 11, beyond, beyond)]
    for history, length, ours, latest in pairs:
        said, drawn = (200, "about", YEAR + length), {"fan": ours, "latest_fan": latest}
        cases.append(ahead_case(history, said, drawn, (8, True), own, {ALL[0]: fan}))
    return cases


def components_by_hand() -> list[Case]:
    """Return cases in which nothing changes from year to year, of some municipalities and for each qualifier."""
    years = dict.fromkeys(range(2010, 2022), Year(born=10, moves=20, left=1, homes=5))
    forecasts = [(5_000, qualifier, 2030) for qualifier in ("exact", "about", "just under", "just over")]
    forecasts.append((29_760, "exact", 2030))  # on a straight line to which the eight are
    parts = [(count, known) for count in (1, 2, 8) for known in (True, False)]
    chosen = [(dict.fromkeys(ALL[:count], years), forecasts[0], known) for count, known in parts]
    chosen += [(dict.fromkeys(ALL, years), own, True) for own in forecasts]
    early = component_case(*chosen[-1], {2009: 7})  # its moves alone are known of a year before
    return [*(component_case(*own) for own in chosen), early]


def record_by_hand() -> list[Case]:
    outcomes = {"A": {2019: 1000, 2020: 1000}}
    errors = [{"damped_trend": {1: Fraction(2)}, method: {1: Fraction(3)}} for method in METHODS[1:]]
    forecasts = [{"A": (2019, 1000, 2030, 300 * sign)} for sign in (-1, 1)]
    ours = {"A": (900, 1001, 1100)}
    cases = [record_case(own, {1: 80}, outcomes, said, ours, 8) for own in errors for said in forecasts]
    mixed = {"A": (2019, 1000, 2030, 300), "B": (2019, 1000, 2030, -300)}  # one above what has come so far, one below
    both = outcomes | {"B": outcomes["A"]}, mixed, ours | {"B": ours["A"]}
    return [*cases, record_case(errors[0], {1: 80}, *both, 8)]


def outlook_by_hand() -> list[Case]:
    years = {YEAR - 1: (500_000, None, None), YEAR: (500_000, 490_000, 510_000)}
    longer = dict.fromkeys(range(YEAR - 1, YEAR + 2), (500_000, None, None))
    without = [outlook_case(longer, Fraction(4), 2_100_000, [Fraction(10)], 8, extra) for extra in (150_000, 350_000)]
    without += [outlook_case(longer, Fraction(4), 2_010_000, [Fraction(less)], 8, 150_000) for less in (0, -1)]
    uneven = {YEAR - 1 + place: (people, None, None) for place, people in enumerate([510_000, 480_000] * 2)}
    without.append(outlook_case(uneven, Fraction(4), 2_100_000, [Fraction(0)], 8, 150_000))
    return [outlook_case(years, Fraction(4), 2_000_000, [Fraction(2)], 8), *without]


def years_by_hand() -> list[Case]:
    """Return two years that are alike, and years that lack the one before in some tables or in all."""
    same = {name: {YEAR - 2: 100, YEAR - 1: 100} for name in ALL}
    alike = {subject: {"a": (5, 5), "b": (3, 3)} for subject in ("costs", "funds", "meetings")}
    plans = ["carried_out", "ended"], ["carried_out", "under_way"]
    rates, some = (Fraction(4), Fraction(4)), {name: same[name] for name in ALL[:3]}
    lacking = [set(), {"fee"}, {"costs", "funds"}, {"meetings", "plan"}, set(SUBJECTS.values())]
    cases = [year_case(same, rates, True, alike, plans, 0, own) for own in lacking]
    newer = {ALL[0]: {YEAR - 2: 100, YEAR - 1: 300}, ALL[1]: same[ALL[1]], ALL[2]: {YEAR - 1: 100}}
    parts = [some, newer, {ALL[0]: same[ALL[0]]}]
    return cases + [year_case(own, rates, known, alike, plans, 0, set()) for own in parts for known in (True, False)]


def committee_by_hand() -> list[Case]:
    """Return years whose events did not take place as planned, by how many of them got a new date."""
    meeting = {"forum_id": "committee", "form": "digital", "meetings": 2, "shared_with": None, "year": YEAR}
    meeting |= {"label_sv": "Kommittén", "label_en": "The committee", "chapter": "3", "place": ""}
    done = {"year": YEAR, "focus_area_id": "a", "result": "carried_out", "goes_on": "no", "pandemic": None}
    plan = [done | {"label_sv": "Aktivitet", "label_en": "Activity"}]
    event = {"forum_id": "committee", "start_date": date(YEAR, 5, 5), "precision": "day", "status": "postponed"}
    event |= {"label_sv": "Händelse", "label_en": "Event"}
    return [
        committee_case(
            [meeting],
            [event | {"event_id": f"e{place}", "moved_to_event_id": to} for place, to in enumerate(moved)],
            [None],
            plan,
            None,
        )
        for moved in (["later"], ["later", "later"], ["later", None], [None, None], [None])
    ]


def scenarios_by_hand() -> list[Case]:
    """Return cases by where the money runs out: at none of the bounds, one or both.

    Then one with a deficit in the last year alone, one from the year before it, two in which nobody grows, or each of
    three municipalities, one with homes, one in which nothing is assumed but from when, and one whose money comes back.
    """
    people = {year: dict(zip(ALL[:3], (98_000, 1_000, 1_000), strict=True)) for year in range(YEAR - 1, YEAR + 5)}
    bounds = dict.fromkeys(range(YEAR + 1, YEAR + 5), (98000, 102000))
    parts = {"names": ALL[:3], "people": people, "bounds": bounds, "fee": Fraction(1)}
    same = {"start": YEAR + 1, "other": None, "line_growth": {}, "once": {}, "whose": None, "of_accounts": True}
    same |= {"homes": {}, "persons": None}
    amounts = [(101_000, 1_000), (101_000, 5_000), (101_000, 6_000), (103_000, 3_500), (103_000, 4_000)]
    chosen = [(costs, usable, Fraction(0), None) for costs, usable in amounts]
    chosen += [(94_000, 0, rate, None) for rate in (Fraction("1.25"), Fraction(2))]
    chosen += [(94_000, 0, Fraction(0), growth) for growth in (Fraction(0), dict.fromkeys(ALL[:3], Fraction(1)))]
    cases = [
        scenario_case(
            SimpleNamespace(**parts, costs={"a": costs}, growth=growth), **same, usable=usable, cost_growth=rate
        )
        for costs, usable, rate, growth in chosen
    ]
    built = same | {"homes": dict.fromkeys(ALL[:3], 1500), "persons": Fraction("2.5")}
    own = SimpleNamespace(**parts, costs={"a": 94_000}, growth=None)
    chosen = [built, same | {"start": YEAR + 2}, same | {"once": {YEAR + 1: 10_000}}]
    return cases + [scenario_case(own, **assumed, usable=0, cost_growth=Fraction(0)) for assumed in chosen]


MADE_BY_HAND = {  # for wordings that chance seldom meets
    "fee": fees_by_hand,
    "accounts": accounts_by_hand,
    "growth": growth_by_hand,
    "ahead": ahead_by_hand,
    "components": components_by_hand,
    "record": record_by_hand,
    "outlook": outlook_by_hand,
    "committee": committee_by_hand,
    "years": years_by_hand,
    "counts": years_by_hand,
    "scenario": scenarios_by_hand,
}
KRONOR = {"fee", "accounts", "outlook", "years", "scenario"}


def made_of(kind: str) -> list[str]:
    names = list(CLAIMS)
    return names[names.index(KINDS[kind][1]) : names.index(KINDS[kind][2]) + 1]


def fits(case: Case, name: str) -> bool:
    """Return whether a case has what is needed: ten years for the map, for the answer tables of one area and target.

    What is compared must have a year before.
    """
    if name.endswith("_compared"):
        return SUBJECTS[name] not in case.lacking
    if name == "growth_map":
        return YEAR - 10 in next(iter(case.inhabitants.values()))
    return name != "answers.population_ahead" or (max(case.fans["fan"]), case.part) == (case.target, (8, True))


def hold_all(kind: str, case: Case, unit: str) -> set[tuple[str, str]]:
    """Hold everything that is said of a case, in both languages."""
    met: set[tuple[str, str]] = set()
    for name in filter(partial(fits, case), made_of(kind)):
        for lang in LANGUAGES:
            in_unit = kind in KRONOR and not name.startswith("answers.")
            met |= hold(case, name, lang, unit if in_unit else "kr")
    return met


@cache
def tried(kind: str) -> tuple[int, set[tuple[str, str]]]:
    """Hold random tables of a kind; return how many, and the variants that were met."""
    count, met = 0, set()

    @seed(SEED)
    @settings(max_examples=TABLES)
    @given(KINDS[kind][0], st.sampled_from(list(UNITS)))
    def every_claim_holds(case: Case, unit: str) -> None:
        nonlocal count
        met.update(hold_all(kind, case, unit))
        count += 1

    every_claim_holds()
    for case in MADE_BY_HAND.get(kind, list)():
        met |= hold_all(kind, case, "kr")
    return count, met


@pytest.mark.parametrize("kind", KINDS)
def test_every_claim_holds_for_random_tables(kind):
    tried(kind)


def test_at_least_500_tables_are_tried():
    assert sum(tried(kind)[0] for kind in KINDS) >= 500


def test_every_variant_was_met():
    met = set().union(*(tried(kind)[1] for kind in KINDS))
    possible = {(name, variant) for name in CLAIMS for lang in LANGUAGES for variant in reachable(name, lang)}
    assert sorted(possible - met - {("error_by_horizon", "method.damped_trend")}) == []  # ours is none of the others
