"""Charts on the sheets of the workbook: Excel draws from the cells what it can, and the rest is a picture."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from PIL import Image

from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.spec import Bars, Line, Lines, Plot, Rows
from sodertorn_lib.charts.theme import AHEAD_COLOUR, FAINT, GRID, INK
from sodertorn_lib.formats import number
from sodertorn_lib.publish.nativecharts import is_native
from sodertorn_lib.publish.nativelabels import number_format, tick_format
from sodertorn_lib.wording import phrase

__all__ = ["GAP", "HEIGHT", "WIDTH", "drawn_cells", "insert_chart", "with_categories"]

WIDTH, HEIGHT, GAP = 760, 428, 12  # pixels
PICTURE_DPI, PICTURE_COLOURS = 72, 64  # a third of the bytes, and no difference to be seen at this size
KINDS = {"lying": ("bar", "clustered"), "standing": ("column", "clustered"), "apart": ("bar", "stacked")}
DASHES = {"-": "solid", "--": "dash", "-.": "dash_dot", ":": "round_dot"}
MARKERS = {"": "circle", "_": "long_dash"}


class Cells(NamedTuple):
    """The cells of one series: its column in the table, and its first and last row, from nil."""

    column: int
    first: int
    last: int


def with_categories(table: pd.DataFrame, plot: Plot, lang: str) -> pd.DataFrame:
    """Return the table with the names that stand at the bars, where none of its columns has them.

    >>> plot = Rows(["Salem"], [Bars("Fee", [5], ["5"], ["#0B4F8A"])])
    >>> with_categories(pd.DataFrame({"Code": ["0128"], "Fee": [5]}), plot, "en")
       Code  Fee In the chart
    0  0128    5        Salem
    """
    if not isinstance(plot, Rows) or drawn_cells(table, plot, lang) or len(table) % len(plot.categories):
        return table
    names = _names(plot) * (len(table) // len(plot.categories))  # once for each series below another
    named = table.assign(**{phrase("workbook", "category", lang): names})
    return named if drawn_cells(named, plot, lang) else table


def drawn_cells(table: pd.DataFrame, plot: Plot, lang: str) -> list[tuple[Cells, Cells]]:
    """Return the cells of each series, along and up, in the order of the plot; none where Excel cannot draw it.

    That is where PowerPoint cannot, and where the numbers do not stand in the sheet one below the other.
    """
    if not is_native(plot, lang):
        return []
    found = list(_rows(table, plot) if isinstance(plot, Rows) else _lines(table, _marks(plot)))
    known = [pair for pair in found if pair]
    return known if len(known) == len(found) else []


def insert_chart(book: Any, sheet: Any, where: tuple[int, int], chart: Chart, table: pd.DataFrame) -> None:
    """Put a chart on its sheet, with its upper left corner in a cell."""
    about = {"description": chart.words.alt, "object_position": 2}  # hidden rows leave its size alone
    about |= {"x_offset": GAP, "y_offset": GAP}
    cells = drawn_cells(table, chart.plot, chart.lang)
    if cells:
        native = _drawn(book, sheet.name, chart, cells)
        sheet.insert_chart(*where, native, about)
    else:
        picture = _picture(chart)
        scale = {"x_scale": WIDTH / picture.width, "y_scale": HEIGHT / picture.height}
        buffer = io.BytesIO()
        picture.save(buffer, "png", optimize=True)
        sheet.insert_image(*where, f"{chart.name}.png", {"image_data": buffer, **scale, **about})


def _picture(chart: Chart) -> Any:
    with Image.open(io.BytesIO(chart.render("png", dpi=PICTURE_DPI))) as picture:
        return picture.convert("RGB").quantize(PICTURE_COLOURS, dither=Image.Dither.NONE)


def _rows(table: pd.DataFrame, plot: Rows) -> Iterator[tuple[Cells, Cells] | None]:
    along, taken = _find_texts(table, _names(plot)), list[Cells]()
    for bars in plot.bars:
        up = None if bars.starts else next((own for own in _find(table, bars.amounts) if own not in taken), None)
        if along and up:
            taken.append(up)
            yield along, up
        else:
            yield None


def _lines(table: pd.DataFrame, lines: Sequence[Line]) -> Iterator[tuple[Cells, Cells] | None]:
    for line in lines:
        pairs = product(_find(table, line.x), _find(table, line.y))
        yield next((pair for pair in pairs if pair[0].first == pair[1].first), None)


def _find(table: pd.DataFrame, numbers: Sequence[float]) -> Iterator[Cells]:
    """Yield where numbers, some of them blank, stand below each other."""
    wanted = np.array(numbers, dtype=float)
    for column in range(table.shape[1]):
        if pd.api.types.is_numeric_dtype(table.iloc[:, column]):
            own = table.iloc[:, column].to_numpy(dtype=float, na_value=np.nan)
            for first in range(len(own) - len(wanted) + 1):
                if np.array_equal(own[first : first + len(wanted)], wanted, equal_nan=True):
                    yield Cells(column, first, first + len(wanted) - 1)


def _find_texts(table: pd.DataFrame, texts: Sequence[str]) -> Cells | None:
    wanted = [text.casefold() for text in texts]
    for column in range(table.shape[1]):
        if [str(value).casefold() for value in table.iloc[: len(wanted), column]] == wanted:
            return Cells(column, 0, len(wanted) - 1)
    return None


def _names(plot: Rows) -> list[str]:
    """Return the categories on one line each."""
    return [category.replace("–\n", "–").replace("\n", " ") for category in plot.categories]


def _marks(plot: Plot) -> list[Line]:
    if not isinstance(plot, Lines):
        return []
    return [mark for marks in plot.panels.values() for mark in marks if isinstance(mark, Line)]


def _drawn(book: Any, sheet: str, chart: Chart, cells: Sequence[tuple[Cells, Cells]]) -> Any:
    font, plot = {"color": INK, "size": 10}, chart.plot
    if isinstance(plot, Rows):
        native = book.add_chart(dict(zip(("type", "subtype"), KINDS[plot.form], strict=True)))
        looks = [(bars.name, _bars(bars, plot.form, chart.lang)) for bars in plot.bars]
        _row_axes(native, plot.form, font)
    elif isinstance(plot, Lines):
        native = book.add_chart({"type": "scatter", "subtype": "straight"})
        looks = [(line.name, _line(line)) for line in _marks(plot)]
        _line_axes(native, plot, chart.lang, font)
    for (name, look), (along, up) in zip(looks, cells, strict=True):
        refers = {"categories": _reference(sheet, along), "values": _reference(sheet, up)}
        native.add_series({"name": _literal(name), **refers, **look})
    native.set_title({"name": _literal(chart.words.title), "name_font": {**font, "size": 12}})
    native.set_legend({"position": "bottom", "font": font})  # of one series too: its name has the unit
    native.set_size({"width": WIDTH, "height": HEIGHT})
    return native


def _reference(sheet: str, cells: Cells) -> list[Any]:
    """Return cells of the sheet, below the row of headers."""
    return [sheet, cells.first + 1, cells.column, cells.last + 1, cells.column]


def _literal(text: str) -> str:
    """Return a text on one line that is never taken for a reference: that has a cell after an exclamation mark."""
    return text.replace("\n", " ").replace("!", "!\N{WORD JOINER}")


def _bars(bars: Bars, form: str, lang: str) -> dict[str, Any]:
    apart = form == "apart"
    font = {"color": "#FFFFFF" if apart else INK, "size": 10}
    labels = {"value": True, "num_format": _label_format(bars, lang, form), "font": font}
    labels |= {"position": "center"} if apart else {}
    fills = [_fill(bars, place) for place in range(len(bars.amounts))]
    points = {"points": fills} if any(fill != fills[0] for fill in fills) else {}
    return {**fills[0], **points, "data_labels": labels, "gap": 50, "overlap": 100 if apart else 0}


def _label_format(bars: Bars, lang: str, form: str) -> str:
    """Return how the amounts are written at the bars: as the language does, if one format can say it."""
    if written := number_format(bars.amounts, bars.labels, lang):
        return written
    tenths = any(number(bars.amounts[place], lang, 1) in bars.labels[place] for place in bars.known)
    plain = "#,##0.0" if tenths else "#,##0"
    return f"{plain};-{plain};" if form == "apart" else plain  # in a stack nil is no bar


def _fill(bars: Bars, place: int) -> dict[str, Any]:
    ahead, faint = (bool(flags) and bool(flags[place]) for flags in (bars.ahead, bars.faint))
    colour = FAINT if faint else AHEAD_COLOUR if ahead else bars.tones[place]
    if ahead:
        hatch = {"pattern": "wide_upward_diagonal", "fg_color": colour, "bg_color": "#FFFFFF"}
        return {"pattern": hatch, "border": {"color": colour}}
    return {"fill": {"color": colour}}


def _line(line: Line) -> dict[str, Any]:
    colour = line.tone
    if line.stroke in DASHES:
        return {"line": {"color": colour, "width": 2.25, "dash_type": DASHES[line.stroke]}, "marker": {"type": "none"}}
    paint = {"fill": {"color": colour}, "border": {"color": colour}}
    return {"line": {"none": True}, "marker": {"type": MARKERS[line.stroke], "size": 7, **paint}}


def _row_axes(native: Any, form: str, font: dict[str, Any]) -> None:
    lying = form != "standing"
    names = {"reverse": lying, "num_font": font, "label_position": "low", "interval_unit": 1}  # the first at the top
    names |= {"major_tick_mark": "none", "line": {"color": GRID}, "major_gridlines": {"visible": False}}
    amounts = {"visible": False, "major_gridlines": {"visible": False}}
    native.set_x_axis(amounts if lying else names)
    native.set_y_axis(names if lying else amounts)


def _line_axes(native: Any, plot: Lines, lang: str, font: dict[str, Any]) -> None:
    for put, scale in ((native.set_x_axis, plot.x), (native.set_y_axis, plot.y)):
        ends = {"min": float(scale.low), "max": float(scale.high)}
        step = {"major_unit": float(max(np.diff(list(scale.ticks)), default=1))}
        grid = {"visible": scale is plot.y, "line": {"color": GRID}}
        looks = {"num_font": font, "num_format": tick_format(scale, lang), "major_gridlines": grid}
        put({**ends, **step, **looks, "line": {"color": GRID}})
