"""What a page holds itself, so that it needs no other file: pictures, as the SVG in it, and the fonts of the house."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Sequence

from fontTools import subset
from lxml import etree

from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.spec import SUBJECT, subjects
from sodertorn_lib.charts.theme import FONTS

LEFT_OUT = {"metadata", "style"}  # they would tell of the picture as a file, and style the whole page
FILES = {400: "OpenSans-Regular.ttf", 700: "OpenSans-Bold.ttf"}  # by the weight of the font
NUMBER = re.compile(r"-?\d+\.\d+")
ABOUT = re.compile(SUBJECT.format(r"(\d+)", r"\d+"))


def inline_parts(chart: Chart) -> dict[str, bytes]:
    """Return the pictures of a chart for a page, by name."""
    names, views = subjects(chart.plot), chart.views().items()
    svgs = {kind: inline_svg(view, f"{chart.lang}-{chart.name}-{kind}-", names) for kind, view in views}
    return {part_name(chart, kind): svg.encode() for kind, svg in svgs.items()}


def part_name(chart: Chart, kind: str) -> str:
    """Return what a picture of a chart is called, `wide` or `narrow`."""
    return f"{chart.lang}/{chart.name}-{kind}.html"


def inline_svg(svg: bytes, prefix: str, names: Sequence[str]) -> str:
    r"""Return a picture of `Chart.views` as a part of a page.

    Its ids begin with the prefix, so that no other picture has them; `data-of` says the name of the subject of a part.

    >>> inline_svg(b'<svg><g id="subject_0_1"><path d="M 0.123456 1 \nz"/></g></svg>', "a_", ["Salem"])
    '<svg><g data-of="Salem"><path d="M 0.1 1 z"/></g></svg>'
    """
    source = re.sub(r'(url\(#|href="#|id=")', rf"\g<1>{prefix}", svg.decode())
    used = re.findall(r'(?:url\(#|href="#)([^)"]+)', source)
    root = etree.fromstring(source.encode(), etree.XMLParser(remove_blank_text=True, remove_comments=True))
    for element in [element for element in root.iter() if etree.QName(element).localname in LEFT_OUT]:
        element.getparent().remove(element)
    for element in root.iter():
        own_id = element.get("id", "")
        kept = {key: _short(text) for key, text in element.items() if key != "id" or own_id in used}
        element.attrib.clear()
        element.attrib.update({key: text for key, text in kept.items() if text})
        if about := ABOUT.fullmatch(own_id.removeprefix(prefix)):
            element.set("data-of", names[int(about[1])])
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    return str(etree.tostring(root, encoding="unicode"))


def _short(text: str) -> str:
    """Return an attribute with tenths of a point, and without the font, which is that of the page."""
    rounded = NUMBER.sub(lambda found: f"{float(found[0]):.1f}".removesuffix(".0"), text)
    return " ".join(re.sub(r"; font-family: '[^']*'|rotate\(-0 [^)]*\)", "", rounded).split())


def font_faces(characters: Iterable[str]) -> str:
    """Return the fonts of the house as the CSS of a page with those characters, under the name House."""
    letters = set(characters)
    return "\n".join(
        f"@font-face {{ font-family: House; font-weight: {weight};"
        f' src: url(data:font/woff;base64,{font_data(letters, file)}) format("woff"); }}'
        for weight, file in FILES.items()
    )


def font_data(characters: Iterable[str], file: str) -> str:
    """Return a font of the house as base64 of WOFF, with no other glyphs than those of the characters.

    >>> font_data("Salem", "OpenSans-Bold.ttf")[:4]
    'd09G'
    """
    options, content = subset.Options(flavor="woff", hinting=False, name_IDs=["*"]), io.BytesIO()
    with subset.load_font(FONTS / file, options) as font:
        chosen = subset.Subsetter(options)
        chosen.populate(text="".join(characters))
        chosen.subset(font)
        subset.save_font(font, content, options)
    return base64.b64encode(content.getvalue()).decode()
