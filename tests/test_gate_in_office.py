"""Templates and workbooks that somebody was sent: they harm nothing, and what is wrong with them is named."""

import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from pptx import Presentation

from sodertorn_lib import DataError, charts, load_tables
from sodertorn_lib.publish import grounds, officefiles
from sodertorn_lib.publish.deck import deck
from sodertorn_lib.publish.grounds import ground
from sodertorn_lib.publish.templates import HOUSE_TEMPLATE
from sodertorn_lib.update.new_year import yearly
from sodertorn_lib.update.worksheets import read_rows

from .conftest import HOUSE, MEASURED, YEAR
from .made_up import ROWS
from .own_templates import pictured, rgb, template
from .test_gate_in_data import MODERATE, named

DECLARED = yearly(load_tables(HOUSE))
KINDS = {"integer": int, "number": float, "date": date.fromisoformat}
LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "%b">]>' % (b"&a;" * 50)
Parts = dict[str, bytes]


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts:
            package.writestr(name, part)
    return content.getvalue()


def unpacked(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def small_book() -> bytes:
    """Return some rows of the made-up year in a workbook."""
    book = openpyxl.Workbook()
    for declared in DECLARED:
        sheet, fields = book.create_sheet(declared["name"]), declared["schema"]["fields"]
        header, *rows = csv.reader((ROWS / declared["path"]).read_text(encoding="utf-8").splitlines())
        sheet.append(header)
        for row in rows[:3]:
            cells = zip(row, fields, strict=True)
            sheet.append([KINDS.get(field["type"], str)(text) if text else None for text, field in cells])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


TEMPLATE, BOOK = HOUSE_TEMPLATE.read_bytes(), small_book()
WHOLE = {"template": TEMPLATE, "workbook": BOOK}


@pytest.fixture
def use(tmp_path):
    """Return a function that uses a file as a template, or as the workbook of a year."""
    chart = charts.ranked_costs(**MEASURED.arguments(charts.ranked_costs), lang="sv")

    def used(kind: str, content: bytes) -> object:
        path = tmp_path / ("own.pptx" if kind == "template" else "year.xlsx")
        path.write_bytes(content)
        if kind == "workbook":
            return read_rows(path, DECLARED)
        return deck([chart], [], MEASURED.differences, YEAR, "sv", path, slides=["opening", "caveats", chart.name])

    return used


def picture(width: int, height: int) -> bytes:
    """Return a picture that says how large it is, and has none of its pixels."""
    chunks = [b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0), b"IDAT" + zlib.compress(b"")]
    packs = (struct.pack(">I", len(own) - 4) + own + struct.pack(">I", zlib.crc32(own)) for own in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packs)


def without(part: str):
    return lambda parts: packed((name, own) for name, own in parts.items() if part not in name)


def with_part(name: str, content: bytes):
    return lambda parts: packed([*((own, part) for own, part in parts.items() if own != name), (name, content)])


def first_xml(change):
    """Return a change of the first layout, or of the first sheet."""

    def changed(parts: Parts) -> bytes:
        (name, *_) = [name for name in parts if re.search(r"slideLayout1\.xml$|sheet2\.xml$", name)]
        return packed((parts | {name: change(parts[name])}).items())

    return changed


def patched(offset: int, value: bytes):
    """Return a change of the record of the last part in the list of a package."""

    def changed(parts: Parts) -> bytes:
        content = bytearray(packed(parts.items()))
        place = content.rfind(b"PK\x01\x02") + offset
        content[place : place + len(value)] = value
        return bytes(content)

    return changed


NESTED = packed([("a.xlsx", packed([("b.xlsx", packed([("c", b"1")]))]))])
HARM = {
    "nothing": (lambda parts: b"", "cannot be read as a"),
    "text": (lambda parts: b"hello", "cannot be read as a"),
    "empty_package": (lambda parts: packed([]), "cannot be read as a"),
    "cut": (lambda parts: packed(parts.items())[:-3000], "cannot be read as a"),
    "many": (lambda parts: packed((f"{n}.bin", b"") for n in range(3_001)), "more than 3,000 parts"),
    "large": (with_part("a.bin", bytes(100_000_000)), "more than 100,000,000 bytes"),
    "much_xml": (with_part("a.xml", b"<a>" + b" " * 20_000_000 + b"</a>"), "bytes when unpacked"),
    "many_tags": (with_part("a.xml", b"<a>" + b"<b/>" * 400_000 + b"</a>"), "more than 400,000 tags of XML"),
    "many_tags_unnamed": (with_part("a.data", b"\xef\xbb\xbf <a>" + b"<b/>" * 400_000 + b"</a>"), "more than 400,000"),
    "many_named": (with_part("a.rels", b"<a>" + b"<Relationship />" * 3_001 + b"</a>"), "a part with over 3,000"),
    "many_styles": (with_part("a.xml", b"<a>" + b"<xf/>" * 3_001 + b"</a>"), "a part with over 3,000"),
    "many_names": (with_part("a.xml", b"<a>" + b"<definedName />" * 3_001 + b"</a>"), "a part with over 3,000"),
    "many_shapes": (with_part("a.xml", b"<a>" + b'<b:cNvPr id="1"/>' * 251 + b"</a>"), "more than 250 shapes in a.xml"),
    "many_columns": (with_part("a.xml", b"<a>" + b"<col />" * 3_001 + b"</a>"), "a part with over 3,000"),
    "many_merges": (with_part("a.xml", b"<a>" + b"<mergeCell />" * 3_001 + b"</a>"), "a part with over 3,000"),
    "many_validations": (
        with_part("a.xml", b"<a>" + b"<dataValidation />" * 3_001 + b"</a>"),
        "a part with over 3,000",
    ),
    "many_overridden": (with_part("a.xml", b"<a>" + b"<Override />" * 3_001 + b"</a>"), "a part with over 3,000"),
    "not_as_long_as_said": (patched(24, struct.pack("<I", 7)), "cannot be read as a"),
    "as_long_as_nothing_is": (patched(24, struct.pack("<I", 2**32 - 2)), "more than 100,000,000 bytes"),
    "encrypted": (patched(8, b"\1"), "cannot be read as a"),
    "unknown_packing": (patched(10, b"\x63"), "cannot be read as a"),
    "in_each_other": (with_part("a.xlsx", NESTED), "has workbooks inside of workbooks"),
    "huge_picture": (with_part("ppt/media/a.png", picture(5_000, 5_001)), "has a picture of more than 25,000,000"),
    "bomb_of_a_picture": (with_part("ppt/media/a.png", picture(2**31 - 1, 2**31 - 1)), "has a picture of more than"),
    "entities": (first_xml(lambda xml: LAUGHS + re.sub(rb"^<\?.*?\?>", b"", xml)), "defines entities, in "),
    "no_xml": (first_xml(lambda xml: xml[:-20]), "cannot be read as a"),
    "deep_xml": (first_xml(lambda xml: b"<a>" * 9_999 + b"</a>" * 9_999), "cannot be read as a"),
    "no_types": (without("[Content_Types]"), "cannot be read as a"),
}


@pytest.mark.filterwarnings("error::UserWarning")
@pytest.mark.parametrize("harm", HARM)
@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_that_would_do_harm_is_named(use, kind, harm):
    change, said = HARM[harm]
    told = named(use, kind, change(unpacked(WHOLE[kind])))
    assert said in told and ("own.pptx" if kind == "template" else "year.xlsx") in told and "Give " in told


def test_a_name_that_stands_twice_in_a_package_is_named(use):
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = packed([*unpacked(TEMPLATE).items(), ("docProps/app.xml", b"<a/>")])
    assert "own.pptx: cannot be read as a PowerPoint file" in named(use, "template", content)


@pytest.mark.parametrize(
    "lost", ["_rels/.rels", "slideMaster1.xml", "theme1.xml", "slideLayout1.xml", "slideLayout2.xml.rels"]
)
def test_a_template_that_lacks_a_part_is_named(use, lost):
    assert "own.pptx: cannot be read as a PowerPoint file" in named(use, "template", without(lost)(unpacked(TEMPLATE)))


def test_a_fault_of_our_own_is_not_put_on_the_template_of_the_house(monkeypatch):
    monkeypatch.setattr("sodertorn_lib.publish.deck._Deck.opening", lambda made: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        deck([], [], MEASURED.differences, YEAR, "sv", slides=["opening"])


def test_behind_a_drawing_that_only_office_draws_there_may_be_any_colour(use, tmp_path):
    path = pictured(tmp_path / "drawn.pptx", ("#0B1220", "#14213D"))
    parts = unpacked(path.read_bytes())
    (name,) = [name for name in parts if "/media/" in name]
    path.write_bytes(packed((parts | {name: b"\x01\0\0\0drawing"}).items()))
    made = Presentation(io.BytesIO(use("template", path.read_bytes())))
    slide = made.slides[0]
    assert ground(slide, slide.shapes.title) in (["#000000", "#FFFFFF"], ["#FFFFFF"])


def test_a_picture_behind_many_texts_is_looked_at_once(use, tmp_path, monkeypatch):
    seen, opened = [], grounds.Image.open
    content = pictured(tmp_path / "seen.pptx", ("#0B1221", "#14213E")).read_bytes()
    (picture,) = [part for name, part in unpacked(content).items() if "/media/" in name]
    monkeypatch.setattr(grounds.Image, "open", lambda file: seen.append(file.getvalue()) or opened(file))
    assert use("template", content)
    assert seen.count(picture) == 2  # how large it is, then its colours


def test_a_template_of_more_layouts_than_anybody_looks_through_is_named(use):
    parts = unpacked(TEMPLATE)
    (name,) = [name for name in parts if name.endswith("slideMaster1.xml")]
    parts[name] = re.sub(rb"<p:sldLayoutId [^>]*/>", lambda own: own[0] * 150, parts[name])
    assert "own.pptx: has more than 300 layouts" in named(use, "template", packed(parts.items()))


def test_a_gradient_of_more_colours_than_anybody_sees_is_named(use, tmp_path):
    steps = "".join(f'<a:gs pos="{n}">{rgb(f"#{n:06X}")}</a:gs>' for n in range(101))
    path = template(
        tmp_path / "steps.pptx", fill=f'<a:gradFill><a:gsLst>{steps}</a:gsLst><a:lin ang="0"/></a:gradFill>'
    )
    assert "a fill of more than 100 colours" in named(use, "template", path.read_bytes())


def cell(reference: str, inner: str) -> bytes:
    row = re.sub("[A-Z]", "", reference)
    return f'<row r="{row}"><c r="{reference}" t="str">{inner}</c></row></sheetData>'.encode()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (b"</sheetData>", cell("A1048576", "<v>x</v>"), "sheet fee_rates: reaches beyond row 2,000 or column 100"),
        (b"</sheetData>", cell("XFD9", "<v>x</v>"), "sheet fee_rates: reaches beyond row 2,000 or column 100"),
        (b"</sheetData>", b"<row/>" * 2_000 + b"</sheetData>", "sheet fee_rates: reaches beyond row 2,000"),
        (b"</sheetData>", cell("B9", "<f>1+1</f>"), "'=1+1' is a formula without a stored value"),
        (b"</sheetData>", cell("B9", "<f>1/0</f><v>#DIV/0!</v>"), "'#DIV/0!' is an error of a formula"),
    ],
)
def test_a_sheet_that_claims_what_no_year_has_is_named(use, old, new, said):
    content = first_xml(lambda xml: xml.replace(old, new))(unpacked(BOOK))
    try:
        told = "\n".join(str(fault) for table in use("workbook", content).values() for fault in table.faults)
    except DataError as error:
        told = str(error)
    assert said in told


def test_cells_merged_over_a_whole_sheet_and_a_size_that_is_none_take_no_time(use):
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="D9:XFD1048576"/></mergeCells>'

    def claiming(xml: bytes) -> bytes:
        return re.sub(b'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', xml).replace(
            b"</sheetData>", merged
        )

    plain, claimed = use("workbook", BOOK), use("workbook", first_xml(claiming)(unpacked(BOOK)))
    assert all(claimed[name].cells.equals(plain[name].cells) for name in plain)


def changed_at(xml: bytes, place: int, change: str, value: str) -> bytes:
    """Return XML with an element taken out, doubled, renamed or emptied, or with an attribute or a text changed."""
    root = etree.fromstring(xml)
    elements = [own for own in root.iter() if isinstance(own.tag, str)]
    own = elements[place % len(elements)]
    if change == "attribute" and own.attrib:
        own.set(sorted(own.attrib)[place % len(own.attrib)], value)
    elif change == "text":
        own.text = value
    elif change == "rename":
        own.tag = "x"
    elif change == "empty":
        del own[:]
    elif own.getparent() is not None and change == "take":
        own.getparent().remove(own)
    elif own.getparent() is not None:
        own.addnext(etree.fromstring(etree.tostring(own)))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


WRITTEN = {kind: [name for name in unpacked(WHOLE[kind]) if name.endswith((".xml", ".rels"))] for kind in WHOLE}
PLACES = st.sampled_from([(kind, name) for kind, names in WRITTEN.items() for name in names])
CHANGES = st.sampled_from(["attribute", "attribute", "text", "rename", "empty", "take", "double"])
VALUES = st.sampled_from(["", "x", "-1", "999999999999", "rId99", "phClr", "XFD1048576", "1e999", "s", "../x.xml"])


@MODERATE
@given(PLACES, st.integers(0, 10**4), CHANGES, VALUES)
def test_an_office_file_with_its_xml_changed_is_used_or_refused(use, part, place, change, value):
    kind, name = part
    parts = unpacked(WHOLE[kind])
    try:
        made = use(kind, packed((parts | {name: changed_at(parts[name], place, change, value)}).items()))
    except DataError:
        return
    assert made


def test_what_is_looked_for_in_a_file_of_ours_is_not_there():
    for content in WHOLE.values():
        assert list(officefiles._dangers(content, 3_000_000)) == []
