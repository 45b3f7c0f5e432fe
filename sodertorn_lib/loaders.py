"""One table at a time, as `load_tables` reads them all.

What a column means, its unit and its source stand in data/README.md. What an annual report fills is read for one
`year`, or for all where none is given. Reading raises `DataError` with every fault of its file.
"""

from __future__ import annotations

import pandas as pd

from sodertorn_lib.tables import Folder, load_tables

__all__ = [
    "load_activities",
    "load_boundaries",
    "load_consultations",
    "load_discrepancies",
    "load_dwellings_completed",
    "load_events",
    "load_fee_rates",
    "load_focus_areas",
    "load_funds",
    "load_goals",
    "load_meetings",
    "load_municipalities",
    "load_operating_statement",
    "load_persons_per_household",
    "load_population",
    "load_population_components",
    "load_population_published",
    "load_population_reference",
    "load_printed_totals",
    "load_projects",
    "load_published_forecasts",
    "load_report_figures",
    "load_report_sections",
    "load_retrievals",
]


def load_municipalities(data_dir: Folder = None) -> pd.DataFrame:
    """Return the eight municipalities: municipality_code (four digits, text; the key), municipality.

    Source: SCB.

    >>> load_municipalities()["municipality"].tolist()[:3]
    ['Huddinge', 'Botkyrka', 'Salem']
    """
    return load_tables(data_dir).municipalities


def load_boundaries(data_dir: Folder = None) -> pd.DataFrame:
    """Return the boundaries for maps: municipality_code, part, point (the key), east_m, north_m (SWEREF 99 TM).

    A part is a ring of corners in order, the last joined to the first; islands are parts of their own. Source: SCB.

    >>> load_boundaries().groupby("municipality_code")["part"].nunique().loc["0136"]
    np.int64(4)
    """
    return load_tables(data_dir).boundaries


def load_population(data_dir: Folder = None) -> pd.DataFrame:
    """Return inhabitants on 31 December: municipality_code, municipality, year, population (int64).

    The key is municipality_code and year; municipality is a categorical of all municipalities, so that a selection of
    rows still knows of how many it is one. Every municipality has every year from 1950; the boundaries are constant.
    Source: SCB; from which of its tables, and when, stands in `load_retrievals()`.

    >>> population = load_population()
    >>> int(population.loc[population["year"] == 2020, "population"].sum())
    507552
    """
    return load_tables(data_dir).population


def load_population_published(data_dir: Folder = None) -> pd.DataFrame:
    """Return what the association itself published: date, region (the key), population, change, url ...

    Columns in per cent are as printed; what a statement leaves out is NA. Source: its news items.

    >>> load_population_published()["population"].max()
    np.int64(520824)
    """
    return load_tables(data_dir).population_published


def load_fee_rates(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the membership fee of each year: year (the key), fee_sek_per_inhabitant, population_date, chapter, place.

    >>> load_fee_rates(year=2020)[["year", "fee_sek_per_inhabitant"]].to_dict("records")
    [{'year': 2020, 'fee_sek_per_inhabitant': 4.0}]
    """
    return load_tables(data_dir, year).fee_rates


def load_funds(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the funds: year, fund_id (the key), labels, and opening, income, costs, closing in whole kronor.

    Costs are positive; what the report leaves blank is NA. Source: the summary table of chapter 7.

    >>> load_funds(year=2020).set_index("fund_id").loc["operations", "closing_sek"]
    np.int64(188432)
    """
    return load_tables(data_dir, year).funds


def load_operating_statement(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the lines of operations: year, line_id (the key), labels, kind (income or cost), amount_sek.

    Both kinds are positive, in whole kronor. Source: the table of operations in chapter 7.

    >>> load_operating_statement(year=2020).set_index("line_id").loc["personnel", "amount_sek"]
    np.int64(1444300)
    """
    return load_tables(data_dir, year).operating_statement


def load_projects(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the projects: year, project_id (the key), supplier, amount_sek (table), amount_in_text_sek.

    Source: the table of projects in chapter 7 and the text of chapter 5.

    >>> int(load_projects(year=2020)["amount_sek"].sum())
    320300
    """
    return load_tables(data_dir, year).projects


def load_printed_totals(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return totals and amounts of the text as printed: year, total_id (the key), labels, printed_sek, stated_in ...

    >>> load_printed_totals(year=2020).set_index("total_id").loc["closing_balance", "printed_sek"]
    np.int64(1381130)
    """
    return load_tables(data_dir, year).printed_totals


def load_discrepancies(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the known differences: year, discrepancy_id (the key), kind, printed, recomputed, difference, unit.

    Difference is recomputed minus printed, in the unit of its row; explanations stand in both languages.

    >>> load_discrepancies(year=2020).set_index("discrepancy_id").loc["closing_balance", "difference"]
    np.float64(1.0)
    """
    return load_tables(data_dir, year).discrepancies


def load_report_figures(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the figures of the text that are no amounts of money: year, figure_id (the key), low, high, unit ...

    A figure that is one number has it twice; "just under" has no low. Qualifier says how exact the report is.

    >>> load_report_figures(year=2020).set_index("figure_id").loc["jobs_at_risk", ["low", "high"]].tolist()
    [23000, 25000]
    """
    return load_tables(data_dir, year).report_figures


def load_report_sections(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the headings of the report in their order: year, section (the key), chapter, heading, left_out ...

    >>> load_report_sections(year=2020)["heading"].tolist()[:2]
    ['Årsredovisning och bokslut 2020', 'Inledning']
    """
    return load_tables(data_dir, year).report_sections


def load_focus_areas(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the focus areas of the plan: year, focus_area_id (the key), labels, goal, responsible ...

    >>> load_focus_areas(year=2020)["label_en"].tolist()
    ['Infrastructure', 'Education', 'Business', 'Functional co-ordination']
    """
    return load_tables(data_dir, year).focus_areas


def load_goals(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the sub-goals of the focus areas: year, goal_id (the key), focus_area_id, labels ...

    >>> load_goals(year=2020)["focus_area_id"].value_counts()["education"]
    np.int64(2)
    """
    return load_tables(data_dir, year).goals


def load_activities(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the activities of the plan: year, activity_id (the key), focus_area_id, labels, result, goes_on ...

    The result is our reading of the report, by the rule in data/README.md. Source: chapter 3.

    >>> load_activities(year=2020)["result"].value_counts()["carried_out"]
    np.int64(14)
    """
    return load_tables(data_dir, year).activities


def load_meetings(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the meetings: year, forum_id, meeting_type, form (the key), labels, meetings, shared_with.

    A meeting of two forums stands once with each, and names the other in shared_with. Source: chapters 3 and 6.

    >>> int(load_meetings(year=2020)["meetings"].sum())
    45
    """
    return load_tables(data_dir, year).meetings


def load_events(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the dated events: year (of the report), event_id (the key), start_date, end_date, precision, status ...

    Precision is day, month, season or year; moved_to_event_id names the event that replaced one.

    >>> load_events(year=2020)["status"].value_counts()["cancelled"]
    np.int64(3)
    """
    return load_tables(data_dir, year).events


def load_consultations(data_dir: Folder = None, year: int | None = None) -> pd.DataFrame:
    """Return the joint responses: year, consultation_id (the key), labels, recipients, written_month, sent_date ...

    >>> load_consultations(year=2020)["sent_date"].notna().tolist()
    [False, True, False]
    """
    return load_tables(data_dir, year).consultations


def load_population_reference(data_dir: Folder = None) -> pd.DataFrame:
    """Return inhabitants of larger regions on 31 December: region_code, year (the key), population.

    00 is Sweden, 01 Stockholm county, every year from 1950. Source: SCB.

    >>> reference = load_population_reference().set_index(["region_code", "year"])["population"]
    >>> int(reference["00", 2020]), int(reference["01", 2020])
    (10379295, 2391990)
    """
    return load_tables(data_dir).population_reference


def load_published_forecasts(data_dir: Folder = None) -> pd.DataFrame:
    """Return forecasts that somebody published: forecast_id (the key), area, publisher, base and target, forecast ...

    A forecast states a population or a growth; qualifier says how exactly (exact, about, just under, just over).

    >>> load_published_forecasts()["area_sv"].value_counts()["Haninge"]
    np.int64(4)
    """
    return load_tables(data_dir).published_forecasts


def load_retrievals(data_dir: Folder = None) -> pd.DataFrame:
    """Return where the figures of SCB were retrieved: table_name, year (the key), scb_table, retrieved_date.

    Of population_components, scb_table has those of births, deaths and moves, with spaces between them. The date is NaT
    where it is not known. Kept by `sodertorn refresh`.

    >>> retrievals = load_retrievals().set_index(["table_name", "year"])
    >>> retrievals["scb_table"]["population", 2025]
    'TAB5557'
    """
    return load_tables(data_dir).retrievals


def load_population_components(data_dir: Folder = None) -> pd.DataFrame:
    """Return events of each year from 1968: region_code, year (the key), natural_change, net_migration (inhabitants).

    A region is a municipality or 01 Stockholm county; Nykvarn has rows from 1999, and until then those of Södertälje
    include it. Source: SCB.

    >>> components = load_population_components().set_index(["region_code", "year"])
    >>> components.loc[("01", 2025)].tolist()
    [9781, 3011]
    """
    return load_tables(data_dir).population_components


def load_dwellings_completed(data_dir: Folder = None) -> pd.DataFrame:
    """Return homes completed in new houses from 1975: municipality_code, year (the key), dwellings_completed.

    Nykvarn has rows from 1991. Source: SCB.

    >>> int(load_dwellings_completed().query("year == 2025")["dwellings_completed"].sum())
    2035
    """
    return load_tables(data_dir).dwellings_completed


def load_persons_per_household(data_dir: Folder = None) -> pd.DataFrame:
    """Return persons per household on 31 December from 2011: municipality_code, year (the key), persons_per_household.

    Source: SCB.

    >>> households = load_persons_per_household().set_index(["municipality_code", "year"])["persons_per_household"]
    >>> households["0126", 2025].item()
    2.46
    """
    return load_tables(data_dir).persons_per_household
