"""Charts of what the committee did."""

from __future__ import annotations

from typing import Any, Literal

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.transforms import offset_copy

from sodertorn_lib.activities import FORMS, cancelled_or_moved
from sodertorn_lib.charts.canvas import (
    BLUE,
    GREY,
    GRID,
    INK,
    LEFT,
    MUTED,
    ORANGE,
    TEAL,
    plot_area,
    sheet,
    theme,
    widest,
)
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.plot import Plot, Series
from sodertorn_lib.charts.wording import phrase, words
from sodertorn_lib.formats import month

__all__ = ["meetings_by_forum", "timeline"]

LANES = ["committee", "management", "planning", "climate", "business", "communication", "office"]


def meetings_by_forum(by_forum: pd.DataFrame, held: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw the last year of `activities.meetings_by_forum`: a row a forum, a column a form."""
    year = by_forum["year"].max()
    data = by_forum[by_forum["year"] == year].reset_index(drop=True)
    count = held.set_index("year").loc[year]
    first = data.iloc[0]
    values = {
        "year": str(year),
        "most": first[f"label_{lang}"],
        "most_meetings": str(first["meetings"]),
        "by_forum": str(count["by_forum"]),
        "counted_once": str(count["counted_once"]),
        "digital": str(data["digital"].sum()),
        "partly": str(data["digital_or_partly"].sum()),
        "unknown": str(data["not_stated"].sum()),
        "physical": str(data["physical"].sum()),
    }
    text = words("meetings_by_forum", lang, **values)
    with theme():
        figure = sheet(text)
        _form_columns(figure, data, lang)
    return Chart("meetings_by_forum", lang, text, data, figure, _form_plot(data, lang))


def timeline(events: pd.DataFrame, year: int, lang: str = "sv") -> Chart:
    """Draw the dated events of a year and of the spring after it, a lane a forum, but those without a month."""
    start, end = pd.Timestamp(year, 1, 1), pd.Timestamp(year + 1, 5, 31)
    shown = events["start_date"].between(start, end) & events["precision"].isin(["day", "month", "season"])
    data = events[shown].sort_values(["start_date", "event_id"], ignore_index=True)
    all_lost = cancelled_or_moved(events)
    all_lost = all_lost[all_lost["start_date"].dt.year == year]
    lost = all_lost[all_lost["event_id"].isin(data["event_id"])]
    values = {
        "year": str(year),
        "next_year": str(year + 1),
        "events": str((data["start_date"].dt.year == year).sum()),
        "lost": str(len(lost)),
        "hidden": str(len(all_lost) - len(lost)),
        "moved": str(lost["moved_to_event_id"].notna().sum()),
        "names": ", ".join(lost[f"label_{lang}"]),
    }
    key = "all_moved" if values["lost"] == values["moved"] != "0" else "some_moved"
    text = words("timeline", lang, finding=phrase("timeline", key, lang, **values), **values)
    with theme():
        figure = sheet(text)
        _lanes(figure, data, lost, (start, end), lang)
    return Chart("timeline", lang, text, data, figure)


def _form_plot(data: pd.DataFrame, lang: str) -> Plot:
    forms = [
        Series(phrase("columns", form, lang), list(data[form]), colour, [str(count or "") for count in data[form]])
        for form, colour in zip(FORMS, (BLUE, TEAL, ORANGE, MUTED), strict=True)
    ]
    names = [f"{row[f'label_{lang}']}: {row['meetings']}" for row in data.to_dict("records")]
    return Plot("stacked bars", names, forms)


def _form_columns(figure: Figure, data: pd.DataFrame, lang: str) -> None:
    """Draw a column of bars for each form on one sheet of axes, and the sums in bold as the last column."""
    names = list(data[f"label_{lang}"])
    axes = figure.add_axes(plot_area(figure, left=LEFT + widest(figure, names) + 0.015, head=0.115))
    width = 1.4 * data[FORMS].max().max()
    for place, form in enumerate([*FORMS, "meetings"]):
        axes.text(place * width, -0.75, phrase("meetings_by_forum", form, lang), weight="bold", va="bottom")
        total = form == "meetings"
        if not total:
            axes.barh(range(len(data)), data[form], left=place * width, height=0.66, color=BLUE)
            axes.axvline(place * width, color=GREY, linewidth=1.2)
        for row, count in enumerate(data[form]):
            end = place * width + (0 if total else count)
            axes.text(end + 0.35, row, str(count) if count else "", va="center", weight="bold" if total else "normal")
    axes.set_yticks(range(len(names)), names, color=INK, va="center")
    axes.set_xlim(0, width * (len(FORMS) + 0.5))
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.set_xticks([])


def _lanes(
    figure: Figure, data: pd.DataFrame, lost: pd.DataFrame, period: tuple[pd.Timestamp, pd.Timestamp], lang: str
) -> None:
    names = [phrase("timeline", lane, lang) for lane in LANES]
    axes = figure.add_axes(plot_area(figure, left=LEFT + widest(figure, names) + 0.02, foot=0.11, head=0.05))
    axes.hlines(range(len(LANES)), *date2num(period), color=GRID, linewidth=1.2, zorder=0)
    axes.set_xlim(*date2num(period))
    _events(axes, data)
    _moves(axes, lost, lang)
    _key(figure, axes, lang)
    _months(axes, pd.date_range(*period, freq="2MS"), lang)
    axes.set_yticks(range(len(names)), names, color=INK, va="center")
    axes.set_ylim(len(names) - 0.4, -0.9)
    axes.spines["left"].set_visible(False)
    axes.set_xticks([])


def _months(axes: Axes, months: pd.DatetimeIndex, lang: str) -> None:
    """Name months under the lanes, and the year under its January."""
    below = axes.get_xaxis_transform()
    for first, x in zip(months, date2num(months), strict=True):
        axes.text(x, -0.03, month(first, lang), transform=below, va="top", color=MUTED)
        if first.month == 1:
            axes.text(x, -0.13, str(first.year), transform=below, va="top", weight="bold")
            axes.axvline(x, color=GREY, linewidth=1.2)


def _events(axes: Axes, data: pd.DataFrame) -> None:
    """Draw a day as a point and a month or season as a bar; what lay ahead is hollow."""
    repeats = data.groupby(["forum_id", "start_date"]).cumcount()
    placed = data.assign(
        y=data["forum_id"].map(LANES.index) + 0.26 * repeats,
        start=date2num(data["start_date"]),
        days=(data["end_date"] - data["start_date"]).dt.days,
    )
    cancelled, ahead = placed["status"] == "cancelled", placed["status"] == "planned"
    day = placed["precision"] == "day"
    for chosen, face, edge in ((~ahead & ~cancelled, BLUE, "white"), (ahead, "white", BLUE)):
        points, spans = placed[chosen & day], placed[chosen & ~day]
        axes.barh(spans["y"], spans["days"], 0.16, spans["start"], color=face, edgecolor=BLUE, linewidth=2, zorder=2)
        point: dict[str, Any] = {"markersize": 14, "color": face, "markeredgecolor": edge, "markeredgewidth": 2}
        axes.plot(points["start"], points["y"], "o", zorder=3, **point)
    lost = placed[cancelled]
    axes.plot(lost["start"], lost["y"], "X", markersize=17, color=ORANGE, markeredgecolor="white", zorder=4)


def _moves(axes: Axes, lost: pd.DataFrame, lang: str) -> None:
    """Name what was cancelled, and draw an arrow to its new date."""
    above = offset_copy(axes.transData, axes.get_figure(root=True), y=12, units="points")
    for event in lost.to_dict("records"):
        start, y = date2num(event["start_date"]), LANES.index(event["forum_id"])
        side: Literal["left", "right"] = "left" if start < sum(axes.get_xlim()) / 2 else "right"
        axes.text(start, y, event[f"label_{lang}"], transform=above, ha=side, color=ORANGE)
        if pd.notna(event["moved_to_start_date"]):
            end = date2num(event["moved_to_start_date"]) - 12
            axes.plot([start + 9, end], [y, y], color=ORANGE, linewidth=2, linestyle="--", zorder=1)
            axes.plot(end, y, ">", color=ORANGE, markersize=11, zorder=1)


def _key(figure: Figure, axes: Axes, lang: str) -> None:
    """Name the marks above the lanes."""
    marks = {"done": ("o", BLUE, BLUE), "span": ("s", BLUE, BLUE), "planned": ("o", "white", BLUE)}
    marks |= {"cancelled": ("X", ORANGE, ORANGE)}
    x = 0.01
    for name, (marker, face, edge) in marks.items():
        style: dict[str, Any] = {"marker": marker, "markersize": 12, "color": face, "markeredgecolor": edge}
        axes.plot(x, 1.055, **style, markeredgewidth=2, transform=axes.transAxes, clip_on=False)
        said = phrase("timeline", name, lang)
        axes.text(x + 0.02, 1.055, said, transform=axes.transAxes, va="center", color=MUTED)
        x += 0.06 + widest(figure, [said]) / axes.get_position().width
