"""What is said of one municipality in a deck for it: its fee and its growth, beside those of all."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sodertorn_lib.answers import Answer
from sodertorn_lib.findings import direction
from sodertorn_lib.measured import Measured
from sodertorn_lib.wording import Variant, sentence

__all__ = ["about_municipality"]


def about_municipality(measured: Measured, name: str, lang: str) -> Answer:
    """Return what a municipality pays and how it has grown.

    >>> from sodertorn_lib import load_tables
    >>> about_municipality(Measured(load_tables(), 2020), "Salem", "en").question
    'Salem in 2020'
    """
    values = _values(measured.fees, measured.growth, measured.changes, name)
    question, short = (sentence("answers.municipality", key, lang, values) for key in ("question", "short"))
    return Answer("municipality", lang, question, short, values)


def _values(fees: pd.DataFrame, growth: pd.DataFrame, changes: pd.DataFrame, name: str) -> dict[str, Any]:
    fee, year, decade = (table[table["municipality"] == name].iloc[0] for table in (fees, growth, changes))
    years, change = decade["last_year"] - decade["first_year"], year["change"]
    now, more = growth["population"].sum(), changes["change"].sum()
    pace = round(decade["percent_per_year"], 2)
    together = round(100 * ((now / (now - more)) ** (1 / years) - 1), 2)
    return {
        "name": name,
        "year": int(year["year"]),
        "rate": fee["fee_sek_per_inhabitant"],
        "population_year": fee["population_year"],
        "population": fee["population"],
        "fee": fee["fee_sek"],
        "total": fees["fee_sek"].sum(),
        "share": 100 * fee["fee_sek"] / fees["fee_sek"].sum(),
        "course": direction(change, "grew", "shrank"),
        "change": abs(change),
        "percent": abs(year["change_percent"]),
        "now": year["population"],
        "first_year": int(decade["first_year"]),
        "decade": direction(pace, "grew", "shrank"),
        "beside": Variant("equal") if pace == together else direction(together, "grew", "shrank"),
        "pace": abs(pace),
        "together": abs(together),
    }
