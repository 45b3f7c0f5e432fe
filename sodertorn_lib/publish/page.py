"""One page with the answers and every chart, to present and to read: a single file that needs no network."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

import sodertorn_lib
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.spec import Lines, Picture, Plot, is_hued
from sodertorn_lib.charts.theme import BLUE, CLASSES, FAINT, GREY, GRID, INK, MUTED, PALE
from sodertorn_lib.display import show
from sodertorn_lib.publish.inline import font_faces, part_name
from sodertorn_lib.publish.workbook import headed
from sodertorn_lib.wording import phrase, read_texts

if TYPE_CHECKING:
    from sodertorn_lib.publish.press import Edition

__all__ = ["page"]

FOLDER = Path(__file__).resolve().parent
COLOURS = {"blue": BLUE, "faint": FAINT, "grey": GREY, "grid": GRID, "ink": INK, "muted": MUTED, "pale": CLASSES[0]}


def page(editions: Sequence[Edition], parts: Mapping[str, bytes], downloads: Sequence[str]) -> bytes:
    """Return the page as HTML: for each language its answers and charts, and a table of what each chart shows.

    Parameters
    ----------
    editions
        One a language; the page links to the files that `Chart.files` writes below a folder a language.
    parts
        The pictures of their charts, as `inline_parts` gives them.
    downloads
        Names of other files beside the page; those of a language have it in their name.
    """
    loader = FileSystemLoader(FOLDER)
    house = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    script = (FOLDER / "page.js").read_text(encoding="utf-8")
    data = [chart.data for edition in editions for chart in edition.charts]
    given = {
        "editions": {edition.lang: edition for edition in editions},
        "views": {edition.lang: [_view(edition, chart, parts) for chart in edition.charts] for edition in editions},
        "texts": {edition.lang: read_texts(edition.lang) for edition in editions},
        "municipalities": sorted({name for table in data for name in table.get("municipality", ())}),
        "downloads": downloads,
        "phrase": phrase,
        "font_faces": font_faces,
        "colours": COLOURS,
        "pale": PALE,
        "script": script,
        "script_hash": base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    }
    return house.get_template("page.html").render(given).encode()


def _view(edition: Edition, chart: Chart, parts: Mapping[str, bytes]) -> dict[str, Any]:
    """Return a chart with what the page alone says of it: its pictures, its table, how it is cited."""
    lang, words = chart.lang, chart.words
    project = phrase("workbook", "title", lang)
    cited = {"title": words.title, "source": words.source, "project": project, "version": sodertorn_lib.__version__}
    table = show(headed(chart.data, lang), lang)
    about = next((chart.data[name] for name in ("municipality", f"area_{lang}") if name in chart.data), None)
    abouts = [None] * len(chart.data) if about is None else about
    return {
        "chart": chart,
        "sheet": phrase(chart.name, "sheet", lang),
        "kind": _kind(chart.plot),
        "pictures": {kind: parts[part_name(chart, kind)].decode() for kind in ("wide", "narrow")},
        "columns": [(name, name in table.texts) for name in table.table],
        "rows": list(zip(table.table.itertuples(index=False), abouts, strict=True)),
        "citation": phrase("page", "cite", lang, **cited, **edition.known),
    }


def _kind(plot: Plot) -> str:
    """Return the classes of a picture: what is highlighted in it, and whether hues stay apart where it is not."""
    hued = isinstance(plot, Lines) and len(plot.panels) > 1 and any(map(is_hued, plot.panels.values()))
    return "map" if isinstance(plot, Picture) else "plot hued" if hued else "plot"
