"""Charts of the population."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from sodertorn_lib.charts.canvas import (
    BLUE,
    INK,
    LEFT,
    MUTED,
    ORANGE,
    RIGHT,
    end_label,
    plot_area,
    ranked_bars,
    sheet,
    theme,
    widest,
)
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.wording import phrase, words
from sodertorn_lib.formats import number, percent, signed

__all__ = ["growth_by_municipality", "population_small_multiples", "population_total"]

PANELS_A_ROW = 4


def population_total(area: pd.DataFrame, published: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw the sum of the municipalities, year and population, with the totals that the association published."""
    stated = published[published["region"] == "Södertörn"].dropna(subset=["population"])
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
    with theme():
        figure = sheet(text)
        _total_line(figure, data, lang)
    return Chart("population_total", lang, text, data, figure)


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
    data = growth[growth["year"] == year].sort_values("change", ascending=False, ignore_index=True)
    most, least = data.iloc[0], data.iloc[-1]
    values = {
        "year": str(year),
        "growing": str((data["change"] > 0).sum()),
        "all": str(len(data)),
        "most": most["municipality"],
        "most_change": signed(most["change"], lang),
        "least": least["municipality"],
        "least_change": signed(least["change"], lang),
        "total": signed(data["change"].sum(), lang),
    }
    text = words("growth_by_municipality", lang, **values)
    labels = [
        f"{signed(row['change'], lang)} ({percent(row['change_percent'], lang)})" for row in data.to_dict("records")
    ]
    with theme():
        figure = sheet(text)
        ranked_bars(figure, list(data["municipality"]), list(data["change"]), labels)
    return Chart("growth_by_municipality", lang, text, data, figure)


def _total_line(figure: Figure, data: pd.DataFrame, lang: str) -> None:
    first, last = data.iloc[0], data.iloc[-1]
    end = number(last["population"], lang)
    step = 100_000
    ticks = range(0, int(data["population"].max()) + step, step)
    names = [number(tick, lang) for tick in ticks]
    left, right = LEFT + widest(figure, names) + 0.015, RIGHT - widest(figure, [end]) - 0.02
    axes = figure.add_axes(plot_area(figure, left=left, right=right, foot=0.06))
    axes.plot(data["year"], data["population"], color=BLUE)
    axes.plot(data["year"], data["published"], "o", color=ORANGE, markersize=11, markeredgecolor="white")
    end_label(axes, last["year"], last["population"], end)
    axes.annotate(
        number(first["population"], lang), (first["year"], first["population"]), (4, 12), textcoords="offset points"
    )
    stated = data.dropna(subset=["published"]).iloc[0]
    said = phrase("population_total", "published_label", lang)
    axes.annotate(
        said, (stated["year"], stated["published"]), (-14, 6), textcoords="offset points", ha="right", color=ORANGE
    )
    axes.set_yticks(ticks, names)
    axes.set_xticks([year for year in data["year"] if year % 10 == 0 or year == first["year"]])
    axes.set_xlim(first["year"], last["year"] + 0.5)
    axes.set_ylim(0, ticks[-1])
    axes.tick_params(axis="x", pad=14)
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)


def _panels(figure: Figure, index: pd.DataFrame, order: list[str], lang: str) -> None:
    rows = -(-len(order) // PANELS_A_ROW)
    left, bottom, width, height = plot_area(figure, left=LEFT + 0.055, foot=0.06, head=0.05)
    grid = figure.add_gridspec(
        rows, PANELS_A_ROW, left=left, right=left + width, bottom=bottom, top=bottom + height, hspace=0.35, wspace=0.12
    )
    ends = index[index["year"] == index["year"].max()].set_index("municipality")["index"]
    for place, name in enumerate(order):
        axes = figure.add_subplot(grid[divmod(place, PANELS_A_ROW)])
        axes.plot(*index.loc[index["municipality"] == name, ["year", "index"]].to_numpy().T, color=BLUE)
        times = number(ends[name] / 100, lang, decimals=1)
        axes.set_title(phrase("population_small_multiples", "heading", lang, name=name, times=times), color=INK)
        _doubling_axis(axes, index)
        axes.tick_params(labelleft=place % PANELS_A_ROW == 0, labelbottom=place >= len(order) - PANELS_A_ROW)


def _doubling_axis(axes: Axes, index: pd.DataFrame) -> None:
    """Let each line of the grid be twice the one below."""
    first, last = index["year"].min(), index["year"].max()
    ticks = [100 * 2**power for power in range(-1, 8) if 50 * 2**power <= index["index"].max()]
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_yticks(ticks, [str(int(tick)) for tick in ticks])
    axes.set_ylim(index["index"].min() * 0.8, ticks[-1])
    axes.set_xticks([first, last], [str(first), str(last)])
    axes.get_xticklabels()[0].set_horizontalalignment("left")
    axes.get_xticklabels()[1].set_horizontalalignment("right")
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)
    axes.spines["bottom"].set_color(MUTED)
