"""What the page of the controls shows, as HTML: what answers, charts and tables say of a scenario, and their basis.

The costs are those of all municipalities, so a selection says whose fees are listed; the scenario stays that of all.
"""

from __future__ import annotations

from collections.abc import Iterable
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
from sodertorn_lib.edits import edited
from sodertorn_lib.measured import Measured
from sodertorn_lib.places import trace
from sodertorn_lib.publish.inline import font_faces, inline_parts, part_name
from sodertorn_lib.scenarios import scenario_fees
from sodertorn_lib.what_if_command import SHOWN
from sodertorn_lib.wording import phrase

LETTERS = [*map(chr, (*range(0x20, 0x7F), *range(0xA0, 0x100))), *"–−“”’"]  # that the fonts are to have
KINDS = ("wide", "narrow")  # of pictures
STYLE = f"""
.explore {{ color: {INK}; font: 1rem/1.5 House, "Open Sans", "Segoe UI", Arial, sans-serif; }}
.explore h1 {{ font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }}
.explore h2 {{ font-size: 1.25rem; line-height: 1.25; margin: 1rem 0 .5rem; }}
.explore p {{ margin: 0 0 .5rem; }}
.explore figure {{ margin: 0; container-type: inline-size; }}
.explore svg {{ display: block; width: 100%; height: auto; }}
.explore svg * {{ stroke-linejoin: round; }}
.explore svg text {{ font-family: House, "Open Sans", "Segoe UI", Arial, sans-serif; }}
.explore .narrow {{ display: none; max-width: 30rem; }}
@container (max-width: 40rem) {{ .explore .narrow {{ display: block; }} .explore .wide {{ display: none; }} }}
.explore table {{ border-collapse: collapse; }}
.explore :is(td, th) {{ border-bottom: 1px solid {GRID}; padding: .25rem .5rem; text-align: right; }}
.explore td {{ white-space: nowrap; }}
.explore :is(table, .muted) {{ font-size: .875rem; }}
.explore .muted {{ color: {MUTED}; }}
.explore .scrolled {{ overflow-x: auto; }}
.explore summary {{ color: {BLUE}; cursor: pointer; padding: .5rem 0; }}
.explore [role=alert] {{ border-left: .25rem solid {ORANGE}; padding-left: .75rem; white-space: pre-line; }}
.explore-page .widget-html-content {{ min-width: 0; }}
.explore-controls .widget-inline-hbox:not(.widget-slider) {{ flex-wrap: wrap; height: auto; }}
.explore-controls .widget-label {{ flex: 1 0 100%; text-align: left; }}
.explore-controls .widget-label {{ white-space: normal; height: auto; line-height: 1.4; }}
.explore-controls select:not([multiple]) {{ height: 28px; }}
"""


_traced = lru_cache(maxsize=1)(trace)  # here and below: what does not change is not made anew


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


@lru_cache(maxsize=1)
def outlook(measured: Measured, lang: str, assumed: Assumed) -> Outlook:
    """Return table, answer and chart of what is assumed."""
    table = measured.scenario(assumed.scenario)
    answer = answers.what_if(measured.tables, measured.year, lang, what_if=table)
    return Outlook(table, answer, charts.what_if(table, lang))


def told(measured: Measured, lang: str, assumed: Assumed, names: tuple[str, ...]) -> dict[str, str]:
    """Return the question, the finding with its answer, chart and table, the fees of some, and what it builds on.

    By the names of their views; no fees where none is to be shown.
    """
    scenario = _scenario(measured, lang, assumed)  # first: what cannot be assumed is said by it
    paid = fees(measured, lang, assumed, names) if names else ""
    return {**scenario, "fees": paid, "basis": basis(measured, lang)}


@lru_cache(maxsize=1)
def _scenario(measured: Measured, lang: str, assumed: Assumed) -> dict[str, str]:
    table, answer, chart = outlook(measured, lang, assumed)
    words = {part: escape(text) for part, text in vars(chart.words).items()}
    about, *below = (f'<p class="muted">{words[part]}</p>' for part in ("subtitle", "source", "caveat"))
    parts, image = inline_parts(chart), f'role="img" aria-label="{words["alt"]}"'
    pictures = [f'<div class="{kind}" {image}>{parts[part_name(chart, kind)].decode()}</div>' for kind in KINDS]
    return {
        "heading": f"<h1>{escape(answer.question)}</h1>",
        "answer": f'<div role="status"><h2>{words["title"]}</h2><p>{escape(answer.text)}</p></div>',
        "chart": f"<figure>{''.join([about, *pictures, *below])}</figure>",
        "table": _table(phrase("explore", "numbers", lang), table[["year", *SHOWN, "balancing_fee_sek"]], lang),
    }


@lru_cache(maxsize=1)
def fees(measured: Measured, lang: str, assumed: Assumed, names: tuple[str, ...]) -> str:
    """Return what some municipalities would pay in the first year of the scenario, as a share of what all would."""
    paid = scenario_fees(assumed.scenario, measured.fees, measured.tables.population, measured.ahead)
    year, paid = assumed.from_year, paid.set_index("municipality")
    before, table = (paid.loc[paid["year"] == own, ["population", "fee_sek"]] for own in (year - 1, year))
    table = table.rename(columns={"population": "population_before"})
    table.insert(1, "fee_sek_before", before["fee_sek"])
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
    found = _traced(t, year).dropna(subset=["value"])
    funds = (found["table"] == "funds") & found["label_sv"].isin(operations)
    used = funds | found["table"].isin(["fee_rates", "operating_statement"])
    rows = found.loc[used, ["table", "label_sv", "label_en", "figure", "value", "chapter", "place"]]
    people = measured.area.merge(t.retrievals[t.retrievals["table_name"] == "population"], on="year")
    people = people.loc[people["year"] >= year - 1, ["year", "population", "scb_table", "retrieved_date"]]
    sums = measured.differences.query("unit == 'SEK'")
    known = sums.loc[sums["printed"].isin(rows["value"]), f"explanation_{lang}"]
    said = [
        phrase("explore", "based_on", lang, year=year, last_year=people["year"].max()),
        *(phrase("deck", "notes_known", lang, year=year, explanation=own) for own in known),
        *([phrase("common", "edited", lang)] if edited() else []),
    ]
    head, in_report, at_scb = (phrase("explore", key, lang) for key in ("basis", "in_report", "at_scb"))
    both = _table(in_report, rows, lang) + _table(at_scb, people.dropna(axis="columns", how="all"), lang)
    return f"<details><summary>{escape(head)}</summary>{_paragraphs(said)}{both}</details>"


def style() -> str:
    """Return the look of the page, with the fonts of the house: the texts of its pictures are texts."""
    return f"<style>{font_faces(LETTERS)}{STYLE}</style>"


def said(text: str, lang: str) -> str:
    """Return HTML as a part of the page, in its language."""
    return f'<div class="explore" lang="{lang}">{text}</div>'


def _table(head: str, table: pd.DataFrame, lang: str, said: str = "") -> str:
    """Return a table under a heading, and what is said of it."""
    content = show(table, lang)._repr_html_()  # may be wider than the page: scrolled, with the keyboard too
    region = f'<div class="scrolled" role="region" aria-label="{escape(head)}" tabindex="0">{content}</div>'
    return f"<h2>{escape(head)}</h2>{_paragraphs([said] if said else [])}{region}"


def _paragraphs(texts: Iterable[str]) -> str:
    return "".join(f"<p>{escape(text)}</p>" for text in texts)
