"""Bremsstrahlung in which photon and positron are both selected: two clusters from one positron."""

from dataclasses import dataclass

from x17.errors import UsageError
from x17.theory.target_scattering.atom import CARBON, Atom
from x17.theory.target_scattering.checks import require
from x17.theory.target_scattering.pair_selection import PairSelection
from x17.theory.target_scattering.sampling import BremsstrahlungRegion, sample_bremsstrahlung


@dataclass(frozen=True, slots=True)
class TwoClusterRate:
    """Pairs per beam positron, with the statistical error of the sample.

    Attributes
    ----------
    selected, selected_error : float
        After radii, energies and wedges.
    back_to_back, back_to_back_error : float
        After the CM angles as well.
    """

    selected: float
    selected_error: float
    back_to_back: float
    back_to_back_error: float


def two_cluster_rate(
    beam_energy_mev: float,
    atoms_per_microbarn: float,
    selection: PairSelection | None = None,
    atom: Atom = CARBON,
    n_drawn: int = 1_000_000,
    seed: int = 0,
) -> TwoClusterRate:
    """Rate of bremsstrahlung whose photon and positron both pass a two-cluster selection.

    Lowest order, an ideal detector and a pencil beam; a target thin enough that a positron interacts once.

    Parameters
    ----------
    beam_energy_mev : float
        Total beam energy, MeV.
    atoms_per_microbarn : float
        Areal density of the target, `Atom.atoms_per_microbarn`.
    selection : PairSelection or None
        None for the defaults.
    atom : Atom
        The target atom.
    n_drawn : int
        Draws; a million give 0.2 % before the CM angles.
    seed : int
        Seed.

    Returns
    -------
    TwoClusterRate

    Raises
    ------
    UsageError
        An areal density that is not positive, a beam energy at which the radii or energies select nothing.
    """
    require(atoms_per_microbarn > 0.0, "areal density in atoms per µb", atoms_per_microbarn, "above 0")
    selection = selection or PairSelection()
    low, _, edge = selection.angles(beam_energy_mev)
    threshold = selection.energy_share * selection.energy_min_mev(beam_energy_mev)
    if not threshold < beam_energy_mev - threshold:
        raise UsageError(f"two clusters above {threshold:g} MeV do not come from {beam_energy_mev:g} MeV")
    region = BremsstrahlungRegion(
        beam_energy_mev, (threshold, beam_energy_mev - threshold), (low, edge), (low, edge)
    )
    events = sample_bremsstrahlung(region, n_drawn, seed, atom)
    angles = (events.photon_angle, events.positron_angle)
    azimuths = (events.photon_azimuth, events.positron_azimuth)
    energies = (events.photon_energy_mev, events.positron_energy_mev)
    passed = selection.selected(energies, angles, azimuths, beam_energy_mev)
    value, error = events.cross_section(passed)
    both = passed & selection.back_to_back(angles, azimuths, beam_energy_mev)
    final, final_error = events.cross_section(both)
    return TwoClusterRate(*(number * atoms_per_microbarn for number in (value, error, final, final_error)))
