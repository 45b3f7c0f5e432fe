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
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from ..conftest import REPOSITORY, SLOW

NEVER = {"test_browser", "test_install", "test_notebooks", "test_environment"}  # unless a module has their name
MANIFEST, CLAIMS = "tests/test_manifest.py", "tests/test_claims.py"  # what everything ends in
LONGEST = 240  # seconds for the tests of one: what none of them noticed until then is told apart
TURNS = 12  # slips of a module, if there is time for as many
MOST = 5  # test files that use a module; as many again for what imports it
FAR_FETCHED = re.compile("NoOp|VariableInserter|VariableReplacer|Bit(And|Or|Xor)|[RL]Shift")  # of a hand


def mutants(seed: int, minutes: float) -> Iterator[tuple[str, str, bool | None]]:
    """Yield where, how, and whether it is noticed (None: took too long), until the time is over; modules take turns."""
    until, free = time.monotonic() + 60 * minutes, SimpleQueue[Path]()
    with TemporaryDirectory() as folder, ThreadPoolExecutor(os.cpu_count()) as workers:
        for number in range(os.cpu_count() or 1):
            clone = Path(folder) / str(number)
            subprocess.run(["git", "clone", "--quiet", "--shared", REPOSITORY, clone], check=True)
            _require_untouched_to_pass(clone)
            free.put(clone)

        def judged(turn: tuple[Path, int]) -> tuple[str, str, bool | None] | None:
            path, number = turn
            if time.monotonic() > until or number >= len(slips := _of_module(path, seed)):
                return None
            (where, how, mutated), clone = slips[number], free.get()
            try:
                return where, how, _noticed(clone, where.partition(":")[0], mutated)
            finally:
                free.put(clone)

        yield from filter(None, workers.map(judged, _in_turns(random.Random(seed))))


def _in_turns(chance: random.Random) -> list[tuple[Path, int]]:
    """Return each module with the number of its slip: the first of every one, then the second of each, and so on."""
    modules = _modules()
    chance.shuffle(modules)
    return [(path, number) for number in range(TURNS) for path in modules]


@cache
def _of_module(path: Path, seed: int) -> list[tuple[str, str, str]]:
    """Return slips of a module, no two the same: where, how, the code with it."""
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


def _require_untouched_to_pass(clone: Path) -> None:
    """Raise where a clone is not what is worked on, or fails without a slip: then nothing that fails says anything."""
    subprocess.run(["git", "diff", "--quiet", "HEAD", "--", "sodertorn_lib", "tests"], cwd=REPOSITORY, check=True)
    _pytest(clone, "tests/test_reader.py").check_returncode()


def _noticed(clone: Path, module: str, mutated: str) -> bool | None:
    path = clone / module
    source = path.read_text(encoding="utf-8")
    path.write_text(mutated, encoding="utf-8")
    try:
        return _pytest(clone, module, *_tests_of(module)).returncode != 0
    except subprocess.TimeoutExpired:
        return None
    finally:
        path.write_text(source, encoding="utf-8")


def _pytest(clone: Path, *tests: str) -> subprocess.CompletedProcess[bytes]:
    options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-o", "addopts=--doctest-modules"]
    own = os.environ | {"PYTHONPATH": str(clone), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", "pytest", *options, *tests]
    return subprocess.run(command, cwd=clone, env=own, capture_output=True, timeout=LONGEST, check=False)


def _tests_of(module: str) -> list[str]:
    """Return the tests of a module and of what imports it: the quick ones, the manifest, the slow, the claims."""
    importers = re.compile(
        rf"^\s*from {re.escape(_dotted(module))} import|^\s*from .* import .*\b{Path(module).stem}\b", re.M
    )
    library = {path.relative_to(REPOSITORY).as_posix(): path.read_text() for path in _modules()}
    above = [other for other, source in library.items() if importers.search(source)]
    near = [*_named_after([module]), *_using([module])[:MOST], *_named_after(above), *_using(above)]
    near = list(dict.fromkeys(near))[: 2 * MOST]
    slow = [test for test in near if any(own.startswith(test) for own in SLOW)]
    return [*(test for test in near if test not in slow), MANIFEST, *slow, CLAIMS]


def _named_after(modules: list[str]) -> list[str]:
    tests = (own for module in modules for own in (REPOSITORY / "tests").glob(f"test_{Path(module).stem}*.py"))
    return [f"tests/{test.name}" for test in tests]


def _using(modules: list[str]) -> list[str]:
    """Return the test files that name modules or what they define, first those that name most for their length."""
    trees = [ast.parse((REPOSITORY / module).read_text(encoding="utf-8")) for module in modules]
    defined = {own.name for tree in trees for own in tree.body if isinstance(own, ast.FunctionDef | ast.ClassDef)}
    named = re.compile(rf"\b({'|'.join([*map(re.escape, map(_dotted, modules)), *sorted(defined)]) or '$'})\b")
    found = {}
    for test in (REPOSITORY / "tests").glob("test_*.py"):
        text = test.read_text(encoding="utf-8")
        name = f"tests/{test.name}"
        if test.stem not in NEVER and name not in (MANIFEST, CLAIMS) and (hits := set(named.findall(text))):
            found[name] = len(text) / len(hits)
    return sorted(found, key=found.__getitem__)


def _dotted(module: str) -> str:
    return module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _modules() -> list[Path]:
    return sorted((REPOSITORY / "sodertorn_lib").rglob("*.py"))
