"""Hold a table of text against its declaration: types, constraints and keys, all faults at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Any

import pandas as pd

from sodertorn_lib.errors import MOST_FAULTS, Fault
from sodertorn_lib.plaintext import WRITE_ANEW, oddity
from sodertorn_lib.rules import row_faults

# type: how it is written, what to say where it is not, what to do
TYPES = {
    "integer": (
        "-?(?:0|[1-9][0-9]{0,14})",
        "is not a whole number",
        "Write digits only: no space, comma, point, unit or leading zero",
    ),
    "number": (r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]+)?", "is not a number", "Write digits with a decimal point"),
    "date": ("[12][0-9]{3}-[0-9]{2}-[0-9]{2}", "is not a date", "Write year-month-day"),
    "yearmonth": ("[12][0-9]{3}-(?:0[1-9]|1[0-2])", "is not a month", "Write year-month"),
    "string": (r"(?s)\S(?:.*\S)?", "has spaces before or after it", "Take them out"),
}
NUMBERS = ("integer", "number")  # the types of figures

CHECK = "Check the source."

Cell = tuple[int, str]  # the row, and what stands there
Keys = Callable[[str, list[str]], set[tuple[str, ...]]]  # the values of columns of another table


def convert(frame: pd.DataFrame, fields: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a checked table of text with the declared types; blanks become NA."""
    columns = {field["name"]: _typed(frame[field["name"]], field) for field in fields}
    return pd.DataFrame(columns).reset_index(drop=True)


def table_faults(frame: pd.DataFrame, declared: dict[str, Any], keys_of: Keys) -> list[Fault]:
    """Return every fault of a table of text whose index is the spreadsheet row; of one that is all wrong the first."""
    file, schema = declared["path"], declared["schema"]
    each = (fault for field in schema["fields"] for fault in _field_faults(file, frame[field["name"]], field))
    if len(faults := list(islice(each, MOST_FAULTS))) == MOST_FAULTS:
        return faults
    faults += _duplicate_faults(file, frame, schema["primaryKey"])
    sound = frame.drop(index=[fault.row for fault in faults])
    faults += row_faults(file, sound, schema["fields"])
    named = {(fault.row, fault.column) for fault in faults}
    for foreign in schema.get("foreignKeys", []):
        found = _foreign_faults(file, frame, foreign, keys_of)
        faults += [fault for fault in found if (fault.row, fault.column) not in named]
    return faults


def gap_faults(frame: pd.DataFrame, declared: dict[str, Any], keys_of: Keys) -> Iterator[Fault]:
    """Yield each area and year that is lacking, in a table without other faults whose years must have no gap."""
    if declared.get("consecutiveYears"):
        area, year = declared["schema"]["primaryKey"]
        years = frame[year].astype("int64")
        for foreign in declared["schema"].get("foreignKeys", []):
            reference = foreign["reference"]
            known = {code for (code,) in keys_of(reference["resource"], reference["fields"])}
            for code in sorted(known - set(frame[area])):
                yield Fault(declared["path"], "has no row at all", "Add its rows from the source.", None, area, code)
        begun = declared.get("firstYears", {})  # of areas that were not always apart
        for code, own in years.groupby(frame[area]):
            for missing in sorted(set(range(begun.get(code, years.min()), years.max() + 1)) - set(own)):
                action = "Add the row from the source."
                yield Fault(declared["path"], f"is missing for {area} {code}", action, None, year, str(missing))


def _typed(values: pd.Series, field: dict[str, Any]) -> pd.Series:
    filled = values.where(values != "")
    required = field.get("constraints", {}).get("required", False)
    match field["type"]:
        case "integer":
            return filled.astype("int64" if required else "Int64")
        case "number":
            return filled.astype("float64")
        case "date":
            return pd.to_datetime(filled, format="%Y-%m-%d")
        case "yearmonth":
            return filled.astype(pd.PeriodDtype("M"))
        case _:
            return filled


def _field_faults(file: str, values: pd.Series, field: dict[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with cells by themselves: one at a time, as pandas takes longer for the few there are."""
    name = field["name"]
    pattern, problem, action = TYPES[field["type"]]
    example = f", as in {field['example']}." if "example" in field else "."
    cells: list[Cell] = list(zip(values.index.tolist(), values.tolist(), strict=True))
    if field.get("constraints", {}).get("required"):
        for row in (row for row, value in cells if value == ""):
            yield Fault(file, "is blank", f"Fill it in from the source{example}", row, name, "")
    told = {row: oddity(value) if field["type"] == "string" else None for row, value in cells}
    for row, value in cells:
        if odd := told[row]:
            yield Fault(file, odd, WRITE_ANEW, row, name, value)
    filled = [(row, value) for row, value in cells if value and not told[row]]
    fits = re.compile(pattern).fullmatch
    wrong = {row for row, value in filled if not fits(value) or (field["type"] == "date" and not _is_day(value))}
    for row, value in filled:
        if row in wrong:
            yield Fault(file, problem, action + example, row, name, value)
    yield from _constraint_faults(file, [(row, value) for row, value in filled if row not in wrong], field, example)


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _constraint_faults(file: str, cells: list[Cell], field: dict[str, Any], example: str) -> Iterator[Fault]:
    name, rules = field["name"], field.get("constraints", {})
    wrong: list[tuple[list[Cell], str, str]] = []
    if "pattern" in rules:
        fits = re.compile(rules["pattern"]).fullmatch
        action = f"{field['title']}{example} A spreadsheet drops leading zeros unless the column is text."
        wrong.append(([cell for cell in cells if not fits(cell[1])], "is not written as it must be", action))
    if "enum" in rules:
        others = [cell for cell in cells if cell[1] not in rules["enum"]]
        wrong.append((others, "is not one of the values", f"Write {' or '.join(rules['enum'])}."))
    if "minimum" in rules:
        below = [cell for cell in cells if float(cell[1]) < rules["minimum"]]
        wrong.append((below, f"is below {rules['minimum']}", CHECK))
    if "maximum" in rules:
        above = [cell for cell in cells if float(cell[1]) > rules["maximum"]]
        wrong.append((above, f"is above {rules['maximum']}", CHECK))
    if rules.get("unique"):
        first = {value: row for row, value in reversed(cells)}
        wrong.append(([cell for cell in cells if first[cell[1]] != cell[0]], "stands twice", "Take one out."))
    for found, problem, action in wrong:
        for row, value in found:
            yield Fault(file, problem, action, row, name, value)


def _duplicate_faults(file: str, frame: pd.DataFrame, key: list[str]) -> Iterator[Fault]:
    first: dict[tuple[str, ...], int] = {}
    for row, *values in frame[key].itertuples():
        if tuple(values) in first:
            problem = f"stands already in row {first[tuple(values)]}"
            yield Fault(file, problem, "Take one of the rows out.", row, ", ".join(key), ", ".join(values))
        first.setdefault(tuple(values), row)


def _foreign_faults(file: str, frame: pd.DataFrame, foreign: dict[str, Any], keys_of: Keys) -> Iterator[Fault]:
    """Yield each value that is not a key of another table, or of its own: of the same year, where a key has one."""
    columns, reference = foreign["fields"], foreign["reference"]
    other, targets = reference["resource"], reference["fields"]
    known = keys_of(other, targets) if other else set(frame[targets].itertuples(index=False, name=None))
    where = f"{other or file.removesuffix('.csv')}.csv"
    for row, *values in frame[columns].itertuples():
        if values[-1] != "" and tuple(values) not in known:
            year = f" of {values[0]}" if len(values) > 1 else ""
            action = f"Mend it, or add it to {where}."
            yield Fault(file, f"is not a {targets[-1]}{year} in {where}", action, row, columns[-1], values[-1])
