"""LibreOffice, as the tests use it: with a profile of its own, which to make takes longer than to draw a slide."""

import atexit
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
