"""One Excel workbook: the answers, and what the charts are drawn from, with contents, sources and known differences.

Every sheet is one table from its first cell, without merged cells or blank rows, so that a screen reader, a filter and
a formula find their way. Text is written as text: nothing that begins with an equals sign becomes a formula.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import Any

import pandas as pd
from xlsxwriter.utility import xl_range, xl_range_abs

from sodertorn_lib.activities import OUTCOMES
from sodertorn_lib.answers import Answer
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.theme import BLUE
from sodertorn_lib.publish.officefiles import AS_TEXT, CREATED
from sodertorn_lib.publish.sheetcharts import GAP, HEIGHT, WIDTH, insert_chart, with_categories
from sodertorn_lib.wording import phrase, read_texts, vocabulary

__all__ = ["shown", "workbook"]

KRONOR = {"sv": '#,##0 "kr"', "en": '"SEK" #,##0'}
DATES = {"sv": "yyyy-mm-dd", "en": "d mmm yyyy"}
NAMES = ("municipality", "label_sv", "label_en", "area_sv", "area_en", "method", "step")  # these come first
ADDED: Mapping[str, Mapping[str, str]] = {
    # the columns that a total row adds up, each with the total of `TOTALS` that the report prints of it, if it does;
    # only amounts and counts of rows that are parts of one whole: no rates, and neither years nor meetings, which
    # two forums can share, nor a change or an amount in the text, which not every row has
    "fee_by_municipality": {"population": "", "fee_sek": "operating_income"},
    "funds_opening_closing": {
        "opening_sek": "opening_balance",
        "income_sek": "income",
        "costs_sek": "costs",
        "closing_sek": "closing_balance",
        "recomputed_sek": "",
        "difference_sek": "",
    },
    "ranked_costs": {"amount_sek": "operating_costs"},
    "project_costs": {"amount_sek": "project_costs"},
    "growth_by_municipality": {"population": "", "change": ""},
    "growth_map": {"change": ""},
    "activities_by_outcome": dict.fromkeys((*OUTCOMES, "activities", "goes_on", "stopped"), ""),
    "fees_compared": {"fee_sek_before": "", "fee_sek": "operating_income", "change_sek": ""},
    "costs_compared": {"amount_sek_before": "", "amount_sek": "operating_costs"},
    "funds_compared": {"closing_sek_before": "", "closing_sek": "closing_balance"},
    "activities_compared": {"activities_before": "", "activities": ""},
}
Area = tuple[int, int, int, int]  # first row and column, last row and column
HEADER = {"text_wrap": True, "valign": "top", "bold": True}
HEADER_LINES = 3  # into which a long header is broken
LINE_HEIGHT = 15  # points
PAGE_LINES = 50  # that a page takes at a size that is still read
CHARACTER, COLUMN_PIXELS, ROW_PIXELS = 7, 64, 20  # pixels of a character, of a column and a row that nothing sets
WIDEST, FEW = {True: 60, False: 44}, 3  # characters, of few columns and of more; longer text is broken into lines
CHART_WIDTH = (WIDTH + GAP) // CHARACTER  # characters
SHORT = 20  # rows; a chart stands below so few, where it prints largest, and beside more, where it is in sight
MIXED_UNITS = ["printed", "recomputed", "difference", "value"]  # kronor, counts and per cent in one column


def workbook(charts: Sequence[Chart], answers: Sequence[Answer], more: Mapping[str, pd.DataFrame], lang: str) -> bytes:
    """Return the workbook as a file: answers, contents, a sheet for each chart, sources, and more tables by name."""
    names, said = [phrase(chart.name, "sheet", lang) for chart in charts], [chart.words for chart in charts]
    buffer = io.BytesIO()
    own = {"options": {"in_memory": True, **AS_TEXT}}
    with pd.ExcelWriter(buffer, "xlsxwriter", datetime_format=DATES[lang], engine_kwargs=own) as book:
        book.book.set_properties({"title": phrase("workbook", "title", lang), "created": CREATED})
        asked = {"question": [answer.question for answer in answers], "answer": [answer.text for answer in answers]}
        _list(book, "in_short", asked, lang)
        contents = {"sheet": names, "finding": [w.title for w in said], "measure": [w.subtitle for w in said]}
        _list(book, "contents", contents, lang)
        for chart in charts:
            _add_chart(book, chart, more["differences"])
        sources = {"sheet": names, "source": [w.source for w in said], "description": [w.alt for w in said]}
        _list(book, "sources", sources, lang)
        for key, table in more.items():
            _add_page(book, phrase("workbook", key, lang), shown(table, lang), lang)
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
    kept = headed(data, lang)
    words = kept.select_dtypes(include=["str", "object", "bool"]).columns
    kept = kept.assign(**{column: kept[column].map(lambda value: values.get(str(value), value)) for column in words})
    return kept.rename(columns=columns)


def _add_chart(book: Any, chart: Chart, differences: pd.DataFrame) -> None:
    """Write the table of a chart with its sums, what was printed otherwise, and the chart, beside it or below."""
    lang, name = chart.lang, phrase(chart.name, "sheet", chart.lang)
    table = with_categories(shown(chart.data, lang), chart.plot, lang)
    below = _add(book, name, table, lang, ADDED.get(chart.name, {}))
    sheet, widths = book.sheets[name], _widths(table, lang)
    told = [line for text in _printed(chart, differences) for line in wrap(text, CHART_WIDTH)]
    for row, line in enumerate(told, below):
        sheet.write_string(row, 0, line, book.book.add_format())
    below += len(told)
    rows, columns, lines = -(-(HEIGHT + GAP) // ROW_PIXELS), len(widths), sum(_lines(table, widths))
    if len(table) > SHORT:
        where, wide = (1, columns), -(-(WIDTH + GAP) // COLUMN_PIXELS)
        areas = [
            (0, 0, below - 1, columns - 1),
            (1, columns, rows + 1, columns + wide),
        ]  # a page of its own for the chart
    else:
        more = max(0, -(-(CHART_WIDTH - sum(widths)) * CHARACTER // COLUMN_PIXELS))
        where, areas, lines = (below, 0), [(0, 0, below + rows, columns + more)], lines + rows
    insert_chart(book.book, sheet, where, chart, table)
    _set_page(book.book, name, areas, lines, chart.words.source, lang)


def _printed(chart: Chart, differences: pd.DataFrame) -> Iterator[str]:
    """Yield what the report prints as the sum of a column, where that is known to differ from its rows."""
    known = differences[differences["kind"] == "sum"].set_index("discrepancy_id")
    for column, total in ADDED.get(chart.name, {}).items():
        if total in known.index and known["recomputed"][total] == chart.data[column].sum():
            told = known.loc[total]
            amounts = {"printed": told["printed"], "recomputed": told["recomputed"]}
            header, explanation = read_texts(chart.lang)["columns"][column], told[f"explanation_{chart.lang}"]
            yield phrase("workbook", "printed", chart.lang, column=header, explanation=explanation, **amounts)


def headed(data: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return the columns that have a header in a language, those that name a row first.

    >>> [*headed(pd.DataFrame(columns=["year", "label_sv", "fund_id", "label_en"]), "en")]
    ['label_en', 'year']
    """
    columns = read_texts(lang)["columns"]
    return data[sorted((column for column in data if column in columns), key=lambda column: column not in NAMES)]


def _list(book: Any, name: str, columns: Mapping[str, Sequence[str]], lang: str) -> None:
    """Write texts under headers that are texts of the workbook, as its name is."""
    table = pd.DataFrame({phrase("workbook", key, lang): texts for key, texts in columns.items()})
    _add_page(book, phrase("workbook", name, lang), table, lang)


def _add_page(book: Any, name: str, table: pd.DataFrame, lang: str) -> None:
    """Write a table on a new sheet with nothing beside it."""
    last = _add(book, name, table, lang) - 1
    _set_page(book.book, name, [(0, 0, last, table.shape[1] - 1)], sum(_lines(table, _widths(table, lang))), "", lang)


def _add(book: Any, name: str, table: pd.DataFrame, lang: str, added: Iterable[str] = ()) -> int:
    """Write a table from the first cell of a new sheet, with the sums of columns; return the row below it."""
    table.to_excel(book, sheet_name=name, index=False, header=False, startrow=1)
    sheet, widths, headers = book.sheets[name], _widths(table, lang), read_texts(lang)["columns"]
    sums, columns = {headers[column] for column in added}, []
    for place, (header, width) in enumerate(zip(table.columns, widths, strict=True)):
        style = _style(header, table, lang)
        sheet.set_column(place, place, width, book.book.add_format(style))
        side = {"align": "right"} if pd.api.types.is_numeric_dtype(table[header]) else {}
        columns.append({"header": header, "header_format": book.book.add_format(HEADER | side)})
        if pd.api.types.is_datetime64_dtype(table[header]):  # pandas gives dates a style that has no place in the row
            for row, day in enumerate(table[header], 1):
                sheet.write(row, place, None if pd.isna(day) else day, book.book.add_format(style))
        if header in sums:
            columns[-1] |= _sum(place, table[header]) | {"format": book.book.add_format(style)}
    if sums:
        columns[0]["total_string"] = phrase("workbook", "total", lang)
    sheet.set_row(0, LINE_HEIGHT * max(_broken(*pair) for pair in zip(table.columns, widths, strict=True)))
    for row, lines in enumerate(_lines(table, widths), 1):
        if lines > 1:
            sheet.set_row(row, LINE_HEIGHT * lines)
    last = max(1, len(table)) + bool(sums)  # a table has at least one row
    look = {"columns": columns, "style": "Table Style Light 1", "total_row": bool(sums)}
    sheet.add_table(0, 0, last, len(columns) - 1, look)
    sheet.freeze_panes(1, 0)
    return last + 1


def _sum(place: int, amounts: pd.Series) -> dict[str, Any]:
    """Return the sum of a column as a formula, with its value for programs that do not compute."""
    cells = xl_range(1, place, len(amounts), place)
    return {"total_function": f"=SUM({cells})", "total_value": int(amounts.sum())}


def _set_page(book: Any, name: str, areas: Sequence[Area], lines: int, source: str, lang: str) -> None:
    """Print areas on A4, each on pages of its own and one page wide, with the headers on each page and a footer."""
    sheet = book.get_worksheet_by_name(name)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)  # inches
    sheet.fit_to_pages(1, -(-lines // PAGE_LINES) + len(areas) - 1)
    sheet.repeat_rows(0)
    printed = ",".join(f"'{name}'!{xl_range_abs(*area)}" for area in areas)
    book.define_name(f"'{name}'!_xlnm.Print_Area", f"={printed}")
    right = f"&R&8{source.replace('&', '&&')}" if source else ""
    sheet.set_footer(f"&L&8&A, {phrase('workbook', 'page', lang)}{right}", {"scale_with_doc": False})


def _style(header: str, table: pd.DataFrame, lang: str) -> dict[str, Any]:
    style = {"num_format": _format_of(header, table, lang), "text_wrap": True, "valign": "top"}
    numeric = pd.api.types.is_numeric_dtype(table[header])
    return style if numeric else style | {"align": "left", "indent": 1}  # text keeps off the number before it


def _widths(table: pd.DataFrame, lang: str) -> list[int]:
    widest = WIDEST[table.shape[1] <= FEW]
    return [min(widest, _width(header, table[header], _format_of(header, table, lang))) for header in table.columns]


def _width(header: str, values: pd.Series, number_format: str) -> int:
    """Return a width in characters that holds every value with its unit, and the header with its filter button."""
    words = max(len(word) for word in header.split())
    headed = max(words, -(-len(header) // HEADER_LINES)) + 3
    if pd.api.types.is_numeric_dtype(values):
        total = f"{values.abs().sum():,.2f}".removesuffix("" if ".00" in number_format else ".00")
        return max(headed, len(total) + 2 * number_format.count('"') + 1)
    return int(max(headed, values.dropna().astype(str).str.len().max() + 3))


def _lines(table: pd.DataFrame, widths: Sequence[int]) -> list[int]:
    """Return how many lines each row takes."""
    rows = table.itertuples(index=False)
    return [max(_broken(value, width) for value, width in zip(row, widths, strict=True)) for row in rows]


def _broken(value: object, width: int) -> int:
    """Return into how many lines a column breaks a text; a number stays on one."""
    return len(wrap(value, width - 3)) if isinstance(value, str) else 1


def _format_of(header: str, table: pd.DataFrame, lang: str) -> str:
    names = reversed(list(read_texts(lang)["columns"].items()))  # of two with one header the first is meant
    back = {shown_as: column for column, shown_as in names}
    return _number_format(back.get(header, ""), table[header], lang)


def _number_format(column: str, values: pd.Series, lang: str) -> str:
    if pd.api.types.is_datetime64_dtype(values):
        return DATES[lang]
    if column.endswith("_sek") or "_sek_" in column:
        return KRONOR[lang] if column != "balancing_fee_sek" else KRONOR[lang].replace("#,##0", "#,##0.00")
    if column.endswith("year") and "_per_" not in column:
        return "0"
    if column in MIXED_UNITS:
        return "[>=1000]#,##0;[<=-1000]-#,##0;General"
    whole = column in ("projection", "lower", "upper", "expected", "stated") or not pd.api.types.is_float_dtype(values)
    return "#,##0" if whole or bool((values.dropna() % 1 == 0).all()) else "#,##0.00"
