"""A probability measured with toys: it never travels without its error."""

import math
from dataclasses import dataclass

from x17.errors import UsageError


@dataclass(frozen=True, slots=True)
class TailFraction:
    """A share of toys, as a p-value.

    Attributes
    ----------
    successes : int
        Toys at least as extreme as the data.
    n_toys : int
        Toys whose fits converged.
    n_failed : int
        Toys left out because a fit failed.
    inflation : float
        Variance over the binomial one: above one where the toys also fix the level that counts as extreme.
    """

    successes: int
    n_toys: int
    n_failed: int = 0
    inflation: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.n_toys:
            raise UsageError(f"{self.successes} of {self.n_toys} toys is not a fraction")

    @property
    def value(self) -> float:
        """The fraction itself; NaN without toys."""
        return self.successes / self.n_toys if self.n_toys else float("nan")

    def interval(self, level: float = 0.6827) -> tuple[float, float]:
        """Clopper–Pearson interval, of as many toys as would have the same variance.

        Parameters
        ----------
        level : float
            Confidence level.

        Returns
        -------
        (float, float)
        """
        from scipy.special import betaincinv

        tail = 0.5 * (1.0 - level)
        if self.n_toys == 0:
            return 0.0, 1.0
        k, n = self.successes / self.inflation, self.n_toys / self.inflation
        low = 0.0 if k == 0.0 else float(betaincinv(k, n - k + 1.0, tail))
        high = 1.0 if k == n else float(betaincinv(k + 1.0, n - k, 1.0 - tail))
        return low, high

    def toys_needed(self, relative: float) -> int:
        """Toys that would give the value with a relative error, f (1 − p)/(p ε²) with f the inflation.

        Parameters
        ----------
        relative : float
            ε, one standard deviation over the value.

        Returns
        -------
        int
            With no toy as extreme, the least there can be: the value is then taken to be one in `n_toys`.
        """
        p = max(self.successes, 1) / max(self.n_toys, 1)
        return math.ceil(self.inflation * (1.0 - p) / (p * relative**2))

    @property
    def significance(self) -> float:
        """One-sided Gaussian equivalent z of the value; infinite if no toy is as extreme."""
        from scipy.special import ndtri

        return float(-ndtri(self.value))
