"""One Excel workbook: the answers, and what the charts are drawn from, with contents, sources and known differences.

Every sheet is one table from its first cell, without merged cells or blank rows, so that a screen reader, a filter and
a formula find their way. Text is written as text: nothing that begins with an equals sign becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from sodertorn_lib.answers import Answer
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.theme import BLUE
from sodertorn_lib.publish.officefiles import CREATED
from sodertorn_lib.wording import phrase, read_texts, vocabulary

__all__ = ["shown", "workbook"]

KRONOR = {"sv": '#,##0 "kr"', "en": '"SEK" #,##0'}
DATES = {"sv": "yyyy-mm-dd", "en": "d mmm yyyy"}
NAMES = ("municipality", "label_sv", "label_en", "area_sv", "area_en", "method", "step")  # these come first
LINE_HEIGHT = 15  # points
WIDEST = 80  # characters; longer text is broken into lines
MIXED_UNITS = ["printed", "recomputed", "difference", "value"]  # kronor, counts and per cent in one column


def workbook(charts: Sequence[Chart], answers: Sequence[Answer], more: Mapping[str, pd.DataFrame], lang: str) -> bytes:
    """Return the workbook as a file: answers, contents, a sheet for each chart, sources, and more tables by name."""
    names, said = [phrase(chart.name, "sheet", lang) for chart in charts], [chart.words for chart in charts]
    buffer = io.BytesIO()
    own = {"options": {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(buffer, "xlsxwriter", datetime_format=DATES[lang], engine_kwargs=own) as book:
        book.book.set_properties({"title": phrase("workbook", "title", lang), "created": CREATED})
        asked = {"question": [answer.question for answer in answers], "answer": [answer.text for answer in answers]}
        _list(book, "in_short", asked, lang)
        contents = {"sheet": names, "finding": [w.title for w in said], "measure": [w.subtitle for w in said]}
        _list(book, "contents", contents, lang)
        for name, chart in zip(names, charts, strict=True):
            _add(book, name, shown(chart.data, lang), lang)
        sources = {"sheet": names, "source": [w.source for w in said], "description": [w.alt for w in said]}
        _list(book, "sources", sources, lang)
        for key, table in more.items():
            _add(book, phrase("workbook", key, lang), shown(table, lang), lang)
        link = book.book.add_format({"valign": "top", "underline": 1, "font_color": BLUE})
        for row, name in enumerate(names, 1):
            book.sheets[phrase("workbook", "contents", lang)].write_url(row, 0, f"internal:'{name}'!A1", link, name)
    return buffer.getvalue()


def shown(data: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return a table with the columns, headers and words of one language; identifiers are left out.

    >>> table = pd.DataFrame({"label_sv": ["Drift"], "label_en": ["Operations"], "fund_id": ["a"], "closing_sek": [5]})
    >>> shown(table, "en").to_dict("records")
    [{'Item': 'Operations', 'Closing balance, SEK': 5}]
    """
    columns, values = read_texts(lang)["columns"], vocabulary(lang)
    kept = data[sorted((column for column in data if column in columns), key=lambda column: column not in NAMES)]
    words = kept.select_dtypes(include=["str", "object", "bool"]).columns
    kept = kept.assign(**{column: kept[column].map(lambda value: values.get(str(value), value)) for column in words})
    return kept.rename(columns=columns)


def _list(book: Any, name: str, columns: Mapping[str, Sequence[str]], lang: str) -> None:
    """Write texts under headers that are texts of the workbook, as its name is."""
    table = pd.DataFrame({phrase("workbook", key, lang): texts for key, texts in columns.items()})
    _add(book, phrase("workbook", name, lang), table, lang)


def _add(book: Any, name: str, table: pd.DataFrame, lang: str) -> None:
    """Write a table from the first cell of a new sheet."""
    table.to_excel(book, sheet_name=name, index=False, header=False, startrow=1)
    sheet, back = book.sheets[name], {header: column for column, header in read_texts(lang)["columns"].items()}
    for place, header in enumerate(table.columns):
        number_format = _number_format(back.get(header, ""), table[header], lang)
        style = book.book.add_format({"num_format": number_format, "text_wrap": True, "valign": "top"})
        sheet.set_column(place, place, _width(header, table[header], number_format), style)
    for row, values in enumerate(table.itertuples(index=False), 1):
        lines = max(-(-len(str(value)) // WIDEST) for value in values)
        if lines > 1:
            sheet.set_row(row, LINE_HEIGHT * lines)
    headers = [{"header": header} for header in table.columns]
    last = max(1, len(table))  # a table has at least one row
    sheet.add_table(0, 0, last, len(headers) - 1, {"columns": headers, "style": "Table Style Light 1"})
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


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
    if column.endswith("year") and "_per_" not in column:
        return "0"
    if column in MIXED_UNITS:
        return "[<1000]General;#,##0"
    whole = column in ("projection", "lower", "upper", "expected", "stated") or not pd.api.types.is_float_dtype(values)
    return "#,##0" if whole or bool((values.dropna() % 1 == 0).all()) else "#,##0.00"
