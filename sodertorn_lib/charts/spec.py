"""What a chart plots, told so that any program can draw it: two frames, rows and lines, and the marks in them.

What only a picture can show, such as a map, is a `Picture` that draws itself and says what stands in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isnan
from typing import TYPE_CHECKING, Literal

from sodertorn_lib.charts.theme import FAINT, PALE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Place = Literal["end", "above", "below", "left", "free"]
Stroke = Literal["-", "--", "-.", ":", "", "_"]  # "_" is a point that is a short level stroke
SUBJECT = "subject_{}_{}"  # the id in an SVG of a part of what is drawn: the place of its subject, and which part


@dataclass(frozen=True)
class Bars:
    """One bar a category, NaN where there is none, with the text that stands at it."""

    name: str
    amounts: Sequence[float]
    labels: Sequence[str]  # one a category; an empty one is not shown
    tones: Sequence[str]  # one a category
    starts: Sequence[float] = ()  # where each bar begins, in a waterfall
    ahead: Sequence[bool] = ()  # forecasts: hatched
    faint: Sequence[bool] = ()  # what is not highlighted

    @property
    def known(self) -> list[int]:
        """Which categories have an amount."""
        return [place for place, amount in enumerate(self.amounts) if not isnan(amount)]


@dataclass(frozen=True)
class Rows:
    """Categories with one bar or several each, from nil: lying, standing, or apart in a column for each kind."""

    categories: Sequence[str]
    bars: Sequence[Bars]
    form: Literal["lying", "standing", "apart"] = "lying"
    about: Sequence[str] = ()  # what each category can be highlighted by; its own text unless told
    totals: tuple[str, Sequence[str]] = ("", ())  # of bars that stand apart: heading, and one a category


@dataclass(frozen=True)
class Scale:
    """An axis: its ends and the texts at its ticks; on a doubling one equal steps are doublings."""

    low: float
    high: float
    ticks: Mapping[float, str]
    doubling: bool = False


def before_colon(label: str) -> str:
    """Return the name in a label that says a name and an amount.

    >>> before_colon("income: SEK 2,012,800")
    'income'
    """
    return label.partition(":")[0]


@dataclass(frozen=True)
class Label:
    """A text at a point of a line."""

    text: str
    place: Place = "end"
    offset: tuple[float, float] = (0.0, 0.0)  # of a free one: inches from the point to the middle of its left edge


@dataclass(frozen=True)
class Line:
    """Points joined by a stroke; without a stroke, points alone."""

    name: str
    x: Sequence[float]
    y: Sequence[float]
    tone: str
    stroke: Stroke = "-"
    width: float = 3.5
    labels: Mapping[int, Label] = field(default_factory=dict)  # by the place of the point
    faint: bool = False

    @property
    def known(self) -> list[int]:
        """Which points there are."""
        return [place for place, value in enumerate(self.y) if not isnan(value)]


@dataclass(frozen=True)
class Band:
    """An interval along x."""

    name: str
    x: Sequence[float]
    lower: Sequence[float]
    upper: Sequence[float]
    tone: str
    faint: bool = False


@dataclass(frozen=True)
class Columns:
    """Bars along x, each from where it starts: stacked where that is the end of another."""

    name: str
    x: Sequence[float]
    starts: Sequence[float]
    amounts: Sequence[float]
    tone: str
    labels: Mapping[int, Label] = field(default_factory=dict)  # by the place of the bar
    faint: bool = False

    @property
    def ends(self) -> list[float]:
        """Where the bars end."""
        return [start + amount for start, amount in zip(self.starts, self.amounts, strict=True)]

    @property
    def y(self) -> list[float]:
        """The middles of the bars, where they are labelled."""
        return [start + amount / 2 for start, amount in zip(self.starts, self.amounts, strict=True)]


Mark = Line | Band | Columns  # what is faint has the tone of what is not highlighted


@dataclass(frozen=True)
class Lines:
    """Lines, bands and columns on one scale; several panels, by their headings, are small multiples."""

    x: Scale
    y: Scale
    panels: Mapping[str, Sequence[Mark]]
    about: Sequence[str] = ()  # what each panel can be highlighted by; its heading unless told


@dataclass(frozen=True)
class Picture:
    """What draws itself on a figure, with those to highlight; `says` has the texts on it for those who listen."""

    draw: Callable[[Figure, Sequence[str]], None]
    says: Sequence[str]
    about: Sequence[str] = ()
    highlighted: Sequence[str] = ()


Plot = Rows | Lines | Picture


def subjects(plot: Plot) -> list[str]:
    """Return what can be highlighted in a plot: its categories, its panels or its lines."""
    if isinstance(plot, Lines) and len(plot.panels) == 1:
        (marks,) = plot.panels.values()
        return [mark.name for mark in marks if isinstance(mark, Line | Columns)]
    own = {Rows: "categories", Lines: "panels"}.get(type(plot))
    return list(plot.about or (getattr(plot, own) if own else ()))


def emphasised(plot: Plot, names: Sequence[str]) -> Plot:
    """Return the plot with everything faint but what has one of the names.

    >>> plot = Rows(["Salem", "Tyresö"], [Bars("", [1, 2], ["1", "2"], ["#0B4F8A"] * 2)])
    >>> emphasised(plot, ["Salem"]).bars[0].faint
    [False, True]
    """
    faint = [name not in names for name in subjects(plot)]
    if isinstance(plot, Picture):
        return replace(plot, highlighted=names)
    if isinstance(plot, Rows):
        return replace(plot, bars=[replace(bars, faint=faint) for bars in plot.bars])
    if len(plot.panels) > 1:
        pairs = zip(plot.panels.items(), faint, strict=True)
        return replace(plot, panels={name: _faded(marks) if f else marks for (name, marks), f in pairs})
    ((heading, marks),) = plot.panels.items()
    own = [_faded([mark])[0] if isinstance(mark, Band) or mark.name not in names else mark for mark in marks]
    return replace(plot, panels={heading: own})


def is_hued(marks: Sequence[Mark]) -> bool:
    """Return whether marks are told apart by their hues, faint or not."""
    return len({mark.tone for mark in marks} & set(PALE)) > 1


def _faded(marks: Sequence[Mark]) -> list[Mark]:
    """Return the marks of a subject faint: in grey, or each in a paler tone of its own hue."""
    pale = PALE if is_hued(marks) else {}
    return [replace(mark, faint=True, tone=pale.get(mark.tone, FAINT)) for mark in marks]
