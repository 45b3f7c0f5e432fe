"""Decks on the templates of others: everything can be read on what is really behind it, and fits, or is refused."""

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from coloraide.everything import ColorAll as Color
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE
from pptx.oxml.ns import qn
from pptx.util import Inches

from sodertorn_lib import DataError, load_discrepancies
from sodertorn_lib.charts import theme
from sodertorn_lib.charts.palette import HOUSE, ON_DARK, TONES, palette_on
from sodertorn_lib.publish.deck import deck
from sodertorn_lib.publish.grounds import ground, text_colours
from sodertorn_lib.publish.templates import HOUSE_TEMPLATE

from .conftest import YEAR, program
from .office import converted
from .own_templates import STEPS, pictured, rgb, solid, template

DRAWN = (  # bars, columns, stacks, a waterfall, lines, and pictures of four kinds
    *("fee_by_municipality", "fee_scenarios", "meetings_by_forum", "balance_bridge", "error_by_horizon"),
    *("growth_needed_and_seen", "forecast_against_outcome", "growth_map", "timeline", "population_fan"),
    "components_by_municipality",
)
OWN = {  # each template by how it is made, and what is then behind everything
    "light_4_3": ({"wide": False}, ["#FFFFFF"]),
    "light_16_9": ({}, ["#FFFFFF"]),
    "dark_4_3": ({"wide": False, "swapped": True}, ["#000000"]),
    "dark_16_9": ({"swapped": True}, ["#000000"]),
    "navy_with_black_text": ({"fill": solid("#14213D")}, ["#14213D"]),
    "cream": ({"fill": solid("#EFE6D5")}, ["#EFE6D5"]),
    "grey": ({"fill": solid("#8A8F98")}, ["#8A8F98"]),
    "dark_gradient": ({"fill": STEPS.format(rgb("#14213D"), rgb("#0B1220"))}, ["#14213D", "#0B1220"]),
    "half_and_half": ({"fill": STEPS.format(rgb("#FFFFFF"), rgb("#0B1220"))}, ["#FFFFFF", "#0B1220"]),
    "covered": ({"covered": "#14213D"}, ["#14213D"]),
    "picture": ("#0B1220", "#14213D"),
}
EACH = pytest.mark.parametrize("name", OWN)
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
TEXTS = {theme.INK, theme.MUTED, "#000000", "#FFFFFF"}


def contrast(one: str, other: str) -> float:
    return Color(one).contrast(other, method="wcag21")


def made(name: str, folder: Path) -> tuple[Path, list[str]]:
    how, *behind = OWN[name]
    if isinstance(how, str):
        return pictured(folder / f"{name}.pptx", (how, *behind)), sorted([how, *behind])
    return template(folder / f"{name}.pptx", **how), behind[0]


@pytest.fixture(scope="module")
def decks(all_charts, all_answers, tmp_path_factory):
    """Return a function that makes the deck of a template, once, and what is behind it."""
    done, folder = {}, tmp_path_factory.mktemp("templates")

    def of(name: str):
        if name not in done:
            path, behind = made(name, folder)
            charts = [all_charts[chart, "sv"] for chart in DRAWN]
            file = deck(charts, all_answers["sv"], load_discrepancies(year=YEAR), YEAR, "sv", path)
            done[name] = file, behind
        return done[name]

    return of


@EACH
def test_what_is_behind_everything_is_found(name, decks):
    file, behind = decks(name)
    for slide in Presentation(io.BytesIO(file)).slides:
        for shape in slide.shapes:
            found = ground(slide, shape)
            assert found in (behind, ["#FFFFFF"]) or (name == "picture" and set(behind) < set(found))
    if name != "half_and_half":  # where a text has a ground of its own
        assert set(behind) <= set(ground(slide, slide.shapes.title))


@EACH
def test_every_text_of_a_slide_has_a_contrast_of_4_5_on_what_is_behind_it(name, decks):
    file, behind = decks(name)
    for slide in Presentation(io.BytesIO(file)).slides:
        for shape in (shape for shape in slide.shapes if shape.has_text_frame):
            own = {f"#{fill.get('val')}" for fill in shape._element.findall(f".//{DRAWING}rPr/{DRAWING}solidFill/*")}
            grounds = ["#FFFFFF"] if shape._element.find(f"{qn('p:spPr')}/{DRAWING}solidFill") is not None else behind
            written = own or set(text_colours(slide, shape))
            assert written and min(contrast(text, under) for text in written for under in grounds) >= 4.5
            assert own <= TEXTS


def panels_of(slide) -> list:
    return [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.AUTO_SHAPE]


@EACH
def test_a_ground_of_its_own_is_as_wide_for_every_chart_and_a_little_larger_than_it(name, decks):
    findings = [slide for slide in Presentation(io.BytesIO(decks(name)[0])).slides if drawn_on(slide)]
    panels = [panel for slide in findings for panel in panels_of(slide)]
    assert len(panels) == (len(findings) if name in ("grey", "half_and_half") else 0)
    assert len({(panel.left, panel.width) for panel in panels}) <= 1
    for panel, (shape,) in zip(panels, map(drawn_on, findings), strict=False):
        sides = [shape.left - panel.left, shape.top - panel.top]
        sides += [panel.width - shape.width - sides[0], panel.height - shape.height - sides[1]]
        assert min(sides) >= Inches(0.149), shape.name
        assert len(panel._element.xpath("./p:nvSpPr//*[local-name()='decorative'][@val='1']")) == 1


def drawn_on(slide) -> list:
    """Return the chart or the picture of a slide."""
    return [shape for shape in slide.shapes if shape.has_chart or hasattr(shape, "image")]


@EACH
def test_marks_of_charts_have_a_contrast_of_3_and_their_labels_of_4_5(name, decks):
    file, behind = decks(name)
    for slide in Presentation(io.BytesIO(file)).slides:
        for space in (shape.chart._chartSpace for shape in slide.shapes if shape.has_chart):
            grounds = [f"#{panel.fill.fore_color.rgb}" for panel in panels_of(slide)] or behind
            marks = [
                f"#{colour.get('val')}"
                for series in space.iter(qn("c:ser"))
                for properties in series.iter(qn("c:spPr"))
                for colour in properties.iter(f"{DRAWING}srgbClr")
                if colour.getparent().tag != f"{DRAWING}bgClr"  # between the stripes
            ]
            labels = [
                f"#{colour.get('val')}"
                for place in space.iter(qn("c:dLbls"), qn("c:txPr"))
                for colour in place.iter(f"{DRAWING}srgbClr")
                if space.find(f".//{qn('c:grouping')}[@val='stacked']") is None  # those that stand in their bars
            ]
            assert marks and min(contrast(mark, under) for mark in marks for under in grounds) >= 3
            assert min([contrast(label, under) for label in labels for under in grounds], default=21) >= 4.5
            themed = space.xpath("./c:txPr//a:schemeClr/@val")
            assert themed in ([], ["tx1"]) and (not themed or contrast(text_of(slide), grounds[0]) >= 4.5)


def light(pixels: np.ndarray) -> np.ndarray:
    """Return how light pixels are, as WCAG reckons it."""
    parts = pixels[..., :3] / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def of_light(one: float, other: float) -> float:
    darker, lighter = sorted((one, other))
    return (lighter + 0.05) / (darker + 0.05)


def text_of(slide) -> str:
    """Return the colour of text of the theme."""
    return "#FFFFFF" if slide.slide_layout.slide_master._element.find(qn("p:clrMap")).get("tx1") == "lt1" else "#000000"


@EACH
def test_one_sees_through_pictures_and_what_is_drawn_on_them_stands_out(name, decks):
    file, behind = decks(name)
    for slide in Presentation(io.BytesIO(file)).slides:
        for shape in (shape for shape in slide.shapes if shape.shape_type is not None and hasattr(shape, "image")):
            picture = Image.open(io.BytesIO(shape.image.blob))
            assert picture.mode == "RGBA" and {picture.getpixel((x, 0))[3] for x in (0, picture.width - 1)} == {0}
            grounds = [f"#{panel.fill.fore_color.rgb}" for panel in panels_of(slide)] or behind
            pixels = np.asarray(picture).reshape(-1, 4)
            drawn = light(pixels[pixels[:, 3] == 255])
            under = light(np.array([list(bytes.fromhex(own[1:])) for own in grounds]))
            assert max(of_light(drawn.min(), under.min()), of_light(drawn.max(), under.max())) >= 4.5


@pytest.mark.parametrize("own", [None, "light_4_3"])
def test_every_row_is_named_also_beside_one_that_says_more(own, comparisons, made_up, all_charts, tmp_path):
    """A program that draws leaves names out where a longer one takes their room."""
    names = ["costs_compared", "funds_compared", "meetings_compared"]
    charts = [comparisons[name, "sv"] for name in names] + [all_charts["funds_opening_closing", "sv"]]
    charts.append(all_charts["ranked_costs", "sv"])
    path = own and made(own, tmp_path)[0]
    slides = [chart.name for chart in charts]
    drawn = converted(deck(charts, [], made_up.differences, made_up.year, "sv", path, slides=slides), tmp_path)
    command = [program("pdftotext"), drawn, "-"]
    pages = subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\f")
    for chart, page in zip(charts, pages, strict=False):
        for category in chart.plot.categories:
            assert all(word in page for word in category.split()), (chart.name, category)


@pytest.mark.parametrize("name", ["dark_4_3", "navy_with_black_text", "half_and_half"])
def test_every_word_of_a_rendered_slide_is_seen(name, decks, tmp_path):
    """Measure on the pixels that LibreOffice draws, whatever our own reckoning of grounds and colours says."""
    reader, drawer = program("pdftotext"), program("pdftoppm")
    slides = converted(decks(name)[0], tmp_path)
    subprocess.run([drawer, "-r", "144", slides, tmp_path / "page"], check=True)
    boxes = subprocess.run([reader, "-bbox", slides, "-"], check=True, capture_output=True)
    pages, pictures = boxes.stdout.decode().split("<page ")[1:], sorted(tmp_path.glob("page-*.ppm"))
    seen = 0
    for page, file in zip(pages, pictures, strict=True):
        drawn = np.asarray(Image.open(file))
        for box in re.findall(r'xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)"', page):
            left, upper, right, lower = (round(2 * float(side)) for side in box)
            word = light(drawn[upper:lower, left:right]).ravel().round(3)
            under = float(np.median(word))
            most = max(of_light(word.min(), under), of_light(word.max(), under))
            assert most >= 4.4, (file.name, box)  # the edges of letters are paler than their middles
            seen += 1
    assert seen > 300


def test_the_hues_of_the_house_stay_apart_on_a_dark_ground_and_are_shifted_no_further_than_is_needed():
    for palette in (HOUSE, ON_DARK):
        tones = [palette[tone] for tone in TONES]
        for place, one in enumerate(tones):
            for two in tones[:place]:
                for deficiency in ("protan", "deutan", "tritan"):
                    seen = [Color(colour).filter(deficiency).convert("cam02-ucs").coords() for colour in (one, two)]
                    assert sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5 >= 10
    assert palette_on(["#FFFFFF"]) == HOUSE
    assert {tone: palette_on(["#101418"])[tone] for tone in TONES} == {tone: ON_DARK[tone] for tone in TONES}
    cream = palette_on(["#EFE6D5"])
    assert cream[theme.BLUE] == theme.BLUE and cream[theme.ORANGE] != theme.ORANGE
    assert palette_on(["#8A8F98"]) is None and palette_on(["#FFFFFF", "#000000"]) is None
    assert all(contrast(ON_DARK[theme.INK], ON_DARK[shade]) >= 4.5 for shade in theme.CLASSES)


@pytest.mark.parametrize("ground", ["#FFFFFF", "#12284C", "#000000"])
def test_what_is_not_highlighted_keeps_its_hue_and_stands_out(ground):
    palette = palette_on([ground])
    pale = [palette[own] for own in theme.PALE.values()]
    assert all(contrast(own, ground) >= 3 for own in pale)
    assert all(own != palette[tone] for tone, own in zip(theme.PALE, pale, strict=True))
    blue, orange = pale[:2]
    for deficiency in ("protan", "deutan", "tritan"):
        seen = [Color(colour).filter(deficiency).convert("cam02-ucs").coords() for colour in (blue, orange)]
        assert sum((a - b) ** 2 for a, b in zip(*seen, strict=True)) ** 0.5 >= 10


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ("", "#204060"),
        ('<a:lumMod val="50000"/>', "#102030"),
        ('<a:lumMod val="50000"/><a:lumOff val="50000"/>', "#709FCF"),
        ('<a:tint val="50000"/>', "#BDBFC3"),
        ('<a:shade val="50000"/>', "#152C44"),
    ],
)
def test_a_colour_that_a_template_changes_is_seen_as_it_is_shown(change, seen, tmp_path):
    own = Presentation(template(tmp_path / "own.pptx", fill=solid("#204060", change)))
    slide = own.slides.add_slide(own.slide_layouts[0])
    (found,) = ground(slide, slide.shapes.title)
    assert max(abs(a - b) for a, b in zip(bytes.fromhex(found[1:]), bytes.fromhex(seen[1:]), strict=True)) <= 3


def with_title(chart, title):
    return replace(chart, words=replace(chart.words, title=title))


LINE = "En rubrik som fyller en rad på bilden och lite till om det behövs för att den ska bli lång"


@pytest.mark.parametrize("own", [None, "light_4_3", "dark_16_9"])
def test_a_title_of_three_lines_fits_and_one_that_does_not_is_refused_by_name(own, all_charts, tmp_path):
    path, chart = own and made(own, tmp_path)[0], all_charts["ranked_costs", "sv"]
    known = load_discrepancies(year=YEAR)
    long = with_title(chart, f"{LINE} {LINE}")
    (slide,) = Presentation(io.BytesIO(deck([long], [], known, YEAR, "sv", path, slides=[chart.name]))).slides
    title = slide.shapes.title
    (size,) = {run.font.size.pt for paragraph in title.text_frame.paragraphs for run in paragraph.runs}
    lines = theme.wrapped(title.text.replace("\v", " "), size, title.width.inches - (0.2 if own else 0), bold=True)
    assert size >= 20 and len(lines) == 3 and 3 * size * 1.3 / 72 <= title.height.inches and title.top >= 0
    with pytest.raises(DataError, match=rf"{path or HOUSE_TEMPLATE}: 'En rubrik .* does not fit on the slide ranked_"):
        deck([with_title(chart, " ".join([LINE] * 5))], [], known, YEAR, "sv", path)


def test_unit_and_source_take_the_room_they_need_from_the_chart(decks):
    for name in ("light_4_3", "dark_16_9"):
        presentation = Presentation(io.BytesIO(decks(name)[0]))
        for slide in list(presentation.slides)[4 : 4 + len(DRAWN)]:
            above, chart, below = sorted((s for s in slide.shapes if s.name != slide.shapes.title.name), key=top)[:3]
            assert above.top + above.height <= chart.top + 9 and chart.top + chart.height <= below.top + 9
            assert below.top + below.height <= presentation.slide_height
            for holder in (above, below):
                texts = holder.text_frame.text.split("\v")
                count = sum(len(theme.wrapped(text, 16, holder.width.inches - 0.2)) for text in texts)
                assert count * 16 * 1.2 / 72 <= holder.height.inches


def top(shape) -> int:
    return int(shape.top)


def test_a_template_without_room_for_a_chart_or_without_layouts_is_named(all_charts, tmp_path):
    chart, known = all_charts["ranked_costs", "sv"], load_discrepancies(year=YEAR)
    small = Presentation(template(tmp_path / "own.pptx"))
    for layout in small.slide_layouts:
        for shape in layout.placeholders:
            if shape.placeholder_format.idx == 1:
                shape.left, shape.top, shape.width, shape.height = (shape.left, shape.top, shape.width, 1_500_000)
    small.save(tmp_path / "small.pptx")
    with pytest.raises(DataError, match=r"small\.pptx, ranked_costs: leaves so little room that the labels would have"):
        deck([chart], [], known, YEAR, "sv", tmp_path / "small.pptx", slides=[chart.name])
    for layout in list(small.slide_layouts):
        small.slide_layouts.remove(layout)
    small.save(tmp_path / "bare.pptx")
    with pytest.raises(DataError, match=r"bare\.pptx: lacks a layout with a title and a subtitle; it has no layouts"):
        deck([chart], [], known, YEAR, "sv", tmp_path / "bare.pptx")
