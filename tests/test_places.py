"""Every figure of the report has its place: chapter and heading, by the lines where a copy of the report has it.

facts/ holds what was read from the report, line by line, independently of the tables; facts/lines.csv says under which
heading each line stands.
"""

import pandas as pd
import pytest

from sodertorn_lib import (
    load_activities,
    load_events,
    load_focus_areas,
    load_goals,
    load_meetings,
    load_report_sections,
    load_tables,
    membership_fees,
    reconcile,
    trace,
)

from .conftest import REPOSITORY, YEAR

FACTS = REPOSITORY / "tests" / "facts"
TRACED = trace(load_tables(), YEAR)
RESULTS = {
    "genomford": "carried_out",
    "pagar": "under_way",
    "installd": "cancelled",
    "ej_genomford": "not_carried_out",
    "avslutad": "ended",
}
AREAS = {
    "infrastruktur": "infrastructure",
    "utbildning": "education",
    "naringsliv": "business",
    "samordning": "coordination",
}


def facts(name: str) -> list[dict[str, str]]:
    return pd.read_csv(FACTS / f"{name}.csv", dtype=str, keep_default_na=False).to_dict("records")


LINES = facts("lines")


def under(line: int) -> tuple[str, str]:
    """Return the chapter and the heading under which a line stands."""
    (own,) = [row for row in LINES if int(row["first_line"]) <= line <= int(row["last_line"])]
    return own["chapter"], own["heading"]


def stands(row: dict, line: int) -> bool:
    """Return whether the place of a row names the heading of a line, and its chapter."""
    chapter, heading = under(line)
    return chapter in row["chapter"].split("; ") and any(part.startswith(heading) for part in row["place"].split("; "))


def lines_of(text: str) -> list[int]:
    return [int(end) for part in text.split(",") for end in part.split("-")]


@pytest.mark.parametrize("fact", facts("report_figures"), ids=lambda fact: fact["id"])
def test_each_figure_is_in_the_tables_with_its_place(fact):
    if fact["kvalificerare"] == "räknat i text":  # physical meetings, which stand with us by type
        rows = load_meetings(year=YEAR).query("form == 'physical'").to_dict("records")
        assert sum(row["meetings"] for row in rows if stands(row, int(fact["rad"]))) == int(fact["varde_max"])
        return
    found = TRACED[TRACED["value"] == float(fact["varde_max"])]
    assert any(stands(row, int(fact["rad"])) for row in found.to_dict("records")), fact


@pytest.mark.parametrize("fact", facts("reconciliation"), ids=lambda fact: fact["id"])
def test_each_recomputed_sum_is_a_check_of_ours_and_traced(fact):
    t = load_tables(year=YEAR)
    fees = membership_fees(t.population, t.fee_rates)
    checks = reconcile(t.funds, t.operating_statement, t.projects, fees, t.printed_totals, t.discrepancies)
    ours = checks[["printed", "recomputed", "difference"]].dropna().astype(int).values.tolist()
    assert [int(fact[name]) for name in ("tryckt", "beraknat", "differens")] in ours
    assert (TRACED["value"] == float(fact["tryckt"])).any()


@pytest.mark.parametrize("fact", facts("dated_events"), ids=lambda fact: f"{fact['datum']} {fact['handelse']}")
def test_each_dated_event_is_in_the_tables_with_its_place(fact):
    events = load_events(year=YEAR)
    begun = events[events["start_date"] == pd.Timestamp(fact["datum"].replace("vår", "03"))].to_dict("records")
    assert begun
    for line in lines_of(fact["rader"]):
        assert any(stands(event, line) for event in begun), line


@pytest.mark.parametrize("fact", facts("goals"), ids=lambda fact: fact["fokusomrade"])
def test_each_focus_area_and_its_goals_have_their_place(fact):
    name = AREAS[fact["fokusomrade"]]
    (area,) = load_focus_areas(year=YEAR).query("focus_area_id == @name").to_dict("records")
    goals = load_goals(year=YEAR).query("focus_area_id == @name").to_dict("records")
    assert stands(area, int(fact["rad_huvudmal"])) and stands(area, int(fact["rad_ansvariga"]))
    assert len(goals) == int(fact["delmal"]) and all(
        stands(goal, line) for goal in goals for line in lines_of(fact["rader_delmal"])
    )
    assert load_activities(year=YEAR)["focus_area_id"].value_counts()[name] == int(fact["aktiviteter"])


@pytest.mark.parametrize(
    ("fact", "activity"),
    list(zip(facts("activities"), load_activities(year=YEAR).to_dict("records"), strict=True)),
    ids=[fact["id"] for fact in facts("activities")],
)
def test_each_activity_has_its_outcome_and_its_place(fact, activity):
    assert activity["focus_area_id"] == AREAS[fact["fokusomrade"]]
    assert activity["result"] == RESULTS[fact["utfall"]]
    assert {"ja": "yes", "nej": "no", "": None}[fact["fortsatter_2021"]] == (
        None if pd.isna(activity["goes_on"]) else activity["goes_on"]
    )
    assert stands(activity, int(fact["rad"])) and all(stands(activity, line) for line in lines_of(fact["rad_utfall"]))


def test_every_place_is_a_heading_of_the_report_and_every_heading_is_placed_or_says_why_not():
    sections = load_report_sections(year=YEAR)
    assert sections[["chapter", "heading"]].values.tolist() == [[row["chapter"], row["heading"]] for row in LINES]
    places = {part for place in TRACED["place"] for part in place.split("; ")}
    assert all(any(place.startswith(heading) for heading in sections["heading"]) for place in places)
    bare = sections[[not any(place.startswith(heading) for place in places) for heading in sections["heading"]]]
    assert bare["heading"].tolist() == sections.dropna(subset=["left_out_sv"])["heading"].tolist()


@pytest.mark.parametrize("printed", facts("rows"), ids=lambda row: row["line"])
def test_each_amount_of_a_printed_row_is_traced_to_that_row_and_no_other(printed):
    name = f"{printed['table']}, rad {printed['row']}"
    of_row = [row for row in TRACED.to_dict("records") if names_row(row["place"], name)]
    in_table = [row["value"] for row in of_row if row["figure"] != "amount_in_text_sek" and pd.notna(row["value"])]
    assert of_row and sorted(map(int, in_table)) == sorted(map(int, printed["amounts"].split()))


def names_row(place: str, name: str) -> bool:
    """Return whether one of the places is that row: its name, then nothing or what column or footnote it is."""
    ends = [part.removeprefix(name) for part in place.split("; ") if part.startswith(name)]
    return any(end == "" or end.startswith((", kolumn", ", fotnot", ", intäkt", ", kostnad")) for end in ends)
