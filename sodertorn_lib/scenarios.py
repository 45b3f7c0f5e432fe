"""Scenarios: what another fee, other costs or another population would lead to. Assumptions, not forecasts.

The fee of year t builds on the population of 31 December of year t - 1. A population that is known is never altered:
an assumed growth begins with the first fee year, from `from_year` on, whose population is not known. Costs are those
of the accounts until `from_year`, and grow each year from then on. Money left is what may be used at the end of the
year of the accounts, and the balances since. The fee of each municipality is in whole kronor, as it is paid.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sodertorn_lib.assumptions import Scenario, require_possible
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.fees import whole_kronor
from sodertorn_lib.municipalities import counted, key
from sodertorn_lib.panel import Floats

__all__ = ["scenario_fees", "scenario_outlook"]


def scenario_fees(
    scenario: Scenario, fees: pd.DataFrame, population: pd.DataFrame, projection: pd.DataFrame
) -> pd.DataFrame:
    """Return what each municipality would pay, from the year of the accounts to the last that the projection allows.

    Parameters
    ----------
    scenario
        The assumptions.
    fees
        `membership_fees` of the year of the accounts.
    population
        As `load_population` gives it.
    projection
        `project_population` from its last year.

    Returns
    -------
    DataFrame
        year, municipality_code, municipality (where population has it), population_year (the year before), population
        (inhabitants), population_kind (known, projected, assumed), fee_sek_per_inhabitant, fee_sek (int64, rounded as
        `membership_fees` does; nothing else is).

    Raises
    ------
    DataError
        Naming each municipality or year that there is not, and what there is.

    Examples
    --------
    >>> from sodertorn_lib import load_fee_rates, load_population, membership_fees, project_population
    >>> people = load_population()
    >>> own = membership_fees(people, load_fee_rates()), people, project_population(people, 10)
    >>> salem = scenario_fees(Scenario(growth_percent={"Salem": 1}), *own).query("municipality == 'Salem'")
    >>> salem.query("2025 <= year <= 2027")[["population", "population_kind"]].values.tolist()
    [[17507.0, 'known'], [17370.0, 'known'], [17543.7, 'assumed']]
    """
    year, names = int(fees["year"].iloc[0]), population[key(population)[-1]]
    require_possible(scenario, year, int(projection["year"].max()) + 1, names.unique())
    columns, first = [*key(population), "year", "population"], _from_year(scenario, year)
    known = population.loc[population["year"] >= year - 1, columns]
    table = pd.concat([known, projection[columns]], keys=["known", "projected"]).reset_index(0, names="population_kind")
    table = table.sort_values(["year", "municipality_code"], ignore_index=True)
    people, changed = _grown(table, scenario, max(first - 1, int(projection["year"].min())))
    fee = np.full(len(table), float(fees["fee_sek_per_inhabitant"].iloc[0]))
    if scenario.fee_sek_per_inhabitant is not None:
        fee[table["year"] + 1 >= first] = scenario.fee_sek_per_inhabitant
    paid = {
        "population_year": table["year"],
        "population": people,
        "population_kind": np.where(changed, "assumed", table["population_kind"]),
        "fee_sek_per_inhabitant": fee,
    }
    each = pd.DataFrame({"year": table["year"] + 1, **table[key(population)], **paid})
    return each.assign(fee_sek=whole_kronor(each))


def scenario_outlook(
    scenario: Scenario,
    fees: pd.DataFrame,
    population: pd.DataFrame,
    projection: pd.DataFrame,
    total: pd.DataFrame,
    breakdown: pd.DataFrame,
    sums: pd.DataFrame,
    record: pd.DataFrame,
) -> pd.DataFrame:
    """Return income, costs and money left, from the year of the accounts to the last that the projection allows.

    Parameters
    ----------
    scenario, fees, population, projection
        As `scenario_fees` takes them.
    total
        `project_total` of the same years.
    breakdown
        `cost_breakdown` of the year of the accounts.
    sums
        `surpluses` of the year of the accounts.
    record
        `homes_record` of the municipalities.

    Returns
    -------
    DataFrame
        year, fee_sek_per_inhabitant, population_before (on 31 December of the year before), population_kind
        (known, projected; assumed where the scenario changes any of it), income_sek (the sum of the fees, each in whole
        kronor), lower_sek, upper_sek (bounds of the interval; NA unless projected), costs_sek (with one_off_sek),
        one_off_sek, balance_sek (income - costs), money_left_sek, money_left_lower_sek, money_left_upper_sek (if the
        population lies at its lower bound every year, or at its upper; NA as those of income), balancing_fee_sek (the
        fee per inhabitant that covers the costs of the year), interval_percent; in every row what is assumed:
        from_year, cost_growth_percent, line_growth_percent_sv and _en (JSON, by label), growth_percent (of all),
        municipality_growth_percent (JSON), homes_a_year (JSON), persons_per_household, the record of that rule in the
        municipalities with homes together (record_first_year, record_last_year, growth_by_rule, growth; inhabitants, NA
        without homes), usable_sek, usable_kind (known: that of the accounts, assumed), whose (NA: the reader's own);
        municipalities, of_municipalities. Nothing but the fees is rounded.

    Raises
    ------
    DataError
        Naming each municipality, cost line or year that there is not, and what there is.

    Examples
    --------
    >>> from sodertorn_lib import load_tables, what_if
    >>> table = what_if(load_tables(), 2020, Scenario(from_year=2027, fee_sek_per_inhabitant=4.5))
    >>> table.query("year in (2020, 2026, 2027)")[["fee_sek_per_inhabitant", "costs_sek"]].values.tolist()
    [[4.0, 1824369.0], [4.0, 1824369.0], [4.5, 1824369.0]]
    """
    year, names = int(fees["year"].iloc[0]), population[key(population)[-1]]
    require_possible(scenario, year, int(projection["year"].max()) + 1, names.unique(), breakdown["line_id"])
    each = scenario_fees(scenario, fees, population, projection)
    together = fees_together(each, total).set_index("year")
    whole = together[["municipalities", "of_municipalities"]]
    income, bounds = together["income_sek"], together[["lower_sek", "upper_sek"]]
    costs, one_off = _costs(scenario, breakdown, together.index)
    assumed = _assumed(scenario, breakdown, sums) | _record(scenario, record)
    columns = {
        **together.drop(columns=["interval_percent", *whole]),
        "costs_sek": costs,
        "one_off_sek": one_off,
        "balance_sek": income - costs,
        **_money_left(assumed["usable_sek"], income, bounds, costs),
        "balancing_fee_sek": costs / together["population_before"],
        "interval_percent": together["interval_percent"],
    }
    return pd.DataFrame(columns | assumed | dict(whole)).reset_index()


def fees_together(each: pd.DataFrame, total: pd.DataFrame) -> pd.DataFrame:
    """Return `scenario_fees` of all together by year, with the bounds of `project_total`, as in `scenario_outlook`."""
    of_year = each.drop_duplicates("year").set_index("year")
    sums = each.groupby("year")[["population", "fee_sek"]].sum()
    fee, kind = of_year["fee_sek_per_inhabitant"], of_year["population_kind"]
    kind = kind.mask(kind.index.isin(each.loc[each["population_kind"] == "assumed", "year"]), "assumed")
    bounds = total.set_index(total["year"] + 1)[["lower", "upper"]].reindex(kind.index[kind == "projected"])
    columns = {
        "fee_sek_per_inhabitant": fee,
        "population_before": sums["population"],
        "population_kind": kind,
        "income_sek": sums["fee_sek"].astype(float),
        **bounds.reindex(kind.index).mul(fee, axis=0).add_suffix("_sek"),
        "interval_percent": total["interval_percent"].iloc[0],
    }
    return counted(pd.DataFrame(columns).reset_index(), each, each["municipality_code"].nunique())


def _from_year(scenario: Scenario, year: int) -> int:
    return year + 1 if scenario.from_year is None else int(scenario.from_year)


def _grown(table: pd.DataFrame, scenario: Scenario, first: int) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return populations in which those that the scenario lets grow do so from a year on, and which these are."""
    growth, people = scenario.growth_percent, table["population"].to_numpy(float)
    names, years = table[key(table)[-1]].tolist(), table["year"].to_numpy()
    rates = [growth.get(name) if isinstance(growth, Mapping) else growth for name in names]
    start = {name: own for name, year, own in zip(names, years, people, strict=True) if year == first - 1}
    factors = (1 + np.array(rates, dtype=float) / 100) ** (years - first + 1)
    added = np.array([scenario.homes_a_year.get(name, np.nan) for name in names], dtype=float)
    added = added * (scenario.persons_per_household or 0) * (years - first + 1)
    base = np.array([start[name] for name in names])
    grown = np.where(np.isfinite(added), base + added, base * factors)
    changed = np.isfinite(grown) & (years >= first)
    return np.where(changed, grown, people), changed


def _costs(scenario: Scenario, breakdown: pd.DataFrame, years: pd.Index) -> tuple[Floats, Floats]:
    """Return the costs of each year, and the one-off ones in them."""
    own = [scenario.line_growth_percent.get(line, scenario.cost_growth_percent) for line in breakdown["line_id"]]
    grown = np.maximum(years.to_numpy() - _from_year(scenario, years[0]) + 1, 0)  # none in the year of the accounts
    lines = (1 + np.array(own, dtype=float) / 100) ** grown[:, None] @ breakdown["amount_sek"].to_numpy(float)
    one_off = np.array([float(scenario.one_off_sek.get(year, 0)) for year in years])
    return lines + one_off, one_off


def _money_left(usable_sek: float, income: pd.Series, bounds: pd.DataFrame, costs: Floats) -> dict[str, Floats]:
    """Return the money left at the end of each year, and its bounds where the income has them."""

    def left(earned: pd.Series) -> Floats:
        since: Floats = np.r_[0.0, (earned - costs).to_numpy()[1:]]  # the first year is closed
        return usable_sek + since.cumsum()

    low, high = (np.where(own.notna(), left(own.fillna(income)), np.nan) for _, own in bounds.items())
    return {"money_left_sek": left(income), "money_left_lower_sek": low, "money_left_upper_sek": high}


def _assumed(scenario: Scenario, breakdown: pd.DataFrame, sums: pd.DataFrame) -> dict[str, Any]:
    """Return what is assumed, in columns; the rates of lines and municipalities as JSON."""
    money, growth = scenario.usable_sek, scenario.growth_percent
    if money is None and pd.isna(money := sums["operating_money_sek"].iloc[0]):
        raise DataError(Fault("funds.csv", "has no operating money", "Fill it in, or give usable_sek."))
    lines, named = scenario.line_growth_percent, breakdown.set_index("line_id")
    labels = {lang: {named[f"label_{lang}"][line]: rate for line, rate in lines.items()} for lang in ("sv", "en")}
    some = isinstance(growth, Mapping)
    return {
        "from_year": _from_year(scenario, int(breakdown["year"].iloc[0])),
        "cost_growth_percent": scenario.cost_growth_percent,
        **{f"line_growth_percent_{lang}": _json(rates) for lang, rates in labels.items()},
        "growth_percent": float("nan") if some or growth is None else growth,
        "municipality_growth_percent": _json(growth if some else {}),
        "usable_sek": money,
        "usable_kind": "known" if scenario.usable_sek is None else "assumed",
        "whose": scenario.whose,
    }


def _record(scenario: Scenario, record: pd.DataFrame) -> dict[str, Any]:
    """Return the homes that are assumed, and what the same rule would have said of their municipalities before."""
    own = record[record[key(record)[-1]].isin(list(scenario.homes_a_year))]
    years = {f"record_{end}": own[end].max() for end in ("first_year", "last_year")}
    return {
        "homes_a_year": _json(scenario.homes_a_year),
        "persons_per_household": scenario.persons_per_household,
        **years,
        **own[["growth_by_rule", "growth"]].sum(min_count=1),
    }


def _json(rates: Any) -> str:
    return json.dumps(dict(rates), ensure_ascii=False, default=float)
