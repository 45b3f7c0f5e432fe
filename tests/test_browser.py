"""In a browser: every notebook runs in JupyterLab, and the controls answer there and on their page (Voilà).

Servers and browser listen on this machine alone, work on copies, and have folders of their own for what Jupyter keeps.
"""

import contextlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import Select, WebDriverWait

from sodertorn_lib.formats import number
from sodertorn_lib.wording import phrase

from .browser import browsing
from .conftest import EXPLORE, HOUSE, MEASURED, REPOSITORY, lacking, program
from .test_notebooks import PATHS, cells, read
from .test_page import AXE, LEAST

LONGEST = 90  # seconds, to wait for what takes one or two
NOTCHES = 5  # by which a slider is moved
BOX, HANDLE, LIST = ".explore-controls input[type=text]", "[role=slider]", "select"
FOREIGN = {  # what axe-core says of what is not ours
    "aria-input-field-name": '<div class="noUi-handle',  # ipywidgets names no slider; the number beside it has a name
    "region": "",  # Voilà's page has no landmarks
}
RUN_AXE = """
const done = arguments[0];
axe.run(document).then(({violations}) =>
    done(violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html]))));
"""
RUN_ALL = """
const [path, done] = arguments;
(async () => {
    const {commands, restored} = window.jupyterapp;
    await restored;
    await commands.execute("toc:show-panel");
    const panel = await commands.execute("docmanager:open", {path});
    await panel.context.ready;
    await panel.sessionContext.ready;
    const ran = await commands.execute("notebook:run-all-cells");
    const code = panel.content.widgets.map(cell => cell.model).filter(model => model.type === "code");
    const types = code.flatMap(({outputs}) => Array.from(Array(outputs.length), (_, place) => outputs.get(place).type));
    return {ran, counts: code.map(model => model.executionCount), types};
})().then(done, error => done({error: String(error)}));
"""
CLOSE = """
const [path, done] = arguments;
const panel = window.jupyterapp.shell.currentWidget;
panel.sessionContext.shutdown().then(() => panel.context.save()).then(() => done(panel.close()));
"""
SEEN = "return [...document.querySelectorAll(arguments[0])].map(own => own.innerText).join(' ')"
BOUNDS = "const {top, bottom} = document.querySelector(arguments[0]).getBoundingClientRect(); return [top, bottom]"
CUT = """return [...document.querySelectorAll(arguments[0])]
    .filter(own => own.checkVisibility() && own.scrollWidth > own.clientWidth + 1).map(own => own.outerHTML)"""
SIZES = """return [...arguments[0].querySelectorAll('text')]
    .map(own => parseFloat(getComputedStyle(own).fontSize) * own.getScreenCTM().d)"""
HEADINGS = (
    "return [...document.querySelectorAll('.jp-TableOfContents .jp-tocItem-content')].map(own => own.textContent)"
)


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory) -> Path:
    """Copy the notebooks: what is run in a browser is saved."""
    folder = tmp_path_factory.mktemp("notebooks")
    for path in PATHS:
        shutil.copy(path, folder)
    return folder


@pytest.fixture(scope="module")
def driver() -> Iterator[Chrome]:
    with browsing(program("chromium"), program("chromedriver")) as chrome:
        chrome.set_script_timeout(LONGEST)
        chrome.execute_cdp_cmd("Emulation.setFocusEmulationEnabled", {"enabled": True})  # as if a person looked at it
        yield chrome


@contextlib.contextmanager
def served(folder: Path, *command: str) -> Iterator[str]:
    """Start a program of Jupyter in this environment, with its files in a folder; return its address, and stop it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    own = {f"JUPYTER_{name}_DIR": str(folder / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {f"JUPYTERLAB_{name}_DIR": str(folder / name) for name in ("SETTINGS", "WORKSPACES")}
    own |= {"IPYTHONDIR": str(folder / "ipython"), "SODERTORN_DATA": str(HOUSE)}
    arguments = [sys.executable, "-m", *command, "--no-browser", f"--port={port}"]
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(arguments, env=os.environ | own, cwd=folder, stdout=log, stderr=log)
    try:
        wait(lambda: server.poll() is not None or listens(port))
        assert server.poll() is None, (folder / "log.txt").read_text()
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(LONGEST)


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def wait(until: Callable[[], Any]) -> Any:
    return WebDriverWait(None, LONGEST, 0.1).until(lambda _: until())


@pytest.fixture(scope="module")
def lab(driver, notebooks, tmp_path_factory) -> Iterator[str]:
    options = ["--allow-root", "--expose-app-in-browser", "--IdentityProvider.token=", str(notebooks)]
    with served(tmp_path_factory.mktemp("lab"), "jupyterlab", *options) as address:
        driver.set_window_size(1280, 1000)
        driver.get(f"{address}/lab")
        wait(lambda: driver.execute_script("return Boolean(window.jupyterapp)"))
        yield address


@pytest.fixture(scope="module")
def page(driver, notebooks, tmp_path_factory) -> Iterator[str]:
    """Serve the page of the controls as `make explore` does."""
    recipe = re.search(r"\$\(BIN\)/voila (\S+) (.+)", (REPOSITORY / "Makefile").read_text(encoding="utf-8"))
    notebook = notebooks / Path(recipe[1]).name
    with served(tmp_path_factory.mktemp("voila"), "voila", str(notebook), *shlex.split(recipe[2])) as address:
        yield address


def opened(driver: Chrome, address: str, lang: str, width: int = 1280) -> Chrome:
    """Open the page in a language, at a width."""
    size = {"width": width, "height": min(1000, 2 * width), "deviceScaleFactor": 1, "mobile": False}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    driver.get(address)
    wait(lambda: said(driver, ".explore figure"))
    Select(driver.find_elements(By.CSS_SELECTOR, LIST)[0]).select_by_index(["sv", "en"].index(lang))
    wait(lambda: driver.find_elements(By.CSS_SELECTOR, f"figure:is([lang={lang}] *)"))
    return driver


def said(driver: Chrome, selector: str) -> str:
    """Return the text that is seen of what is there, empty if nothing is."""
    return driver.execute_script(SEEN, selector)


def first(driver: Chrome, selector: str) -> WebElement:
    return driver.find_element(By.CSS_SELECTOR, selector)


def by_hand(fee: float, year: int) -> float:
    """Return the income of a fee in whole kronor for each municipality, on the population of the year before."""
    people = MEASURED.tables.population.query("year == @year - 1")["population"]
    return float(sum(round(fee * own) for own in people))


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_every_notebook_opens_in_jupyterlab_and_runs_and_its_table_of_contents_is_right(driver, lab, path):
    found = driver.execute_async_script(RUN_ALL, path.name)
    code = cells(read(path), "code")
    assert found.get("ran") is True, found
    assert found["counts"] == list(range(1, len(code) + 1))
    assert found["types"] == [output["output_type"] for cell in code for output in cell["outputs"]]
    prose = ["".join(cell["source"]) for cell in cells(read(path), "markdown")]
    headings = [own for text in prose for own in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
    wait(lambda: driver.execute_script(HEADINGS) == headings)
    if path.stem == EXPLORE:
        moved_by_keyboard(driver, "en")
        nothing_is_cut(driver)
    driver.execute_async_script(CLOSE, path.name)


def moved_by_keyboard(driver: Chrome, lang: str) -> None:
    """Move the slider of the fee, and see what is shown become what it is by hand."""
    fee = typed(driver)
    income = number(by_hand(fee + NOTCHES / 10, 2026), lang)
    assert income not in said(driver, ".explore table")
    first(driver, HANDLE).send_keys(Keys.ARROW_RIGHT * NOTCHES)
    wait(lambda: income in said(driver, ".explore table"))
    assert typed(driver) == pytest.approx(fee + NOTCHES / 10)


def typed(driver: Chrome) -> float:
    return float(first(driver, BOX).get_attribute("value").replace(",", "."))


def type_fee(driver: Chrome, text: str) -> None:
    first(driver, BOX).send_keys(Keys.CONTROL, "a")
    first(driver, BOX).send_keys(text, Keys.TAB)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_a_slider_that_is_moved_with_the_keyboard_changes_the_page_to_what_it_is_by_hand(driver, page, lang):
    moved_by_keyboard(opened(driver, page, lang), lang)


def test_the_page_has_the_controls_alone_and_a_title(driver, page):
    opened(driver, page, "en")
    assert [own.text for own in driver.find_elements(By.TAG_NAME, "h1")] == [
        phrase("answers.what_if", "question", "en")
    ]
    assert driver.title == read(REPOSITORY / "notebooks" / f"{EXPLORE}.ipynb")["metadata"]["title"]
    assert driver.find_elements(By.CSS_SELECTOR, ".jp-RenderedMarkdown, .jp-mod-error") == []


@pytest.mark.parametrize("width", [360, 1280])
def test_a_number_beyond_reason_is_named_where_it_was_typed_and_the_page_stays(driver, page, width):
    answer = said(opened(driver, page, "sv", width), ".explore h2")
    type_fee(driver, "1e9")
    wait(lambda: "”1e9” går inte. Skriv ett tal från 0 till" in said(driver, "[role=alert]"))
    top, bottom = driver.execute_script(BOUNDS, "[role=alert]")
    assert 0 <= top < bottom <= driver.execute_script("return innerHeight")
    assert said(driver, ".explore h2") == answer
    type_fee(driver, "4,37")
    wait(lambda: number(by_hand(4.37, 2026), "sv") in said(driver, ".explore table"))
    assert not said(driver, "[role=alert]") and first(driver, BOX).get_attribute("value") == "4,37"


def test_the_chart_is_saved_beside_the_notebook(driver, page, notebooks):
    opened(driver, page, "en")
    first(driver, "button.jupyter-button").click()
    wait(lambda: str(notebooks / "charts") in said(driver, ".explore-controls [role=status]"))
    assert {path.suffix for path in (notebooks / "charts").iterdir()} == {".png", ".svg", ".csv", ".txt"}


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_of_ours_is_wider_than_the_page_or_found_by_axe(driver, page, lang, width):
    opened(driver, page, lang, width)
    first(driver, "summary").click()
    assert driver.execute_script("return document.querySelector('.explore-page').scrollWidth") <= width
    nothing_is_cut(driver)
    assert axe_findings(driver) == []
    driver.execute_script("document.querySelectorAll('.explore [role=img]').forEach(own => own.ariaLabel = '')")
    assert [rule for rule, _ in axe_findings(driver)] == ["role-img-alt"]  # a fault would be found


def nothing_is_cut(driver: Chrome) -> None:
    """Hold that one picture is shown, whole and so that its texts can be read, and that no label is cut."""
    (picture,) = (own for own in driver.find_elements(By.CSS_SELECTOR, ".explore [role=img]") if own.is_displayed())
    assert min(driver.execute_script(SIZES, picture)) >= LEAST
    assert driver.execute_script(CUT, ".explore figure, .explore [role=img], .explore-controls .widget-label") == []


def axe_findings(driver: Chrome) -> list[tuple[str, str]]:
    if not AXE.exists():
        lacking("axe-core is not installed (make axe)")
    driver.execute_script(AXE.read_text(encoding="utf-8"))
    found = [(rule, markup) for rule, markup in driver.execute_async_script(RUN_AXE)]
    return [(rule, markup) for rule, markup in found if not markup.startswith(FOREIGN.get(rule, "never"))]


def test_jupyterlab_is_started_by_root_as_well():
    asked = subprocess.run(
        [program("make"), "-n", "lab"], cwd=REPOSITORY, capture_output=True, text=True, check=True
    ).stdout
    assert ("--allow-root" in asked) == (os.geteuid() == 0)
