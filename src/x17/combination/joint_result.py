"""A combination with its alternatives, and how often chance would give as much."""

from __future__ import annotations

from dataclasses import dataclass

from x17.combination.joint_fit import JointFit
from x17.statistics.monte_carlo import TailFraction


@dataclass(frozen=True, slots=True, eq=False)
class JointVariant:
    """The same scan combined with another mass.

    Attributes
    ----------
    name : str
    fit : JointFit
    """

    name: str
    fit: JointFit


@dataclass(frozen=True, slots=True, eq=False)
class JointResult:
    """A finished combination.

    Attributes
    ----------
    scan_name : str
    term_name : str
        The mass that the scan is combined with, in a few words.
    fit : JointFit
    variants : tuple of JointVariant
    p_value : TailFraction or None
        Share of scans without a boson that want one as much near the mass; None without toys.
    warnings : tuple of str
    """

    scan_name: str
    term_name: str
    fit: JointFit
    variants: tuple[JointVariant, ...]
    p_value: TailFraction | None = None
    warnings: tuple[str, ...] = ()

    @property
    def gaussian(self) -> tuple[float, float] | None:
        """The mass and its error if the scan too were a mass with a Gaussian error: half of its interval.

        None where that interval is in pieces or open.
        """
        pieces = self.fit.scan_intervals_mev
        if len(pieces) != 1:
            return None
        low, high = pieces[0]
        if low is None or high is None:
            return None
        weights = self.fit.term_error_mev**-2, (0.5 * (high - low)) ** -2
        mean = weights[0] * self.fit.term_mass_mev + weights[1] * self.fit.scan_mass_mev
        return mean / sum(weights), float(sum(weights)) ** -0.5
