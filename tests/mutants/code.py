"""Slips in the code: those of cosmic-ray, a sample of each module, judged by the tests that name it.

Each is made in a clone, so that what is worked on stays as it is.
"""

import ast
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from ..conftest import REPOSITORY

SLOW = {"test_browser", "test_install", "test_notebooks", "test_environment"}  # not for one slip each
LAST = ["tests/test_manifest.py", "tests/test_claims.py"]  # what everything ends in
LONGEST = 600  # seconds for the tests of one, which is more than they take: what ends so is not judged
FAR_FETCHED = re.compile("NoOp|VariableInserter|VariableReplacer|BitAnd_|RShift|LShift|BitXor")  # of a hand


def mutants(seed: int, minutes: float) -> Iterator[tuple[str, str, bool | None]]:
    """Yield where, how, and whether it is noticed (None: took too long), until the time is over; modules take turns."""
    until, free = time.monotonic() + 60 * minutes, SimpleQueue[Path]()
    with TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as workers:
        for number in range(os.cpu_count() or 1):
            clone = Path(folder) / str(number)
            subprocess.run(["git", "clone", "--quiet", "--shared", REPOSITORY, clone], check=True)
            free.put(clone)

        def judged(slip: tuple[str, str, str]) -> tuple[str, str, bool | None] | None:
            if time.monotonic() > until:
                return None
            clone = free.get()
            try:
                return slip[0], slip[1], _noticed(clone, slip[0].partition(":")[0], slip[2])
            finally:
                free.put(clone)

        yield from filter(None, workers.map(judged, _in_turns(random.Random(seed))))


def _in_turns(chance: random.Random) -> list[tuple[str, str, str]]:
    """Return slips of all modules, one of each, then a second of each, and so on: where, how, the code with it."""
    made = [_of_module(path, chance) for path in sorted((REPOSITORY / "sodertorn_lib").rglob("*.py"))]
    chance.shuffle(made)
    return [own[turn] for turn in range(6) for own in made if turn < len(own)]


def _of_module(path: Path, chance: random.Random) -> list[tuple[str, str, str]]:
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
    for name, operator, place in chance.sample(found, min(12, len(found))):
        mutated = mutate_code(source, operator, place)
        if mutated and _bare(mutated) != _bare(source):
            line = _changed_line(source, mutated)
            how = f"{source.splitlines()[line - 1].strip()} became {mutated.splitlines()[line - 1].strip()}"
            slips.append(
                (f"{path.relative_to(REPOSITORY).as_posix()}:{line}", f"{name.partition('/')[2]}: {how}", mutated)
            )
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


def _noticed(clone: Path, module: str, mutated: str) -> bool | None:
    path = clone / module
    source = path.read_text(encoding="utf-8")
    path.write_text(mutated, encoding="utf-8")
    options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-o", "addopts=--doctest-modules"]
    command = [
        sys.executable,
        "-m",
        "pytest",
        *options,
        module,
        *[name for name in _tests_of(module) if name not in LAST],
        *LAST,
    ]
    try:
        own = os.environ | {"PYTHONPATH": str(clone), "PYTHONDONTWRITEBYTECODE": "1"}
        ended = subprocess.run(command, cwd=clone, env=own, capture_output=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return None
    finally:
        path.write_text(source, encoding="utf-8")
    return ended.returncode != 0


def _tests_of(module: str) -> list[str]:
    """Return the test files that name a module, the shortest first."""
    stem = Path(module).stem
    named = re.compile(rf"\b{stem}\b|sodertorn_lib\.{Path(module).with_suffix('').as_posix().replace('/', '.')}")
    paths = [path for path in (REPOSITORY / "tests").glob("test_*.py") if path.stem not in SLOW]
    paths = [
        path for path in paths if f"tests/{path.name}" not in LAST and named.search(path.read_text(encoding="utf-8"))
    ]
    return [f"tests/{path.name}" for path in sorted(paths, key=lambda path: path.stat().st_size)]
