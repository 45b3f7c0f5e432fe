"""LibreOffice, as the tests use it."""

import subprocess
from pathlib import Path

from .conftest import program


def converted(deck: bytes, folder: Path, kind: str = "pdf") -> Path:
    """Let LibreOffice draw a deck, all of it as pdf or its first slide as png; return the path."""
    (folder / "deck.pptx").write_bytes(deck)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    told = ["--headless", "--convert-to", kind, "--outdir", folder]
    command = [program("soffice"), profile, *told, folder / "deck.pptx"]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"deck.{kind}"
