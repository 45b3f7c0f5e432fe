"""The tables, one function each. What a column means, its unit and its source stand in data/README.md.

Every function takes `data_dir=None`: the folder given, else that of the environment variable
SODERTORN_DATA, else the data/ of the repository. Each raises `DataError` with every fault of its file.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sodertorn_lib.reader import read_table

__all__ = [
    "load_boundaries",
    "load_consultations",
    "load_discrepancies",
    "load_events",
    "load_fee_rates",
    "load_funds",
    "load_meetings",
    "load_municipalities",
    "load_operating_statement",
    "load_population",
    "load_population_published",
    "load_population_reference",
    "load_printed_totals",
    "load_projects",
    "load_published_forecasts",
    "load_report_figures",
]

Folder = str | Path | None


def load_municipalities(data_dir: Folder = None) -> pd.DataFrame:
    """Return the eight municipalities: municipality_code (four digits, text; the key), municipality.

    Source: SCB.

    >>> load_municipalities()["municipality"].tolist()[:3]
    ['Huddinge', 'Botkyrka', 'Salem']
    """
    return read_table("municipalities", data_dir)


def load_boundaries(data_dir: Folder = None) -> pd.DataFrame:
    """Return the boundaries for maps: municipality_code, part, point (the key), east_m, north_m (SWEREF 99 TM).

    A part is a ring of corners in order, the last joined to the first; islands are parts of their own. Source: SCB.

    >>> load_boundaries().groupby("municipality_code")["part"].nunique().loc["0136"]
    np.int64(4)
    """
    return read_table("boundaries", data_dir)


def load_population(data_dir: Folder = None) -> pd.DataFrame:
    """Return inhabitants on 31 December: municipality_code, year (the key), population (int64).

    Every municipality has every year from 1950; the boundaries are constant. Source: SCB, BE0101 and TAB638.

    >>> population = load_population()
    >>> int(population.loc[population["year"] == 2020, "population"].sum())
    507552
    """
    return read_table("population", data_dir)


def load_population_published(data_dir: Folder = None) -> pd.DataFrame:
    """Return what the association itself published: date, region (the key), population, change, url ...

    Columns in per cent are as printed; what a statement leaves out is NA. Source: its news items.

    >>> load_population_published()["population"].max()
    np.int64(520824)
    """
    return read_table("population_published", data_dir)


def load_fee_rates(data_dir: Folder = None) -> pd.DataFrame:
    """Return the membership fee of each year: year (the key), fee_sek_per_inhabitant, population_date, source.

    >>> load_fee_rates()[["year", "fee_sek_per_inhabitant"]].to_dict("records")
    [{'year': 2020, 'fee_sek_per_inhabitant': 4}]
    """
    return read_table("fee_rates", data_dir)


def load_funds(data_dir: Folder = None) -> pd.DataFrame:
    """Return the funds: year, fund_id (the key), labels, and opening, income, costs, closing in whole kronor.

    Costs are positive; what the report leaves blank is NA. Source: the summary table of chapter 7.

    >>> load_funds().set_index("fund_id").loc["operations", "closing_sek"]
    np.int64(188432)
    """
    return read_table("funds", data_dir)


def load_operating_statement(data_dir: Folder = None) -> pd.DataFrame:
    """Return the lines of operations: year, line_id (the key), labels, kind (income or cost), amount_sek.

    Both kinds are positive, in whole kronor. Source: the table of operations in chapter 7.

    >>> load_operating_statement().set_index("line_id").loc["personnel", "amount_sek"]
    np.int64(1444300)
    """
    return read_table("operating_statement", data_dir)


def load_projects(data_dir: Folder = None) -> pd.DataFrame:
    """Return the projects: year, project_id (the key), supplier, amount_sek (table), amount_in_text_sek.

    Source: the table of projects in chapter 7 and the text of chapter 5.

    >>> int(load_projects()["amount_sek"].sum())
    320300
    """
    return read_table("projects", data_dir)


def load_printed_totals(data_dir: Folder = None) -> pd.DataFrame:
    """Return the totals as printed: year, total_id (the key), labels, printed_sek, chapter, place.

    >>> load_printed_totals().set_index("total_id").loc["closing_balance", "printed_sek"]
    np.int64(1381130)
    """
    return read_table("printed_totals", data_dir)


def load_discrepancies(data_dir: Folder = None) -> pd.DataFrame:
    """Return the known differences: year, discrepancy_id (the key), kind, printed, recomputed, difference, unit.

    Difference is recomputed minus printed, in the unit of its row; explanations stand in both languages.

    >>> load_discrepancies().set_index("discrepancy_id").loc["closing_balance", "difference"]
    np.float64(1.0)
    """
    return read_table("discrepancies", data_dir)


def load_report_figures(data_dir: Folder = None) -> pd.DataFrame:
    """Return the figures of the text that no other table holds: year, figure_id (the key), low, high, unit ...

    A figure that is one number has it twice; "just under" has no low. Qualifier says how exact the report is.

    >>> load_report_figures().set_index("figure_id").loc["jobs_at_risk", ["low", "high"]].tolist()
    [23000, 25000]
    """
    return read_table("report_figures", data_dir)


def load_meetings(data_dir: Folder = None) -> pd.DataFrame:
    """Return the meetings: year, forum_id, meeting_type, form (the key), labels, meetings, shared_with.

    A meeting of two forums stands once with each, and names the other in shared_with. Source: chapters 3 and 6.

    >>> int(load_meetings()["meetings"].sum())
    45
    """
    return read_table("meetings", data_dir)


def load_events(data_dir: Folder = None) -> pd.DataFrame:
    """Return the dated events: event_id (the key), start_date, end_date, precision, status, forum_id, labels ...

    Precision is day, month, season or year; moved_to_event_id names the event that replaced one.

    >>> load_events()["status"].value_counts()["cancelled"]
    np.int64(3)
    """
    return read_table("events", data_dir)


def load_consultations(data_dir: Folder = None) -> pd.DataFrame:
    """Return the joint responses: year, consultation_id (the key), labels, recipients, written_month, sent_date ...

    >>> load_consultations()["sent_date"].notna().tolist()
    [False, True, False]
    """
    return read_table("consultations", data_dir)


def load_population_reference(data_dir: Folder = None) -> pd.DataFrame:
    """Return inhabitants of larger regions on 31 December: region_code, year (the key), population.

    00 is Sweden, 01 Stockholm county, every year from 1950. Source: SCB.

    >>> reference = load_population_reference().set_index(["region_code", "year"])["population"]
    >>> int(reference["00", 2020]), int(reference["01", 2020])
    (10379295, 2391990)
    """
    return read_table("population_reference", data_dir)


def load_published_forecasts(data_dir: Folder = None) -> pd.DataFrame:
    """Return forecasts that somebody published: forecast_id (the key), area, publisher, base and target, forecast ...

    A forecast states a population or a growth; qualifier says how exactly (exact, about, just under, just over).

    >>> load_published_forecasts()["area_sv"].value_counts()["Haninge"]
    np.int64(4)
    """
    return read_table("published_forecasts", data_dir)
