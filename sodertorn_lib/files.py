"""Write files whole or not at all."""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

BEFORE = "-before"  # what a file is called that is being replaced


def write_whole(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write all files below a folder, or leave what was there; return their paths.

    The files are first written beside their places, then moved; what they replace is kept until all are there, and put
    back where an error or an interrupt comes on the way.
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
        with _put_back(targets, Path(staging)):
            for place, target in enumerate(targets):
                target.parent.mkdir(parents=True, exist_ok=True)
                if target.exists():
                    target.replace(Path(staging) / f"{place}{BEFORE}")
                (Path(staging) / str(place)).replace(target)
    return targets


@contextmanager
def _put_back(targets: list[Path], staging: Path) -> Iterator[None]:
    """Leave the targets as they were where not all of them can be replaced."""
    try:
        yield
    except BaseException:
        for place, target in enumerate(targets):
            if not (staging / str(place)).exists():
                target.unlink(missing_ok=True)
            if (staging / f"{place}{BEFORE}").exists():
                (staging / f"{place}{BEFORE}").replace(target)
        raise
