"""What to say to a slide: the finding, what the chart shows, its numbers, and the caveat."""

from __future__ import annotations

from collections.abc import Iterator

from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.plot import Plot, Series
from sodertorn_lib.charts.wording import phrase
from sodertorn_lib.formats import number
from sodertorn_lib.publish.nativecharts import LEGENDS

__all__ = ["notes"]


def notes(chart: Chart, lang: str) -> list[str]:
    """Return a paragraph a line."""
    numbers = list(_numbers(chart.plot, lang) if chart.plot is not None else _pictured(chart))
    listed = [phrase("deck", "notes_numbers", lang) + ":", *numbers] if numbers else []
    caveat = f"{phrase('deck', 'caveats', lang)}: {chart.words.caveat}"
    return [chart.words.title, chart.words.alt, *listed, caveat, chart.words.source]


def _numbers(plot: Plot, lang: str) -> Iterator[str]:
    """Yield each category with its labels, as speaker notes say them."""
    for place, category in enumerate(plot.categories):
        said = [_said(series, place, plot, lang) for series in plot.series if series.labels[place]]
        if said:
            yield f"{_in_one_line(category)}: {', '.join(said)}"


def _pictured(chart: Chart) -> Iterator[str]:
    """Yield the texts on a picture that say a number and of what."""
    for text in (text.get_text() for axes in chart.figure.axes for text in axes.texts):
        if any(char.isdigit() for char in text) and any(char.isalpha() for char in text):
            yield _in_one_line(text)


def _said(series: Series, place: int, plot: Plot, lang: str) -> str:
    if plot.kind == "lines":
        return f"{series.name} {number(series.amounts[place], lang, 1 if series.amounts[place] % 1 else 0)}"
    named = f"{series.name} " if plot.kind in LEGENDS and len(plot.series) > 1 else ""
    return named + _in_one_line(series.labels[place])


def _in_one_line(text: str) -> str:
    return text.replace("–\n", "–").replace("\n", " ")
