"""Charts of our projections: outcomes solid, projections dashed, an interval as a band."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sodertorn_lib.charts.canvas import (
    BAND,
    BLUE,
    GRID,
    INK,
    LEFT,
    MUTED,
    ORANGE,
    PANELS_A_ROW,
    RIGHT,
    ROW,
    TEAL,
    end_label,
    horizontal_grid,
    panels,
    plot_area,
    sheet,
    spaced,
    theme,
    widest,
)
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.plot import Plot, Series
from sodertorn_lib.charts.wording import phrase, words
from sodertorn_lib.formats import number, percent

__all__ = [
    "error_by_horizon",
    "population_fan",
    "projection_small_multiples",
]

METHODS = {  # method: line style and colour; told apart by their names at the ends as well
    "project_population": (BLUE, "-"),
    "linear_exponential": (ORANGE, "--"),
    "constant_share": (TEAL, "-."),
    "no_change": (INK, ":"),
}


def population_fan(area: pd.DataFrame, projection: pd.DataFrame, stated: float, lang: str = "sv") -> Chart:
    """Draw the area's population, `project_total` from its jump-off year with its interval, and the outcome since.

    The stated forecast for the last year of the projection is a point: an upper bound.
    """
    jump_off_year = projection["year"].min() - 1
    end = projection.iloc[-1]
    latest = area.iloc[-1]
    values = {
        "jump_off_year": str(jump_off_year),
        "target_year": str(int(end["year"])),
        "projected": number(end["population"], lang),
        "lower": number(end["lower"], lang),
        "upper": number(end["upper"], lang),
        "stated": number(stated, lang),
        "latest_year": str(latest["year"]),
        "latest": number(latest["population"], lang),
    }
    text = words("population_fan", lang, **values)
    start = area[area["year"] == jump_off_year].assign(
        lower=lambda row: row["population"], upper=lambda row: row["population"]
    )
    fan = pd.concat([start, projection], ignore_index=True).rename(columns={"population": "projection"})
    data = area.merge(fan, on="year", how="outer").assign(stated=np.nan)
    data.loc[data["year"] == end["year"], "stated"] = stated
    with theme():
        figure = sheet(text)
        _fan(figure, data, jump_off_year, lang)
    return Chart("population_fan", lang, text, data, figure)


def projection_small_multiples(population: pd.DataFrame, projection: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw each municipality around its jump-off year: projection with interval, and the outcome; index, one scale.

    Both tables have municipality; population goes on after the jump-off year as far as there are outcomes.
    """
    jump_off_year, last_year = projection["year"].min() - 1, population["year"].max()
    base = population[population["year"] == jump_off_year].set_index("municipality")["population"]
    data = _beside_projection(population, projection, base, jump_off_year)
    held = data[data["year"] == last_year].dropna(subset=["projection"])
    outside = (held["population"] < held["lower"]) | (held["population"] > held["upper"])
    values = {
        "jump_off_year": str(jump_off_year),
        "last_year": str(last_year),
        "target_year": str(projection["year"].max()),
        "outside": str(outside.sum()) if outside.any() else phrase("projection_small_multiples", "none", lang),
        "below": str((held["population"] < held["projection"]).sum()),
        "panels": str(len(base)),
    }
    text = words("projection_small_multiples", lang, **values)
    with theme():
        figure = sheet(text)
        _fan_panels(figure, data, base, jump_off_year)
    return Chart("projection_small_multiples", lang, text, data, figure)


def error_by_horizon(errors: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw the mean absolute percentage error by horizon: a row a method and horizon, columns method, horizon, MAPE."""
    wide = errors.pivot(index="horizon", columns="method", values="MAPE")[list(METHODS)]
    ours, best = wide["project_population"], wide.drop(columns="project_population").iloc[-1]
    values = {
        "short": str(wide.index[len(wide) // 2 - 1]),
        "long": str(wide.index[-1]),
        "short_error": percent(ours.iloc[len(wide) // 2 - 1], lang),
        "long_error": percent(ours.iloc[-1], lang),
        "other": phrase("error_by_horizon", str(best.idxmin()), lang),
        "other_short": percent(wide[best.idxmin()].iloc[len(wide) // 2 - 1], lang),
        "other_error": percent(best.min(), lang),
    }
    text = words("error_by_horizon", lang, **values)
    plot = _method_plot(wide, lang)
    with theme():
        figure = sheet(text)
        _method_lines(figure, wide, plot, lang)
    return Chart("error_by_horizon", lang, text, errors, figure, plot)


def _beside_projection(
    population: pd.DataFrame, projection: pd.DataFrame, base: pd.Series, jump_off_year: int
) -> pd.DataFrame:
    """Return population and projection in one table, from ten years before the jump-off year, where the fan opens."""
    start = pd.DataFrame({"municipality": base.index, "year": jump_off_year, "projection": base.to_numpy()})
    start = start.assign(lower=start["projection"], upper=start["projection"])
    fan = pd.concat([start, projection.rename(columns={"population": "projection"})])
    columns = ["municipality", "year"]
    known, fan = population[[*columns, "population"]], fan[[*columns, "projection", "lower", "upper"]]
    data = known.merge(fan, on=columns, how="outer")
    return data[data["year"] >= jump_off_year - 10].reset_index(drop=True)


def _fan(figure: Figure, data: pd.DataFrame, jump_off_year: int, lang: str) -> None:
    stated, projected = data.dropna(subset=["stated"]).iloc[0], data.dropna(subset=["projection"])
    ends = [(stated["stated"], "stated", TEAL), (projected["projection"].iloc[-1], "projection", BLUE)]
    names = [phrase("population_fan", key, lang, population=number(value, lang)) for value, key, _ in ends]
    left = LEFT + widest(figure, [number(stated["stated"], lang)]) + 0.015
    axes = figure.add_axes(plot_area(figure, left=left, right=RIGHT - widest(figure, names) - 0.015, foot=0.05))
    since = data[data["year"] >= jump_off_year - 20]
    known, outcome = (
        since[since["year"] <= jump_off_year],
        since[since["year"] >= jump_off_year].dropna(subset=["population"]),
    )
    axes.fill_between(
        projected["year"], projected["lower"], projected["upper"], facecolor=BAND, edgecolor=BLUE, linewidth=1
    )
    axes.plot(known["year"], known["population"], color=BLUE)
    axes.plot(projected["year"], projected["projection"], color=BLUE, linestyle="--")
    if len(outcome) > 1:
        axes.plot(outcome["year"], outcome["population"], color=ORANGE, linewidth=5)
        last = outcome.iloc[-1]
        said = phrase(
            "population_fan", "outcome", lang, year=str(int(last["year"])), population=number(last["population"], lang)
        )
        axes.annotate(
            said,
            (last["year"], last["population"]),
            (0, -14),
            textcoords="offset points",
            ha="center",
            va="top",
            color=ORANGE,
        )
    axes.plot(stated["year"], stated["stated"], "_", color=TEAL, markersize=26, markeredgewidth=5, clip_on=False)
    _population_axis(axes, since, lang)
    places = spaced([value for value, _, _ in ends], 0.21 * np.ptp(axes.get_ylim()))
    for (_, _, colour), name, y in zip(ends, names, places, strict=True):
        end_label(axes, stated["year"] + 0.45, y, name, colour)


def _population_axis(axes: Axes, data: pd.DataFrame, lang: str) -> None:
    low = data[["population", "lower"]].min().min() // 50_000 * 50_000
    high = -(-data[["population", "upper", "stated"]].max().max() // 50_000) * 50_000
    ticks = np.arange(low, high + 1, 50_000)
    axes.set_yticks(ticks, [number(tick, lang) for tick in ticks])
    axes.set_xticks([year for year in data["year"] if year % 5 == 0])
    axes.set_xlim(data["year"].min(), data["year"].max())
    axes.set_ylim(low, high)
    horizontal_grid(axes)


def _fan_panels(figure: Figure, data: pd.DataFrame, base: pd.Series, jump_off_year: int) -> None:
    """Draw a panel each on one sheet of axes: years to the right, the index of the jump-off year upwards."""
    amounts = ["population", "projection", "lower", "upper"]
    index = data.assign(**{column: 100 * data[column] / data["municipality"].map(base) for column in amounts})
    low = index[["population", "lower"]].min().min() // 10 * 10
    high = -(-index[["population", "upper"]].max().max() // 10) * 10
    first, last = index["year"].min(), index["year"].max()
    ticks, span, step = np.arange(low, high + 1, 20), last - first, 1.5 * (high - low)
    axes = figure.add_axes(plot_area(figure, left=LEFT + widest(figure, [str(int(high))]) + 0.015))
    axes.set_axis_off()
    for name, left, y0, first_column, last_row in panels(list(base.index), span, step):
        x0 = left - first
        own = index[index["municipality"] == name]
        axes.hlines(y0 + ticks, x0 + first, x0 + last, color=GRID, linewidth=1)
        _fan_panel(axes, own, x0, y0, jump_off_year)
        axes.text(x0 + first, y0 + high + 0.04 * step, name, weight="bold", va="bottom")
        for tick in ticks if first_column else []:
            axes.text(x0 + first - 0.5, y0 + tick, str(int(tick)), ha="right", va="center", color=MUTED)
        if last_row:
            axes.text(x0 + first, y0 + low - 0.06 * step, str(first), va="top", color=MUTED)
            axes.text(x0 + last, y0 + low - 0.06 * step, str(last), ha="right", va="top", color=MUTED)
    rows = -(-len(base) // PANELS_A_ROW)
    axes.set_xlim(0, span * ROW)
    axes.set_ylim(low - step * (rows - 1) - 0.22 * step, high + 0.2 * step)


def _fan_panel(axes: Axes, own: pd.DataFrame, x0: float, y0: float, jump_off_year: int) -> None:
    fan, known, since = (
        own.dropna(subset=["projection"]),
        own[own["year"] <= jump_off_year],
        own[own["year"] >= jump_off_year],
    )
    band: dict[str, Any] = {"facecolor": BAND, "edgecolor": BLUE, "linewidth": 1}
    axes.fill_between(x0 + fan["year"], y0 + fan["lower"], y0 + fan["upper"], **band)
    axes.plot(x0 + known["year"], y0 + known["population"], color=BLUE)
    axes.plot(x0 + fan["year"], y0 + fan["projection"], color=BLUE, linestyle="--", linewidth=2.5)
    axes.plot(x0 + since["year"], y0 + since["population"], color=ORANGE, linewidth=4)


def _method_plot(wide: pd.DataFrame, lang: str) -> Plot:
    """Return a line for each method, named at its end."""
    inner, lines = [""] * (len(wide) - 1), []
    for method, (colour, style) in METHODS.items():
        name = phrase("error_by_horizon", method, lang)
        lines.append(Series(name, list(wide[method]), colour, [*inner, name], line=style))
    return Plot("lines", [str(horizon) for horizon in wide.index], lines)


def _method_lines(figure: Figure, wide: pd.DataFrame, plot: Plot, lang: str) -> None:
    ticks = np.arange(0, wide.max().max() + 2, 2)
    right = RIGHT - widest(figure, [line.name for line in plot.series]) - 0.02
    left = LEFT + widest(figure, [percent(ticks[-1], lang, 0)]) + 0.015
    axes = figure.add_axes(plot_area(figure, left=left, right=right, foot=0.06))
    for place, line in enumerate(plot.series):
        axes.plot(wide.index, line.amounts, color=line.colour, linestyle=line.line, linewidth=3 if place else 5)
    axes.set_xlim(wide.index[0], wide.index[-1])
    axes.set_ylim(0, ticks[-1])
    places = spaced([line.amounts[-1] for line in plot.series], 0.085 * ticks[-1])
    for line, y in zip(plot.series, places, strict=True):
        end_label(axes, wide.index[-1], y, line.name, line.colour)
    first = phrase("error_by_horizon", "horizon", lang, years=plot.categories[0])
    axes.set_xticks(wide.index, [first, *plot.categories[1:]])
    axes.set_yticks(ticks, [percent(tick, lang, 0) for tick in ticks])
    horizontal_grid(axes)
