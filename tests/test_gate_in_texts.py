"""Words that an analyst edits: whatever is wrong with them is named by file and key when they are read."""

import json
import shutil
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sodertorn_lib import charts, cli, wording
from sodertorn_lib.checks import check_all
from sodertorn_lib.errors import TextError
from sodertorn_lib.publish.decksets import read_sets
from sodertorn_lib.reading import MOST_PIECES
from sodertorn_lib.wording import Variant, phrase, read_texts

from .conftest import MEASURED
from .test_gate_in_data import MODERATE, ODD, named

SKIP = 'skip = "To the charts"'


@pytest.fixture
def reword(tmp_path, monkeypatch):
    """Return a function that replaces a text in a copy of the words."""
    folder = shutil.copytree(wording.FOLDER, tmp_path / "texts")
    monkeypatch.setattr(wording, "FOLDER", folder)
    before = {path: path.read_text(encoding="utf-8") for path in folder.iterdir()}

    def replace(old: str, new: str, lang: str = "en") -> None:
        path = folder / f"{lang}.toml"
        assert old in before[path]
        path.write_bytes(before[path].replace(old, new, 1).encode("utf-8", "surrogatepass"))
        read_texts.cache_clear()

    yield replace
    read_texts.cache_clear()


@pytest.mark.parametrize(("text", "said"), [(text, said) for text, said in ODD.items() if "\n" not in text])
def test_a_text_that_is_not_what_it_looks_is_named_in_words_and_in_sets_of_slides(text, said, reword, tmp_path):
    reword(SKIP, f"skip = {json.dumps(text)}")
    told = named(read_texts, "en")
    assert told.startswith("texts/en.toml, page.skip: ") and said in told
    (tmp_path / "decks.toml").write_text(f'[a]\ntitle_sv = "A"\ntitle_en = {json.dumps(text)}\n', encoding="utf-8")
    assert f"[a], title_en: {text[:3]!r}"[:18] in named(read_sets, [], [], tmp_path / "decks.toml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (SKIP, 'skip = "{year:d}"', "page.skip: has the unknown format d. Use one of n, n1"),
        (SKIP, 'skip = "{year:>99999}"', "page.skip: has the unknown format >99999"),
        (SKIP, 'skip = "{a:{b}}"', "page.skip: has the unknown format {b}"),
        (SKIP, 'skip = "{a.b}"', "page.skip: has 'a.b' in braces, which is no name"),
        (SKIP, 'skip = "{a[0]}"', "page.skip: has 'a[0]' in braces, which is no name"),
        (SKIP, 'skip = "{a!r}"', "page.skip: has 'a' in braces, which is no name"),
        (SKIP, 'skip = "{0} {}"', "page.skip: has '' in braces, which is no name"),
        (SKIP, 'skip = "}"', "page.skip: has a brace without its pair"),
        (SKIP, "skip = 1979-05-27", "page.skip: is not a text"),
        (SKIP, 'skip = {a = {b = "c"}}', "page.skip.a: is not a text"),
        (SKIP, f"{SKIP}\n{SKIP}", "texts/en.toml: cannot be read: "),
        (SKIP, f"skip = {'[' * 5_000}", "texts/en.toml: cannot be read: "),
        (SKIP, '"skip\\u200b" = "a"', "page.skip\\u200b: has a character that is not seen (U+200B)"),
        ("[common]", 'more = "a"\n[common]', "texts/en.toml, more: is not a section"),
        ("[columns]", "[kolumner]", "texts/en.toml, [columns]: is missing"),
        ("[common]", "[comon]", "texts/en.toml, [common]: is missing"),
        ('sheet = "Map"', 'sheet = "Map/of growth"', "growth_map.sheet: 'Map/of growth' is no name of a sheet"),
        ('sheet = "Map"', f'sheet = "{"m" * 32}"', "growth_map.sheet: 'mmmm"),
        ('sheet = "Map"', 'sheet = "funds"', "growth_map.sheet: 'funds' is also the name of another sheet"),
        ('sheet = "Map"', 'sheet = "{year}"', "growth_map.sheet: '{year}' is no name of a sheet"),
        ('trace = "', "trace = \"'", 'workbook.trace: "\'From the report" is no name of a sheet'),
        (
            'title.one = "{largest} pays {largest_fee:kr}"',
            'title.one = "{title} pays"',
            "fee_by_municipality: has a text that stands in itself: title, title",
        ),
    ],
)
def test_a_text_that_cannot_be_used_is_named_when_the_words_are_read(reword, old, new, said):
    reword(old, new)
    assert said in named(read_texts, "en")


def test_the_check_tells_of_both_languages_at_once(reword):
    reword(SKIP, 'skip = "{a!r} \u200b"')
    reword('sheet = "Karta"', 'sheet = "[Karta]"', "sv")
    failed = [finding.text for finding in check_all() if not finding.passed]
    assert [text.partition(": ")[0] for text in failed] == [
        "texts/sv.toml, growth_map.sheet",
        "texts/en.toml, page.skip",
        "texts/en.toml, page.skip",
    ]


def test_words_are_not_held_against_those_that_cannot_be_read(reword):
    reword(SKIP, f"{SKIP}\n{SKIP}")
    failed = [finding.text for finding in check_all() if not finding.passed]
    assert [text.partition(": ")[0] for text in failed] == ["texts/en.toml"]


def test_a_placeholder_that_the_other_language_has_elsewhere_only_is_named(reword):
    reword('title.one = "{largest} pays {largest_fee:kr}"', 'title.one = "{smallest} pays {largest_fee:kr}"')
    failed = [finding.text for finding in check_all() if not finding.passed]
    assert [text.partition(", which")[0] for text in failed] == [
        "texts/sv.toml, fee_by_municipality.title.one: has the placeholder largest",
        "texts/en.toml, fee_by_municipality.title.one: has the placeholder smallest",
    ]


def test_words_that_are_no_utf_8_are_named(reword):
    reword(SKIP, 'skip = "\ud800"')
    assert "texts/en.toml: is not UTF-8" in named(read_texts, "en")


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (f"skip = {'9' * 5_000}", "texts/en.toml: cannot be read: Exceeds the limit"),
        (SKIP + "\n[s]" * MOST_PIECES, "texts/en.toml: says more than the 20,000 things that are read of such a file"),
        (f"skip = [{'1,' * MOST_PIECES}]", "texts/en.toml: says more than the 20,000 things that are read"),
    ],
    ids=["digits", "sections", "list"],
)
def test_words_beyond_all_measure_are_named(reword, new, said):
    reword(SKIP, new)
    assert said in named(read_texts, "en")


@pytest.mark.parametrize("spec", ["kr", "n", "%1", "+", "and", "word", "Word", "rate", "+sek", "low", "the"])
def test_a_format_that_a_value_does_not_take_is_named(reword, spec):
    value = 7 if spec in ("and", "low", "the") else "Huddinge"
    reword(SKIP, f'skip = "{{x:{spec}}}"')
    with pytest.raises(
        TextError, match=rf"^texts/en\.toml, page\.skip: '{value}' cannot be written as {spec}".replace("+", r"\+")
    ):
        phrase("page", "skip", "en", x=value)


def test_a_dollar_is_a_dollar_and_not_mathematics():
    chart = charts.fee_by_municipality(MEASURED.fees, "en", title="From $x^2$ to $y")
    (title,) = [text for text in chart.figure.texts if text.get_gid() == "title"]
    assert title.get_text() == "From $x^2$ to $y" and not title.get_parse_math()


@pytest.mark.parametrize("part", ["title", "subtitle"])
def test_words_that_leave_no_room_for_the_chart_are_refused_by_its_name(part):
    told = named(lambda: charts.fee_by_municipality(MEASURED.fees, "en", **{part: "word " * 300}))
    assert told.startswith("fee_by_municipality: would need ") and "inches for its title, subtitle and source" in told


def test_a_set_of_slides_and_a_municipality_are_no_path(tmp_path, monkeypatch, data_copy, edit, capsys):
    for name in ("../x", "board/../x"):
        (tmp_path / "decks.toml").write_text(f'["{name}"]\ntitle_sv = "A"\ntitle_en = "B"\n', encoding="utf-8")
        assert f"[{name}]: is no name. Write letters" in named(read_sets, [], [], tmp_path / "decks.toml")
    edit("municipalities.csv", "Salem", "../Salem")
    monkeypatch.setenv("SODERTORN_DATA", str(data_copy))
    monkeypatch.chdir(tmp_path)
    assert cli.main(["deck", "--lang", "en", "--only", "opening", "--municipality", "../Salem", "--anyway"]) == 0
    assert capsys.readouterr().out == "charts/sodertorn_selection____Salem_en.pptx\n"


LINES = (wording.FOLDER / "en.toml").read_text(encoding="utf-8").splitlines()
STARTS = [number for number, line in enumerate(LINES) if line.startswith("[")]
TEXTS = [(number, line) for number, line in enumerate(LINES) if ' = "' in line]
PIECES = st.text(max_size=6) | st.sampled_from(
    ["{", "}", "{x}", "{0}", "{year!r}", "{year:n}", "\u202e", "{unit.a}", '"']
)


@MODERATE
@given(st.sampled_from(TEXTS), st.integers(0, 300), PIECES)
def test_a_line_of_words_with_something_put_in_is_read_and_said_or_refused(reword, text, place, piece):
    number, line = text
    reword(f"\n{line}\n", f"\n{line[: place % len(line)]}{piece}{line[place % len(line) :]}\n")
    section = LINES[max(start for start in STARTS if start < number)].strip("[]")
    try:
        texts = read_texts("en")
    except TextError as error:
        assert str(error).startswith("texts/en.toml")
        return
    for key in texts.get(section, {}):
        with suppress(TextError):  # a placeholder that has no value here
            phrase(section, key, "en", x=1, year=2020, unit="kr", title=Variant("ranked"))
