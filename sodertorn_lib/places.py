"""From any figure back to the report: the chapter, and the heading or table under which it stands."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sodertorn_lib.tables import Tables

__all__ = ["trace"]

WHERE = ["chapter", "place"]
LABELS = ["label_sv", "label_en"]


def trace(tables: Tables) -> pd.DataFrame:
    """Return every figure that the tables take from the report, with where it stands there.

    Parameters
    ----------
    tables
        As `load_tables` gives them.

    Returns
    -------
    DataFrame
        table, label_sv, label_en, figure (the name of its column; NA for a row without figures, such as an event),
        value, chapter, place (the heading, as the report has it; for a table also the row).

    Examples
    --------
    >>> from sodertorn_lib import load_tables
    >>> found = trace(load_tables())
    >>> found.loc[found["value"] == 188432, ["table", "place"]].values.tolist()[0]
    ['funds', 'Sammanställning 2020, rad Södertörnsamarbetet drift']
    """
    declared = [table for table in tables.package["resources"] if set(WHERE) <= set(_fields(table))]
    return pd.concat([_figures(getattr(tables, table["name"]), table) for table in declared], ignore_index=True)


def _fields(declared: dict[str, Any]) -> dict[str, str]:
    """Return the type of each column of a table."""
    return {field["name"]: field["type"] for field in declared["schema"]["fields"]}


def _figures(table: pd.DataFrame, declared: dict[str, Any]) -> pd.DataFrame:
    """Return the figures of a table, a row each, in the order of its rows; a row without any once."""
    figures = [name for name, kind in _fields(declared).items() if kind in ("integer", "number") and name != "year"]
    wide = table.reindex(columns=[*LABELS, *WHERE, *figures]).astype(dict.fromkeys(figures, "Float64"))
    long = wide.melt([*LABELS, *WHERE], var_name="figure", ignore_index=False).dropna(subset=["value"])
    bare = wide.loc[wide.index.difference(long.index), [*LABELS, *WHERE]]
    both = pd.concat([long, bare]).sort_index(kind="stable").assign(table=declared["name"])
    return both.reindex(columns=["table", *LABELS, "figure", "value", *WHERE])
