"""What holds of the fee and of its outlook."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from sodertorn_lib.fees import fee_outlook
from sodertorn_lib.reconciliation import compare

from .cases import (
    ALL,
    YEAR,
    Case,
    Truth,
    both,
    bottom,
    frame,
    money,
    nearest,
    of_all,
    one,
    plain,
    population_table,
    register,
    top,
)
from .reading import read, tells


def fees(case: Case, lang: str) -> Truth:
    fee = {name: round(years[YEAR - 1] * case.rate) for name, years in case.inhabitants.items()}
    ranked = len(fee) > 1 and one(top(fee)) and one(bottom(fee))
    kinds = {"ranked": ranked, "tied": True, "one": len(fee) == 1}
    holds = {f"{key}.{kind}": true for key in ("title", "alt", "who") for kind, true in kinds.items()}
    values = {
        "largest": top(fee),
        "smallest": bottom(fee),
        "largest_fee": max(fee.values()),
        "smallest_fee": min(fee.values()),
    }
    values |= {"year": YEAR, "population_year": YEAR - 1, "rate": case.rate, "total": sum(fee.values())}
    return both(money(), of_all(len(fee), case.known), Truth(holds, values))


def fee_scenarios(case: Case, lang: str) -> Truth:
    years = [year for year in (YEAR - 1, YEAR) if year in next(iter(case.inhabitants.values()))]
    population = {year: sum(own[year] for own in case.inhabitants.values()) for year in years}
    rates = [case.rate - 1, case.rate, case.rate + 1]
    income = {
        rate: {round(sum(round(own[year] * rate) for own in case.inhabitants.values())) for year in years}
        for rate in rates
    }
    values = {"population": population[years[-1]], "population_year": years[-1], "years": years, "rates": rates}
    values |= {
        "low_rate": rates[0],
        "high_rate": rates[-1],
        "low": min(income[rates[0]]),
        "high": max(income[rates[-1]]),
    }
    return both(money(), of_all(len(case.inhabitants), case.known), Truth({}, values))


def membership_fee(case: Case, lang: str) -> Truth:
    truth, scenarios = fees(case, lang), fee_scenarios(case, lang).values
    total, printed, registered = truth.values["total"], case.printed, case.registered
    differs = printed is not None and printed != total
    explained = differs and registered == total - printed
    holds = {
        "equal": printed == total,
        "registered": explained,
        "unregistered": differs and not explained,
        "gone": registered is not None and not differs,
        "open": True,  # says nothing
    }
    values = {"printed_sek": printed, "krona": scenarios["population"], "scenario_year": scenarios["population_year"]}
    return both(truth, Truth({f"printed.{kind}": true for kind, true in holds.items()}, values))


@st.composite
def fee_cases(draw: Any) -> Case:
    names = ALL[: draw(st.integers(1, 8))]
    years = range(YEAR - 1, YEAR + draw(st.integers(0, 2)))
    number = st.integers(1, 40).map(lambda tens: 10 * tens)
    inhabitants = {name: {year: draw(number) for year in years} for name in names}
    rate = Fraction(draw(st.sampled_from(["0", "0.5", "1", "2", "2.75", "4", "4.5"])))
    total = sum(round(own[YEAR - 1] * rate) for own in inhabitants.values())
    off = draw(st.sampled_from([0, 0, 1, -5]))
    printed = int(total) + off if total.denominator == 1 and draw(st.booleans()) else None
    registered = (
        draw(st.sampled_from([None, None, -off or 1, 7])) if printed is not None else draw(st.sampled_from([None, 1]))
    )
    return fee_case(inhabitants, rate, draw(st.booleans()) or len(names) == 8, printed, registered)


def fee_case(inhabitants: Any, rate: Fraction, known: bool, printed: int | None, registered: int | None) -> Case:
    rates = [{"year": YEAR, "fee_sek_per_inhabitant": plain(rate), "population_date": f"{YEAR - 1}-12-31"}]
    tables = SimpleNamespace(population=population_table(inhabitants, known), fee_rates=pd.DataFrame(rates))
    total = plain(sum(round(own[YEAR - 1] * rate) for own in inhabitants.values()))
    check = {"year": YEAR, "check_id": "operating_income_from_fees"}
    rows = [check | {"printed": printed, "recomputed": total}] if printed is not None else []
    checks = compare(frame(rows, [*check, "printed", "recomputed"]), register({check["check_id"]: registered}), "sum")
    inputs = {"inhabitants": inhabitants, "rate": rate, "known": known, "printed": printed, "registered": registered}
    return Case(tables=tables, own={"checks": checks}, **inputs)


def ending(prefix: str, short: list[int], years: list[int]) -> dict[str, bool]:
    """Return what may be said of the years in which the fee is not enough."""
    to_the_end = bool(short) and short == list(range(short[0], years[-1] + 1))
    holds = {"lasts": not short, "from": to_the_end, "final": short == years[-1:], "years": bool(short)}
    return {f"{prefix}ending.{kind}": true for kind, true in (holds | {"always": short == years}).items()}


def outlook(case: Case, growth: Fraction) -> Truth:
    """Return what holds of one growth of costs."""
    years = {place: year + 1 for place, year in enumerate(case.ahead)}
    bounds = list(case.ahead.values())

    def grown(start: int) -> list[Fraction]:
        return [start * (1 + growth / 100) ** place for place in years]

    def lacking(costs: list[Fraction]) -> list[int]:
        return [years[place] for place in years if case.rate * bounds[place][0] < costs[place]]

    costs, less = grown(case.costs), grown(case.costs - (case.extra or 0))
    short, without = lacking(costs), lacking(less)
    first, last = years[0], years[len(years) - 1]
    projected_years = [place for place in years if bounds[place][1] is not None]
    holds = ending("", short, list(years.values())) | ending("without_", without, list(years.values()))
    holds |= {"title.other": without != short, "title.one": without == short}
    holds |= {"base_said.some": case.extra is not None, "base_said.none": case.extra is None}
    courses = {"rise": growth > 0, "fall": growth < 0, "same": growth == 0}
    holds |= {f"{key}.{course}": true for key in ("costs_said", "costs_clause") for course, true in courses.items()}
    holds |= {
        f"{key}.{kind}": bool(projected_years) == (kind == "interval")
        for key in ("alt", "subtitle", "spoken")
        for kind in ("interval", "known")
    }
    early, late = (
        min((years[p] for p in years if bound(bounds[p], end) * case.rate < costs[p]), default=None) for end in (1, 2)
    )
    holds |= {"span.none": True, "span.open": bool(projected_years) and early is not None and late is None}
    holds |= {"span.same": bool(projected_years) and early is not None and early == late}
    holds["span.span"] = bool(projected_years) and None not in (early, late) and early != late
    holds |= {"interval_said.some": bool(projected_years), "interval_said.none": not projected_years}
    values = {
        "fee": case.rate,
        "growth": abs(growth),
        "deficit_year": min(short, default=None),
        "deficit_years": len(short),
        "without_deficit_year": min(without, default=None),
        "without_deficit_years": len(without),
        "without_costs": nearest(less[-1]),
        "extra": case.extra,
    }
    values |= {"years": len(years), "last_year": last, "early": early, "late": late, "interval": 80}
    values["jump_off_year"] = first - 2 + min(projected_years, default=0)
    values |= {
        "income": nearest(case.rate * bounds[-1][0]),
        "first_costs": nearest(costs[0]),
        "last_costs": nearest(costs[-1]),
    }
    values |= {
        name: nearest(case.rate * bounds[-1][end]) if bounds[-1][end] is not None else None
        for end, name in ((1, "lower"), (2, "upper"))
    }
    values["balancing_fee"] = {Fraction(hundredths, 100) for hundredths in nearest(100 * costs[-1] / bounds[-1][0])}
    return both(money(), of_all(case.municipalities, True), Truth(holds, values))


def bound(values: tuple[int, int | None, int | None], end: int) -> int:
    known = values[end]
    return values[0] if known is None else known


def fee_income_outlook(case: Case, lang: str) -> Truth:
    return outlook(case, max(case.growths))


def answered_outlook(case: Case, lang: str) -> Truth:
    """Return the same, and hold the sentence of each growth of costs."""

    def each_holds(shown: str) -> bool:
        sentences = shown.split(". ")
        for growth, sentence in zip(sorted(case.growths, reverse=True), sentences, strict=True):
            truth, reading = outlook(case, growth), read("fee_income_outlook", "title", lang, sentence)
            if not all(truth.holds[variant] for variant in reading.variants):
                return False
            if not all(tells(text, spec, truth.values[name], lang) for name, spec, text in reading.values):
                return False
        return True

    return both(fee_income_outlook(case, lang), Truth({}, {"sentences": each_holds}))


@st.composite
def outlook_cases(draw: Any) -> Case:
    count, known = draw(st.integers(1, 8)), draw(st.integers(0, 4))
    step, ahead = draw(st.sampled_from([-20, 0, 20, 50])), {}
    for place in range(count):
        people = max(10, 500 + step * place + draw(st.sampled_from([0, 0, -60, 60]))) * 1000
        width = 1000 * (place - known + 1) * draw(st.sampled_from([5, 30]))
        ahead[YEAR - 1 + place] = (
            (people, None, None) if place < known else (people, max(0, people - width), people + width)
        )
    rate = Fraction(draw(st.sampled_from(["4", "4", "4.5", "4.1"])))
    costs = int(rate * 500_000) + draw(st.sampled_from([0, 0, -200_000, 50_000, 150_000, -400_000]))
    rates = draw(st.lists(st.sampled_from(["-1", "0", "2", "2.5", "5"]), min_size=1, max_size=3, unique=True))
    extra = draw(st.sampled_from([None, 100_000, 300_000]))
    return outlook_case(ahead, rate, costs, [Fraction(growth) for growth in rates], draw(st.integers(1, 8)), extra)


def outlook_case(
    ahead: Any, rate: Fraction, costs: int, growths: list[Fraction], municipalities: int, extra: int | None = None
) -> Case:
    rows = [
        (year + 1, people, *(None if own is None else float(rate * own) for own in (people, *bounds)))
        for year, (people, *bounds) in ahead.items()
    ]
    table = pd.DataFrame(rows, columns=["year", "population_before", "income_sek", "lower_sek", "upper_sek"])
    table = table.astype({"lower_sek": "float64", "upper_sek": "float64"}).assign(municipalities=municipalities)
    table = table.assign(of_municipalities=pd.array([8] * len(table), "Int64"), interval_percent=80.0)
    table = table.assign(fee_sek_per_inhabitant=plain(rate))
    bases = {"all": costs} | ({"without_extra": costs - extra} if extra else {})
    own = {"outlook": fee_outlook(table, bases, [plain(growth) for growth in growths])}
    parts = {"ahead": ahead, "rate": rate, "costs": costs, "growths": growths, "municipalities": municipalities}
    parts |= {"extra": extra}
    return Case(tables=SimpleNamespace(), own=own, **parts)
