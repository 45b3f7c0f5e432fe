"""Sets of files are written whole or not at all, wherever a kill, an error or a full disk comes, and by two runs."""

import csv
import errno
import io
import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path, PurePosixPath

import pandas as pd
import pytest

from sodertorn_lib import DataError, files, load_tables
from sodertorn_lib.describe import renew
from sodertorn_lib.files import JOURNAL, LOCK, UNFINISHED, write_whole
from sodertorn_lib.spreadsheets import as_csv

OLD = {"index.txt": b"old", "sv/a.txt": b"old", "sv/b.txt": b"old", "sv/gone.svg": b"old"}
NEW = {"index.txt": b"new", "sv/a.txt": b"new", "en/a.txt": b"new", "sv/b.txt": b"new"}
STALE = ["sv/gone.*"]
OWN = {"own.txt": b"of the user", "sv/gone.own/a.txt": b"of the user"}
HALF_WAY = 20  # steps, before which half of the old set is moved away
BEGIN = f"""
import importlib.util, os, sys, time
from pathlib import Path
spec = importlib.util.spec_from_file_location("files", {files.__file__!r})  # without all that the library imports
files = importlib.util.module_from_spec(spec)
spec.loader.exec_module(files)
folder = Path(sys.argv[1])
"""
KILLED = f"""{BEGIN}
steps, signal = int(sys.argv[2]), {int(getattr(signal, "SIGKILL", signal.SIGTERM))}
def count(event, arguments):
    global steps
    if event in ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir"):
        steps -= 1
        if steps < 0:
            os.kill(os.getpid(), signal)
sys.addaudithook(count)
files.write_whole(folder, {NEW!r}, {STALE!r})
"""
HOLDS = f"""{BEGIN}
with files.alone(folder):
    print("alone", flush=True)
    sys.stdin.read()
"""
WRITES = f"""{BEGIN}
files.write_whole(folder, {NEW!r}, {STALE!r})
"""
COUNTS = f"""{BEGIN}
for _ in range(25):
    with files.alone(folder):
        number = int((folder / "a.txt").read_text())
        files.write_whole(folder, dict.fromkeys(("a.txt", "b.txt"), str(number + 1).encode()))
"""


def there(folder: Path) -> dict[str, bytes | None]:
    """Return every file and folder below a folder, hidden ones too."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*")}
    return {name: path.read_bytes() if path.is_file() else None for name, path in paths.items()}


def as_there(*sets: dict[str, bytes]) -> dict[str, bytes | None]:
    whole = {name: content for own in sets for name, content in own.items()}
    return whole | {str(above): None for name in whole for above in PurePosixPath(name).parents[:-1]}


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    command, pipe = [sys.executable, "-S", "-c", script, *map(str, arguments)], subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def is_killed(step: int, folder: Path, script: str = KILLED) -> bool:
    """Write into a folder until a step is due, and be killed; return whether there was such a step."""
    run = start(script, folder, step)
    assert run.communicate() == ("", "")
    return run.returncode != 0


def test_a_set_is_replaced_with_what_no_longer_belongs_to_it_and_nothing_else(tmp_path):
    write_whole(tmp_path, OLD | OWN)
    assert write_whole(tmp_path, NEW, STALE) == [tmp_path / name for name in NEW]
    assert there(tmp_path) == as_there(NEW, OWN)


def test_whatever_step_a_run_is_killed_at_the_next_one_leaves_one_set(tmp_path):
    is_new, left = [], set()
    for step in itertools.count():
        folder = tmp_path / str(step)
        write_whole(folder, OLD | OWN)
        killed = is_killed(step, folder)
        left |= {path.name for path in (folder / LOCK, folder / UNFINISHED / JOURNAL) if path.exists()}
        write_whole(folder, {"next.txt": b"next"})
        assert there(folder) in [as_there(own, OWN, {"next.txt": b"next"}) for own in (OLD, NEW)], step
        is_new.append("en/a.txt" in there(folder))
        if not killed:
            break
    assert left == {LOCK, JOURNAL} and len(is_new) > 30
    assert is_new == sorted(is_new) and is_new[:1] == [False]  # from the one step on that ends the move


def test_whatever_step_the_next_run_is_killed_at_the_one_after_it_leaves_one_set(tmp_path):
    for step in itertools.count():
        folder = tmp_path / str(step)
        write_whole(folder, OLD | OWN)
        assert is_killed(HALF_WAY, folder) and not there(folder).keys() >= OLD.keys()
        killed = is_killed(step, folder)
        write_whole(folder, {"next.txt": b"next"})
        assert there(folder) in [as_there(own, OWN, {"next.txt": b"next"}) for own in (OLD, NEW)], step
        if not killed:
            break


@pytest.fixture
def half_replaced(data_copy) -> Path:
    """Return a folder of tables in which a run was killed while it replaced them."""
    return kill_half_way(data_copy)


def kill_half_way(data_copy: Path) -> Path:
    tables = sorted(path.name for path in data_copy.glob("*.csv"))
    script = KILLED.replace(repr(NEW), repr(dict.fromkeys(tables, b"")))
    for step in itertools.count(3 * len(tables)):
        assert is_killed(step, data_copy, script)
        if (data_copy / tables[0]).exists() and not (data_copy / tables[0]).stat().st_size:
            return data_copy
    raise AssertionError


def test_who_reads_tables_that_are_half_replaced_has_them_put_back(half_replaced):
    assert len(load_tables(half_replaced).read_all().funds)
    assert not (half_replaced / UNFINISHED).exists() and not (half_replaced / LOCK).exists()


def test_tables_that_were_registered_anew_meanwhile_are_not_mixed_with_those_that_are_read_already(data_copy, edit):
    tables = load_tables(data_copy)
    assert len(tables.funds)
    edit("funds.csv", "Concerns the systems", "Is for the systems")
    renew(data_copy)
    with pytest.raises(DataError, match=r"datapackage\.json: was written anew since .*\. Load them again\."):
        _ = tables.printed_totals
    assert len(tables.funds) and len(load_tables(data_copy).printed_totals)


def test_tables_that_were_loaded_before_are_put_back_too(data_copy):
    tables = load_tables(data_copy)
    kill_half_way(data_copy)
    assert len(tables.boundaries)


def test_where_they_cannot_be_put_back_it_is_said(half_replaced, monkeypatch):
    def read_only(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder / LOCK))

    monkeypatch.setattr(files, "_locked", read_only)
    with pytest.raises(
        DataError, match=r"data: holds tables of two sets: .*\(Permission denied\)\. Run sodertorn check"
    ):
        load_tables(half_replaced)


def failing(monkeypatch, owner: object, name: str, call: int, number: int) -> list[int]:
    """Let one call of a function fail; return a list that is no longer empty once it did."""
    function, calls, failed = getattr(owner, name), itertools.count(), []

    def fail(*arguments, **named):
        if next(calls) == call:
            failed.append(call)
            raise OSError(number, os.strerror(number), *map(str, arguments[:1]))
        return function(*arguments, **named)

    monkeypatch.setattr(owner, name, fail)
    return failed


@pytest.mark.parametrize(
    ("owner", "name", "number"),
    [
        (Path, "replace", errno.EACCES),  # as of a file that is open, on Windows
        (Path, "write_bytes", errno.ENOSPC),
        (Path, "write_text", errno.ENOSPC),
        (Path, "mkdir", errno.ENOSPC),
        (os, "fsync", errno.EIO),
    ],
)
def test_an_error_anywhere_leaves_what_was_there(tmp_path, owner, name, number):
    write_whole(tmp_path, OLD | OWN)
    for call in itertools.count():
        with pytest.MonkeyPatch.context() as patch:
            failed = failing(patch, owner, name, call, number)
            try:
                write_whole(tmp_path, NEW, STALE)
            except OSError as raised:
                assert raised.errno == number and UNFINISHED not in raised.filename
        if not failed:
            break
        assert there(tmp_path) == as_there(OLD, OWN), call
    assert call and there(tmp_path) == as_there(NEW, OWN)


def test_what_is_no_content_leaves_what_was_there(tmp_path):
    write_whole(tmp_path, OLD)
    with pytest.raises(TypeError):
        write_whole(tmp_path, NEW | {"sv/b.txt": None}, STALE)
    assert there(tmp_path) == as_there(OLD)


@pytest.mark.parametrize(
    ("own", "error", "said"),
    [
        ("sv/a.txt/own.txt", IsADirectoryError, r"a folder has its name: .*a\.txt"),
        ("sv", NotADirectoryError, "it is a file, not a folder: .*sv'"),
    ],
)
def test_what_stands_where_a_file_or_its_folder_has_to_be_is_named_and_left_alone(tmp_path, own, error, said):
    write_whole(tmp_path, {own: b"of the user"})
    before = there(tmp_path)
    with pytest.raises(error, match=said):
        write_whole(tmp_path, NEW)
    assert there(tmp_path) == before
    write_whole(tmp_path, {"index.txt": b"new"})


def test_nothing_is_written_through_a_link_that_leads_out_of_the_folder(tmp_path):
    write_whole(tmp_path, {"elsewhere/sv/a.txt": b"of others", "own/index.txt": b"old"})
    (tmp_path / "own" / "sv").symlink_to(tmp_path / "elsewhere" / "sv")
    before = there(tmp_path)
    with pytest.raises(OSError, match=r"a link leads out of the folder that is written into: .*own/sv'"):
        write_whole(tmp_path / "own", NEW)
    assert there(tmp_path) == before


@pytest.mark.parametrize("call", range(5))
def test_a_file_that_is_a_link_is_put_back_as_one(tmp_path, monkeypatch, call):
    write_whole(tmp_path, {"shared.txt": b"shared", **{f"own/{name}": content for name, content in OLD.items()}})
    link = tmp_path / "own" / "index.txt"
    link.unlink()
    link.symlink_to(tmp_path / "shared.txt")
    failed = failing(monkeypatch, Path, "replace", call, errno.EACCES)
    with pytest.raises(PermissionError):
        write_whole(tmp_path / "own", NEW, STALE)
    assert failed and link.is_symlink() and link.read_bytes() == b"shared"
    assert there(tmp_path / "own") == as_there(OLD | {"index.txt": b"shared"})


def test_two_runs_wait_for_each_other_and_none_loses_what_the_other_wrote(tmp_path):
    write_whole(tmp_path, {"a.txt": b"0", "b.txt": b"0"})
    runs = [start(COUNTS, tmp_path) for _ in range(3)]
    for run in runs:
        _, said = run.communicate(timeout=60)
        assert run.returncode == 0 and not said.replace(
            f"Another run is writing into {tmp_path}: waiting for it.\n", ""
        )
    assert there(tmp_path) == {"a.txt": b"75", "b.txt": b"75"}


def test_a_run_that_waits_says_so_and_goes_on(tmp_path):
    first = start(HOLDS, tmp_path)
    assert first.stdout.readline() == "alone\n"
    second = start(WRITES, tmp_path)
    assert second.stderr.readline() == f"Another run is writing into {tmp_path}: waiting for it.\n"
    assert second.poll() is None and list(there(tmp_path)) == [LOCK]
    first.communicate("")
    assert second.communicate(timeout=60) == ("", "") and second.returncode == 0
    assert there(tmp_path) == as_there(NEW)


def test_nobody_waits_for_a_run_that_is_dead(tmp_path, capsys):
    dead = start(HOLDS, tmp_path)
    assert dead.stdout.readline() == "alone\n"
    dead.kill()
    dead.communicate()
    assert list(there(tmp_path)) == [LOCK]
    write_whole(tmp_path, NEW)
    assert there(tmp_path) == as_there(NEW)
    assert capsys.readouterr().err == ""


def test_a_lock_that_is_removed_while_it_is_taken_is_not_the_one_that_others_wait_for(tmp_path, monkeypatch):
    take, removed = files._taken, []

    def remove_first(lock) -> bool:
        if not removed:
            (tmp_path / LOCK).unlink()
            removed.append(lock)
        return take(lock)

    monkeypatch.setattr(files, "_taken", remove_first)
    with files.alone(tmp_path):
        assert list(there(tmp_path)) == [LOCK]
    assert removed and there(tmp_path) == {}


RISKY = ["=1+1", "+1", "-2+3", "@SUM(A1)", "\t=1+1", "\r=1+1", "＝1+1", "a;=1+1", 'a\n=1+1, "b"', '=1+1, "b"']


@pytest.mark.parametrize("kind", ["str", "object", "category"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_no_label_is_a_formula_in_a_spreadsheet(kind, delimiter):
    labels = pd.Series(RISKY, dtype=kind)
    text = as_csv(pd.DataFrame({"label_sv": labels, "year": 2020, "label_en": labels})).decode()
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    begun = {line[:1] for row in rows for cell in row for line in cell.splitlines()}
    assert begun and not begun & set("=+-@\t＝")


def test_numbers_blanks_and_other_labels_stay_as_they_are():
    table = pd.DataFrame(
        {"label_sv": ["Drift", "A-B", None], "change": [-5.5, None, 7], "day": pd.Timestamp(2020, 1, 2)}
    )
    assert as_csv(table) == b"label_sv,change,day\nDrift,-5.5,2020-01-02\nA-B,,2020-01-02\n,7.0,2020-01-02\n"
