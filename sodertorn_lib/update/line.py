"""The line to SCB: what is asked is awaited, but not for ever, and whatever goes wrong with it is said in one line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from logging import DEBUG, Handler, LogRecord, getLogger
from queue import Empty, Queue
from threading import Thread
from typing import TypeVar

from requests.exceptions import ChunkedEncodingError, HTTPError, InvalidJSONError, RequestException
from tqdm import tqdm

from sodertorn_lib.errors import DataError, Fault

SILENCE_SECONDS = 60  # without a row, before an answer is given up
LATER = "Try again later."
LOOK = "Look at the table at SCB: what it is asked for stands in sodertorn_lib/update/scb.py."
ACTIONS = {"429": "Wait some minutes, and try again.", "5": LATER, "4": LOOK}  # by how the status begins

Item = TypeVar("Item")


class Line:
    """The line to SCB: shows how long it is waited for, and for what, and does not wait for ever."""

    def __enter__(self) -> Line:
        self._bar = tqdm(desc="SCB", bar_format="{desc} [{elapsed}]", disable=None, leave=False)
        self._waits = _Waits()
        return self

    def __exit__(self, *error: object) -> None:
        self._waits.end()
        self._bar.close()

    def one(self, what: str, call: Callable[[], Item]) -> Item:
        """Return the answer to a call."""
        (answer,) = self.each(what, lambda: [call()])
        return answer

    def each(self, what: str, call: Callable[[], Iterable[Item]]) -> Iterator[Item]:
        """Yield the rows of an answer as they come."""
        self._bar.set_description_str(f"SCB: {what}")
        arrived: Queue[tuple[list[Item], BaseException | None]] = Queue()
        Thread(target=_feed, args=(call, arrived), daemon=True).start()
        while True:
            rows, error = self._next(what, arrived)
            yield from rows
            if error:
                with in_form(what):
                    raise error
            if not rows:
                return

    def _next(self, what: str, arrived: Queue[Item]) -> Item:
        for _ in range(SILENCE_SECONDS):
            try:
                return arrived.get(timeout=1)
            except Empty:
                self._bar.refresh()
        because = f" ({self._waits.told})" if self._waits.told else ""
        raise DataError(Fault(what, f"has not answered for {SILENCE_SECONDS} seconds{because}", LATER))


def _feed(call: Callable[[], Iterable[Item]], arrived: Queue[tuple[list[Item], BaseException | None]]) -> None:
    """Put each row of an answer on the queue, then no row: its end, or the error that ended it."""
    try:
        for row in call():
            arrived.put(([row], None))
        arrived.put(([], None))
    except Exception as error:  # whatever it is, it is raised again in the thread that waits
        arrived.put(([], error))


class _Waits(Handler):
    """Hears what pxwebpy logs of why it waits."""

    def __init__(self) -> None:
        super().__init__()
        self.told = ""
        self._log = getLogger("pxweb")
        self._level = self._log.level
        self._log.setLevel(DEBUG)
        self._log.addHandler(self)

    def emit(self, record: LogRecord) -> None:
        """Keep the last reason."""
        if "second(s)" in record.msg:
            self.told = record.getMessage()

    def end(self) -> None:
        """Hear no more."""
        self._log.removeHandler(self)
        self._log.setLevel(self._level)


@contextmanager
def in_form(what: str) -> Iterator[None]:
    """Turn whatever goes wrong with an answer into a DataError of one line."""
    try:
        yield
    except DataError:
        raise
    except HTTPError as error:
        raise DataError(_refusal(what, str(error))) from error
    except ChunkedEncodingError as error:
        raise DataError(Fault(what, "cut its answer short", LATER)) from error
    except InvalidJSONError as error:
        raise DataError(Fault(what, "gives an answer that is not whole, or not JSON", LATER)) from error
    except RequestException as error:
        problem = f"cannot be reached ({type(error).__name__})"
        raise DataError(Fault(what, problem, "Check the connection and the address.")) from error
    except Exception as error:
        problem = f"answers in another form than PxWebApi 2 ({type(error).__name__}: {error})"
        raise DataError(Fault(what, problem, "Check the address: it ends with the version, as /api/v2.")) from error


def _refusal(what: str, message: str) -> Fault:
    """Return what a refusal is about, from the message that pxwebpy makes of it."""
    status, title = re.search(r"Error (\d+)", message), re.search("Title: (.+)", message)
    code = status[1] if status else "an error"
    because = f" ({title[1]})" if title and title[1] != "None" else ""
    action = next((action for start, action in ACTIONS.items() if code.startswith(start)), LATER)
    return Fault(what, f"answers {code}{because}", action)
