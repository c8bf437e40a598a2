"""Accidental pairs: two positrons of one bunch, each scattered elastically into the calorimeter."""

import math
from dataclasses import dataclass

import numpy as np

from x17.theory.target_scattering.atom import CARBON, Atom
from x17.theory.target_scattering.checks import FloatArray, require
from x17.theory.target_scattering.elastic import elastic_cross_section, elastic_cross_section_beyond
from x17.theory.target_scattering.pair_selection import PairSelection, cm_angle, lab_angle

_NODES = 40


@dataclass(frozen=True, slots=True)
class Bunch:
    """A bunch of positrons, uniform in time, their number Poisson.

    Attributes
    ----------
    n_positrons : float
        Mean number.
    length_ns : float
        Length of the bunch.
    coincidence_ns : float
        Largest time between the clusters of a pair.

    Raises
    ------
    UsageError
        A number or a time that is not positive.
    """

    n_positrons: float = 3000.0
    length_ns: float = 250.0
    coincidence_ns: float = 5.0

    def __post_init__(self) -> None:
        for name in ("n_positrons", "length_ns", "coincidence_ns"):
            value = getattr(self, name)
            require(0.0 < value < math.inf, name, value, "above 0")

    @property
    def coincidence_probability(self) -> float:
        """Probability that two positrons of a bunch are in time: r (2 − r), r = coincidence/length ≤ 1."""
        ratio = min(self.coincidence_ns / self.length_ns, 1.0)
        return ratio * (2.0 - ratio)


@dataclass(frozen=True, slots=True)
class AccidentalPairRate:
    """Accidental pairs of elastically scattered positrons.

    Attributes
    ----------
    singles_per_positron : float
        Positrons scattered between R_min − margin and the edge, within the wedges, per beam positron.
    selected : float
        Pairs in time that pass radii and wedges, per beam positron.
    back_to_back : float
        Those that pass the CM angles as well.
    """

    singles_per_positron: float
    selected: float
    back_to_back: float


def accidental_pair_rate(
    beam_energy_mev: float,
    atoms_per_microbarn: float,
    selection: PairSelection | None = None,
    bunch: Bunch | None = None,
    atom: Atom = CARBON,
) -> AccidentalPairRate:
    """Rate of accidental pairs of elastic scatters, (N/2) P(|Δt| < τ) ∬ dw₁ dw₂ over the selection.

    N is the mean number of positrons of a bunch, N²/2 its mean number of pairs, dw = n dσ the probability of
    a scatter. The azimuths are independent and uniform: the window in Δφ and the two wedges take the share
    of `azimuth_share`. Each piece of the integral over the angles is smooth, so Gauss–Legendre does it.

    Parameters
    ----------
    beam_energy_mev : float
        Total beam energy, MeV; a scattered positron keeps it, so that the energy cuts always pass.
    atoms_per_microbarn : float
        Areal density of the target, `Atom.atoms_per_microbarn`.
    selection : PairSelection or None
        None for the defaults.
    bunch : Bunch or None
        None for 3000 positrons in 250 ns, 5 ns coincidence.
    atom : Atom
        The target atom.

    Returns
    -------
    AccidentalPairRate

    Raises
    ------
    UsageError
        An areal density that is not positive, a beam energy at which the radii select nothing.
    """
    require(atoms_per_microbarn > 0.0, "areal density in atoms per µb", atoms_per_microbarn, "above 0")
    selection, bunch = selection or PairSelection(), bunch or Bunch()
    low, first, edge = selection.angles(beam_energy_mev)
    beyond = elastic_cross_section_beyond(np.array([low, first, edge]), beam_energy_mev, atom)
    inner, outer = (float(value) for value in (beyond[0] - beyond[1], beyond[1] - beyond[2]))
    wedge = selection.wedge_deg / 90.0
    pairs = 0.5 * bunch.n_positrons * bunch.coincidence_probability * atoms_per_microbarn**2
    # At least one inside R_max: (inner + outer)² − outer².
    all_angles = inner * (inner + 2.0 * outer)
    aligned = _aligned(low, first, edge, selection.sum_theta_window, beam_energy_mev, atom)
    return AccidentalPairRate(
        singles_per_positron=(inner + outer) * wedge * atoms_per_microbarn,
        selected=pairs * all_angles * wedge**2,
        back_to_back=pairs * aligned * azimuth_share(selection.delta_phi_window, selection.wedge_deg),
    )


def azimuth_share(window: float, wedge_deg: float) -> float:
    """Share of pairs of independent azimuths within both wedges and within a window of opposite.

    With wedges of half-opening w about the two horizontal directions, two angles in opposite wedges are off
    by a difference that is triangular on (−2w, 2w); two in the same wedge count only where window > π − 2w.
    Without wedges (w = 90°) the share is window/π.

    Parameters
    ----------
    window : float
        Largest ||φ₁ − φ₂| − π|, 0 to π, rad.
    wedge_deg : float
        w, above 0 and up to 90, degrees.

    Returns
    -------
    float

    Raises
    ------
    UsageError
        A window or a wedge outside these ranges.
    """
    require(0.0 <= window <= math.pi, "window in rad", window, "0 to π")
    require(0.0 < wedge_deg <= 90.0, "wedge in degrees", wedge_deg, "above 0, up to 90")
    full = 2.0 * math.radians(wedge_deg)

    def below(x: float) -> float:
        """Area of {|difference| < x} in a square of side `full`."""
        return full**2 - max(full - x, 0.0) ** 2

    opposite = below(window)
    # Same wedge: off by π − |difference|, so within the window where |difference| > π − window.
    same = full**2 - below(math.pi - window)
    return (2.0 * opposite + 2.0 * same) / (2.0 * math.pi) ** 2


def _aligned(
    low: float, first: float, edge: float, window: float, beam_energy_mev: float, atom: Atom
) -> float:
    """∬ dσ₁ dσ₂ over the radii with |θ*₁ + θ*₂ − π| < window, µb²."""
    total = 0.0
    # The second may reach the edge when the first is inside R_max, and only R_max when it is not.
    for (start, stop), reach in (((low, first), edge), ((first, edge), first)):
        if stop > start:
            total += _aligned_part((start, stop), (low, reach), window, beam_energy_mev, atom)
    return total


def _aligned_part(
    one: tuple[float, float], two: tuple[float, float], window: float, beam_energy_mev: float, atom: Atom
) -> float:
    """The part of `_aligned` for ranges of the two lab angles."""
    edges = _kinks(one, two, window, beam_energy_mev)
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    half = np.diff(edges)[:, None] / 2.0
    theta = (edges[:-1, None] + half * (1.0 + nodes)).ravel()
    measure = (half * weights).ravel()
    opposite = math.pi - cm_angle(theta, beam_energy_mev)
    bounds = [
        np.clip(lab_angle(np.clip(opposite + shift, 0.0, math.pi), beam_energy_mev), *two)
        for shift in (-window, window)
    ]
    lower, upper = (elastic_cross_section_beyond(bound, beam_energy_mev, atom) for bound in bounds)
    density = 2.0 * math.pi * np.sin(theta) * elastic_cross_section(theta, beam_energy_mev, atom)
    return float(np.sum(measure * density * (lower - upper)))


def _kinks(
    one: tuple[float, float], two: tuple[float, float], window: float, beam_energy_mev: float
) -> FloatArray:
    """Ends of the smooth pieces of the outer integral: where a limit of the inner one meets a radius."""
    cm = [
        math.pi - float(cm_angle(angle, beam_energy_mev)) + shift
        for angle in two
        for shift in (-window, window)
    ]
    lab = lab_angle(np.clip(cm, 0.0, math.pi), beam_energy_mev)
    return np.unique(np.clip(np.concatenate([one, lab]), *one))
