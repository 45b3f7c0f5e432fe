"""The methods of projection, each a rule that extrapolates population: the damped trend, and the standard ones.

A rule takes a panel and gives what extrapolates it to a horizon. That answers with the projections it would have
made in each of the last years of the panel, the earliest first: one row a year, one column a municipality. The last row
is the projection, the rows before it are what its errors are learned from. No row uses what is later than its own year.

Sources: Gardner & McKenzie (1985), Management Science 31 (damped trend); Wilson, Grossman, Alexander, Rees & Temple
(2022), Population Research and Policy Review (the standard methods).
"""

from collections.abc import Callable

import numpy as np

from sodertorn_lib.panel import Floats, Panel

# One value for every municipality, year and horizon. docs/projections_appendix.md says what each does to the errors.
MEMORY_HALF_LIFE = 6  # years: evens out a building boom, yet sees in time that a town has turned
MOMENTUM_HALF_LIFE = 2.5  # years: about as long as homes under construction or a migration wave last
LOCAL_WEIGHT = 0.7  # the part of local growth that lasts; the rest is regression to the usual
GROWTH_CAP = 0.05  # a year: beyond it lies a new town or a moved boundary, and neither recurs every year
BASE_PERIOD = 10  # years, for the standard methods, as in Wilson et al.

Extrapolation = Callable[[int], Floats]  # horizon -> projections
Rule = Callable[[Panel], Extrapolation]


def damped_trend(panel: Panel) -> Extrapolation:
    """Our method: shrunken long-run growth, plus a departure from it that fades."""
    recent, of_region = capped_growth(panel.population), capped_growth(panel.reference)
    local, region = recency_mean(recent, MEMORY_HALF_LIFE), recency_mean(of_region, MEMORY_HALF_LIFE)
    usual = region[:, None] + _growth_by_size(panel.population[1:], local)
    long_run = LOCAL_WEIGHT * local + (1 - LOCAL_WEIGHT) * usual

    def project(horizon: int) -> Floats:
        remaining = 0.5 ** (np.arange(1, horizon + 1) / MOMENTUM_HALF_LIFE)
        ahead = horizon * long_run + remaining.sum() * (recent - long_run)
        return np.asarray(np.maximum(panel.population[1:] * (1 + ahead), 1))

    return project


def capped_growth(population: Floats) -> Floats:
    """Annual change of the logarithm, rows from the second year, without what does not recur, as a moved boundary."""
    return np.clip(np.diff(np.log(population), axis=0), -GROWTH_CAP, GROWTH_CAP)


def _growth_by_size(population: Floats, annual: Floats) -> Floats:
    """Return what least squares on log size adds to the mean growth for a municipality of its size, year by year."""
    size = np.log(population)
    size -= size.mean(axis=1, keepdims=True)
    spread = np.maximum((size**2).sum(axis=1, keepdims=True), np.finfo(float).tiny)  # one municipality has none
    added: Floats = size * (size * annual).sum(axis=1, keepdims=True) / spread
    return added


def recency_mean(values: Floats, half_life: float) -> Floats:
    """Return the mean of all rows so far, where a row weighs half as much as one half_life rows later."""
    decay, total, weight = 0.5 ** (1 / half_life), np.zeros(values.shape[1:]), 0.0
    means = np.empty_like(values)
    for row, value in enumerate(values):
        total, weight = decay * total + value, decay * weight + 1
        means[row] = total / weight
    return means


def _straight(values: Floats, horizon: int) -> Floats:
    """Let the change over the base period go on; never below one inhabitant, where a falling line would end."""
    last, first = values[BASE_PERIOD:], values[:-BASE_PERIOD]
    return np.maximum(last + (last - first) * horizon / BASE_PERIOD, 1)


def _geometric(values: Floats, horizon: int) -> Floats:
    """Let the rate of the base period go on."""
    last, first = values[BASE_PERIOD:], values[:-BASE_PERIOD]
    projected: Floats = last * (last / first) ** (horizon / BASE_PERIOD)
    return projected


def no_change(panel: Panel) -> Extrapolation:
    """Keep the last population."""
    return lambda horizon: panel.population


def linear(panel: Panel) -> Extrapolation:
    """LIN: let the annual change in persons go on."""
    return lambda horizon: _straight(panel.population, horizon)


def exponential(panel: Panel) -> Extrapolation:
    """EXP: let the annual rate of growth go on."""
    return lambda horizon: _geometric(panel.population, horizon)


def linear_exponential(panel: Panel) -> Extrapolation:
    """LIN/EXP: linear where the population grew, exponential where it fell."""
    straight, geometric = linear(panel), exponential(panel)
    grew = panel.population[BASE_PERIOD:] >= panel.population[:-BASE_PERIOD]
    return lambda horizon: np.where(grew, straight(horizon), geometric(horizon))


def constant_share(panel: Panel) -> Extrapolation:
    """CSP: a constant share of the reference, whose rate goes on."""
    share = (panel.population / panel.reference[:, None])[BASE_PERIOD:]
    return lambda horizon: share * _geometric(panel.reference, horizon)[:, None]


def variable_share_of_growth(panel: Panel) -> Extrapolation:
    """VSG: linear growth, plus-minus adjusted so that with the rest of the region's it adds up to the region's."""
    whole, last = panel.reference[BASE_PERIOD:], panel.population[BASE_PERIOD:]

    def project(horizon: int) -> Floats:
        change, in_region = _straight(panel.population, horizon) - last, _straight(panel.reference, horizon) - whole
        gross = np.abs(change).sum(axis=1) + np.abs(in_region - change.sum(axis=1))
        gap = _geometric(panel.reference, horizon) - whole - in_region
        adjusted: Floats = np.maximum(last + change + (gap / np.maximum(gross, 1))[:, None] * np.abs(change), 1)
        return adjusted

    return project


def constant_share_and_variable_growth(panel: Panel) -> Extrapolation:
    """CSP-VSG: the mean of the two."""
    share, growing = constant_share(panel), variable_share_of_growth(panel)
    return lambda horizon: (share(horizon) + growing(horizon)) / 2


RULES: tuple[Rule, ...] = (
    damped_trend,
    no_change,
    linear,
    exponential,
    linear_exponential,
    constant_share,
    variable_share_of_growth,
    constant_share_and_variable_growth,
)
METHODS = {rule.__name__: rule for rule in RULES}
