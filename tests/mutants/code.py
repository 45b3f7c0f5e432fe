"""Slips in the code: those of cosmic-ray, a sample of each module, judged by the tests that reach the line.

Which do is found by running them once. Each slip is made in a clone, so that what is worked on stays as it is.
"""

import ast
import os
import random
import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

import pytest

from ..conftest import REPOSITORY
from .reached import FOLDER, Reached

NEVER = ("browser", "install")  # tests of whole programs, in processes of their own
HARMLESS = Path(__file__).with_name("harmless.toml")  # what need not be noticed, and why
MANIFEST = "tests/test_manifest.py"  # what everything ends in
BUDGET = 120  # seconds of each of three kinds of tests that judge one slip, as measured: without that they are quicker
LONGEST = 240  # seconds: what was not noticed until then is told apart
TURNS = 12  # slips of a module, if there is time for as many
FAR_FETCHED = re.compile("NoOp|VariableInserter|VariableReplacer|Bit(And|Or|Xor)|[RL]Shift")  # of a hand


def mutants(seed: int, minutes: float) -> Iterator[tuple[str, str, bool | None]]:
    """Yield where, how, and whether it is noticed (None: took too long), until the time is over; modules take turns."""
    until, free = time.monotonic() + 60 * minutes, SimpleQueue[Path]()
    with TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as workers:
        clones = [Path(folder) / str(number) for number in range(os.cpu_count() or 1)]
        for clone in clones:
            subprocess.run(["git", "clone", "--quiet", "--shared", REPOSITORY, clone], check=True)
            free.put(clone)
        reached = _run_once(clones[0], Path(folder) / "reached")

        def judged(turn: tuple[Path, int]) -> tuple[str, str, bool | None] | None:
            path, number = turn
            if time.monotonic() > until or number >= len(slips := _of_module(path, seed)):
                return None
            (line, how, mutated), module = slips[number], path.relative_to(REPOSITORY).as_posix()
            where = f"{module}:{line}"
            if harmless(where, how):
                return where, how, False
            tests, clone = _judges(reached, clones[0] / module, _statement(path, line)), free.get()
            try:
                return where, how, _noticed(clone, module, mutated, tests)
            finally:
                free.put(clone)

        yield from filter(None, workers.map(judged, _in_turns(random.Random(seed))))


def harmless(where: str, how: str) -> str | None:
    """Return why a slip need not be noticed, where that is known."""
    return _reasons().get((where.partition(":")[0], how.rpartition(" became ")[2]))


@cache
def _reasons() -> dict[tuple[str, str], str]:
    slips = tomllib.loads(HARMLESS.read_text(encoding="utf-8"))["slip"]
    return {(slip["module"], slip["became"]): slip["why"] for slip in slips}


def _in_turns(chance: random.Random) -> list[tuple[Path, int]]:
    """Return each module with the number of its slip: the first of every one, then the second of each, and so on."""
    modules = _modules()
    chance.shuffle(modules)
    return [(path, number) for number in range(TURNS) for path in modules]


@cache
def _of_module(path: Path, seed: int) -> list[tuple[int, str, str]]:
    """Return slips of a module, no two the same: the line, how, the code with it."""
    from cosmic_ray import plugins
    from cosmic_ray.ast import ast_nodes, get_ast
    from cosmic_ray.mutating import mutate_code

    source, found = path.read_text(encoding="utf-8"), []
    nodes = list(ast_nodes(get_ast(source)))
    for name in (name for name in plugins.operator_names() if not FAR_FETCHED.search(name)):
        operator = plugins.get_operator(name)()
        places = sum(len(list(operator.mutation_positions(node))) for node in nodes)
        found += [(name, operator, place) for place in range(places)]
    slips = []
    for name, operator, place in random.Random(f"{seed} {path.stem}").sample(found, min(TURNS, len(found))):
        mutated = mutate_code(source, operator, place)
        if mutated and _bare(mutated) != _bare(source):
            line = _changed_line(source, mutated)
            how = f"{source.splitlines()[line - 1].strip()} became {mutated.splitlines()[line - 1].strip()}"
            slips.append((line, f"{name.partition('/')[2]}: {how}", mutated))
    return slips


def _bare(source: str) -> str:
    """Return code without annotations, which do nothing when it runs."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
    return ast.dump(tree)


def _changed_line(source: str, mutated: str) -> int:
    pairs = enumerate(zip(source.splitlines(), mutated.splitlines(), strict=False), 1)
    return next((number for number, (old, new) in pairs if old != new), 1)


def _run_once(clone: Path, folder: Path) -> Reached:
    """Note what each test reaches; raise where they cannot be run. One that fails without a slip is told."""
    subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "sodertorn_lib", "tests"], cwd=REPOSITORY, check=True)
    folder.mkdir()
    options = ["-p", "tests.mutants.reached", "-n", str(os.cpu_count()), "--dist", "loadscope"]
    left_out = [f"--ignore=tests/test_{name}.py" for name in NEVER]
    ran = _pytest(clone, *options, *left_out, "sodertorn_lib", "tests", **{FOLDER: str(folder)})
    if ran.returncode not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise RuntimeError(ran.stdout.decode())
    reached = Reached(folder)
    for test in sorted(reached.failed):
        print(f"code: {test} fails without a slip, so it judges none")
    return reached


def _judges(reached: Reached, path: Path, lines: range) -> list[str]:
    """Return who judges a slip: what reaches its lines, what everything ends in, and what reaches its module.

    What is made once without a fixture is reached by the first test alone, so the module's tests follow.
    """
    near, module = reached.tests(path, lines), reached.tests(path)
    everything = {test for test in reached.fixtures if test.startswith(MANIFEST)}
    turns = (near - everything, everything, module - near - everything)
    return [test for tests in turns for test in reached.affordable(sorted(tests, key=reached.seconds), BUDGET)]


def _statement(path: Path, line: int) -> range:
    """Return the lines of the innermost statement at a line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    spans = [range(own.lineno, (own.end_lineno or 0) + 1) for own in ast.walk(tree) if isinstance(own, ast.stmt)]
    return min((span for span in spans if line in span), key=len, default=range(line, line + 1))


def _noticed(clone: Path, module: str, mutated: str, tests: list[str]) -> bool | None:
    path = clone / module
    source = path.read_text(encoding="utf-8")
    path.write_text(mutated, encoding="utf-8")
    try:
        return _pytest(clone, "-x", "-n", "0", *tests, timeout=LONGEST).returncode != 0
    except subprocess.TimeoutExpired:
        return None
    finally:
        path.write_text(source, encoding="utf-8")


def _pytest(
    clone: Path, *arguments: str, timeout: float | None = None, **variables: str
) -> subprocess.CompletedProcess[bytes]:
    options = ["-q", "-p", "no:cacheprovider", "-o", "addopts=--doctest-modules", *arguments]
    own = os.environ | {"PYTHONPATH": str(clone), "PYTHONDONTWRITEBYTECODE": "1"} | variables
    command = [sys.executable, "-m", "pytest", *options]
    return subprocess.run(command, cwd=clone, env=own, capture_output=True, timeout=timeout, check=False)


def _modules() -> list[Path]:
    return sorted((REPOSITORY / "sodertorn_lib").rglob("*.py"))
