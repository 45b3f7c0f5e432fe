"""Maps of the municipalities: rates in at most five classes, in SWEREF 99 TM, each named with its value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from numpy.typing import NDArray

from sodertorn_lib.charts.canvas import CLASSES, INK, MUTED, plot_area, sheet, theme
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.wording import phrase, words
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.formats import kronor, number, percent

__all__ = ["class_bounds", "growth_and_fee_map"]

Ring = NDArray[np.float64]

STEPS = (0.1, 0.25, 0.5, 1, 2, 5, 10, 20)  # widths of a class, in per cent: the least that gives few enough classes
SHORE = "#8A9199"  # at least 3:1 on white, and ink that crosses it at least 4.5:1
# Where a name stands, and, if that is at sea, the point on land it belongs to: east and north in kilometres.
NAME_AT = {
    "0126": (678.6, 6582.5),
    "0127": (659.6, 6582.5),
    "0128": (643.8, 6582.5),
    "0136": (678.5, 6558.8),
    "0138": (695.0, 6582.5),
    "0140": (637.0, 6564.2),
    "0181": (640.5, 6549.5),
    "0192": (682.0, 6527.5),
}
LAND = {
    "0126": (675.0, 6569.0),
    "0127": (661.0, 6567.0),
    "0128": (652.0, 6572.5),
    "0138": (690.0, 6569.5),
    "0192": (665.5, 6528.5),
}
GAP = 1.09  # from one map to the next, in widths of a map
KEY = (694.0, 6524.0, 6.5, 2.6)  # the key of the classes: east, north, width and height of one, in kilometres


def growth_and_fee_map(
    growth: pd.DataFrame, fee: pd.DataFrame, boundaries: pd.DataFrame, rate: float, lang: str = "sv"
) -> Chart:
    """Draw two maps: `growth_between` of one span of years, and `fee_growth` at a rate; both with municipality."""
    data = pd.concat([growth.assign(kind="population"), fee.assign(kind="fee")], ignore_index=True)
    both = data.pivot(index="municipality", columns="kind", values="percent_per_year")
    ranked = fee.sort_values("percent_per_year", ascending=False)
    most, least, before, after = ranked.iloc[0], ranked.iloc[-1], growth.iloc[0], fee.iloc[0]
    values = {
        "rate": kronor(rate, lang),
        "most": most["municipality"],
        "most_percent": percent(most["percent_per_year"], lang, decimals=2),
        "least": least["municipality"],
        "least_percent": percent(least["percent_per_year"], lang, decimals=2),
        "first_year": str(before["first_year"]),
        "last_year": str(before["last_year"]),
        "first_fee_year": str(after["first_year"]),
        "last_fee_year": str(after["last_year"]),
        "slower": str((both["fee"] < both["population"]).sum()),
        "all": str(len(fee)),
    }
    text = words("growth_and_fee_map", lang, **values)
    headings = {kind: phrase("growth_and_fee_map", kind, lang, **values) for kind in ("population", "fee")}
    with theme():
        figure = sheet(text)
        _maps(figure, data, _rings(boundaries, data["municipality_code"]), headings, lang)
    return Chart("growth_and_fee_map", lang, text, data, figure)


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
            [Fault("boundaries.csv", "has no boundary", "Add its corners.", value=code) for code in lacking]
        )
    return rings


def _maps(
    figure: Figure, data: pd.DataFrame, rings: Mapping[str, list[Ring]], headings: Mapping[str, str], lang: str
) -> None:
    """Draw a map for each kind of rate, side by side on one sheet of axes, with one key."""
    corners = np.concatenate([ring for parts in rings.values() for ring in parts])
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    bounds = class_bounds(data["percent_per_year"])
    colours = CLASSES[len(CLASSES) + 1 - len(bounds) :]
    axes = figure.add_axes(plot_area(figure))
    axes.set_axis_off()
    axes.set_aspect("equal")
    for place, (kind, heading) in enumerate(headings.items()):
        shift = place * GAP * (east - west)
        axes.text(west + shift, north + 9.5, heading, weight="bold", va="bottom")
        for row in data[data["kind"] == kind].to_dict("records"):
            colour = colours[int(np.searchsorted(bounds, row["percent_per_year"], side="right")) - 1]
            _polygon(axes, [ring + np.array([shift, 0]) for ring in rings[row["municipality_code"]]], colour)
            name = f"{row['municipality']}\n{number(row['percent_per_year'], lang, 2)}"
            _name(axes, name, row["municipality_code"], rings, shift)
    _key(axes, bounds, colours, lang)
    axes.set_xlim(west - 1, east + GAP * (east - west) + 1)
    axes.set_ylim(south - 1, north + 13)


def _polygon(axes: Axes, rings: list[Ring], colour: str) -> None:
    """Draw an outline at sea, and over it the fill with a white border to its neighbours."""
    path = Path.make_compound_path(*[Path(np.vstack([ring, ring[:1]]), closed=True) for ring in rings])
    axes.add_patch(PathPatch(path, facecolor=colour, edgecolor=SHORE, linewidth=4, joinstyle="round", zorder=1))
    axes.add_patch(PathPatch(path, facecolor=colour, edgecolor="white", linewidth=1.5, zorder=2))


def _name(axes: Axes, name: str, code: str, rings: Mapping[str, list[Ring]], shift: float) -> None:
    """Name a municipality on its land, or at sea with a line to it."""
    x, y = NAME_AT.get(code, rings[code][0].mean(axis=0))
    style: dict[str, Any] = {"ha": "center", "va": "center", "linespacing": 0.95, "zorder": 4}
    if code in LAND:
        to_land = {"arrowstyle": "-", "color": INK, "linewidth": 1.5}
        anchor = LAND[code][0] + shift, LAND[code][1]
        axes.annotate(name, anchor, (x + shift, y), arrowprops=to_land, **style)
    else:
        axes.text(x + shift, y, name, **style)


def _key(axes: Axes, bounds: Ring, colours: Sequence[str], lang: str) -> None:
    """Draw the classes as a row of boxes with their bounds under them."""
    x, y, width, height = KEY
    decimals = 1 if np.allclose(bounds * 10 % 1, 0) else 2
    axes.text(x, y + height + 1, phrase("growth_and_fee_map", "key", lang), va="bottom", color=MUTED)
    for place, bound in enumerate(bounds):
        axes.text(x + place * width, y - 0.7, number(bound, lang, decimals), ha="center", va="top", color=MUTED)
    for place, colour in enumerate(colours):
        axes.add_patch(Rectangle((x + place * width, y), width, height, facecolor=colour, edgecolor=SHORE, linewidth=1))
