"""What the committee set out to do and what came of it: activities of the plan, meetings, events."""

from __future__ import annotations

import pandas as pd

__all__ = [
    "activities_by_outcome",
    "cancelled_or_moved",
    "events_of_year",
    "meetings_by_forum",
    "meetings_counted",
    "with_focus_area",
]

FORMS = ["digital", "digital_or_partly", "physical", "not_stated"]
OUTCOMES = ["carried_out", "under_way", "cancelled", "not_carried_out", "ended"]


def activities_by_outcome(activities: pd.DataFrame, focus_areas: pd.DataFrame) -> pd.DataFrame:
    """Return how many activities of the plan came to what, a row a focus area of their years, in the order of the plan.

    Returns
    -------
    DataFrame
        year, focus_area_id, label_sv, label_en, chapter, place, carried_out, under_way, cancelled, not_carried_out,
        ended, activities (their sum), goes_on (of them, those that the report says go on), stopped (of them, those for
        whose end the report gives the pandemic as a reason).

    Examples
    --------
    >>> from sodertorn_lib import load_activities, load_focus_areas
    >>> plan = activities_by_outcome(load_activities(year=2020), load_focus_areas(year=2020))
    >>> plan[["focus_area_id", "carried_out", "activities"]].values.tolist()
    [['infrastructure', 6, 10], ['education', 0, 1], ['business', 2, 3], ['coordination', 6, 10]]
    """
    area = ["year", "focus_area_id"]
    came = {outcome: activities["result"] == outcome for outcome in OUTCOMES}
    came |= {"activities": activities["result"].notna(), "goes_on": activities["goes_on"] == "yes"}
    flags = activities[area].assign(**came, stopped=activities["pandemic"] == "stopped")
    counts = flags.groupby(area).sum().reset_index()
    own = focus_areas[focus_areas["year"].isin(counts["year"])]
    table = own[[*area, "label_sv", "label_en", "chapter", "place"]].merge(counts, on=area, how="left")
    return table.fillna(dict.fromkeys(flags.columns.difference(area), 0)).astype(
        dict.fromkeys(flags.columns.difference(area), "int64")
    )


def with_focus_area(table: pd.DataFrame, focus_areas: pd.DataFrame) -> pd.DataFrame:
    """Return activities or goals with the name of their focus area, as area_sv and area_en.

    >>> from sodertorn_lib import load_focus_areas, load_goals
    >>> with_focus_area(load_goals(year=2020), load_focus_areas(year=2020))["area_en"].value_counts()["Education"]
    np.int64(2)
    """
    names = focus_areas.rename(columns={"label_sv": "area_sv", "label_en": "area_en"})
    key = ["year", "focus_area_id"]
    return table.merge(names[[*key, "area_sv", "area_en"]], on=key, how="left")


def meetings_by_forum(meetings: pd.DataFrame) -> pd.DataFrame:
    """Return the meetings of each forum by form, most meetings first.

    Returns
    -------
    DataFrame
        year, forum_id, label_sv, label_en, chapter, place, digital, digital_or_partly, physical, not_stated,
        meetings (their sum).

    Examples
    --------
    >>> from sodertorn_lib import load_meetings
    >>> meetings_by_forum(load_meetings(year=2020))[["forum_id", "meetings"]].values.tolist()[0]
    ['business', 15]
    """
    key = ["year", "forum_id", "label_sv", "label_en", "chapter", "place"]
    wide = meetings.pivot_table(index=key, columns="form", values="meetings", aggfunc="sum", fill_value=0)
    wide = wide.reindex(columns=FORMS, fill_value=0).rename_axis(columns=None)
    table = wide.assign(meetings=wide.sum(axis=1)).reset_index()
    return table.sort_values(["year", "meetings"], ascending=[True, False], kind="stable", ignore_index=True)


def meetings_counted(meetings: pd.DataFrame) -> pd.DataFrame:
    """Return the meetings of each year: by forum, and with those of two forums counted once.

    Returns
    -------
    DataFrame
        year, by_forum, counted_once. A shared meeting stands with both forums, so half of those rows are repeats.

    Examples
    --------
    >>> from sodertorn_lib import load_meetings
    >>> meetings_counted(load_meetings(year=2020)).values.tolist()
    [[2020, 45, 44]]
    """
    by_forum = meetings.groupby("year")["meetings"].sum()
    shared = meetings[meetings["shared_with"].notna()].groupby("year")["meetings"].sum()
    repeats = shared.reindex(by_forum.index, fill_value=0) // 2
    return pd.DataFrame({"by_forum": by_forum, "counted_once": by_forum - repeats}).reset_index()


def events_of_year(events: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the events that the report of a year tells of.

    What the report of the year before planned for the year is told in its own rows, with that year.

    >>> from sodertorn_lib import load_events
    >>> events_of_year(load_events(year=2020), 2020)["year"].unique().tolist()
    [2020]
    """
    told = events["start_date"].between(*period_told(year))
    return events[told & (events["year"] == year)].reset_index(drop=True)


def period_told(year: int) -> tuple[pd.Timestamp, pd.Timestamp]:
    """Return the first and the last day that the report of a year tells of: its January to the May after it."""
    return pd.Timestamp(year, 1, 1), pd.Timestamp(year + 1, 5, 31)


def cancelled_or_moved(events: pd.DataFrame) -> pd.DataFrame:
    """Return the events that were cancelled or postponed, with the dates of what replaced them.

    Returns
    -------
    DataFrame
        The columns of events, and moved_to_start_date, moved_to_end_date, moved_to_precision (NA where nothing did).

    Examples
    --------
    >>> from sodertorn_lib import load_events
    >>> len(cancelled_or_moved(load_events(year=2020)))
    6
    """
    key = ["year", "event_id"]
    dates = events.set_index(key)[["start_date", "end_date", "precision"]].add_prefix("moved_to_")
    lost = events[events["status"].isin(["cancelled", "postponed"])]
    return lost.join(dates, on=["year", "moved_to_event_id"]).reset_index(drop=True)
