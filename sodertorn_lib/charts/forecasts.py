"""Charts of what others forecast: outcomes solid, what lies ahead hatched."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from sodertorn_lib.charts.canvas import (
    AHEAD_COLOUR,
    BLUE,
    INK,
    end_label,
    name_rows,
    plot_area,
    row_axes,
    sheet,
    theme,
)
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.plot import Plot, Series
from sodertorn_lib.charts.wording import phrase, words
from sodertorn_lib.formats import number, percent

__all__ = ["forecast_against_outcome", "growth_needed_and_seen"]

AHEAD: dict[str, Any] = {"facecolor": "white", "edgecolor": AHEAD_COLOUR, "hatch": "//", "linewidth": 1.5}


def growth_needed_and_seen(
    decades: pd.DataFrame, growth: float, base_year: int, target_year: int, lang: str = "sv"
) -> Chart:
    """Draw the growth per year of `growth_between` for the area, and the pace that a growth by a year takes."""
    last = decades.iloc[-1]
    left = growth - decades.loc[decades["first_year"] >= base_year, "change"].sum()
    spans = [(base_year, target_year, growth), (last["last_year"], target_year, left)]
    ahead = pd.DataFrame(spans, columns=["first_year", "last_year", "change"]).astype("int64").drop_duplicates()
    ahead["change_per_year"] = ahead["change"] / (ahead["last_year"] - ahead["first_year"])
    data = pd.concat([decades.assign(kind="outcome"), ahead.assign(kind="forecast")], ignore_index=True)
    needed, now = ahead["change_per_year"].iloc[0], ahead["change_per_year"].iloc[-1]
    faster = decades[decades["change_per_year"] >= needed]
    reached = phrase("growth_needed_and_seen", "none", lang)
    if len(faster):
        names = ", ".join(f"{row['first_year']:.0f}–{row['last_year']:.0f}" for row in faster.to_dict("records"))
        reached = phrase("growth_needed_and_seen", "only", lang, names=names)
    values = {
        "needed": number(needed, lang),
        "now": number(now, lang),
        "now_year": str(int(last["last_year"])),
        "base_year": str(base_year),
        "target_year": str(target_year),
        "reached": reached,
        "periods": str(len(decades)),
        "last": number(last["change_per_year"], lang),
    }
    text = words("growth_needed_and_seen", lang, **values)
    plot = _paces(data, lang)
    with theme():
        figure = sheet(text)
        _pace_bars(figure, plot)
    return Chart("growth_needed_and_seen", lang, text, data, figure, plot)


def forecast_against_outcome(held: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw the error of each row of `published_against_outcome`, the highest first; hatched where it is on the way."""
    data = held.sort_values("percentage_error", ascending=False, ignore_index=True)
    most = data.iloc[0]
    values = {
        "forecasts": str(len(data)),
        **_running(data, lang),
        "ended": str(data["reached"].sum()),
        "ended_high": str((data.loc[data["reached"], "percentage_error"] > 0).sum()),
        "most": most[f"area_{lang}"],
        "most_error": percent(most["percentage_error"], lang),
        "most_year": str(most["year"]),
    }
    text = words("forecast_against_outcome", lang, **values)
    plot = _errors(data, lang)
    with theme():
        figure = sheet(text)
        _error_bars(figure, plot)
    return Chart("forecast_against_outcome", lang, text, data, figure, plot)


def _running(data: pd.DataFrame, lang: str) -> dict[str, str]:
    """Return how many forecasts are running, how many of them are too high, and who that is."""
    high = data.loc[~data["reached"], "percentage_error"] > 0
    counts = {"running": str(len(high)), "running_high": str(high.sum())}
    key = "everyone" if high.all() and len(high) else "some"
    return counts | {"who": phrase("forecast_against_outcome", key, lang, **counts)}


def _paces(data: pd.DataFrame, lang: str) -> Plot:
    periods = [f"{row['first_year']}–\n{row['last_year']}" for row in data.to_dict("records")]
    ahead = data["kind"] == "forecast"
    labels = [number(pace, lang) for pace in data["change_per_year"]]
    name = phrase("columns", "change_per_year", lang)
    seen = Series(name, list(data["change_per_year"]), BLUE, labels, ahead.tolist())
    return Plot("columns", periods, [seen])


def _pace_bars(figure: Figure, plot: Plot) -> None:
    axes = figure.add_axes(plot_area(figure, foot=0.1))
    above = offset_copy(axes.transData, figure, y=8, units="points")
    (paces,) = plot.series
    for place, (pace, ahead, text) in enumerate(zip(paces.amounts, paces.ahead, paces.labels, strict=True)):
        axes.bar(place, pace, width=0.72, **(AHEAD if ahead else {"color": paces.colour}))
        axes.text(place, pace, text, transform=above, ha="center", color=INK)
    axes.set_xticks(range(len(plot.categories)), plot.categories, color=INK)
    axes.set_ylim(1.1 * min(0, *paces.amounts), 1.1 * max(paces.amounts))
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])


def _errors(data: pd.DataFrame, lang: str) -> Plot:
    rows = data.to_dict("records")
    names = [f"{row[f'area_{lang}']} {row['base_year']}–{row['target_year']}" for row in rows]
    texts, ahead = [_error_text(row, lang) for row in rows], (~data["reached"]).tolist()
    name = phrase("columns", "percentage_error", lang)
    return Plot("bars", names, [Series(name, list(data["percentage_error"]), BLUE, texts, ahead)])


def _error_bars(figure: Figure, plot: Plot) -> None:
    (errors,) = plot.series
    axes = row_axes(figure, plot.categories, errors.labels)
    values, ahead = np.array(errors.amounts), np.array(errors.ahead, dtype=bool)
    for own, style in ((~ahead, {"color": errors.colour}), (ahead, AHEAD)):
        axes.barh(np.flatnonzero(own), values[own], height=0.62, **style)
    for place, (value, text) in enumerate(zip(errors.amounts, errors.labels, strict=True)):
        end_label(axes, max(value, 0), place, text)
    name_rows(axes, plot.categories)


def _error_text(row: dict[Any, Any], lang: str) -> str:
    sign = "+" if row["percentage_error"] > 0 else ""
    return f"{sign}{percent(row['percentage_error'], lang)} ({row['year']})"
