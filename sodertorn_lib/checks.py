"""What `sodertorn check` holds: the data package, its checksums and every printed or published figure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sodertorn_lib.components import compare_components, require_components
from sodertorn_lib.datapackage import checksum
from sodertorn_lib.errors import DataError, TextError
from sodertorn_lib.fees import membership_fees
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.growth import compare_published
from sodertorn_lib.reconciliation import reconcile, require_reconciled
from sodertorn_lib.tables import Tables, load_tables
from sodertorn_lib.wording import placeholders, read_texts

CHANGED = (
    "is not the file that datapackage.json registers. If the edit is intended, run sodertorn describe on the folder"
)


class Finding(NamedTuple):
    """One line of the check."""

    passed: bool
    text: str


def check_all(data_dir: str | Path | None = None) -> Iterator[Finding]:
    """Yield a finding for each table, each printed or published figure once the tables can be read, and the texts.

    >>> all(finding.passed for finding in check_all())
    True
    """
    tables = load_tables(data_dir)
    declared = tables.package["resources"]
    yield from dict.fromkeys(_table_finding(tables, table) for table in declared)  # a fault met twice is told once
    if all(table["name"] in vars(tables) for table in declared):
        yield from _figure_findings(tables)
        yield _component_finding(tables)
    yield from _wording_findings()


def _table_finding(tables: Tables, declared: dict[str, Any]) -> Finding:
    try:
        getattr(tables, declared["name"])
    except DataError as error:
        return Finding(False, str(error))
    registered = checksum(tables.folder / declared["path"]).items() <= declared.items()
    return Finding(registered, f"{declared['path']}: {'valid, checksum as registered' if registered else CHANGED}")


def _figure_findings(tables: Tables) -> Iterator[Finding]:
    fees = membership_fees(tables.population, tables.fee_rates)
    printed, known = tables.printed_totals, tables.discrepancies
    sums = reconcile(tables.funds, tables.operating_statement, tables.projects, fees, printed, known)
    published = compare_published(tables.population, tables.population_published, known)
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


def _component_finding(tables: Tables) -> Finding:
    t = tables
    try:
        checks = compare_components(t.population_components, t.population, t.population_reference, t.discrepancies)
        require_components(checks, t.population_components)
    except DataError as error:
        return Finding(False, str(error))
    registered = int((checks["status"] == "registered").sum())
    return Finding(True, f"population_components: {len(checks)} sums agree with population ({registered} registered)")


def _wording_findings() -> Iterator[Finding]:
    """Hold the texts of the languages against each other: the same keys, and no placeholder of one language only."""
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

    What a column ends in _sv or _en for stands in that language only.
    """
    others = [own for other, own in texts.items() if other != lang]
    for chart, keys in texts[lang].items():
        elsewhere = [text for own in others for text in own.get(chart, {}).values()]
        known = set().union(*(placeholders(text, chart) for text in elsewhere))
        for key, text in keys.items():
            where = f"texts/{lang}.toml, {chart}.{key}"
            if not key.endswith(f"_{lang}") and any(key not in own.get(chart, {}) for own in others):
                yield f"{where}: stands in this language only"
            for name in sorted(placeholders(text, where) - known):
                yield f"{where}: has the placeholder {name}, which no other language has for this chart"
