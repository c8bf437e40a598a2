import math

import numpy as np
import pytest

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.theory.target_scattering import (
    BremsstrahlungEvents,
    BremsstrahlungRegion,
    bremsstrahlung_cross_section,
    sample_bremsstrahlung,
)
from x17.theory.target_scattering.sampling import BLOCK

ENERGY = 278.95
REGION = BremsstrahlungRegion(ENERGY, (45.0, 234.0), (0.04, 0.082), (0.04, 0.082))


def weighted_mean(events: BremsstrahlungEvents) -> tuple[float, float]:
    """Mean photon energy and its error."""
    w, k = events.weight_microbarn, events.photon_energy_mev
    mean = float(np.sum(w * k) / w.sum())
    return mean, float(np.sqrt(np.sum((w * (k - mean)) ** 2)) / w.sum())


def test_wide_angles_agree_with_deterministic_quadrature() -> None:
    # Photon of 100 to 140 MeV at 0.045 to 0.06 rad, positron within 5 MeV of balancing it.
    photon_u = [2 * math.sin(angle / 2) for angle in (0.045, 0.06)]
    nodes, weights = np.polynomial.legendre.leggauss(12)
    k, wk = 120 + 20 * nodes, 20 * weights
    half = (photon_u[1] - photon_u[0]) / 2
    u, wu = photon_u[0] + half * (1 + nodes), half * weights
    # |kick| from 0 to 5 MeV/p' on a logarithmic scale that is linear below 0.3 MeV; azimuth by equal steps.
    fine, wf = np.polynomial.legendre.leggauss(60)
    s, ws = (1 + fine) / 2, wf / 2
    scale, top = 0.3, 5.0
    kick = scale * ((1 + top / scale) ** s - 1)
    wkick = (kick + scale) * math.log(1 + top / scale) * ws
    turn = 2 * np.pi * (np.arange(64) + 0.5) / 64
    kk, uu, qq, tt = np.meshgrid(k, u, kick, turn, indexing="ij")
    pf = np.sqrt((ENERGY - kk) ** 2 - ELECTRON_MASS_MEV**2)
    positron = -kk / pf * uu + qq / pf * np.exp(1j * tt)
    values = bremsstrahlung_cross_section(
        kk, 2 * np.arcsin(uu / 2), 2 * np.arcsin(np.abs(positron) / 2), np.angle(positron), ENERGY
    )
    volume = (
        np.einsum("i,j,k->ijk", wk, wu, wkick)[..., None] * (2 * np.pi / 64) * 2 * np.pi * uu * qq / pf**2
    )
    expected = float(np.sum(values * volume))
    coarse = float(np.sum((values * volume)[..., ::2])) * 2
    assert coarse == pytest.approx(expected, rel=1e-5)  # the azimuth has converged

    region = BremsstrahlungRegion(ENERGY, (100.0, 140.0), (0.045, 0.06), (0.0, 0.3))
    events = sample_bremsstrahlung(region, 300_000, 11)
    pf = np.sqrt(events.positron_energy_mev**2 - ELECTRON_MASS_MEV**2)
    u_photon = 2 * np.sin(events.photon_angle / 2) * np.exp(1j * events.photon_azimuth)
    u_positron = 2 * np.sin(events.positron_angle / 2) * np.exp(1j * events.positron_azimuth)
    near = np.abs(pf * u_positron + events.photon_energy_mev * u_photon) < top
    value, error = events.cross_section(near)
    assert error < 0.004 * value
    assert abs(value - expected) < 4 * error


def test_quoted_error_is_the_spread_of_independent_samples() -> None:
    results = np.array([sample_bremsstrahlung(REGION, 4000, seed).cross_section() for seed in range(40)])
    # χ² of 39 degrees of freedom: 15 to 75 holds all but 1e-3 on either side.
    chi2 = np.sum(((results[:, 0] - results[:, 0].mean()) / results[:, 1]) ** 2)
    assert 15 < chi2 < 75


def test_events_lie_in_the_region_and_share_the_energy() -> None:
    events = sample_bremsstrahlung(REGION, 20_000, 1)
    assert events.weight_microbarn.size > 1000
    assert np.all(events.weight_microbarn > 0)
    for angle in (events.photon_angle, events.positron_angle):
        assert angle.min() >= 0.04 - 1e-12
        assert angle.max() <= 0.082 + 1e-12
    assert events.photon_energy_mev.min() >= 45.0
    assert events.photon_energy_mev.max() <= 234.0
    np.testing.assert_array_equal(events.photon_energy_mev + events.positron_energy_mev, ENERGY)


def test_longer_samples_begin_with_the_shorter() -> None:
    short, long = (sample_bremsstrahlung(REGION, n, 7) for n in (1000, BLOCK + 500))
    n = short.photon_angle.size
    np.testing.assert_array_equal(short.photon_angle, long.photon_angle[:n])
    np.testing.assert_allclose(
        short.weight_microbarn * 1000, long.weight_microbarn[:n] * (BLOCK + 500), rtol=1e-14
    )


def test_blocks_drawn_apart_are_the_blocks_of_one_sample() -> None:
    whole = sample_bremsstrahlung(REGION, 2 * BLOCK, 7)
    parts = [sample_bremsstrahlung(REGION, BLOCK, 7, first_block=i) for i in (0, 1)]
    np.testing.assert_array_equal(
        whole.positron_azimuth, np.concatenate([part.positron_azimuth for part in parts])
    )
    assert whole.cross_section()[0] == pytest.approx(np.mean([part.cross_section()[0] for part in parts]))


def test_seeds_differ() -> None:
    first, second = (sample_bremsstrahlung(REGION, 1000, seed) for seed in (1, 2))
    assert first.cross_section()[0] != second.cross_section()[0]


def test_unweighted_events_have_the_weighted_distribution() -> None:
    events = sample_bremsstrahlung(REGION, 200_000, 3)
    flat = events.unweighted(4)
    assert flat.weight_microbarn.sum() == pytest.approx(events.weight_microbarn.sum(), rel=1e-12)
    assert np.ptp(flat.weight_microbarn) == 0.0
    (mean, error), (flat_mean, flat_error) = weighted_mean(events), weighted_mean(flat)
    assert flat_error < 1.0
    assert abs(mean - flat_mean) < 4 * math.hypot(error, flat_error)


def test_no_azimuth_is_preferred() -> None:
    events = sample_bremsstrahlung(REGION, 200_000, 3)
    harmonic = abs(np.sum(events.weight_microbarn * np.exp(1j * events.photon_azimuth)))
    # Two components of variance Σw²/2 each: beyond 4 √Σw² once in 1e7.
    assert harmonic < 4 * math.sqrt(np.sum(events.weight_microbarn**2))


def test_regions_that_cannot_be_are_refused() -> None:
    with pytest.raises(UsageError, match="photon energies"):
        BremsstrahlungRegion(ENERGY, (0.0, 10.0))
    with pytest.raises(UsageError, match="photon angles"):
        BremsstrahlungRegion(ENERGY, (1.0, 10.0), (0.2, 0.1))
    with pytest.raises(UsageError, match="positron angles"):
        BremsstrahlungRegion(ENERGY, (1.0, 10.0), (0.0, 1.0), (0.0, 4.0))
    with pytest.raises(UsageError, match="draws"):
        sample_bremsstrahlung(REGION, 0, 1)
    with pytest.raises(UsageError, match="seed"):
        sample_bremsstrahlung(REGION, 1, -1)
    empty = BremsstrahlungEvents(*(np.empty(0) for _ in range(7)), n_drawn=10)
    with pytest.raises(UsageError, match="draw more"):
        empty.unweighted(1)
