"""Charts of the membership fee and of the closing accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from sodertorn_lib import findings, prospects
from sodertorn_lib.charts.charted import Draft, Speech, charted, drawable, year_ticks
from sodertorn_lib.charts.spec import Band, Bars, Label, Line, Lines, Mark, Rows, Scale, Stroke, before_colon
from sodertorn_lib.charts.theme import BLUE, GREY, INK, ORANGE, TEAL
from sodertorn_lib.formats import kronor

__all__ = [
    "balance_bridge",
    "fee_by_municipality",
    "fee_income_outlook",
    "fee_scenarios",
    "funds_opening_closing",
    "project_costs",
    "ranked_costs",
    "text_against_table",
]

YEAR_TONES = (GREY, BLUE, TEAL, ORANGE)
STEP_TONES = {"opening": BLUE, "closing": BLUE, "income": TEAL, "cost": ORANGE, "difference": GREY}
COST_STROKES: tuple[tuple[str, Stroke], ...] = ((TEAL, ":"), (ORANGE, "-."))  # the lowest growth of costs, the highest
OTHER_BASE: tuple[str, Stroke] = (INK, ":")


@charted
def fee_by_municipality(say: Speech, fees: pd.DataFrame) -> Draft:
    """Draw what each municipality pays in the last year of `membership_fees`."""
    data = drawable(say, fees, "fee_sek").sort_values("fee_sek", ascending=False, ignore_index=True)
    labels = [say.write(fee, "kr") for fee in data["fee_sek"]]
    bars = Bars(say.column("fee_sek"), list(data["fee_sek"]), labels, [BLUE] * len(data))
    return Draft(data, findings.fees(data), Rows(list(data["municipality"]), [bars]))


@charted
def fee_scenarios(say: Speech, scenarios: pd.DataFrame) -> Draft:
    """Draw the income of `fee_scenarios`: a group of bars for each rate, a bar for each year of population."""
    key = ["population_year", "fee_sek_per_inhabitant"]
    data = scenarios.groupby(key, as_index=False)[["population", "fee_sek"]].sum()
    wide = data.pivot(index="fee_sek_per_inhabitant", columns="population_year", values="fee_sek")
    tones = [YEAR_TONES[place % len(YEAR_TONES)] for place in range(len(wide.columns))]
    bars = [
        Bars(
            say.text("base", year=year),
            list(wide[year]),
            [say.write(fee, "sek") for fee in wide[year]],
            [tone] * len(wide),
        )
        for year, tone in zip(wide.columns, tones, strict=True)
    ]
    rates = [say.write(rate, "rate") for rate in wide.index]
    values = findings.scenarios(scenarios) | {"rates": [kronor(rate, say.lang, named=False) for rate in wide.index]}
    return Draft(data, values, Rows(rates, bars, "standing"))


@charted
def balance_bridge(say: Speech, bridge: pd.DataFrame) -> Draft:
    """Draw the steps of `balance_bridge` as a waterfall."""
    steps = bridge.to_dict("records")
    names = [say.text(f"steps.{step['step']}", fund=step[f"label_{say.lang}"]) for step in steps]
    whole = bridge["step"].isin(["opening", "closing"])
    labels = [
        say.write(step["amount_sek"], "kr") if total else say.write(step["amount_sek"], "+sek")
        for step, total in zip(steps, whole, strict=True)
    ]
    tones = [STEP_TONES[step["step"]] for step in steps]
    bars = Bars(say.column("amount_sek"), list(bridge["amount_sek"]), labels, tones, list(bridge["start_sek"]))
    return Draft(bridge, findings.bridge(bridge), Rows(names, [bars]))


@charted
def funds_opening_closing(say: Speech, statement: pd.DataFrame) -> Draft:
    """Draw the opening and closing balance of each fund in the last year of `fund_statement`, blanks as well."""
    drawable(say, statement, "closing_sek")
    last = statement[statement["year"] == statement["year"].max()]
    data = last.sort_values("closing_sek", ascending=False, ignore_index=True)
    opening, closing = (data[name].to_numpy(float, na_value=np.nan).tolist() for name in ("opening_sek", "closing_sek"))
    labels, none = [_balances(say, fund) for fund in data.to_dict("records")], [""] * len(data)
    pair = [Bars(say.text("opening_sek"), opening, none, [GREY] * len(data))]
    pair.append(Bars(say.text("closing_sek"), closing, labels, [BLUE] * len(data)))
    return Draft(data, findings.funds(data, say.lang), Rows(say.label(data), pair))


@charted
def ranked_costs(say: Speech, breakdown: pd.DataFrame) -> Draft:
    """Draw the lines of the last year of `cost_breakdown`, the largest first, with their shares."""
    data = drawable(say, breakdown, "amount_sek")
    labels = [_with_share(say, cost) for cost in data.to_dict("records")]
    bars = Bars(say.column("amount_sek"), list(data["amount_sek"]), labels, [BLUE] * len(data))
    return Draft(data, findings.costs(data, say.lang), Rows(say.label(data), [bars]))


@charted
def project_costs(say: Speech, projects: pd.DataFrame) -> Draft:
    """Draw the projects of the last year of `load_projects`; where the text differs from the table it says so."""
    data = drawable(say, projects, "amount_sek").sort_values("amount_sek", ascending=False, ignore_index=True)
    rows = data.to_dict("records")
    names = [f"{row[f'label_{say.lang}']}\n{row['supplier']}" for row in rows]
    bars = Bars(
        say.column("amount_sek"), list(data["amount_sek"]), [_with_text(say, row) for row in rows], [BLUE] * len(rows)
    )
    return Draft(data, findings.projects(data, say.lang), Rows(names, [bars], about=say.label(data)))


@charted
def text_against_table(say: Speech, text_amounts: pd.DataFrame) -> Draft:
    """Draw each amount of the last year of `text_against_table`: what the text says, what the table has."""
    data = drawable(say, text_amounts, "text_sek").sort_values("text_sek", ascending=False, kind="stable")
    both = drawable(say, data, "table_sek")
    return Draft(data, findings.text_amounts(data, say.lang), _pairs(say, both, ["text_sek", "table_sek"]))


@charted
def fee_income_outlook(say: Speech, outlook: pd.DataFrame) -> Draft:
    """Draw the income of `fee_outlook`, its costs at lowest and highest growth, and at the highest from other bases."""
    rates, (base, *others) = sorted(set(outlook["cost_growth_percent"])), outlook["cost_base"].unique()
    ends = [rates[0], rates[-1]] if len(rates) > 1 else rates
    lines = [(base, rate, *style) for rate, style in zip(ends, COST_STROKES[-len(ends) :], strict=True)]
    lines += [(other, rates[-1], *OTHER_BASE) for other in others]
    of = dict(list(outlook.groupby(["cost_base", "cost_growth_percent"])))
    income = of[base, rates[0]]
    costs = [_costs(say, of[name, rate], tone, stroke) for name, rate, tone, stroke in lines]
    amounts = outlook[["lower_sek", "upper_sek", "income_sek", "costs_sek"]]
    ticks = np.arange(amounts.min().min() // 200_000 - 1, amounts.max().max() // 200_000 + 2) * 200_000
    years = income["year"].astype(int).tolist()
    x = Scale(years[0], years[-1], year_ticks(years))
    y = Scale(ticks[0], ticks[-1], {tick: say.write(tick, "sek") for tick in ticks})
    return Draft(outlook, prospects.outlook(outlook), Lines(x, y, {"": [*_income(say, income), *costs]}))


def _costs(say: Speech, own: pd.DataFrame, tone: str, stroke: Stroke) -> Line:
    """Return the costs of one base at one growth, with what they are at the end."""
    rate, base = own["cost_growth_percent"].iloc[0], own["cost_base"].iloc[0]
    written = ("+" if rate > 0 else "") + say.write(rate, "%")
    amount = say.write(round(own["costs_sek"].iloc[-1]), "sek")
    key = "costs_extra" if base == "without_extra" else "costs" if rate else "costs_same"
    return _line(own, "costs_sek", say.text(key, rate=written, amount=amount), tone, stroke)


def _income(say: Speech, income: pd.DataFrame) -> list[Mark]:
    """Return the known income, the projected one from where it ends, and its interval."""
    known = income[income["lower_sek"].isna()]
    ahead = income.assign(**{bound: income[bound].fillna(income["income_sek"]) for bound in ("lower_sek", "upper_sek")})
    ahead = ahead[max(0, len(known) - 1) :]
    name = say.text("income", amount=say.write(round(income["income_sek"].iloc[-1]), "sek"))
    line = _line(known, "income_sek", name, BLUE)
    if len(known) == len(income):
        return [line]
    band = Band(name, list(ahead["year"]), list(ahead["lower_sek"]), list(ahead["upper_sek"]), BLUE)
    return [band, replace(line, labels={}), _line(ahead, "income_sek", name, BLUE, "--")]


def _line(points: pd.DataFrame, column: str, text: str, tone: str, stroke: Stroke = "-") -> Line:
    """Return a line with a text at its end, named by what stands there before the colon."""
    labels = {len(points) - 1: Label(text)}
    return Line(before_colon(text), list(points["year"]), list(points[column]), tone, stroke, labels=labels)


def _pairs(say: Speech, data: pd.DataFrame, columns: list[str]) -> Rows:
    """Return two bars for each row, one for each column, labelled with amount and what it is."""
    pair = [
        Bars(
            say.text(column),
            data[column].to_numpy(float, na_value=np.nan).tolist(),
            [_pair_label(say, row, column) for row in data.to_dict("records")],
            [tone] * len(data),
        )
        for column, tone in zip(columns, (GREY, BLUE), strict=True)
    ]
    return Rows(say.label(data), pair)


def _balances(say: Speech, fund: Mapping[Any, Any]) -> str:
    """Return the closing balance, and the opening one where that is another: one label for both bars of a fund."""
    opening, closing = fund["opening_sek"], fund["closing_sek"]
    if pd.isna(closing):
        return say.text("blank")
    if pd.notna(opening) and opening == closing:
        return f"{say.write(closing, 'kr')} {say.text('unchanged')}"
    before = say.text("blank") if pd.isna(opening) else say.write(opening, "kr")
    return f"{say.write(closing, 'kr')} ({say.text('opening_sek')}: {before})"


def _pair_label(say: Speech, row: Mapping[Any, Any], column: str) -> str:
    """Return amount and what it is; by the second amount also a difference from what the text says."""
    gap = row["difference_sek"] if column == "table_sek" else 0
    return f"{say.write(row[column], 'kr')} {say.text(column)}" + (f" ({say.write(gap, '+sek')})" if gap else "")


def _with_share(say: Speech, cost: Mapping[Any, Any]) -> str:
    decimals = 1 if cost["share_percent"] >= 0.05 else 2
    return f"{say.write(cost['amount_sek'], 'kr')} · {say.write(cost['share_percent'], f'%{decimals}')}"


def _with_text(say: Speech, project: Mapping[Any, Any]) -> str:
    amount, in_text = project["amount_sek"], project["amount_in_text_sek"]
    said = "" if pd.isna(in_text) or in_text == amount else "\n" + say.text("in_text", amount=in_text)
    return say.write(amount, "kr") + said
