"""Charts of the closing accounts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sodertorn_lib.charts.canvas import (
    BLUE,
    GREY,
    ORANGE,
    TEAL,
    end_label,
    name_rows,
    ranked_bars,
    row_axes,
    sheet,
    theme,
)
from sodertorn_lib.charts.chart import Chart, drawable
from sodertorn_lib.charts.plot import Plot, Series
from sodertorn_lib.charts.wording import phrase, words
from sodertorn_lib.formats import kronor, percent, signed

__all__ = ["balance_bridge", "funds_opening_closing", "project_costs", "ranked_costs", "text_against_table"]


STEP_COLOURS = {
    ("opening", "closing"): BLUE,
    ("income",): TEAL,
    ("cost",): ORANGE,
    ("difference",): GREY,
}


def balance_bridge(bridge: pd.DataFrame, year: int, lang: str = "sv") -> Chart:
    """Draw the steps of `accounts.balance_bridge` as a waterfall."""
    amounts = bridge.set_index("step")["amount_sek"]
    opening, closing = amounts["opening"], amounts["closing"]
    values = {
        "year": str(year),
        "opening": kronor(opening, lang),
        "closing": kronor(closing, lang),
        "change": kronor(abs(closing - opening), lang),
        "verb": phrase("balance_bridge", "grew" if closing >= opening else "shrank", lang),
        "income": kronor(bridge.loc[bridge["step"] == "income", "amount_sek"].sum(), lang),
        "costs": kronor(-bridge.loc[bridge["step"] == "cost", "amount_sek"].sum(), lang),
    }
    text = words("balance_bridge", lang, **values)
    labels = [
        phrase("balance_bridge", row["step"], lang, fund=str(row[f"label_{lang}"])) for row in bridge.to_dict("records")
    ]
    whole = bridge["step"].isin(["opening", "closing"])
    written = [kronor if total else signed for total in whole]
    texts = [write(amount, lang) for write, amount in zip(written, bridge["amount_sek"], strict=True)]
    plot = _steps(bridge, labels, texts, lang)
    with theme():
        figure = sheet(text)
        _waterfall(figure, bridge, labels, texts)
    return Chart("balance_bridge", lang, text, bridge, figure, plot)


def funds_opening_closing(statement: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw the opening and closing balance of each fund in the last year of `fund_statement`."""
    year = statement["year"].max()
    data = drawable(statement[statement["year"] == year], "funds_opening_closing", "closing_sek")
    data = data.sort_values("closing_sek", ascending=False, ignore_index=True)
    largest = data.iloc[0]
    values = {
        "year": str(year),
        "largest": largest[f"label_{lang}"],
        "largest_closing": kronor(largest["closing_sek"], lang),
        "total": kronor(data["closing_sek"].sum(), lang),
        "funds": str(len(data)),
    }
    text = words("funds_opening_closing", lang, **values)
    said = {
        "opening_sek": phrase("funds_opening_closing", "opening", lang),
        "closing_sek": phrase("funds_opening_closing", "closing", lang),
        "blank": phrase("funds_opening_closing", "blank", lang),
    }
    plot = _pairs(data, said, lang)
    with theme():
        figure = sheet(text)
        _paired_bars(figure, plot)
    return Chart("funds_opening_closing", lang, text, data, figure, plot)


def ranked_costs(breakdown: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw the lines of the last year of `cost_breakdown`, the largest first, with their shares."""
    year = breakdown["year"].max()
    data = drawable(breakdown[breakdown["year"] == year], "ranked_costs", "amount_sek", rows=2)
    first = data.iloc[0]
    values = {
        "year": str(year),
        "largest": first[f"label_{lang}"],
        "largest_amount": kronor(first["amount_sek"], lang),
        "share": percent(first["share_percent"], lang),
        "second": data[f"label_{lang}"].iloc[1],
        "second_share": percent(data["share_percent"].iloc[1], lang),
        "total": kronor(data["amount_sek"].sum(), lang),
    }
    text = words("ranked_costs", lang, **values)
    labels = [_cost_label(row, lang) for row in data.to_dict("records")]
    bars = Series(phrase("columns", "amount_sek", lang), list(data["amount_sek"]), BLUE, labels)
    plot = Plot("bars", list(data[f"label_{lang}"]), [bars])
    with theme():
        figure = sheet(text)
        ranked_bars(figure, plot)
    return Chart("ranked_costs", lang, text, data, figure, plot)


def project_costs(projects: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw the projects of the last year of `load_projects`; where the text differs from the table it says so."""
    year = projects["year"].max()
    data = drawable(projects[projects["year"] == year], "project_costs", "amount_sek")
    data = data.sort_values("amount_sek", ascending=False, ignore_index=True)
    first = data.iloc[0]
    values = {
        "year": str(year),
        "largest": first[f"label_{lang}"],
        "largest_amount": kronor(first["amount_sek"], lang),
        "share": percent(100 * first["amount_sek"] / data["amount_sek"].sum(), lang, decimals=0),
        "total": kronor(data["amount_sek"].sum(), lang),
        "projects": str(len(data)),
    }
    text = words("project_costs", lang, **values)
    names = [f"{row[f'label_{lang}']}\n{row['supplier']}" for row in data.to_dict("records")]
    labels = [_project_label(row, lang) for row in data.to_dict("records")]
    plot = Plot("bars", names, [Series(phrase("columns", "amount_sek", lang), list(data["amount_sek"]), BLUE, labels)])
    with theme():
        figure = sheet(text)
        ranked_bars(figure, plot)
    return Chart("project_costs", lang, text, data, figure, plot)


def text_against_table(items: pd.DataFrame, lang: str = "sv") -> Chart:
    """Draw each amount of the last year of `accounts.text_against_table`: what the text says, what the table has."""
    year = items["year"].max()
    data = drawable(items[items["year"] == year], "text_against_table", "text_sek").sort_values(
        "text_sek", ascending=False, kind="stable", ignore_index=True
    )
    widest_gap = data.loc[data["difference_sek"].abs().sort_values().index[-1]]
    values = {
        "year": str(year),
        "differing": str((data["difference_sek"] != 0).sum()),
        "items": str(len(data)),
        "item": widest_gap[f"label_{lang}"],
        "text": kronor(widest_gap["text_sek"], lang),
        "table": kronor(widest_gap["table_sek"], lang),
    }
    text = words("text_against_table", lang, **values)
    said = {key: phrase("text_against_table", key, lang) for key in ("text_sek", "table_sek", "blank")}
    plot = _pairs(data, said, lang)
    with theme():
        figure = sheet(text)
        _paired_bars(figure, plot)
    return Chart("text_against_table", lang, text, data, figure, plot)


def _cost_label(cost: Mapping[Hashable, Any], lang: str) -> str:
    decimals = 1 if cost["share_percent"] >= 0.05 else 2
    return f"{kronor(cost['amount_sek'], lang)} · {percent(cost['share_percent'], lang, decimals)}"


def _project_label(project: Mapping[Hashable, Any], lang: str) -> str:
    amount = kronor(project["amount_sek"], lang)
    if pd.isna(project["amount_in_text_sek"]) or project["amount_in_text_sek"] == project["amount_sek"]:
        return amount
    in_text = kronor(project["amount_in_text_sek"], lang)
    return amount + "\n" + phrase("project_costs", "in_text", lang, amount=in_text)


def _steps(bridge: pd.DataFrame, labels: list[str], texts: list[str], lang: str) -> Plot | None:
    """Return a bar to the upper end of each step, and one of no colour that covers it up to the lower end.

    Below zero a cover would mislead: there is no such plot then.
    """
    ends = bridge[["start_sek", "end_sek"]]
    if (ends < 0).any().any():
        return None
    upper, series = ends.max(axis=1), []
    for steps, colour in STEP_COLOURS.items():
        own = bridge["step"].isin(steps)
        said = [text if drawn else "" for text, drawn in zip(texts, own, strict=True)]
        name = phrase("values", steps[0], lang)
        series += [Series(name, list(upper.astype("float64").where(own)), colour, said)] if own.any() else []
    cover = Series(phrase("balance_bridge", "cover", lang), list(ends.min(axis=1)), "", [""] * len(bridge))
    return Plot("waterfall", labels, [*series, cover])


def _waterfall(figure: Figure, bridge: pd.DataFrame, labels: list[str], texts: list[str]) -> None:
    colours = {step: colour for steps, colour in STEP_COLOURS.items() for step in steps}
    axes = row_axes(figure, labels, texts)
    for place, (row, text) in enumerate(zip(bridge.to_dict("records"), texts, strict=True)):
        colour = colours[row["step"]]
        # the edge makes a step of one krona visible
        axes.barh(place, row["amount_sek"], left=row["start_sek"], height=0.66, color=colour, edgecolor=colour, lw=1.5)
        end_label(axes, max(row["start_sek"], row["end_sek"]), place, text)
        if place < len(labels) - 1:
            axes.plot([row["end_sek"]] * 2, [place + 0.33, place + 0.67], color=GREY, linewidth=1.5)
    name_rows(axes, labels)
    axes.set_ylim(len(labels) - 0.6, -0.5)


def _pairs(data: pd.DataFrame, said: dict[str, str], lang: str) -> Plot:
    """Return two bars for each row, one for each column of `said`, labelled with amount and what it is."""
    rows, columns = data.to_dict("records"), [column for column in said if column in data]
    pair = [
        Series(
            said[column],
            data[column].to_numpy(float, na_value=np.nan).tolist(),
            colour,
            [_pair_label(row, column, said, lang) for row in rows],
        )
        for column, colour in zip(columns, (GREY, BLUE), strict=True)
    ]
    return Plot("bars", list(data[f"label_{lang}"]), pair)


def _paired_bars(figure: Figure, plot: Plot) -> None:
    axes = row_axes(figure, plot.categories, [text for bars in plot.series for text in bars.labels])
    for bars, shift in zip(plot.series, (-0.21, 0.21), strict=True):
        values = np.nan_to_num(bars.amounts)
        axes.barh([place + shift for place in range(len(values))], values, height=0.38, color=bars.colour)
        for place, value in enumerate(values):
            end_label(axes, max(value, 0), place + shift, bars.labels[place])
    name_rows(axes, plot.categories)


def _pair_label(row: Mapping[Hashable, Any], column: str, said: dict[str, str], lang: str) -> str:
    """Return amount and what it is; by the second amount also a difference from what the text says."""
    if pd.isna(row[column]):
        return f"{said[column]}: {said['blank']}"
    gap = row["difference_sek"] if column == "table_sek" else 0
    return f"{kronor(row[column], lang)} {said[column]}" + (f" ({signed(gap, lang)})" if gap else "")
