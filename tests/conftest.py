"""What several tests need: a copy of the tables to edit, and every chart drawn once."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import nbformat
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers
from jupyter_client import KernelManager
from nbclient import NotebookClient

from sodertorn_lib import Scenario, charts, datapackage, edits, load_tables
from sodertorn_lib.answers import ANSWERS, Answer, membership_fee
from sodertorn_lib.charts import CHARTS, COMPARISONS, Chart
from sodertorn_lib.datapackage import descriptor
from sodertorn_lib.describe import renew
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.measured import Measured
from sodertorn_lib.publish import press

from .once import check_once

settings.register_profile(  # the same draws in each run, and a failure as it was drawn: to shrink it takes minutes
    "house",
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("house")
providers.is_local_module_file = lambda file: False  # constants of modules that happen to be loaded would change draws
check_once()
REPOSITORY = Path(__file__).resolve().parent.parent
YEAR = 2020  # that README, notebooks and stored outputs are about
EXPLORE = (
    "00_explore"  # the notebook of the controls: its question is that of 10_what_if, so it has no answer of its own
)


def up_to_year(folder: Path) -> Path:
    """Take the rows of later reports out of a copy of the tables, and register it so."""
    for declared in (table for table in descriptor(folder)["resources"] if "everyYear" in table):
        path = folder / declared["path"]
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        kept = rows[(rows["year"].astype(int) <= YEAR) | (rows.get("kind", "") == "published")]
        if len(kept) < len(rows):
            kept.to_csv(path, index=False, lineterminator="\n")
    renew(folder)
    return folder


def tables_of_the_year() -> Path:
    """Return the tables as they were in the year: those of the repository, or a copy without later reports."""
    own = REPOSITORY / "data"
    if load_tables(own).fee_rates["year"].max() <= YEAR:
        return own
    copy = Path(tempfile.mkdtemp(prefix="tables-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    return up_to_year(Path(shutil.copytree(own, copy, dirs_exist_ok=True)))


HOUSE = tables_of_the_year()
datapackage.OWN_DATA = edits.OWN_DATA = HOUSE  # a later report leaves alone what is stored of the year
MEASURED = Measured(load_tables(HOUSE), YEAR)
SCENARIOS = {  # what a reader may ask: charts of each are held to what the published ones are held to
    "unchanged": Scenario(),
    "of_the_notebook": Scenario(
        from_year=2027, fee_sek_per_inhabitant=4.5, cost_growth_percent=3, growth_percent={"Huddinge": 1}
    ),
    "runs_out": Scenario(cost_growth_percent=2.9, whose="Huddinge kommun"),
    "runs_out_at_the_lower_bound": Scenario(cost_growth_percent=2.1, usable_sek=390_000),
    "runs_out_at_once": Scenario(cost_growth_percent=50),
    "runs_out_late": Scenario(cost_growth_percent=2.3, growth_percent={"Huddinge": 1, "Nykvarn": -0.5}),
    "falls": Scenario(fee_sek_per_inhabitant=3, cost_growth_percent=3, growth_percent=0),
    "comes_back": Scenario(one_off_sek={2023: 1_500_000}),
    "shrinks": Scenario(
        from_year=2027,
        fee_sek_per_inhabitant=3,
        cost_growth_percent=2,
        line_growth_percent={"personnel": 4},
        growth_percent=-1,
        one_off_sek={2028: 500_000},
        usable_sek=0,
    ),
    "homes": Scenario(homes_a_year={"Huddinge": 500, "Salem": 40}, persons_per_household=2.4),
    "free_of_charge": Scenario(from_year=2035, fee_sek_per_inhabitant=0),
    "much_is_assumed": Scenario(
        from_year=2030,
        cost_growth_percent=-2,
        line_growth_percent={"personnel": 4, "travel": 1, "projects": 3},
        growth_percent={"Huddinge": 1, "Salem": 2, "Tyresö": -1},
        one_off_sek={2028: 1_000_000, 2029: 1_000_000},
        whose="Ekonomicheferna i de åtta kommunerna, underlag till vårens budgetberedning",
    ),
}
Edit = Callable[[str, str, str], None]
SLOW = (  # what `make quick` leaves out: what begins so needs a browser or an office program, or takes long as measured
    *("tests/test_browser.py", "tests/test_page.py", "tests/test_install.py", "tests/test_environment.py"),
    *("tests/test_deck.py", "tests/test_deck_command.py", "tests/test_templates.py", "tests/test_workbook.py"),
    *("tests/test_charts.py", "tests/test_scenario_charts.py", "tests/test_explore.py", "tests/test_claims.py"),
    *("tests/test_projections.py", "tests/test_refresh.py", "tests/test_files.py", "tests/test_cli.py"),
    *("tests/test_notebooks.py::test_every_notebook_runs", "tests/test_notebooks.py::test_with_a_year_before"),
    *("tests/test_made_up.py::test_the_notebooks_run", "tests/test_round_trips.py", "tests/test_manifest.py"),
    *("tests/test_digits.py", "tests/test_mutants_in_data.py", "tests/test_accepting.py", "tests/test_add_year.py"),
    "tests/test_gate_in_office.py",
)
LONG = (  # what takes longest begins first, so that no process is left alone with it at the end
    *("tests/test_browser.py", "tests/test_cli.py", "tests/test_refresh.py", "tests/test_claims.py"),
    *("tests/test_charts.py", "tests/test_deck.py", "tests/test_templates.py", "tests/test_notebooks.py"),
    *("tests/test_made_up.py", "tests/test_manifest.py", "tests/test_accepting.py", "tests/test_digits.py"),
    *("tests/test_round_trips.py", "tests/test_workbook.py", "tests/test_page.py", "tests/test_install.py"),
    *("tests/test_add_year.py", "tests/test_deck_command.py", "notebooks/"),
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith(SLOW):
            item.add_marker("slow")
    if hasattr(config, "workerinput"):  # one process alone keeps to the order that it was given
        items.sort(
            key=lambda item: next((place for place, own in enumerate(LONG) if item.nodeid.startswith(own)), len(LONG))
        )


@pytest.fixture(autouse=True, scope="session")
def own_tables():
    """Test the tables of the repository, whatever the user's SODERTORN_DATA says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SODERTORN_DATA", raising=False)
        yield


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    """Copy the tables as they were in the year: without what later reports fill."""
    return Path(shutil.copytree(HOUSE, tmp_path / "data"))


@pytest.fixture
def edit(data_copy: Path) -> Edit:
    """Replace a text in a file of the copy; the text must be there."""

    def replace(file: str, old: str, new: str) -> None:
        path = data_copy / file
        content = path.read_bytes()
        assert old.encode() in content
        path.write_bytes(content.replace(old.encode(), new.encode(), 1))

    return replace


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> list[Callable[..., Chart]]:
    """Let the commands draw two charts and give one answer only, so that many runs are quick."""
    drawings: list[Callable[..., Chart]] = [charts.fee_by_municipality, charts.timeline]
    monkeypatch.setattr(press, "CHARTS", drawings)
    monkeypatch.setattr(press, "ANSWERS", [membership_fee])
    return drawings


@pytest.fixture(scope="session")
def all_charts() -> dict[tuple[str, str], Chart]:
    return {(draw.__name__, lang): draw(**MEASURED.arguments(draw), lang=lang) for draw in CHARTS for lang in LANGUAGES}


@pytest.fixture(scope="session")
def scenario_charts() -> dict[tuple[str, str], Chart]:
    """Return the chart of each scenario: it is the reader's own, so it is in no deck."""
    outlooks = {name: MEASURED.scenario(scenario) for name, scenario in SCENARIOS.items()}
    return {(name, lang): charts.what_if(table, lang) for name, table in outlooks.items() for lang in LANGUAGES}


@pytest.fixture(scope="session")
def all_answers() -> dict[str, list[Answer]]:
    return {lang: [answer(MEASURED.tables, YEAR, lang) for answer in ANSWERS] for lang in LANGUAGES}


def program(name: str) -> str:
    """Return the path of a program that a check needs."""
    return shutil.which(name) or lacking(f"{name} is not installed")


def lacking(what: str) -> NoReturn:
    """Skip a check that lacks a program; in CI everything is there, so it fails."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what}, so this was not checked")


@pytest.fixture(scope="session")
def run() -> Iterator[Callable[..., dict]]:
    """Return a function that runs a notebook, as for another year or language: all in one kernel, that imports once.

    Only nbval gives each a kernel of its own, and there it has no names but its own.
    """
    kernel = KernelManager()

    def run(path: Path, year: int, lang: str, tables: Path = REPOSITORY / "data") -> dict:
        notebook = nbformat.read(path, as_version=4)
        next(cell for cell in notebook.cells if cell.cell_type == "code").source = f'YEAR, LANG = {year}, "{lang}"'
        anew = nbformat.v4.new_code_cell(f"%reset -f\nimport os\nos.environ['SODERTORN_DATA'] = {str(tables)!r}")
        notebook.cells.insert(0, anew)
        client = NotebookClient(notebook, km=kernel, resources={"metadata": {"path": str(path.parent)}})
        try:
            client.execute()
        finally:
            client.kc.stop_channels()
        return {**notebook, "cells": notebook.cells[1:]}

    yield run
    kernel.shutdown_kernel(now=True)


@pytest.fixture(scope="session")
def charts_in(all_charts: dict[tuple[str, str], Chart]) -> dict[str, list[Chart]]:
    return {lang: [chart for (_, own), chart in all_charts.items() if own == lang] for lang in LANGUAGES}


@pytest.fixture(scope="session")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Measured:
    """Measure the made-up year, from tables that hold the year before it too."""
    from .made_up import YEAR, two_years

    return Measured(load_tables(two_years(tmp_path_factory.mktemp("made_up") / "data")), YEAR)


@pytest.fixture(scope="session")
def comparisons(made_up: Measured) -> dict[tuple[str, str], Chart]:
    drawn = {(draw, lang): draw(**made_up.arguments(draw), lang=lang) for draw in COMPARISONS for lang in LANGUAGES}
    return {(draw.__name__, lang): chart for (draw, lang), chart in drawn.items()}
