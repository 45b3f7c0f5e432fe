"""What is measured from the tables for one year: the wiring that notebooks, charts, answers and publications share.

Charts and answers name the tables they take as `Measured` names them, so nothing is wired a second time.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cached_property
from typing import Any

import pandas as pd

from sodertorn_lib import accounts, activities, fees, forecasts, growth
from sodertorn_lib.assumptions import Scenario
from sodertorn_lib.backtests import TESTED_YEARS, compare_methods
from sodertorn_lib.errors import DataError, Fault, require_known
from sodertorn_lib.measured_components import MeasuredComponents
from sodertorn_lib.measured_years import MeasuredYears
from sodertorn_lib.municipalities import refuse_selection
from sodertorn_lib.projections import LEVELS, project_population, project_total
from sodertorn_lib.reconciliation import reconcile
from sodertorn_lib.scenarios import fees_together, scenario_fees, scenario_outlook
from sodertorn_lib.tables import Tables, blank_costs

COST_GROWTH_PERCENT = (0, 2)  # a year, of the outlook
COMPARED = ("damped_trend", "linear_exponential", "constant_share", "no_change")  # methods in the chart of errors


class Measured(MeasuredYears, MeasuredComponents):
    """Each measured table of one year, computed when first asked for; tables of one's own replace those of the house.

    Parameters
    ----------
    tables
        As `load_tables` gives them.
    year
        That of the report.
    own
        Measured tables by name, to be used instead.

    Examples
    --------
    >>> from sodertorn_lib import load_tables
    >>> int(Measured(load_tables(), 2020).fees["fee_sek"].sum())
    2012800
    """

    def __init__(self, tables: Tables, year: int, **own: pd.DataFrame) -> None:
        require_known("measured table", own, self.names())
        self.tables, self.year = tables, year
        self.__dict__.update(own)

    @classmethod
    def names(cls) -> list[str]:
        """Return what is measured."""
        every = [pair for part in cls.__mro__ for pair in vars(part).items()]
        return [name for name, value in every if isinstance(value, cached_property)]

    def arguments(self, function: Callable[..., Any]) -> dict[str, pd.DataFrame]:
        """Return the measured tables that a chart or an answer takes, by name."""
        wanted = inspect.signature(inspect.unwrap(function)).parameters
        return {name: getattr(self, name) for name in wanted if name in self.names()}

    @cached_property
    def fees(self) -> pd.DataFrame:
        """What each municipality pays in the year."""
        return fees.membership_fees(self.tables.population, self._of_year("fee_rates"))

    @cached_property
    def scenarios(self) -> pd.DataFrame:
        """One krona less and one more, on the population of the fee and, where it is known, of the year after."""
        rate, base = self.fees["fee_sek_per_inhabitant"].iloc[0], int(self.fees["population_year"].iloc[0])
        years = [base] + [base + 1] * (base + 1 in set(self.area["year"]))
        return fees.fee_scenarios(self.tables.population, [rate - 1, rate, rate + 1], years)

    @cached_property
    def checks(self) -> pd.DataFrame:
        """Every printed amount of the year, recomputed."""
        t = self.tables
        checks = reconcile(t.funds, t.operating_statement, t.projects, self.fees, t.printed_totals, t.discrepancies)
        return self._rows(checks, "printed_totals.csv")

    @cached_property
    def statement(self) -> pd.DataFrame:
        """Each fund of the year, with its closing balance recomputed."""
        return accounts.fund_statement(self._of_year("funds"))

    @cached_property
    def sums(self) -> pd.DataFrame:
        """What could be called a surplus of the year."""
        return accounts.surpluses(self._of_year("funds"))

    @cached_property
    def bridge(self) -> pd.DataFrame:
        """The steps from opening to closing balance of the year."""
        return accounts.balance_bridge(self.tables.funds, self.tables.printed_totals, self.year)

    @cached_property
    def text_amounts(self) -> pd.DataFrame:
        """Each amount of the year that both text and tables state."""
        t = self.tables
        amounts = accounts.text_against_table(t.funds, t.projects, t.printed_totals, t.discrepancies)
        return self._rows(amounts, "printed_totals.csv")

    @cached_property
    def differences(self) -> pd.DataFrame:
        """The known differences of the year, if any."""
        known = self.tables.discrepancies
        return known[known["year"] == self.year].reset_index(drop=True)

    @cached_property
    def breakdown(self) -> pd.DataFrame:
        """The cost lines of the year, the largest first."""
        return accounts.cost_breakdown(self._of_year("operating_statement"))

    @cached_property
    def projects(self) -> pd.DataFrame:
        """The projects of the year."""
        return self._of_year("projects")

    @cached_property
    def area(self) -> pd.DataFrame:
        """The municipalities together, year by year."""
        return growth.area_population(self.tables.population)

    @cached_property
    def published(self) -> pd.DataFrame:
        """What the association itself published of the population."""
        return self.tables.population_published

    @cached_property
    def index(self) -> pd.DataFrame:
        """The population of each municipality, with its first year as 100."""
        return growth.population_index(self.tables.population, int(self.area["year"].min()))

    @cached_property
    def growth(self) -> pd.DataFrame:
        """The change of each municipality in the year."""
        changes = growth.annual_growth(self.tables.population)
        return self._rows(changes, "population.csv")

    @cached_property
    def changes(self) -> pd.DataFrame:
        """The growth of each municipality in the ten years to the year."""
        return growth.growth_between(self.tables.population, [self.year - 10, self.year])

    @cached_property
    def boundaries(self) -> pd.DataFrame:
        """The boundaries for the map."""
        return self.tables.boundaries

    @cached_property
    def plan(self) -> pd.DataFrame:
        """The activities of the plan of the year."""
        return self._of_year("activities")

    @cached_property
    def figures(self) -> pd.DataFrame:
        """The figures of the text of the year's report."""
        return self._of_year("report_figures")

    @cached_property
    def by_outcome(self) -> pd.DataFrame:
        """The activities of the plan of the year, by focus area and outcome."""
        return activities.activities_by_outcome(self.plan, self.tables.focus_areas)

    @cached_property
    def by_forum(self) -> pd.DataFrame:
        """The meetings of the year, by forum and form."""
        return activities.meetings_by_forum(self._of_year("meetings"))

    @cached_property
    def counted(self) -> pd.DataFrame:
        """The meetings of the year, by forum and with joint ones counted once."""
        return activities.meetings_counted(self._of_year("meetings"))

    @cached_property
    def events(self) -> pd.DataFrame:
        """The events of the year and of the spring after it."""
        return self._require(activities.events_of_year(self.tables.events, self.year), "events.csv")

    @cached_property
    def consultations(self) -> pd.DataFrame:
        """The joint responses of the year."""
        return self._of_year("consultations")

    @cached_property
    def stated(self) -> pd.DataFrame:
        """The municipalities' own forecast for the area, as the year knew it."""
        return forecasts.stated_forecast(self.tables.published_forecasts, self.year)

    @cached_property
    def pace(self) -> pd.DataFrame:
        """The growth that the stated forecast takes, beside what was."""
        return forecasts.growth_needed(self.area, self.stated)

    @cached_property
    def fan(self) -> pd.DataFrame:
        """The area's projection from what was known in the year, beside outcome and stated forecast."""
        projection = project_total(self._known, self._target_year - self.year, reference=self.county.loc[: self.year])
        return forecasts.beside_projection(self.area, projection, self.stated)

    @cached_property
    def latest_fan(self) -> pd.DataFrame:
        """The area's projection from the last year of the data to the target year of the stated forecast."""
        people, years = self.tables.population, self._target_year - int(self.area["year"].max())
        projections = [project_total(people, years, coverage=share, reference=self.county) for share in LEVELS]
        return forecasts.beside_projection(self.area, pd.concat(projections), self.stated)

    @cached_property
    def fans(self) -> pd.DataFrame:
        """The projection of each municipality from what was known in the year, beside its outcome."""
        projection = project_population(
            self._known, self._target_year - self.year, reference=self.county.loc[: self.year]
        )
        return forecasts.beside_projection(self.tables.population, projection)

    @cached_property
    def compared(self) -> pd.DataFrame:
        """Published forecasts and ours from the same base years, beside the latest outcome."""
        known = forecasts.outcomes(self.tables.population, self.tables.population_reference)
        compared = forecasts.published_against_outcome(self.tables.published_forecasts, known)
        return forecasts.beside_ours(compared, known)

    @cached_property
    def errors(self) -> pd.DataFrame:
        """How near the projections of several methods came, by horizon."""
        return compare_methods(self.tables.population, COMPARED, reference=self.county)

    @cached_property
    def outlook(self) -> pd.DataFrame:
        """Income from the fee of the year and costs that stay or rise, with and without what the report calls extra."""
        refuse_selection(self.area)
        each = scenario_fees(Scenario(), self.fees, self.tables.population, self.ahead)
        incomes = fees_together(each, self.ahead_together)
        bases = accounts.cost_bases(int(self._known_costs["amount_sek"].sum()), self.projects)
        return fees.fee_outlook(incomes[incomes["year"] <= self._target_year], bases, COST_GROWTH_PERCENT)

    @cached_property
    def ahead(self) -> pd.DataFrame:
        """The projection of each municipality from the last year of the data, as far as projections are tested."""
        return project_population(self.tables.population, TESTED_YEARS, reference=self.county)

    @cached_property
    def ahead_together(self) -> pd.DataFrame:
        """The projection of the area of the same years."""
        return project_total(self.tables.population, TESTED_YEARS, reference=self.county)

    @cached_property
    def what_if(self) -> pd.DataFrame:
        """The outlook of the scenario in which fee and costs stay as they are."""
        return self.scenario(Scenario())

    @cached_property
    def county(self) -> pd.Series:
        """The population of the county, which must end in the same year as that of the municipalities."""
        county, last = growth.region(self.tables.population_reference, "01"), self.area["year"].max()
        if county.index.max() != last:
            problem = f"ends in {county.index.max()} and population.csv in {last}"
            raise DataError(Fault("population_reference.csv", problem, "Give both the same last year."))
        return county

    def scenario(self, scenario: Scenario) -> pd.DataFrame:
        """Return the outlook of a scenario."""
        refuse_selection(self.area)
        own = self.fees, self.tables.population, self.ahead, self.ahead_together, self._known_costs, self.sums
        return scenario_outlook(scenario, *own, self.homes_record)

    @property
    def _known_costs(self) -> pd.DataFrame:
        """The cost lines of the year: a blank one is nil if the others give the printed total, else it is refused."""
        blank = blank_costs(self.tables, self.year)
        if blank and self.checks.query("check_id == 'operating_costs' and status in ['equal', 'registered']").empty:
            raise DataError(*blank)
        return self.breakdown

    @property
    def _known(self) -> pd.DataFrame:
        """The population up to the year."""
        population = self.tables.population
        self._rows(population, "population.csv")
        return population[population["year"] <= self.year]

    @property
    def _target_year(self) -> int:
        return int(self.stated["target_year"].iloc[0])

    def _of_year(self, name: str) -> pd.DataFrame:
        """Return the rows of a table that are of the year; raise DataError where there is none."""
        return self._rows(getattr(self.tables, name), f"{name}.csv")

    def _rows(self, table: pd.DataFrame, file: str) -> pd.DataFrame:
        return self._require(table[table["year"] == self.year].reset_index(drop=True), file)

    def _require(self, rows: pd.DataFrame, file: str) -> pd.DataFrame:
        if rows.empty:
            raise DataError(Fault(file, f"has no row for {self.year}", "Add the rows of the year, or choose another."))
        return rows
