"""Population projections for municipalities, with intervals that have been held against what happened.

For histories of totals alone: no ages, births or moves. Every year of the history is treated as if it were the last:
1. a municipality's long-run growth is a mean of its annual growth in which recent years weigh most;
2. it is shrunk toward what is usual for a municipality of its size in a region that grows as this one does;
3. last year's departure from the long run fades away, growth that remains is linear, decline is exponential;
4. the interval is the spread of the method's own past errors at the same horizon, in units of volatility.

Populations are persons on 31 December, growth is the annual change of the logarithm, horizons are whole years.

Sources: Wilson, Grossman, Alexander, Rees & Temple (2021), Population Research and Policy Review (standard methods);
Gardner & McKenzie (1985), Management Science 31 (damped trend); Fay & Herriot (1979), JASA 74 (shrinkage toward a
regression); Smith, Tayman & Swanson (2013), A Practitioner's Guide to State and Local Population Projections, and
Rayer, Smith & Tayman (2009), Population Research and Policy Review 28 (intervals from past errors).
"""

from statistics import NormalDist

import numpy as np
import pandas as pd

from sodertorn_lib.extrapolations import (
    BASE_PERIOD,
    MEMORY_HALF_LIFE,
    METHODS,
    Rule,
    capped_growth,
    growth,
    recency_mean,
)
from sodertorn_lib.municipalities import counted
from sodertorn_lib.panel import Floats, Panel, read_panel

__all__ = ["METHODS", "project_population", "project_total"]

# One value for every municipality, year and horizon. docs/projections.md says what each does to the intervals.
VOLATILITY_HALF_LIFE = 15  # years: a calm decade is no promise of a calm one to come
OUTLIER_FACTOR = 3  # a municipality this many times as volatile as the panel gets a wider interval of its own
EVENTS_PER_INHABITANT = 0.1  # births, deaths and moves a year: with every rate known, chance remains
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
        All but the first look back 10 years.
    coverage
        The share of outcomes that the interval is to hold.
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
    average, of a municipality's error in past sums at the same horizon. Chosen among seven rules for its coverage:
    of 150 random groups of eight out of 145 Swedish municipalities, 1985-2015, an 80 % interval held 79 % of the sums
    both 5 and 10 years ahead (bounds added up: 96 %); of the eight of Södertörn within their county, 94 and 87 %.
    A sum has one history, and its errors come in runs: several years missed in a row are one event.

    Returns
    -------
    DataFrame
        year, population (the sum of `project_population`), lower, upper (persons, not rounded), jump_off_year,
        interval_percent, municipalities (how many were added up), of_municipalities (of how many, NA if unknown).

    Examples
    --------
    >>> history = pd.DataFrame({"municipality_code": "0127", "year": range(2000, 2021), "population": 70_000})
    >>> project_total(history, 1)[["year", "population", "lower", "upper"]].round().values.tolist()
    [[2021.0, 70000.0, 69893.0, 70107.0]]
    """
    panel, point, _, half_width = _forecast(history, horizon, method, coverage, reference)
    total = _table(panel.years[-1], point.sum(axis=1, keepdims=True), half_width[:, None], coverage)
    return counted(total, history, len(panel.codes))


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
    project, volatility = rule(panel), _volatility(panel.population)
    points, widths = [], []
    for ahead in range(1, horizon + 1):
        projected = project(ahead)
        points.append(projected[-1])
        widths.append(_past_errors(panel.population, projected, volatility, ahead, coverage))
    point, last = np.array(points), panel.population[-1:]
    width, width_of_sum = _extend(np.array(widths)).T
    half_width = np.maximum(width[:, None] * volatility[-1], _chance(last, horizon, coverage))
    of_sum = width_of_sum * (point @ volatility[-1]) / point.sum(axis=1)
    return panel, point, half_width, np.maximum(of_sum, _chance(last.sum(axis=1), horizon, coverage)[:, 0])


def _rule(method: str) -> Rule:
    if method not in METHODS:
        raise ValueError(f"method is {method!r}: choose from {', '.join(METHODS)}")
    return METHODS[method]


def require_share(coverage: float) -> None:
    """Raise ValueError unless a coverage is a share between 0 and 1."""
    if not isinstance(coverage, int | float) or not 0 < coverage < 1:
        raise ValueError(f"coverage is {coverage!r}: give a share between 0 and 1, such as 0.8")


def _volatility(population: Floats) -> Floats:
    """Root mean square of a year's growth, over the panel or, for an outlier, its own; rows from the second year."""
    chance = EVENTS_PER_INHABITANT / population[1:]
    usual = np.maximum(recency_mean(capped_growth(population) ** 2, VOLATILITY_HALF_LIFE), chance)
    own = recency_mean(growth(population) ** 2, VOLATILITY_HALF_LIFE)
    return np.asarray(np.sqrt(np.maximum(usual.mean(axis=1, keepdims=True), own / OUTLIER_FACTOR**2)))


def _past_errors(
    population: Floats, projected: Floats, volatility: Floats, horizon: int, coverage: float
) -> tuple[float, float]:
    """Return the error, in volatilities, that a share coverage of past projections kept within; the same for the sum.

    A past year counts once its history exceeds the horizon by one half-life of the memory: nobody should project
    further ahead than they look back. Without such a year: NaN.
    """
    first = max(len(population) - len(projected), horizon + MEMORY_HALF_LIFE)
    if first + horizon >= len(population):
        return np.nan, np.nan
    rows = slice(first - len(population), -horizon)
    past, unit, outcome = projected[rows], volatility[rows], population[first + horizon :]
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


def _chance(population: Floats, horizon: int, coverage: float) -> Floats:
    """Half-widths, a row a horizon, that the chance of counts alone would give: the floor of an interval."""
    ahead = np.arange(1, horizon + 1)[:, None]
    return np.asarray(NormalDist().inv_cdf((1 + coverage) / 2) * np.sqrt(ahead * EVENTS_PER_INHABITANT / population))
