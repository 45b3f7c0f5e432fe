"""The page of answers and charts: what it links to is there, and a browser shows, prints and finds it as it should."""

import base64
import hashlib
import re
import subprocess
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from selenium.webdriver import Keys

from sodertorn_lib import __version__, charts
from sodertorn_lib.answers import Answer
from sodertorn_lib.charts.spec import Picture, subjects
from sodertorn_lib.charts.theme import BLUE, FAINT, INK, ORANGE, PALE
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.publish.inline import inline_parts
from sodertorn_lib.publish.page import page
from sodertorn_lib.publish.press import Edition
from sodertorn_lib.wording import phrase

from .browser import DRAWN, Tab, browsing
from .conftest import MEASURED, REPOSITORY, YEAR, lacking, program

AXE = REPOSITORY / ".venv" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
FORMATS = ("png", "svg")
LIMIT, FIRST = 3_000_000, 100_000  # bytes of all that is loaded to show everything, and before the first chart
LEAST = 11  # pixels, of a text in a chart
WIDTHS = pytest.mark.parametrize("width", [360, 1280])
BOTH = pytest.mark.parametrize("lang", LANGUAGES)
LIKE_OTHERS = ".edition:not(.shown), tbody tr:nth-child(n + 4)"
SHOWN = "[...document.querySelectorAll('article')].filter(own => own.checkVisibility())"


def edition_of(lang: str, **own) -> Edition:
    """Return the edition of a language, with charts or answers of one's own."""
    edition = Edition(MEASURED, lang)
    edition.__dict__.update(own)
    return edition


def page_of(*editions: Edition, downloads: tuple[str, ...] = ()) -> bytes:
    every = [chart for edition in editions for chart in edition.charts]
    return page(editions, {name: part for chart in every for name, part in inline_parts(chart).items()}, downloads)


@pytest.fixture(scope="module")
def editions(charts_in) -> dict[str, Edition]:
    return {lang: edition_of(lang, charts=charts_in[lang]) for lang in LANGUAGES}


@pytest.fixture(scope="module")
def folder(editions, tmp_path_factory) -> Path:
    """Return a folder with the page and every file it links to."""
    folder, downloads = tmp_path_factory.mktemp("charts"), tuple(f"deck_{lang}.pptx" for lang in LANGUAGES)
    for lang, edition in editions.items():
        for chart in edition.charts:
            chart.save(folder / lang, formats=())
            for kind in FORMATS:
                (folder / lang / f"{chart.name}.{kind}").touch()
    for name in downloads:
        (folder / name).touch()
    (folder / "index.html").write_bytes(page_of(*editions.values(), downloads=downloads))
    return folder


@pytest.fixture(scope="module")
def tree(folder):
    return etree.HTML((folder / "index.html").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def tab():
    with browsing(program("chromium"), program("chromedriver")) as driver:
        yield Tab(driver)


@pytest.fixture
def opened(tab, folder):
    """Return a function that opens the page with a hash, in a window of a width."""

    def opened(view: str = "", width: int = 1280) -> Tab:
        tab.go(f"{(folder / 'index.html').as_uri()}{view}", width)
        assert tab.complaints() == []
        return tab

    return opened


def article(tree, name, lang):
    (found,) = [own for own in tree.iter("article") if own.get("id") == f"lang={lang}&chart={name}"]
    return found


def test_every_chart_stands_there_in_both_languages_with_its_words_table_and_files(tree, all_charts):
    assert len(list(tree.iter("article"))) == len(all_charts)
    for (name, lang), chart in all_charts.items():
        own, words = article(tree, name, lang), chart.words
        said = " ".join("".join(own.itertext()).split())
        parts = (words.title, words.subtitle, words.source, words.caveat, words.alt, f"version {__version__}")
        assert all(" ".join(part.split()) in said for part in parts)
        assert own.find(".//h2").text == words.title
        assert (own.find(".//figure").get("class") == "map") == isinstance(chart.plot, Picture)
        pictures = [own.find(f".//{{*}}div[@class='{kind}']") for kind in ("wide", "narrow")]
        for picture in pictures:
            described = tree.xpath(f"//*[@id='{picture.get('aria-labelledby')}']")[0]
            assert picture.get("role") == "img" and described.text.strip() == words.alt
        links = [f"{lang}/{name}.{kind}" for kind in ("png", "svg", "csv")]
        assert [link.get("href") for link in own.iter("a")] == [*links, f"#lang={lang}&chart={name}"]


def test_a_table_has_the_rows_of_its_chart_under_headings_of_the_language(tree, all_charts):
    for (name, lang), chart in all_charts.items():
        table = article(tree, name, lang).find(".//table")
        headings = [cell.text for cell in table.iter("th")]
        assert len(table.findall(".//tbody/tr")) == len(chart.data) and headings
        assert not [heading for heading in headings if "_" in heading]
    first = article(tree, "fee_by_municipality", "sv").find(".//tbody/tr")
    assert [cell.text.strip() for cell in first] == ["Huddinge", "2020", "2019", "112\xa0848", "4", "451\xa0392"]


def test_the_answers_stand_first_in_both_languages(tree, editions):
    for edition in tree.xpath("//div[starts-with(@class, 'edition')]"):
        questions = [(question.text, question.getnext().text) for question in edition.iter("h3")]
        assert questions == [(answer.question, answer.text) for answer in editions[edition.get("lang")].published]
        headings = [own.text for own in edition.iter("h2")]
        assert headings[0] == phrase("workbook", "in_short", edition.get("lang"))


def test_every_link_leads_to_a_file_or_a_place_on_the_page(tree, folder):
    targets, places = [link.get("href") for link in tree.iter("a")], Counter(tree.xpath("//@id"))
    assert all(target[1:] in places if target[0] == "#" else (folder / target).is_file() for target in targets)
    assert max(places.values()) == 1
    used = re.findall(r"url\(#([^)]+)\)", (folder / "index.html").read_text(encoding="utf-8"))
    assert used and set(used) <= set(places)


def test_what_is_in_a_language_says_so_and_stands_in_it_alone(tree):
    editions = {own.get("lang"): own for own in tree.xpath("//div[starts-with(@class, 'edition')]")}
    assert list(editions) == list(LANGUAGES)
    for lang, own in editions.items():
        files = [link.get("href") for link in own.iter("a") if link.get("href").endswith(".pptx")]
        assert files == [f"deck_{lang}.pptx"]
        assert (phrase("fee_by_municipality", "sheet", "en") in "".join(own.itertext())) == (lang == "en")


def test_text_of_a_table_cannot_become_markup(all_charts):
    chart = all_charts["fee_by_municipality", "en"]
    words = replace(chart.words, source="<script>x</script>", alt='"><b>')
    data = chart.data.assign(municipality="<i>Salem</i>")
    answer = Answer("x", "en", "<b>?</b>", "<script>y</script>", {})
    shown = page_of(edition_of("en", charts=[replace(chart, words=words, data=data)], answers=[answer])).decode()
    assert shown.count("<script>") == 1 and "<b>" not in shown and "<i>" not in shown


def test_it_is_one_file_of_less_than_three_megabytes_and_allows_no_script_but_its_own(folder, tree):
    content = (folder / "index.html").read_bytes()
    assert len(content) < LIMIT and content.index(b"<svg") < FIRST
    assert not tree.xpath("//@src | //link | //img | //iframe | //object")
    (script,) = tree.iter("script")
    policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']")[0].get("content")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; script-src 'sha256-{digest}';")


def test_no_scenario_is_in_it(tree):
    assert phrase("what_if", "sheet", "en") not in "".join(tree.itertext())
    assert not tree.xpath("//*[contains(@id, 'what_if')]")


def test_nothing_is_asked_of_a_network_and_nothing_could_be(opened):
    tab = opened()
    assert [url.partition(":")[0] for url in tab.asked()] == ["file", "data", "data"]  # the page, and in it two fonts
    told = "addEventListener('securitypolicyviolation', e => done(e.effectiveDirective)); setTimeout(done, 2000, 'no')"
    for ask, directive in (("new Image().src = '{}'", "img-src"), ("fetch('{}').catch(() => 0)", "connect-src")):
        asking = ask.format("http://127.0.0.1:9/x.png")
        assert tab.run(f"new Promise(done => {{ {told}; {asking} }})") == directive


def test_one_language_is_shown_at_a_time_and_the_switch_keeps_the_view_and_the_focus(opened, all_charts):
    tab = opened("#lang=sv&municipality=Salem")
    assert tab.run(f"{SHOWN}.map(own => own.closest('.edition').lang).join('')") == "sv" * (len(all_charts) // 2)
    tab.run(f"document.querySelector('.shown .languages a[lang=en]').focus(); {DRAWN}")
    tab.run(f"document.activeElement.click(); {DRAWN}")
    assert tab.run(f"{SHOWN}.map(own => own.closest('.edition').lang).join('')") == "en" * (len(all_charts) // 2)
    assert tab.run("document.documentElement.lang + document.title") == "en" + phrase("workbook", "title", "en")
    assert tab.run("document.activeElement.outerHTML").startswith('<a href="#lang=en&amp;municipality=Salem" lang="en"')
    assert tab.run("document.querySelector('.shown select:nth-of-type(1)').closest('form').innerText").count("Salem")


def test_a_chart_and_a_municipality_are_chosen_from_the_keyboard_and_it_is_told(opened):
    tab = opened()
    order = []
    for _ in range(3):
        tab.press(Keys.TAB)
        order.append(tab.run("document.activeElement.tagName"))
        assert tab.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert order == ["A", "SELECT", "SELECT"]  # the link past the choosers first
    tab.press(Keys.ARROW_DOWN)
    tab.run("document.querySelector('.shown select').focus()")
    tab.press(Keys.ARROW_DOWN)
    assert tab.run("location.hash") == "#lang=sv&chart=fee_by_municipality&municipality=Botkyrka"
    assert tab.run(f"{SHOWN}.map(own => own.dataset.chart)") == ["fee_by_municipality"]
    assert tab.run("document.querySelector('.shown .answers').checkVisibility()") is False
    said = "document.querySelector('.shown [role=status][aria-live=polite]').textContent"
    assert tab.run(said) == "Diagram som visas: 1. Botkyrka är framhävd i 1 av dem."


def test_the_link_of_a_view_opens_it_again(opened):
    link = opened("#lang=en&municipality=Tyres%C3%B6").run(
        "document.querySelector('.shown article[data-chart=growth_map] .view').href"
    )
    view = link[link.index("#") :]
    assert view == "#lang=en&chart=growth_map&municipality=Tyres%C3%B6"
    tab = opened(view)
    assert tab.run(f"{SHOWN}.map(own => own.id)") == ["lang=en&chart=growth_map"]
    assert tab.run("[...document.querySelectorAll('.shown select')].map(own => own.value)") == ["growth_map", "Tyresö"]


def test_an_address_that_names_nothing_there_is_shows_everything(opened, all_charts):
    tab = opened("#lang=xx&chart=none&municipality=Paris")
    assert tab.run(f"{SHOWN}.length") == len(all_charts) // 2
    assert tab.run("[...document.querySelectorAll('.shown select')].map(own => own.selectedIndex)") == [0, 0]
    assert tab.run("document.querySelectorAll('.faint, .chosen').length") == 0


@WIDTHS
def test_a_municipality_is_highlighted_in_every_chart_that_has_it(opened, charts_in, width):
    tab = opened("#lang=en&municipality=Salem", width)
    has = {chart.name for chart in charts_in["en"] if "Salem" in subjects(chart.plot)}
    assert {"fee_by_municipality", "growth_map", "population_small_multiples"} <= has
    marked = f"{SHOWN}.filter(own => own.querySelector('figure .chosen'))"
    assert set(tab.run(f"{marked}.map(own => own.dataset.chart)")) == has
    assert set(tab.run(f"{SHOWN}.filter(own => own.querySelector('.faint')).map(own => own.dataset.chart)")) == has
    alt = "document.getElementById('en-{}-alt').textContent.trim()"
    highlighted = charts.fee_by_municipality(
        **MEASURED.arguments(charts.fee_by_municipality), lang="en", highlight="Salem"
    )
    assert tab.run(alt.format("fee_by_municipality")) == highlighted.words.alt
    assert tab.run(alt.format("ranked_costs")) == next(c.words.alt for c in charts_in["en"] if c.name == "ranked_costs")


@BOTH
@pytest.mark.parametrize("width", [1280, 1920])
def test_no_number_is_out_of_sight_beside_a_chart(opened, lang, width):
    """A table that is too wide for the room beside its chart stands below it, and nearly all fit there."""
    boxes = opened(f"#lang={lang}", width).run(
        "[...document.querySelectorAll('.shown .pair')].map(own => [own.querySelector('figure'),"
        " own.querySelector('.table')].map(part => part.getBoundingClientRect().top).concat("
        "own.querySelector('.table').scrollWidth - own.querySelector('.table').clientWidth))"
    )
    assert len(boxes) > 20
    assert all(below > beside for beside, below, hidden in boxes if hidden > 1)
    assert sum(hidden > 1 for _, _, hidden in boxes) <= 4


def test_what_is_not_highlighted_is_drawn_as_charts_draw_it(opened):
    tab = opened("#lang=en&municipality=Salem")
    fills = (
        "[...document.querySelectorAll('.shown [data-chart={}] .wide [data-of] path')]"
        ".map(own => [own.parentNode.dataset.of, getComputedStyle(own).{}])"
    )
    bars = dict(tab.run(fills.format("fee_by_municipality", "fill")))
    assert bars.pop("Salem") == rgb(BLUE) and set(bars.values()) == {rgb(FAINT)} and len(bars) == 7
    lines = dict(tab.run(fills.format("population_small_multiples", "stroke")))
    assert lines.pop("Salem") == rgb(BLUE) and set(lines.values()) == {rgb(FAINT)} and len(lines) == 7
    columns = [tuple(own) for own in tab.run(fills.format("components_by_municipality", "fill"))]
    assert {colour for name, colour in columns if name == "Tyresö"} >= {rgb(PALE[BLUE]), rgb(PALE[ORANGE])}
    outcomes = {tuple(own) for own in tab.run(fills.format("projection_small_multiples", "stroke"))}
    assert outcomes >= {("Tyresö", rgb(PALE[ORANGE])), ("Tyresö", rgb(PALE[BLUE])), ("Salem", rgb(ORANGE))}
    borders = Counter(tuple(own) for own in tab.run(fills.format("growth_map", "stroke")))
    assert [name for name, colour in borders if colour == rgb(INK)] == ["Salem"]
    rows = "[...document.querySelectorAll('.shown [data-chart=fee_by_municipality] tr.chosen')]"
    assert tab.run(f"{rows}.map(own => own.cells[0].textContent.trim())") == ["Salem"]


def rgb(colour: str) -> str:
    return f"rgb({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))})"


@BOTH
@pytest.mark.parametrize("part", ["alt", "citation"])
def test_alt_text_and_citation_are_copied(opened, all_charts, lang, part):
    tab = opened(f"#lang={lang}&chart=fee_by_municipality")
    button = f"document.querySelector('[data-copies={lang}-fee_by_municipality-{part}]')"
    tab.run(f"{button}.click(); {DRAWN}")
    words = all_charts["fee_by_municipality", lang].words
    copied = tab.run("navigator.clipboard.readText()")
    if part == "alt":
        assert copied == words.alt
    else:
        project, last_year = phrase("workbook", "title", lang), MEASURED.tables.population["year"].max()
        assert copied.startswith(f"{words.title}. {words.source} {project}, version {__version__}. Data: ")
        assert str(YEAR) in copied.partition("Data:")[2] and copied.endswith(f" {last_year}.")
    assert tab.run(f"{button}.nextElementSibling.textContent") == phrase("page", "copied", lang)


def test_what_cannot_be_copied_is_selected(opened, all_charts):
    tab = opened("#lang=en&chart=timeline")
    tab.run("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    button = "document.querySelector('[data-copies=en-timeline-alt]')"
    tab.run(f"{button}.click(); {DRAWN}")
    assert tab.run("getSelection().toString().trim()") == all_charts["timeline", "en"].words.alt
    assert tab.run(f"{button}.nextElementSibling.textContent") == phrase("page", "selected", "en")


@BOTH
@WIDTHS
def test_nothing_is_wider_than_the_window_and_texts_in_charts_can_be_read(opened, lang, width):
    tab = opened(f"#lang={lang}", width)
    assert tab.run("document.documentElement.scrollWidth") == width
    sizes = tab.run(
        "[...document.querySelectorAll('svg text')].filter(own => own.checkVisibility())"
        ".map(own => parseFloat(getComputedStyle(own).fontSize) * own.getScreenCTM().d)"
    )
    assert len(sizes) > 400 and min(sizes) >= LEAST
    kinds = tab.run(
        "[...document.querySelectorAll('[role=img]')].filter(own => own.checkVisibility()).map(own => own.className)"
    )
    assert set(kinds) == {"narrow" if width == 360 else "wide"}


@BOTH
def test_one_chart_is_printed_a_page(opened, charts_in, tmp_path, lang):
    headings = [phrase(chart.name, "sheet", lang) + chart.words.title for chart in charts_in[lang]]
    pages = printed(opened(f"#lang={lang}"), tmp_path)
    on = [[heading for heading in headings if "".join(heading.split()) in text] for text in pages]
    first = next(place for place, found in enumerate(on) if found)
    assert first <= 2 and on[first:] == [[heading] for heading in headings]
    assert len(printed(opened(f"#lang={lang}&chart=timeline"), tmp_path)) == 1


def printed(tab: Tab, folder: Path) -> list[str]:
    """Return the text of each page, without spaces."""
    (folder / "page.pdf").write_bytes(tab.printed())
    command = [program("pdftotext"), "-raw", str(folder / "page.pdf"), "-"]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode()
    return ["".join(own.split()) for own in text.split("\f")[:-1]]


def test_without_scripts_everything_is_there_to_read(opened, tab, all_charts, tmp_path):
    tab.call("Emulation.setScriptExecutionDisabled", value=True)
    try:
        text = "".join(printed(opened(), tmp_path))
    finally:
        tab.call("Emulation.setScriptExecutionDisabled", value=False)
    assert all("".join(chart.words.title.split()) in text for chart in all_charts.values())


@BOTH
@WIDTHS
def test_a_browser_finds_nothing_to_object_to(opened, lang, width):
    found = axe_findings(opened(f"#lang={lang}&municipality=Salem", width))
    assert found["faults"] == []
    asked = {
        "color-contrast",
        "document-title",
        "html-has-lang",
        "link-name",
        "list",
        "select-name",
        "scrollable-region-focusable",
    }
    assert asked <= {*found["passed"]}


def test_a_fault_would_be_found(opened):
    tab = opened("#lang=en&chart=timeline")
    tab.run("for (const own of document.querySelectorAll('[role=img]')) own.removeAttribute('aria-labelledby')")
    assert any(fault.startswith("role-img-alt") for fault in axe_findings(tab)["faults"])


def axe_findings(tab: Tab) -> dict[str, list[str]]:
    if not AXE.exists():
        lacking("axe-core is not installed (make axe)")
    tab.run(AXE.read_text(encoding="utf-8"))
    # to be quick: what is not shown is not judged, and rows are like the first three
    tab.run(f"for (const own of document.querySelectorAll('{LIKE_OTHERS}')) own.remove()")
    return tab.run(
        """axe.run(document, { resultTypes: ["violations"] }).then(found => ({
            faults: found.violations.flatMap(rule => rule.nodes.map(node => rule.id + ": " + node.html)),
            passed: found.passes.map(rule => rule.id),
        }))"""
    )
