"""What nbval does not see: counts, order, missing cells, stale pictures and stale numbers in the prose."""

import base64
import io
import json
import re
from pathlib import Path
from statistics import median

import pytest
from PIL import Image

from .conftest import REPOSITORY

PATHS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
EVERY = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)

# Headings and charts that each notebook must have: a cell that was taken out is noticed here.
OUTLINES = {
    "01_membership_fee": (
        [
            "The data",
            "Held against the report",
            "Who carries how much",
            "What if the fee were different?",
            "Conclusion",
        ],
        ["fee_by_municipality", "fee_scenarios"],
    ),
    "02_closing_accounts": (
        [
            "The data",
            "Every printed amount, recomputed",
            "The differences that we know of",
            "What is a surplus?",
            "Conclusion",
        ],
        ["balance_bridge", "funds_opening_closing", "text_against_table"],
    ),
    "03_cost_breakdown": (
        [
            "The data",
            "Held against the report",
            "Lines, shares and kronor per inhabitant",
            "Projects, cancelled meetings, and money outside operations",
            "Conclusion",
        ],
        ["ranked_costs", "project_costs"],
    ),
    "04_population": (
        [
            "The data",
            "Held against what the association published",
            "Growth by decade",
            "What the report says about the population, checked",
            "Conclusion",
        ],
        ["population_total", "population_small_multiples", "growth_by_municipality"],
    ),
    "05_activities": (
        [
            "The data",
            "Meetings by forum and form",
            "What was cancelled or moved",
            "Joint responses and business analyses",
            "Conclusion",
        ],
        ["meetings_by_forum", "timeline"],
    ),
    "06_population_to_2030": (
        [
            "The data and the method",
            "The pace that it takes",
            "What could be projected in 2020",
            "And from the last year of data",
            "Conclusion",
        ],
        ["growth_needed_and_seen", "population_fan", "projection_small_multiples", "population_fan"],
    ),
    "07_track_record": (
        [
            "The data and the test",
            "Our method beside the standard ones",
            "What the interval did and did not cover",
            "Published forecasts, against what happened",
            "Conclusion",
        ],
        ["error_by_horizon", "forecast_against_outcome"],
    ),
    "08_fee_outlook": (
        ["The data", "Held against the report", "Income against costs", "When does the surplus end?", "Conclusion"],
        ["fee_income_outlook"],
    ),
}

# Checks that raise, in each notebook: one that was taken out is noticed here.
CHECKS = {
    "01_membership_fee": 2,
    "02_closing_accounts": 3,
    "03_cost_breakdown": 3,
    "04_population": 5,
    "05_activities": 5,
    "06_population_to_2030": 3,
    "07_track_record": 3,
    "08_fee_outlook": 5,
}


def read(path: Path) -> dict:
    return json.loads(path.read_text(encoding="utf-8"))


def cells(notebook: dict, kind: str) -> list[dict]:
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def outputs(notebook: dict) -> list[dict]:
    return [output for cell in cells(notebook, "code") for output in cell["outputs"]]


def texts(notebook: dict) -> list[str]:
    """Return what the outputs say as text, which nbval holds against a new run."""
    return ["".join(output.get("data", {}).get("text/plain", "")) for output in outputs(notebook)]


def numbers(text: str) -> set[str]:
    """Return the numbers of a text without the separators of their language, trailing zeros or signs."""
    joined = re.sub(r"(?<=\d)[ \u00a0,](?=\d{3}(?!\d))", "", text)
    joined = re.sub(r"(?<=\d),(?=\d)", ".", joined)
    found = re.findall(r"\d+(?:\.\d+)?", joined)
    return {number.rstrip("0").rstrip(".") if "." in number else number for number in found}


def test_every_notebook_has_an_outline():
    assert [path.stem for path in PATHS] == list(OUTLINES)


@EVERY
def test_it_ran_from_top_to_bottom_without_errors(path):
    notebook = read(path)
    code = cells(notebook, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
    assert not [output for output in outputs(notebook) if output["output_type"] == "error"]
    assert not [output for output in outputs(notebook) if output.get("name") == "stderr"]


@EVERY
def test_it_is_a_short_article(path):
    notebook = read(path)
    lengths = [len("".join(cell["source"]).splitlines()) for cell in cells(notebook, "code")]
    assert 10 <= len(notebook["cells"]) <= 16
    assert max(lengths) <= 12
    assert median(lengths) <= 4
    assert "**In short:**" in "".join(notebook["cells"][0]["source"])
    assert any("assert " in "".join(cell["source"]) for cell in cells(notebook, "code"))


@EVERY
def test_its_headings_and_charts_are_all_there(path):
    notebook = read(path)
    prose = "\n".join("".join(cell["source"]) for cell in cells(notebook, "markdown"))
    headings, charts = OUTLINES[path.stem]
    assert re.findall(r"^## (.+)$", prose, re.MULTILINE) == headings
    assert re.findall(r"^Chart (\w+)", "\n".join(texts(notebook)), re.MULTILINE) == charts


@EVERY
def test_nothing_is_hidden_from_nbval(path):
    notebook = read(path)
    for cell in cells(notebook, "code"):
        assert not "".join(cell["source"]).rstrip().endswith(";")
        assert not cell["metadata"].get("tags")
        assert "NBVAL" not in "".join(cell["source"])
    assert not [text for text in texts(notebook) if re.search(r"^\.\.+ |\[\d+ rows x", text, re.MULTILINE)]


@EVERY
def test_no_cell_is_empty_and_every_check_is_in_force(path):
    notebook = read(path)
    sources = ["".join(cell["source"]) for cell in notebook["cells"]]
    assert all(source.strip() for source in sources)
    code = ["".join(cell["source"]) for cell in cells(notebook, "code")]
    checks = [
        line for source in code for line in re.findall(r"^(?:assert|require_reconciled\().*", source, re.MULTILINE)
    ]
    assert len(checks) == CHECKS[path.stem]
    assert not [line for line in checks if re.match(r"assert (True|1)\b", line)]
    assert not [source for source in code if re.search(r"^\s*#\s*(assert|require)", source, re.MULTILINE)]


@EVERY
def test_its_pictures_belong_to_their_fingerprints(path):
    for output in outputs(read(path)):
        if "image/png" in output.get("data", {}):
            picture = Image.open(io.BytesIO(base64.b64decode(output["data"]["image/png"])))
            fingerprint = "".join(output["data"]["text/plain"])
            assert picture.info["Comment"] == fingerprint
            assert output["metadata"]["image/png"]["alt"] == picture.info["Description"]


@EVERY
def test_every_number_in_the_prose_stands_in_an_output_or_a_check(path):
    notebook = read(path)
    code = "\n".join("".join(cell["source"]) for cell in cells(notebook, "code"))
    known = numbers("\n".join([*texts(notebook), code]))
    prose = "\n".join("".join(cell["source"]) for cell in cells(notebook, "markdown"))
    prose = re.sub(
        r"`[^`]*`|chapters? \d+(?: to \d+)?|\d+ (?:December|February|January)|80 % interval|\d{4}s", "", prose
    )
    assert numbers(prose) - known == set()
