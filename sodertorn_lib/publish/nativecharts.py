"""Charts that PowerPoint draws itself, with their numbers in a sheet behind them: colours and words can be changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from lxml import etree
from pptx.chart.chart import Chart as NativeChart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.chart import XL_LABEL_POSITION as AT
from pptx.enum.dml import MSO_LINE, MSO_PATTERN
from pptx.oxml.ns import qn
from pptx.shapes.placeholder import ChartPlaceholder
from pptx.util import Pt

from sodertorn_lib.charts.charted import ROOM, needs
from sodertorn_lib.charts.spec import Bars, Line, Lines, Plot, Rows
from sodertorn_lib.charts.theme import AHEAD_COLOUR, FAINT, GREY, GRID, LINE, PAPER, PLOT_WIDTH, text_width
from sodertorn_lib.publish.nativelabels import MANUAL, NAMESPACE, Look, label_bars, label_lines, tick_format
from sodertorn_lib.publish.officefiles import sheet_behind
from sodertorn_lib.wording import phrase

__all__ = ["insert_chart", "is_native", "scale_in"]

BARS, COLUMNS, STACKS = XL_CHART_TYPE.BAR_CLUSTERED, XL_CHART_TYPE.COLUMN_CLUSTERED, XL_CHART_TYPE.BAR_STACKED
KINDS = {"lying": BARS, "standing": COLUMNS, "apart": STACKS}
DASHES = {"-": MSO_LINE.SOLID, "--": MSO_LINE.DASH, "-.": MSO_LINE.DASH_DOT, ":": MSO_LINE.ROUND_DOT}
MARKERS = {"": (XL_MARKER_STYLE.CIRCLE, 10), "_": (XL_MARKER_STYLE.DASH, 20)}
CLEAR = ""  # the tone of bars that one sees through: under the steps of a waterfall, and where their labels stand
FOOT, HEAD = 0.16, 0.03  # room under and over columns, in heights of the chart
TICKS_FOOT = 0.09  # under lines
GAP = 0.2  # inches, beside names and labels
ROW = 0.9 * LINE  # inches, the least height of a row
MANY_ROWS, SMALLER = 13, 16  # points, so that no name of a row is left out


def is_native(plot: Plot, lang: str) -> bool:
    """Return whether PowerPoint can draw it.

    It cannot draw small multiples, intervals, labels that are placed freely, or stacks below zero or of one tone.
    """
    if isinstance(plot, Lines):
        marks = [mark for panel in plot.panels.values() for mark in panel]
        lines = [mark for mark in marks if isinstance(mark, Line)]
        fixed = all(label.place != "free" for line in lines for label in line.labels.values())
        return (
            len(lines) == len(marks)
            and fixed
            and len(plot.panels) == 1
            and not plot.y.doubling
            and bool(tick_format(plot.y, lang))
        )
    if not isinstance(plot, Rows):
        return False
    stacked = [bars for bars in plot.bars if bars.starts or plot.form == "apart"]
    if max(name.count("\n") for name in _names(plot)) > 1:  # a program leaves out the names beside a longer one
        return False
    tones = [bars.tones[0] for bars in stacked if plot.form == "apart"]
    return len(set(tones)) == len(tones) and all(amount >= 0 for bars in stacked for amount in _ends(bars)[0])


def scale_in(plot: Plot, width: float, height: float) -> float:
    """Return how large a chart can be, beside the house's, in so many inches with nothing on top of another."""
    there = ((need, width / PLOT_WIDTH if need.across else height / ROOM) for need in needs(plot) if need.inches)
    rows = _names(plot) if isinstance(plot, Rows) and plot.form != "standing" else []
    tall = ROW * len(rows) * max((name.count("\n") + 1 for name in rows), default=0)  # beside a longer name others go
    return min([1.0, *(share * need.there / need.inches for need, share in there), height / (tall or height)])


def insert_chart(placeholder: Any, plot: Plot, lang: str, look: Look) -> Any:
    """Put a native chart into a placeholder; return its frame."""
    holder = ChartPlaceholder(placeholder._element, placeholder._parent)
    if isinstance(plot, Lines):
        ((_, marks),) = plot.panels.items()
        lines = sorted((mark for mark in marks if isinstance(mark, Line)), key=lambda line: not line.faint)
        frame = _inserted(holder, XL_CHART_TYPE.XY_SCATTER_LINES, _points(lines))
        _prepare(frame.chart, look, legend=False)
        _draw_lines(frame, plot, lines, lang, look)
    elif isinstance(plot, Rows):
        shown = _stepped(plot, lang, placeholder.width.inches / look.scale / look.wide) if plot.bars[0].starts else plot
        frame = _inserted(holder, STACKS if _has_steps(shown) else KINDS[plot.form], _table(shown))
        _prepare(frame.chart, look, legend=plot.form != "lying" and len(plot.bars) > 1)
        _draw_rows(frame, shown, lang, look)
    for identity in frame.chart._chartSpace.iter(qn("c:axId"), qn("c:crossAx")):
        identity.set("val", identity.get("val").lstrip("-"))  # the standard has no negative ones
    for leaders in frame.chart._chartSpace.iter(qn("c:showLeaderLines")):
        leaders.set("val", "0")
    return frame


def _inserted(holder: ChartPlaceholder, kind: XL_CHART_TYPE, data: Any) -> Any:
    frame = holder.insert_chart(kind, data)
    frame.chart.part.chart_workbook.update_from_xlsx_blob(sheet_behind(data))
    return frame


def _prepare(native: NativeChart, look: Look, *, legend: bool) -> None:
    native.has_title, native.has_legend = False, legend
    native.font.size = look.size
    look.ink(native.font.color)
    if legend:
        native.legend.position, native.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False


def _ends(bars: Bars) -> tuple[Any, Any]:
    """Return the lower and the upper ends of bars that have an amount or a blank."""
    amounts = np.array(bars.amounts, dtype=float)
    starts = np.array(bars.starts or np.zeros(len(amounts)))
    return np.fmin(starts, starts + amounts), np.fmax(starts, starts + amounts)


def _stepped(plot: Rows, lang: str, width: float) -> Rows:
    """Return a waterfall as stacks: bars that one sees through under the steps, and beyond them for their labels."""
    (bars,), nothing = plot.bars, [""] * len(plot.categories)
    below, above = _ends(bars)
    beyond = (text_width(bars.labels) + GAP) / (width - text_width(plot.categories) - GAP)  # of the axis
    room = [float(np.nanmax(above)) * beyond / (1 - beyond)] * len(below)
    under = Bars(phrase("deck", "step_under", lang), below.tolist(), nothing, nothing)
    steps = replace(bars, amounts=(above - below).tolist(), labels=nothing, starts=())
    return replace(plot, bars=[under, steps, Bars(phrase("deck", "step_label", lang), room, bars.labels, nothing)])


def _has_steps(plot: Rows) -> bool:
    return plot.bars[0].tones[0] == CLEAR


def _table(plot: Rows) -> CategoryChartData:
    data = CategoryChartData()
    data.categories = _names(plot)
    for bars in plot.bars:
        amounts = [None if np.isnan(amount) else float(amount) for amount in bars.amounts]
        data.add_series(bars.name.replace("\n", " "), amounts)
    return data


def _names(plot: Rows) -> list[str]:
    """Return the categories; a total stands by its name, and so does what is said of a blank, which has no point."""
    _, totals = plot.totals
    names, between = [], "\n" if ROW * 2 * len(plot.categories) <= ROOM else " "
    for place, category in enumerate(plot.categories):
        blank = [bars.labels[place] for bars in plot.bars if place not in bars.known and bars.labels[place]]
        names.append(between.join([f"{category}: {totals[place]}" if totals else category, *blank]))
    return names


def _points(lines: Sequence[Line]) -> XyChartData:
    data = XyChartData()
    for line in lines:
        series = data.add_series(line.name.replace("\n", " "))
        for place in line.known:
            series.add_data_point(float(line.x[place]), float(line.y[place]))
    return data


def _draw_rows(frame: Any, plot: Rows, lang: str, look: Look) -> None:
    native = frame.chart
    _plain(native.category_axis, look)
    native.value_axis.visible = native.value_axis.has_major_gridlines = False
    (_lay_out_columns if plot.form == "standing" else _lay_out_bars)(frame, plot, look)
    position = AT.INSIDE_BASE if _has_steps(plot) else AT.CENTER if plot.form == "apart" else AT.OUTSIDE_END
    for drawn, bars in zip(native.plots[0].series, plot.bars, strict=True):
        _paint(drawn, bars, look, edged=_has_steps(plot))
        label_bars(drawn, bars, lang, look, position=position)


def _lay_out_bars(frame: Any, plot: Rows, look: Look) -> None:
    """Keep room for the names on the left and the labels on the right, as wide as they are."""
    native, width, stepped = frame.chart, frame.width.inches / look.scale / look.wide, _has_steps(plot)
    names = text_width(_names(plot)) + GAP
    ends = [text for bars in plot.bars for text in bars.labels] if plot.form == "lying" else [""]
    labels = 0.0 if stepped else max(text_width(ends) + GAP, 0.3)
    _inner(native, names / width, 0.0, 1 - (names + labels) / width, 0.8 if native.has_legend else 1.0)
    axis = native.category_axis
    axis.reverse_order, axis.tick_label_position = True, XL_TICK_LABEL_POSITION.LOW
    if len(plot.categories) > MANY_ROWS:
        axis.tick_labels.font.size = Pt(SMALLER * look.scale)
    native.plots[0].gap_width, native.plots[0].overlap = 50, 100 if stepped or plot.form == "apart" else 0
    if stepped:
        native.value_axis.minimum_scale = 0
        native.value_axis.maximum_scale = float(np.nanmax(np.sum([bars.amounts for bars in plot.bars], axis=0)))
        return
    amounts = [0.0, *(amount for bars in plot.bars for amount in bars.amounts)]
    lowest, highest, bare = float(np.nanmin(amounts)), float(np.nanmax(amounts)), width - names - labels
    below = [bars.labels[place] for bars in plot.bars for place in bars.known if bars.amounts[place] < 0]
    if below:  # a label of a bar to the left of zero needs its room on that side, on a scale that stays as it is
        beside, native.value_axis.maximum_scale = (text_width(below) + GAP) / bare, highest
        lowest -= beside / (1 - beside) * (highest - lowest)
    native.value_axis.minimum_scale = lowest


def _lay_out_columns(frame: Any, plot: Rows, look: Look) -> None:
    native = frame.chart
    _inner(native, 0.0, HEAD, 1.0, 1 - HEAD - FOOT - (0.1 if native.has_legend else 0))
    if np.nanmin([bars.amounts for bars in plot.bars]) >= 0:
        native.value_axis.minimum_scale = 0
    native.plots[0].gap_width, native.plots[0].overlap = 40, 0


def _draw_lines(frame: Any, plot: Lines, lines: Sequence[Line], lang: str, look: Look) -> None:
    native, width, height = frame.chart, frame.width.inches / look.scale / look.wide, frame.height.inches / look.scale
    ends = [label.text for line in lines for label in line.labels.values() if label.place == "end"]
    left, right = text_width(plot.y.ticks.values()) + GAP, text_width([*ends, *list(plot.x.ticks.values())[-1:]]) + GAP
    room = 1 - HEAD - TICKS_FOOT
    _inner(native, left / width, HEAD, 1 - (left + right) / width, room)
    along, amounts = native.category_axis, native.value_axis
    _plain(along, look)
    for axis, scale in ((along, plot.x), (amounts, plot.y)):
        axis.minimum_scale, axis.maximum_scale = float(scale.low), float(scale.high)
        axis.major_unit = float(max(np.diff(list(scale.ticks)), default=1))
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = tick_format(scale, lang), False
    along.major_tick_mark = amounts.major_tick_mark = XL_TICK_MARK.OUTSIDE  # they keep the first two texts apart
    amounts.format.line.fill.background()
    amounts.major_gridlines.format.line.color.rgb = look.rgb(GRID)
    for drawn, line in zip(native.plots[0].series, lines, strict=True):
        _draw_line(drawn, line, look)
    label_lines(native.plots[0].series, lines, plot.y, look, room, height)


def _draw_line(drawn: Any, line: Line, look: Look) -> None:
    drawn.smooth = False
    colour = look.rgb(line.tone)
    if line.stroke in DASHES:
        drawn.format.line.color.rgb, drawn.format.line.width = colour, Pt(line.width)
        drawn.format.line.dash_style = DASHES[line.stroke]
        drawn.marker.style = XL_MARKER_STYLE.NONE
    else:
        drawn.format.line.fill.background()
        drawn.marker.style, drawn.marker.size = MARKERS[line.stroke]
        drawn.marker.format.fill.solid()
        drawn.marker.format.fill.fore_color.rgb = drawn.marker.format.line.color.rgb = colour


def _paint(drawn: Any, bars: Bars, look: Look, *, edged: bool) -> None:
    """Fill the bars of a series in its first tone, and one by one those that look otherwise."""
    drawn.invert_if_negative = False
    if bars.tones[0] == CLEAR:
        drawn.format.fill.background()
        return
    _fill(drawn.format, bars.tones[0], look, edged=edged)
    for place in bars.known:
        ahead, faint = (bool(flags) and bool(flags[place]) for flags in (bars.ahead, bars.faint))
        tone = bars.tones[place]
        if ahead or faint or tone != bars.tones[0]:
            hollow = faint and tone == GREY  # what is grey anyway
            colour = FAINT if faint else AHEAD_COLOUR if ahead else tone
            _fill(drawn.points[place].format, colour, look, hatched=ahead, hollow=hollow, edged=edged)
    for place in drawn._element.findall(f"{qn('c:dPt')}/{qn('c:idx')}"):
        place.addnext(etree.fromstring(f'<c:invertIfNegative {NAMESPACE} val="0"/>'))


def _fill(
    shape: Any, colour: str, look: Look, *, hatched: bool = False, hollow: bool = False, edged: bool = False
) -> None:
    """Fill bars; an edge makes a step of one krona visible."""
    if hatched:
        shape.fill.patterned()
        shape.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        shape.fill.fore_color.rgb, shape.fill.back_color.rgb = look.rgb(colour), look.rgb(PAPER)
    elif hollow:
        shape.fill.background()
    else:
        shape.fill.solid()
        shape.fill.fore_color.rgb = look.rgb(colour)
    if hatched or hollow or edged:
        shape.line.color.rgb = look.rgb(colour)


def _inner(native: NativeChart, x: float, y: float, width: float, height: float) -> None:
    """Fix the area inside the axes, in fractions of the chart."""
    area = native._chartSpace.find(f".//{qn('c:plotArea')}")
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    modes = '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
    sizes = "".join(f'<c:{key} val="{value:.4f}"/>' for key, value in zip("xywh", (x, y, width, height), strict=True))
    area.insert(0, etree.fromstring(MANUAL.format(modes + sizes)))


def _plain(axis: Any, look: Look) -> None:
    """Show an axis as names on a thin line, and every one of them: left to itself a program leaves some out."""
    axis.has_major_gridlines = False
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.color.rgb = look.rgb(GREY)
    for last in axis._element.findall(qn("c:noMultiLvlLbl")):
        last.addprevious(etree.fromstring(f'<c:tickLblSkip {NAMESPACE} val="1"/>'))
