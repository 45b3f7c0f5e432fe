"""The sums of the workbook of a new year, as formulas: what its rows give, and what the report prints."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd
from xlsxwriter.utility import xl_col_to_name

from sodertorn_lib.tables import Tables
from sodertorn_lib.wording import phrase

ROOM = 200  # rows of a sheet that formulas and lists reach


class Sum(NamedTuple):
    """One line: what it is, both formulas, and what the rows give before anything is filled in."""

    what: str
    rows: str
    printed: str
    rows_now: int = 0


def sums(tables: Tables, rows: Mapping[str, pd.DataFrame], year: int, lang: str) -> Iterator[Sum]:
    """Yield each sum of the accounts, each closing balance, and the fee times the population."""

    def column(table: str, name: str) -> str:
        letter = _letter(rows[table], name)
        return f"{table}!${letter}$2:${letter}${ROOM}"

    def printed(total: str) -> str:
        return f'SUMIF({column("printed_totals", "total_id")},"{total}",{column("printed_totals", "printed_sek")})'

    def lines(kind: str) -> str:
        return f'SUMIF({column("operating_statement", "kind")},"{kind}",{column("operating_statement", "amount_sek")})'

    def said(key: str) -> str:
        return phrase("checks", key, lang)

    opened = int(pd.to_numeric(rows["funds"]["opening_sek"]).sum())
    yield Sum(
        said("opening_balance"), f"=SUM({column('funds', 'opening_sek')})", f"={printed('opening_balance')}", opened
    )
    yield Sum(said("income"), f"=SUM({column('funds', 'income_sek')})", f"={printed('income')}")
    yield Sum(said("costs"), f"=SUM({column('funds', 'costs_sek')})", f"={printed('costs')}")
    yield Sum(said("closing_balance"), f"=SUM({column('funds', 'closing_sek')})", f"={printed('closing_balance')}")
    yield Sum(said("operating_income"), f"={lines('income')}", f"={printed('operating_income')}")
    yield Sum(said("operating_costs"), f"={lines('cost')}", f"={printed('operating_costs')}")
    yield Sum(said("project_costs"), f"=SUM({column('projects', 'amount_sek')})", f"={printed('project_costs')}")
    paid = column("operating_statement", "line_id"), column("operating_statement", "amount_sek")
    fees = f'SUMIF({paid[0]},"municipal_fees",{paid[1]})'
    yield Sum(said("operating_income_from_fees"), _fees(tables, rows, year), f"={fees}")
    yield from _funds(rows["funds"], lang)


def _letter(rows: pd.DataFrame, column: str) -> str:
    """Return by which letter a spreadsheet knows a column."""
    return str(xl_col_to_name(rows.columns.get_loc(column)))


def _fees(tables: Tables, rows: Mapping[str, pd.DataFrame], year: int) -> str:
    """Return the fee times the inhabitants of each municipality, in whole kronor."""
    own = tables.population[tables.population["year"] == year - 1]["population"]
    rate = f"fee_rates!${_letter(rows['fee_rates'], 'fee_sek_per_inhabitant')}$2"
    paid = [f"{rate}*{inhabitants}" for inhabitants in own]
    return "=" + "+".join(f"ROUND({fee},0)-AND(MOD({fee},1)=0.5,ISODD(ROUND({fee},0)))" for fee in paid)  # half to even


def _funds(funds: pd.DataFrame, lang: str) -> Iterator[Sum]:
    """Yield the closing balance of each fund."""
    opening, income, costs, closing = (
        _letter(funds, f"{name}_sek") for name in ("opening", "income", "costs", "closing")
    )
    for place, fund in enumerate(funds.to_dict("records"), 2):
        what = phrase("new_year", "sum_fund", lang, fund=fund[f"label_{lang}"])
        opened = int(fund["opening_sek"] or 0)
        flows = f"=funds!{opening}{place}+funds!{income}{place}-funds!{costs}{place}"
        yield Sum(what, flows, f"=funds!{closing}{place}", opened)
