"""The notebooks for another year or language: run from the stored ones, whose own year stays as it is."""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr
from pathlib import Path

import nbformat
import papermill
from tqdm import tqdm

from sodertorn_lib.datapackage import PACKAGE, data_folder
from sodertorn_lib.errors import DataError, Fault

STORED = PACKAGE.parent / "notebooks"

__all__ = ["run_notebooks"]


def run_notebooks(year: int, lang: str, stored: Path = STORED) -> tuple[dict[str, bytes], list[Fault]]:
    """Return the stored notebooks as they are for a year and a language, by file name, and what stopped any of them.

    Raises
    ------
    DataError
        When there are no notebooks.
    """
    paths = sorted(stored.glob("[0-9]*.ipynb"))
    if not paths:
        raise DataError(Fault(str(stored), "has no notebooks", "Run this in a clone of the repository."))
    os.environ["SODERTORN_DATA"] = str(data_folder().resolve())
    made: dict[str, bytes] = {}
    stops: list[Fault] = []
    for path in tqdm(paths, desc="notebooks", unit="notebook", disable=None):
        try:
            made[path.name] = _run(path, year, lang)
        except papermill.PapermillExecutionError as error:
            problem = f"stops for {year} in its cell {error.cell_index + 1}: {error.ename}: {error.evalue}"
            stops.append(Fault(path.name, problem, "Look at that cell; the other notebooks are written."))
    return made, stops


def _run(path: Path, year: int, lang: str) -> bytes:
    parameters, target = {"YEAR": year, "LANG": lang}, io.StringIO()
    with redirect_stderr(io.StringIO()):
        made = papermill.execute_notebook(
            str(path), None, parameters=parameters, cwd=str(path.parent), progress_bar=False, store_widget_state=False
        )
    nbformat.write(made, target)  # type: ignore[no-untyped-call]
    return target.getvalue().encode()
