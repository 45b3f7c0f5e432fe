"""A PowerPoint deck: the answers, a slide a finding, then what to bear in mind, known differences and sources."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from typing import Any

import pandas as pd
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.shapes.placeholder import PicturePlaceholder
from pptx.slide import Slide
from pptx.util import Emu, Inches

from sodertorn_lib.answers import Answer
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.publish.background import Background, sentences
from sodertorn_lib.publish.decksets import AFTER, BEFORE
from sodertorn_lib.publish.differences import explained, noted, on_slide
from sodertorn_lib.publish.nativecharts import insert_chart, is_native, scale_in
from sodertorn_lib.publish.nativelabels import Look
from sodertorn_lib.publish.officefiles import undated
from sodertorn_lib.publish.shapes import add_number, grow, lay_panel, resize, text_boxes
from sodertorn_lib.publish.speaker_notes import aloud, speaker_notes
from sodertorn_lib.publish.templates import CONTENT, POWERPOINT, SOFT_BREAK, Template, placed
from sodertorn_lib.reading import readable
from sodertorn_lib.wording import phrase

__all__ = ["deck"]

LANGUAGE = {"sv": MSO_LANGUAGE_ID.SWEDISH, "en": MSO_LANGUAGE_ID.ENGLISH_UK}
ANSWERS_A_SLIDE, LINES_A_SLIDE = 4, 6  # at most
OPENING, OPENING_BELOW, TITLE, TEXT = (44, 28), (24, 16), (28, 20), (20, 14)  # points, the largest and the least
ALONE = (26, 14)  # of the slide of a municipality; the largest of the others are those of the house's template
UNIT, SOURCE, OWN_STRIP = 20, 18, 16  # points in the house's template, and of both in another
PART_SIZE, FULL_SIZE = 16, 18  # points at which lines that are shared among slides fit, and those that fill one
PICTURE_DPI = 160


def deck(
    charts: Sequence[Chart],
    answers: Sequence[Answer],
    discrepancies: pd.DataFrame,
    year: int,
    lang: str,
    template: str | Path | None = None,
    *,
    slides: Sequence[str] | None = None,
    municipality: Answer | None = None,
) -> bytes:
    """Return the deck as a file.

    Parameters
    ----------
    charts
        In the language of the deck: one slide each, in this order.
    answers
        Also in its language: at most four a slide, each as many of its sentences as there is room for, with the whole
        in the speaker notes. Unless all are of its charts the deck is about all there is: see `Background`.
    discrepancies
        As `load_discrepancies` gives those of the year, for the slides of known differences if the deck has any.
    year
        That of the report.
    template
        A PowerPoint file whose master and layouts are used instead of the house's; its slides are left out.
    slides
        Names of charts and of the other slides, as in decks.toml, in their order; every one there is unless told.
    municipality
        What is said of one municipality, on a slide of its own.

    Raises
    ------
    DataError
        When the template cannot be read, lacks a layout that is needed or has no room for a text.
    """
    background = Background(charts, answers, lang)
    by_name = {chart.name: chart for chart in charts}
    with readable(Path(template), POWERPOINT) if template else nullcontext():
        made = _Deck(Template(template), background, answers, discrepancies, year, lang, municipality)
        for name in (*BEFORE, *by_name, *AFTER) if slides is None else slides:
            if name in by_name:
                made.finding(by_name[name])
            else:
                getattr(made, name)()
        return made.file()


@dataclass(frozen=True)
class _Deck:
    """What the slides are made of, and a method for each kind of slide, named as in decks.toml."""

    template: Template
    background: Background
    answers: Sequence[Answer]
    discrepancies: pd.DataFrame
    year: int
    lang: str
    about: Answer | None

    def opening(self) -> None:
        """Add what the deck is about."""
        slide = self.template.add("opening")
        self._write(slide.shapes.title, [phrase("workbook", "title", self.lang)], OPENING, where="opening")
        below = self.background.subtitle(self.year)
        self._write(placed(slide, KIND.SUBTITLE)[0], [below], OPENING_BELOW, where="opening")

    def municipality(self) -> None:
        """Add what is said of one municipality, if it is."""
        if self.about:
            slide = self._text(self.about.question, sentences(self.about.text), ALONE)
            self._note(slide, [self.about.text])

    def in_short(self) -> None:
        """Add answers, each below its question; the speaker notes have all their sentences."""
        leads, left = [_asked(answer, 1) for answer in self.answers], iter(self.answers)
        for heading, part in self._series(phrase("workbook", "in_short", self.lang), leads, ANSWERS_A_SLIDE):
            answers = list(islice(left, len(part)))
            slide = self._text(heading, self._filled(answers))
            for paragraph in placed(slide, *CONTENT)[0].text_frame.paragraphs:
                paragraph.runs[0].font.bold = True
            self._note(slide, [f"{answer.question} {answer.text}" for answer in answers])

    def caveats(self) -> None:
        """Add what to bear in mind."""
        self._list("caveats", self.background.caveats())

    def differences(self) -> None:
        """Add what is known to differ between the report and its sums, if anything."""
        known = self.background.differences(self.discrepancies)
        self._list("differences", list(known[f"explanation_{self.lang}"]))

    def sources(self) -> None:
        """Add where everything is from."""
        self._list("sources", self.background.sources(self.year))

    def finding(self, chart: Chart) -> None:
        """Add the finding, what is measured, the chart, its source and known differences, and what to say."""
        slide, known = self.template.add("finding"), on_slide(chart, self.discrepancies)
        (content,) = placed(slide, *CONTENT)
        self._write(slide.shapes.title, [chart.words.title], TITLE, where=chart.name)
        source = [chart.words.source, *filter(None, [noted(known, self.lang)])]
        below = self._strips(slide, content, chart.words.subtitle, SOFT_BREAK.join(source))
        look = self.template.look(slide, content)
        if look.panel:
            lay_panel(slide, content)
        shape = (self._chart if is_native(chart.plot, self.lang) else self._picture)(content, chart, look)
        (described,) = shape._element.xpath("./*/p:cNvPr")
        described.set("name", phrase(chart.name, "sheet", self.lang))
        described.set("descr", chart.words.alt)
        slide.shapes._spTree.append(below._element)  # read after the chart
        add_number(slide)
        self._note(slide, speaker_notes(chart, explained(known, self.lang), self.lang))

    def file(self) -> bytes:
        """Return the deck as it is now."""
        self.template.make_readable()
        about = self.template.presentation.core_properties
        about.title, about.author, about.last_modified_by = phrase("workbook", "title", self.lang), "", ""
        about.subject = about.keywords = about.comments = about.category = ""
        about.revision, buffer = 1, io.BytesIO()
        self.template.presentation.save(buffer)
        return undated(buffer.getvalue())

    def _list(self, name: str, lines: Sequence[str]) -> None:
        """Add as many slides as the lines need, if there are any."""
        heading = phrase("deck", name, self.lang, year=str(self.year))
        for numbered, part in self._series(heading, lines, LINES_A_SLIDE):
            self._text(numbered, part)

    def _text(self, heading: str, lines: Sequence[str], sizes: tuple[int, int] = TEXT) -> Slide:
        slide = self.template.add("text")
        self._write(slide.shapes.title, [heading], TITLE, where=heading)
        self._write(placed(slide, *CONTENT)[0], lines, sizes, where=heading)
        add_number(slide)
        return slide

    def _series(self, heading: str, lines: Sequence[str], most: int) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield the lines of each slide, with the heading and, of several, which one it is."""
        parts = self._parts(lines, most)
        for part, own in enumerate(parts, 1):
            numbered = phrase("deck", "part", self.lang, heading=heading, part=part, parts=len(parts))
            yield numbered if len(parts) > 1 else heading, own

    def _filled(self, answers: Sequence[Answer]) -> list[str]:
        """Return answers with as many whole sentences as fit on a slide, taken from each in turn."""
        counts = [1] * len(answers)
        for place in [*range(len(answers))] * max(len(sentences(answer.text)) for answer in answers):
            more = [count + (own == place) for own, count in enumerate(counts)]
            if self.template.has_room([*map(_asked, answers, more)], FULL_SIZE):
                counts = more
        return [*map(_asked, answers, counts)]

    def _parts(self, lines: Sequence[str], most: int) -> list[Sequence[str]]:
        """Return lines for as few slides as there can be, of about the same number, so that all fit."""
        for count in range(-(-len(lines) // most), len(lines)):
            ends = [round(place * len(lines) / count) for place in range(count + 1)]
            parts = [lines[start:end] for start, end in pairwise(ends)]
            if all(self.template.has_room(part, PART_SIZE) for part in parts):
                return parts
        return [[line] for line in lines]

    def _write(self, shape: Any, lines: Sequence[str], sizes: tuple[int, int], *, where: str) -> None:
        """Write one paragraph a line, as large as it fits; a heading in lines of about the same length."""
        heading, house = shape == shape.part.slide.shapes.title, self.template.is_house
        size = self.template.fitted(shape, lines, sizes, bold=heading, where=where)
        if heading:
            lines = [self.template.broken(shape, line, size, bold=True) for line in lines]
        self._say(shape.text_frame, lines)
        if not house or size < sizes[0] or sizes is ALONE:
            resize(shape, size)

    def _strips(self, slide: Slide, content: Any, unit: str, source: str) -> Any:
        """Write unit and source above and below the chart, as high as they need; return what holds the source.

        They stand in placeholders, else in text boxes, and what they lack in height they take from the chart.
        """
        bodies, house = sorted(placed(slide, KIND.BODY), key=lambda body: int(body.top)), self.template.is_house
        above, below = bodies or text_boxes(slide, content)
        for holder, text, size in ((above, unit, UNIT), (below, source, SOURCE)):
            shown = size if house else OWN_STRIP
            said = self.template.broken(holder, text, shown) if holder is above else text
            self._say(holder.text_frame, [said])
            grow(holder, content, self.template.height_of(holder, [text], shown), upwards=holder is below)
            if not house:
                resize(holder, shown)
        return below

    def _picture(self, content: Any, chart: Chart, look: Look) -> Any:
        """Put the plot into a placeholder as large as it fits, without cropping."""
        left, top, width, height = content.left, content.top, content.width, content.height
        holder = PicturePlaceholder(content._element, content._parent)
        picture = holder.insert_picture(io.BytesIO(chart.render_plot(PICTURE_DPI, look.palette)))
        picture.crop_left = picture.crop_right = picture.crop_top = picture.crop_bottom = 0
        sides = [Inches(pixels / PICTURE_DPI) for pixels in picture.image.size]
        scale = min(width / sides[0], height / sides[1])
        self.template.require_legible(scale, chart.name)
        picture.width, picture.height = (Emu(round(side * scale)) for side in sides)
        picture.left, picture.top = left + (width - picture.width) // 2, top + (height - picture.height) // 2
        return picture

    def _chart(self, content: Any, chart: Chart, look: Look) -> Any:
        """Put a chart that PowerPoint draws into a placeholder, with labels as large as there is room for."""
        scale = scale_in(chart.plot, content.width.inches / look.wide, content.height.inches)
        self.template.require_legible(scale, chart.name)
        return insert_chart(content, chart.plot, self.lang, replace(look, scale=scale))

    def _note(self, slide: Slide, lines: Sequence[str]) -> None:
        self._say(slide.notes_slide.notes_text_frame, [aloud(line, self.lang) for line in lines])

    def _say(self, frame: Any, lines: Sequence[str]) -> None:
        """Write one paragraph a line, marked as the language it is in."""
        frame.text = "\n".join(lines)
        for run in (run for paragraph in frame.paragraphs for run in paragraph.runs):
            run.font.language_id = LANGUAGE[self.lang]


def _asked(answer: Answer, count: int) -> str:
    """Return a question with the first sentences of its answer below it."""
    return f"{answer.question}{SOFT_BREAK}{' '.join(sentences(answer.text)[:count])}"
