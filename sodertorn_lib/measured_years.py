"""What is measured of a year beside the year before."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from sodertorn_lib import comparisons, fees
from sodertorn_lib.tables import Tables


class MeasuredYears:
    """The part of `Measured` that needs the tables of two years; what lacks the year before raises DataError."""

    tables: Tables
    year: int

    @cached_property
    def fees_compared(self) -> pd.DataFrame:
        """What each municipality pays, beside the year before."""
        return comparisons.fees_compared(self._fees_of_both, self.year)

    @cached_property
    def costs_compared(self) -> pd.DataFrame:
        """The cost lines, beside the year before."""
        return comparisons.costs_compared(self.tables.operating_statement, self.year)

    @cached_property
    def funds_compared(self) -> pd.DataFrame:
        """The closing balance of each fund, beside the year before."""
        return comparisons.funds_compared(self.tables.funds, self.year)

    @cached_property
    def meetings_compared(self) -> pd.DataFrame:
        """The meetings of each forum, beside the year before."""
        return comparisons.meetings_compared(self.tables.meetings, self.year)

    @cached_property
    def activities_compared(self) -> pd.DataFrame:
        """The activities of the plan by outcome, beside the year before."""
        return comparisons.activities_compared(self.tables.activities, self.year)

    @cached_property
    def year_figures(self) -> pd.DataFrame:
        """What the year and, if the tables hold it, the year before come to."""
        t = self.tables
        own = self._fees_of_both, t.operating_statement, t.funds, t.meetings, t.activities
        return comparisons.year_figures(*own, self.year)

    @property
    def _fees_of_both(self) -> pd.DataFrame:
        """What each municipality pays in the year and, if there is a rate, in the year before."""
        rates = self.tables.fee_rates
        return fees.membership_fees(self.tables.population, rates[rates["year"].between(self.year - 1, self.year)])
