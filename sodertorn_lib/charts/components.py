"""Charts of what growth was made of: births less deaths and net migration about nil, and homes beside growth."""

from __future__ import annotations

from dataclasses import replace
from math import ceil, floor

import numpy as np
import pandas as pd

from sodertorn_lib import slowdown
from sodertorn_lib.charts.charted import Draft, Speech, charted, steps
from sodertorn_lib.charts.spec import Bars, Columns, Label, Line, Lines, Mark, Rows, Scale
from sodertorn_lib.charts.theme import BLUE, INK, ORANGE, TEAL

__all__ = ["components_by_municipality", "components_by_year", "homes_and_growth"]

PARTS = {"natural_change": BLUE, "net_migration": ORANGE}
SHOWN_YEARS = 25  # of a municipality
HALF = 0.5  # of a year, for the columns at the ends
STEP, PER_1000 = 20, "_per_1000"  # of the scale, and of the names of rates


@charted
def components_by_year(say: Speech, area_components: pd.DataFrame) -> Draft:
    """Draw `area_components`: a column a year for each component, stacked about nil, and a line for the growth."""
    values, years = slowdown.by_year(area_components), area_components["year"].astype(int).tolist()
    growth, rest = list(area_components["change"]), area_components["residual"].iloc[-1]
    line = Line(say.text("growth"), years, growth, INK, width=2.5)
    line = replace(line, labels=_end(say, line.name, years, growth[-1], say.text("rest", amount=rest) if rest else ""))
    stacked = [
        replace(own, labels=_end(say, own.name, years, own.amounts[-1])) for own in _stacked(say, area_components)
    ]
    ends = [*growth, *(end for stack in stacked for end in stack.ends)]
    ticks = steps(min(0, *ends), max(0, *ends))
    x = Scale(years[0] - HALF, years[-1] + HALF, {year: str(year) for year in years if year % 10 == 0})
    y = Scale(ticks[0], ticks[-1], {tick: say.write(tick, "n") for tick in ticks})
    return Draft(area_components, values, Lines(x, y, {"": [*stacked, _nil(say, years[0], years[-1]), line]}))


@charted
def components_by_municipality(say: Speech, components: pd.DataFrame) -> Draft:
    """Draw the last 25 years of `components_of_change` per 1000 inhabitants, one panel a municipality, on one scale."""
    values, last = slowdown.by_municipality(components), int(components["year"].max())
    data = components[components["year"] > last - SHOWN_YEARS].reset_index(drop=True)
    before = data["population"] - data["change"]
    data = data.assign(**{f"{part}{PER_1000}": 1000 * data[part] / before for part in PARTS})
    stacks = {str(name): _stacked(say, own, PER_1000) for name, own in data.groupby("municipality", observed=True)}
    ends = [end for stacked in stacks.values() for stack in stacked for end in stack.ends]
    low, high = STEP * floor(min(0, *ends) / STEP), STEP * ceil(max(0, *ends) / STEP)
    first = int(data["year"].min())
    panels: dict[str, list[Mark]] = {name: [*stacked, _nil(say, first, last)] for name, stacked in stacks.items()}
    x = Scale(first - HALF, last + HALF, {first - HALF: str(first), last + HALF: str(last)})
    y = Scale(low, high, {tick: say.write(tick, "n") for tick in range(low, high + 1, STEP)})
    return Draft(data, values, Lines(x, y, panels))


@charted
def homes_and_growth(say: Speech, homes: pd.DataFrame) -> Draft:
    """Draw `homes_and_growth`: for each five years the growth and the homes completed, a year."""
    names = [f"{row['first_year']}–{row['last_year']}" for row in homes.to_dict("records")]
    bars = [
        Bars(say.text(key), list(homes[column]), [say.write(n, "n") for n in homes[column]], [tone] * len(homes))
        for key, column, tone in (("growth", "change_per_year", BLUE), ("homes", "dwellings_per_year", TEAL))
    ]
    return Draft(homes, slowdown.homes(homes), Rows(names, bars, "standing"))


def _end(say: Speech, name: str, years: list[int], amount: float, below: str = "") -> dict[int, Label]:
    """Return the label of the last year, with its year, and what stands below it."""
    said = say.text("label", name=name, year=years[-1], amount=amount)
    return {len(years) - 1: Label("\n".join(filter(None, [said, below])))}


def _stacked(say: Speech, data: pd.DataFrame, rate: str = "") -> list[Columns]:
    """Return a column a year for each component, on top of the one before it where both are on one side of nil.

    `rate` is what the names of columns end in that have rates.
    """
    years, starts, stacked = data["year"].astype(int).tolist(), np.zeros((2, len(data))), []
    for part, tone in PARTS.items():
        amounts = data[part + rate].to_numpy(float)
        side = (amounts < 0).astype(int)
        own = np.choose(side, starts)
        starts[side, np.arange(len(data))] += amounts
        stacked.append(Columns(say.text(part), years, own.tolist(), amounts.tolist(), tone))
    return stacked


def _nil(say: Speech, first: int, last: int) -> Line:
    return Line(say.text("nil"), [first - HALF, last + HALF], [0.0, 0.0], INK, width=1.2)
