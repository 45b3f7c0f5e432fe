"""Make files of charts, decks and workbooks, on as many processors as there are."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cached_property, partial
from multiprocessing import get_context
from multiprocessing.forkserver import ensure_running, set_forkserver_preload
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from sodertorn_lib import charts
from sodertorn_lib.activities import with_focus_area
from sodertorn_lib.answers import ANSWERS, Answer, what_if, year_on_year
from sodertorn_lib.charts import CHARTS, COMPARISONS, Chart
from sodertorn_lib.charts.charted import disagreeing, highlighted
from sodertorn_lib.charts.spec import subjects
from sodertorn_lib.errors import DataError, Fault, TextError
from sodertorn_lib.measured import Measured
from sodertorn_lib.places import trace
from sodertorn_lib.publish.deck import deck
from sodertorn_lib.publish.decksets import TEXT_SLIDES, WHOLE, DeckSet, read_sets
from sodertorn_lib.publish.inline import inline_parts
from sodertorn_lib.publish.one_municipality import about_municipality
from sodertorn_lib.publish.workbook import workbook

Files = dict[str, bytes]  # content by name
Job = Callable[[], Files]
Made = TypeVar("Made")
METHOD = "spawn" if os.name == "nt" else "forkserver"  # of starting other processes


def get_ready() -> None:
    """Let a server start that imports all that drawing takes, while this process reads and measures."""
    if METHOD == "forkserver":
        set_forkserver_preload([__name__])
        ensure_running()


def drawings() -> dict[str, Callable[..., Chart]]:
    """Return every chart that a deck may have, by name."""
    return {draw.__name__: draw for draw in (*CHARTS, *COMPARISONS, charts.what_if)}


def deck_sets() -> Mapping[str, DeckSet]:
    """Return the sets of slides that there are."""
    return read_sets(drawings(), [answer.__name__ for answer in ANSWERS])


@dataclass(frozen=True)
class Edition:
    """The charts and answers of a year in one language, and the jobs that make files of them.

    With a municipality every chart that has it highlights it, and the deck says what it pays and how it grew. Where the
    tables do not agree every chart says so.
    """

    measured: Measured
    lang: str
    municipality: str | None = None
    agrees: bool = True

    @cached_property
    def charts(self) -> list[Chart]:
        """Every chart that the tables allow; it is told which they do not."""
        return self.drawn([*CHARTS, *(COMPARISONS if self.has_year_before else ())])

    def drawn(self, wanted: Iterable[Callable[..., Chart]]) -> list[Chart]:
        """Return those of the charts that the tables allow; it is told which they do not."""
        return list(_allowed(wanted, self.draw, f"{self.lang}/{{}} is not drawn"))

    def draw(self, chart: Callable[..., Chart]) -> Chart:
        """Return a chart; raise DataError where the tables do not allow it."""
        made = chart(**self.measured.arguments(chart), lang=self.lang)
        made = made if self.agrees else disagreeing(made)
        has_it = self.municipality in subjects(made.plot)
        return highlighted(made, [str(self.municipality)]) if has_it else made

    @cached_property
    def answers(self) -> list[Answer]:
        """Every answer that the tables allow; it is told which they do not."""
        return self.answered(ANSWERS)

    def answered(self, wanted: Iterable[Callable[..., Answer]]) -> list[Answer]:
        """Return those of the answers that the tables allow; it is told which they do not."""
        own, year = self.measured, (self.measured.tables, self.measured.year, self.lang)
        told = f"{self.lang}: {{}} is not answered"
        return list(_allowed(wanted, lambda answer: answer(*year, **own.arguments(answer)), told))

    @property
    def published(self) -> list[Answer]:
        """The answers that leave the house: no scenario, and what changed only where there is a year before."""
        kept_back = {what_if.__name__} | ({year_on_year.__name__} if not self.has_year_before else set())
        return [answer for answer in self.answers if answer.name not in kept_back]

    @property
    def has_year_before(self) -> bool:
        """Whether the tables hold the accounts of the year before."""
        return self.measured.year - 1 in set(self.measured.tables.printed_totals["year"])

    @property
    def known(self) -> dict[str, int]:
        """The year of the report, and the last one of the population."""
        return {"year": self.measured.year, "population_year": int(self.measured.tables.population["year"].max())}

    def drawings(self, formats: Sequence[str] = ("png", "svg")) -> Iterator[Job]:
        """Yield what makes the files of each chart, below a folder for the language."""
        yield from (partial(_chart_files, chart, formats) for chart in self.charts)

    def shown(self) -> Iterator[Job]:
        """Yield what makes the files of each chart, and with them its part of the page."""
        yield from (partial(_chart_files_and_parts, chart) for chart in self.charts)

    def deck(self, name: str | None = None, template: Path | None = None, chosen: DeckSet = WHOLE) -> Iterator[Job]:
        """Yield what makes the deck of a set of slides; nothing is drawn or answered that is on none of them."""
        drawn = self.charts if chosen.slides is None else self._charts_of(chosen)
        there, own = {*TEXT_SLIDES, *(chart.name for chart in drawn)}, self.measured
        about = self.municipality and about_municipality(own, self.municipality, self.lang)
        slides = chosen.slides and [slide for slide in chosen.slides if slide in there]
        contents = drawn, self._answers_of(chosen), own.differences, own.year, self.lang, template
        named = {"slides": slides, "municipality": about}
        yield partial(_file, name or f"sodertorn_{self.lang}.pptx", deck, *contents, **named)

    def _charts_of(self, chosen: DeckSet) -> list[Chart]:
        return self.drawn(draw for name, draw in drawings().items() if name in (chosen.slides or ()))

    def _answers_of(self, chosen: DeckSet) -> list[Answer]:
        if chosen.slides is not None and "in_short" not in chosen.slides:
            return []
        if chosen.answers is None:
            return self.published
        by_name = {answer.__name__: answer for answer in ANSWERS}
        return self.answered(by_name[name] for name in chosen.answers)

    def workbook(self) -> Iterator[Job]:
        """Yield what makes the workbook."""
        own, tables = self.measured, self.measured.tables
        plan = with_focus_area(own.plan, tables.focus_areas)
        more = {"plan": plan, "differences": own.differences, "trace": trace(tables, own.year)}
        yield partial(_file, f"sodertorn_{self.lang}.xlsx", workbook, self.charts, self.published, more, self.lang)


def made(jobs: Iterable[Job], about: str) -> Files:
    """Return the files of all jobs, each begun as soon as it is known and done by whichever processor is free."""
    # an interrupt is for the first process alone, which then lets the others end
    quiet = partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
    pool = ProcessPoolExecutor(os.cpu_count(), get_context(METHOD), quiet)
    files: Files = {}
    try:
        begun = [pool.submit(job) for job in jobs]
        for done in tqdm(begun, desc=about, unit="job", disable=None):
            files |= done.result()
    except BrokenProcessPool as error:
        problem = "was ended from outside, perhaps for lack of memory"
        raise DataError(Fault("a process", problem, "Run it again with less open beside it.")) from error
    finally:
        pool.shutdown(cancel_futures=True)
    return files


def _allowed(functions: Iterable[Callable[..., Made]], make: Callable[..., Made], lacking: str) -> Iterator[Made]:
    for function in functions:
        try:
            yield make(function)
        except TextError:
            raise
        except ValueError as error:  # DataError, and what a projection cannot be made from
            tqdm.write(f"{lacking.format(function.__name__)}: {error}")


def _chart_files(chart: Chart, formats: Sequence[str]) -> Files:
    return {f"{chart.lang}/{file}": content for file, content in chart.files(formats).items()}


def _chart_files_and_parts(chart: Chart) -> Files:
    return {**_chart_files(chart, ("png", "svg")), **inline_parts(chart)}


def _file(name: str, make: Callable[..., bytes], *contents: object, **named: object) -> Files:
    return {name: make(*contents, **named)}
