"""The chart of a scenario: it is the reader's own, so it is not among those that are published."""

from __future__ import annotations

import pandas as pd

from sodertorn_lib import consequences
from sodertorn_lib.charts.charted import Draft, Speech, charted, steps, year_ticks
from sodertorn_lib.charts.placing import clear_offset
from sodertorn_lib.charts.spec import Band, Label, Line, Lines, Mark, Scale, Stroke, before_colon
from sodertorn_lib.charts.theme import BLUE, INK, ORANGE, TEAL

__all__ = ["what_if"]

BOUNDED = {"income_sek": ("lower_sek", "upper_sek"), "money_left_sek": ("money_left_lower_sek", "money_left_upper_sek")}
NAMES = {"income_sek": "income", "costs_sek": "costs", "money_left_sek": "left"}  # the keys of their texts
BELOW = 0.2  # of the height of the lines: the room that a label below a point needs


@charted
def what_if(say: Speech, what_if: pd.DataFrame) -> Draft:
    """Draw `scenario_outlook`: income, costs and money left by year, and where the money runs out."""
    values, years = consequences.scenario(what_if, say.lang), what_if["year"].astype(int).tolist()
    known = int((what_if["population_kind"] == "known").sum())
    before, ahead = what_if[:known], what_if[known - 1 :]
    marks: list[Mark] = [
        *_band(say, what_if, "income_sek", BLUE),
        *_band(say, what_if, "money_left_sek", TEAL),
        Line(say.text("zero"), years, [0.0] * len(years), INK, width=1.5),
        _line(say, before, "income_sek", BLUE),
        _line(say, ahead, "income_sek", BLUE, "--", end=True),
        _line(say, what_if, "costs_sek", ORANGE, "-.", end=True),
        _line(say, before, "money_left_sek", TEAL, width=5),
        _line(say, ahead, "money_left_sek", TEAL, "--", end=True, width=5),
    ]
    out = what_if[what_if["year"] == values["out_year"]]
    ticks = _ticks(what_if, out)
    x = Scale(years[0], years[-1], year_ticks(years))
    y = Scale(ticks[0], ticks[-1], {tick: say.write(tick, "sek") for tick in ticks})
    point = _run_out(say, out, Lines(x, y, {"": marks}))
    return Draft(what_if, values, Lines(x, y, {"": [*marks, *point]}))


def _ticks(data: pd.DataFrame, out: pd.DataFrame) -> list[float]:
    """Return round amounts for all lines, with room for a label below the point at which the money runs out."""
    amounts = data[[*NAMES, *(bound for bounds in BOUNDED.values() for bound in bounds)]]
    low, high = min(0, amounts.min().min()), max(0, amounts.max().max())
    return steps(min([low, *(out["money_left_sek"] - BELOW * (high - low))]), high)


def _run_out(say: Speech, out: pd.DataFrame, plot: Lines) -> list[Line]:
    """Return the point of the year in which the money runs out, if it does, labelled where no line is in the way.

    The label of one in the last year stands with those of the ends of the lines.
    """
    if out.empty:
        return []
    year, left = int(out["year"].iloc[0]), float(out["money_left_sek"].iloc[0])
    text = say.text("run_out", year=year)
    at_end = year == plot.x.high
    label = Label(text) if at_end else Label(text, "free", clear_offset(text, year, left, plot))
    return [Line(say.text("out"), [year], [left], INK, "", labels={0: label})]


def _line(
    say: Speech,
    points: pd.DataFrame,
    column: str,
    tone: str,
    stroke: Stroke = "-",
    width: float = 3.5,
    *,
    end: bool = False,
) -> Line:
    """Return a line with its amount at its end; money that is lacking is said to be."""
    last = round(points[column].iloc[-1])
    text = say.text(NAMES[column] if last >= 0 else "lacking", amount=say.write(abs(last), "sek"))
    labels = {len(points) - 1: Label(text)} if end else {}
    return Line(_name(say, column), list(points["year"]), list(points[column]), tone, stroke, width, labels)


def _name(say: Speech, column: str) -> str:
    """Return what a line is called: what stands before the colon of the text at its end."""
    return before_colon(say.text(NAMES[column], amount=""))


def _band(say: Speech, data: pd.DataFrame, column: str, tone: str) -> list[Band]:
    """Return the interval of a column, opening where the population is last known; none where there is no bound."""
    bounded = data[data[list(BOUNDED[column])].notna().any(axis=1)]
    if bounded.empty:
        return []
    rows = data.loc[bounded.index[0] - 1 : bounded.index[-1]]
    lower, upper = (list(rows[bound].fillna(rows[column])) for bound in BOUNDED[column])
    return [Band(_name(say, column), list(rows["year"]), lower, upper, tone)]
