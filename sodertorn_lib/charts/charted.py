"""Make a chart of what a function drafts: its words, what is highlighted, and a refusal of what could not be read."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from itertools import count
from math import floor, log10
from typing import Any, NamedTuple

import pandas as pd

from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.draw import PANELS_A_ROW
from sodertorn_lib.charts.spec import Columns, Line, Lines, Plot, Rows, emphasised, subjects
from sodertorn_lib.charts.theme import LABEL_SIZE, LINE, PLOT_WIDTH, SUBTITLE_SIZE, TITLE_SIZE, text_width, wrapped
from sodertorn_lib.edits import edited
from sodertorn_lib.errors import DataError, Fault, columns_named, require_known
from sodertorn_lib.formats import LANGUAGES, UNITS
from sodertorn_lib.wording import FORMATS, Variant, Words, phrase, words

OPTIONS = """

    `lang` is sv or en. `title` and `subtitle` replace those of the house; `highlight`, a name or several, leaves the
    rest faint; `unit` is kr, tkr or mkr where kronor are shown. The alt text follows. Raises DataError for a name, a
    language or a unit that there is not, and for what would be too crowded to read."""
ROOM, WORDS = 4.6, 4.0  # inches, the height of the space for rows, and the most that what is said around them takes
NARROWEST = 0.25  # of the width of the plot: what names and labels must leave to the bars
MOST_PANELS, MOST_TONES = 12, 4
TICKS = 8  # of an axis, at most
YEAR_STEPS = 4  # between the years that are marked, at most


class Need(NamedTuple):
    """What a plot needs to be read, in inches, what there is in the house's, and whether that is across or down."""

    what: str
    inches: float
    there: float
    across: bool


class Draft(NamedTuple):
    """What a chart is made of: the table that is drawn, the named values of its words, and the plot."""

    data: pd.DataFrame
    values: Mapping[str, Any]
    plot: Plot


@dataclass(frozen=True)
class Speech:
    """The words and numbers of one chart, in its language and unit."""

    chart: str
    lang: str
    unit: str

    def text(self, key: str, **values: Any) -> str:
        """Return a text of the chart."""
        return phrase(self.chart, key, self.lang, unit=self.unit, **values)

    def column(self, name: str) -> str:
        """Return what a column is called."""
        return phrase("columns", name, self.lang)

    def label(self, table: pd.DataFrame) -> list[str]:
        """Return the labels of the rows in the language."""
        return list(table[f"label_{self.lang}"])

    def write(self, value: Any, spec: str) -> str:
        """Return a value as a placeholder with the same format writes it."""
        return FORMATS[spec](value, self.lang, self.unit)


def charted(draft: Callable[..., Draft]) -> Callable[..., Chart]:
    """Make a chart function of one that takes a `Speech` and measured tables and returns a `Draft`."""
    _, *tables = inspect.signature(draft).parameters.values()
    signature = inspect.signature(_options)
    signature = signature.replace(parameters=[*tables, *signature.parameters.values()])

    @wraps(draft)
    def chart(*arguments: Any, **named: Any) -> Chart:
        bound = signature.bind(*arguments, **named)
        bound.apply_defaults()
        given = dict(bound.arguments)
        return _chart(draft, [given.pop(table.name) for table in tables], **given)

    chart.__signature__ = signature  # type: ignore[attr-defined]
    chart.__doc__ = f"{draft.__doc__}{OPTIONS}"
    return chart


def highlighted(chart: Chart, names: Sequence[str]) -> Chart:
    """Return a chart with all but what has one of the names faint; raise DataError for a name that it lacks.

    >>> from sodertorn_lib import charts, load_fee_rates, load_population, membership_fees
    >>> chart = charts.fee_by_municipality(membership_fees(load_population(), load_fee_rates(year=2020)), "en")
    >>> highlighted(chart, ["Salem"]).words.alt[-20:]
    ' Highlighted: Salem.'
    """
    named, there = [_plain(text) for text in names], {_plain(subject): subject for subject in subjects(chart.plot)}
    require_known(f"{chart.name}, highlight", named, there)
    alt = f"{chart.words.alt} {phrase('common', 'highlighted', chart.lang, names=named)}"
    plot = emphasised(chart.plot, [there[text] for text in named])
    return replace(chart, words=replace(chart.words, alt=alt), plot=plot)


def disagreeing(chart: Chart) -> Chart:
    """Return a chart whose source line and alternative text say that its figures do not agree.

    >>> from sodertorn_lib import charts, load_fee_rates, load_population, membership_fees
    >>> chart = charts.fee_by_municipality(membership_fees(load_population(), load_fee_rates(year=2020)), "en")
    >>> disagreeing(chart).words.source[-25:]
    'The figures do not agree.'
    """
    return replace(chart, words=_warning(chart.words, "disagrees", chart.lang))


def _warning(said: Words, key: str, lang: str) -> Words:
    warning = phrase("common", key, lang)
    return replace(said, source=f"{said.source} {warning}", alt=f"{said.alt} {warning}")


def drawable(speech: Speech, data: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows of the last year that have an amount; raise DataError where there is none."""
    last = data.loc[data["year"] == data["year"].max()]
    filled: pd.DataFrame = last.dropna(subset=[column]).reset_index(drop=True)
    if filled.empty:
        problem = f"needs a row with {column}, and there is none"
        raise DataError(Fault(speech.chart, problem, "Fill in the table, or leave the chart out."))
    return filled


def steps(low: float, high: float) -> list[float]:
    """Return round values from at most low to at least high, few enough for an axis.

    >>> steps(-120, 1000)
    [-200.0, 0.0, 200.0, 400.0, 600.0, 800.0, 1000.0]
    """
    smallest = 1 if low == high else max(1, floor(log10((high - low) / TICKS)))
    for step in (10.0**power * digit for power in count(smallest) for digit in (1, 2, 5)):
        first, last = int(low // step), int(-(-high // step))
        if last - first < TICKS:
            break
    return [step * place for place in range(first, last + 1)]


def year_ticks(years: Sequence[int]) -> dict[float, str]:
    """Return years for an axis: both its ends, and steps back from the last, even ones where there are any.

    >>> list(year_ticks(range(2020, 2031))), list(year_ticks(range(2023, 2037)))
    ([2020, 2025, 2030], [2023, 2028, 2032, 2036])
    """
    first, last = years[0], years[-1]
    least = max(1, -(-(last - first) // YEAR_STEPS))
    step = next((step for step in range(least, 2 * least + 1) if (last - first) % step == 0), least)
    return {year: str(year) for year in sorted({first, *range(last, first + step // 2, -step)})}


def _options(
    lang: str = "sv",
    *,
    title: str | None = None,
    subtitle: str | None = None,
    highlight: str | Sequence[str] = (),
    unit: str = "kr",
) -> Chart:
    """Stand for what every chart function takes after its tables."""
    raise NotImplementedError


def _chart(
    draft: Callable[..., Draft],
    tables: list[pd.DataFrame],
    lang: str,
    title: str | None,
    subtitle: str | None,
    highlight: str | Sequence[str],
    unit: str,
) -> Chart:
    name = draft.__name__
    require_known(f"{name}, language", [lang], LANGUAGES)
    require_known(f"{name}, unit", [unit], UNITS)
    given = "; ".join(", ".join(map(str, table.columns)) for table in tables)
    with columns_named(name, f"Give what help(charts.{name}) names, not {given}."):
        data, values, plot = draft(Speech(name, lang, unit), *tables)
    if unit != "kr" and not any("_sek" in str(column) for column in data):
        raise DataError(Fault(name, "shows no kronor", "Leave the unit out.", value=unit))
    said = words(name, lang, {**values, "unit": unit, "unit_name": Variant(unit)})
    if edited():
        said = _warning(said, "edited", lang)
    alt = f"{title}. {said.alt}" if title else said.alt
    said = replace(said, title=title or said.title, subtitle=subtitle or said.subtitle, alt=alt)
    _refuse_crowded(name, [*needs(plot), _needed_by_words(said)], plot)
    chart = Chart(name, lang, said, data, plot)
    return highlighted(chart, [highlight] if isinstance(highlight, str) else highlight) if highlight else chart


def _plain(text: str) -> str:
    """Return a text on one line, with plain spaces, as one would type it."""
    return " ".join(text.replace("–\n", "–").split())


def needs(plot: Plot) -> Iterable[Need]:
    """Yield what a plot needs so that nothing is drawn on top of another."""
    if isinstance(plot, Rows):
        yield from _needed_by_rows(plot)
    elif isinstance(plot, Lines):
        yield from _needed_by_lines(plot)


def _refuse_crowded(name: str, needed: Iterable[Need], plot: Plot) -> None:
    """Raise DataError for what would be drawn on top of each other, or in colours that cannot be told apart."""
    if isinstance(plot, Rows) and plot.form != "apart" and len(plot.bars) > MOST_TONES:
        problem = f"would need {len(plot.bars)} colours, and {MOST_TONES} can be told apart"
        raise DataError(Fault(name, problem, "Choose fewer years."))
    for what, inches, there, _ in needed:
        if inches > there:
            problem = f"would need {inches:.1f} inches for {what}, and there are {there:.1f}"
            raise DataError(Fault(name, problem, "Choose fewer years, rates or municipalities, or shorter texts."))


def _needed_by_words(words: Words) -> Need:
    texts = (words.title, TITLE_SIZE), (words.subtitle, SUBTITLE_SIZE), (words.source, LABEL_SIZE)
    lines = [(len(wrapped(text, size, PLOT_WIDTH, bold=size == TITLE_SIZE)), size) for text, size in texts]
    height = sum(count * size * LINE / LABEL_SIZE for count, size in lines)
    return Need("its title, subtitle and source", height, WORDS, across=False)


def _needed_by_rows(plot: Rows) -> Iterable[Need]:
    names, texts = plot.categories, [label for bars in plot.bars for label in bars.labels]
    if plot.form == "standing":
        widest = max(text_width(texts), text_width(bars.name for bars in plot.bars) if len(plot.bars) > 1 else 0)
        slots, filled = len(plot.bars) * len(names), 0.84 if len(plot.bars) > 1 else 0.96
        yield Need("its labels", (widest + 0.05) * slots / filled, PLOT_WIDTH, across=True)
    else:
        lying = plot.bars if plot.form == "lying" else plot.bars[:1]
        labels = [sum(len(bars.labels[row].splitlines()) for bars in lying) for row in range(len(names))]
        lines = sum(max(name.count("\n") + 1, own) for name, own in zip(names, labels, strict=True))
        yield Need("its rows", 0.9 * LINE * lines, ROOM, across=False)
        beside, bars = text_width(names) + text_width(texts), NARROWEST * PLOT_WIDTH
        yield Need("its names and labels", beside, PLOT_WIDTH - bars, across=True)


def _needed_by_lines(plot: Lines) -> Iterable[Need]:
    if len(plot.panels) > 1:
        columns = min(PANELS_A_ROW, len(plot.panels))
        yield Need("its headings", columns * text_width(plot.panels, bold=True), PLOT_WIDTH, across=True)
        yield Need("its panels", len(plot.panels) / MOST_PANELS * ROOM, ROOM, across=False)
    else:
        labels = [
            label.text
            for marks in plot.panels.values()
            for mark in marks
            if isinstance(mark, Line | Columns)
            for label in mark.labels.values()
            if label.place == "end"
        ]
        yield Need("the labels of its lines", LINE * sum(text.count("\n") + 1 for text in labels), ROOM, across=False)
        yield Need("the names of its lines", text_width(labels), (1 - NARROWEST) * PLOT_WIDTH, across=True)
