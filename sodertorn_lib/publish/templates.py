"""Templates: the layouts that a deck needs, texts that fit their room, and what can be read on the ground there."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.dml.fill import FillFormat
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.oxml.ns import qn
from pptx.slide import Slide, SlideLayout

from sodertorn_lib.charts.palette import palette_on, stands_out
from sodertorn_lib.charts.theme import CLASSES, INK, LABEL_SIZE, PAPER, broken, text_width, wrapped
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.publish.grounds import ground, scheme_of, text_colours
from sodertorn_lib.publish.nativelabels import Look
from sodertorn_lib.publish.officefiles import safe_to_open
from sodertorn_lib.reading import Kind

__all__ = ["CONTENT", "HOUSE_TEMPLATE", "POWERPOINT", "SOFT_BREAK", "Template", "paint", "placed"]

HOUSE_TEMPLATE = Path(__file__).resolve().parent.parent / "sodertorn.pptx"
POWERPOINT = Kind(
    "a PowerPoint file",
    "Give a .pptx file without a password; save a .potx, .ppt or .odp as .pptx in PowerPoint first.",
    most_xml=20_000_000,
)
CONTENT = (KIND.OBJECT, KIND.CHART)
LEFT_BEHIND = "p:sldIdLst/* | p:custShowLst | p:extLst/p:ext[descendant::*[local-name()='sectionLst']]"
NEEDS = {"opening": "a layout with a title and a subtitle", "text": "a layout with a title and one content placeholder"}
SOFT_BREAK = "\v"  # a new line of the same paragraph
INSET, INDENT, BETWEEN = 0.1, 0.35, 0.11  # inches: beside a text, before one after a bullet, and between paragraphs
SPACING = 1.3 / 72  # inches, the height of a line of one point
WIDE = 1.1  # of other fonts beside the house's: few are wider
MOST_LAYOUTS = 300  # that are looked through
LEAST_SCALE = 0.55  # of a chart beside the house's: ten points
INKS = (INK, PAPER, "#000000")  # of texts whose own colour does not stand out


class Template:
    """A presentation without slides, to which a deck is added; raises DataError where it cannot be one.

    Parameters
    ----------
    path
        A PowerPoint file whose master and layouts are used instead of the house's; its slides are left out.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path = Path(path or HOUSE_TEMPLATE)
        self.is_house = path is None
        self.presentation = _opened(self.path)
        self._layouts = _layouts(self.presentation, self.path)

    def add(self, layout: str) -> Slide:
        """Add a slide: opening, text or finding."""
        slide: Slide = self.presentation.slides.add_slide(self._layouts[layout])
        return slide

    def fitted(self, shape: Any, texts: Sequence[str], sizes: tuple[int, int], *, bold: bool, where: str) -> int:
        """Return the largest size at which paragraphs fit a shape; raise DataError that names them where none does."""
        for size in range(sizes[0], sizes[1] - 1, -1):
            if self.height_of(shape, texts, size, bold=bold) <= shape.height.inches:
                return size
        problem = f"does not fit on the slide {where} in {sizes[1]} points"
        action = "Shorten it, or choose a template with more room for it."
        raise DataError(Fault(str(self.path), problem, action, value=texts[0].replace(SOFT_BREAK, " ")))

    def height_of(self, shape: Any, texts: Sequence[str], size: int, *, bold: bool = False) -> float:
        """Return the height in inches of paragraphs in a shape.

        In a template of one's own they are reckoned in the bold font of the house, which is wider than most.
        """
        inset, indent = 0 if self.is_house else INSET, INDENT if len(texts) > 1 else 0
        room, wide = shape.width.inches - 2 * inset - indent, bold or not self.is_house
        lines = [line for text in texts for line in text.split(SOFT_BREAK)]
        across = room * LABEL_SIZE / size  # one size for all, as a line that was measured is not measured again
        count = sum(len(wrapped(line, LABEL_SIZE, across, bold=wide)) for line in lines)
        return count * size * SPACING + (len(texts) - 1) * BETWEEN + inset

    def broken(self, shape: Any, text: str, size: int, *, bold: bool = False) -> str:
        """Return a text in as many lines as it takes in a shape, of about the same length; else as it is.

        In a template of one's own it stays as it is where a wider font would break those lines once more.
        """
        if self.is_house:
            return broken(text, size, bold=bold, room=shape.width.inches).replace("\n", SOFT_BREAK)
        room = shape.width.inches - 2 * INSET
        lines = broken(text, size, bold=True, room=room)
        return lines.replace("\n", SOFT_BREAK) if text_width(lines, size, bold=True) * WIDE <= room else text

    def has_room(self, texts: Sequence[str], size: int) -> bool:
        """Return whether paragraphs of a size fit on a slide of text."""
        (content,) = placed(self._layouts["text"], *CONTENT)
        return self.height_of(content, texts, size) <= float(content.height.inches)

    def require_legible(self, scale: float, chart: str) -> None:
        """Raise DataError where a chart would be too small to be read."""
        if scale < LEAST_SCALE:
            problem = f"leaves so little room that the labels would have {scale * LABEL_SIZE:.0f} points"
            action = "Choose a template with more room, or leave the chart out."
            raise DataError(Fault(f"{self.path}, {chart}", problem, action))

    def look(self, slide: Slide, content: Any) -> Look:
        """Return the colours of a chart there; where the house's hues cannot stand out it has a ground of its own."""
        if self.is_house:
            return Look()
        grounds, text = ground(slide, content), scheme_of(slide).colours["tx1"]
        palette = palette_on(grounds)
        if palette is None:
            return Look(wide=WIDE, themed=False, panel=True)
        themed = stands_out([text], [*grounds, *(palette[colour] for colour in CLASSES)])
        return Look({**palette, INK: text} if themed else palette, wide=WIDE, themed=themed)

    def make_readable(self) -> None:
        """Let every text of the slides have a contrast of 4.5:1 on what is behind it, where the template does not."""
        for slide in () if self.is_house else self.presentation.slides:
            for shape in (shape for shape in slide.shapes if shape.has_text_frame):
                grounds, inks = ground(slide, shape), (scheme_of(slide).colours["tx1"], *INKS)
                if not shape.is_placeholder or not stands_out(text_colours(slide, shape), grounds):
                    _write_in(shape, next((ink for ink in inks if stands_out([ink], grounds)), None))


def placed(slide: Any, *kinds: Any) -> list[Any]:
    """Return the placeholders of a slide or a layout that are of some kinds."""
    return [shape for shape in slide.placeholders if shape.placeholder_format.type in kinds]


def paint(fill: Any, colour: str) -> None:
    """Fill with one colour."""
    fill.solid()
    fill.fore_color.rgb = RGBColor.from_string(colour.lstrip("#"))


def _write_in(shape: Any, ink: str | None) -> None:
    """Write a text in a colour, or where none can be read there in that of the house on a ground of its own."""
    if ink is None:
        paint(shape.fill, PAPER)
    for properties in shape._element.iter(qn("a:rPr")):
        paint(FillFormat.from_fill_parent(properties), ink or INK)


def _opened(template: Path) -> Any:
    """Return the presentation of a template, without its slides and what refers to them."""
    presentation = Presentation(safe_to_open(template, POWERPOINT))
    slides = list(presentation.slides._sldIdLst)
    for left in presentation.part._element.xpath(LEFT_BEHIND):
        left.getparent().remove(left)
    for slide in slides:  # now that nothing else refers to them
        presentation.part.drop_rel(slide.rId)
    return presentation


def _layouts(presentation: Any, template: Path) -> dict[str, SlideLayout]:
    """Find layouts by their placeholders: names differ from template to template and language to language."""
    found: dict[str, SlideLayout] = {}
    if len(presentation.slide_layouts) > MOST_LAYOUTS:
        action = "Take those out that are not used, or choose another template."
        raise DataError(Fault(str(template), f"has more than {MOST_LAYOUTS} layouts", action))
    for layout in presentation.slide_layouts:
        kinds = [placeholder.placeholder_format.type for placeholder in layout.placeholders]
        title = KIND.TITLE in kinds or KIND.CENTER_TITLE in kinds
        content, bodies = sum(kind in CONTENT for kind in kinds), kinds.count(KIND.BODY)
        if title and KIND.SUBTITLE in kinds:
            found.setdefault("opening", layout)
        elif title and content == 1 and bodies in (0, 2):
            found.setdefault("text" if bodies == 0 else "finding", layout)
    if lacking := [needed for name, needed in NEEDS.items() if name not in found]:
        there = ", ".join(layout.name for layout in presentation.slide_layouts)
        action = "Add it in PowerPoint under View, Slide Master, or choose another template."
        problems = (f"lacks {needed}; it has {there or 'no layouts'}" for needed in lacking)
        raise DataError(*(Fault(str(template), problem, action) for problem in problems))
    return {"finding": found["text"]} | found
