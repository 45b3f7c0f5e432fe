"""What a descriptor has to declare, so that nothing that reads it later has to ask; other keys are kept as they are."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import chain, islice
from typing import Any, NamedTuple

from sodertorn_lib.contradictions import contradictions, lacking
from sodertorn_lib.errors import MOST_FAULTS, Fault
from sodertorn_lib.plaintext import oddity
from sodertorn_lib.tablechecks import TYPES

DESCRIPTOR = "datapackage.json"
TAKEN = ("as_text", "folder", "keys_of", "package", "read_all", "year")  # names that tables have beside the tables
DEEPEST = 12  # levels
ANEW = "Mend it, or copy it anew from the repository."
ONE = r"(?:\\.|\[\^?(?:\\.|[^\[\]\\])+\]|[^\\\[\](){}|*+?^$])(?:\{\d\d?\})?"  # a character, or so many of them
QUICK = re.compile(rf"\^?(?:{ONE})*(?:{ONE}(?:[*+?]|\{{\d*,\d*\}}))?(?:{ONE})*\$?")  # with one repeat none is slow


class Leaf(NamedTuple):
    """A value without parts: what it must be, and how that is said."""

    fits: Callable[[Any], bool]
    said: str


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_quick(pattern: Any) -> bool:
    """Say whether a pattern compiles, and takes no longer than a text is long."""
    if not isinstance(pattern, str) or len(pattern) > 100 or not all(map(QUICK.fullmatch, pattern.split("|"))):
        return False
    try:
        re.compile(pattern)
    except (re.error, OverflowError):
        return False
    return True


def _lists_of_texts(value: Any) -> bool:
    lists = list(value.values()) if isinstance(value, dict) else [None]
    return all(isinstance(own, list) and own and all(isinstance(text, str) for text in own) for own in lists)


def _written(pattern: str, said: str) -> Leaf:
    return Leaf(lambda value: isinstance(value, str) and bool(re.fullmatch(pattern, value)), said)


def _one_of(*values: str) -> Leaf:
    return Leaf(lambda value: isinstance(value, str) and value in values, f"one of {', '.join(values)}")


TEXT = Leaf(_is_text, "a text")
NUMBER = Leaf(lambda value: type(value) in (int, float) and abs(value) < 10**15, "a number of at most 15 digits")
FLAG = Leaf(lambda value: isinstance(value, bool), "true or false")
NAME = _written("[a-z][a-z0-9_]{0,49}", "a name of small letters, digits and _, at most 50")
TABLE_NAME = Leaf(  # also of a sheet
    lambda value: NAME.fits(value) and len(value) <= 31 and value not in TAKEN,
    f"a name of small letters, digits and _, at most 31, and none of {', '.join(TAKEN)}",
)
FILE = _written(r"\w[\w-]{0,99}\.csv", "the name of a CSV file in the same folder")
PATTERN = Leaf(_is_quick, "a pattern of at most 100 characters, without (), and with one of * + ? {,} between two |")
YEARS = Leaf(
    lambda value: isinstance(value, dict) and all(type(own) is int and 1000 <= own < 3000 for own in value.values()),
    "a year of each code",
)
DAY = _written("(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])", "a month and a day, such as 12-31")
WHEN = Leaf(_lists_of_texts, "a list of texts for each column")
ONE_OF = Leaf(
    lambda value: isinstance(value, dict) and all(map(_lists_of_texts, value.values())),
    "a list of texts for each text of a column",
)

# {key: what stands there}, where a key that ends in ? may be lacking; [what each item is]; or a leaf
CONSTRAINTS = {
    "required?": FLAG,
    "unique?": FLAG,
    "minimum?": NUMBER,
    "maximum?": NUMBER,
    "pattern?": PATTERN,
    "enum?": [TEXT],
}
FIELD = {
    "name": NAME,
    "type": _one_of(*TYPES),
    "title": TEXT,
    "unit?": TEXT,
    "example?": TEXT,
    "constraints?": CONSTRAINTS,
    "newYear?": TEXT,
    "blankIs?": NAME,
    "blankLike?": NAME,
    **dict.fromkeys(("requiredWhen?", "onlyWhen?", "filledWhen?", "wholeWhen?"), WHEN),
    "oneOfWhen?": ONE_OF,
    **dict.fromkeys(("notBelow?", "above?", "within?", "partOf?"), NAME),
    "onDay?": DAY,
    "differenceOf?": [NAME],
    "sameFor?": [NAME],
    **dict.fromkeys(("timesYearBefore?", "timesOtherYears?"), NUMBER),
}
FOREIGN = {"fields": [NAME], "reference": {"resource": _written("[a-z0-9_]*", "a table"), "fields": [NAME]}}
TABLE = {
    "name": TABLE_NAME,
    "path": FILE,
    "description": TEXT,
    "sources": [{"title": TEXT}],
    "schema": {"fields": [FIELD], "primaryKey": [NAME], "foreignKeys?": [FOREIGN]},
    "everyYear?": FLAG,
    "unfilled?": _one_of("kept", "left out"),
    "consecutiveYears?": FLAG,
    "firstYears?": YEARS,
}
PACKAGE = {"resources": [TABLE]}
TOLD_APART = {  # of tables that were accepted under other rules
    "resources": [
        {
            "name": TABLE_NAME,
            "path": FILE,
            "schema": {"fields": [{"name": NAME, "type": FIELD["type"]}], "primaryKey": [NAME]},
        }
    ]
}


def descriptor_faults(package: Any, own: Any = None) -> list[Fault]:
    """Return every fault of a descriptor, each by its place; where it is well formed, also what it lacks of `own`.

    >>> print(descriptor_faults({"resources": [{"name": "funds"}]})[0])
    datapackage.json, resources[0].path: is missing. Mend it, or copy it anew from the repository.
    """
    if faults := shape_faults(package, PACKAGE):
        return faults
    tables = package["resources"]
    found = list(islice(contradictions(tables), MOST_FAULTS)) or lacking(tables, own["resources"] if own else [])
    return [_fault(*fault) for fault in found]


def shape_faults(package: Any, shape: Any) -> list[Fault]:
    """Return what is not of a shape, and each text that is not what it looks."""
    return list(islice(chain(_oddities(package), _misfits(package, shape)), MOST_FAULTS))


def _fault(place: str, problem: str, value: Any = None) -> Fault:
    written = value if value is None or isinstance(value, str) else repr(value)
    return Fault(f"{DESCRIPTOR}, {place.lstrip('.')}".removesuffix(", "), problem, ANEW, value=written)


def _oddities(value: Any, place: str = "", level: int = 0) -> Iterator[Fault]:
    """Yield each text that is not what it looks, also of keys that are not known, and what lies too deep."""
    if level > DEEPEST:
        yield _fault(place, f"lies deeper than {DEEPEST} levels")
    elif isinstance(value, str):
        if problem := oddity(value):
            yield _fault(place, problem, value)
    elif isinstance(value, dict):
        for key, own in value.items():
            if problem := oddity(key):
                yield _fault(place, f"has a key that {problem}", key)
            else:
                yield from _oddities(own, f"{place}.{key}", level + 1)
    elif isinstance(value, list):
        for number, own in enumerate(value):
            yield from _oddities(own, f"{place}[{number}]", level + 1)


def _misfits(value: Any, shape: Any, place: str = "") -> Iterator[Fault]:
    """Yield each place where a value is not of the shape that is wanted."""
    if isinstance(shape, Leaf):
        if not shape.fits(value):
            yield _fault(place, f"is not {shape.said}", value)
    elif not isinstance(value, type(shape)):
        yield _fault(place, f"is not {'a list' if isinstance(shape, list) else 'an object'}", value)
    elif isinstance(shape, list):
        if not value:
            yield _fault(place, "is empty")
        for number, own in enumerate(value):
            yield from _misfits(own, shape[0], f"{place}[{number}]")
    else:
        for key, inner in shape.items():
            name = key.removesuffix("?")
            if name in value:
                yield from _misfits(value[name], inner, f"{place}.{name}")
            elif name == key:
                yield _fault(f"{place}.{name}", "is missing")
