"""Charts of what the committee did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import date2num
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox, offset_copy

from sodertorn_lib import doings
from sodertorn_lib.activities import FORMS, OUTCOMES, cancelled_or_moved, period_told
from sodertorn_lib.charts.charted import Draft, Speech, charted, drawable
from sodertorn_lib.charts.draw import plot_area
from sodertorn_lib.charts.placing import inches
from sodertorn_lib.charts.spec import Bars, Picture, Rows
from sodertorn_lib.charts.theme import (
    BLUE,
    GREY,
    GRID,
    INK,
    LABEL_SIZE,
    LINE,
    MUTED,
    ORANGE,
    SIZE,
    TEAL,
    text_width,
    wrapped,
)
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.formats import day, month
from sodertorn_lib.wording import phrase

__all__ = ["activities_by_outcome", "meetings_by_forum", "timeline"]

LANES = ["committee", "management", "planning", "climate", "business", "communication", "office"]
FORM_TONES = (BLUE, TEAL, ORANGE, MUTED)
KEY_LEFT = 0.01  # of the width of the axes
KEY_MARK, KEY_GAP = 0.18, 0.18  # inches: a mark, and from a text to the next mark
ELLIPSIS = " …"
CLEAR = 0.15  # inches from the middle of a mark to its name
OUTCOME_TONES = (BLUE, TEAL, ORANGE, MUTED, MUTED)  # done, begun, called off, and not done for other reasons


@charted
def activities_by_outcome(say: Speech, by_outcome: pd.DataFrame) -> Draft:
    """Draw the last year of `activities_by_outcome`, a row a focus area and a column an outcome."""
    data = drawable(say, by_outcome, "activities")
    return Draft(
        data, doings.plan(data), _counts(say, data, dict(zip(OUTCOMES, OUTCOME_TONES, strict=True)), "activities")
    )


@charted
def meetings_by_forum(say: Speech, by_forum: pd.DataFrame, counted: pd.DataFrame) -> Draft:
    """Draw the last year of `meetings_by_forum`, a row a forum and a column a form, with `meetings_counted`."""
    data = drawable(say, by_forum, "meetings")
    values = doings.meetings(data, counted, say.lang)
    return Draft(data, values, _counts(say, data, dict(zip(FORMS, FORM_TONES, strict=True)), "meetings"))


@charted
def timeline(say: Speech, events: pd.DataFrame) -> Draft:
    """Draw `events_of_year`, a lane a forum, but those without a month."""
    year = int(events["year"].max())
    dated = events["precision"].isin(["day", "month", "season"])
    data = events[dated].sort_values(["start_date", "event_id"], ignore_index=True)
    if data.empty:
        raise DataError(Fault(say.chart, "has no event with a date", "Fill in the table, or leave the chart out."))
    lost = cancelled_or_moved(events)
    lost = lost[lost["start_date"].dt.year == year]
    draw = partial(_lanes, data=data, lost=lost[lost["event_id"].isin(data["event_id"])], lang=say.lang)
    says = [_said(say, row) for row in data.to_dict("records")]
    return Draft(data, doings.timeline(data, lost, say.lang), Picture(draw, says))


def _counts(say: Speech, data: pd.DataFrame, tones: Mapping[str, str], total: str) -> Rows:
    """Return counts as bars apart: a column for each kind, in its tone, and their total as the last."""
    bars = [
        Bars(say.text(f"heading.{kind}"), list(data[kind]), [str(n or "") for n in data[kind]], [tone] * len(data))
        for kind, tone in tones.items()
    ]
    totals = say.text(f"heading.{total}"), [str(count) for count in data[total]]
    return Rows(say.label(data), bars, "apart", totals=totals)


def _said(say: Speech, event: Mapping[Any, Any]) -> str:
    """Return when an event was, as exactly as it is known, what it was, whose, and what became of it."""
    known = {"day": "%Y-%m-%d", "month": "%Y-%m"}.get(event["precision"])
    start = event["start_date"]
    when = start.strftime(known) if known else say.text("spring", year=start.year)
    status = phrase("values", event["status"], say.lang)
    return f"{when}: {event[f'label_{say.lang}']} ({say.text(event['forum_id'])}, {status})"


def _lanes(figure: Figure, highlighted: Sequence[str], data: pd.DataFrame, lost: pd.DataFrame, lang: str) -> None:
    year, lanes = int(data["year"].max()), [lane for lane in LANES if lane in set(data["forum_id"])]
    names = [phrase("timeline", lane, lang) for lane in lanes]
    period = period_told(year)
    wide = figure.get_figwidth() == SIZE[0]  # on a narrow sheet lanes are named over, not beside them
    room = {"left": text_width(names) + 0.27, "head": 0.05} if wide else {"right": 0.15, "head": 0.09}
    axes = figure.add_axes(plot_area(figure, foot=0.11, **room))
    axes.hlines(range(len(lanes)), *date2num(period), color=GRID, linewidth=1.2, zorder=0)
    axes.set_xlim(*date2num(period))
    _events(axes, data, lanes)
    axes.set_ylim(len(names) + 0.05, -1.05)
    named = _moves(axes, lost, lanes, lang)
    _key(axes, lang)
    _months(axes, pd.date_range(*period, freq="2MS"), named, lang)
    axes.set_yticks(range(len(names)), names if wide else [""] * len(names), color=INK, va="center")
    for lane, name in enumerate([] if wide else names):
        axes.text(date2num(period[0]), lane - 0.46, name, weight="bold")
    axes.spines["left"].set_visible(False)
    axes.set_xticks([])


def _months(axes: Axes, months: pd.DatetimeIndex, named: Sequence[Bbox], lang: str) -> None:
    """Name months under the lanes, and the year under its January, with a line that leaves out what is named there."""
    below, inch = axes.get_xaxis_transform(), 1 / inches(axes)[1]
    for first, x in zip(months, date2num(months), strict=True):
        axes.text(x, -0.1 * inch, month(first, lang), transform=below, va="top", color=MUTED)
        if first.month == 1:
            axes.text(x, -0.45 * inch, str(first.year), transform=below, va="top", weight="bold")
            last, first_lane = axes.get_ylim()
            names = sorted(tuple(box.intervaly) for box in named if box.x0 < x < box.x1)
            edges = [first_lane, *chain.from_iterable(names), last]
            axes.vlines([x] * (len(edges) // 2), edges[::2], edges[1::2], color=GREY, linewidth=1.2)


def _events(axes: Axes, data: pd.DataFrame, lanes: list[str]) -> None:
    """Draw a day as a point and a month or season as a bar under the points; what lay ahead is hollow."""
    repeats, wide = data.groupby(["forum_id", "start_date"]).cumcount(), data["precision"] != "day"
    placed = data.assign(
        y=data["forum_id"].map(lanes.index) + 0.24 * repeats + 0.2 * wide,
        start=date2num(data["start_date"]),
        days=(data["end_date"] - data["start_date"]).dt.days,
    )
    cancelled, ahead = placed["status"].isin(["cancelled", "postponed"]), placed["status"] == "planned"
    day = placed["precision"] == "day"
    for chosen, face, edge in ((~ahead & ~cancelled, BLUE, "white"), (ahead, "white", BLUE)):
        points, spans = placed[chosen & day], placed[chosen & ~day]
        axes.barh(spans["y"], spans["days"], 0.16, spans["start"], color=face, edgecolor=BLUE, linewidth=2, zorder=2)
        point: dict[str, Any] = {"markersize": 14, "color": face, "markeredgecolor": edge, "markeredgewidth": 2}
        axes.plot(points["start"], points["y"], "o", zorder=3, **point)
    lost = placed[cancelled]
    axes.plot(lost["start"], lost["y"], "X", markersize=17, color=ORANGE, markeredgecolor="white", zorder=4)


def _moves(axes: Axes, lost: pd.DataFrame, lanes: list[str], lang: str) -> list[Bbox]:
    """Name what was cancelled, with its date, over its mark or, for the next of its lane, under it; return where.

    An arrow goes to a new date.
    """
    named, points = [], np.ptp(axes.get_ylim()) / inches(axes)[1] / 72
    places = lost.sort_values("start_date").groupby("forum_id").cumcount()
    for event, place in zip(lost.to_dict("records"), places.reindex(lost.index), strict=True):
        start, y = date2num(event["start_date"]), lanes.index(event["forum_id"])
        text = _dated(event, lang, inches(axes)[0])
        left, right = _anchored(axes, start, text)
        over = 7, "baseline", (-LABEL_SIZE - 9, -1)  # how far up it is shifted, and from where down its letters reach
        shift, edge, (top, bottom) = over if place % 2 == 0 else (-11, "top", (11, LABEL_SIZE + 19))
        beside = offset_copy(axes.transData, axes.get_figure(root=True), y=shift, units="points")
        axes.text(left, y, text, transform=beside, va=edge, color=ORANGE)
        named.append(Bbox([[left, y + top * points], [right, y + bottom * points]]))
        if pd.notna(event["moved_to_start_date"]):
            end = date2num(event["moved_to_start_date"]) - 12
            axes.plot([start + 9, end], [y, y], color=ORANGE, linewidth=2, linestyle="--", zorder=1)
            axes.plot(end, y, ">", color=ORANGE, markersize=11, zorder=1)
    return named


def _dated(event: Mapping[Any, Any], lang: str, room: float) -> str:
    """Return an event with its date, as exactly as it is known, and as much of its name as the room in inches holds."""
    when = {"day": day, "month": month}.get(event["precision"])
    text = f"{when(event['start_date'], lang)}: {event[f'label_{lang}']}" if when else event[f"label_{lang}"]
    held, *more = wrapped(text, LABEL_SIZE, room - text_width(ELLIPSIS))
    return f"{held}{ELLIPSIS}" if more and text_width(text) > room else text


def _anchored(axes: Axes, start: float, text: str) -> tuple[float, float]:
    """Return where a text begins and ends: beside its mark, on the wider side, moved until it is inside."""
    first, last = axes.get_xlim()
    length, gap = (width / inches(axes)[0] * (last - first) for width in (text_width([text]), CLEAR))
    left = min(start + gap, last - length) if start < (first + last) / 2 else max(start - gap - length, first)
    return left, left + length


def _key(axes: Axes, lang: str) -> None:
    """Name the marks above the lanes, in as many rows as they need to stay on the sheet."""
    marks = {"done": ("o", BLUE, BLUE), "span": ("s", BLUE, BLUE), "planned": ("os", "white", BLUE)}
    marks |= {"cancelled": ("X", ORANGE, ORANGE)}
    width, height = inches(axes)
    edge = (1 - axes.get_position().x0) / axes.get_position().width
    x, row, placed = KEY_LEFT, 0, []
    for name, style in marks.items():
        said = phrase("timeline", name, lang)
        long = (text_width(said) + KEY_MARK * len(style[0])) / width
        x, row = (x, row) if x + long <= edge else (KEY_LEFT, row + 1)
        placed.append((x, row, said, style))
        x += KEY_GAP / width + long
    for x, own_row, said, (markers, face, edge) in placed:
        y = 1.055 + (row - own_row) * LINE / height
        point: dict[str, Any] = {"markersize": 12, "color": face, "markeredgecolor": edge, "markeredgewidth": 2}
        for place, marker in enumerate(markers):
            axes.plot(x + place * KEY_MARK / width, y, marker, **point, transform=axes.transAxes, clip_on=False)
        axes.text(x + len(markers) * KEY_MARK / width, y, said, transform=axes.transAxes, va="center", color=MUTED)
