"""The membership fee: kronor per inhabitant times inhabitants on a date."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.municipalities import is_selection, key

__all__ = ["deficit_years", "fee_income", "fee_outlook", "fee_scenarios", "membership_fees"]

MONEY = ["income_sek", "lower_sek", "upper_sek"]
KEPT = ["interval_percent", "municipalities", "of_municipalities"]
INCOMES = ["year", "fee_sek_per_inhabitant", "population_before", *MONEY, *KEPT]
OUTLOOK = ["year", "fee_sek_per_inhabitant", "cost_base", "cost_growth_percent", *MONEY]
OUTLOOK += ["costs_sek", "balance_sek", "balancing_fee_sek", *KEPT]


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
        year, municipality_code, municipality (where population has it), population_year, population,
        fee_sek_per_inhabitant, fee_sek (int64).

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
    fees["fee_sek"] = whole_kronor(fees)
    return fees[["year", *key(fees), "population_year", "population", "fee_sek_per_inhabitant", "fee_sek"]]


def fee_income(fees: pd.DataFrame) -> pd.Series:
    """Return the fees of all municipalities together, by year: NA where they are of a selection only.

    >>> fees = pd.DataFrame({"year": [2020, 2020], "fee_sek": [67000, 44056]})
    >>> fee_income(fees).to_dict()
    {2020: 111056}
    """
    income = fees.groupby("year")["fee_sek"].sum().astype("Int64")
    return income.mask(pd.Series(is_selection(fees), index=income.index))


def fee_scenarios(
    population: pd.DataFrame, fees_sek_per_inhabitant: Iterable[float], population_years: Iterable[int]
) -> pd.DataFrame:
    """Return what each municipality would pay at other rates and on other years' population.

    Returns
    -------
    DataFrame
        fee_sek_per_inhabitant, population_year, municipality_code, municipality (where population has it), population,
        fee_sek (int64; half a krona is rounded to the even one).

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
    rates = pd.DataFrame({"fee_sek_per_inhabitant": list(dict.fromkeys(fees_sek_per_inhabitant))})
    chosen = population.rename(columns={"year": "population_year"}).merge(years)
    scenarios = rates.merge(chosen, how="cross")
    scenarios["fee_sek"] = whole_kronor(scenarios)
    return scenarios[["fee_sek_per_inhabitant", "population_year", *key(scenarios), "population", "fee_sek"]]


def fee_outlook(
    incomes: pd.DataFrame, costs_sek: float | Mapping[str, float], cost_growth_percent: float | Iterable[float] = 0
) -> pd.DataFrame:
    """Return the income from a fee, year by year, against costs that start at a level and grow at one rate or several.

    Parameters
    ----------
    incomes
        year, fee_sek_per_inhabitant, population_before (of the year before), income_sek, and where it is projected
        lower_sek and upper_sek, one row a year, as `what_if` gives them.
    costs_sek
        Costs of the first year; of several bases, by name, each gives its own rows.
    cost_growth_percent
        By how much costs grow a year; of several rates each gives its own rows.

    Returns
    -------
    DataFrame
        year (of the fee), fee_sek_per_inhabitant, cost_base (its name; all unless told), cost_growth_percent,
        income_sek, lower_sek, upper_sek (NA for an outcome), costs_sek, balance_sek (income - costs),
        balancing_fee_sek (the fee per inhabitant that covers the costs), and of incomes interval_percent,
        municipalities and of_municipalities. Nothing but the incomes is rounded.

    Examples
    --------
    >>> incomes = pd.DataFrame({"year": [2020, 2021], "population_before": [500_000, 510_000]})
    >>> incomes = incomes.assign(fee_sek_per_inhabitant=4, income_sek=4 * incomes["population_before"])
    >>> fee_outlook(incomes, 2_000_000, 2)[["year", "balance_sek", "balancing_fee_sek"]].values.tolist()
    [[2020.0, 0.0, 4.0], [2021.0, 0.0, 4.0]]
    """
    if "income_sek" not in incomes or incomes["year"].duplicated().any():
        raise ValueError("give one row a year with year, fee, population and income, as what_if does")
    rates = [cost_growth_percent] if isinstance(cost_growth_percent, int | float) else list(cost_growth_percent)
    known = incomes.sort_values("year", ignore_index=True).reindex(columns=INCOMES)
    bases = costs_sek if isinstance(costs_sek, Mapping) else {"all": costs_sek}
    return pd.concat([_outlook(known, base, bases[base], rate) for base in bases for rate in rates], ignore_index=True)


def deficit_years(outlook: pd.DataFrame) -> pd.DataFrame:
    """Return the first year in which costs exceed the income of `fee_outlook`, a row for each base and growth of costs.

    Returns
    -------
    DataFrame
        cost_base, cost_growth_percent, early_year (at the lower bound of the income), deficit_year (at the projected
        income), late_year (at the upper bound); NA where there is no such year.

    Examples
    --------
    >>> incomes = pd.DataFrame({"year": [2020, 2021], "population_before": [500_000, 510_000]})
    >>> incomes = incomes.assign(fee_sek_per_inhabitant=4, income_sek=4 * incomes["population_before"])
    >>> deficit_years(fee_outlook(incomes, 2_000_000, [0, 3]))["deficit_year"].tolist()
    [<NA>, 2021]
    """
    columns = {"early_year": "lower_sek", "deficit_year": "income_sek", "late_year": "upper_sek"}
    incomes = {year: outlook[bound].fillna(outlook["income_sek"]) for year, bound in columns.items()}
    balances = {year: (income - outlook["costs_sek"]).round(2) for year, income in incomes.items()}  # in whole öre
    short = {year: outlook["year"].where(balance < 0) for year, balance in balances.items()}
    first = pd.DataFrame(short).groupby([outlook["cost_base"], outlook["cost_growth_percent"]], sort=False).min()
    return first.astype("Int64").reset_index()


def whole_kronor(table: pd.DataFrame) -> pd.Series:
    """Return population times fee_sek_per_inhabitant, row by row (int64); half a krona is rounded to the even one.

    >>> whole_kronor(pd.DataFrame({"population": [16749, 16751], "fee_sek_per_inhabitant": 4.5})).tolist()
    [75370, 75380]
    """
    return (table["population"] * table["fee_sek_per_inhabitant"]).round().astype("int64")


def _outlook(known: pd.DataFrame, base: str, costs_sek: float, growth_percent: float) -> pd.DataFrame:
    costs = costs_sek * (1 + growth_percent / 100) ** (known["year"] - known["year"].min())
    own = {"cost_base": base, "cost_growth_percent": growth_percent, "costs_sek": costs}
    own |= {"balance_sek": known["income_sek"] - costs, "balancing_fee_sek": costs / known["population_before"]}
    return known.assign(**own)[OUTLOOK]


def _december_years(dates: pd.Series) -> pd.Series:
    """Return the years of dates that must be a 31 December, the day that population is counted on."""
    other = dates[(dates.dt.month != 12) | (dates.dt.day != 31)]
    if len(other):
        action = "Write the 31 December that the fee builds on."
        raise DataError(
            Fault("fee_rates.csv", "is not a 31 December", action, None, "population_date", str(other.iloc[0].date()))
        )
    years: pd.Series = dates.dt.year.astype("int64")
    return years


def _require_years(population: pd.DataFrame, years: pd.Series) -> None:
    missing = sorted(set(years) - set(population["year"]))
    if missing:
        first, last = population["year"].min(), population["year"].max()
        problem = f"has {first} to {last}, not {', '.join(map(str, missing))}"
        raise DataError(Fault("population", problem, "Add the years, or choose others."))
