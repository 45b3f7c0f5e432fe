"""The decks: answers, a slide a finding, numbers that are those of the tables, notes to speak from, the same bytes."""

import io
import itertools
import re
import subprocess
import zipfile
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import openpyxl
import pytest
from coloraide.everything import ColorAll as Color
from lxml import etree
from openxml_audit import validate_pptx
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches

from sodertorn_lib import DataError, cli, load_discrepancies
from sodertorn_lib.charts import (
    CHARTS,
    balance_bridge,
    fee_by_municipality,
    funds_opening_closing,
    meetings_by_forum,
    theme,
)
from sodertorn_lib.charts.spec import Bars, Line, Lines, Rows, Scale, emphasised
from sodertorn_lib.formats import LANGUAGES, kronor, number
from sodertorn_lib.measured import Measured
from sodertorn_lib.publish.deck import deck
from sodertorn_lib.publish.nativecharts import is_native
from sodertorn_lib.publish.nativelabels import number_format, tick_format
from sodertorn_lib.publish.speaker_notes import aloud
from sodertorn_lib.publish.templates import HOUSE_TEMPLATE, Template
from sodertorn_lib.tables import load_tables
from sodertorn_lib.wording import read_texts

from .conftest import YEAR, program
from .office import converted

NAMES = [draw.__name__ for draw in CHARTS]
BEFORE = 4  # slides before the findings: the first and three with answers
AFTER = 5  # caveats, three of known differences, sources
EVERY = pytest.mark.parametrize("lang", LANGUAGES)
EACH = pytest.mark.parametrize(("name", "lang"), list(itertools.product(NAMES, LANGUAGES)))
PICTURES = {
    *("growth_map", "timeline", "population_fan", "fee_income_outlook"),  # map, timeline, and fans
    "activities_by_outcome",  # two columns in one tone
    *("population_small_multiples", "projection_small_multiples"),  # eight panels on one sheet
    *("components_by_year", "components_by_municipality"),  # stacks about nil
}
NATIVE = [key for key in itertools.product(NAMES, LANGUAGES) if key[0] not in PICTURES]
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@pytest.fixture(scope="module")
def made(charts_in, all_answers):
    """Return a function that makes a deck of some of the charts."""

    def make(lang, charts=None, template=None) -> bytes:
        chosen = charts_in[lang] if charts is None else charts
        return deck(chosen, all_answers[lang], load_discrepancies(year=YEAR), 2020, lang, template)

    return make


@pytest.fixture(scope="module")
def files(made) -> dict[str, bytes]:
    return {lang: made(lang) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def decks(files):
    return {lang: Presentation(io.BytesIO(file)) for lang, file in files.items()}


@pytest.fixture
def slide(decks, name, lang):
    return decks[lang].slides[BEFORE + NAMES.index(name)]


def drawn_in(slide):
    """Return the frame or picture of a slide, and the element that describes it."""
    (shape,) = [shape for shape in slide.shapes if shape.shape_type is not None and hasattr(shape, "image")] or [
        shape for shape in slide.shapes if shape.has_chart
    ]
    return shape, shape._element.find(f".//{qn('p:cNvPr')}")


class Series(NamedTuple):
    """What PowerPoint must draw as one series."""

    name: str
    x: list
    amounts: list[float]
    labels: list[str]
    tones: list[str | None]  # None is the colour of the slide
    ahead: list[bool]
    stroke: str = ""


ROOM = -1  # stands for what the labels of a waterfall have beside its steps


def series_of(plot) -> list[Series]:
    """Return the series of a plot: a waterfall has one below its steps, that is not seen, and one for its labels."""
    if isinstance(plot, Lines):
        ((_, marks),) = plot.panels.items()
        return [
            Series(line.name, line.x, line.y, labels_of(line), [line.tone], [], line.stroke)
            for line in marks
            if isinstance(line, Line)
        ]
    (first, *_), names = plot.bars, list(plot.categories)
    if first.starts:
        starts, ends = np.array(first.starts), np.array(first.starts) + first.amounts
        blank = [False] * len(names)
        nothing, unseen = [""] * len(names), [None] * len(names)
        below = Series("", names, list(np.minimum(starts, ends)), nothing, unseen, blank)
        steps = Series("", names, list(np.abs(first.amounts)), nothing, first.tones, blank)
        return [below, steps, Series("", names, [ROOM] * len(names), first.labels, unseen, blank)]
    return [
        Series(bars.name.replace("\n", " "), names, bars.amounts, bars.labels, bars.tones, bars.ahead)
        for bars in plot.bars
    ]


def labels_of(line) -> list[str]:
    return [line.labels[place].text if place in line.labels else "" for place in range(len(line.y))]


def known(series) -> list[int]:
    return [place for place, amount in enumerate(series.amounts) if not np.isnan(amount)]


def sheet_of(native) -> list[list]:
    blob = native.part.chart_workbook.xlsx_part.blob
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(blob)).active.values]


def test_text_in_the_sheet_behind_a_chart_never_becomes_a_formula(made, all_charts):
    rows = all_charts["fee_by_municipality", "en"]
    plot = replace(rows.plot, categories=["=1+1", *rows.plot.categories[1:]])
    lines = all_charts["population_total", "en"]
    ((panel, marks),) = lines.plot.panels.items()
    named = [replace(mark, name="=a!B2") if isinstance(mark, Line) else mark for mark in marks]
    risky = [replace(rows, plot=plot), replace(lines, plot=replace(lines.plot, panels={panel: named}))]
    shapes = [shape for slide in Presentation(io.BytesIO(made("en", risky))).slides for shape in slide.shapes]
    blobs = [shape.chart.part.chart_workbook.xlsx_part.blob for shape in shapes if shape.has_chart]
    sheets = [openpyxl.load_workbook(io.BytesIO(blob)).active for blob in blobs]
    kinds = {cell.value: cell.data_type for sheet in sheets for row in sheet for cell in row}
    assert kinds["=1+1"] == kinds["=a!B2"] == "s"


@EVERY
def test_it_is_16_to_9_with_a_title_a_slide_a_finding_then_caveats_and_sources(decks, charts_in, lang):
    presentation = decks[lang]
    assert (presentation.slide_width, presentation.slide_height) == (Inches(40 / 3), Inches(7.5))
    titles = [slide.shapes.title.text.replace("\v", " ") for slide in presentation.slides]
    in_short = {"sv": "Kort sagt, {} av 3", "en": "In short, {} of 3"}[lang]
    assert titles[1:BEFORE] == [in_short.format(part) for part in (1, 2, 3)]
    assert titles[BEFORE:-AFTER] == [chart.words.title for chart in charts_in[lang]]
    last = {"sv": ["Att tänka på", *["Kända"] * 3, "Källor"], "en": ["What to", *["Known"] * 3, "Sources"]}[lang]
    assert [title[: len(start)] for title, start in zip(titles[-AFTER:], last, strict=True)] == last
    assert len(titles) == BEFORE + len(NAMES) + AFTER


@EVERY
def test_every_known_difference_of_the_year_is_on_a_slide_and_no_other(decks, lang):
    said = "\n".join(shape.text for slide in decks[lang].slides for shape in slide.placeholders if shape.has_text_frame)
    known = load_discrepancies()
    of_year = known["year"] == YEAR
    assert all(text in said for text in known.loc[of_year, f"explanation_{lang}"])
    assert not any(text in said for text in known.loc[~of_year, f"explanation_{lang}"]) and not of_year.all()


@EVERY
def test_the_answers_come_first_each_below_its_question_with_all_its_sentences_in_the_notes(decks, all_answers, lang):
    slides = list(decks[lang].slides)[1:BEFORE]
    paragraphs = [paragraph for slide in slides for paragraph in slide.placeholders[1].text_frame.paragraphs]
    notes = "\n".join(slide.notes_slide.notes_text_frame.text for slide in slides)
    for paragraph, answer in zip(paragraphs, all_answers[lang], strict=True):
        question, *lead = paragraph.text.split("\v")
        assert (question, paragraph.runs[0].font.bold, paragraph.runs[1].font.bold) == (answer.question, True, None)
        assert lead[0] == answer.text or (answer.text.startswith(f"{lead[0]} ") and lead[0].endswith("."))
        assert aloud(f"{answer.question} {answer.text}", lang) in notes


@EVERY
def test_a_slide_of_answers_has_every_sentence_that_there_is_room_for(decks, all_answers, lang):
    whole = {answer.question: answer.text for answer in all_answers[lang]}
    for slide in list(decks[lang].slides)[1:BEFORE]:
        shown = slide.placeholders[1].text_frame.text.split("\n")
        for place, line in enumerate(shown):
            question, lead = line.split("\v")
            following = whole[question].removeprefix(lead).partition(". ")[0]
            fuller = [*shown[:place], line + following, *shown[place + 1 :]]
            assert not following or not Template().has_room(fuller, 18)


@EVERY
def test_no_number_of_the_tables_is_written_into_a_text_of_the_deck(lang):
    texts = [re.sub("31 [dD]ecember|CC0", "", text) for text in read_texts(lang)["deck"].values()]
    assert not [text for text in texts if re.search(r"\d", text)]


@EACH
def test_a_slide_reads_title_unit_chart_source_number_from_real_placeholders(slide, all_charts, name, lang):
    words = all_charts[name, lang].words
    assert all(shape.is_placeholder for shape in slide.shapes)
    texts = [shape.text_frame.text if shape.has_text_frame else None for shape in slide.shapes]
    *above, below = [text and text.replace("\v", " ") for text in texts[:3]] + texts[3:4]
    assert [*above, below.partition("\v")[0]] == [words.title, words.subtitle, None, words.source]
    assert slide.shapes[4].placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER
    assert 'type="slidenum"' in etree.tostring(slide.shapes[4]._element).decode()


@EACH
def test_chart_or_picture_has_a_name_and_an_alt_text(slide, all_charts, name, lang):
    shape, described = drawn_in(slide)
    assert described.get("descr") == all_charts[name, lang].words.alt
    assert "." not in described.get("name")
    assert (shape.shape_type is not None and hasattr(shape, "image")) == (name in PICTURES)


@EACH
def test_speaker_notes_have_the_numbers_and_the_caveat(slide, all_charts, name, lang):
    chart, notes = all_charts[name, lang], slide.notes_slide.notes_text_frame.text
    for said in (chart.words.title, chart.words.spoken, chart.words.caveat, chart.words.source):
        assert aloud(said, lang) in notes
    assert notes.startswith(aloud(f"{chart.words.title}. {chart.words.spoken}\n", lang))
    said = notes.splitlines()[3:]
    for number_said in numbers_of(chart.plot, lang):
        assert any(all(aloud(part, lang) in line for part in number_said) for line in said), number_said


def numbers_of(plot, lang) -> list[tuple[str, ...]]:
    """Return what must stand together in a line of the notes: of what, and how much."""
    if isinstance(plot, Rows):
        labelled = [
            (plot.categories[place], text) for bars in plot.bars for place, text in enumerate(bars.labels) if text
        ]
        totals = list(zip(plot.categories, plot.totals[1], strict=False))
        return [(in_one_line(name, ", "), in_one_line(text)) for name, text in [*labelled, *totals]]
    if isinstance(plot, Lines):
        lines = [(name, mark) for name, marks in plot.panels.items() for mark in marks if isinstance(mark, Line)]
        points = [
            (name or in_one_line(line.name), line.y[place], line.stroke)
            for name, line in lines
            for place in line.labels
        ]
        exact = [(name, y) for name, y, stroke in points if stroke != "_"]  # what is stated is said as it was stated
        said = [(name.split(":")[0], number(y, lang, 1 if y % 1 and y < 1000 else 0)) for name, y in exact]
        return said or [(name,) for name in plot.panels]
    return [(text,) for text in plot.says]


def in_one_line(text: str, between: str = " ") -> str:
    return text.replace("–\n", "–").replace("\n", between)


@EACH
def test_every_text_is_marked_as_the_language_it_is_in(slide, lang):
    runs = slide._element.findall(f".//{DRAWING}r/{DRAWING}rPr")
    notes = slide.notes_slide.notes_text_frame._txBody.findall(f".//{DRAWING}r/{DRAWING}rPr")
    assert {run.get("lang") for run in [*runs, *notes]} == {{"sv": "sv-SE", "en": "en-GB"}[lang]}


def expected_amounts(chart) -> list[float]:
    """Return, from the table of a chart, every amount that its native chart must hold."""
    data = chart.data
    columns = {
        "fee_by_municipality": ["fee_sek"],
        "fee_scenarios": ["fee_sek"],
        "funds_opening_closing": ["opening_sek", "closing_sek"],
        "ranked_costs": ["amount_sek"],
        "project_costs": ["amount_sek"],
        "text_against_table": ["text_sek", "table_sek"],
        "population_total": ["population", "published"],
        "growth_by_municipality": ["change"],
        "meetings_by_forum": ["digital", "digital_or_partly", "physical", "not_stated"],
        "growth_needed_and_seen": ["change_per_year"],
        "forecast_against_outcome": ["percentage_error"],
        "error_by_horizon": ["MAPE"],
        "homes_and_growth": ["change_per_year", "dwellings_per_year"],
    }
    if chart.name == "balance_bridge":
        lower = data[["start_sek", "end_sek"]].min(axis=1)
        return sorted([*lower, *data["amount_sek"].abs()])
    if chart.name == "text_against_table":
        data = data.dropna(subset=["table_sek"])
    return sorted(data[columns[chart.name]].stack().dropna().astype(float))


@pytest.mark.parametrize(("name", "lang"), NATIVE)
def test_the_workbook_behind_a_native_chart_holds_the_numbers_of_the_table(slide, all_charts, name, lang):
    chart, native = all_charts[name, lang], drawn_in(slide)[0].chart
    rows = sheet_of(native)
    columns = slice(1, 3 if name == "balance_bridge" else None)  # the last of a waterfall is room for its labels
    cells = [cell for row in rows for cell in row[columns] if isinstance(cell, int | float)]
    assert sorted(cells) == pytest.approx(expected_amounts(chart))
    series = list(native.plots[0].series)[: columns.stop and 2]
    drawn = [value for own in series for value in own.values if value is not None]
    assert sorted(drawn) == pytest.approx(expected_amounts(chart))
    if isinstance(chart.plot, Rows):
        names = [row[0] for row in rows[1:]]
        assert names == list(native.plots[0].categories)
        assert all(name.startswith(own) for name, own in zip(names, chart.plot.categories, strict=True))
        if name != "balance_bridge":
            assert rows[0][1:] == [series.name for series in series_of(chart.plot)]


@pytest.mark.parametrize(("name", "lang"), NATIVE)
def test_a_native_chart_is_labelled_as_the_figure_is(slide, all_charts, name, lang):
    plot, native = all_charts[name, lang].plot, drawn_in(slide)[0].chart
    for drawn, series in zip(native.plots[0].series, series_of(plot), strict=True):
        formats = {code.get("formatCode") for code in drawn._element.findall(f"{qn('c:dLbls')}/{qn('c:numFmt')}")}
        written = [
            "\n".join(
                "".join(text.text for text in paragraph.iter(f"{DRAWING}t"))
                for paragraph in label.findall(f".//{DRAWING}p")
            )
            for label in drawn._element.findall(f".//{qn('c:dLbl')}")
        ]
        pairs = zip(series.labels, series.amounts, strict=True)
        shown = [text for text, amount in pairs if text and not np.isnan(amount)]
        assert formats or written == shown
        for code in formats:
            assert [as_formatted(amount, code) for amount in series.amounts] == list(series.labels)


def as_formatted(amount: float, code: str) -> str:
    """Return a number as a spreadsheet program writes it by one of our number formats."""
    for part in code.split(";"):
        limit = re.match(r"\[>=([\d.]+)\]", part)
        if limit is None or amount >= float(limit[1]):
            groups = re.findall(r'"([^"]*)"|(0+)', part[limit.end() if limit else 0 :])
            digits, text = str(round(amount)), ""
            for literal, zeros in reversed(groups):
                last = zeros and not any(z for _, z in groups[: groups.index((literal, zeros))])
                taken = digits if last else digits[-len(zeros) :] if zeros else ""
                digits = digits[: len(digits) - len(taken)]
                text = (taken if zeros else literal) + text
            return text
    raise AssertionError(code)


@EVERY
@pytest.mark.parametrize("write", [number, kronor, lambda amount, lang: f"{number(amount, lang)} %"])
def test_number_formats_write_amounts_as_the_language_does(write, lang):
    amounts = [0, 7, 999, 1000, 44_056, 999_999, 1_000_000, 1_381_130, 23_456_789]
    texts = [write(amount, lang) for amount in amounts]
    code = number_format(amounts, texts, lang)
    assert [as_formatted(amount, code) for amount in amounts] == texts


@EACH
def test_colours_of_a_native_chart_are_those_of_the_house_and_told_apart(slide, name):
    shape, _ = drawn_in(slide)
    if name in PICTURES:
        picture = Image.open(io.BytesIO(shape.image.blob))
        assert picture.size[0] / (shape.width / 914_400) > 155  # pixels an inch
        assert (shape.crop_left, shape.crop_right, shape.crop_top, shape.crop_bottom) == (0, 0, 0, 0)
        assert picture.size[0] / picture.size[1] == pytest.approx(shape.width / shape.height, rel=0.01)
        return
    series = [own for plot in shape.chart.plots for own in plot.series]
    used = {"#" + colour.get("val") for own in series for colour in own._element.iter(f"{DRAWING}srgbClr")}
    used -= {theme.PAPER}  # on the marks
    house = {theme.BLUE, theme.ORANGE, theme.TEAL, theme.GREY, theme.INK, theme.MUTED}
    assert used and used <= house and len(used) <= 4
    for one, two in itertools.combinations(used, 2):
        for deficiency in ("protan", "deutan", "tritan"):
            seen = [Color(colour).filter(deficiency).convert("cam02-ucs").coords() for colour in (one, two)]
            assert np.linalg.norm(np.subtract(*seen)) >= 10


def test_text_and_marks_of_the_house_template_stand_out_from_white():
    template = zipfile.ZipFile(HOUSE_TEMPLATE).read("ppt/theme/theme1.xml").decode()
    colours = {name: "#" + value for name, value in re.findall(r"<a:(\w+)><a:srgbClr val=\"(\w{6})\"", template)}
    assert (colours["dk1"], colours["dk2"], colours["lt1"]) == (theme.INK, theme.MUTED, "#FFFFFF")
    accents = [colours[f"accent{place}"] for place in (1, 2, 3, 4)]
    assert accents == [theme.BLUE, theme.ORANGE, theme.TEAL, theme.GREY]
    assert all(Color(colours[ink]).contrast("white", method="wcag21") >= 4.5 for ink in ("dk1", "dk2"))
    assert 'typeface="Open Sans"' in template


@EVERY
def test_no_slide_has_text_under_16_points(files, lang):
    package = zipfile.ZipFile(io.BytesIO(files[lang]))
    for name in package.namelist():
        if re.match(r"ppt/(slides|slideLayouts|slideMasters|charts)/\w+\.xml", name):
            sizes = [int(size) for size in re.findall(r'\bsz="(\d+)"', package.read(name).decode())]
            assert min(sizes, default=1800) >= 1600, name


@EVERY
def test_it_is_the_same_to_the_byte_and_carries_no_date_or_name(files, made, lang):
    assert made(lang) == files[lang]
    package = zipfile.ZipFile(io.BytesIO(files[lang]))
    assert {entry.date_time[0] for entry in package.infolist()} == {1980}
    core = Presentation(io.BytesIO(files[lang])).core_properties
    assert (core.author, core.last_modified_by) == ("", "")
    assert core.created.year == core.modified.year == 2021
    books = [package.read(name) for name in package.namelist() if name.endswith(".xlsx")]
    assert len(books) == len(NAMES) - len(PICTURES)
    for book in books:
        assert openpyxl.load_workbook(io.BytesIO(book)).properties.created.year == 2021
    assert not [name for name in package.namelist() if "thumbnail" in name or "printer" in name]


@EVERY
def test_every_part_is_as_the_standard_has_it_so_that_powerpoint_opens_it_without_repair(files, lang, tmp_path):
    (tmp_path / "deck.pptx").write_bytes(files[lang])
    assert [fault.description for fault in validate_pptx(tmp_path / "deck.pptx").errors] == []


@pytest.mark.parametrize(("name", "lang"), NATIVE)
def test_each_series_is_drawn_as_the_plot_has_it(slide, all_charts, name, lang):
    plot, native = all_charts[name, lang].plot, drawn_in(slide)[0].chart
    for drawn, series in zip(native.plots[0].series, series_of(plot), strict=True):
        points = known(series)
        assert drawn.name == series.name or name == "balance_bridge"
        values = [value for value in drawn.values if value is not None]
        if ROOM in series.amounts:
            assert len(set(values)) == 1 and native.value_axis.maximum_scale == pytest.approx(
                max(map(sum, zip(*(own.values for own in native.plots[0].series), strict=True)))
            )
        else:
            assert values == pytest.approx([series.amounts[p] for p in points])
        if isinstance(plot, Lines):
            years = [float(x.text) for x in drawn._element.findall(f"{qn('c:xVal')}//{qn('c:v')}")]
            assert years == [series.x[place] for place in points]
        else:
            assert [value is None for value in drawn.values] == [bool(np.isnan(amount)) for amount in series.amounts]
        labelled = [int(place.get("val")) for place in drawn._element.findall(f".//{qn('c:dLbl')}/{qn('c:idx')}")]
        places = points if isinstance(plot, Lines) else range(len(series.amounts))
        texts = [point for point, place in enumerate(places) if series.labels[place] and place in points]
        assert labelled in ([], texts)


def colour_of(properties) -> str | None:
    colour = properties.find(f"{DRAWING}solidFill/{DRAWING}srgbClr") if properties is not None else None
    return None if colour is None else "#" + colour.get("val")


def looks(drawn, places) -> list[tuple[str | None, bool]]:
    """Return the colour of each bar of a series, and whether it is hatched."""
    own = {int(point.find(qn("c:idx")).get("val")): point for point in drawn._element.findall(qn("c:dPt"))}
    seen = []
    for place in places:
        shape = own.get(place, drawn._element).find(qn("c:spPr"))
        hatching = shape.find(f"{DRAWING}pattFill")
        assert hatching is None or hatching.get("prst") == "wdUpDiag"
        line = colour_of(shape.find(f"{DRAWING}ln"))
        seen.append((colour_of(shape) if hatching is None else line, hatching is not None))
    assert {flag.get("val") for flag in drawn._element.iter(qn("c:invertIfNegative"))} == {"0"}
    assert len([*drawn._element.iter(qn("c:invertIfNegative"))]) == 1 + len(own)
    return seen


@pytest.mark.parametrize(("name", "lang"), NATIVE)
def test_each_series_has_its_colours_its_hatching_and_its_dashes(slide, all_charts, name, lang):
    plot, native = all_charts[name, lang].plot, drawn_in(slide)[0].chart
    for drawn, series in zip(native.plots[0].series, series_of(plot), strict=True):
        if isinstance(plot, Rows):
            ahead = series.ahead or [False] * len(series.tones)
            expected = [(theme.AHEAD_COLOUR if a else tone, a) for tone, a in zip(series.tones, ahead, strict=True)]
            assert looks(drawn, known(series)) == [expected[place] for place in known(series)]
        elif series.stroke:
            line = drawn._element.find(f"{qn('c:spPr')}/{DRAWING}ln")
            dashes = {"-": "solid", "--": "dash", "-.": "dashDot", ":": "sysDot"}
            assert (colour_of(line), line.find(f"{DRAWING}prstDash").get("val")) == (
                series.tones[0],
                dashes[series.stroke],
            )
        else:
            assert colour_of(drawn._element.find(f"{qn('c:marker')}/{qn('c:spPr')}")) == series.tones[0]


@pytest.mark.parametrize(("name", "lang"), NATIVE)
def test_axes_legend_and_overlap_are_those_of_the_kind_of_chart(slide, all_charts, name, lang):
    plot, native = all_charts[name, lang].plot, drawn_in(slide)[0].chart
    axis = native.value_axis
    if isinstance(plot, Lines):
        assert (native.has_title, native.has_legend) == (False, False)
        assert (axis.minimum_scale, axis.maximum_scale) == (plot.y.low, plot.y.high)
        assert (native.category_axis.minimum_scale, native.category_axis.maximum_scale) == (plot.x.low, plot.x.high)
        return
    several = len(plot.bars) > 1
    low = np.nanmin([series.amounts for series in series_of(plot) if ROOM not in series.amounts])
    assert (native.has_title, native.has_legend) == (False, several and plot.form != "lying")
    assert axis.minimum_scale == 0 if low >= 0 else axis.minimum_scale < low
    if plot.form != "standing":
        assert native.category_axis.reverse_order
        assert native.plots[0].overlap == (100 if plot.form == "apart" or plot.bars[0].starts else 0)
        assert native._chartSpace.find(f".//{qn('c:tickLblSkip')}").get("val") == "1"


@EVERY
def test_ticks_of_native_lines_are_those_of_the_figure(decks, all_charts, lang):
    for name in ("population_total", "error_by_horizon"):
        native = drawn_in(decks[lang].slides[BEFORE + NAMES.index(name)])[0].chart
        for axis, scale in (
            (native.category_axis, all_charts[name, lang].plot.x),
            (native.value_axis, all_charts[name, lang].plot.y),
        ):
            places = np.arange(scale.low, scale.high + 0.001, axis.major_unit)
            assert places.tolist() == [float(tick) for tick in scale.ticks]
            code = axis.tick_labels.number_format
            named = dict(re.findall(r'\[=(\d+)\]"([^"]*)";', code))
            plain = code == "0" or named
            shown = [named.get(f"{p:g}", f"{p:g}") if plain else as_formatted(p, code) for p in places]
            assert shown == list(scale.ticks.values())


def test_one_sees_through_what_is_below_the_steps_of_the_waterfall_and_beside_them(decks):
    native = drawn_in(decks["sv"].slides[BEFORE + NAMES.index("balance_bridge")])[0].chart
    below, steps, labels = native.plots[0].series
    assert native._chartSpace.find(f".//{qn('c:grouping')}").get("val") == "stacked"
    for unseen in (below, labels):
        assert unseen._element.find(f"{qn('c:spPr')}/{DRAWING}noFill") is not None
    assert (below.name, labels.name) == ("Under steget", "Etikettens plats")
    assert {place.get("val") for place in labels._element.iter(qn("c:dLblPos"))} == {"inBase"}
    edges = [colour_of(line) for line in steps._element.iter(f"{DRAWING}ln")]
    assert len(edges) > 1 and None not in edges  # a step of one krona is as wide as its edge


def test_names_at_the_ends_of_lines_are_a_line_apart(decks, all_charts):
    frame = drawn_in(decks["en"].slides[BEFORE + NAMES.index("error_by_horizon")])[0]
    native, plot = frame.chart, all_charts["error_by_horizon", "en"].plot
    top, room = native.value_axis.maximum_scale, 0.88 * frame.height.inches
    shifts = [
        -float(drawn._element.find(f".//{qn('c:dLbl')}//{qn('c:y')}").get("val"))
        if drawn._element.find(f".//{qn('c:dLbl')}//{qn('c:y')}") is not None
        else 0.0
        for drawn in native.plots[0].series
    ]
    heights = [
        series.amounts[-1] / top * room + shift * frame.height.inches
        for series, shift in zip(series_of(plot), shifts, strict=True)
    ]
    assert min(np.diff(sorted(heights))) > 0.3  # inches; a line of 18 points is 0.33


@EVERY
def test_every_slide_but_the_first_has_a_number_and_no_identity_twice(decks, lang):
    for place, slide in enumerate(decks[lang].slides):
        numbers = [s for s in slide.placeholders if s.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER]
        assert len(numbers) == bool(place)
        identities = [described.get("id") for described in slide._element.iter(qn("p:cNvPr"))]
        assert len(identities) == len(set(identities))


@EVERY
def test_the_first_slide_names_the_year_and_the_last_the_sources(decks, lang):
    first, last = decks[lang].slides[0], decks[lang].slides[-1]
    assert "2020" in first.placeholders[1].text
    assert len(last.placeholders[1].text.splitlines()) == 5
    assert "SCB" in last.placeholders[1].text
    caveats = decks[lang].slides[BEFORE + len(NAMES)].placeholders[1].text
    assert len(caveats.splitlines()) == 5


@pytest.mark.parametrize(
    ("amounts", "labels"),
    [
        ([1500.0, 7048.5], ["1 500", "7 048"]),
        ([-36.0, 5.0], ["−36", "5"]),
        ([2_012_800_000.0], ["2 012 800 000"]),
        ([4.5], ["4,50 kr"]),
        ([1_500_000.0], ["1,5"]),
        ([5.0, 6.0], ["5 kr", "6 st"]),
        ([5.0, np.nan], ["5 kr", ""]),
    ],
)
def test_what_a_number_format_would_write_otherwise_is_written_as_text(amounts, labels):
    written = [text.replace(" ", "\N{NO-BREAK SPACE}") for text in labels]
    assert number_format(amounts, written, "sv") is None
    assert number_format([1500.0], ["1\N{NO-BREAK SPACE}500"], "sv")


def test_what_powerpoint_cannot_draw_stays_a_picture():
    scale = Scale(0, 2, {0: "0", 2: "2"})
    line = Line("a", [0, 2], [0, 2], theme.BLUE)
    assert is_native(Lines(scale, scale, {"": [line]}), "sv")
    assert not is_native(Lines(scale, scale, {"a": [line], "b": [line]}), "sv")
    assert not is_native(Lines(scale, replace(scale, low=1, doubling=True), {"": [line]}), "sv")
    millions = Scale(0, 2_000_000, {0: "0", 1_500_000: "1,5", 2_000_000: "2"})
    assert tick_format(millions, "sv") is None and not is_native(Lines(scale, millions, {"": [line]}), "sv")
    steps = Bars("a", [5, -7], ["5", "−7"], [theme.BLUE] * 2, [0, 5])
    assert not is_native(Rows(["a", "b"], [steps]), "sv")
    assert is_native(Rows(["a", "b"], [replace(steps, amounts=[5, -4])]), "sv")
    assert is_native(Rows(["a", "b"], [replace(steps, starts=())]), "sv")
    assert not is_native(Rows(["a", "b"], [replace(steps, starts=())], "apart"), "sv")


def test_what_is_not_highlighted_is_grey_and_what_was_grey_is_hollow(made):
    measured = Measured(load_tables(), YEAR)
    fees = fee_by_municipality(measured.fees, lang="en", highlight="Salem")
    known = measured.statement.dropna(subset=["closing_sek"])
    funds = funds_opening_closing(known, lang="en", highlight="Operations 2020")
    presentation = Presentation(io.BytesIO(made("en", [fees, funds])))
    (single,), (opening, closing) = (
        drawn_in(presentation.slides[BEFORE + place])[0].chart.plots[0].series for place in (0, 1)
    )
    salem = list(fees.data["municipality"]).index("Salem")
    tones = [theme.BLUE if place == salem else theme.FAINT for place in range(8)]
    assert [tone for tone, _ in looks(single, range(8))] == tones
    place = list(funds.data["label_en"]).index("Operations 2020")
    assert [tone for tone, _ in looks(closing, range(6))] == [
        theme.BLUE if p == place else theme.FAINT for p in range(6)
    ]
    hollow = funds.plot.bars[0].known
    assert [tone for tone, _ in looks(opening, hollow)] == [None] * len(hollow)
    edges = [colour_of(point.find(f"{qn('c:spPr')}/{DRAWING}ln")) for point in opening._element.findall(qn("c:dPt"))]
    assert edges == [theme.GREY] * len(hollow)


def test_a_faint_step_of_the_waterfall_is_grey_and_one_that_was_grey_hollow(made):
    bridge = balance_bridge(Measured(load_tables(), YEAR).bridge, lang="en", highlight="Opening balance")
    _, steps, _ = drawn_in(Presentation(io.BytesIO(made("en", [bridge]))).slides[BEFORE])[0].chart.plots[0].series
    tones = [theme.BLUE, *[theme.FAINT] * 4, None, theme.FAINT]
    assert looks(steps, range(7)) == [(tone, False) for tone in tones]


def test_a_faint_line_lies_below_and_its_name_is_muted(all_charts, made):
    chart = all_charts["error_by_horizon", "en"]
    chosen = replace(chart, plot=emphasised(chart.plot, ["projection"]))
    native = drawn_in(Presentation(io.BytesIO(made("en", [chosen]))).slides[BEFORE])[0].chart
    *faint, last = native.plots[0].series
    assert last.name == "projection" and len(faint) == 3
    assert {colour_of(drawn._element.find(f"{qn('c:spPr')}/{DRAWING}ln")) for drawn in faint} == {theme.FAINT}
    texts = {
        "#" + colour.get("val")
        for drawn in faint
        for colour in drawn._element.find(qn("c:dLbls")).iter(f"{DRAWING}srgbClr")
    }
    assert texts == {theme.MUTED}


def test_a_bar_ahead_that_is_faint_keeps_its_hatching(all_charts, made):
    chart = all_charts["growth_needed_and_seen", "en"]
    chosen = replace(chart, plot=emphasised(chart.plot, [chart.plot.categories[0]]))
    (drawn,) = drawn_in(Presentation(io.BytesIO(made("en", [chosen]))).slides[BEFORE])[0].chart.plots[0].series
    assert looks(drawn, range(10)) == [(theme.BLUE, False)] + [(theme.FAINT, False)] * 7 + [(theme.FAINT, True)] * 2


def test_one_forum_alone_can_be_drawn(made):
    measured = Measured(load_tables(), YEAR)
    one = meetings_by_forum(measured.by_forum[:1], measured.counted, lang="sv")
    native = drawn_in(Presentation(io.BytesIO(made("sv", [one]))).slides[BEFORE])[0].chart
    assert list(native.plots[0].categories) == [f"{one.data['label_sv'].iloc[0]}: {one.data['meetings'].iloc[0]}"]


@pytest.mark.parametrize(("name", "lang"), NATIVE)
def test_labels_stand_where_powerpoint_lets_them_in_such_a_chart(slide):
    native = drawn_in(slide)[0].chart
    inside = {"ctr", "inBase", "inEnd"}
    allowed = {"clustered": {*inside, "outEnd"}, "stacked": inside, None: {"b", "ctr", "l", "r", "t"}}
    grouping = native._chartSpace.find(f".//{qn('c:grouping')}")
    positions = {place.get("val") for place in native._chartSpace.iter(qn("c:dLblPos"))}
    assert positions <= allowed[grouping.get("val") if grouping is not None else None]


@EVERY
def test_libreoffice_opens_it_and_shows_every_slide_with_its_words_and_labels(files, charts_in, lang, tmp_path):
    command = [program("pdftotext"), "-layout", converted(files[lang], tmp_path), "-"]
    pages = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    slides = [re.sub(r"\s+", " ", page) for page in pages.split("\f")[:-1]]
    assert len(slides) == BEFORE + len(NAMES) + AFTER
    for chart, slide in zip(charts_in[lang], slides[BEFORE:], strict=False):
        assert {*chart.words.source.split()} <= {*slide.split()}
        native = is_native(chart.plot, lang)
        texts = [text for series in series_of(chart.plot) for text in series.labels] if native else []
        for text in [chart.words.title, *texts]:
            assert all(word in slide for word in text.split()), (chart.name, text)


@EVERY
def test_an_organisation_can_put_its_own_template_under_it(charts_in, made, lang, tmp_path):
    own = Presentation()  # with layouts of Office, 4:3, and a slide that is not ours
    own.slides.add_slide(own.slide_layouts[0])
    own.save(tmp_path / "own.pptx")
    presentation = Presentation(io.BytesIO(made(lang, charts_in[lang][:2], tmp_path / "own.pptx")))
    assert presentation.slide_width == Inches(10)
    assert len(presentation.slides) >= BEFORE + 2 + AFTER  # there is room for fewer differences on each
    questions = presentation.slides[1].placeholders[1].text_frame.paragraphs
    assert [(q.runs[0].font.bold, q.runs[1].font.bold) for q in questions] == [(True, None)] * len(questions)
    finding = presentation.slides[BEFORE]
    words = charts_in[lang][0].words
    texts = [shape.text_frame.text.replace("\v", " ") if shape.has_text_frame else None for shape in finding.shapes]
    assert texts[:4] == [words.title, words.subtitle, None, words.source]
    assert finding.shapes.title.text.count("\v") == 1  # in two lines of about the same length
    for shape in finding.shapes:
        assert shape.left >= 0 and shape.left + shape.width <= presentation.slide_width
    for slide in presentation.slides:
        identities = [described.get("id") for described in slide._element.iter(qn("p:cNvPr"))]
        assert len(identities) == len(set(identities))
        sizes = {run.font.size.pt for paragraph in slide.shapes.title.text_frame.paragraphs for run in paragraph.runs}
        assert max(sizes) <= 44
        assert all(
            run.font.name is None for paragraph in slide.shapes.title.text_frame.paragraphs for run in paragraph.runs
        )


def test_slides_sections_shows_and_names_of_a_template_are_left_behind(charts_in, made, tmp_path):
    own = Presentation()
    old = own.slides.add_slide(own.slide_layouts[0])
    shown = own.slides._sldIdLst[0]
    show = f'<p:custShowLst {nsdecls("p", "r")}><p:custShow name="x" id="0"><p:sldLst><p:sld r:id="{shown.rId}"/>'
    section = (
        f'<p:extLst {nsdecls("p")}><p:ext uri="{{521415D9-36F7-43E2-AB2F-B90AF26B5E84}}">'
        '<p14:sectionLst xmlns:p14="http://schemas.microsoft.com/office/powerpoint/2010/main"/></p:ext></p:extLst>'
    )
    own.part._element.append(etree.fromstring(show + "</p:sldLst></p:custShow></p:custShowLst>"))
    own.part._element.append(etree.fromstring(section))
    old.shapes.title.text = "of last year"
    own.core_properties.author = own.core_properties.keywords = "somebody"
    own.save(tmp_path / "own.pptx")
    file = made("sv", charts_in["sv"][:1], tmp_path / "own.pptx")
    names = zipfile.ZipFile(io.BytesIO(file)).namelist()
    assert len(names) == len(set(names))
    text = zipfile.ZipFile(io.BytesIO(file)).read("ppt/presentation.xml").decode()
    assert "custShow" not in text and "sectionLst" not in text
    presentation = Presentation(io.BytesIO(file))
    assert len(presentation.slides) >= BEFORE + 1 + AFTER
    assert (presentation.core_properties.author, presentation.core_properties.keywords) == ("", "")
    assert "of last year" not in [slide.shapes.title.text for slide in presentation.slides]


def test_a_damaged_template_is_named(charts_in, made, tmp_path):
    with zipfile.ZipFile(HOUSE_TEMPLATE) as whole, zipfile.ZipFile(tmp_path / "x.pptx", "w") as broken:
        for name in whole.namelist():
            broken.writestr(name, b"<p:broken" if name == "ppt/presentation.xml" else whole.read(name))
    with pytest.raises(DataError, match=r"x\.pptx: cannot be read as a PowerPoint file"):
        made("sv", charts_in["sv"][:1], tmp_path / "x.pptx")


def test_a_template_without_the_layouts_is_told_what_it_lacks(tmp_path, capsys):
    bare = Presentation()
    for layout in list(bare.slide_layouts)[:5]:
        bare.slide_layouts.remove(layout)
    bare.slide_layouts.remove(bare.slide_layouts.get_by_name("Content with Caption"))
    bare.save(tmp_path / "bare.pptx")
    (tmp_path / "old.pptx").write_text("what was there")
    arguments = ["deck", "--lang", "sv", "--template", str(tmp_path / "bare.pptx"), "--out", str(tmp_path / "old.pptx")]
    assert cli.main(arguments) == 1
    said = capsys.readouterr().err
    assert "bare.pptx: lacks a layout with a title and a subtitle" in said
    assert "lacks a layout with a title and one content placeholder" in said
    assert (tmp_path / "old.pptx").read_text() == "what was there"


@pytest.mark.parametrize(
    ("content", "said"), [(b"not a zip", "cannot be read as a PowerPoint file"), (None, "cannot be read")]
)
def test_a_template_that_is_no_powerpoint_file_is_named(made, tmp_path, content, said):
    if content:
        (tmp_path / "x.pptx").write_bytes(content)
    with pytest.raises(DataError, match=rf"x\.pptx: {said}"):
        made("sv", [], tmp_path / "x.pptx")


def test_the_command_writes_one_for_each_language_or_the_one_that_is_named(few, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["deck"]) == 0
    assert sorted(path.name for path in (tmp_path / "charts").iterdir()) == ["sodertorn_en.pptx", "sodertorn_sv.pptx"]
    assert cli.main(["deck", "--lang", "en", "--out", "meeting.pptx"]) == 0
    assert (tmp_path / "meeting.pptx").read_bytes() == (tmp_path / "charts" / "sodertorn_en.pptx").read_bytes()
    with pytest.raises(SystemExit):
        cli.main(["deck", "--out", "meeting.ppt"])
    assert "does not end in .pptx" in capsys.readouterr().err


def test_kronor_are_written_by_a_format_that_follows_the_number(decks, all_charts):
    for lang in LANGUAGES:
        native = drawn_in(decks[lang].slides[BEFORE])[0].chart
        code = native.plots[0].series[0]._element.find(f"{qn('c:dLbls')}/{qn('c:numFmt')}").get("formatCode")
        assert as_formatted(451_392, code) == kronor(451_392, lang)
