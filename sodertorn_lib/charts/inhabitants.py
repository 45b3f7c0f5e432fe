"""Charts of the population and of its projections: outcomes solid, projections dashed, forecasts ahead hatched."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sodertorn_lib import findings, prospects
from sodertorn_lib.charts.charted import Draft, Speech, charted, drawable, steps
from sodertorn_lib.charts.spec import Band, Bars, Label, Line, Lines, Mark, Rows, Scale, Stroke, before_colon
from sodertorn_lib.charts.theme import BLUE, INK, ORANGE, TEAL
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.municipalities import is_whole

__all__ = [
    "error_by_horizon",
    "forecast_against_outcome",
    "growth_by_municipality",
    "growth_needed_and_seen",
    "population_fan",
    "population_small_multiples",
    "population_total",
    "projection_small_multiples",
]

METHOD_STROKES: tuple[tuple[str, Stroke], ...] = (
    (TEAL, "-."),
    (ORANGE, "--"),
    (INK, ":"),
)  # of the others, from the nearest; named as well
YEARS_BEFORE = 20  # of the outcome, that a fan shows before its jump-off year


@charted
def population_total(say: Speech, area: pd.DataFrame, published: pd.DataFrame) -> Draft:
    """Draw `area_population`, and on it the totals of all municipalities that the association published."""
    stated = drawable(say, published[published["region"] == "Södertörn"].assign(year=0), "population")
    stated = stated.assign(year=stated["date"].dt.year, published=stated["population"])[["year", "published"]]
    data = area.merge(stated if is_whole(area) else stated[:0], on="year", how="left")
    values = findings.total(data)
    years, points = data["year"].tolist(), data["published"].to_numpy(float, na_value=np.nan).tolist()
    ends = {
        0: Label(say.write(values["first"], "n"), "above"),
        len(data) - 1: Label(f"{values['last_year']}: {say.write(values['last'], 'n')}"),
    }
    marks: list[Mark] = [Line(say.column("population"), years, list(data["population"]), BLUE, labels=ends)]
    if values["published"]:
        first = int(data["published"].notna().argmax())
        name = say.text("published_label")
        marks.append(Line(name, years, points, ORANGE, "", labels={first: Label(name, "left")}))
    top = data["population"].max()
    ticks = {tick: say.write(tick, "n") for tick in steps(0, top)}
    x = Scale(years[0], years[-1] + 0.5, {year: str(year) for year in years if year % 10 == 0 or year == years[0]})
    return Draft(data, values, Lines(x, Scale(0, max(ticks), ticks), {"": marks}))


@charted
def population_small_multiples(say: Speech, index: pd.DataFrame) -> Draft:
    """Draw `population_index`, one panel a municipality, the one that grew most first."""
    ends = index[index["year"] == index["year"].max()].sort_values("index", ascending=False)
    first, last = int(index["year"].min()), int(index["year"].max())
    low, high = (np.log2(index["index"].agg(end) / 100) for end in ("min", "max"))
    levels = 100 * 2.0 ** np.arange(np.floor(low + 0.1), np.ceil(high) + 1)
    panels: dict[str, list[Mark]] = {}
    for name, times in zip(ends["municipality"], ends["index"] / 100, strict=True):
        own = index[index["municipality"] == name]
        heading = say.text("heading", name=name, times=times)
        panels[heading] = [Line(name, list(own["year"]), list(own["index"]), BLUE)]
    y = Scale(levels[0], levels[-1], {level: say.write(level, "n") for level in levels}, doubling=True)
    x = Scale(first, last, {first: str(first), last: str(last)})
    return Draft(index, findings.index(index), Lines(x, y, panels, list(ends["municipality"])))


@charted
def growth_by_municipality(say: Speech, growth: pd.DataFrame) -> Draft:
    """Draw the change in the last year of `annual_growth`, the largest first."""
    data = drawable(say, growth, "change").sort_values("change", ascending=False, ignore_index=True)
    labels = [say.text("label", change=row["change"], percent=row["change_percent"]) for row in data.to_dict("records")]
    bars = Bars(say.column("change"), list(data["change"]), labels, [BLUE] * len(data))
    return Draft(data, findings.growth(data), Rows(list(data["municipality"]), [bars]))


@charted
def growth_needed_and_seen(say: Speech, pace: pd.DataFrame) -> Draft:
    """Draw the growth per year of `growth_needed`: the periods that were, and hatched what a forecast needs."""
    periods = [f"{row['first_year']}–\n{row['last_year']}" for row in pace.to_dict("records")]
    labels, ahead = (
        [say.write(change, "n") for change in pace["change_per_year"]],
        (pace["kind"] == "forecast").tolist(),
    )
    bars = Bars(say.column("change_per_year"), list(pace["change_per_year"]), labels, [BLUE] * len(pace), ahead=ahead)
    return Draft(pace, prospects.pace(pace), Rows(periods, [bars], "standing"))


@charted
def population_fan(say: Speech, fan: pd.DataFrame, latest_fan: pd.DataFrame) -> Draft:
    """Draw `beside_projection` of an area from two years, the outcome between them, and what was stated."""
    values, ends = prospects.ahead(fan, latest_fan), ["projection", "lower", "upper"]
    likely = ["probability_percent", "probability_qualifier"]  # by the latest
    newer = latest_fan[["year", *ends, *likely]].rename(columns={name: f"latest_{name}" for name in ends})
    data = fan.drop(columns=likely).merge(newer, on="year", how="outer")
    shown = data[data["year"] >= values["jump_off_year"] - YEARS_BEFORE]
    drawn, latest = latest_fan.dropna(subset=["projection"]), values["latest"]
    outcome = "" if latest is None else say.text("outcome", year=values["latest_year"], population=latest)
    marks = _fan(shown, _projected(say, fan), 5, outcome)
    if values["newer"] == "some":
        name = _projected(say, latest_fan)
        marks = [marks[0], _interval(drawn, name, ORANGE), *marks[1:], _dashed(drawn, name, ORANGE, 3.5)]
    for row in drawn.dropna(subset=["stated"]).to_dict("records"):
        said = say.text("stated", population=values["stated"], roughly=values["roughly"])
        marks.append(Line(before_colon(said), [row["year"]], [row["stated"]], TEAL, "_", labels={0: Label(said)}))
    heights = shown[["population", "lower", "upper", "latest_lower", "latest_upper", "stated"]]
    ticks = steps(heights.min().min(), heights.max().max())
    years = range(int(shown["year"].min()), int(shown["year"].max()) + 1)
    x = Scale(years[0], years[-1], {year: str(year) for year in years if year % 5 == 0})
    y = Scale(ticks[0], ticks[-1], {tick: say.write(tick, "n") for tick in ticks})
    return Draft(data, values, Lines(x, y, {"": marks}))


@charted
def projection_small_multiples(say: Speech, fans: pd.DataFrame) -> Draft:
    """Draw `beside_projection` of municipalities around the jump-off year, as an index of it, on one scale."""
    jump_off_year = int(fans["jump_off_year"].max())
    data = fans[fans["year"] >= jump_off_year - 10].reset_index(drop=True)
    base = data[data["year"] == jump_off_year].set_index("municipality")["population"]
    amounts = ["population", "projection", "lower", "upper"]
    of_base = 100 / data["municipality"].map(base).astype("float64")
    index = data.assign(**{column: data[column] * of_base for column in amounts})
    low, high = (
        index[["population", "lower"]].min().min() // 10 * 10,
        -(-index[["population", "upper"]].max().max() // 10) * 10,
    )
    said, outside = (say.text("projection"), 4, say.text("outcome")), prospects.outside_interval(fans)
    headings = {name: say.text("heading", name=name) if name in outside else name for name in base.index}
    panels = {own: _fan(index[index["municipality"] == name], *said) for name, own in headings.items()}
    first, last = int(index["year"].min()), int(index["year"].max())
    y = Scale(low, high, {tick: say.write(tick, "n") for tick in np.arange(low, high + 1, 20)})
    x = Scale(first, last, {first: str(first), last: str(last)})
    return Draft(data, prospects.intervals(fans), Lines(x, y, panels, list(headings)))


@charted
def forecast_against_outcome(say: Speech, compared: pd.DataFrame) -> Draft:
    """Draw the error of each row of `beside_ours`, the highest first, with ours; hatched where it is on the way."""
    drawable(say, compared, "percentage_error")
    data = compared.sort_values("percentage_error", ascending=False, ignore_index=True)
    rows, errors = data.to_dict("records"), list(data["percentage_error"])
    names = [f"{row[f'area_{say.lang}']} {row['base_year']}–{row['target_year']}" for row in rows]
    pairs = zip(errors, data["ours_percentage_error"], strict=True)
    labels = [say.text("label", error=_signed(say, error), ours=_signed(say, own)) for error, own in pairs]
    bars = Bars(say.column("percentage_error"), errors, labels, [BLUE] * len(rows), ahead=(~data["reached"]).tolist())
    return Draft(data, prospects.forecasts(data, say.lang), Rows(names, [bars], about=list(data[f"area_{say.lang}"])))


@charted
def error_by_horizon(say: Speech, errors: pd.DataFrame) -> Draft:
    """Draw the mean absolute percentage error of `compare_methods` by horizon; our method's line is the thick one."""
    wide = errors.pivot(index="horizon", columns="method", values="MAPE")
    others = wide.drop(columns="damped_trend").iloc[-1].sort_values().index
    if len(others) > len(METHOD_STROKES):
        problem = f"would need {len(others) + 1} lines, and {len(METHOD_STROKES) + 1} can be told apart"
        raise DataError(Fault(say.chart, problem, "Choose fewer methods."))
    styles: dict[str, tuple[str, Stroke]] = {"damped_trend": (BLUE, "-")}
    styles |= zip(others, METHOD_STROKES, strict=False)
    horizons, ticks = wide.index.tolist(), np.arange(0, wide[list(styles)].max().max() + 2, 2)
    marks = []
    for method, (tone, stroke) in styles.items():
        name = say.text(f"method.{method}")
        width = 5 if method == "damped_trend" else 3
        marks.append(Line(name, horizons, list(wide[method]), tone, stroke, width, {len(wide) - 1: Label(name)}))
    x = Scale(
        horizons[0],
        horizons[-1],
        {horizons[0]: say.text("horizon", years=horizons[0])} | {h: str(h) for h in horizons[1:]},
    )
    y = Scale(0, ticks[-1], {tick: say.write(tick, "%0") for tick in ticks})
    return Draft(errors, prospects.method_errors(errors), Lines(x, y, {"": marks}))


def _fan(data: pd.DataFrame, name: str, outcome_width: float, outcome: str = "") -> list[Mark]:
    """Return the interval, the population to the jump-off year, the projection, and the outcome since."""
    fan, jump_off_year = data.dropna(subset=["projection"]), data["jump_off_year"].max()
    known = data[(data["year"] <= jump_off_year) & data["population"].notna()]
    since = data[(data["year"] >= jump_off_year) & data["population"].notna()]
    marks: list[Mark] = [
        _interval(fan, name, BLUE),
        Line(before_colon(name), list(known["year"]), list(known["population"]), BLUE),
        _dashed(fan, name, BLUE, outcome_width - 1.5),
    ]
    if len(since) > 1:
        labels = {len(since) - 1: Label(outcome, "below")}
        years, persons = list(since["year"]), list(since["population"])
        marks.append(Line(before_colon(outcome or name), years, persons, ORANGE, "-", outcome_width, labels))
    return marks


def _interval(fan: pd.DataFrame, name: str, tone: str) -> Band:
    return Band(before_colon(name), list(fan["year"]), list(fan["lower"]), list(fan["upper"]), tone)


def _dashed(fan: pd.DataFrame, name: str, tone: str, width: float) -> Line:
    """Return the line of a projection, with its name at the end."""
    labels = {len(fan) - 1: Label(name)}
    return Line(before_colon(name), list(fan["year"]), list(fan["projection"]), tone, "--", width, labels)


def _projected(say: Speech, fan: pd.DataFrame) -> str:
    """Return what a projection is called, and where it ends."""
    year, projection = fan["jump_off_year"].max(), fan["projection"].dropna()
    return say.text("projection", year=year, population=projection.iloc[-1])


def _signed(say: Speech, percent: float) -> str:
    return ("+" if percent > 0 else "") + say.write(percent, "%1")
