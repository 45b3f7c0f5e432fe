"""What `sodertorn check` holds: the data package, its checksums and every printed or published figure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sodertorn_lib.components import compare_components, require_components
from sodertorn_lib.contents import HOLDS
from sodertorn_lib.errors import DataError, Fault, TextError, columns_named
from sodertorn_lib.fees import membership_fees
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.growth import compare_published
from sodertorn_lib.reconciliation import reconcile, require_reconciled
from sodertorn_lib.registered import registration_faults
from sodertorn_lib.tables import Tables, load_tables
from sodertorn_lib.wording import literal_digits, placeholders, read_texts

ANYWAY = "Mend them; or give --anyway, and every chart says that its figures do not agree."


class Finding(NamedTuple):
    """One line of the check: what holds, or the faults of what does not."""

    holds: str
    faults: tuple[Fault, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether there is no fault."""
        return not self.faults

    @property
    def text(self) -> str:
        """What is printed of it."""
        return str(DataError(*self.faults)) if self.faults else self.holds


def check_all(data_dir: str | Path | None = None) -> Iterator[Finding]:
    """Yield the findings of `check_tables` for a folder.

    >>> all(finding.passed for finding in check_all())
    True
    """
    try:
        tables = load_tables(data_dir)
    except DataError as error:
        yield from (Finding("", (fault,)) for fault in error.faults)
        yield from _wording_findings()
    else:
        yield from check_tables(tables)


def _held(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield findings, and in place of those that cannot be made what is in the way of them."""
    try:
        with columns_named("a check", "Copy datapackage.json and the tables anew from the repository."):
            yield from findings
    except DataError as error:
        yield from (Finding("", (fault,)) for fault in error.faults)


def check_tables(tables: Tables) -> Iterator[Finding]:
    """Yield a finding for each table, each printed or published figure once the tables can be read, and the texts."""
    declared = tables.package["resources"]
    yield from dict.fromkeys(_table_finding(tables, table) for table in declared)  # a fault met twice is told once
    read = [table for table in declared if table["name"] in vars(tables)]
    yield from _held(_registration_findings(tables, read))
    if read == declared:
        yield from _held(_figure_findings(tables))
        yield _finding(partial(_components_hold, tables))
        yield from (_finding(partial(_contents_hold, tables, *rule)) for rule in HOLDS.items())
    yield from _wording_findings()


def agree(tables: Tables, *, anyway: bool) -> bool:
    """Say whether the check finds no fault; raise DataError with every one unless it is to go on anyway.

    >>> agree(load_tables(), anyway=False)
    True
    """
    faults = [fault for finding in check_tables(tables) for fault in finding.faults]
    if faults and not anyway:
        found = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
        raise DataError(Fault("sodertorn check", f"finds {found}, so nothing is written", ANYWAY), *faults)
    return not faults


def _table_finding(tables: Tables, declared: dict[str, Any]) -> Finding:
    return _finding(lambda: f"{declared['path']}: {len(getattr(tables, declared['name']))} rows, valid")


def _finding(holds: Callable[[], str]) -> Finding:
    """Return what holds, or the faults that are raised where it does not."""
    try:
        return Finding(holds())
    except DataError as error:
        return Finding("", error.faults)


def _registration_findings(tables: Tables, declared: list[dict[str, Any]]) -> Iterator[Finding]:
    faults = list(registration_faults(tables.folder, declared))
    yield from (Finding("", (fault,)) for fault in faults)
    if not faults:
        yield Finding("every table and what is declared of it: as registered")


def _figure_findings(tables: Tables) -> Iterator[Finding]:
    fees = membership_fees(tables.population, tables.fee_rates)
    printed, known = tables.printed_totals, tables.discrepancies
    sums = reconcile(tables.funds, tables.operating_statement, tables.projects, fees, printed, known)
    published = compare_published(tables.population, tables.population_published, known)
    for table in (sums, published):
        for place in range(len(table)):
            yield _finding(partial(_figure_holds, table.iloc[[place]]))


def _figure_holds(check: pd.DataFrame) -> str:
    require_reconciled(check)
    row = check.iloc[0]
    known = "" if row["status"] == "equal" else f" (registered difference {row['difference']:+,.10g})"
    ours = "the tables lack its rows" if row["status"] == "open" else f"recomputed {row['recomputed']:,.10g}{known}"
    return f"{row['check_id']} {row['year']}: printed {row['printed']:,.10g}, {ours}"


def _components_hold(tables: Tables) -> str:
    t = tables
    checks = compare_components(t.population_components, t.population, t.population_reference, t.discrepancies)
    require_components(checks, t.population_components)
    registered = int((checks["status"] == "registered").sum())
    return f"population_components: {len(checks)} sums agree with population ({registered} registered)"


def _contents_hold(tables: Tables, faults_of: Callable[[Tables], Iterable[Fault]], holds: str) -> str:
    if faults := list(faults_of(tables)):
        raise DataError(*faults)
    return holds


def _wording_findings() -> Iterator[Finding]:
    """Hold the texts of the languages against each other: the same keys, no placeholder or figure of one only."""
    texts: dict[str, Mapping[str, Mapping[str, str]]] = {}
    faults: list[Fault] = []
    for lang in LANGUAGES:
        try:
            texts[lang] = read_texts(lang)
        except TextError as error:
            faults += error.faults
    if not faults:  # one that cannot be read has nothing to be held against
        faults = [fault for lang in texts for fault in _wording_faults(lang, texts)]
    yield from (Finding("", (fault,)) for fault in faults)
    if not faults:
        yield Finding(f"{' and '.join(f'texts/{lang}.toml' for lang in LANGUAGES)}: the same keys and placeholders")


def _wording_faults(lang: str, texts: Mapping[str, Mapping[str, Mapping[str, str]]]) -> Iterator[Fault]:
    """Yield what a language lacks that another has, and placeholders and figures that are others: fewer there may be.

    What a column ends in _sv or _en for stands in that language only.
    """
    others = [own for other, own in texts.items() if other != lang]
    for chart, keys in texts[lang].items():
        elsewhere = [text for own in others for text in own.get(chart, {}).values()]
        known = set().union(*map(placeholders, elsewhere))
        for key, text in keys.items():
            where, same = f"texts/{lang}.toml, {chart}.{key}", [own.get(chart, {}).get(key) for own in others]
            if not key.endswith(f"_{lang}") and None in same:
                yield Fault(where, "stands in this language only", "Write it in the other, or take it out.")
            theirs, ours = set().union(*(placeholders(own) for own in same if own)), placeholders(text)
            for name in sorted(ours - (theirs if theirs - ours else known)):
                problem = f"has the placeholder {name}, which the other language does not have"
                yield Fault(where, problem, "Use one that the other has.")
            if any(Counter(literal_digits(text)) - Counter(literal_digits(own)) for own in same if own):
                problem = "has a figure outside of braces that the other language does not have"
                yield Fault(where, problem, "Write it as a placeholder, so that it follows the tables.")
