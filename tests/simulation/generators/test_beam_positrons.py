import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.simulation.generators.beam_positrons import draw_positrons

N = 50_000


def test_energy_spot_divergence_and_depth(setup: Setup) -> None:
    drawn = draw_positrons(setup, 280.0, N, np.random.default_rng(1))
    beam, target = setup.beam, setup.target
    assert drawn.energy.mean() == pytest.approx(280.0, abs=5 * 0.7 / np.sqrt(N))
    # Standard deviations of N normal numbers are known to 1/sqrt(2 N); five of them.
    relative = 5 / np.sqrt(2 * N)
    assert drawn.energy.std() == pytest.approx(280.0 * beam.energy_spread, rel=relative)
    assert drawn.vertex[:, 0].std() == pytest.approx(beam.spot_sigma_x_mm, rel=relative)
    assert drawn.vertex[:, 1].std() == pytest.approx(beam.spot_sigma_y_mm, rel=relative)
    slope = drawn.direction[:, 0] / drawn.direction[:, 2]
    assert slope.std() == pytest.approx(1e-3 * beam.divergence_mrad, rel=relative)
    depth = drawn.vertex[:, 2] - target.z_mm
    assert depth.min() >= 0.0
    assert depth.max() <= target.thickness_mm + 1e-9
    assert depth.mean() == pytest.approx(0.5 * target.thickness_mm, rel=5 / np.sqrt(3 * N))
    np.testing.assert_allclose(np.linalg.norm(drawn.direction, axis=1), 1.0)


def test_times_lie_in_micro_bunches(setup: Setup) -> None:
    drawn, beam = draw_positrons(setup, 280.0, N, np.random.default_rng(2)), setup.beam
    phase = np.mod(drawn.time, beam.micro_bunch_period_ns)
    assert drawn.time.min() >= 0.0
    assert drawn.time.max() < beam.bunch_length_ns + 0.01
    # Light needs 0.3 ps through the target.
    assert phase.max() < beam.micro_bunch_on_ns + 1e-3
    assert drawn.time.mean() == pytest.approx(0.5 * beam.bunch_length_ns, rel=5 / np.sqrt(3 * N) + 1e-3)


def test_given_energies_are_kept(setup: Setup) -> None:
    energy = np.linspace(270.0, 290.0, 10)
    drawn = draw_positrons(setup, 280.0, 10, np.random.default_rng(3), energy)
    np.testing.assert_array_equal(drawn.energy, energy)
    np.testing.assert_allclose(drawn.momentum**2, energy**2 - 0.51099895**2)
