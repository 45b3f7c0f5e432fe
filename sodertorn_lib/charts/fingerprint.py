"""A chart told in text: every word, bar, line, point and colour, where it is, how large, and what lies over what.

nbval compares text and ignores pictures; this text is how it sees a chart. Pixels, fonts and the versions of
matplotlib leave no trace in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis, Tick
from matplotlib.collections import Collection, LineCollection, PathCollection
from matplotlib.colors import to_hex, to_rgba
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text
from numpy.typing import ArrayLike


def fingerprint(name: str, lang: str, alt: str, figure: Figure) -> str:
    """Return a chart as text."""
    width, height = figure.get_size_inches()
    lines = [f"Chart {name} ({lang}), {width:.2f} x {height:.2f} in{_ground(figure.patch, '#ffffffff')}"]
    lines += [f"{text.get_gid()}: {_words(text)}" for text in figure.texts]
    lines += [f"alt: {alt}"]
    lines += [f"{text.get_gid()}{_set(text)}" for text in figure.texts]
    for place, axes in enumerate(figure.axes, 1):
        lines += [f"axes {place}: {line}" for line in _axes(axes)]
    return "\n".join(lines)


def _axes(axes: Axes) -> Iterator[str]:
    place = _numbers(np.round(axes.get_position().bounds, 2))
    yield f"at {place}, sides {_sides(axes)}{_ground(axes.patch, 'none')}{_state(axes)}"
    for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        yield from _axis(name, axis, shown=axes.axison and axis.get_visible())
    titles = [text for text in axes.get_children() if isinstance(text, Text) and text not in axes.texts]
    yield from (f"title {_words(text)}{_style(text)}{_seen(text)}" for text in titles if text.get_text())
    yield from _bars(axes.patches)
    yield from (_line(line) for line in axes.lines)
    yield from (_collection(collection) for collection in axes.collections)
    texts = [text for text in axes.texts if text.get_text() or _arrow(text)]
    yield from (f"text {_words(text) or 'none'}{_set(text)}{_arrow(text)}" for text in texts)


def _sides(axes: Axes) -> str:
    if not axes.axison:
        return "and ticks off"
    if not axes.get_frame_on():
        return "off"
    drawn = {name: spine for name, spine in axes.spines.items() if spine.get_visible()}
    lines = _once(f" {_colours([side.get_edgecolor()])} {side.get_linewidth():g}" for side in drawn.values())
    return f"{' '.join(drawn) or 'none'}{lines}"


def _ground(ground: Patch, usual: str) -> str:
    """Return the colour behind all, where it is another than usual."""
    *_, opacity = to_rgba(ground.get_facecolor())
    colour = _colours([ground.get_facecolor()]) if ground.get_visible() and opacity else "none"
    return "" if colour == usual else f", ground {colour}"


def _axis(name: str, axis: Axis, *, shown: bool) -> Iterator[str]:
    """Yield what is in view on an axis; unless it is shown, its span is all."""
    low, high = axis.get_view_interval()
    ticks = _ticks(axis) if shown else []
    yield f"{name} from {low:.7g} to {high:.7g}, {axis.get_scale()}{_grid(ticks)}"
    labels = [(label, tick.get_loc()) for tick in ticks for label in (tick.label1, tick.label2)]
    labels = [(label, at) for label, at in labels if label.get_visible() and label.get_text()]
    words = " | ".join(f"{_words(label)} at {_placed(at, low, high)}" for label, at in labels)
    styles = _once(f"{_style(label)}{_seen(label)}" for label, _ in labels)
    yield from [f"{name} ticks {words}{styles}"] if labels else []
    if shown and axis.label.get_text():
        yield f"{name} axis {_words(axis.label)}{_style(axis.label)}{_seen(axis.label)}"


def _ticks(axis: Axis) -> list[Tick]:
    axis.get_ticklabels()  # sets the ticks to what locates and words them
    low, high = sorted(axis.get_view_interval())
    edge = (high - low) / 1e9
    return [tick for tick in axis.get_major_ticks() if low - edge <= tick.get_loc() <= high + edge]


def _grid(ticks: Sequence[Tick]) -> str:
    drawn = [tick for tick in ticks if tick.gridline.get_visible()]
    lines = _once(f"{_stroke(tick.gridline)}{_seen(tick.gridline)}" for tick in drawn)
    some = "" if len(drawn) == len(ticks) else f" at {_numbers([tick.get_loc() for tick in drawn])}"
    return f", grid {lines}{some}" if drawn else ""


def _bars(patches: Iterable[Patch]) -> Iterator[str]:
    for patch in patches:
        if isinstance(patch, Rectangle):
            x, y = patch.get_xy()
            span = _numbers([x, x + patch.get_width(), y, y + patch.get_height()])
            hatch = f" hatched {patch.get_hatch()}" if patch.get_hatch() else ""
            yield f"bar {_filled(patch)}{hatch} {span}{_state(patch)}"
        else:
            yield f"{type(patch).__name__} {_filled(patch)} {_numbers(patch.get_path().vertices)}{_state(patch)}"


def _line(line: Line2D) -> str:
    style = _stroke(line)
    if line.get_marker() != "None":
        marker = _colours([line.get_markerfacecolor()]), _colours([line.get_markeredgecolor()])
        style += f" {line.get_marker()} {line.get_markersize():g} {' '.join(marker)}"
    return f"line {style} x {_numbers(line.get_xdata())} y {_numbers(line.get_ydata())}{_state(line)}"


def _stroke(line: Line2D) -> str:
    return f"{_colours([line.get_color()])} {line.get_linestyle()} {line.get_linewidth():g}"


def _collection(collection: Collection) -> str:
    colours = f"{_colours(collection.get_facecolor())} {_colours(collection.get_edgecolor())}"
    if isinstance(collection, PathCollection):
        sizes = _numbers(np.unique(collection.get_sizes()))
        return f"points {colours} {sizes} {_numbers(collection.get_offsets())}{_state(collection)}"
    kind = "segments" if isinstance(collection, LineCollection) else "area"
    wide = _numbers(np.unique(collection.get_linewidth()))
    shapes = " ".join(_numbers(path.vertices) for path in collection.get_paths())
    return f"{kind} {colours} {wide} {shapes}{_state(collection)}"


def _filled(patch: Patch) -> str:
    return f"{_colours([patch.get_facecolor()])} {_colours([patch.get_edgecolor()])} {patch.get_linewidth():g}"


def _set(text: Text) -> str:
    """Return where a text is, in units of what it belongs to, by which of its sides, and how it is written."""
    spans = [axis.get_view_interval() for axis in (text.axes.xaxis, text.axes.yaxis)] if text.axes else [(0, 1)] * 2
    at = (*text.get_unitless_position(), *np.ravel(getattr(text, "xy", ())))
    place = " ".join(_placed(float(side), *span) for side, span in zip(at, spans * 2, strict=False))
    sides = f"{text.get_horizontalalignment()} {text.get_verticalalignment()}"
    return f" at {place} {sides}{_style(text)}{_state(text)}"


def _arrow(text: Text) -> str:
    arrow = getattr(text, "arrow_patch", None)
    return f", arrow {_filled(arrow)}{_seen(arrow)}" if arrow else ""


def _placed(side: float, low: float, high: float) -> str:
    """Return a place in three digits, or in three of its axis where those say more: a font leaves no trace.

    >>> _placed(18_293.4, 18_262, 18_627), _placed(1_672_345, 0, 6_000_000)
    ('18293', '1670000')
    """
    decimals = max(2 - math.floor(math.log10(size)) for size in (abs(side), abs(high - low)) if size)
    return f"{round(side, decimals):.9g}"


def _style(text: Text) -> str:
    turned = f", turned {text.get_rotation():g}" if text.get_rotation() else ""
    return f", {to_hex(text.get_color())} {text.get_fontsize():g} pt {text.get_fontweight()}{turned}"


def _state(artist: Artist) -> str:
    return f", z {artist.get_zorder():g}{_seen(artist)}"


def _seen(artist: Artist) -> str:
    """Return whether an artist is hidden or lets something through."""
    hidden = "" if artist.get_visible() else ", hidden"
    clear = "" if artist.get_alpha() in (None, 1) else f", alpha {artist.get_alpha():g}"
    return f"{hidden}{clear}"


def _once(told: Iterable[str]) -> str:
    """Return what is told of several: once, where it is the same of all.

    >>> _once(["red", "red"]), _once(["red", "blue"])
    ('red', 'red | blue')
    """
    each = list(told)
    return " | ".join(each[:1] if len({*each}) == 1 else each)


def _words(text: Text) -> str:
    return text.get_text().replace("\n", " ")


def _colours(colours: Iterable[Any]) -> str:
    return " ".join(sorted({to_hex(colour, keep_alpha=True) for colour in colours}))


def _numbers(values: ArrayLike) -> str:
    return " ".join(f"{value:.7g}" for value in np.asarray(values, dtype=float).ravel())
