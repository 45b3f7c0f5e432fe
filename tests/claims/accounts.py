"""What holds of the closing accounts."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import pandas as pd
from hypothesis import strategies as st

from sodertorn_lib.reconciliation import compare

from .cases import ALL, YEAR, Case, Truth, both, frame, labelled, money, nearest, of_all, one, register, top

FUNDS = ["Driften", "Modellen", "Konferensen", "Bidraget", "Fjolåret"]


def balance_bridge(case: Case, lang: str) -> Truth:
    amounts = {name: sum(fund[name] or 0 for fund in case.funds) for name in ("opening", "income", "costs")}
    change = case.closing - amounts["opening"]
    verbs = {"grew": change > 0, "shrank": change < 0, "same": change == 0}
    holds = {f"{key}.{verb}": true for key in ("title", "change_said") for verb, true in verbs.items()}
    differs = case.closing != amounts["opening"] + amounts["income"] - amounts["costs"]
    holds |= {"caveat.differs": differs, "caveat.same": not differs}
    return both(money(), Truth(holds, amounts | {"year": YEAR, "change": abs(change), "closing": case.closing}))


def funds_opening_closing(case: Case, lang: str) -> Truth:
    closing = {fund[f"label_{lang}"]: fund["closing"] for fund in case.funds if fund["closing"] is not None}
    blank = any(None in (fund["opening"], fund["closing"]) for fund in case.funds)
    part = len(closing) > 1 and one(top(closing)) and min(closing.values()) >= 0
    holds = {"title.largest": part, "title.total": True}
    holds |= {f"{key}.{kind}": blank == (kind == "some") for key in ("blanks", "caveat") for kind in ("some", "none")}
    values = {"year": YEAR, "largest": top(closing), "largest_closing": max(closing.values())}
    return both(money(), Truth(holds, values | {"total": sum(closing.values()), "funds": len(case.funds)}))


def text_against_table(case: Case, lang: str) -> Truth:
    said = stated_items(case)
    stated = {item[f"label_{lang}"]: item for item in said if item["table"] is not None}
    alone = [item for item in said if item["table"] is None]
    gaps = {label: item["table"] - item["text"] for label, item in stated.items()}
    unknown = [label for label, gap in gaps.items() if gap and stated[label]["registered"] != gap]
    differing = sum(gap != 0 for gap in gaps.values())
    widest = top({label: abs(gap) for label, gap in gaps.items()})
    kinds = {"differs": differing and not unknown, "unregistered": bool(unknown), "same": not differing}
    holds = {f"{key}.{kind}": bool(true) for key in ("title", "alt") for kind, true in kinds.items()}
    holds |= {"text_alone.none": not alone, "text_alone.one": len(alone) == 1, "text_alone.some": len(alone) > 1}
    holds |= {"differing_said.some": differing > 0, "differing_said.none": differing == 0}
    values = {"year": YEAR, "items": len(stated), "differing": differing, "item": widest, "alone": len(alone)}
    values |= {
        "alone_item": {item[f"label_{lang}"] for item in alone},
        "alone_amount": {item["text"] for item in alone},
    }
    values |= {
        "text": {stated[label]["text"] for label in widest},
        "table": {stated[label]["table"] for label in widest},
    }
    return both(money(), Truth(holds, values | {"gap": abs(gaps[next(iter(widest))])}))


def stated_items(case: Case) -> list[dict[str, Any]]:
    """Return what the text states, beside what the rows give, where they do."""
    kinds = {
        kind: [fund["closing"] for fund in case.funds if kind in (fund["kind"], fund["id"], "closing")]
        for kind in ("closing", "operations")
    }
    sums = {"operating_money": kinds["operations"], "closing": kinds["closing"]}
    sums["operating_surplus"] = [fund["closing"] for fund in case.funds if fund["id"] == "operations"]
    for kind in ("analysis", "maps"):
        sums["nothing"] = []
        sums[kind] = [project["amount"] for project in case.projects if project["kind"] == kind]
    items = [
        total | {"table": sum(known) if (known := [a for a in sums[total["of"]] if a is not None]) else None}
        for total in case.totals
    ]
    items += [project | {"table": project["amount"]} for project in case.projects]
    return [item for item in items if item["text"] is not None]


def cost_lines(case: Case, lang: str) -> Truth:
    cost = {line[f"label_{lang}"]: line["amount"] for line in case.costs if line["amount"] is not None}
    total, (highest, *rest) = sum(cost.values()), sorted(cost.values(), reverse=True)
    following = {label for label, amount in cost.items() if rest and amount == rest[0]}
    ranked = bool(rest) and one(top(cost)) and total > 0
    holds = {
        f"{key}.{kind}": true for key in ("title", "alt") for kind, true in {"ranked": ranked, "total": True}.items()
    }
    holds |= {"short.ranked": ranked, "short.total": True}
    share = Fraction(100 * highest, total) if total else 0
    values = {
        "year": YEAR,
        "lines": len(cost),
        "largest": top(cost),
        "largest_amount": highest,
        "total": total,
        "share": share,
    }
    values |= {"second": following, "second_share": Fraction(100 * rest[0], total) if rest and total else 0}
    return both(money(), Truth(holds, values))


def cost_breakdown(case: Case, lang: str) -> Truth:
    truth = cost_lines(case, lang)
    per_inhabitant = Fraction(truth.values["total"], case.inhabitants)
    hundredths = nearest(per_inhabitant * 100)
    values = {"population_year": YEAR - 1, "per_inhabitant": {Fraction(each, 100) for each in hundredths}}
    return both(truth, of_all(case.municipalities, case.known), Truth({}, values))


def project_costs(case: Case, lang: str) -> Truth:
    cost = {project[f"label_{lang}"]: project["amount"] for project in case.projects if project["amount"] is not None}
    drawn = [project for project in case.projects if project["amount"] is not None]
    differs = any(project["text"] not in (None, project["amount"]) for project in drawn)
    holds = {"title.largest": len(cost) > 1 and one(top(cost)), "title.total": True}
    holds |= {"caveat.differs": differs, "caveat.same": not differs}
    total = sum(cost.values())
    values = {
        "year": YEAR,
        "largest": top(cost),
        "largest_amount": max(cost.values()),
        "total": total,
        "projects": len(cost),
    }
    return both(money(), Truth(holds, values | {"share": Fraction(100 * max(cost.values()), total) if total else 0}))


def closing_accounts(case: Case, lang: str) -> Truth:
    checks = {name: check for name, check in case.checks.items() if check["printed"] is not None}
    gaps = {
        name: check["recomputed"] - check["printed"]
        for name, check in checks.items()
        if check["recomputed"] is not None
    }
    registered = {name: gap for name, gap in gaps.items() if gap and case.checks[name]["registered"] == gap}
    equal = [name for name, gap in gaps.items() if not gap and case.checks[name]["registered"] is None]
    lost = [name for name, check in case.checks.items() if check["registered"] is not None and not gaps.get(name)]
    unregistered = [name for name, gap in gaps.items() if gap and name not in registered]
    loose = len(lost) + len(unregistered)
    holds = {"verdict.equal": not (registered or loose), "verdict.registered": bool(registered) and not loose}
    holds["verdict.unregistered"] = loose > 0
    values: dict[str, Any] = {
        "checks": len(case.checks),
        "equal": len(equal),
        "registered": len(registered),
        "unregistered": loose,
    }
    for said_of, name in (("closing", "closing_balance"), ("costs", "operating_costs")):
        gap = gaps.get(name, 0)
        holds |= {f"{said_of}_said.low": gap > 0, f"{said_of}_said.high": gap < 0, f"{said_of}_said.same": True}
        values[f"{said_of}_gap"] = abs(gap)
    closing = [fund["closing"] for fund in case.funds if fund["closing"] is not None]
    money_left = [
        fund["closing"] for fund in case.funds if fund["kind"] == "operations" and fund["closing"] is not None
    ]
    surplus = next(fund["closing"] for fund in case.funds if fund["id"] == "operations")
    called = next((item for item in stated_items(case) if item["id"] == "total_surplus_in_text"), None)
    is_known = called is not None and called["registered"] is not None and called["table"] is not None
    holds["called.registered"] = is_known and called["text"] not in (surplus, sum(money_left))
    holds["called.same"] = True
    values |= {"year": YEAR, "surplus": surplus, "money": sum(money_left), "closing": sum(closing)}
    return Truth(holds, values | {"called_sek": called and called["text"]})


SEK = st.integers(0, 5) | st.integers(0, 2_000_000)

BLANK = st.none() | SEK


@st.composite
def account_cases(draw: Any) -> Case:
    funds = [drawn_fund(draw, place, name) for place, name in enumerate(FUNDS[: draw(st.integers(1, 5))])]
    kinds = ("analysis", "maps", "other")
    projects = [
        labelled(f"p{place}", f"Projekt {place}")
        | {"kind": draw(st.sampled_from(kinds)), "amount": draw(BLANK if place else SEK)}
        for place in range(draw(st.integers(1, 3)))
    ]
    for project in projects:
        blank = [] if project is projects[0] else [None]  # one amount stands in the text
        project["text"] = draw(st.sampled_from([project["amount"], project["amount"], 243_000, *blank]))
        project["registered"] = draw(known_gap(project["text"], project["amount"]))
    costs = [
        labelled(f"c{place}", f"Kostnad {place}") | {"amount": draw(BLANK if place else SEK)}
        for place in range(draw(st.integers(1, 6)))
    ]
    parts = SimpleNamespace(funds=funds, projects=projects, costs=costs, totals=[], checks=drawn_checks(draw))
    places = ("operating_money", "closing", "analysis", "operating_surplus", "nothing")
    for place, name in zip(places, ("total_surplus_in_text", "a", "b", "c", "d"), strict=True):
        total = labelled(name, f"Total {place}") | {"of": place, "registered": None}
        if draw(st.booleans()):
            total["text"] = 0
            table = next(
                (
                    item["table"]
                    for item in stated_items(SimpleNamespace(funds=funds, projects=[*projects], totals=[total]))
                    if item["id"] == name and item["table"] is not None
                ),
                0,
            )
            total["text"] = table + draw(st.sampled_from([0, 0, 0, 1, -200]))
            parts.totals.append(total | {"registered": draw(known_gap(total["text"], table))})
    opening = sum(fund["opening"] or 0 for fund in funds)
    flows = sum((fund["income"] or 0) - (fund["costs"] or 0) for fund in funds)
    parts.closing = draw(st.sampled_from([opening + flows, opening + flows - 1, opening]))
    municipalities = draw(st.integers(1, 8))
    return account_case(parts, municipalities, municipalities == 8, draw(st.integers(8, 500_000)))


def known_gap(text: int | None, table: int | None) -> st.SearchStrategy[int | None]:
    """Return what is registered of a difference: nothing, what it is, or seldom something else."""
    gap = (table - text) or None if text is not None and table is not None else None
    return st.sampled_from([None, gap, gap, gap, 77])


def drawn_fund(draw: Any, place: int, name: str) -> dict[str, Any]:
    fund = labelled(f"f{place}" if place else "operations", name)
    fund["kind"] = "other" if place and draw(st.booleans()) else "operations"
    fund |= {amount: draw(BLANK) for amount in ("opening", "income", "costs")}
    closing = (fund["opening"] or 0) + (fund["income"] or 0) - (fund["costs"] or 0)
    return fund | {"closing": draw(st.sampled_from([closing, closing, closing + 1, None] if place else [closing, -7]))}


def drawn_checks(draw: Any) -> dict[str, dict[str, Any]]:
    """Return printed amounts beside what the rows give, and what is registered of the difference."""
    checks = {}
    for name in ("closing_balance", "operating_costs", "x", "y", "z")[: draw(st.integers(1, 5))]:
        printed = draw(st.sampled_from([1000, 1000, 1000, None]))
        recomputed = 1000 + draw(st.sampled_from([0, 0, 1, -1]))
        checks[name] = {
            "printed": printed,
            "recomputed": recomputed,
            "registered": draw(known_gap(printed, recomputed)),
        }
    kept = {
        name: check for name, check in checks.items() if check["printed"] is not None or check["registered"] is not None
    }
    return kept or {"x": {"printed": 1, "recomputed": 1, "registered": None}}


def account_case(parts: SimpleNamespace, municipalities: int, known: bool, inhabitants: int) -> Case:
    columns = {
        "opening": "opening_sek",
        "income": "income_sek",
        "costs": "costs_sek",
        "closing": "closing_sek",
        "amount": "amount_sek",
    }
    columns |= {"text": "amount_in_text_sek"}
    amounts = dict.fromkeys(columns.values(), "Int64")

    def table(rows: list[dict[str, Any]], **more: Any) -> pd.DataFrame:
        named = pd.DataFrame(rows).rename(columns=columns).assign(year=YEAR, chapter="7", place="", **more)
        return named.astype({name: kind for name, kind in amounts.items() if name in named})

    funds = table(parts.funds, note_sv=None, note_en=None).rename(columns={"id": "fund_id", "kind": "fund_kind"})
    projects = table(parts.projects, supplier="AB").rename(columns={"id": "project_id", "kind": "project_kind"})
    statement = table(parts.costs, kind="cost").rename(columns={"id": "line_id"})
    printed = [
        total | {"total_id": total["id"], "printed_sek": total["text"], "in_text_of": total["of"]}
        for total in parts.totals
    ]
    printed.append({"total_id": "closing_balance", "printed_sek": parts.closing, "in_text_of": None})
    columns_printed = ["total_id", "label_sv", "label_en", "printed_sek", "in_text_of"]
    totals = frame(printed, columns_printed).assign(year=YEAR, stated_in="text", chapter="7", place="")
    registered = {item["id"]: item["registered"] for item in parts.totals} | {
        f"{p['id']}_in_text": p["registered"] for p in parts.projects
    }
    tables = SimpleNamespace(
        funds=funds,
        projects=projects,
        operating_statement=statement,
        printed_totals=totals,
        discrepancies=register(registered),
    )
    names = pd.Categorical(ALL[:municipalities], ALL) if known else ALL[:municipalities]
    people = [inhabitants - municipalities + 1] + [1] * (municipalities - 1)
    fees = pd.DataFrame({"municipality": names, "population": people, "population_year": YEAR - 1, "year": YEAR})
    rows = [
        {"year": YEAR, "check_id": name} | check for name, check in parts.checks.items() if check["printed"] is not None
    ]
    checks = frame(rows, ["year", "check_id", "printed", "recomputed"])
    compared = compare(checks, register({name: check["registered"] for name, check in parts.checks.items()}), "sum")
    own = {
        "fees": fees,
        "checks": compared.astype(dict.fromkeys(["printed", "recomputed", "difference", "registered"], "Int64")),
    }
    return Case(
        tables=tables, own=own, municipalities=municipalities, known=known, inhabitants=inhabitants, **vars(parts)
    )
