"""Rates of a vector and selection rules against published numbers and what J^P says."""

import pytest

from x17.errors import UsageError
from x17.nuclear.multipole import Multipole
from x17.nuclear.pair_angles.emission import (
    MIXED_18_15,
    IsospinMixing,
    isoscalar_coupling,
    partial_waves,
    vector_rate,
    virtual_photon,
)
from x17.nuclear.transitions import nearest_level
from x17.theory.boson import SpinParity

V, A, S, P = SpinParity.VECTOR, SpinParity.AXIAL_VECTOR, SpinParity.SCALAR, SpinParity.PSEUDOSCALAR


@pytest.mark.parametrize(
    ("energy", "mass", "factor"),
    [
        (18.15, 16.7, 0.0601),
        (18.15, 16.85, 0.0513),
        (18.15, 17.0, 0.0430),
        (17.64, 16.7, 0.0334),
        (17.64, 16.85, 0.0259),
        (17.64, 17.0, 0.0190),
    ],
)
def test_phase_space_of_a_vector(energy: float, mass: float, factor: float) -> None:
    assert virtual_photon(Multipole.M1, mass, energy) == pytest.approx(factor, abs=6e-5)


def test_suppression_between_the_two_resonances() -> None:
    # MEG II, arXiv:2411.07994, relates 17.6 and 18.1 MeV with 0.46 at 16.97 MeV
    ratio = virtual_photon(Multipole.M1, 16.97, 17.64) / virtual_photon(Multipole.M1, 16.97, 18.15)
    assert ratio == pytest.approx(0.456, abs=6e-4)


@pytest.mark.parametrize(("mass", "coupling"), [(16.7, 0.98e-2), (17.0, 1.16e-2)])
def test_coupling_behind_the_first_observation(mass: float, coupling: float) -> None:
    found = isoscalar_coupling(5.8e-6, mass, 18.15)
    assert found == pytest.approx(coupling, abs=6e-5)
    assert vector_rate(mass, 18.15, found, 0.0) == pytest.approx(5.8e-6, rel=1e-12)


@pytest.mark.parametrize("multipole", [m for m in Multipole if m.has_photon])
def test_a_light_vector_is_a_photon_and_a_heavy_one_is_not_emitted(multipole: Multipole) -> None:
    assert virtual_photon(multipole, 0.0, 18.15) == 1.0
    assert virtual_photon(multipole, 18.15, 18.15) == 0.0


def test_mixed_isospin_without_isovector_part() -> None:
    only = IsospinMixing(1.0, 0.0).rate(16.85, 18.15, 0.01, 0.002)
    assert only == pytest.approx(vector_rate(16.85, 18.15, 0.01, 0.002))
    assert MIXED_18_15.rate(16.85, 18.15, 0.0, 0.01) > 50.0 * vector_rate(16.85, 18.15, 0.0, 0.001)


@pytest.mark.parametrize(
    ("nucleus", "energy", "letter", "waves"),
    [
        ("8Be", 18.15, V, (1,)),
        ("8Be", 18.15, A, (0, 2)),
        ("8Be", 18.15, P, (1,)),
        ("8Be", 18.15, S, ()),
        ("4He", 20.21, V, (1,)),
        ("4He", 20.21, S, (0,)),
        ("4He", 20.21, A, ()),
        ("4He", 20.21, P, ()),
        ("4He", 21.01, P, (0,)),
        ("4He", 21.01, A, (1,)),
        ("4He", 21.01, V, ()),
        ("12C", 17.23, V, (0, 2)),
        ("12C", 17.23, S, (1,)),
        ("12C", 17.23, A, (1,)),
        ("12C", 17.23, P, ()),
    ],
)
def test_selection_rules(nucleus: str, energy: float, letter: SpinParity, waves: tuple[int, ...]) -> None:
    upper, lower = nearest_level(nucleus, energy), nearest_level(nucleus, 0.0)
    assert partial_waves(upper, lower, letter) == waves


def test_waves_to_a_level_with_spin() -> None:
    upper, lower = nearest_level("8Be", 18.15), nearest_level("8Be", 3.03)
    # 1+ to 2+ with a pseudoscalar: L odd, from 2 ⊗ 1 and 2 ⊗ 3
    assert partial_waves(upper, lower, P) == (1, 3)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: virtual_photon(Multipole.E0, 1.0, 18.15), "no photon"),
        (lambda: virtual_photon(Multipole.M1, 18.2, 18.15), "no decay"),
        (lambda: isoscalar_coupling(-1.0, 17.0, 18.15), "0 or above"),
        (lambda: isoscalar_coupling(1e-6, 18.15, 18.15), "threshold"),
    ],
)
def test_bad_values(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(UsageError, match=message):
        call()
