"""How many bosons a spectrometer must emit to see one: the number for a significance."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.nuclear.pair_angles.mixture import MultipoleMixture
from x17.nuclear.spectrometers.spectrum_fit import fit_norms
from x17.nuclear.spectrometers.templates import AngularTemplates

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """The number of bosons that gives an expected significance.

    Attributes
    ----------
    mass_mev : float
    significance : float
        Standard deviations, local.
    pairs_emitted, pairs_selected : float
        Internal pairs of the run, and all background pairs in the fitted bins.
    bosons_emitted, bosons_selected : float
        Wanted, and those of them in the fitted bins.
    bosons_per_pair : float
    bosons_per_photon : float or None
        None where there is no photon.
    bins_left_out : int
        With too few simulated pairs to be used.
    """

    mass_mev: float
    significance: float
    pairs_emitted: float
    pairs_selected: float
    bosons_emitted: float
    bosons_selected: float
    bosons_per_pair: float
    bosons_per_photon: float | None
    bins_left_out: int


def expected_q0(background: FloatArray, boson: FloatArray, free: FloatArray) -> float:
    """q0 of the Asimov spectrum with a boson: how badly free norms of the background describe it.

    Parameters
    ----------
    background, boson : ndarray, shape (bins,)
        Expected pairs.
    free : ndarray, shape (k, bins)
        Templates whose norms are free.

    Returns
    -------
    float
    """
    _, deviance = fit_norms(background + boson, free)
    return deviance


def bosons_for_discovery(
    templates: AngularTemplates,
    mixture: MultipoleMixture,
    pairs_emitted: float,
    mass: float,
    significance: float = 5.0,
    external_emitted: float = 0.0,
) -> Sensitivity:
    """The number of bosons at which the expected local significance reaches a value.

    The data are the expected spectrum itself (Asimov), the norms of all backgrounds of the templates are
    free, the mass is known.

    Parameters
    ----------
    templates : AngularTemplates
    mixture : MultipoleMixture
        Of the internal pairs.
    pairs_emitted : float
        Internal pairs of the run, above 0.
    mass : float
        MeV.
    significance : float
        Above 0.
    external_emitted : float
        External pairs of the run; above 0 it needs templates of them.

    Returns
    -------
    Sensitivity

    Raises
    ------
    UsageError
        Numbers out of range, or a spectrometer that does not see the boson.
    """
    if not (math.isfinite(pairs_emitted) and pairs_emitted > 0.0 and 0.0 < significance <= 40.0):
        raise UsageError(
            f"{pairs_emitted:g} pairs and {significance:g} standard deviations; allowed: above 0 both, "
            "at most 40 standard deviations"
        )
    usable = templates.usable
    one = templates.boson_at(mass)[usable]
    if one.sum() <= 0.0:
        raise UsageError(f"the spectrometer sees no pair of a boson of {mass:g} MeV in the bins of the fit")
    background = pairs_emitted * templates.background(mixture)[usable]
    if external_emitted > 0.0:
        if templates.external is None:
            raise UsageError("external pairs need a template: make the templates with n_external above 0")
        background = background + external_emitted * templates.external[usable]
    free = templates.free[:, usable]
    bosons = _solve(background, one, free, significance**2)
    coefficient = mixture.pair_coefficient(templates.transition_mev)
    per_pair = bosons / pairs_emitted
    return Sensitivity(
        mass,
        significance,
        pairs_emitted,
        float(background.sum()),
        bosons,
        bosons * float(one.sum()),
        per_pair,
        None if coefficient is None else per_pair * coefficient,
        int(np.sum(~usable)),
    )


def _solve(background: FloatArray, one: FloatArray, free: FloatArray, wanted: float) -> float:
    """The number at which q0, which grows with it, is as wanted."""
    from scipy.optimize import brentq

    def excess(logarithm: float) -> float:
        return expected_q0(background, math.exp(logarithm) * one, free) - wanted

    # The number without background at all bounds it from below, up to the counts that ln(n/µ) multiplies.
    high = math.log(wanted / float(one.sum()) + 1.0)
    while excess(high) < 0.0:
        high += 1.0
    low = high - 1.0
    while excess(low) > 0.0:
        low -= 1.0
    return math.exp(brentq(excess, low, high, xtol=1e-4))
