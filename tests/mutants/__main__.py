"""Make slips of every kind, and say how many were noticed, and which were not, and why that is.

make mutants
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator

from tqdm import tqdm

from . import charts, code, data, notebooks, texts

SEED, MINUTES = 2020, 22  # of the code; the rest takes a few


def main() -> int:
    survivors = 0
    for kind, slips in KINDS.items():
        tried, noticed, left = Counter[str](), Counter[str](), []
        for where, how, seen in tqdm(slips(), desc=kind, unit="slip", disable=None):
            file = where.partition(":")[0]
            group = file if kind == "code" else how
            reason = code.harmless(where, how)
            if not seen:
                said = "took too long to be judged" if seen is None else "not noticed"
                left.append(f"  {said}: {where}: {how}" + (f" (harmless: {reason})" if reason else ""))
                survivors += not reason
            if seen is not None and (seen or not reason):
                tried[group] += 1
                noticed[group] += seen
        print(f"{kind}: {noticed.total()} of {tried.total()} noticed")
        print("".join(f"  {group}: {noticed[group]} of {tried[group]}\n" for group in sorted(tried)))
        print(*left, sep="\n", flush=True)
    return int(survivors > 0)


KINDS: dict[str, Callable[[], Iterator[tuple[str, str, bool | None]]]] = {
    "notebooks": lambda: notebooks.mutants(SEED),
    "texts": lambda: texts.mutants(SEED),
    "charts": lambda: charts.mutants(SEED),
    "tables": lambda: data.mutants(SEED),
    "code": lambda: code.mutants(SEED, MINUTES),
}

if __name__ == "__main__":
    sys.exit(main())
