"""Draw a specification with matplotlib: the sheet with its words, and rows or lines on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from sodertorn_lib.charts.labels import BESIDE, label_lines, write_beside
from sodertorn_lib.charts.placing import GAP, beside, heights_on, inches
from sodertorn_lib.charts.spec import SUBJECT, Band, Bars, Columns, Line, Lines, Mark, Picture, Plot, Rows, Scale
from sodertorn_lib.charts.theme import (
    AHEAD_COLOUR,
    BANDS,
    FAINT,
    GREY,
    GRID,
    INK,
    LABEL_SIZE,
    MARGIN,
    MUTED,
    SIZE,
    SUBTITLE_SIZE,
    TITLE_SIZE,
    broken,
    text_width,
    theme,
)
from sodertorn_lib.wording import Words

LEFT = MARGIN / SIZE[0]
TOP, BOTTOM = 0.935, 0.045
EDGE = 0.1  # inches, the margins of a sheet without words
FOOT = 0.45  # inches, under axes with ticks
PANELS_A_ROW, PANEL = 4, 1.12  # small multiples: how many, and the width of one with its gap
PARAGRAPH: dict[str, Any] = {"va": "top", "linespacing": 0.95}
BARE = 3.0  # inches, the least that labels on both sides leave to lying bars
COLUMN = 0.8  # of the step along x, the width of a column

Box = tuple[float, float, float, float]


def drawn(words: Words, plot: Plot) -> Figure:
    """Return the figure, 13.33 x 7.5 inches."""
    with theme():
        figure = Figure()
        FigureCanvasAgg(figure)
        _write_words(figure, words)
        match plot:
            case Picture():
                plot.draw(figure, plot.highlighted)
            case Rows():
                {"lying": _lying, "standing": _standing, "apart": _apart}[plot.form](figure, plot)
            case Lines():
                (frame if len(plot.panels) == 1 else panels)(figure, plot)
    return figure


def plot_area(figure: Figure, *, left: float = 0.0, right: float = 0.0, foot: float = 0.0, head: float = 0.0) -> Box:
    """Return left, bottom, width, height of the space between subtitle and source line, in figure fractions.

    On a sheet without words that is all of it. `left` and `right` keep room beside the axes, in inches; `foot` and
    `head` under and over them, in fractions.
    """
    texts, (width, height) = {text.get_gid(): text for text in figure.texts}, figure.get_size_inches()
    margin, top, bottom = EDGE / width, 1 - EDGE / height - head, EDGE / height + foot
    if texts:
        subtitle, source = texts["subtitle"], texts["source"]
        margin, top = MARGIN / width, subtitle.get_position()[1] - _height(figure, subtitle) - 0.03 - head
        bottom = BOTTOM + _height(figure, source) + 0.025 + foot
    return margin + left / width, bottom, 1 - 2 * margin - (left + right) / width, top - bottom


def _write_words(figure: Figure, words: Words) -> None:
    title, subtitle = broken(words.title, TITLE_SIZE, bold=True), broken(words.subtitle, SUBTITLE_SIZE)
    heading = figure.text(LEFT, TOP, title, size=TITLE_SIZE, weight="bold", gid="title", **PARAGRAPH)
    below = TOP - _height(figure, heading) - 0.015
    figure.text(LEFT, below, subtitle, size=SUBTITLE_SIZE, color=MUTED, gid="subtitle", **PARAGRAPH)
    source = broken(words.source, LABEL_SIZE)
    figure.text(LEFT, BOTTOM, source, size=LABEL_SIZE, color=MUTED, gid="source", **PARAGRAPH | {"va": "bottom"})


def _height(figure: Figure, text: Text) -> float:
    return text.get_window_extent().height / figure.bbox.height


def _lying(figure: Figure, plot: Rows) -> None:
    """Draw rows from the top down, named on the left and labelled at the ends of their bars."""
    left = text_width(plot.categories) + GAP
    right = text_width(label for bars in plot.bars for label in bars.labels) + GAP
    axes = figure.add_axes(plot_area(figure, left=left, right=right))
    beside = _labels_below_nil(axes, plot)
    slot = 0.92 / len(plot.bars)
    height = 0.66 if len(plot.bars) == 1 else 0.9 * slot
    for place, bars in enumerate(plot.bars):
        rows = np.arange(len(bars.amounts)) + (place - (len(plot.bars) - 1) / 2) * slot
        starts = np.array(bars.starts or np.zeros(len(rows)))
        for known, style in styles(bars):
            about(axes.barh(rows[known], np.array(bars.amounts)[known], height, starts[known], **style), known, place)
        ends = starts + np.nan_to_num(bars.amounts)
        for row, end, highest, label in zip(rows, ends, np.maximum(starts, ends), bars.labels, strict=True):
            own = (end, -BESIDE) if beside and end < 0 else (max(highest, 0), BESIDE)
            write_beside(axes, own[0], row, label, points=own[1])
        for row, end in enumerate(ends[:-1] if bars.starts else ()):
            axes.plot([end, end], [row + 0.33, row + 0.67], color=GREY, linewidth=1.5)
    axes.axvline(0, color=GREY, linewidth=1.2)
    _name_rows(axes, plot.categories)


def _labels_below_nil(axes: Axes, plot: Rows) -> bool:
    """Make room for labels at the ends of bars below nil; return whether there was so much."""
    amounts = [0.0, *(bars.amounts[place] for bars in plot.bars for place in bars.known if not bars.starts)]
    below = [bars.labels[place] for bars in plot.bars for place in bars.known if bars.amounts[place] < 0]
    taken, wide = text_width(below) + GAP, inches(axes)[0]
    if min(amounts) == 0 or wide - taken < BARE:
        return False
    axes.set_xlim(min(amounts) - taken / (wide - taken) * (max(amounts) - min(amounts)), max(amounts))
    return True


def _standing(figure: Figure, plot: Rows) -> None:
    """Draw groups from the left, named under them, and in a group each bar by its name."""
    several, lines = len(plot.bars) > 1, max(name.count("\n") + 1 for name in plot.categories)
    axes = figure.add_axes(plot_area(figure, foot=0.05 * lines + 0.08 * several))
    slot = 0.84 / len(plot.bars)
    at: dict[str, Any] = {"textcoords": "offset points", "ha": "center"}
    for place, bars in enumerate(plot.bars):
        groups = np.arange(len(bars.amounts)) + (place - (len(plot.bars) - 1) / 2) * slot
        for known, style in styles(bars):
            axes.bar(groups[known], np.array(bars.amounts)[known], 0.94 * slot if several else 0.72, **style)
        for group, amount, label in zip(groups, np.nan_to_num(bars.amounts), bars.labels, strict=True):
            side: dict[str, Any] = {"va": "bottom"} if amount >= 0 else {"va": "top"}
            axes.annotate(label, (group, amount), (0, 8 if amount >= 0 else -8), **at | side)
            if several:
                axes.annotate(bars.name, (group, 0), (0, -8), va="top", **at)
    axes.set_xticks(range(len(plot.categories)), plot.categories, color=INK, weight="bold" if several else "normal")
    axes.tick_params(axis="x", pad=38 if several else 8)
    amounts = [amount for bars in plot.bars for amount in bars.amounts]
    axes.set_ylim(1.1 * min(0, np.nanmin(amounts)), 1.1 * max(0, np.nanmax(amounts)))
    if np.nanmin(amounts) < 0:
        axes.axhline(0, color=GREY, linewidth=1.2)
    axes.spines["left"].set_visible(False)
    axes.set_yticks([])


def _apart(figure: Figure, plot: Rows) -> None:
    """Draw each kind of bars in a column of its own, on one scale, and the totals in bold as the last."""
    head = 0.03 + 0.0425 * max(bars.name.count("\n") + 1 for bars in plot.bars)
    axes = figure.add_axes(plot_area(figure, left=text_width(plot.categories) + GAP, head=head))
    width, rows = 1.4 * max(1, np.nanmax([bars.amounts for bars in plot.bars])), range(len(plot.categories))
    heading, totals = plot.totals
    for place, bars in enumerate(plot.bars):
        axes.text(place * width, -0.75, bars.name, weight="bold", va="bottom")
        for known, style in styles(bars):
            axes.barh(np.array(rows)[known], np.array(bars.amounts)[known], 0.66, place * width, **style)
        axes.axvline(place * width, color=MUTED, linewidth=1.2)
        for row, amount, label in zip(rows, np.nan_to_num(bars.amounts), bars.labels, strict=True):
            axes.text(place * width + amount + 0.025 * width, row, label, va="center")
    axes.text(len(plot.bars) * width, -0.75, heading, weight="bold", va="bottom")
    for row, total in zip(rows, totals, strict=True):
        axes.text((len(plot.bars) + 0.025) * width, row, total, va="center", weight="bold")
    axes.set_xlim(0, width * (len(plot.bars) + 0.5))
    _name_rows(axes, plot.categories)


def about(marks: Iterable[Artist], rows: np.ndarray, part: int) -> None:
    """Say by an id which subject of the plot each mark is about, for a medium that highlights by itself."""
    for mark, row in zip(marks, np.flatnonzero(rows), strict=True):
        mark.set_gid(SUBJECT.format(row, part))


def styles(bars: Bars) -> list[tuple[np.ndarray, dict[str, Any]]]:
    """Return which bars are outcomes and which forecasts, each with how they are drawn."""
    known, count = ~np.isnan(np.array(bars.amounts, dtype=float)), len(bars.amounts)
    ahead = np.array(bars.ahead or [False] * count, dtype=bool)
    faint = bars.faint or [False] * count
    tones = np.array([FAINT if dim else tone for tone, dim in zip(bars.tones, faint, strict=True)])
    # a bar that is grey before others are faint becomes hollow; an edge makes a step of one krona visible
    hollow = np.array([dim and tone == GREY for tone, dim in zip(bars.tones, faint, strict=True)])
    edges = tones if bars.starts else np.where(hollow, GREY, "none")
    hatched = np.where(faint, FAINT, AHEAD_COLOUR)
    solid, striped = known & ~ahead, known & ahead
    found: list[tuple[np.ndarray, dict[str, Any]]] = []
    if solid.any():
        fill = np.where(hollow, "white", tones)
        found.append((solid, {"color": fill[solid], "edgecolor": edges[solid], "linewidth": 1.5}))
    if striped.any():
        hatching = {"facecolor": "white", "edgecolor": hatched[striped], "hatch": "//", "linewidth": 1.5}
        found.append((striped, hatching))
    return found


def _name_rows(axes: Axes, names: Sequence[str]) -> None:
    """Name rows from the top down; there is no value axis, as direct labels carry the values."""
    axes.set_yticks(range(len(names)), names, color=INK, va="center")
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.set_xticks([])


def frame(figure: Figure, plot: Lines, head: float = 0.0) -> None:
    """Draw lines and bands, with labels at their ends and a grid of heights."""
    ((_, marks),) = plot.panels.items()
    lines = [mark for mark in marks if isinstance(mark, Line | Columns)]
    left, right = beside(plot)
    axes = figure.add_axes(plot_area(figure, left=left, right=right, foot=FOOT / figure.get_figheight(), head=head))
    for mark in sorted(marks, key=lambda mark: not mark.faint):
        draw_mark(axes, mark, plot.y, 0, 0)
    axes.set_xlim(plot.x.low, plot.x.high)
    axes.set_ylim(*heights_on(plot.y, [plot.y.low, plot.y.high]))
    axes.set_xticks(list(plot.x.ticks), list(plot.x.ticks.values()))
    axes.set_yticks(heights_on(plot.y, list(plot.y.ticks)), list(plot.y.ticks.values()))
    axes.tick_params(axis="x", pad=12)
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)
    label_lines(axes, lines, plot)


def panels(figure: Figure, plot: Lines, columns: int = PANELS_A_ROW) -> None:
    """Draw small multiples on one sheet of axes: each moved to its place in rows of so many columns."""
    low, high = heights_on(plot.y, [plot.y.low, plot.y.high])
    span, step, columns = plot.x.high - plot.x.low, 1.5 * (high - low), min(columns, len(plot.panels))
    axes = figure.add_axes(plot_area(figure, left=text_width(plot.y.ticks.values()) + GAP))
    axes.set_axis_off()
    for place, (heading, marks) in enumerate(plot.panels.items()):
        row, column = divmod(place, columns)
        x0, y0 = PANEL * span * column - plot.x.low, -step * row
        heights = y0 + heights_on(plot.y, list(plot.y.ticks))
        axes.hlines(heights, x0 + plot.x.low, x0 + plot.x.high, color=GRID, linewidth=1)
        faint = any(mark.faint for mark in marks)
        style: dict[str, Any] = {"color": MUTED} if faint else {"weight": "bold"}
        drawn = [artist for mark in marks for artist in draw_mark(axes, mark, plot.y, x0, y0)]
        drawn.append(axes.text(x0 + plot.x.low, y0 + high + 0.04 * step, heading, va="bottom", **style))
        for part, artist in enumerate(drawn):
            artist.set_gid(SUBJECT.format(place, part))
        for height, text in zip(heights, plot.y.ticks.values(), strict=True) if column == 0 else ():
            axes.text(x0 + plot.x.low - 0.03 * span, height, text, ha="right", va="center", color=MUTED)
        if place >= len(plot.panels) - columns:
            below = y0 + low - 0.06 * step
            axes.text(x0 + plot.x.low, below, plot.x.ticks[plot.x.low], va="top", color=MUTED)
            axes.text(x0 + plot.x.high, below, plot.x.ticks[plot.x.high], ha="right", va="top", color=MUTED)
    rows = -(-len(plot.panels) // columns)
    axes.set_xlim(0, span * (PANEL * columns - (PANEL - 1)))
    axes.set_ylim(low - step * (rows - 1) - 0.22 * step, high + 0.2 * step)


def draw_mark(axes: Axes, mark: Mark, scale: Scale, x0: float, y0: float) -> Sequence[Artist]:
    """Draw a line, points, a band or columns, moved to the origin of its panel; return what it consists of."""
    tone, x = mark.tone, x0 + np.array(mark.x)
    if isinstance(mark, Band):
        lower, upper = (y0 + heights_on(scale, bound) for bound in (mark.lower, mark.upper))
        fill = GRID if mark.faint else BANDS[mark.tone]
        return [axes.fill_between(x, lower, upper, facecolor=fill, edgecolor=tone, linewidth=1)]
    if isinstance(mark, Columns):
        sizes = zip(x - COLUMN / 2, y0 + np.array(mark.starts), mark.amounts, strict=True)
        # over the grid; as artists, since limits are set and patches would each be asked for theirs
        return [axes.add_artist(Rectangle((x, y), COLUMN, height, facecolor=tone, zorder=2)) for x, y, height in sizes]
    style: dict[str, Any] = {"linestyle": mark.stroke, "linewidth": mark.width}
    if mark.stroke == "":
        style = {"marker": "o", "linestyle": "none", "markersize": 10, "clip_on": False}
    elif mark.stroke == "_":
        style = {"marker": "_", "linestyle": "none", "markersize": 26, "markeredgewidth": 5, "clip_on": False}
    return axes.plot(x, y0 + heights_on(scale, mark.y), color=tone, **style)
