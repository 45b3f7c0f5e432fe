"""Tables as they read well in a notebook: real names, thousands apart, a dash for a blank, text to the left."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pandas as pd

from sodertorn_lib.errors import require_known
from sodertorn_lib.formats import LANGUAGES, number
from sodertorn_lib.wording import phrase, read_texts, vocabulary

BLANK = "–"
LEFT = '<div style="text-align: left">{}</div>'
LARGE = 1_000  # from here a number is written whole


@dataclass(frozen=True)
class Shown:
    """A table of texts; in a notebook it shows itself as HTML, elsewhere as plain text."""

    table: pd.DataFrame
    texts: frozenset[str]  # the columns that stand to the left

    def __repr__(self) -> str:
        return self.table.to_string(index=False)

    def _repr_html_(self) -> str:
        left = {name: LEFT.format(html.escape(name)) for name in self.texts}
        formatters = dict.fromkeys(left.values(), lambda text: LEFT.format(html.escape(text)))
        return self.table.rename(columns=left).to_html(index=False, border=0, escape=False, formatters=formatters)


def show(table: pd.DataFrame, lang: str = "sv", decimals: int | None = None) -> Shown:
    """Return a table with its rows as they are, and its columns, numbers and words in one language.

    Identifiers are left out where their label stands beside them, and so are the labels of the other language. A table
    without rows says so.

    Parameters
    ----------
    table
        Any table of the house, or of one's own: a column that the house does not know keeps its name.
    lang
        `sv` or `en`.
    decimals
        Of numbers that are not whole; those that they need, at most two, unless told.

    Examples
    --------
    >>> show(pd.DataFrame({"municipality": ["Salem", "Tyresö"], "fee_sek": [67000, None]}), "en")
    Municipality Fee, SEK
           Salem   67,000
          Tyresö        –
    """
    require_known("language", [lang], LANGUAGES)
    other = {"sv": "_en", "en": "_sv"}[lang]
    hidden = {column for column in table if str(column).endswith(other)}
    if {f"label_{lang}", "municipality"} & set(table):
        hidden |= {column for column in table if str(column).endswith(("_id", "_code")) and column != "check_id"}
    columns: Mapping[Any, str] = read_texts(lang)["columns"]
    kept = table.drop(columns=list(hidden))
    texts = {column: _written(kept[column], lang, decimals) for column in kept}
    if kept.empty:
        texts = {column: [BLANK if place else phrase("common", "no_rows", lang)] for place, column in enumerate(kept)}
    left = {str(columns.get(column, column)) for column in kept if not pd.api.types.is_numeric_dtype(kept[column])}
    return Shown(pd.DataFrame(texts).rename(columns=columns), frozenset(left))


def _written(values: pd.Series, lang: str, decimals: int | None) -> list[str]:
    """Return each value of a column as the language writes it."""
    words, places, checks = vocabulary(lang), _places(values, decimals), read_texts(lang)["checks"]

    def write(value: Any) -> str:
        if pd.isna(value):
            return BLANK
        if isinstance(value, pd.Timestamp):
            return str(value.date())
        if values.name == "check_id":
            return next(text for kind, text in checks.items() if fnmatchcase(value, kind))
        if places is None:
            return words.get(str(value), str(value))
        return number(value, lang, places if abs(value) < LARGE else 0)

    return [write(value) for value in values]


def _places(values: pd.Series, decimals: int | None) -> int | None:
    """Return with how many decimals a column is written; None for words, years and yes or no."""
    counts = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
    if not counts or re.search("(?<!per_)year$", str(values.name)):
        return None
    cents = np.rint(100 * values.dropna().to_numpy("float64"))
    needed = 0 if not (cents % 100).any() else 1 if not (cents % 10).any() else 2
    return needed if decimals is None else min(needed, decimals)
