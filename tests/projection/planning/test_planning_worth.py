"""What a point is worth: against the compiled likelihood, numerical integrals and limits."""

from dataclasses import replace

import numpy as np
import pytest

from x17.errors import UsageError
from x17.projection.planning_criteria import WORTH, Criterion, chance, expected_q, information, separation
from x17.projection.planning_knowledge import Knowledge, learn
from x17.projection.planning_prior import PlanPrior
from x17.statistics.data_sets import observed
from x17.statistics.model_settings import CountTerm, KShape, ModelSettings
from x17.statistics.profile_fit import fit_fixed_signal, q_statistic

from .run3 import Planned, planned

LINE = ("A", "gamma", "b", "Q0", "Q1")


@pytest.fixture(scope="module")
def run3() -> Planned:
    return planned()


@pytest.mark.parametrize(
    "settings",
    [
        ModelSettings(fixed=LINE),
        ModelSettings(fixed=(*LINE, "P1")),
        ModelSettings(fixed=(*LINE, "P0", "P1")),
        ModelSettings(fixed=LINE, k_shape=KShape.CONSTANT),
    ],
    ids=["K", "P0", "nothing", "constant"],
)
def test_chi2_is_that_of_the_compiled_fit(settings: ModelSettings) -> None:
    there = planned(settings)
    fit = fit_fixed_signal(there.model, observed(there.model), there.tested.mass, there.tested.signal)
    # Both minima are exact: what is left is the fits' own tolerance.
    np.testing.assert_allclose(there.state.chi2, fit.chi2[0], atol=2e-8)


def test_new_points_enter_as_in_the_compiled_fit() -> None:
    there = planned(ModelSettings(fixed=LINE))
    rng = np.random.default_rng(3)
    y = 1.0 + 0.01 * rng.standard_normal(there.space.n_new)
    weight = np.where(rng.random(there.space.n_new) < 0.3, 1.5e4, 0.0)
    state = learn(there.space, there.tested, y, weight)
    data = there.space.data_sets(y[None], weight[None])
    fit = fit_fixed_signal(there.space.model, data, there.tested.mass, there.tested.signal)
    np.testing.assert_allclose(state.chi2, fit.chi2[0], atol=2e-8)


def test_the_line_s_own_nuisances_matter_little(run3: Planned) -> None:
    tested = run3.tested
    full = q_statistic(run3.model, observed(run3.model), tested.mass[1:], np.sqrt(tested.signal[1:])).q[0]
    simple = run3.state.chi2[1:] - run3.state.chi2[0]
    # Measured 0.05 where the data prefer a boson, 0.20 up to Q = 5.
    assert np.abs(simple - full)[full < 0.0].max() < 0.06
    assert np.abs(simple - full)[full < 5.0].max() < 0.25


def test_the_posterior_is_the_likelihood_times_the_prior(run3: Planned) -> None:
    state = run3.state
    ratio = state.probability[1:] / state.probability[0] / (run3.tested.prior[1:] / run3.tested.prior[0])
    np.testing.assert_allclose(ratio, np.exp(-0.5 * (state.chi2[1:] - state.chi2[0])), rtol=1e-9)
    assert state.probability.sum() == pytest.approx(1.0)
    by_mass = state.probability[1:].reshape(run3.tested.masses.size, -1).sum(axis=1)
    assert run3.tested.masses[by_mass.argmax()] == pytest.approx(16.90)


def test_signal_of_the_data_so_far() -> None:
    there = planned(ModelSettings(fixed=LINE))
    best = 1 + int(np.argmin(there.state.chi2[1:]))
    precision, pull = there.state.signal_information()
    # u-hat minimises the same chi2 that is listed at twelve couplings: within a grid step of sqrt(u).
    g = np.sqrt(pull[best] / precision[best])
    assert g == pytest.approx(np.sqrt(there.state.signal[best]), rel=0.09)
    # Q(û) = −û²/σ², up to the bend that K's product with the signal gives.
    assert there.state.chi2[best] - there.state.chi2[0] == pytest.approx(
        -(pull[best] ** 2) / precision[best], rel=0.05
    )


def _without_k(state: Knowledge) -> Knowledge:
    return replace(state, basis=state.basis[:, :0], k_covariance=np.zeros((0, 0)))


def test_information_bounds_the_mutual_information(run3: Planned) -> None:
    state, place = _without_k(run3.state), int(np.argmax(np.diag(run3.state.covariance)))
    weight = float(run3.space.new_weight(2.5e10 * np.ones(run3.space.n_new), state.background)[place])
    means, sigma = state.expected[:, place], weight**-0.5
    y = np.linspace(means.min() - 8 * sigma, means.max() + 8 * sigma, 4001)
    density = np.exp(-0.5 * ((y - means[:, None]) / sigma) ** 2) / np.sqrt(2 * np.pi) / sigma
    mixed = state.probability @ density
    entropy = -np.trapezoid(mixed * np.log2(np.maximum(mixed, 1e-300)), y)
    exact = entropy - 0.5 * np.log2(2 * np.pi * np.e * sigma**2)
    row = np.zeros((1, run3.space.n_new))
    row[0, place] = weight
    bound = float(information(state, row)[0])
    # A Gaussian has the largest entropy of its variance; the hypotheses are skew, which costs a tenth here.
    assert 0.8 * bound < exact <= bound


def test_one_point_or_determinants(run3: Planned) -> None:
    rows = np.diag(run3.space.new_weight(1e10 * np.ones(run3.space.n_new), run3.state.background))
    together = rows.copy()
    together[:, 7] += 1e-6  # too little to tell anything, enough to go by the determinants
    np.testing.assert_allclose(
        information(run3.state, rows), information(run3.state, together), rtol=1e-6, atol=1e-9
    )


@pytest.mark.parametrize("criterion", list(Criterion))
def test_nothing_gains_nothing_and_more_gains_more(run3: Planned, criterion: Criterion) -> None:
    worth, even = WORTH[criterion], np.ones(run3.space.n_new)
    rows = np.stack([n * run3.space.new_weight(1e10 * even, run3.state.background) for n in (0, 1, 2, 4)])
    values = worth(run3.state, rows)
    assert np.all(np.diff(values) > 0.0)
    if criterion is not Criterion.CHANCE:
        assert values[0] == pytest.approx(0.0, abs=1e-12)


def test_a_change_that_k_can_follow_separates_nothing(run3: Planned) -> None:
    # A signal in the shape of K's slope with K unknown: profiled away but for K's weak constraint.
    shape = run3.state.background + 0.01 * run3.state.basis[:, 1]
    state = replace(
        run3.state,
        expected=np.stack([run3.state.background, shape]),
        k_covariance=1e8 * run3.state.k_covariance,
        signal=np.array([0.0, 1.0]),
        probability=np.array([0.5, 0.5]),
    )
    weights = 1e4 * np.ones((1, run3.space.n_new))
    plain = float(weights[0] @ (shape - run3.state.background) ** 2)
    assert expected_q(_without_k(state), weights)[0, 1] == pytest.approx(plain)
    assert separation(state, weights)[0] < 1e-5 * plain


def test_everything_is_decided_in_the_end(run3: Planned) -> None:
    weights = 1e9 * np.ones((1, run3.space.n_new))
    assert chance(run3.state, weights)[0] == pytest.approx(1.0, abs=1e-3)
    # Some of the bosons are excluded by the data so far.
    assert 0.0 < chance(run3.state, 0.0 * weights)[0] < 0.1


def test_visits_add_up_to_the_floor_of_the_systematic_errors(run3: Planned) -> None:
    space, one = run3.space, np.ones(run3.space.n_new)
    floor = 1.0 / (space.flux_err**2 + space.background_err**2)
    np.testing.assert_allclose(space.new_weight(1e15 * one, one), floor, rtol=1e-3)
    np.testing.assert_allclose(space.new_weight(1e6 * one, one), 1e6 * space.rate, rtol=2e-3)
    assert np.all(space.new_weight(0.0 * one, one) == 0.0)


@pytest.mark.parametrize(
    "settings",
    [ModelSettings(count_term=CountTerm.POISSON), ModelSettings(correlated_flux_fraction=0.5)],
)
def test_likelihoods_that_cannot_be_planned_with(settings: ModelSettings) -> None:
    with pytest.raises(UsageError, match="a plan needs"):
        planned(settings)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"couplings": (1e-3, 1e-4)}, "allowed: 0 < LO < HI < 1"),
        ({"n_couplings": 1}, "2 or more"),
        ({"no_boson": 1.0}, "between 0 and 1"),
        ({"mass_step_mev": 0.0}, "allowed: above 0"),
    ],
)
def test_priors_outside_their_range(wrong: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        PlanPrior(**wrong)  # type: ignore[arg-type]
