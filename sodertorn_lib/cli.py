"""The `sodertorn` command."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from datetime import date
from io import TextIOWrapper
from itertools import chain
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import sodertorn_lib
from sodertorn_lib import deck_command, what_if_command
from sodertorn_lib.datapackage import data_folder
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.files import alone, write_whole
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.tables import closed_year, load_tables

if TYPE_CHECKING:
    from sodertorn_lib.publish.press import Edition

FOLDER = Path("charts")
EXTRAS = "notebooks,publish,update"
FORMATS = ("png", "svg", "pdf")
STOPS = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]

DATA = "The tables are those of the folder in SODERTORN_DATA (environment variable), else the data/ of the repository."


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0, or 1 with a message where something is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a pipe of Windows has not all letters: what it lacks is shown as ?
            stream.reconfigure(errors="replace")
    options = _parser().parse_args(arguments)
    before = {stop: signal.signal(stop, _interrupt) for stop in STOPS}
    try:
        return int(options.run(options))
    except DataError as error:
        print(error, file=sys.stderr)
    except ModuleNotFoundError as error:
        print(f"{error.name} is not installed. Run pip install 'sodertorn-lib[{EXTRAS}]'.", file=sys.stderr)
    except BrokenPipeError:
        sys.stdout = None  # whoever read the output has had enough
    except OSError as error:
        action = "Close it where it is open, choose another folder, or make room."
        print(f"{error.filename or 'A file'} cannot be written or read: {error.strerror}. {action}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. No file is half-written.", file=sys.stderr)
    finally:
        for stop, handler in before.items():
            signal.signal(stop, handler)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sodertorn", description=sodertorn_lib.__doc__.partition("\n")[0], epilog=DATA
    )
    parser.add_argument("--version", action="version", version=f"sodertorn {sodertorn_lib.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    about = "write all that leaves the house, in Swedish and English: charts, decks, workbooks, and a page to look at"
    publish = _command(commands, "publish", _publish, about)

    charts = _command(commands, "charts", _charts, "draw every chart, its data as CSV and its alt text")
    charts.add_argument("--format", choices=FORMATS, action="append", help="may be repeated; png and svg unless told")

    deck_command.add_options(_command(commands, "deck", deck_command.run, deck_command.ABOUT), FOLDER, _pptx)

    about = "write an Excel workbook of the tables behind the charts, with sources and known differences"
    book = _command(commands, "workbook", _workbook, about)

    for command in (publish, charts, book):
        command.add_argument("--year", type=int, help="of the report; the latest whose accounts are closed unless told")
    for command in (charts, book):
        command.add_argument("--lang", choices=LANGUAGES, action="append", help="language; both unless told")
    for command in (publish, charts, book):
        command.add_argument("--out", type=Path, default=FOLDER, metavar="DIR", help="folder; charts unless told")
        command.add_argument("--anyway", action="store_true", help=deck_command.ANYWAY)

    about = "run the notebooks for a year in a language, from the stored ones"
    books = _command(commands, "notebooks", _notebooks, about)
    books.add_argument("--year", type=int, help="of the report; the latest whose accounts are closed unless told")
    books.add_argument("--lang", choices=LANGUAGES, default="en", help="language; en unless told")
    books.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder for them")

    about = "write a workbook in which the next year is filled in, with what the year before says filled in already"
    begun = _command(commands, "new-year", _new_year, about)
    begun.add_argument("year", type=int, metavar="YEAR", help="the year of the new report")
    begun.add_argument("--lang", choices=LANGUAGES, default="sv", help="language of its notes; sv unless told")
    begun.add_argument("--out", type=Path, metavar="FILE", help="year-YEAR.xlsx unless told")

    about = "add a year to the tables, from the workbook of new-year or a folder of CSV files: all of it, or nothing"
    added = _command(commands, "add-year", _alone(_add_year), about)
    added.add_argument("source", type=Path, metavar="FILE", help="the workbook, filled in, or the folder")
    added.add_argument("--register", action="store_true", help="register the differences that the report itself has")
    added.add_argument("--dry-run", action="store_true", help="say what would change, and write nothing")
    what_if = _command(commands, "what-if", what_if_command.run, what_if_command.ABOUT)
    what_if_command.add_options(what_if, FOLDER / "what-if", _pptx)

    _command(commands, "check", _check, "validate the tables and their checksums, and recompute every printed total")
    about = "after an intended edit of the tables, show what changed and, once accepted, renew checksums and dictionary"
    describe = _command(commands, "describe", _alone(_describe), about)
    describe.add_argument("--yes", action="store_true", help="accept what changed without being asked")
    describe.add_argument(
        "--answers", type=Path, metavar="FILE", help="also renew the table of answers in this Markdown file"
    )
    describe.add_argument(
        "--year", type=int, help="that of the answers; the latest whose accounts are closed unless told"
    )
    describe.set_defaults(anyway=True)  # what is accepted need not agree: check says what does not

    about = "fetch newer and revised figures from SCB, show what changes, and write them into the tables"
    refresh = _command(commands, "refresh", _alone(_refresh), about)
    about = "this one only; unless told, all that SCB has, save those of an older back-casting"
    refresh.add_argument("--year", type=int, metavar="YEAR", help=about)
    refresh.add_argument("--dry-run", action="store_true", help="show what would change, and write nothing")
    about = "take figures of a table whose cells SCB perturbs (cell key method), while no other has that year"
    refresh.add_argument("--accept-perturbed", action="store_true", help=about)
    about = "take a change from one year to the next that is larger than any stored in that region"
    refresh.add_argument("--confirm-jumps", action="store_true", help=about)
    refresh.add_argument(
        "--address", default="scb", metavar="URL", help="of a PxWebApi 2, up to its version; that of SCB unless told"
    )
    return parser


def _command(commands: Any, name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
    sentence = f"{about[0].upper()}{about[1:]}."
    command: argparse.ArgumentParser = commands.add_parser(name, help=about, description=sentence, epilog=DATA)
    command.set_defaults(run=run)
    return command


def _pptx(name: str) -> Path:
    if not name.endswith(".pptx"):
        raise argparse.ArgumentTypeError(f"{name} does not end in .pptx")
    return Path(name)


def _publish(options: argparse.Namespace) -> int:
    from sodertorn_lib.publish import press  # noqa: PLC0415 (matplotlib, only needed here)
    from sodertorn_lib.publish.page import page  # noqa: PLC0415 (jinja2, only needed here)

    press.get_ready()
    editions = _editions(LANGUAGES, options)
    jobs = [edition.shown() for edition in editions]
    jobs += [edition.deck() for edition in editions] + [edition.workbook() for edition in editions]
    files = press.made(chain.from_iterable(jobs), "charts, decks and workbooks")
    downloads = [name for name in files if "/" not in name]
    parts = {name: files.pop(name) for name in [*files] if name.endswith(".html")}
    files["index.html"] = page(editions, parts, downloads)
    _write(options.out, files, LANGUAGES)
    count = sum(len(edition.charts) for edition in editions)
    print(f"{count} charts, {', '.join(downloads)} and index.html in {options.out}, from {data_folder()}")
    return 0


def _charts(options: argparse.Namespace) -> int:
    from sodertorn_lib.publish import press  # noqa: PLC0415

    languages, formats = options.lang or LANGUAGES, options.format or ("png", "svg")
    press.get_ready()
    editions = _editions(languages, options)
    jobs = chain.from_iterable(edition.drawings(formats) for edition in editions)
    _write(options.out, press.made(jobs, "charts"), languages)
    count = sum(len(edition.charts) for edition in editions)
    print(f"{count} charts in {options.out}, from the tables in {data_folder()}")
    return 0


def _workbook(options: argparse.Namespace) -> int:
    jobs = [job for edition in _editions(options.lang or LANGUAGES, options) for job in edition.workbook()]
    files = {name: content for job in jobs for name, content in job().items()}
    print("\n".join(str(path) for path in write_whole(options.out, files)))
    return 0


def _editions(languages: Iterable[str], options: argparse.Namespace) -> list[Edition]:
    """Return the editions of a year that every table has, the latest whose accounts are closed unless told."""
    from sodertorn_lib.checks import agree  # noqa: PLC0415
    from sodertorn_lib.measured import Measured  # noqa: PLC0415
    from sodertorn_lib.publish.press import Edition  # noqa: PLC0415

    tables = load_tables().read_all()
    measured = Measured(tables, closed_year(tables, options.year))
    agrees = agree(tables, anyway=options.anyway)
    return [Edition(measured, lang, agrees=agrees) for lang in languages]


def _write(folder: Path, files: dict[str, bytes], languages: Iterable[str]) -> None:
    """Write all files, in place of those of charts that could not be drawn this time too."""
    from sodertorn_lib.charts import CHARTS, COMPARISONS  # noqa: PLC0415

    names = [f"{lang}/{draw.__name__}" for lang in languages for draw in (*CHARTS, *COMPARISONS)]
    write_whole(folder, files, stale=[f"{name}.*" for name in names if f"{name}.csv" not in files])


def _check(options: argparse.Namespace) -> int:
    from sodertorn_lib.checks import check_all  # noqa: PLC0415

    findings = []
    for finding in check_all():
        print("ok    " if finding.passed else "FAILED", finding.text.replace("\n", "\n        "), sep="  ", flush=True)
        findings.append(finding)
    failed = sum(not finding.passed for finding in findings)
    print(f"{len(findings)} checks, {failed} failed")
    return int(failed > 0)


def _notebooks(options: argparse.Namespace) -> int:
    from sodertorn_lib.publish.notebooks import run_notebooks  # noqa: PLC0415 (papermill, only needed here)

    year = closed_year(load_tables(), options.year)
    made, stops = run_notebooks(year, options.lang)
    print("\n".join(map(str, write_whole(options.out, made))))
    if stops:
        raise DataError(*stops)
    return 0


def _alone(run: Callable[[argparse.Namespace], int]) -> Callable[[argparse.Namespace], int]:
    """Let a command read the tables and write them while no other does."""

    def run_alone(options: argparse.Namespace) -> int:
        with nullcontext() if getattr(options, "dry_run", False) else alone(load_tables().folder):
            return run(options)

    return run_alone


def _new_year(options: argparse.Namespace) -> int:
    from sodertorn_lib.update.new_year import new_year  # noqa: PLC0415 (xlsxwriter, only needed here)

    path = options.out or Path(f"year-{options.year}.xlsx")
    if path.exists():
        raise DataError(Fault(str(path), "is there already, perhaps filled in", "Give another name with --out."))
    write_whole(path.parent, {path.name: new_year(load_tables(), options.year, options.lang)})
    print(f"{path}: fill in the yellow cells, then run sodertorn add-year {path}")
    return 0


def _add_year(options: argparse.Namespace) -> int:
    from sodertorn_lib.update import add_year as adding  # noqa: PLC0415 (openpyxl, only needed here)

    tables = load_tables().read_all()
    addition = adding.read_addition(options.source, tables)
    print("\n".join(adding.summary(addition)))
    if len(addition.differences):
        print(f"Differences that need a decision, as rows of discrepancies.csv:\n{adding.as_csv(addition.differences)}")
    if options.dry_run:
        print("Nothing is written.")
        return 0
    paths = adding.add_year(addition, tables, register=options.register)
    print("\n".join(f"{path} written" for path in paths))
    return 0


def _describe(options: argparse.Namespace) -> int:
    from sodertorn_lib.accepting import accepted  # noqa: PLC0415
    from sodertorn_lib.describe import MEND, renew, renew_answers, with_answers  # noqa: PLC0415
    from sodertorn_lib.reading import read_text  # noqa: PLC0415

    if options.answers:  # nothing is registered where they cannot be written
        with_answers(read_text(options.answers, MEND), [], options.answers.name)
    if not accepted(load_tables().read_all(), unasked=options.yes):
        print("Nothing is written. To accept it, answer y at a terminal, or give --yes.", file=sys.stderr)
        return 1
    paths = renew()
    if options.answers:
        paths += renew_answers(options.answers, _editions(["en"], options)[0].answers)
    print("\n".join(f"{path} renewed" for path in paths) or "Everything is as registered: nothing is renewed.")
    return 0


def _refresh(options: argparse.Namespace) -> int:
    from sodertorn_lib.update import refresh  # noqa: PLC0415 (pxwebpy, only needed here)

    tables = load_tables()
    cells = refresh.compare_with_scb(tables, options.year, options.address)
    print(refresh.told(cells), flush=True)
    if not cells["changed"].any():
        return 0
    refresh.require_accepted(cells, perturbed=options.accept_perturbed, jumps=options.confirm_jumps)
    paths = [] if options.dry_run else refresh.write(tables, cells, date.today())
    print("\n".join(f"{path} renewed" for path in paths) or "A dry run: nothing is written.")
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
