"""The labels of lines and bars, drawn with matplotlib: at ends, moved apart, and at points."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.transforms import offset_copy

from sodertorn_lib.charts.placing import heights_on, inches
from sodertorn_lib.charts.spec import Columns, Label, Line, Lines
from sodertorn_lib.charts.theme import INK, LINE, MUTED, spaced

BESIDE, FURTHER = 10, 20  # points between the end of a mark and its label, and where there is something between
MOVED = LINE / 3  # inches up or down from the end of a line, at which a label needs a line to it


def write_beside(axes: Axes, x: float, y: float, text: str, color: str = INK, points: float = BESIDE) -> None:
    """Write a text just right of a point, usually the end of a bar or a line; left of it where points are below nil."""
    beside = offset_copy(axes.transData, axes.get_figure(root=True), x=points, units="points")
    axes.text(x, y, text, transform=beside, va="center", ha="left" if points > 0 else "right", color=color)


def label_lines(axes: Axes, lines: Sequence[Line | Columns], plot: Lines) -> None:
    """Label the ends of lines, moved apart where they would collide, and the points that have a text."""
    low, high = axes.get_ylim()
    inch = (high - low) / inches(axes)[1]
    labelled = [(line, place, label) for line in lines for place, label in line.labels.items()]
    ends = [(line, place, label) for line, place, label in labelled if label.place == "end"]
    levels = [float(heights_on(plot.y, [line.y[place]])[0]) for line, place, _ in ends]
    heights = [(label.text.count("\n") + 1.33) * LINE * inch for *_, label in ends]
    up = [(y - level) / inch for level, y in zip(levels, spaced(levels, heights, high), strict=True)]
    dashes = any(isinstance(line, Line) and line.stroke == "_" for line in lines)
    points = FURTHER if dashes or any(abs(own) > MOVED for own in up) else BESIDE
    for (line, place, label), level, own in zip(ends, levels, up, strict=True):
        color, x = MUTED if line.faint else line.tone, line.x[place]
        write_beside(axes, x, level + own * inch, label.text, color, points)
        if abs(own) > MOVED:
            leader: dict[str, Any] = {"arrowstyle": "-", "color": color, "linewidth": 1, "shrinkA": 0, "shrinkB": 0}
            axes.annotate("", (x, level), (points - 3, 72 * own), textcoords="offset points", arrowprops=leader)
    for line, place, label in labelled:
        if label.place != "end":
            _annotate(axes, line, float(line.x[place]), float(heights_on(plot.y, [line.y[place]])[0]), label)


def _annotate(axes: Axes, line: Line | Columns, x: float, y: float, label: Label) -> None:
    right, up = label.offset
    sides: dict[str, tuple[tuple[float, float], dict[str, Any]]] = {
        "above": ((4, 12), {"ha": "left"}),
        "below": ((0, -14), {"ha": "center", "va": "top"}),
        "left": ((-14, 6), {"ha": "right"}),
        "free": ((72 * right, 72 * up), {"ha": "left", "va": "center"}),
    }
    offset, style = sides[label.place]
    color = MUTED if line.faint else line.tone
    axes.annotate(label.text, (x, y), offset, textcoords="offset points", color=color, **style)
