"""The narrow edition of a chart: the plot alone, its texts as large on a sheet half as wide, for a small screen.

What stands beside rows and lines on a wide sheet stands over them here: names over bars, a key over lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, isnan, nan
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from sodertorn_lib.charts.draw import EDGE, about, draw_mark, frame, panels, styles
from sodertorn_lib.charts.labels import write_beside
from sodertorn_lib.charts.placing import GAP, clear_offset
from sodertorn_lib.charts.spec import Band, Bars, Columns, Label, Line, Lines, Mark, Picture, Plot, Rows, Scale
from sodertorn_lib.charts.theme import GREY, LABEL_SIZE, LINE, SIZE, broken, text_width, theme

WIDTH = SIZE[0] / 2  # inches
ROOM = WIDTH - 2 * EDGE
TALL, FRAME, PANEL = 10.0, 4.5, 2.1  # inches, heights: of a picture, of axes under a key, of a small multiple
COLUMNS = 2  # of small multiples
BAR, SAMPLE = 0.25, 0.8  # inches: the height of a bar, the width of what a key shows
WIDEST = 0.7  # of the room, the label of a bar


def narrow(plot: Plot) -> Figure:
    """Return the figure, 6.67 inches wide; what a picture does not need of its height is left blank."""
    with theme():
        figure = Figure((WIDTH, TALL))
        FigureCanvasAgg(figure)
        match plot:
            case Picture():
                plot.draw(figure, plot.highlighted)
            case Rows():
                _listed(figure, plot)
            case Lines() if len(plot.panels) > 1:
                figure.set_figheight(PANEL * ceil(len(plot.panels) / COLUMNS))
                panels(figure, plot, COLUMNS)
            case Lines():
                _keyed(figure, plot)
    return figure


def _listed(figure: Figure, plot: Rows) -> None:
    """Draw rows from the top down, each name over its bars, and at the ends of bars what they say."""
    axes, bars = figure.add_axes((EDGE / WIDTH, 0, ROOM / WIDTH, 1)), _named(plot)
    at, down = np.full((len(bars), len(plot.categories)), nan), 0.0
    for row, name in enumerate(plot.categories):
        heading = broken(name.replace("–\n", "–"), LABEL_SIZE, bold=True, room=ROOM)
        style: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "top", "weight": "bold"}
        axes.text(0, down, heading, **style)
        for total in plot.totals[1][row : row + 1]:
            axes.text(1, down, f"{plot.totals[0]}: {total}", ha="right", **style)
        first = down = down + _tall(heading)
        for place, own in enumerate(bars):
            if own.labels[row] or not isnan(own.amounts[row]):
                tall = max(BAR, _tall(own.labels[row]))
                at[place, row], down = down + tall / 2, down + tall
        axes.plot([0, 0], [first, down], color=GREY, linewidth=1.2)
        down += GAP
    _bars(axes, bars, at)
    axes.set_ylim(down, 0)
    axes.set_axis_off()
    figure.set_figheight(down)


def _named(plot: Rows) -> list[Bars]:
    """Return bars with labels of a width that fits, which name the bar where on a wide sheet its place does."""
    by_place = plot.form == "apart" or (plot.form == "standing" and len(plot.bars) > 1)
    named = []
    for own in plot.bars:
        before = f"{own.name}: ".replace("\n", " ") if by_place else ""
        labels = [broken(f"{before}{label}", LABEL_SIZE, room=WIDEST * ROOM) if label else "" for label in own.labels]
        amounts = [nan if by_place and not label else amount for label, amount in zip(labels, own.amounts, strict=True)]
        named.append(replace(own, labels=labels, amounts=amounts))
    return named


def _bars(axes: Axes, bars: Sequence[Bars], at: np.ndarray) -> None:
    """Draw bars at their heights, as long as leaves room for the label of each."""
    starts = np.array([own.starts or [0.0] * len(own.amounts) for own in bars])
    amounts = np.array([own.amounts for own in bars])
    widths = np.array([[text_width(label) for label in own.labels] for own in bars])
    tops = np.maximum(starts, starts + np.nan_to_num(amounts)).clip(0)
    low = min(0.0, np.min(starts), np.nanmin(starts + amounts))
    reach = np.max((tops - low) / (ROOM - GAP - widths)) or 1.0  # where all is nil
    axes.set_xlim(low, low + ROOM * reach)
    for place, own in enumerate(bars):
        for known, style in styles(own):
            about(axes.barh(at[place][known], amounts[place][known], BAR, starts[place][known], **style), known, place)
        for top, y, label in zip(tops[place], at[place], own.labels, strict=True):
            write_beside(axes, top, y, label)


def _tall(text: str) -> float:
    return LINE * (text.count("\n") + 1) if text else 0.0


def _keyed(figure: Figure, plot: Lines) -> None:
    """Draw lines and bands under a key of the labels that on a wide sheet stand at the ends, the highest first."""
    ((heading, marks),) = plot.panels.items()
    lines = [mark for mark in marks if not isinstance(mark, Band)]
    labelled = [(mark, at, label) for mark in lines for at, label in mark.labels.items() if label.place != "above"]
    labelled.sort(key=lambda own: -own[0].y[own[1]])
    room = ROOM - SAMPLE - GAP
    entries = [(mark, broken(label.text.replace("\n", " "), LABEL_SIZE, room=room)) for mark, _, label in labelled]
    key = sum(_tall(text) for _, text in entries)
    figure.set_figheight(key + FRAME)
    _write_key(figure.add_axes((EDGE / WIDTH, FRAME / (key + FRAME), ROOM / WIDTH, key / (key + FRAME))), entries, key)
    bare = [mark if isinstance(mark, Band) else _without_ends(mark, plot) for mark in marks]
    frame(figure, replace(plot, x=_thinned(plot.x), panels={heading: bare}), head=key / (key + FRAME) + 0.04)


def _write_key(axes: Axes, entries: Sequence[tuple[Line | Columns, str]], height: float) -> None:
    down = 0.0
    for mark, text in entries:
        middle = down + LINE / 2
        draw_mark(axes, _sample(mark, middle), Scale(0, 1, {}), 0, 0)
        axes.text(SAMPLE + GAP, down, text, va="top")
        down += _tall(text)
    axes.set_xlim(0, ROOM)
    axes.set_ylim(height, 0)
    axes.set_axis_off()


def _sample(mark: Line | Columns, y: float) -> Mark:
    """Return a piece of a mark at a height in inches."""
    if isinstance(mark, Columns):
        return replace(mark, x=[SAMPLE / 2], starts=[y - BAR / 2], amounts=[BAR], labels={})
    x = [SAMPLE / 2] if mark.stroke in ("", "_") else [0.1, SAMPLE]
    return replace(mark, x=x, y=[y] * len(x), labels={})


def _without_ends(mark: Line | Columns, plot: Lines) -> Mark:
    """Return a mark with the labels above its points alone, each where no line crosses it."""
    above = {at: label.text for at, label in mark.labels.items() if label.place == "above"}
    clear = {at: clear_offset(text, mark.x[at], mark.y[at], plot, ROOM) for at, text in above.items()}
    return replace(mark, labels={at: Label(text, "free", clear[at]) for at, text in above.items()})


def _thinned(scale: Scale) -> Scale:
    """Return a scale with as many of its ticks, from the first on, as have room for their texts."""
    needed = sum(text_width(text) + GAP for text in scale.ticks.values())
    return replace(scale, ticks=dict([*scale.ticks.items()][:: ceil(needed / (ROOM - 1.2))]))
