"""A chart told in text: every word, bar, line, point and colour, in the order in which it was drawn.

nbval compares text and ignores pictures; this text is how it sees a chart. Pixels, fonts and the versions of
matplotlib leave no trace in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import Collection, LineCollection, PathCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike


def fingerprint(name: str, lang: str, alt: str, figure: Figure) -> str:
    """Return a chart as text."""
    width, height = figure.get_size_inches()
    lines = [f"Chart {name} ({lang}), {width:.2f} x {height:.2f} in"]
    lines += [f"{text.get_gid()}: {_words(text)}" for text in figure.texts]
    lines += [f"alt: {alt}"]
    for place, axes in enumerate(figure.axes, 1):
        lines += [f"axes {place}: {line}" for line in _axes(axes)]
    return "\n".join(lines)


def _axes(axes: Axes) -> Iterator[str]:
    for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        low, high = axis.get_view_interval()
        grid = ", grid" if any(line.get_visible() for line in axis.get_gridlines()) else ""
        yield f"{name} from {low:.7g} to {high:.7g}, {axis.get_scale()}{grid}"
        ticks = [_words(label) for label in axis.get_ticklabels() if label.get_text()]
        yield from [f"{name} ticks {' | '.join(ticks)}"] if ticks else []
    yield from _bars(axes.patches)
    yield from (_line(line) for line in axes.lines)
    yield from (_collection(collection) for collection in axes.collections)
    yield from (f"text {to_hex(text.get_color())} {_words(text)}" for text in axes.texts if text.get_text())


def _bars(patches: Iterable[Patch]) -> Iterator[str]:
    for patch in patches:
        if isinstance(patch, Rectangle):
            x, y = patch.get_xy()
            span = _numbers([x, x + patch.get_width(), y, y + patch.get_height()])
            hatch = f" hatched {patch.get_hatch()}" if patch.get_hatch() else ""
            yield f"bar {_colours([patch.get_facecolor()])} {_colours([patch.get_edgecolor()])}{hatch} {span}"
        else:
            yield f"{type(patch).__name__} {_colours([patch.get_edgecolor()])} {_numbers(patch.get_path().vertices)}"


def _line(line: Line2D) -> str:
    style = f"{_colours([line.get_color()])} {line.get_linestyle()} {line.get_linewidth():g}"
    if line.get_marker() != "None":
        style += f" {line.get_marker()} {line.get_markersize():g} {_colours([line.get_markeredgecolor()])}"
    return f"line {style} x {_numbers(line.get_xdata())} y {_numbers(line.get_ydata())}"


def _collection(collection: Collection) -> str:
    colours = f"{_colours(collection.get_facecolor())} {_colours(collection.get_edgecolor())}"
    if isinstance(collection, PathCollection):
        return f"points {colours} {_numbers(collection.get_offsets())}"
    kind = "segments" if isinstance(collection, LineCollection) else "area"
    return f"{kind} {colours} {' '.join(_numbers(path.vertices) for path in collection.get_paths())}"


def _words(text: Text) -> str:
    return text.get_text().replace("\n", " ")


def _colours(colours: Iterable[Any]) -> str:
    return " ".join(sorted({to_hex(colour, keep_alpha=True) for colour in colours}))


def _numbers(values: ArrayLike) -> str:
    return " ".join(f"{value:.7g}" for value in np.asarray(values, dtype=float).ravel())
