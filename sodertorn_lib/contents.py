"""What must hold between rows and between tables that no figure recomputes: places, dates, forums, forecasts, corners.

What a row must be by itself is declared in datapackage.json; each function here yields the faults of one kind.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from sodertorn_lib.errors import Fault
from sodertorn_lib.places import chapters, headings
from sodertorn_lib.rules import Row
from sodertorn_lib.tables import Tables, declaration_of

DECISION = "accounts_decided"  # the event that is the report itself: what it says was done was done by then
NEAR = 0.01  # of a population: how far one that a note speaks of, rounded or of another day, may be from it
LEAST_M, LONGEST_M = 100, 15_000  # between corners of boundaries, and of the side between two of them
READING = "Hold the row against the report."


def place_faults(tables: Tables) -> Iterator[Fault]:
    """Yield each place that is under no heading of its report, and chapters that are not those of the headings."""
    sections = tables.as_text("report_sections").cells
    of_year = {year: headings(own) for year, own in sections.groupby("year")}
    for name, rows in _placed(tables):
        for row, cells in rows:
            place, known = cells["place"], of_year.get(cells["year"], []) if "year" in cells else headings(sections)
            own = chapters(place, known) if place else []
            if "" in own:
                problem = "begins with no heading of report_sections.csv"
                yield Fault(f"{name}.csv", problem, "Write the heading as it stands there.", row, "place", place)
            elif (wanted := "; ".join(dict.fromkeys(own))) != cells["chapter"]:
                problem = f"is not where its headings stand, {wanted or 'nowhere'}"
                yield Fault(f"{name}.csv", problem, READING, row, "chapter", cells["chapter"])


def _placed(tables: Tables) -> Iterator[tuple[str, list[tuple[int, Row]]]]:
    """Yield the rows of each table whose rows say where they stand in a report."""
    for declared in tables.package["resources"]:
        if {"chapter", "place"} <= {field["name"] for field in declared["schema"]["fields"]}:
            yield declared["name"], rows_of(tables, declared["name"])


def rows_of(tables: Tables, name: str) -> list[tuple[int, Row]]:
    """Return the rows of a table as text, each with where it stands in its file."""
    cells = tables.as_text(name).cells
    return list(zip(cells.index, cells.to_dict("records"), strict=True))


def section_faults(tables: Tables) -> Iterator[Fault]:
    """Yield headings of a report that are not counted from 1."""
    for _, own in tables.as_text("report_sections").cells.groupby("year"):
        yield from _uncounted("report_sections.csv", own, "section")


def _uncounted(file: str, rows: pd.DataFrame, column: str) -> Iterator[Fault]:
    for number, (row, value) in enumerate(rows[column].items(), 1):
        if value != str(number):
            action = "Put the rows in their order, and none out of it."
            yield Fault(file, f"stands where {number} should", action, int(str(row)), column, value)
            return


def event_faults(tables: Tables) -> Iterator[Fault]:
    """Yield events that are not as long as they are exact, not on their side of the report, or moved back in time."""
    rows = rows_of(tables, "events")
    decided = {cells["year"]: cells["start_date"] for _, cells in rows if cells["event_id"] == DECISION}
    begun = {(cells["year"], cells["event_id"]): cells["start_date"] for _, cells in rows}
    for row, cells in rows:
        start, end = (date.fromisoformat(cells[name]) for name in ("start_date", "end_date"))
        report, moved = decided.get(cells["year"], f"{cells['year']}-12-31"), cells["moved_to_event_id"]
        if not _is_exact(start, end, cells["precision"]):
            problem = f"is not how exact {start} to {end} is"
            yield Fault("events.csv", problem, READING, row, "precision", cells["precision"])
        if (cells["status"] in ("done", "decided") and str(end) > report) or (
            cells["status"] == "planned" and str(start) <= report
        ):
            problem = f"cannot be from {start} to {end}: the report is of {report}"
            yield Fault("events.csv", problem, READING, row, "status", cells["status"])
        if moved and begun.get((cells["year"], moved), "") <= str(start):
            problem = f"is no event of {cells['year']} after {start}"
            yield Fault("events.csv", problem, READING, row, "moved_to_event_id", moved)


def _is_exact(start: date, end: date, precision: str) -> bool:
    """Say whether a span is a day, or whole months: one, the three of a spring, or those of a year."""
    months, begins = {"month": (1, start.month), "season": (3, 3), "year": (12, 1)}.get(precision, (0, start.month))
    last = start.replace(day=1)
    for _ in range(months):
        last = last.replace(day=monthrange(last.year, last.month)[1]) + timedelta(days=1)
    whole = start.day == 1 and end == last - timedelta(days=1) and start.month == begins
    return whole if months else start == end


def meeting_faults(tables: Tables) -> Iterator[Fault]:
    """Yield meetings shared with a forum that does not have them shared with this one."""
    rows = rows_of(tables, "meetings")

    def meeting(cells: Row, forum: str, other: str) -> tuple[str, ...]:
        return cells["year"], cells[forum], cells[other], cells["form"], cells["meetings"]

    known = {meeting(cells, "forum_id", "shared_with") for _, cells in rows}
    for row, cells in rows:
        if cells["shared_with"] and meeting(cells, "shared_with", "forum_id") not in known:
            action = "Give both the same number of meetings, in the same form, shared with each other."
            problem = f"has not as many {cells['form']} meetings shared with {cells['forum_id']}"
            yield Fault("meetings.csv", problem, action, row, "shared_with", cells["shared_with"])


def figure_faults(tables: Tables) -> Iterator[Fault]:
    """Yield figures that are not what their qualifier says, and those that the rows of other tables do not give."""
    counted = _counted(tables)
    for row, cells in rows_of(tables, "report_figures"):
        low, high, qualifier = cells["low"], cells["high"], cells["qualifier"]
        if low and (int(low) < int(high)) != (qualifier == "range"):
            problem = f"is not what {low} to {high} is"
            yield Fault("report_figures.csv", problem, READING, row, "qualifier", qualifier)
        rows = counted.get((cells["year"], cells["figure_id"]), (low, high))
        if rows != (low, high):
            problem = f"is not what the other tables have, {' to '.join(dict.fromkeys(rows))}"
            action = "Hold it and their rows against the report."
            yield Fault("report_figures.csv", problem, action, row, "low, high", f"{low}, {high}")


def _counted(tables: Tables) -> Mapping[tuple[str, str], tuple[str, str]]:
    """Return figures of the reports as other tables give them, lowest and highest, by year and identifier."""
    analyses = tables.projects[tables.projects["project_kind"] == "analysis"]
    areas = pd.MultiIndex.from_frame(tables.focus_areas[["year", "focus_area_id"]])
    goals = tables.goals.groupby(areas.names).size().reindex(areas, fill_value=0).groupby("year").agg(["min", "max"])
    counts = {
        "focus_areas": tables.focus_areas.groupby("year").size(),
        "joint_responses": tables.consultations.groupby("year").size(),
        "business_analyses": analyses.groupby("year").size(),
        "population_at_year_end": tables.population.groupby("year")["population"].sum(),
    }
    found = {(str(year), name): (str(n), str(n)) for name, own in counts.items() for year, n in own.items()}
    return found | {
        (str(year), "goals_per_focus_area"): (str(low), str(high)) for year, low, high in goals.itertuples()
    }


def discrepancy_faults(tables: Tables) -> Iterator[Fault]:
    """Yield differences of what was counted whose figure the report does not state."""
    stated = {(cells["year"], cells["high"], cells["unit"]) for _, cells in rows_of(tables, "report_figures")}
    for row, cells in rows_of(tables, "discrepancies"):
        if cells["kind"] == "count" and (cells["year"], cells["printed"], cells["unit"]) not in stated:
            problem = f"{cells['unit']} is no figure of report_figures.csv of {cells['year']}"
            yield Fault("discrepancies.csv", problem, "Mend it, or add it there.", row, "printed", cells["printed"])


def forecast_faults(tables: Tables) -> Iterator[Fault]:
    """Yield forecasts under another identifier or area than their own, or from a population that was not."""
    names = dict(zip(*(tables.municipalities[name] for name in ("municipality_code", "municipality")), strict=True))
    population = _populations(tables)
    for row, cells in rows_of(tables, "published_forecasts"):
        code, area, name = cells["area_code"], cells["area_sv"], cells["forecast_id"]
        base, ending = cells["base_population"], f"_{cells['published_year']}_{cells['target_year']}"
        if not name.endswith(ending):
            action = "Name it by area, year of publication and target year."
            yield Fault("published_forecasts.csv", f"does not end in {ending}", action, row, "forecast_id", name)
        if area != names.get(code, area):
            yield Fault("published_forecasts.csv", f"is not {code}", f"Write {names[code]}.", row, "area_sv", area)
        known = population.get((code, int(cells["base_year"])), 0)
        if base and abs(int(base) - known) > (NEAR * known if cells["note"] else 0):
            problem = f"is not the population of {cells['base_year']}, {known:,}"
            action = "Hold it against the source; where it is rounded or of another day, say so in note."
            yield Fault("published_forecasts.csv", problem, action, row, "base_population", base)


def _populations(tables: Tables) -> dict[tuple[Any, Any], int]:
    """Return the population of each area that there are forecasts of, by code and year."""
    own = tables.population.set_index(["municipality_code", "year"])["population"]
    others = tables.population_reference.set_index(["region_code", "year"])["population"]
    together = tables.population.groupby("year")["population"].sum()
    return own.to_dict() | others.to_dict() | {("sodertorn", year): n for year, n in together.items()}


def boundary_faults(tables: Tables) -> Iterator[Fault]:
    """Yield corners that are not counted from 1, that nearly meet another, or that are far from the next."""
    cells = tables.as_text("boundaries").cells
    for _, own in cells.groupby(["municipality_code", "part"], sort=False):
        yield from _uncounted("boundaries.csv", own, "point")
    corners = cells[["east_m", "north_m"]].astype("float64").to_numpy()
    near = np.hypot(*(np.subtract.outer(axis, axis) for axis in corners.T))
    part = cells["municipality_code"] + " " + cells["part"]
    after = np.hypot(*(corners - cells.groupby(part)[["east_m", "north_m"]].shift().to_numpy("float64")).T)
    for row, close, far in zip(
        cells.index, ((near > 0) & (near < LEAST_M)).any(axis=1), after > LONGEST_M, strict=True
    ):
        if close or far:
            what = f"within {LEAST_M} m of another corner" if close else f"over {LONGEST_M:,} m from the corner before"
            action = "Corners that municipalities share are the same; hold it against the map."
            value = ", ".join(cells.loc[row, ["east_m", "north_m"]])
            yield Fault("boundaries.csv", f"is {what}", action, row, "east_m, north_m", value)


def retrieval_faults(tables: Tables) -> Iterator[Fault]:
    """Yield years without the table of SCB that they come from, and the reverse."""
    cells = tables.as_text("retrievals").cells
    for name in _retrieved(tables):
        own, years = cells[cells["table_name"] == name], set(tables.as_text(name).cells["year"])
        for row, year in own.loc[~own["year"].isin(years), "year"].items():
            yield Fault("retrievals.csv", f"is no year of {name}.csv", "Take the row out.", int(str(row)), "year", year)
        for year in sorted(years - set(own["year"])):
            action = "Add it, with the table of SCB it comes from."
            yield Fault("retrievals.csv", f"has no row for {name} in {year}", action)


def _retrieved(tables: Tables) -> list[str]:
    """Return the tables that are of SCB, which are those that a retrieval may be of."""
    fields = declaration_of(tables, "retrievals")["schema"]["fields"]
    return next(field["constraints"]["enum"] for field in fields if field["name"] == "table_name")


HOLDS: Mapping[Callable[[Tables], Iterator[Fault]], str] = {
    place_faults: "every place begins with a heading of its report, in the chapter that the row names",
    section_faults: "the headings of each report are counted",
    event_faults: "events are as long as they are exact, on their side of the report, and moved to later ones",
    meeting_faults: "shared meetings stand with both forums",
    figure_faults: "figures of the reports are as exact as they say, and those of other tables are the same there",
    discrepancy_faults: "what was counted otherwise is a figure of the report",
    forecast_faults: "forecasts are of their area, and start from its population",
    boundary_faults: "corners of boundaries follow each other, and meet or keep apart",
    retrieval_faults: "every year of SCB has the table that it comes from",
}
