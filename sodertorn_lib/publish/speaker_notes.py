"""What to say to a slide: the finding, what is measured, its numbers, the caveat, and the source."""

from __future__ import annotations

from collections.abc import Iterator

from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.spec import Columns, Line, Lines, Plot, Rows
from sodertorn_lib.formats import number
from sodertorn_lib.wording import phrase

__all__ = ["speaker_notes"]


def speaker_notes(chart: Chart, lang: str) -> list[str]:
    """Return a paragraph a line."""
    numbers = [said.replace("\n", " ") for said in _numbers(chart.plot, lang)]
    listed = [phrase("deck", "notes_numbers", lang) + ":", *numbers] if numbers else []
    caveat = f"{phrase('deck', 'caveats', lang)}: {chart.words.caveat}"
    shows = phrase("deck", "notes_shows", lang, subtitle=chart.words.subtitle)
    return [f"{chart.words.title}.", shows, chart.words.alt, *listed, caveat, chart.words.source]


def _numbers(plot: Plot, lang: str) -> Iterator[str]:
    """Yield what stands in numbers on the chart, a line each."""
    if isinstance(plot, Rows):
        yield from _of_rows(plot, lang)
    elif isinstance(plot, Lines):
        for heading, marks in plot.panels.items():
            lines = [mark for mark in marks if isinstance(mark, Line)]
            told = [mark for mark in marks if isinstance(mark, Columns) or (isinstance(mark, Line) and mark.stroke)]
            points = [_point(heading, mark, place, lang) for mark in told for place in mark.labels]
            yield from points or [heading]
            for line in (line for line in lines if not line.stroke):
                said = [f"{line.x[place]}: {number(line.y[place], lang)}" for place in line.known]
                yield f"{line.name}: {', '.join(said)}"
    else:
        yield from plot.says


def _of_rows(plot: Rows, lang: str) -> Iterator[str]:
    """Yield each category with its labels, and whether it is a forecast; labels of lying bars name themselves."""
    heading, totals = plot.totals
    for place, category in enumerate(plot.categories):
        labelled = [bars for bars in plot.bars if bars.labels[place]]
        named = plot.form != "lying" and len(plot.bars) > 1
        said = [f"{bars.name} {bars.labels[place]}" if named else bars.labels[place] for bars in labelled]
        said += [f"{heading} {totals[place]}"] if totals else []
        ahead = any(bars.ahead and bars.ahead[place] for bars in plot.bars)
        forecast = f" ({phrase('deck', 'ahead', lang)})" if ahead else ""
        name = category.replace("–\n", "–").replace("\n", ", ")
        yield f"{name}{forecast}: {', '.join(said)}"


def _point(heading: str, line: Line | Columns, place: int, lang: str) -> str:
    """Return what is said of a point: its label if that says it all, else what it is of, where, and how much."""
    text, amount = line.labels[place].text, line.y[place]
    if not heading and any(map(str.isdigit, text)) and any(map(str.isalpha, text)):
        return text if str(line.x[place]) in text else f"{text} ({line.x[place]})"
    value = number(amount, lang, 1 if amount % 1 else 0)
    return f"{heading}{', ' if heading else ''}{line.name} {line.x[place]}: {value}"
