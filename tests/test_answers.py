"""Answers and tables as a notebook shows them: from the house's tables, from one's own, and refused by name."""

import pandas as pd
import pytest

from sodertorn_lib import (
    DataError,
    answers,
    area_population,
    charts,
    compare_components,
    compare_published,
    fee_outlook,
    load_population,
    load_tables,
    membership_fees,
    show,
)
from sodertorn_lib.formats import LANGUAGES
from sodertorn_lib.wording import read_texts

from .conftest import MEASURED

TABLES = load_tables(year=2020)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("answer", answers.ANSWERS, ids=lambda answer: answer.__name__)
def test_an_answer_shows_its_sentences_as_markdown(answer, lang):
    said = answer(TABLES, 2020, lang)
    assert said._repr_markdown_() == {"sv": "**Kort sagt:** ", "en": "**In short:** "}[lang] + said.text
    assert said.question.endswith("?") and said.text.endswith(".")


def test_a_table_of_ones_own_is_what_the_answer_is_about():
    fees = membership_fees(load_population(), TABLES.fee_rates.assign(fee_sek_per_inhabitant=4.5))
    assert "SEK\N{NO-BREAK SPACE}4.50 per inhabitant" in answers.membership_fee(TABLES, 2020, "en", fees=fees).text
    known = pd.DataFrame(
        {"year": [2020, 2021], "population_before": [500_000, 400_000], "income_sek": [2_000_000, 1_600_000]}
    )
    known = known.assign(fee_sek_per_inhabitant=4, municipalities=8, of_municipalities=8)
    said = answers.fee_outlook(TABLES, 2020, "en", outlook=fee_outlook(known, 1_900_000)).text
    assert "there is a deficit in 2021" in said and "2030" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((TABLES, 1999, "en"), "fee_rates.csv: has no row for 1999"),
        ((TABLES, 2020, "se"), "'se' is not known. Choose from sv, en"),
    ],
)
def test_a_year_or_a_language_that_there_is_not_is_named(arguments, said):
    with pytest.raises(DataError, match=said):
        answers.membership_fee(*arguments)


def test_what_is_ahead_of_a_year_that_has_no_population_is_not_told():
    with pytest.raises(DataError, match=r"population\.csv: has no row for 2035"):
        answers.population_ahead(load_tables(), 2035, "en")


def test_a_measured_table_that_there_is_not_is_named():
    with pytest.raises(DataError, match=r"measured table: 'fee' is not known\. Choose from fees, scenarios"):
        answers.membership_fee(TABLES, 2020, "en", fee=TABLES.fee_rates)


def test_tables_of_different_selections_or_years_or_without_a_column_are_refused_by_name():
    salem = load_population().query("municipality == 'Salem'")
    with pytest.raises(DataError, match="population: is about different numbers of municipalities"):
        answers.population(TABLES, 2020, "en", area=area_population(salem))
    with pytest.raises(DataError, match=r"column population_year.*has 2 values, and one is needed"):
        rates = pd.concat([TABLES.fee_rates, TABLES.fee_rates.assign(year=2021, population_date="2020-12-31")])
        answers.cost_breakdown(TABLES, 2020, "en", fees=membership_fees(load_population(), rates))
    with pytest.raises(DataError, match="fee_outlook: needs 'cost_growth_percent'"):
        answers.fee_outlook(TABLES, 2020, "en", outlook=area_population(load_population()))
    with pytest.raises(DataError, match="checks: has no rows"):
        answers.closing_accounts(TABLES, 2020, "en", checks=pd.DataFrame(columns=["status", "check_id"]))
    with pytest.raises(DataError, match="column year: stands more than once"):
        charts.population_total(
            load_population().assign(municipalities=8, of_municipalities=8), TABLES.population_published
        )


@pytest.mark.parametrize("answer", [answers.fee_outlook, answers.cost_breakdown])
def test_some_municipalities_are_not_set_against_the_costs_of_all(answer):
    tables = load_tables()
    tables.population = tables.population.query("municipality in ['Salem', 'Nykvarn']")
    with pytest.raises(DataError, match="selection of municipalities, and the costs are those of all"):
        answer(tables, 2020, "en")


def test_a_table_is_shown_with_real_names_grouped_thousands_and_a_dash_for_a_blank():
    shown = show(TABLES.funds, "sv")
    assert "Södertörnsmodellen" in repr(shown) and "521\N{NO-BREAK SPACE}307" in repr(shown) and " – " in repr(shown)
    assert not [name for name in shown.table if name.startswith(("label", "fund_id"))]
    assert shown._repr_html_().count('<div style="text-align: left">Södertörnsmodellen</div>') == 1
    assert shown._repr_html_() == show(TABLES.funds, "sv")._repr_html_()


def test_numbers_of_a_table_have_the_decimals_that_they_need():
    table = pd.DataFrame({"year": [2020, 2021], "share_percent": [12.5, 0.25], "own": [1234.567, 1.5]})
    assert show(table, "en").table.values.tolist() == [["2020", "12.50", "1,235"], ["2021", "0.25", "1.50"]]
    assert show(table, "sv", decimals=1).table["own"].tolist() == ["1\N{NO-BREAK SPACE}235", "1,5"]
    with pytest.raises(DataError, match="'de' is not known"):
        show(table, "de")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_check_is_called_what_it_is_in_the_language(lang):
    t, texts = MEASURED.tables, read_texts(lang)
    published = compare_published(t.population, t.population_published, t.discrepancies)
    components = compare_components(t.population_components, t.population, t.population_reference, t.discrepancies)
    for table in (MEASURED.checks, published, components):
        called = show(table, lang).table[texts["columns"]["check_id"]]
        assert set(called) <= set(texts["checks"].values())
    both = dict(zip(MEASURED.checks["check_id"], show(MEASURED.checks, lang).table.values.tolist(), strict=True))
    assert both["income"][1:3] == [texts["checks"]["income"], "–"]
    fund = MEASURED.statement.set_index("fund_id")[f"label_{lang}"]["sodertorn_model"]
    assert both["fund_sodertorn_model"][1:3] == [texts["checks"]["fund_*"], fund]
    assert ["2023", texts["checks"]["published_change_percent*"], "Nykvarn"] in [
        row[:3] for row in show(published, lang).table.values.tolist()
    ]


@pytest.mark.parametrize(("lang", "said"), [("sv", "ingen rad"), ("en", "no row")])
def test_a_table_without_rows_says_so(lang, said):
    assert show(TABLES.funds.head(0)[["label_sv", "label_en", "income_sek"]], lang).table.values.tolist() == [
        [said, "–"]
    ]


def test_text_of_a_table_cannot_become_markup():
    assert "<b>" not in show(pd.DataFrame({"municipality": ["<b>Salem"]}), "en")._repr_html_()
