"""What the parts of a well-formed descriptor say of each other, and what they lack of what this library counts on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sodertorn_lib.tablechecks import NUMBERS

BESIDE = ("blankIs", "blankLike", "notBelow", "above", "within", "partOf")  # another column
RULED = ("requiredWhen", "onlyWhen", "filledWhen", "wholeWhen", "oneOfWhen", "differenceOf", "sameFor")  # several
COUNTED_ON = ("path", "everyYear", "unfilled", "consecutiveYears")
OF_NUMBERS = {"differenceOf", "timesYearBefore", "timesOtherYears"}
Found = tuple[str, str, Any]  # where it is, what is wrong, and the value, if there is one to show
Table = dict[str, Any]


def contradictions(tables: list[Table]) -> Iterator[Found]:
    """Yield what stands twice, columns that are named and are not there, and what does not go together."""
    yield from _doubled("resources[{}].name", [table["name"] for table in tables])
    yield from _doubled("resources[{}].path", [table["path"].lower() for table in tables])
    columns = {table["name"]: _columns(table) for table in tables}
    for number, table in enumerate(tables):
        place = f"resources[{number}].schema"
        yield from _doubled(f"{place}.fields[{{}}].name", [field["name"] for field in table["schema"]["fields"]])
        yield from _doubled(f"{place}.primaryKey[{{}}]", table["schema"]["primaryKey"])
        for where, column, other in _named(table):
            if column not in columns.get(other, {}):
                yield f"{place}.{where}", f"is not a column of {other}", column
        yield from ((f"{place}.{where}", problem, None) for where, problem in (*_of_fields(table), *_of_keys(table)))


def lacking(tables: list[Table], own: list[Table]) -> Iterator[Found]:
    """Yield which tables, columns, types and keys of the library's own these lack; other limits may be changed."""
    places = {table["name"]: number for number, table in enumerate(tables)}
    for table in own:
        if (name := table["name"]) not in places:
            yield "resources", f"lacks the table {name}, which this library reads", None
            continue
        given, place = tables[places[name]], f"resources[{places[name]}]"
        yield from _unlike(place, _counted_on(table), _counted_on(given))
        there = _columns(given)
        for column, wanted in _columns(table).items():
            if column in there:
                needed: Table = {key: wanted[key] for key in ("type", "required") if key in wanted}
                yield from _unlike(f"{place}.schema, column {column}", needed, there[column])
            else:
                yield f"{place}.schema.fields", f"lacks the column {column}, which this library reads", None


def _columns(table: Table) -> dict[str, Table]:
    """Return the type and the limits of each column."""
    return {
        field["name"]: {"type": field["type"], **field.get("constraints", {})} for field in table["schema"]["fields"]
    }


def _counted_on(table: Table) -> Table:
    return {key: table[key] for key in COUNTED_ON if key in table} | {
        f"schema.{key}": table["schema"].get(key) for key in ("primaryKey", "foreignKeys")
    }


def _unlike(place: str, wanted: Table, there: Table) -> Iterator[Found]:
    for key, value in wanted.items():
        if there.get(key) != value:
            yield f"{place}.{key}", f"is not {value!r}, which this library counts on", there.get(key)


def _doubled(place: str, names: list[str]) -> Iterator[Found]:
    seen: set[str] = set()
    for number, name in enumerate(names):
        if name in seen:
            yield place.format(number), "stands twice", name
        seen.add(name)


def _named(table: Table) -> Iterator[tuple[str, str, str]]:
    """Yield where a column is named, which one, and of which table."""
    schema, own = table["schema"], table["name"]
    yield from ((f"primaryKey[{number}]", column, own) for number, column in enumerate(schema["primaryKey"]))
    for number, foreign in enumerate(schema.get("foreignKeys", [])):
        place, other = f"foreignKeys[{number}]", foreign["reference"]["resource"] or own
        yield from ((f"{place}.fields", column, own) for column in foreign["fields"])
        yield from ((f"{place}.reference.fields", column, other) for column in foreign["reference"]["fields"])
    for number, field in enumerate(schema["fields"]):
        others = {key: [field[key]] for key in BESIDE if key in field}
        for key, columns in (others | {key: list(field[key]) for key in RULED if key in field}).items():
            yield from ((f"fields[{number}].{key}", column, own) for column in columns)


def _of_fields(table: Table) -> Iterator[tuple[str, str]]:
    key, types = table["schema"]["primaryKey"], {own["name"]: own["type"] for own in table["schema"]["fields"]}
    for number, field in enumerate(table["schema"]["fields"]):
        rules, place = field.get("constraints", {}), f"fields[{number}]"
        if {"minimum", "maximum"} & set(rules) and field["type"] not in NUMBERS:
            yield f"{place}.constraints", "limits a column that has no numbers"
        measured = {types.get(own, "number") for own in (field["name"], *field.get("differenceOf", []))}
        if OF_NUMBERS & set(field) and not measured <= set(NUMBERS):
            yield place, "holds numbers against each other in columns that have none"
        if "differenceOf" in field and len(field["differenceOf"]) != 2:
            yield f"{place}.differenceOf", "is not of two columns"
        same = field.get("sameFor", [])
        if len({field["name"], *same}) <= len(same):
            yield f"{place}.sameFor", "names the column itself, or one of the others twice"
        if {"timesYearBefore", "timesOtherYears"} & set(field) and not table.get("consecutiveYears"):
            yield place, "is held against other years in a table without consecutiveYears"
        if field["name"] in key and not rules.get("required"):
            yield f"{place}.constraints", "does not say that a column of the key is required"


def _of_keys(table: Table) -> Iterator[tuple[str, str]]:
    key, foreign, columns = table["schema"]["primaryKey"], table["schema"].get("foreignKeys", []), _columns(table)
    for number, own in enumerate(foreign):
        if len(own["fields"]) != len(own["reference"]["fields"]):
            yield f"foreignKeys[{number}]", "has not as many columns on both sides"
    numbers = [column for column in key if columns.get(column, {}).get("type") == "integer"]
    if "everyYear" in table and not (key[0] == "year" in numbers and "unfilled" in table):
        yield "primaryKey", "does not begin with the year, or there is no unfilled, as with everyYear there must be"
    limits = columns.get(key[-1], {})
    years = key[-1] in numbers and limits.get("minimum", 0) >= 1000 and limits.get("maximum", 9999) <= 3000
    single = all(len(own["fields"]) == 1 for own in foreign)
    if table.get("consecutiveYears") and not (len(key) == 2 and years and single):
        yield "primaryKey", "is not an area and a year from 1000 to 3000, as with consecutiveYears it must be"
