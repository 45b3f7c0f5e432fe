"""The texts of both languages say the same things of the same values, and a fault in one is told by its place."""

import shutil
import string
from collections import Counter

import pytest

from sodertorn_lib import DataError, wording
from sodertorn_lib.answers import ANSWERS
from sodertorn_lib.charts import CHARTS
from sodertorn_lib.errors import TextError
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.wording import FORMATS, Variant, literal_digits, phrase, read_texts, sentence, words

from . import digits
from .claims.reading import reachable, said_keys

SECTIONS = [*(f"answers.{answer.__name__}" for answer in ANSWERS), *(chart.__name__ for chart in CHARTS)]
EVERY = pytest.mark.parametrize("section", SECTIONS)
BOTH = pytest.mark.parametrize("lang", LANGUAGES)
LABELS = ("label", "area", "explanation", "recipient", "note", "goal", "responsible", "left_out", "line_growth_percent")
OWN = {lang: {f"{name}_{lang}" for name in LABELS} for lang in LANGUAGES}


def texts(lang: str) -> dict[tuple[str, str], str]:
    return {(section, key): text for section, keys in read_texts(lang).items() for key, text in keys.items()}


def placed(text: str) -> Counter[tuple[str, str]]:
    """Return the placeholders of a text with their formats."""
    return Counter((name, spec or "") for _, name, spec, _ in string.Formatter().parse(text) if name)


def values_of(section: str, lang: str) -> dict[str, object]:
    """Return what the findings give for the tables of the house; what they leave open is a number."""
    if section.startswith("answers."):
        found = digits.answered(lang)[section.removeprefix("answers.")].values
    else:
        found = digits.drawn(lang)[section][1]
    return {name: 1 if value is None else value for name, value in found.items()}


@pytest.fixture
def own_texts(tmp_path, monkeypatch):
    """Return a function that replaces a text of the English file by another, in a copy of both."""
    folder = shutil.copytree(wording.FOLDER, tmp_path / "texts")
    monkeypatch.setattr(wording, "FOLDER", folder)
    read_texts.cache_clear()

    def replace(old: str, new: str) -> None:
        content = (folder / "en.toml").read_text(encoding="utf-8")
        assert content.count(old) == 1
        (folder / "en.toml").write_text(content.replace(old, new), encoding="utf-8")
        read_texts.cache_clear()

    yield replace
    read_texts.cache_clear()


def test_the_languages_have_the_same_texts():
    keys = {lang: {pair for pair in texts(lang) if pair[1] not in OWN[lang]} for lang in LANGUAGES}
    assert keys["sv"] == keys["en"]


def test_the_languages_have_the_same_placeholders_written_the_same_way():
    sv, en = texts("sv"), texts("en")
    assert [pair for pair in sv.keys() & en.keys() if placed(sv[pair]) != placed(en[pair])] == []


def test_the_languages_have_the_same_digits_outside_placeholders():
    sv, en = texts("sv"), texts("en")
    unlike = [pair for pair in sv.keys() & en.keys() if literal_digits(sv[pair]) != literal_digits(en[pair])]
    assert unlike == []


def test_every_format_that_is_asked_for_is_there():
    asked = {spec for lang in LANGUAGES for text in texts(lang).values() for _, spec in placed(text)}
    assert asked <= set(FORMATS)


@BOTH
@EVERY
def test_every_variant_can_be_written(section, lang):
    values = values_of(section, lang)
    for key in [key for keys in said_keys(section, lang).values() for key in keys]:
        assert "{" not in phrase(section, key, lang, **values)
    for key in reachable(section, lang):
        name, _, variant = key.partition(".")
        said = phrase(section, key, lang, **values | {name: Variant(variant)})
        assert not set("{}") & set(said)


@BOTH
@EVERY
def test_no_brace_is_left_in_what_is_said(section, lang):
    assert not set("{}") & set("".join(digits.spoken(section, lang)))


@pytest.mark.parametrize(
    ("text", "values", "sv", "en"),
    [
        ("{x}", {"x": 2020}, "2020", "2020"),
        ("{x:n}", {"x": 1234.6}, "1\u00a0235", "1,235"),
        ("{x:n1}", {"x": 15.66}, "15,7", "15.7"),
        ("{x:n2}", {"x": -1.004}, "−1,00", "−1.00"),
        ("{x:+}", {"x": 1595}, "+1\u00a0595", "+1,595"),
        ("{x:+}", {"x": 0}, "0", "0"),
        ("{x:kr}", {"x": -1450}, "−1\u00a0450\u00a0kr", "−SEK\u00a01,450"),
        ("{x:kr}", {"x": 2_012_800, "unit": "mkr"}, "2,013\u00a0mkr", "SEK\u00a02.013\u00a0million"),
        ("{x:rate}", {"x": 4.5, "unit": "mkr"}, "4,50\u00a0kr", "SEK\u00a04.50"),
        ("{x:%}", {"x": 2.5}, "2,5\u00a0%", "2.5%"),
        ("{x:%0}", {"x": 75.8}, "76\u00a0%", "76%"),
        ("{x:%1}", {"x": 79.167}, "79,2\u00a0%", "79.2%"),
        ("{x:%2}", {"x": 1.966}, "1,97\u00a0%", "1.97%"),
        ("{x:low}", {"x": "Övriga IT"}, "övriga IT", "övriga IT"),
        ("{x:and}", {"x": ["a", "b", "c"]}, "a, b och c", "a, b and c"),
        ("{x:or}", {"x": [3, 4, 5]}, "3, 4 eller 5", "3, 4 or 5"),
        ("{x:word}", {"x": 8}, "åtta", "eight"),
        ("{x:word}", {"x": 13}, "13", "13"),
        ("{x:Word}", {"x": 1}, "En", "One"),
        ("{of}", {"of": Variant("some"), "municipalities": 2, "of_municipalities": 8}, " två/åtta", " two/eight"),
    ],
)
def test_a_value_is_written_as_its_format_says(monkeypatch, text, values, sv, en):
    for lang, expected in (("sv", sv), ("en", en)):
        sample = {"text": text, "of.some": " {municipalities:word}/{of_municipalities:word}"}
        monkeypatch.setitem(read_texts(lang), "sample", sample)
        assert phrase("sample", "text", lang, **values) == expected


def test_a_sentence_stands_in_the_variant_that_its_values_name():
    section, values = "fee_by_municipality", values_of("fee_by_municipality", "en")
    assert sentence(section, "title", "en", values).startswith("Huddinge pays the most")
    assert sentence(section, "title", "en", values | {"title": Variant("tied")}).startswith("The highest fee")


def test_a_selection_says_that_it_is_one():
    values = values_of("fee_by_municipality", "en") | {"municipalities": 2, "unit_name": Variant("kr")}
    chosen = (values | {"area": Variant(area)} for area in ("all", "some"))
    of_all, of_some = (words("fee_by_municipality", "en", each).subtitle for each in chosen)
    assert of_some == f"{of_all} · 2 of the eight municipalities"


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("{larges} pays {largest_fee:kr}", "has the unknown placeholder larges"),
        ("{largest} pays {largest_fee:euro}", "has the unknown format euro"),
        ("{largest pays {largest_fee:kr}", "has a brace without its pair"),
    ],
)
def test_a_fault_in_a_text_is_told_by_file_section_and_key(own_texts, new, told):
    values = values_of("fee_by_municipality", "en") | {"title": Variant("one")}
    own_texts('title.one = "{largest} pays {largest_fee:kr}"', f'title.one = "{new}"')
    with pytest.raises(TextError, match=rf"^texts/en\.toml, fee_by_municipality\.title\.one: {told}"):
        sentence("fee_by_municipality", "title", "en", values)


def test_an_unknown_variant_and_a_text_that_is_missing_are_told():
    values = values_of("fee_by_municipality", "en")
    with pytest.raises(TextError, match=r"^texts/en.toml, fee_by_municipality.title.second: is missing"):
        sentence("fee_by_municipality", "title", "en", values | {"title": Variant("second")})
    with pytest.raises(TextError, match=r"^texts/sv.toml, no_chart.title: is missing"):
        sentence("no_chart", "title", "sv", {})


def test_a_variant_inside_a_text_that_is_missing_is_told():
    values = values_of("growth_by_municipality", "en") | {"who": Variant("few")}
    with pytest.raises(TextError, match=r"^texts/en.toml, growth_by_municipality.who.few: is missing"):
        sentence("growth_by_municipality", "title", "en", values)


def test_an_unknown_language_is_told():
    with pytest.raises(DataError, match=r"^language: 'de' is not known. Choose from sv, en"):
        read_texts("de")


@pytest.mark.parametrize(
    ("new", "told"),
    [
        ("title.one = 1", "texts/en.toml, fee_by_municipality.title.one: is not a text"),
        ('title.one = "', "texts/en.toml: cannot be read: "),
    ],
)
def test_a_file_that_is_not_texts_is_told(own_texts, new, told):
    own_texts('title.one = "{largest} pays {largest_fee:kr}"', new)
    with pytest.raises(TextError, match=f"^{told}"):
        read_texts("en")
