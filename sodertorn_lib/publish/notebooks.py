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


def run_notebooks(year: int, lang: str, stored: Path = STORED) -> dict[str, bytes]:
    """Return each stored notebook as it is for a year and a language, by file name.

    Raises
    ------
    DataError
        When there are no notebooks, or a cell of one raises: with the notebook and what the cell said.
    """
    paths = sorted(stored.glob("[0-9]*.ipynb"))
    if not paths:
        raise DataError(Fault(str(stored), "has no notebooks", "Run this in a clone of the repository."))
    os.environ["SODERTORN_DATA"] = str(data_folder().resolve())
    return {path.name: _run(path, year, lang) for path in tqdm(paths, desc="notebooks", unit="notebook", disable=None)}


def _run(path: Path, year: int, lang: str) -> bytes:
    target = io.StringIO()
    try:
        with redirect_stderr(io.StringIO()):
            made = papermill.execute_notebook(
                str(path), None, parameters={"YEAR": year, "LANG": lang}, cwd=str(path.parent), progress_bar=False
            )
    except papermill.PapermillExecutionError as error:
        problem = f"stops for {year}: {error.ename}: {error.evalue}"
        raise DataError(Fault(path.name, problem, "Mend what it names, and run it again.")) from error
    nbformat.write(made, target)  # type: ignore[no-untyped-call]
    return target.getvalue().encode()
