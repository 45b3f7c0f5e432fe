"""What holds of the population ahead."""

from fractions import Fraction
from itertools import pairwise
from math import log
from types import SimpleNamespace
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from sodertorn_lib.forecasts import beside_projection

from .cases import ALL, CODES, YEAR, Case, Truth, area_table, both, nearest, of_all, population_table

PAST = ("some", "lately", "never", "none")
QUALIFIERS = {"exact": "exact", "about": "about", "just under": "under", "just over": "over"}


def qualified(qualifier: str) -> dict[str, bool]:
    holds = {
        f"{key}.{kind}": kind == QUALIFIERS[qualifier] for key in ("about", "bound") for kind in QUALIFIERS.values()
    }
    return holds | {"bound.exact": True, "bound.about": True}  # both say nothing


def growth_needed_and_seen(case: Case, lang: str) -> Truth:
    totals, last = case.totals, max(case.totals)
    ends = sorted({year for year in totals if year % 10 == 0} | {last})
    pace = {pair: Fraction(totals[pair[1]] - totals[pair[0]], pair[1] - pair[0]) for pair in pairwise(ends)}
    needed = Fraction(case.growth, case.target - YEAR)
    length = case.target - YEAR
    passed = {year: totals[year + length] - totals[year] for year in totals if year + length in totals}
    begun = [year for year, change in passed.items() if change >= case.growth]
    in_a_row = bool(begun) and begun == list(range(begun[0], begun[-1] + 1))
    now_year = last if YEAR < last < case.target else YEAR
    left = case.growth - (totals[now_year] - totals[YEAR] if now_year > YEAR else 0)
    holds = {"reached.only": in_a_row and len(begun) < len(passed), "reached.some": 0 < len(begun) < len(passed)}
    holds |= {"reached.one": len(begun) == 1 < len(passed)}
    holds |= {"reached.all": len(begun) == len(passed), "reached.none": not begun}
    now = Fraction(left, case.target - now_year)
    values = {"needed": said_of(needed, case.qualifier, bound=True), "now": said_of(now, case.qualifier, bound=True)}
    values |= {"now_year": now_year, "base_year": YEAR, "pace": needed}
    values |= {
        "target_year": case.target,
        "length": length,
        "faster": len(begun),
        "all_periods": len(passed),
        "periods": len(pace),
        "last": list(pace.values())[-1],
    }
    for end, year in zip(("first", "last"), (begun[0], begun[-1]) if begun else (), strict=False):
        values |= {f"{end}_from": year, f"{end}_to": year + length}
    return both(of_all(8, True), Truth(holds | qualified(case.qualifier), values))


def population_fan(case: Case, lang: str) -> Truth:
    first, latest = (projection(case, fan) for fan in ("fan", "latest_fan"))
    newer = case.starts["latest_fan"] > case.starts["fan"]
    later = [year for year in case.totals if year > case.starts["fan"]]
    holds = {f"{key}.{kind}": newer == (kind == "some") for key in ("newer", "subtitle") for kind in ("some", "none")}
    holds |= {"outcome_said.some": bool(later), "outcome_said.none": not later}
    start, end = case.starts["latest_fan"], max(case.fans["latest_fan"])
    names = ("jump_off_year", "target_year", "projected", "lower", "upper")
    values = first | {f"latest_{name}": latest[name] for name in names}
    values |= {"interval": 80, "latest_year": max(later, default=0), "latest": case.totals[max(case.totals)]}
    values |= {"to_grow": nearest(Fraction(case.fans["latest_fan"][end][0] - case.totals[start], end - start))}
    values |= {"grew": case.totals[start] - case.totals[start - 1]}
    return both(of_all(*case.part), chance(case), Truth(holds, values))


def projection(case: Case, fan: str) -> dict[str, int]:
    end = max(case.fans[fan])
    middle, low, high = case.fans[fan][end]
    start = case.starts[fan]
    return {"jump_off_year": start, "target_year": end, "projected": middle, "lower": low, "upper": high}


def chance(case: Case) -> Truth:
    """Return what the latest fan says of the stated population."""
    start, end = case.starts["latest_fan"], max(case.fans["latest_fan"])
    stated = case.base + case.growth if end == case.target and case.part == (8, True) else None
    kinds, length = ("under", "about", "over"), end - start
    if stated is None:
        holds = {"title.alone": True, "title.stated": False, "likely.some": False, "chance.none": True}
        holds |= {f"chance.{kind}": False for kind in kinds} | {f"past.{kind}": kind == "none" for kind in PAST}
        return Truth(holds | {"likely.none": True, "roughly.exact": False, "roughly.about": False}, {})
    middle, low, high = case.fans["latest_fan"][end]
    probability = likely(stated, middle, low, high)
    kind = "under" if probability == 2.5 else "over" if probability == 97.5 else "about"
    takes, since = Fraction(stated, case.totals[start]), min(case.totals)
    passed = {
        year: Fraction(case.totals[year + length], case.totals[year]) for year in range(since, start - length + 1)
    }
    as_fast = [year for year, grew in passed.items() if grew >= takes]
    later = {year: grew for year, grew in passed.items() if not as_fast or year >= as_fast[-1] + length}
    asked = bool(passed) and takes > 1
    past = {"never": asked and not as_fast, "some": asked and bool(as_fast and later), "none": not asked}
    holds = {f"past.{key}": true for key, true in past.items()}
    holds |= {"past.lately": asked and not any(past.values())} | {f"chance.{own}": own == kind for own in kinds}
    exact = case.qualifier == "exact"
    holds |= {"title.alone": True, "title.stated": True, "likely.some": True, "likely.none": False}
    holds |= {"chance.none": False, "roughly.exact": exact, "roughly.about": not exact}
    values = {"stated": said_of(stated, case.qualifier, bound=False), "probability": probability, "years_left": length}
    values |= {"takes": 100 * takes - 100, "since_year": since}
    values |= {"fast_from": as_fast[-1], "fast_to": as_fast[-1] + length} if as_fast else {}
    return Truth(holds, values | {"most": 100 * max(later.values(), default=Fraction(1)) - 100})


def likely(stated: Fraction, middle: int, low: int, high: int) -> float:
    """Return the probability, per cent: straight lines on the logarithm between the bounds of 95 and of 80 per cent."""
    ends = [low - Fraction(middle - low, 2), low, middle, high, high + Fraction(high - middle, 2)]
    above = [97.5, 90, 50, 10, 2.5]
    for (left, more), (right, less) in pairwise(zip(ends, above, strict=True)):
        if left <= stated <= right:
            return more + (less - more) * log(stated / left) / log(right / left)
    return 97.5 if stated < ends[0] else 2.5


def said_of(stated: Fraction | int, qualifier: str, *, bound: bool) -> Any:
    """Return what a number is said to be about, with three digits: of a bound what is beyond it, else within."""
    if abs(stated) < 100:
        return stated
    step = 10 ** (len(str(int(abs(stated)))) - 3)
    low = stated // step * step
    high = low + step if stated > low else low
    half = Fraction(step, 2)
    nearer = {low} if stated - low < half else {high} if stated - low > half else {low, high}
    under, over = (high, low) if bound else (low, high)
    return {"exact": stated, "just under": under, "just over": over, "about": nearer}[qualifier]


def population_ahead(case: Case, lang: str) -> Truth:
    return population_fan(case, lang)


def projection_small_multiples(case: Case, lang: str) -> Truth:
    start, last = YEAR, max(case.own_outcomes[ALL[0]])
    compared = last > start
    end = max(case.own_fans[ALL[0]])
    ends = {name: fan[min(last, end)] for name, fan in case.own_fans.items()} if compared else {}
    outcome = {name: case.own_outcomes[name][min(last, end)] for name in ends}
    below = sum(outcome[name] < middle for name, (middle, _, _) in ends.items())
    outside = sum(not low <= outcome[name] <= high for name, (_, low, high) in ends.items())
    growing = sum(fan[end][0] > case.own_outcomes[name][start] for name, fan in case.own_fans.items())
    holds = {
        f"{key}.{kind}": compared == (kind == "compared")
        for key in ("title", "subtitle")
        for kind in ("compared", "ahead")
    }
    holds |= {
        "outcome_said.some": compared,
        "outcome_said.none": not compared,
        "outside.some": outside > 0,
        "outside.none": outside == 0,
    }
    values = {
        "jump_off_year": start,
        "target_year": end,
        "last_year": min(last, end),
        "interval": 80,
        "panels": len(case.own_fans),
    }
    values |= {"below": below, "outside_number": outside, "growing": growing}
    return both(of_all(len(case.own_fans), True), Truth(holds, values))


Fan = dict[int, tuple[int, int, int]]


@st.composite
def ahead_cases(draw: Any) -> Case:
    first, last = draw(st.integers(1965, 2009)), YEAR + draw(st.integers(0, 6))
    step = draw(st.sampled_from([0, 300, 1000]))
    totals = {first: 90_000}
    for year in range(first + 1, last + 1):
        totals[year] = max(
            1000, totals[year - 1] + step + (draw(st.sampled_from([-800, 0, 700])) if year % 5 == 0 else 0)
        )
    target = max(YEAR + draw(st.sampled_from([5, 10])), last + 1)
    growth = draw(st.sampled_from([100, 1000, 30_000, 3000, 10_000]))
    qualifier = draw(st.permutations(list(QUALIFIERS)))[0]
    end = target + draw(st.sampled_from([0, 0, 0, 1]))
    fans = {"fan": drawn_fan(draw, totals[YEAR], YEAR, end), "latest_fan": drawn_fan(draw, totals[last], last, target)}
    names = draw(st.lists(st.sampled_from(ALL[1:]), unique=True))
    outcomes = {
        name: {year: draw(st.integers(900, 1100)) for year in range(YEAR - 2, last + 1)} for name in [ALL[0], *names]
    }
    own_fans = {name: drawn_fan(draw, own[YEAR], YEAR, target) for name, own in outcomes.items()}
    part = draw(st.sampled_from([8, 8, 5, 1])), draw(st.sampled_from([True, True, False]))
    return ahead_case(totals, (growth, qualifier, target), fans, part, outcomes, own_fans)


def drawn_fan(draw: Any, start: int, jump_off: int, end: int) -> Fan:
    """Return a projection with its bounds, year by year."""
    slope, width = draw(st.sampled_from([-0.01, 0, 0.01, 0.02])), draw(st.sampled_from([0.01, 0.1, 0.5]))
    middles = {year: round(start * (1 + slope * (year - jump_off))) for year in range(jump_off + 1, end + 1)}
    return {
        year: (middle, round(middle * (1 - width)), round(middle * (1 + width))) for year, middle in middles.items()
    }


def ahead_case(
    totals: dict[int, int],
    forecast: tuple[int, str, int],
    fans: dict[str, Fan],
    part: tuple[int, bool],
    outcomes: Any,
    own_fans: dict[str, Fan],
) -> Case:
    growth, qualifier, target = forecast
    area = area_table(totals, 8)
    stated = {"area_code": "sodertorn", "base_year": YEAR, "base_population": totals[YEAR], "target_year": target}
    stated |= {"forecast_growth": growth, "qualifier": qualifier}
    forecasts = pd.DataFrame([stated])
    starts = {"fan": YEAR, "latest_fan": max(totals)}
    own = {
        name: beside_projection(area_table(totals, *part), projected(fans[name], starts[name]), forecasts)
        for name in fans
    }
    projections = [
        projected(fan, YEAR).assign(municipality_code=CODES[name], municipality=name) for name, fan in own_fans.items()
    ]
    projection = pd.concat(projections).astype({"municipality": pd.CategoricalDtype(ALL)})
    own |= {"area": area, "fans": beside_projection(population_table(outcomes), projection)}
    parts = {
        "totals": totals,
        "growth": growth,
        "qualifier": qualifier,
        "target": target,
        "base": totals[YEAR],
        "fans": fans,
    }
    parts |= {"starts": starts, "part": part, "own_outcomes": outcomes, "own_fans": own_fans}
    return Case(tables=SimpleNamespace(published_forecasts=forecasts), own=own, **parts)


def projected(fan: Fan, jump_off_year: int) -> pd.DataFrame:
    """Return a projection with two intervals, of which that of 95 per cent is half as wide again on either side."""
    columns, parts = ["year", "population", "lower", "upper"], []
    for percent, wider in ((80.0, 0), (95.0, 0.5)):
        rows = [
            (year, float(middle), low - wider * (middle - low), high + wider * (high - middle))
            for year, (middle, low, high) in fan.items()
        ]
        parts.append(pd.DataFrame(rows, columns=columns).assign(interval_percent=percent))
    return pd.concat(parts, ignore_index=True).assign(jump_off_year=jump_off_year)
