"""One page with the answers and every chart in both languages, to look at before one sends anything."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sodertorn_lib.answers import Answer
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.theme import BLUE, GREY, INK, MUTED
from sodertorn_lib.wording import read_texts

__all__ = ["page"]

COLOURS = {"blue": BLUE, "grey": GREY, "ink": INK, "muted": MUTED}


def page(charts: Sequence[Chart], answers: Sequence[Answer], downloads: Sequence[str]) -> bytes:
    """Return the page as HTML: the answers, then for each chart its pictures, what they show, their sources and data.

    Parameters
    ----------
    charts
        In any languages; the page links to the files that `Chart.files` writes below a folder a language.
    answers
        In the same languages.
    downloads
        Names of other files beside the page.
    """
    loader = FileSystemLoader(Path(__file__).resolve().parent)
    house = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    by_chart = {chart.name: [own for own in charts if own.name == chart.name] for chart in charts}
    texts = {chart.lang: read_texts(chart.lang) for chart in charts}
    given = {"by_chart": by_chart, "answers": answers, "downloads": downloads, "texts": texts, "colours": COLOURS}
    return house.get_template("page.html").render(given).encode()
