"""The deck that is asked for: by names, by a set, for a municipality; what is not there is named, not written."""

import io
import re
from dataclasses import replace

import pytest
from pptx import Presentation

from sodertorn_lib import cli, load_discrepancies
from sodertorn_lib.answers import ANSWERS
from sodertorn_lib.charts import CHARTS, charted, what_if
from sodertorn_lib.errors import DataError
from sodertorn_lib.formats import LANGUAGES, kronor, number
from sodertorn_lib.measured import Measured
from sodertorn_lib.publish import decksets, press
from sodertorn_lib.publish.deck import deck
from sodertorn_lib.publish.decksets import SETS, TEXT_SLIDES, read_sets
from sodertorn_lib.publish.differences import explained, noted, on_slide
from sodertorn_lib.publish.one_municipality import about_municipality
from sodertorn_lib.publish.press import Edition
from sodertorn_lib.publish.speaker_notes import aloud, speaker_notes
from sodertorn_lib.wording import phrase

from .conftest import MEASURED, YEAR

NAMES = [draw.__name__ for draw in CHARTS]
POLITICIANS = ["fee_by_municipality", "ranked_costs", "activities_by_outcome", "growth_needed_and_seen", "what_if"]
EVERY = pytest.mark.parametrize("lang", LANGUAGES)


def title_of(slide) -> str:
    return slide.shapes.title.text.replace("\v", " ")


def titles(path) -> list[str]:
    return [title_of(slide) for slide in Presentation(path).slides]


@pytest.fixture
def asked(tmp_path, monkeypatch, capsys):
    """Return a function that runs the command in an empty folder; it gives the exit code, and what is said there."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.main(["deck", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_only_the_slides_that_are_named_in_their_order(asked, all_charts, tmp_path):
    code, said, _ = asked("--lang", "sv", "--only", "population_fan,sources, fee_by_municipality")
    assert (code, said) == (0, "charts/sodertorn_selection_sv.pptx\n")
    fan, fees = (all_charts[name, "sv"].words.title for name in ("population_fan", "fee_by_municipality"))
    assert titles(tmp_path / "charts" / "sodertorn_selection_sv.pptx") == [fan, "Källor", fees]


@EVERY
def test_politicians_get_an_opening_and_six_slides_and_nothing_else_is_drawn(asked, monkeypatch, tmp_path, lang):
    drawn = []

    def counted(edition, function):
        drawn.append(function.__name__)
        return function(**edition.measured.arguments(function), lang=edition.lang)

    monkeypatch.setattr(Edition, "draw", counted)
    assert asked("--for", "politicians", "--lang", lang)[0] == 0
    slides = list(Presentation(tmp_path / "charts" / f"sodertorn_politicians_{lang}.pptx").slides)
    assert sorted(drawn) == sorted(POLITICIANS) and len(slides) == 7
    assert title_of(slides[1]) == phrase("workbook", "in_short", lang)
    scenario = slides[-1]
    assert title_of(scenario).startswith("Scenario: ")
    source, notes = scenario.shapes[3].text_frame.text, scenario.notes_slide.notes_text_frame.text
    assert "Scenario" in source and {"sv": "ingen prognos", "en": "no forecast"}[lang] in notes


def test_the_scenario_is_in_no_other_deck():
    edition = Edition(MEASURED, "sv")
    assert what_if.__name__ not in [chart.name for chart in edition.charts]
    assert "what_if" not in [answer.name for answer in edition.published]


def test_officials_get_everything(asked, tmp_path, monkeypatch, all_charts):
    few = [draw for draw in CHARTS if draw.__name__ in ("fee_by_municipality", "ranked_costs")]
    monkeypatch.setattr(press, "CHARTS", few)
    (tmp_path / "decks.toml").write_text("[officials]" + SETS.read_text("utf-8").partition("[officials]")[2], "utf-8")
    monkeypatch.setattr(decksets, "SETS", tmp_path / "decks.toml")
    assert asked("--for", "officials", "--lang", "sv")[0] == 0
    assert asked("--lang", "sv")[0] == 0
    whole, officials = (tmp_path / "charts" / f"sodertorn{own}_sv.pptx" for own in ("", "_officials"))
    assert officials.read_bytes() == whole.read_bytes()


def test_a_municipality_has_a_slide_and_is_highlighted_where_it_is_drawn(asked, tmp_path):
    names = "municipality,fee_by_municipality,ranked_costs,growth_map"
    assert asked("--municipality", "Nykvarn", "--lang", "en", "--only", names)[0] == 0
    slides = list(Presentation(tmp_path / "charts" / "sodertorn_selection_Nykvarn_en.pptx").slides)
    fee = MEASURED.fees.set_index("municipality").loc["Nykvarn", "fee_sek"]
    assert kronor(fee, "en") in slides[0].placeholders[1].text
    described = [next(iter(slide.shapes._spTree.xpath(".//@descr")), "") for slide in slides[1:]]
    assert ["Highlighted: Nykvarn." in alt for alt in described] == [True, False, True]
    assert title_of(slides[1]).startswith("Huddinge pays the most")  # the tables are those of all


@EVERY
def test_what_is_said_of_a_municipality_is_what_the_tables_say(lang):
    for name in MEASURED.fees["municipality"]:
        fee, year, decade = (
            table.set_index("municipality").loc[name] for table in (MEASURED.fees, MEASURED.growth, MEASURED.changes)
        )
        text = about_municipality(MEASURED, name, lang).text
        before, after = (
            MEASURED.tables.population.query("year == @when")["population"].sum() for when in (YEAR - 10, YEAR)
        )
        together = 100 * ((after / before) ** 0.1 - 1)
        share = 100 * fee["fee_sek"] / MEASURED.fees["fee_sek"].sum()
        amounts = [fee["population"], abs(year["change"]), year["population"]]
        rates = [(share, 1), (year["change_percent"], 1), (decade["percent_per_year"], 2)]
        said = [kronor(fee["fee_sek"], lang), *(number(amount, lang) for amount in amounts)]
        for part in [*said, *(number(rate, lang, decimals) for rate, decimals in rates)]:
            assert part in text, (part, text)
        beside = {"sv": "tillsammans ökade den med", "en": "together it grew by"}[lang]
        equal = {"sv": "precis som i kommunerna", "en": "just as in the municipalities"}[lang]
        same = number(decade["percent_per_year"], lang, 2) == number(together, lang, 2)
        assert (f"{beside} {number(together, lang, 2)}" in text, equal in text) == (not same, same)
        assert text.count({"sv": "ökade", "en": "grew"}[lang]) == 3 - same


@pytest.mark.parametrize(
    ("change", "said"), [(-3, "shrank in 2020 by 3, 0.2%, to 16,"), (0, "did not change in 2020: 16,")]
)
def test_a_municipality_that_shrinks_or_stays_is_said_to(change, said):
    growth = MEASURED.growth.assign(change=change, change_percent=-0.2 if change else 0.0)
    own = Measured(MEASURED.tables, YEAR, growth=growth)
    assert f"The population {said}" in about_municipality(own, "Salem", "en").text


@pytest.mark.parametrize(
    ("pace", "more", "said"),
    [
        (-0.5, 0.9, "it shrank by 0.50% a year; in the municipalities together it grew by "),
        (0.5, -1, "it grew by 0.50% a year; in the municipalities together it shrank by "),
        (0.5, 0, "it grew by 0.50% a year; in the municipalities together it did not change."),
        (0, 0, "it did not change, just as in the municipalities together."),
    ],
)
def test_the_growth_of_ten_years_is_said_by_its_course_beside_that_of_all(pace, more, said):
    changes = MEASURED.changes.assign(percent_per_year=pace, change=MEASURED.growth["population"] * more)
    own = Measured(MEASURED.tables, YEAR, changes=changes)
    assert f"From 2010 to 2020 {said}" in about_municipality(own, "Salem", "en").text


def test_the_list_has_the_names_and_titles_of_slides_and_sets(asked, all_charts, tmp_path):
    code, said, _ = asked("--list", "--lang", "en")
    assert code == 0 and not (tmp_path / "charts").exists()
    for name in NAMES:
        assert re.search(rf"^  {name} +{re.escape(all_charts[name, 'en'].words.title)}$", said, re.MULTILINE)
    sets = read_sets([*NAMES, *POLITICIANS], [answer.__name__ for answer in ANSWERS])
    assert list(sets) == ["politicians", "officials"] and str(SETS) in said
    for name, own in sets.items():
        assert re.search(rf"^  {name} +{re.escape(own.title_en)}$", said, re.MULTILINE)
    assert ", ".join(TEXT_SLIDES) in said and "what_if" in said and "fees_compared" not in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ["--only", "fee_by_municipality,fees"],
            "--only: 'fees' is not known. Choose from fee_by_municipality, ",
        ),
        (["--for", "politician"], "--for: 'politician' is not known. Choose from politicians, officials"),
        (["--municipality", "Hudinge"], "--municipality: 'Hudinge' is not known. Choose from Huddinge, Botkyrka"),
        (["--only", "municipality"], "--only: 'municipality' needs --municipality. Name one"),
        (["--only", "ranked_costs,fees_compared"], "2019"),
    ],
)
def test_a_name_that_is_not_there_is_told_with_those_that_are(asked, tmp_path, arguments, said):
    code, _, error = asked("--lang", "sv", *arguments)
    assert code == 1 and re.search(said, error), error
    assert not (tmp_path / "charts").exists()


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            '[board]\ntitle_sv = "S"\ntitle_en = "S"\nslides = ["fee"]',
            r"\[board\], slides: 'fee' is not known. Choose from op",
        ),
        (
            '[board]\ntitle_sv = "S"\ntitle_en = "S"\nanswers = ["fee"]',
            r"answers: 'fee' is not known. Choose from memb",
        ),
        (
            '[board]\ntitle_sv = "S"\nslide = ["fee"]',
            r"\[board\]: 'slide' is not known. Choose from title_sv, .*\n?.*title_en",
        ),
        ('[board]\ntitle_sv = "S"\ntitle_en = "S"\nslides = "opening"', r"slides: 'opening' is no list"),
        ('[board]\ntitle_sv = "S"\ntitle_en = "S"\nslides = []', r"slides: '\[\]' is empty or has a name twice"),
        (
            '[board]\ntitle_sv = "S"\ntitle_en = "S"\nslides = ["sources", "sources"]',
            r"slides: .* is empty or has a name twice",
        ),
        ('[board]\ntitle_sv = " "\ntitle_en = "S"', r"\[board\]: lacks title_sv"),
        ("board = 3", r"\[board\]: is no set"),
        ("[board", "cannot be read: "),
    ],
)
def test_a_slip_in_the_sets_is_named_and_nothing_is_written(asked, monkeypatch, tmp_path, written, said):
    (tmp_path / "decks.toml").write_text(written, encoding="utf-8")
    monkeypatch.setattr(decksets, "SETS", tmp_path / "decks.toml")
    code, _, error = asked("--for", "board", "--lang", "sv")
    assert code == 1 and re.search(rf"decks\.toml.*{said}", error), error
    assert not (tmp_path / "charts").exists()


def test_a_set_of_ones_own_is_found(asked, monkeypatch, tmp_path):
    own = '[board]\ntitle_sv = "Styrelsen"\ntitle_en = "Board"\nslides = ["sources", "ranked_costs"]'
    (tmp_path / "decks.toml").write_text(own, encoding="utf-8-sig")
    monkeypatch.setattr(decksets, "SETS", tmp_path / "decks.toml")
    assert asked("--for", "board", "--lang", "en")[0] == 0
    assert titles(tmp_path / "charts" / "sodertorn_board_en.pptx")[0] == "Sources"


def test_a_deck_of_no_known_slides_is_refused_by_argparse(asked, capsys):
    for arguments in (["--only", "a,,b"], ["--only", "a", "--for", "b"]):
        with pytest.raises(SystemExit):
            asked(*arguments)
    assert "lacks a name" in capsys.readouterr().err


# What a deck says beside its findings


def background(file) -> tuple[str, list[str], list[str], list[str]]:
    """Return the subtitle of a deck, and the lines of its caveats, differences and sources."""
    opening, *slides = Presentation(file).slides
    said = [
        (title_of(slide), slide.placeholders[1].text.split("\n"))
        for slide in slides
        if 1 in {own.placeholder_format.idx for own in slide.placeholders}
    ]
    caveats, differences, sources = (
        [line for title, own in said if title.startswith(start) for line in own]
        for start in ("What to", "Known", "Sources")
    )
    return opening.placeholders[1].text, caveats, differences, sources


def made_of(charts, answers, **chosen):
    return io.BytesIO(deck(charts, answers, load_discrepancies(year=YEAR), YEAR, "en", **chosen))


def test_a_deck_of_a_scenario_says_that_it_is_one_and_nothing_of_what_is_not_in_it():
    edition = Edition(MEASURED, "en")
    chart, answer = edition.draw(what_if), next(own for own in edition.answers if own.name == "what_if")
    subtitle, caveats, differences, sources = background(made_of([chart], [answer]))
    assert "scenario" in subtitle and "not a forecast" in subtitle
    assert " ".join(caveats) == chart.words.caveat and "no forecast" in caveats[0]
    assert differences == explanations("operating_costs")
    assert sources == [chart.words.source.removeprefix("Source: ")] and "workbook" not in sources[0]


def explanations(*identities: str) -> list[str]:
    known = load_discrepancies(year=YEAR).set_index("discrepancy_id")
    return [known.loc[identity, "explanation_en"] for identity in identities]


def test_a_deck_of_some_charts_has_their_caveats_differences_and_sources_alone(all_charts):
    names = ["ranked_costs", "project_costs", "growth_by_municipality", "population_small_multiples"]
    charts = [all_charts[name, "en"] for name in names]
    subtitle, caveats, differences, sources = background(made_of(charts, []))
    assert "Selected" in subtitle
    assert [caveat.partition(": ")[2] for caveat in caveats] == [chart.words.caveat for chart in charts]
    assert caveats[0].startswith("Costs: ")
    assert differences == explanations("operating_costs", "business_interviews_in_text")
    assert sources == [chart.words.source.removeprefix("Source: ") for chart in charts[:3]]  # the last is that before


def test_a_deck_with_answers_or_without_charts_is_about_all_there_is(all_charts, all_answers):
    slides = ["opening", "caveats", "differences", "sources"]
    for charts, answers in (([], []), ([all_charts["growth_map", "en"]], all_answers["en"])):
        subtitle, caveats, differences, sources = background(made_of(charts, answers, slides=slides))
        assert subtitle == phrase("deck", "subtitle.whole", "en", year=str(YEAR))
        assert caveats == phrase("deck", "caveats_text", "en").splitlines()
        assert len(differences) == len(load_discrepancies(year=YEAR)) and "workbook" in sources[-1]


def test_a_scenario_among_all_there_is_has_its_own_caveat_and_source(all_answers):
    chart = Edition(MEASURED, "en").draw(what_if)
    _, caveats, _, sources = background(made_of([chart], all_answers["en"], slides=["opening", "caveats", "sources"]))
    house = phrase("deck", "caveats_text", "en").splitlines()
    assert caveats == [*house, f"{phrase('what_if', 'sheet', 'en')}: {chart.words.caveat}"]
    assert sources[-1] == chart.words.source.removeprefix("Source: ") and "SCB" in sources[1]


def test_a_deck_whose_amounts_do_not_differ_has_no_slide_of_differences(all_charts):
    file = made_of([all_charts["fee_by_municipality", "en"]], [], slides=["fee_by_municipality", "differences"])
    assert len(titles(file)) == 1


# What is said aloud, and known differences


@pytest.mark.parametrize(
    ("text", "lang", "said"),
    [
        ("Huddinge: 455\u00a0084\u00a0kr", "sv", "Huddinge: 455\u00a0084 kronor"),
        ("1\u00a0kr lägre, −1\u00a0450 och +2,5\u00a0%", "sv", "1 krona lägre, minus 1\u00a0450 och plus 2,5 procent"),
        ("ett 80\u00a0%-intervall", "sv", "ett 80-procentsintervall"),
        ("SEK\u00a0451,392, or SEK\u00a04.50", "en", "451,392 kronor, or 4.50 kronor"),
        ("SEK\u00a01 lower · 79.2%", "en", "1 krona lower, 79.2 per cent"),
        ("its 80% interval", "en", "its 80 per cent interval"),
        ("Salem × 7,4", "sv", "Salem: 7,4"),
    ],
)
def test_units_and_signs_are_said_in_words(text, lang, said):
    assert aloud(text, lang) == said


@EVERY
def test_notes_begin_with_whole_sentences_and_end_with_the_numbers(all_charts, lang):
    for name in NAMES:
        spoken, *rest = speaker_notes(all_charts[name, lang], [], lang)
        assert (re.search(r"[.]$", spoken) and spoken.count(". ") >= 1 and spoken[0].isupper()) or spoken[0].isdigit()
        heading = rest.index(f"{phrase('deck', 'notes_numbers', lang)}:")
        assert heading == 2 and len(rest) > 3


@EVERY
def test_a_panel_without_labels_has_its_last_points_in_the_notes(all_charts, lang):
    chart = all_charts["projection_small_multiples", lang]
    notes = speaker_notes(chart, [], lang)
    salem = chart.data[chart.data["municipality"] == "Salem"].set_index("year")
    base = salem.loc[YEAR, "population"]
    of_salem = "; ".join(line for line in notes if line.startswith("Salem"))
    for year, column in ((2030, "projection"), (2025, "population")):
        assert f"{year}: {number(100 * salem.loc[year, column] / base, lang, 1)}" in of_salem
    components = speaker_notes(all_charts["components_by_municipality", lang], [], lang)
    (line,) = (line for line in components if line.startswith("Salem: "))
    parts = [phrase("components_by_municipality", part, lang) for part in ("natural_change", "net_migration", "nil")]
    assert [f"{part} 2025: " in line for part in parts] == [True, True, False]


SHOWN = {
    "balance_bridge": {"operating_costs", "closing_balance", "closing_balance_from_flows"},
    "funds_opening_closing": {"closing_balance", "closing_balance_from_flows", "year_surplus_from_lines"},
    "text_against_table": {"closing_balance", "closing_balance_from_flows", "year_surplus_from_lines"},
    "ranked_costs": {"operating_costs"},
    "fee_income_outlook": {"operating_costs"},
}


@EVERY
def test_a_krona_between_printed_and_recomputed_is_said_on_every_slide_that_shows_either(all_charts, lang):
    known = load_discrepancies(year=YEAR)
    for name in NAMES:
        rows = on_slide(all_charts[name, lang], known)
        assert set(rows["discrepancy_id"]) == SHOWN.get(name, set()), name
    costs = on_slide(all_charts["ranked_costs", lang], known)
    amounts = "/".join(number(int(costs[side].iloc[0]), lang) for side in ("printed", "recomputed"))
    assert amounts in noted(costs, lang) and noted(costs, lang).count("/") == 1
    assert noted(known[:0], lang) == "" and explained(known[:0], lang) == []
    assert noted(on_slide(all_charts["funds_opening_closing", lang], known), lang).count("/") == 2  # each pair once
    (said,) = explained(costs, lang)
    assert str(YEAR) in said and costs[f"explanation_{lang}"].iloc[0] in said


@EVERY
def test_it_stands_by_the_source_and_in_the_notes_of_the_slide(all_charts, lang):
    chart, known = all_charts["ranked_costs", lang], load_discrepancies(year=YEAR)
    for registered, there in ((known, True), (known[known["difference"].abs() != 1], False)):
        file = deck([chart], [], registered, YEAR, lang, slides=[chart.name])
        (slide,) = Presentation(io.BytesIO(file)).slides
        below, notes = slide.shapes[3].text_frame.text, slide.notes_slide.notes_text_frame.text
        assert below.startswith(chart.words.source) and (noted(known[:1], lang) in below) == there
        assert (aloud(explained(known[:1], lang)[0], lang) in notes) == there


def test_a_number_that_is_a_part_of_another_is_not_taken_for_it(all_charts):
    chart, known = all_charts["ranked_costs", "en"], load_discrepancies(year=YEAR)[:1]
    for text, there in (("1,824,369", True), ("11,824,369", False), ("1,824,369,000", False), ("1,824,369.", True)):
        words = replace(chart.words, subtitle=text)
        assert len(on_slide(replace(chart, words=words, plot=all_charts["growth_map", "en"].plot), known)) == there


def test_what_is_highlighted_once_drawn_is_as_if_it_had_been_asked_for(all_charts):
    chart = all_charts["fee_by_municipality", "sv"]
    asked = CHARTS[0](**MEASURED.arguments(CHARTS[0]), lang="sv", highlight="Salem")
    assert repr(charted.highlighted(chart, ["Salem"])) == repr(asked) != repr(chart)
    with pytest.raises(DataError, match="highlight: 'Solna' is not known"):
        charted.highlighted(chart, ["Solna"])
