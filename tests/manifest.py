"""Everything that is published is what was accepted: stored with a line for each fact, so that a change reads as one.

    python -m tests.manifest            say what is published otherwise than stored
    python -m tests.manifest --store    say it, then store what is published now

A line of a file in expected/ names a fact and says it after a tab: the words of texts and charts, bars and rows of
tables, slides shape by shape, sheets row by row, the page, each picture in coarse fields of grey, notebooks by cell.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

from sodertorn_lib.formats import LANGUAGES

from .conftest import REPOSITORY
from .facts import KINDS

FOLDER = REPOSITORY / "tests" / "expected"
EACH = [(kind, lang) for kind in KINDS for lang in LANGUAGES]


def alike(one: str, other: str) -> bool:
    """Say whether two pictures differ by one level at most in each field."""
    if (len(one), one.count(" ")) != (len(other), other.count(" ")):
        return False
    return all(
        a == b or ((a + b).isalnum() and abs(int(a, 16) - int(b, 16)) <= 1) for a, b in zip(one, other, strict=True)
    )


def now(kind: str, lang: str) -> dict[str, str]:
    facts = list(KINDS[kind](lang))
    named = dict(facts)
    assert len(named) == len(facts), f"{kind}: two facts have one name"
    return named


def stored(kind: str, lang: str) -> dict[str, str]:
    """Return what is stored; a ValueError says which line is none, or that there is no such file."""
    path = FOLDER / f"{kind}_{lang}.txt"
    if not path.exists():
        raise ValueError(f"{path.name} is not there: make accepted stores it")
    facts: dict[str, str] = {}
    with path.open(encoding="utf-8") as lines:  # splitlines() would split a text at U+2028 too
        for row, line in enumerate(lines, 1):
            name, tab, said = line.partition("\t")
            if not tab or name in facts or not isinstance(text := _read(said), str):
                raise ValueError(f"{path.name}, line {row} is damaged: take the file back from git, then make accepted")
            facts[name] = text
    return facts


def _read(said: str) -> Any:
    """Return what is said, or nothing where it is cut off."""
    try:
        return json.loads(said)
    except json.JSONDecodeError:
        return None


def store(kind: str, lang: str) -> None:
    lines = [f"{name}\t{json.dumps(said, ensure_ascii=False)}\n" for name, said in now(kind, lang).items()]
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{kind}_{lang}.txt").write_text("".join(lines), encoding="utf-8")


def changes(kind: str, lang: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """Yield a sentence for each fact that is new, gone or otherwise than before, and for another order.

    >>> list(changes("charts", "en", {"a, title": "Salem 44,056"}, {"a, title": "Salem 44,057"}))
    ['a, title (en): 44,056 became 44,057']
    """
    for name in dict.fromkeys([*before, *after]):
        where = f"{name} ({lang})"
        if name not in after:
            yield f"{where} is gone: {_short(before[name])}"
        elif name not in before:
            yield f"{where} is new: {_short(after[name])}"
        elif kind == "pictures" or name.endswith(", picture"):
            if not alike(before[name], after[name]):
                yield f"{where} {_fields(before[name], after[name])}"
        elif before[name] != after[name]:
            yield f"{where}: {told(before[name], after[name])}"
    common = [name for name in before if name in after]
    if common != [name for name in after if name in before]:
        yield f"{kind} ({lang}) stand in another order"


def told(before: str, after: str) -> str:
    """Return what differs between two texts, word by word.

    >>> told("Salem pays 5, Nykvarn 6", "Salem pays 4, Nykvarn 7")
    '5, became 4,; 6 became 7'
    """
    old, new = (re.findall(r"[^ ]+| ", text) for text in (before, after))
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    parts = [("".join(old[a:b]), "".join(new[c:d])) for kind, a, b, c, d in steps if kind != "equal"]
    return "; ".join(" became ".join(_short(part.strip(" ")) or "nothing" for part in pair) for pair in parts)


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:80]} … {text[-30:]}"


def _fields(before: str, after: str) -> str:
    """Say where two pictures differ."""
    pairs = list(zip_longest(before.split(), after.split(), fillvalue=""))
    rows = [row for row, pair in enumerate(pairs, 1) if not alike(*pair)]
    return f"looks otherwise in {len(rows)} of its {len(pairs)} rows of fields, the first of them {rows[0]}"


def all_changes() -> Iterator[str]:
    for kind, lang in EACH:
        try:
            yield from changes(kind, lang, stored(kind, lang), now(kind, lang))
        except ValueError as error:
            yield str(error)


def main(arguments: list[str]) -> int:
    found = list(all_changes())
    print("\n".join(found) or "Nothing is published otherwise than stored.")
    if arguments == ["--store"]:
        for kind, lang in EACH:
            store(kind, lang)
        print(f"{len(found)} changes stored")
        return 0
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
