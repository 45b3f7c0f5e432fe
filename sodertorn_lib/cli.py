"""The `sodertorn` command."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType

import sodertorn_lib
from sodertorn_lib.datapackage import data_folder
from sodertorn_lib.errors import DataError
from sodertorn_lib.files import write_whole
from sodertorn_lib.formats import LANGUAGES

__all__ = ["main"]

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

    about = "draw every chart, its data as CSV and its alt text"
    charts = commands.add_parser("charts", help=about, description=about[0].upper() + about[1:] + ".", epilog=DATA)
    charts.add_argument("--lang", choices=LANGUAGES, action="append", help="language; both unless told")
    charts.add_argument("--format", choices=FORMATS, action="append", help="may be repeated; png and svg unless told")
    charts.add_argument("--out", type=Path, default=Path("charts"), metavar="DIR", help="folder; charts unless told")
    charts.set_defaults(run=_charts)

    about = "write an Excel workbook of the tables behind the charts, with sources and known differences"
    book = commands.add_parser("workbook", help=about, description=about[0].upper() + about[1:] + ".", epilog=DATA)
    book.add_argument("--lang", choices=LANGUAGES, action="append", help="language; both unless told")
    book.add_argument("--out", type=Path, default=Path("charts"), metavar="DIR", help="folder; charts unless told")
    book.set_defaults(run=_workbook)

    about = "validate the tables and their checksums, and recompute every printed total"
    check = commands.add_parser("check", help=about, description=about[0].upper() + about[1:] + ".", epilog=DATA)
    check.set_defaults(run=_check)

    about = "after an intended edit of the tables, renew their checksums and the dictionary in README.md"
    describe = commands.add_parser("describe", help=about, description=about[0].upper() + about[1:] + ".", epilog=DATA)
    describe.set_defaults(run=_describe)
    return parser


def _charts(options: argparse.Namespace) -> int:
    from tqdm import tqdm  # noqa: PLC0415

    from sodertorn_lib.charts.catalogue import catalogue  # noqa: PLC0415 (matplotlib, only needed here)

    languages, formats = options.lang or LANGUAGES, options.format or ("png", "svg")
    drawings = catalogue()
    files: dict[str, bytes] = {}
    left_out: list[str] = []
    todo = [(lang, name) for lang in languages for name in drawings]
    for lang, name in tqdm(todo, desc="charts", unit="chart", disable=None):
        try:
            chart = drawings[name](lang)
        except DataError as error:
            left_out.append(f"{lang}/{name} is not drawn: {error}")
            for stale in (options.out / lang).glob(f"{name}.*"):
                stale.unlink()
            continue
        files |= {f"{lang}/{file}": content for file, content in chart.files(formats).items()}
    write_whole(options.out, files)
    print(
        "\n".join(
            [*left_out, f"{len(todo) - len(left_out)} charts in {options.out}, from the tables in {data_folder()}"]
        )
    )
    return 0


def _workbook(options: argparse.Namespace) -> int:
    from sodertorn_lib.charts.catalogue import catalogue  # noqa: PLC0415
    from sodertorn_lib.datasets import load_discrepancies  # noqa: PLC0415
    from sodertorn_lib.publish.workbook import workbook  # noqa: PLC0415 (xlsxwriter, only needed here)

    drawings, discrepancies = catalogue(), load_discrepancies()
    books = {
        f"sodertorn_{lang}.xlsx": workbook([draw(lang) for draw in drawings.values()], discrepancies, lang)
        for lang in options.lang or LANGUAGES
    }
    print("\n".join(str(path) for path in write_whole(options.out, books)))
    return 0


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
