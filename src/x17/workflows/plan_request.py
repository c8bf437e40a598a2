"""What a plan is asked for."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import Any

from x17.errors import UsageError
from x17.projection.planning_beam import LEAST_POSITRONS, SETUP_HOURS
from x17.projection.planning_campaign import Truth
from x17.projection.planning_criteria import Criterion
from x17.projection.planning_prior import PlanPrior

STEPS = {"full": 1.0, "half": 0.5, "quarter": 0.25}
"""Distance of neighbouring settings in steps of the dipole."""

EXCESS = Truth(16.90, 4.4e-4)
"""The excess of PADME Run III: its best fit."""

MOST_TOYS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What is planned, and what the plan is tried on.

    Attributes
    ----------
    positrons : float
        That are left.
    steps : int
        Points among which they are shared.
    setup : str
        Shipped setup or file: its beam.
    step : str
        One of `STEPS`.
    energies_mev : (float, float) or None
        Of the beam; those of the scan if None.
    setup_hours : float
        To change the energy.
    least : float
        Positrons that make a point.
    criterion : Criterion
    prior : PlanPrior
    adaptive : bool
        Play one campaign that replans after each point.
    boson : Truth or None
        In toys, and what they are to decide about; None: the excess of PADME Run III, for a plan that reaches
        its mass.
    no_boson : bool
        The campaign that is played has none.
    toys : int
        Campaigns of each strategy, with and without the boson; 0: no comparison.

    Raises
    ------
    UsageError
        A number outside its range.
    """

    positrons: float
    steps: int
    setup: str = "padme-run3"
    step: str = "half"
    energies_mev: tuple[float, float] | None = None
    setup_hours: float = SETUP_HOURS
    least: float = LEAST_POSITRONS
    criterion: Criterion = Criterion.INFORMATION
    prior: PlanPrior = field(default_factory=PlanPrior)
    adaptive: bool = False
    boson: Truth | None = None
    no_boson: bool = False
    toys: int = 100

    def __post_init__(self) -> None:
        if self.step not in STEPS:
            raise UsageError(f"--step is {self.step!r}; allowed: {', '.join(STEPS)}")
        if not 1.0 <= self.least < 1e18:
            raise UsageError(f"--least is {self.least:g}; allowed: 1 to 1e18 positrons")
        if self.toys and not 10 <= self.toys <= MOST_TOYS:
            raise UsageError(f"--toys is {self.toys}; allowed: 0 (none) or 10 to {MOST_TOYS} campaigns")

    def decided(self, sqrt_s_mev: tuple[float, float]) -> PlanRequest:
        """The request with its boson named.

        Parameters
        ----------
        sqrt_s_mev : (float, float)
            Ends of the energies of data and plan.

        Returns
        -------
        PlanRequest

        Raises
        ------
        UsageError
            No boson is named, and the usual one is out of reach, though toys or a campaign need one.
        """
        if self.boson is not None:
            return self
        low, high = sqrt_s_mev
        if low <= EXCESS.mass_mev <= high:
            return replace(self, boson=EXCESS)
        if self.toys or self.adaptive:
            raise UsageError(
                f"--inject: no boson is named, and the usual one, of {EXCESS.mass_mev:g} MeV, is not among "
                f"√s = {low:.2f} to {high:.2f} MeV; give --inject MASS:COUPLING, or --toys 0 for the "
                "schedule alone"
            )
        return replace(self, boson=replace(EXCESS, mass_mev=round(0.5 * (low + high), 2)))

    @property
    def named_boson(self) -> Truth:
        """The boson, once it is decided."""
        assert self.boson is not None, "PlanRequest.decided comes first"
        return self.boson

    def document(self) -> dict[str, Any]:
        """All of it as a plain tree, for JSON."""
        return asdict(self)


def criterion_of(text: str) -> Criterion:
    """A criterion by its name.

    Parameters
    ----------
    text : str

    Returns
    -------
    Criterion

    Raises
    ------
    UsageError
        An unknown one.
    """
    if text not in set(Criterion):
        raise UsageError(f"--criterion is {text!r}; allowed: {', '.join(Criterion)}")
    return Criterion(text)
