"""The chart of a scenario: it is the reader's own, so it is not among those that are published."""

from __future__ import annotations

import pandas as pd

from sodertorn_lib import consequences
from sodertorn_lib.charts.charted import Draft, Speech, charted, steps
from sodertorn_lib.charts.spec import Band, Label, Line, Lines, Mark, Scale, Stroke
from sodertorn_lib.charts.theme import BLUE, INK, ORANGE, TEAL

__all__ = ["what_if"]

BOUNDED = {"income_sek": ("lower_sek", "upper_sek"), "money_left_sek": ("money_left_lower_sek", "money_left_upper_sek")}
NAMES = {"income_sek": "income", "costs_sek": "costs", "money_left_sek": "left"}  # the keys of their texts
LAST_YEARS = 4  # so many years a label at a point takes


@charted
def what_if(say: Speech, what_if: pd.DataFrame) -> Draft:
    """Draw `scenario_outlook`: income, costs and money left by year, and where the money runs out."""
    values, years = consequences.scenario(what_if, say.lang), what_if["year"].astype(int).tolist()
    known = int((what_if["population_kind"] == "known").sum())
    marks: list[Mark] = [
        *_band(say, what_if, "income_sek", BLUE),
        *_band(say, what_if, "money_left_sek", TEAL),
        _zero(say, what_if, values["out_year"]),
        _line(say, what_if[:known], "income_sek", BLUE),
        _line(say, what_if[known - 1 :], "income_sek", BLUE, "--", end=True),
        _line(say, what_if, "costs_sek", ORANGE, "-.", end=True),
        _line(say, what_if, "money_left_sek", TEAL, end=True, width=5),
    ]
    out = what_if[what_if["year"] == values["out_year"]]
    marks += [Line(say.text("out"), list(out["year"]), list(out["money_left_sek"]), TEAL, "")] if len(out) else []
    amounts = what_if[[*NAMES, *(bound for bounds in BOUNDED.values() for bound in bounds)]]
    ticks = steps(min(0, amounts.min().min()), max(0, amounts.max().max()))
    x = Scale(years[0], years[-1], {year: str(year) for year in years[:: max(1, len(years) // 5)]})
    y = Scale(ticks[0], ticks[-1], {tick: say.write(tick, "sek") for tick in ticks})
    return Draft(what_if, values, Lines(x, y, {"": marks}))


def _zero(say: Speech, data: pd.DataFrame, out_year: int | None) -> Line:
    """Return the line of nil, with the year in which the money runs out if nothing is in the way of the text."""
    years, short = data["year"].astype(int).tolist(), (data["money_left_sek"] < 0).tolist()
    out = years.index(out_year) if out_year is not None else len(years)
    after = short[out : out + LAST_YEARS + 1]
    free = len(after) > LAST_YEARS and all(after)
    labels = {out: Label(say.text("run_out", year=out_year), "above")} if free else {}
    return Line(say.text("zero"), years, [0.0] * len(years), INK, width=1.5, labels=labels)


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
    """Return a line named by what stands before the colon of the text at its end."""
    text = say.text(NAMES[column], amount=say.write(round(points[column].iloc[-1]), "sek"))
    labels = {len(points) - 1: Label(text)} if end else {}
    return Line(text.partition(":")[0], list(points["year"]), list(points[column]), tone, stroke, width, labels)


def _band(say: Speech, data: pd.DataFrame, column: str, tone: str) -> list[Band]:
    """Return the interval of a column, opening where the population is last known; none where there is no bound."""
    bounded = data[data[list(BOUNDED[column])].notna().any(axis=1)]
    if bounded.empty:
        return []
    rows = data.loc[bounded.index[0] - 1 : bounded.index[-1]]
    lower, upper = (list(rows[bound].fillna(rows[column])) for bound in BOUNDED[column])
    return [Band(say.text(NAMES[column], amount="").partition(":")[0], list(rows["year"]), lower, upper, tone)]
