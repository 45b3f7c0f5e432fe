"""Slips in what is drawn: each artist of each chart, in both languages."""

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from matplotlib.text import Text

from sodertorn_lib.charts import Chart
from sodertorn_lib.formats import LANGUAGES

from .. import facts, manifest

EACH = 8  # slips a chart and language


def mutants(seed: int) -> Iterator[tuple[str, str, bool]]:
    """Yield where, how, and whether the fingerprint or the picture differs from what is stored."""
    chance = random.Random(seed)
    for lang in LANGUAGES:
        charts, pictures = manifest.stored("charts", lang), manifest.stored("pictures", lang)
        for chart in facts.drawn(lang):
            lines = [said for name, said in charts.items() if name.startswith(f"{chart.name}, line ")]
            assert repr(chart).splitlines() == lines
            for _ in range(EACH):
                own = replace(chart)
                artist, slip = chance.choice(_parts(own)), chance.choice(list(SLIPS))
                SLIPS[slip](artist, chance)
                noticed = repr(own).splitlines() != lines or not manifest.alike(
                    facts.grey(own.render("png", dpi=96)), pictures[f"{chart.name}.png"]
                )
                yield f"{chart.name} ({lang}), {type(artist).__name__} {artist.get_label()}", slip, noticed


def _parts(chart: Chart) -> list[Any]:
    figure = chart.figure
    inner = [part for axes in figure.axes for part in (*axes.patches, *axes.lines, *axes.collections, *axes.texts)]
    parts = [part for part in (*figure.texts, *inner, *figure.axes) if part.get_visible()]
    return [part for part in parts if not isinstance(part, Text) or part.get_text()]


def _moved(artist: Any, chance: random.Random) -> None:
    if isinstance(artist, Text):
        artist.set_x(_further(artist))
    elif hasattr(artist, "set_x"):
        artist.set_x(artist.get_x() + 1)
    elif hasattr(artist, "set_xdata"):
        artist.set_xdata([value + 1 for value in artist.get_xdata()])
    else:
        artist.set_visible(False)


def _further(text: Text) -> float:
    """Return where a text is that is a fiftieth of the chart's width further to the right."""
    placed, width = text.get_transform(), text.figure.bbox.width
    x, y = placed.transform(text.get_unitless_position())
    return placed.inverted().transform((x + width / 50, y))[0]


def _recoloured(artist: Any, chance: random.Random) -> None:
    (artist.set_color if hasattr(artist, "set_color") else artist.set_facecolor)("#123456")


def _resized(artist: Any, chance: random.Random) -> None:
    if hasattr(artist, "set_fontsize"):
        artist.set_fontsize(artist.get_fontsize() - 4)
    elif hasattr(artist, "set_height"):
        artist.set_height(artist.get_height() * 0.5)
    elif hasattr(artist, "set_linewidth"):
        artist.set_linewidth(9)
    else:
        artist.set_position((0.3, 0.3, 0.3, 0.3))


def _reworded(artist: Any, chance: random.Random) -> None:
    artist.set_text("x") if hasattr(artist, "set_text") else artist.set_alpha(0.3)


SLIPS: dict[str, Callable[[Any, random.Random], None]] = {
    "hidden": lambda artist, chance: artist.set_visible(False),
    "removed": lambda artist, chance: artist.remove(),
    "raised": lambda artist, chance: artist.set_zorder(artist.get_zorder() + 7),
    "moved": _moved,
    "recoloured": _recoloured,
    "resized": _resized,
    "reworded": _reworded,
}
