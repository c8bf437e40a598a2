"""Q values and excitation energies against tabulated and exact ones."""

import numpy as np
import pytest

from x17.errors import UsageError
from x17.nuclear.transitions import REACTIONS, nucleus_of, reaction_of


@pytest.mark.parametrize(
    ("name", "q_value"), [("7Li", 17.2544), ("3H", 19.8139), ("11B", 15.9567), ("n3He", 20.5776)]
)
def test_q_values(name: str, q_value: float) -> None:
    # AME2020, to the last digit given
    assert reaction_of(name).q_value_mev == pytest.approx(q_value, abs=6e-5)


@pytest.mark.parametrize(
    ("name", "beam_energy", "excitation"),
    [
        ("7Li", 0.441, 17.6400),
        ("7Li", 0.45, 17.6479),
        ("7Li", 1.03, 18.1550),
        ("7Li", 1.04, 18.1637),
        ("7Li", 1.1, 18.2162),
        ("7Li", 1.225, 18.3255),
        ("7Li", 4.0, 20.7512),
        ("3H", 0.51, 20.1961),
        ("11B", 1.388, 17.2282),
        ("11B", 1.5, 17.3308),
        ("11B", 2.5, 18.2468),
    ],
)
def test_excitation_energies(name: str, beam_energy: float, excitation: float) -> None:
    # An independent calculation printed to 1e-4 MeV; the largest difference is 1.1e-4, at 4 MeV
    assert reaction_of(name).excitation_mev(beam_energy) == pytest.approx(excitation, abs=1.2e-4)


def test_slow_beams_share_their_energy_by_mass() -> None:
    reaction = reaction_of("7Li")
    target, projectile = reaction.target.mass_mev, reaction.projectile.mass_mev
    energy = 0.01
    expected = reaction.q_value_mev + energy * target / (target + projectile)
    # The next term is −T² m_p m_t/(2 (m_p + m_t)³), 5e-9 MeV here
    assert reaction.excitation_mev(energy) == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize("name", list(REACTIONS))
def test_energy_and_momentum_are_conserved(name: str) -> None:
    reaction, kinetic = reaction_of(name), 1.7
    energy = kinetic + reaction.projectile.mass_mev + reaction.target.mass_mev
    momentum2 = kinetic * (kinetic + 2.0 * reaction.projectile.mass_mev)
    mass = reaction.product.mass_mev + float(reaction.excitation_mev(kinetic))
    assert mass**2 == pytest.approx(energy**2 - momentum2, rel=1e-13)


def test_beam_energy_inverts_excitation() -> None:
    energies = np.linspace(0.0, 5.0, 11)
    reaction = reaction_of("11B")
    assert reaction.beam_energy_mev(reaction.excitation_mev(energies)) == pytest.approx(energies, abs=1e-9)


def test_masses_are_of_bare_nuclei() -> None:
    assert nucleus_of("1H").mass_mev == pytest.approx(938.27208816, abs=2e-5)  # proton; 13.6 eV of binding
    assert nucleus_of("n").mass_mev == pytest.approx(939.56542052, abs=1e-6)
    assert nucleus_of("4He").mass_mev == pytest.approx(3727.3794, abs=1e-4)  # the alpha particle, CODATA


def test_unknown_names_are_told_what_is_known() -> None:
    with pytest.raises(UsageError, match="unknown target '6Li'; allowed: 7Li, 3H, 11B, n3He"):
        reaction_of("6Li")
    with pytest.raises(UsageError, match="unknown nucleus '9Be'; allowed: n, 1H"):
        nucleus_of("9Be")


@pytest.mark.parametrize("energy", [-0.1, 101.0, float("nan")])
def test_beam_energies_out_of_range(energy: float) -> None:
    with pytest.raises(UsageError, match="allowed: a kinetic energy of 0 to 100 MeV"):
        reaction_of("7Li").excitation_mev(energy)
