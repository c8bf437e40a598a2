"""A mass and the likelihood of a scan together: limits, parts, intervals, p-values, coverage."""

from dataclasses import replace

import numpy as np
import pytest

from x17.combination import GaussianMass, fit_jointly
from x17.combination.constrained_p import constrained_p, constrained_statistic
from x17.combination.joint_curve import joint_curve
from x17.combination.joint_fit import joint_masses
from x17.combination.joint_result import JointResult
from x17.errors import UsageError
from x17.nuclear.masses import fit_mass, load_measurements
from x17.nuclear.masses.choices import FitChoices, Source
from x17.scan import EnergyScan
from x17.statistics.best_fit import best_fit
from x17.statistics.data_sets import observed
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background, fit_fixed_signal
from x17.statistics.signal_scan import SignalScan, scan_signal
from x17.statistics.toy_set import InMemory

LOW, HIGH = 16.4, 17.4


@pytest.fixture(scope="module")
def model() -> ScanModel:
    return ScanModel.build(EnergyScan.load("padme-run3"))


def test_a_mass_that_knows_nothing_leaves_the_scan_as_it_is(model: ScanModel) -> None:
    joint, alone = (
        fit_jointly(GaussianMass(16.9, 1e3), model, LOW, HIGH),
        best_fit(model, observed(model), LOW, HIGH),
    )
    assert joint.mass_mev == pytest.approx(alone.mass_mev, abs=1e-4)
    assert joint.g_ve == pytest.approx(alone.g_ve, rel=1e-4)
    assert joint.total == pytest.approx(alone.q, abs=1e-6)
    np.testing.assert_allclose(joint.mass_intervals_mev, [alone.mass_interval_mev], atol=1e-4)
    # The parabola through three masses 5 keV apart is good to 1e-3 of an interval here.
    np.testing.assert_allclose(joint.g_intervals, [alone.g_ve_interval], rtol=2e-3)
    assert joint.tension == pytest.approx(0.0, abs=1e-6)


def test_a_mass_known_exactly_decides(model: ScanModel) -> None:
    joint = fit_jointly(GaussianMass(17.03, 1e-3), model, LOW, HIGH)
    assert joint.mass_mev == pytest.approx(17.03, abs=1e-4)
    curve = joint_curve(GaussianMass(17.03, 1e-3), model, observed(model), np.array([17.03]))
    assert joint.q == pytest.approx(float(curve.q[0]), abs=1e-3)
    low, high = joint.mass_intervals_mev[0]
    assert low is not None
    assert high is not None
    assert high - low == pytest.approx(2e-3, rel=0.05)


def test_the_sum_is_never_lower_than_its_parts(model: ScanModel) -> None:
    for term in (GaussianMass(16.85, 0.04), GaussianMass(17.1, 0.1)):
        joint = fit_jointly(term, model, LOW, HIGH)
        assert joint.total == pytest.approx(joint.q + joint.mass_chi2, abs=1e-9)
        assert joint.scan_q <= joint.total <= 0.0
        assert 0.0 < joint.tension_p <= 1.0
        # The map agrees with fits of its own, and its lowest cell is near the minimum found without it.
        background = float(fit_background(model, observed(model)).chi2[0])
        k, i = 100, 20
        mass, coupling = joint.curve.masses[k], joint.couplings[i]
        chi2 = float(fit_fixed_signal(model, observed(model), mass, coupling**2).chi2[0])
        assert joint.map[k, i] == pytest.approx(chi2 - background + float(term.chi2_at(mass)), abs=1e-6)
        assert joint.total <= joint.map.min() + 1e-9
        assert joint.map.min() - joint.total < 0.1


def test_gaussian_terms_would_combine_as_weighted_means(model: ScanModel) -> None:
    joint = fit_jointly(GaussianMass(16.85, 0.04), model, LOW, HIGH)
    result = JointResult("scan", "mass", joint, ())
    assert result.gaussian is not None
    mass, error = result.gaussian
    low, high = joint.scan_intervals_mev[0]
    assert low is not None
    assert high is not None
    sigma = 0.5 * (high - low)
    assert error == pytest.approx((0.04**-2 + sigma**-2) ** -0.5)
    assert mass == pytest.approx((16.85 / 0.04**2 + joint.scan_mass_mev / sigma**2) * error**2)
    # The likelihood of the scan is not Gaussian: the two joint masses differ, but within their error.
    assert 0.0 < abs(joint.mass_mev - mass) < error
    in_pieces = replace(joint, scan_intervals_mev=((16.5, 16.6), (16.8, 16.9)))
    assert replace(result, fit=in_pieces).gaussian is None
    assert replace(result, fit=replace(joint, scan_intervals_mev=((None, 16.6),))).gaussian is None


def test_nuclear_angles_end_where_no_boson_is_made(model: ScanModel) -> None:
    fit = fit_mass(load_measurements().select(), FitChoices(source=Source.ANGLES))
    with pytest.raises(UsageError, match=r"makes none above 17.648 MeV"):
        fit_jointly(fit, model, LOW, 17.7)
    joint = fit_jointly(fit, model, LOW, HIGH)
    assert joint.mass_mev == pytest.approx(16.90, abs=0.01)


def test_no_range_of_masses() -> None:
    with pytest.raises(UsageError, match="LO < HI"):
        joint_masses(16.9, 16.9)
    np.testing.assert_allclose(np.diff(joint_masses(16.4, 17.4)), 0.005)


def a_scan(q: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> SignalScan:
    status = np.zeros(q.shape, dtype=np.int8)
    return SignalScan(np.array([16.8, 16.9, 17.0]), np.ones_like(q), np.ones_like(q), q, status)


def test_the_statistic_pays_for_the_distance_from_the_mass() -> None:
    term = GaussianMass(16.8, 0.1)
    scan = a_scan(np.array([[0.0, -3.0, -4.5], [-1.0, 0.0, 0.0], [0.0, 0.0, -3.0]]))
    np.testing.assert_allclose(constrained_statistic(term, scan), [-2.0, -1.0, 0.0], atol=1e-9)
    deficit = replace(scan, signal=-scan.signal)
    np.testing.assert_array_equal(constrained_statistic(term, deficit), 0.0)


def test_a_p_value_counts_toys_as_low_and_leaves_failures_out() -> None:
    term = GaussianMass(16.8, 0.1)
    toys = a_scan(np.array([[-3.0, 0.0, 0.0], [-1.0, 0.0, 0.0], [-2.0, 0.0, 0.0], [-9.0, 0.0, 0.0]]))
    toys.status[3, 0] = 3
    data = a_scan(np.array([[-2.0, 0.0, 0.0]]))
    p = constrained_p(term, data, toys)
    assert (p.successes, p.n_toys, p.n_failed) == (2, 3, 1)


def test_a_better_known_mass_is_searched_in_fewer_places(model: ScanModel) -> None:
    """At the mass of the excess p lies between the local p-value and the global one of 16.6 to 17.2 MeV."""
    masses = np.linspace(16.6, 17.2, 31)
    wanted = ExperimentSet(ensemble=Ensemble.PUBLISHED, masses=tuple(masses.tolist()), seed=1)
    (arrays,) = InMemory()(model, [wanted], 600)
    toys, data = wanted.signal_scan(arrays), scan_signal(model, observed(model), masses)
    narrow, middle, wide = (
        constrained_p(GaussianMass(16.9, error), data, toys).value for error in (1e-3, 0.05, 1e3)
    )
    assert narrow < middle < wide
    # Local p 0.0114, global 0.09 (docs/explanation/published-numbers.md); three binomial errors of 600 toys.
    assert narrow == pytest.approx(0.0114, abs=0.014)
    assert wide == pytest.approx(0.09, abs=0.036)


def test_the_joint_interval_holds_the_truth_as_often_as_it_says(model: ScanModel) -> None:
    """A boson of 16.9 MeV at g = 6e-4 in the scan, and a mass drawn about 16.9 MeV, error 0.05 MeV."""
    truth, error, n = 16.9, 0.05, 600
    masses = np.linspace(16.6, 17.2, 61)
    wanted = ExperimentSet(
        ensemble=Ensemble.PUBLISHED, masses=(*masses.tolist(),), seed=4, truth_mass=truth, truth_coupling=6e-4
    )
    (arrays,) = InMemory()(model, [wanted], n)
    scan = wanted.signal_scan(arrays)
    measured = truth + error * np.random.default_rng(4).standard_normal(n)
    covered = 0
    for k in range(n):
        total = ((masses - measured[k]) / error) ** 2 + scan.excess_q[k]
        at_truth = total[np.argmin(np.abs(masses - truth))]
        # The lowest point of a parabola through three masses.
        i = int(np.clip(np.argmin(total), 1, masses.size - 2))
        left, middle, right = total[i - 1 : i + 2]
        curvature = left - 2.0 * middle + right
        least = middle - 0.125 * (right - left) ** 2 / curvature if curvature > 0.0 else middle
        covered += at_truth - min(least, total.min()) <= 1.0
    # Binomial error 1.9 %. Q is not a parabola, and centres of the published ensemble stay as measured.
    assert covered / n == pytest.approx(0.683, abs=0.06)
