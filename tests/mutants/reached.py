"""Which tests reach which lines of the library, and what each costs: a plugin of pytest, and what it found.

A test is run once, with the first of what it is tried with. Whoever uses a fixture reaches what the fixture reaches.
"""

import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from coverage import Coverage

FOLDER = "REACHED"  # the variable of the environment that names the folder in which each process writes what it found

AS_IMPORTED = ""  # the context of what runs in no test


class Measuring:
    """What one process of the tests notes."""

    def __init__(self, folder: Path, process: str):
        self._path = folder / f"{process}.json"
        self._lines = Coverage(folder / "lines", process, source=["sodertorn_lib"], config_file=False)
        self._lines.start()
        self._context = AS_IMPORTED
        self._seconds: dict[str, float] = defaultdict(float)  # of each test, and of each fixture
        self._fixtures: dict[str, list[str]] = {}  # of each test
        self._times: Counter[str] = Counter()  # that each is tried
        self._failed: set[str] = set()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self._times.update(map(_test, items))
        first = {_test(item): item for item in reversed(items)}
        items[:] = [item for item in items if first[_test(item)] is item]
        for item in items:
            info = getattr(item, "_fixtureinfo", None)
            self._fixtures[_test(item)] = [_name(own[-1]) for own in info.name2fixturedefs.values()] if info else []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        with self._noting(_test(item)):
            return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef) -> Iterator[None]:
        with self._noting(_name(fixturedef)):
            return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._failed.add(report.nodeid.partition("[")[0])

    def pytest_sessionfinish(self) -> None:
        self._lines.stop()
        self._lines.save()
        seconds = {name: spent * self._times.get(name, 1) for name, spent in self._seconds.items()}
        noted = {"seconds": seconds, "fixtures": self._fixtures, "failed": sorted(self._failed)}
        self._path.write_text(json.dumps(noted), encoding="utf-8")

    @contextmanager
    def _noting(self, context: str) -> Iterator[None]:
        before, self._context, began = self._context, context, time.monotonic()
        self._lines.switch_context(context)
        try:
            yield
        finally:
            self._context = before
            self._lines.switch_context(before)
            self._seconds[context] += time.monotonic() - began


class Reached:
    """What all processes noted."""

    def __init__(self, folder: Path):
        notes = [json.loads(path.read_text(encoding="utf-8")) for path in folder.glob("*.json")]
        self._seconds = {name: spent for own in notes for name, spent in own["seconds"].items()}
        self.failed = {test for own in notes for test in own["failed"]}  # without a slip: they judge none
        every: dict[str, list[str]] = notes[0]["fixtures"]
        self.fixtures = {test: used for test, used in every.items() if test not in self.failed}
        lines = Coverage(folder / "lines", config_file=False)
        lines.combine([str(folder)])
        self._lines = lines.get_data()

    def tests(self, path: Path, lines: Iterable[int] | None = None) -> set[str]:
        """Return what reaches lines of a file, or any of it."""
        reached = self._lines.contexts_by_lineno(str(path))
        here = {own for line in lines or reached for own in reached.get(line, [])} - {AS_IMPORTED}
        return {test for test, used in self.fixtures.items() if test in here or not here.isdisjoint(used)}

    def seconds(self, test: str) -> float:
        """Return what a test takes by itself, with its fixtures."""
        return sum(self._seconds.get(own, 0) for own in [test, *self.fixtures[test]])

    def affordable(self, tests: Iterable[str], seconds: float) -> list[str]:
        """Return those for which there is time, in their order; a fixture is made once for all of them."""
        taken, made = [], set[str]()
        for test in tests:
            new = {test, *self.fixtures[test]} - made
            spent = sum(self._seconds.get(own, 0) for own in new)
            if spent <= seconds:
                seconds -= spent
                made |= new
                taken.append(test)
        return taken


def pytest_configure(config: pytest.Config) -> None:
    if process := os.environ.get("PYTEST_XDIST_WORKER"):
        config.pluginmanager.register(Measuring(Path(os.environ[FOLDER]), process))


def _test(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def _name(fixture: pytest.FixtureDef) -> str:
    return f"fixture {fixture.baseid}::{fixture.argname}"
