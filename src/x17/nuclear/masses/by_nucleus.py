"""Does every nucleus want the same mass?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from x17.nuclear.masses.mass_fit import MassFit, fit_mass
from x17.nuclear.masses.weighted_mean import group_chi2


@dataclass(frozen=True, slots=True, eq=False)
class NucleusFits:
    """A fit for each nucleus alone, and how well they agree.

    Attributes
    ----------
    fits : dict of str to MassFit
        By nucleus, in the order of the rows.
    chi2 : float
        χ²(one mass) − χ²(a mass for every nucleus), of the rows as masses with all of their correlations.
    ndf : int
        Nuclei less one.
    """

    fits: dict[str, MassFit]
    chi2: float
    ndf: int

    @property
    def p_value(self) -> float | None:
        """P(χ² ≥ observed) if the masses are one; None with a single nucleus."""
        from scipy.special import gammaincc

        return float(gammaincc(0.5 * self.ndf, 0.5 * self.chi2)) if self.ndf else None


def fit_nuclei(fit: MassFit) -> NucleusFits:
    """Fit the rows of each nucleus alone, with the choices of a fit to all.

    Parameters
    ----------
    fit : MassFit

    Returns
    -------
    NucleusFits
    """
    names = list(dict.fromkeys(row.nucleus for row in fit.rows))
    fits = {name: fit_mass([row for row in fit.rows if row.nucleus == name], fit.choices) for name in names}
    group = np.array([names.index(row.nucleus) for row in fit.rows], dtype=np.int64)
    chi2, ndf = group_chi2(fit.inputs.masses, fit.inputs.mass_covariance, group)
    return NucleusFits(fits, chi2, ndf)
