"""What can be chosen about limits and toys; the defaults are those of `x17 search`."""

from dataclasses import dataclass

from x17.errors import UsageError
from x17.statistics.asymptotic import AsymptoticForm
from x17.statistics.ensembles import Ensemble
from x17.statistics.toy_limit import LimitMethod


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSettings:
    """Choices about limits.

    Attributes
    ----------
    cl : float
        Confidence level.
    method : LimitMethod
        How a toy limit is read off CLs(g).
    asymptotic : AsymptoticForm
        Formula of the asymptotic observed limit.
    ensemble : Ensemble
        How toys and pseudo-experiments are made.
    max_coupling : float
        No limit is sought above this g_ve.
    toys : int
        Toys of each hypothesis at each (M, g); 0 for asymptotic limits only.
    local_p_toys : int
        Pseudo-experiments for the local p-value by limits.
    seed : int
        Seed of all random numbers.

    Raises
    ------
    UsageError
        A number outside its range.
    """

    cl: float = 0.90
    method: LimitMethod = LimitMethod.PROBIT
    asymptotic: AsymptoticForm = AsymptoticForm.DELTA_Q
    ensemble: Ensemble = Ensemble.PUBLISHED
    max_coupling: float = 2e-3
    toys: int = 1000
    local_p_toys: int = 10_000
    seed: int = 1

    def __post_init__(self) -> None:
        if not 0.5 <= self.cl < 1.0:
            raise UsageError(f"the confidence level is {self.cl}; allowed: 0.5 to below 1, e.g. --cl 0.90")
        if not 0.0 < self.max_coupling <= 1.0:
            raise UsageError(f"limit.max_coupling is {self.max_coupling}; allowed: above 0, at most 1")
        if self.toys and not 50 <= self.toys <= 10_000_000:
            raise UsageError(f"--toys is {self.toys}; allowed: 0 (asymptotic only) or 50 to 10000000")
        if not 50 <= self.local_p_toys <= 100_000_000:
            raise UsageError(f"limit.local_p_toys is {self.local_p_toys}; allowed: 50 to 100000000")
        if not 0 <= self.seed < 2**63:
            raise UsageError(f"--seed is {self.seed}; allowed: 0 to 2**63 - 1")
