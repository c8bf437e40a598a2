"""Levels and transitions: what the table holds fits together."""

import pytest

from x17.errors import UsageError
from x17.nuclear.multipole import Multipole
from x17.nuclear.transitions import levels_of, nearest_level, reaction_of, transitions_of

NUCLEI = ("8Be", "4He", "12C")


@pytest.mark.parametrize("nucleus", NUCLEI)
def test_multipoles_obey_spin_and_parity(nucleus: str) -> None:
    for item in transitions_of(nucleus):
        change = item.upper.parity * item.lower.parity
        if item.multipole is None:  # 0- to 0+: no photon has l = 0, and E0 keeps parity
            assert (item.upper.spin, item.lower.spin, change) == (0, 0, -1)
            continue
        order = item.multipole.angular_momentum
        assert abs(item.upper.spin - item.lower.spin) <= order <= item.upper.spin + item.lower.spin
        assert change == (-1) ** order * (1 if item.multipole.electric else -1)


def test_published_widths_of_beryllium() -> None:
    widths = {(t.upper.energy_mev, t.lower.energy_mev): t.width_ev for t in transitions_of("8Be")}
    assert widths[17.640, 0.0] == 15.0
    assert widths[18.150, 3.03] == 4.3


@pytest.mark.parametrize(("nucleus", "energy"), [("8Be", 17.640), ("8Be", 18.150), ("12C", 17.23)])
def test_resonances_lie_where_their_beams_lead(nucleus: str, energy: float) -> None:
    level = nearest_level(nucleus, energy)
    assert level.resonance_beam_mev is not None
    excitation = float(reaction_of(level.reaction).excitation_mev(level.resonance_beam_mev))
    # Levels and beam energies are rounded to 5 keV
    assert excitation == pytest.approx(level.energy_mev, abs=6e-3)


def test_levels_start_at_the_ground_state() -> None:
    first, *_ = levels_of("12C")
    assert (first.energy_mev, first.spin_parity) == (0.0, "0+")


def test_multipoles_know_themselves() -> None:
    assert [m.angular_momentum for m in Multipole] == [0, 1, 1, 2, 2]
    assert [m.electric for m in Multipole] == [True, True, False, True, False]
    assert not Multipole.E0.has_photon


def test_nuclei_without_levels_are_refused() -> None:
    with pytest.raises(UsageError, match="no levels of 7Li in the table; allowed: 12C, 4He, 8Be"):
        levels_of("7Li")
