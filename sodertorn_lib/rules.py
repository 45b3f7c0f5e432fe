"""Rules between cells that datapackage.json declares of a column: what its cell must be beside others of its row.

A rule is a property of the column, such as `"notBelow": "low"`; `RULES` says what each means. They hold for rows whose
cells are well-formed by themselves, and for blank cells only where they speak of them.
"""

from __future__ import annotations

import re
from calendar import month_name
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, NamedTuple

import pandas as pd

from sodertorn_lib.errors import Fault

Row = Mapping[Hashable, Any]
NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Rule(NamedTuple):
    """What a rule says of a cell, and whether it holds: of the row, the cell and what is declared."""

    says: Callable[[Any], str]
    holds: Callable[[Row, str, Any], bool]


def row_faults(file: str, frame: pd.DataFrame, fields: list[dict[str, Any]]) -> Iterator[Fault]:
    """Yield each cell of a table of text that breaks a rule of its row, or differs from others of its kind."""
    rows = list(zip(frame.index, frame.to_dict("records"), strict=True))
    for field in fields:
        for name in (rule for rule in RULES if rule in field):
            for row, cells in rows:
                if not RULES[name].holds(cells, cells[field["name"]], field[name]):
                    yield _fault(file, row, cells, field, name)
        if "sameFor" in field:
            yield from _other_than_first(file, frame, field)
        if field["name"].endswith("_sv"):
            yield from _other_than_in_english(file, frame, field["name"])


def told(field: Mapping[str, Any]) -> list[str]:
    """Return what the rules of a column say.

    >>> told({"name": "high", "notBelow": "low"})
    ['not below low']
    """
    same = [f"the same for each {' and '.join(field['sameFor'])}"] if "sameFor" in field else []
    own = [RULES[name].says(field[name]) for name in RULES if name in field]
    return [*own, *same, *(says(field[name]) for name, (says, _) in SERIES.items() if name in field)]


def series_faults(file: str, frame: pd.DataFrame, declared: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield each figure that is too far from others of its area, in a table without other faults."""
    for field in declared["schema"]["fields"]:
        for name in (rule for rule in SERIES if rule in field):
            area, year = declared["schema"]["primaryKey"]
            ordered = frame.assign(**{year: frame[year].astype("int64")}).sort_values([area, year])
            values = ordered[field["name"]].replace("", None).astype("float64")
            for row in ordered.index[SERIES[name][1](values, ordered[area], field[name])].sort_values():
                problem = f"breaks a rule of its column: {SERIES[name][0](field[name])}"
                action = f"Hold {area} {frame[area][row]} in {frame[year][row]} and the year before against the source."
                yield Fault(file, problem, action, row, field["name"], frame[field["name"]][row])


# Of one row


def _where(conditions: Mapping[str, list[str]]) -> str:
    return " and ".join(f"{column} is {_either(values)}" for column, values in conditions.items())


def _either(values: list[str]) -> str:
    *most, last = (value or "blank" for value in values)
    return f"{', '.join(most)} or {last}" if most else last


def _met(row: Row, conditions: Mapping[str, list[str]]) -> bool:
    return all(row[column] in values for column, values in conditions.items())


def _each(allowed: Mapping[str, Mapping[str, list[str]]]) -> str:
    pairs = [(column, value, own) for column, each in allowed.items() for value, own in each.items()]
    return ", ".join(f"{_either(own)} where {column} is {value}" for column, value, own in pairs)


def _is_one(row: Row, cell: str, allowed: Mapping[str, Mapping[str, list[str]]]) -> bool:
    return all(cell in each.get(row[column], [cell]) for column, each in allowed.items())


def _compared(one: str, other: str) -> int:
    """Return 1, 0 or -1 as one is above, like or below the other; of dates as far as the shorter goes.

    >>> _compared("2020-03", "2020"), _compared("9", "10"), _compared("2021-01-29", "2020-11")
    (0, -1, 1)
    """
    if NUMBER.fullmatch(one) and NUMBER.fullmatch(other):
        return (float(one) > float(other)) - (float(one) < float(other))
    length = min(len(one), len(other))
    return (one[:length] > other[:length]) - (one[:length] < other[:length])


def _day(day: str) -> str:
    month, number = day.split("-")
    return f"on {int(number)} {month_name[int(month)]}"


def _is_difference(row: Row, cell: str, parts: list[str]) -> bool:
    more, less = (row[part] for part in parts)
    return "" in (cell, more, less) or abs(float(more) - float(less) - float(cell)) < 1e-6


RULES: Mapping[str, Rule] = {
    "requiredWhen": Rule(
        lambda when: f"filled in where {_where(when)}", lambda row, cell, when: cell != "" or not _met(row, when)
    ),
    "onlyWhen": Rule(lambda when: f"only where {_where(when)}", lambda row, cell, when: cell == "" or _met(row, when)),
    "filledWhen": Rule(
        lambda when: f"where {_where(when)}, and only there", lambda row, cell, when: (cell != "") == _met(row, when)
    ),
    "wholeWhen": Rule(
        lambda when: f"whole where {_where(when)}", lambda row, cell, when: "." not in cell or not _met(row, when)
    ),
    "oneOfWhen": Rule(_each, _is_one),
    "notBelow": Rule(
        lambda other: f"not below {other}",
        lambda row, cell, other: "" in (cell, row[other]) or _compared(cell, row[other]) >= 0,
    ),
    "above": Rule(
        lambda other: f"above {other}",
        lambda row, cell, other: "" in (cell, row[other]) or _compared(cell, row[other]) > 0,
    ),
    "within": Rule(
        lambda other: f"within {other}",
        lambda row, cell, other: "" in (cell, row[other]) or _compared(cell, row[other]) == 0,
    ),
    "partOf": Rule(
        lambda other: f"named in {other}", lambda row, cell, other: cell.casefold() in row[other].casefold()
    ),
    "onDay": Rule(_day, lambda row, cell, day: cell in ("", f"{cell[:4]}-{day}")),
    "differenceOf": Rule(" minus ".join, _is_difference),
}


def _fault(file: str, row: int, cells: Row, field: Mapping[str, Any], name: str) -> Fault:
    operands = [field[name]] if isinstance(field[name], str) else list(field[name])
    beside = [f"{column} is {cells[column] or 'blank'}" for column in operands if column in cells]
    action = f"Hold the row against the source{': ' if beside else ''}{', '.join(beside)}."
    cell = cells[field["name"]]
    problem = f"{'' if cell else 'is blank and '}breaks a rule of its column: {RULES[name].says(field[name])}"
    return Fault(file, problem, action, row, field["name"], cell)


# Of several rows, and of two languages


def _other_than_first(file: str, frame: pd.DataFrame, field: Mapping[str, Any]) -> Iterator[Fault]:
    name, first = field["name"], frame.drop_duplicates(field["sameFor"])
    wanted = frame[field["sameFor"]].merge(first[[*field["sameFor"], name]], how="left")[name].to_numpy()
    for row, value in frame.loc[frame[name] != wanted, name].items():
        problem = f"breaks a rule of its column: the same for each {' and '.join(field['sameFor'])}"
        action = f"Write {wanted[frame.index.get_loc(row)]!r}, as in the row before, or mend that."
        yield Fault(file, problem, action, int(str(row)), name, value)


def _other_than_in_english(file: str, frame: pd.DataFrame, name: str) -> Iterator[Fault]:
    """Yield each text that stands in one language only, or has other digits in the two; none of a column for itself."""
    english = f"{name.removesuffix('_sv')}_en"
    if english not in frame:
        return
    for row, swedish, other in zip(frame.index, frame[name], frame[english], strict=True):
        if (swedish == "") != (other == ""):
            blank = name if swedish == "" else english
            yield Fault(file, "is blank, and stands in the other language", "Write it in both.", row, blank, "")
        elif sorted(re.findall(r"\d", swedish)) != sorted(re.findall(r"\d", other)):
            problem = f"has other figures than {english}, {other!r}"
            yield Fault(file, problem, "Write the same figures in both languages.", row, name, swedish)


# Of the years of an area


def _far_from_the_year_before(values: pd.Series, areas: pd.Series, times: float) -> pd.Series:
    before = values.groupby(areas).shift()
    return (values > times * before) | (values * times < before)


def _far_from_all_others(values: pd.Series, areas: pd.Series, times: float) -> pd.Series:
    sizes = values.abs()
    largest = sizes.groupby(areas).transform("max")
    next_to_it = sizes.groupby(areas).transform(lambda own: own.nlargest(2).min())
    return (sizes == largest) & (sizes > times * next_to_it)


SERIES: Mapping[str, tuple[Callable[[float], str], Callable[[pd.Series, pd.Series, float], pd.Series]]] = {
    "timesYearBefore": (
        lambda times: f"at most {times:g} times more or less than the year before",
        _far_from_the_year_before,
    ),
    "timesOtherYears": (
        lambda times: f"at most {times:g} times as far from nil as any other year",
        _far_from_all_others,
    ),
}
