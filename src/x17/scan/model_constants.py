"""The constants of the search model that belong to a scan, with PADME Run III's values as the defaults."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class KConstraint:
    """External knowledge of K(s) = P0 + P1 (√s − centre), a bivariate Gaussian.

    Published side-band values of PADME Run III, arXiv:2505.24797.

    Attributes
    ----------
    k_constant, k_constant_err : float
        P0 and its standard deviation.
    k_slope_per_mev, k_slope_err : float
        P1 and its standard deviation, 1/MeV.
    k_correlation : float
        Correlation of P0 and P1.
    """

    k_constant: float = 1.01163
    k_constant_err: float = 0.0013
    k_slope_per_mev: float = -0.0103
    k_slope_err: float = 0.004
    k_correlation: float = -0.06


@dataclass(frozen=True, slots=True)
class ModelConstants:
    """Constants of the model of a scan; the defaults are PADME Run III's, arXiv:2505.24797.

    Attributes
    ----------
    signal_yield_mev, signal_yield_err : float
        A: area of the signal line at g = 1 relative to the background, per unit of ε_S/B, MeV.
    lorentz_half_width_mev, lorentz_half_width_err : float
        γ: Lorentzian half width at half maximum from the motion of the electrons, MeV of beam energy.
    beam_energy_spread, beam_energy_spread_err : float
        b: relative Gaussian spread of the beam energy.
    k_constraint : KConstraint or None
        Constraint on K(s); None: K comes from the scan's own side-band fit.
    center_sqrt_s_mev : float
        √s about which K(s) and ε_S/B are expanded, MeV.
    electron_mass_mev : float
        m_e as the analysis used it, MeV.
    binding_energy_mev : float
        W_b: energy of the bound electron relative to one at rest, MeV.
    n_pot_err_added, background_err_added : float
        Relative errors added in quadrature to the raw ones of every point.
    window_size : int
        Consecutive points masked by the blind procedure.
    largest_cos_theta : float or None
        Largest |cos θ*| of pairs that the selection accepts, for bosons other than vectors; None: from the
        radii of PADME Run III.
    """

    signal_yield_mev: float = 13.56
    signal_yield_err: float = 0.18
    lorentz_half_width_mev: float = 1.72
    lorentz_half_width_err: float = 0.039
    beam_energy_spread: float = 0.0025
    beam_energy_spread_err: float = 0.0005
    k_constraint: KConstraint | None = None
    center_sqrt_s_mev: float = 16.92
    electron_mass_mev: float = 0.511
    binding_energy_mev: float = -7e-6
    n_pot_err_added: float = 0.003
    background_err_added: float = 0.003
    window_size: int = 10
    largest_cos_theta: float | None = None

    def plain(self) -> dict[str, Any]:
        """All constants as a tree, without one that is not there: what digests and documents are made of."""
        tree = asdict(self)
        if self.largest_cos_theta is None:
            del tree["largest_cos_theta"]
        return tree

    @property
    def points_needed(self) -> int:
        """Search points that a scan must have: the masked window, and three for a line beside it."""
        return self.window_size + 3
