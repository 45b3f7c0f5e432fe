"""Slips in what is drawn: each artist of each chart, in both languages."""

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from matplotlib.axis import Axis
from matplotlib.figure import Figure
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
                where = f"{chart.name} ({lang}), {type(artist).__name__} {artist.get_label()}"
                yield where, slip, _noticed(own, lines, pictures)
            for slip, (parts_of, change) in AROUND.items():
                own = replace(chart)
                if parts := parts_of(own.figure):
                    change(chance.choice(parts))
                    yield f"{chart.name} ({lang})", slip, _noticed(own, lines, pictures)


def _noticed(chart: Chart, lines: list[str], pictures: Mapping[str, str]) -> bool:
    return repr(chart).splitlines() != lines or not manifest.alike(
        facts.grey(chart.render("png", dpi=96)), pictures[f"{chart.name}.png"]
    )


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


def _scales(figure: Figure) -> list[Axis]:
    """Return the axes' scales that show tick labels."""
    scales = [axis for axes in figure.axes if axes.axison for axis in (axes.xaxis, axes.yaxis)]
    return [axis for axis in scales if any(label.get_text() for label in axis.get_ticklabels())]


def _shifted(axis: Axis) -> None:
    """Move the tick labels by a fiftieth of what is in view, which stays as it is."""
    low, high = axis.get_view_interval()
    labels = [label.get_text() for label in axis.get_ticklabels()]
    axis.set_ticks([place + (high - low) / 50 for place in axis.get_majorticklocs()], labels)
    axis.set_view_interval(low, high, ignore=True)


def _tick_labels(figure: Figure) -> list[Text]:
    return [label for axis in _scales(figure) for label in axis.get_ticklabels() if label.get_text()]


def _arrows(figure: Figure) -> list[Any]:
    texts = [text for axes in figure.axes for text in axes.texts]
    return [text.arrow_patch for text in texts if getattr(text, "arrow_patch", None)]


def _gridlines(figure: Figure) -> list[Any]:
    return [line for axis in _scales(figure) for line in axis.get_gridlines() if line.get_visible()]


def _grounds(figure: Figure) -> list[Any]:
    return [figure.patch, *(axes.patch for axes in figure.axes if axes.axison)]


AROUND: dict[str, tuple[Callable[[Figure], list[Any]], Callable[[Any], None]]] = {
    "tick labels moved": (_scales, _shifted),
    "tick label recoloured": (_tick_labels, lambda label: label.set_color("#123456")),
    "arrow hidden": (_arrows, lambda arrow: arrow.set_visible(False)),
    "arrow recoloured": (_arrows, lambda arrow: arrow.set_color("#123456")),
    "gridline recoloured": (_gridlines, lambda line: line.set_color("#123456")),
    "ground recoloured": (_grounds, lambda ground: ground.set_facecolor("#fffff0")),
}
