"""What is behind a shape of a slide, and the colour of its text, as a template has them: layout, master and theme."""

from __future__ import annotations

import colorsys
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import chain
from typing import Any

import numpy as np
from lxml import etree
from matplotlib.colors import to_hex, to_rgb
from PIL import Image
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.slide import Slide

from sodertorn_lib.charts.palette import linear

__all__ = ["Scheme", "ground", "scheme_of", "text_colours"]

PICTURES = [qn("a:blipFill"), qn("p:blipFill")]
FILLS = [*PICTURES, *(qn(f"a:{kind}Fill") for kind in ("solid", "grad", "patt"))]
FIRST_LEVEL = f"{qn('a:lvl1pPr')}/{qn('a:defRPr')}"
COLOURS = [qn(f"a:{kind}Clr") for kind in ("srgb", "scheme", "sys", "prst")]
STYLES = {"title": "titleStyle", "ctrTitle": "titleStyle", "sldNum": "otherStyle", "ftr": "otherStyle"}
PIXELS, OPAQUE = (16, 9), 127  # to which a picture is reduced to see its colours, and of those one does not see through
MOST_STOPS = 100  # of a gradient: PowerPoint itself makes ten
TOUCHED, COVERED = 0.1, 0.95  # shares of a shape that lie on another
FIRST_BACKGROUND = 1001  # of the numbers by which a background is taken from the theme
CHANGES: Mapping[str, Callable[[str, float], str]] = {
    "lumMod": lambda colour, share: _lightness(colour, lambda light: light * share),
    "lumOff": lambda colour, share: _lightness(colour, lambda light: light + share),
    "tint": lambda colour, share: _light(colour, lambda light: 1 - share * (1 - light)),
    "shade": lambda colour, share: _light(colour, lambda light: share * light),
}
Colours = list[str]


@dataclass(frozen=True)
class Scheme:
    """The colours of a slide's theme by the names that its master gives them, and the fills of its backgrounds."""

    colours: Mapping[str, str]
    backgrounds: Any

    def colour(self, element: Any, placeholder: str = "#FFFFFF") -> str:
        """Return the colour that an element names, as it is changed there."""
        kind, name = etree.QName(element).localname, element.get("val")
        if kind == "schemeClr":
            base = placeholder if name == "phClr" else self.colours[name]
        else:
            base = {"srgbClr": f"#{name}", "sysClr": f"#{element.get('lastClr', '000000')}"}.get(kind, name)
        known = [change for change in element if etree.QName(change).localname in CHANGES]
        steps = ((CHANGES[etree.QName(change).localname], int(change.get("val")) / 100_000) for change in known)
        return reduce(lambda colour, step: step[0](colour, step[1]), steps, to_hex(base).upper())

    def fill(self, holder: Any, part: Any, placeholder: str = "#FFFFFF") -> Colours:
        """Return the colours with which an element is filled; none where it is not."""
        filled = next((child for child in holder if child.tag in FILLS), None) if holder is not None else None
        if filled is None:
            return []
        if filled.tag in PICTURES:
            return _pixels(part.related_part(filled.find(qn("a:blip")).get(qn("r:embed"))).blob)
        named = list(filled.iter(*COLOURS))
        if len(named) > MOST_STOPS:
            raise ValueError(f"a fill of more than {MOST_STOPS} colours")
        return [self.colour(element, placeholder) for element in named]


def scheme_of(slide: Slide) -> Scheme:
    """Return the colours of the theme under a slide."""
    master = slide.slide_layout.slide_master
    theme = etree.fromstring(master.part.part_related_by(RT.THEME).blob)
    (colours,) = theme.iter(qn("a:clrScheme"))
    bare = Scheme({}, None)
    named = {etree.QName(own).localname: bare.colour(own[0]) for own in colours if isinstance(own.tag, str)}
    over = slide.slide_layout._element.find(f"{qn('p:clrMapOvr')}/{qn('a:overrideClrMapping')}")
    mapping = master._element.find(qn("p:clrMap")) if over is None else over
    backgrounds = theme.find(f".//{qn('a:bgFillStyleLst')}")
    return Scheme({**named, **{name: named[own] for name, own in mapping.items()}}, backgrounds)


def ground(slide: Slide, shape: Any) -> Colours:
    """Return the colours behind the text or the chart of a shape: several where that is a gradient or a picture."""
    scheme, layout = scheme_of(slide), slide.slide_layout
    for holder in _inherited(shape):
        if own := scheme.fill(holder._element.find(qn("p:spPr")), holder.part):
            return own
    behind = _background(slide, scheme)
    masters = layout.slide_master.shapes if layout._element.get("showMasterSp") != "0" else ()
    for other in _drawn(chain(masters, layout.shapes)):
        share = _share_on(shape, other)
        if share >= TOUCHED and (colours := _filled(other, scheme)):
            behind = colours if share >= COVERED else [*behind, *colours]
    return behind


def text_colours(slide: Slide, shape: Any) -> Colours:
    """Return the colours in which a template writes the first level of a placeholder's text."""
    scheme, kind = scheme_of(slide), "body"
    for holder in _inherited(shape):
        kind = holder._element.xpath("string(.//p:nvPr/p:ph/@type)") or "body"
        if own := scheme.fill(holder._element.find(f".//{qn('a:lstStyle')}/{FIRST_LEVEL}"), holder.part):
            return own
    master = slide.slide_layout.slide_master
    written = master._element.find(f"{qn('p:txStyles')}/{qn('p:' + STYLES.get(kind, 'bodyStyle'))}/{FIRST_LEVEL}")
    return scheme.fill(written, master.part) or [scheme.colours["tx1"]]


def _background(slide: Slide, scheme: Scheme) -> Colours:
    """Return the colours of the background: of the layout, else of the master, else of the theme."""
    for owner in (slide.slide_layout, slide.slide_layout.slide_master):
        own = owner._element.find(f"{qn('p:cSld')}/{qn('p:bg')}")
        if own is None:
            continue
        if (properties := own.find(qn("p:bgPr"))) is not None:
            return scheme.fill(properties, owner.part) or [scheme.colours["bg1"]]
        ((colour,), number) = own[0], int(own[0].get("idx")) - FIRST_BACKGROUND
        if number in range(len(scheme.backgrounds)):
            theme = owner.slide_master if owner is slide.slide_layout else owner
            part = theme.part.part_related_by(RT.THEME)
            return scheme.fill([scheme.backgrounds[number]], part, scheme.colour(colour))
    return [scheme.colours["bg1"]]


def _inherited(shape: Any) -> Iterator[Any]:
    """Yield a shape, and the placeholders of layout and master that it takes its looks from."""
    holder = shape
    while holder is not None:
        yield holder
        holder = getattr(holder, "_base_placeholder", None)


def _drawn(shapes: Any) -> Iterator[Any]:
    """Yield what a layout or master draws itself, from the back to the front."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _drawn(shape.shapes)
        elif not shape.is_placeholder:
            yield shape


def _filled(shape: Any, scheme: Scheme) -> Colours:
    """Return the colours of a shape or a picture; none where one sees through it."""
    element = shape._element
    if element.tag == qn("p:pic"):
        return scheme.fill(element, shape.part)
    properties = element.find(qn("p:spPr"))
    if own := scheme.fill(properties, shape.part):
        return own
    styled = element.find(f"{qn('p:style')}/{qn('a:fillRef')}")
    plain = properties is None or properties.find(qn("a:noFill")) is None
    return [scheme.colour(styled[0])] if plain and styled is not None and styled.get("idx") != "0" else []


def _share_on(shape: Any, other: Any) -> float:
    """Return how much of a shape lies on another.

    >>> from types import SimpleNamespace as Box
    >>> text = Box(left=0, top=0, width=4, height=1)
    >>> [_share_on(text, Box(left=left, top=0, width=9, height=9)) for left in (-1, 2, 9)]
    [1.0, 0.5, 0.0]
    """
    sides = [
        min(shape.left + shape.width, other.left + other.width) - max(shape.left, other.left),
        min(shape.top + shape.height, other.top + other.height) - max(shape.top, other.top),
    ]
    return float(max(0, sides[0]) * max(0, sides[1]) / (shape.width * shape.height or 1))


@lru_cache(maxsize=4)  # each slide asks for that behind it
def _pixels(blob: bytes) -> Colours:
    """Return the colours of a picture, seen from afar; of one that cannot be seen here the darkest and the lightest."""
    try:
        small = Image.open(io.BytesIO(blob)).convert("RGBA").resize(PIXELS)
    except OSError:  # a drawing, which only an Office program draws
        return ["#000000", "#FFFFFF"]
    pixels = np.asarray(small).reshape(-1, 4).tolist()
    return sorted({f"#{red:02X}{green:02X}{blue:02X}" for red, green, blue, opacity in pixels if opacity > OPAQUE})


def _light(colour: str, change: Callable[[float], float]) -> str:
    """Return a colour with another amount of light of each primary colour."""
    parts = map(change, linear(colour))
    red, green, blue = (12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055 for part in parts)
    return to_hex((red, green, blue)).upper()


def _lightness(colour: str, change: Callable[[float], float]) -> str:
    hue, light, saturation = colorsys.rgb_to_hls(*to_rgb(colour))
    return to_hex(colorsys.hls_to_rgb(hue, min(1.0, max(0.0, change(light))), saturation)).upper()
