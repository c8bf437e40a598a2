"""Cross sections of e⁺e⁻ → e⁺e⁻ and γγ within cuts: tree level, O(α), or with photons resummed."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import UsageError
from x17.theory.qed.born_bhabha import bhabha_differential, bhabha_total, mandelstam
from x17.theory.qed.born_two_photon import two_photon_differential, two_photon_total
from x17.theory.qed.checks import checked_sqrt_s, shared_cosine
from x17.theory.qed.hard_bhabha import hard_bhabha
from x17.theory.qed.hard_two_photon import hard_two_photon
from x17.theory.qed.leading_log import resummation_excess
from x17.theory.qed.selection import Selection
from x17.theory.qed.soft_photons import annihilation_strength, bhabha_strength
from x17.theory.qed.soft_virtual import bhabha_soft_virtual, two_photon_soft_virtual
from x17.theory.qed.vacuum_polarization import running_bhabha_ratio

FloatArray = NDArray[np.float64]
T = TypeVar("T", bound=StrEnum)

LOWEST_SQRT_S_MEV, HIGHEST_SQRT_S_MEV = 5.0, 1000.0
"""Range of the corrections: m²/s stays below 1 %, hadronic and weak effects below 1e-3; MeV."""
LEAST_T_OVER_M2 = 20.0
"""Least |t|/m² of Bhabha scattering with corrections: neglected mass terms are then below 0.6 %."""


class Process(StrEnum):
    """A two-body final state."""

    BHABHA = "bhabha"
    TWO_PHOTON = "two_photon"


class Order(StrEnum):
    """Order of the photonic corrections."""

    LO = "lo"
    NLO = "nlo"
    RESUMMED = "resummed"


@dataclass(frozen=True, slots=True)
class CrossSection:
    """A cross section within cuts, and its pieces in units of the tree level.

    Attributes
    ----------
    process, order : str
        What was computed.
    sqrt_s_mev : float
        Centre-of-mass energy, MeV.
    value_ub, error_ub : float
        Cross section and its statistical error, µb.
    lo_ub : float
        Tree level in the same range of angle (the other cuts do not touch it), µb.
    k_factor, k_factor_err : float
        value/LO and its statistical error.
    soft_virtual : float
        Loops and photons below the separator, over LO; depends on the separator.
    hard : float
        Photons above the separator, over LO; depends on the separator.
    higher_orders : float
        Leading logarithms beyond O(α), over LO.
    vacuum_polarization : float
        Factor by which the running of α multiplies all of it; 1 where it is off.
    settings : dict
        Cuts, seed, separator and accuracy.
    """

    process: str
    order: str
    sqrt_s_mev: float
    value_ub: float
    error_ub: float
    lo_ub: float
    k_factor: float
    k_factor_err: float
    soft_virtual: float = 0.0
    hard: float = 0.0
    higher_orders: float = 0.0
    vacuum_polarization: float = 1.0
    settings: dict[str, object] = field(default_factory=dict)


def cross_section(
    process: Process | str,
    sqrt_s: float,
    theta_range_deg: tuple[float, float],
    order: Order | str = "lo",
    acollinearity_deg: float = 10.0,
    min_energy: float = 0.4,
    recombine_deg: float | None = None,
    seed: int = 1,
    accuracy: float = 1e-3,
    separator: float = 1e-3,
    vacuum_polarization: bool = False,
) -> CrossSection:
    """Cross section of e⁺e⁻ → e⁺e⁻ or γγ within cuts in the centre-of-mass frame.

    Tree level in closed form; O(α) as soft and virtual photons (leading in the mass) plus hard photons (exact
    tree amplitude with the mass); resummed adds leading logarithms beyond O(α) by structure functions.

    Parameters
    ----------
    process : Process or str
        ``bhabha`` or ``two_photon``.
    sqrt_s : float
        Centre-of-mass energy: above 2 m_e at tree level, 5 to 1000 MeV beyond.
    theta_range_deg : tuple of float
        (low, high) for both leptons or both (hardest) photons, degrees, 0 ≤ low < 90 < high ≤ 180; Bhabha
        scattering with corrections needs |t| ≥ 20 m_e² (15.5° at 17 MeV).
    order : Order or str
        ``lo``, ``nlo`` or ``resummed``.
    acollinearity_deg : float
        |θ₁ + θ₂ − 180°| below it.
    min_energy : float
        Least energy of each over √s/2.
    recombine_deg : float, optional
        Cone within which a photon is added to a product; bare products by default.
    seed : int
        The same seed gives the same number, and at neighbouring energies the same points.
    accuracy : float
        Statistical error of the K factor to reach, 1e-5 to 0.1.
    separator : float
        Photon energy over √s/2 between soft and hard, 1e-5 to 0.02; the sum does not depend on it.
    vacuum_polarization : bool
        Let α run by lepton loops (Bhabha only; a factor on the corrected rate).

    Returns
    -------
    CrossSection

    Raises
    ------
    UsageError
        Anything outside the ranges above.
    """
    what, how = _choice(Process, process, "process"), _choice(Order, order, "order")
    energy = float(checked_sqrt_s(sqrt_s))
    cuts = Selection(theta_range_deg, acollinearity_deg, min_energy, recombine_deg)
    for name, value, low, high in (("accuracy", accuracy, 1e-5, 0.1), ("separator", separator, 1e-5, 0.02)):
        if not low <= value <= high:
            raise UsageError(f"{name} is {value!r}; allowed: {low:g} to {high:g}")
    tree = bhabha_total if what is Process.BHABHA else two_photon_total
    lo = float(tree(energy, theta_range_deg))
    soft, hard, more, error = 0.0, 0.0, 0.0, 0.0
    if how is not Order.LO:
        _check_range(what, energy, theta_range_deg)
        soft = _angular_mean(what, energy, theta_range_deg, separator)
        emit = hard_bhabha if what is Process.BHABHA else hard_two_photon
        radiated, spread = emit(energy, cuts, separator, seed, accuracy * lo)
        hard, error = radiated / lo, spread / lo
    if how is Order.RESUMMED:
        more, extra = _excess(what, energy, cuts, seed, accuracy)
        error = float(np.hypot(error, extra))
    polarization = 1.0
    if vacuum_polarization and what is Process.BHABHA:
        polarization = _angular_mean(what, energy, theta_range_deg, None)
    k_factor = (1.0 + soft + hard + more) * polarization
    settings: dict[str, object] = {
        "theta_range_deg": [float(angle) for angle in theta_range_deg],
        "acollinearity_deg": acollinearity_deg,
        "min_energy": min_energy,
        "recombine_deg": recombine_deg,
        "seed": seed,
        "accuracy": accuracy,
        "separator": separator,
        "vacuum_polarization": vacuum_polarization,
    }
    return CrossSection(
        what.value,
        how.value,
        energy,
        k_factor * lo,
        error * polarization * lo,
        lo,
        k_factor,
        error * polarization,
        soft,
        hard,
        more,
        polarization,
        settings,
    )


def _choice(kind: type[T], value: str, name: str) -> T:
    try:
        return kind(value)
    except ValueError:
        raise UsageError(f"unknown {name} {value!r}; allowed: {', '.join(kind)}") from None


def _check_range(process: Process, sqrt_s: float, theta_range_deg: tuple[float, float]) -> None:
    if not LOWEST_SQRT_S_MEV <= sqrt_s <= HIGHEST_SQRT_S_MEV:
        raise UsageError(
            f"√s is {sqrt_s:g} MeV; allowed beyond tree level: "
            f"{LOWEST_SQRT_S_MEV:g} to {HIGHEST_SQRT_S_MEV:g} MeV"
        )
    _, t, _ = mandelstam(sqrt_s, shared_cosine(theta_range_deg))
    if process is Process.BHABHA and -t < LEAST_T_OVER_M2 * ELECTRON_MASS_MEV**2:
        raise UsageError(
            f"polar range {theta_range_deg[0]:g}:{theta_range_deg[1]:g} degrees reaches "
            f"|t| = {-float(t):.3g} MeV²; allowed beyond tree level: "
            f"{LEAST_T_OVER_M2:g} m_e² and more, so narrow the range"
        )


def _angular_mean(
    process: Process, sqrt_s: float, theta_range_deg: tuple[float, float], separator: float | None
) -> float:
    """Tree-level mean of the soft and virtual correction, or without separator of the running of α."""
    # In y = artanh(βc) both forward peaks are smooth, and 128 points exact to rounding.
    beta = float(np.sqrt(1.0 - 4.0 * ELECTRON_MASS_MEV**2 / sqrt_s**2))
    nodes, weights = np.polynomial.legendre.leggauss(128)
    reach = np.arctanh(beta * shared_cosine(theta_range_deg))
    cosines = np.tanh(reach * nodes) / beta
    jacobian = weights / np.cosh(reach * nodes) ** 2
    if process is Process.BHABHA:
        tree = jacobian * bhabha_differential(sqrt_s, cosines)
        if separator is None:
            return float(np.average(running_bhabha_ratio(sqrt_s, cosines), weights=tree))
        return float(np.average(bhabha_soft_virtual(sqrt_s, cosines, separator), weights=tree))
    tree = jacobian * two_photon_differential(sqrt_s, cosines)
    return float(np.average(two_photon_soft_virtual(sqrt_s, cosines, separator or 1.0), weights=tree))


def _excess(
    process: Process, sqrt_s: float, cuts: Selection, seed: int, accuracy: float
) -> tuple[float, float]:
    """Leading logarithms beyond O(α) over the tree level."""
    if process is Process.BHABHA:
        return resummation_excess(
            sqrt_s,
            cuts,
            bhabha_differential,
            lambda s, c: bhabha_strength(s, mandelstam(np.sqrt(s), c)[1]),
            True,
            seed,
            accuracy,
        )
    return resummation_excess(
        sqrt_s, cuts, two_photon_differential, lambda s, _: annihilation_strength(s), False, seed, accuracy
    )
