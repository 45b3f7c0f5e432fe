"""Charts of the population."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sodertorn_lib.charts.canvas import (
    BLUE,
    GRID,
    LEFT,
    MUTED,
    ORANGE,
    PANELS_A_ROW,
    RIGHT,
    ROW,
    end_label,
    horizontal_grid,
    panels,
    plot_area,
    ranked_bars,
    sheet,
    theme,
    widest,
)
from sodertorn_lib.charts.chart import Chart, drawable
from sodertorn_lib.charts.plot import Plot, Series
from sodertorn_lib.charts.wording import phrase, words
from sodertorn_lib.formats import number, percent, signed

__all__ = ["growth_by_municipality", "population_small_multiples", "population_total"]


def population_total(area: pd.DataFrame, published: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw the sum of the municipalities, year and population, with the totals that the association published."""
    stated = drawable(published[published["region"] == "Södertörn"], "population_total", "population")
    stated = stated.assign(year=stated["date"].dt.year, published=stated["population"])[["year", "published"]]
    data = area.merge(stated, on="year", how="left")
    first, last = data.iloc[0], data.iloc[-1]
    values = {
        "first_year": str(first["year"]),
        "last_year": str(last["year"]),
        "first": number(first["population"], lang),
        "last": number(last["population"], lang),
        "times": number(last["population"] / first["population"], lang, decimals=1),
        "published": str(len(stated)),
    }
    text = words("population_total", lang, **values)
    plot = _total_plot(data, lang)
    with theme():
        figure = sheet(text)
        _total_line(figure, data, plot, lang)
    return Chart("population_total", lang, text, data, figure, plot)


def population_small_multiples(index: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw `population_index`, joined with `municipality`, one panel each, the one that grew most first."""
    base_year, last_year = index.loc[index["index"] == 100, "year"].min(), index["year"].max()
    ends = index[index["year"] == last_year].sort_values("index", ascending=False)
    most, least = ends.iloc[0], ends.iloc[-1]
    values = {
        "base_year": str(base_year),
        "last_year": str(last_year),
        "most": most["municipality"],
        "most_times": number(most["index"] / 100, lang, decimals=1),
        "least": least["municipality"],
        "least_times": number(least["index"] / 100, lang, decimals=1),
        "panels": str(len(ends)),
    }
    text = words("population_small_multiples", lang, **values)
    with theme():
        figure = sheet(text)
        _panels(figure, index, list(ends["municipality"]), lang)
    return Chart("population_small_multiples", lang, text, index, figure)


def growth_by_municipality(growth: pd.DataFrame, year: int, lang: str = "sv") -> Chart:
    """Draw the change in a year of `annual_growth`, joined with `municipality`, the largest first."""
    data = drawable(growth[growth["year"] == year], "growth_by_municipality", "change")
    data = data.sort_values("change", ascending=False, ignore_index=True)
    most, least, fastest = data.iloc[0], data.iloc[-1], data.nlargest(1, "change_percent").iloc[0]
    values = {
        "year": str(year),
        "growing": str((data["change"] > 0).sum()),
        "all": str(len(data)),
        "who": _who(data, lang),
        "most": most["municipality"],
        "most_change": signed(most["change"], lang),
        "fastest": fastest["municipality"],
        "fastest_percent": percent(fastest["change_percent"], lang),
        "least": least["municipality"],
        "least_change": signed(least["change"], lang),
        "total": signed(data["change"].sum(), lang),
    }
    text = words("growth_by_municipality", lang, **values)
    labels = [
        f"{signed(row['change'], lang)} ({percent(row['change_percent'], lang)})" for row in data.to_dict("records")
    ]
    bars = Series(phrase("columns", "change", lang), list(data["change"]), BLUE, labels)
    plot = Plot("bars", list(data["municipality"]), [bars])
    with theme():
        figure = sheet(text)
        ranked_bars(figure, plot)
    return Chart("growth_by_municipality", lang, text, data, figure, plot)


def _who(data: pd.DataFrame, lang: str) -> str:
    growing = int((data["change"] > 0).sum())
    key = "everyone" if growing == len(data) else "some"
    return phrase("growth_by_municipality", key, lang, growing=str(growing), all=str(len(data)))


def _total_plot(data: pd.DataFrame, lang: str) -> Plot:
    """Return the line with its ends labelled, and the published totals as points named at the first of them."""
    first, last = (number(data["population"].iloc[place], lang) for place in (0, -1))
    ends = [first, *[""] * (len(data) - 2), f"{data['year'].iloc[-1]}: {last}"]
    line = Series(phrase("columns", "population", lang), list(data["population"]), BLUE, ends)
    said, published = phrase("population_total", "published_label", lang), data["published"]
    named = [said if year == published.first_valid_index() else "" for year in data.index]
    points = Series(said, published.to_numpy(float, na_value=np.nan).tolist(), ORANGE, named, line="")
    return Plot("lines", data["year"].astype(str).tolist(), [line, points])


def _total_line(figure: Figure, data: pd.DataFrame, plot: Plot, lang: str) -> None:
    first, last = data.iloc[0], data.iloc[-1]
    line, points = plot.series
    end = line.labels[-1]
    step = 100_000
    ticks = range(0, int(data["population"].max()) + step, step)
    names = [number(tick, lang) for tick in ticks]
    left, right = LEFT + widest(figure, names) + 0.015, RIGHT - widest(figure, [end]) - 0.02
    axes = figure.add_axes(plot_area(figure, left=left, right=right, foot=0.06))
    axes.plot(data["year"], line.amounts, color=line.colour)
    axes.plot(data["year"], points.amounts, "o", color=points.colour, markersize=10)
    end_label(axes, last["year"], last["population"], end)
    start, place = (first["year"], first["population"]), points.known[0]
    axes.annotate(line.labels[0], start, (4, 12), textcoords="offset points")
    stated = data["year"].iloc[place], points.amounts[place]
    beside: dict[str, Any] = {"textcoords": "offset points", "ha": "right", "color": points.colour}
    axes.annotate(points.name, stated, (-14, 6), **beside)
    axes.set_yticks(ticks, names)
    axes.set_xticks([year for year in data["year"] if year % 10 == 0 or year == first["year"]])
    axes.set_xlim(first["year"], last["year"] + 0.5)
    axes.set_ylim(0, ticks[-1])
    horizontal_grid(axes, pad=14)


def _panels(figure: Figure, index: pd.DataFrame, order: list[str], lang: str) -> None:
    """Draw a panel each on one sheet of axes: years to the right, doublings since the base year upwards."""
    wide = index.pivot(index="year", columns="municipality", values="index")
    years, levels = wide.index.to_numpy(), (wide / 100).apply(np.log2)
    span, ticks = np.ptp(years), np.arange(np.floor(levels.min().min() + 0.1), np.ceil(levels.max().max()) + 1)
    left = LEFT + widest(figure, [_level(ticks[-1], lang)]) + 0.015
    axes = figure.add_axes(plot_area(figure, left=left))
    axes.set_axis_off()
    step = np.ptp(ticks) + 1.9
    for name, x0, y0, first_column, last_row in panels(order, span, step):
        axes.hlines(y0 + ticks, x0, x0 + span, color=GRID, linewidth=1)
        axes.plot(x0 + years - years[0], y0 + levels[name], color=BLUE)
        times = number(wide[name].iloc[-1] / 100, lang, decimals=1)
        heading = phrase("population_small_multiples", "heading", lang, name=name, times=times)
        axes.text(x0, y0 + ticks[-1] + 0.25, heading, weight="bold", va="bottom")
        for tick in ticks if first_column else []:
            axes.text(x0 - 1.5, y0 + tick, _level(tick, lang), ha="right", va="center", color=MUTED)
        if last_row:
            axes.text(x0, y0 + ticks[0] - 0.5, str(years[0]), va="top", color=MUTED)
            axes.text(x0 + span, y0 + ticks[0] - 0.5, str(years[-1]), ha="right", va="top", color=MUTED)
    rows = -(-len(order) // PANELS_A_ROW)
    axes.set_xlim(-0.5, span * ROW + 0.5)
    axes.set_ylim(ticks[0] - step * (rows - 1) - 1.6, ticks[-1] + 1.3)


def _level(doublings: float, lang: str) -> str:
    return number(100 * 2**doublings, lang)
