"""What a fit of the mass may choose."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from x17.errors import UsageError
from x17.nuclear.masses.covariance import check_correlations

DEFAULT_RHO = 0.5
"""Middle of the range: the correlation is not published, and every fit shows the whole range beside it."""

DEFAULT_MISSING_SYST_MEV = 0.2
"""Stands in where a paper gives no systematic error: what the same laboratory gives for 8Be elsewhere."""


class Source(StrEnum):
    """What the mass is fitted to."""

    MASSES = "masses"
    """The published masses."""
    ANGLES = "angles"
    """Opening angles: measured ones where the table has them, otherwise those of the published masses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FitChoices:
    """Choices of a fit.

    Attributes
    ----------
    source : Source
    rho : float
        Correlation of the systematic errors within a laboratory, 0 to 1.
    across : float
        The same between laboratories, 0 to `rho`.
    missing_syst_mev : float
        Systematic error where none is given, MeV.
    statistical_only : bool
        Leave systematic errors out.
    exact : bool
        Angles with recoil and electron mass; otherwise 2 asin(m/E_x).

    Raises
    ------
    UsageError
        A value outside its range.
    """

    source: Source = Source.MASSES
    rho: float = DEFAULT_RHO
    across: float = 0.0
    missing_syst_mev: float = DEFAULT_MISSING_SYST_MEV
    statistical_only: bool = False
    exact: bool = True

    def __post_init__(self) -> None:
        check_correlations(self.rho, self.across)
        if not 0.0 <= self.missing_syst_mev <= 10.0:
            raise UsageError(f"--missing-syst is {self.missing_syst_mev:g}; allowed: 0 to 10 MeV")
