"""Where a label beside a point of a line stands, so that no line runs through it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sodertorn_lib.charts.spec import Band, Line, Lines, Scale
from sodertorn_lib.charts.theme import PLOT_WIDTH, text_width

Offset = tuple[float, float]  # inches right of a point and above it, to the middle of the left edge of a text

GAP = 0.2  # inches between a text and what it names
NEAR = 0.14  # inches from a point, so that its mark is free
TALL = 0.4  # inches, a line of a text with some air
STEP, FURTHEST = 0.1, 1.0  # inches up and down
HEIGHTS = (2.8, 3.5, 4.2)  # inches that axes may have: title and subtitle take from them what they need


def inches(axes: Axes) -> tuple[float, float]:
    """Return the width and height of axes."""
    return axes.bbox.width / axes.figure.dpi, axes.bbox.height / axes.figure.dpi


def heights_on(scale: Scale, values: Sequence[float]) -> NDArray[np.float64]:
    """Return values as heights on a scale: on a doubling one equal steps are doublings."""
    heights = np.array(values, dtype=float)
    return np.log2(heights) if scale.doubling else heights


def beside(plot: Lines) -> tuple[float, float]:
    """Return the room in inches that lines leave for the texts at their ticks, and for those at their ends."""
    marks = [mark for marks in plot.panels.values() for mark in marks if not isinstance(mark, Band)]
    ends = [label.text for mark in marks for label in mark.labels.values() if label.place == "end"]
    return text_width(plot.y.ticks.values()) + GAP, text_width(ends) + 1.4 * GAP if ends else text_width(
        [*plot.x.ticks.values()][-1]
    ) / 2


def clear_offset(text: str, x: float, y: float, plot: Lines, room: float = PLOT_WIDTH) -> Offset:
    """Return the place nearest to a point at which a text is within the axes and no line crosses it, or fewest do.

    `room` is the width in inches of axes with the texts beside them.

    >>> from sodertorn_lib.charts.spec import Scale
    >>> level, scale = Line("level", [0, 10], [5, 5], "#0B4F8A"), Scale(0, 10, {0: "0"})
    >>> clear_offset("here", 5, 5, Lines(scale, scale, {"": [level]}))
    (0.14, 0.34)
    """
    width, wide = room - sum(beside(plot)), text_width(text)
    at = width * (x - plot.x.low) / (plot.x.high - plot.x.low)
    middle = min(max(-wide / 2, -at), width - wide - at)

    def crossed(offset: Offset) -> int:
        return sum(_crossings(offset, wide, x, y, plot, width, height) for height in HEIGHTS)

    near = [(right, 0.0) for right in (NEAR, -wide - NEAR)]
    steps = np.arange(TALL / 2 + NEAR, FURTHEST, STEP).round(2).tolist()
    away = [(right, sign * up) for up in steps for sign in (1, -1) for right in (NEAR, -wide - NEAR, middle)]
    within = [own for own in (*near, *away) if -at <= own[0] <= width - wide - at]
    return min(within, key=crossed)


def _crossings(offset: Offset, wide: float, x: float, y: float, plot: Lines, width: float, height: float) -> int:
    """Return how many lines cross a text in axes of a size, and ten more where it is above or below them."""
    per_x, per_y = width / (plot.x.high - plot.x.low), height / (plot.y.high - plot.y.low)
    left, middle = x + offset[0] / per_x, y + offset[1] / per_y
    low, high = middle - TALL / 2 / per_y, middle + TALL / 2 / per_y
    outside = low < plot.y.low or high > plot.y.high
    return 10 * outside + sum(_crosses(*edge, (left, left + wide / per_x), (low, high)) for edge in _edges(plot))


def _edges(plot: Lines) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    """Yield the lines of a plot and the bounds of its bands and columns, which are lines too."""
    for mark in (mark for marks in plot.panels.values() for mark in marks):
        if isinstance(mark, Line):
            yield mark.x, mark.y
        else:
            yield from (
                (mark.x, own)
                for own in ([mark.lower, mark.upper] if isinstance(mark, Band) else [mark.starts, mark.ends])
            )


def _crosses(x: Sequence[float], y: Sequence[float], across: tuple[float, float], up: tuple[float, float]) -> bool:
    """Return whether a line, of which the points go from left to right, has a part in a box."""
    left, right = max(across[0], x[0]), min(across[1], x[-1])
    if left > right:
        return False
    within = [*np.interp([left, right], x, y), *(own for at, own in zip(x, y, strict=True) if left < at < right)]
    return bool(min(within) <= up[1] and max(within) >= up[0])
