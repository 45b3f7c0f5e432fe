"""Charts that PowerPoint draws itself, with their numbers in a sheet behind them: colours and words can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from lxml import etree
from matplotlib.ticker import MaxNLocator
from pptx.chart.chart import Chart as NativeChart
from pptx.chart.data import CategoryChartData, XyChartData
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE, MSO_PATTERN, MSO_THEME_COLOR
from pptx.oxml.ns import qn
from pptx.shapes.placeholder import ChartPlaceholder
from pptx.util import Pt

from sodertorn_lib.charts.canvas import AHEAD_COLOUR, widest
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.plot import Plot, Series
from sodertorn_lib.formats import number
from sodertorn_lib.publish.nativelabels import MANUAL, NAMESPACE, SIZE, THOUSANDS, label, part_labels, rgb

__all__ = ["LEGENDS", "insert_chart"]

KINDS = {
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "columns": XL_CHART_TYPE.COLUMN_CLUSTERED,
    "stacked bars": XL_CHART_TYPE.BAR_STACKED,
    "waterfall": XL_CHART_TYPE.BAR_CLUSTERED,
    "lines": XL_CHART_TYPE.XY_SCATTER_LINES,
}
DASHES = {"-": MSO_LINE.SOLID, "--": MSO_LINE.DASH, "-.": MSO_LINE.DASH_DOT, ":": MSO_LINE.ROUND_DOT}
LEGENDS = ("columns", "stacked bars")  # kinds whose labels do not name their series
FOOT, HEAD = 0.16, 0.03  # room under and over columns, in heights of the chart
YEARS_FOOT = 0.09  # under lines
LEFT_LABEL = 1.6  # room for a label left of zero, in widths of the widest
YEARS_A_LABEL = 10  # of a long row of years
MANY_ROWS, SMALLER = 13, Pt(16)  # so that no name of a row is left out


def insert_chart(placeholder: Any, chart: Chart, plot: Plot, lang: str) -> Any:
    """Put a native chart into a placeholder; return its frame."""
    data = _points(plot) if plot.kind == "lines" else _categories(plot)
    frame = ChartPlaceholder(placeholder._element, placeholder._parent).insert_chart(KINDS[plot.kind], data)
    native = frame.chart
    native.has_title = False
    native.font.size = SIZE
    native.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    native.has_legend = plot.kind in LEGENDS and len(plot.series) > 1
    if native.has_legend:
        native.legend.position, native.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        native.legend.font.size = SIZE
    width_in, height_in = frame.width.inches, frame.height.inches
    if plot.kind == "lines":
        _lay_out_lines(native, chart, plot, width_in, lang)
    elif plot.kind == "columns":
        _lay_out_columns(native, plot)
    else:
        _lay_out_bars(native, chart, plot, width_in)
    for drawn, series in zip(native.plots[0].series, plot.series, strict=True):
        _paint(drawn, series, plot.kind)
        label(drawn, series, plot.kind, lang)
    if plot.kind == "lines":
        part_labels(native, plot, 1 - HEAD - YEARS_FOOT, height_in)
    for identity in native._chartSpace.iter(qn("c:axId"), qn("c:crossAx")):
        identity.set("val", identity.get("val").lstrip("-"))  # the standard has no negative ones
    return frame


def _categories(plot: Plot) -> CategoryChartData:
    data = CategoryChartData()
    data.categories = list(_names(plot))
    for series in plot.series:
        data.add_series(series.name, [None if np.isnan(amount) else float(amount) for amount in series.amounts])
    return data


def _names(plot: Plot) -> Iterator[str]:
    """Yield the categories; what is said of a blank stands there, since a blank has no point to label."""
    for place, category in enumerate(plot.categories):
        blank = [series.labels[place] for series in plot.series if np.isnan(series.amounts[place])]
        yield "\n".join([category, *(text for text in blank if text)])


def _points(plot: Plot) -> XyChartData:
    data = XyChartData()
    for series in plot.series:
        drawn = data.add_series(series.name)
        for place in series.known:
            drawn.add_data_point(int(plot.categories[place]), float(series.amounts[place]))
    return data


def _lay_out_bars(native: NativeChart, chart: Chart, plot: Plot, width_in: float) -> None:
    """Keep room for the names on the left and the labels on the right, as wide as they are."""
    slide_in = chart.figure.get_size_inches()[0]
    names = widest(chart.figure, _names(plot)) * slide_in + 0.2
    ends = [text for series in plot.series for text in series.labels] if plot.kind != "stacked bars" else [""]
    labels = max(widest(chart.figure, ends) * slide_in + 0.2, 0.3)
    legend = 0.2 if native.has_legend else 0
    _inner(native, names / width_in, 0.0, 1 - (names + labels) / width_in, 1 - legend)
    names_axis, amounts = native.category_axis, native.value_axis
    names_axis.reverse_order = True
    names_axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _plain(names_axis)
    if len(plot.categories) > MANY_ROWS:
        names_axis.tick_labels.font.size = SMALLER
    _every(names_axis)
    if plot.kind == "waterfall":
        names_axis.format.line.fill.background()  # the bars that cover would break it
    _hide(amounts)
    lowest = min(0.0, float(np.nanmin([series.amounts for series in plot.series])))
    highest = max(0.0, float(np.nanmax([series.amounts for series in plot.series])))
    # a label of a bar to the left of zero needs its room on that side
    beside = LEFT_LABEL * labels / (width_in - names - labels) * (highest - lowest) if lowest else 0
    amounts.minimum_scale = lowest - beside
    native.plots[0].gap_width = 50
    native.plots[0].overlap = 100 if plot.kind in ("waterfall", "stacked bars") else 0


def _lay_out_columns(native: NativeChart, plot: Plot) -> None:
    legend = 0.1 if native.has_legend else 0
    _inner(native, 0.0, HEAD, 1.0, 1 - HEAD - FOOT - legend)
    _plain(native.category_axis)
    _every(native.category_axis)
    _hide(native.value_axis)
    if np.nanmin([series.amounts for series in plot.series]) >= 0:
        native.value_axis.minimum_scale = 0
    native.plots[0].gap_width = 40
    native.plots[0].overlap = 0


def _lay_out_lines(native: NativeChart, chart: Chart, plot: Plot, width_in: float, lang: str) -> None:
    slide_in = chart.figure.get_size_inches()[0]
    ticks = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(0, np.nanmax([series.amounts for series in plot.series]))
    scale = widest(chart.figure, [number(ticks[-1], lang)]) * slide_in + 0.25
    ends = widest(chart.figure, [series.labels[-1] for series in plot.series] + [plot.categories[-1]]) * slide_in + 0.25
    _inner(native, scale / width_in, HEAD, 1 - (scale + ends) / width_in, 1 - HEAD - YEARS_FOOT)
    along, amounts = native.category_axis, native.value_axis
    first, last = int(plot.categories[0]), int(plot.categories[-1])
    _plain(along)
    along.minimum_scale, along.maximum_scale = first, last
    along.major_unit = YEARS_A_LABEL if last - first > 3 * YEARS_A_LABEL else 1
    along.tick_labels.number_format, along.tick_labels.number_format_is_linked = "0", False
    amounts.minimum_scale, amounts.maximum_scale, amounts.major_unit = 0, ticks[-1], ticks[1] - ticks[0]
    amounts.format.line.fill.background()
    amounts.major_tick_mark = XL_TICK_MARK.NONE
    amounts.tick_labels.number_format, amounts.tick_labels.number_format_is_linked = THOUSANDS[lang], False
    amounts.major_gridlines.format.line.color.theme_color = MSO_THEME_COLOR.BACKGROUND_2


def _paint(drawn: Any, series: Series, kind: str) -> None:
    if kind == "lines":
        _draw_line(drawn, series)
        return
    drawn.invert_if_negative = False
    if not series.colour:
        drawn.format.fill.solid()
        drawn.format.fill.fore_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
        return
    colour = rgb(series.colour)
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.rgb = colour
    for place in np.flatnonzero(series.ahead):
        fill = drawn.points[int(place)].format.fill
        fill.patterned()
        fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        fill.fore_color.rgb = drawn.points[int(place)].format.line.color.rgb = rgb(AHEAD_COLOUR)
        fill.back_color.theme_color = MSO_THEME_COLOR.BACKGROUND_1


def _draw_line(drawn: Any, series: Series) -> None:
    drawn.smooth = False
    colour = rgb(series.colour)
    if series.line:
        drawn.format.line.color.rgb, drawn.format.line.width = colour, Pt(3.5)
        drawn.format.line.dash_style = DASHES[series.line]
        drawn.marker.style = XL_MARKER_STYLE.NONE
    else:
        drawn.format.line.fill.background()
        drawn.marker.style, drawn.marker.size = XL_MARKER_STYLE.CIRCLE, 10
        drawn.marker.format.fill.solid()
        drawn.marker.format.fill.fore_color.rgb = drawn.marker.format.line.color.rgb = colour


def _inner(native: NativeChart, x: float, y: float, width: float, height: float) -> None:
    """Fix the area inside the axes, in fractions of the chart."""
    area = native._chartSpace.find(f".//{qn('c:plotArea')}")
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    modes = '<c:layoutTarget val="inner"/><c:xMode val="edge"/><c:yMode val="edge"/>'
    sizes = "".join(f'<c:{key} val="{value:.4f}"/>' for key, value in zip("xywh", (x, y, width, height), strict=True))
    area.insert(0, etree.fromstring(MANUAL.format(modes + sizes)))


def _plain(axis: Any) -> None:
    """Show an axis as names on a thin line."""
    axis.has_major_gridlines = False
    axis.major_tick_mark = axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.tick_labels.font.size = SIZE
    axis.format.line.color.theme_color = MSO_THEME_COLOR.ACCENT_4


def _hide(axis: Any) -> None:
    axis.visible = False
    axis.has_major_gridlines = False


def _every(axis: Any) -> None:
    """Name every category: left to itself a program leaves some out."""
    skip = etree.fromstring(f'<c:tickLblSkip {NAMESPACE} val="1"/>')
    axis._element.find(qn("c:noMultiLvlLbl")).addprevious(skip)
