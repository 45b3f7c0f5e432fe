"""The workbook: answers, numbers and charts, sums that agree, units in headers, plain tables, text that stays text."""

import io
import re
from dataclasses import replace
from xml.sax.saxutils import escape
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import range_boundaries

from sodertorn_lib import (
    cli,
    load_activities,
    load_discrepancies,
    load_focus_areas,
    load_tables,
    trace,
    with_focus_area,
)
from sodertorn_lib.charts.spec import Lines, Rows
from sodertorn_lib.charts.theme import AHEAD_COLOUR, BLUE, GRID, INK
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.publish.nativecharts import is_native
from sodertorn_lib.publish.workbook import ADDED, shown, workbook
from sodertorn_lib.wording import phrase, read_texts

from .conftest import MEASURED, YEAR
from .office import computed

PLAN = with_focus_area(load_activities(year=YEAR), load_focus_areas(year=YEAR))
MORE = {"plan": PLAN, "differences": load_discrepancies(year=YEAR), "trace": trace(load_tables(), YEAR)}
EVERY = pytest.mark.parametrize("lang", LANGUAGES)
LEFT_OUT = {
    *("fund_id", "line_id", "project_id", "item_id", "event_id", "moved_to_event_id", "forecast_id"),
    *("fund_kind", "project_kind", "focus_area_id"),
}


def sums(book: bytes, lang: str) -> dict[str, dict[str, tuple[float, float]]]:
    """Return, by chart and header, what the cells above each formula add up to and the value stored with it."""
    formulas, values = (openpyxl.load_workbook(io.BytesIO(book), data_only=stored) for stored in (False, True))
    names = {phrase(name, "sheet", lang): name for name in ADDED}
    found = {}
    for sheet in formulas:
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        for cell in cells:
            above = values[sheet.title][cell.value.removeprefix("=SUM(").removesuffix(")")]
            of_rows = sum(own.value for (own,) in above if own.value is not None)
            stored = values[sheet.title][cell.coordinate].value
            header = sheet.cell(1, cell.column).value
            found.setdefault(names[sheet.title], {})[header] = (of_rows, stored)
    return found


def without_values(book: bytes) -> bytes:
    """Return the workbook with every stored value of a formula wrong, so that only computing mends it."""
    buffer = io.BytesIO()
    with ZipFile(io.BytesIO(book)) as old, ZipFile(buffer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, re.sub(rb"</f><v>[^<]*</v>", b"</f>", content) if "/sheet" in name else content)
    return buffer.getvalue()


def marks(plot):
    """Yield the name of each series, and what it draws along and up."""
    if isinstance(plot, Rows):
        names = [category.replace("–\n", "–").replace("\n", " ") for category in plot.categories]
        yield from ((bars.name.replace("\n", " "), names, bars.amounts) for bars in plot.bars)
    elif isinstance(plot, Lines):
        yield from ((line.name.replace("\n", " "), line.x, line.y) for own in plot.panels.values() for line in own)


def tones_of(plot):
    if isinstance(plot, Rows):
        return {tone for bars in plot.bars for tone in bars.tones}
    panels = plot.panels.values() if isinstance(plot, Lines) else ()
    return {mark.tone for own in panels for mark in own}


def cells_of(sheet, reference: str) -> list:
    """Return what stands in the cells, a blank as NaN."""
    cells = [cell for (cell,) in sheet[reference.rpartition("!")[2].replace("$", "")]]
    return [float("nan") if cell.value is None else cell.value for cell in cells]


def text_of(title) -> str:
    return "".join(run.t for paragraph in title.tx.rich.p for run in paragraph.r or ())


@pytest.fixture(scope="module")
def books(charts_in, all_answers) -> dict[str, bytes]:
    return {lang: workbook(charts_in[lang], all_answers[lang], MORE, lang) for lang in LANGUAGES}


@EVERY
def test_every_chart_has_a_sheet_with_its_numbers(books, all_charts, lang):
    book = openpyxl.load_workbook(io.BytesIO(books[lang]))
    for (name, own), chart in all_charts.items():
        if own != lang:
            continue
        rows = list(book[phrase(name, "sheet", lang)].values)
        expected = shown(chart.data, lang)
        drawn_too = {phrase("workbook", "category", lang), None}
        assert [header for header in rows[0] if header not in drawn_too] == list(expected.columns), name
        for place, header in enumerate(expected.columns):
            written = pd.Series([row[place] for row in rows[1 : len(expected) + 1]])
            assert written.isna().tolist() == expected[header].isna().tolist()
            if pd.api.types.is_numeric_dtype(expected[header]):
                pairs = zip(written.dropna(), expected[header].dropna(), strict=True)
                assert all(one == pytest.approx(float(two)) for one, two in pairs), (name, header)


@EVERY
def test_the_first_sheet_has_the_answers(books, all_answers, lang):
    first = openpyxl.load_workbook(io.BytesIO(books[lang])).worksheets[0]
    assert first.title == {"sv": "Kort sagt", "en": "In short"}[lang]
    assert list(first.values)[1:] == [(answer.question, answer.text) for answer in all_answers[lang]]


@EVERY
def test_contents_sources_and_known_differences_are_there(books, charts_in, lang):
    book = openpyxl.load_workbook(io.BytesIO(books[lang]))
    charts = charts_in[lang]
    contents = book.worksheets[1]
    assert [row[1] for row in contents.values][1:] == [chart.words.title for chart in charts]
    links = [contents.cell(row, 1).hyperlink.location for row in range(2, len(charts) + 2)]
    assert links == [f"'{phrase(chart.name, 'sheet', lang)}'!A1" for chart in charts]
    assert len(list(book[phrase("workbook", "sources", lang)].values)) == len(charts) + 1
    assert len(list(book[phrase("workbook", "differences", lang)].values)) == len(load_discrepancies(year=YEAR)) + 1


@EVERY
def test_the_plan_and_the_place_of_every_figure_are_there_in_words(books, lang):
    book = openpyxl.load_workbook(io.BytesIO(books[lang]))
    head, *plan = book[phrase("workbook", "plan", lang)].values
    outcomes = [row[head.index(phrase("columns", "result", lang))] for row in plan]
    assert len(plan) == 24 and outcomes.count({"sv": "inställt", "en": "cancelled"}[lang]) == 3
    head, *traced = book[phrase("workbook", "trace", lang)].values
    (row,) = [dict(zip(head, row, strict=True)) for row in traced if 519_857 in row]
    assert row[phrase("columns", "place", lang)] == "Sammanställning 2020, rad Södertörnsmodellen"
    assert row[phrase("columns", "figure", lang)] == phrase("columns", "closing_sek", lang)
    assert not [cell for row in [*plan, *traced] for cell in row if isinstance(cell, str) and "_" in cell]


@EVERY
def test_sheets_are_plain_tables(books, lang):
    book = openpyxl.load_workbook(io.BytesIO(books[lang]))
    for sheet in book:
        assert not sheet.merged_cells.ranges
        assert all(any(cell is not None for cell in row) for row in sheet.values)
        (table,) = sheet.tables.values()
        assert sheet.freeze_panes == "A2"
        last = sheet[table.ref][-1] if table.totalsRowCount else ()
        formulas = [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
        assert all(cell in last and re.fullmatch(r"=SUM\([A-Z]+2:[A-Z]+\d+\)", cell.value) for cell in formulas)


@EVERY
def test_every_column_has_a_header_in_the_language_or_is_an_identifier(all_charts, lang):
    columns = {column for (_, own), chart in all_charts.items() if own == lang for column in chart.data}
    other = {"sv": "_en", "en": "_sv"}[lang]
    assert {c for c in columns if not c.endswith(other)} - set(read_texts(lang)["columns"]) == LEFT_OUT


@EVERY
def test_amounts_show_their_unit_and_years_no_separator(books, lang):
    sheet = openpyxl.load_workbook(io.BytesIO(books[lang]))[phrase("fee_by_municipality", "sheet", lang)]
    formats = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}
    columns = read_texts(lang)["columns"]
    assert {"sv": "kr", "en": "SEK"}[lang] in formats[columns["fee_sek"]]
    assert formats[columns["population"]] == "#,##0"
    assert formats[columns["year"]] == "0"


@EVERY
def test_a_growth_per_year_is_no_year(books, lang):
    sheet = openpyxl.load_workbook(io.BytesIO(books[lang]))[phrase("growth_needed_and_seen", "sheet", lang)]
    formats = {cell.value: sheet.cell(2, cell.column).number_format for cell in sheet[1]}
    columns = read_texts(lang)["columns"]
    assert (formats[columns["first_year"]], formats[columns["change_per_year"]]) == ("0", "#,##0.00")


@EVERY
def test_every_amount_fits_its_column(books, lang):
    for sheet in openpyxl.load_workbook(io.BytesIO(books[lang]), data_only=True):
        dimensions = sheet.column_dimensions.values()
        widths = {column: one.width for one in dimensions for column in range(one.min, one.max + 1)}
        for cells in sheet.iter_cols():
            width = widths[cells[0].column]
            amounts = [f"{cell.value:,.0f}" for cell in cells[1:] if isinstance(cell.value, int | float)]
            unit = 4 if "kr" in cells[-1].number_format or "SEK" in cells[-1].number_format else 0
            assert width >= max([len(amount) + unit for amount in amounts], default=0)
            assert width >= max(len(word) for word in str(cells[0].value).split()) + 3  # the button of the filter


def test_text_never_becomes_a_formula(all_charts):
    chart = all_charts["fee_by_municipality", "en"]
    names = ["=1+1", "+1", "-1", "@a", *chart.data["municipality"][4:]]
    bars = replace(chart.plot.bars[0], name="=a!B2")
    risky = replace(
        chart,
        data=chart.data.assign(municipality=names),
        words=replace(chart.words, title="=a!B2"),
        plot=replace(chart.plot, categories=names, bars=[bars]),
    )
    book = openpyxl.load_workbook(io.BytesIO(workbook([risky], [], MORE, "en")))
    sheet = book[phrase("fee_by_municipality", "sheet", "en")]
    written = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value in names[:4]}
    assert written == dict.fromkeys(names[:4], "s")
    (native,) = sheet._charts
    assert native.title.tx.strRef is None and native.series[0].tx.strRef is None


@EVERY
def test_sums_are_formulas_whose_stored_values_are_those_of_the_rows_and_of_the_tables(books, all_charts, lang):
    added = set()
    for name, cells in sums(books[lang], lang).items():
        data, headers = all_charts[name, lang].data, read_texts(lang)["columns"]
        back = {headers[column]: column for column in ADDED[name]}
        for header, (of_rows, stored) in cells.items():
            assert stored == of_rows == data[back[header]].sum(), (name, header)
            added.add((name, back[header]))
    drawn = {name for name, _ in all_charts}
    assert added == {(name, column) for name, columns in ADDED.items() if name in drawn for column in columns}
    printed = MEASURED.checks.set_index("check_id")
    totals = [(name, column, total) for name, columns in ADDED.items() for column, total in columns.items() if total]
    for name, column, total in totals:
        if name in drawn:
            assert all_charts[name, lang].data[column].sum() == printed["recomputed"][total], (name, column)


@EVERY
def test_a_printed_total_that_differs_is_told_below_the_sum_and_only_there(books, lang):
    book = openpyxl.load_workbook(io.BytesIO(books[lang]))
    told = {}
    for sheet in book:
        (table,) = sheet.tables.values()
        below = [row[0] for row in sheet.iter_rows(len(sheet[table.ref]) + 1, values_only=True)]
        told |= {sheet.title: " ".join(below)} if below else {}
    known = MEASURED.differences.set_index("discrepancy_id")[f"explanation_{lang}"]
    pairs = {"ranked_costs": "operating_costs", "funds_opening_closing": "closing_balance"}
    assert set(told) == {phrase(name, "sheet", lang) for name in pairs}
    for name, total in pairs.items():
        said = told[phrase(name, "sheet", lang)]
        assert known[total] in said
        amounts = MEASURED.differences.set_index("discrepancy_id").loc[total, ["printed", "recomputed"]]
        assert re.findall(r"\d[\d,\xa0]{6,}\d", said)[:2] == [
            f"{int(amount):,}".replace(",", {"sv": "\xa0", "en": ","}[lang]) for amount in amounts
        ]


def test_no_sum_of_rates_years_or_of_rows_that_overlap(books):
    for columns in ADDED.values():
        assert not [c for c in columns if re.search("percent|_per_|year|share|index|lower|upper|start|end_", c)]
    assert not set(ADDED) & {"fee_scenarios", "balance_bridge", "text_against_table", "meetings_by_forum"}
    for table in ("population_total", "components_by_year", "population_small_multiples", "meetings_compared"):
        assert table not in ADDED  # years, and meetings of two forums


@EVERY
def test_libreoffice_gets_the_same_sums(books, lang, tmp_path):
    sheets = computed(without_values(books[lang]), tmp_path)
    for name, cells in sums(books[lang], lang).items():
        rows = sheets[phrase(name, "sheet", lang)]
        (last,) = [row for row in rows if row[0] == phrase("workbook", "total", lang)]
        for header, (_, stored) in cells.items():
            assert float(last[rows[0].index(header)]) == stored, (name, header)


@EVERY
def test_native_charts_refer_to_the_cells_that_hold_what_is_drawn(books, charts_in, lang):
    book, drawn = openpyxl.load_workbook(io.BytesIO(books[lang])), set()
    for chart in charts_in[lang]:
        sheet = book[phrase(chart.name, "sheet", lang)]
        assert len(sheet._charts) + len(sheet._images) == 1, chart.name
        for native in sheet._charts:
            drawn.add(chart.name)
            assert text_of(native.title) == chart.words.title
            pairs = zip(native.series, marks(chart.plot), strict=True)
            for series, (name, along, up) in pairs:
                assert series.tx.v == name
                values = (series.val or series.yVal).numRef.f
                assert cells_of(sheet, values) == pytest.approx(list(up), nan_ok=True), chart.name
                source = series.cat or series.xVal
                assert cells_of(sheet, (source.strRef or source.numRef).f) == list(along), chart.name
    allowed = {chart.name for chart in charts_in[lang] if is_native(chart.plot, lang)}
    assert drawn == allowed - {"balance_bridge"}  # its bars hang between two sums


@EVERY
def test_charts_have_alt_text_and_hide_no_cell(books, charts_in, lang):
    book = openpyxl.load_workbook(io.BytesIO(books[lang]))
    with ZipFile(io.BytesIO(books[lang])) as package:
        drawings = [package.read(name).decode() for name in package.namelist() if "drawings/drawing" in name]
    for chart in charts_in[lang]:
        assert sum(f'descr="{escape(chart.words.alt, {chr(34): "&quot;"})}"' in one for one in drawings) == 1, (
            chart.name
        )
        sheet = book[phrase(chart.name, "sheet", lang)]
        (shape,) = [*sheet._charts, *sheet._images]
        start = shape.anchor._from
        assert start.row >= sheet.max_row or start.col >= sheet.max_column, chart.name


@EVERY
def test_charts_are_in_the_colours_of_the_house(books, charts_in, lang):
    tones = {tone for chart in charts_in[lang] for tone in tones_of(chart.plot)} | {AHEAD_COLOUR, INK, GRID, "#FFFFFF"}
    with ZipFile(io.BytesIO(books[lang])) as package:
        charts = [package.read(name).decode() for name in package.namelist() if "charts/chart" in name]
    used = {f"#{colour}" for one in charts for colour in re.findall(r'srgbClr val="(\w+)"', one)}
    assert charts and BLUE in used and used <= tones


@EVERY
def test_every_sheet_prints_with_headers_on_pages_one_wide_and_nothing_left_out(books, charts_in, lang):
    sources = {phrase(chart.name, "sheet", lang): chart.words.source for chart in charts_in[lang]}
    for sheet in openpyxl.load_workbook(io.BytesIO(books[lang])):
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and (sheet.page_setup.fitToWidth or 1) == 1
        lines = sum((sheet.row_dimensions[row].height or 15) / 15 for row in range(2, sheet.max_row + 1))
        assert lines / 50 <= (sheet.page_setup.fitToHeight or 1)  # so nothing shrinks until it cannot be read
        page = {"sv": "sida &P av &N", "en": "page &P of &N"}[lang]
        assert sheet.oddFooter.left.text == f"&A, {page}"
        assert sheet.oddFooter.right.text == sources.get(sheet.title)
        areas = [range_boundaries(area.rpartition("!")[2].replace("$", "")) for area in sheet.print_area.split(",")]
        left, top, right, bottom = areas[0]
        assert (left, top) == (1, 1) and bottom >= sheet.max_row and right >= sheet.max_column
        for shape in [*sheet._charts, *sheet._images]:
            start, end = shape.anchor._from, shape.anchor.to
            left, top, right, bottom = areas[-1]  # its own, where the table is long
            assert left <= start.col + 1 and top <= start.row + 1 and right > end.col and bottom > end.row


@EVERY
def test_dates_stand_at_the_top_of_their_row_and_numbers_under_their_heading(books, lang):
    dates = 0
    for sheet in openpyxl.load_workbook(io.BytesIO(books[lang])):
        for column in sheet.iter_cols(max_row=len(sheet["A"])):
            head, *cells = column
            filled = [cell for cell in cells if cell.value is not None]
            dates += sum(cell.is_date for cell in filled)
            assert all(cell.alignment.vertical == "top" for cell in filled if cell.is_date), (sheet.title, head.value)
            if filled and all(isinstance(cell.value, (int, float)) and not cell.is_date for cell in filled):
                assert head.alignment.horizontal == "right", (sheet.title, head.value)
    assert dates > 20


@EVERY
def test_a_negative_amount_among_mixed_units_has_its_thousands_apart(books, lang):
    sheet = openpyxl.load_workbook(io.BytesIO(books[lang]))[phrase("workbook", "differences", lang)]
    amounts = [cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, (int, float))]
    negative = [cell.number_format for cell in amounts if cell.value <= -1000]
    assert negative and set(negative) == {"[>=1000]#,##0;[<=-1000]-#,##0;General"}


@EVERY
def test_names_of_sheets_are_such_that_excel_takes_them(books, lang):
    names = openpyxl.load_workbook(io.BytesIO(books[lang])).sheetnames
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert len({name.casefold() for name in names}) == len(names)


@EVERY
def test_with_the_year_before_it_stands_beside_the_year(made_up, comparisons, lang):
    both = [chart for (_, own), chart in comparisons.items() if own == lang]
    more = {**MORE, "differences": made_up.differences}
    book = workbook(both, [], more, lang)
    found = sums(book, lang)
    assert set(found) == {"fees_compared", "costs_compared", "funds_compared", "activities_compared"}
    for cells in found.values():
        assert all(of_rows == stored for of_rows, stored in cells.values())
    sheets = openpyxl.load_workbook(io.BytesIO(book))
    assert all(sheets[phrase(chart.name, "sheet", lang)]._charts for chart in both)
    costs = sheets[phrase("costs_compared", "sheet", lang)]
    assert any(str(row[0]).startswith(phrase("columns", "amount_sek", lang)) for row in costs.values)


@EVERY
def test_it_is_the_same_to_the_byte_and_carries_no_name(books, charts_in, all_answers, lang):
    assert workbook(charts_in[lang], all_answers[lang], MORE, lang) == books[lang]
    properties = openpyxl.load_workbook(io.BytesIO(books[lang])).properties
    assert not properties.creator
    assert properties.created.year == 2021


def test_the_command_writes_one_for_each_language(few, tmp_path, capsys):
    assert cli.main(["workbook", "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sodertorn_en.xlsx", "sodertorn_sv.xlsx"]
