"""What growth was made of, what it would take, and the homes beside it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from sodertorn_lib import components, homes
from sodertorn_lib.tables import Tables


class MeasuredComponents:
    """The part of `Measured` that needs births, deaths, moves, homes and households."""

    tables: Tables
    if TYPE_CHECKING:

        @cached_property
        def stated(self) -> pd.DataFrame:
            """The municipalities' own forecast for the area."""

    @cached_property
    def components(self) -> pd.DataFrame:
        """What the change of each municipality in each year was made of."""
        return components.components_of_change(self.tables.population_components, self.tables.population)

    @cached_property
    def area_components(self) -> pd.DataFrame:
        """The same of the municipalities together."""
        return components.area_components(self.components)

    @cached_property
    def component_periods(self) -> pd.DataFrame:
        """The same as means a year: the last five years, the five before, and the last year."""
        return components.component_periods(self.area_components)

    @cached_property
    def moves_needed(self) -> pd.DataFrame:
        """The net migration that the stated forecast would take."""
        return components.moves_needed(self.area_components, self.stated, self.tables.population_components)

    @cached_property
    def homes(self) -> pd.DataFrame:
        """Homes completed beside growth, by five years."""
        return homes.homes_and_growth(self.tables.dwellings_completed, self.components)

    @cached_property
    def homes_record(self) -> pd.DataFrame:
        """What homes times persons per household would have said of the last ten years."""
        t = self.tables
        return homes.homes_record(t.dwellings_completed, t.persons_per_household, t.population)
