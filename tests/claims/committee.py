"""What holds of what the committee did."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from .cases import YEAR, Case, Truth, both, one, top

FORUMS = ["committee", "management", "planning", "climate", "business", "communication"]

FORMS = ["digital", "digital_or_partly", "physical", "not_stated"]


RESULTS = ["carried_out", "under_way", "cancelled", "not_carried_out", "ended"]


def activities_by_outcome(case: Case, lang: str) -> Truth:
    count = {result: sum(own["result"] == result for own in case.plan) for result in RESULTS}
    done, every = count["carried_out"], len(case.plan)
    holds = {"title.all": done == every, "title.none": not done, "title.some": 0 < done < every}
    areas = 2  # of the plan, whether they have activities or not
    return Truth(holds, count | {"year": YEAR, "activities": every, "areas": areas})


def meetings_by_forum(case: Case, lang: str) -> Truth:
    held: dict[str, int] = {}
    for meeting in case.meetings:
        held[meeting[f"label_{lang}"]] = held.get(meeting[f"label_{lang}"], 0) + meeting["meetings"]
    forms = {form: sum(m["meetings"] for m in case.meetings if m["form"] == form) for form in FORMS}
    most = {"most": len(held) > 1 and one(top(held)), "tied": True}
    holds = {f"{key}.{kind}": true for key in ("title", "alt") for kind, true in most.items()}
    holds |= {"caveat.unknown": forms["not_stated"] > 0, "caveat.known": forms["not_stated"] == 0}
    shared = sum(meeting["meetings"] for meeting in case.meetings if meeting["shared_with"])
    values = {
        "year": YEAR,
        "forums": len(held),
        "by_forum": sum(held.values()),
        "counted_once": sum(held.values()) - shared // 2,
    }
    return Truth(holds, forms | values | {"most": top(held), "most_meetings": max(held.values())})


def timeline(case: Case, lang: str) -> Truth:
    own = [event for event in case.events if event["start_date"].year == YEAR]
    lost = [event for event in own if event["status"] in ("cancelled", "postponed")]
    dated = [event for event in lost if event["precision"] != "year"]
    moved = sum(event["moved_to_event_id"] is not None for event in dated)
    every = bool(dated) and moved == len(dated)
    holds = {
        "title.all_moved": every and moved > 1,
        "title.one_moved": every and moved == 1,
        "title.some_moved": bool(dated) and moved > 0,
        "title.none_moved": bool(dated) and moved == 0,
    }
    holds |= {"title.none": not dated, "alt.some": bool(dated), "alt.none": not dated}
    values = {"year": YEAR, "next_year": YEAR + 1, "events": sum(event["precision"] != "year" for event in own)}
    values |= {"lost": len(dated), "moved": moved, "hidden": len(lost) - len(dated)}
    holds |= {"hidden_said.some": len(lost) > len(dated), "hidden_said.none": len(lost) == len(dated)}
    return Truth(holds, values | {"names": [event[f"label_{lang}"] for event in dated]})


def activities(case: Case, lang: str) -> Truth:
    meetings, plan = meetings_by_forum(case, lang), activities_by_outcome(case, lang)
    dated = [event for event in case.events if event["start_date"].year == YEAR and event["precision"] != "year"]
    lost = [event for event in dated if event["status"] in ("cancelled", "postponed")]
    later = sum(day is not None for day in case.responses)
    joint = meetings.values["by_forum"] != meetings.values["counted_once"]
    holds = {
        "joint.some": joint,
        "joint.same": not joint,
        "cancelled_said.some": bool(lost),
        "cancelled_said.none": not lost,
    }
    holds |= {"later_said.some": later > 0, "later_said.none": later == 0}
    holds |= {f"done.{kind}": plan.holds[f"title.{kind}"] for kind in ("all", "none", "some")}
    stopped = sum(own["pandemic"] == "stopped" for own in case.plan)
    goes_on = sum(own["goes_on"] == "yes" for own in case.plan)
    holds |= {"stopped_said.some": stopped > 0, "stopped_said.none": stopped == 0}
    holds |= {"goes_on_said.some": goes_on > 0, "goes_on_said.none": goes_on == 0}
    values = {"dated": len(lost), "replaced": sum(event["moved_to_event_id"] is not None for event in lost)}
    cancelled = [own[f"label_{lang}"] for own in case.plan if own["result"] == "cancelled"]
    holds |= {"cancelled_named.some": bool(cancelled), "cancelled_named.none": not cancelled}
    holds |= {"altogether_said.none": case.altogether is None, "altogether_said.one": case.altogether == 1}
    holds |= {"altogether_said.some": case.altogether not in (None, 1)}
    holds |= {"roughly.about": case.altogether == 4, "roughly.exact": case.altogether != 4}
    values |= {"stopped": stopped, "goes_on": goes_on, "next_year": YEAR + 1}
    values |= {"cancelled_names": cancelled, "altogether": case.altogether}
    return both(meetings, plan, Truth(holds, values | {"responses": len(case.responses), "later": later}))


@st.composite
def committee_cases(draw: Any) -> Case:
    forums = draw(st.lists(st.sampled_from(FORUMS), min_size=1, unique=True))
    forms = draw(st.sampled_from([FORMS, FORMS[:3]]))
    meetings = [
        {
            "forum_id": forum,
            "form": draw(st.sampled_from(forms)),
            "meetings": draw(st.integers(1, 4)),
            "shared_with": None,
        }
        for forum in forums
        for _ in range(draw(st.integers(1, 3)))
    ]
    if len(forums) > 1 and draw(st.booleans()):
        joint = {"form": "physical", "meetings": draw(st.integers(1, 3))}
        meetings += [joint | {"forum_id": forums[a], "shared_with": forums[1 - a]} for a in (0, 1)]
    for meeting in meetings:
        meeting |= {
            "label_sv": f"Forumet {meeting['forum_id']}",
            "label_en": f"Forum {meeting['forum_id']}",
            "year": YEAR,
            "chapter": "3",
            "place": "",
        }
    events = [drawn_event(draw, place) for place in range(draw(st.integers(1, 8)))]
    events[0] |= {"precision": "day", "start_date": date(YEAR, 1, 5)}
    responses = draw(st.lists(st.none() | st.dates(date(YEAR + 1, 1, 1), date(YEAR + 1, 6, 1)), min_size=1, max_size=4))
    kinds = draw(st.sampled_from([RESULTS, ["carried_out"], RESULTS[1:]]))
    plan = [
        {
            "year": YEAR,
            "focus_area_id": draw(st.sampled_from(["a", "b"])),
            "result": draw(st.sampled_from(kinds)),
            "goes_on": draw(st.sampled_from(["yes", "no", None])),
            "pandemic": draw(st.sampled_from([None, None, "stopped", "redirected"])),
            "label_sv": f"Aktivitet {place}",
            "label_en": f"Activity {place}",
        }
        for place in range(draw(st.integers(1, 6)))
    ]
    return committee_case(meetings, events, responses, plan, draw(st.sampled_from([None, 1, 3, 4])))


def drawn_event(draw: Any, place: int) -> dict[str, Any]:
    event = {
        "event_id": f"e{place}",
        "forum_id": draw(st.sampled_from(FORUMS)),
        "start_date": draw(st.dates(date(YEAR, 1, 1), date(YEAR + 1, 5, 1))),
    }
    event |= {"precision": draw(st.sampled_from(["day", "day", "month", "season", "year"]))}
    event |= {
        "status": draw(st.sampled_from(["done", "planned", "cancelled", "cancelled", "postponed"])),
        "moved_to_event_id": None,
    }
    if event["status"] in ("cancelled", "postponed"):
        event["moved_to_event_id"] = draw(st.sampled_from([None, "later", "later"]))
    return event | {"label_sv": f"Händelse {place}", "label_en": f"Event {place}"}


def committee_case(
    meetings: list[dict[str, Any]],
    events: list[dict[str, Any]],
    responses: list[date | None],
    plan: list[dict[str, Any]],
    altogether: int | None,
) -> Case:
    table = pd.DataFrame(events).assign(year=YEAR, end_date=lambda table: table["start_date"])
    table = table.assign(**{name: pd.to_datetime(table[name]) for name in ("start_date", "end_date")})
    later = {
        "year": YEAR,
        "event_id": "later",
        "forum_id": "office",
        "precision": "day",
        "status": "planned",
        "label_sv": "Sen",
        "label_en": "Late",
    }
    later |= {name: pd.Timestamp(YEAR + 1, 2, 1) for name in ("start_date", "end_date")}
    table = pd.concat([table, pd.DataFrame([later])], ignore_index=True)
    written = pd.DataFrame({"year": YEAR, "planned_date": pd.to_datetime(pd.Series(responses, dtype="object"))})
    areas = pd.DataFrame({"year": YEAR, "focus_area_id": ["a", "b"], "label_sv": ["Ena", "Andra"]})
    areas = areas.assign(label_en=["One", "Other"], chapter="3", place="")
    tables = SimpleNamespace(meetings=pd.DataFrame(meetings), events=table, consultations=written)
    tables.activities, tables.focus_areas = pd.DataFrame(plan), areas
    stated = {"meetings_cancelled_altogether": altogether, "focus_areas": 2}
    numbers = pd.Series(stated.values(), dtype="Int64")
    about = "about" if altogether == 4 else "exact"
    figures = pd.DataFrame({"year": YEAR, "figure_id": list(stated), "high": numbers, "qualifier": about})
    tables.report_figures = figures.dropna()
    own = {"meetings": meetings, "events": events, "responses": responses, "plan": plan, "altogether": altogether}
    return Case(tables=tables, own={}, **own)
