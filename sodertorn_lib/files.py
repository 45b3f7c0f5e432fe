"""What is written: each set of files whole or not at all, whatever ends the run, and one run at a time in a folder."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK, UNFINISHED = ".sodertorn-lock", ".sodertorn-unfinished"  # in the folder that is written into, meanwhile
JOURNAL = "journal"  # which files are being replaced or added; while it is there, they are not a whole set
KEPT = re.compile("[0-9]+-before")  # what a file is called meanwhile that is being replaced
PAUSE = 0.1  # seconds between two looks at a lock

Stamp = tuple[int, int]  # when a file was written, and its size

_alone_in: set[Path] = set()  # folders that this run has locked


def write_whole(folder: Path, files: Mapping[str, bytes], stale: Iterable[str] = ()) -> list[Path]:
    """Write all files below a folder and take out stale ones, or leave what was there; return their paths.

    The files are first written beside their places, then moved; what they replace is kept until all are there, and put
    back where anything comes on the way: by the next run that writes or reads there if this one is killed.

    Parameters
    ----------
    stale
        Patterns of files below the folder that belong to the same set and are not among the files any more.
    """
    with alone(folder):
        found = [path for pattern in stale for path in folder.glob(pattern) if path.is_file()]
        names = [*files, *sorted({path.relative_to(folder).as_posix() for path in found} - set(files))]
        for name in names:
            _require_free(folder, folder / name)
        try:
            _write_beside(folder, files)
            _replace(folder, names, len(files))
        finally:
            _put_back(folder)
    return [folder / name for name in files]


def settle(folder: Path) -> None:
    """Put back what a run has left half replaced, or wait for one that is replacing it: what is read is of one set."""
    if (folder / UNFINISHED / JOURNAL).exists():
        with alone(folder):
            pass


def stamp(path: Path) -> Stamp:
    """Return when a file was written, and its size; nil where there is none."""
    return (path.stat().st_mtime_ns, path.stat().st_size) if path.exists() else (0, 0)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let no other run write into a folder, once what one has left unfinished there is put back or taken out."""
    if folder.is_file():
        raise NotADirectoryError(errno.ENOTDIR, "it is a file, not a folder", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    place = folder.resolve()
    if place in _alone_in:
        yield
        return
    lock = _locked(folder)
    _alone_in.add(place)
    try:
        _put_back(folder)
        yield
    finally:
        _alone_in.remove(place)
        _unlock(folder / LOCK, lock)


def _require_free(folder: Path, path: Path) -> None:
    """Raise OSError where a file below a folder has no place: known before anything there is touched."""
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, "a folder has its name", str(path))
    parent = next(own for own in path.parents if own.exists())
    if not parent.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, "it is a file, not a folder", str(parent))
    if _leads_out(folder, path):
        raise OSError(errno.EXDEV, "a link leads out of the folder that is written into", str(parent))


def _leads_out(folder: Path, path: Path) -> bool:
    """Say whether a file is elsewhere than below a folder; one that is a link is where itself is."""
    return path.name in ("", "..") or not path.parent.resolve().is_relative_to(folder.resolve())


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let an error name what was to be written, not what stands for it meanwhile."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _write_beside(folder: Path, files: Mapping[str, bytes]) -> None:
    with _named(folder):
        (folder / UNFINISHED).mkdir()
    for place, (name, content) in enumerate(files.items()):
        with _named(folder / name):
            (folder / UNFINISHED / str(place)).write_bytes(content)
    for place, name in enumerate(files):
        with _named(folder / name):
            _sync(folder / UNFINISHED / str(place))


def _sync(path: Path) -> None:
    """Have a file on the disk, not on its way there: what finds no room is told now, and outlives a power cut."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _replace(folder: Path, names: list[str], count: int) -> None:
    """Move the first so many of the names to their places, and the others out of theirs."""
    staging = folder / UNFINISHED
    kept = {name: f"{place}-before" for place, name in enumerate(names) if (folder / name).exists()}
    draft = staging / "draft"
    with _named(folder):
        draft.write_text(json.dumps({"kept": kept, "added": [name for name in names if name not in kept]}))
        _sync(draft)
        draft.replace(staging / JOURNAL)
    for parent in {(folder / name).parent for name in names}:
        parent.mkdir(parents=True, exist_ok=True)
    for place, name in enumerate(names):
        with _named(folder / name):
            if name in kept:
                (folder / name).replace(staging / kept[name])
            if place < count:
                (staging / str(place)).replace(folder / name)
    (staging / JOURNAL).unlink()  # from here on it is the new set


def _put_back(folder: Path) -> None:
    """Take out what is unfinished, after putting back what it replaced; can begin anew wherever it was stopped."""
    staging = folder / UNFINISHED
    if (staging / JOURNAL).exists():
        journal = _journal(folder)
        for name, kept in journal["kept"].items():
            if (staging / kept).exists():
                (staging / kept).replace(folder / name)
        for name in journal["added"]:
            (folder / name).unlink(missing_ok=True)
            with suppress(OSError):
                (folder / name).parent.rmdir()  # if nothing else is in it
        (staging / JOURNAL).unlink()
    shutil.rmtree(staging, ignore_errors=True)


def _journal(folder: Path) -> dict[str, Any]:
    """Return which files were being replaced and added; raise OSError for a journal that no run of ours has written.

    It may have come with a folder that somebody sent: nothing outside of that is ever touched for it.
    """
    path = folder / UNFINISHED / JOURNAL
    with suppress(ValueError, LookupError, TypeError, AttributeError, RecursionError):
        journal: dict[str, Any] = json.loads(path.read_text())
        names = [*journal["kept"], *journal["added"]]
        inside = not any(_leads_out(folder, folder / name) for name in names)
        if inside and all(KEPT.fullmatch(kept) for kept in journal["kept"].values()):
            return journal
    raise OSError(errno.EINVAL, "no run of ours has written its journal", str(path))


def _locked(folder: Path) -> IO[bytes]:
    """Return the lock of a folder, taken; say so where it has to be waited for."""
    told = False
    while True:
        with _named(folder):
            lock = (folder / LOCK).open("ab")
        if not _taken(lock):
            if not told:
                print(f"Another run is writing into {folder}: waiting for it.", file=sys.stderr)
            told = True
            time.sleep(PAUSE)
        elif os.fstat(lock.fileno()).st_nlink:  # else whoever had it has removed it
            return lock
        lock.close()


def _taken(lock: IO[bytes]) -> bool:
    """Take a lock where nobody has it; the system takes it from a process that ends, however that ends."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(lock.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _unlock(path: Path, lock: IO[bytes]) -> None:
    """Remove a lock while it is held; Windows does so only once it is closed and nobody waits for it."""
    if sys.platform != "win32":
        path.unlink(missing_ok=True)
    lock.close()
    if sys.platform == "win32":
        with suppress(PermissionError):
            path.unlink(missing_ok=True)
