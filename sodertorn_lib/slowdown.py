"""What components of change and homes say, as named values for the sentences of charts and answers.

As in `findings`, values stay numbers and a `Variant` names the wording that holds.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from sodertorn_lib.components import component_periods
from sodertorn_lib.findings import direction, selection
from sodertorn_lib.municipalities import each_year_once
from sodertorn_lib.prospects import BOUND, QUALIFIERS, WITHIN, rounded
from sodertorn_lib.wording import Variant

Values = dict[str, Any]
AMOUNTS = ["natural_change_per_year", "net_migration_per_year"]
BUILT = ("homes", "built_growth")
ENDS = {"from": "first", "to": "last"}


def periods(data: pd.DataFrame) -> Values:
    """Return what `component_periods` of an area says: each component a year, before, after and in the last year."""
    before, after, last = (row for _, row in data.iterrows())
    names = {"born": "natural_change", "moves": "net_migration", "growth": "change", "residual": "residual"}
    values = {
        f"{name}_{when}": round(row[f"{column}_per_year"])
        for name, column in names.items()
        for when, row in (("before", before), ("after", after), ("last", last))
    }
    slowed = values["growth_after"] < values["growth_before"]
    return (
        selection(data)
        | values
        | _spans(before, after)
        | {f"{name}_course": direction(values[f"{name}_after"] - values[f"{name}_before"]) for name in names}
        | {f"{name}_less": abs(values[f"{name}_after"] - values[f"{name}_before"]) for name in ("born", "moves")}
        | {"question": Variant("slowed" if slowed else "other"), "last_year": int(last["last_year"])}
    )


def by_year(data: pd.DataFrame) -> Values:
    """Return what `area_components` says."""
    each_year_once(data)
    return periods(component_periods(data)) | {"first_year": int(data["year"].iloc[0])}


def by_municipality(data: pd.DataFrame) -> Values:
    """Return in how many municipalities each part of `components_of_change` was lower than in the five years before."""
    spans = component_periods(data).groupby("first_year")
    before, after, _ = (part.set_index("municipality_code") for _, part in spans)
    fell = after[AMOUNTS] < before[AMOUNTS]
    return (
        selection(data)
        | _spans(before.iloc[0], after.iloc[0])
        | {
            "born_lower": int(fell["natural_change_per_year"].sum()),
            "moves_lower": int(fell["net_migration_per_year"].sum()),
            "moves_below": int((after["net_migration_per_year"] < 0).sum()),
            "panels": len(after),
        }
    )


def homes(data: pd.DataFrame) -> Values:
    """Return what `homes_and_growth` says of its last two periods."""
    before, after = (row for _, row in data.tail(2).iterrows())
    values = {
        f"{name}_{when}": round(row[column])
        for name, column in (("homes", "dwellings_per_year"), ("built_growth", "change_per_year"))
        for when, row in (("before", before), ("after", after))
    }
    return (
        selection(data)
        | values
        | {f"built_{name}": year for name, year in _spans(before, after).items()}
        | {f"{name}_course": direction(values[f"{name}_after"] - values[f"{name}_before"]) for name in BUILT}
        | {"all_periods": len(data)}
    )


def needed(data: pd.DataFrame) -> Values:
    """Return what `moves_needed` says, rounded as the forecast was said."""
    row = data.iloc[0]
    about = QUALIFIERS[row["qualifier"]]
    behind = row["expected_population"] - row["population"]
    beside = "none" if pd.isna(behind) else "behind" if behind > 0 else "ahead" if behind < 0 else "even"
    return {
        "needed_said": Variant("some" if row["net_migration_needed"] > 0 else "none"),
        "beside_said": Variant(beside),
        "early_said": Variant("none" if pd.isna(row["highest_before"]) else "some"),
        "people": int(row["population"]),
        "behind": None if pd.isna(behind) else round(rounded(abs(behind), WITHIN.get(about))),
        "next_year": int(row["year"]) + 1,
        "early": row["highest_before"],
        "early_year": row["highest_before_year"],
        "about": Variant(about),
        "roughly": Variant("exact" if about == "exact" else "about"),
        "target_year": int(row["target_year"]),
        "stated": rounded(row["stated_population"], WITHIN.get(about)),
        "needed": rounded(row["net_migration_needed"], BOUND.get(about)),
        "highest": int(row["highest_net_migration"]),
        "highest_year": int(row["highest_year"]),
    }


def _spans(before: pd.Series, after: pd.Series) -> dict[str, int]:
    """Return the first and the last years of two periods."""
    periods = {"before": before, "after": after}
    return {f"{name}_{end}": int(own[f"{key}_year"]) for name, own in periods.items() for end, key in ENDS.items()}
