"""What several tests need: a copy of the tables to edit, and every chart drawn once."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from sodertorn_lib import load_tables
from sodertorn_lib.answers import ANSWERS, Answer
from sodertorn_lib.charts import CHARTS, Chart
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.measured import Measured

REPOSITORY = Path(__file__).resolve().parent.parent
MEASURED = Measured(load_tables(REPOSITORY / "data"), 2020)
Edit = Callable[[str, str, str], None]


@pytest.fixture(autouse=True, scope="session")
def own_tables():
    """Test the tables of the repository, whatever the user's SODERTORN_DATA says."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SODERTORN_DATA", raising=False)
        yield


@pytest.fixture
def data_copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REPOSITORY / "data", tmp_path / "data"))


@pytest.fixture
def edit(data_copy: Path) -> Edit:
    """Replace a text in a file of the copy; the text must be there."""

    def replace(file: str, old: str, new: str) -> None:
        path = data_copy / file
        content = path.read_bytes()
        assert old.encode() in content
        path.write_bytes(content.replace(old.encode(), new.encode(), 1))

    return replace


@pytest.fixture(scope="session")
def all_charts() -> dict[tuple[str, str], Chart]:
    return {(draw.__name__, lang): draw(**MEASURED.arguments(draw), lang=lang) for draw in CHARTS for lang in LANGUAGES}


@pytest.fixture(scope="session")
def all_answers() -> dict[str, list[Answer]]:
    return {lang: [answer(MEASURED.tables, 2020, lang) for answer in ANSWERS] for lang in LANGUAGES}


def program(name: str) -> str:
    """Return the path of a program that a check needs."""
    return shutil.which(name) or lacking(f"{name} is not installed")


def lacking(what: str) -> NoReturn:
    """Skip a check that lacks a program; in CI everything is there, so it fails."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what}, so this was not checked")


@pytest.fixture(scope="session")
def charts_in(all_charts: dict[tuple[str, str], Chart]) -> dict[str, list[Chart]]:
    return {lang: [chart for (_, own), chart in all_charts.items() if own == lang] for lang in LANGUAGES}
