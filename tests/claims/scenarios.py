"""What holds of a scenario: all of it is computed once more, with fractions, from the numbers it was made of."""

from fractions import Fraction
from itertools import accumulate
from types import SimpleNamespace
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from sodertorn_lib.assumptions import Scenario
from sodertorn_lib.scenarios import scenario_outlook

from .cases import ALL, CODES, YEAR, Case, Truth, both, money, nearest, of_all, plain, population_table
from .fees import ending

LINES = {"a": "Avlöning", "b": "Bilar", "c": "Cyklar"}


def scenario(case: Case, lang: str) -> Truth:
    """Return what holds of a scenario, for its chart and its answer alike."""
    years = list(range(YEAR, max(case.people) + 2))
    people = {year: sum(inhabitants(case, name, year - 1) for name in case.names) for year in years}
    fee = {year: case.fee if year < case.start or case.other is None else case.other for year in years}
    income = {year: sum(round(fee[year] * inhabitants(case, name, year - 1)) for name in case.names) for year in years}
    costs = {year: costs_of(case, year) for year in years}
    bounded = [year for year in years if year - 1 in case.bounds and not altered(case, year - 1)]

    def left(end: int | None) -> dict[int, Fraction]:
        """Return the money left at the end of each year, with the population at a bound or as it is projected."""
        earned = {y: income[y] if end is None or y not in bounded else fee[y] * case.bounds[y - 1][end] for y in years}
        gains = accumulate(earned[year] - costs[year] for year in years[1:])
        return dict(zip(years, [Fraction(case.usable), *(case.usable + gain for gain in gains)], strict=True))

    amounts, low, high = left(None), left(0), left(1)
    out, early, late = ([year for year in years[1:] if round(own[year], 2) < 0] for own in (amounts, low, high))
    deficits = [year for year in years[1:] if round(income[year] - costs[year], 2) < 0]
    last, to_the_end = years[-1], years[-1] in bounded
    kinds = {"lasts": not early and not out, "lower": not out and bool(early)}
    kinds |= {"out": round(amounts[last], 2) < 0, "back": bool(out) and round(amounts[last], 2) >= 0}
    holds = {f"{key}.{kind}": true for key in ("title", "money_said") for kind, true in kinds.items()}
    spans = {"none": True, "open": to_the_end and bool(early) and not late}
    spans |= {"same": to_the_end and bool(late) and early[:1] == late[:1]}
    spans["span"] = to_the_end and bool(late) and early[:1] != late[:1]
    holds |= {f"span.{kind}": true for kind, true in spans.items()} | ending("", deficits, years[1:])
    holds |= {"ending.once": len(deficits) == 1, "ending.years": len(deficits) > 1}
    holds |= {f"{key}.interval": bool(bounded) for key in ("drawn", "caveat", "spoken")} | {"alt.interval": to_the_end}
    holds |= {f"{key}.alone": not bounded for key in ("drawn", "caveat", "spoken")} | {"alt.alone": not to_the_end}
    values = {"year": YEAR, "last_year": last, "interval": 80}
    values |= {"out_year": min(out, default=None), "early": min(early, default=None), "late": min(late, default=None)}
    values |= {"out_years": len(out), "deficit_years": len(deficits), "years": len(years) - 1}
    values |= {"deficit_year": min(deficits, default=None), "usable": case.usable, "fee": fee[last]}
    halves = {
        y: sum(fee[y] * inhabitants(case, name, y - 1) % 1 == Fraction(1, 2) for name in case.names) for y in years
    }
    final = about(amounts[last], sum(halves.values()))
    values |= {"left": final, "lacking": {-amount for amount in final}}
    values |= {f"left_{end}": about(own[last], sum(halves.values())) for end, own in (("lower", low), ("upper", high))}
    values |= {"income": about(Fraction(income[last]), halves[last]), "last_costs": nearest(costs[last])}
    values["balancing_fee"] = {Fraction(hundredths, 100) for hundredths in nearest(100 * costs[last] / people[last])}
    truths = Truth(holds, values), people_ahead(case), assumptions(case, lang)
    return both(money(), of_all(len(case.names), True), *truths)


def about(amount: Fraction, halves: int) -> set[int]:
    """Return the nearest whole numbers, and those by fees that end in half a krona, which a float may not know."""
    return {whole for off in range(-halves, halves + 1) for whole in nearest(amount + off)}


def people_ahead(case: Case) -> Truth:
    """Return what holds of the population that is not known: where it is from, and how far it is projected."""
    assumed = {
        (year, name)
        for year in case.bounds
        for name in case.names
        if altered(case, year) and (rate_of(case, name) is not None or name in case.homes)
    }
    projected = [year for year in case.bounds if any((year, name) not in assumed for name in case.names)]
    kinds = {"projected": not assumed, "assumed": not projected, "both": bool(assumed) and bool(projected)}
    reaches = {"none": not projected, "tested": len(projected) == 10, "other": len(projected) not in (0, 10)}
    holds = {f"{key}.{kind}": true for key in ("people_from", "dashed") for kind, true in kinds.items()}
    holds |= {f"reach.{reach}": true for reach, true in reaches.items()}
    return Truth(holds, {"ahead": len(projected), "tested": 10})


def assumptions(case: Case, lang: str) -> Truth:
    """Return what holds of what is assumed."""
    everybody, some = (case.growth, {}) if not isinstance(case.growth, dict) else (None, case.growth)
    once = {year: amount for year, amount in case.once.items() if amount}
    holds = {"assumed_from.later": case.start > YEAR + 1, "assumed_from.next": case.start == YEAR + 1}
    holds |= {"until_said.later": case.start > YEAR + 1, "until_said.next": case.start == YEAR + 1}
    courses = {"rise": case.cost_growth > 0, "fall": case.cost_growth < 0, "same": case.cost_growth == 0}
    holds |= {f"costs_if.{course}": true for course, true in courses.items()}
    begins = first_altered(case) + 1
    changed = any(altered(case, year) for year in case.bounds)
    holds |= {"people_begin.later": changed and begins > case.start, "people_begin.same": begins == case.start}
    counts = {"lines_if": ("named", len(case.line_growth)), "people_if": ("named", len(some))}
    for key, (few, count) in counts.items():
        alone = count == 0 and (key == "lines_if" or everybody is None)
        holds |= {f"{key}.none": alone, f"{key}.{few}": 0 < count <= 2, f"{key}.several": count > 2}
    holds |= {"people_if.all": bool(everybody), "people_if.same": everybody == 0}
    holds |= {"more_if.some": everybody is not None or bool(some or once or case.homes)}
    holds |= {"more_if.none": not holds["more_if.some"]}
    for key in ("usable_if", "usable_said", "purse", "costs_from"):
        holds |= {f"{key}.known": case.of_accounts, f"{key}.assumed": not case.of_accounts}
    built = list(case.homes)
    holds |= {"homes_if.none": not built, "homes_if.named": 0 < len(built) <= 2, "homes_if.several": len(built) > 2}
    holds |= {"record_said.some": bool(built), "record_said.none": not built}
    holds |= {"once_if.none": not once, "once_if.one": len(once) == 1, "once_if.several": len(once) > 1}
    for key in ("by", "whose_said"):
        holds |= {f"{key}.own": case.whose is None, f"{key}.named": case.whose is not None}
    labels = {line: label if lang == "sv" else f"The {label}" for line, label in LINES.items()}
    lines = {f"{labels[line][0].lower()}{labels[line][1:]}": rate for line, rate in case.line_growth.items()}
    values = {"from_year": case.start, "cost_growth": abs(case.cost_growth), "whose": case.whose}
    values |= {"lines": [f"{name} {written(rate, lang)}" for name, rate in lines.items()], "line_count": len(lines)}
    values |= {"people": [f"{name} {written(rate, lang)}" for name, rate in some.items()], "people_count": len(some)}
    values |= {"everybody": [] if everybody is None else [written(everybody, lang)], "one_off": sum(once.values())}
    homes = {name: whole(homes, lang) for name, homes in case.homes.items()}
    values |= {"homes": [f"{name} {homes[name]}" for name in built], "homes_count": len(built)}
    values |= {
        "homes_sum": sum(case.homes.values()),
        "persons": case.persons,
        "record_first": 2010,
        "record_last": 2020,
    }
    rule, grew = (sum((case.record[name][place] for name in built), Fraction(0)) for place in (0, 1))
    values |= {"by_rule": nearest(rule), "it_grew": grew}
    values |= {"people_year": begins}
    values |= {"one_off_year": min(once, default=None), "one_off_years": len(once)}
    return Truth(holds, values)


def written(rate: Fraction, lang: str) -> str:
    """Return a growth in per cent with its sign."""
    digits = f"{'+' if rate > 0 else ''}{plain(rate):g}".replace("-", "−")
    return digits.replace(".", ",") + "\u00a0%" if lang == "sv" else f"{digits}%"


def whole(homes: int, lang: str) -> str:
    return f"{homes:,}".replace(",", "\u00a0" if lang == "sv" else ",")


def rate_of(case: Case, name: str) -> Fraction | None:
    return case.growth.get(name) if isinstance(case.growth, dict) else case.growth


def first_altered(case: Case) -> int:
    """Return the first year whose population may be assumed: that of the first fee, and not known."""
    return max(case.start - 1, min(case.bounds))


def altered(case: Case, year: int) -> bool:
    grows = [name in case.homes or rate_of(case, name) is not None for name in case.names]
    return year >= first_altered(case) and any(grows)


def inhabitants(case: Case, name: str, year: int) -> Fraction:
    rate, first = rate_of(case, name), first_altered(case)
    if name in case.homes and year >= first:
        return case.people[first - 1][name] + case.homes[name] * case.persons * (year - first + 1)
    if rate is None or year < first:
        return Fraction(case.people[year][name])
    return case.people[first - 1][name] * (1 + rate / 100) ** (year - first + 1)


def costs_of(case: Case, year: int) -> Fraction:
    grown = max(0, year - case.start + 1)
    rates = {line: case.line_growth.get(line, case.cost_growth) for line in case.costs}
    return sum(amount * (1 + rates[line] / 100) ** grown for line, amount in case.costs.items()) + case.once.get(
        year, 0
    )


@st.composite
def scenario_cases(draw: Any) -> Case:
    names, known, ahead = ALL[: draw(st.integers(1, 4))], draw(st.integers(1, 3)), draw(st.integers(1, 5) | st.just(10))
    years = range(YEAR - 1, YEAR - 1 + known + ahead)
    step = draw(st.sampled_from([-2000, 0, 1000, 4000]))
    people = {
        year: {name: 100_000 + place * 1000 + step * (year - YEAR) for place, name in enumerate(names)}
        for year in years
    }
    width = draw(st.sampled_from([500, 5_000, 40_000]))
    projected = years[known:]
    bounds = {y: tuple(sum(people[y].values()) + sign * width for sign in (-1, 1)) for y in projected}
    rate = st.sampled_from([Fraction(text) for text in ("-3", "-0.5", "0", "0.5", "1", "2.5", "8")])
    fee_years = st.integers(YEAR + 1, projected[-1] + 1)
    total, fee = sum(people[YEAR - 1].values()), Fraction(draw(st.sampled_from(["4", "4.5", "2.75"])))
    spent = int(fee * total) + draw(st.sampled_from([-100_000, 0, 20_000, 200_000]))
    costs = {"a": spent - 60_000, "b": 50_000, "c": 10_000}
    growth = draw(st.none() | rate | st.dictionaries(st.sampled_from(names), rate, min_size=1))
    free = [name for name in names if growth is None or (isinstance(growth, dict) and name not in growth)]
    some = st.dictionaries(st.sampled_from(free), st.sampled_from([1, 500, 1500]), min_size=1) if free else st.just({})
    homes = draw(st.just({}) | some)
    return scenario_case(
        SimpleNamespace(names=names, people=people, bounds=bounds, fee=fee, costs=costs, growth=growth),
        homes=homes,
        persons=draw(st.sampled_from([Fraction(2), Fraction("2.25")])) if homes else None,
        start=draw(st.just(YEAR + 1) | fee_years),
        other=draw(st.none() | st.sampled_from([Fraction(0), Fraction(4), Fraction("5.5")])),
        cost_growth=draw(st.just(Fraction(0)) | rate),
        line_growth=draw(st.just({}) | st.dictionaries(st.sampled_from(list(LINES)), rate)),
        once=draw(st.just({}) | st.dictionaries(fee_years, st.sampled_from([0, 70_000, 300_000]))),
        usable=draw(st.sampled_from([0, 30_000, 150_000, 600_000])),
        of_accounts=draw(st.booleans()),
        whose=draw(st.none() | st.just("Salems kommun")),
    )


def scenario_case(parts: SimpleNamespace, **assumed: Any) -> Case:
    """Return a case whose outlook is that of the library."""
    record = {name: (Fraction(1001 * (place + 1), 4), 300 - 150 * place) for place, name in enumerate(ALL)}
    case = SimpleNamespace(**vars(parts), **assumed, record=record)
    growth = case.growth
    asked = Scenario(
        from_year=case.start,
        fee_sek_per_inhabitant=None if case.other is None else plain(case.other),
        cost_growth_percent=plain(case.cost_growth),
        line_growth_percent={line: plain(rate) for line, rate in case.line_growth.items()},
        growth_percent={name: plain(rate) for name, rate in growth.items()}
        if isinstance(growth, dict)
        else None
        if growth is None
        else plain(growth),
        homes_a_year=case.homes,
        persons_per_household=None if case.persons is None else plain(case.persons),
        one_off_sek=case.once,
        usable_sek=None if case.of_accounts else case.usable,
        whose=case.whose,
    )
    return Case(SimpleNamespace(), {"what_if": scenario_outlook(asked, *frames(case))}, **vars(case))


def frames(case: SimpleNamespace) -> list[pd.DataFrame]:
    """Return the measured tables that `scenario_outlook` takes after the scenario."""
    known = {name: {y: own[name] for y, own in case.people.items() if y not in case.bounds} for name in case.names}
    rows = [(CODES[name], name, year, case.people[year][name]) for name in case.names for year in case.bounds]
    ahead = pd.DataFrame(rows, columns=["municipality_code", "municipality", "year", "population"])
    ahead = ahead.astype({"municipality": pd.CategoricalDtype(ALL)})
    total = pd.DataFrame([(year, *ends) for year, ends in case.bounds.items()], columns=["year", "lower", "upper"])
    costs = [
        {"year": YEAR, "line_id": line, "label_sv": LINES[line], "label_en": f"The {LINES[line]}", "amount_sek": own}
        for line, own in case.costs.items()
    ]
    fees = pd.DataFrame({"year": [YEAR], "fee_sek_per_inhabitant": [plain(case.fee)]})
    sums = pd.DataFrame({"year": [YEAR], "operating_money_sek": [case.usable if case.of_accounts else 7]})
    rules = [(CODES[name], name, 2010, 2020, float(rule), grew) for name, (rule, grew) in case.record.items()]
    columns = ["municipality_code", "municipality", "first_year", "last_year", "growth_by_rule", "growth"]
    record = pd.DataFrame(rules, columns=columns)
    tables = [fees, population_table(known), ahead, total.assign(interval_percent=80.0), pd.DataFrame(costs), sums]
    return [*tables, record]
