"""What changes from run to run and from period to period without being asked to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from x17.apparatus.quantity import Count, Fraction, Part, Quantity, Width


@dataclass(frozen=True, slots=True, kw_only=True)
class Drifts(Part):
    """Widths of what the analysis of a real run has to find out; all zero for a machine that is still.

    Attributes
    ----------
    runs_per_period : int
        Runs of equal size in which a period is taken.
    center_sigma_mm : float
        Of the centre of the spot at the target, run to run, in each of x and y.
    tilt_sigma_mrad : float
        Of the mean slopes, run to run, in each of x and y.
    lead_glass_sigma : float
        Relative, of the charge per positron and energy of the beam catcher, period to period.
    target_gain_sigma : float
        Relative, of the charge that the target gives for a positron, run to run.
    calorimeter_scale_sigma : float
        Relative, of the energy of all single particles in the calorimeter, run to run.
    cluster_loss : float
        Mean share of showers that the calorimeter loses beyond what is simulated.
    cluster_loss_sigma : float
        Of that share, period to period.
    """

    runs_per_period: Count = 1
    center_sigma_mm: Width = 0.0
    tilt_sigma_mrad: Annotated[float, Quantity("mrad", least=0.0, most=100.0)] = 0.0
    lead_glass_sigma: Fraction = 0.0
    target_gain_sigma: Fraction = 0.0
    calorimeter_scale_sigma: Fraction = 0.0
    cluster_loss: Fraction = 0.0
    cluster_loss_sigma: Fraction = 0.0
