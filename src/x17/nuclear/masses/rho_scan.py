"""The mass against the correlation that nobody published."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from x17.nuclear.masses.mass_fit import MassFit, fit_mass

RHOS = tuple(float(rho) for rho in np.round(np.linspace(0.0, 1.0, 11), 2))
"""Correlations of a scan: 0, 0.1, …, 1."""


def scan_rho(fit: MassFit, rhos: tuple[float, ...] = RHOS) -> tuple[MassFit, ...]:
    """Repeat a fit at other correlations within laboratories.

    Parameters
    ----------
    fit : MassFit
    rhos : tuple of float
        0 to 1; the correlation between laboratories is lowered to ρ where it would exceed it.

    Returns
    -------
    tuple of MassFit
    """
    return tuple(
        fit_mass(fit.rows, replace(fit.choices, rho=rho, across=min(fit.choices.across, rho))) for rho in rhos
    )
