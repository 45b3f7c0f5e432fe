"""The workbook: the answers and the numbers of the charts, units in headers, plain tables, and text that stays text."""

import io
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

from sodertorn_lib import (
    cli,
    load_activities,
    load_discrepancies,
    load_focus_areas,
    load_tables,
    trace,
    with_focus_area,
)
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.publish.workbook import shown, workbook
from sodertorn_lib.wording import phrase, read_texts

from .conftest import YEAR

PLAN = with_focus_area(load_activities(year=YEAR), load_focus_areas(year=YEAR))
MORE = {"plan": PLAN, "differences": load_discrepancies(year=YEAR), "trace": trace(load_tables(), YEAR)}
EVERY = pytest.mark.parametrize("lang", LANGUAGES)
LEFT_OUT = {
    *("fund_id", "line_id", "project_id", "item_id", "event_id", "moved_to_event_id", "forecast_id"),
    *("fund_kind", "project_kind", "focus_area_id"),
}


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
        assert list(rows[0]) == list(expected.columns), name
        assert len(rows) == len(expected) + 1
        for place, header in enumerate(expected.columns):
            written = pd.Series([row[place] for row in rows[1:]])
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
        assert len(sheet.tables) == 1
        assert sheet.freeze_panes == "A2"
        assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


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
    for sheet in openpyxl.load_workbook(io.BytesIO(books[lang])):
        dimensions = sheet.column_dimensions.values()
        widths = {column: one.width for one in dimensions for column in range(one.min, one.max + 1)}
        for cells in sheet.iter_cols():
            width = widths[cells[0].column]
            amounts = [f"{cell.value:,.0f}" for cell in cells[1:] if isinstance(cell.value, int | float)]
            unit = 4 if "kr" in cells[-1].number_format or "SEK" in cells[-1].number_format else 0
            assert width >= max([len(amount) + unit for amount in amounts], default=0)
            assert width >= len(cells[0].value)


def test_text_never_becomes_a_formula(all_charts):
    chart = all_charts["fee_by_municipality", "en"]
    names = ["=1+1", "+1", "-1", "@a", *chart.data["municipality"][4:]]
    risky = replace(chart, data=chart.data.assign(municipality=names))
    book = openpyxl.load_workbook(io.BytesIO(workbook([risky], [], MORE, "en")))
    sheet = book[phrase("fee_by_municipality", "sheet", "en")]
    written = {cell.value: cell.data_type for row in sheet.iter_rows() for cell in row if cell.value in names[:4]}
    assert written == dict.fromkeys(names[:4], "s")


@EVERY
def test_it_is_the_same_to_the_byte_and_carries_no_name(books, charts_in, all_answers, lang):
    assert workbook(charts_in[lang], all_answers[lang], MORE, lang) == books[lang]
    properties = openpyxl.load_workbook(io.BytesIO(books[lang])).properties
    assert not properties.creator
    assert properties.created.year == 2021


def test_the_command_writes_one_for_each_language(tmp_path, capsys):
    assert cli.main(["workbook", "--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sodertorn_en.xlsx", "sodertorn_sv.xlsx"]
