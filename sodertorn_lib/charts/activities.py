"""Charts of what the committee did."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure

from sodertorn_lib.activities import FORMS, cancelled_or_moved
from sodertorn_lib.charts.canvas import BLUE, GREY, INK, LEFT, MUTED, ORANGE, plot_area, sheet, theme, widest
from sodertorn_lib.charts.chart import Chart
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
        "physical": str(data["physical"].sum()),
    }
    text = words("meetings_by_forum", lang, **values)
    with theme():
        figure = sheet(text)
        _form_columns(figure, data, lang)
    return Chart("meetings_by_forum", lang, text, data, figure)


def timeline(events: pd.DataFrame, year: int, lang: str = "sv") -> Chart:
    """Draw the dated events of a year and of the spring after it, a lane a forum, but those without a month."""
    start, end = pd.Timestamp(year, 1, 1), pd.Timestamp(year + 1, 5, 31)
    shown = events["start_date"].between(start, end) & events["precision"].isin(["day", "month", "season"])
    data = events[shown].sort_values(["start_date", "event_id"], ignore_index=True)
    lost = cancelled_or_moved(events).merge(data[["event_id"]], on="event_id")
    values = {
        "year": str(year),
        "next_year": str(year + 1),
        "events": str((data["start_date"].dt.year == year).sum()),
        "lost": str(len(lost)),
        "moved": str(lost["moved_to_event_id"].notna().sum()),
        "names": ", ".join(lost[f"label_{lang}"]),
    }
    text = words("timeline", lang, **values)
    with theme():
        figure = sheet(text)
        _lanes(figure, data, lost, (start, end), lang)
    return Chart("timeline", lang, text, data, figure)


def _form_columns(figure: Figure, data: pd.DataFrame, lang: str) -> None:
    names = data[f"label_{lang}"]
    left, bottom, width, height = plot_area(figure, left=LEFT + widest(figure, names) + 0.015, head=0.09)
    columns = [*FORMS, "meetings"]
    grid = figure.add_gridspec(
        1, len(columns), left=left, right=left + width, bottom=bottom, top=bottom + height, wspace=0.06
    )
    for place, form in enumerate(columns):
        axes = figure.add_subplot(grid[place])
        axes.set_title(phrase("meetings_by_forum", form, lang), color=INK)
        _form_bars(axes, data, form)
        axes.set_yticks(range(len(names)), names if place == 0 else [""] * len(names), color=INK, va="center")


def _form_bars(axes: Axes, data: pd.DataFrame, form: str) -> None:
    if form != "meetings":
        axes.barh(range(len(data)), data[form], height=0.66, color=BLUE)
        axes.set_xlim(0, data[FORMS].max().max() * 1.35)
    for place, count in enumerate(data[form]):
        if count:
            weight = "bold" if form == "meetings" else "normal"
            axes.annotate(
                str(count),
                (count if form != "meetings" else 0, place),
                (8, 0),
                textcoords="offset points",
                va="center",
                weight=weight,
            )
    axes.set_ylim(len(data) - 0.5, -0.5)
    axes.spines["bottom"].set_visible(False)
    axes.spines["left"].set_visible(form != "meetings")
    axes.set_xticks([])


def _lanes(
    figure: Figure, data: pd.DataFrame, lost: pd.DataFrame, period: tuple[pd.Timestamp, pd.Timestamp], lang: str
) -> None:
    names = [phrase("timeline", lane, lang) for lane in LANES]
    axes = figure.add_axes(plot_area(figure, left=LEFT + widest(figure, names) + 0.02, foot=0.11, head=0.05))
    for place in range(len(LANES)):
        axes.axhline(place, color="#D5D9DE", linewidth=1.2, zorder=0)
    axes.set_xlim(*date2num(period))
    _events(axes, data)
    _moves(axes, lost, lang)
    _key(figure, axes, lang)
    months = pd.date_range(*period, freq="MS")
    axes.set_xticks(date2num(months), [month(first, lang) if first.month % 2 else "" for first in months], ha="left")
    for first in months[months.month == 1]:
        axes.annotate(
            str(first.year),
            (date2num(first), 0),
            (0, -34),
            xycoords=("data", "axes fraction"),
            textcoords="offset points",
            va="top",
            weight="bold",
            color=INK,
        )
        axes.axvline(date2num(first), color=GREY, linewidth=1.2)
    axes.set_yticks(range(len(names)), names, color=INK, va="center")
    axes.set_ylim(len(names) - 0.4, -0.9)
    axes.spines["left"].set_visible(False)


def _events(axes: Axes, data: pd.DataFrame) -> None:
    """Draw a day as a point and a month or season as a bar; what lay ahead is hollow."""
    same = data.groupby(["forum_id", "start_date"]).cumcount()
    for event, repeat in zip(data.to_dict("records"), same, strict=True):
        y = LANES.index(event["forum_id"]) + 0.24 * repeat
        start, end = date2num([event["start_date"], event["end_date"]])
        ahead = event["status"] == "planned"
        if event["status"] == "cancelled":
            axes.plot(start, y, marker="X", markersize=17, color=ORANGE, markeredgecolor="white", zorder=4)
        elif event["precision"] == "day":
            face = "white" if ahead else BLUE
            axes.plot(
                start, y, marker="o", markersize=13, color=face, markeredgecolor=BLUE, markeredgewidth=2.5, zorder=3
            )
        else:
            axes.barh(
                y, end - start, left=start, height=0.16, color="white" if ahead else BLUE, edgecolor=BLUE, linewidth=2
            )


def _moves(axes: Axes, lost: pd.DataFrame, lang: str) -> None:
    for event in lost.to_dict("records"):
        y = LANES.index(event["forum_id"])
        start = date2num(event["start_date"])
        side = "left" if start < sum(axes.get_xlim()) / 2 else "right"
        name = event[f"label_{lang}"]
        axes.annotate(name, (start, y), (0, 12), textcoords="offset points", ha=side, color=ORANGE)
        if pd.notna(event["moved_to_start_date"]):
            arrow = {
                "arrowstyle": "-|>",
                "color": ORANGE,
                "linewidth": 2,
                "linestyle": "--",
                "shrinkA": 12,
                "shrinkB": 10,
            }
            axes.annotate("", (date2num(event["moved_to_start_date"]), y), (start, y), arrowprops=arrow, zorder=2)


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
        x += 0.07 + widest(figure, [said]) / axes.get_position().width
