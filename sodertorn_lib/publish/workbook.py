"""One Excel workbook of what the charts are drawn from: a sheet a chart, with contents, sources and known differences.

Every sheet is one table from its first cell, without merged cells or blank rows, so that a screen reader, a filter and
a formula find their way. Text is written as text: nothing that begins with an equals sign becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sodertorn_lib.charts.canvas import BLUE
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.wording import phrase, read_texts
from sodertorn_lib.publish.packages import CREATED

__all__ = ["shown", "workbook"]

KRONOR = {"sv": '#,##0 "kr"', "en": '"SEK" #,##0'}
DATES = {"sv": "yyyy-mm-dd", "en": "d mmm yyyy"}
NAMES = ("municipality", "label_sv", "label_en", "area_sv", "area_en", "method", "step")  # these come first
LINE_HEIGHT = 15  # points
WIDEST = 80  # characters; longer text is broken into lines
MIXED_UNITS = ("printed", "recomputed", "difference")  # kronor, counts and per cent in one column
YEARS = ("year", "population_year", "first_year", "last_year", "base_year", "target_year", "worst_jump_off_year")


def workbook(charts: Iterable[Chart], discrepancies: pd.DataFrame, lang: str) -> bytes:
    """Return the workbook as a file: contents, a sheet for each chart, sources, known differences."""
    drawn, buffer = list(charts), io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": phrase("workbook", "title", lang), "created": CREATED})
    sheets = {chart.name: phrase(chart.name, "sheet", lang) for chart in drawn}
    _add(book, phrase("workbook", "contents", lang), _contents(drawn, sheets, lang), lang)
    for chart in drawn:
        _add(book, sheets[chart.name], shown(chart.data, lang), lang)
    _add(book, phrase("workbook", "sources", lang), _sources(drawn, sheets, lang), lang)
    _add(book, phrase("workbook", "differences", lang), shown(_differences(discrepancies, lang), lang), lang)
    first, link = book.worksheets()[0], book.add_format({"valign": "top", "underline": 1, "font_color": BLUE})
    for row, chart in enumerate(drawn, 1):
        first.write_url(row, 0, f"internal:'{sheets[chart.name]}'!A1", link, sheets[chart.name])
    book.close()
    return buffer.getvalue()


def shown(data: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return a table with the columns, headers and words of one language; identifiers are left out.

    >>> table = pd.DataFrame({"label_sv": ["Drift"], "label_en": ["Operations"], "fund_id": ["a"], "closing_sek": [5]})
    >>> shown(table, "en").to_dict("records")
    [{'Item': 'Operations', 'Closing balance, SEK': 5}]
    """
    columns, values = read_texts(lang)["columns"], read_texts(lang)["values"]
    kept = data[sorted((column for column in data if column in columns), key=lambda column: column not in NAMES)]
    words = kept.select_dtypes(include=["str", "object", "bool"]).columns
    kept = kept.assign(**{column: kept[column].map(lambda value: values.get(str(value), value)) for column in words})
    return kept.rename(columns=columns)


def _contents(charts: list[Chart], sheets: dict[str, str], lang: str) -> pd.DataFrame:
    rows = [(sheets[chart.name], chart.words.title, chart.words.subtitle) for chart in charts]
    return pd.DataFrame(rows, columns=[phrase("workbook", key, lang) for key in ("sheet", "finding", "measure")])


def _sources(charts: list[Chart], sheets: dict[str, str], lang: str) -> pd.DataFrame:
    rows = [(sheets[chart.name], chart.words.source, chart.words.alt) for chart in charts]
    return pd.DataFrame(rows, columns=[phrase("workbook", key, lang) for key in ("sheet", "source", "description")])


def _differences(discrepancies: pd.DataFrame, lang: str) -> pd.DataFrame:
    columns = ["year", "printed", "recomputed", "difference", "unit", f"explanation_{lang}"]
    return discrepancies[columns].rename(columns={f"explanation_{lang}": "explanation"})


def _add(book: xlsxwriter.Workbook, name: str, table: pd.DataFrame, lang: str) -> None:
    """Write a table from the first cell of a new sheet."""
    sheet = book.add_worksheet(name)
    back = {header: column for column, header in read_texts(lang)["columns"].items()}
    for place, header in enumerate(table.columns):
        number_format = _number_format(back.get(header, ""), table[header], lang)
        style = book.add_format({"num_format": number_format, "text_wrap": True, "valign": "top"})
        whole = book.add_format({"num_format": "#,##0", "text_wrap": True, "valign": "top"})
        mixed = back.get(header) in MIXED_UNITS
        for row, value in enumerate(table[header], 1):
            _write(sheet, row, place, value, whole if mixed and value % 1 == 0 else style)
        sheet.set_column(place, place, _width(header, table[header], number_format))
    for row, values in enumerate(table.itertuples(index=False), 1):
        lines = max(-(-len(str(value)) // WIDEST) for value in values)
        if lines > 1:
            sheet.set_row(row, LINE_HEIGHT * lines)
    headers = [{"header": header} for header in table.columns]
    options: dict[str, Any] = {"columns": headers, "style": "Table Style Light 1"}
    sheet.add_table(0, 0, len(table), len(headers) - 1, options)
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _write(sheet: Worksheet, row: int, column: int, value: Any, style: Format) -> None:
    if pd.isna(value):
        return
    if isinstance(value, pd.Timestamp):
        sheet.write_datetime(row, column, value.to_pydatetime(), style)
    elif isinstance(value, str):
        sheet.write_string(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)


def _width(header: str, values: pd.Series, number_format: str) -> int:
    """Return a width in characters that holds header, filter button and every value with its unit."""
    if pd.api.types.is_numeric_dtype(values):
        longest = values.abs().max() if values.notna().any() else 0
        return max(len(header) + 3, len(f"{longest:,.2f}") + number_format.count('"') + 4)
    return min(WIDEST, max(len(header) + 3, values.dropna().astype(str).str.len().max() + 2))


def _number_format(column: str, values: pd.Series, lang: str) -> str:
    if pd.api.types.is_datetime64_dtype(values):
        return DATES[lang]
    if column.endswith("_sek") or "_sek_" in column:
        return KRONOR[lang] if column != "balancing_fee_sek" else KRONOR[lang].replace("#,##0", "#,##0.00")
    if column in YEARS:
        return "0"
    whole = column in ("projection", "lower", "upper", "expected", "stated") or not pd.api.types.is_float_dtype(values)
    return "#,##0" if whole or bool((values.dropna() % 1 == 0).all()) else "#,##0.00"
