"""Registered differences of kronor that show on a slide; of one krona it is said on every one that shows either."""

from __future__ import annotations

import re

import pandas as pd

from sodertorn_lib.charts.chart import Chart
from sodertorn_lib.formats import number
from sodertorn_lib.publish.speaker_notes import numbers_on
from sodertorn_lib.wording import phrase

__all__ = ["explained", "noted", "on_slide", "shown_on"]


def on_slide(chart: Chart, discrepancies: pd.DataFrame) -> pd.DataFrame:
    """Return the registered differences of one krona of which a chart shows either amount."""
    return shown_on(chart, discrepancies[discrepancies["difference"].abs() == 1])


def shown_on(chart: Chart, discrepancies: pd.DataFrame) -> pd.DataFrame:
    """Return the registered differences of kronor of which a chart shows either amount."""
    said = "\n".join([chart.words.title, chart.words.subtitle, *numbers_on(chart.plot, chart.lang)])
    rows = discrepancies[discrepancies["unit"] == "SEK"]
    shown = [
        any(_stands_in(number(int(row[side]), chart.lang), said) for side in ("printed", "recomputed"))
        for row in rows.to_dict("records")
    ]
    return rows[shown]


def noted(rows: pd.DataFrame, lang: str) -> str:
    """Return the line for the slide, each pair of amounts once; empty where there is none."""
    pairs = dict.fromkeys((int(row["printed"]), int(row["recomputed"])) for row in rows.to_dict("records"))
    said = [phrase("deck", "differs_pair", lang, printed=theirs, recomputed=ours) for theirs, ours in pairs]
    return phrase("deck", "differs", lang, pairs=said) if said else ""


def explained(rows: pd.DataFrame, lang: str) -> list[str]:
    """Return what is known of each, with its year, for the speaker notes."""
    return [
        phrase("deck", "notes_known", lang, year=str(row["year"]), explanation=row[f"explanation_{lang}"])
        for row in rows.to_dict("records")
    ]


def _stands_in(amount: str, text: str) -> bool:
    """Return whether an amount stands in a text, and not as a part of a longer one."""
    apart = r"[\N{NO-BREAK SPACE},.]"
    return bool(re.search(rf"(?<!\d)(?<!\d{apart}){re.escape(amount)}(?!{apart}?\d)", text))
