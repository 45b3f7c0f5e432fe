"""PowerPoint templates as organisations have them: light and dark, of both shapes, with grounds of every kind."""

import io
from pathlib import Path

from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

WIDE = Inches(40 / 3)
SWAPPED = {"bg1": "dk1", "tx1": "lt1", "bg2": "dk2", "tx2": "lt2"}
STOPS = '<a:gs pos="0">{}</a:gs><a:gs pos="100000">{}</a:gs>'
STEPS = f'<a:gradFill><a:gsLst>{STOPS}</a:gsLst><a:lin ang="0"/></a:gradFill>'


def template(path: Path, *, wide: bool = True, swapped: bool = False, fill: str = "", covered: str = "") -> Path:
    """Make a template of that of python-pptx, which is 4:3 and white.

    `swapped` has dark for light in its colour map, `fill` is the background of its master, and `covered` the colour of
    a rectangle that it draws over all of it.
    """
    own = Presentation()
    master = own.slide_master
    if wide:
        own.slide_width, wider = WIDE, WIDE / own.slide_width
        placed = [shape for holder in (master, *own.slide_layouts) for shape in holder.shapes]
        for shape in (shape for shape in placed if shape._element.find(f".//{qn('a:xfrm')}") is not None):
            shape.left, shape.width = round(shape.left * wider), round(shape.width * wider)
    if swapped:
        for name, colour in SWAPPED.items():
            master._element.find(qn("p:clrMap")).set(name, colour)
    if fill:
        properties = f"<p:bg {nsdecls('p', 'a', 'r')}><p:bgPr>{fill}<a:effectLst/></p:bgPr></p:bg>"
        content = master._element.find(qn("p:cSld"))
        content.remove(content.find(qn("p:bg")))
        content.insert(0, etree.fromstring(properties))
    if covered:
        everywhere = f'<a:off x="0" y="0"/><a:ext cx="{own.slide_width}" cy="{own.slide_height}"/>'
        shape = (
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="99" name="Ground"/><p:cNvSpPr/><p:nvPr/></p:nvSpPr>'
            f'<p:spPr><a:xfrm>{everywhere}</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{solid(covered)}'
            "</p:spPr></p:sp>"
        )
        master.shapes._spTree.insert(2, etree.fromstring(shape))
    own.save(path)
    return path


def solid(colour: str, change: str = "") -> str:
    return f"<a:solidFill>{rgb(colour, change)}</a:solidFill>"


def rgb(colour: str, change: str = "") -> str:
    return f'<a:srgbClr val="{colour.lstrip("#")}">{change}</a:srgbClr>'


def pictured(path: Path, colours: tuple[str, str]) -> Path:
    """Make a template with a picture as its background: the left half in one colour, the right in another."""
    picture = Image.new("RGB", (32, 18), colours[0])
    picture.paste(Image.new("RGB", (16, 18), colours[1]), (16, 0))
    stored, own = io.BytesIO(), Presentation(template(path, fill=solid("#FFFFFF")))
    picture.save(stored, "png")
    stored.seek(0)
    _, relation = own.slide_master.part.get_or_add_image_part(stored)
    fill = own.slide_master._element.find(f".//{qn('p:bgPr')}")
    fill.remove(fill[0])
    inner = f'<a:blip r:embed="{relation}"/><a:stretch><a:fillRect/></a:stretch>'
    fill.insert(0, etree.fromstring(f"<a:blipFill {nsdecls('a', 'r')}>{inner}</a:blipFill>"))
    own.save(path)
    return path
