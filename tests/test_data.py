"""The tables: shapes, keys, what must agree between them, and that the dictionary is fresh."""

import json
import re
import subprocess
import sys

import pandas as pd
import pytest

import sodertorn_lib
from sodertorn_lib.describe import with_dictionary
from sodertorn_lib.registered import REGISTER

from .conftest import HOUSE, REPOSITORY, YEAR

DATA = REPOSITORY / "data"
PACKAGE = json.loads((DATA / "datapackage.json").read_text(encoding="utf-8"))
ROWS = {
    "municipalities": 8,
    "population": 8 * 76,
    "population_published": 5,
    "fee_rates": 1,
    "report_sections": 47,
    "focus_areas": 4,
    "goals": 11,
    "activities": 24,
    "funds": 7,
    "operating_statement": 10,
    "projects": 3,
    "printed_totals": 12,
    "discrepancies": 16,
    "report_figures": 26,
    "meetings": 16,
    "events": 48,
    "consultations": 3,
    "population_reference": 2 * 76,
    "published_forecasts": 15,
    "boundaries": 488,
    "retrievals": 2 * 76 + 58 + 51 + 15,
    "population_components": 8 * 58 + 27,
    "dwellings_completed": 7 * 51 + 35,
    "persons_per_household": 8 * 15,
}


DECLARED = {table["name"]: table for table in PACKAGE["resources"]}


def load(table: str) -> pd.DataFrame:
    """Return a table; of what annual reports fill, the rows of the year."""
    year = {"year": YEAR} if "everyYear" in DECLARED[table] else {}
    return getattr(sodertorn_lib, f"load_{table}")(**year)


def test_every_table_has_a_loader_and_every_loader_a_table():
    tables = {table["name"] for table in PACKAGE["resources"]}
    loaders = {name.removeprefix("load_") for name in dir(sodertorn_lib.loaders) if name.startswith("load_")}
    assert tables == set(ROWS) == loaders - {"tables"}


@pytest.mark.parametrize("table", [name for name, declared in DECLARED.items() if "everyYear" in declared])
def test_a_loader_gives_the_rows_of_the_year_that_is_asked_for(made_up, table):
    load = getattr(sodertorn_lib, f"load_{table}")
    assert set(load(made_up.tables.folder, made_up.year)["year"]) == {made_up.year}
    assert set(load(made_up.tables.folder)["year"]) >= {made_up.year, YEAR}


@pytest.mark.parametrize("table", ROWS)
def test_rows_columns_and_key(table):
    frame, declared = load(table), next(t for t in PACKAGE["resources"] if t["name"] == table)
    assert len(frame) == ROWS[table]
    columns = [field["name"] for field in declared["schema"]["fields"]]
    columns[1:1] = ["municipality"] if table == "population" else []
    assert list(frame.columns) == columns
    assert not frame.duplicated(declared["schema"]["primaryKey"]).any()


def test_every_file_in_the_folder_is_declared():
    assert {path.name for path in DATA.glob("*.csv")} == {table["path"] for table in PACKAGE["resources"]}


def test_money_and_units_stand_in_column_names():
    fields = [field for table in PACKAGE["resources"] for field in table["schema"]["fields"]]
    assert all(field["name"].endswith("_sek") for field in fields if field.get("unit") == "SEK")
    assert all("unit" in field for field in fields if field["name"].endswith(("_sek", "_percent", "population")))


def test_the_dictionary_is_fresh():
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert with_dictionary(readme, PACKAGE) == readme


def test_frictionless_finds_the_package_valid():
    command = [sys.executable, "-m", "frictionless", "validate", str(DATA / "datapackage.json"), "--json"]
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    report = json.loads(answer.stdout)
    assert answer.returncode == 0
    assert report["valid"]
    assert len(report["tasks"]) == len(ROWS)


def test_no_names_of_persons_or_mail_addresses():
    """Two capitalised words in a row are a name; these are the organisations, and one article before a place."""
    text = "".join(path.read_text(encoding="utf-8") for path in DATA.iterdir() if path.name != REGISTER)
    assert not re.search(r"[\w.]+@[\w.]+\.\w+", text)
    text = "".join(path.read_text(encoding="utf-8") for path in HOUSE.iterdir() if path.name != REGISTER)
    word = "[A-ZÅÄÖÉ][a-zåäöéü]+"
    assert set(re.findall(rf"\b{word}(?:[ -]{word})+", text)) == {
        "Another Södertörn",
        "Creative Commons Zero",
        "Detail Produktion",
        "Näringslivsanalys Great",
        "Passage Södertälje",
        "Region Stockholm",
        "Statistics Sweden",
        "Stockholm Business Alliance",
        "The Södertörn",
        "Tvärförbindelse Södertörn",
    }
