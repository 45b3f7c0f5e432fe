"""What the page of the controls shows, as HTML: what answers, charts and tables say of a scenario, and their basis.

The costs are those of all municipalities, so a selection says whose fees are listed; the scenario stays that of all.
"""

from __future__ import annotations

import base64
from functools import lru_cache
from html import escape
from typing import NamedTuple

import pandas as pd

from sodertorn_lib import answers, charts
from sodertorn_lib.answers import Answer
from sodertorn_lib.assumptions import Scenario
from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.charts.theme import BLUE, GRID, INK, MUTED, ORANGE
from sodertorn_lib.display import show
from sodertorn_lib.errors import DataError, Fault
from sodertorn_lib.measured import Measured
from sodertorn_lib.places import trace
from sodertorn_lib.scenarios import scenario_fees
from sodertorn_lib.what_if_command import SHOWN
from sodertorn_lib.wording import phrase

SCREEN_DPI = 96  # as in a notebook
STYLE = f"""<style>
.explore {{ color: {INK}; font: 1rem/1.5 "Open Sans", "Segoe UI", Arial, sans-serif; }}
.explore h1 {{ font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }}
.explore h2 {{ font-size: 1.25rem; line-height: 1.25; margin: 1rem 0 .5rem; }}
.explore p {{ margin: 0 0 .5rem; }}
.explore figure {{ margin: 0; }}
.explore img {{ width: 100%; min-width: 36rem; height: auto; }}
.explore table {{ border-collapse: collapse; }}
.explore :is(td, th) {{ border-bottom: 1px solid {GRID}; padding: .25rem .5rem; text-align: right; }}
.explore td {{ white-space: nowrap; }}
.explore :is(table, .muted) {{ font-size: .875rem; }}
.explore .muted {{ color: {MUTED}; }}
.explore .wide {{ overflow-x: auto; }}
.explore summary {{ color: {BLUE}; cursor: pointer; padding: .5rem 0; }}
.explore [role=alert] {{ border-left: .25rem solid {ORANGE}; padding-left: .75rem; white-space: pre-line; }}
.explore-page .widget-html-content {{ min-width: 0; }}
.explore-controls .widget-inline-hbox:not(.widget-slider) {{ flex-wrap: wrap; height: auto; }}
.explore-controls .widget-label {{ flex: 1 0 100%; text-align: left; }}
.explore-controls select:not([multiple]) {{ height: 28px; }}
</style>"""


class Assumed(NamedTuple):
    """What the controls say, by the names of `Scenario`; a growth of None is as projected."""

    from_year: int
    fee_sek_per_inhabitant: float
    cost_growth_percent: float
    growth_percent: float | None

    @property
    def scenario(self) -> Scenario:
        """The same as a scenario; raises DataError for what cannot be assumed."""
        return Scenario(**self._asdict())


class Outlook(NamedTuple):
    """What the library says of a scenario."""

    table: pd.DataFrame
    answer: Answer
    chart: Chart


@lru_cache(maxsize=1)  # here and below: what does not change is not made anew
def outlook(measured: Measured, lang: str, assumed: Assumed) -> Outlook:
    """Return table, answer and chart of what is assumed."""
    table = measured.scenario(assumed.scenario)
    answer = answers.what_if(measured.tables, measured.year, lang, what_if=table)
    return Outlook(table, answer, charts.what_if(table, lang))


@lru_cache(maxsize=1)
def told(measured: Measured, lang: str, assumed: Assumed) -> dict[str, str]:
    """Return the question, the finding with its answer, the chart and the table, by the names of their views."""
    table, answer, chart = outlook(measured, lang, assumed)
    words = {part: escape(text) for part, text in vars(chart.words).items()}
    picture = base64.b64encode(chart.render_plot(SCREEN_DPI)).decode()
    image = f'<img src="data:image/png;base64,{picture}" alt="{words["alt"]}">'
    about, *below = (f'<p class="muted">{words[part]}</p>' for part in ("subtitle", "source", "caveat"))
    return {
        "heading": f"<h1>{escape(answer.question)}</h1>",
        "answer": f'<div role="status"><h2>{words["title"]}</h2><p>{escape(answer.text)}</p></div>',
        "chart": f"<figure>{about}{_scrolled(phrase('what_if', 'sheet', lang), image)}{''.join(below)}</figure>",
        "table": _table(phrase("deck", "notes_numbers", lang), table[["year", *SHOWN, "balancing_fee_sek"]], lang),
    }


@lru_cache(maxsize=1)
def fees(measured: Measured, lang: str, assumed: Assumed, names: tuple[str, ...]) -> str:
    """Return what some municipalities would pay in the first year of the scenario, as a share of what all would."""
    if not names:
        raise DataError(Fault("municipalities", "has none chosen", "Choose one or several."))
    paid = scenario_fees(assumed.scenario, measured.fees, measured.tables.population, measured.ahead)
    year, by_year = assumed.from_year, paid.set_index("municipality").groupby("year")
    table = by_year.get_group(year)[["population", "fee_sek"]]
    table.insert(1, "fee_sek_before", by_year.get_group(year - 1)["fee_sek"])
    table["share_percent"] = 100 * table["fee_sek"] / table["fee_sek"].sum()
    own = table.loc[list(names)]
    values = {"names": names, "year": year, "municipalities": len(table)}
    values |= {"amount": own["fee_sek"].sum(), "share": own["share_percent"].sum()}
    said = phrase("explore", "fees.all" if len(own) == len(table) else "fees.some", lang, **values)
    return _table(phrase("fee_by_municipality", "sheet", lang), own.reset_index(), lang, said)


@lru_cache(maxsize=1)
def basis(measured: Measured, lang: str) -> str:
    """Return which rows a scenario builds on, with where each stands in the report, or in which table of SCB."""
    t, year = measured.tables, measured.year
    operations = t.funds.loc[t.funds["fund_kind"] == "operations", "label_sv"]
    found = trace(t, year).dropna(subset=["value"])
    funds = (found["table"] == "funds") & found["label_sv"].isin(operations)
    used = funds | found["table"].isin(["fee_rates", "operating_statement"])
    rows = found.loc[used, ["table", "label_sv", "label_en", "figure", "value", "chapter", "place"]]
    people = measured.area.merge(t.retrievals[t.retrievals["table_name"] == "population"], on="year")
    people = people.loc[people["year"] >= year - 1, ["year", "population", "scb_table", "retrieved_date"]]
    said = phrase("explore", "based_on", lang, year=year, last_year=people["year"].max())
    head, in_report, at_scb = (phrase("explore", key, lang) for key in ("basis", "in_report", "at_scb"))
    both = _table(in_report, rows, lang) + _table(at_scb, people, lang)
    return f"<details><summary>{escape(head)}</summary><p>{escape(said)}</p>{both}</details>"


def _table(head: str, table: pd.DataFrame, lang: str, said: str = "") -> str:
    """Return a table under a heading, and what is said of it."""
    text = f"<p>{escape(said)}</p>" if said else ""
    return f"<h2>{escape(head)}</h2>{text}{_scrolled(head, show(table, lang)._repr_html_())}"


def _scrolled(name: str, content: str) -> str:
    """Return what may be wider than the page in a part of it that can be scrolled, with the keyboard too."""
    return f'<div class="wide" role="region" aria-label="{escape(name)}" tabindex="0">{content}</div>'
