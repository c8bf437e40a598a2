"""Error budget of a scan: what each point contributes, from the table, beside what was published."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from x17.scan.observable import g_r_relative_err

if TYPE_CHECKING:
    from x17.scan.energy_scan import EnergyScan

FloatArray = NDArray[np.float64]
POINT, COMMON = "point", "common"


@dataclass(frozen=True, slots=True)
class BudgetItem:
    """One published contribution to the error.

    Attributes
    ----------
    quantity : str
        What it is an error of: N2, B, N_PoT or K.
    source : str
        Where it comes from.
    percent : float
        Relative standard error, %.
    kind : str
        ``"point"``: independent from point to point; ``"common"``: the same for all points.
    """

    quantity: str
    source: str
    percent: float
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class ErrorBudget:
    """Relative errors in percent, of each searched point and on average.

    Attributes
    ----------
    period : ndarray of int, shape (n,)
        Energy points, by rising √s.
    sqrt_s_mev : ndarray, shape (n,)
        Their energies, MeV.
    n2, n_pot, background, total : ndarray, shape (n,)
        Errors of N2, N_PoT, B and g_R, %.
    published : tuple of BudgetItem
        Contributions as published; empty for a scan that states none.
    """

    period: NDArray[np.int64]
    sqrt_s_mev: FloatArray
    n2: FloatArray
    n_pot: FloatArray
    background: FloatArray
    total: FloatArray
    published: tuple[BudgetItem, ...]

    @property
    def means(self) -> dict[str, float]:
        """Plain mean over the points of each column, %."""
        return {name: float(getattr(self, name).mean()) for name in ("n2", "n_pot", "background", "total")}

    def published_total(self, quantity: str, kind: str) -> float | None:
        """Quadrature sum of the published contributions to one quantity.

        Parameters
        ----------
        quantity : str
            N2, B, N_PoT or K.
        kind : str
            ``"point"`` or ``"common"``.

        Returns
        -------
        float or None
            In percent; None if nothing was published.
        """
        parts = [i.percent for i in self.published if i.quantity == quantity and i.kind == kind]
        return float(np.sqrt(np.sum(np.square(parts)))) if parts else None


def error_budget(scan: "EnergyScan") -> ErrorBudget:
    """Compute the error budget of the searched points.

    σ(N2)/N2 = 1/√N2, σ_P/P and σ_B/B with the added errors, and their quadrature sum, the error of g_R.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    ErrorBudget
    """
    points = scan.search_points()
    return ErrorBudget(
        period=points.period,
        sqrt_s_mev=points.sqrt_s_mev,
        n2=100.0 / np.sqrt(points.n2),
        n_pot=100.0 * points.n_pot_err / points.n_pot,
        background=100.0 * points.background_err / points.background_per_pot,
        total=100.0 * g_r_relative_err(points),
        published=scan.published_budget,
    )
