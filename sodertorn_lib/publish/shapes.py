"""Shapes of a slide: text boxes and a panel where a template has none, their sizes, and the number of the slide."""

from __future__ import annotations

import copy
from typing import Any

from lxml import etree
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide
from pptx.util import Emu, Inches, Pt

from sodertorn_lib.charts.theme import PAPER
from sodertorn_lib.publish.templates import paint

__all__ = ["add_number", "grow", "lay_panel", "resize", "text_boxes"]

PADDING = Inches(0.15)  # of a panel
DECORATIVE = (  # nothing to read aloud
    f'<a:extLst {nsdecls("a")}><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}"><adec:decorative '
    'xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst>'
)


def resize(shape: Any, size: int) -> None:
    """Write all of a shape's text in so many points."""
    for run in (run for paragraph in shape.text_frame.paragraphs for run in paragraph.runs):
        run.font.size = Pt(size)


def text_boxes(slide: Slide, content: Any) -> list[Any]:
    """Return text boxes without height at the upper and the lower edge of a placeholder."""
    edges = content.top, content.top + content.height
    boxes = [slide.shapes.add_textbox(content.left, edge, content.width, Emu(0)) for edge in edges]
    for box in boxes:
        box.text_frame.word_wrap = True
    content._element.addprevious(boxes[0]._element)
    return boxes


def grow(holder: Any, content: Any, needed: float, *, upwards: bool) -> None:
    """Make a holder as high as is needed, in inches, with room taken from the chart below it or above it."""
    more = max(0, Inches(needed) - holder.height)
    for shape, down, higher in ((holder, -more * upwards, more), (content, more * (not upwards), -more)):
        left, top, width, height = shape.left, shape.top, shape.width, shape.height
        shape.left, shape.top, shape.width, shape.height = left, top + down, width, height + higher


def add_number(slide: Slide) -> None:
    """Give the slide the number that its layout has: python-pptx leaves it out."""
    layout: Any = slide.slide_layout
    for holder in layout.placeholders:
        if holder.placeholder_format.type == KIND.SLIDE_NUMBER:
            number = copy.deepcopy(holder._element)
            number.nvSpPr.cNvPr.set("id", str(slide.shapes._next_shape_id))
            slide.shapes._spTree.append(number)


def lay_panel(slide: Slide, content: Any) -> None:
    """Lay a ground of its own behind a placeholder, as large as that is, and let the placeholder be within it."""
    left, top, width, height = content.left, content.top, content.width, content.height
    panel = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, left, top, width, height)
    paint(panel.fill, PAPER)
    panel.line.fill.background()
    panel.shadow.inherit = False
    panel._element.nvSpPr.cNvPr.append(etree.fromstring(DECORATIVE))
    content._element.addprevious(panel._element)
    content.left, content.top = left + PADDING, top + PADDING
    content.width, content.height = width - 2 * PADDING, height - 2 * PADDING
