"""Projections: what is refused, what is promised for awkward municipalities, and measures by hand."""

import numpy as np
import pandas as pd
import pytest

import sodertorn_lib as lib

EVERY_METHOD = tuple(lib.METHODS)


def history(years=range(1980, 2021), **growth):
    """Made-up municipalities: a yearly growth and a wave of its own for each."""
    table = []
    for shift, (code, rate) in enumerate(growth.items()):
        t = np.arange(len(years))
        population = 20_000 * (shift + 1) * np.exp(rate * t + 0.01 * np.sin(t / (3 + shift)))
        table.append(pd.DataFrame({"municipality_code": code, "year": years, "population": population.round()}))
    return pd.concat(table, ignore_index=True)


@pytest.fixture
def three():
    return history(a=0.01, b=0.0, c=-0.01)


def change(table, column, value, row=30):
    table = table.astype({"population": float, "year": float}) if column != "municipality_code" else table.copy()
    table.loc[row, column] = value
    return table


@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda t: t.drop(index=30), "municipality a, year 2010: no row"),
        (lambda t: pd.concat([t, t.iloc[[30]]]), "municipality a, year 2010: more than one row"),
        (lambda t: change(t, "population", 0), "municipality a, year 2010.*above 0"),
        (lambda t: change(t, "population", -5), "municipality a, year 2010.*above 0"),
        (lambda t: change(t, "population", np.nan), "municipality a, year 2010.*not a number"),
        (lambda t: change(t, "population", np.inf), "municipality a, year 2010.*not a number"),
        (lambda t: change(t, "municipality_code", None), "not a municipality"),
        (lambda t: change(t, "year", np.nan), "whole year"),
        (lambda t: change(t, "year", 2010.5), "municipality a, year 2010.5.*whole year"),
        (lambda t: t[(t.municipality_code != "b") | (t.year < 2020)], "municipality b, year 2020: no row"),
        (lambda t: t[t.year > 2010], "municipality a.*12 years or more"),
        (lambda t: t.iloc[:0], "no rows"),
        (lambda t: t.drop(columns="year"), "lacks year"),
    ],
)
def test_bad_history_is_refused_by_municipality_and_year(three, spoil, words):
    for method in EVERY_METHOD:
        for project in (lib.project_population, lib.project_total):
            with pytest.raises(ValueError, match=words):
                project(spoil(three), 5, method=method)


@pytest.mark.parametrize(
    "spoil, words",
    [
        (lambda r: r.iloc[:-1], "in 2020"),
        (lambda r: pd.concat([r, pd.Series([9e6], index=[2021])]), "in 2020"),
        (lambda r: r.drop(2001), r"\[2001\]"),
        (lambda r: r.loc[1990:], r"\[1980, 1981, 1982, 1983, 1984\]"),
        (lambda r: r.where(r.index != 1999, 0.0), r"\[1999\]"),
        (lambda r: r.where(r.index != 1999), r"\[1999\]"),
        (lambda r: pd.concat([r, r.loc[[1999]]]), "each year once"),
        (lambda r: r.iloc[:0], "each year once"),
    ],
)
def test_bad_reference_is_refused(three, spoil, words):
    reference = three.groupby("year").population.sum() * 1.5
    with pytest.raises(ValueError, match=words):
        lib.project_population(three, 5, reference=spoil(reference))


@pytest.mark.parametrize("horizon", [0, -1, 2.5, "3", None])
def test_bad_horizon_is_refused(three, horizon):
    with pytest.raises(ValueError, match="horizon"):
        lib.project_population(three, horizon)


@pytest.mark.parametrize("coverage", [0, 1, -0.1, 80, 0.951, "0.8"])
def test_coverage_that_is_no_share_or_beyond_what_errors_tell_is_refused(three, coverage):
    with pytest.raises(ValueError, match=r"coverage is .* give a share above 0.* too few for more than 0\.95"):
        lib.project_total(three, 5, coverage=coverage)


@pytest.mark.parametrize("method", EVERY_METHOD)
def test_shape_order_and_sign(three, method):
    projected = lib.project_population(three.sample(frac=1, random_state=1), 10, method=method)
    columns = ["municipality_code", "year", "population", "lower", "upper", "jump_off_year", "interval_percent"]
    assert projected.columns.tolist() == columns
    assert (projected.jump_off_year == 2020).all() and (projected.interval_percent == 80).all()
    assert projected[["municipality_code", "year"]].values.tolist() == [
        [c, y] for c in "abc" for y in range(2021, 2031)
    ]
    assert (projected.lower > 0).all() and (projected.lower < projected.population).all()
    assert (projected.population < projected.upper).all() and np.isfinite(projected.upper).all()
    pd.testing.assert_frame_equal(projected, lib.project_population(three, 10, method=method))


@pytest.mark.parametrize("method", ["damped", "lib.linear", None])
def test_an_unknown_method_is_refused_and_those_that_there_are_are_named(three, method):
    for use in (
        lambda: lib.project_population(three, 5, method=method),
        lambda: lib.project_total(three, 5, method=method),
        lambda: lib.compare_methods(three, [method], first_jump_off_year=2000),
    ):
        with pytest.raises(ValueError, match=r"choose from damped_trend, no_change, linear, exponential, .*_growth"):
            use()


def test_results_carry_the_names_and_how_many_of_how_many(three):
    names = pd.CategoricalDtype(["C", "B", "A", "D"])
    named = three.assign(municipality=three.municipality_code.str.upper().astype(names))
    two = named[named.municipality_code != "b"]
    each, total = lib.project_population(two, 2), lib.project_total(two, 2, coverage=0.95)
    assert each.columns.tolist()[:3] == ["municipality_code", "municipality", "year"]
    assert each.municipality.dtype == names and each.municipality.tolist() == ["A", "A", "C", "C"]
    assert total[["municipalities", "of_municipalities"]].values.tolist() == [[2, 4], [2, 4]]
    assert (str(total.of_municipalities.dtype), total.interval_percent.tolist()) == ("Int64", [95.0, 95.0])
    options = {"jump_off_years": [2000, 2005], "horizons": [1, 5]}
    tested = lib.backtest(two, **options)
    assert tested.municipality.dtype == names
    assert (tested.municipality.str.lower() == tested.municipality_code).all()
    pd.testing.assert_frame_equal(
        tested.drop(columns="municipality"), lib.backtest(two.drop(columns="municipality"), **options)
    )
    assert "municipality" not in lib.backtest(two, total=True, **options)
    errors = lib.compare_methods(two, ["linear"], first_jump_off_year=2000)
    assert errors[["municipalities", "of_municipalities"]].drop_duplicates().values.tolist() == [[2, 4]]
    text = lib.project_total(two.astype({"municipality": str}), 1)
    assert text.of_municipalities.isna().all() and str(text.of_municipalities.dtype) == "Int64"


def test_shorter_horizon_is_the_beginning_of_a_longer_one(three):
    longer = lib.project_population(three, 10)
    pd.testing.assert_frame_equal(lib.project_population(three, 4), longer[longer.year <= 2024].reset_index(drop=True))


@pytest.mark.parametrize("total", [False, True])
@pytest.mark.parametrize("method", EVERY_METHOD)
def test_the_future_is_not_seen(three, method, total):
    spoiled = three.assign(population=three.population.where(three.year <= 2005, 7))
    reference = three.groupby("year").population.sum() * 2
    options = {"jump_off_years": [2000, 2005], "horizons": [1, 5], "method": method, "total": total}
    run = [lib.backtest(t, reference=reference, **options) for t in (three, spoiled)]
    pd.testing.assert_series_equal(run[0].projection, run[1].projection)
    pd.testing.assert_frame_equal(run[0][["lower", "upper"]], run[1][["lower", "upper"]])
    later = reference.where(reference.index <= 2005, 9e9)
    pd.testing.assert_frame_equal(run[0], lib.backtest(three, reference=later, **options))


def test_higher_coverage_is_wider_and_later_is_wider(three):
    narrow, wide = (lib.project_population(three, 10, coverage=c) for c in (0.5, 0.95))
    assert (narrow.lower > wide.lower).all() and (narrow.upper < wide.upper).all()
    assert wide.assign(w=wide.upper / wide.lower).groupby("municipality_code").w.is_monotonic_increasing.all()


def test_a_moved_boundary_gives_a_sane_projection_and_leaves_the_neighbours_alone():
    table = history(**{f"m{i}": 0.005 for i in range(8)})
    doubled = table.assign(
        population=table.population.where((table.municipality_code != "m0") | (table.year < 2020), table.population * 2)
    )
    before, after = (
        lib.project_population(t, 10).groupby("municipality_code").tail(1).set_index("municipality_code")
        for t in (table, doubled)
    )
    assert 0.9 < after.population["m0"] / before.population["m0"] / 2 < 1.35
    assert (after.population / before.population).drop("m0").between(0.95, 1.05).all()
    width = [np.log(t.upper / t.lower).drop("m0") for t in (before, after)]
    assert (width[1] < 1.6 * width[0]).all()


def test_widths_follow_size_to_the_same_power_in_every_year():
    table = history(a=0.01, b=0.01, c=0.0, d=0.0)
    ends = lib.project_population(table, 10).groupby("municipality_code").tail(1).set_index("municipality_code")
    width, size = np.log(ends.upper / ends.population), table.groupby("municipality_code").population.last()
    assert (width / size**-0.2).to_numpy() == pytest.approx([width["a"] / size["a"] ** -0.2] * 4)
    assert width["a"] > width["d"] > 0


def test_a_width_by_hand():
    """One municipality that stands still but for one year, which is its only error."""
    years = np.arange(1990, 2021)
    table = pd.DataFrame({"municipality_code": "a", "year": years, "population": 10_000 * 1.01 ** (years >= 2010)})
    weight = lambda age, half_life: 0.5 ** (age / half_life)  # noqa: E731

    def scale(year):
        ages = np.arange(year - 1990)[::-1]
        grew = np.where(np.arange(1991, year + 1) == 2010, np.log(1.01) ** 2, 0)
        people = 10_000 * 1.01 ** (year >= 2010)
        return np.sqrt(np.average(grew, weights=weight(ages, 8))) * people**-0.2

    ahead = lib.project_population(table, 1, method="no_change", coverage=0.95).iloc[0]
    past = [abs(np.log(1.01 if year == 2009 else 1)) for year in range(1997, 2020)]
    units = [max(scale(year), 0.001 * 10_000**-0.2) for year in range(1997, 2020)]
    width = np.quantile(np.divide(past, units), 0.95) * scale(2020)
    assert np.log(ahead.upper / ahead.population) == pytest.approx(width)


@pytest.mark.parametrize(
    ("population", "probability"), [(80, 0.975), (90, 0.9), (100, 0.5), (105, None), (110, 0.1), (130, 0.025)]
)
def test_a_probability_is_read_between_the_bounds(population, probability):
    bounds = {"year": 2030, "population": 100.0, "jump_off_year": 2025}
    projection = pd.DataFrame(
        [
            bounds | {"lower": 90, "upper": 110, "interval_percent": 80.0},
            bounds | {"lower": 85, "upper": 120, "interval_percent": 95.0},
            bounds | {"year": 2029, "lower": 1, "upper": 2, "interval_percent": 95.0},
        ]
    )
    expected = 0.5 - 0.4 * np.log(1.05) / np.log(1.1) if probability is None else probability
    assert lib.probability_of(projection, population) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((100, 2031), "year 2031 is not in the projection: choose from 2021-2025"),
        ((0, 2025), "population is 0: give persons, above 0"),
        ((float("nan"),), "population is nan"),
    ],
)
def test_a_probability_of_what_is_not_projected_is_refused(three, arguments, words):
    with pytest.raises(ValueError, match=words):
        lib.probability_of(lib.project_total(three, 5), *arguments)
    with pytest.raises(ValueError, match="more than one area: give one, as project_total does"):
        lib.probability_of(lib.project_population(three, 5), 100)


def test_a_vanishing_municipality_stays_above_zero():
    years = range(1980, 2021)
    table = pd.DataFrame(
        {"municipality_code": 1, "year": years, "population": np.maximum(5_000 * 0.7 ** np.arange(41), 1)}
    )
    for method in EVERY_METHOD:
        projected = lib.project_population(table, 60, method=method)
        assert (projected.lower > 0).all() and np.isfinite(projected.upper).all(), method.__name__


def test_one_municipality_is_its_own_total():
    table = history(a=0.012)
    area, total = lib.project_population(table, 15), lib.project_total(table, 15)
    counted = ["municipalities", "of_municipalities"]
    pd.testing.assert_frame_equal(area.drop(columns="municipality_code"), total.drop(columns=counted))


def test_total_is_the_sum_and_its_interval_lies_inside_the_added_bounds(three):
    area, total = (
        lib.project_population(three, 10).groupby("year").sum(numeric_only=True),
        lib.project_total(three, 10).set_index("year"),
    )
    assert np.allclose(area.population, total.population)
    assert (total.upper - total.lower <= (area.upper - area.lower) * 1.001).all()


def test_errors_that_cancel_out_leave_a_narrow_interval_for_the_sum():
    years = np.arange(1980, 2021)
    wave = 2_000 * np.sin((years - 1980) / 3)
    table = pd.concat(
        [
            pd.DataFrame({"municipality_code": c, "year": years, "population": 50_000 + s * wave})
            for c, s in (("a", 1), ("b", -1))
        ]
    )
    area, total = (method(table, 5).query("year == 2025") for method in (lib.project_population, lib.project_total))
    assert (total.upper - total.lower).sum() < 0.2 * (area.upper - area.lower).sum()


def test_an_interval_never_narrows_with_the_horizon():
    table = pd.DataFrame(
        {"municipality_code": "a", "year": range(1980, 2021), "population": 20_000.0 + 1_000 * (np.arange(41) % 2)}
    )
    width = lib.project_population(table, 12).eval("log(upper / lower)")
    assert (width.diff().dropna() > -1e-12).all()


def test_shortest_history_that_is_accepted():
    for method in EVERY_METHOD:
        projected = lib.project_population(history(years=range(2009, 2021), a=0.01, b=-0.02), 20, method=method)
        assert np.isfinite(projected.upper).all()


def test_standard_methods_by_hand():
    table = pd.DataFrame({"municipality_code": np.repeat(["up", "down"], 12), "year": np.tile(range(2000, 2012), 2)})
    table["population"] = np.where(
        table.municipality_code == "up", 1_000 + 50 * (table.year - 2000), 2_000 - 50 * (table.year - 2000)
    ).astype(float)

    def year10(method):
        projected = lib.project_population(table, 10, method=method)
        projected = projected.query("year == 2021").set_index("municipality_code")
        return projected["population"].round(1).to_dict()

    assert year10("no_change") == {"down": 1450.0, "up": 1550.0}
    assert year10("linear") == {"down": 950.0, "up": 2050.0}
    assert year10("exponential") == {"down": round(1450**2 / 1950, 1), "up": round(1550**2 / 1050, 1)}
    assert year10("linear_exponential") == {"down": round(1450**2 / 1950, 1), "up": 2050.0}
    assert year10("constant_share") == {"down": 1450.0, "up": 1550.0}
    assert year10("variable_share_of_growth") == {"down": 950.0, "up": 2050.0}
    assert year10("constant_share_and_variable_growth") == {"down": 1200.0, "up": 1800.0}


def test_accuracy_by_hand():
    tested = pd.DataFrame(
        {
            "jump_off_year": [2000, 2000, 2001],
            "horizon": 5,
            "jump_off_population": 100.0,
            "projection": [105.0, 90, 120],
            "lower": [95.0, 80, 110],
            "upper": [115.0, 95, 130],
            "outcome": 100.0,
            "percentage_error": [5.0, -10, 20],
        }
    )
    row = lib.accuracy(tested).loc[5]
    assert (row.MdAPE, round(row.MAPE, 3), row.MALPE) == (10, 11.667, 5)
    assert (round(row.within_10_percent, 1), round(row.coverage, 1)) == (66.7, 33.3)
    assert round(row.interval_score, 1) == round((20 + (15 + 50) + (20 + 100)) / 3, 1)


def test_shelf_life():
    tested = pd.DataFrame(
        {
            "horizon": np.repeat([1, 2, 3, 4], 5),
            "percentage_error": [1.0] * 5 + [10.0] * 4 + [11] + [1] * 3 + [-11.0] * 2 + [1] * 5,
        }
    )
    assert lib.shelf_life(tested) == 2
    assert lib.shelf_life(tested.assign(percentage_error=99.0)) == 0


def test_steady_growth_in_a_still_region_by_hand():
    years = np.arange(1980, 2021)
    table = pd.DataFrame(
        {"municipality_code": "a", "year": years, "population": 10_000 * np.exp(0.01 * (years - 1980))}
    )
    projected = lib.project_population(table, 5, reference=pd.Series(1e6, index=years)).population.iloc[-1]
    fading = sum(0.5 ** (k / 2.5) for k in range(1, 6))
    assert projected == pytest.approx(table.population.iloc[-1] * (1 + 5 * 0.007 + 0.003 * fading))


def test_a_municipality_is_drawn_toward_growth_usual_for_its_size():
    years = np.arange(1980, 2021)

    def make(code, size, rate):
        population = size * np.exp(rate * (years - 2020))
        return pd.DataFrame({"municipality_code": code, "year": years, "population": population})

    still = [make("large still", 99_000, 0.0), make("small still", 1_100, 0.0)]
    table = pd.concat(
        [
            *still,
            *(make(f"large {i}", 100_000, 0.01) for i in range(5)),
            *(make(f"small {i}", 1_000, -0.01) for i in range(5)),
        ]
    )
    flat = pd.Series(1e7, index=years)
    growth = (
        lib.project_population(table, 10, reference=flat)
        .query("year == 2030")
        .set_index("municipality_code")
        .population
    )
    assert growth["large still"] > 99_500 and growth["small still"] < 1_095


def test_every_method_is_compared_on_the_same_years(three):
    errors = lib.compare_methods(three, first_jump_off_year=2000, longest_horizon=3)
    assert errors["method"].unique().tolist() == list(lib.METHODS)
    assert (errors["first_jump_off_year"] == 2000).all() and (errors["last_jump_off_year"] == 2017).all()
    assert (errors["municipalities"] == 3).all() and errors["of_municipalities"].isna().all()
    assert errors.groupby("method")["horizon"].apply(list).map(lambda found: found == [1, 2, 3]).all()
    tested = lib.backtest(three, jump_off_years=range(2000, 2018), horizons=[3], method="linear")
    ours = errors.set_index(["method", "horizon"]).loc[("linear", 3), "MAPE"]
    assert ours == pytest.approx(tested["percentage_error"].abs().mean())


def test_a_backtest_hands_its_coverage_on_and_accuracy_scores_with_its_own(three):
    narrow, wide = (lib.backtest(three, jump_off_years=[2005], horizons=[5], coverage=c) for c in (0.5, 0.9))
    assert (narrow["upper"] < wide["upper"]).all()
    row = pd.DataFrame([{"jump_off_year": 2005, "horizon": 5, "jump_off_population": 50, "projection": 90}])
    row = row.assign(lower=80, upper=95, outcome=100, percentage_error=-10)
    assert lib.accuracy(row, coverage=0.5)["interval_score"].item() == pytest.approx(100 * (15 + 4 * 5) / 50)
    with pytest.raises(ValueError, match="coverage"):
        lib.accuracy(row, coverage=80)
    with pytest.raises(ValueError, match="missing"):
        lib.accuracy(row.assign(upper=np.nan))


def test_beyond_the_longest_horizon_known_the_interval_grows_in_proportion():
    table = history(years=range(2000, 2021), a=0.01, b=-0.01)
    width = lib.project_population(table, 20).query("municipality_code == 'a'").eval("log(upper / lower)").to_numpy()
    steps = np.diff(width[-6:])
    assert np.allclose(steps, steps[0])
    assert width[-1] / width[-2] == pytest.approx(20 / 19)


def test_variable_share_takes_its_part_of_what_the_region_grows_beyond_the_line():
    years = np.arange(2000, 2012)
    table = pd.DataFrame({"municipality_code": "a", "year": years, "population": 1_000.0 + 50 * (years - 2000)})
    region = pd.Series(10_000 * 1.02 ** (years - 2000), index=years)
    projected = lib.project_population(table, 10, method="variable_share_of_growth", reference=region).population.iloc[
        -1
    ]
    line = region.iloc[-1] - region.iloc[-11]
    rate = region.iloc[-1] * (region.iloc[-1] / region.iloc[-11]) - region.iloc[-1]
    assert projected == pytest.approx(1_550 + 500 + (rate - line) / (500 + abs(line - 500)) * 500)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"jump_off_years": [], "horizons": [5]}, "one or more"),
        ({"jump_off_years": [2005], "horizons": [0, 5]}, "horizons from 1"),
        ({"jump_off_years": [2005], "horizons": [2.5]}, "horizons from 1"),
        ({"jump_off_years": [1800], "horizons": [5]}, "1800 is not in the history"),
    ],
)
def test_a_backtest_of_nothing_is_refused(three, arguments, words):
    with pytest.raises(ValueError, match=words):
        lib.backtest(three, **arguments)


def test_years_as_text_dates_or_far_apart_are_refused(three):
    for spoilt in (
        three.assign(year=three.year.astype(str)),
        three.assign(year=pd.to_datetime(three.year.astype(str))),
    ):
        with pytest.raises(ValueError, match="year is"):
            lib.project_population(spoilt, 5)
    with pytest.raises(ValueError, match="fill the gaps"):
        lib.project_population(change(three, "year", 10**9), 5)
    with pytest.raises(ValueError, match="above 0"):
        lib.project_population(change(three, "population", 0.001), 5)
