"""What several tests need: a copy of the tables to edit, and every chart drawn once."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from sodertorn_lib.charts import Chart
from sodertorn_lib.charts.catalogue import catalogue
from sodertorn_lib.formats import LANGUAGES

REPOSITORY = Path(__file__).resolve().parent.parent
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
    return {(name, lang): draw(lang) for name, draw in catalogue().items() for lang in LANGUAGES}


def program(name: str) -> str:
    """Return the path of a program that a check needs."""
    return shutil.which(name) or lacking(f"{name} is not installed")


def lacking(what: str) -> NoReturn:
    """Skip a check that lacks a program; in CI everything is there, so it fails."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{what}, so this was not checked")


@pytest.fixture(scope="session")
def charts_in(all_charts: dict[tuple[str, str], Chart]) -> dict[str, list[Chart]]:
    return {lang: [chart for (_, own), chart in all_charts.items() if own == lang] for lang in LANGUAGES}
