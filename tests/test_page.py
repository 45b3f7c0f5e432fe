"""The page of answers and charts: what it links to is there, and a browser finds it accessible."""

import html
import json
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from sodertorn_lib.answers import Answer
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.publish.page import page

from .conftest import REPOSITORY, lacking, program

AXE = REPOSITORY / ".venv" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """
<script>{axe}</script>
<pre id="found"></pre>
<script>
  addEventListener("load", async () => {{
    const answer = await axe.run(document, {{ exclude: [["#found"]] }});
    const faults = answer.violations.flatMap(rule => rule.nodes.map(node => rule.id + ": " + node.html));
    const unsure = answer.incomplete.map(rule => rule.id);
    document.getElementById("found").textContent =
      JSON.stringify({{ faults, unsure, passed: answer.passes.map(rule => rule.id) }});
  }});
</script>
"""


@pytest.fixture(scope="module")
def folder(charts_in, all_answers, tmp_path_factory) -> Path:
    """Return a folder with the page and every file it links to."""
    folder = tmp_path_factory.mktemp("charts")
    charts = [chart for lang in LANGUAGES for chart in charts_in[lang]]
    for chart in charts:
        chart.save(folder / chart.lang)
    (folder / "deck.pptx").write_bytes(b"")
    answers = [answer for lang in LANGUAGES for answer in all_answers[lang]]
    (folder / "index.html").write_bytes(page(charts, answers, ["deck.pptx"]))
    return folder


@pytest.fixture(scope="module")
def browser() -> str:
    """Return the path of Chromium, where axe-core is there as well."""
    if not AXE.exists():
        lacking("axe-core is not installed (make axe)")
    return program("chromium")


def test_every_chart_stands_there_in_both_languages_with_alt_text_source_and_data(folder, all_charts):
    tree = etree.HTML((folder / "index.html").read_text(encoding="utf-8"))
    figures = {figure.find("img").get("src"): figure for figure in tree.iter("figure")}
    assert set(figures) == {f"{lang}/{name}.png" for name, lang in all_charts}
    for (name, lang), chart in all_charts.items():
        figure = figures[f"{lang}/{name}.png"]
        assert (figure.get("lang"), figure.find("img").get("alt")) == (lang, chart.words.alt)
        said = "".join(figure.itertext())
        assert all(words in said for words in (chart.words.source, chart.words.caveat))
        assert [link.get("href") for link in figure.iter("a")] == [
            f"{lang}/{name}.{kind}" for kind in ("csv", "png", "svg")
        ]


def test_the_answers_stand_first_in_both_languages(folder, all_answers):
    tree = etree.HTML((folder / "index.html").read_text(encoding="utf-8"))
    *short, first = list(tree.iter("section"))[: len(LANGUAGES) + 1]
    assert [section.get("lang") for section in short] == list(LANGUAGES)
    assert first.get("lang") is None and first.find("h2").get("id") == "fee_by_municipality"
    for section in short:
        said = [(question.text, question.getnext().text) for question in section.iter("h3")]
        assert said == [(answer.question, answer.text) for answer in all_answers[section.get("lang")]]


def test_every_link_leads_to_a_file_or_a_heading(folder):
    tree = etree.HTML((folder / "index.html").read_text(encoding="utf-8"))
    targets = [link.get("href") for link in tree.iter("a")] + [image.get("src") for image in tree.iter("img")]
    anchors = {element.get("id") for element in tree.iter() if element.get("id")}
    assert all(target[1:] in anchors if target[0] == "#" else (folder / target).is_file() for target in targets)
    assert not [target for target in targets if ":" in target]


def test_the_page_links_to_the_other_files_and_says_which_words_are_in_which_language(folder):
    tree = etree.HTML((folder / "index.html").read_text(encoding="utf-8"))
    links = [link.get("href") for link in tree.iter("a")]
    assert (links[0], links[1]) == ("#charts", "deck.pptx")
    spans = {(span.get("lang"), span.text) for span in tree.iter("span") if span.get("lang")}
    assert {("sv", "Avgift per kommun"), ("en", "Fee by municipality")} <= spans
    assert ("en", "Avgift per kommun") not in spans
    assert [nav.get("lang") for nav in tree.iter("nav")] == list(LANGUAGES)


def test_text_of_a_table_cannot_become_markup(all_charts):
    chart = all_charts["fee_by_municipality", "en"]
    words = type(chart.words)("t", "s", "<script>x</script>", '"><b>', "c")
    answer = Answer("x", "en", "<b>?</b>", "<script>y</script>", {})
    shown = page([replace(chart, words=words)], [answer], []).decode()
    assert "<script>" not in shown and "<b>" not in shown


@pytest.mark.parametrize("width", [360, 1280])
def test_a_browser_finds_nothing_to_object_to(browser, folder, tmp_path, width):
    found = axe_findings(browser, folder, tmp_path, width)
    assert found["faults"] == []
    assert {"image-alt", "color-contrast", "document-title", "html-has-lang", "link-name", "list"} <= {*found["passed"]}


def axe_findings(browser: str, folder: Path, profile: Path, width: int) -> dict[str, list[str]]:
    tested = folder / f"tested_{width}.html"
    text = (folder / "index.html").read_text(encoding="utf-8")
    script = RUN_AXE.format(axe=AXE.read_text(encoding="utf-8"))
    tested.write_text(text.replace("</body>", f"{script}</body>"), encoding="utf-8")
    options = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={profile}",
        f"--window-size={width},900",
    ]
    command = [browser, *options, "--virtual-time-budget=60000", "--dump-dom", tested.as_uri()]
    dom = subprocess.run(command, check=True, capture_output=True, timeout=240).stdout.decode()
    return json.loads(html.unescape(re.search(r'<pre id="found">(.*?)</pre>', dom, re.DOTALL)[1]))


def test_a_fault_would_be_found(browser, folder, tmp_path):
    broken = Path(shutil.copytree(folder, tmp_path / "broken"))
    text = (broken / "index.html").read_text(encoding="utf-8")
    (broken / "index.html").write_text(re.sub(r' alt="[^"]*"', "", text), encoding="utf-8")
    faults = axe_findings(browser, broken, tmp_path / "profile", 1280)["faults"]
    assert any(fault.startswith("image-alt") for fault in faults)
