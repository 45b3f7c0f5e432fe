"""The chart of a scenario where the money runs out, and texts that are longer than a line."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sodertorn_lib import Scenario, charts
from sodertorn_lib.charts.charted import TICKS
from sodertorn_lib.charts.spec import Scale
from sodertorn_lib.charts.theme import PLOT_WIDTH, SUBTITLE_SIZE, broken, text_width
from sodertorn_lib.formats import MINUS
from sodertorn_lib.publish.nativecharts import is_native
from sodertorn_lib.wording import FORMATS

from .conftest import MEASURED


def runs_out() -> Iterator[pd.DataFrame]:
    """Yield scenarios in which the money runs out: early or late, little by little or at once, to come back or not."""
    asked = itertools.product((3, 4), (0, 2.1, 2.2, 3, 9), ({}, {2021: 3e6}, {2023: 15e5}, {2030: 3e6}), (0, None))
    for fee, costs, once, usable in asked:
        changed = {"one_off_sek": once, "usable_sek": usable}
        table = MEASURED.scenario(Scenario(fee_sek_per_inhabitant=fee, cost_growth_percent=costs, **changed))
        if (table["money_left_sek"][1:] < 0).any():
            yield table


def test_the_year_in_which_the_money_runs_out_always_stands_beside_its_point_and_on_no_line():
    tables = list(runs_out())
    assert len(tables) > 50 and any((table["money_left_sek"][1:-1] >= 0).all() for table in tables)
    for table in tables:
        (axes,) = charts.what_if(table, "en").figure.axes
        *lines, point = axes.lines
        year = table.loc[point.get_xdata()[0] == table["year"], "year"].item()
        (text,) = [text for text in axes.texts if text.get_text() == f"runs out {year}"]
        box, frame = text.get_window_extent(), axes.get_window_extent().padded(2)  # pixels
        at = axes.transData.transform((point.get_xdata()[0], point.get_ydata()[0]))
        assert np.linalg.norm(np.clip(at, box.min, box.max) - at) < 1.1 * axes.figure.dpi  # inches
        if year == table["year"].max():
            assert box.x0 > frame.x1  # with the labels of the ends, and on none of them
            assert not [own for own in axes.texts if own is not text and own.get_window_extent().overlaps(box)]
        else:
            assert frame.contains(*box.min) and frame.contains(*box.max)
        paths = [line.get_path().transformed(line.get_transform()) for line in lines]
        assert not [path for path in paths if path.intersects_bbox(box, filled=False)], table.head(1).to_dict("records")


@pytest.mark.parametrize("year", [2020, 2021])
def test_the_first_and_the_last_year_are_marked_and_the_point_of_the_last_is_whole(year):
    table = MEASURED.scenario(Scenario(cost_growth_percent=2.1)).query("year >= @year")
    chart = charts.what_if(table, "en")
    assert {year, 2036} <= set(chart.plot.x.ticks) and 4 <= len(chart.plot.x.ticks) <= 6
    point = chart.figure.axes[0].lines[-1]
    assert point.get_xdata()[0] == 2036 and not point.get_clip_on()


@pytest.mark.parametrize(("lang", "said"), [("sv", "fattas: "), ("en", "lacking: ")])
def test_money_below_zero_at_the_end_is_said_to_be_lacking(scenario_charts, lang, said):
    ends = {name: [text.get_text() for text in own.figure.axes[0].texts] for (name, _), own in scenario_charts.items()}
    chart = scenario_charts["falls", lang]
    lacking = FORMATS["sek"](-round(chart.data["money_left_sek"].iloc[-1]), lang, "kr")
    assert f"{said}{lacking}" in [text.get_text() for text in chart.figure.axes[0].texts]
    assert not [text for texts in ends.values() for text in texts if MINUS in text]


@pytest.mark.parametrize("growth", [-50, None, 50])
def test_an_axis_is_made_at_once_for_the_largest_amounts_that_can_be_assumed(growth):
    once = dict.fromkeys(range(2021, 2037), 1e9)
    table = MEASURED.scenario(Scenario(fee_sek_per_inhabitant=1000, growth_percent=growth, one_off_sek=once))
    assert 4 < len(charts.what_if(table, "en").plot.y.ticks) <= TICKS


def test_every_line_of_a_text_is_within_the_margins():
    for count, word in itertools.product(range(1, 60), ("word", "inhabitant", "SEK\N{NO-BREAK SPACE}200,000")):
        lines = broken(" ".join([word] * count), SUBTITLE_SIZE).split("\n")
        assert max(text_width(line, SUBTITLE_SIZE) for line in lines) <= PLOT_WIDTH, (count, word)


def test_a_label_that_is_placed_freely_is_left_to_a_picture():
    plot = charts.what_if(MEASURED.scenario(Scenario(cost_growth_percent=3, growth_percent=0)), "en").plot
    above = Scale(0, 1, {0: "0", 1: "1"})
    ((_, marks),) = plot.panels.items()
    assert is_native(replace(plot, y=above, panels={"": marks[:-1]}), "en")
    assert not is_native(replace(plot, y=above), "en")
