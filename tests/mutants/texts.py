"""Slips in the texts of both languages, those in waiting as well."""

import random
import re
from collections.abc import Callable, Iterator
from unittest.mock import patch

from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.wording import read_texts

from .. import manifest

NEGATED = {"sv": " inte", "en": " not"}


def mutants(seed: int) -> Iterator[tuple[str, str, bool]]:
    """Yield where, how, and whether it is noticed, for one slip of a kind that each text has a place for."""
    chance = random.Random(seed)
    for lang in LANGUAGES:
        texts, held = read_texts(lang), manifest.stored("texts", lang)
        for section, keys in texts.items():
            for key, text in keys.items():
                how, changed = chance.choice(
                    [(name, new) for name, make in SLIPS.items() if (new := make(text, lang, chance)) != text]
                )
                with patch.dict(keys, {key: changed}):
                    noticed = any(manifest.changes("texts", lang, held, manifest.now("texts", lang)))
                yield f"texts/{lang}.toml, {section}.{key}", how, noticed


def _letter(text: str, lang: str, chance: random.Random) -> str:
    place = chance.randrange(len(text) + 1)
    return f"{text[:place]}x{text[place + 1 :]}"


def _word_lost(text: str, lang: str, chance: random.Random) -> str:
    words = text.split(" ")
    del words[chance.randrange(len(words))]
    return " ".join(words)


def _negated(text: str, lang: str, chance: random.Random) -> str:
    return text.replace(" ", f"{NEGATED[lang]} ", 1)


def _placeholder(text: str, lang: str, chance: random.Random) -> str:
    names = re.findall(r"\{[^}]+\}", text)
    return text.replace(names[0], names[-1], 1) if names else text


def _format(text: str, lang: str, chance: random.Random) -> str:
    return re.sub(r":[^}]+\}", "}", text, count=1)


def _digit(text: str, lang: str, chance: random.Random) -> str:
    return re.sub(r"\d", lambda match: str((int(match[0]) + 1) % 10), text, count=1)


SLIPS: dict[str, Callable[[str, str, random.Random], str]] = {
    "another letter": _letter,
    "a word lost": _word_lost,
    "negated": _negated,
    "another placeholder": _placeholder,
    "a format lost": _format,
    "another digit": _digit,
    "emptied": lambda text, lang, chance: "" if text else " ",
}
