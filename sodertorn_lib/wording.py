"""Every word that is shown, from texts/*.toml, with numbers put in where a name stands in braces.

A placeholder says how its value is written: {total:kr}, {share:%1}, {change:+}, {names:and}; see `FORMATS`. Where a
wording depends on the numbers, a text has variants, such as grew and shrank, and a `Variant` says which one holds.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from sodertorn_lib.errors import DataError, Fault, TextError, require_known
from sodertorn_lib.formats import LANGUAGES, in_sentence, kronor, listed, number, percent, signed
from sodertorn_lib.plaintext import WRITE_ANEW, oddity
from sodertorn_lib.reading import read_toml

FOLDER = Path(__file__).resolve().parent / "texts"
COMMON = "common"  # the section of what stands in many texts
SHEETS = {  # the names of sheets beside those of charts
    "workbook": ("in_short", "contents", "sources", "plan", "differences", "trace"),
    "new_year": ("start", "sums"),
}
SHEET_NAME = re.compile(r"(?!')[^\[\]:*?/\\{}\n]{1,31}(?<!')")


class Variant(str):
    """Which variant of a text holds: the part of its key after the last point."""

    __slots__ = ()


@dataclass(frozen=True)
class Words:
    """What every chart says: the finding, what is measured, where it is from, what one would hear of it, its limit.

    `spoken` is how to read it, as one says it beside the finding.
    """

    title: str
    subtitle: str
    source: str
    alt: str
    caveat: str
    spoken: str


@cache
def read_texts(lang: str) -> Mapping[str, Mapping[str, str]]:
    """Return every text of a language: section, then key, a variant after a point, such as `verb.grew`.

    Raises
    ------
    TextError
        When the file cannot be read as such; ValueError for a language that there is not.
    """
    require_known("language", [lang], LANGUAGES)
    file, action = f"texts/{lang}.toml", 'Write each text on one line, between quotes, and a quote in it as \\".'
    try:
        texts = read_toml(FOLDER / f"{lang}.toml", action)
    except DataError as error:
        raise TextError(*(replace(fault, file=file) for fault in error.faults)) from error
    sections, faults = _sections(file, texts)
    for name, keys in sections.items():
        for key, text in keys.items():
            faults += _faults(f"{file}, {name}.{key}", key, text)
    if not faults:
        faults = [*_circles(file, sections), *_sheet_faults(file, sections)]
    if faults:
        raise TextError(*faults)
    return sections


def _sections(file: str, texts: dict[str, Any]) -> tuple[dict[str, dict[str, Any]], list[Fault]]:
    """Return the texts by section and key, those of answers in sections of their own, and what is no section."""
    answers = texts.pop("answers", {})
    named = texts | {f"answers.{name}": own for name, own in answers.items()} if isinstance(answers, dict) else texts
    faults = [
        Fault(f"{file}, {name}", "is not a section", f"Write [{name}] on a line of its own.")
        for name, own in named.items()
        if not isinstance(own, dict)
    ]
    faults += [
        Fault(f"{file}, [{name}]", "is missing", "Copy it anew from the repository.")
        for name in (COMMON, "columns", "values")
        if name not in named
    ]
    return {name: dict(_flat(own)) for name, own in named.items() if isinstance(own, dict)}, faults


def _faults(where: str, key: str, text: Any) -> Iterator[Fault]:
    """Yield what is wrong with a text: what it holds, and what stands in its braces."""
    if not isinstance(text, str):
        yield Fault(where, "is not a text", "Put quotes around it.")
        return
    if problem := oddity(key) or oddity(text.replace("\n", "")):
        yield Fault(where, problem, WRITE_ANEW)
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError:
        yield Fault(where, "has a brace without its pair", "Write names as {name}.")
        return
    for _, name, spec, conversion in parts:
        if name is not None and (conversion or not re.fullmatch("[a-z][a-z0-9_]*", name)):
            yield Fault(where, f"has {name!r} in braces, which is no name", "Write names as {name}, or as {name:kr}.")
        elif name is not None and spec not in FORMATS:
            action = f"Use one of {', '.join(filter(None, FORMATS))}, or none."
            yield Fault(where, f"has the unknown format {spec}", action)


def _circles(file: str, sections: Mapping[str, Mapping[str, str]]) -> Iterator[Fault]:
    """Yield each section where a variant of a text has, through the variants that it names, itself in it."""
    for section, keys in sections.items():
        inner: dict[str, set[str]] = {}
        for key, text in {**sections[COMMON], **keys}.items():
            name, variant, _ = key.partition(".")
            if variant:
                inner.setdefault(name, set()).update(placeholders(text))
        try:
            TopologicalSorter(inner).prepare()
        except CycleError as error:
            problem = f"has a text that stands in itself: {', '.join(error.args[1])}"
            yield Fault(f"{file}, {section}", problem, "Take one of them out of the braces of another.")


def _sheet_faults(file: str, sections: Mapping[str, Mapping[str, str]]) -> Iterator[Fault]:
    """Yield each name of a sheet that a spreadsheet program does not take."""
    own = {(section, key): sections.get(section, {}).get(key) for section, keys in SHEETS.items() for key in keys}
    charts = {(name, "sheet"): keys.get("sheet") for name, keys in sections.items() if name not in SHEETS}
    seen: set[str] = set()
    for (section, key), name in (charts | own).items():
        if name is not None and (name.lower() in seen or not SHEET_NAME.fullmatch(name)):
            problem = "is no name of a sheet" if name.lower() not in seen else "is also the name of another sheet"
            action = "Write at most 31 characters, without []:*?/\\ and braces, that no other sheet has."
            yield Fault(f"{file}, {section}.{key}", problem, action, value=name)
        seen.add(str(name).lower())


def vocabulary(lang: str) -> Mapping[str, str]:
    """Return what the tokens of the tables are called, and the columns where one is named in a cell."""
    texts = read_texts(lang)
    return {**texts["columns"], **texts["values"]}


def words(section: str, lang: str, values: Mapping[str, Any]) -> Words:
    """Return what a chart says, each text in the variant that the values name.

    Where only some of the municipalities are drawn the subtitle says so, unless title or subtitle do already.
    """
    said = {part.name: sentence(section, part.name, lang, values) for part in fields(Words)}
    if values.get("area") in ("some", "one"):
        selected = phrase(COMMON, f"area.{values['area']}", lang, **values)
        if selected not in said["title"] + said["subtitle"]:
            said["subtitle"] += phrase(COMMON, "selection", lang, **values)
    return Words(**said)


def sentence(section: str, key: str, lang: str, values: Mapping[str, Any]) -> str:
    """Return a text in the variant that the values name for it, if they do."""
    variant = values.get(key)
    return phrase(section, f"{key}.{variant}" if isinstance(variant, Variant) else key, lang, **values)


def phrase(section: str, key: str, lang: str, **values: Any) -> str:
    """Return one text with its values put in.

    Raises
    ------
    TextError
        When the text is missing, or one of its placeholders has no value or cannot be written as it says.
    """
    where = f"texts/{lang}.toml, {section}.{key}"
    texts = read_texts(lang)
    text = texts.get(section, {}).get(key, texts[COMMON].get(key))
    if text is None:
        raise TextError(Fault(where, "is missing", "Write it; the other language shows what it says."))
    names = placeholders(text)
    if unknown := names - set(values):
        action = f"Use {', '.join(sorted(values)) or 'no placeholder'}."
        raise TextError(Fault(where, f"has the unknown placeholder {', '.join(sorted(unknown))}", action))
    filled = {name: _filled(section, name, lang, values) for name in names}
    return _Writer(lang, values.get("unit", "kr"), where).vformat(text, (), filled)


@lru_cache(maxsize=4096)
def placeholders(text: str) -> frozenset[str]:
    """Return the names in braces.

    >>> sorted(placeholders("{largest} pays {fee:kr}"))
    ['fee', 'largest']
    """
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name)


def literal_digits(text: str) -> str:
    """Return the digits outside of braces: those in them follow the tables.

    >>> literal_digits("{share:%1} on 31 December")
    '31'
    """
    return "".join(re.findall(r"\d", re.sub(r"\{[^{}]*\}", "", text)))


def _flat(section: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, text in section.items():
        if isinstance(text, Mapping):
            yield from ((f"{key}.{variant}", inner) for variant, inner in text.items())
        else:
            yield key, text


def _filled(section: str, name: str, lang: str, values: Mapping[str, Any]) -> Any:
    """Return a value, or the text of the variant that it names."""
    value = values[name]
    return phrase(section, f"{name}.{value}", lang, **values) if isinstance(value, Variant) else value


class _Writer(string.Formatter):
    """Writes each value as its placeholder says."""

    def __init__(self, lang: str, unit: str, where: str) -> None:
        self.lang, self.unit, self.where = lang, unit, where

    def format_field(self, value: Any, format_spec: str) -> str:
        try:
            return FORMATS[format_spec](value, self.lang, self.unit)
        except (TypeError, ValueError, ArithmeticError, AttributeError) as error:
            problem = f"cannot be written as {format_spec}"
            action = "Use another format; the other language shows which."
            raise TextError(Fault(self.where, problem, action, value=str(value))) from error


def _numeral(value: int, lang: str, unit: str) -> str:
    """Return a count in letters, in figures from thirteen."""
    letters = phrase(COMMON, "numerals", lang).split()
    return letters[value] if 0 <= value < len(letters) else str(value)


FORMATS: Mapping[str, Callable[[Any, str, str], str]] = {
    "": lambda value, lang, unit: str(value),  # a name, a year, a count
    "n": lambda value, lang, unit: number(value, lang),  # a number with its thousands apart
    "n1": lambda value, lang, unit: number(value, lang, 1),
    "n2": lambda value, lang, unit: number(value, lang, 2),
    "+": lambda value, lang, unit: signed(value, lang),  # a change
    "kr": kronor,  # an amount, in the unit of the chart
    "sek": lambda value, lang, unit: kronor(value, lang, unit, named=False),  # the same without the unit's name
    "+sek": lambda value, lang, unit: ("+" if value > 0 else "") + kronor(value, lang, unit, named=False),
    "rate": lambda value, lang, unit: kronor(value, lang),  # kronor per inhabitant
    "%": lambda value, lang, unit: percent(value, lang),  # with the decimals that it needs
    "%0": lambda value, lang, unit: percent(value, lang, 0),
    "%1": lambda value, lang, unit: percent(value, lang, 1),
    "%2": lambda value, lang, unit: percent(value, lang, 2),
    "low": lambda value, lang, unit: in_sentence(value),
    "the": lambda value, lang, unit: f"the{value[3:]}" if value.startswith("The ") else value,  # or a name there
    "and": lambda value, lang, unit: listed(value, lang),
    "or": lambda value, lang, unit: listed(value, lang, "or"),
    "word": _numeral,  # a count in letters
    "Word": lambda value, lang, unit: _numeral(value, lang, unit).capitalize(),
}
