"""Labels of charts that PowerPoint draws: as the language writes numbers, and where they do not collide."""

from __future__ import annotations

from typing import Any

import numpy as np
from lxml import etree
from pptx.chart.chart import Chart as NativeChart
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_LABEL_POSITION
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt

from sodertorn_lib.charts.canvas import spaced
from sodertorn_lib.charts.plot import Plot, Series
from sodertorn_lib.formats import LANGUAGES, kronor, number

__all__ = ["MANUAL", "NAMESPACE", "SIZE", "THOUSANDS", "label", "part_labels", "rgb"]

SEPARATORS = {"sv": "\N{NO-BREAK SPACE}", "en": ","}


def _format(lang: str, amount: str = "{}") -> str:
    """Return a format that writes thousands out: the separators are the slide's on every computer."""
    mark = f'"{SEPARATORS[lang]}"'
    millions, thousands, ones = (amount.format(digits) for digits in (f"0{mark}000{mark}000", f"0{mark}000", "0"))
    return f"[>=999999.5]{millions};[>=999.5]{thousands};{ones}"


THOUSANDS = {lang: _format(lang) for lang in LANGUAGES}
SEK = {
    lang: _format(lang, sign)
    for lang, sign in {"sv": '{}"\N{NO-BREAK SPACE}kr"', "en": '"SEK\N{NO-BREAK SPACE}"{}'}.items()
}
NAMESPACE = nsdecls("c")
MANUAL = f"<c:layout {NAMESPACE}><c:manualLayout>{{}}</c:manualLayout></c:layout>"
BILLION = 1e9  # from here, below zero and between whole numbers the formats would write otherwise than the language
SIZE = Pt(18)
LINE_HEIGHT = 0.33  # inches, of a label
ABOVE_LINE = 0.06  # of the height of the chart


def label(drawn: Any, series: Series, kind: str, lang: str) -> None:
    """Label amounts by a number format where that says it all, so that a changed number changes its label."""
    written = _number_format(series, lang) if kind != "lines" else None
    if written:
        labels = drawn.data_labels
        labels.show_value, labels.number_format, labels.number_format_is_linked = True, written, False
        labels.position, labels.font.size = _position(kind), SIZE
        labels.font.color.theme_color = _ink(kind)
        labels._element.find(f"{qn('c:txPr')}/{qn('a:bodyPr')}").set("wrap", "none")
    for point, place in enumerate(series.known):
        if series.labels[place] and not written:
            shown = drawn.points[point if kind == "lines" else place].data_label
            _write(shown.text_frame, series.labels[place], series, kind)
            shown.position = _position(kind, place, len(series.labels))
    for leaders in drawn._element.findall(f".//{qn('c:showLeaderLines')}"):
        leaders.set("val", "0")


def _number_format(series: Series, lang: str) -> str | None:
    amounts, labels = list(series.amounts), list(series.labels)
    if not all(amount % 1 == 0 and 0 <= amount < BILLION for amount in amounts):
        return None
    if labels == [number(amount, lang) for amount in amounts]:
        return THOUSANDS[lang]
    if labels == [kronor(amount, lang) for amount in amounts]:
        return SEK[lang]
    return None


def _write(frame: Any, text: str, series: Series, kind: str) -> None:
    frame.text = text
    frame.word_wrap = False
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            run.font.size, run.font.bold = SIZE, False
            if kind == "lines":
                run.font.color.rgb = rgb(series.colour)
            else:
                run.font.color.theme_color = _ink(kind)


def _ink(kind: str) -> Any:
    return MSO_THEME_COLOR.BACKGROUND_1 if kind == "stacked bars" else MSO_THEME_COLOR.TEXT_1


def _position(kind: str, place: int = 0, places: int = 0) -> Any:
    """Return where a label stands: outside a bar, inside a stacked one, beside the end of a line."""
    if kind == "stacked bars":
        return XL_LABEL_POSITION.CENTER
    if kind != "lines":
        return XL_LABEL_POSITION.OUTSIDE_END
    return XL_LABEL_POSITION.RIGHT if place in (0, places - 1) else XL_LABEL_POSITION.LEFT


def part_labels(native: NativeChart, plot: Plot, room: float, height_in: float) -> None:
    """Move the names at the ends of lines apart where they would collide, and the other labels above their lines."""
    top = native.value_axis.maximum_scale
    ends = [series.amounts[-1] if series.labels[-1] else np.nan for series in plot.series]
    known = [end for end in ends if not np.isnan(end)]
    placed = iter(spaced(known, LINE_HEIGHT / (room * height_in) * top))
    for drawn, series, end in zip(native.plots[0].series, plot.series, ends, strict=True):
        above = {point: ABOVE_LINE for point, place in enumerate(series.known) if series.labels[place]}
        if not np.isnan(end):
            above[len(series.known) - 1] = (next(placed) - end) / top * room
        for shown in drawn._element.findall(f".//{qn('c:dLbl')}"):
            place = shown.find(qn("c:idx"))
            if above[int(place.get("val"))]:
                shift = f'<c:x val="0"/><c:y val="{-above[int(place.get("val"))]:.4f}"/>'
                place.addnext(etree.fromstring(MANUAL.format(shift)))


def rgb(colour: str) -> Any:
    """Return a colour of the house as PowerPoint takes it."""
    return RGBColor.from_string(colour.lstrip("#").upper())
