"""What holds of births, deaths and moves, and of homes: from the plain numbers of each municipality and year."""

from collections.abc import Mapping
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, NamedTuple

import pandas as pd
from hypothesis import strategies as st

from .ahead import QUALIFIERS, qualified, said_of
from .cases import ALL, CODES, YEAR, Case, Truth, both, nearest, of_all, population_table


class Year(NamedTuple):
    """What happened in a municipality in a year; left is what births, deaths and moves leave of the growth."""

    born: int
    moves: int
    left: int
    homes: int

    @property
    def growth(self) -> int:
        return self.born + self.moves + self.left


def total(case: Case, name: str, years: range) -> int:
    return sum(getattr(own[year], name) for own in case.events.values() for year in years)


def halves(last: int) -> dict[str, range]:
    """Return the last five years, the five before, and the last alone."""
    return {
        "before": range(last - 9, last - 4),
        "after": range(last - 4, last + 1),
        "last": range(last, last + 1),
    }


def ends(spans: Mapping[str, range], prefix: str = "") -> dict[str, int]:
    values = {f"{prefix}{when}_from": span[0] for when, span in spans.items()}
    return values | {f"{prefix}{when}_to": span[-1] for when, span in spans.items()}


def went(key: str, before: Fraction, after: Fraction) -> dict[str, bool]:
    """Return which course holds of two numbers as they are shown."""
    first, second = round(before), round(after)
    return {f"{key}.fell": second < first, f"{key}.rose": second > first, f"{key}.same": second == first}


def components_by_year(case: Case, lang: str) -> Truth:
    """Return what holds of the area, for its chart and its answer alike."""
    spans, holds, values = halves(case.last), {}, {"first_year": case.first, "last_year": case.last}
    for name, attribute in (("born", "born"), ("moves", "moves"), ("growth", "growth"), ("residual", "left")):
        means = {when: Fraction(total(case, attribute, span), len(span)) for when, span in spans.items()}
        values |= {f"{name}_{when}": nearest(mean) for when, mean in means.items()}
        holds |= went(f"{name}_course", means["before"], means["after"])
        values |= {f"{name}_less": {abs(a - b) for a in values[f"{name}_after"] for b in values[f"{name}_before"]}}
    slowed = holds["growth_course.fell"]
    holds |= {"question.slowed": slowed, "question.other": not slowed}
    return both(of_all(len(case.events), case.known), Truth(holds, values | ends(spans)))


def components_by_municipality(case: Case, lang: str) -> Truth:
    spans = halves(case.last)
    sums = {
        name: [
            [sum(getattr(own[year], name) for year in spans[when]) for own in case.events.values()] for when in spans
        ]
        for name in ("born", "moves")
    }
    values = {f"{name}_lower": sum(b < a for a, b in zip(*own[:2], strict=True)) for name, own in sums.items()}
    values |= {"moves_below": sum(after < 0 for after in sums["moves"][1]), "panels": len(case.events)}
    return both(of_all(len(case.events), case.known), Truth({}, values | ends(spans)))


def homes_and_growth(case: Case, lang: str) -> Truth:
    spans = {when: span for when, span in halves(case.last).items() if when != "last"}
    means = {
        name: {when: Fraction(total(case, attribute, span), 5) for when, span in spans.items()}
        for name, attribute in (("homes", "homes"), ("built_growth", "growth"))
    }
    values = {f"{name}_{when}": nearest(mean) for name, own in means.items() for when, mean in own.items()}
    values |= {"all_periods": min(4, (case.last - case.first + 1) // 5)}
    holds = {key: true for name, own in means.items() for key, true in went(f"{name}_course", *own.values()).items()}
    return both(of_all(len(case.events), case.known), Truth(holds, values | ends(spans, "built_")))


def why_growth_slowed(case: Case, lang: str) -> Truth:
    years = range(case.first, case.last + 1)
    moves = {year: total(case, "moves", range(year, year + 1)) for year in years}
    ahead = case.target > case.last and not (case.known and len(case.events) < len(ALL))
    holds = qualified(case.qualifier)
    exact = case.qualifier == "exact"
    holds |= {"roughly.exact": exact, "roughly.about": not exact}
    stated = case.base + case.forecast_growth
    values = {"target_year": case.target, "stated": said_of(stated, case.qualifier, bound=False)}
    values |= {"people": case.people, "next_year": case.last + 1}
    pace, line = Fraction(-1), Fraction(0)
    if ahead:
        born = total(case, "born", range(case.last, case.last + 1))
        pace = Fraction(stated - case.people, case.target - case.last) - born
        values["needed"] = said_of(pace, case.qualifier, bound=True)
    begun = ahead and case.last >= YEAR
    if begun:
        line = case.base + case.forecast_growth * Fraction(case.last - YEAR, case.target - YEAR) - case.people
        behind = said_of(abs(line), case.qualifier, bound=False)
        values["behind"] = behind if isinstance(behind, set) else nearest(behind)
    holds |= {"needed_said.some": pace > 0, "needed_said.none": pace <= 0, "beside_said.none": not begun}
    beside = {"behind": line > 0, "ahead": line < 0, "even": line == 0}
    holds |= {f"beside_said.{kind}": begun and true for kind, true in beside.items()}
    holds |= {"early_said.some": bool(case.early), "early_said.none": not case.early}
    most = max(case.early.values(), default=None)
    values |= {"early": most, "early_year": {year for year, own in case.early.items() if own == most}}
    highest = max(moves.values())
    values |= {"highest": highest, "highest_year": {year for year, own in moves.items() if own == highest}}
    return both(components_by_year(case, lang), homes_and_growth(case, lang), Truth(holds, values))


@st.composite
def component_cases(draw: Any) -> Case:
    first = draw(st.integers(1999, 2008))
    last = first + draw(st.integers(9, 22))
    names = draw(st.sampled_from([ALL, ALL, ALL[:3], ALL[-1:]]))
    drift, built = (draw(st.sampled_from(steps)) for steps in ([-40, 0, 40], [-3, 0, 3]))
    events = {
        name: {
            year: Year(
                draw(st.sampled_from([-30, 5, 80])),
                draw(st.sampled_from([-200, 0, 300])) + drift * (year - first),
                draw(st.sampled_from([-4, 0, 9])),
                max(0, draw(st.sampled_from([20, 30])) + built * (year - first)),
            )
            for year in range(first, last + 1)
        }
        for name in names
    }
    target = last + draw(st.sampled_from([-1, 1, 5]))
    forecast = draw(st.sampled_from([-5_000, 300, 20_000])), draw(st.permutations(list(QUALIFIERS)))[0], target
    early = {first - 1 - place: moves for place, moves in enumerate(draw(st.lists(st.integers(-9, 9), max_size=2)))}
    return component_case(events, forecast, draw(st.sampled_from([True, True, False])), early)


def component_case(
    events: dict[str, dict[int, Year]], forecast: tuple[int, str, int], known: bool, early: Mapping[int, int] = {}
) -> Case:
    """Return a case with tables of which the library measures everything itself; early are moves of years before."""
    growth, qualifier, target = forecast
    first, last = min(next(iter(events.values()))), max(next(iter(events.values())))
    inhabitants = {name: {first - 1: 50_000} for name in events}
    for name, own in events.items():
        for year, happened in own.items():
            inhabitants[name][year] = inhabitants[name][year - 1] + happened.growth
    rows = [(CODES[name], year, own) for name, years in events.items() for year, own in years.items()]
    base = 50_000 * len(events)
    stated = {"area_code": "sodertorn", "base_year": YEAR, "base_population": base, "target_year": target}
    tables = SimpleNamespace(
        population=population_table(inhabitants, known),
        population_components=pd.DataFrame(
            [(code, year, own.born, own.moves) for code, year, own in rows]
            + [(CODES[ALL[0]], year, 0, moves) for year, moves in early.items()],
            columns=["region_code", "year", "natural_change", "net_migration"],
        ),
        dwellings_completed=pd.DataFrame(
            [(code, year, own.homes) for code, year, own in rows],
            columns=["municipality_code", "year", "dwellings_completed"],
        ),
        published_forecasts=pd.DataFrame([stated | {"forecast_growth": growth, "qualifier": qualifier}]),
    )
    parts = {"events": events, "known": known, "first": first, "last": last, "target": target, "base": base}
    parts |= {"early": dict(early), "forecast_growth": growth, "qualifier": qualifier}
    return Case(tables, {}, people=sum(own[last] for own in inhabitants.values()), **parts)
