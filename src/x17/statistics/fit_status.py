"""What became of a fit, as a code the kernel can write and a sentence a person can act on."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray


class FitStatus(IntEnum):
    """Status of one fit; the values are those of `x17.statistics.kernel.layout`."""

    CONVERGED = 0
    MAX_ITERATIONS = 1
    SINGULAR = 2
    NO_DESCENT = 3
    NOT_FINITE = 4

    @property
    def sentence(self) -> str:
        """What happened and what to do about it."""
        return _SENTENCES[self]


_SENTENCES = {
    FitStatus.CONVERGED: "The fit converged.",
    FitStatus.MAX_ITERATIONS: (
        "The fit did not converge in the iterations allowed: hold a nuisance fixed (model.fixed)."
    ),
    FitStatus.SINGULAR: (
        "The data do not determine all free parameters: constrain or fix one (model.fixed), "
        "or use fewer extra nuisances."
    ),
    FitStatus.NO_DESCENT: (
        "No step lowers χ²: the minimum lies at a boundary, as a rule the electron width γ at zero; "
        "fix gamma (model.fixed)."
    ),
    FitStatus.NOT_FINITE: "χ² is not finite at the start: look for a zero or huge count, flux or error bar.",
}


def count_failures(status: NDArray[np.int8]) -> dict[str, int]:
    """How many fits ended with each status other than converged.

    Parameters
    ----------
    status : ndarray of int8
        Status codes, any shape.

    Returns
    -------
    dict
        Name of the status to number of fits; empty if all converged.
    """
    codes, counts = np.unique(np.asarray(status), return_counts=True)
    return {
        FitStatus(int(code)).name.lower(): int(count)
        for code, count in zip(codes, counts, strict=True)
        if code != FitStatus.CONVERGED
    }
