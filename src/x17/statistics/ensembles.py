"""Ensembles of toys by name: which truth they are drawn about, and what the measured centres do.

| ensemble | toys at a tested (M, g) | pseudo-experiments for bands and p-values |
|---|---|---|
| `published` | conditional fit, centres as measured ("hybrid") | nominal values, centres drawn |
| `recentred` | conditional fit, centres there too | the same |
| `unconditional` | conditional fit, centres drawn about it, measured again if from the scan | the same |

The conditional fit is that of the nuisances to the data at the (M, g) the toys are made with. `published` is
the procedure of arXiv:2505.24797, which takes another truth for its bands than for its probabilities.
"""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from x17.errors import X17Error
from x17.statistics.asymptotic import expected_truth
from x17.statistics.data_sets import DataSets
from x17.statistics.fit_status import FitStatus
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import KSource
from x17.statistics.profile_fit import fit_background, fit_fixed_signal
from x17.statistics.toys import Centers, ToyTruth

FloatArray = NDArray[np.float64]


class Ensemble(StrEnum):
    """How toys are made."""

    PUBLISHED = "published"
    RECENTRED = "recentred"
    UNCONDITIONAL = "unconditional"


def _centers(model: ScanModel, ensemble: Ensemble) -> Centers:
    if ensemble is Ensemble.PUBLISHED:
        return Centers.MEASURED
    if ensemble is Ensemble.RECENTRED:
        return Centers.AT_TRUTH
    # K from the side band uses the scan's own points: a toy that drew K apart from them would miss that.
    return Centers.REMEASURED if model.k_constraint is KSource.FROM_SIDEBAND else Centers.DRAWN


def _conditional_fit(model: ScanModel, data: DataSets, mass: float, coupling: float) -> FloatArray:
    fit = fit_fixed_signal(model, data, mass, coupling**2) if coupling > 0.0 else fit_background(model, data)
    status = FitStatus(int(fit.status[0]))
    if status is not FitStatus.CONVERGED:
        raise X17Error(
            f"the fit to the data at M = {mass:g} MeV, g = {coupling:g}, about which toys are to be drawn, "
            f"failed: {status.sentence}"
        )
    return np.array(fit.parameters[0])


def hypothesis_truth(
    model: ScanModel, data: DataSets, ensemble: Ensemble, mass: float, coupling: float
) -> ToyTruth:
    """Truth of the toys that test a hypothesis, as for CLs.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set.
    ensemble : Ensemble
    mass, coupling : float
        The boson the toys have, MeV and g_ve; a coupling of 0 is none.

    Returns
    -------
    ToyTruth

    Raises
    ------
    X17Error
        The fit to the data failed.
    """
    return ToyTruth(_conditional_fit(model, data, mass, coupling), mass, _centers(model, ensemble))


def experiment_truth(
    model: ScanModel, data: DataSets, ensemble: Ensemble, mass: float, coupling: float
) -> ToyTruth:
    """Truth of pseudo-experiments, as for expected bands, p-values and coverage.

    Parameters
    ----------
    model : ScanModel
    data : DataSets
        One data set.
    ensemble : Ensemble
    mass, coupling : float
        The boson that is put in, MeV and g_ve; a coupling of 0 is none.

    Returns
    -------
    ToyTruth

    Raises
    ------
    X17Error
        The fit to the data failed.
    """
    if ensemble is not Ensemble.PUBLISHED:
        return hypothesis_truth(model, data, ensemble, mass, coupling)
    _conditional_fit(model, data, mass, 0.0)
    parameters = expected_truth(model, fit_background(model, data))
    parameters[SIGNAL_INDEX] = coupling**2
    return ToyTruth(parameters, mass, Centers.DRAWN)
