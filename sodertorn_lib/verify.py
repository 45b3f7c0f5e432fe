"""What `sodertorn check` holds: the data package, its checksums and every printed or published figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sodertorn_lib import datasets
from sodertorn_lib.datapackage import DESCRIPTOR, data_folder, descriptor
from sodertorn_lib.errors import DataError, TextError
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
    """Hold the texts of the languages against each other: the same keys, and no placeholder of one language only."""
    from sodertorn_lib.charts.wording import read_texts  # noqa: PLC0415 (matplotlib, only needed here)

    try:
        texts = {lang: read_texts(lang) for lang in LANGUAGES}
        faults = [fault for lang in LANGUAGES for fault in _wording_faults(lang, texts)]
    except TextError as error:
        faults = str(error).splitlines()
    yield from (Finding(False, fault) for fault in faults)
    if not faults:
        yield Finding(
            True, f"{' and '.join(f'texts/{lang}.toml' for lang in LANGUAGES)}: the same keys and placeholders"
        )


def _wording_faults(lang: str, texts: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Iterator[str]:
    """Yield what a language lacks that another has, and placeholders that no text of that chart has in another.

    Labels and areas have a column of their own in each language.
    """
    from sodertorn_lib.charts.wording import placeholders  # noqa: PLC0415

    others = [own for other, own in texts.items() if other != lang]
    for chart, keys in texts[lang].items():
        elsewhere = [text for own in others for text in own.get(chart, {}).values()]
        known = set().union(*(placeholders(text, chart) for text in elsewhere))
        for key, text in keys.items():
            where = f"texts/{lang}.toml, {chart}.{key}"
            if not key.startswith(("label_", "area_")) and any(key not in own.get(chart, {}) for own in others):
                yield f"{where}: stands in this language only"
            for name in sorted(placeholders(text, where) - known):
                yield f"{where}: has the placeholder {name}, which no other language has for this chart"
