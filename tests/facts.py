"""Everything that is published, and the notebooks, as facts: what each is called, and what it says."""

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

import numpy as np
import openpyxl
from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.util import Emu

from sodertorn_lib import load_tables
from sodertorn_lib.charts import CHARTS, COMPARISONS, Chart, what_if
from sodertorn_lib.charts.fingerprint import fingerprint
from sodertorn_lib.charts.narrow import narrow
from sodertorn_lib.datapackage import DESCRIPTOR
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.measured import Measured
from sodertorn_lib.publish.inline import inline_parts
from sodertorn_lib.publish.page import page
from sodertorn_lib.publish.press import Edition
from sodertorn_lib.registered import declared
from sodertorn_lib.wording import read_texts

from .conftest import MEASURED, REPOSITORY
from .made_up import YEAR as MADE_UP_YEAR
from .made_up import two_years

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
FIELD = 16  # pixels of a picture that become one
LEVELS = 16  # of grey; another edition of FreeType moves a field by one at most
NOT_SAID = ("id", "name", "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}")  # identifiers
VALUES = ".//*[local-name()='v' or local-name()='t' or local-name()='f' or local-name()='formatCode']"

Fact = tuple[str, str]  # what it is called, what it says


# What is published


@cache
def edition(lang: str) -> Edition:
    return Edition(MEASURED, lang)


@cache
def made_up() -> Measured:
    """Return the house's tables with a made-up second year, for the charts that compare two."""
    with TemporaryDirectory() as folder:
        return Measured(load_tables(two_years(Path(folder) / "data")).read_all(), MADE_UP_YEAR)


@cache
def drawn(lang: str) -> list[Chart]:
    """Return every chart there is: those of the year, the scenario, and comparisons with a year before."""
    own = [(draw, MEASURED) for draw in (*CHARTS, what_if)] + [(draw, made_up()) for draw in COMPARISONS]
    return [draw(**measured.arguments(draw), lang=lang) for draw, measured in own]


@cache
def office_file(lang: str, kind: str) -> bytes:
    (job,) = getattr(edition(lang), kind)()
    (content,) = job().values()
    return content


# As facts


def texts(lang: str) -> Iterator[Fact]:
    """Yield every text of the language, in use or in waiting."""
    for section, keys in read_texts(lang).items():
        yield from ((f"{section}.{key}", text) for key, text in keys.items())


def answers(lang: str) -> Iterator[Fact]:
    for answer in edition(lang).answers:
        yield from ((f"{answer.name}, {part}", getattr(answer, part)) for part in ("question", "text"))


def charts(lang: str) -> Iterator[Fact]:
    """Yield the words of each chart, what is drawn, and what is drawn in its narrow edition."""
    for chart in drawn(lang):
        yield from ((f"{chart.name}, {part}", text) for part, text in vars(chart.words).items())
        small = fingerprint(chart.name, lang, "", narrow(chart.plot))
        for edition_of, told in (("", repr(chart)), (" narrow", small)):
            yield from ((f"{chart.name}{edition_of}, line {n}", line) for n, line in enumerate(told.splitlines(), 1))


def tables(lang: str) -> Iterator[Fact]:
    """Yield the rows of the CSV file beside each chart."""
    for chart in drawn(lang):
        rows = chart.files(())[f"{chart.name}.csv"].decode().splitlines()
        yield from ((f"{chart.name}.csv, row {row}", line) for row, line in enumerate(rows, 1))


def pictures(lang: str) -> Iterator[Fact]:
    for chart in drawn(lang):
        yield f"{chart.name}.png", grey(chart.render("png", dpi=96))


def slides(lang: str) -> Iterator[Fact]:
    """Yield each shape of a deck: where it is, what it says, how it looks; and what a slide says aloud."""
    for number, slide in enumerate(Presentation(io.BytesIO(office_file(lang, "deck"))).slides, 1):
        for place, shape in enumerate(slide.shapes, 1):
            yield from _shape(f"slide {number}, shape {place}", shape)
        yield f"slide {number}, notes", slide.notes_slide.notes_text_frame.text if slide.has_notes_slide else ""


def _shape(name: str, shape: Any) -> Iterator[Fact]:
    sides = (shape.left, shape.top, shape.width, shape.height)
    yield f"{name}, place", " ".join(f"{Emu(side).inches:.2f}" for side in sides)
    yield f"{name}, alt", shape._element.xpath(".//p:cNvPr")[0].get("descr", "")
    yield f"{name}, look", look(shape._element)
    if shape.has_text_frame:
        yield f"{name}, text", shape.text_frame.text
    if shape.has_chart:
        yield from _native(name, shape.chart._chartSpace)
    if shape.shape_type is not None and hasattr(shape, "image"):
        yield f"{name}, picture", grey(shape.image.blob)


def _native(name: str, chart: Any) -> Iterator[Fact]:
    """Yield what a native chart says, and how it looks."""
    yield f"{name}, values", " | ".join(chart.xpath(f"{VALUES}/text()"))
    yield f"{name}, look of the chart", look(chart, values=True)


def sheets(lang: str) -> Iterator[Fact]:
    """Yield each row of a workbook, how its columns are written, and its charts."""
    content = office_file(lang, "workbook")
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        yield f"{sheet.title}, print", f"{sheet.print_area} {sheet.oddFooter.left.text} {sheet.oddFooter.right.text}"
        for row in sheet.iter_rows():
            yield f"{sheet.title}, row {row[0].row}", " | ".join("" if c.value is None else str(c.value) for c in row)
            if row[0].row == 2:
                wide = [sheet.column_dimensions[cell.column_letter].width for cell in row]
                yield (
                    f"{sheet.title}, columns",
                    " | ".join(f"{c.number_format} {w:.1f}" for c, w in zip(row, wide, strict=True)),
                )
    with ZipFile(io.BytesIO(content)) as package:
        for name in sorted(name for name in package.namelist() if re.match(r"xl/charts/chart", name)):
            yield from _native(Path(name).stem, etree.fromstring(package.read(name)))


def web(lang: str) -> Iterator[Fact]:
    """Yield what the page says beside its pictures, its tables row by row, and its titles: as loaded, in a language."""
    tree = etree.HTML(_page())
    (part,) = tree.xpath(f"//div[@id='lang={lang}']")
    yield "page, title", f"{tree.findtext('head/title')} | {part.get('data-title')}"
    said = part.xpath(".//*[not(ancestor-or-self::*[local-name()='svg' or local-name()='table'])]/text()")
    said += part.xpath(".//@aria-label | .//@href | .//@data-said | .//@data-shown | .//@data-copied")
    lines = filter(None, (" ".join(text.split()) for text in said))
    yield from ((f"page, {place}", line) for place, line in enumerate(lines, 1))
    for article in part.iter("article"):
        for place, row in enumerate(article.iter("tr")):
            name = f"page, {article.get('id').partition('chart=')[2]}, row {place}"
            yield name, " | ".join("".join(cell.itertext()).strip("\n ") for cell in row)


@cache
def _page() -> bytes:
    editions = [edition(lang) for lang in LANGUAGES]
    parts = {name: part for own in editions for chart in own.charts for name, part in inline_parts(chart).items()}
    return page(editions, parts, [f"sodertorn_{lang}.{kind}" for lang in LANGUAGES for kind in ("pptx", "xlsx")])


def notebooks(lang: str) -> Iterator[Fact]:
    """Yield each cell of the notebooks, which are in English, with its tags, the kinds of its outputs and pictures.

    No program can judge prose: what is stored is what a person has read.
    """
    for path in NOTEBOOKS if lang == "en" else []:
        yield from of_notebook(path.stem, json.loads(path.read_text(encoding="utf-8")))


def of_notebook(stem: str, notebook: dict[str, Any]) -> Iterator[Fact]:
    yield f"{stem}, about", json.dumps(notebook["metadata"], sort_keys=True)
    for place, cell in enumerate(notebook["cells"], 1):
        name = f"{stem}, cell {place}"
        yield name, f"{cell['cell_type']}: {''.join(cell['source'])}"
        yield f"{name}, metadata", json.dumps(cell["metadata"], sort_keys=True)
        for number, output in enumerate(cell.get("outputs", []), 1):
            held = output.get("data", {})
            yield f"{name}, output {number}", " ".join([output["output_type"], *sorted(held)])
            if "image/png" in held:
                yield f"{name}, output {number}, picture", grey(base64.b64decode(held["image/png"]))


def data(lang: str) -> Iterator[Fact]:
    """Yield the hash of each table's cells, of those that are text, which a reader alone can hold, and of the rules.

    What was accepted with `sodertorn describe` must be accepted here too; the tables have both languages.
    """
    package = MEASURED.tables.package
    for table in package["resources"] if lang == "en" else []:
        cells = MEASURED.tables.as_text(table["name"]).cells
        texts = [field["name"] for field in table["schema"]["fields"] if is_text(field)]
        yield table["path"], hash_of(cells)
        yield f"{table['path']}, its texts: {', '.join(texts)}", hash_of(cells[texts])
        yield f"{DESCRIPTOR}, {table['name']}", hash_of(declared(table))


def is_text(field: Mapping[str, Any]) -> bool:
    return field["type"] == "string" and "enum" not in field.get("constraints", {})


def hash_of(content: Any) -> str:
    told = content.to_csv(index=False, lineterminator="\n") if hasattr(content, "to_csv") else json.dumps(content)
    return hashlib.sha256(told.encode()).hexdigest()


KINDS: Mapping[str, Callable[[str], Iterator[Fact]]] = {
    own.__name__: own for own in (texts, answers, charts, tables, pictures, slides, sheets, web, notebooks, data)
}


def look(element: Any, *, values: bool = False) -> str:
    """Return what stands for all of an XML element but its identifiers and, if wished, its values."""
    own = etree.fromstring(etree.tostring(element))
    for node in own.iter():
        for name in [name for name in node.attrib if name in NOT_SAID[:2] or str(name).startswith(NOT_SAID[2])]:
            del node.attrib[name]
    for node in own.xpath(VALUES) if values else []:
        node.text = ""
    return hashlib.sha256(etree.tostring(own, method="c14n")).hexdigest()[:12]


def grey(picture: bytes) -> str:
    """Return a picture as rows of fields, each a hexadecimal digit from black to white."""
    with Image.open(io.BytesIO(picture)) as image:
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image.convert("RGBA"))
        fields = np.asarray(white.convert("L").reduce(FIELD), dtype=float)
    return " ".join("".join(f"{round(value * (LEVELS - 1) / 255):x}" for value in row) for row in fields)
