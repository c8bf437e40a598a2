"""The electrons of targets other than diamond."""

import math

import numpy as np
import pytest

from x17.errors import UsageError
from x17.theory.compton import atom, momentum_grid
from x17.theory.metal_profile import LightMetal
from x17.theory.target import Target, known_materials
from x17.theory.target_profile import profile_of_target
from x17.theory.target_scattering.atom import CARBON, Atom, atom_of
from x17.theory.target_scattering.spectrum import radiation_length_g_cm2

METALS = {"lithium": 3, "beryllium": 4, "aluminium": 13}


def test_diamond_has_its_own_and_no_other_has_it() -> None:
    chosen = {
        name: profile_of_target(Target(name, 0.01)) for name in ("diamond", "carbon", "graphite", *METALS)
    }
    names = {name: profile.name for name, profile in chosen.items() if profile}
    assert names == {
        "diamond": "diamond",
        "carbon": "diamond",
        "graphite": "carbon",
        "lithium": "metal",
        "beryllium": "metal",
        "aluminium": "metal",
    }
    with pytest.raises(UsageError, match="one of carbon, but the target is of beryllium; known for it"):
        profile_of_target(Target("beryllium", 0.1), "diamond")
    with pytest.raises(UsageError, match="metal is one of lithium, beryllium and aluminium"):
        profile_of_target(Target("gold", 0.01), "metal")
    with pytest.raises(UsageError, match="unknown Compton profile 'mine'; known: diamond, carbon"):
        profile_of_target(Target(), "mine")
    assert profile_of_target(Target("gold", 0.01), "rest") is None


def test_an_element_without_a_profile_says_what_to_do() -> None:
    try:
        import xraylib  # noqa: F401 - only whether it is there
    except ImportError:
        with pytest.raises(UsageError, match="the Compton profile of Z = 79 needs xraylib"):
            profile_of_target(Target("gold", 0.01))
    else:
        assert profile_of_target(Target("gold", 0.01)).electrons == 79.0


# Radius r_s of the sphere of a valence electron: Ashcroft and Mermin, Solid State Physics, table 1.1.
@pytest.mark.parametrize(("name", "r_s"), [("lithium", 3.25), ("beryllium", 1.87), ("aluminium", 2.07)])
def test_the_fermi_sphere_of_a_metal(name: str, r_s: float) -> None:
    metal = LightMetal.of(Target(name, 0.1))
    # p_F = (9π/4)^⅓/r_s; their r_s have three digits.
    assert metal.fermi_momentum == pytest.approx((2.25 * math.pi) ** (1 / 3) / r_s, rel=5e-3)


@pytest.mark.parametrize(("name", "z"), METALS.items())
def test_a_metal_is_even_counts_its_electrons_and_ends_as_the_atom_does(name: str, z: int) -> None:
    metal, free = LightMetal.of(Target(name, 0.1)), atom(z)
    q, weight = momentum_grid()
    assert float(metal.density(q) @ weight) == pytest.approx(z, rel=1e-4)
    np.testing.assert_array_equal(metal.density(q), metal.density(-q))
    # Valence electrons of the free atom are slower: its profile is higher in the middle.
    assert float(metal.density(0.0)) < float(free.density(0.0))
    # Beyond the Fermi sphere is the core alone; Slater's charges against Hartree-Fock are good to a quarter.
    far = np.array([2.0, 3.0, 5.0])
    np.testing.assert_allclose(metal.density(far), free.density(far), rtol=0.25)


def test_free_atoms_of_the_package() -> None:
    for z in METALS.values():
        q, weight = momentum_grid()
        assert float(atom(z).density(q) @ weight) == pytest.approx(z, rel=1e-3)


def test_atoms_of_targets() -> None:
    assert atom_of(Target("diamond", 0.1)) == CARBON
    for name in known_materials():
        assert isinstance(atom_of(Target(name, 0.001)), Atom)


# Particle Data Group, atomic and nuclear properties, g/cm².
@pytest.mark.parametrize(("name", "length"), [("lithium", 82.78), ("beryllium", 65.19), ("aluminium", 24.01)])
def test_radiation_lengths_of_light_targets(name: str, length: float) -> None:
    """Without Tsai's Coulomb correction, Z² · 6e-5 of the length."""
    assert radiation_length_g_cm2(atom_of(Target(name, 0.1))) == pytest.approx(length, rel=0.015)
