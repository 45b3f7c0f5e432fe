"""The membership fee: kronor per inhabitant times inhabitants on a date."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from sodertorn_lib.errors import DataError, Fault

__all__ = ["fee_growth", "fee_outlook", "fee_scenarios", "membership_fees"]


def membership_fees(population: pd.DataFrame, fee_rates: pd.DataFrame) -> pd.DataFrame:
    """Return what each municipality pays in each year that has a rate.

    Parameters
    ----------
    population
        municipality_code, year, population on 31 December, as `load_population` gives it.
    fee_rates
        year, fee_sek_per_inhabitant, population_date, as `load_fee_rates` gives it.

    Returns
    -------
    DataFrame
        year, municipality_code, population_year, population, fee_sek_per_inhabitant, fee_sek (int64).

    Raises
    ------
    DataError
        When a rate builds on a year that population does not have, or on another day than 31 December.

    Examples
    --------
    >>> population = pd.DataFrame({"municipality_code": ["0128"], "year": [2019], "population": [16750]})
    >>> rates = pd.DataFrame({"year": [2020], "fee_sek_per_inhabitant": [4], "population_date": ["2019-12-31"]})
    >>> membership_fees(population, rates)["fee_sek"].tolist()
    [67000]
    """
    base = _december_years(pd.to_datetime(fee_rates["population_date"]))
    _require_years(population, base)
    rates = fee_rates.assign(population_year=base)[["year", "fee_sek_per_inhabitant", "population_year"]]
    fees = rates.merge(population.rename(columns={"year": "population_year"}), on="population_year")
    fees["fee_sek"] = fees["population"] * fees["fee_sek_per_inhabitant"]
    columns = [
        "year",
        "municipality_code",
        "population_year",
        "population",
        "fee_sek_per_inhabitant",
        "fee_sek",
    ]
    return fees[columns]


def fee_scenarios(
    population: pd.DataFrame, fees_sek_per_inhabitant: Iterable[float], population_years: Iterable[int]
) -> pd.DataFrame:
    """Return what each municipality would pay at other rates and on other years' population.

    Returns
    -------
    DataFrame
        fee_sek_per_inhabitant, population_year, municipality_code, population, fee_sek
        (int64; half a krona is rounded to the even one).

    Raises
    ------
    DataError
        When population lacks one of the years.

    Examples
    --------
    >>> population = pd.DataFrame({"municipality_code": ["0128"], "year": [2019], "population": [16750]})
    >>> fee_scenarios(population, [3, 4.5], [2019])["fee_sek"].tolist()
    [50250, 75375]
    """
    years = pd.Series(list(population_years), name="population_year", dtype="int64")
    _require_years(population, years)
    rates = pd.DataFrame({"fee_sek_per_inhabitant": list(fees_sek_per_inhabitant)})
    chosen = population.rename(columns={"year": "population_year"}).merge(years)
    scenarios = rates.merge(chosen, how="cross")
    scenarios["fee_sek"] = (scenarios["population"] * scenarios["fee_sek_per_inhabitant"]).round().astype("int64")
    return scenarios[["fee_sek_per_inhabitant", "population_year", "municipality_code", "population", "fee_sek"]]


def fee_growth(
    population: pd.DataFrame, fee_sek_per_inhabitant: float, first_year: int, last_year: int
) -> pd.DataFrame:
    """Return how the fee of each municipality changes from one fee year to another when its rate stays the same.

    Returns
    -------
    DataFrame
        municipality_code, first_year, last_year (of the fee), first_fee_sek, last_fee_sek,
        percent_per_year (the constant rate that gives the change).

    Raises
    ------
    DataError
        When the last year is not after the first, or population lacks the year before one of them.

    Examples
    --------
    >>> population = pd.DataFrame({"municipality_code": "0128", "year": [2019, 2021], "population": [10000, 12100]})
    >>> fee_growth(population, 4, 2020, 2022).round(2).to_dict("records")[0]["percent_per_year"]
    10.0
    """
    if last_year <= first_year:
        problem = f"is known until {last_year - 1}, so no fee after that of {first_year} can be told"
        raise DataError([Fault("population.csv", problem, "Add the next year when SCB has published it.")])
    scenarios = fee_scenarios(population, [fee_sek_per_inhabitant], [first_year - 1, last_year - 1])
    fees = scenarios.pivot(index="municipality_code", columns="population_year", values="fee_sek")
    first, last = fees[first_year - 1], fees[last_year - 1]
    rate = 100 * ((last / first) ** (1 / (last_year - first_year)) - 1)
    columns = {"first_fee_sek": first, "last_fee_sek": last, "percent_per_year": rate}
    table = pd.DataFrame(columns).reset_index()
    table.insert(1, "first_year", first_year)
    table.insert(2, "last_year", last_year)
    return table


def fee_outlook(
    population: pd.DataFrame, fee_sek_per_inhabitant: float, costs_sek: float, cost_growth_percent: float = 0
) -> pd.DataFrame:
    """Return the income from a fee, year by year, against costs that start at a level and grow at a rate.

    Parameters
    ----------
    population
        year, population, and where it is projected lower and upper, as `project_total` gives it. The fee of a year
        builds on the population at the end of the year before.
    costs_sek
        Costs of the first fee year.
    cost_growth_percent
        By how much costs grow a year.

    Returns
    -------
    DataFrame
        year (of the fee), income_sek, lower_sek, upper_sek (NA for an outcome), costs_sek, balance_sek
        (income - costs), balancing_fee_sek (the fee per inhabitant that covers the costs). Not rounded.

    Examples
    --------
    >>> population = pd.DataFrame({"year": [2019, 2020], "population": [500_000, 510_000]})
    >>> fee_outlook(population, 4, 2_000_000, 2)[["year", "balance_sek", "balancing_fee_sek"]].values.tolist()
    [[2020.0, 0.0, 4.0], [2021.0, 0.0, 4.0]]
    """
    if "population" not in population or population["year"].duplicated().any():
        raise ValueError("give one row a year with year and population, as project_total or area_population does")
    known = population.sort_values("year", ignore_index=True).reindex(columns=["year", "population", "lower", "upper"])
    costs = costs_sek * (1 + cost_growth_percent / 100) ** (known["year"] - known["year"].min())
    outlook = pd.DataFrame({"year": known["year"] + 1, "income_sek": fee_sek_per_inhabitant * known["population"]})
    outlook["lower_sek"] = fee_sek_per_inhabitant * known["lower"]
    outlook["upper_sek"] = fee_sek_per_inhabitant * known["upper"]
    return outlook.assign(
        costs_sek=costs, balance_sek=outlook["income_sek"] - costs, balancing_fee_sek=costs / known["population"]
    )


def _december_years(dates: pd.Series) -> pd.Series:
    """Return the years of dates that must be a 31 December, the day that population is counted on."""
    other = dates[(dates.dt.month != 12) | (dates.dt.day != 31)]
    if len(other):
        action = "Write the 31 December that the fee builds on."
        raise DataError(
            [Fault("fee_rates.csv", "is not a 31 December", action, None, "population_date", str(other.iloc[0].date()))]
        )
    years: pd.Series = dates.dt.year.astype("int64")
    return years


def _require_years(population: pd.DataFrame, years: pd.Series) -> None:
    missing = sorted(set(years) - set(population["year"]))
    if missing:
        first, last = population["year"].min(), population["year"].max()
        problem = f"has {first} to {last}, not {', '.join(map(str, missing))}"
        raise DataError([Fault("population", problem, "Add the years, or choose others.")])
