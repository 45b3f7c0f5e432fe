"""Every chart in both languages: its words, its numbers, and what the eye would catch in the drawing."""

import io
import itertools
import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from coloraide.everything import ColorAll as Color
from matplotlib import font_manager
from matplotlib.colors import to_hex
from matplotlib.image import imread
from matplotlib.patches import PathPatch
from matplotlib.text import Text
from PIL import Image

from sodertorn_lib import (
    DataError,
    Scenario,
    annual_growth,
    area_population,
    beside_projection,
    charts,
    fee_outlook,
    fee_scenarios,
    growth_between,
    load_boundaries,
    load_fee_rates,
    load_population,
    load_tables,
    membership_fees,
    population_index,
    project_population,
)
from sodertorn_lib.charts.draw import drawn as drawn_plot
from sodertorn_lib.charts.maps import class_bounds
from sodertorn_lib.charts.narrow import narrow
from sodertorn_lib.charts.palette import palette_on, recoloured
from sodertorn_lib.charts.spec import subjects
from sodertorn_lib.charts.theme import BLUE, CLASSES, GREY, INK, LINE, MUTED, ORANGE, PALE, TEAL, theme
from sodertorn_lib.formats import LANGUAGES, day
from sodertorn_lib.measured import Measured

from .conftest import MEASURED, SCENARIOS, YEAR

NAMES = [draw.__name__ for draw in (*charts.CHARTS, *charts.COMPARISONS)]
COMPARED = {draw.__name__ for draw in charts.COMPARISONS}
EVERY = pytest.mark.parametrize(("name", "lang"), list(itertools.product(NAMES, LANGUAGES)))
DRAWN = pytest.mark.parametrize(("name", "lang"), list(itertools.product([*NAMES, *SCENARIOS], LANGUAGES)))
GRID = "#d5d9de"
CLASS_COLOURS = [colour.lower() for colour in CLASSES]


@pytest.fixture(scope="module")
def all_charts(all_charts, comparisons):
    """Return the charts of the house, and what is compared with a year before: with the made-up year."""
    return all_charts | comparisons


@pytest.fixture
def chart(all_charts, scenario_charts, name, lang):
    return (all_charts | scenario_charts)[name, lang]


def shown_texts(figure) -> list[Text]:
    """Return the texts of a figure, where they stand once it is drawn."""
    if figure.stale:
        with theme():
            figure.canvas.draw()
    off = [axis for axes in figure.axes if not axes.axison for axis in (axes.xaxis, axes.yaxis)]
    hidden = {text for axis in off for text in axis.findobj(Text)}  # they have words once a program asks for them
    texts = (text for text in figure.findobj(Text) if text not in hidden)
    return [text for text in texts if text.get_visible() and text.get_text().strip()]


def marks(figure) -> set[str]:
    """Return the colours of what carries data: for a hollow mark that of its edge."""
    found = []
    for axes in figure.axes:
        for patch in axes.patches:
            face = to_hex(patch.get_facecolor())
            if isinstance(patch, PathPatch) or face in CLASS_COLOURS:  # of a map its outline: the classes have numbers
                face = "#ffffff"
            found.append(to_hex(patch.get_edgecolor()) if face == "#ffffff" else face)
        for line in axes.lines:
            hollow = line.get_marker() != "None" and to_hex(line.get_markerfacecolor()) == "#ffffff"
            found.append(to_hex(line.get_markeredgecolor() if hollow else line.get_color()))
        # of a band its edge: the fill is pale so that the lines on it can be read
        found += [to_hex(colour) for shape in axes.collections for colour in shape.get_edgecolor()]
    # white is the inside of a hollow mark, whose edge is in the list
    return set(found) - {GRID, "#ffffff"}


def test_every_chart_function_is_in_the_one_list():
    assert sorted(NAMES) == sorted(set(charts.__all__) - {"CHARTS", "COMPARISONS", "Chart", "what_if"})
    assert len(NAMES) >= 10


@DRAWN
def test_words_state_a_finding_a_unit_a_source_and_an_alt_text(chart, lang):
    assert any(char.isdigit() for char in chart.words.title)
    assert chart.words.source.startswith({"sv": "Källa: ", "en": "Source: "}[lang]) and chart.words.source.endswith(".")
    assert len(chart.words.alt) > 80
    assert not set("{}") & set("".join([chart.words.title, chart.words.subtitle, chart.words.source, chart.words.alt]))


@DRAWN
def test_numbers_are_written_as_the_language_writes_them(chart, lang):
    texts = [text.get_text() for text in shown_texts(chart.figure)] + [chart.words.alt]
    foreign = {"sv": r"\d[.,]\d{3}\b|\d\.\d|\d [%]|-\d", "en": r"\d[ \u00a0]\d{3}\b|\d,\d\b|\d [%]|-\d"}[lang]
    assert not [text for text in texts if re.search(foreign, text)]


@EVERY
def test_the_same_table_is_behind_both_languages(all_charts, name, lang):
    assert all_charts[name, lang].data.equals(all_charts[name, "sv"].data)


@pytest.mark.parametrize(("weight", "file"), [("normal", "OpenSans-Regular.ttf"), ("bold", "OpenSans-Bold.ttf")])
def test_text_is_set_in_the_fonts_of_the_house_whatever_the_system_has(weight, file):
    system = font_manager.FontEntry(fname="system.ttf", name="Open Sans", style="normal", weight=400, size="scalable")
    font_manager.fontManager.ttflist.insert(0, system)
    with theme():
        found = font_manager.findfont(font_manager.FontProperties(weight=weight))
    font_manager.fontManager.ttflist.remove(system)
    assert Path(found).parent.name == "fonts" and Path(found).name == file


@DRAWN
def test_it_is_16_to_9_and_no_text_is_smaller_than_18_points(chart):
    assert tuple(chart.figure.get_size_inches().round(2)) == (13.33, 7.5)
    assert min(text.get_fontsize() for text in shown_texts(chart.figure)) >= 18


@DRAWN
@pytest.mark.parametrize("sheet", ["wide", "narrow"])
def test_no_text_is_clipped_or_overlaps_another(chart, sheet):
    figure = chart.figure if sheet == "wide" else narrow(chart.plot)
    texts = shown_texts(figure)
    boxes = [Text.get_window_extent(text) for text in texts]
    width, height = figure.bbox.size
    for text, box in zip(texts, boxes, strict=True):
        assert box.x0 >= 0 and box.y0 >= 0 and box.x1 <= width and box.y1 <= height, text.get_text()
    for (one, a), (two, b) in itertools.combinations(zip(texts, boxes, strict=True), 2):
        apart = a.x1 <= b.x0 + 1 or b.x1 <= a.x0 + 1 or a.y1 <= b.y0 + 4 or b.y1 <= a.y0 + 4
        assert apart, f"{one.get_text()!r} overlaps {two.get_text()!r}"


@DRAWN
def test_every_text_is_at_least_4_5_to_1_against_what_is_behind_it(chart):
    texts = shown_texts(chart.figure)
    for text in texts:
        text.set_visible(False)
    with theme():
        chart.figure.canvas.draw()
        behind = np.asarray(chart.figure.canvas.buffer_rgba())[::-1, :, :3]
    for text in texts:
        text.set_visible(True)
        box, ink = text.get_window_extent(), to_hex(text.get_color())
        pixels = behind[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)].reshape(-1, 3)
        colours, counts = np.unique(pixels @ [65536, 256, 1], return_counts=True)
        for colour in colours[counts > 0.04 * counts.sum()]:
            assert contrast(ink, f"#{colour:06x}") >= 4.5, text.get_text()


@cache
def contrast(ink: str, ground: str) -> float:
    return Color(ink).contrast(ground, method="wcag21")


@DRAWN
def test_every_mark_is_at_least_3_to_1_and_at_most_four_hues_are_used(chart):
    colours = marks(chart.figure)
    assert 1 <= len(colours) <= 4
    assert all(Color(colour).contrast("white", method="wcag21") >= 3 for colour in colours)


@DRAWN
@pytest.mark.parametrize("deficiency", ["protan", "deutan", "tritan"])
def test_colours_used_together_stay_apart_under_colour_vision_deficiencies(chart, deficiency):
    seen = [Color(colour).filter(deficiency).convert("cam02-ucs").coords() for colour in sorted(marks(chart.figure))]
    assert all(np.linalg.norm(np.subtract(one, two)) >= 10 for one, two in itertools.combinations(seen, 2))


def test_each_municipality_lies_in_the_class_of_its_rate_and_says_it(all_charts):
    chart = all_charts["growth_map", "sv"]
    (axes,) = chart.figure.axes
    bounds = class_bounds(chart.data["percent_per_year"])
    fills = [to_hex(patch.get_facecolor()) for patch in axes.patches if isinstance(patch, PathPatch)]
    expected = np.digitize(chart.data["percent_per_year"], bounds) - 1 + len(CLASSES) + 1 - len(bounds)
    assert fills == [CLASS_COLOURS[place] for place in expected]
    said = [text.get_text() for text in axes.texts]
    for row in chart.data.to_dict("records"):
        assert f"{row['municipality']}\n{row['percent_per_year']:.2f}".replace(".", ",") in said
    population = load_population().set_index(["municipality_code", "year"])["population"].unstack()
    rates = chart.data.set_index("municipality_code")["percent_per_year"]
    assert np.allclose(rates, 100 * ((population[2020] / population[2010]) ** 0.1 - 1)[rates.index])


@pytest.mark.parametrize("sheet", ["wide", "narrow"])
def test_no_border_of_a_map_runs_through_a_name_whichever_is_highlighted(all_charts, sheet):
    plain = all_charts["growth_map", "sv"]
    for subject in [None, *subjects(plain.plot)]:
        chart = charts.growth_map(plain.data, load_boundaries(), "sv", highlight=subject or ())
        figure = narrow(chart.plot) if sheet == "narrow" else chart.figure
        names = [text for text in shown_texts(figure) if text.get_text().partition("\n")[0] in subjects(plain.plot)]
        borders = [patch for patch in figure.axes[0].patches if isinstance(patch, PathPatch)]
        boxes = [Text.get_window_extent(name) for name in names]  # without the line to the land
        for border in borders:
            path = border.get_transform().transform_path(border.get_path())
            assert not any(path.intersects_bbox(box.padded(2), filled=False) for box in boxes), (subject, sheet)
        assert not any(one.overlaps(two) for one, two in itertools.combinations(boxes, 2)) and len(boxes) == 8


@pytest.mark.parametrize("ground", ["#FFFFFF", "#12284C", "#000000"])
def test_every_class_of_a_map_has_a_border_that_stands_out_from_it_and_from_the_ground(all_charts, ground):
    house = all_charts["growth_map", "en"]
    figure = recoloured(replace(house, lang="en").figure, palette_on([ground]))  # a figure of its own
    for patch in figure.axes[0].patches:
        edge, face = (to_hex(colour) for colour in (patch.get_edgecolor(), patch.get_facecolor()))
        assert Color(edge).contrast(ground, method="wcag21") >= 3
        assert Color(edge).contrast(face, method="wcag21") >= 2.5


@pytest.mark.parametrize("name", ["error_by_horizon", "fee_income_outlook", "population_fan", "components_by_year"])
def test_labels_at_the_ends_of_lines_are_in_their_order_with_a_line_to_what_is_moved(all_charts, name):
    chart = all_charts[name, "sv"]
    (axes,), (marks_drawn,) = chart.figure.axes, chart.plot.panels.values()
    texts = {text.get_text(): text for text in shown_texts(chart.figure)}
    ends = [
        (m.y[place], own.text)
        for m in marks_drawn
        for place, own in getattr(m, "labels", {}).items()
        if own.place == "end"
    ]
    middles = [texts[text].get_window_extent() for _, text in sorted(ends)]
    at = [(box.y0 + box.y1) / 2 for box in middles]
    assert at == sorted(at) and len(at) > 2
    levels = [axes.transData.transform((0, level))[1] for level, _ in sorted(ends)]
    far = [abs(one - two) > chart.figure.dpi * LINE / 3 for one, two in zip(at, levels, strict=True)]
    leaders = [text.xy[1] for text in axes.texts if not text.get_text()]
    assert sorted(leaders) == [level for (level, _), moved in zip(sorted(ends), far, strict=True) if moved]


def test_what_growth_was_made_of_is_labelled_with_its_year_and_what_is_left(all_charts):
    chart = all_charts["components_by_year", "en"]
    last = chart.data.iloc[-1]
    (marks_drawn,) = chart.plot.panels.values()
    labels = {mark.name: own.text for mark in marks_drawn for own in getattr(mark, "labels", {}).values()}
    year, rest = int(last["year"]), int(last["residual"])
    assert labels["net migration"] == f"net migration {year}: {last['net_migration']:,}"
    assert labels["growth"] == f"growth {year}: {last['change']:,}\nunexplained rest: +{rest}" and rest > 0
    whole = chart.data.assign(residual=0)
    (marks_drawn,) = charts.components_by_year(whole, "en").plot.panels.values()
    assert "unexplained" not in repr(marks_drawn)


def test_a_panel_says_that_its_outcome_lies_outside_the_interval(all_charts):
    chart = all_charts["projection_small_multiples", "en"]
    latest = chart.data.dropna(subset=["projection", "population"]).groupby("municipality").last()
    outside = latest.index[(latest["population"] < latest["lower"]) | (latest["population"] > latest["upper"])]
    assert {f"{name} (outside)" for name in outside} == {name for name in chart.plot.panels if "outside" in name}
    assert list(chart.plot.about) == [name.partition(" (")[0] for name in chart.plot.panels] and len(outside) == 2


def test_a_bar_below_nil_is_labelled_on_its_own_side(all_charts):
    chart = all_charts["forecast_against_outcome", "sv"]
    (axes,), (bars,) = chart.figure.axes, chart.plot.bars
    texts = {text.get_text(): text.get_window_extent() for text in shown_texts(chart.figure)}
    below = [place for place in bars.known if bars.amounts[place] < 0]
    for place in bars.known:
        end, box = axes.transData.transform((bars.amounts[place], 0))[0], texts[bars.labels[place]]
        assert box.x1 < end if place in below else box.x0 > end
    assert len(below) == 2 and axes.bbox.x0 <= min(texts[bars.labels[place]].x0 for place in below)
    long = replace(bars, labels=["a label that is much too wide for it" * 2] * len(bars.labels))
    wide = drawn_plot(chart.words, replace(chart.plot, bars=[long]))
    assert wide.axes[0].get_xlim()[0] > -10  # where there is no room it stands on the other side


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_last_year_of_a_line_ahead_is_on_its_axis(all_charts, scenario_charts, lang):
    for chart in (all_charts["fee_income_outlook", lang], scenario_charts["unchanged", lang]):
        assert [chart.plot.x.low, chart.plot.x.high] == [list(chart.plot.x.ticks)[place] for place in (0, -1)]
        assert len(set(np.diff(list(chart.plot.x.ticks)))) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_cross_of_a_timeline_is_named_with_its_date_and_lies_under_no_name(made_up, lang):
    for measured in (MEASURED, made_up):
        chart = draw_house("timeline", lang, measured)
        (axes,), lost = chart.figure.axes, chart.data[chart.data["status"].isin(["cancelled", "postponed"])]
        named = [text for text in shown_texts(chart.figure) if to_hex(text.get_color()) == ORANGE.lower()]
        dated = [f"{day(row['start_date'], lang)}: {row[f'label_{lang}']}" for row in lost.to_dict("records")]
        assert sorted(text.get_text() for text in named) == sorted(dated)
        (crosses,) = (line for line in axes.lines if line.get_marker() == "X" and len(line.get_xdata()) == len(lost))
        for middle in crosses.get_transform().transform(crosses.get_xydata()):
            assert not any(text.get_window_extent().contains(*middle) for text in named)
        rules = [own for own in axes.collections if to_hex(own.get_edgecolor()[0]) == GREY.lower()]
        boxes = [path.get_extents(own.get_transform()) for own in rules for path in own.get_paths()]
        assert len(boxes) >= 2
        assert not any(text.get_window_extent().overlaps(box) for text in named for box in boxes)


def test_the_key_of_a_timeline_has_every_mark_of_it(all_charts):
    (axes,) = all_charts["timeline", "sv"].figure.axes
    key = [line for line in axes.lines if line.get_transform() == axes.transAxes]
    assert [line.get_marker() for line in key] == ["o", "s", "o", "s", "X"]
    assert [to_hex(line.get_markerfacecolor()) == "#ffffff" for line in key] == [False, False, True, True, False]


def test_a_name_that_is_wider_than_a_narrow_timeline_is_shortened(made_up):
    figure = narrow(draw_house("timeline", "sv", made_up).plot)
    (long,) = (text for text in shown_texts(figure) if text.get_text().endswith(" …"))
    assert long.get_text().startswith("26\N{NO-BREAK SPACE}aug: Gemensamt")
    assert long.get_window_extent().x0 >= 0 and long.get_window_extent().x1 <= figure.bbox.width


@pytest.mark.parametrize("deficiency", ["protan", "deutan", "tritan"])
def test_classes_of_a_map_stay_apart_under_colour_vision_deficiencies(deficiency):
    seen = [Color(colour).filter(deficiency).convert("cam02-ucs").coords() for colour in CLASSES]
    assert all(np.linalg.norm(np.subtract(one, two)) >= 10 for one, two in itertools.combinations(seen, 2))


@pytest.mark.parametrize(
    ("low", "high", "bounds"),
    [(0.27, 1.99, [0, 0.5, 1, 1.5, 2]), (-0.3, 0.3, [-0.5, -0.25, 0, 0.25, 0.5]), (1, 3, [1, 1.5, 2, 2.5, 3, 3.5])],
)
def test_a_map_has_at_most_five_classes_of_round_and_equal_width(low, high, bounds):
    assert class_bounds(pd.Series([low, high])).tolist() == bounds


def test_the_key_of_a_map_says_its_bounds_exactly():
    changes = growth_between(load_population(), [2010, 2020]).assign(percent_per_year=np.linspace(0.05, 0.95, 8))
    chart = charts.growth_map(changes, load_boundaries(), "en")
    said = [text.get_text() for text in chart.figure.axes[0].texts]
    assert [text for text in said if re.fullmatch(r"[\d.]+", text)] == ["0.00", "0.25", "0.50", "0.75", "1.00"]


def test_a_map_without_a_boundary_names_the_municipality(data_copy):
    lines = (data_copy / "boundaries.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (data_copy / "boundaries.csv").write_text("".join(line for line in lines if not line.startswith("0128")))
    with pytest.raises(DataError, match=r"boundaries\.csv.*0128.*has no boundary"):
        charts.growth_map(growth_between(load_population(), [2010, 2020]), load_boundaries(data_copy))


FLOATING = {
    "balance_bridge",
    "timeline",
    "meetings_by_forum",
    "activities_by_outcome",
    "growth_map",
    "components_by_year",
    "components_by_municipality",
}  # steps, spans, columns, areas, stacks


@pytest.mark.parametrize(("name", "lang"), [(n, lang) for n in NAMES if n not in FLOATING for lang in LANGUAGES])
def test_bars_start_at_zero(chart):
    for axes in chart.figure.axes:
        for patch in axes.patches:
            x0, y0 = patch.get_xy()
            assert x0 == 0 or y0 == 0
            assert min(*axes.get_xlim()) <= 0 if x0 == 0 else min(*axes.get_ylim()) == 0


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("fee_by_municipality", "fee_sek"),
        ("ranked_costs", "amount_sek"),
        ("project_costs", "amount_sek"),
        ("growth_by_municipality", "change"),
    ],
)
def test_bars_are_as_long_as_their_figures(all_charts, name, column):
    chart = all_charts[name, "sv"]
    (axes,) = chart.figure.axes
    assert [patch.get_width() for patch in axes.patches] == chart.data[column].tolist()
    assert chart.data[column].is_monotonic_decreasing


def test_the_waterfall_ends_where_the_report_does(all_charts):
    (axes,) = all_charts["balance_bridge", "sv"].figure.axes
    assert [patch.get_x() for patch in axes.patches][-1] == 0
    assert [patch.get_width() for patch in axes.patches][-1] == 1_381_130


def test_bars_of_meetings_start_at_the_line_of_their_column(all_charts):
    chart = all_charts["meetings_by_forum", "sv"]
    (axes,) = chart.figure.axes
    columns = [line.get_xdata()[0] for line in axes.lines]
    drawn = [[patch.get_width() for patch in axes.patches if patch.get_x() == x] for x in columns]
    assert drawn == [chart.data[form].tolist() for form in ("digital", "digital_or_partly", "physical", "not_stated")]


def test_small_multiples_draw_each_index_on_the_same_scale(all_charts):
    chart = all_charts["population_small_multiples", "sv"]
    (axes,) = chart.figure.axes
    ends = chart.data[chart.data["year"] == chart.data["year"].max()].sort_values("index", ascending=False)
    growth = [2 ** (line.get_ydata()[-1] - line.get_ydata()[0]) for line in axes.lines]
    assert np.allclose(growth, ends["index"] / 100)


def test_the_fan_opens_at_the_jump_off_year_and_ends_at_the_bounds_of_the_sum(all_charts):
    chart = all_charts["population_fan", "sv"]
    (axes,) = chart.figure.axes
    known, projected, outcome, latest, stated = axes.lines
    assert (known.get_xdata()[-1], projected.get_xdata()[0], outcome.get_xdata()[0]) == (2020, 2020, 2020)
    assert known.get_ydata()[-1] == projected.get_ydata()[0] == outcome.get_ydata()[0] == 507_552
    assert (latest.get_xdata()[0], latest.get_ydata()[0]) == (2025, 525_625)
    assert (outcome.get_ydata()[-1], stated.get_ydata()[-1]) == (525_625, 607_552)
    last = chart.data.dropna(subset=["projection"]).iloc[-1]
    for band, kind in zip(axes.collections, ["", "latest_"], strict=True):
        corners = band.get_paths()[0].vertices
        assert {last[f"{kind}lower"], last[f"{kind}upper"]} <= set(corners[corners[:, 0] == 2030][:, 1])


def test_one_projection_is_drawn_where_the_report_is_of_the_last_year_of_the_data():
    alone = charts.population_fan(MEASURED.latest_fan, MEASURED.latest_fan, "en")
    (axes,) = alone.figure.axes
    assert (len(axes.collections), len(axes.lines)) == (1, 3)
    low, high = (f"{round(MEASURED.latest_fan[bound].iloc[-1]):,}" for bound in ("lower", "upper"))
    assert alone.words.subtitle.endswith(f"dashed: projection, band: 80% interval, 2030: {low}–{high}")


def test_what_lies_ahead_is_hatched_or_dashed(all_charts):
    pace = all_charts["growth_needed_and_seen", "sv"].figure.axes[0].patches
    assert [bool(patch.get_hatch()) for patch in pace] == [False] * (len(pace) - 2) + [True] * 2
    held = all_charts["forecast_against_outcome", "sv"]
    bars = sorted(held.figure.axes[0].patches, key=lambda patch: patch.get_y())
    assert [bool(patch.get_hatch()) for patch in bars] == (~held.data["reached"]).tolist()
    assert [patch.get_width() for patch in bars] == held.data["percentage_error"].tolist()
    for name in ("population_fan", "fee_income_outlook"):
        assert "--" in [line.get_linestyle() for line in all_charts[name, "sv"].figure.axes[0].lines]


def test_lines_carry_the_population(all_charts):
    chart = all_charts["population_total", "sv"]
    line, points = chart.figure.axes[0].lines
    area = load_population().groupby("year")["population"].sum()
    assert line.get_ydata().tolist() == area.tolist()
    assert np.array_equal(points.get_ydata(), chart.data["published"].to_numpy(float, na_value=np.nan), equal_nan=True)


@DRAWN
def test_a_picture_is_the_same_to_the_byte_each_time_and_carries_its_title_and_its_alt_text(chart):
    bundle, metadata = chart._repr_mimebundle_()
    assert bundle["image/png"] == chart.render("png", dpi=96)
    assert metadata["image/png"]["alt"] == chart.words.alt
    picture = Image.open(io.BytesIO(bundle["image/png"]))
    assert (picture.info["Title"], picture.info["Description"]) == (chart.words.title, chart.words.alt)
    assert picture.info["Comment"] == bundle["text/plain"]
    assert picture.size == (1280, 720)


def test_a_saved_chart_has_picture_data_and_alt_text(all_charts, tmp_path):
    paths = all_charts["fee_by_municipality", "sv"].save(tmp_path, formats=["png", "pdf"])
    assert [path.name for path in paths] == [f"fee_by_municipality.{kind}" for kind in ("png", "pdf", "csv", "txt")]
    assert imread(tmp_path / "fee_by_municipality.png").shape[:2] == (1080, 1920)
    assert "Huddinge" in (tmp_path / "fee_by_municipality.csv").read_text(encoding="utf-8")


@DRAWN
def test_its_files_are_the_same_drawing_each_time_the_table_that_is_drawn_and_its_alt_text(chart):
    files = chart.files(["svg"])
    assert files[f"{chart.name}.svg"] == chart.render("svg")
    written = pd.read_csv(io.BytesIO(files[f"{chart.name}.csv"]))
    assert (len(written), list(written.columns)) == (len(chart.data), list(chart.data.columns))
    assert files[f"{chart.name}.txt"].decode() == f"{chart.words.alt}\n"


def test_a_decline_is_labelled_at_the_end_of_its_bar():
    chart = charts.growth_by_municipality(annual_growth(load_population()).query("year == 1983"))
    (axes,) = chart.figure.axes
    least = min(patch.get_width() for patch in axes.patches)
    assert min(text.get_position()[0] for text in axes.texts) == least < 0


def test_an_index_from_a_later_year_stays_in_its_panels():
    chart = charts.population_small_multiples(population_index(load_population(), 2000))
    lines = chart.figure.axes[0].lines
    first_row = [line.get_ydata().min() for line in lines[:4]]
    heading = [text.get_position()[1] for text in chart.figure.axes[0].texts if "×" in text.get_text()][4]
    assert min(first_row) > heading


def drawn() -> charts.Chart:
    return charts.fee_by_municipality(membership_fees(load_population(), load_fee_rates(year=YEAR)))


@pytest.mark.parametrize(
    "change",
    [
        lambda figure: figure.axes[0].patches[3].set_facecolor(TEAL),
        lambda figure: figure.axes[0].patches[3].set_width(1),
        lambda figure: figure.axes[0].patches[3].set_hatch("//"),
        lambda figure: figure.texts[0].set_text("Another finding"),
        lambda figure: figure.axes[0].texts[0].set_text("1 kr"),
        lambda figure: figure.axes[0].set_yticks([0], ["Huddinge"]),
        lambda figure: figure.axes[0].set_xlim(0, 1),
        lambda figure: figure.axes[0].barh(0, 5),
        lambda figure: figure.axes[0].plot([0, 1], [0, 1]),
        lambda figure: figure.add_axes((0, 0, 0.1, 0.1)),
        lambda figure: figure.set_size_inches(5, 5),
        lambda figure: figure.axes[0].patches[3].remove(),
        lambda figure: figure.axes[0].patches[3].set_visible(False),
        lambda figure: figure.axes[0].patches[3].set_zorder(9),
        lambda figure: figure.axes[0].patches[3].set_alpha(0.5),
        lambda figure: figure.axes[0].patches[3].set_linewidth(4),
        lambda figure: figure.axes[0].texts[0].set_fontsize(8),
        lambda figure: figure.axes[0].texts[0].set_x(0),
        lambda figure: figure.axes[0].texts[0].set_weight("bold"),
        lambda figure: figure.axes[0].texts[0].set_rotation(90),
        lambda figure: figure.axes[0].texts[0].set_visible(False),
        lambda figure: figure.axes[0].texts[0].set_horizontalalignment("right"),
        lambda figure: figure.texts[1].set_y(0.1),
        lambda figure: figure.texts[1].set_color(TEAL),
        lambda figure: figure.axes[0].set_position((0.2, 0.2, 0.2, 0.2)),
        lambda figure: figure.axes[0].set_visible(False),
        lambda figure: figure.axes[0].set_axis_off(),
        lambda figure: figure.axes[0].spines["top"].set_visible(True),
        lambda figure: figure.axes[0].tick_params(labelsize=8),
        lambda figure: figure.axes[0].invert_yaxis(),
        lambda figure: figure.axes[0].lines[0].set_visible(False),
        lambda figure: figure.axes[0].get_yticklabels()[1].set_color(TEAL),
        lambda figure: figure.axes[0].get_yticklabels()[1].set_weight("bold"),
        lambda figure: figure.axes[0].get_yticklabels()[1].set_alpha(0.5),
        lambda figure: figure.axes[0].get_yticklabels()[1].set_visible(False),
        lambda figure: figure.axes[0].yaxis.set_visible(False),
        lambda figure: figure.axes[0].set_xlabel("SEK"),
        lambda figure: figure.axes[0].set_title("Fees"),
        lambda figure: figure.axes[0].set_facecolor(PALE[BLUE]),
        lambda figure: figure.set_facecolor(PALE[BLUE]),
        lambda figure: figure.patch.set_visible(False),
    ],
)
def test_the_fingerprint_sees_a_change(change):
    chart = drawn()
    before = repr(chart)
    change(chart.figure)
    assert repr(chart) != before
    assert repr(drawn()) == before


def moved(axis) -> None:
    """Move the labels of an axis by one, and show what was shown before."""
    view, labels = axis.get_view_interval().copy(), [label.get_text() for label in axis.get_ticklabels()]
    axis.set_ticks(axis.get_majorticklocs() + 1, labels)
    axis.set_view_interval(*view, ignore=True)


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("population_total", lambda axes: moved(axes.xaxis)),
        ("population_total", lambda axes: axes.get_ygridlines()[2].set_color(TEAL)),
        ("population_total", lambda axes: axes.get_ygridlines()[2].set_linewidth(3)),
        ("population_total", lambda axes: axes.get_ygridlines()[2].set_visible(False)),
        ("population_total", lambda axes: axes.spines["bottom"].set_edgecolor(TEAL)),
        ("population_total", lambda axes: axes.set_frame_on(False)),
        ("growth_map", lambda axes: axes.texts[0].arrow_patch.set_visible(False)),
        ("growth_map", lambda axes: axes.texts[0].arrow_patch.set_color(TEAL)),
        ("growth_map", lambda axes: axes.texts[0].arrow_patch.set_linewidth(4)),
        ("growth_map", lambda axes: axes.set_axis_on()),
        ("growth_map", lambda axes: axes.set_facecolor(TEAL)),
        ("population_fan", lambda axes: next(text for text in axes.texts if not text.get_text()).remove()),
    ],
)
def test_the_fingerprint_sees_a_change_of_axes_and_leaders(all_charts, name, change):
    chart = replace(all_charts[name, "sv"])
    before = repr(chart)
    change(chart.figure.axes[0])
    assert repr(chart) != before


def test_the_fingerprint_tells_no_tick_out_of_view_or_of_axes_that_are_off(all_charts):
    chart = replace(all_charts["population_total", "sv"])
    (axes,) = chart.figure.axes
    axes.set_xlim(1985, 2000)
    assert "axes 1: x ticks 1990 at 1990 | 2000 at 2000, " in repr(chart)
    axes.set_axis_off()
    assert not re.search("[xy] ticks|grid", repr(chart))


@DRAWN
def test_the_fingerprint_is_the_same_whatever_was_drawn_before(chart):
    own = replace(chart)
    before = repr(own)
    own.render("png", dpi=30)
    assert repr(own) == before


def test_the_palette_is_readable_on_white():
    assert all(Color(colour).contrast("white", method="wcag21") >= 3 for colour in (BLUE, ORANGE, TEAL, GREY))
    assert all(Color(colour).contrast("white", method="wcag21") >= 7 for colour in (INK, MUTED))


def test_what_if_charts_take_other_rates_and_years():
    scenarios = fee_scenarios(load_population(), [2, 4.5], [2018, 2020, 2025])
    chart = charts.fee_scenarios(scenarios, "en")
    ticks = [label.get_text() for label in chart.figure.axes[0].get_xticklabels()]
    assert ticks == ["SEK\N{NO-BREAK SPACE}2", "SEK\N{NO-BREAK SPACE}4.50"]
    assert len(chart.figure.axes[0].patches) == 6
    assert "SEK\N{NO-BREAK SPACE}525,625" in chart.words.title


def test_charts_keep_out_of_the_users_own_settings():
    import matplotlib as mpl

    with mpl.rc_context({"font.size": 7, "axes.facecolor": "red"}):
        assert repr(drawn()) == repr(drawn())
        picture = drawn().render("png")
        assert mpl.rcParams["font.size"] == 7
    assert drawn().render("png") == picture


def test_a_title_a_subtitle_a_highlight_and_a_unit_of_ones_own_and_the_alt_text_follows():
    fees = membership_fees(load_population(), load_fee_rates(year=YEAR))
    options = {"title": "Salem and Tyresö", "subtitle": "Fees", "highlight": ["Salem", "Tyresö"], "unit": "tkr"}
    chart = charts.fee_by_municipality(fees, "en", **options)
    assert (chart.words.title, chart.words.subtitle) == ("Salem and Tyresö", "Fees")
    assert chart.words.alt.startswith("Salem and Tyresö. ") and chart.words.alt.endswith(
        "Highlighted: Salem and Tyresö."
    )
    assert "SEK\N{NO-BREAK SPACE}451.4\N{NO-BREAK SPACE}thousand" in chart.words.alt
    (axes,) = chart.figure.axes
    named = [label.get_text() for label in axes.get_yticklabels()]
    assert {named[place] for place, bar in enumerate(axes.patches) if to_hex(bar.get_facecolor()) == BLUE.lower()} == {
        "Salem",
        "Tyresö",
    }
    assert "SEK\N{NO-BREAK SPACE}67.0\N{NO-BREAK SPACE}thousand" in [text.get_text() for text in axes.texts]


@EVERY
def test_each_thing_that_can_be_highlighted_changes_the_picture_and_is_named(all_charts, made_up, name, lang):
    plain = all_charts[name, lang]
    looks = repr(plain).splitlines()[5:]
    for subject in dict.fromkeys(subjects(plain.plot)):
        chosen = draw_house(name, lang, made_up if name in COMPARED else MEASURED, highlight=subject)
        assert " ".join(subject.replace("–\n", "–").split()) in " ".join(chosen.words.alt.split())
        assert repr(chosen).splitlines()[5:] != looks, subject


@pytest.mark.parametrize("name", ["components_by_municipality", "projection_small_multiples"])
def test_two_hues_of_a_panel_stay_apart_where_it_is_not_highlighted(name):
    plot = draw_house(name, "sv", highlight="Salem").plot
    tones = {heading: {mark.tone for mark in marks if mark.name != "noll"} for heading, marks in plot.panels.items()}
    assert tones.pop("Salem") == {BLUE, ORANGE}
    assert all(own == {PALE[BLUE], PALE[ORANGE]} for own in tones.values()) and len(tones) == 7


def draw_house(name: str, lang: str, measured: Measured = MEASURED, **options) -> charts.Chart:
    draw = getattr(charts, name)
    return draw(**measured.arguments(draw), lang=lang, **options)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"lang": "se"}, "'se' is not known. Choose from sv, en"),
        ({"highlight": "Stockholm"}, "'Stockholm' is not known. Choose from Huddinge"),
        ({"unit": "öre"}, "'öre' is not known. Choose from kr, tkr, mkr"),
    ],
)
def test_what_there_is_not_is_named_with_what_there_is(options, said):
    with pytest.raises(DataError, match=re.escape(said)):
        charts.fee_by_municipality(membership_fees(load_population(), load_fee_rates(year=YEAR)), **options)


def test_a_unit_of_money_is_refused_where_there_is_none_and_a_table_that_lacks_a_column():
    with pytest.raises(DataError, match="growth_by_municipality: 'tkr' shows no kronor"):
        draw_house("growth_by_municipality", "sv", unit="tkr")
    with pytest.raises(DataError, match=r"needs \['fee_sek'\]"):
        charts.fee_by_municipality(load_population())


def test_more_than_can_be_read_is_refused_with_a_sentence():
    population = load_population()
    with pytest.raises(DataError, match=r"fee_scenarios: would need \d+\.\d inches for its labels"):
        charts.fee_scenarios(fee_scenarios(population, range(1, 8), [2018, 2019, 2020]))
    with pytest.raises(DataError, match="would need 5 colours, and 4 can be told apart"):
        charts.fee_scenarios(fee_scenarios(population, [4], range(2016, 2021)))


def test_it_saves_into_a_folder_or_as_the_one_picture_that_is_named(all_charts, tmp_path):
    chart = all_charts["fee_by_municipality", "sv"]
    for kind in ("png", "svg", "pdf"):
        (path,) = chart.save(tmp_path / f"slide.{kind}")
        assert path.read_bytes() == chart.render(kind, dpi=144)
    assert len(chart.save(tmp_path / "new")) == 4
    with pytest.raises(DataError, match=r"'jpg' is not known\. Choose from png, svg, pdf"):
        chart.save(tmp_path / "slide.jpg")


def test_a_selection_says_that_it_is_one():
    two = load_population().query("municipality in ['Salem', 'Nykvarn']")
    area = charts.population_total(area_population(two), load_tables().population_published, "en")
    assert area.words.title.startswith("Two of the eight municipalities grew from")
    growth = charts.growth_by_municipality(annual_growth(two).query("year == 2020"), "sv")
    assert growth.words.title.startswith("Båda kommunerna som visas växte 2020")
    assert growth.words.subtitle.endswith("2 av de åtta kommunerna")
    fans = beside_projection(two, project_population(two, 5))
    assert charts.projection_small_multiples(fans, "en").words.title == (
        "1 of 2 municipalities grow in the projection from 2025 to 2030"
    )


def test_the_outlook_says_the_fee_and_the_growth_of_its_table():
    incomes = MEASURED.scenario(Scenario(fee_sek_per_inhabitant=4.5)).query("year > 2020")
    chart = charts.fee_income_outlook(fee_outlook(incomes, 1_824_369, 2.5), "en")
    assert chart.words.title.startswith("At SEK\N{NO-BREAK SPACE}4.50 per inhabitant and costs that rise 2.5% a year")


def test_pairs_are_the_two_years_and_their_label_stands_at_the_lower_bar(all_charts):
    chart = all_charts["costs_compared", "en"]
    before, after = chart.plot.bars
    assert (before.name, after.name, set(before.tones), set(after.tones)) == ("2020", "2021", {GREY}, {BLUE})
    labels = dict(zip(chart.plot.categories, after.labels, strict=True))
    assert set(before.labels) == {""}
    assert labels["Hospitality"] == "31,637 to 18,940 (\N{MINUS SIGN}40.1%)"
    assert labels["Personnel"] == "1,444,300 to 1,512,750 (+4.7%)"
    assert labels["Travel and lodging"] == "– (2020: 330)"
    assert np.isnan(after.amounts[chart.plot.categories.index("Travel and lodging")])


def test_a_pair_whose_first_is_nil_has_both_amounts_and_no_per_cent(made_up):
    table = made_up.costs_compared.copy()
    table.loc[table["label_en"] == "Personnel", ["amount_sek_before", "change_percent"]] = [0, np.nan]
    plot = charts.costs_compared(table, "en").plot
    assert plot.bars[1].labels[plot.categories.index("Personnel")] == "0 to 1,512,750"


def test_fees_of_some_municipalities_beside_the_year_before_are_said_to_be_a_selection(made_up):
    fees = made_up.fees_compared.query("municipality in ['Salem', 'Nykvarn']")
    assert charts.fees_compared(fees, "en").words.subtitle.endswith("2 of the eight municipalities")


def test_without_a_year_before_nothing_is_compared():
    with pytest.raises(DataError, match=r"funds\.csv: holds no year before 2020"):
        draw_house("funds_compared", "sv")


@pytest.mark.parametrize("name", ["unchanged", "of_the_notebook", "much_is_assumed"])
def test_the_chart_of_a_scenario_has_the_lines_of_its_table_and_a_band_where_there_is_an_interval(
    scenario_charts, name
):
    chart = scenario_charts[name, "sv"]
    (axes,) = chart.figure.axes
    zero, known, ahead, costs, money, money_ahead, *_ = axes.lines
    assert set(zero.get_ydata()) == {0} and axes.get_ylim()[0] <= 0
    assert [*known.get_ydata(), *ahead.get_ydata()[1:]] == chart.data["income_sek"].tolist()
    assert (known.get_xdata()[-1], ahead.get_linestyle()) == (2026, "--")
    assert costs.get_ydata().tolist() == chart.data["costs_sek"].tolist()
    assert [*money.get_ydata(), *money_ahead.get_ydata()[1:]] == chart.data["money_left_sek"].tolist()
    assert (money.get_xdata()[-1], money.get_linestyle(), money_ahead.get_linestyle()) == (2026, "-", "--")
    bounded = chart.data[chart.data["lower_sek"].notna()]
    spans = [set(band.get_paths()[0].vertices[:, 0]) for band in axes.collections]
    assert spans == ([set(range(2026, bounded["year"].max() + 1))] * 2 if len(bounded) else [])


def test_the_chart_of_a_scenario_marks_the_first_year_without_money(scenario_charts):
    chart = scenario_charts["runs_out", "en"]
    (axes,) = chart.figure.axes
    point, first = axes.lines[-1], chart.data[chart.data["money_left_sek"] < 0].iloc[0]
    assert (point.get_xdata().tolist(), point.get_ydata().tolist()) == ([first["year"]], [first["money_left_sek"]])
    assert chart.words.title == f"Scenario: the money runs out in {first['year']}"
    assert len(scenario_charts["unchanged", "en"].figure.axes[0].lines) == 6


@pytest.mark.parametrize("lang", LANGUAGES)
def test_each_line_of_a_scenario_can_be_highlighted(scenario_charts, lang):
    plain = scenario_charts["runs_out", lang]
    for subject in dict.fromkeys(subjects(plain.plot)):
        chosen = charts.what_if(plain.data, lang, highlight=subject)
        assert subject in chosen.words.alt
        assert repr(chosen).splitlines()[5:] != repr(plain).splitlines()[5:], subject
