"""Read a sentence back: in which variants it stands, and what it says where its text has a placeholder.

The texts are made into regular expressions; nothing here asks the library what it meant to say.
"""

import re
import string
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor, log10
from typing import Any, NamedTuple

from sodertorn_lib.wording import read_texts

SAID = ("title", "subtitle", "source", "alt", "caveat", "spoken", "question", "short")  # of a chart, or in an answer
LABELS = {
    "alone_item",
    "fastest",
    "furthest",
    "item",
    "largest",
    "least",
    "most",
    "second",
    "sentences",
    "smallest",
    "whose",
}
UNITS = {"kr": 1, "tkr": 1_000, "mkr": 1_000_000}
ENDINGS = {
    "sv": {unit: f"\u00a0{unit}" for unit in UNITS},
    "en": {"kr": "", "tkr": "\u00a0thousand", "mkr": "\u00a0million"},
}
NUMERALS = {
    "sv": ["noll", "en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv"],
    "en": ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
}
DECIMALS = {"n": 0, "n1": 1, "n2": 2, "+": 0, "%0": 0, "%1": 1, "%2": 2}


class Reading(NamedTuple):
    """The variants of a sentence, and name, format and text of each of its placeholders."""

    variants: set[str]
    values: list[tuple[str, str, str]]
    selection: bool  # whether it adds that only some municipalities are drawn


def said_keys(section: str, lang: str) -> dict[str, list[str]]:
    """Return what a section says of a chart or in an answer: each text with the keys of its variants."""
    texts = read_texts(lang)[section]
    return {said: keys for said in SAID if (keys := [key for key in texts if key.split(".")[0] == said])}


def variants_of(section: str, name: str, lang: str) -> list[str]:
    """Return the keys of the variants of a text, in its section or in that of all charts."""
    texts = read_texts(lang)
    return [key for place in (section, "common") for key in texts[place] if key.startswith(f"{name}.")]


def alike(section: str, variant: str, lang: str) -> list[str]:
    """Return a variant with those of the same text that say the same: nothing, say."""
    text = _template(section, variant, lang)
    keys = variants_of(section, variant.partition(".")[0], lang)
    return [key for key in keys if _template(section, key, lang) == text]


@cache
def reachable(section: str, lang: str) -> frozenset[str]:
    """Return every variant that can stand in what a section says."""
    waiting = [key for keys in said_keys(section, lang).values() for key in keys]
    found: set[str] = set()
    while waiting:
        key = waiting.pop()
        found |= {key} if "." in key else set()
        pieces = string.Formatter().parse(_template(section, key, lang))
        inner = [key for _, name, spec, _ in pieces if name and not spec for key in variants_of(section, name, lang)]
        waiting += [key for key in inner if key not in found]
    return frozenset(found)


def read(section: str, said: str, lang: str, text: str) -> Reading:
    """Return the one reading of a text; an AssertionError where it has none, or two."""
    found = [match for key in said_keys(section, lang)[said] if (match := _matched(section, key, lang, text))]
    assert len(found) == 1, f"{section}.{said} ({lang}) has {len(found)} readings: {text}"
    return found[0]


def tells(shown: str, spec: str, value: Any, lang: str, unit: str = "kr") -> bool:
    """Return whether what is shown is a value, rounded as its format says; of a set, any of its values."""
    if isinstance(value, set):
        return any(tells(shown, spec, one, lang, unit) for one in value)
    if spec in ("and", "or"):
        items = _items(shown, spec, lang)
        return len(items) == len(value) and all(is_said(*pair, lang) for pair in zip(items, value, strict=True))
    if spec in ("", "low", "the", "word", "Word"):
        return shown == _worded(spec, value, lang)
    return _shows(shown, spec, value, lang, unit if spec == "kr" else "kr")


def is_said(shown: str, value: Any, lang: str) -> bool:
    """Return whether an item of a list is a word, or a number."""
    return shown == value if isinstance(value, str) else number(shown, lang) == Fraction(value)


def _worded(spec: str, value: Any, lang: str) -> str:
    if spec == "the":
        return value.replace("The ", "the ", 1) if value.startswith("The ") else value
    if spec == "low":
        return f"{value[0].lower()}{value[1:]}"
    word = NUMERALS[lang][value] if spec and value <= 12 else str(value)
    return word.capitalize() if spec == "Word" else word


def _shows(shown: str, spec: str, value: Any, lang: str, unit: str) -> bool:
    """Return whether a number is shown, with the sign, the decimals and the unit that its format asks for."""
    kronor, decimals = spec in ("kr", "rate"), _decimals(shown, lang)
    if spec == "+" and shown.startswith("+") != (value > 0):
        return False
    if spec in DECIMALS and decimals != DECIMALS[spec]:
        return False
    if kronor and (not shown.endswith(ENDINGS[lang][unit]) or (unit == "kr" and bool(decimals) != (value % 1 > 0))):
        return False
    off = abs(number(shown, lang) * UNITS[unit] - Fraction(value))
    return off <= _step(spec, value, unit) / 2 + Fraction(1, 10**9)


def number(shown: str, lang: str) -> Fraction:
    """Return the number that a text shows, in the unit that it names.

    >>> number("−SEK\\xa01,450.50", "en"), number("4,5\\xa0%", "sv")
    (Fraction(-2901, 2), Fraction(9, 2))
    """
    digits = re.sub(r"[^\d.,]", "", shown)
    digits = digits.replace(",", ".") if lang == "sv" else digits.replace(",", "")
    return Fraction(Decimal(digits)) * (-1 if "−" in shown else 1)


def _decimals(shown: str, lang: str) -> int:
    return len(re.sub(r"[^\d.,]", "", shown).partition("," if lang == "sv" else ".")[2])


def _step(spec: str, value: Any, unit: str) -> Fraction:
    """Return the step of the last decimal that a format shows."""
    if unit != "kr":  # a hundred kronor in thousands, a thousand in millions, and never nil for what is there
        fixed = {"tkr": 100, "mkr": 1_000}[unit]
        return min(Fraction(fixed), Fraction(10) ** floor(log10(abs(value)))) if value else Fraction(0)
    return Fraction(1, 10 ** DECIMALS.get(spec, 2))


def _items(shown: str, spec: str, lang: str) -> list[str]:
    last = {"and": {"sv": "och", "en": "and"}, "or": {"sv": "eller", "en": "or"}}[spec][lang]
    return re.split(rf", | {last} ", shown)


def _matched(section: str, key: str, lang: str, text: str) -> Reading | None:
    pattern, groups = _pattern(section, key, lang)
    match = pattern.fullmatch(text)
    if not match:
        return None
    there = [(name, spec, match[group]) for group, (name, spec) in groups.items() if match[group] is not None]
    variants = {name for name, spec, _ in there if spec == "variant" and "." in name}
    values = [(name, spec, shown) for name, spec, shown in there if spec not in ("variant", "selection")]
    return Reading(variants, values, any(spec == "selection" for _, spec, _ in there))


@cache
def _pattern(section: str, key: str, lang: str) -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    """Return the pattern of a text, and what each of its groups stands for."""
    groups: dict[str, tuple[str, str]] = {}
    pattern = _variant(section, key, lang, groups)
    if key.partition(".")[0] == "subtitle":
        selection = "".join(_pieces("common", read_texts(lang)["common"]["selection"], lang, groups))
        pattern += f"(?P<{_group(groups, 'selection', 'selection')}>{selection})?"
    return re.compile(pattern, re.DOTALL), groups


def _variant(section: str, key: str, lang: str, groups: dict[str, tuple[str, str]]) -> str:
    group = _group(groups, key, "variant")
    return f"(?P<{group}>{''.join(_pieces(section, _template(section, key, lang), lang, groups))})"


def _pieces(section: str, template: str, lang: str, groups: dict[str, tuple[str, str]]) -> Iterable[str]:
    for literal, name, spec, _ in string.Formatter().parse(template):
        yield re.escape(literal)
        if name is None:
            continue
        variants = [] if spec else variants_of(section, name, lang)
        variants.sort(key=lambda key: _template(section, key, lang).count("{"))  # the most literal is read first
        if variants:
            yield f"(?:{'|'.join(_variant(section, key, lang, groups) for key in variants)})"
        else:
            yield f"(?P<{_group(groups, name, spec or '')}>{_shape(name, spec or '', lang)})"


def _template(section: str, key: str, lang: str) -> str:
    texts = read_texts(lang)
    return texts[section].get(key, texts["common"].get(key, ""))


def _group(groups: dict[str, tuple[str, str]], name: str, spec: str) -> str:
    group = f"g{len(groups)}"
    groups[group] = (name, spec)
    return group


def _shape(name: str, spec: str, lang: str) -> str:
    """Return what the text of a placeholder looks like."""
    apart, point = ("\u00a0", ",") if lang == "sv" else (",", r"\.")
    whole = rf"\d{{1,3}}(?:{apart}\d{{3}})*"
    decimals = {"n1": rf"{point}\d", "%1": rf"{point}\d", "n2": rf"{point}\d\d", "%2": rf"{point}\d\d"}
    if spec in ("kr", "rate"):
        amount = rf"{whole}(?:{point}\d+)?"
        return (
            rf"−?{amount}\u00a0(?:kr|tkr|mkr)"
            if lang == "sv"
            else rf"−?SEK\u00a0{amount}(?:\u00a0(?:thousand|million))?"
        )
    if spec.startswith(("n", "+", "%")):
        sign = r"[+−]?" if spec == "+" else "−?"
        per_cent = "" if not spec.startswith("%") else "\u00a0%" if lang == "sv" else "%"
        return sign + whole + decimals.get(spec, rf"(?:{point}\d+)?" if spec == "%" else "") + per_cent
    if spec in ("word", "Word"):
        words = [word.capitalize() if spec == "Word" else word for word in NUMERALS[lang]]
        return rf"(?:{'|'.join(words)}|\d+)"
    return ".+?" if spec or name in LABELS else r"-?\d+"
