"""A PowerPoint deck: the answers, a slide a finding, then what to bear in mind, known differences and sources."""

from __future__ import annotations

import copy
import io
import re
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pandas as pd
from lxml.etree import XMLSyntaxError
from pptx import Presentation
from pptx.enum.lang import MSO_LANGUAGE_ID
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.exc import PackageNotFoundError
from pptx.shapes.placeholder import PicturePlaceholder
from pptx.slide import Slide, SlideLayout
from pptx.util import Emu, Pt

from sodertorn_lib.answers import Answer
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.theme import FONTS, LABEL_SIZE, SUBTITLE_SIZE, TITLE_SIZE, broken
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.publish.nativecharts import insert_chart, is_native
from sodertorn_lib.publish.officefiles import undated
from sodertorn_lib.publish.speaker_notes import speaker_notes
from sodertorn_lib.wording import phrase

__all__ = ["HOUSE_TEMPLATE", "deck"]

HOUSE_TEMPLATE = Path(__file__).resolve().parent.parent / "sodertorn.pptx"
LANGUAGE = {"sv": MSO_LANGUAGE_ID.SWEDISH, "en": MSO_LANGUAGE_ID.ENGLISH_UK}
ANSWERS_A_SLIDE, DIFFERENCES_A_SLIDE = 4, 6
ANSWER_LINES, ANSWER_SIZE = 2, 20.5  # a little larger than it is: its lines are shorter by the bullet than a subtitle's
LARGEST = {KIND.CENTER_TITLE: 44, KIND.TITLE: 28, KIND.SUBTITLE: 24, KIND.BODY: 18, KIND.OBJECT: 20}  # in a template
PICTURE_DPI = 160
SOFT_BREAK = "\v"  # a new line of the same paragraph
STRIP = Emu(round(0.62 * 914_400))  # for unit or source in a template that has no placeholder for them
CONTENT = (KIND.OBJECT, KIND.CHART)
LEFT_BEHIND = "p:sldIdLst/* | p:custShowLst | p:extLst/p:ext[descendant::*[local-name()='sectionLst']]"
NEEDS = {"opening": "a layout with a title and a subtitle", "text": "a layout with a title and one content placeholder"}


def deck(
    charts: Sequence[Chart],
    answers: Sequence[Answer],
    discrepancies: pd.DataFrame,
    year: int,
    lang: str,
    template: str | Path | None = None,
) -> bytes:
    """Return the deck as a file.

    Parameters
    ----------
    charts
        In the language of the deck: one slide each, in this order.
    answers
        Also in its language: at most four a slide, each as its first sentences, with the whole in the speaker notes.
    discrepancies
        As `load_discrepancies` gives those of the year, for the slides of known differences.
    year
        That of the report.
    template
        A PowerPoint file whose master and layouts are used instead of the house's; its slides are left out.

    Raises
    ------
    DataError
        When the template cannot be read or lacks a layout that is needed.
    """
    chosen = Path(template or HOUSE_TEMPLATE)
    presentation = _opened(chosen)
    layouts = _layouts(presentation, chosen)
    title, subtitle = phrase("workbook", "title", lang), phrase("deck", "subtitle", lang, year=str(year))
    opening = presentation.slides.add_slide(layouts["opening"])
    _say(opening.shapes.title, [title], lang)
    _say(_placed(opening, KIND.SUBTITLE)[0], [subtitle], lang)
    for shown in _parts(answers, ANSWERS_A_SLIDE):
        _in_short(presentation.slides.add_slide(layouts["text"]), shown, lang)
    for chart in charts:
        said = _broken(chart) if template is None else (chart.words.title, chart.words.subtitle)
        _finding(presentation.slides.add_slide(layouts["finding"]), chart, said, lang)
    for heading, lines in _closing(discrepancies, year, lang):
        _text(presentation.slides.add_slide(layouts["text"]), heading, lines, lang)
    about = presentation.core_properties
    about.title, about.author, about.last_modified_by, about.revision = title, "", "", 1
    about.subject = about.keywords = about.comments = about.category = ""
    if template is not None:
        _fit_all(presentation)
    buffer = io.BytesIO()
    presentation.save(buffer)
    return undated(buffer.getvalue())


def _opened(template: Path) -> Any:
    """Return the presentation of a template, without its slides and what refers to them."""
    try:
        presentation = Presentation(str(template))
        list(presentation.slide_layouts)
    except (PackageNotFoundError, BadZipFile, zlib.error, XMLSyntaxError, KeyError, ValueError, OSError) as error:
        problem = "cannot be read as a PowerPoint file" if template.exists() else "does not exist"
        action = "Give a .pptx file without a password; save a .potx, .ppt or .odp as .pptx in PowerPoint first."
        raise DataError(Fault(str(template), problem, action)) from error
    slides = list(presentation.slides._sldIdLst)
    for left in presentation.part._element.xpath(LEFT_BEHIND):
        left.getparent().remove(left)
    for slide in slides:  # now that nothing else refers to them
        presentation.part.drop_rel(slide.rId)
    return presentation


def _layouts(presentation: Any, template: Path) -> dict[str, SlideLayout]:
    """Find layouts by their placeholders: names differ from template to template and language to language."""
    found: dict[str, SlideLayout] = {}
    for layout in presentation.slide_layouts:
        kinds = [placeholder.placeholder_format.type for placeholder in layout.placeholders]
        title = KIND.TITLE in kinds or KIND.CENTER_TITLE in kinds
        content, bodies = sum(kind in CONTENT for kind in kinds), kinds.count(KIND.BODY)
        if title and KIND.SUBTITLE in kinds:
            found.setdefault("opening", layout)
        elif title and content == 1 and bodies in (0, 2):
            found.setdefault("text" if bodies == 0 else "finding", layout)
    if lacking := [needed for name, needed in NEEDS.items() if name not in found]:
        action = "Add it in PowerPoint under View, Slide Master, or choose another template."
        raise DataError(*(Fault(str(template), f"lacks {needed}", action) for needed in lacking))
    return {"finding": found["text"]} | found


def _broken(chart: Chart) -> tuple[str, str]:
    """Return title and subtitle with the line breaks of the chart, whose lines are as long as those of the house."""
    title, subtitle = broken(chart.words.title, TITLE_SIZE, bold=True), broken(chart.words.subtitle, SUBTITLE_SIZE)
    return title.replace("\n", SOFT_BREAK), subtitle.replace("\n", SOFT_BREAK)


def _in_short(slide: Slide, answers: Sequence[Answer], lang: str) -> None:
    """Fill a slide with answers, each below its question; the speaker notes have all their sentences."""
    leads = [f"{answer.question}{SOFT_BREAK}{_lead(answer)}" for answer in answers]
    _text(slide, phrase("workbook", "in_short", lang), leads, lang)
    for paragraph in _placed(slide, *CONTENT)[0].text_frame.paragraphs:
        paragraph.runs[0].font.bold = True
    _say(slide.notes_slide.notes_text_frame, [f"{answer.question} {answer.text}" for answer in answers], lang)


def _lead(answer: Answer) -> str:
    """Return the first sentence of an answer, and those after it that fit on its lines."""
    lead, *others = re.split(r"(?<=\.) ", answer.text)
    for sentence in others:
        if broken(f"{lead} {sentence}", ANSWER_SIZE).count("\n") >= ANSWER_LINES:
            break
        lead = f"{lead} {sentence}"
    return lead


def _finding(slide: Slide, chart: Chart, said: tuple[str, str], lang: str) -> None:
    """Fill a slide: the finding, what is measured, the chart, its source, the slide's number, and what to say."""
    (content,) = _placed(slide, *CONTENT)
    above, below = _strips(slide, content)
    for holder, text in zip((slide.shapes.title, above, below), (*said, chart.words.source), strict=True):
        _say(holder, [text], lang)
    native = is_native(chart.plot, lang)
    shape: Any = insert_chart(content, chart.plot, lang) if native else _insert_picture(content, chart)
    (described,) = shape._element.xpath("./*/p:cNvPr")
    described.set("name", phrase(chart.name, "sheet", lang))
    described.set("descr", chart.words.alt)
    slide.shapes._spTree.append(below._element)  # read after the chart
    _number(slide)
    _say(slide.notes_slide.notes_text_frame, speaker_notes(chart, lang), lang)


def _strips(slide: Slide, content: Any) -> tuple[Any, Any]:
    """Return what holds unit and source: placeholders above and below the chart, else text boxes cut from its room."""
    bodies = sorted(_placed(slide, KIND.BODY), key=lambda body: int(body.top))
    if bodies:
        return bodies[0], bodies[1]
    left, top, width, height = content.left, content.top, content.width, content.height
    boxes = [slide.shapes.add_textbox(left, y, width, STRIP) for y in (top, top + height - STRIP)]
    for box in boxes:
        box.text_frame.word_wrap = True
    content.left, content.top, content.width, content.height = left, top + STRIP, width, height - 2 * STRIP
    content._element.addprevious(boxes[0]._element)
    return boxes[0], boxes[1]


def _insert_picture(content: Any, chart: Chart) -> Any:
    """Put the plot into a placeholder as large as it fits, without cropping."""
    left, top, width, height = content.left, content.top, content.width, content.height
    holder = PicturePlaceholder(content._element, content._parent)
    picture = holder.insert_picture(io.BytesIO(chart.render_plot(PICTURE_DPI)))
    picture.crop_left = picture.crop_right = picture.crop_top = picture.crop_bottom = 0
    pixels_wide, pixels_high = picture.image.size
    scale = min(width / pixels_wide, height / pixels_high)
    picture.width, picture.height = Emu(round(pixels_wide * scale)), Emu(round(pixels_high * scale))
    picture.left, picture.top = left + (width - picture.width) // 2, top + (height - picture.height) // 2
    return picture


def _closing(discrepancies: pd.DataFrame, year: int, lang: str) -> list[tuple[str, Sequence[str]]]:
    """Return heading and lines of the last slides."""
    parts = _parts(list(discrepancies[f"explanation_{lang}"]), DIFFERENCES_A_SLIDE)
    more = [phrase("deck", "differences_more" if place else "differences", lang) for place in range(len(parts))]
    return [
        (phrase("deck", "caveats", lang), phrase("deck", "caveats_text", lang).splitlines()),
        *zip(more, parts, strict=True),
        (phrase("deck", "sources", lang), phrase("deck", "sources_text", lang, year=str(year)).splitlines()),
    ]


def _parts(items: Sequence[Any], most: int) -> list[Sequence[Any]]:
    """Return as few parts of at most so many items as there can be, of about the same size."""
    size = -(-len(items) // max(1, -(-len(items) // most))) or 1
    return [items[start : start + size] for start in range(0, len(items), size)]


def _text(slide: Slide, heading: str, lines: Sequence[str], lang: str) -> None:
    _say(slide.shapes.title, [heading], lang)
    _say(_placed(slide, *CONTENT)[0], lines, lang)
    _number(slide)


def _say(shape: Any, lines: Sequence[str], lang: str) -> None:
    """Write one paragraph a line, marked as the language it is in."""
    frame = getattr(shape, "text_frame", shape)
    frame.text = "\n".join(lines)
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.language_id = LANGUAGE[lang]
            if not getattr(shape, "is_placeholder", True):
                run.font.size = Pt(LABEL_SIZE)


def _fit_all(presentation: Any) -> None:
    """Let every text fit its placeholder in a template whose sizes are made for shorter ones."""
    for slide in presentation.slides:
        for shape in slide.placeholders:
            kind = shape.placeholder_format.type
            if shape.has_text_frame and kind in LARGEST:
                _fit(shape.text_frame, LARGEST[kind])


def _fit(frame: Any, largest: int) -> None:
    """Choose a size at which a text fits, reckoned in the wide font of the house; the font stays the template's."""
    weights = [(run, run.font.bold) for paragraph in frame.paragraphs for run in paragraph.runs]
    frame.fit_text(max_size=largest, font_file=str(FONTS / "OpenSans-Bold.ttf"))
    for run, bold in weights:
        run.font.name, run.font.bold, run.font.italic = None, bold, None
        if len(frame.paragraphs) > 1:
            run.font.size -= Pt(2)  # for the space between paragraphs


def _placed(slide: Slide, *kinds: Any) -> list[Any]:
    return [shape for shape in slide.placeholders if shape.placeholder_format.type in kinds]


def _number(slide: Slide) -> None:
    """Give the slide the number that its layout has: python-pptx leaves it out."""
    layout: Any = slide.slide_layout
    for holder in layout.placeholders:
        if holder.placeholder_format.type == KIND.SLIDE_NUMBER:
            number = copy.deepcopy(holder._element)
            number.nvSpPr.cNvPr.set("id", str(slide.shapes._next_shape_id))
            slide.shapes._spTree.append(number)
