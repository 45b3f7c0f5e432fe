"""Charts of a year beside the year before: for each item a pair of bars, and both numbers at the lower one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sodertorn_lib import changes
from sodertorn_lib.charts.charted import Draft, Speech, charted, drawable
from sodertorn_lib.charts.spec import Bars, Rows
from sodertorn_lib.charts.theme import BLUE, GREY
from sodertorn_lib.display import BLANK
from sodertorn_lib.findings import selection
from sodertorn_lib.wording import phrase

__all__ = ["activities_compared", "costs_compared", "fees_compared", "funds_compared", "meetings_compared"]


@charted
def fees_compared(say: Speech, fees_compared: pd.DataFrame) -> Draft:
    """Draw what each municipality pays in both years of `fees_compared`."""
    data = _ranked(say, fees_compared, "fee_sek")
    return _pairs(say, data, "fee_sek", list(data["municipality"]), selection(data) | changes.rates(data))


@charted
def costs_compared(say: Speech, costs_compared: pd.DataFrame) -> Draft:
    """Draw the cost lines in both years of `costs_compared`."""
    data = _ranked(say, costs_compared, "amount_sek")
    return _pairs(say, data, "amount_sek", say.label(data))


@charted
def funds_compared(say: Speech, funds_compared: pd.DataFrame) -> Draft:
    """Draw the closing balance of each fund in both years of `funds_compared`."""
    data = _ranked(say, funds_compared, "closing_sek")
    return _pairs(say, data, "closing_sek", say.label(data))


@charted
def meetings_compared(say: Speech, meetings_compared: pd.DataFrame) -> Draft:
    """Draw the meetings of each forum in both years of `meetings_compared`."""
    data = _ranked(say, meetings_compared, "meetings")
    return _pairs(say, data, "meetings", say.label(data), changes.partly(data, "meetings"))


@charted
def activities_compared(say: Speech, activities_compared: pd.DataFrame) -> Draft:
    """Draw the activities of the plan by outcome in both years of `activities_compared`."""
    data = _ranked(say, activities_compared, "activities")
    names = [phrase("values", result, say.lang).capitalize() for result in data["result"]]
    return _pairs(say, data, "activities", names, changes.carried_out(data))


def _ranked(say: Speech, table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the rows with an amount in one of the years, the highest of the year first; each year must have one."""
    before = f"{column}_before"
    for needed in (before, column):
        drawable(say, table, needed)
    known = table.dropna(subset=[before, column], how="all")
    return known.sort_values(column, ascending=False, kind="stable", ignore_index=True)


def _pairs(
    say: Speech, data: pd.DataFrame, column: str, names: Sequence[str], more: Mapping[str, Any] | None = None
) -> Draft:
    """Return a pair of bars for each row, with one label for both at the lower, so that labels of rows stay apart.

    `more` are values of the chart's own.
    """
    year, before, after = int(data["year"].iloc[0]), data[f"{column}_before"], data[column]
    texts = [_both(say, row, column) for row in data.to_dict("records")]
    pair = [
        Bars(str(own), amounts.to_numpy(float, na_value=np.nan).tolist(), labels, [tone] * len(data))
        for own, amounts, labels, tone in ((year - 1, before, [""] * len(data), GREY), (year, after, texts, BLUE))
    ]
    return Draft(data, {**changes.compared(data, column, names), **(more or {})}, Rows(names, pair))


def _both(say: Speech, row: Mapping[Any, Any], column: str) -> str:
    """Return both numbers, and the change: of kronor in per cent, of counts in number."""
    money = column.endswith("_sek")
    change, spec = (row["change_percent"], "%1") if money else (row[f"change_{column}"], "n")
    amounts = row[f"{column}_before"], row[column]
    before, after = (BLANK if pd.isna(amount) else say.write(amount, "sek" if money else "n") for amount in amounts)
    if BLANK in (before, after):
        key = "pair_new" if before == BLANK else "pair_gone"
        return say.text(key, before=before, after=after, before_year=int(row["year"]) - 1)
    if before == after:
        return say.text("pair_same", after=after)
    both = say.text("pair", before=before, after=after)
    return both if pd.isna(change) else f"{both} ({'+' if change > 0 else ''}{say.write(change, spec)})"
