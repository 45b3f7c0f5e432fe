"""One page with every chart in both languages, to look at before one sends anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sodertorn_lib.charts.canvas import BAND, BLUE, GREY, INK, MUTED
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.wording import read_texts

__all__ = ["page"]

COLOURS = {"band": BAND, "blue": BLUE, "grey": GREY, "ink": INK, "muted": MUTED}


def page(charts: Sequence[Chart], downloads: Sequence[str]) -> bytes:
    """Return the page as HTML: for each chart its pictures, what they show, their sources and data.

    Parameters
    ----------
    charts
        In any languages; the page links to the files that `Chart.files` writes below a folder a language.
    downloads
        Names of other files beside the page.
    """
    house = Environment(
        loader=FileSystemLoader(Path(__file__).resolve().parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    by_chart: dict[str, list[Chart]] = {}
    for chart in charts:
        by_chart.setdefault(chart.name, []).append(chart)
    texts = {chart.lang: read_texts(chart.lang) for chart in charts}
    html = house.get_template("page.html").render(by_chart=by_chart, downloads=downloads, texts=texts, colours=COLOURS)
    return html.encode()
