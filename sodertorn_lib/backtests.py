"""Projections from earlier years, held against what happened.

Sources: Rayer, Smith & Tayman (2009), Population Research and Policy Review 28 (measures of error); Gneiting & Raftery
(2007), Journal of the American Statistical Association 102 (interval score); Wilson, Brokensha, Rowe & Simpson (2018),
Population Research and Policy Review 37 (shelf life).
"""

from collections.abc import Iterable
from itertools import takewhile

import pandas as pd

from sodertorn_lib.municipalities import counted, key
from sodertorn_lib.panel import read_panel
from sodertorn_lib.projections import METHODS, MINIMUM_YEARS, project_population, project_total, require_share

__all__ = ["accuracy", "backtest", "compare_methods", "shelf_life"]

TESTED_YEARS = 10  # ahead, by `compare_methods` unless told: scenarios end there


def backtest(
    history: pd.DataFrame,
    *,
    jump_off_years: Iterable[int],
    horizons: Iterable[int],
    method: str = "damped_trend",
    total: bool = False,
    reference: pd.Series | None = None,
    coverage: float = 0.8,
) -> pd.DataFrame:
    """Project from earlier years as if each were the last, and put the outcome beside the projection.

    Parameters
    ----------
    history, method, reference, coverage
        As `project_population` takes them.
    total
        Whether the sum of the municipalities is projected, as `project_total` does.

    Returns
    -------
    DataFrame
        municipality_code, municipality (where the history has it; neither for the total), jump_off_year, horizon, year,
        jump_off_population, projection, lower, upper, outcome (persons), percentage_error
        (100 x (projection - outcome) / outcome); a row for each outcome that is in the history.

    Raises
    ------
    ValueError
        As `project_population` does, and for a year that is not in the history.

    Examples
    --------
    >>> history = pd.DataFrame({"municipality_code": "0127", "year": range(2000, 2021)})
    >>> history["population"] = 70_000 + 900 * (history["year"] - 2000)
    >>> tested = backtest(history, jump_off_years=[2015], horizons=[5], method="no_change")
    >>> tested[["projection", "outcome", "percentage_error"]].round(2).values.tolist()
    [[83500.0, 88000.0, -5.11]]
    """
    ahead, starts, projections = sorted(set(horizons)), sorted(set(jump_off_years)), []
    if not starts or not ahead or any(horizon < 1 or horizon % 1 for horizon in ahead):
        raise ValueError(f"jump-off years {starts} and horizons {ahead}: give one or more of each, horizons from 1")
    years = read_panel(history, None, MINIMUM_YEARS).years
    project = project_total if total else project_population
    for jump_off_year in starts:
        if jump_off_year not in years:
            raise ValueError(f"jump-off year {jump_off_year} is not in the history: choose from {years[0]}-{years[-1]}")
        known = history[history["year"] <= jump_off_year]
        region = None if reference is None else reference[reference.index <= jump_off_year]
        projections.append(project(known, max(ahead), method=method, coverage=coverage, reference=region))
    projected = pd.concat(projections, ignore_index=True)
    projected["horizon"] = projected["year"] - projected["jump_off_year"]
    return _beside_outcome(projected[projected["horizon"].isin(ahead)], history)


def _beside_outcome(projected: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    area, named = [column for column in ["municipality_code"] if column in projected], key(projected)
    actual = history.groupby([*area, "year"])["population"].sum().reset_index()
    start = actual.rename(columns={"year": "jump_off_year", "population": "jump_off_population"})
    tested = projected.rename(columns={"population": "projection"})
    tested = tested.merge(actual.rename(columns={"population": "outcome"}), on=[*area, "year"])
    tested = tested.merge(start, on=[*area, "jump_off_year"])
    tested["percentage_error"] = (tested["projection"] - tested["outcome"]) / tested["outcome"] * 100
    columns = ["jump_off_year", "horizon", "year", "jump_off_population", "projection", "lower", "upper", "outcome"]
    return tested[[*named, *columns, "percentage_error"]]


def accuracy(backtest: pd.DataFrame, *, coverage: float = 0.8) -> pd.DataFrame:
    """How near the projections came: one row a horizon, all in per cent, from `backtest` with the same coverage.

    MdAPE, MAPE: median and mean absolute percentage error. MALPE: mean algebraic percentage error, above zero when too
    high. within_10_percent: share of projections. coverage: share of outcomes in the interval. interval_score: mean
    width, plus 2 / (1 - coverage) times what falls outside, of the jump-off population; lower is better (Gneiting &
    Raftery 2007, Journal of the American Statistical Association 102).

    >>> test = {"jump_off_year": 2015, "horizon": 5, "jump_off_population": 100, "projection": 90, "lower": 80}
    >>> table = accuracy(pd.DataFrame([test | {"upper": 95, "outcome": 100, "percentage_error": -10}]))
    >>> table[["MdAPE", "coverage", "interval_score"]].round(1).values.tolist()
    [[10.0, 0.0, 65.0]]
    """
    require_share(coverage)
    if backtest[["projection", "lower", "upper", "outcome"]].isna().any(axis=None):
        raise ValueError("a projection, bound or outcome is missing: score only rows that have all four")
    outside = (backtest["outcome"] - backtest["outcome"].clip(backtest["lower"], backtest["upper"])).abs()
    penalised_width = backtest["upper"] - backtest["lower"] + 2 / (1 - coverage) * outside
    absolute = backtest["percentage_error"].abs()
    measured = backtest.assign(
        MdAPE=absolute,
        MAPE=absolute,
        MALPE=backtest["percentage_error"],
        within_10_percent=(absolute <= 10) * 100.0,
        coverage=(outside == 0) * 100.0,
        interval_score=penalised_width / backtest["jump_off_population"] * 100,
    )
    measures = ["MAPE", "MALPE", "within_10_percent", "coverage", "interval_score"]
    return measured.groupby("horizon").agg({"MdAPE": "median", **dict.fromkeys(measures, "mean")})


def shelf_life(backtest: pd.DataFrame) -> int:
    """Return the longest horizon up to which 80 % of areas always came within 10 %; 0 if none did.

    Source: Wilson, Brokensha, Rowe & Simpson (2018), Population Research and Policy Review 37.

    >>> shelf_life(pd.DataFrame({"horizon": [5, 10], "percentage_error": [-9.0, 12.0]}))
    5
    """
    within = (backtest["percentage_error"].abs() <= 10).groupby(backtest["horizon"]).mean()
    good_enough = takewhile(lambda item: item[1] >= 0.8, zip(within.index.tolist(), within.tolist(), strict=True))
    return max((horizon for horizon, _ in good_enough), default=0)


def compare_methods(
    history: pd.DataFrame,
    methods: Iterable[str] = tuple(METHODS),
    *,
    first_jump_off_year: int = 1985,
    longest_horizon: int = TESTED_YEARS,
    reference: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the `accuracy` of several methods on the same history, for every horizon up to the longest.

    The jump-off years are all from the first on that have an outcome at the longest horizon.

    Returns
    -------
    DataFrame
        horizon, the measures of `accuracy`, method (its name), first_jump_off_year, last_jump_off_year, municipalities
        (how many were projected), of_municipalities (of how many, NA if unknown).

    Examples
    --------
    >>> from sodertorn_lib import load_population
    >>> errors = compare_methods(load_population(), ["no_change"], longest_horizon=5)
    >>> errors["horizon"].tolist()
    [1, 2, 3, 4, 5]
    """
    jump_off_years = range(first_jump_off_year, history["year"].max() - longest_horizon + 1)
    horizons, tables = range(1, longest_horizon + 1), []
    for method in methods:
        tested = backtest(history, jump_off_years=jump_off_years, horizons=horizons, method=method, reference=reference)
        tables.append(accuracy(tested).reset_index().assign(method=method))
    errors = pd.concat(tables, ignore_index=True)
    errors = errors.assign(first_jump_off_year=first_jump_off_year, last_jump_off_year=max(jump_off_years))
    return counted(errors, history, history["municipality_code"].nunique())
