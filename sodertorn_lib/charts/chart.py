"""A chart: words and a plot, with the table behind it; its picture is drawn when it is asked for."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from sodertorn_lib.charts.draw import drawn, plot_area
from sodertorn_lib.charts.fingerprint import fingerprint
from sodertorn_lib.charts.narrow import narrow
from sodertorn_lib.charts.palette import HOUSE, Palette, recoloured
from sodertorn_lib.charts.spec import Picture, Plot
from sodertorn_lib.charts.theme import MARGIN, theme
from sodertorn_lib.errors import require_known
from sodertorn_lib.files import write_whole
from sodertorn_lib.spreadsheets import as_csv
from sodertorn_lib.wording import Words

FORMATS = ("png", "svg", "pdf")
FAST = {"compress_level": 3}  # half the time of the default for 7 % more bytes
AIR = 0.1  # inches beside, or above and below, a plot alone
FILE_DPI = 144  # 1920 pixels wide


@dataclass(frozen=True, repr=False)
class Chart:
    r"""A finished chart.

    In a notebook it shows as a picture with its alt text; its text form is the fingerprint, which names every
    word, bar, line and colour, so that nbval reports a chart that changed.

    Parameters
    ----------
    name
        What its files are called.
    lang
        `sv` or `en`.
    words
        Title (the finding), subtitle (measure, unit, period), source line, alt text, caveat.
    data
        The table that is drawn.
    plot
        What is drawn of it: rows, lines or a picture.

    Examples
    --------
    >>> from sodertorn_lib import charts, load_fee_rates, load_population, membership_fees
    >>> fees = membership_fees(load_population(), load_fee_rates(year=2020))
    >>> chart = charts.fee_by_municipality(fees, lang="en", highlight="Salem")
    >>> chart.words.title
    'Huddinge pays the most, SEK\xa0451,392, and Nykvarn the least, SEK\xa044,056'
    """

    name: str
    lang: str
    words: Words
    data: pd.DataFrame
    plot: Plot

    @cached_property
    def figure(self) -> Figure:
        """The matplotlib figure, 13.33 x 7.5 inches, for whoever wants to go on with it."""
        return drawn(self.words, self.plot)

    def __repr__(self) -> str:
        return fingerprint(self.name, self.lang, self.words.alt, self.figure)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the figure behind: another processor draws its own."""
        return {name: value for name, value in self.__dict__.items() if name != "figure"}

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, object], dict[str, object]]:
        picture = self.render("png", dpi=96)
        return {"image/png": picture, "text/plain": repr(self)}, {"image/png": {"alt": self.words.alt}}

    def render(self, file_format: str, dpi: float | None = None) -> bytes:
        """Return the chart as png, svg or pdf: the same bytes each time, with title and alt text inside.

        A png carries its fingerprint as well, so that a picture that has gone stale can be told.
        """
        require_known("format", [file_format], FORMATS)
        title, alt = self.words.title, self.words.alt
        described: dict[str, dict[str, Any]] = {
            "png": {"Title": title, "Description": alt, "Comment": repr(self), "Software": None},
            "svg": {"Title": title, "Description": alt, "Date": None},
            "pdf": {"Title": title, "Subject": alt, "CreationDate": None},
        }
        compressed: dict[str, Any] = {"pil_kwargs": FAST} if file_format == "png" else {}
        return _saved(self.figure, file_format, dpi=dpi or "figure", metadata=described[file_format], **compressed)

    def render_plot(self, dpi: float, palette: Palette = HOUSE) -> bytes:
        """Return the plot alone as png on no ground, for a page that has title, subtitle and source line of its own."""
        figure = recoloured(drawn(self.words, self.plot), palette)
        options: dict[str, Any] = {
            "bbox_inches": _plot_room(figure),
            "metadata": {"Software": None},
            "pil_kwargs": FAST,
        }
        with _without_words(figure):
            return _saved(figure, "png", dpi=dpi, transparent=True, **options)

    def views(self) -> dict[str, bytes]:
        """Return the plot alone as svg, `wide` and `narrow`, for a page with title, subtitle and source of its own.

        Its texts are texts in the font of the house; of what can be highlighted each part has an id, as in `SUBJECT`.
        """
        small = narrow(self.plot)
        rooms = {
            "wide": (self.figure, _plot_room(self.figure)),
            "narrow": (small, _drawn_room(small) if isinstance(self.plot, Picture) else None),
        }
        with _without_words(self.figure):
            return {
                kind: _saved(figure, "svg", "none", bbox_inches=room, metadata={"Date": None})
                for kind, (figure, room) in rooms.items()
            }

    def files(self, formats: Iterable[str] = ("png", "svg")) -> dict[str, bytes]:
        """Return the chart in each format, its data as CSV and its alt text, by file name."""
        contents = {kind: self.render(kind, dpi=FILE_DPI) for kind in formats}
        contents["csv"] = as_csv(self.data)
        contents["txt"] = f"{self.words.alt}\n".encode()
        return {f"{self.name}.{suffix}": content for suffix, content in contents.items()}

    def save(self, target: str | Path, formats: Iterable[str] = ("png", "svg")) -> list[Path]:
        """Write the chart, whole or not at all; return the paths.

        A target that ends in .png, .svg or .pdf is that one picture; any other is a folder for what `files` returns.
        """
        path = Path(target)
        suffix = path.suffix.removeprefix(".")
        if not suffix.isalpha() or path.is_dir():
            return write_whole(path, self.files(formats))
        return write_whole(path.parent, {path.name: self.render(suffix.lower(), dpi=FILE_DPI)})


@contextmanager
def _without_words(figure: Figure) -> Iterator[None]:
    for text in figure.texts:
        text.set_visible(False)
    yield
    for text in figure.texts:
        text.set_visible(True)


def _plot_room(figure: Figure) -> Bbox:
    """Return what the plot takes of a figure with words, in inches."""
    _, bottom, _, height = plot_area(figure)
    width_in, height_in = figure.get_size_inches()
    low, high, beside = (bottom - 0.015) * height_in, (bottom + height + 0.02) * height_in, MARGIN - AIR
    return Bbox.from_extents(beside, low, width_in - beside, high)


def _drawn_room(figure: Figure) -> Bbox:
    """Return what is drawn of a figure in its whole width, in inches."""
    with theme():
        extent = figure.get_tightbbox()
    return Bbox.from_extents(0, extent.y0 - AIR, figure.get_figwidth(), extent.y1 + AIR)


def _saved(figure: Figure, file_format: str, svg_text: str = "path", **options: Any) -> bytes:
    buffer = io.BytesIO()
    with theme(), mpl.rc_context({"svg.fonttype": svg_text}):
        figure.savefig(buffer, format=file_format, **options)
    return buffer.getvalue()
