"""Tables and descriptors that somebody edits: whatever is wrong with them is named, and nothing else comes of it."""

import copy
import csv
import io
import json
import shutil
import zipfile

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sodertorn_lib import DataError, cli, datapackage, load_municipalities, load_tables
from sodertorn_lib.checks import check_all
from sodertorn_lib.declaration import PATTERN, descriptor_faults
from sodertorn_lib.describe import described
from sodertorn_lib.errors import MOST_FAULTS, Fault
from sodertorn_lib.files import JOURNAL, UNFINISHED
from sodertorn_lib.plaintext import LONGEST, oddity
from sodertorn_lib.reader import MOST_COLUMNS, MOST_ROWS
from sodertorn_lib.reading import LARGEST, MOST_PIECES
from sodertorn_lib.registered import REGISTER

from .conftest import HOUSE

PACKAGE = json.loads((HOUSE / "datapackage.json").read_text(encoding="utf-8"))
MODERATE = settings(max_examples=50)
ODD = {  # a text, and what is said of it
    "Nyn\u200bäshamn": "a character that is not seen (U+200B)",
    "Salem\u202e": "a character that is not seen (U+202E)",
    "Sal\x1b[31mem": "a character that is not seen (U+001B)",
    "Sal\nem": "has a line break in it",
    "Sa\u3164lem": "a character that is not seen (U+3164)",
    "Tyreso\u0308": "an accent that stands apart from its letter",
    "Salem\u0336": "an accent that stands apart from its letter",
    "NynÃ¤shamn": "'Ã', as a text that was read in another encoding",
    "Huddinge Â 4": "'Â', as a text that was read in another encoding",
    "2018â€“2020": "'â€', as a text that was read in another encoding",
    "Tyres\ufffd": "'\ufffd', as a text that was read in another encoding",
    "Tyres+APY-": "'+APY-', as a text that was read in another encoding",
    "S√∂dert√§lje": "'√∂', as a text that was read in another encoding",
    "Nyn├ñshamn": "'├ñ', as a text that was read in another encoding",
    "Nykv\N{CYRILLIC SMALL LETTER A}rn": "letters of two alphabets side by side",
    "x" * (LONGEST + 1): f"{LONGEST + 1:,} characters, and a text has at most {LONGEST:,}",
}


def named(read, *arguments) -> str:
    with pytest.raises(DataError) as error:
        read(*arguments)
    return "\n".join(map(str, error.value.faults))


@pytest.mark.parametrize("text", ["Nynäshamn", "4\u00a0531 kr", "São Paulo", "Âge", "A+B-C", "−5 %", "château", ""])
def test_a_text_that_is_what_it_looks_is_taken(text):
    assert oddity(text) is None


@pytest.mark.parametrize(("text", "said"), ODD.items())
def test_a_text_that_is_not_what_it_looks_is_named_in_tables_and_descriptors(text, said, data_copy):
    rows = list(csv.reader(io.StringIO((data_copy / "municipalities.csv").read_text(encoding="utf-8"))))
    rows[3][1] = text
    with (data_copy / "municipalities.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    told = named(load_municipalities, data_copy)
    assert told.startswith("municipalities.csv, row 4, column municipality: ") and said in told and "\n" not in told
    package = copy.deepcopy(PACKAGE)
    package["resources"][0]["title"] = text
    (fault,) = descriptor_faults(package)
    assert str(fault).startswith("datapackage.json, resources[0].title: ") and said in str(fault)


def test_a_message_shows_no_more_of_a_value_than_one_can_read_and_nothing_unseen():
    told = str(Fault("a\u202eb.csv", "is odd", "Mend it.", 2, "x\x1b[2J", "y" * 5_000))
    assert len(told) < 300 and told.startswith("a\\u202eb.csv, row 2, column x\\x1b[2J: 'yyy") and told.isprintable()
    long = "z" * 5_000
    assert len(str(Fault(long, long, "Mend it.", 2, long, long))) < 1_000


# tables


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"x" * (LARGEST + 1), "population.csv: is larger than the 2,000,000 bytes"),
        (b"\n".join([b"0126,1950,1"] * (MOST_ROWS + 2)), "population.csv: has more than the 10,000 rows"),
        (b"," * (MOST_COLUMNS + 1) + b"\n", "population.csv: has more than the 10,000 rows or the 100 columns"),
        (b'municipality_code,year,population\n0126,1950,"1\n', "row 2: cannot be read on"),
        (b"municipality_code,year,population\n0126,1950,%b\n" % (b"9" * 200_000), "row 2: cannot be read on"),
        (b"municipality_code,year,population\n0126,1950,%b\n" % (b"9" * 100_000), "column population: '9999"),
        (b"municipality_code,year,population\n0126,1950,1\0\n", "population.csv: is not UTF-8 text"),
        ("municipality_code,year,population\n0126,1950,٣\n".encode(), "row 2, column population: '٣' is not a whole"),
    ],
)
def test_a_table_beyond_all_measure_is_named(data_copy, content, said):
    (data_copy / "population.csv").write_bytes(content)
    told = named(lambda: load_tables(data_copy).population)
    assert said in told and len(told) < 1_000


def test_of_a_table_that_is_all_wrong_the_first_faults_are_told(data_copy):
    (data_copy / "population.csv").write_text(
        "municipality_code,year,population\n" + "x,y,z\n" * (MOST_ROWS - 1), "utf-8"
    )
    with pytest.raises(DataError) as error:
        load_tables(data_copy).population  # noqa: B018
    assert len(error.value.faults) == MOST_FAULTS


CELL = st.sampled_from(["", "0", "-1", "00", "1 000", "1,5", "1e3", "٣", "9" * 16, "0.10", "NA", "2020-02-30", "126"])
NAMES = [table["name"] for table in PACKAGE["resources"]]


@MODERATE
@given(st.sampled_from(NAMES), st.integers(0, 10**6), CELL | st.text(max_size=12))
def test_a_table_with_a_cell_changed_has_the_values_of_its_text_or_is_refused(tmp_path, name, place, cell):
    folder, (declared,) = tmp_path / "data", [table for table in PACKAGE["resources"] if table["name"] == name]
    if not folder.exists():
        shutil.copytree(HOUSE, folder)
    before = (HOUSE / declared["path"]).read_text(encoding="utf-8")
    header, *rows = csv.reader(io.StringIO(before, newline=""))
    rows[place % len(rows)][place % len(header)] = cell
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *rows])
    (folder / declared["path"]).write_bytes(text.getvalue().encode("utf-8", "surrogatepass"))
    try:
        read = getattr(load_tables(folder), name)
    except DataError:
        return
    finally:
        (folder / declared["path"]).write_text(before, encoding="utf-8")
    for column, field in enumerate(declared["schema"]["fields"]):
        as_value = {"integer": int, "number": float, "date": pd.Timestamp, "yearmonth": pd.Period}
        written = [as_value.get(field["type"], str)(row[column]) if row[column] else pd.NA for row in rows]
        found = read[field["name"]].tolist()
        assert all(pd.isna(b) if a is pd.NA else a == b for a, b in zip(written, found, strict=True))


@pytest.mark.parametrize(
    ("day", "said", "last"),
    [
        ("2019-11-30", "FAILED  fee_rates.csv, row 2, column population_date: '2019-11-30' breaks a rule", "1 failed"),
        ("1949-12-31", "FAILED  population: has 1950 to ", "2 failed"),
    ],
)
def test_a_fee_on_another_day_is_a_finding_and_the_check_goes_on_to_its_end(
    edit, data_copy, monkeypatch, capsys, day, said, last
):
    edit("fee_rates.csv", "2019-12-31", day)
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    assert cli.main(["check"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith(said) for line in lines)
    assert lines[-1].endswith(f"checks, {last}") and lines[-2].startswith("ok      texts/sv.toml and texts/en.toml")


def test_what_is_wrong_with_a_descriptor_is_a_finding_too(edit, data_copy, monkeypatch, capsys):
    edit("datapackage.json", '"type": "integer"', '"type": "int"')
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    assert cli.main(["check"]) == 1
    first, *_, last = capsys.readouterr().out.splitlines()
    assert first.startswith("FAILED  datapackage.json, resources[1].schema.fields[1].type: 'int' is not one of integer")
    assert last == "2 checks, 1 failed"  # the texts are held as well


def test_a_column_that_the_descriptor_of_the_library_itself_has_lost_is_a_finding(data_copy, monkeypatch):
    monkeypatch.setattr(datapackage, "OWN_DATA", data_copy)
    package = copy.deepcopy(PACKAGE)
    (declared,) = [table for table in package["resources"] if table["name"] == "operating_statement"]
    declared["schema"]["fields"] = [field for field in declared["schema"]["fields"] if field["name"] != "kind"]
    (data_copy / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    table = pd.read_csv(data_copy / declared["path"], dtype=str, keep_default_na=False)
    table.drop(columns="kind").to_csv(data_copy / declared["path"], index=False)
    failed = [finding.text for finding in check_all(data_copy) if not finding.passed]
    assert any(text.startswith("a check: needs 'kind', which is not in the tables given.") for text in failed)


# descriptors


def put(value, *path):
    """Return a change of a descriptor: a value in place of another, or none of it."""

    def change(package):
        *way, last = path
        for key in way:
            package = package[key]
        if value is put:
            del package[last]
        else:
            package[last] = value

    return change


FIELDS = ("resources", 1, "schema", "fields")
EDITS = [
    (put([], "resources"), "resources: is empty"),
    (put({}, "resources"), "resources: '{}' is not a list"),
    (put("x", "resources", 3), "resources[3]: 'x' is not an object"),
    (put(put, "resources", 3, "name"), "resources[3].name: is missing"),
    (put("read_all", "resources", 3, "name"), "resources[3].name: 'read_all' is not a name of small letters"),
    (put("population", "resources", 3, "name"), "resources[3].name: 'population' stands twice"),
    (put("../fee_rates.csv", "resources", 3, "path"), "resources[3].path: '../fee_rates.csv' is not the name of a CSV"),
    (put("/etc/fee_rates.csv", "resources", 3, "path"), "resources[3].path: '/etc/fee_rates.csv' is not the name of"),
    (put("Population.csv", "resources", 3, "path"), "resources[3].path: 'population.csv' stands twice"),
    (put(None, "resources", 3, "description"), "resources[3].description: is not a text"),
    (put([{}], "resources", 3, "sources"), "resources[3].sources[0].title: is missing"),
    (
        put("money", *FIELDS, 2, "type"),
        "resources[1].schema.fields[2].type: 'money' is not one of integer, number, date",
    ),
    (put(["integer"], *FIELDS, 2, "type"), "fields[2].type: \"['integer']\" is not one of"),
    (put("year", *FIELDS, 2, "name"), "resources[1].schema.fields[2].name: 'year' stands twice"),
    (put({"minimum": "1"}, *FIELDS, 2, "constraints"), "fields[2].constraints.minimum: '1' is not a number"),
    (put({"maximum": True}, *FIELDS, 2, "constraints"), "fields[2].constraints.maximum: 'True' is not a number"),
    (put({"required": "yes"}, *FIELDS, 2, "constraints"), "fields[2].constraints.required: 'yes' is not true or false"),
    (put({"minimum": 10**15}, *FIELDS, 2, "constraints"), "is not a number of at most 15 digits"),
    (put({"enum": "a"}, *FIELDS, 2, "constraints"), "fields[2].constraints.enum: 'a' is not a list"),
    (put({"enum": [1]}, *FIELDS, 2, "constraints"), "fields[2].constraints.enum[0]: '1' is not a text"),
    (put({"pattern": "["}, *FIELDS, 0, "constraints"), "fields[0].constraints.pattern: '[' is not a pattern"),
    (
        put({"required": True, "minimum": 1}, *FIELDS, 0, "constraints"),
        "fields[0].constraints: limits a column that has",
    ),
    (put({"kind": ["a"]}, *FIELDS, 2, "requiredWhen"), "fields[2].requiredWhen: 'kind' is not a column of population"),
    (
        put({"year": "2020"}, *FIELDS, 2, "requiredWhen"),
        "fields[2].requiredWhen: \"{'year': '2020'}\" is not a list of",
    ),
    (put({"year": {"a": "b"}}, *FIELDS, 2, "oneOfWhen"), "fields[2].oneOfWhen: "),
    (put({"year": {"2020": []}}, *FIELDS, 2, "oneOfWhen"), "fields[2].oneOfWhen: "),
    (put({"year": []}, *FIELDS, 2, "onlyWhen"), "fields[2].onlyWhen: "),
    (put(["year", "population"], *FIELDS, 2, "sameFor"), "fields[2].sameFor: names the column itself, or one of"),
    (put(["year", "year"], *FIELDS, 2, "sameFor"), "fields[2].sameFor: names the column itself, or one of"),
    (put(["year", "population"], *FIELDS, 0, "differenceOf"), "fields[0]: holds numbers against each other in columns"),
    (put(["year", "municipality_code"], *FIELDS, 2, "differenceOf"), "fields[2]: holds numbers against each other"),
    (put("funds2.csv", "resources", 4, "path"), "resources[4].path: 'funds2.csv' is not 'funds.csv', which this"),
    (put(["year"], *FIELDS, 2, "differenceOf"), "fields[2].differenceOf: is not of two columns"),
    (put("31 December", *FIELDS, 2, "onDay"), "fields[2].onDay: '31 December' is not a month and a day"),
    (put("month", *FIELDS, 2, "blankIs"), "fields[2].blankIs: 'month' is not a column of population"),
    (put({"minimum": 1950}, *FIELDS, 1, "constraints"), "fields[1].constraints: does not say that a column of the key"),
    (put("year", "resources", 1, "schema", "primaryKey"), "resources[1].schema.primaryKey: 'year' is not a list"),
    (put(["when"], "resources", 1, "schema", "primaryKey"), "primaryKey[0]: 'when' is not a column of population"),
    (put(["year"], "resources", 1, "schema", "primaryKey"), "primaryKey: is not an area and a year from 1000 to 3000"),
    (put(["amount"], "resources", 4, "schema", "primaryKey"), "primaryKey[0]: 'amount' is not a column of funds"),
    (put(["fund_id"], "resources", 4, "schema", "primaryKey"), "primaryKey: does not begin with the year"),
    (put("no", "resources", 4, "everyYear"), "resources[4].everyYear: 'no' is not true or false"),
    (put("lost", "resources", 4, "unfilled"), "resources[4].unfilled: 'lost' is not one of kept, left out"),
    (put({"0140": "1999"}, "resources", 1, "firstYears"), "resources[1].firstYears: "),
    (
        put("nowhere", "resources", 1, "schema", "foreignKeys", 0, "reference", "resource"),
        "foreignKeys[0].reference.fields: 'municipality_code' is not a column of nowhere",
    ),
    (
        put(["municipality_code", "year"], "resources", 1, "schema", "foreignKeys", 0, "fields"),
        "foreignKeys[0]: has not as many columns on both sides",
    ),
    (put(put, "resources", 3), "resources: lacks the table fee_rates, which this library reads"),
    (put(put, *FIELDS, 2), "resources[1].schema.fields: lacks the column population, which this library reads"),
    (put("number", *FIELDS, 2, "type"), "column population.type: 'number' is not 'integer', which this library counts"),
    (put({"minimum": 1}, *FIELDS, 2, "constraints"), "column population.required: is not True, which this library"),
    (put(put, "resources", 4, "everyYear"), "resources[4].everyYear: is not True, which this library counts on"),
    (put([[[[[[[[[[[[["deep"]]]]]]]]]]]]], "extra"), "lies deeper than 12 levels"),
    (put(1, "ti\u202etle"), "datapackage.json: 'ti\\u202etle' has a key that has a character that is not seen"),
]


@pytest.mark.parametrize(("change", "said"), EDITS, ids=range(len(EDITS)))
def test_a_descriptor_that_declares_what_cannot_be_is_named_by_its_place(data_copy, change, said):
    package = copy.deepcopy(PACKAGE)
    change(package)
    (data_copy / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    told = named(load_tables, data_copy)
    assert told.startswith("datapackage.json") and said in told


def test_all_that_is_wrong_with_a_descriptor_is_told_at_once_and_what_is_not_known_is_kept(data_copy):
    package = copy.deepcopy(PACKAGE)
    package["resources"][1]["schema"]["fields"][1]["rdfType"] = package["contact"] = "kept"
    (data_copy / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    renewed = json.loads(described(load_tables(data_copy), [])["datapackage.json"])
    assert renewed == package
    package["resources"][1]["schema"]["fields"][1]["type"] = package["resources"][5]["path"] = 7
    assert len(descriptor_faults(package)) == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a": NaN}', "is not JSON (NaN is no number)"),
        (b'{"a": 1, "b": {"c": 1, "c": 2}}', "is not JSON (the key 'c' stands twice in one object)"),
        (b"[" * 100_000, "is not JSON (maximum recursion depth exceeded"),
        (b'{"a": "\xe5"}', "is not UTF-8"),
        (b"[" + b"1," * MOST_PIECES + b"1,1]", "says more than the 20,000 things that are read"),
        (b" " * (LARGEST + 1), "is larger than the 2,000,000 bytes"),
        (b"7", "datapackage.json: '7' is not an object"),
    ],
)
def test_a_descriptor_that_is_no_descriptor_is_named(data_copy, content, said):
    (data_copy / "datapackage.json").write_bytes(content)
    assert said in named(load_tables, data_copy)


def test_a_descriptor_may_begin_with_a_byte_order_mark(data_copy):
    path = data_copy / "datapackage.json"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(load_tables(data_copy).municipalities) == 8


@pytest.mark.parametrize(
    ("pattern", "taken"),
    [
        ("[0-9]{4}", True),
        ("^[A-Z]{2}-?[0-9]{3}$", True),
        (r"https://.+|\d\d", True),
        ("[A-Z]{1,9}-{,3}x", False),
        ("[A-Z]{1,9}-x{2}", True),
        ("x{3,}", True),
        ("(a+)+", False),
        ("a*a*a*b", False),
        (".*.*x", False),
        ("(a|a)*", False),
        (r"(.)\1*", False),
        ("a{1,9}a{1,9}", False),
        ("a{99999999999}", False),
        ("[z-a]", False),
        ("*a", False),
        ("x" * 101, False),
        (5, False),
    ],
)
def test_only_patterns_that_are_quick_are_taken(pattern, taken):
    assert PATTERN.fits(pattern) is taken


def paths(value, path=()):
    """Yield the way to each part of a descriptor."""
    for key, own in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield (*path, key)
        yield from paths(own, (*path, key))


PARTS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.sampled_from(["year", "..", {}])
)
ANY = st.recursive(
    PARTS, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
)


@MODERATE
@given(st.lists(st.tuples(st.sampled_from(list(paths(PACKAGE))), ANY | st.just(put)), min_size=1, max_size=3))
def test_a_descriptor_with_parts_changed_is_read_or_refused(tmp_path, changes):
    folder, package = tmp_path / "data", copy.deepcopy(PACKAGE)
    if not folder.exists():
        shutil.copytree(HOUSE, folder)
    for path, value in changes:
        try:
            put(value, *path)(package)
        except (LookupError, TypeError):  # what is above it was changed before
            continue
    (folder / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    try:
        tables = load_tables(folder)
        for number in {path[1] for path, _ in changes if path[1:]} & set(range(len(tables.package["resources"]))):
            getattr(tables, tables.package["resources"][number]["name"])
    except DataError:
        return
    assert json.loads(described(tables, [])["datapackage.json"]) == package


# what is kept beside the tables


def packed(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "cannot be read as a copy of what was registered (BadZipFile: File is not a zip file)"),
        (packed(**{"a.csv": b""}), "holds other files than tables and datapackage.json"),
        (packed(**{"datapackage.json": b"{}", "../a.csv": b""}), "holds other files than tables and datapackage.json"),
        (packed(**{"datapackage.json": b"\xe5"}), "registered.zip, datapackage.json: is not UTF-8"),
        (packed(**{"datapackage.json": b"{}"}), "registered.zip, datapackage.json, resources: is missing"),
    ],
    ids=range(5),  # the content has the time in it
)
def test_a_copy_of_what_was_registered_that_is_none_is_a_finding(data_copy, content, said):
    (data_copy / REGISTER).write_bytes(content)
    (told,) = [finding.text for finding in check_all(data_copy) if not finding.passed]
    assert REGISTER in told and said in told


@pytest.mark.parametrize(
    "journal",
    [
        '{"kept": {}, "added": ["../outside"]}',
        '{"kept": {"../outside": "0-before"}, "added": []}',
        '{"kept": {"funds.csv": "../../outside"}, "added": []}',
        '{"kept": [], "added": []}',
        "{",
        "[" * 100_000,
    ],
)
def test_a_journal_that_came_with_a_folder_touches_nothing_outside(data_copy, journal):
    outside = data_copy.parent / "outside"
    outside.write_text("mine")
    (data_copy / UNFINISHED).mkdir()
    (data_copy / UNFINISHED / JOURNAL).write_text(journal)
    (data_copy / UNFINISHED / "0-before").write_text("theirs")
    assert "no run of ours has written its journal" in named(load_tables, data_copy)
    assert outside.read_text() == "mine"
