"""Add the rows of a year to the tables: all of them, checked and reconciled, or none.

The rows come from the workbook of `new_year` or from a folder of CSV files. What the sums of the new rows do not agree
with is a difference that somebody has to look at: a slip, or one of the report, which is then registered.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sodertorn_lib.contents import HOLDS
from sodertorn_lib.describe import copied, renew
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.fees import membership_fees
from sodertorn_lib.files import write_whole
from sodertorn_lib.formats import LANGUAGES, SPACE
from sodertorn_lib.places import chapters, headings
from sodertorn_lib.reader import TextTable
from sodertorn_lib.reconciliation import reconcile
from sodertorn_lib.registered import require_registered
from sodertorn_lib.tablechecks import table_faults
from sodertorn_lib.tables import Tables, closed_year, load_tables
from sodertorn_lib.update.new_year import yearly, years
from sodertorn_lib.update.worksheets import in_cell, read_rows
from sodertorn_lib.wording import phrase


@dataclass(frozen=True)
class Addition:
    """A year that can be added: its rows by table, what was left out, and the differences that it brings."""

    year: int
    rows: Mapping[str, pd.DataFrame]
    left_out: Mapping[str, list[str]]
    differences: pd.DataFrame  # rows for discrepancies.csv


def read_addition(source: Path, tables: Tables) -> Addition:
    """Read and check the rows of a year beside the tables.

    Raises
    ------
    DataError
        With every fault, by sheet and cell or by file and row; when the year is there already, or the file has several.
    """
    declared = yearly(tables)
    given = read_rows(source, declared)
    year = _one_year(source, given)
    if there := [t["path"] for t in declared if t["everyYear"] and year in years(tables, t)]:
        problem = f"is of {year}, which is already in {', '.join(there)}"
        raise DataError(Fault(source.name, problem, "Take those rows out first, or give another year."))
    closed_year(tables, year - 1)
    require_registered(tables.folder, tables.package["resources"])
    filled = {table["name"]: _filled(given[table["name"]].cells, table, year) for table in declared}
    sections = filled["report_sections"]
    filled = {name: _with_chapters(rows, sections) for name, rows in filled.items()}
    kept = {table["name"]: _kept(filled[table["name"]], table) for table in declared}
    _require_sound(source, tables, given, kept, year)
    left_out = {
        table["name"]: _names(filled[table["name"]].drop(kept[table["name"]].index), table) for table in declared
    }
    return Addition(year, kept, left_out, _differences(source, tables, kept, year))


def add_year(addition: Addition, tables: Tables, *, register: bool) -> list[Path]:
    """Write the tables with the rows of a year, their checksums and the dictionary, all or none; return the paths.

    Raises
    ------
    DataError
        When there are differences that are not to be registered.
    """
    if len(addition.differences) and not register:
        action = "Mend the rows; or, when the report has the differences, run it again with --register."
        names = ", ".join(addition.differences["discrepancy_id"])
        raise DataError(Fault(str(addition.year), f"has differences that need a decision: {names}", action))
    with copied(tables) as folder:
        _write(folder, tables, addition.rows)
        if len(addition.differences):
            _write(folder, Tables(folder), {"discrepancies": addition.differences})
        renew(folder)
        new = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}
    return write_whole(tables.folder, {name: new[name] for name in new if _before(tables.folder / name) != new[name]})


def _one_year(source: Path, given: Mapping[str, TextTable]) -> int:
    written = {text for table in given.values() for text in table.cells["year"] if text}
    if len(written) != 1 or not re.fullmatch("[12][0-9]{3}", min(written)):
        places = [
            f"{text} in {name}" for text in sorted(written) for name in given if text in set(given[name].cells["year"])
        ]
        problem = f"has the years {', '.join(places) or 'none'}, and one is needed"
        raise DataError(Fault(source.name, problem, "Write the same year in each row of each table."))
    return int(min(written))


def _filled(cells: pd.DataFrame, declared: dict[str, Any], year: int) -> pd.DataFrame:
    """Return rows with what may be left blank: the year, an identifier, what is usual, and what follows from others."""
    rows = cells.assign(year=_or(cells["year"], str(year)))
    own = declared["schema"]["primaryKey"][-1]
    said = next((column for column in ("label_en", "explanation_en") if column in rows), None)
    if own.endswith("_id") and said:
        rows[own] = _or(rows[own], rows[said].map(identifier))
    elif own == "section" and (rows[own] == "").any():
        rows[own] = [str(place) for place in range(1, len(rows) + 1)]  # they are in the order of the report
    for field in declared["schema"]["fields"]:
        name = field["name"]
        if field.get("newYear", "blank") != "blank":
            rows[name] = _or(rows[name], field["newYear"])
        elif "blankIs" in field:
            rows[name] = _or(rows[name], rows[field["blankIs"]])
        elif "blankLike" in field:
            told = rows[rows[name] != ""].drop_duplicates(field["blankLike"]).set_index(field["blankLike"])[name]
            rows[name] = _or(rows[name], rows[field["blankLike"]].map(told).fillna(""))
    return rows


def _with_chapters(rows: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """Return rows in which a chapter that is left blank is that of the headings under which the row stands."""
    if not {"chapter", "place"} <= set(rows):
        return rows
    known = headings(sections)
    found = ["; ".join(dict.fromkeys(chapters(place, known))) for place in rows["place"]]
    return rows.assign(chapter=_or(rows["chapter"], pd.Series(found, index=rows.index)))


def _or(texts: pd.Series, others: str | pd.Series) -> pd.Series:
    """Return texts, and in place of blank ones the others."""
    return texts.where(texts != "", others)


def identifier(label: str) -> str:
    """Return an identifier made of a label.

    >>> identifier("A study of the skills needed, 2021")
    'a_study_of_the_skills_needed_2021'
    """
    return re.sub("[^a-z0-9]+", "_", label.lower()).strip("_")[:60]


def _kept(rows: pd.DataFrame, declared: dict[str, Any]) -> pd.DataFrame:
    """Return the rows that the report has: those with something filled in, where blank ones are left out."""
    told = [field["name"] for field in declared["schema"]["fields"] if field.get("newYear") == "blank"]
    return rows if declared["unfilled"] == "kept" else rows[(rows[told] != "").any(axis=1)]


def _names(rows: pd.DataFrame, declared: dict[str, Any]) -> list[str]:
    key = [column for column in declared["schema"]["primaryKey"] if column != "year"]
    return [" ".join(parts) for parts in rows[key].itertuples(index=False)]


def _require_sound(
    source: Path, tables: Tables, given: Mapping[str, TextTable], kept: Mapping[str, pd.DataFrame], year: int
) -> None:
    """Raise DataError with every fault of form of the new rows."""

    def keys_of(name: str, columns: list[str]) -> set[tuple[str, ...]]:
        if name in kept:
            return set(kept[name][columns].itertuples(index=False, name=None))
        return tables.keys_of(name, columns)

    faults: list[Fault] = []
    for declared in yearly(tables):
        name, rows = declared["name"], kept[declared["name"]]
        own = [*given[name].faults, *table_faults(rows, declared, keys_of)]
        if rows.empty and declared["everyYear"]:
            own.append(Fault(name, f"has no row for {year}", "Fill in its rows."))
        faults += [in_cell(source, declared, fault) for fault in own]
    if faults:
        raise DataError(*faults)


def _between_faults(source: Path, tables: Tables, both: Tables, kept: Mapping[str, pd.DataFrame]) -> Iterator[Fault]:
    """Yield what does not hold between the new rows, or between them and others, by sheet and cell."""
    declared = {table["path"]: table for table in yearly(tables)}
    for fault in (fault for find in HOLDS for fault in find(both) if fault.file in declared):
        name = declared[fault.file]["name"]
        place = (fault.row or 0) - len(tables.as_text(name).cells) - 2  # among the new rows
        if place >= 0:
            own = replace(fault, row=int(str(kept[name].index[place])))
            yield in_cell(source, declared[fault.file], own)


def _differences(source: Path, tables: Tables, kept: Mapping[str, pd.DataFrame], year: int) -> pd.DataFrame:
    """Return each printed amount of the year that our arithmetic does not give, as a row to be registered."""
    with copied(tables) as folder:
        _write(folder, tables, kept)
        t = load_tables(folder)
        if faults := list(_between_faults(source, tables, t, kept)):
            raise DataError(*faults)
        fees = membership_fees(t.population, t.fee_rates)
        known = reconcile(t.funds, t.operating_statement, t.projects, fees, t.printed_totals, t.discrepancies)
    own = known[(known["year"] == year) & known["status"].isin(["unregistered", "unchecked", "gone"])]
    if len(own) and (wrong := own[own["status"] != "unregistered"]).size:
        names = ", ".join(wrong["check_id"])
        raise DataError(
            Fault("discrepancies or printed_totals", f"of {year} name what is not there: {names}", "Mend them.")
        )
    amounts = ["printed", "recomputed", "difference"]
    rows = own.rename(columns={"check_id": "discrepancy_id"})[["year", "discrepancy_id", *amounts]].astype(str)
    rows.insert(2, "kind", "sum")
    said = {f"explanation_{lang}": [_explained(t, row, lang) for row in own.to_dict("records")] for lang in LANGUAGES}
    return rows.assign(unit="SEK", **said)


def _explained(tables: Tables, check: Mapping[Any, Any], lang: str) -> str:
    """Return that an amount differs, by its label where it has one, in neutral words that can be made better."""
    labels = tables.printed_totals.set_index(["year", "total_id"])[f"label_{lang}"]
    what = labels.get((check["year"], check["check_id"]), check["check_id"])
    amounts = {name: int(check[name]) for name in ("printed", "recomputed")}
    return phrase("new_year", "explanation", lang, what=what, **amounts).replace(SPACE, " ")


def _write(folder: Path, tables: Tables, rows: Mapping[str, pd.DataFrame]) -> None:
    """Append rows to the tables of a folder."""
    paths = {table["name"]: folder / table["path"] for table in tables.package["resources"]}
    for name, new in rows.items():
        both = pd.concat([tables.as_text(name).cells, new], ignore_index=True)
        paths[name].write_text(as_csv(both), encoding="utf-8", newline="")


def as_csv(rows: pd.DataFrame) -> str:
    """Return rows as the tables are written, header first."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([list(rows.columns), *rows.itertuples(index=False)])
    return text.getvalue()


def _before(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def summary(addition: Addition) -> Iterator[str]:
    """Yield a line for each table: how many rows come, and which were left out since nothing was filled in."""
    for name, rows in addition.rows.items():
        left = addition.left_out[name]
        yield f"{name}.csv: {len(rows)} rows" + (f"; left out, not filled in: {', '.join(left)}" if left else "")
