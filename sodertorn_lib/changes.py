"""What a comparison with the year before says, as named values, as `findings` does for one year."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sodertorn_lib.findings import Values, direction, one, selection
from sodertorn_lib.wording import Variant

SUMS = {"fee": "fee_sek", "costs": "costs_sek", "funds": "closing_sek", "meetings": "meetings"}  # said in the answer


def compared(data: pd.DataFrame, column: str, names: Sequence[str]) -> Values:
    """Return how the sum of a column went, and which of the named rows most went that way."""
    before, after = data[f"{column}_before"], data[column]
    change, moved = int(after.sum() - before.sum()), (after - before).dropna()
    same_way = moved * (1 if change > 0 else -1)
    most = same_way[same_way == same_way.max()].index
    single = change and len(most) == 1 < len(moved) and same_way.max() > 0
    return {
        "title": direction(change),
        "most_said": Variant("none" if not single else "all" if len(moved) == len(data) else "known"),
        "bars_said": Variant("pair"),
        "year": one(data, "year"),
        "before_year": one(data, "year") - 1,
        "items": len(data),
        "item": pd.Series(names, index=data.index)[most].iloc[0] if len(most) else None,
        "before": int(before.sum()),
        "after": int(after.sum()),
        "change": abs(change),
    }


def rates(data: pd.DataFrame) -> Values:
    """Return the fee per inhabitant of both years of `fees_compared`."""
    rate, before = one(data, "fee_sek_per_inhabitant"), one(data, "fee_sek_per_inhabitant_before")
    return {"rate": rate, "rate_before": before, "rate_said": Variant("same" if rate == before else "changed")}


def partly(data: pd.DataFrame, column: str) -> Values:
    """Return a title that compares nothing, where an item is told of in one of the years only."""
    lacking = data[[column, f"{column}_before"]].isna().any(axis=None)
    return {"title": Variant("partly")} if lacking else {}


def carried_out(data: pd.DataFrame) -> Values:
    """Return what `activities_compared` says of those that were carried out."""
    done = data[data["result"] == "carried_out"]
    return {
        "title": Variant("counts"),
        "carried_out": int(done["activities"].sum()),
        "carried_out_before": int(done["activities_before"].sum()),
    }


def figures(data: pd.DataFrame) -> Values:
    """Return what `year_figures` says: what a year and the year before come to, where the tables hold both."""
    year, by_year = int(data["year"].max()), data.set_index("year")
    now, then = (by_year.reindex([own]).iloc[0] for own in (year, year - 1))
    pairs = {name: (now[column], then[column]) for name, column in SUMS.items()}
    changes = {name: None if pd.isna(a) or pd.isna(b) else int(a - b) for name, (a, b) in pairs.items()}
    values: Values = {name: _known(amount) for name, (amount, _) in pairs.items()}
    values |= {f"{name}_change": None if change is None else abs(change) for name, change in changes.items()}
    values |= {f"{name}_said": Variant("open") if c is None else direction(c) for name, c in changes.items()}
    for name in ("activities", "carried_out"):
        values |= {name: _known(now[name]), f"{name}_before": _known(then[name])}
    rate, rate_before = (
        None if pd.isna(own) else own for own in (now["fee_sek_per_inhabitant"], then["fee_sek_per_inhabitant"])
    )
    both = values["activities"] is not None and values["activities_before"] is not None
    return (
        selection(data)
        | values
        | {
            "short": Variant("some" if year - 1 in by_year.index else "none"),
            "plan_said": Variant("both" if both else "open"),
            "rate_said": Variant("same" if rate == rate_before else "changed"),
            "rate": rate,
            "rate_before": rate_before,
            "year": year,
            "before_year": year - 1,
        }
    )


def _known(amount: float) -> int | None:
    return None if pd.isna(amount) else int(amount)
