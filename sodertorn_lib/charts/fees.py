"""Charts of the membership fee."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sodertorn_lib.charts.canvas import (
    BAND,
    BLUE,
    GREY,
    INK,
    LEFT,
    ORANGE,
    RIGHT,
    TEAL,
    end_label,
    horizontal_grid,
    plot_area,
    ranked_bars,
    sheet,
    spaced,
    theme,
    widest,
)
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.plot import Plot, Series
from sodertorn_lib.charts.wording import phrase, words
from sodertorn_lib.formats import kronor, number, percent

__all__ = ["fee_by_municipality", "fee_income_outlook", "fee_scenarios"]

YEAR_COLOURS = (GREY, BLUE, TEAL, ORANGE)


def fee_by_municipality(fees: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw what each municipality pays in the last year of `membership_fees`, joined with `municipality`."""
    year = fees["year"].max()
    data = fees[fees["year"] == year].sort_values("fee_sek", ascending=False, ignore_index=True)
    first, last = data.iloc[0], data.iloc[-1]
    values = {
        "year": str(year),
        "population_year": str(first["population_year"]),
        "largest": first["municipality"],
        "largest_fee": kronor(first["fee_sek"], lang),
        "smallest": last["municipality"],
        "smallest_fee": kronor(last["fee_sek"], lang),
        "rate": kronor(first["fee_sek_per_inhabitant"], lang),
        "total": kronor(data["fee_sek"].sum(), lang),
    }
    text = words("fee_by_municipality", lang, **values)
    labels = [kronor(fee, lang) for fee in data["fee_sek"]]
    bars = Series(phrase("columns", "fee_sek", lang), list(data["fee_sek"]), BLUE, labels)
    plot = Plot("bars", list(data["municipality"]), [bars])
    with theme():
        figure = sheet(text)
        ranked_bars(figure, plot)
    return Chart("fee_by_municipality", lang, text, data, figure, plot)


def fee_scenarios(scenarios: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw the income of `fee_scenarios`: a group of bars for each rate, a bar for each year of population."""
    key = ["fee_sek_per_inhabitant", "population_year"]
    data = scenarios.groupby(key, as_index=False)[["population", "fee_sek"]].sum()
    last = data[data["population_year"] == data["population_year"].max()]
    values = {
        "population_year": str(last["population_year"].iloc[0]),
        "krona": kronor(last["population"].iloc[0], lang),
        "population": number(last["population"].iloc[0], lang),
        "years": _listed([str(year) for year in sorted(set(data["population_year"]))], lang),
        "rates": _listed(
            [number(rate, lang, 2 if rate % 1 else 0) for rate in sorted(set(data["fee_sek_per_inhabitant"]))], lang
        ),
        "low": kronor(data["fee_sek"].min(), lang),
        "high": kronor(data["fee_sek"].max(), lang),
        "low_rate": kronor(data["fee_sek_per_inhabitant"].min(), lang),
        "high_rate": kronor(data["fee_sek_per_inhabitant"].max(), lang),
    }
    text = words("fee_scenarios", lang, **values)
    plot = _scenario_columns(data, lang)
    with theme():
        figure = sheet(text)
        _grouped_bars(figure, plot)
    return Chart("fee_scenarios", lang, text, data, figure, plot)


def fee_income_outlook(
    held: pd.DataFrame, rising: pd.DataFrame, fee: float, cost_growth_percent: float, lang: str = "sv"
) -> Chart:
    """Draw the income of two `fee_outlook` tables that differ in their costs: held at a level, and rising."""
    data = held.merge(rising[["year", "costs_sek", "balance_sek"]], on="year", suffixes=("_held", "_rising"))
    short = data[data["balance_sek_rising"] < 0]
    last = data.iloc[-1]
    values = {
        "fee": kronor(fee, lang),
        "jump_off_year": str(int(data.loc[data["lower_sek"].isna(), "year"].max()) - 1),
        "last_year": str(int(last["year"])),
        "growth": percent(cost_growth_percent, lang, decimals=0),
        "income": kronor(round(last["income_sek"]), lang),
        "lower": kronor(round(last["lower_sek"]), lang),
        "upper": kronor(round(last["upper_sek"]), lang),
        "held": kronor(round(last["costs_sek_held"]), lang),
        "rising": kronor(round(last["costs_sek_rising"]), lang),
    }
    ending = {"year": str(int(short["year"].iloc[0]))} if len(short) else {"year": values["last_year"]}
    values["ending"] = phrase("fee_income_outlook", "ends" if len(short) else "lasts", lang, **ending)
    text = words("fee_income_outlook", lang, **values)
    with theme():
        figure = sheet(text)
        _outlook_lines(figure, data, lang)
    return Chart("fee_income_outlook", lang, text, data, figure)


def _listed(items: list[str], lang: str) -> str:
    if len(items) == 1:
        return items[0]
    return phrase("fee_scenarios", "or", lang, first=", ".join(items[:-1]), last=items[-1])


def _scenario_columns(data: pd.DataFrame, lang: str) -> Plot:
    wide = data.pivot(index="fee_sek_per_inhabitant", columns="population_year", values="fee_sek")
    if len(wide.columns) > len(YEAR_COLOURS):
        raise ValueError(f"draw at most {len(YEAR_COLOURS)} years of population, not {len(wide.columns)}")
    columns = [
        Series(
            phrase("fee_scenarios", "base", lang, year=str(year)),
            list(wide[year]),
            colour,
            [number(fee, lang) for fee in wide[year]],
        )
        for year, colour in zip(wide.columns, YEAR_COLOURS, strict=False)
    ]
    return Plot("columns", [kronor(rate, lang) for rate in wide.index], columns)


def _grouped_bars(figure: Figure, plot: Plot) -> None:
    axes = figure.add_axes(plot_area(figure, foot=0.13))
    width = 0.84 / len(plot.series)
    at: dict[str, Any] = {"textcoords": "offset points", "ha": "center"}
    for group in range(len(plot.categories)):
        for place, column in enumerate(plot.series):
            x, fee = group + (place - (len(plot.series) - 1) / 2) * width, column.amounts[group]
            axes.bar(x, fee, width=width * 0.94, color=column.colour)
            axes.annotate(column.labels[group], (x, fee), (0, 8), **at)
            axes.annotate(column.name, (x, 0), (0, -8), va="top", **at)
    axes.set_xticks(range(len(plot.categories)), plot.categories, weight="bold", color=INK)
    axes.tick_params(axis="x", pad=38)
    axes.set_ylim(0, 1.1 * max(max(column.amounts) for column in plot.series))
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])


def _outlook_lines(figure: Figure, data: pd.DataFrame, lang: str) -> None:
    last = data.iloc[-1]
    lines = {"income_sek": BLUE, "costs_sek_rising": ORANGE, "costs_sek_held": TEAL}
    names = [phrase("fee_income_outlook", key, lang, amount=number(last[key], lang)) for key in lines]
    amounts = data[["upper_sek", "costs_sek_rising", "costs_sek_held"]]
    ticks = np.arange(amounts.min().min() // 200_000 - 1, amounts.max().max() // 200_000 + 2) * 200_000
    left = LEFT + widest(figure, [number(ticks[0], lang)]) + 0.015
    axes = figure.add_axes(plot_area(figure, left=left, right=RIGHT - widest(figure, names) - 0.02, foot=0.06))
    known = data[data["lower_sek"].isna()]
    ahead = data.assign(**{bound: data[bound].fillna(data["income_sek"]) for bound in ("lower_sek", "upper_sek")})
    ahead = ahead[len(known) - 1 :]
    axes.fill_between(
        ahead["year"], ahead["lower_sek"], ahead["upper_sek"], facecolor=BAND, edgecolor=BLUE, linewidth=1
    )
    axes.plot(known["year"], known["income_sek"], color=BLUE)
    axes.plot(ahead["year"], ahead["income_sek"], color=BLUE, linestyle="--")
    axes.plot(data["year"], data["costs_sek_rising"], color=ORANGE, linestyle="-.")
    axes.plot(data["year"], data["costs_sek_held"], color=TEAL, linestyle=":")
    axes.set_ylim(ticks[0], ticks[-1])
    axes.set_xlim(data["year"].iloc[0], last["year"])
    places = spaced([last[key] for key in lines], 0.18 * np.ptp(ticks))
    for name, colour, y in zip(names, lines.values(), places, strict=True):
        end_label(axes, last["year"], y, name, colour)
    axes.set_yticks(ticks, [number(tick, lang) for tick in ticks])
    axes.set_xticks(data["year"][::2])
    horizontal_grid(axes)
