"""Maps of the municipalities: rates in at most five classes, in SWEREF 99 TM, each named with its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from numpy.typing import NDArray

from sodertorn_lib import findings
from sodertorn_lib.charts.charted import Draft, Speech, charted
from sodertorn_lib.charts.draw import plot_area
from sodertorn_lib.charts.spec import SUBJECT, Picture
from sodertorn_lib.charts.theme import CLASSES, INK, MUTED, SIZE
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.formats import number
from sodertorn_lib.wording import phrase

__all__ = ["growth_map"]

Ring = NDArray[np.float64]

STEPS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20)  # widths of a class, in per cent: the least that gives few enough classes
# Where a name stands, at sea so that no border runs through it, and the point on land that it belongs to: east and
# north in kilometres.
NAMES: Mapping[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "0126": ((680.2, 6585.5), (675.0, 6569.0)),
    "0127": ((660.0, 6585.5), (661.0, 6567.0)),
    "0128": ((641.8, 6585.5), (650.8, 6572.8)),
    "0136": ((711.5, 6566.5), (688.0, 6560.0)),
    "0138": ((698.5, 6585.5), (690.0, 6569.5)),
    "0140": ((624.0, 6585.5), (633.0, 6567.0)),
    "0181": ((636.0, 6531.5), (640.0, 6548.0)),
    "0192": ((682.0, 6527.5), (665.5, 6528.5)),
}
HALF = 8.0  # kilometres, half of a name
BORDER = 0.8  # points
CLASS = 10.5, 2.6  # the key of the classes: width and height of one, in kilometres
KEY, BELOW = (700.0, 6530.0), 6.0  # where it stands: east and north, but on a narrow sheet so far below the map


@charted
def growth_map(say: Speech, changes: pd.DataFrame, boundaries: pd.DataFrame) -> Draft:
    """Draw `growth_between` two years: each municipality in the class of its growth in per cent a year."""
    rings, said = (
        _rings(boundaries, changes["municipality_code"]),
        changes["percent_per_year"].map(lambda r: say.write(r, "%2")),
    )
    names = list(changes["municipality"])
    draw = partial(_map, data=changes, rings=rings, lang=say.lang)
    says = [f"{name}: {rate}" for name, rate in zip(names, said, strict=True)]
    return Draft(changes, findings.map_of_growth(changes), Picture(draw, says, names))


def class_bounds(values: pd.Series) -> NDArray[np.float64]:
    """Return the bounds of at most five classes of equal and round width; the last one stays open.

    >>> class_bounds(pd.Series([0.27, 1.99])).tolist()
    [0.0, 0.5, 1.0, 1.5, 2.0]
    """
    low, high = values.min(), values.max()
    for step in STEPS:
        bounds: NDArray[np.float64] = np.arange(np.floor(low / step), np.floor(high / step) + 2) * step
        if len(bounds) <= len(CLASSES) + 1:
            return bounds
    raise ValueError(f"{low} to {high} per cent a year is not how a population grows")


def _rings(boundaries: pd.DataFrame, needed: pd.Series) -> dict[str, list[Ring]]:
    """Return the rings of each municipality in kilometres, the largest part first."""
    corners = boundaries.sort_values(["municipality_code", "part", "point"])
    rings: dict[str, list[Ring]] = {}
    for (code, _), ring in corners.groupby(["municipality_code", "part"]):
        rings.setdefault(str(code), []).append(ring[["east_m", "north_m"]].to_numpy(float) / 1000)
    if lacking := sorted(set(needed) - set(rings)):
        raise DataError(
            *(Fault("boundaries.csv", "has no boundary", "Add its corners.", value=code) for code in lacking)
        )
    return rings


def _map(
    figure: Figure, highlighted: Sequence[str], data: pd.DataFrame, rings: Mapping[str, list[Ring]], lang: str
) -> None:
    """Draw the municipalities with their names and rates, and the key of the classes."""
    corners = np.concatenate([ring for parts in rings.values() for ring in parts])
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    bounds = class_bounds(data["percent_per_year"])
    colours = CLASSES[len(CLASSES) + 1 - len(bounds) :]
    axes = figure.add_axes(plot_area(figure))
    axes.set_axis_off()
    axes.set_aspect("equal")
    for place, row in enumerate(data.to_dict("records")):
        code, rate = row["municipality_code"], row["percent_per_year"]
        chosen = row["municipality"] in highlighted
        fill = _polygon(axes, rings[code], colours[int(np.searchsorted(bounds, rate, side="right")) - 1], chosen)
        name = _name(axes, f"{row['municipality']}\n{number(rate, lang, 2)}", code, rings, chosen)
        fill.set_gid(SUBJECT.format(place, 0))
        name.set_gid(SUBJECT.format(place, 1))
    key = KEY if figure.get_figwidth() == SIZE[0] else (west + 3, south - BELOW)
    _key(axes, key, bounds, colours, lang)
    named = [place[0] for code, (place, _) in NAMES.items() if code in rings]
    ends = [west - 1, key[0] - 1, key[0] + (len(colours) + 0.5) * CLASS[0] + 1, east + 1]
    axes.set_xlim(min([*ends, *(x - HALF for x in named)]), max([*ends, *(x + HALF for x in named)]))
    axes.set_ylim(min(south, key[1]) - 1, north + 12)


def _polygon(axes: Axes, rings: list[Ring], colour: str, chosen: bool) -> Artist:
    """Draw a fill with a border that stands out from every class and from any ground; what is chosen in ink."""
    path = Path.make_compound_path(*[Path(np.vstack([ring, ring[:1]]), closed=True) for ring in rings])
    edge = {"edgecolor": INK, "linewidth": 3, "zorder": 3} if chosen else {"edgecolor": MUTED, "linewidth": BORDER}
    return axes.add_patch(PathPatch(path, facecolor=colour, joinstyle="round", **edge))


def _name(axes: Axes, name: str, code: str, rings: Mapping[str, list[Ring]], chosen: bool) -> Artist:
    """Name a municipality at sea with a line to it; one whose place is not known on its land."""
    place, land = NAMES.get(code, (rings[code][0].mean(axis=0), None))
    style: dict[str, Any] = {"ha": "center", "va": "center", "linespacing": 0.95, "zorder": 4}
    style["weight"] = "bold" if chosen else "normal"
    line: dict[str, Any] | None = {"arrowstyle": "-", "color": INK, "linewidth": 1.5} if land else None
    return axes.annotate(name, land or place, place, arrowprops=line, **style)


def _key(axes: Axes, place: tuple[float, float], bounds: Ring, colours: Sequence[str], lang: str) -> None:
    """Draw the classes as a row of boxes with their bounds under them."""
    (x, y), (width, height) = place, CLASS
    decimals = 1 if np.allclose(bounds * 10 % 1, 0) else 2
    axes.text(x, y + height + 1, phrase("growth_map", "key", lang), va="bottom", color=MUTED)
    for step, bound in enumerate(bounds):
        axes.text(x + step * width, y - 0.7, number(bound, lang, decimals), ha="center", va="top", color=MUTED)
    edge: dict[str, Any] = {"edgecolor": MUTED, "linewidth": BORDER}
    for step, colour in enumerate(colours):
        axes.add_patch(Rectangle((x + step * width, y), width, height, facecolor=colour, **edge))
