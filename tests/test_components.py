"""Births, deaths and moves: that they add up, what is said of them by hand, and what is refused."""

import csv
from collections import defaultdict
from pathlib import Path

import pandas as pd
import pytest

from sodertorn_lib import (
    DataError,
    area_components,
    compare_components,
    component_periods,
    components_of_change,
    load_tables,
    moves_needed,
    require_components,
)
from sodertorn_lib.checks import check_all

from .conftest import MEASURED, REPOSITORY

TABLES = MEASURED.tables


def faults(folder: Path) -> list[str]:
    return [line for finding in check_all(folder) if not finding.passed for line in finding.text.splitlines()]


def broken(folder: Path) -> str:
    """Return the one fault that is not that of the checksum."""
    (fault,) = [text for text in faults(folder) if "datapackage.json registers" not in text]
    return fault


def by_year(file: str, column: str) -> dict[int, dict[str, float]]:
    """Read a column of a CSV file, by year and municipality, with nothing of the library."""
    found: dict[int, dict[str, float]] = defaultdict(dict)
    with (REPOSITORY / "data" / file).open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            code = row.get("municipality_code") or row["region_code"]
            if code != "01":
                found[int(row["year"])][code] = float(row[column])
    return found


def mean(table: dict[int, dict[str, float]], first: int, last: int) -> float:
    return sum(sum(table[year].values()) for year in range(first, last + 1)) / (last - first + 1)


def test_the_periods_are_those_of_the_files():
    periods = component_periods(area_components(components_of_change(TABLES.population_components, TABLES.population)))
    spans = periods[["first_year", "last_year"]].values.tolist()
    assert spans == [[2016, 2020], [2021, 2025], [2025, 2025]]
    for column in ("natural_change", "net_migration"):
        own = by_year("population_components.csv", column)
        assert periods[f"{column}_per_year"].tolist() == [mean(own, *span) for span in spans]
    assert periods["natural_change_per_year"].round().tolist() == [2421, 1956, 1640]
    assert periods["net_migration_per_year"].round().tolist() == [4446, 1386, 314]


def test_what_a_stated_population_would_take_is_that_of_the_files():
    area = area_components(components_of_change(TABLES.population_components, TABLES.population))
    people, born = by_year("population.csv", "population"), by_year("population_components.csv", "natural_change")
    stated = sum(people[2020].values()) + 100_000
    needed = (stated - sum(people[2025].values())) / 5 - sum(born[2025].values())
    row = moves_needed(area, MEASURED.stated, TABLES.population_components).iloc[0]
    assert row["net_migration_needed"] == pytest.approx(needed)
    assert (row["highest_net_migration"], row["highest_year"]) == (5718, 2017)
    moves = by_year("population_components.csv", "net_migration")
    early = {year: sum(own.values()) for year, own in moves.items() if year < 1974}
    assert (
        (row["highest_before"], row["highest_before_year"])
        == (13_669, 1969)
        == (max(early.values()), max(early, key=early.get))
    )
    assert row["expected_population"] == sum(people[2020].values()) + 50_000


def test_a_selection_and_a_target_year_that_has_come_need_nothing():
    two = TABLES.population.query("municipality in ['Salem', 'Nykvarn']")
    some = area_components(components_of_change(TABLES.population_components, two))
    lacking = ["net_migration_needed", "expected_population", "highest_before"]
    components = TABLES.population_components
    assert some["year"].min() == 1999
    assert moves_needed(some, MEASURED.stated, components)[lacking].isna().all(axis=None)
    area = area_components(components_of_change(TABLES.population_components, TABLES.population))
    past = MEASURED.stated.assign(target_year=2025)
    assert moves_needed(area, past, components)[lacking].isna().all(axis=None)


def test_until_1998_sodertalje_is_with_nykvarn():
    table = components_of_change(TABLES.population_components, TABLES.population).set_index(
        ["municipality_code", "year"]
    )
    people = by_year("population.csv", "population")
    both = people[1998]["0181"] + people[1998]["0140"]
    assert (table["population"]["0181", 1998], table["population"]["0181", 1999]) == (both, people[1999]["0181"])
    assert table["change"]["0181", 1998] == both - people[1997]["0181"] - people[1997]["0140"]
    assert table.loc["0140"].index.min() == 1999


def test_only_the_years_that_are_known_to_differ_are_beyond_the_tolerance():
    checks = compare_components(
        TABLES.population_components, TABLES.population, TABLES.population_reference, TABLES.discrepancies
    )
    assert set(checks["status"]) == {"within", "registered"}
    gap, codes = checks["difference"].abs(), checks["check_id"].str.removeprefix("components_")
    people = pd.concat(
        [TABLES.population, TABLES.population_reference.rename(columns={"region_code": "municipality_code"})]
    ).set_index(["municipality_code", "year"])["population"]
    wide = (gap > 30) & (gap > people.loc[list(zip(codes, checks["year"], strict=True))].to_numpy() / 1000)
    assert set(checks.loc[wide, "year"]) - {1994} <= set(range(2019, 2024))
    assert (checks.loc[checks["year"].between(2019, 2023), "difference"] < 0).mean() > 0.95


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "0138,2025,98,",
            "0138,2025,1098,",
            "population_components.csv, row {row}, column natural_change, net_migration: ",
        ),
        ("0126,1994,721,317", "0126,1994,721,121", "discrepancies.csv: a difference of +196 is registered"),
        ("0138,2025,", "0138,2026,", "population_components.csv, column year: '2025' is missing for region_code 0138"),
        ("0140,1999,", "0140,1998,", "population_components.csv, column year: '1999' is missing for region_code 0140"),
        ("0138,2025,", "0139,2025,", "population_components.csv, row {row}, column region_code: '0139' is not one of"),
    ],
)
def test_what_lacks_a_year_or_does_not_add_up_is_named(edit, data_copy, old, new, told):
    lines = (data_copy / "population_components.csv").read_text(encoding="utf-8").splitlines()
    (row,) = [row for row, line in enumerate(lines, 1) if line.startswith(old)]
    edit("population_components.csv", f"\n{old}", f"\n{new}")
    assert any(fault.startswith(told.format(row=row)) for fault in faults(data_copy))


def test_a_negative_count_of_homes_is_named(edit, data_copy):
    edit("dwellings_completed.csv", "0126,1976,562", "0126,1976,-562")
    assert broken(data_copy) == (
        "dwellings_completed.csv, row 3, column dwellings_completed: '-562' is below 0. Check the source."
    )


def test_components_of_a_municipality_that_lack_a_year_are_named():
    lacking = TABLES.population_components.query("not (region_code == '0138' and year == 2025)")
    with pytest.raises(DataError, match=r"population_components\.csv, column year: '2025' is missing for region 0138"):
        components_of_change(lacking, TABLES.population)
    few = area_components(components_of_change(TABLES.population_components, TABLES.population)).query("year > 2016")
    with pytest.raises(DataError, match="components: do not go back to 2016"):
        component_periods(few)


def test_what_is_registered_for_a_selection_is_held_for_it_alone():
    one = TABLES.population.query("municipality == 'Tyresö'")
    own = TABLES.population_components, one, TABLES.population_reference, TABLES.discrepancies
    checks = compare_components(*own)
    assert set(checks["status"]) == {"within"} and len(checks) == 2 * 52
    require_components(checks, TABLES.population_components)


def test_the_check_says_how_many_sums_agree(data_copy):
    (text,) = [finding.text for finding in check_all(data_copy) if "sums agree with population" in finding.text]
    assert text == "population_components: 443 sums agree with population (2 registered)"
    assert len(load_tables(data_copy).discrepancies.query("kind == 'components'")) == 2
