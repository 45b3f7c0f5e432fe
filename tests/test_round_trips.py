"""What is read and what is written are the cells, for tables drawn by chance: a plain reader finds the same in them."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, seed, settings
from hypothesis import strategies as st

from sodertorn_lib import DataError, charts, load_discrepancies, load_tables
from sodertorn_lib.datapackage import descriptor
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.plaintext import oddity
from sodertorn_lib.publish.workbook import workbook
from sodertorn_lib.rules import RULES
from sodertorn_lib.spreadsheets import as_csv
from sodertorn_lib.wording import phrase, read_texts, vocabulary

from .conftest import HOUSE, YEAR
from .test_claims import KINDS, fits, made_of

SEED = 2020  # the same tables in each run
DECLARED = {table["name"]: table for table in descriptor(HOUSE)["resources"]}
ALONE = [  # tables whose rows each stand by themselves
    name for name, own in DECLARED.items() if "foreignKeys" not in own["schema"] and "consecutiveYears" not in own
]
TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Nd"]), min_size=1, max_size=12).filter(
    lambda text: oddity(text) is None
)
PLAIN = st.characters(codec="ascii", exclude_categories=["Cc"])
TYPED = st.text("0123456789 -+.,;:'\"\t\u00a0\u0661\uff11eEkr", max_size=8)  # what a hand or a spreadsheet leaves
DIALECTS = st.sampled_from([("", ",", "\n"), ("\ufeff", ",", "\r\n"), ("\ufeff", ";", "\r\n")])
MAKE = {  # what stands in a cell of each type, made of the text by plain Python
    "integer": int,
    "number": float,
    "date": dt.date.fromisoformat,
    "yearmonth": lambda text: tuple(map(int, text.split("-"))),
    "string": str,
}
BACK = {"date": lambda value: value.date(), "yearmonth": lambda value: (value.year, value.month)}


def cells(field: Mapping[str, Any]) -> st.SearchStrategy[str]:
    """Return what may stand in a column, as text."""
    rules = field.get("constraints", {})
    low, high = rules.get("minimum"), rules.get("maximum")
    match field["type"]:
        case _ if "enum" in rules:
            valid = st.sampled_from(rules["enum"])
        case _ if "pattern" in rules:
            valid = st.from_regex(rules["pattern"], fullmatch=True, alphabet=PLAIN)
        case "integer":
            valid = st.integers(-(10**15) + 1 if low is None else low, high or 10**15 - 1).map(str)
        case "number":
            valid = st.decimals(-(10**9) if low is None else low, high or 10**9, places=3).map(lambda x: f"{x:f}")
        case "date":
            valid = st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)).map(str)
        case "yearmonth":
            valid = st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)).map(lambda day: str(day)[:7])
        case _:
            valid = TEXT.map(str.strip).filter(bool)
    in_both_languages = field["name"].endswith(("_sv", "_en"))
    return valid if rules.get("required") or in_both_languages else valid | st.just("")


@st.composite
def tables(draw: st.DrawFn) -> tuple[str, list[list[str]]]:
    """Return the name of a table, and rows that its declaration allows."""
    name = draw(st.sampled_from(ALONE))
    schema = DECLARED[name]["schema"]
    names = [field["name"] for field in schema["fields"]]
    once = [schema["primaryKey"]] + [[f["name"]] for f in schema["fields"] if f.get("constraints", {}).get("unique")]
    places = [[names.index(column) for column in columns] for columns in once]
    unique = tuple((lambda row, own=own: tuple(row[place] for place in own)) for own in places)
    row = st.tuples(*map(cells, schema["fields"])).map(list).filter(any)
    return name, draw(st.lists(row, min_size=1, max_size=5, unique_by=unique))


def put(folder: Path, name: str, content: bytes) -> Path:
    """Write a table beside the declaration of all, and the others as they are."""
    for file in HOUSE.iterdir():
        if file.suffix in (".csv", ".json") and not (folder / file.name).exists():
            (folder / file.name).symlink_to(file)
    path = folder / DECLARED[name]["path"]
    path.unlink()
    path.write_bytes(content)
    return folder


def written(header: list[str], rows: list[list[str]], dialect: tuple[str, str, str]) -> bytes:
    mark, comma, end = dialect
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=comma, lineterminator=end).writerows([header, *rows])
    return f"{mark}{text.getvalue()}".encode()


def loaded(folder: Path, name: str) -> Iterator[tuple[Any, ...]]:
    """Yield each row as plain Python has it, a blank as None."""
    table, fields = getattr(load_tables(folder), name), DECLARED[name]["schema"]["fields"]
    own = [[None if pd.isna(x) else BACK.get(f["type"], MAKE[f["type"]])(x) for x in table[f["name"]]] for f in fields]
    return zip(*own, strict=True)


def read(name: str, rows: list[list[str]]) -> Iterator[tuple[Any, ...]]:
    kinds = [field["type"] for field in DECLARED[name]["schema"]["fields"]]
    for row in rows:
        yield tuple(MAKE[kind](text) if text else None for kind, text in zip(kinds, row, strict=True))


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def without_rules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder whose declaration has no rules between cells, so that rows can be drawn cell by cell."""
    folder, own = tmp_path_factory.mktemp("loose"), descriptor(HOUSE)
    for field in (field for table in own["resources"] for field in table["schema"]["fields"]):
        for rule in {*RULES, "sameFor"} & field.keys():
            del field[rule]
    (folder / "datapackage.json").write_text(json.dumps(own), encoding="utf-8")
    return folder


@seed(SEED)
@settings(max_examples=100)
@given(drawn=tables(), dialect=DIALECTS)
def test_what_is_loaded_is_what_stands_in_the_cells(without_rules, drawn, dialect):
    name, rows = drawn
    header = [field["name"] for field in DECLARED[name]["schema"]["fields"]]
    put(without_rules, name, written(header, rows, dialect))
    assert list(loaded(without_rules, name)) == list(read(name, rows))
    put(without_rules, name, (HOUSE / DECLARED[name]["path"]).read_bytes())


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, int, list[list[str]]]:
    """Return the name of a table of the house, the row where a cell was typed over, and the rows with it."""
    name = draw(st.sampled_from(sorted(DECLARED)))
    with (HOUSE / DECLARED[name]["path"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    row = draw(st.integers(1, len(rows) - 1))
    place = draw(st.integers(0, len(rows[0]) - 1))
    other = rows[draw(st.integers(1, len(rows) - 1))][place]
    rows[row][place] = draw(TYPED | st.just(other) | TYPED.map(rows[row][place].__add__))
    return name, row + 1, rows


@seed(SEED)
@settings(max_examples=120)
@given(edited=edits(), dialect=DIALECTS)
def test_a_cell_typed_over_is_read_as_it_stands_or_its_row_is_named(folder, edited, dialect):
    name, row, (header, *rows) = edited
    declared = DECLARED[name]
    put(folder, name, written(header, rows, dialect))
    try:
        assert list(loaded(folder, name)) == list(read(name, rows))
    except DataError as error:
        assert {fault.file for fault in error.faults} == {declared["path"]}
        gap = "consecutiveYears" in declared and {fault.row for fault in error.faults} == {None}
        assert gap or any(fault.row == row for fault in error.faults) or "stands" in str(error)
    finally:
        put(folder, name, (HOUSE / declared["path"]).read_bytes())


@seed(SEED)
@settings(max_examples=80)
@given(labels=st.lists(st.text("=+-@;\t\n ,\"'ab1å", max_size=6), min_size=1), numbers=st.data())
def test_a_text_of_a_table_for_a_spreadsheet_is_itself_but_for_apostrophes(labels, numbers):
    amounts = [numbers.draw(st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False)) for _ in labels]
    content = as_csv(pd.DataFrame({"label_sv": labels, "change": amounts})).decode()
    header, *rows = csv.reader(io.StringIO(content, newline=""))
    assert header == ["label_sv", "change"]
    assert [float(amount) for _, amount in rows] == amounts
    for label, (shown, _) in zip(labels, rows, strict=True):
        assert shown.replace("'", "") == label.replace("'", "")
        assert not shown.startswith(("=", "+", "-", "@", "\t"))


@st.composite
def drawn_charts(draw: st.DrawFn) -> charts.Chart:
    """Return a chart of random tables."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    case = draw(KINDS[kind][0])
    names = [name for name in made_of(kind) if not name.startswith("answers.") and fits(case, name)]
    chart = getattr(charts, draw(st.sampled_from(names or ["what_if"])))
    return chart(**case.measured.arguments(chart), lang=draw(st.sampled_from(LANGUAGES)))


def same(found: Any, held: Any) -> bool:
    """Say whether a cell is what the table holds: the number itself, the text itself, or nothing."""
    if found in (None, "") or pd.isna(held):
        return found in (None, "") and (pd.isna(held) or held == "")
    if isinstance(held, bool | str):
        return str(found) == str(held)
    if isinstance(held, dt.date):
        return str(found).partition(" ")[0] == str(held).partition(" ")[0]
    return float(found) == pytest.approx(float(held), rel=1e-15)


@pytest.mark.filterwarnings("ignore:Attempting to set identical")  # by matplotlib, where a table has one value
@seed(SEED)
@settings(max_examples=30)
@given(chart=drawn_charts())
def test_what_is_drawn_is_what_stands_in_its_csv_and_its_sheet(chart):
    header, *rows = csv.reader(io.StringIO(chart.files(())[f"{chart.name}.csv"].decode(), newline=""))
    assert header == list(chart.data)
    values = list(chart.data.itertuples(index=False, name=None))
    assert all(same(*pair) for own in zip(rows, values, strict=True) for pair in zip(*own, strict=True))
    content = workbook([chart], [], {"differences": load_discrepancies(year=YEAR)}, chart.lang)
    sheet = openpyxl.load_workbook(io.BytesIO(content))[phrase(chart.name, "sheet", chart.lang)]
    titles, *below = sheet.values
    columns, words = read_texts(chart.lang)["columns"], vocabulary(chart.lang)
    for column in filter(columns.__contains__, chart.data):
        found = [row[titles.index(columns[column])] for row in below[: len(values)]]
        held = [words.get(str(value), value) for value in chart.data[column]]
        assert all(same(*pair) for pair in zip(found, held, strict=True)), column
