"""`sodertorn deck`: all of it, the slides that are named, or a set of them, for one municipality if wanted."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from sodertorn_lib.checks import agree
from sodertorn_lib.errors import DataError, Fault, require_known
from sodertorn_lib.files import write_whole
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.measured import Measured
from sodertorn_lib.tables import closed_year, load_tables

if TYPE_CHECKING:
    from sodertorn_lib.publish.decksets import DeckSet
    from sodertorn_lib.publish.press import Edition

ABOUT = "write a PowerPoint deck: a slide a finding, with charts that can be edited and speaker notes"

ANYWAY = "also where sodertorn check finds faults; every chart then says that its figures do not agree"


def add_options(command: argparse.ArgumentParser, folder: Path, pptx: Callable[[str], Path]) -> None:
    """Give the command its options."""
    add, some = command.add_argument, command.add_mutually_exclusive_group()
    about = "the slides with these names, in this order and no others, such as fee_by_municipality,population_fan"
    some.add_argument("--only", type=_names, metavar="NAME,...", help=about)
    about = "the slides of a set in sodertorn_lib/decks.toml, such as politicians or officials, or of your own there"
    some.add_argument("--for", dest="audience", metavar="SET", help=about)
    about = "a slide of its fee and its growth, and highlighted in every chart that has it, such as Huddinge"
    add("--municipality", metavar="NAME", help=about)
    add("--list", action="store_true", help="print the names of slides and sets with their titles, and write nothing")
    add("--lang", choices=LANGUAGES, help="language; both unless told, but sv for --out and --list")
    add(
        "--out",
        type=pptx,
        metavar="FILE",
        help=f"{folder}/sodertorn_LANG.pptx unless told, with set, municipality or template",
    )
    add("--template", type=pptx, metavar="FILE", help="a PowerPoint file with your own master slides")
    add("--year", type=int, help="of the report; the latest whose accounts are closed unless told")
    add("--anyway", action="store_true", help=ANYWAY)
    command.set_defaults(folder=folder)


def run(options: argparse.Namespace) -> int:
    """Write a deck in each language and print the paths, or print what there is."""
    from sodertorn_lib.publish.press import Edition  # noqa: PLC0415 (matplotlib, python-pptx)

    if options.out and options.template and options.out.resolve() == options.template.resolve():
        raise DataError(Fault(str(options.out), "is the template itself", "Give the deck another name."))
    chosen, tables = _chosen(options), load_tables().read_all()
    if options.municipality:
        require_known("--municipality", [options.municipality], tables.municipalities["municipality"])
    one = options.lang or ("sv" if options.out or options.list else None)
    measured = Measured(tables, closed_year(tables, options.year))
    agrees = options.list or agree(tables, anyway=options.anyway)
    editions = [Edition(measured, lang, options.municipality, agrees) for lang in ([one] if one else LANGUAGES)]
    if options.list:
        print("\n".join(_listed(editions[0])))
        return 0
    _require_drawn(options.only or (), editions)
    folder = options.out.parent if options.out else options.folder
    jobs = [job for edition in editions for job in edition.deck(_name(options, edition), options.template, chosen)]
    files = {name: content for job in jobs for name, content in job().items()}
    print("\n".join(str(path) for path in write_whole(folder, files)))
    return 0


def _chosen(options: argparse.Namespace) -> DeckSet:
    """Return the slides that are asked for; raise DataError for a name that is not there."""
    from sodertorn_lib.publish.decksets import TEXT_SLIDES, WHOLE, DeckSet  # noqa: PLC0415
    from sodertorn_lib.publish.press import deck_sets, drawings  # noqa: PLC0415

    if options.only:
        require_known("--only", options.only, [*drawings(), *TEXT_SLIDES])
        if "municipality" in options.only and not options.municipality:
            raise DataError(Fault("--only", "needs --municipality", "Name one.", value="municipality"))
        return DeckSet("", "", options.only)
    if not options.audience:
        return WHOLE
    sets = deck_sets()
    require_known("--for", [options.audience], sets)
    return sets[options.audience]


def _require_drawn(names: Iterable[str], editions: Iterable[Edition]) -> None:
    """Raise DataError for a chart that is asked for by name and that the tables do not allow."""
    from sodertorn_lib.publish.press import drawings  # noqa: PLC0415

    for edition in editions:
        for draw in (draw for name, draw in drawings().items() if name in names):
            edition.draw(draw)


def _name(options: argparse.Namespace, edition: Edition) -> str:
    """Return the file's name: of what is not the whole deck one of its own."""
    if options.out:
        return str(options.out.name)
    named = (options.municipality or "", options.template.stem if options.template else "")
    own = (re.sub(r"[^\w -]", "_", name) for name in named)  # a name from a table is no path
    parts = options.audience or ("selection" if options.only else ""), *own
    return f"{'_'.join(filter(None, ['sodertorn', *parts, edition.lang]))}.pptx"


def _listed(edition: Edition) -> list[str]:
    """Return the names of charts with their titles, those of the other slides, and those of the sets with theirs."""
    from sodertorn_lib.charts import COMPARISONS  # noqa: PLC0415
    from sodertorn_lib.publish.decksets import SETS, TEXT_SLIDES  # noqa: PLC0415
    from sodertorn_lib.publish.press import deck_sets, drawings  # noqa: PLC0415

    there = [draw for draw in drawings().values() if edition.has_year_before or draw not in COMPARISONS]
    titles = {chart.name: chart.words.title for chart in edition.drawn(there)}
    sets = {name: getattr(own, f"title_{edition.lang}") for name, own in deck_sets().items()}
    wide = max(map(len, [*titles, *sets]))
    return [
        *("Slides, for --only:", *(f"  {name:{wide}}  {title}" for name, title in titles.items())),
        f"  and {', '.join(TEXT_SLIDES)}",
        *(f"Sets, for --for, in {SETS}:", *(f"  {name:{wide}}  {title}" for name, title in sets.items())),
    ]


def _names(text: str) -> list[str]:
    names = [name.strip() for name in text.split(",")]
    if not all(names):
        raise argparse.ArgumentTypeError(f"{text!r} lacks a name: write them as in fee_by_municipality,population_fan")
    return names
