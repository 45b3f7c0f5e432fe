"""A history as a table of years by municipalities, refused where a projection of it would rest on a guess."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]


class Panel(NamedTuple):
    """Years by municipalities, and the population of the surrounding region in the same years."""

    codes: pd.Index
    years: npt.NDArray[np.int64]
    population: Floats  # a row a year, a column a municipality
    reference: Floats


def read_panel(history: pd.DataFrame, reference: pd.Series | None, minimum_years: int) -> Panel:
    """Return the history without a cell that is missing, double or not above zero; the reference in the same years."""
    if absent := {"municipality_code", "year", "population"} - set(history.columns):
        raise ValueError(f"history lacks {', '.join(sorted(absent))}: give municipality_code, year, population")
    if history.empty:
        raise ValueError("history has no rows: give at least one municipality")
    for column in ("year", "population"):
        if not pd.api.types.is_numeric_dtype(history[column]) or pd.api.types.is_bool_dtype(history[column]):
            raise ValueError(f"{column} is {history[column].dtype}: give numbers")
    code, year, value = history["municipality_code"], _numbers(history["year"]), _numbers(history["population"])
    unnamed, unusable = (year % 1 != 0) | code.isna().to_numpy(), ~((value >= 1) & (value < np.inf))
    _refuse(code[unnamed], year[unnamed], "not a municipality and whole year: give both")
    problem = "population is not a number above 0, 1 or more: correct it or leave the municipality out"
    _refuse(code[unusable], year[unusable], problem)
    cell, codes = pd.factorize(code, sort=True)
    if year.max() - year.min() >= len(history):
        raise ValueError(f"history has no row for many years from {year.min():.0f} to {year.max():.0f}: fill the gaps")
    years = np.arange(int(year.min()), int(year.max()) + 1)
    population, times = np.empty((len(years), len(codes))), np.zeros((len(years), len(codes)), dtype=int)
    row = year.astype(int) - years[0]
    np.add.at(times, (row, cell), 1)
    population[row, cell] = value
    (double, of_double), (lacking, of_lacking) = np.nonzero(times > 1), np.nonzero(times == 0)
    _refuse(codes[of_double], years[double], "more than one row: keep one")
    _refuse(codes[of_lacking], years[lacking], "no row: give every municipality the same consecutive years")
    if len(years) < minimum_years:
        raise ValueError(f"municipality {codes[0]} has {years[0]}-{years[-1]} only: give {minimum_years} years or more")
    return Panel(pd.Index(codes), years, population, _region(reference, years, population))


def _region(reference: pd.Series | None, years: npt.NDArray[np.int64], population: Floats) -> Floats:
    """Return the reference in the years of the history, refused unless it holds them all and ends with them."""
    if reference is None:
        return np.asarray(population.sum(axis=1))
    if reference.index.has_duplicates or reference.empty or reference.index.max() != years[-1]:
        raise ValueError(f"reference must hold each year once and end as the history does, in {years[-1]}: correct it")
    values = _numbers(reference.reindex(years))
    if wrong := years[~((values > 0) & (values < np.inf))].tolist():
        raise ValueError(f"reference has no number above 0 in {wrong[:5]}: give the region's population in those years")
    return values


def _numbers(values: pd.Series) -> Floats:
    return np.asarray(pd.to_numeric(values, errors="coerce").to_numpy(dtype=float, na_value=np.nan))


def _refuse(codes: Iterable[object], years: Iterable[float], problem: str) -> None:
    """Raise ValueError if there are any, naming the first five."""
    if rows := list(zip(codes, years, strict=True)):
        named = "; ".join(f"municipality {code}, year {year:g}" for code, year in rows[:5])
        more = f" and {len(rows) - 5} more" if len(rows) > 5 else ""
        raise ValueError(f"{named}{more}: {problem}")
