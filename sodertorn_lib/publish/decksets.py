"""Which slides a deck has: sets of them by name, in decks.toml, for an analyst to edit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sodertorn_lib.errors import DataError, Fault, unknown
from sodertorn_lib.plaintext import WRITE_ANEW, oddity
from sodertorn_lib.reading import read_toml

__all__ = ["AFTER", "BEFORE", "SETS", "TEXT_SLIDES", "WHOLE", "DeckSet", "read_sets"]

SETS = Path(__file__).resolve().parent.parent / "decks.toml"
BEFORE, AFTER = ("opening", "municipality", "in_short"), ("caveats", "differences", "sources")  # the charts
TEXT_SLIDES = (*BEFORE, *AFTER)


@dataclass(frozen=True)
class DeckSet:
    """The slides of a deck by name, and the answers on its slides in short; None is every one there is."""

    title_sv: str
    title_en: str
    slides: Sequence[str] | None = None
    answers: Sequence[str] | None = None


WHOLE = DeckSet("", "")


def read_sets(charts: Iterable[str], answers: Iterable[str], path: Path | None = None) -> Mapping[str, DeckSet]:
    """Return the sets of a file, by default the house's; raise DataError for all that is not as the file says.

    `charts` and `answers` are the names of those there are.
    """
    file = path or SETS
    sets = read_toml(file, "Write names between quotes, with a comma after each, and every set once.")
    known = {"slides": [*TEXT_SLIDES, *charts], "answers": list(answers)}
    faults = [fault for name, own in sets.items() for fault in _faults(f"{file}, [{name}]", own, known)]
    faults += [
        Fault(f"{file}, [{name}]", "is no name", "Write letters, digits and _: it stands in the names of files.")
        for name in sets
        if not re.fullmatch(r"\w{1,40}", name)
    ]
    if faults:
        raise DataError(*faults)
    return {name: DeckSet(**own) for name, own in sets.items()}


def _faults(where: str, own: Any, known: Mapping[str, Sequence[str]]) -> list[Fault]:
    keys = [field.name for field in fields(DeckSet)]
    if not isinstance(own, dict):
        return [Fault(where, "is no set", "Write its name in brackets, and below it what it has.")]
    faults = unknown(where, own, keys)
    for key in keys[:2]:
        if not isinstance(own.get(key), str) or not own[key].strip():
            faults.append(Fault(where, f"lacks {key}", "Write it."))
        elif problem := oddity(own[key]):
            faults.append(Fault(f"{where}, {key}", problem, WRITE_ANEW, value=own[key]))
    for key in (key for key in known if key in own):
        names = own[key]
        if not isinstance(names, list):
            faults.append(Fault(f"{where}, {key}", "is no list", 'Write ["name", "name"].', value=str(names)))
            continue
        faults += unknown(f"{where}, {key}", names, known[key])
        if not names or len(set(map(str, names))) < len(names):
            faults.append(Fault(f"{where}, {key}", "is empty or has a name twice", "Name each once.", value=str(names)))
    return faults
