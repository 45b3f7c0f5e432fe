"""What holds of how wrong projections and forecasts have been."""

from collections import Counter
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from sodertorn_lib.forecasts import published_against_outcome

from .cases import Case, Truth, both, bottom, of_all, top
from .reading import variants_of

METHODS = [key.removeprefix("method.") for key in variants_of("error_by_horizon", "method", "sv")]


def error_by_horizon(case: Case, lang: str) -> Truth:
    horizons = sorted(case.errors["damped_trend"])
    long, short = horizons[-1], horizons[max(0, len(horizons) // 2 - 1)]
    others = {method: own for method, own in case.errors.items() if method != "damped_trend"}
    last = {method: own[long] for method, own in others.items()}
    holds = {"title.two": short < long, "title.one": True, "alt.compared": bool(others), "alt.alone": not others}
    holds |= {"spoken.compared": bool(others), "spoken.alone": not others}
    holds |= {
        f"method.{method}": method in last and method in top({m: -e for m, e in last.items()}) for method in METHODS
    }
    values = {
        "short": short,
        "long": long,
        "short_error": case.errors["damped_trend"][short],
        "long_error": case.errors["damped_trend"][long],
    }
    values |= {"lines": len(case.errors), "first_jump_off_year": 1990, "last_jump_off_year": 2015}
    best = bottom(last) if others else set()
    values |= {"other_long": {others[m][long] for m in best}, "other_short": {others[m][short] for m in best}}
    return both(of_all(case.municipalities, True), Truth(holds, values))


def forecast_against_outcome(case: Case, lang: str) -> Truth:
    errors, own, inside = {}, {}, 0
    for name, (base, start, target, growth) in case.forecasts.items():
        at = min(target, max(case.outcomes[name]))
        outcome, (low, middle, high) = case.outcomes[name][at], case.ours[name]
        errors[name] = 100 * (start + growth * Fraction(at - base, target - base) - outcome) / outcome
        own[name] = Fraction(100 * (middle - outcome), outcome)
        inside += low <= outcome <= high
    above, ours_above = ({name for name, error in part.items() if error > 0} for part in (errors, own))
    shared = 2 * len(above & ours_above) > len(errors)
    furthest = top({name: abs(error) for name, error in errors.items()})
    ends = {name: min(case.forecasts[name][2], max(case.outcomes[name])) for name in errors}
    values = {"running": sum(ends[name] < case.forecasts[name][2] for name in errors), "forecasts": len(errors)}
    values |= {"same_year": max(Counter(ends.values()).values())}
    values |= {"above": len(above), "ours_above": len(ours_above), "both_above": len(above & ours_above)}
    values |= {"nearer": sum(abs(own[name]) < abs(errors[name]) for name in errors), "inside": inside, "interval": 80}
    values |= {
        "mean_error": mean(errors),
        "ours_mean_error": mean(own),
        "furthest": {f"{name}{lang}" for name in furthest},
    }
    values |= {
        "furthest_error": {errors[name] for name in furthest},
        "furthest_year": {ends[name] for name in furthest},
    }
    return Truth({"shared.some": shared, "shared.none": not shared}, values)


def mean(errors: Any) -> Fraction:
    return sum(map(abs, errors.values()), Fraction()) / len(errors)


def track_record(case: Case, lang: str) -> Truth:
    ours = error_by_horizon(case, lang)
    said_of = {f"short_said.{kind}": ours.holds[f"title.{kind}"] for kind in ("one", "two")}
    coverage = case.coverage[max(case.coverage)]
    return both(ours, forecast_against_outcome(case, lang), Truth(said_of, {"coverage": coverage}))


@st.composite
def record_cases(draw: Any) -> Case:
    horizons = range(1, 1 + draw(st.integers(1, 12)))
    methods = ["damped_trend", *draw(st.permutations(METHODS[1:]))[: draw(st.integers(0, 3))]]
    percent = st.integers(0, 2000).map(lambda hundredths: Fraction(hundredths, 100))
    errors = {method: {horizon: draw(percent) for horizon in horizons} for method in methods}
    coverage = {horizon: draw(st.integers(0, 100)) for horizon in horizons}
    outcomes = {
        area: {year: draw(st.integers(900, 1100)) for year in range(2015, 2026)}
        for area in "ABCDE"[: draw(st.integers(1, 5))]
    }
    last = draw(st.sampled_from([2020, 2025, 2035]))
    forecasts, ours = {}, {}
    for area, own in outcomes.items():
        base = draw(st.integers(2015, 2019))
        target = draw(st.integers(base + 1, last))
        forecasts[area] = base, own[base], target, draw(st.sampled_from([-300, 0, 300]))
        middle, width = draw(st.integers(900, 1100)), draw(st.integers(1, 100))
        ours[area] = middle - width, middle, middle + width
    return record_case(errors, coverage, outcomes, forecasts, ours, draw(st.integers(1, 8)))


def record_case(errors: Any, coverage: Any, outcomes: Any, forecasts: Any, ours: Any, municipalities: int) -> Case:
    rows = [
        {"horizon": horizon, "MAPE": float(error), "method": method, "coverage": float(coverage[horizon])}
        for method, own in errors.items()
        for horizon, error in own.items()
    ]
    table = pd.DataFrame(rows).assign(first_jump_off_year=1990, last_jump_off_year=2015, municipalities=municipalities)
    published = [
        {"forecast_id": area, "area_code": area, "area_sv": f"{area}sv", "area_en": f"{area}en", "base_year": base}
        | {"target_year": target, "base_population": None, "forecast_population": None, "forecast_growth": growth}
        for area, (base, _, target, growth) in forecasts.items()
    ]
    amounts = dict.fromkeys(["base_population", "forecast_population", "forecast_growth"], "Int64")
    seen = [(area, year, count) for area, own in outcomes.items() for year, count in own.items()]
    known = pd.DataFrame(seen, columns=["area_code", "year", "population"])
    own = {"errors": table.assign(of_municipalities=pd.array([8] * len(table), "Int64"))}
    projected = pd.DataFrame.from_dict(ours, "index", columns=["lower", "projection", "upper"], dtype="float64")
    compared = published_against_outcome(pd.DataFrame(published).astype(amounts), known)
    compared = compared.join(projected, on="area_code").assign(interval_percent=80.0)
    error = 100 * (compared["projection"] - compared["outcome"]) / compared["outcome"]
    own["compared"] = compared.assign(ours_percentage_error=error)
    parts = {
        "errors": errors,
        "coverage": coverage,
        "outcomes": outcomes,
        "forecasts": forecasts,
        "ours": ours,
        "municipalities": municipalities,
    }
    return Case(tables=SimpleNamespace(), own=own, **parts)
