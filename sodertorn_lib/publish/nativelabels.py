"""Labels of charts that PowerPoint draws: as the language writes numbers, and where they do not collide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LABEL_POSITION as AT
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from sodertorn_lib.charts.palette import HOUSE, Palette, contrast
from sodertorn_lib.charts.spec import Bars, Line, Scale
from sodertorn_lib.charts.theme import INK, LABEL_SIZE, LINE, MUTED, PAPER, spaced
from sodertorn_lib.formats import number

__all__ = ["MANUAL", "NAMESPACE", "Look", "label_bars", "label_lines", "number_format", "tick_format"]

SEPARATORS = {"sv": "\N{NO-BREAK SPACE}", "en": ","}
NAMESPACE = nsdecls("c")
MANUAL = f"<c:layout {NAMESPACE}><c:manualLayout>{{}}</c:manualLayout></c:layout>"
BILLION = 1e9  # from here, below zero and between whole numbers the formats would write otherwise than the language
ABOVE = 0.06  # of the height of the chart: over a line
SIDES = {"end": (AT.RIGHT, 0.0), "above": (AT.RIGHT, ABOVE), "left": (AT.LEFT, ABOVE), "below": (AT.BELOW, 0.0)}


@dataclass(frozen=True)
class Look:
    """How a chart is shown on its ground: its colours by those of the house, and how large beside the house's.

    `wide` is how much wider than the house's the font may be. `themed` says that the text of the template's theme
    stands out there, so that it may stay the theme's, and `panel` that the chart needs a ground of its own.
    """

    palette: Palette = field(default_factory=lambda: HOUSE)
    scale: float = 1.0
    wide: float = 1.0
    themed: bool = True
    panel: bool = False

    @property
    def size(self) -> Any:
        """The size of labels."""
        return Pt(round(LABEL_SIZE * self.scale * 2) / 2)

    def rgb(self, colour: str) -> Any:
        """Return a colour of the house as it is here, as PowerPoint takes it."""
        return RGBColor.from_string(self.palette[colour].lstrip("#").upper())

    def ink(self, colour: Any) -> None:
        """Give a text the colour of text."""
        if self.themed:
            colour.theme_color = MSO_THEME_COLOR.TEXT_1
        else:
            colour.rgb = self.rgb(INK)

    def ink_on(self, colour: Any, tone: str) -> None:
        """Give a text that stands on a tone the colour that can be read there."""
        readable = max((PAPER, INK), key=lambda ink: contrast(ink, self.palette[tone]))
        colour.rgb = RGBColor.from_string(readable.lstrip("#"))


def number_format(amounts: Sequence[float], texts: Sequence[str], lang: str) -> str | None:
    """Return the number format that writes all amounts as the texts do, if there is one.

    It writes thousands out with the separators of the slide's language, on every computer.

    >>> number_format([7, 1500], ["SEK 7", "SEK 1,500"], "en")
    '[>=999999.5]"SEK "0","000","000;[>=999.5]"SEK "0","000;"SEK "0'
    """
    if not all(amount % 1 == 0 and 0 <= amount < BILLION for amount in amounts):
        return None
    before, _, after = texts[-1].partition(number(amounts[-1], lang))
    if list(texts) != [f"{before}{number(amount, lang)}{after}" for amount in amounts]:
        return None
    start, end, mark = (text and f'"{text}"' for text in (before, after, SEPARATORS[lang]))
    millions, thousands, ones = (f"{start}{mark.join(['0', *['000'] * groups])}{end}" for groups in (2, 1, 0))
    return f"[>=999999.5]{millions};[>=999.5]{thousands};{ones}"


def tick_format(scale: Scale, lang: str) -> str | None:
    """Return the number format for the ticks of an axis; years are plain, and one of them may have a text."""
    ticks = {float(value): text for value, text in scale.ticks.items()}
    named = [f'[={value:g}]"{text}";' for value, text in ticks.items() if text != f"{value:g}"]
    return f"{''.join(named)}0" if len(named) < 2 else number_format(list(ticks), list(ticks.values()), lang)


def label_bars(drawn: Any, bars: Bars, lang: str, look: Look, *, position: Any) -> None:
    """Label bars by a number format where that says it all, so that a changed number changes its label."""

    def ink(colour: Any) -> None:
        if position == AT.CENTER:
            look.ink_on(colour, bars.tones[0])
        else:
            look.ink(colour)

    if written := number_format(bars.amounts, bars.labels, lang):
        labels = drawn.data_labels
        labels.show_value, labels.number_format, labels.number_format_is_linked = True, written, False
        labels.position, labels.font.size = position, look.size
        ink(labels.font.color)
        labels._element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}").set("wrap", "none")
    for place in [] if written else bars.known:
        if bars.labels[place]:
            shown = drawn.points[place].data_label
            for colour in _written(shown, bars.labels[place], look):
                ink(colour)
            shown.position = position


def label_lines(
    drawn: Iterable[Any], lines: Sequence[Line], scale: Scale, look: Look, room: float, height: float
) -> None:
    """Label points of lines; those at the ends are moved apart where they would collide.

    `room` is the share of the chart's height, in inches of the house's, that the scale takes.
    """
    inch = (scale.high - scale.low) / (room * height)
    ends = [(line.y[place], label) for line in lines for place, label in line.labels.items() if label.place == "end"]
    heights = [(label.text.count("\n") + 1) * LINE * inch for _, label in ends]
    placed = iter(spaced([float(level) for level, _ in ends], heights, scale.high))
    for series, line in zip(drawn, lines, strict=True):
        for place, label in line.labels.items():
            shown = series.points[line.known.index(place)].data_label
            for colour in _written(shown, label.text, look):
                colour.rgb = look.rgb(MUTED if line.faint else line.tone)
            shown.position, up = SIDES[label.place]
            if label.place == "end":
                up = (next(placed) - float(line.y[place])) / (inch * height)
            if up:
                layout = MANUAL.format(f'<c:x val="0"/><c:y val="{-up:.4f}"/>')
                shown._dLbl.find(qn("c:idx")).addnext(etree.fromstring(layout))


def _written(shown: Any, text: str, look: Look) -> list[Any]:
    """Write a label; return the colours of its runs, to be set."""
    frame = shown.text_frame
    frame.text, frame.word_wrap = text, False
    runs = [run for paragraph in frame.paragraphs for run in paragraph.runs]
    for run in runs:
        run.font.size, run.font.bold = look.size, False
    return [run.font.color for run in runs]
