"""Make files of charts, decks and workbooks, on as many processors as there are."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import get_context
from multiprocessing.forkserver import ensure_running, set_forkserver_preload
from typing import TypeVar

from tqdm import tqdm

from sodertorn_lib.answers import ANSWERS, Answer
from sodertorn_lib.charts import CHARTS, Chart
from sodertorn_lib.errors import DataError, Fault, TextError
from sodertorn_lib.measured import Measured

Files = dict[str, bytes]  # content by name
Job = Callable[[], Files]
Made = TypeVar("Made")
METHOD = "spawn" if os.name == "nt" else "forkserver"  # of starting other processes
FEW = 4  # jobs that are done sooner than other processors would be ready


def get_ready() -> None:
    """Let a server start that has imported all that drawing takes, while this process reads and measures."""
    if METHOD == "forkserver":
        set_forkserver_preload([__name__])
        ensure_running()


def charts(measured: Measured, lang: str) -> list[Chart]:
    """Return every chart of a year that its tables allow; tell which they do not."""
    return list(_allowed(CHARTS, lambda draw: draw(**measured.arguments(draw), lang=lang), f"{lang}/{{}} is not drawn"))


def answers(measured: Measured, lang: str) -> list[Answer]:
    """Return every answer of a year that its tables allow; tell which they do not."""
    year = measured.tables, measured.year
    said = _allowed(
        ANSWERS, lambda answer: answer(*year, lang, **measured.arguments(answer)), f"{lang}: {{}} is not answered"
    )
    return list(said)


def chart_files(chart: Chart, formats: Sequence[str] = ("png", "svg")) -> Files:
    """Return the files of a chart below a folder for its language."""
    return {f"{chart.lang}/{file}": content for file, content in chart.files(formats).items()}


def made(jobs: Sequence[Job], about: str) -> Files:
    """Return the files of all jobs, each done by whichever processor is free."""
    files: Files = {}
    for done in tqdm(_results(jobs), total=len(jobs), desc=about, unit="job", disable=None):
        files |= done
    return files


def _allowed(functions: Iterable[Callable[..., Made]], make: Callable[..., Made], lacking: str) -> Iterator[Made]:
    for function in functions:
        try:
            yield make(function)
        except TextError:
            raise
        except ValueError as error:  # DataError, and what a projection cannot be made from
            tqdm.write(f"{lacking.format(function.__name__)}: {error}")


def _results(jobs: Sequence[Job]) -> Iterator[Files]:
    processors = min(os.cpu_count() or 1, len(jobs))
    if processors == 1 or len(jobs) < FEW:
        yield from (_done(job) for job in jobs)
        return
    # an interrupt is for the first process alone, which then lets the others end
    quiet = partial(signal.signal, signal.SIGINT, signal.SIG_IGN)
    pool = ProcessPoolExecutor(processors, get_context(METHOD), quiet)
    try:
        yield from pool.map(_done, jobs)
    except BrokenProcessPool as error:
        problem = "was ended from outside, perhaps for lack of memory"
        raise DataError([Fault("a process", problem, "Run it again with less open beside it.")]) from error
    finally:
        pool.shutdown(cancel_futures=True)


def _done(job: Job) -> Files:
    return job()
