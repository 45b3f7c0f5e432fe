"""The made-up year is a year as one adds it: its rows pass every check beside those of the house."""

import csv
import itertools
import re

import pytest

from sodertorn_lib import load_tables
from sodertorn_lib.answers import ANSWERS, fee_outlook, population_ahead, track_record, what_if, why_growth_slowed
from sodertorn_lib.charts import CHARTS
from sodertorn_lib.checks import check_all
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.measured import Measured
from sodertorn_lib.publish.notebooks import STORED

from .conftest import EXPLORE
from .made_up import ROWS, YEAR

YEARLY = sorted(path.stem for path in ROWS.glob("*.csv"))


@pytest.fixture
def folder(made_up):
    return made_up.tables.folder


def test_every_check_passes_with_both_years(folder):
    found = list(check_all(folder))
    assert [finding.text for finding in found if not finding.passed] == []
    assert any(finding.text.startswith(f"operating_income_from_fees {YEAR}") for finding in found)


def test_every_yearly_table_has_rows_of_that_year_and_of_no_other(folder):
    declared = {table["name"]: table["schema"]["primaryKey"] for table in load_tables(folder).package["resources"]}
    assert sorted(name for name, key in declared.items() if key[0] == "year") == YEARLY
    for name in YEARLY:
        rows = csv.DictReader((ROWS / f"{name}.csv").read_text(encoding="utf-8").splitlines())
        assert {row["year"] for row in rows} == {str(YEAR)}, name


def test_every_row_stands_under_a_heading_of_its_report(folder):
    tables = load_tables(folder)
    headings = tuple(tables.report_sections.query("year == @YEAR")["heading"])
    for name in YEARLY:
        own = getattr(tables, name).query("year == @YEAR")
        places = own["place"].str.split("; ").explode() if "place" in own else []
        assert all(place.startswith(headings) for place in places), name


def test_what_goes_on_does_and_every_fund_opens_as_it_closed(folder):
    tables = load_tables(folder)
    before, after = (tables.activities.query("year == @year") for year in (YEAR - 1, YEAR))
    assert set(before.query("goes_on == 'yes'")["activity_id"]) <= set(after["activity_id"])
    closed, opened = (tables.funds.query("year == @year").set_index("fund_id") for year in (YEAR - 1, YEAR))
    closed = closed.rename(index={"operations": f"operations_{YEAR - 1}"})["closing_sek"]
    opened = opened["opening_sek"].drop("operations")
    assert opened.dropna().to_dict() == closed.dropna().to_dict()


TRUE_OF_IT = (  # where another year than its own is what has to be said
    r"31 (december|December) {before}",  # the population that the fee is on
    r"(från|from) {before}",  # of a fund, a forecast, a comparison
    r"31 (december|December) {before} (eller|or) {year}",
    r"{before} (är vår läsning|is our reading)",
    r"(i|in|för|for|of) {before}\b",
    r"\b\d{{4}}–{before}\b",  # of periods that end with the years of the data
)


WITHOUT_YEAR = (
    population_ahead,
    why_growth_slowed,
    track_record,
    fee_outlook,
    what_if,
)  # they speak of the years ahead, or of all


def other_years(text: str) -> list[str]:
    """Return what a text says of the year before beyond what is true of the year itself."""
    for allowed in TRUE_OF_IT:
        text = re.sub(allowed.format(before=YEAR - 1, year=YEAR), "", text)
    return re.findall(rf".{{0,30}}\b{YEAR - 1}\b.{{0,30}}", text)


def test_what_is_said_of_the_year_names_no_other(made_up):
    for draw, lang in itertools.product(CHARTS, LANGUAGES):
        words = vars(draw(**made_up.arguments(draw), lang=lang).words)
        assert not [said for text in words.values() for said in other_years(text)], (draw.__name__, lang)
    for answer, lang in itertools.product(ANSWERS[:-1], LANGUAGES):  # the last sets two years beside each other
        said = answer(made_up.tables, YEAR, lang)
        assert not other_years(said.question + said.text), (answer.__name__, lang)
        assert str(YEAR) in said.question + said.text or answer in WITHOUT_YEAR, answer


def test_what_was_published_of_the_year_before_is_the_same_with_the_year_added(made_up, all_charts, all_answers):
    before = Measured(made_up.tables, YEAR - 1)
    for (name, lang), chart in all_charts.items():
        (draw,) = [own for own in CHARTS if own.__name__ == name]
        again = draw(**before.arguments(draw), lang=lang)
        assert repr(again) == repr(chart) and again.data.equals(chart.data), (name, lang)
    for lang in LANGUAGES:
        assert [answer(made_up.tables, YEAR - 1, lang).text for answer in ANSWERS] == [
            a.text for a in all_answers[lang]
        ]


def test_the_notebooks_run_for_the_year_and_begin_and_end_with_its_answers(made_up, run):
    paths = [path for path in sorted(STORED.glob("*.ipynb")) if path.stem != EXPLORE]
    run(STORED / f"{EXPLORE}.ipynb", YEAR, "sv", made_up.tables.folder)
    for path, answer in zip(paths, ANSWERS, strict=True):
        said = answer(made_up.tables, YEAR, "sv")._repr_markdown_()
        notebook = run(path, YEAR, "sv", made_up.tables.folder)
        outputs = [own for cell in notebook["cells"] for own in cell.get("outputs", [])]
        shown = ["".join(own["data"]["text/markdown"]) for own in outputs if "text/markdown" in own.get("data", {})]
        assert shown[0] == said and (shown[-1] == said or answer is what_if)
