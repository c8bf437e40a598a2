"""Wordings that several figures share."""

from __future__ import annotations

from x17.statistics.search_result import SearchResult

COUPLING_SCALE = 1e4
"""Couplings are drawn in units of 1e-4."""

MASS_LABEL = r"Boson mass $M$ [MeV]"
COUPLING_LABEL = r"Coupling $g_{ve}$ [$10^{-4}$]"
SQRT_S_LABEL = r"Centre-of-mass energy $\sqrt{s}$ [MeV]"


def best_fit_label(result: SearchResult) -> str:
    """Word the best fit for a legend.

    Parameters
    ----------
    result : SearchResult

    Returns
    -------
    str
    """
    best = result.best
    if best.g_ve <= 0.0:
        return "Best fit: no boson ($g_{ve}=0$)"
    coupling = best.g_ve * COUPLING_SCALE
    return rf"Best fit: {best.mass_mev:.2f} MeV, $g_{{ve}}={coupling:.2f}\times10^{{-4}}$"
