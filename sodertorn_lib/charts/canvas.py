"""The sheet that a chart is drawn on: theme, colours, title, subtitle and source line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.text import Text
from matplotlib.transforms import offset_copy

from sodertorn_lib.charts.plot import Plot
from sodertorn_lib.charts.wording import Words

__all__ = [
    "AHEAD_COLOUR",
    "BAND",
    "BLUE",
    "CLASSES",
    "GREY",
    "GRID",
    "INK",
    "LEFT",
    "MUTED",
    "ORANGE",
    "PANELS_A_ROW",
    "RIGHT",
    "ROW",
    "TEAL",
    "end_label",
    "horizontal_grid",
    "name_rows",
    "panels",
    "plot_area",
    "ranked_bars",
    "row_axes",
    "sheet",
    "spaced",
    "theme",
    "widest",
]

# Each at least 3:1 on white; blue, orange, teal and grey stay apart under the three colour-vision deficiencies.
BLUE, ORANGE, TEAL, GREY = "#0B4F8A", "#B94A06", "#147A6C", "#7A828C"
INK, MUTED, GRID = "#1A1F26", "#3D4650", "#D5D9DE"
AHEAD_COLOUR = ORANGE  # of hatched bars: forecasts whose year has not come
BAND = "#D3DFEB"  # an interval; its edge is drawn in the colour of its line
CLASSES = ("#F6FBFF", "#C3E0FD", "#94C5F5", "#67AAE9", "#408FD4")  # of a map; ink on each is at least 4.5:1
LEFT, RIGHT = 0.045, 0.955
TOP, BOTTOM = 0.935, 0.045
PANELS_A_ROW, PANEL = 4, 1.12  # small multiples: how many, and the width of one with its gap
ROW = PANEL * PANELS_A_ROW - (PANEL - 1)  # width of a row of them
TITLE_SIZE, SUBTITLE_SIZE, LABEL_SIZE = 28, 20, 18
PARAGRAPH: dict[str, Any] = {"va": "top", "linespacing": 0.95}

Box = tuple[float, float, float, float]

FAMILY = "Open Sans of the house"  # as in sodertorn.mplstyle
HOUSE = Path(__file__).resolve().parent.parent


@contextmanager
def theme() -> Iterator[None]:
    """Draw in the house style, whatever the user's own settings are."""
    _add_fonts()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_style())
        yield


def sheet(text: Words) -> Figure:
    """Return a figure with title, subtitle and source line; `plot_area` says what is left for the plot."""
    figure = Figure()
    FigureCanvasAgg(figure)
    title = _wrapped(figure, text.title, FontProperties(size=TITLE_SIZE, weight="bold"))
    subtitle = _wrapped(figure, text.subtitle, FontProperties(size=SUBTITLE_SIZE))
    source = _wrapped(figure, text.source, FontProperties(size=LABEL_SIZE))
    heading = figure.text(LEFT, TOP, title, size=TITLE_SIZE, weight="bold", gid="title", **PARAGRAPH)
    below = TOP - _height(figure, heading) - 0.015
    figure.text(LEFT, below, subtitle, size=SUBTITLE_SIZE, color=MUTED, gid="subtitle", **PARAGRAPH)
    figure.text(LEFT, BOTTOM, source, size=LABEL_SIZE, color=MUTED, gid="source", **PARAGRAPH | {"va": "bottom"})
    return figure


def plot_area(figure: Figure, *, left: float = LEFT, right: float = RIGHT, foot: float = 0.0, head: float = 0.0) -> Box:
    """Return left, bottom, width, height of the space between subtitle and source line, in figure fractions.

    `foot` and `head` keep room under and over the axes for tick labels and headings.
    """
    texts = {text.get_gid(): text for text in figure.texts}
    subtitle, source = texts["subtitle"], texts["source"]
    top = subtitle.get_position()[1] - _height(figure, subtitle) - 0.03 - head
    bottom = BOTTOM + _height(figure, source) + 0.025 + foot
    return left, bottom, right - left, top - bottom


def widest(figure: Figure, texts: Iterable[str]) -> float:
    """Return the width of the widest text at label size, as a fraction of the figure."""
    font = FontProperties(size=LABEL_SIZE)
    lines = [line for text in texts for line in text.split("\n")]
    return max(_width(figure.dpi, line, font) for line in lines) / figure.bbox.width


def ranked_bars(figure: Figure, plot: Plot) -> None:
    """Draw the bars of one series from the top down, named on the left and labelled at their ends."""
    (bars,) = plot.series
    axes = row_axes(figure, plot.categories, bars.labels)
    axes.barh(range(len(bars.amounts)), bars.amounts, height=0.66, color=bars.colour)
    for place, (value, text) in enumerate(zip(bars.amounts, bars.labels, strict=True)):
        end_label(axes, max(value, 0), place, text)
    name_rows(axes, plot.categories)


def row_axes(figure: Figure, labels: Sequence[str], texts: Sequence[str]) -> Axes:
    """Return axes that leave room for the names of rows on the left and the texts at bar ends on the right."""
    left, right = LEFT + widest(figure, labels) + 0.015, RIGHT - widest(figure, texts) - 0.015
    return figure.add_axes(plot_area(figure, left=left, right=right))


def name_rows(axes: Axes, labels: Sequence[str]) -> None:
    """Name rows of bars from the top down, with a line at nil for a value axis: direct labels carry the values."""
    axes.axvline(0, color=GREY, linewidth=1.2)
    axes.set_yticks(range(len(labels)), labels, color=INK, va="center")
    axes.set_ylim(len(labels) - 0.5, -0.5)
    axes.spines[["bottom", "left"]].set_visible(False)
    axes.set_xticks([])


def horizontal_grid(axes: Axes, pad: float = 12) -> None:
    """Let lines be read against a grid of heights, with the ticks of the years a little lower."""
    axes.tick_params(axis="x", pad=pad)
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)


def panels(names: Sequence[str], span: float, step: float) -> Iterator[tuple[str, float, float, bool, bool]]:
    """Yield each small multiple: name, x and y of its origin, whether it is in the first column, in the last row."""
    for place, name in enumerate(names):
        row, column = divmod(place, PANELS_A_ROW)
        yield name, PANEL * span * column, -step * row, column == 0, place >= len(names) - PANELS_A_ROW


def end_label(axes: Axes, x: float, y: float, text: str, color: str = INK) -> None:
    """Write a text just right of a point, usually the end of a bar."""
    beside = offset_copy(axes.transData, axes.get_figure(root=True), x=10, units="points")
    axes.text(x, y, text, transform=beside, va="center", color=color)


def spaced(values: Sequence[float], gap: float) -> list[float]:
    """Move values up until each is a gap above the one below it, so that labels at them do not collide."""
    placed: dict[int, float] = {}
    below = -np.inf
    for place in np.argsort(values):
        below = placed[int(place)] = max(values[place], below + gap)
    return [placed[place] for place in range(len(values))]


@cache
def _style() -> Any:
    return mpl.rc_params_from_file(HOUSE / "sodertorn.mplstyle", use_default_template=False)


@cache
def _add_fonts() -> None:
    """Add the fonts of the house under a name of their own, whatever edition of them the system has."""
    for path in sorted((HOUSE / "fonts").glob("*.ttf")):
        fontManager.addfont(path)
        fontManager.ttflist.append(replace(fontManager.ttflist.pop(), name=FAMILY))


@lru_cache(maxsize=4096)
def _width(dpi: float, line: str, font: FontProperties) -> float:
    width: float = RendererAgg(1, 1, dpi).get_text_width_height_descent(line, font, False)[0]
    return width


def _height(figure: Figure, text: Text) -> float:
    return text.get_window_extent().height / figure.bbox.height


def _wrapped(figure: Figure, text: str, font: FontProperties) -> str:
    """Break a text into lines of about the same length between the margins; no-break spaces hold."""
    room, width = figure.bbox.width * (RIGHT - LEFT), _width(figure.dpi, text, font)
    if width <= room:
        return text
    lines = _lines(figure, text, font, room)
    narrower = (_lines(figure, text, font, share * width / len(lines)) for share in (1.1, 1.2, 1.3))
    return "\n".join(next((fitting for fitting in narrower if len(fitting) == len(lines)), lines))


def _lines(figure: Figure, text: str, font: FontProperties, room: float) -> list[str]:
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".lstrip(" ")
        fits = _width(figure.dpi, longer, font) <= room
        lines[-1:] = [longer] if fits or not lines[-1] else [lines[-1], word]
    return lines
