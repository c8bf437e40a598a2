"""Where generators begin and end: PADME's values for PADME, and outside of what others' calorimeters see."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import load_setup, setups
from x17.errors import UsageError
from x17.simulation.generators.reach import narrowest_angle, widest_angle, widest_cosine
from x17.simulation.generators.single_positrons import single_rate
from x17.simulation.generators.target_radiation import least_wide_angle
from x17.theory.target_scattering.elastic import elastic_cross_section_beyond

EXAMPLE = Path(__file__).parents[3] / "examples" / "your-experiment"


@pytest.mark.parametrize("name", setups.names())
def test_padme_keeps_its_random_numbers(name: str) -> None:
    setup = load_setup(name)
    assert (narrowest_angle(setup), widest_angle(setup)) == (0.015, 0.12)
    assert least_wide_angle(setup) == 0.01
    if name == "padme-run4":
        assert {widest_cosine(setup, s) for s in setup.run_plan.sqrt_s_mev.tolist()} == {0.6}


@pytest.mark.parametrize("name", ["low-energy", "eleven-gev"])
def test_others_cover_their_calorimeter(name: str) -> None:
    setup = load_setup(EXAMPLE / f"{name}.toml")
    cells, distance = setup.calorimeter.cells, setup.face_distance_mm
    farthest = np.hypot(cells.x_mm, cells.y_mm).max() / distance
    assert 1.0 < widest_angle(setup) / farthest < 2.5
    # The very rim of the hole, 3 %, belongs to it.
    assert 0.4 < narrowest_angle(setup) / (setup.hole_edge_mm / distance) < 1.04
    for sqrt_s in setup.run_plan.sqrt_s_mev.tolist():
        assert setup.largest_cos_theta(sqrt_s) < widest_cosine(setup, sqrt_s)


def test_singles_scatter_on_the_atoms_of_the_foil() -> None:
    """Above the screening it is Rutherford's formula, with the Z of beryllium."""
    setup = load_setup(EXAMPLE / "low-energy.toml")
    angles = np.array([narrowest_angle(setup), widest_angle(setup)])
    beyond = elastic_cross_section_beyond(angles, 130.0, setup.target.atom)
    expected = (beyond[0] - beyond[1]) * setup.target.slab.atoms_per_cm2 * 1e-30
    assert single_rate(setup, 130.0) == pytest.approx(expected, rel=1e-6)
    # By hand: 4πZ²α²/(p θ)², in natural units, less the same at the outer angle.
    area = 4.0 * np.pi * 16.0 / 137.036**2 / 130.0**2 * (1.0 / angles[0] ** 2 - 1.0 / angles[1] ** 2)
    by_hand = area * 3.8937937e8 * setup.target.slab.atoms_per_cm2 * 1e-30
    # Electrons of the atom are not in the elastic form factor; screening and nucleus take 2 %, sin θ 1 %.
    assert single_rate(setup, 130.0) == pytest.approx(by_hand, rel=0.04)


def test_calorimeters_that_x17_does_not_hold_for() -> None:
    setup = load_setup(EXAMPLE / "low-energy.toml")
    near = replace(setup, calorimeter=replace(setup.calorimeter, front_face_z_mm=600.0))
    with pytest.raises(UsageError, match="angles below 30 degrees"):
        widest_angle(near)
    # No hole and R_max of metres: the inner cluster may come as near to the beam as it likes.
    full = replace(setup.calorimeter, stretches=tuple((row, 0, 28) for row in range(29)))
    loose = replace(setup, calorimeter=full, pair_cuts=replace(setup.pair_cuts, r_max_mm=3000.0))
    with pytest.raises(UsageError, match=r"take pairs up to \|cos θ\*\| = .* lower \[pair_cuts\] r_max_mm"):
        widest_cosine(loose, 11.5)
    with pytest.raises(UsageError, match="no hole for the beam"):
        narrowest_angle(replace(setup, calorimeter=full))
