"""A service on this machine that speaks PxWebApi 2 as SCB's does, with the figures of the tables; it can fail.

What the answers look like stands in tests/scb: real, and cut. Of the other tables, the variables, which of them may be
left out, and the codes (some of them) are those that SCB had in September 2026; the shape of the rest is inferred from
TAB638. Positions in a dimension are those of its `index`, whose keys come in another order, as SCB's may. The limits
are those of SCB's config; a refusal for asking too often says in Retry-After how long to wait, as the middleware of
that program does.
"""

import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from math import prod
from pathlib import Path
from threading import Event, Lock, Thread
from types import MappingProxyType
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

FOLDER = Path(__file__).parent / "scb"
BASE = "/api/v2"
TOTALS = {"tot", "TotSA", "TOT1", "TOT5", "TOT10", "SC", "TotSa"}
Figures = dict[str, dict[tuple[str, int], float]]  # by table, then by region and year
OTHERS = {  # of each table the content that has the figures first
    "TAB1264": {"AlderModer": "-14 15 49+ tot us", "Kon": "1 2", "ContentsCode": "BE0101E2"},
    "TAB6401": {"AlderModer": "-14 15 TotSA TOT1 us", "Kon": "TotSa 1 2", "ContentsCode": "00000863"},
    "TAB960": {"Alder": "0 65 100+ tot", "Kon": "1 2", "ContentsCode": "BE0101D9"},
    "TAB6757": {"Alder": "TotSA 0 65 TOT1", "Kon": "TotSa 1 2", "ContentsCode": "000008FO"},
    "TAB1211": {"Alder": "0 65 100+ tot", "Kon": "1 2", "ContentsCode": "BE0101C5 BE0101C1 BE0101C2"},
    "TAB1212": {"Alder": "0 65 100+ tot", "Kon": "1 2", "ContentsCode": "BE0101AZ BE0101AU BE0101AV"},
    "TAB6640": {"Alder": "0 65 tot TOT1", "Kon": "TotSa 1 2", "ContentsCode": "00000868 0000086B 0000086F"},
    "TAB2538": {"Hustyp": "FLERBO SMÅHUS", "ContentsCode": "BO0101A5 BO0101A6"},
    "TAB4374": {"ContentsCode": "000000M5 000000MH 000000M4"},
}
MANDATORY = {("TAB6401", "AlderModer"), ("TAB6757", "Alder")}


class Answer(NamedTuple):
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = MappingProxyType({})


class RefusedError(Exception):
    def __init__(self, title: str, status: int = 400):
        self.answer = problem(status, title)


def problem(status: int, title: str, **headers: str) -> Answer:
    body = {"type": "Parameter error", "title": title, "status": status}
    return Answer(status, json.dumps(body).encode(), headers)


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def described(table: str) -> Any:
    """Return the metadata of a table: real ones, or made of its variables in the envelope of TAB638."""
    if table not in OTHERS:
        return read(f"{table}_metadata")
    metadata = read("TAB638_metadata")
    region, year = (metadata["dimension"][variable] for variable in ("Region", "Tid"))
    own = {variable: variable_of(table, variable, codes.split()) for variable, codes in OTHERS[table].items()}
    metadata["dimension"] = {"Region": region, **own, "Tid": year}
    return metadata | {"id": list(metadata["dimension"]), "label": table}


def variable_of(table: str, variable: str, codes: list[str]) -> Any:
    category: dict[str, Any] = {"index": {code: place for place, code in enumerate(codes)}}
    category["label"] = {code: code for code in codes}
    contents = variable == "ContentsCode"
    if contents:
        category["unit"] = {code: {"base": "antal", "decimals": 0} for code in codes}
    left_out = not contents and (table, variable) not in MANDATORY
    extension = {"elimination": left_out, "show": "value", "codelists": []}
    return {"label": variable.lower(), "category": category, "extension": extension}


class Scb(ThreadingHTTPServer):
    """Serves in a thread as long as its context lasts; its faults are set by what is asked, as TAB638/data."""

    def __init__(self, figures: Figures, limits: dict[str, int] | None = None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.figures, self.config = figures, read("config") | (limits or {})
        self.calls: list[tuple[str, int]] = []  # what was asked, and with which status it was answered
        self.edits: dict[str, Callable[[Any], Any]] = {}  # what is done to an answer
        self.instead: dict[str, Iterator[Answer]] = {}  # given before any other answer
        self.cut: set[str] = set()
        self.silent: set[str] = set()
        self.closing = Event()
        self._lock, self._window, self._count = Lock(), 0.0, 0

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}{BASE}"

    def __enter__(self) -> Self:
        self._thread = Thread(target=self.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.closing.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def counted(self) -> tuple[int, float]:
        """Count a call; return how many are left in the window, less than none if too many, and when it ends."""
        now, length = time.monotonic(), self.config["timeWindow"]
        with self._lock:
            if now >= self._window + length:
                self._window, self._count = now, 0
            self._count += 1
            return self.config["maxCallsPerTimeWindow"] - self._count, self._window + length - now

    def metadata(self, table: str) -> Any:
        """Return the metadata of a table, with the regions and years of the figures."""
        if table not in self.figures:
            raise RefusedError("Non-existent table", 404)
        metadata = described(table)
        names = metadata["dimension"]["Region"]["category"]["label"]
        for variable, codes in zip(("Region", "Tid"), map(set, zip(*self.figures[table], strict=True)), strict=True):
            category = metadata["dimension"][variable]["category"]
            category["label"] = {str(code): names.get(code, str(code)) for code in sorted(codes)}
            category["index"] = {code: place for place, code in enumerate(category["label"])}
        metadata["size"] = [len(own["category"]["index"]) for own in metadata["dimension"].values()]
        return metadata

    def data(self, table: str, selection: dict[str, list[str]], codelists: dict[str, str]) -> Any:
        """Return the cells of a selection; those of another content than the first are one too many."""
        answer = self.metadata(table)
        chosen = chosen_codes(answer["dimension"], selection, codelists)
        if prod(map(len, chosen.values())) > self.config["maxDataCells"]:
            raise RefusedError("Too many cells selected")
        answer["id"], answer["size"] = list(chosen), list(map(len, chosen.values()))
        split = {key: parts(own) for key, own in answer["dimension"].items() if key not in ("Region", "Tid")}
        content = split.pop("ContentsCode")[0]
        answer["dimension"] = {key: restricted(answer["dimension"][key], codes) for key, codes in chosen.items()}
        answer["extension"]["discontinued"] = None
        cells = (dict(zip(chosen, codes, strict=True)) for codes in product(*chosen.values()))
        answer["value"] = [self.figure(table, cell, split) + (cell["ContentsCode"] != content) for cell in cells]
        return answer

    def figure(self, table: str, cell: dict[str, str], split: dict[str, list[str]]) -> float:
        """Return a cell, nil where a region was not there yet; or its share for a part: shares sum to the whole."""
        value = self.figures[table].get((cell["Region"], int(cell["Tid"])), 0)
        for variable, codes in split.items():
            if cell.get(variable) in codes:
                value = value // len(codes) + (codes.index(cell[variable]) < value % len(codes))
        return value


def parts(own: Any) -> list[str]:
    return [code for code in own["category"]["index"] if code not in TOTALS]


def chosen_codes(dimension: Any, selection: dict[str, list[str]], codelists: dict[str, str]) -> dict[str, list[str]]:
    """Return the codes of each variable that is not left out, or refuse as SCB does."""
    if any(variable not in dimension for variable in selection):
        raise RefusedError("Non-existent variable")
    for variable, codelist in codelists.items():
        if codelist not in [own["id"] for own in dimension[variable]["extension"].get("codelists", [])]:
            raise RefusedError("Non-existent codelist")
    chosen = {}
    for variable, own in dimension.items():
        there = list(own["category"]["index"])
        codes = [code for expression in selection.get(variable, []) for code in expanded(expression, there)]
        if not codes and not own["extension"]["elimination"]:
            raise RefusedError("Missing selection for mandantory variable")
        if len(set(codes)) < len(codes):
            raise ZeroDivisionError  # SCB fails as well
        if codes:
            chosen[variable] = [code for code in there if code in codes]
    return chosen


def expanded(expression: str, there: list[str]) -> list[str]:
    """Return the codes that an expression stands for."""
    if expression == "*":
        return there
    if found := re.fullmatch(r"(?i)\[?top\((\d+)\)\]?", expression):
        return there[-int(found[1]) :]
    if found := re.fullmatch(r"(?i)\[?range\((\w+),(\w+)\)\]?", expression):
        return there[there.index(found[1]) : there.index(found[2]) + 1]
    if expression not in there:
        raise RefusedError("Illegal selection expression" if "(" in expression else "Non-existent value")
    return [expression]


def restricted(own: Any, codes: list[str]) -> Any:
    """Return a dimension of an answer, which says less than the metadata; the keys of its index are in no order."""
    category = {**own["category"], "index": {code: codes.index(code) for code in sorted(codes, reverse=True)}}
    category["label"] = {code: own["category"]["label"][code] for code in codes}
    if "unit" in category:
        category["unit"] = {code: category["unit"][code] for code in codes}
    return own | {"category": category}


class Handler(BaseHTTPRequestHandler):
    server: Scb
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # the body of an answer does not wait until its head has been received

    def do_GET(self) -> None:
        self.respond({})

    def do_POST(self) -> None:
        self.respond(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def respond(self, query: Any) -> None:
        path = urlsplit(self.path)
        asked = path.path.removeprefix(BASE).strip("/").removeprefix("tables/")
        answer = self.answer(asked, query or {"selection": list(selection_of(parse_qs(path.query)))})
        self.server.calls.append((asked, answer.status))
        if asked in self.server.silent:
            self.server.closing.wait(30)
        self.send_response(answer.status)
        for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.body[: len(answer.body) // 2] if asked in self.server.cut else answer.body)
        self.close_connection = self.close_connection or asked in self.server.cut

    def answer(self, asked: str, query: Any) -> Answer:
        left, seconds = self.server.counted()
        if left < 0:
            return problem(429, "Too many requests", **{"Retry-After": str(int(seconds) + 1)})
        if instead := next(self.server.instead.get(asked, iter(())), None):
            return instead
        try:
            body = self.server.edits.get(asked, lambda body: body)(self.body(asked, query["selection"]))
        except RefusedError as refused:
            return refused.answer
        except ZeroDivisionError:
            return Answer(500)
        headers = {"X-Rate-Limit-Remaining": str(left), "X-Rate-Limit-Reset": str(seconds)}
        return Answer(200, json.dumps(body).encode(), headers)

    def body(self, asked: str, selection: Any) -> Any:
        match asked.split("/"):
            case ["config"]:
                return self.server.config
            case ["tables"]:
                return {"tables": [], "page": {"totalElements": len(self.server.figures)}}
            case [table, "metadata"]:
                return self.server.metadata(table)
            case [table, "data"]:
                codes = {own["variableCode"]: own["valueCodes"] for own in selection}
                lists = {own["variableCode"]: own["codelist"] for own in selection if own.get("codelist")}
                return self.server.data(table, codes, lists)
        raise RefusedError("Not found", 404)

    def log_message(self, *arguments: object) -> None:
        """Say nothing of each call."""


def selection_of(parameters: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Yield the selections that stand in an address; an expression with a comma stands in brackets."""
    for name, (value, *_) in parameters.items():
        if found := re.fullmatch(r"valueCodes\[(\w+)\]", name):
            codes = re.findall(r"\[[^\]]*\]|[^,]+", value)
            yield {"variableCode": found[1], "valueCodes": codes, "codelist": None}
