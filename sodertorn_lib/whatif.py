"""What if: a scenario from the tables, in one line."""

from __future__ import annotations

import pandas as pd

from sodertorn_lib.assumptions import Scenario
from sodertorn_lib.measured import Measured
from sodertorn_lib.scenarios import scenario_fees
from sodertorn_lib.tables import Tables

__all__ = ["what_if", "what_if_fees"]


def what_if(tables: Tables, year: int, scenario: Scenario) -> pd.DataFrame:
    """Return `scenario_outlook` from the accounts of a year, as far ahead as projections are tested.

    Parameters
    ----------
    tables
        As `load_tables` gives them.
    year
        That of the accounts.
    scenario
        The assumptions; `Scenario()` leaves everything as it is.

    Raises
    ------
    DataError
        When the tables lack the year, or naming each municipality, cost line or year that there is not.

    Examples
    --------
    >>> from sodertorn_lib import load_tables
    >>> table = what_if(load_tables(), 2020, Scenario(from_year=2027, cost_growth_percent=10))
    >>> int(table.loc[table["money_left_sek"] < 0, "year"].min())
    2032
    """
    return Measured(tables, year).scenario(scenario)


def what_if_fees(tables: Tables, year: int, scenario: Scenario) -> pd.DataFrame:
    """Return `scenario_fees` of the same: what each municipality would pay. Arguments and errors: `what_if`.

    >>> from sodertorn_lib import load_tables
    >>> fees = what_if_fees(load_tables(), 2020, Scenario(from_year=2022, fee_sek_per_inhabitant=5))
    >>> fees.query("municipality == 'Salem'")["fee_sek"].astype(int).tolist()[:3]
    [67000, 67836, 86260]
    """
    measured = Measured(tables, year)
    return scenario_fees(scenario, measured.fees, tables.population, measured.ahead)
