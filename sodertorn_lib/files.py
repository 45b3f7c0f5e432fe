"""Write files whole or not at all."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Mapping
from pathlib import Path


def write_whole(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write all files below a folder, or leave what was there; return their paths.

    The files are first written beside their places, then moved: an error or an interrupt on the way
    leaves no half-written file.
    """
    if folder.is_file():
        raise NotADirectoryError(errno.ENOTDIR, "it is a file, not a folder", str(folder))
    folder.mkdir(parents=True, exist_ok=True)
    targets = [folder / name for name in files]
    for taken in (target for target in targets if target.is_dir()):
        raise IsADirectoryError(errno.EISDIR, "a folder has its name", str(taken))
    with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=folder) as staging:
        for place, content in enumerate(files.values()):
            (Path(staging) / str(place)).write_bytes(content)
        for place, target in enumerate(targets):
            target.parent.mkdir(parents=True, exist_ok=True)
            (Path(staging) / str(place)).replace(target)
    return targets
