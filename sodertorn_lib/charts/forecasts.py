"""Charts of what others forecast: outcomes solid, what lies ahead hatched."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from sodertorn_lib.charts.canvas import (
    BLUE,
    INK,
    ORANGE,
    end_label,
    name_rows,
    plot_area,
    row_axes,
    sheet,
    theme,
)
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.wording import phrase, words
from sodertorn_lib.formats import number, percent

__all__ = ["forecast_against_outcome", "growth_needed_and_seen"]


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
    with theme():
        figure = sheet(text)
        _pace_bars(figure, data, lang)
    return Chart("growth_needed_and_seen", lang, text, data, figure)


def forecast_against_outcome(held: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw the error of each row of `published_against_outcome`, the highest first; hatched where it is on the way."""
    data = held.sort_values("percentage_error", ascending=False, ignore_index=True)
    most = data.iloc[0]
    values = {
        "forecasts": str(len(data)),
        "running": str((~data["reached"]).sum()),
        "running_high": str((data.loc[~data["reached"], "percentage_error"] > 0).sum()),
        "ended": str(data["reached"].sum()),
        "ended_high": str((data.loc[data["reached"], "percentage_error"] > 0).sum()),
        "most": most[f"area_{lang}"],
        "most_error": percent(most["percentage_error"], lang),
        "most_year": str(most["year"]),
    }
    text = words("forecast_against_outcome", lang, **values)
    with theme():
        figure = sheet(text)
        _error_bars(figure, data, lang)
    return Chart("forecast_against_outcome", lang, text, data, figure)


def _pace_bars(figure: Figure, data: pd.DataFrame, lang: str) -> None:
    axes = figure.add_axes(plot_area(figure, foot=0.1))
    above = offset_copy(axes.transData, figure, y=8, units="points")
    for place, row in enumerate(data.to_dict("records")):
        style: dict[str, Any] = {"color": BLUE}
        if row["kind"] == "forecast":
            style = {"facecolor": "white", "edgecolor": ORANGE, "hatch": "//", "linewidth": 2}
        axes.bar(place, row["change_per_year"], width=0.72, **style)
        value = row["change_per_year"]
        axes.text(place, value, number(value, lang), transform=above, ha="center", color=INK)
    names = [f"{row['first_year']}–\n{row['last_year']}" for row in data.to_dict("records")]
    axes.set_xticks(range(len(data)), names, color=INK)
    axes.set_ylim(0, data["change_per_year"].max() * 1.1)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])


def _error_bars(figure: Figure, data: pd.DataFrame, lang: str) -> None:
    rows = data.to_dict("records")
    names = [f"{row[f'area_{lang}']} {row['base_year']}–{row['target_year']}" for row in rows]
    texts = [_error_text(row, lang) for row in rows]
    axes = row_axes(figure, names, texts)
    for reached, face, hatch in ((True, BLUE, None), (False, "white", "//")):
        own = data.loc[data["reached"] == reached, "percentage_error"]
        axes.barh(own.index, own, height=0.62, facecolor=face, edgecolor=BLUE, hatch=hatch, linewidth=1.5)
    for place, (row, text) in enumerate(zip(rows, texts, strict=True)):
        end_label(axes, max(row["percentage_error"], 0), place, text)
    name_rows(axes, names)


def _error_text(row: dict[Any, Any], lang: str) -> str:
    sign = "+" if row["percentage_error"] > 0 else ""
    return f"{sign}{percent(row['percentage_error'], lang)} ({row['year']})"
