"""The workbook in which the next year is filled in: a sheet a table, with what the year before says filled in already.

What a column takes from the year before stands in datapackage.json: `newYear` is `blank` for what the new report has to
tell, another value where that is the usual one; every other column is carried over. Years in texts move on by one.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd
import xlsxwriter

from sodertorn_lib.accounts import carried_over
from sodertorn_lib.charts.theme import BLUE
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.publish.officefiles import CREATED
from sodertorn_lib.tablechecks import NUMBERS
from sodertorn_lib.tables import Tables, closed_year
from sodertorn_lib.update.agreement import ROOM, Sum, sums
from sodertorn_lib.wording import phrase, read_texts, vocabulary

TO_FILL_IN, FILLED_IN = "#FFF3C4", "#FFFFFF"
FORMATS = {"integer": "#,##0", "number": "General", "date": "yyyy-mm-dd"}
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "default_date_format": FORMATS["date"]}
KEPT = re.compile(r"_id$|^(unit|supplier)$")  # columns whose texts hold no year of the report


def yearly(tables: Tables) -> list[dict[str, Any]]:
    """Return the declarations of the tables that a report fills."""
    return [table for table in tables.package["resources"] if "everyYear" in table]


def new_year(tables: Tables, year: int, lang: str) -> bytes:
    """Return the workbook for a year, made of the tables of the year before.

    Raises
    ------
    DataError
        When the tables have the year already, or lack the year before.

    Examples
    --------
    >>> from sodertorn_lib import load_tables
    >>> new_year(load_tables(), 2050, "en")
    Traceback (most recent call last):
    sodertorn_lib.errors.DataError: fee_rates.csv, ... without rows for 2049. Add them: ...
    """
    if there := [table["path"] for table in yearly(tables) if table["everyYear"] and year in years(tables, table)]:
        action = "Take its rows out to add them anew, or choose another year."
        raise DataError(Fault(", ".join(there), f"have {year} already", action))
    closed_year(tables, year - 1)
    if year - 1 not in set(tables.population["year"]):
        problem, action = f"has no {year - 1}, which the fee of {year} is on", "Run sodertorn refresh first."
        raise DataError(Fault("population.csv", problem, action))
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": phrase("new_year", "title", lang, year=year), "created": CREATED})
        _start(book, tables, year, lang)
        rows = {table["name"]: carried(tables, table, year) for table in yearly(tables)}
        _agreement(book, sums(tables, rows, year, lang), lang)
        for table in yearly(tables):
            _sheet(book, table, rows[table["name"]], year, lang)
    return buffer.getvalue()


def years(tables: Tables, declared: Mapping[str, Any]) -> set[int]:
    """Return the years of a table that a report fills."""
    return set(getattr(tables, declared["name"])["year"])


def carried(tables: Tables, declared: dict[str, Any], year: int) -> pd.DataFrame:
    """Return the rows of a table for a new year, as texts, with blanks where the report has to tell."""
    cells, fields = tables.as_text(declared["name"]).cells, declared["schema"]["fields"]
    own = cells[cells["year"] == str(year - 1)].reset_index(drop=True)
    usual = {field["name"]: field["newYear"] for field in fields if "newYear" in field}
    if set(usual) & set(declared["schema"]["primaryKey"]):
        return own.iloc[:0]  # what identifies a row is not known before the report
    rows = own.assign(year=str(year), **{name: "" if value == "blank" else value for name, value in usual.items()})
    texts = [
        f["name"] for f in fields if f["type"] == "string" and not KEPT.search(f["name"]) and f["name"] not in usual
    ]
    dates = [f["name"] for f in fields if f["type"] == "date" and f["name"] not in usual]
    rows[texts] = rows[texts].map(lambda text: moved_on(text, year - 1, year))
    rows[dates] = rows[dates].map(lambda day: moved_on(day, year - 2, year - 1))
    return _funds_carried(tables, rows, year) if declared["name"] == "funds" else rows


def moved_on(text: str, before: int, after: int) -> str:
    """Return a text with one year in place of another.

    >>> moved_on("Sammanställning 2020, rad Summa", 2020, 2021), moved_on("Kollektivtrafikplan 2050", 2020, 2021)
    ('Sammanställning 2021, rad Summa', 'Kollektivtrafikplan 2050')
    """
    return re.sub(rf"(?<!\d){before}(?!\d)", str(after), text)


def _funds_carried(tables: Tables, rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the funds with what they open with, and the operations of the year before as a fund of its own."""
    older = rows.loc[rows["fund_id"].str.fullmatch("operations_[0-9]{4}"), "fund_id"].max()
    named, of = (older, int(older[-4:])) if isinstance(older, str) else ("operations", year)
    like = rows[rows["fund_id"] == named]
    own = like.map(lambda text: moved_on(text, of, year - 1)).assign(fund_id=f"operations_{year - 1}")
    funds = pd.concat([rows, own], ignore_index=True)
    opens = carried_over(tables.funds).query("year == @year").set_index("fund_id")["opening_sek"].astype(str)
    return funds.assign(opening_sek=funds["fund_id"].map(opens).fillna(""))


def _start(book: Any, tables: Tables, year: int, lang: str) -> None:
    """Write the first sheet: what to do, in order, and what each sheet holds."""
    sheet, bold = (
        book.add_worksheet(phrase("new_year", "start", lang)),
        book.add_format({"bold": True, "font_size": 14}),
    )
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 24, wrapped)
    sheet.set_column(1, 1, 90, wrapped)
    sheet.write(0, 0, phrase("new_year", "title", lang, year=year), bold)
    steps = [phrase("new_year", f"step_{number}", lang, year=year, before=year - 1) for number in range(1, 7)]
    for row, step in enumerate(steps, 2):
        sheet.write_number(row, 0, row - 1)
        sheet.write_string(row, 1, step)
    for row, table in enumerate(yearly(tables), len(steps) + 4):
        sheet.write_url(row, 0, f"internal:'{table['name']}'!A1", string=table["name"])
        rule = phrase("new_year", f"unfilled_{table['unfilled'].replace(' ', '_')}", lang)
        sheet.write_string(row, 1, f"{phrase('new_year', table['name'], lang)} {rule}")


def _sheet(book: Any, declared: dict[str, Any], rows: pd.DataFrame, year: int, lang: str) -> None:
    """Write the sheet of a table: what is known, what is to be filled in, the lists, and a note for each column."""
    sheet, fields = book.add_worksheet(declared["name"]), declared["schema"]["fields"]
    head = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": BLUE})
    for column, field in enumerate(fields):
        colour = TO_FILL_IN if field.get("newYear") == "blank" else FILLED_IN
        number_format = "0" if field["name"] == "year" else FORMATS.get(field["type"], "@")
        style = book.add_format(
            {"bg_color": colour, "border": 1, "border_color": "#D0D0D0", "num_format": number_format}
        )
        sheet.set_column(column, column, max(len(field["name"]) + 2, 40 if field["name"].startswith("label") else 14))
        sheet.write_string(0, column, field["name"], head)
        text = note(field, year, lang)
        sheet.write_comment(
            0, column, text, {"width": 380, "height": 24 + 18 * (text.count("\n") + 1 + len(text) // 60)}
        )
        for row in range(1, max(len(rows), 20) + 20):
            _write(sheet, row, column, rows[field["name"]].get(row - 1, ""), field["type"], style)
        _validate(sheet, column, declared, field)
    sheet.freeze_panes(1, 2)


def _write(sheet: Any, row: int, column: int, text: str, kind: str, style: Any) -> None:
    if text == "":
        sheet.write_blank(row, column, None, style)
    elif kind in NUMBERS:
        sheet.write_number(row, column, float(text), style)
    elif kind == "date":
        sheet.write_datetime(row, column, date.fromisoformat(text), style)
    else:
        sheet.write_string(row, column, text, style)


def _validate(sheet: Any, column: int, declared: dict[str, Any], field: dict[str, Any]) -> None:
    """Give a column its list, where it has one: of its values, or of the identifiers of another sheet."""
    values: Any = field.get("constraints", {}).get("enum")
    for foreign in declared["schema"].get("foreignKeys", []):
        if foreign["fields"][-1] == field["name"]:
            values = f"='{foreign['reference']['resource'] or declared['name']}'!$B$2:$B${ROOM}"
    if values:
        sheet.data_validation(1, column, ROOM, column, {"validate": "list", "source": values})


def note(field: dict[str, Any], year: int, lang: str) -> str:
    """Return what a column means, how it is written, and where it comes from."""
    meaning = read_texts(lang)["columns"].get(field["name"], field["title"]) if lang == "sv" else field["title"]
    said = [meaning, phrase("new_year", f"written_{field['type']}", lang)]
    said += [f"{value}: {vocabulary(lang).get(value, value)}" for value in field.get("constraints", {}).get("enum", [])]
    usual, moved = field.get("newYear"), field["name"] == "year" or field["type"] == "date"
    kind = ("moved" if moved else "carried") if not usual else "blank" if usual == "blank" else "usual"
    value = vocabulary(lang).get(str(usual), str(usual))
    said += [phrase("new_year", f"note_{kind}", lang, value=value, year=year)]
    said += [phrase("new_year", "note_blank_is", lang, other=field["blankIs"])] if "blankIs" in field else []
    said += [phrase("new_year", "note_blank_like", lang, other=field["blankLike"])] if "blankLike" in field else []
    said += [phrase("new_year", "note_chapter", lang)] if field["name"] == "chapter" else []
    return "\n".join(said)


def _agreement(book: Any, lines: Iterator[Sum], lang: str) -> None:
    """Write the sheet of sums: what the rows give, what is printed, and whether they agree, as formulas."""
    sheet = book.add_worksheet(phrase("new_year", "sums", lang))
    bold, amount = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0"})
    bad = book.add_format({"bg_color": "#F6C9C0"})
    sheet.write_row(
        0, 0, [phrase("new_year", key, lang) for key in ("what", "rows", "printed", "gap", "verdict")], bold
    )
    sheet.set_column(0, 0, 62)
    sheet.set_column(1, 4, 18)
    agrees, differs = (phrase("new_year", key, lang).replace('"', '""') for key in ("agrees", "differs"))
    for row, line in enumerate(lines, 1):
        place = row + 1
        sheet.write_string(row, 0, line.what)
        sheet.write_formula(row, 1, line.rows, amount, line.rows_now)
        sheet.write_formula(row, 2, line.printed, amount, 0)  # nothing is printed yet
        sheet.write_formula(row, 3, f"=B{place}-C{place}", amount, line.rows_now)
        verdict = f'=IF(AND(B{place}=0,C{place}=0),"",IF(D{place}=0,"{agrees}","{differs}"))'
        sheet.write_formula(row, 4, verdict, None, differs if line.rows_now else "")
        sheet.conditional_format(
            row, 4, row, 4, {"type": "cell", "criteria": "==", "value": f'"{differs}"', "format": bad}
        )
    sheet.freeze_panes(1, 1)
