"""`sodertorn what-if`: a scenario typed as options, told as a table and an answer, and drawn."""

from __future__ import annotations

import argparse
import re
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sodertorn_lib.assumptions import Scenario
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.files import write_whole
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.measured import Measured
from sodertorn_lib.scenarios import scenario_fees
from sodertorn_lib.spreadsheets import as_csv
from sodertorn_lib.tables import closed_year, load_tables

if TYPE_CHECKING:
    from sodertorn_lib.display import Shown

ABOUT = "tell and draw what another fee, other costs or another population would lead to"
SHOWN = ["fee_sek_per_inhabitant", "population_before", "income_sek", "costs_sek", "balance_sek", "money_left_sek"]
HEAD = 14  # characters of a line of a column's head
Pair = tuple[str, float]


def add_options(command: argparse.ArgumentParser, folder: Path, pptx: Callable[[str], Path]) -> None:
    """Give the command its options."""
    add = command.add_argument
    add("--fee", type=_number, metavar="N", help="kronor per inhabitant; that of the accounts unless told")
    add(
        "--from",
        type=_year,
        metavar="YEAR",
        dest="from_year",
        help="when the changes begin; after the accounts unless told",
    )
    add("--cost-growth", type=_number, default=0, metavar="N", help="per cent a year, 0 unless told")
    about = "per cent a year of one cost line, such as personnel=4; may be repeated"
    add("--line-growth", type=_pair, action="append", default=[], metavar="LINE=N", help=about)
    about = "per cent a year of the population: of all, or of one municipality, such as Huddinge=1; may be repeated"
    add("--growth", type=_pair_or_number, action="append", default=[], metavar="[NAME=]N", help=about)
    about = "homes completed a year in one municipality, such as Huddinge=500; may be repeated"
    add("--homes", type=_pair, action="append", default=[], metavar="NAME=N", help=about)
    add("--persons-per-household", type=_number, metavar="N", help="in each of those homes; must be given with them")
    add(
        "--one-off",
        type=_pair,
        action="append",
        default=[],
        metavar="YEAR=N",
        help="kronor in one year; may be repeated",
    )
    add("--funds", type=_number, metavar="N", help="kronor that may be used; the operating money unless told")
    add("--whose", metavar="TEXT", help="whose scenario it is; your own unless told")
    add("--year", type=_year, metavar="YEAR", help="that of the accounts; the latest unless told")
    add("--lang", choices=LANGUAGES, default="sv", help="language; sv unless told")
    add("--out", type=Path, default=folder, metavar="DIR", help=f"folder of the chart; {folder} unless told")
    add("--deck", type=pptx, metavar="FILE", help="also write a PowerPoint deck of the chart and its answer")


def run(options: argparse.Namespace) -> int:
    """Print the table and the answer; write the chart and what each municipality would pay."""
    from sodertorn_lib import answers, charts  # noqa: PLC0415 (matplotlib, only needed here)
    from sodertorn_lib.display import show  # noqa: PLC0415 (babel)

    tables, scenario, lang = load_tables(), _scenario(options), options.lang
    year = closed_year(tables, options.year)
    measured = Measured(tables, year)
    table = measured.scenario(scenario)
    answer, chart = answers.what_if(tables, year, lang, what_if=table), charts.what_if(table, lang)
    print(aligned(show(table[["year", *SHOWN, "balancing_fee_sek"]], lang)))
    print(f"\n{answer.text}\n\n{chart.words.caveat}\n")
    each = scenario_fees(scenario, measured.fees, tables.population, measured.ahead)
    written = {options.out: chart.files() | {f"{chart.name}_fees.csv": as_csv(each)}}
    if options.deck:
        from sodertorn_lib.publish.deck import deck  # noqa: PLC0415 (python-pptx)

        slides = {options.deck.name: deck([chart], [answer], measured.differences, year, lang)}
        written[options.deck.parent] = written.get(options.deck.parent, {}) | slides
    paths = [path for folder, files in written.items() for path in write_whole(folder, files)]
    print("\n".join(map(str, paths)))
    return 0


def aligned(shown: Shown) -> str:
    """Return a table whose heads are broken into lines, so that it fits a terminal.

    >>> import pandas as pd
    >>> from sodertorn_lib import show
    >>> print(aligned(show(pd.DataFrame({"year": [2020], "money_left_sek": [532981.0]}), "en")))
          Money left,
    Year          SEK
    2020      532,981
    """
    heads = [textwrap.wrap(str(name), HEAD, break_long_words=False) for name in shown.table]
    depth = max(map(len, heads))
    columns = [
        [*[""] * (depth - len(head)), *head, *shown.table[name]] for head, name in zip(heads, shown.table, strict=True)
    ]
    widths = [max(map(len, column)) for column in columns]
    lines = zip(
        *([cell.rjust(width) for cell in column] for column, width in zip(columns, widths, strict=True)), strict=True
    )
    return "\n".join("  ".join(line) for line in lines)


def _scenario(options: argparse.Namespace) -> Scenario:
    """Return the scenario that the options tell; raise DataError for what is told twice, or of all and of some."""
    whole = [rate for name, rate in options.growth if not name]
    if whole and len(options.growth) > 1:
        action = "Give one growth of all, or one for each municipality."
        raise DataError(
            Fault("--growth", "is of all municipalities, and given once more", action, value=f"{whole[0]:g}")
        )
    one_off = _once("--one-off", options.one_off)
    if wrong := [year for year in one_off if not year.isdecimal()]:
        raise DataError(*(Fault("--one-off", "is no year", "Write it as 2028=100000.", value=year) for year in wrong))
    return Scenario(
        from_year=options.from_year,
        fee_sek_per_inhabitant=options.fee,
        cost_growth_percent=options.cost_growth,
        line_growth_percent=_once("--line-growth", options.line_growth),
        growth_percent=whole[0] if whole else _once("--growth", options.growth) or None,
        homes_a_year=_once("--homes", options.homes),
        persons_per_household=options.persons_per_household,
        one_off_sek={int(year): amount for year, amount in one_off.items()},
        usable_sek=options.funds,
        whose=options.whose,
    )


def _once(option: str, pairs: Iterable[Pair]) -> dict[str, float]:
    """Return pairs by name; raise DataError for a name that stands twice."""
    names = [name for name, _ in pairs]
    if twice := {name for name in names if names.count(name) > 1}:
        raise DataError(*(Fault(option, "is given twice", "Give it once.", value=name) for name in sorted(twice)))
    return dict(pairs)


def _number(text: str) -> float:
    """Return a number that is typed with digits and a point; say how to write one that is not."""
    if re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        return float(text)
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        example = text.replace(",", ".")
        raise argparse.ArgumentTypeError(
            f"{text!r} has a comma: write {example} if it begins the decimals, else leave it out"
        )
    raise argparse.ArgumentTypeError(f"{text!r} is no number: write one such as 4.5, without a unit or spaces")


def _year(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no year: write one such as 2027")
    return int(text)


def _pair(text: str) -> Pair:
    name, equals, amount = text.rpartition("=")
    if not equals or not name:
        raise argparse.ArgumentTypeError(
            f"{text!r} has no name and number: write them as in personnel=4 or 2028=100000"
        )
    return name.strip(), _number(amount.strip())


def _pair_or_number(text: str) -> Pair:
    if text[:1].isalpha() and "=" not in text:
        raise argparse.ArgumentTypeError(f"{text!r} has no number: write {text}=1, or a number alone for all")
    return _pair(text) if "=" in text else ("", _number(text))
