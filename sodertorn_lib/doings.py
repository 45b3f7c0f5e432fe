"""What the plan, the meetings and the events of the committee say, as named values for sentences.

As in `findings`, values stay numbers and a `Variant` names the wording that holds.
"""

from __future__ import annotations

import pandas as pd

from sodertorn_lib.activities import FORMS, OUTCOMES
from sodertorn_lib.findings import Values, most_of, one
from sodertorn_lib.wording import Variant


def meetings(data: pd.DataFrame, counted: pd.DataFrame, lang: str) -> Values:
    """Return what `meetings_by_forum` and `meetings_counted` of one year say."""
    year = one(data, "year")
    most, count = most_of(data, "meetings"), counted.set_index("year").loc[year]
    single = len(most) == 1 < len(data)
    return {form: int(data[form].sum()) for form in FORMS} | {
        "title": Variant("most" if single else "tied"),
        "alt": Variant("most" if single else "tied"),
        "caveat": Variant("unknown" if data["not_stated"].sum() else "known"),
        "year": year,
        "forums": len(data),
        "most": most[f"label_{lang}"].iloc[0],
        "most_meetings": int(data["meetings"].max()),
        "by_forum": int(count["by_forum"]),
        "counted_once": int(count["counted_once"]),
    }


def plan(data: pd.DataFrame) -> Values:
    """Return what `activities_by_outcome` of one year says."""
    counts = {outcome: int(data[outcome].sum()) for outcome in (*OUTCOMES, "goes_on", "stopped", "activities")}
    done = counts["carried_out"]
    return counts | {
        "title": Variant("all" if done == counts["activities"] else "some" if done else "none"),
        "stopped_said": Variant("some" if counts["stopped"] else "none"),
        "goes_on_said": Variant("some" if counts["goes_on"] else "none"),
        "year": one(data, "year"),
        "next_year": one(data, "year") + 1,
        "areas": len(data),
    }


def called_off(plan: pd.DataFrame, figures: pd.DataFrame, lang: str) -> Values:
    """Return which activities of the plan were cancelled, and how many meetings the report says were, altogether."""
    names = list(plan.loc[plan["result"] == "cancelled", f"label_{lang}"])
    stated = figures[figures["figure_id"] == "meetings_cancelled_altogether"]
    meetings = stated["high"].max()
    return {
        "cancelled_named": Variant("some" if names else "none"),
        "cancelled_names": names,
        "altogether_said": Variant("none" if pd.isna(meetings) else "one" if meetings == 1 else "some"),
        "altogether": meetings,
        "roughly": Variant("about" if "about" in set(stated["qualifier"]) else "exact"),
    }


def timeline(data: pd.DataFrame, lost: pd.DataFrame, lang: str) -> Values:
    """Return what the dated events of a year say: `lost` are those cancelled or postponed."""
    year = one(data, "year")
    shown = lost[lost["event_id"].isin(data["event_id"])]
    moved = int(shown["moved_to_event_id"].notna().sum())
    some = "all_moved" if moved == len(shown) else "some_moved" if moved else "none_moved"
    kind = "none" if shown.empty else some
    return {
        "title": Variant("one_moved" if kind == "all_moved" and moved == 1 else kind),
        "alt": Variant("none" if shown.empty else "some"),
        "year": year,
        "next_year": year + 1,
        "events": int((data["start_date"].dt.year == year).sum()),
        "lost": len(shown),
        "hidden": len(lost) - len(shown),
        "hidden_said": Variant("some" if len(lost) > len(shown) else "none"),
        "moved": moved,
        "names": list(shown[f"label_{lang}"]),
    }
