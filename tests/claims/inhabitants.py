"""What holds of the population and its growth."""

from collections.abc import Mapping
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from sodertorn_lib import load_boundaries

from .cases import ALL, YEAR, Case, Truth, area_totals, both, bottom, of_all, one, population_table, top

BOUNDARIES = load_boundaries()


def population_total(case: Case, lang: str) -> Truth:
    totals = area_totals(case.inhabitants)
    (first_year, first), (last_year, last) = min(totals.items()), max(totals.items())
    whole = case.known and len(case.inhabitants) == 8
    stated = {year: count for year, count in case.published.items() if whole and year in totals}
    same = all(totals[year] == count for year, count in stated.items())
    holds = {"title.grew": last > first, "title.shrank": last < first, "title.same": last == first}
    holds |= {"points.none": not stated, "points.same": bool(stated) and same, "points.differ": not same}
    values = {"first_year": first_year, "first": first, "last_year": last_year, "last": last, "published": len(stated)}
    return both(of_all(len(case.inhabitants), case.known), Truth(holds, values | {"times": Fraction(last, first)}))


def population_small_multiples(case: Case, lang: str) -> Truth:
    times = {name: Fraction(own[max(own)], own[min(own)]) for name, own in case.inhabitants.items()}
    ranked = len(times) > 1 and one(top(times)) and one(bottom(times))
    holds = {
        "title.ranked": ranked,
        "title.tied": True,
        "title.one": len(times) == 1,
        "alt.ranked": ranked,
        "alt.tied": True,
    }
    years = next(iter(case.inhabitants.values()))
    values = {
        "most": top(times),
        "most_times": max(times.values()),
        "least": bottom(times),
        "least_times": min(times.values()),
    }
    return both(
        of_all(len(times), case.known), Truth(holds, values | {"base_year": min(years), "last_year": max(years)})
    )


def growth_by_municipality(case: Case, lang: str) -> Truth:
    change = {name: own[YEAR] - own[YEAR - 1] for name, own in case.inhabitants.items()}
    percent = {name: Fraction(100 * change[name], own[YEAR - 1]) for name, own in case.inhabitants.items()}
    count, growing = len(change), sum(added > 0 for added in change.values())
    ranked = count > 1 and one(top(change)) and one(top(percent)) and max(change.values()) > 0
    whole = case.known and count == 8
    every = growing == count
    holds = {"title.ranked": ranked, "title.tied": count > 1, "title.one": count == 1, "who.all": whole and every}
    holds |= {
        "who.all_drawn": not whole and every and count > 2,
        "who.both": every and count == 2,
        "who.one": every and count == 1,
    }
    holds |= {"who.some": 0 < growing < count, "who.none": not growing}
    values = {"year": YEAR, "all": count, "growing": growing, "most": top(change), "most_change": max(change.values())}
    values |= {
        "most_percent": {percent[name] for name in top(change)},
        "fastest": top(percent),
        "fastest_percent": max(percent.values()),
    }
    values |= {"least_change": min(change.values()), "total": sum(change.values())}
    return both(of_all(count, case.known), Truth(holds, values))


def growth_map(case: Case, lang: str) -> Truth:
    times = {name: Fraction(own[YEAR], own[YEAR - 10]) for name, own in case.inhabitants.items()}
    percent = {name: 100 * (float(ratio) ** 0.1 - 1) for name, ratio in times.items()}
    ranked = len(times) > 1 and one(top(times)) and one(bottom(times)) and max(times.values()) > 1
    holds = {
        f"{key}.{kind}": true for key in ("title", "alt") for kind, true in {"ranked": ranked, "tied": True}.items()
    }
    values = {"first_year": YEAR - 10, "last_year": YEAR, "most": top(times), "least": bottom(times)}
    values |= {"most_percent": max(percent.values()), "least_percent": min(percent.values())}
    return both(of_all(len(times), case.known), Truth(holds, values))


def population(case: Case, lang: str) -> Truth:
    totals = area_totals(case.inhabitants)
    first, then, last = totals[min(totals)], totals[YEAR], totals[max(totals)]
    since, before = max(totals) > YEAR, max(min(totals), YEAR - 10)
    streak = 0
    while YEAR - streak - 1 in totals and totals[YEAR - streak] > totals[YEAR - streak - 1]:
        streak += 1
    holds = {"course.grew": first < then <= last, "course.shrank": first > then >= last, "course.mixed": True}
    holds |= {f"{key}.{kind}": since == (kind == "some") for key in ("then", "since") for kind in ("some", "none")}
    holds |= {"streak_said.some": streak > 1, "streak_said.one": streak > 0, "streak_said.none": streak == 0}
    values = {
        "before": before,
        "streak": streak,
        "at_year": then,
        "pace_before": Fraction(then - totals[before], YEAR - before),
    }
    values["pace_since"] = Fraction(last - then, max(totals) - YEAR) if since else 0
    return both(population_total(case, lang), growth_by_municipality(case, lang), Truth(holds, values))


@st.composite
def growth_cases(draw: Any) -> Case:
    names = ALL[: draw(st.integers(1, 8))]
    first, last = YEAR - draw(st.sampled_from([1, 2, 3, 10, 12])), YEAR + draw(st.integers(0, 3))
    steps = draw(st.sampled_from([[0], [5, 5, 10], [-5, -5, -10], range(-20, 40)]))
    inhabitants = {}
    for name in names:
        counts = [draw(st.sampled_from([1000, 2000]) | st.integers(1000, 3000))]
        counts += [
            max(1, counts[0] + sum(draw(st.sampled_from(steps)) for _ in range(year)))
            for year in range(1, last - first + 1)
        ]
        inhabitants[name] = dict(zip(range(first, last + 1), counts, strict=True))
    totals = area_totals(inhabitants)
    stated = draw(st.lists(st.sampled_from(list(totals)), unique=True, max_size=3))
    published = {year: totals[year] + draw(st.sampled_from([0, 0, 0, 9])) for year in stated} or {first - 5: 1000}
    return growth_case(inhabitants, published, draw(st.booleans()) or len(names) == 8)


def growth_case(inhabitants: Any, published: Mapping[int, int], known: bool) -> Case:
    dates = pd.to_datetime([f"{year}-12-31" for year in published])
    stated = pd.DataFrame(
        {"date": dates, "region": "Södertörn", "population": pd.array(list(published.values()), "Int64")}
    )
    tables = SimpleNamespace(
        population=population_table(inhabitants, known), population_published=stated, boundaries=BOUNDARIES
    )
    return Case(tables=tables, own={}, inhabitants=inhabitants, published=published, known=known)
