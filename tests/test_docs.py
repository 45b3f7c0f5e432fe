"""The README says what the notebooks found, shows what the charts are, and names commands that exist."""

import re
import subprocess

from PIL import Image

from sodertorn_lib.describe import with_answers
from sodertorn_lib.publish.deck import deck

from . import coverage, facts, manifest
from .conftest import EXPLORE, MEASURED, REPOSITORY, YEAR
from .office import converted
from .test_notebooks import PATHS

SLIDE = "docs/slide.png"
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
HOUSE = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "data/README.md"]
HOUSE += ["docs/coverage.md", "docs/projections.md", "docs/projections_appendix.md"]


def test_the_table_of_answers_is_fresh_and_leads_to_every_notebook(all_answers):
    assert with_answers(README, all_answers["en"], "README.md") == README
    assert [path.stem for path in PATHS if path.stem != EXPLORE] == re.findall(
        r"\]\(notebooks/(\w+)\.ipynb\) \|", README
    )


def test_the_page_of_what_stands_where_is_fresh():
    assert coverage.DOCUMENT.read_text(encoding="utf-8") == coverage.page()


def test_pictures_are_those_of_the_charts(all_charts):
    pictures = set(re.findall(r"!\[[^\]]+\]\((docs/(\w+)\.png)\)", README)) - {(SLIDE, "slide")}
    assert pictures
    for file, name in pictures:
        with Image.open(REPOSITORY / file) as picture:
            assert picture.info["Comment"] == repr(all_charts[name, "en"])
        (now,) = (content for end, content in all_charts[name, "en"].files(["png"]).items() if end.endswith(".png"))
        assert manifest.alike(facts.grey((REPOSITORY / file).read_bytes()), facts.grey(now))


def test_the_slide_is_the_one_of_the_deck(all_charts, tmp_path):
    chart = all_charts["fee_by_municipality", "en"]
    now = deck([chart], [], MEASURED.differences, YEAR, "en", slides=[chart.name])
    stored, drawn = (path.read_bytes() for path in (REPOSITORY / SLIDE, converted(now, tmp_path, "png")))
    assert manifest.alike(facts.grey(stored), facts.grey(drawn))


def test_links_lead_somewhere():
    for document in HOUSE:
        text = (REPOSITORY / document).read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", text):
            assert (REPOSITORY / document).parent.joinpath(target).exists(), (document, target)


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for document in HOUSE:
        text = (REPOSITORY / document).read_text(encoding="utf-8")
        assert (
            set(re.findall(r"\bmake ([a-z]+)", "\n".join(re.findall(r"`[^`]*`|```.*?```", text, re.DOTALL)))) <= targets
        )


def test_nothing_of_this_machine_and_no_mail_address_is_committed():
    command = [
        "git",
        "grep",
        "-nIE",
        r"(/home|/root|/Users)/|[[:alnum:].]@[[:alnum:]]+\.[a-z]{2,}",
        "--",
        ".",
        ":!tests",
    ]
    found = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert found.stdout == ""
