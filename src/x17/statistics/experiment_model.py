"""A pseudo-experiment in the place of the data: the model that its own analysis would have had."""

from __future__ import annotations

from dataclasses import replace

from x17.statistics.model import ScanModel
from x17.statistics.toys import ToyCounts


def experiment_model(model: ScanModel, counts: ToyCounts, row: int) -> ScanModel:
    """The model with the counts, fluxes, backgrounds and centres of one pseudo-experiment.

    Everything that starts from the data then starts from the pseudo-experiment: the fit about which toys are
    drawn, their fluxes and backgrounds, and the measured centres of the nuisances. Errors stay as they are.

    Parameters
    ----------
    model : ScanModel
        The model that the pseudo-experiment was drawn with.
    counts : ToyCounts
    row : int
        Which of them.

    Returns
    -------
    ScanModel
    """
    points = replace(
        model.points,
        n2=counts.n2[row],
        n_pot=counts.n_pot[row],
        background_per_pot=counts.background[row],
    )
    return replace(model, points=points, centers=counts.centers[row])
