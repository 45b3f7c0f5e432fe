"""What the cases share: what holds of them, and how tables are made of plain numbers."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, NamedTuple

import pandas as pd

from sodertorn_lib import load_municipalities
from sodertorn_lib.formats import UNITS
from sodertorn_lib.measured import Measured

CODES = dict(load_municipalities()[["municipality", "municipality_code"]].itertuples(index=False))

ALL = list(CODES)

YEAR = 2020


class Truth(NamedTuple):
    """Which variants of the texts of a section hold, and what each placeholder must say."""

    holds: Mapping[str, bool]
    values: Mapping[str, Any]


class Case(SimpleNamespace):
    """Plain numbers, and what is measured from the tables that were made of them."""

    measured: Measured

    def __init__(self, tables: SimpleNamespace, own: dict[str, pd.DataFrame], **numbers: Any) -> None:
        super().__init__(measured=Measured(tables, YEAR, **own), **numbers)

    def __repr__(self) -> str:
        return str({name: value for name, value in vars(self).items() if name != "measured"})


def of_all(count: int, known: bool) -> Truth:
    """Return what may be said of how many municipalities there are, of eight, where that is known."""
    kinds = {"all": known and count == 8, "one": known and count == 1, "some": known and 1 < count < 8}
    kinds |= {"single": not known and count == 1, "unknown": not known and count > 1}
    holds = {f"{key}.{kind}": true for key in ("area", "of") for kind, true in kinds.items()}
    return Truth(holds, {"municipalities": count, "of_municipalities": 8})


def money(unit: str = "kr") -> Truth:
    return Truth({f"unit_name.{kind}": True for kind in UNITS}, {})


def both(*truths: Truth) -> Truth:
    return Truth(
        {k: v for t in truths for k, v in t.holds.items()}, {k: v for t in truths for k, v in t.values.items()}
    )


def top(amounts: Mapping[str, Any]) -> set[str]:
    """Return who has the highest amount: several where it is shared."""
    return {name for name, amount in amounts.items() if amount == max(amounts.values())}


def bottom(amounts: Mapping[str, Any]) -> set[str]:
    return {name for name, amount in amounts.items() if amount == min(amounts.values())}


def one(names: set[str]) -> bool:
    return len(names) == 1


def plain(value: Fraction) -> float:
    return int(value) if value.denominator == 1 else float(value)


def nearest(amount: Fraction) -> set[int]:
    """Return the nearest whole numbers: two where it lies half-way, which a float may not know."""
    return {round(amount + Fraction(off, 10**6)) for off in (-1, 1)}


def frame(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=list(columns))


def register(differences: Mapping[str, int | None]) -> pd.DataFrame:
    """Return the register of known differences of sums, by check."""
    known = {check: gap for check, gap in differences.items() if gap is not None}
    rows = [
        {"year": YEAR, "discrepancy_id": check, "kind": "sum", "difference": float(gap)} for check, gap in known.items()
    ]
    return frame(rows, ["year", "discrepancy_id", "kind", "difference"])


def population_table(inhabitants: Mapping[str, Mapping[int, int]], known: bool = True) -> pd.DataFrame:
    """Return a population as `load_population` does; unless it is known of what it is a selection, with plain names."""
    rows = [(CODES[name], name, year, count) for name, own in inhabitants.items() for year, count in own.items()]
    table = pd.DataFrame(rows, columns=["municipality_code", "municipality", "year", "population"])
    return table.astype({"municipality": pd.CategoricalDtype(ALL)}) if known else table


def area_totals(inhabitants: Mapping[str, Mapping[int, int]]) -> dict[int, int]:
    return {year: sum(own[year] for own in inhabitants.values()) for year in next(iter(inhabitants.values()))}


def area_table(totals: Mapping[int, int], count: int, known: bool = True) -> pd.DataFrame:
    """Return the population of some municipalities together, as `area_population` does."""
    area = pd.DataFrame({"year": list(totals), "population": list(totals.values()), "municipalities": count})
    return area.assign(of_municipalities=pd.array([8 if known else None] * len(area), "Int64"))


def labelled(identity: str, label: str) -> dict[str, Any]:
    return {"id": identity, "label_sv": label, "label_en": f"The {label}"}
