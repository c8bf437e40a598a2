"""Which channel moves: closed forms of the separation, and toys of a vector and of a pseudoscalar."""

import numpy as np
import pytest

from x17.errors import UsageError
from x17.projection.observables.channels import (
    separation_z,
    share_chi2,
    share_interval,
    share_of_couplings,
)
from x17.projection.observables.class_points import ClassPoints
from x17.projection.observables.observable import ALL
from x17.projection.observables.tagging import Tagging
from x17.theory.boson import Boson, SpinParity

from .conftest import Build

TAGS = Tagging(efficiency=0.98, photon_tags=0.003)
APART = np.diag([4.0, 1.0])


def test_electrons_alone_against_photons_alone() -> None:
    """Uncorrelated channels: a boson in one is as far from the other hypothesis as from none."""
    assert separation_z(APART, 6.0, 0.0, 1.0) == pytest.approx(3.0)
    assert separation_z(APART, 6.0, 1.0, 0.0) == pytest.approx(6.0)
    assert separation_z(APART, 6.0, 0.3, 0.3) == pytest.approx(0.0, abs=1e-7)


def test_a_share_against_electrons_alone() -> None:
    # The free strength takes all of the electrons: what is left are the photons, u r/σ_γ.
    assert separation_z(APART, 6.0, 0.5, 0.0) == pytest.approx(3.0)


def test_strength_is_never_negative() -> None:
    # Both signals negative: no boson fits best, whatever its share.
    np.testing.assert_allclose(share_chi2([-2.0, -1.0], APART, np.linspace(0, 1, 5)), 2.0)
    interval = share_interval([-2.0, -1.0], APART)
    assert (interval.low, interval.high) == (0.0, 1.0)


def test_the_best_share_is_that_of_the_signals() -> None:
    interval = share_interval([6.0, 2.0], APART)
    assert interval.share == pytest.approx(0.25, abs=5e-4)
    assert interval.low < 0.25 < interval.high
    assert interval.electrons_only_z == pytest.approx(2.0)
    assert interval.photons_only_z == pytest.approx(3.0)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_toys_of_a_vector_and_of_a_pseudoscalar(points: ClassPoints, build: Build, share: float) -> None:
    """Each channel gets its part of the boson, without bias and with the stated covariance."""
    likelihood = build(points, TAGS, *ALL)
    (covariance,) = likelihood.channel_covariance([16.9])
    strength = 3e-7
    truth = strength * np.array([1.0 - share, share])
    relative = likelihood.response.expected[..., None] * classes(likelihood, points) @ truth
    rng, n = np.random.default_rng(11), 3000
    shape = (n, len(points))
    common = 1.0 + np.hypot(points.flux_err, points.shared_err) * rng.standard_normal(shape)
    expected = likelihood.response.expected + relative
    origins = np.stack([points.electrons_err, points.photons_err]) * rng.standard_normal((n, 2, len(points)))
    moved = 1.0 + np.einsum("xtn,ntc->xnc", origins, likelihood.response.origins)
    counts = rng.poisson(expected * common[..., None] * moved).astype(np.float64)
    found, _ = likelihood.fit_channels(counts, [16.9])
    errors = np.sqrt(np.diag(covariance))
    # Means of 3000: three times 0.018 of an error; widths: three times 1.3 %, and 4 % for the boson's counts.
    np.testing.assert_allclose((found[:, 0].mean(axis=0) - truth) / errors, 0.0, atol=0.055)
    np.testing.assert_allclose(found[:, 0].std(axis=0) / errors, 1.0, atol=0.08)
    z = np.sqrt(np.maximum([share_chi2(x, covariance, 1.0) for x in found[:400, 0]], 0.0))
    wanted = separation_z(covariance, strength, share, 1.0)
    if share == 0.0:
        # The median of 400 unit-width numbers: 1.25/√400, three times that.
        assert np.median(z) == pytest.approx(wanted, abs=0.2)


def classes(likelihood: object, points: ClassPoints) -> np.ndarray:
    """Relative signal of every class at 16.9 MeV and g = 1, shape (n, 3, 2)."""
    from x17.projection.observables.joint_likelihood import JointLikelihood
    from x17.projection.observables.signal_response import SignalResponse

    assert isinstance(likelihood, JointLikelihood)
    signal = likelihood.signal
    each = np.broadcast_to(np.eye(3), (len(points), 3, 3))
    return SignalResponse.of(points, TAGS, each, signal.line_shape, signal.constants).at([16.9])[0]


def test_share_of_couplings() -> None:
    boson = Boson(17.0, SpinParity.PSEUDOSCALAR, 4e-4)
    # Γ_γγ = g² m³/64π with g in 1/MeV: equal widths where g_γγ² m² = 8 g² √(1 − 4 m_e²/m²).
    equal = 1e3 * np.sqrt(8.0 * np.sqrt(1.0 - 4.0 * (0.51099895 / 17.0) ** 2)) * boson.g_ve / 17.0
    assert share_of_couplings(17.0, boson.g_ve, equal) == pytest.approx(0.5, rel=1e-6)
    assert share_of_couplings(17.0, boson.g_ve, 0.0) == 0.0
    with pytest.raises(UsageError, match="does not decay"):
        share_of_couplings(17.0, 0.0, 0.0)
