"""What nbval does not see: counts, order, missing cells, stale pictures and stale numbers in the prose."""

import base64
import io
import json
import re
import shutil
from pathlib import Path
from statistics import median

import pytest
from PIL import Image

from sodertorn_lib import answers
from sodertorn_lib.answers import Answer, year_on_year
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.publish.notebooks import run_notebooks

from . import facts, manifest
from .conftest import EXPLORE, MEASURED, REPOSITORY, SCENARIOS, YEAR

PATHS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
EVERY = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)

# Headings and charts that each notebook must have: a cell that was taken out is noticed here.
OUTLINES = {
    EXPLORE: (
        ["Try it", "The same in cells", "Held against the report", "What it is based on", "Conclusion"],
        ["what_if"],
    ),
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
        ["The data", "Held against what was published", "Growth by decade", "Conclusion"],
        ["population_total", "population_small_multiples", "growth_map", "growth_by_municipality"],
    ),
    "05_activities": (
        [
            "The plan, and how we read what came of it",
            "How much of the plan was done",
            "Meetings, what was cancelled or moved, and joint responses",
            "Conclusion",
        ],
        ["activities_by_outcome", "meetings_by_forum", "timeline"],
    ),
    "06_population_ahead": (
        [
            "The data and the method",
            "The pace that the forecasts imply",
            "What could be projected at the time",
            "And from the last year of data",
            "Conclusion",
        ],
        ["growth_needed_and_seen", "projection_small_multiples", "population_fan"],
    ),
    "07_why_growth_slowed": (
        [
            "The data",
            "Held against the population",
            "What growth was made of",
            "What each municipality shows",
            "Homes, and what the forecasts would take",
            "Conclusion",
        ],
        ["components_by_year", "components_by_municipality", "homes_and_growth"],
    ),
    "08_track_record": (
        [
            "The data and the test",
            "Our method beside the standard ones",
            "What the interval did and did not cover",
            "Published forecasts and ours, against what happened",
            "Conclusion",
        ],
        ["error_by_horizon", "forecast_against_outcome"],
    ),
    "09_fee_outlook": (
        ["The data", "Income against costs", "Held against the report", "When does the surplus end?", "Conclusion"],
        ["fee_income_outlook"],
    ),
    "10_what_if": (
        ["The data", "Held against the report", "A scenario", "When does the money run out?", "Conclusion"],
        ["what_if"],
    ),
    "11_year_on_year": (
        ["The data", "Held against the reports", "The money", "Meetings and the plan", "Conclusion"],
        [],  # without a year before there is nothing to draw
    ),
}

# Checks that raise: one that was taken out is noticed here. Forecasts and back-tests have no printed sum to hold.
CHECKS = {
    EXPLORE: 1,
    "01_membership_fee": 1,
    "02_closing_accounts": 1,
    "03_cost_breakdown": 2,
    "04_population": 2,
    "05_activities": 4,
    "06_population_ahead": 1,
    "07_why_growth_slowed": 1,
    "08_track_record": 1,
    "09_fee_outlook": 1,
    "10_what_if": 2,
    "11_year_on_year": 1,
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
def test_its_widgets_are_numbered_the_same_each_time(path):
    assert set(re.findall('"model_id": "(.*?)"', path.read_text(encoding="utf-8"))) <= {f"{0:032}"}


@EVERY
def test_it_is_a_short_article(path):
    notebook = read(path)
    lengths = [len("".join(cell["source"]).splitlines()) for cell in cells(notebook, "code")]
    assert 10 <= len(notebook["cells"]) <= 16
    assert max(lengths) <= 12
    assert median(lengths) <= 4


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
def test_its_pictures_are_what_is_drawn(path, all_charts, scenario_charts):
    """Compare pixels, in coarse fields: a picture may be another one below the fingerprint that it carries."""
    house = {repr(chart): chart for chart in (*all_charts.values(), *scenario_charts.values())}
    for output in outputs(read(path)):
        fingerprint = "".join(output.get("data", {}).get("text/plain", ""))
        if fingerprint.startswith("Chart "):
            stored = facts.grey(base64.b64decode(output["data"]["image/png"]))
            assert manifest.alike(stored, facts.grey(house[fingerprint].render("png", dpi=96)))


def answer_of(path: Path, said: list[Answer]) -> Answer:
    """Return the answer to the question of a notebook."""
    name = "what_if" if path.stem == EXPLORE else path.stem[3:]
    (answer,) = [answer for answer in said if answer.name == name]
    return answer


def ending(path: Path, answer: Answer) -> Answer:
    """Return what a notebook says at its end: the answer of its beginning, but of `10_what_if` that of its scenario."""
    if path.stem != "10_what_if":
        return answer
    table = MEASURED.scenario(SCENARIOS["of_the_notebook"])
    return answers.what_if(MEASURED.tables, 2020, answer.lang, what_if=table)


@EVERY
def test_it_begins_and_ends_with_the_answer_of_the_house(path, all_answers):
    answer = answer_of(path, all_answers["en"])
    shown = ["".join(output.get("data", {}).get("text/markdown", "")) for output in outputs(read(path))]
    said = [answer._repr_markdown_(), ending(path, answer)._repr_markdown_()]
    assert [text for text in shown if text] == said
    first, last = cells(read(path), "code")[1], cells(read(path), "code")[-1]
    assert all(f"answers.{answer.name}(tables, YEAR, LANG" in "".join(cell["source"]) for cell in (first, last))


@EVERY
def test_year_and_language_are_its_parameters(path):
    first, *rest = cells(read(path), "code")
    assert "".join(first["source"]) == 'YEAR, LANG = 2020, "en"'
    assert first["metadata"]["tags"] == ["parameters"]
    tags = {tag for cell in rest for tag in cell["metadata"].get("tags", [])}
    assert tags == ({"not-on-page"} if path.stem == EXPLORE else set())  # make explore shows its controls alone


@EVERY
def test_a_notebook_or_file_that_its_prose_names_is_there(path):
    prose = "\n".join("".join(cell["source"]) for cell in cells(read(path), "markdown"))
    for name in re.findall(r"`(\d\d_\w+)`", prose):
        assert path.with_name(f"{name}.ipynb").exists(), name
    for target in re.findall(r"\]\((?!http)([^)#]+)\)", prose):
        assert (path.parent / target).exists(), target


@EVERY
def test_markdown_holds_no_number_that_data_could_change(path):
    prose = "\n".join("".join(cell["source"]) for cell in cells(read(path), "markdown"))
    constant = r"`[^`]*`|[Cc]hapter \d+|to 100,|31 December|Södertälje\nuntil 1999|around 1970|From 2025 SCB"
    assert re.findall(r"\d+", re.sub(constant, "", prose)) == []


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_each_chart_of_the_decks_stands_in_a_notebook_as_it_is_published(all_charts, lang):
    drawn = [text for path in PATHS for text in texts(read(path)) if text.startswith("Chart ")]
    assert lang == "sv" or {repr(chart) for (_, own), chart in all_charts.items() if own == lang} <= set(drawn)
    assert {name for name, _ in all_charts} | {"what_if"} == {text.split()[1] for text in drawn}


def test_every_notebook_runs_in_swedish_and_says_what_the_house_says_in_swedish(all_answers, run):
    for path in PATHS:
        notebook, answer = run(path, YEAR, "sv"), answer_of(path, all_answers["sv"])
        shown = ["".join(output.get("data", {}).get("text/markdown", "")) for output in outputs(notebook)]
        said = [answer._repr_markdown_(), ending(path, answer)._repr_markdown_()]
        assert [text for text in shown if text] == said
        assert not [text for text in texts(notebook) if re.search(r"^Chart \w+ \(en\)", text)]


def test_a_year_without_a_report_is_told_of_the_population_alone(run):
    notebook = run(REPOSITORY / "notebooks" / "04_population.ipynb", 2010, "en")
    assert len([text for text in texts(notebook) if "no row" in text]) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_with_a_year_before_the_notebook_of_two_years_draws_every_comparison(
    made_up, comparisons, monkeypatch, tmp_path, lang
):
    monkeypatch.setenv("SODERTORN_DATA", str(made_up.tables.folder))
    shutil.copy(REPOSITORY / "notebooks" / "11_year_on_year.ipynb", tmp_path)
    made, stops = run_notebooks(made_up.year, lang, tmp_path)
    assert (list(made), stops) == (["11_year_on_year.ipynb"], [])
    notebook = json.loads(made["11_year_on_year.ipynb"])
    drawn = [text for text in texts(notebook) if text.startswith("Chart ")]
    assert drawn == [repr(chart) for (_, language), chart in comparisons.items() if language == lang]
    answer = year_on_year(made_up.tables, made_up.year, lang)
    shown = ["".join(output.get("data", {}).get("text/markdown", "")) for output in outputs(notebook)]
    assert [text for text in shown if text] == [answer._repr_markdown_()] * 2
