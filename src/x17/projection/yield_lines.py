"""Expected yields as lines in √s: B and ε_S/B, of a scan, of a simulation or of an acceptance."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.apparatus import Setup
from x17.errors import UsageError
from x17.scan import EnergyScan
from x17.scan.acceptance import TwoClusterAcceptance
from x17.scan.efficiency_ratio import fit_efficiency_ratio, fit_ratio_line
from x17.scan.straight_line import StraightLine, fit_line
from x17.theory.boson import Boson, SpinParity
from x17.theory.qed.born_bhabha import bhabha_total
from x17.theory.qed.born_two_photon import two_photon_total

FloatArray = NDArray[np.float64]

_CM2_PER_MICROBARN = 1e-30


@dataclass(frozen=True, slots=True, eq=False)
class YieldLines:
    """Lines through B and ε_S/B; B of Run III is one with χ² 38/40.

    Attributes
    ----------
    background : StraightLine
        Two-cluster events expected per positron on target.
    ratio : StraightLine
        ε_S/B.
    origin : str
        Where they come from, in a few words.
    """

    background: StraightLine
    ratio: StraightLine
    origin: str

    def background_per_pot(self, sqrt_s: ArrayLike) -> FloatArray:
        """B at centre-of-mass energies in MeV, per positron.

        Parameters
        ----------
        sqrt_s : array_like

        Returns
        -------
        ndarray

        Raises
        ------
        UsageError
            So far from where the line was fitted that it is not above zero.
        """
        found = self.background(sqrt_s)
        if not np.all(found > 0.0) or not np.all(self.ratio(sqrt_s) > 0.0):
            where = float(np.asarray(sqrt_s).ravel()[int(np.argmin(found))])
            raise UsageError(
                f"the line through the yields of {self.origin} is not above zero at √s = {where:.3f} MeV; "
                "choose energies nearer to those it was fitted at"
            )
        return found

    def signal_efficiency(self, sqrt_s: ArrayLike) -> FloatArray:
        """ε_S = B · (ε_S/B) at centre-of-mass energies in MeV.

        Parameters
        ----------
        sqrt_s : array_like

        Returns
        -------
        ndarray
        """
        return np.asarray(self.background_per_pot(sqrt_s) * self.ratio(sqrt_s))


def lines_of_scan(scan: EnergyScan) -> YieldLines:
    """Lines through the points that a scan searches.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    YieldLines
    """
    points, center = scan.search_points(), scan.constants.center_sqrt_s_mev
    variance = np.square(points.background_err)
    return YieldLines(
        fit_line(points.sqrt_s_mev, points.background_per_pot, variance, center),
        fit_efficiency_ratio(points, center),
        scan.name,
    )


def lines_of_yields(
    sqrt_s: FloatArray,
    background: tuple[FloatArray, FloatArray],
    efficiency: tuple[FloatArray, FloatArray],
    center: float,
    origin: str,
) -> YieldLines:
    """Lines through yields that were simulated.

    Parameters
    ----------
    sqrt_s : ndarray, shape (n,)
        MeV.
    background, efficiency : pair of ndarray, shape (n,)
        Values and standard errors of B and of ε_S.
    center : float
        √s of the constants, MeV.
    origin : str

    Returns
    -------
    YieldLines

    Raises
    ------
    UsageError
        Fewer than two energies, or points without any error.
    """
    return YieldLines(
        fit_line(sqrt_s, background[0], np.square(background[1]), center),
        fit_ratio_line(sqrt_s, efficiency, background, center),
        origin,
    )


def acceptance_of_setup(setup: Setup) -> TwoClusterAcceptance:
    """Which decay angles the two-cluster selection of a setup accepts.

    Parameters
    ----------
    setup : Setup

    Returns
    -------
    TwoClusterAcceptance
    """
    cuts = setup.pair_cuts
    return TwoClusterAcceptance(
        distance_mm=setup.distance_mm,
        r_max_mm=cuts.r_max_mm,
        margin_mm=cuts.margin_cells * cuts.margin_cell_mm,
    )


def lines_of_setup(setup: Setup, sqrt_s: FloatArray, reference: EnergyScan, known: Setup) -> YieldLines:
    """Lines of a setup: those of a published scan times what the acceptance of tree-level pairs gains.

    B_new/B_old = σ(e+e− and γγ within the new angles)/σ(within the old ones), at the tree level, times the
    ratio of the electrons of the targets; ε_S likewise with the decay angles of a vector, per boson made.
    Efficiencies within the angles, the bore and radiation are taken to be those of the published scan.

    Parameters
    ----------
    setup : Setup
    sqrt_s : ndarray, shape (n,)
        Where the lines are to hold, MeV; n ≥ 2 different ones.
    reference : EnergyScan
        The published scan.
    known : Setup
        That of the published scan.

    Returns
    -------
    YieldLines
    """
    old, new = acceptance_of_setup(known), acceptance_of_setup(setup)
    lines = lines_of_scan(reference)
    background = lines.background(sqrt_s) * (
        pair_cross_section_ub(new, sqrt_s) / pair_cross_section_ub(old, sqrt_s)
    )
    efficiency = lines.background(sqrt_s) * lines.ratio(sqrt_s)
    efficiency *= _decay_shares(new, sqrt_s) / _decay_shares(old, sqrt_s)
    share = setup.pair_cuts.azimuth_half_width_rad / known.pair_cuts.azimuth_half_width_rad
    efficiency *= share
    background *= share * electrons_ratio(setup, known)
    # A weight is needed, not an error: all points count alike.
    one_percent = (background, 0.01 * background), (efficiency, 0.01 * efficiency)
    return lines_of_yields(
        sqrt_s,
        *one_percent,
        reference.constants.center_sqrt_s_mev,
        f"{reference.name} with the acceptance of {setup.name}",
    )


def electrons_ratio(setup: Setup, known: Setup) -> float:
    """Electrons per area of one target over those of another.

    Parameters
    ----------
    setup, known : Setup

    Returns
    -------
    float
    """
    return setup.target.slab.electrons_per_cm2 / known.target.slab.electrons_per_cm2


def lines_of_theory(setup: Setup, sqrt_s: FloatArray, center: float) -> YieldLines:
    """Lines of a setup from tree-level cross sections alone, for an ideal detector.

    B = n_e d σ(e+e− and γγ within the accepted angles) φ, with φ the share of azimuths in the wedge; ε_S the
    share of a vector's decays within the same angles, times φ. Nothing is lost within the angles: at PADME
    Run III both are 1.5 times the published ones, in which dead crystals, the bore and the windows in the
    angles take their part, and which `x17 expect` simulates. Their ratio, and so the size of the signal over
    the background, is that of Run III within 3 %.

    Parameters
    ----------
    setup : Setup
    sqrt_s : ndarray, shape (n,)
        Where the lines are to hold, MeV; n ≥ 2 different ones.
    center : float
        √s of the constants, MeV.

    Returns
    -------
    YieldLines

    Raises
    ------
    UsageError
        No pair of some of the energies is accepted.
    """
    acceptance = acceptance_of_setup(setup)
    blind = acceptance.largest_cos_theta(sqrt_s) <= 0.0
    if blind.any():
        where = float(sqrt_s[int(np.argmax(blind))])
        raise UsageError(
            f"{setup.name}: the radii of the selection accept no pair of √s = {where:.3f} MeV; D/γ, "
            f"{setup.distance_mm:g} mm over √s/(2 m_e), must be below [pair_cuts] r_max_mm = "
            f"{setup.pair_cuts.r_max_mm:g}"
        )
    wedge = setup.pair_cuts.azimuth_half_width_rad / (0.5 * np.pi)
    per_microbarn = _CM2_PER_MICROBARN * setup.target.slab.electrons_per_cm2
    background = per_microbarn * wedge * pair_cross_section_ub(acceptance, sqrt_s)
    efficiency = wedge * _decay_shares(acceptance, sqrt_s)
    # A weight is needed, not an error: all points count alike.
    one_percent = (background, 0.01 * background), (efficiency, 0.01 * efficiency)
    return lines_of_yields(sqrt_s, *one_percent, center, f"the theory for an ideal {setup.name}")


def pair_cross_section_ub(acceptance: TwoClusterAcceptance, sqrt_s: FloatArray) -> FloatArray:
    """Tree-level e+e− and γγ with both particles within the accepted angles, µb.

    Parameters
    ----------
    acceptance : TwoClusterAcceptance
    sqrt_s : ndarray, shape (n,)
        MeV.

    Returns
    -------
    ndarray, shape (n,)
    """
    edges = np.degrees(np.arccos(acceptance.largest_cos_theta(sqrt_s)))
    rates = [
        float(bhabha_total(energy, (edge, 180.0 - edge)))
        + float(two_photon_total(energy, (edge, 180.0 - edge)))
        for energy, edge in zip(sqrt_s.tolist(), edges.tolist(), strict=True)
    ]
    return np.array(rates)


def _decay_shares(acceptance: TwoClusterAcceptance, sqrt_s: FloatArray) -> FloatArray:
    edges = acceptance.largest_cos_theta(sqrt_s).tolist()
    pairs = zip(sqrt_s.tolist(), edges, strict=True)
    return np.array([Boson(m, SpinParity.VECTOR, 1e-3).decay_fraction(0.0, c) for m, c in pairs])
