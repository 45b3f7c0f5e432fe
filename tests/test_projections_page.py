"""What docs/projections.md says of ours is what the tables give; its constants are those of the code."""

import re

import numpy as np
import pandas as pd
import pytest

from sodertorn_lib import accuracy, backtest, extrapolations, project_total, projections

from .conftest import MEASURED, REPOSITORY

POPULATION = MEASURED.tables.population.astype({"municipality": str})
# A paragraph or formula a line, with one space between words and a minus as Python writes it
PAGE = re.sub(r"\n? +", " ", (REPOSITORY / "docs" / "projections.md").read_text(encoding="utf-8").replace("−", "-"))


def held_against_outcome(horizons, first=1985, last=2015, **options):
    years = range(first, last + 1)
    return backtest(POPULATION, jump_off_years=years, horizons=horizons, reference=MEASURED.county, **options)


def test_the_formulas_have_the_constants_of_the_code():
    memory, weight = extrapolations.MEMORY_HALF_LIFE, extrapolations.LOCAL_WEIGHT
    mean, volatility = (f"M{'₀₁₂₃₄₅₆₇₈₉'[years]}" for years in (memory, projections.VOLATILITY_HALF_LIFE))
    assert f"longᵢ = {weight:g} {mean}[gᵢ] + {1 - weight:.1g} usualᵢ" in PAGE
    assert f"usualᵢ = {mean}[r] + b (ln Pᵢ - mean of ln P), b: least squares of {mean}[g]" in PAGE
    assert f"f = 0.5^(1/{extrapolations.MOMENTUM_HALF_LIFE:g})" in PAGE
    assert f"held within ±{extrapolations.GROWTH_CAP:.0%}".replace("%", " %") in PAGE
    least, power = projections.LEAST_VOLATILITY, projections.WIDTH_BY_SIZE
    assert f"max(√(mean over the municipalities of {volatility}[g²]), {least:g}) · Pᵢ^{power:g}" in PAGE
    assert f"with h + {memory} years of growth" in PAGE


@pytest.mark.parametrize(("name", "total"), [("our eight", False), ("their sum", True)])
def test_how_wrong_ours_have_been(name, total):
    for years, row in accuracy(held_against_outcome([5, 10], total=total)).iterrows():
        errors = " | ".join(f"{row[measure]:.1f} %" for measure in ("MdAPE", "MAPE", "MALPE"))
        assert f"| {name}, {years} years | {errors} | {row.coverage:.0f} % | {row.interval_score:.1f} |" in PAGE


def test_when_ours_have_been_wrong():
    early, late = (accuracy(held_against_outcome([10], *span)).coverage[10] for span in ((1985, 2003), (2004, 2015)))
    assert f"it held {early:.0f} % from 1985–2003 and {late:.0f} % from 2004–2015, when Södertörn grew faster" in PAGE
    total = held_against_outcome([5, 10], total=True)
    missed = total[~total["outcome"].between(total["lower"], total["upper"])]
    assert f"all it missed was from {missed['jump_off_year'].min()}–{missed['jump_off_year'].max()}." in PAGE
    assert (missed["outcome"] > missed["upper"]).all(), "grew slower than projected"


def test_where_another_method_is_nearer():
    at_five = MEASURED.errors.query("horizon == 5").set_index("method")
    ours, other = at_five.loc["damped_trend"], at_five.loc["constant_share"]
    assert other["MAPE"] < ours["MAPE"] and other["interval_score"] > ours["interval_score"]
    assert f"ahead ({other['MAPE']:.1f} %), and the larger interval score ({other['interval_score']:.1f})." in PAGE


def test_how_wide_the_intervals_are():
    together = MEASURED.ahead_together.assign(municipality="the eight together")
    ahead = pd.concat([MEASURED.ahead.astype({"municipality": str}), together])
    ahead["half_width"] = 50 * np.log(ahead["upper"] / ahead["lower"])
    ahead["years"] = ahead["year"] - ahead["jump_off_year"]
    width = ahead.pivot_table("half_width", "municipality", "years")[[1, 5, 10]]
    people = POPULATION.query("year == year.max()").set_index("municipality")["population"]
    assert f"the 80 % interval from {ahead['jump_off_year'].max()}, per cent" in PAGE
    rows = re.findall(r"\| ([^|,]+), ([\d,]+)(?: inhabitants)? \| ([\d.]+) \| ([\d.]+) \| ([\d.]+) \|", PAGE)
    assert [name for name, *_ in rows] == ["Nykvarn", "Nynäshamn", "Huddinge", "the eight together"]
    for name, size, *written in rows:
        assert size == f"{people.get(name, people.sum()):,}"
        assert written == [f"{value:.1f}" for value in width.loc[name]]


def test_what_is_ahead():
    pace, last = MEASURED.latest_fan["projection"].diff().dropna(), MEASURED.area["population"].diff().iloc[-1]
    assert f"Why {pace.mean():,.0f} a year ahead when 2025 gave {last:,.0f}?" in PAGE
    assert f"begins with {pace.iloc[0]:,.0f} and ends, in 2030, with {pace.iloc[-1]:,.0f}:" in PAGE
    seen = MEASURED.fan.query("year == 2025").iloc[0]
    too_high = 100 * (seen["projection"] / seen["population"] - 1)
    assert f"as that from 2020 was in 2025, by {too_high:.1f} %." in PAGE


def test_what_lies_beyond_the_widest_interval(monkeypatch):
    wide = POPULATION.pivot_table("population", "year", "municipality")
    unit = pd.DataFrame(projections._scale(wide.to_numpy()), wide.index[1:], wide.columns).unstack()
    past = held_against_outcome([5], 1961, 2020).set_index(["municipality", "jump_off_year"])
    error = np.log(past["outcome"] / past["projection"]) / unit.reindex(past.index)
    beyond = error[error.abs() > error.abs().quantile(projections.HIGHEST_COVERAGE)]
    towns, years = (beyond.index.unique(level) for level in ("municipality", "jump_off_year"))
    assert (beyond > 0).all(), "projected too high"
    highest = projections.HIGHEST_COVERAGE
    assert f"No interval above {highest:.0%}".replace("%", " %") in PAGE
    assert f'says {50 - 50 * highest:g} % for "{50 - 50 * highest:g} % or less"' in PAGE
    assert f"our eight have {len(error)} past errors. The {len(beyond)} largest are one building boom:" in PAGE
    *others, last = sorted(towns)
    assert f"{', '.join(others)} and {last}, projected far too low in {years.min()}–{years.max()}." in PAGE
    monkeypatch.setattr(projections, "HIGHEST_COVERAGE", 1)
    bounds = [project_total(POPULATION, 5, coverage=share, reference=MEASURED.county) for share in (0.95, 0.96)]
    upper = [table["upper"].iloc[-1] for table in bounds]
    assert f"in 2030 is {upper[0]:,.0f}; at 96 % it rests on the boom, and is {upper[1]:,.0f}." in PAGE
