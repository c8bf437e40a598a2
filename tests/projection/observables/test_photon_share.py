"""The share of photon pairs, against the massless formulas integrated by hand."""

import numpy as np
import pytest

from x17.projection.observables.photon_share import expected_photon_share
from x17.scan.acceptance import TwoClusterAcceptance
from x17.theory.qed.published_k import PUBLISHED_K


def test_against_massless_formulas() -> None:
    edge = float(TwoClusterAcceptance().largest_cos_theta(16.9))
    c = np.linspace(-edge, edge, 20001)
    electrons = np.trapezoid(0.25 * ((3.0 + c**2) / (1.0 - c)) ** 2, c) * PUBLISHED_K["ee"].at(16.9)
    photons = 0.5 * np.trapezoid((1.0 + c**2) / (1.0 - c**2), c) * PUBLISHED_K["gg"].at(16.9)
    wanted = photons / (electrons + photons)
    # The electron mass raises Bhabha scattering by 0.16 % and two photons by 0.91 % at 90 degrees.
    assert float(expected_photon_share(16.9)) == pytest.approx(wanted, rel=0.01)


def test_a_tighter_selection_has_more_photons() -> None:
    """Bhabha scattering grows faster towards small angles."""
    energies = np.array([16.4, 16.9, 17.4])
    tight = expected_photon_share(energies, TwoClusterAcceptance(r_max_mm=230.0))
    assert tight.shape == energies.shape
    assert np.all(tight > expected_photon_share(energies))
