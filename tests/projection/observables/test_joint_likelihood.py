"""The joint likelihood against closed forms, the likelihood of two-cluster counting, and Poisson toys."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.projection.observables.class_points import ClassPoints
from x17.projection.observables.common_responses import PriorErrors
from x17.projection.observables.observable import ALL, Observable
from x17.projection.observables.tagging import Tagging
from x17.scan import EnergyScan
from x17.statistics.asymptotic import expected_error, expected_limits, expected_truth
from x17.statistics.data_sets import observed
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KSource, ModelSettings
from x17.statistics.profile_fit import fit_background

from .conftest import Build

FloatArray = NDArray[np.float64]

CL2, EE, GG, RATIO = ALL
PERFECT = Tagging(efficiency=1.0, photon_tags=0.0)
TAGS = Tagging(efficiency=0.97, photon_tags=0.02, efficiency_err=0.003, photon_tags_err=0.001)
KNOWN = PriorErrors(constant=1e-9, slope_per_mev=1e-9, tags=1e-9)
MASSES = np.array([16.6, 16.9, 17.2])


def signal_of_electrons(points: ClassPoints, build: Build) -> FloatArray:
    """Relative signal in pairs of electrons at g = 1, for 16.9 MeV, shape (n,)."""
    return build(points, PERFECT, EE).signal.at([16.9])[0, :, 0, 0]


def test_two_clusters_alone_are_the_likelihood_of_the_search(
    scan: EnergyScan, points: ClassPoints, build: Build
) -> None:
    model = ScanModel.build(scan, ModelSettings(k_constraint=KSource.FREE))
    truth = expected_truth(model, fit_background(model, observed(model)))
    wanted = expected_limits(expected_error(model, truth, MASSES).error, 0.9)[2]
    found = build(points, TAGS, CL2).expected_limit(MASSES)
    # There K is 1.0116 and multiplies the signal (0.6 % of g), and errors scale with the counts seen.
    np.testing.assert_allclose(found, wanted, rtol=0.01)


def test_error_of_the_ratio_is_that_of_two_counts(bare: ClassPoints, build: Build) -> None:
    likelihood = build(bare, PERFECT, RATIO, prior=KNOWN)
    n_e, n_g, _ = likelihood.response.expected.T
    variance = 1.0 / n_e + 1.0 / n_g
    np.testing.assert_allclose(likelihood.covariance[:, 0, 0], variance, rtol=1e-12)
    s = signal_of_electrons(bare, build)
    # Nothing else is fitted: 1/σ² = Σ s²/(1/N_ee + 1/N_γγ); K is held to 1e-9.
    assert likelihood.error([16.9])[0] == pytest.approx(1.0 / np.sqrt(np.sum(s**2 / variance)), rel=1e-6)


def test_the_ratio_does_not_know_the_flux(points: ClassPoints, build: Build) -> None:
    small, large = (build(points.with_flux_error(error), TAGS, RATIO).error(MASSES) for error in (0.0, 0.5))
    # The rounding of 0.25 against variances of 1e-4.
    np.testing.assert_allclose(small, large, rtol=1e-10)


def test_gain_where_the_flux_error_dominates(bare: ClassPoints, build: Build) -> None:
    """Two clusters are known to σ_P; together pairs of photons measure the positrons."""
    flux = 0.2
    blurred = bare.with_flux_error(flux)
    two, ratio, joint = (
        build(blurred, PERFECT, *chosen, prior=KNOWN).error([16.9])[0] for chosen in ((CL2,), (RATIO,), ALL)
    )
    n_e, n_g, _ = build(bare, PERFECT, CL2).response.expected.T
    s = signal_of_electrons(bare, build)
    share = n_e / (n_e + n_g)
    assert two == pytest.approx(
        1.0 / np.sqrt(np.sum((share * s) ** 2 / (flux**2 + 1.0 / (n_e + n_g)))), rel=1e-6
    )
    assert ratio == pytest.approx(1.0 / np.sqrt(np.sum(s**2 / (1.0 / n_e + 1.0 / n_g))), rel=1e-6)
    # What the positrons add to the ratio is of the order of (1/N)/σ_P², 4e-3 here.
    assert joint == pytest.approx(ratio, rel=5e-3)
    assert joint < ratio
    assert two / joint > 10.0


def test_two_of_the_four_follow_from_the_others(points: ClassPoints, build: Build) -> None:
    all_four = build(points, TAGS, *ALL).error(MASSES)
    np.testing.assert_allclose(build(points, TAGS, CL2, EE, GG).error(MASSES), all_four, rtol=1e-7)
    np.testing.assert_allclose(build(points, TAGS, CL2, EE, RATIO).error(MASSES), all_four, rtol=1e-7)


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_all_together_are_never_worse(points: ClassPoints, build: Build, share: float) -> None:
    joint = build(points, TAGS, *ALL, prior=KNOWN).error(MASSES, share)
    for one in ALL:
        assert np.all(build(points, TAGS, one, prior=KNOWN).error(MASSES, share) >= joint * (1.0 - 1e-9))


def test_tags_touch_electrons_but_not_the_sum(points: ClassPoints, build: Build) -> None:
    steady = replace(TAGS, efficiency_err=0.0)
    for one, added in ((CL2, 0.0), (EE, (2.0 * 0.003 / 0.97) ** 2)):
        found = build(points, TAGS, one).covariance - build(points, steady, one).covariance
        # Pairs of photons with two tags are 1e-4 of the class, and do not feel η.
        np.testing.assert_allclose(found[:, 0, 0], added, rtol=3e-4, atol=1e-18)


def test_mixed_pairs_measure_the_tags(points: ClassPoints, build: Build) -> None:
    """Electrons alone suffer from tags that change; beside the pairs with one tag they do not."""
    shaky = replace(TAGS, efficiency_err=0.02)
    alone = build(points, shaky, EE).error(MASSES) / build(points, TAGS, EE).error(MASSES)
    joint = build(points, shaky, *ALL).error(MASSES) / build(points, TAGS, *ALL).error(MASSES)
    assert np.all(alone > 2.0)
    assert np.all(joint < 1.02)


def toys(
    points: ClassPoints, tagging: Tagging, expected: FloatArray, n: int, rng: np.random.Generator
) -> FloatArray:
    """Poisson counts about expectations that flux, efficiencies and tags move; shape (n, points, 3)."""

    def shift(errors: FloatArray | float) -> FloatArray:
        return np.asarray(errors * rng.standard_normal((n, len(points))))

    common = 1.0 + shift(points.flux_err) + shift(points.shared_err)
    kinds = np.stack([1.0 + shift(points.electrons_err), 1.0 + shift(points.photons_err)], axis=2)
    eta, fake = (
        tagging.efficiency + shift(tagging.efficiency_err),
        tagging.photon_tags + shift(tagging.photon_tags_err),
    )
    tag = np.stack([eta, np.abs(fake)], axis=2)
    shares = np.stack([tag**2, (1.0 - tag) ** 2, 2.0 * tag * (1.0 - tag)], axis=3)
    # `expected`: pairs of electrons and photons on target, shape (points, 2).
    means = np.einsum("nit,nitc->nic", expected * kinds * common[..., None], shares)
    return rng.poisson(np.maximum(means, 0.0)).astype(np.float64)


@pytest.mark.parametrize("chosen", [(CL2,), (EE,), (RATIO,), ALL], ids=["2cl", "ee", "ratio", "joint"])
@pytest.mark.parametrize("share", [0.0, 1.0])
def test_poisson_toys(
    points: ClassPoints, build: Build, chosen: tuple[Observable, ...], share: float
) -> None:
    n, mass = 2000, [16.9]
    perfect = build(points, PERFECT, CL2).signal
    boson = perfect.at(mass)[0, :, 0, 0] * points.yields.sum(axis=1)
    likelihood = build(points, TAGS, *chosen)
    # Three standard deviations of all observables together.
    strength = 3.0 * build(points, TAGS, *ALL).error(mass, share)[0]
    pairs = points.yields + strength * np.outer(boson, [1.0 - share, share])
    counts = toys(points, TAGS, points.n_pot[:, None] * pairs, n, np.random.default_rng(5))
    found, error = likelihood.fit(counts, mass, share)
    pull = (found[:, 0] - strength) / error[0]
    # Mean and width of 2000 pulls are known to 0.022 and 0.016. Three of these, and what is of second order:
    # the ratio's, 3 % of a boson of 3σ in photon pairs, and the boson's own counts.
    assert pull.mean() == pytest.approx(0.0, abs=0.07 + 0.09 * share)
    assert pull.std() == pytest.approx(1.0, abs=0.05 + 0.03 * share)


def test_against_the_exact_poisson_likelihood(bare: ClassPoints, build: Build) -> None:
    """The maximum of the Poisson likelihood of all classes, K known, toy by toy."""
    boson = build(bare, PERFECT, CL2).signal.at([16.9])[0, :, 0, 0] * bare.yields.sum(axis=1)
    steady = replace(TAGS, efficiency_err=0.0, photon_tags_err=0.0)
    likelihood = build(bare, steady, *ALL, prior=KNOWN)
    shares = steady.shares
    base = bare.n_pot[:, None] * (bare.yields @ shares)
    slope = bare.n_pot[:, None] * np.outer(boson, shares[0])
    counts = np.random.default_rng(8).poisson(base, size=(200, *base.shape)).astype(np.float64)
    found, error = likelihood.fit(counts, [16.9])
    u = np.zeros(200)
    for _ in range(20):  # Newton's method for Σ (n s/μ − s) = 0
        mean = base + u[:, None, None] * slope
        gradient = (counts * slope / mean - slope).sum(axis=(1, 2))
        u += gradient / (counts * (slope / mean) ** 2).sum(axis=(1, 2))
    difference = (found[:, 0] - u) / error[0]
    # The exact maximum weighs with the expectation at its end, ours with that without a boson: it differs by
    # some of the relative signal at one standard deviation, 3 %.
    assert difference.std() < 0.05
    assert abs(difference.mean()) < 0.02


def test_bad_requests(points: ClassPoints, build: Build) -> None:
    with pytest.raises(UsageError, match="none; wanted one or more"):
        build(points, TAGS)
    with pytest.raises(UsageError, match="each once"):
        build(points, TAGS, EE, EE)
    with pytest.raises(UsageError, match="allowed: 0 to 1"):
        build(points, TAGS, EE).error(MASSES, 1.2)
    with pytest.raises(UsageError, match="allowed: above 0"):
        points.with_statistics(0.0)


def test_masses_do_not_know_of_each_other(points: ClassPoints, build: Build) -> None:
    """Also where the line shape moves at couplings that differ from mass to mass."""
    likelihood = build(points, TAGS, CL2)
    together = likelihood.expected_limit(MASSES)
    alone = [likelihood.expected_limit([mass])[0] for mass in MASSES]
    np.testing.assert_allclose(together, alone, rtol=1e-12)
    assert np.all(likelihood.error(MASSES, 0.0, together**2) > likelihood.error(MASSES))
