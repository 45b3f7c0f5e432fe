"""What `sodertorn check` holds: the data package, its checksums and every printed or published figure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sodertorn_lib import datasets
from sodertorn_lib.datapackage import DESCRIPTOR, data_folder, descriptor
from sodertorn_lib.errors import DataError
from sodertorn_lib.fees import membership_fees
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.growth import compare_published
from sodertorn_lib.reader import read_table
from sodertorn_lib.reconciliation import reconcile, require_reconciled

__all__ = ["Finding", "verify"]

CHANGED = (
    "is not the file that datapackage.json registers. If the edit is intended, run sodertorn describe on the folder"
)


class Finding(NamedTuple):
    """One line of the check."""

    passed: bool
    text: str


def verify(data_dir: str | Path | None = None) -> Iterator[Finding]:
    """Yield a finding for each table, each printed or published figure once the tables can be read, and the texts.

    >>> all(finding.passed for finding in verify())
    True
    """
    folder = data_folder(data_dir)
    declared = descriptor(folder)["resources"]
    unread = {table["name"]: _reading_fault(table["name"], folder) for table in declared}
    problems = {} if any(unread.values()) else _package_problems(folder)
    for table in declared:
        fault = unread[table["name"]]
        yield from [Finding(False, fault)] if fault else _table_findings(table, problems.get(table["name"], []))
    if not any(unread.values()):
        yield from _figure_findings(folder)
    yield from _wording_findings()


def _reading_fault(table: str, folder: Path) -> str:
    try:
        read_table(table, folder)
    except DataError as error:
        return str(error)
    return ""


def _package_problems(folder: Path) -> dict[str, list[Any]]:
    """Return what frictionless finds, by table."""
    from frictionless import Package, system  # noqa: PLC0415 (slow to import, and only needed here)

    with system.use_context(trusted=True):
        report = Package(str(folder / DESCRIPTOR)).validate()
    return {task.name: task.errors for task in report.tasks}


def _table_findings(table: dict[str, Any], errors: list[Any]) -> Iterator[Finding]:
    changed = [error for error in errors if error.type in ("hash-count", "byte-count")]
    if changed:
        yield Finding(False, f"{table['path']}: {CHANGED}")
    yield from (Finding(False, f"{table['path']}: {error.message}") for error in errors if error not in changed)
    if not errors:
        yield Finding(True, f"{table['path']}: valid, checksum as registered")


def _figure_findings(folder: Path) -> Iterator[Finding]:
    discrepancies, population = datasets.load_discrepancies(folder), datasets.load_population(folder)
    sums = reconcile(
        datasets.load_funds(folder),
        datasets.load_operating_statement(folder),
        datasets.load_projects(folder),
        membership_fees(population, datasets.load_fee_rates(folder)),
        datasets.load_printed_totals(folder),
        discrepancies,
    )
    named = datasets.load_municipalities(folder), datasets.load_population_published(folder)
    published = compare_published(population, *named, discrepancies)
    for table in (sums, published):
        for place in range(len(table)):
            yield _figure_finding(table.iloc[[place]])


def _figure_finding(check: pd.DataFrame) -> Finding:
    try:
        require_reconciled(check)
    except DataError as error:
        return Finding(False, str(error))
    row = check.iloc[0]
    if row["status"] == "open":
        return Finding(
            True, f"{row['check_id']} {row['year']}: printed {row['printed']:,.10g}, the tables lack its rows"
        )
    known = "" if row["status"] == "equal" else f" (registered difference {row['difference']:+,.10g})"
    amounts = f"printed {row['printed']:,.10g}, recomputed {row['recomputed']:,.10g}"
    return Finding(True, f"{row['check_id']} {row['year']}: {amounts}{known}")


def _wording_findings() -> Iterator[Finding]:
    """Hold the texts of the languages against each other: the same keys, with the same placeholders."""
    from sodertorn_lib.charts.wording import placeholders, read_texts  # noqa: PLC0415 (matplotlib, only needed here)

    first, *others = LANGUAGES
    flat = {
        lang: {f"{section}.{key}": text for section, texts in read_texts(lang).items() for key, text in texts.items()}
        for lang in LANGUAGES
    }
    for lang in others:
        faults = [f"{key} stands in one language only" for key in sorted(_single(flat[first], flat[lang]))]
        shared = [key for key in flat[first] if key in flat[lang]]
        odd = [key for key in shared if placeholders(flat[first][key]) != placeholders(flat[lang][key])]
        faults += [f"{key} has other placeholders in one language" for key in odd]
        yield from (Finding(False, f"texts/{first}.toml and texts/{lang}.toml: {fault}") for fault in faults)
        if not faults:
            yield Finding(True, f"texts/{first}.toml and texts/{lang}.toml: the same keys and placeholders")


def _single(one: dict[str, str], other: dict[str, str]) -> set[str]:
    """Return the keys of one language only; labels and areas have a column of their own in each."""
    return {key for key in set(one) ^ set(other) if not key.startswith(("columns.label_", "columns.area_"))}
