"""What of the report stands where: each section with its tables, notebooks and charts, in docs/coverage.md.

    python -m tests.coverage    after an intended change of tables, charts or notebooks: write it anew

Nothing of it is typed: the sections and the places are those of the tables, and what a chart or a notebook takes from
which table is seen by letting it take it.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pandas as pd

from sodertorn_lib import load_report_sections, load_tables, trace
from sodertorn_lib.answers import ANSWERS
from sodertorn_lib.charts import CHARTS
from sodertorn_lib.measured import Measured

from .conftest import REPOSITORY, YEAR

DOCUMENT = REPOSITORY / "docs" / "coverage.md"
HEAD = """# What of the report stands where

Each heading of the annual report and closing accounts, in its order: how many rows of which tables come from it,
and the notebooks and charts that are made of those tables. The place of a single figure is in the sheet *From the
report* of the workbook, and in a notebook in `trace(load_tables())`. Left out on purpose are the names and
addresses of persons, the hosts and rooms of meetings, and the report's own sentences: the tables have figures, dates
and short labels in our words.
This page is generated.

| chapter | heading | tables | notebooks | charts |
| --- | --- | --- | --- | --- |
"""


class Reads:
    """Tables that remember which of them were read."""

    def __init__(self) -> None:
        self.tables, self.names = load_tables(), set[str]()

    def __getattr__(self, name: str) -> Any:
        self.names.add(name)
        return getattr(self.tables, name)


@cache
def read_by(function: Any) -> frozenset[str]:
    """Return the tables that a chart or an answer is made of."""
    reads = Reads()
    Measured(reads, YEAR).arguments(function)  # type: ignore[arg-type]
    return frozenset(reads.names)


def shown_in(notebook: str) -> set[str]:
    """Return the tables that a notebook takes by name."""
    cells = json.loads((REPOSITORY / "notebooks" / f"{notebook}.ipynb").read_text(encoding="utf-8"))["cells"]
    return {name for cell in cells for name in re.findall(r"\btables\.(\w+)", "".join(cell["source"]))}


def page() -> str:
    """Return docs/coverage.md as it should be."""
    rows = [f"| {' | '.join(cells)} |" for cells in sections()]
    return HEAD + "\n".join(rows) + "\n"


def sections() -> Iterator[list[str]]:
    """Yield chapter, heading, tables, notebooks and charts of each section."""
    placed = rows_placed()
    notebooks = {f"{n:02}_{answer.__name__}": answer for n, answer in enumerate(ANSWERS, 1)}
    for row in load_report_sections(year=YEAR).to_dict("records"):
        count = placed[[place.startswith(row["heading"]) for place in placed["place"]]].groupby("table").size()
        tables = set(count.index)
        books = [name for name in notebooks if tables & shown_in(name)]
        charts = [draw.__name__ for draw in CHARTS if tables & read_by(draw)]
        held = ", ".join(f"{name} {rows}" for name, rows in count.items())
        nothing = "" if pd.isna(row["left_out_en"]) else row["left_out_en"]
        yield [row["chapter"], row["heading"], held or nothing, ", ".join(books), ", ".join(charts)]


def rows_placed() -> pd.DataFrame:
    """Return each row of each table once for each of its places: table, place."""
    tables = load_tables(year=YEAR)
    places = {name: getattr(tables, name)["place"].dropna() for name in sorted(set(trace(tables)["table"]))}
    rows = pd.concat(places, names=["table"]).reset_index("table")
    return rows.assign(place=rows["place"].str.split("; ")).explode("place", ignore_index=True)


if __name__ == "__main__":
    DOCUMENT.write_text(page(), encoding="utf-8")
