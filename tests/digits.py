"""Change every digit that is shown, each in turn, and count those that no comparison of the tests notices.

What answers, charts and slides say is stored, as manifest.py tells.

    python -m tests.digits    try every digit, print how many were tried, and name those that nothing noticed
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import SimpleNamespace
from typing import Any, NamedTuple
from unittest.mock import patch

from nbformat import from_dict
from nbval.plugin import IPyNbCell

from sodertorn_lib import load_tables, wording
from sodertorn_lib.answers import ANSWERS, Answer
from sodertorn_lib.charts import CHARTS, Chart, charted
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.measured import Measured

from . import manifest
from .conftest import REPOSITORY, YEAR
from .facts import NOTEBOOKS

LOOKS = re.compile(r", (line \d+|place|look.*|picture)$")  # facts of the manifest that say nothing
KINDS = ("answers", "charts", "slides")
NOT_COMPARED = ("metadata", "output_type", "name", "execution_count", "image/png")  # by nbval
UNHELD = re.compile(r"\{[^{}]*\}|(\d)")  # placeholders, and the digits between them


class Digit(NamedTuple):
    """A digit that was changed: where it stands, and whether that was noticed."""

    kind: str
    where: str
    noticed: bool


# What is said


@cache
def house() -> Measured:
    return Measured(load_tables(), YEAR)


@cache
def drawn(lang: str) -> dict[str, tuple[Chart, Mapping[str, Any]]]:
    """Return every chart by name, with the values of its words."""
    found = {}
    for draw in CHARTS:
        with patch.object(charted, "words", wraps=wording.words) as said:
            chart = draw(**house().arguments(draw), lang=lang)
        found[chart.name] = chart, said.call_args.args[2]
    return found


@cache
def answered(lang: str) -> dict[str, Answer]:
    own = {name: value for name, value in vars(house()).items() if name in Measured.names()}
    return {answer.__name__: answer(house().tables, YEAR, lang, **own) for answer in ANSWERS}


def spoken(section: str, lang: str) -> list[str]:
    """Return what a chart or an answer says, in the texts as they are now."""
    name = section.removeprefix("answers.")
    if section != name:
        said = [wording.sentence(section, key, lang, answered(lang)[name].values) for key in ("question", "short")]
        return [f"{name}, {part}\t{text}" for part, text in zip(("question", "text"), said, strict=True)]
    return [f"{name}, {part}\t{text}" for part, text in vars(wording.words(name, lang, drawn(lang)[name][1])).items()]


def sections(kind: str, lang: str) -> list[str]:
    return list(drawn(lang)) if kind == "charts" else [f"answers.{name}" for name in answered(lang)]


@cache
def shown(kind: str, lang: str) -> str:
    """Return all that the answers, the charts or the slides say."""
    return _lines(manifest.now(kind, lang))


@cache
def stored(kind: str, lang: str) -> str:
    """Return what is stored of it."""
    return _lines(manifest.stored(kind, lang))


def _lines(facts: Mapping[str, str]) -> str:
    """Return facts as text, without those that tell how something looks."""
    return "".join(f"{name}\t{said}\n" for name, said in facts.items() if not LOOKS.search(name))


def _block(section: str, lang: str) -> str:
    return "".join(f"{line}\n" for line in spoken(section, lang))


# Every digit, changed by one


def changed(text: str) -> Iterator[tuple[str, str]]:
    """Yield a text with each of its digits changed in turn, and where that is.

    >>> list(changed("a 19"))
    [('a 29', 'a [1]9'), ('a 10', 'a 1[9]')]
    """
    for match in re.finditer(r"\d", text):
        yield _with(text, match.start()), _around(text, match.start())


def _with(text: str, place: int) -> str:
    return f"{text[:place]}{(int(text[place]) + 1) % 10}{text[place + 1 :]}"


def _around(text: str, place: int) -> str:
    return f"{text[max(0, place - 30) : place]}[{text[place]}]{text[place + 1 : place + 20]}"


def try_stored() -> Iterator[Digit]:
    """Change what is stored: what the library says must no longer be that."""
    for kind in KINDS:
        for lang in LANGUAGES:
            now = shown(kind, lang)
            for text, where in changed(stored(kind, lang)):
                yield Digit(kind, f"{kind}_{lang}.txt: {where}", text != now)


def try_templates() -> Iterator[Digit]:
    """Change the texts: what is then said must not be what is stored, or the languages must disagree."""
    for lang in LANGUAGES:
        texts = wording.read_texts(lang)
        for section, key in [(section, key) for section, keys in texts.items() for key in keys]:
            text = texts[section][key]
            for match in UNHELD.finditer(text):
                if match[1]:
                    where = f"texts/{lang}.toml, {section}.{key}: {_around(text, match.start())}"
                    yield _try_template(lang, section, key, _with(text, match.start()), where)


def _try_template(lang: str, section: str, key: str, mutated: str, where: str) -> Digit:
    kind = "answers" if section.startswith("answers.") else "charts"
    if section in sections(kind, lang):
        with patch.dict(wording.read_texts(lang)[section], {key: mutated}):
            said = _block(section, lang)
        if said not in stored(kind, lang):
            return Digit("texts that are shown", where, noticed=True)
    (other,) = set(LANGUAGES) - {lang}
    twin = wording.read_texts(other).get(section, {}).get(key, "")
    return Digit("texts in waiting", where, wording.literal_digits(mutated) != wording.literal_digits(twin))


def readme_block(text: str) -> str:
    """Return the generated table of answers of a README, or nothing where it has none."""
    found = re.search(r"<!-- answers: begin -->\n(.*)<!-- answers: end -->", text, re.DOTALL)
    return found[1] if found else ""


def readme_faults(block: str) -> list[str]:
    """Return what a table of answers lacks, and the digits in it that no answer and no notebook has."""
    left, lacking = _plain(block), []
    for answer in answered("en").values():
        for said in (_plain(answer.question), _plain(answer.text)):
            lacking += [] if said in left else [said]
            left = left.replace(said, "", 1)
    for path in NOTEBOOKS:
        left = re.sub(rf"\b{path.stem}\b", "", left)
    return lacking + re.findall(r"\d", left)


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def try_readme() -> Iterator[Digit]:
    block = readme_block((REPOSITORY / "README.md").read_text(encoding="utf-8"))
    for text, where in changed(block):
        yield Digit("README", where, readme_faults(text) != [])


def alt_texts_that_differ(outputs: list[dict[str, Any]]) -> list[str]:
    """Return the alt texts of pictures that are not those of their fingerprints: nbval sees the latter only."""
    return [
        alt
        for output in outputs
        if (alt := output.get("metadata", {}).get("image/png", {}).get("alt"))
        if f"\nalt: {alt}\n" not in "".join(output["data"]["text/plain"])
    ]


def nbval_agrees(output: dict[str, Any], other: dict[str, Any]) -> bool:
    """Return what nbval says of an output that is stored and one that is computed."""
    agreed: bool = IPyNbCell.compare_outputs(NBVAL, [from_dict(other)], [from_dict(output)])
    return agreed


NBVAL = SimpleNamespace(
    parent=SimpleNamespace(skip_compare=NOT_COMPARED),
    sanitize=lambda text: text,
    colors=SimpleNamespace(OKBLUE="", FAIL="", ENDC=""),
    format_output_compare=lambda *texts: None,
)


def try_notebooks() -> Iterator[Digit]:
    for path in NOTEBOOKS:
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in (output for cell in cells for output in cell.get("outputs", [])):
            yield from _try_output(path.name, output)


def _try_output(file: str, output: dict[str, Any]) -> Iterator[Digit]:
    held = output if output["output_type"] == "stream" else output.get("data", {})
    for name in [name for name in held if name not in NOT_COMPARED]:
        told = "".join(held[name])
        alone = {"output_type": "stream"} if held is output else {"output_type": "display_data", "metadata": {}}
        for text, where in changed(told):
            pair = [alone | ({name: each} if held is output else {"data": {name: each}}) for each in (told, text)]
            yield Digit("notebooks", f"{file}: {where}", not nbval_agrees(*pair))
    for kind, about in output.get("metadata", {}).items():
        for text, where in changed(about.get("alt", "")):
            other = output | {"metadata": {kind: about | {"alt": text}}}
            yield Digit("alt texts of notebooks", f"{file}: {where}", alt_texts_that_differ([other]) != [])


def tried() -> list[Digit]:
    """Change every digit there is."""
    return [*try_stored(), *try_templates(), *try_readme(), *try_notebooks()]


def main() -> int:
    digits = tried()
    survivors = [digit for digit in digits if not digit.noticed]
    for kind in dict.fromkeys(digit.kind for digit in digits):
        print(f"{kind}: {sum(digit.kind == kind for digit in digits)} digits")
    print(f"{len(digits)} digits changed, {len(survivors)} not noticed")
    for digit in survivors:
        print(f"not noticed: {digit.where}")
    return len(survivors) > 0


if __name__ == "__main__":
    sys.exit(main())
