"""Speed as ratios, each pair measured in turn in one run: what we add to what pandas and matplotlib cost anyway.

    make bench

Machines are noisy, so a ratio is the median over rounds of a pair's quotient; seconds are for orientation.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 7

LOAD_ALL = """
import resource, time, sodertorn_lib
start = time.perf_counter()
tables = sodertorn_lib.load_tables().read_all()
print(time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""

DRAW = """
import io, time
from matplotlib.figure import Figure
from sodertorn_lib import load_tables
from sodertorn_lib.charts import CHARTS, what_if
from sodertorn_lib.measured import Measured

def bare():
    figure = Figure(figsize=(13.33334, 7.5), dpi=144)
    figure.add_subplot().bar(range(8), range(8))
    for kind in ("png", "svg"):
        figure.savefig(io.BytesIO(), format=kind)

def timed(draw):
    start = time.perf_counter()
    draw()
    return time.perf_counter() - start

bare()
measured = Measured(load_tables(), 2020)
for draw in (*CHARTS, what_if):
    tables = measured.arguments(draw)
    draw(**tables).files()
    ratios = sorted(timed(lambda: draw(**tables).files()) / timed(bare) for _ in range(5))
    print(draw.__name__, ratios[2], flush=True)
"""


WHAT_IF = """
import time
from statistics import median
from sodertorn_lib import Scenario, load_tables
from sodertorn_lib.measured import Measured

measured = Measured(load_tables(), 2020)
measured.what_if
scenario = Scenario(from_year=2027, fee_sek_per_inhabitant=4.5, cost_growth_percent=3, growth_percent={"Huddinge": 1})
took = []
for _ in range(50):
    start = time.perf_counter()
    measured.scenario(scenario)
    took.append(time.perf_counter() - start)
print(1000 * median(took))
"""


MOVE = """
import io, time
from statistics import median
from matplotlib.figure import Figure
from sodertorn_lib.explore import Explorer

def bare():
    figure = Figure(figsize=(13.33334, 7.5), dpi=96)
    axes = figure.add_subplot()
    for line in range(5):
        axes.plot(range(17), range(line, line + 17))
    figure.savefig(io.BytesIO(), format="png")

def timed(draw):
    start = time.perf_counter()
    draw()
    return time.perf_counter() - start

def move():
    explorer.sliders["fee"].value += 0.1

explorer = Explorer(2020, "en")
bare(), move()
pairs = [(timed(move), timed(bare)) for _ in range(31)]
print(1000 * median(ours for ours, _ in pairs), median(ours / theirs for ours, theirs in pairs))
"""


PLAIN = """
import pathlib, sys
from matplotlib.figure import Figure
from tqdm import tqdm

for place in tqdm(range(int(sys.argv[2])), disable=None):
    figure = Figure(figsize=(13.33334, 7.5), dpi=144)
    figure.add_subplot().bar(range(8), range(8))
    for kind in ("png", "svg"):
        figure.savefig(pathlib.Path(sys.argv[1], f"{place}.{kind}"))
"""


def seconds(command: list[str], cwd: Path = ROOT) -> float:
    start = time.perf_counter()
    subprocess.run(command, cwd=cwd, check=True, capture_output=True)
    return time.perf_counter() - start


def ratio(ours: Callable[[], float], theirs: Callable[[], float], rounds: int) -> float:
    ours(), theirs()  # fill the caches of the system
    return median(ours() / theirs() for _ in range(rounds))


def imports() -> float:
    """Return what our import adds to that of pandas, as a share of what pandas adds to Python."""

    def shares() -> float:
        codes = ("pass", "import pandas", "import sodertorn_lib")
        empty, pandas, ours = (seconds([sys.executable, "-c", code]) for code in codes)
        return (ours - pandas) / (pandas - empty)

    return median(shares() for _ in range(3 * ROUNDS))


def loading() -> tuple[float, float]:
    """Return the seconds to load every table after the import, and the peak memory in MB."""
    answers = [
        subprocess.run([sys.executable, "-c", LOAD_ALL], check=True, capture_output=True, text=True).stdout.split()
        for _ in range(ROUNDS)
    ]
    return median(float(answer[0]) for answer in answers), median(float(answer[1]) for answer in answers)


def nbval() -> float:
    """Return the time of nbval on our notebooks, over that of as many that only import pandas and pyplot."""
    with tempfile.TemporaryDirectory() as folder:
        bare, own = Path(folder, "bare"), Path(folder, "own")
        shutil.copytree(ROOT / "notebooks", own, ignore=shutil.ignore_patterns(".*"))
        bare.mkdir()
        for path in own.glob("*.ipynb"):
            cell = new_code_cell("import pandas\nimport matplotlib.pyplot", execution_count=1)
            kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
            nbformat.write(new_notebook(cells=[cell], metadata=kernel), bare / path.name)

        def run(notebooks: Path) -> float:
            options = ["-q", "-c", "/dev/null", "--nbval", "-n", "2", "--dist", "loadscope", "-p", "no:cacheprovider"]
            return seconds([sys.executable, "-m", "pytest", *options, str(notebooks)], cwd=notebooks)

        return ratio(lambda: run(own), lambda: run(bare), 5)


def publishing() -> float:
    """Return the time of everything that `make charts` writes, over that of as many plain charts saved the same way."""
    with tempfile.TemporaryDirectory() as folder:
        ours = [sys.executable, "-m", "sodertorn_lib.cli", "publish", "--out", folder]
        seconds(ours)
        charts = len(list(Path(folder).glob("*/*.svg")))
        plain = [sys.executable, "-c", PLAIN, folder, str(charts)]
        return ratio(lambda: seconds(ours), lambda: seconds(plain), 5)


def checking() -> float:
    """Return the time of `sodertorn check` over that of importing pandas."""
    check, pandas = [sys.executable, "-m", "sodertorn_lib.cli", "check"], [sys.executable, "-c", "import pandas"]
    return ratio(lambda: seconds(check), lambda: seconds(pandas), ROUNDS)


def main() -> None:
    print(f"import sodertorn_lib, over import pandas:        {imports():.2f}  (at most 0.25)", flush=True)
    print(f"sodertorn check, over import pandas:             {checking():.2f}  (at most 3)", flush=True)
    took, memory = loading()
    print(f"load all tables:                                 {took:.2f} s (at most 0.3), {memory:.0f} MB", flush=True)
    milliseconds = subprocess.run([sys.executable, "-c", WHAT_IF], check=True, capture_output=True, text=True).stdout
    print(f"a scenario, projections made:                    {float(milliseconds):.0f} ms (at most 20)", flush=True)
    told = subprocess.run([sys.executable, "-c", MOVE], check=True, capture_output=True, text=True).stdout
    took, share = map(float, told.split())
    print(f"a control moved, over a bare chart of lines:     {share:.2f}  (at most 2), {took:.0f} ms", flush=True)
    lines = subprocess.run([sys.executable, "-c", DRAW], check=True, capture_output=True, text=True).stdout.splitlines()
    for line in lines:
        name, value = line.split()
        print(f"{name:<30} png + svg, over a bare bar chart: {float(value):.2f}  (at most 2)", flush=True)
    print(f"charts, decks, workbooks, over plain charts:     {publishing():.2f}  (at most 1.6)", flush=True)
    print(f"nbval of all notebooks, over bare notebooks:     {nbval():.2f}  (at most 1.6)", flush=True)


if __name__ == "__main__":
    main()
