"""Every word that is shown, from texts/*.toml, with numbers put in where a name stands in braces.

A placeholder says how its value is written: {total:kr}, {share:%1}, {change:+}, {names:and}; see `FORMATS`. Where a
wording depends on the numbers, a text has variants, such as grew and shrank, and a `Variant` says which one holds.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from sodertorn_lib.errors import Fault, TextError, require_known
from sodertorn_lib.formats import LANGUAGES, kronor, listed, number, percent, signed

FOLDER = Path(__file__).resolve().parent / "texts"
COMMON = "common"  # the section of what stands in many texts


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
    file = f"texts/{lang}.toml"
    try:
        texts = tomllib.loads((FOLDER / f"{lang}.toml").read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        action = 'Write each text on one line, between quotes, and a quote inside it as \\".'
        raise TextError(Fault(file, f"cannot be read: {error}", action)) from error
    answers = {f"answers.{name}": section for name, section in texts.pop("answers", {}).items()}
    sections = {name: dict(_flat(section)) for name, section in (texts | answers).items()}
    pairs = [(f"{file}, {name}.{key}", text) for name, keys in sections.items() for key, text in keys.items()]
    wrong = [
        Fault(where, "is not a text", "Put quotes around it.") for where, text in pairs if not isinstance(text, str)
    ]
    if wrong:
        raise TextError(*wrong)
    return sections


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
    names = placeholders(text, where)
    if unknown := names - set(values):
        action = f"Use {', '.join(sorted(values)) or 'no placeholder'}."
        raise TextError(Fault(where, f"has the unknown placeholder {', '.join(sorted(unknown))}", action))
    filled = {name: _filled(section, name, lang, values) for name in names}
    return _Writer(lang, values.get("unit", "kr"), where).vformat(text, (), filled)


def placeholders(text: str, where: str) -> set[str]:
    """Return the names in braces; raise TextError, naming where it stands, for a brace without its pair.

    >>> sorted(placeholders("{largest} pays {fee:kr}", "texts/en.toml, fee_by_municipality.title"))
    ['fee', 'largest']
    """
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError as error:
        raise TextError(Fault(where, "has a brace without its pair", "Write names as {name}.")) from error


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
        if format_spec not in FORMATS:
            action = f"Use one of {', '.join(filter(None, FORMATS))}, or none."
            raise TextError(Fault(self.where, f"has the unknown format {format_spec}", action))
        return FORMATS[format_spec](value, self.lang, self.unit)


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
    "low": lambda value, lang, unit: f"{value[:1].lower()}{value[1:]}",  # a label within a sentence
    "the": lambda value, lang, unit: f"the{value[3:]}" if value.startswith("The ") else value,  # or a name there
    "and": lambda value, lang, unit: listed(value, lang),
    "or": lambda value, lang, unit: listed(value, lang, "or"),
    "word": _numeral,  # a count in letters
    "Word": lambda value, lang, unit: _numeral(value, lang, unit).capitalize(),
}
