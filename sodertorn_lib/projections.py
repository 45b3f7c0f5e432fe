"""Population projections for municipalities, with intervals that have been held against what happened.

For histories of totals alone: no ages, births or moves. Every year of the history is treated as if it were the last:
1. a municipality's long-run growth is a mean of its annual growth in which recent years weigh most;
2. it is drawn toward the growth of the surrounding region, with what its size adds or takes;
3. last year's departure from the long run fades away, and what remains goes on in a straight line;
4. the interval is the spread of the method's own past errors at the same horizon, wider where growth has varied more
   and where few live.

Populations are persons on 31 December, growth is the annual change of the logarithm, horizons are whole years.

Sources: Wilson, Grossman, Alexander, Rees & Temple (2022), Population Research and Policy Review (standard methods);
Gardner & McKenzie (1985), Management Science 31 (damped trend); Smith, Tayman & Swanson (2013), A Practitioner's Guide
to State and Local Population Projections, and Rayer, Smith & Tayman (2009), Population Research and Policy Review 28
(intervals from past errors).
"""

import numpy as np
import pandas as pd

from sodertorn_lib.extrapolations import (
    BASE_PERIOD,
    MEMORY_HALF_LIFE,
    METHODS,
    Rule,
    capped_growth,
    recency_mean,
)
from sodertorn_lib.municipalities import counted
from sodertorn_lib.panel import Floats, Panel, read_panel

__all__ = ["LEVELS", "METHODS", "probability_of", "project_population", "project_total"]

# One value for every municipality, year and horizon. docs/projections_appendix.md says what each does to the intervals.
VOLATILITY_HALF_LIFE = 8  # years: how soon a calm or a lively time is felt in the widths
LEAST_VOLATILITY = 0.001  # a year: only a history that stands still on paper is calmer
WIDTH_BY_SIZE = -0.2  # the power of population that widths follow: chance evens out in large numbers
LEVELS = (0.8, 0.2, 0.4, 0.6, 0.9, 0.95)  # coverages: of the interval that is shown, then more for a probability
HIGHEST_COVERAGE = 0.95  # beyond it a width would rest on the few largest errors, which are one building boom
MINIMUM_YEARS = BASE_PERIOD + 2  # a base period, its jump-off year, and one outcome to learn an error from


def project_population(
    history: pd.DataFrame,
    horizon: int,
    *,
    method: str = "damped_trend",
    coverage: float = 0.8,
    reference: pd.Series | None = None,
) -> pd.DataFrame:
    """Project every municipality beyond the last year of its history, with an interval.

    Parameters
    ----------
    history
        municipality_code, year, population; 12 or more consecutive years, the same for all municipalities.
    horizon
        Years ahead, from 1.
    method
        damped_trend (ours); no_change: the last population stays; linear (LIN): the annual change in persons goes on;
        exponential (EXP): the annual rate goes on; linear_exponential (LIN/EXP): linear if it grew, exponential if it
        fell; constant_share (CSP): of the reference, whose rate goes on; variable_share_of_growth (VSG): linear,
        adjusted to the growth of the reference; constant_share_and_variable_growth (CSP-VSG): the mean of the two.
        All but the first two look back 10 years.
    coverage
        The share of outcomes that the interval is to hold, at most 0.95: past errors beyond that are a few of one time.
    reference
        Population of the surrounding region, indexed by year, to the same last year; None takes the sum of the
        municipalities.

    Returns
    -------
    DataFrame
        municipality_code, municipality (where the history has it), year, population, lower, upper (persons, not
        rounded), jump_off_year, interval_percent; sorted, horizon rows for each municipality.

    Raises
    ------
    ValueError
        When there is no such method, or naming municipality and year of what is missing, double or not above zero.

    Examples
    --------
    >>> history = pd.DataFrame({"municipality_code": "0127", "year": range(2000, 2021)})
    >>> history["population"] = 70_000 + 900 * (history["year"] - 2000)
    >>> project_population(history, 2).round().astype({"population": int})[["year", "population"]].values.tolist()
    [[2021, 88920], [2022, 89851]]
    """
    panel, point, half_width, _ = _forecast(history, horizon, method, coverage, reference)
    table = _table(panel.years[-1], point, half_width, coverage)
    table.insert(0, "municipality_code", panel.codes.repeat(horizon))
    if "municipality" in history:
        names = history.drop_duplicates("municipality_code").sort_values("municipality_code")["municipality"]
        table.insert(1, "municipality", names.repeat(horizon).reset_index(drop=True))
    return table


def project_total(
    history: pd.DataFrame,
    horizon: int,
    *,
    method: str = "damped_trend",
    coverage: float = 0.8,
    reference: pd.Series | None = None,
) -> pd.DataFrame:
    """Project the sum of the municipalities, with an interval for the sum. Arguments and errors: `project_population`.

    Errors of neighbours neither add up nor cancel out: the half-widths, added up, are multiplied by what was left, on
    average, of a municipality's error in past sums at the same horizon. A sum has one history, and its errors come in
    runs: several years missed in a row are one event.

    Returns
    -------
    DataFrame
        year, population (the sum of `project_population`), lower, upper (persons, not rounded), jump_off_year,
        interval_percent, municipalities (how many were added up), of_municipalities (of how many, NA if unknown).

    Examples
    --------
    >>> history = pd.DataFrame({"municipality_code": "0127", "year": range(2000, 2021)})
    >>> history["population"] = [70_000 + 900 * n + 300 * (n % 4) for n in range(21)]
    >>> project_total(history, 1)[["year", "population", "lower", "upper"]].round().values.tolist()
    [[2021.0, 88220.0, 87137.0, 89317.0]]
    """
    panel, point, _, half_width = _forecast(history, horizon, method, coverage, reference)
    total = _table(panel.years[-1], point.sum(axis=1, keepdims=True), half_width[:, None], coverage)
    return counted(total, history, len(panel.codes))


def probability_of(projection: pd.DataFrame, population: float, year: int | None = None) -> float:
    """Return how likely it is that a population is reached, from the bounds of intervals, with straight lines between.

    Parameters
    ----------
    projection
        Of one area, as `project_total` gives it; the more coverages, one below the other, the finer.
    population
        Persons on 31 December.
    year
        One of the projection; its last unless told.

    Returns
    -------
    float
        A share. What lies outside the widest interval is as likely as its bound: 0.025 means that or less.

    Raises
    ------
    ValueError
        When the projection has no such year, or more than one area, or a population is not above zero.

    Examples
    --------
    >>> history = pd.DataFrame({"municipality_code": "0127", "year": range(2000, 2021)})
    >>> history["population"] = [70_000 + 900 * n + 300 * (n % 4) for n in range(21)]
    >>> projection = pd.concat([project_total(history, 5, coverage=share) for share in LEVELS])
    >>> [round(probability_of(projection, population), 3) for population in (80_000, 91_500, 120_000)]
    [0.975, 0.358, 0.025]
    """
    rows = projection[projection["year"] == (projection["year"].max() if year is None else year)]
    if rows.empty:
        first, last = projection["year"].min(), projection["year"].max()
        raise ValueError(f"year {year} is not in the projection: choose from {first}-{last}")
    if rows["interval_percent"].duplicated().any():
        raise ValueError("the projection is of more than one area: give one, as project_total does")
    if not population > 0:
        raise ValueError(f"population is {population!r}: give persons, above 0")
    outside = (100 - rows["interval_percent"]) / 200
    shares = np.concatenate([outside, [0.5], 1 - outside])
    bounds = np.concatenate([rows["upper"], rows["population"].iloc[:1], rows["lower"]])
    order = np.argsort(bounds, kind="stable")
    return float(np.interp(np.log(population), np.log(bounds[order]), shares[order]))


def _table(last_year: np.int64, point: Floats, half_width: Floats, coverage: float) -> pd.DataFrame:
    horizon, areas = point.shape
    columns = {"population": point, "lower": point * np.exp(-half_width), "upper": point * np.exp(half_width)}
    year = np.tile(last_year + np.arange(1, horizon + 1), areas)
    table = pd.DataFrame({"year": year, **{name: values.T.ravel() for name, values in columns.items()}})
    return table.assign(jump_off_year=last_year, interval_percent=100.0 * coverage)


def _forecast(
    history: pd.DataFrame, horizon: int, method: str, coverage: float, reference: pd.Series | None
) -> tuple[Panel, Floats, Floats, Floats]:
    """Return panel, projections (horizons x municipalities), their half-widths and those of the sum, in logarithms."""
    if not isinstance(horizon, int | np.integer) or horizon < 1:
        raise ValueError(f"horizon is {horizon!r}: give whole years ahead, 1 or more")
    require_share(coverage)
    rule = _rule(method)
    panel = read_panel(history, reference, MINIMUM_YEARS)
    project, scale = rule(panel), _scale(panel.population)
    points, widths = [], []
    for ahead in range(1, horizon + 1):
        projected = project(ahead)
        points.append(projected[-1])
        widths.append(_past_errors(panel.population, projected, scale, ahead, coverage))
    point, (width, width_of_sum) = np.array(points), _extend(np.array(widths)).T
    of_sum = width_of_sum * (point @ scale[-1]) / point.sum(axis=1)
    return panel, point, width[:, None] * scale[-1], of_sum


def _rule(method: str) -> Rule:
    if method not in METHODS:
        raise ValueError(f"method is {method!r}: choose from {', '.join(METHODS)}")
    return METHODS[method]


def require_share(coverage: float) -> None:
    """Raise ValueError unless a coverage is a share above 0, and not beyond what past errors can tell."""
    if not isinstance(coverage, int | float) or not 0 < coverage <= HIGHEST_COVERAGE:
        few = f"past errors are too few for more than {HIGHEST_COVERAGE:g}"
        raise ValueError(f"coverage is {coverage!r}: give a share above 0, such as 0.8; {few}")


def _scale(population: Floats) -> Floats:
    """Return what errors are measured in: how growth has varied in the panel, by size; rows from the second year."""
    varied = recency_mean(capped_growth(population) ** 2, VOLATILITY_HALF_LIFE).mean(axis=1, keepdims=True)
    return np.asarray(np.maximum(np.sqrt(varied), LEAST_VOLATILITY) * population[1:] ** WIDTH_BY_SIZE)


def _past_errors(
    population: Floats, projected: Floats, scale: Floats, horizon: int, coverage: float
) -> tuple[float, float]:
    """Return the error, in units of scale, that a share coverage of past projections kept within; the same for the sum.

    A past year counts once its history exceeds the horizon by one half-life of the memory: nobody should project
    further ahead than they look back. Without such a year: NaN.
    """
    first = max(len(population) - len(projected), horizon + MEMORY_HALF_LIFE)
    if first + horizon >= len(population):
        return np.nan, np.nan
    rows = slice(first - len(population), -horizon)
    past, unit, outcome = projected[rows], scale[rows], population[first + horizon :]
    error = np.abs(np.log(outcome / past)) / unit
    unit_of_sum = (past * unit).sum(axis=1) / past.sum(axis=1)
    error_of_sum = np.abs(np.log(outcome.sum(axis=1) / past.sum(axis=1))) / unit_of_sum
    width = float(np.quantile(error, coverage))
    return width, width * float(error_of_sum.mean() / max(error.mean(), np.finfo(float).tiny))


def _extend(widths: Floats) -> Floats:
    """Beyond the longest horizon that the past measures, in proportion to the horizon; never narrower than before."""
    known = int(np.isfinite(widths[:, 0]).sum())
    beyond = widths[known - 1] * np.arange(known + 1, len(widths) + 1)[:, None] / known
    return np.maximum.accumulate(np.vstack([widths[:known], beyond]))
