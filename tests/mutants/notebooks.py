"""Slips in notebooks that nbval alone lets pass."""

import copy
import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

from .. import facts, manifest

Notebook = dict[str, Any]
BLANK = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII="  # one pixel


def mutants(seed: int) -> Iterator[tuple[str, str, bool]]:
    """Yield where, how, and whether it is noticed, for every kind of slip in every notebook."""
    held = manifest.stored("notebooks", "en")
    for path in facts.NOTEBOOKS:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        for slip in SLIPS:
            changed = copy.deepcopy(notebook)
            if slip(changed, random.Random(seed)) is not False:  # which there is no place for
                told = dict(facts.of_notebook(path.stem, changed))
                own = {name: said for name, said in held.items() if name.startswith(f"{path.stem}, ")}
                noticed = any(manifest.changes("notebooks", "en", own, told))
                yield path.stem, slip.__name__.replace("_", " "), noticed


def _prose(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "markdown"]


def _code(notebook: Notebook) -> list[dict[str, Any]]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def _replace(cells: list[dict[str, Any]], pattern: str, new: str, chance: random.Random) -> bool:
    """Replace one of the places where a pattern stands; return whether there was one."""
    places = [(cell, match) for cell in cells for match in re.finditer(pattern, "".join(cell["source"]), re.MULTILINE)]
    if not places:
        return False
    cell, match = chance.choice(places)
    text = "".join(cell["source"])
    cell["source"] = [f"{text[: match.start()]}{match.expand(new)}{text[match.end() :]}"]
    return True


def two_numbers_exchanged(notebook: Notebook, chance: random.Random) -> bool:
    return _replace(_prose(notebook), r"(\d+)(\D+?)(?!\1)(\d+)", r"\3\2\1", chance)


def a_word_negated(notebook: Notebook, chance: random.Random) -> bool:
    return _replace(_prose(notebook), r"\b(is|are|does|can|has|was) ", r"\1 not ", chance)


def eight_made_nine(notebook: Notebook, chance: random.Random) -> bool:
    return _replace(_prose(notebook), r"\b[Ee]ight\b", "nine", chance)


def prose_emptied(notebook: Notebook, chance: random.Random) -> bool:
    chance.choice(_prose(notebook))["source"] = []
    return True


def title_lost(notebook: Notebook, chance: random.Random) -> bool:
    return _replace(_prose(notebook)[:1], r"^# .+$", "", chance)


def _pictured(notebook: Notebook) -> list[dict[str, Any]]:
    return [own for cell in _code(notebook) for own in cell["outputs"] if "image/png" in own.get("data", {})]


def picture_removed(notebook: Notebook, chance: random.Random) -> bool:
    pictures = _pictured(notebook)
    if pictures:
        del chance.choice(pictures)["data"]["image/png"]
    return bool(pictures)


def picture_blanked(notebook: Notebook, chance: random.Random) -> bool:
    pictures = _pictured(notebook)
    if pictures:
        chance.choice(pictures)["data"]["image/png"] = BLANK
    return bool(pictures)


def chart_moved_to_the_end(notebook: Notebook, chance: random.Random) -> bool:
    drawn = [cell for cell in _code(notebook) if any("image/png" in o.get("data", {}) for o in cell["outputs"])]
    if not drawn or drawn[-1] is notebook["cells"][-1]:
        return False
    cell = chance.choice(drawn)
    notebook["cells"].remove(cell)
    notebook["cells"].append(cell)
    return True


def display_suppressed(notebook: Notebook, chance: random.Random) -> bool:
    shown = [cell for cell in _code(notebook) if cell["outputs"]]
    cell = chance.choice(shown)
    cell["source"], cell["outputs"] = [*cell["source"], "\nNone"], []
    return True


def equal_weakened(notebook: Notebook, chance: random.Random) -> bool:
    return _replace(_code(notebook), r"==", ">=", chance)


def or_true(notebook: Notebook, chance: random.Random) -> bool:
    return _replace(_code(notebook), r"^(assert [^,\n]+)", r"\1 or True", chance)


def another_message(notebook: Notebook, chance: random.Random) -> bool:
    return _replace(_code(notebook), r"^(assert .+), .+$", r'\1, "as it should be"', chance)


def output_ignored(notebook: Notebook, chance: random.Random) -> bool:
    return _replace(_code(notebook), r"\A", r"# PYTEST_VALIDATE_IGNORE_OUTPUT\n", chance)


def cell_not_run(notebook: Notebook, chance: random.Random) -> bool:
    return _replace(_code(notebook), r"\A", r"%%script false --no-raise-error\n", chance)


def warnings_silenced(notebook: Notebook, chance: random.Random) -> bool:
    return _replace(_code(notebook)[1:], r"\A", r'import warnings; warnings.simplefilter("ignore")\n', chance)


def another_kernel(notebook: Notebook, chance: random.Random) -> bool:
    notebook["metadata"]["kernelspec"]["name"] = chance.choice(["ir", "python2", "python3-copy"])
    return True


def another_language(notebook: Notebook, chance: random.Random) -> bool:
    notebook["metadata"]["language_info"]["name"] = chance.choice(["R", "julia"])
    return True


def cells_swapped(notebook: Notebook, chance: random.Random) -> bool:
    place = chance.randrange(len(notebook["cells"]) - 1)
    notebook["cells"][place : place + 2] = notebook["cells"][place : place + 2][::-1]
    return True


def tag_added(notebook: Notebook, chance: random.Random) -> bool:
    chance.choice(_code(notebook))["metadata"]["tags"] = ["nbval-ignore-output"]
    return True


SLIPS: list[Callable[[Notebook, random.Random], bool]] = [
    *(two_numbers_exchanged, a_word_negated, eight_made_nine, prose_emptied, title_lost),
    *(picture_removed, picture_blanked, chart_moved_to_the_end, display_suppressed, equal_weakened, or_true),
    *(another_message, output_ignored, cell_not_run, warnings_silenced, another_kernel, another_language),
    *(cells_swapped, tag_added),
]
