"""Projections from earlier years, held against what happened.

Sources: Rayer, Smith & Tayman (2009), Population Research and Policy Review 28 (measures of error); Gneiting & Raftery
(2007), Journal of the American Statistical Association 102 (interval score); Wilson, Brokensha, Rowe & Simpson (2018),
Population Research and Policy Review 37 (shelf life).
"""

from collections.abc import Iterable
from itertools import takewhile

import pandas as pd

from sodertorn_lib.histories import read_panel
from sodertorn_lib.projections import (
    MINIMUM_YEARS,
    Method,
    constant_share,
    constant_share_and_variable_growth,
    exponential,
    linear,
    linear_exponential,
    no_change,
    project_population,
    require_share,
    variable_share_of_growth,
)

__all__ = ["accuracy", "backtest", "compare_methods", "published_against_outcome", "shelf_life"]

METHODS = (
    project_population,
    no_change,
    linear,
    exponential,
    linear_exponential,
    constant_share,
    variable_share_of_growth,
    constant_share_and_variable_growth,
)


def backtest(
    history: pd.DataFrame,
    *,
    jump_off_years: Iterable[int],
    horizons: Iterable[int],
    method: Method = project_population,
    reference: pd.Series | None = None,
    coverage: float = 0.8,
) -> pd.DataFrame:
    """Project from earlier years as if each were the last, and put the outcome beside the projection.

    One row a municipality (the sum, with `method=project_total`), jump_off_year and horizon whose outcome is in the
    history: jump_off_population, projection, lower, upper, outcome in persons; percentage_error is
    100 x (projection - outcome) / outcome. Raises ValueError as the method does, and for a year not in the history.

    >>> history = pd.DataFrame({"municipality_code": "0127", "year": range(2000, 2021)})
    >>> history["population"] = 70_000 + 900 * (history["year"] - 2000)
    >>> from sodertorn_lib import no_change
    >>> tested = backtest(history, jump_off_years=[2015], horizons=[5], method=no_change)
    >>> tested[["projection", "outcome", "percentage_error"]].round(2).values.tolist()
    [[83500.0, 88000.0, -5.11]]
    """
    ahead, starts, projections = sorted(set(horizons)), sorted(set(jump_off_years)), []
    if not starts or not ahead or any(horizon < 1 or horizon % 1 for horizon in ahead):
        raise ValueError(f"jump-off years {starts} and horizons {ahead}: give one or more of each, horizons from 1")
    years = read_panel(history, None, MINIMUM_YEARS).years
    for jump_off_year in starts:
        if jump_off_year not in years:
            raise ValueError(f"jump-off year {jump_off_year} is not in the history: choose from {years[0]}-{years[-1]}")
        known = history[history["year"] <= jump_off_year]
        region = None if reference is None else reference[reference.index <= jump_off_year]
        projected = method(known, max(ahead), coverage=coverage, reference=region)
        projections.append(projected.assign(jump_off_year=jump_off_year, horizon=projected["year"] - jump_off_year))
    projected = pd.concat(projections, ignore_index=True)
    return _beside_outcome(projected[projected["horizon"].isin(ahead)], history)


def _beside_outcome(projected: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    area = [column for column in projected.columns if column == "municipality_code"]
    actual = history.groupby([*area, "year"])["population"].sum().reset_index()
    start = actual.rename(columns={"year": "jump_off_year", "population": "jump_off_population"})
    tested = projected.rename(columns={"population": "projection"})
    tested = tested.merge(actual.rename(columns={"population": "outcome"}), on=[*area, "year"])
    tested = tested.merge(start, on=[*area, "jump_off_year"])
    tested["percentage_error"] = (tested["projection"] - tested["outcome"]) / tested["outcome"] * 100
    columns = ["jump_off_year", "horizon", "year", "jump_off_population", "projection", "lower", "upper", "outcome"]
    return tested[[*area, *columns, "percentage_error"]]


def accuracy(backtest: pd.DataFrame, *, coverage: float = 0.8) -> pd.DataFrame:
    """How near the projections came: one row a horizon, all in per cent, from `backtest` with the same coverage.

    MdAPE, MAPE: median and mean absolute percentage error. MALPE: mean algebraic percentage error, above zero when too
    high. within_10_percent: share of projections. coverage: share of outcomes in the interval, worst_coverage that of
    worst_jump_off_year. interval_score: mean width, plus 2 / (1 - coverage) times what falls outside, of the jump-off
    population; lower is better (Gneiting & Raftery 2007, Journal of the American Statistical Association 102).

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
    table = measured.groupby("horizon").agg({"MdAPE": "median", **dict.fromkeys(measures, "mean")})
    by_year = measured.pivot_table("coverage", "jump_off_year", "horizon")
    return table.assign(worst_jump_off_year=by_year.idxmin(), worst_coverage=by_year.min())


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
    methods: Iterable[Method] = METHODS,
    *,
    first_jump_off_year: int = 1985,
    longest_horizon: int = 10,
    reference: pd.Series | None = None,
) -> pd.DataFrame:
    """Return the `accuracy` of several methods on the same history, for every horizon up to the longest.

    The jump-off years are all from the first on that have an outcome at the longest horizon.

    >>> from sodertorn_lib import load_population
    >>> errors = compare_methods(load_population(), [no_change], longest_horizon=5)
    >>> errors["horizon"].tolist()
    [1, 2, 3, 4, 5]
    """
    jump_off_years = range(first_jump_off_year, history["year"].max() - longest_horizon + 1)
    tests = {
        method.__name__: backtest(
            history,
            jump_off_years=jump_off_years,
            horizons=range(1, longest_horizon + 1),
            method=method,
            reference=reference,
        )
        for method in methods
    }
    tables = [accuracy(tested).reset_index().assign(method=name) for name, tested in tests.items()]
    return pd.concat(tables, ignore_index=True)


def published_against_outcome(forecasts: pd.DataFrame, outcomes: pd.DataFrame) -> pd.DataFrame:
    """Return each published forecast beside the latest outcome that it can be held against.

    A forecast whose target year lies ahead is read off the straight line from its base to its target. One that states
    a growth is taken from its base population, or from that of the outcomes in the base year.

    Parameters
    ----------
    forecasts
        As `load_published_forecasts` gives it.
    outcomes
        area_code, year, population.

    Returns
    -------
    DataFrame
        forecast_id, area_sv, area_en, base_year, target_year, year (the year compared), expected, outcome
        (inhabitants), percentage_error (100 x (expected - outcome) / outcome), reached (whether the target year has
        passed). Areas without outcomes after the base year are left out.

    Examples
    --------
    >>> from sodertorn_lib import load_population, load_published_forecasts
    >>> outcomes = load_population().rename(columns={"municipality_code": "area_code"})
    >>> held = published_against_outcome(load_published_forecasts(), outcomes).set_index("forecast_id")
    >>> held.loc["haninge_2019_2019", ["expected", "outcome"]].tolist()
    [91970.0, 92095.0]
    """
    known = outcomes.rename(columns={"population": "outcome"})
    last = known.groupby("area_code")["year"].max()
    if (forecasts["target_year"] <= forecasts["base_year"]).any():
        raise ValueError("a forecast has its target year at or before its base year: correct the table")
    table = forecasts[forecasts["area_code"].isin(last.index)]
    table = table[table["base_year"] < table["area_code"].map(last)]
    table = table.assign(year=table["target_year"].clip(upper=table["area_code"].map(last)))
    start = table.merge(known, how="left", left_on=["area_code", "base_year"], right_on=["area_code", "year"])[
        "outcome"
    ]
    base = table["base_population"].fillna(start.set_axis(table.index)).astype("float64")
    target = table["forecast_population"].fillna(base + table["forecast_growth"]).astype("float64")
    elapsed = (table["year"] - table["base_year"]) / (table["target_year"] - table["base_year"])
    table = table.assign(expected=base + (target - base) * elapsed, reached=table["year"] == table["target_year"])
    table = table.merge(known, on=["area_code", "year"])
    table["percentage_error"] = 100 * (table["expected"] - table["outcome"]) / table["outcome"]
    columns = ["forecast_id", "area_sv", "area_en", "base_year", "target_year", "year", "expected", "outcome"]
    return table[[*columns, "percentage_error", "reached"]]
