"""The words of a chart, from texts/*.toml, with its numbers put in."""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sodertorn_lib.errors import DataError, Fault

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
    """Return every text of a language: chart, then key."""
    with (FOLDER / f"{lang}.toml").open("rb") as file:
        return tomllib.load(file)


def words(chart: str, lang: str, **values: str) -> Words:
    """Return title, subtitle, source line, alt text and caveat of a chart."""
    return Words(*(phrase(chart, key, lang, **values) for key in ("title", "subtitle", "source", "alt", "caveat")))


def phrase(chart: str, key: str, lang: str, **values: str) -> str:
    """Return one text with its values put in; raise DataError where a placeholder has no value."""
    text = read_texts(lang)[chart][key]
    unknown = placeholders(text) - set(values)
    if unknown:
        action = f"Use {', '.join(sorted(values)) or 'no placeholder'}."
        problem = f"has the unknown placeholder {', '.join(sorted(unknown))}"
        raise DataError([Fault(f"texts/{lang}.toml", problem, action, column=f"{chart}.{key}")])
    return text.format_map(values)


def placeholders(text: str) -> set[str]:
    """Return the names in braces.

    >>> sorted(placeholders("{largest} pays {fee}"))
    ['fee', 'largest']
    """
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
