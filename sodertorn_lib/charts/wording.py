"""The words of a chart, from texts/*.toml, with its numbers put in."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sodertorn_lib.errors import Fault, TextError

__all__ = ["Words", "phrase", "placeholders", "read_texts", "words"]

FOLDER = Path(__file__).resolve().parent.parent / "texts"


@dataclass(frozen=True)
class Words:
    """What every chart says: the finding, what is measured, where it is from, what one would hear of it, its limit."""

    title: str
    subtitle: str
    source: str
    alt: str
    caveat: str


@cache
def read_texts(lang: str) -> Mapping[str, Mapping[str, str]]:
    """Return every text of a language: chart, then key; raise TextError where the file cannot be read as such."""
    file = f"texts/{lang}.toml"
    try:
        texts = tomllib.loads((FOLDER / f"{lang}.toml").read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        action = 'Write each text on one line, between quotes, and a quote inside it as \\".'
        raise TextError([Fault(file, f"cannot be read: {error}", action)]) from error
    pairs = [(f"{file}, {chart}.{key}", text) for chart, keys in texts.items() for key, text in keys.items()]
    wrong = [
        Fault(where, "is not a text", "Put quotes around it.") for where, text in pairs if not isinstance(text, str)
    ]
    if wrong:
        raise TextError(wrong)
    return texts


def words(chart: str, lang: str, **values: str) -> Words:
    """Return title, subtitle, source line, alt text and caveat of a chart."""
    return Words(*(phrase(chart, key, lang, **values) for key in ("title", "subtitle", "source", "alt", "caveat")))


def phrase(chart: str, key: str, lang: str, **values: str) -> str:
    """Return one text with its values put in; raise TextError where it is missing or a placeholder has no value."""
    where = f"texts/{lang}.toml, {chart}.{key}"
    text = read_texts(lang).get(chart, {}).get(key)
    if text is None:
        raise TextError([Fault(where, "is missing", "Write it; the other language shows what it says.")])
    unknown = placeholders(text, where) - set(values)
    if unknown:
        action = f"Use {', '.join(sorted(values)) or 'no placeholder'}."
        problem = f"has the unknown placeholder {', '.join(sorted(unknown))}"
        raise TextError([Fault(where, problem, action)])
    return text.format_map(values)


def placeholders(text: str, where: str) -> set[str]:
    """Return the names in braces; raise TextError, naming where it stands, for a brace without its pair.

    >>> sorted(placeholders("{largest} pays {fee}", "texts/en.toml, fee_by_municipality.title"))
    ['fee', 'largest']
    """
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError as error:
        raise TextError([Fault(where, "has a brace without its pair", "Write names as {name}.")]) from error
