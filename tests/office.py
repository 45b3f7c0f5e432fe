"""LibreOffice, as the tests use it: with a profile of its own, which to make takes longer than to draw a slide."""

import atexit
import csv
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from .conftest import program


@cache
def profile() -> str:
    folder = tempfile.mkdtemp(prefix="office-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return f"-env:UserInstallation={Path(folder).as_uri()}"


def converted(deck: bytes, folder: Path, kind: str = "pdf") -> Path:
    """Let LibreOffice draw a deck, all of it as pdf or its first slide as png; return the path."""
    (folder / "deck.pptx").write_bytes(deck)
    told = ["--headless", "--convert-to", kind, "--outdir", folder]
    command = [program("soffice"), profile(), *told, folder / "deck.pptx"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"deck.{kind}"


def computed(book: bytes, folder: Path) -> dict[str, list[list[str]]]:
    """Let LibreOffice compute a workbook; return the rows of each sheet, as text."""
    (folder / "book.xlsx").write_bytes(book)
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"
    told = ["--headless", "--convert-to", every_sheet, "--outdir", folder]
    command = [program("localc"), profile(), *told, folder / "book.xlsx"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    sheets = {path.stem.removeprefix("book-"): path for path in folder.glob("book-*.csv")}
    return {name: list(csv.reader(path.read_text(encoding="utf-8").splitlines())) for name, path in sheets.items()}
