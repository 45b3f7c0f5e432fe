"""The tables: all of a folder, each read once, or one at a time.

What a column means, its unit and its source stand in data/README.md. The folder is the one given as `data_dir`, else
that of the environment variable SODERTORN_DATA, else the one that came with the library. Reading raises `DataError`
with every fault of its file.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

import pandas as pd

from sodertorn_lib.datapackage import data_folder, descriptor
from sodertorn_lib.errors import DataError, UnknownTableError
from sodertorn_lib.reader import TextTable, read_text_table
from sodertorn_lib.tablechecks import convert, gap_faults, table_faults

__all__ = [
    "Tables",
    "load_activities",
    "load_boundaries",
    "load_consultations",
    "load_discrepancies",
    "load_events",
    "load_fee_rates",
    "load_focus_areas",
    "load_funds",
    "load_goals",
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
    "load_report_sections",
    "load_tables",
]

Folder = str | Path | None


class Tables:
    """The tables of a folder, each read and checked once, when it is first asked for by its name.

    >>> tables = load_tables()
    >>> len(tables.municipalities)
    8
    """

    folder: Path
    package: dict[str, Any]  # what datapackage.json declares

    def __init__(self, data_dir: Folder = None) -> None:
        self.folder = data_folder(data_dir)
        self.package = descriptor(self.folder)
        self._declared = {table["name"]: table for table in self.package["resources"]}
        self._texts: dict[str, TextTable] = {}

    def __getattr__(self, name: str) -> pd.DataFrame:
        """Read a table; from then on it is an attribute like any other."""
        if name.startswith("_"):
            raise AttributeError(name)
        table = self._read(name)
        setattr(self, name, table)
        return table

    def __dir__(self) -> list[str]:
        return ["folder", "package", "read_all", *self._declared]

    def read_all(self) -> Self:
        """Read every table now, so that a fault in one is told before anything is made of another."""
        for name in self._declared:
            getattr(self, name)
        return self

    def _read(self, name: str) -> pd.DataFrame:
        text, declared = self._text(name), self._declared[name]
        faults = [*text.faults, *table_faults(text.cells, declared, self._keys)]
        faults = faults or list(gap_faults(text.cells, declared, self._keys))
        if faults:
            raise DataError(*sorted(faults, key=lambda fault: fault.row or 0))
        table = convert(text.cells, declared["schema"]["fields"])
        return _named(table, self.municipalities) if name == "population" else table

    def _text(self, name: str) -> TextTable:
        """Return a table as text, read once, also when the keys of others point to it."""
        if name not in self._declared:
            raise UnknownTableError(name, self._declared)
        if name not in self._texts:
            self._texts[name] = read_text_table(self.folder / self._declared[name]["path"], self._declared[name])
        return self._texts[name]

    def _keys(self, name: str, column: str) -> set[str]:
        return set(self._text(name).cells[column])


def _named(population: pd.DataFrame, municipalities: pd.DataFrame) -> pd.DataFrame:
    """Return population with the name of each municipality after its code, one of all names."""
    names = municipalities.set_index("municipality_code")["municipality"]
    named = population["municipality_code"].map(names).astype(pd.CategoricalDtype(names))
    population.insert(1, "municipality", named)
    return population


def load_tables(data_dir: Folder = None) -> Tables:
    """Return all tables of a folder: `tables.population`, `tables.funds` ...; each is read when first asked for.

    >>> int(load_tables().population.query("year == 2020")["population"].sum())
    507552
    """
    return Tables(data_dir)


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
    Source: SCB, BE0101 and TAB638.

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


def load_fee_rates(data_dir: Folder = None) -> pd.DataFrame:
    """Return the membership fee of each year: year (the key), fee_sek_per_inhabitant, population_date, chapter, place.

    >>> load_fee_rates()[["year", "fee_sek_per_inhabitant"]].to_dict("records")
    [{'year': 2020, 'fee_sek_per_inhabitant': 4}]
    """
    return load_tables(data_dir).fee_rates


def load_funds(data_dir: Folder = None) -> pd.DataFrame:
    """Return the funds: year, fund_id (the key), labels, and opening, income, costs, closing in whole kronor.

    Costs are positive; what the report leaves blank is NA. Source: the summary table of chapter 7.

    >>> load_funds().set_index("fund_id").loc["operations", "closing_sek"]
    np.int64(188432)
    """
    return load_tables(data_dir).funds


def load_operating_statement(data_dir: Folder = None) -> pd.DataFrame:
    """Return the lines of operations: year, line_id (the key), labels, kind (income or cost), amount_sek.

    Both kinds are positive, in whole kronor. Source: the table of operations in chapter 7.

    >>> load_operating_statement().set_index("line_id").loc["personnel", "amount_sek"]
    np.int64(1444300)
    """
    return load_tables(data_dir).operating_statement


def load_projects(data_dir: Folder = None) -> pd.DataFrame:
    """Return the projects: year, project_id (the key), supplier, amount_sek (table), amount_in_text_sek.

    Source: the table of projects in chapter 7 and the text of chapter 5.

    >>> int(load_projects()["amount_sek"].sum())
    320300
    """
    return load_tables(data_dir).projects


def load_printed_totals(data_dir: Folder = None) -> pd.DataFrame:
    """Return totals and amounts of the text as printed: year, total_id (the key), labels, printed_sek, stated_in ...

    >>> load_printed_totals().set_index("total_id").loc["closing_balance", "printed_sek"]
    np.int64(1381130)
    """
    return load_tables(data_dir).printed_totals


def load_discrepancies(data_dir: Folder = None) -> pd.DataFrame:
    """Return the known differences: year, discrepancy_id (the key), kind, printed, recomputed, difference, unit.

    Difference is recomputed minus printed, in the unit of its row; explanations stand in both languages.

    >>> load_discrepancies().set_index("discrepancy_id").loc["closing_balance", "difference"]
    np.float64(1.0)
    """
    return load_tables(data_dir).discrepancies


def load_report_figures(data_dir: Folder = None) -> pd.DataFrame:
    """Return the figures of the text that no other table holds: year, figure_id (the key), low, high, unit ...

    A figure that is one number has it twice; "just under" has no low. Qualifier says how exact the report is.

    >>> load_report_figures().set_index("figure_id").loc["jobs_at_risk", ["low", "high"]].tolist()
    [23000, 25000]
    """
    return load_tables(data_dir).report_figures


def load_report_sections(data_dir: Folder = None) -> pd.DataFrame:
    """Return the headings of the report in their order: year, section (the key), chapter, heading, left_out ...

    >>> load_report_sections()["heading"].tolist()[:2]
    ['Årsredovisning och bokslut 2020', 'Inledning']
    """
    return load_tables(data_dir).report_sections


def load_focus_areas(data_dir: Folder = None) -> pd.DataFrame:
    """Return the focus areas of the plan: year, focus_area_id (the key), labels, goal, responsible ...

    >>> load_focus_areas()["label_en"].tolist()
    ['Infrastructure', 'Education', 'Business', 'Functional co-ordination']
    """
    return load_tables(data_dir).focus_areas


def load_goals(data_dir: Folder = None) -> pd.DataFrame:
    """Return the sub-goals of the focus areas: year, goal_id (the key), focus_area_id, labels ...

    >>> load_goals()["focus_area_id"].value_counts()["education"]
    np.int64(2)
    """
    return load_tables(data_dir).goals


def load_activities(data_dir: Folder = None) -> pd.DataFrame:
    """Return the activities of the plan: year, activity_id (the key), focus_area_id, labels, result, goes_on ...

    The result is our reading of the report, by the rule in data/README.md. Source: chapter 3.

    >>> load_activities()["result"].value_counts()["carried_out"]
    np.int64(14)
    """
    return load_tables(data_dir).activities


def load_meetings(data_dir: Folder = None) -> pd.DataFrame:
    """Return the meetings: year, forum_id, meeting_type, form (the key), labels, meetings, shared_with.

    A meeting of two forums stands once with each, and names the other in shared_with. Source: chapters 3 and 6.

    >>> int(load_meetings()["meetings"].sum())
    45
    """
    return load_tables(data_dir).meetings


def load_events(data_dir: Folder = None) -> pd.DataFrame:
    """Return the dated events: event_id (the key), start_date, end_date, precision, status, forum_id, labels ...

    Precision is day, month, season or year; moved_to_event_id names the event that replaced one.

    >>> load_events()["status"].value_counts()["cancelled"]
    np.int64(3)
    """
    return load_tables(data_dir).events


def load_consultations(data_dir: Folder = None) -> pd.DataFrame:
    """Return the joint responses: year, consultation_id (the key), labels, recipients, written_month, sent_date ...

    >>> load_consultations()["sent_date"].notna().tolist()
    [False, True, False]
    """
    return load_tables(data_dir).consultations


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
