"""The answers of the notebooks, one function a question: sentences that are made from the tables.

Each takes `tables` (as `load_tables` gives them), the `year` of the report, `lang` (sv or en), and by name measured
tables of one's own instead of the house's, such as `fees=fees`. In a notebook an answer shows itself as Markdown.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any

import pandas as pd

from sodertorn_lib import changes, consequences, doings, findings, prospects, slowdown
from sodertorn_lib.activities import cancelled_or_moved
from sodertorn_lib.errors import DataError, Fault, columns_named, require_known
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.growth import years_of_growth
from sodertorn_lib.measured import Measured
from sodertorn_lib.municipalities import refuse_selection
from sodertorn_lib.tables import Tables
from sodertorn_lib.wording import Variant, phrase, sentence

Values = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """A question, the sentences that answer it, and the values in them by name."""

    name: str
    lang: str
    question: str
    text: str
    values: Mapping[str, Any]

    def __repr__(self) -> str:
        return self.text

    def _repr_markdown_(self) -> str:
        return f"**{phrase('common', 'in_short', self.lang)}** {self.text}"


def answered(find: Callable[..., Values]) -> Callable[..., Answer]:
    """Make an answer of a function that finds its values in measured tables."""

    @wraps(find)
    def answer(tables: Tables, year: int, lang: str = "sv", **own: pd.DataFrame) -> Answer:
        require_known("language", [lang], LANGUAGES)
        name, measured = find.__name__, Measured(tables, year, **own)
        taken = measured.arguments(find)
        _require_one_selection(name, taken)
        with columns_named(name, "Give tables as the library returns them."):
            values = {"year": year} | find(lang, **taken)
        question, text = (sentence(f"answers.{name}", key, lang, values) for key in ("question", "short"))
        return Answer(name, lang, question, text, values)

    answer.__signature__ = inspect.signature(answer, follow_wrapped=False)  # type: ignore[attr-defined]
    return answer


@answered
def membership_fee(lang: str, fees: pd.DataFrame, scenarios: pd.DataFrame, checks: pd.DataFrame) -> Values:
    """Answer what each municipality pays."""
    check = checks[checks["check_id"] == "operating_income_from_fees"]
    found, more = findings.fees(fees), findings.scenarios(scenarios)
    return found | {
        "who": found["title"],
        "printed": Variant(check["status"].iloc[0] if len(check) else "open"),
        "printed_sek": check["printed"].max(),
        "scenario_year": more["population_year"],
        "krona": more["population"],
    }


@answered
def closing_accounts(lang: str, checks: pd.DataFrame, sums: pd.DataFrame, text_amounts: pd.DataFrame) -> Values:
    """Answer whether the closing accounts add up."""
    if (checks["status"] == "open").all():
        raise DataError(Fault("checks", "has no rows", "Give what reconcile returns for the year."))
    count = checks["status"].value_counts().drop("open", errors="ignore")  # no table has what is open
    known = checks[checks["status"] == "registered"].set_index("check_id")["difference"]
    unregistered = int(count.reindex(["unregistered", "gone", "unchecked"]).sum())
    registered = int(count.get("registered", 0))
    said = text_amounts.set_index("item_id").reindex(["total_surplus_in_text"]).iloc[0]
    left = sums[["operating_surplus_sek", "operating_money_sek", "closing_sek"]].iloc[0]
    if left.isna().any():
        raise DataError(Fault("funds.csv", "has no closing balance of the fund operations", "Fill it in."))
    surplus, money, closing = left.astype(int)
    called = pd.notna(said["registered_sek"]) and said["difference_sek"] and said["text_sek"] not in (surplus, money)
    return {
        "verdict": Variant("unregistered" if unregistered else "registered" if registered else "equal"),
        "closing_said": _low_or_high(known.get("closing_balance")),
        "costs_said": _low_or_high(known.get("operating_costs")),
        "called": Variant("registered" if called else "same"),
        "checks": int(count.sum()),
        "equal": int(count.get("equal", 0)),
        "registered": registered,
        "unregistered": unregistered,
        "closing_gap": abs(_or_nil(known.get("closing_balance"))),
        "costs_gap": abs(_or_nil(known.get("operating_costs"))),
        "called_sek": said["text_sek"],
        "surplus": surplus,
        "money": money,
        "closing": closing,
    }


@answered
def cost_breakdown(lang: str, breakdown: pd.DataFrame, fees: pd.DataFrame) -> Values:
    """Answer where the money went."""
    refuse_selection(fees)
    values = findings.selection(fees) | findings.costs(breakdown, lang)
    return values | {
        "short": values["title"],
        "population_year": findings.one(fees, "population_year"),
        "per_inhabitant": round(values["total"] / fees["population"].sum(), 2),
    }


@answered
def population(lang: str, area: pd.DataFrame, growth: pd.DataFrame) -> Values:
    """Answer how the area has grown."""
    by_year, year = area.set_index("year")["population"], int(growth["year"].iloc[0])
    first, last = by_year.index[0], by_year.index[-1]
    since = last > year
    before = max(first, year - 10)
    streak = years_of_growth(area, year)
    return (
        findings.total(area.assign(published=float("nan")))
        | findings.growth(growth)
        | {
            "course": _course(by_year[first], by_year[year], by_year[last]),
            "then": Variant("some" if since else "none"),
            "streak_said": Variant("some" if streak > 1 else "one" if streak else "none"),
            "since": Variant("some" if since else "none"),
            "streak": streak,
            "at_year": by_year[year],
            "before": before,
            "pace_before": (by_year[year] - by_year[before]) / (year - before),
            "pace_since": (by_year[last] - by_year[year]) / (last - year) if since else None,
        }
    )


@answered
def activities(
    lang: str,
    by_outcome: pd.DataFrame,
    by_forum: pd.DataFrame,
    counted: pd.DataFrame,
    events: pd.DataFrame,
    consultations: pd.DataFrame,
    plan: pd.DataFrame,
    figures: pd.DataFrame,
) -> Values:
    """Answer what the committee set out to do, and what came of it."""
    found = doings.plan(by_outcome)
    lost = cancelled_or_moved(events)
    dated = lost[(lost["start_date"].dt.year == lost["year"]) & (lost["precision"] != "year")]  # as in the timeline
    later = int(consultations["planned_date"].notna().sum())
    return (
        doings.meetings(by_forum, counted, lang)
        | found
        | doings.called_off(plan, figures, lang)
        | {
            "done": found["title"],
            "joint": Variant("same" if counted["by_forum"].iloc[0] == counted["counted_once"].iloc[0] else "some"),
            "cancelled_said": Variant("some" if len(dated) else "none"),
            "later_said": Variant("some" if later else "none"),
            "dated": len(dated),
            "replaced": int(dated["moved_to_event_id"].notna().sum()),
            "responses": len(consultations),
            "later": later,
        }
    )


@answered
def population_ahead(lang: str, fan: pd.DataFrame, latest_fan: pd.DataFrame) -> Values:
    """Answer how many will live here in the target year of the forecast."""
    return prospects.ahead(fan, latest_fan)


@answered
def why_growth_slowed(
    lang: str,
    component_periods: pd.DataFrame,
    area_components: pd.DataFrame,
    homes: pd.DataFrame,
    moves_needed: pd.DataFrame,
) -> Values:
    """Answer what growth was made of before and after, and what the stated population would take in moves."""
    found = slowdown.periods(component_periods) | slowdown.homes(homes) | slowdown.needed(moves_needed)
    return found | {"first_year": int(area_components["year"].min())}


@answered
def track_record(lang: str, errors: pd.DataFrame, compared: pd.DataFrame) -> Values:
    """Answer how wrong projections have been."""
    ours = errors[errors["method"] == "damped_trend"].set_index("horizon")
    values = prospects.method_errors(errors)
    said = {"short_said": values["title"], "coverage": ours["coverage"].loc[values["long"]]}
    return prospects.forecasts(compared, lang) | values | said


@answered
def fee_outlook(lang: str, outlook: pd.DataFrame) -> Values:
    """Answer how long the fee suffices, at each growth of costs."""
    by_rate = [own for _, own in outlook.groupby("cost_growth_percent")]
    values = [prospects.outlook(own) for own in by_rate]
    sentences = [sentence("fee_income_outlook", "title", lang, own) for own in reversed(values)]
    return values[-1] | prospects.deficit_interval(by_rate[-1]) | {"sentences": ". ".join(sentences)}


@answered
def what_if(lang: str, what_if: pd.DataFrame) -> Values:
    """Answer when the money runs out in a scenario, that of the house being that everything stays as it is."""
    return consequences.scenario(what_if, lang)


@answered
def year_on_year(lang: str, year_figures: pd.DataFrame) -> Values:
    """Answer what changed from the year before, or that the tables hold none."""
    return changes.figures(year_figures)


ANSWERS = (
    membership_fee,
    closing_accounts,
    cost_breakdown,
    population,
    activities,
    population_ahead,
    why_growth_slowed,
    track_record,
    fee_outlook,
    what_if,
    year_on_year,
)

__all__ = ["ANSWERS", "Answer", *(answer.__name__ for answer in ANSWERS)]  # noqa: PLE0604


def _course(first: int, then: int, last: int) -> Variant:
    """Return whether a population grew or shrank all the way, as seen at three points."""
    return Variant("grew" if first < then <= last else "shrank" if first > then >= last else "mixed")


def _require_one_selection(name: str, tables: Mapping[str, pd.DataFrame]) -> None:
    """Raise DataError where tables of one answer are about different municipalities."""
    about = {"municipality", "municipalities"}
    counts = {table: findings.selection(rows)["municipalities"] for table, rows in tables.items() if about & set(rows)}
    if len(set(counts.values())) > 1:
        problem = f"is about different numbers of municipalities: {counts}"
        raise DataError(Fault(name, problem, "Give all its tables for the same ones."))


def _low_or_high(difference: Any) -> Variant:
    gap = _or_nil(difference)
    return Variant("low" if gap > 0 else "high" if gap < 0 else "same")


def _or_nil(difference: Any) -> int:
    return 0 if difference is None or pd.isna(difference) else int(difference)
