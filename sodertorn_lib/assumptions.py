"""What a scenario assumes, and what cannot be assumed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from numbers import Integral
from typing import Any

import numpy as np

from sodertorn_lib.errors import DataError, Fault, unknown

__all__ = ["Scenario"]

DECIMALS = 2  # at most, of any assumption: as many as are told
LONGEST = 80  # characters of whose scenario it is: one line under a chart
GROWTH, AMOUNT, HOMES, PERSONS = (-50, 50), (0, 1e9), (0, 1e5), (0.5, 10)  # per cent a year; kronor; homes; persons
BOUNDS: dict[str, tuple[float, float]] = {
    "fee_sek_per_inhabitant": (0, 1000),
    "cost_growth_percent": GROWTH,
    "line_growth_percent": GROWTH,
    "growth_percent": GROWTH,
    "homes_a_year": HOMES,
    "persons_per_household": PERSONS,
    "one_off_sek": AMOUNT,
    "usable_sek": AMOUNT,
}
MAPPINGS = {
    "line_growth_percent": "{'personnel': 2}",
    "homes_a_year": "{'Huddinge': 500}",
    "one_off_sek": "{2028: 500_000}",
}


@dataclass(frozen=True)
class Scenario:
    """Assumptions, all of them optional: what is not given is as in the accounts and in the projection.

    Parameters
    ----------
    from_year
        The first fee year in which another fee and another growth hold; the first after the accounts unless told.
    fee_sek_per_inhabitant
        From 0 to 1000; the fee of the accounts unless told.
    cost_growth_percent
        Of costs, a year, from -50 to 50.
    line_growth_percent
        The same for single cost lines, by line_id; the other lines grow by `cost_growth_percent`.
    growth_percent
        Of the population, a year, from -50 to 50: for all municipalities, or by municipality; the others as projected.
    homes_a_year
        Homes completed a year, from 0, by municipality: its population then grows by homes times persons per household.
    persons_per_household
        In each of those homes, from 0.5 to 10; must be given with them. `load_persons_per_household` has the latest.
    one_off_sek
        Costs of single years, by year.
    usable_sek
        How much of the funds may be used after the accounts; the operating money at their end unless told.
    whose
        Whose scenario it is, on one line; the reader's own assumptions unless told.

    Raises
    ------
    DataError
        Naming each assumption that is no number, has more than two decimals, is beyond its bounds, or lacks the one
        that it needs.

    Examples
    --------
    >>> Scenario(from_year=2027, fee_sek_per_inhabitant=4.5, growth_percent={"Huddinge": 1}).cost_growth_percent
    0
    >>> Scenario(fee_sek_per_inhabitant="4,5")
    Traceback (most recent call last):
    sodertorn_lib.errors.DataError: scenario, fee_sek_per_inhabitant: '4,5' is no number. Give one such as 4.5.
    """

    from_year: int | None = None
    fee_sek_per_inhabitant: float | None = None
    cost_growth_percent: float = 0
    line_growth_percent: Mapping[str, float] = field(default_factory=dict)
    growth_percent: float | Mapping[str, float] | None = None
    homes_a_year: Mapping[str, float] = field(default_factory=dict)
    persons_per_household: float | None = None
    one_off_sek: Mapping[int, float] = field(default_factory=dict)
    usable_sek: float | None = None
    whose: str | None = None

    def __post_init__(self) -> None:
        faults = [
            Fault(f"scenario, {name}", "is no mapping", f"Give one such as {example}.", value=str(getattr(self, name)))
            for name, example in MAPPINGS.items()
            if not isinstance(getattr(self, name), Mapping)
        ]
        if faults:
            raise DataError(*faults)
        faults = [fault for name in BOUNDS for fault in beyond_bounds(name, getattr(self, name))]
        if self.whose is not None and not _is_name(self.whose):
            action = f"Write a name on one line, of at most {LONGEST} characters."
            faults.append(Fault("scenario, whose", "cannot stand in a source line", action, value=str(self.whose)))
        faults += _homes_faults(self)
        if faults:
            raise DataError(*faults)


def require_possible(
    scenario: Scenario, year: int, last_year: int, municipalities: Collection[str], lines: Iterable[str] | None = None
) -> None:
    """Raise DataError that names each year, municipality or cost line that there is not, and what there is."""
    faults = list(_outside(scenario, year, last_year))
    if isinstance(scenario.growth_percent, Mapping):
        faults += unknown("scenario, growth_percent", scenario.growth_percent, municipalities)
    faults += unknown("scenario, homes_a_year", scenario.homes_a_year, municipalities)
    if lines is not None:
        faults += unknown("scenario, line_growth_percent", scenario.line_growth_percent, lines)
    if faults:
        raise DataError(*faults)


def beyond_bounds(name: str, value: Any) -> Iterator[Fault]:
    """Yield a fault for a value, or each of a mapping, that is no number, beyond its bounds or too exact to be told."""
    (low, high), alone = BOUNDS[name], {} if value is None else {"": value}
    for own, number in (value if isinstance(value, Mapping) else alone).items():
        where = f"scenario, {name}" + (f", {own}" if own else "")
        if isinstance(number, bool) or not isinstance(number, int | float | np.number) or not isfinite(number):
            yield Fault(where, "is no number", "Give one such as 4.5.", value=str(number))
        elif round(float(number), DECIMALS) != number:
            yield Fault(where, f"has more than {DECIMALS} decimals", "Round it.", value=str(number))
        elif not low <= number <= high:
            yield Fault(where, "is beyond reason", f"Give a number from {low} to {high:.0f}.", value=f"{number:g}")


def _outside(scenario: Scenario, year: int, last_year: int) -> Iterator[Fault]:
    first = [("from_year", scenario.from_year)] if scenario.from_year is not None else []
    for name, own in [*first, *(("one_off_sek", own) for own in scenario.one_off_sek)]:
        if not isinstance(own, Integral) or not year < own <= last_year:
            action = f"Give a year after the accounts of {year}, to {last_year}, the last that is projected."
            yield Fault(f"scenario, {name}", "is outside", action, value=str(own))


def _is_name(whose: object) -> bool:
    return isinstance(whose, str) and 0 < len(whose.strip()) <= LONGEST and whose.isprintable()


def _homes_faults(scenario: Scenario) -> Iterator[Fault]:
    """Yield what homes lack, and each municipality whose growth would be assumed twice."""
    if bool(scenario.homes_a_year) != (scenario.persons_per_household is not None):
        action = "Give homes_a_year, and with them persons_per_household, such as 2.4."
        alone = "homes_a_year" if scenario.homes_a_year else "persons_per_household"
        yield Fault(f"scenario, {alone}", "is given alone", action)
    growth = scenario.growth_percent
    everybody = growth is not None and not isinstance(growth, Mapping)
    for name in scenario.homes_a_year:
        if everybody or (isinstance(growth, Mapping) and name in growth):
            action = "Give homes or a growth in per cent, not both."
            yield Fault("scenario, homes_a_year", "grows in per cent as well", action, value=str(name))
