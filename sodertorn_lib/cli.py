"""The `sodertorn` command."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import sodertorn_lib
from sodertorn_lib import datasets
from sodertorn_lib.datapackage import data_folder
from sodertorn_lib.errors import DataError, Fault, TextError
from sodertorn_lib.files import write_whole
from sodertorn_lib.formats import LANGUAGES

if TYPE_CHECKING:
    from sodertorn_lib.charts.chart import Chart

__all__ = ["main"]

FOLDER = Path("charts")
FORMATS = ("png", "svg", "pdf")

DATA = "The tables are those of the folder in SODERTORN_DATA (environment variable), else the data/ of the repository."


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return 0, or 1 with a message where something is wrong."""
    options = _parser().parse_args(arguments)
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        return int(options.run(options))
    except DataError as error:
        print(error, file=sys.stderr)
    except BrokenPipeError:
        sys.stdout = None  # whoever read the output has had enough
    except OSError as error:
        name = error.filename2 or error.filename or "A file"
        print(
            f"{name} cannot be written or read: {error.strerror}. Choose another folder or make room.", file=sys.stderr
        )
    except KeyboardInterrupt:
        print("Stopped. No file is half-written.", file=sys.stderr)
    finally:
        signal.signal(signal.SIGTERM, before)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sodertorn", description=sodertorn_lib.__doc__, epilog=DATA)
    parser.add_argument("--version", action="version", version=f"sodertorn {sodertorn_lib.__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    about = "write all that leaves the house, in Swedish and English: charts, decks, workbooks, and a page to look at"
    publish = _command(commands, "publish", _publish, about)

    charts = _command(commands, "charts", _charts, "draw every chart, its data as CSV and its alt text")
    charts.add_argument("--format", choices=FORMATS, action="append", help="may be repeated; png and svg unless told")

    about = "write a PowerPoint deck: a slide a finding, with charts that can be edited and speaker notes"
    deck = _command(commands, "deck", _deck, about)
    deck.add_argument("--lang", choices=LANGUAGES, help="language; both unless told, but sv for --out")
    deck.add_argument("--out", type=_pptx, metavar="FILE", help="charts/sodertorn_LANG.pptx unless told")
    deck.add_argument("--template", type=_pptx, metavar="FILE", help="a PowerPoint file with your own master slides")

    about = "write an Excel workbook of the tables behind the charts, with sources and known differences"
    book = _command(commands, "workbook", _workbook, about)

    for command in (charts, book):
        command.add_argument("--lang", choices=LANGUAGES, action="append", help="language; both unless told")
    for command in (publish, charts, book):
        command.add_argument("--out", type=Path, default=FOLDER, metavar="DIR", help="folder; charts unless told")

    _command(commands, "check", _check, "validate the tables and their checksums, and recompute every printed total")
    about = "after an intended edit of the tables, renew their checksums and the dictionary in README.md"
    _command(commands, "describe", _describe, about)
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
    from tqdm import tqdm  # noqa: PLC0415

    from sodertorn_lib.publish.page import page  # noqa: PLC0415 (jinja2, only needed here)

    charts: list[Chart] = []
    files: dict[str, bytes] = {}
    for chart in _drawn(LANGUAGES):
        charts.append(chart)
        files |= {f"{chart.lang}/{file}": content for file, content in chart.files().items()}
    office: dict[str, bytes] = {}
    by_language = _by_language(charts, LANGUAGES)
    for lang, own in tqdm(by_language.items(), desc="decks and workbooks", unit="language", disable=None):
        office |= {f"sodertorn_{lang}.pptx": _deck_file(own, lang), f"sodertorn_{lang}.xlsx": _book_file(own, lang)}
    files |= office | {"index.html": page(charts, list(office))}
    _write(options.out, files, LANGUAGES)
    print(f"{len(charts)} charts, {', '.join(office)} and index.html in {options.out}, from {data_folder()}")
    return 0


def _charts(options: argparse.Namespace) -> int:
    files: dict[str, bytes] = {}
    count = 0
    for chart in _drawn(options.lang or LANGUAGES):
        written = chart.files(options.format or ("png", "svg"))
        files |= {f"{chart.lang}/{file}": content for file, content in written.items()}
        count += 1
    _write(options.out, files, options.lang or LANGUAGES)
    print(f"{count} charts in {options.out}, from the tables in {data_folder()}")
    return 0


def _deck(options: argparse.Namespace) -> int:
    if options.out and options.template and options.out.resolve() == options.template.resolve():
        raise DataError([Fault(str(options.out), "is the template itself", "Give the deck another name.")])
    languages = [options.lang] if options.lang else LANGUAGES[:1] if options.out else LANGUAGES
    folder = options.out.parent if options.out else FOLDER
    decks = {
        options.out.name if options.out else f"sodertorn_{lang}.pptx": _deck_file(own, lang, options.template)
        for lang, own in _by_language(_drawn(languages), languages).items()
    }
    print("\n".join(str(path) for path in write_whole(folder, decks)))
    return 0


def _workbook(options: argparse.Namespace) -> int:
    languages = options.lang or LANGUAGES
    drawn = _by_language(_drawn(languages), languages)
    books = {f"sodertorn_{lang}.xlsx": _book_file(own, lang) for lang, own in drawn.items()}
    print("\n".join(str(path) for path in write_whole(options.out, books)))
    return 0


def _drawn(languages: Iterable[str]) -> Iterator[Chart]:
    """Yield every chart in the languages; say which cannot be drawn."""
    from tqdm import tqdm  # noqa: PLC0415

    from sodertorn_lib.charts.catalogue import catalogue  # noqa: PLC0415 (matplotlib, only needed here)

    drawings = catalogue()
    todo = [(lang, name) for lang in languages for name in drawings]
    for lang, name in tqdm(todo, desc="charts", unit="chart", disable=None):
        try:
            yield drawings[name](lang)
        except TextError:
            raise
        except DataError as error:
            tqdm.write(f"{lang}/{name} is not drawn: {error}")


def _by_language(charts: Iterable[Chart], languages: Iterable[str]) -> dict[str, list[Chart]]:
    by_language: dict[str, list[Chart]] = {lang: [] for lang in languages}
    for chart in charts:
        by_language[chart.lang].append(chart)
    return by_language


def _write(folder: Path, files: dict[str, bytes], languages: Iterable[str]) -> None:
    """Write all files; then take out those of charts that could not be drawn this time."""
    from sodertorn_lib.charts.catalogue import NAMES  # noqa: PLC0415

    write_whole(folder, files)
    for stale in (f"{lang}/{name}" for lang in languages for name in NAMES if f"{lang}/{name}.csv" not in files):
        for path in folder.glob(f"{stale}.*"):
            path.unlink()


def _deck_file(charts: Sequence[Chart], lang: str, template: Path | None = None) -> bytes:
    from sodertorn_lib.publish.deck import deck  # noqa: PLC0415 (python-pptx, only needed here)

    year = datasets.load_funds()["year"].max()
    return deck(charts, datasets.load_discrepancies(), year, lang, template)


def _book_file(charts: Sequence[Chart], lang: str) -> bytes:
    from sodertorn_lib.publish.workbook import workbook  # noqa: PLC0415 (xlsxwriter, only needed here)

    return workbook(charts, datasets.load_discrepancies(), lang)


def _check(options: argparse.Namespace) -> int:
    from sodertorn_lib.verify import verify  # noqa: PLC0415 (frictionless, only needed here)

    findings = []
    for finding in verify():
        print(f"{'ok    ' if finding.passed else 'FAILED'}  {finding.text}", flush=True)
        findings.append(finding)
    failed = sum(not finding.passed for finding in findings)
    print(f"{len(findings)} checks, {failed} failed")
    return int(failed > 0)


def _describe(options: argparse.Namespace) -> int:
    from sodertorn_lib.dictionary import describe  # noqa: PLC0415

    print("\n".join(f"{path} renewed" for path in describe()))
    return 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
