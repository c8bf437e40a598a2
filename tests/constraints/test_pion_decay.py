"""π⁰ → γX against the published form for a dark photon and for other charges."""

import numpy as np
import pytest

from x17.constraints.pion_decay import branching_ratio, largest_protophobia_ratio, proton_coupling


def test_protophobic() -> None:
    assert proton_coupling(3.7e-3, -7.4e-3) == pytest.approx(0.0, abs=1e-18)
    assert branching_ratio(17.0, proton_coupling(3.7e-3, -7.4e-3)) == 0.0


def test_dark_photon() -> None:
    # Charges 2/3 and −1/3: ε_p = ε. 1.906 ε² at 17 MeV, four digits.
    epsilon = 1e-3
    assert proton_coupling(2 / 3 * epsilon, -1 / 3 * epsilon) == pytest.approx(epsilon)
    assert branching_ratio(17.0, epsilon) == pytest.approx(1.906e-6, rel=3e-4)


def test_threshold_and_branching() -> None:
    assert np.array_equal(branching_ratio([134.9768, 200.0], 1.0), [0.0, 0.0])
    assert branching_ratio(0.0, 1.0) == 2.0  # two photons, each of which may be replaced
    assert branching_ratio(17.0, 1.0, 0.5) == pytest.approx(0.5 * branching_ratio(17.0, 1.0))


def test_how_protophobic_it_must_be() -> None:
    # |ε_p| < 8.7e-4 at 17 MeV, with ε_e = 1.4e-3 the largest of the range quoted with protophobia.
    assert largest_protophobia_ratio(8.705e-4, 1.4e-3) == pytest.approx(0.62, abs=0.005)
