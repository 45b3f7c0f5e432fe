"""A data folder of two years: that of the house, with the rows of the made-up year 2021."""

import shutil
from pathlib import Path

from sodertorn_lib.describe import renew

from .conftest import HOUSE, REPOSITORY

ROWS = REPOSITORY / "tests" / "made_up_2021"
YEAR = 2021


def two_years(folder: Path) -> Path:
    """Copy the tables into a new folder, append the rows of the made-up year, and renew the checksums."""
    shutil.copytree(HOUSE, folder)
    for path in sorted(ROWS.glob("*.csv")):
        header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        with (folder / path.name).open(encoding="utf-8") as before:
            assert next(before) == header, f"{path.name} has other columns than data/{path.name}"
        with (folder / path.name).open("a", encoding="utf-8", newline="") as table:
            table.writelines(rows)
    renew(folder)
    return folder
