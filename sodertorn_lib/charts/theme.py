"""The look of the house: colours, fonts, sizes, and how wide a text is in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.font_manager import fontManager, get_font
from matplotlib.ft2font import LoadFlags

# Each at least 3:1 on white; blue, orange, teal and grey stay apart under the three colour-vision deficiencies.
BLUE, ORANGE, TEAL, GREY = "#0B4F8A", "#B94A06", "#147A6C", "#7A828C"
INK, MUTED, GRID, PAPER = "#1A1F26", "#3D4650", "#D5D9DE", "#FFFFFF"
AHEAD_COLOUR = ORANGE  # of hatched bars: forecasts whose year has not come
BANDS = {
    BLUE: "#D3DFEB",
    ORANGE: "#F3DDCB",
    TEAL: "#D0E5E1",
}  # intervals, by the line that they are about; their edge is in its colour
FAINT = GREY  # what is not highlighted
PALE = {BLUE: "#6D95B9", ORANGE: "#CE8051", TEAL: "#4F9B91"}  # the same where two hues must stay apart; 3:1 on white
CLASSES = ("#F6FBFF", "#C3E0FD", "#94C5F5", "#67AAE9", "#408FD4")  # of a map; ink on each is at least 4.5:1
TITLE_SIZE, SUBTITLE_SIZE, LABEL_SIZE = 28, 20, 18
SIZE = (13.33334, 7.5)  # inches, as in sodertorn.mplstyle
MARGIN = 0.6  # inches, left and right
PLOT_WIDTH = SIZE[0] - 2 * MARGIN

FAMILY = "Open Sans of the house"  # as in sodertorn.mplstyle
HOUSE = Path(__file__).resolve().parent.parent
FONTS = HOUSE / "fonts"
LINE = 0.33  # inches, the height of a line of a label
DPI = 96  # at which texts are measured


@contextmanager
def theme() -> Iterator[None]:
    """Draw in the house style, whatever the user's own settings are."""
    _add_fonts()
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_style())
        yield


def text_width(texts: str | Iterable[str], size: float = LABEL_SIZE, *, bold: bool = False) -> float:
    """Return the width in inches of the widest line of the texts; 0 if there is none."""
    texts = [texts] if isinstance(texts, str) else texts
    return max((_line_width(line, size, bold) for text in texts for line in text.split("\n")), default=0.0)


def broken(text: str, size: float, *, bold: bool = False, room: float = PLOT_WIDTH) -> str:
    """Break a text into lines of about the same length, none wider than the room in inches; no-break spaces hold."""
    width = text_width(text, size, bold=bold)
    if width <= room:
        return text
    lines = wrapped(text, size, room, bold=bold)
    shares = range(10, 10 * len(lines))  # tenths of lines of one length
    narrower = (wrapped(text, size, min(room, share / 10 * width / len(lines)), bold=bold) for share in shares)
    return "\n".join(next((fitting for fitting in narrower if len(fitting) == len(lines)), lines))


def wrapped(text: str, size: float, room: float, *, bold: bool = False) -> list[str]:
    """Return the lines of a text in a room of so many inches, each as full as it gets."""
    words, lines = text.split(" "), []
    while words:
        longer = range(2, len(words) + 1)
        count = 1 + bisect_right(longer, room, key=lambda words_in: _line_width(" ".join(words[:words_in]), size, bold))
        lines.append(" ".join(words[:count]))
        words = words[count:]
    return lines


def spaced(levels: Sequence[float], heights: Sequence[float], top: float) -> list[float]:
    """Move the middles of labels apart so that none collides: as few and as little as that takes, none above the top.

    >>> spaced([1, 1.5, 9], [2, 2, 2], 10)
    [0.25, 2.25, 9.0]
    >>> spaced([3, 4, 6], [2, 2, 2], 10)
    [2.0, 4.0, 6.0]
    >>> spaced([1, 10], [2, 2], 10)
    [1.0, 9.0]
    """
    order = np.argsort(levels, kind="stable")
    steps = [0.0, *((heights[below] + heights[above]) / 2 for below, above in pairwise(order))]
    offsets, runs = np.cumsum(steps)[: len(levels)], list[list[float]]()
    for level, offset in zip(np.array(levels, dtype=float)[order], offsets, strict=True):
        runs.append([level - offset])
        while len(runs) > 1 and median(runs[-2]) > median(runs[-1]):  # they touch, and move together
            runs[-2:] = [runs[-2] + runs[-1]]
    highest = min((top - heights[own] / 2 - offsets[-1] for own in order[-1:]), default=0.0)
    placed = np.empty(len(levels))
    placed[order] = offsets + [min(median(run), highest) for run in runs for _ in run]
    return list(placed.tolist())


@cache
def _style() -> Any:
    return mpl.rc_params_from_file(HOUSE / "sodertorn.mplstyle", use_default_template=False)


@cache
def _add_fonts() -> None:
    """Add the fonts of the house under a name of their own, whatever edition of them the system has."""
    for path in sorted(FONTS.glob("*.ttf")):
        fontManager.addfont(path)
        fontManager.ttflist.append(replace(fontManager.ttflist.pop(), name=FAMILY))


@lru_cache(maxsize=4096)
def _line_width(line: str, size: float, bold: bool) -> float:
    font = get_font(str(FONTS / f"OpenSans-{'Bold' if bold else 'Regular'}.ttf"))
    font.set_size(size, DPI)
    font.set_text(line, flags=LoadFlags.NO_HINTING)
    return font.get_width_height()[0] / 64 / DPI
