"""What is installed is whole: tables, texts and version, wherever it is run from."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sodertorn_lib import __version__

from .conftest import REPOSITORY


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """Build the wheel from what git knows, without the network, and unpack it; return the folder."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    names = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout
    for name in names.split("\0")[:-1]:
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes((REPOSITORY / name).read_bytes())
    options = [
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--quiet",
        "--disable-pip-version-check",
        "-w",
        folder,
    ]
    subprocess.run([sys.executable, "-m", "pip", "wheel", source, *options], check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    assert f"-{__version__}-" in wheel.name
    zipfile.ZipFile(wheel).extractall(folder / "site")
    return folder / "site"


def run(installed: Path, arguments: list[str], cwd: Path) -> str:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    answer = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, check=True
    )
    return answer.stdout


def test_an_installed_library_reads_its_own_tables(installed, tmp_path):
    code = "import sodertorn_lib as s; t = s.load_tables().read_all(); print(s.__file__, t.folder, len(t.population))"
    file, folder, rows = run(installed, ["-c", code], tmp_path).split()
    assert Path(file) == installed / "sodertorn_lib" / "__init__.py"
    assert Path(folder) == installed / "sodertorn_lib" / "data"
    assert int(rows) == len((REPOSITORY / "data" / "population.csv").read_text(encoding="utf-8").splitlines()) - 1


def test_an_installed_library_holds_its_checks_and_has_its_texts(installed, tmp_path):
    assert run(installed, ["-m", "sodertorn_lib.cli", "check"], tmp_path).endswith(" 0 failed\n")
    assert run(installed, ["-m", "sodertorn_lib.cli", "--version"], tmp_path) == f"sodertorn {__version__}\n"


def test_the_names_are_those_of_the_modules_and_each_stands_in_the_docstring_by_its_use():
    import sodertorn_lib

    assert set(dir(sodertorn_lib)) == {*sodertorn_lib.__all__, "answers", "charts", "show"}
    assert len(set(sodertorn_lib.__all__)) == len(sodertorn_lib.__all__)
    uses = dict(re.findall(r"^(\S.+)\n    (.+)$", sodertorn_lib.__doc__, re.MULTILINE))
    assert uses["The membership fee: kronor per inhabitant times inhabitants on a date."].endswith("membership_fees")
    assert ", ".join(uses.values()).split(", ") == sodertorn_lib.__all__
    assert all(getattr(sodertorn_lib, name) is not None for name in dir(sodertorn_lib))
    with pytest.raises(AttributeError, match="no attribute 'chart'"):
        sodertorn_lib.chart  # noqa: B018


def test_the_library_is_imported_without_what_draws_or_writes():
    code = "import sys, sodertorn_lib; print({'matplotlib', 'babel', 'tqdm', 'PIL', 'pptx'} & set(sys.modules))"
    code += "; sodertorn_lib.charts.Chart"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout == "set()\n"


def test_a_type_checker_knows_the_names(tmp_path):
    (tmp_path / "use.py").write_text(
        "from sodertorn_lib import charts, load_tables, project_total\n"
        "rows: int = project_total(load_tables().population, 5)\n"
    )
    shared = ["--config-file", str(REPOSITORY / "pyproject.toml"), "--cache-dir", str(REPOSITORY / ".mypy_cache")]
    command = [sys.executable, "-m", "mypy", *shared, "use.py"]
    environment = {**os.environ, "MYPYPATH": str(REPOSITORY)}
    answer = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    (error,) = [line for line in answer.stdout.splitlines() if line.startswith("use.py")]
    assert 'expression has type "DataFrame", variable has type "int"' in error
