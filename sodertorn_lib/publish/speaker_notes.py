"""What to say to a slide, in whole sentences: the finding, how to read it, its limit; then its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.spec import Columns, Line, Lines, Mark, Plot, Rows
from sodertorn_lib.formats import number
from sodertorn_lib.wording import phrase

__all__ = ["aloud", "numbers_on", "speaker_notes"]

AMOUNT = r"[−+]?\d[\d\N{NO-BREAK SPACE},.]*(?<![,.\N{NO-BREAK SPACE}])"
MONEY = re.compile(rf"SEK\N{{NO-BREAK SPACE}}(?P<sek>{AMOUNT})|(?P<kr>{AMOUNT})\N{{NO-BREAK SPACE}}kr\b")
SIGNS = {  # as one reads them
    "percents": re.compile("\N{NO-BREAK SPACE}%-"),
    "percent": re.compile("\N{NO-BREAK SPACE}?%"),
    "plus": re.compile(r"\+(?=\d)"),
    "minus": re.compile(r"−(?=\d)"),
    "times": re.compile(" × "),
    "and": re.compile(" · "),
}


def speaker_notes(chart: Chart, known: Sequence[str], lang: str) -> list[str]:
    """Return a paragraph a line; `known` are sentences on differences that show on the slide."""
    words, numbers = chart.words, [said.replace("\n", " ") for said in numbers_on(chart.plot, lang)]
    caveat = f"{phrase('deck', 'caveats', lang)}: {words.caveat}"
    listed = [f"{phrase('deck', 'notes_numbers', lang)}:", *numbers] if numbers else []
    return [f"{words.title}. {words.spoken}", *known, caveat, words.source, *listed]


def aloud(text: str, lang: str) -> str:
    """Return a text with its units and signs in words.

    >>> aloud("Huddinge pays the most, SEK\N{NO-BREAK SPACE}451,392 (+1.7%)", "en")
    'Huddinge pays the most, 451,392 kronor (plus 1.7 per cent)'
    """
    text = MONEY.sub(lambda amount: _kronor(amount["sek"] or amount["kr"], lang), text)
    for name, sign in SIGNS.items():
        text = sign.sub(phrase("deck", f"aloud.{name}", lang), text)
    return text


def numbers_on(plot: Plot, lang: str) -> Iterator[str]:
    """Yield what stands in numbers on the chart, a line each."""
    if isinstance(plot, Rows):
        yield from _of_rows(plot, lang)
    elif isinstance(plot, Lines):
        for heading, marks in plot.panels.items():
            yield from _of_panel(heading, marks, lang)
    else:
        yield from plot.says


def _kronor(amount: str, lang: str) -> str:
    return f"{amount} {phrase('deck', 'aloud.krona' if amount == '1' else 'aloud.kronor', lang)}"


def _of_panel(heading: str, marks: Sequence[Mark], lang: str) -> Iterator[str]:
    """Yield the labelled points of a panel, else what its heading says, else its last ones; then points alone."""
    told = [mark for mark in marks if isinstance(mark, Columns) or (isinstance(mark, Line) and mark.stroke)]
    points = [_point(heading, mark, place, lang) for mark in told for place in mark.labels]
    yield from points or [heading if any(map(str.isdigit, heading)) else _last(heading, told, lang)]
    for line in (mark for mark in marks if isinstance(mark, Line) and not mark.stroke):
        said = [f"{line.x[place]}: {number(line.y[place], lang)}" for place in line.known]
        yield f"{line.name}: {', '.join(said)}"


def _last(heading: str, told: Sequence[Line | Columns], lang: str) -> str:
    """Return the last point of each line of a panel but those at nil; lines of one name are one line."""
    own = [mark for mark in told if isinstance(mark, Columns) or any(mark.y)]
    named = {mark.name: (mark.x[-1], mark.amounts[-1] if isinstance(mark, Columns) else mark.y[-1]) for mark in own}
    said = (f"{name} {year}: {number(amount, lang, 1)}" for name, (year, amount) in named.items())
    return f"{heading}: {'; '.join(said)}"


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
