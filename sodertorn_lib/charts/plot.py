"""What a chart plots, told in a way that any program that draws can follow: categories, series, labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Literal

__all__ = ["Plot", "Series"]


@dataclass(frozen=True)
class Series:
    """One amount a category, NaN where there is none, with the text that stands at it."""

    name: str
    amounts: Sequence[float]
    colour: str
    labels: Sequence[str]  # one an amount; an empty one is not shown
    ahead: Sequence[bool] = ()  # which amounts are forecasts: drawn hatched
    line: str = "-"  # style of a line; an empty one has points only

    @property
    def known(self) -> list[int]:
        """Which categories have an amount."""
        return [place for place, amount in enumerate(self.amounts) if not isnan(amount)]


@dataclass(frozen=True)
class Plot:
    """Bars lie, columns stand; those of a waterfall lie over each other, and the last series hides what is below.

    The categories of lines are whole numbers, such as years.
    """

    kind: Literal["bars", "columns", "stacked bars", "waterfall", "lines"]
    categories: Sequence[str]
    series: Sequence[Series]
