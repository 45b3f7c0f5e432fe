"""How the population has grown, and whether that agrees with what was published."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from sodertorn_lib.municipalities import counted, is_selection, key
from sodertorn_lib.reconciliation import compare

__all__ = [
    "annual_growth",
    "area_population",
    "compare_published",
    "decades",
    "growth_between",
    "population_index",
    "region",
    "stated_growth",
    "years_of_growth",
]

QUANTITIES = ["population", "change", "change_percent", "ten_year_change_percent"]


def area_population(population: pd.DataFrame) -> pd.DataFrame:
    """Return the sum of the municipalities, one row a year.

    Returns
    -------
    DataFrame
        year, population, municipalities (how many were added up), of_municipalities (of how many; NA unless the
        population has the categorical column municipality).

    Examples
    --------
    >>> from sodertorn_lib import load_population
    >>> area_population(load_population()).query("year >= 2019 and year <= 2020").values.tolist()
    [[2019, 503200, 8, 8], [2020, 507552, 8, 8]]
    """
    by_year = population.groupby("year")
    added_up = by_year["municipality_code"].nunique()
    return counted(by_year[["population"]].sum(), population, added_up).reset_index()


def region(population_reference: pd.DataFrame, region_code: str) -> pd.Series:
    """Return the population of one region, indexed by year, as the projections take it for a reference.

    >>> from sodertorn_lib import load_population_reference
    >>> int(region(load_population_reference(), "01").loc[2020])
    2391990
    """
    own = population_reference[population_reference["region_code"] == region_code]
    return own.set_index("year")["population"]


def decades(area: pd.DataFrame) -> list[int]:
    """Return the years of a population that end a decade, and its last year.

    >>> decades(pd.DataFrame({"year": range(1999, 2013)}))
    [2000, 2010, 2012]
    """
    years = area["year"].tolist()
    return sorted({*(year for year in years if year % 10 == 0), years[-1]})


def annual_growth(population: pd.DataFrame) -> pd.DataFrame:
    """Return the change of each municipality in each year after its first.

    Returns
    -------
    DataFrame
        The columns of population, change (inhabitants), change_percent (of the year before).

    Examples
    --------
    >>> from sodertorn_lib import load_population
    >>> annual_growth(load_population()).query("year == 2020")["change"].sum()
    np.int64(4352)
    """
    ordered = population.sort_values(["municipality_code", "year"], ignore_index=True)
    before = ordered.groupby("municipality_code")["population"].shift()
    change = ordered["population"] - before
    table = ordered.assign(change=change, change_percent=100 * change / before)
    table = table.dropna(subset="change", ignore_index=True)
    return table.astype({"change": "int64"})


def growth_between(population: pd.DataFrame, years: list[int]) -> pd.DataFrame:
    """Return the change from each of the years to the next, for each municipality.

    Returns
    -------
    DataFrame
        municipality_code, municipality (where population has it), first_year, last_year, change (inhabitants),
        change_per_year, percent_per_year (the constant rate that gives the change).

    Raises
    ------
    ValueError
        When population lacks one of the years.

    Examples
    --------
    >>> from sodertorn_lib import load_population
    >>> decades = growth_between(load_population(), [2010, 2020])
    >>> decades["change"].sum()
    np.int64(70490)
    """
    missing = sorted(set(years) - set(population["year"]))
    if len(years) < 2:
        raise ValueError(f"give two years or more, not {years}")
    if missing:
        raise ValueError(f"population has no {', '.join(map(str, missing))}")
    wide = population.pivot(index=key(population), columns="year", values="population")
    spans = [_span(wide, first, last) for first, last in pairwise(years)]
    return pd.concat(spans, ignore_index=True)


def population_index(population: pd.DataFrame, base_year: int) -> pd.DataFrame:
    """Return the population with an index that is 100 in the base year: the columns of population, and index.

    >>> from sodertorn_lib import load_population
    >>> index = population_index(load_population(), 1950).query("municipality_code == '0138' and year == 2025")
    >>> index["index"].round().tolist()
    [1567.0]
    """
    base = population[population["year"] == base_year].set_index("municipality_code")["population"]
    if base.empty:
        raise ValueError(f"population has no {base_year}")
    index = 100 * population["population"] / population["municipality_code"].map(base)
    return population.assign(index=index, base_year=base_year)


def years_of_growth(area: pd.DataFrame, year: int) -> int:
    """Return how many years in a row, up to the year, the population had grown: year, population in.

    >>> years_of_growth(pd.DataFrame({"year": [1, 2, 3, 4], "population": [9, 8, 9, 10]}), 4)
    2
    """
    grew = area.sort_values("year").set_index("year")["population"].diff().loc[:year] > 0
    return int(grew[::-1].cumprod().sum())


def compare_published(population: pd.DataFrame, published: pd.DataFrame, discrepancies: pd.DataFrame) -> pd.DataFrame:
    """Return each figure that the association published beside ours, rounded as it was published.

    A figure of one municipality is `open` where population has no column municipality to find it by. Of a selection of
    municipalities only the figures of those are compared.

    Returns
    -------
    DataFrame
        year, check_id (published_ and the quantity, and for a part its municipality), label_sv, label_en (whose figure
        it is), printed, recomputed, difference, registered, status, as `reconciliation.compare` describes.
    """
    parts = population.rename(columns={"municipality": "region"}).reindex(columns=["region", "year", "population"])
    area = area_population(population).assign(region="Södertörn")[["region", "year", "population"]]
    regions = pd.concat([parts.astype({"region": "str"}), area])
    if is_selection(population):
        regions = regions[regions["region"] != "Södertörn"]
        published = published[published["region"].isin(regions["region"])]
    ours = _changes(regions).melt(["region", "year"], var_name="check_id", value_name="recomputed")
    stated = published.assign(year=published["date"].dt.year)[["region", "year", *QUANTITIES]]
    stated = stated.melt(["region", "year"], var_name="check_id", value_name="printed").dropna(subset="printed")
    checks = stated.merge(ours, on=["region", "year", "check_id"], how="left").sort_values("year", kind="stable")
    checks["recomputed"] = [_rounded_as(*pair) for pair in zip(checks["recomputed"], checks["printed"], strict=True)]
    part = checks["region"] != "Södertörn"
    checks["check_id"] = "published_" + checks["check_id"] + ("_" + checks["region"].str.lower()).where(part, "")
    if is_selection(population):
        discrepancies = discrepancies[discrepancies["discrepancy_id"].isin(checks["check_id"])]
    checks = checks.assign(label_sv=checks["region"], label_en=checks["region"])
    return compare(checks, discrepancies, "published")


def stated_growth(area: pd.DataFrame, growth: pd.DataFrame, report_figures: pd.DataFrame) -> pd.DataFrame:
    """Return what the report says of the population at the end of a year beside what we get.

    Parameters
    ----------
    area, growth
        As `area_population` gives it, and `annual_growth` of the year.
    report_figures
        Those of the year.

    Returns
    -------
    DataFrame
        figure_id, label_sv, label_en, in_report, ours, agrees (of years of growth: at least as many). Nothing of a
        selection: the report is about all municipalities.

    Examples
    --------
    >>> from sodertorn_lib import load_population, load_report_figures
    >>> population = load_population()
    >>> grown = annual_growth(population).query("year == 2020")
    >>> stated_growth(area_population(population), grown, load_report_figures(year=2020))["agrees"].all()
    np.True_
    """
    year = int(growth["year"].iloc[0])
    ours = {
        "population_at_year_end": int(area.set_index("year")["population"][year]),
        "years_of_growth": years_of_growth(area, year),
        "municipalities_growing": int((growth["change"] > 0).sum()),
    }
    stated = report_figures[report_figures["figure_id"].isin([] if is_selection(area) else list(ours))]
    table = stated[["figure_id", "label_sv", "label_en"]].assign(in_report=stated["high"])
    table["ours"] = table["figure_id"].map(ours)
    at_least = (table["figure_id"] == "years_of_growth") & (table["ours"] > table["in_report"])
    return table.assign(agrees=(table["ours"] == table["in_report"]) | at_least).reset_index(drop=True)


def _span(wide: pd.DataFrame, first: int, last: int) -> pd.DataFrame:
    change, times = wide[last] - wide[first], wide[last] / wide[first]
    table = pd.DataFrame({"first_year": first, "last_year": last, "change": change})
    table["change_per_year"] = change / (last - first)
    table["percent_per_year"] = 100 * (times ** (1 / (last - first)) - 1)
    return table.reset_index()


def _changes(regions: pd.DataFrame) -> pd.DataFrame:
    ordered = regions.sort_values(["region", "year"])
    by_region = ordered.groupby("region")["population"]
    return ordered.assign(
        change=by_region.diff(),
        change_percent=100 * by_region.pct_change(),
        ten_year_change_percent=100 * by_region.pct_change(10),
    )


def _rounded_as(value: float, printed: float) -> float:
    """Round a value to the decimals that the printed figure has."""
    return round(value, len(f"{printed:.10g}".partition(".")[2]))
