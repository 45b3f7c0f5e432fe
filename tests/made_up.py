"""A data folder of two years: that of the house, with the rows of the made-up year 2021."""

import csv
import json
import shutil
from pathlib import Path

from sodertorn_lib.describe import renew

from .conftest import REPOSITORY

ROWS = REPOSITORY / "tests" / "made_up_2021"
YEAR = 2021


def two_years(folder: Path) -> Path:
    """Copy the tables into a new folder, append the rows of the made-up year, and renew the checksums."""
    shutil.copytree(REPOSITORY / "data", folder)
    _as_declared(folder)
    for path in sorted(ROWS.glob("*.csv")):
        header, *rows = path.read_text(encoding="utf-8").splitlines(keepends=True)
        with (folder / path.name).open(encoding="utf-8") as before:
            assert next(before) == header, f"{path.name} has other columns than data/{path.name}"
        with (folder / path.name).open("a", encoding="utf-8", newline="") as table:
            table.writelines(rows)
    renew(folder)
    return folder


def _as_declared(folder: Path) -> None:
    """Give events their year and fees their decimals, where data/ has neither."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    declared = {table["name"]: table["schema"] for table in package["resources"]}
    fee = next(field for field in declared["fee_rates"]["fields"] if field["name"] == "fee_sek_per_inhabitant")
    fee["type"] = "number"
    events = declared["events"]
    if "year" not in events["primaryKey"]:
        events["primaryKey"] = ["year", "event_id"]
        events["fields"].insert(0, declared["fee_rates"]["fields"][0])
        with (folder / "events.csv").open(encoding="utf-8", newline="") as table:
            header, *rows = csv.reader(table)
        with (folder / "events.csv").open("w", encoding="utf-8", newline="") as table:
            csv.writer(table, lineterminator="\n").writerows([["year", *header], *([2020, *row] for row in rows)])
    (folder / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False), encoding="utf-8")
