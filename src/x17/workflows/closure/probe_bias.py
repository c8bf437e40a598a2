"""How far tag and probe is from the truth: its efficiency against that of pairs known to be there."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from x17.apparatus import Setup
from x17.apparatus.run_plan import Period
from x17.reconstruction.period_selection import PeriodSettings, select_period
from x17.reconstruction.tag_and_probe import TagAndProbe, tag_and_probe
from x17.simulation.sample import Process
from x17.workflows.cluster_folder import PeriodFolder, read_period
from x17.workflows.event_folder import folder_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeBias:
    """Tag and probe beside the truth.

    Attributes
    ----------
    method : TagAndProbe
        On all events, as on data.
    pure : TagAndProbe
        On true pairs of electrons and photons alone.
    truth, truth_error : float
        Share of the tags in true pairs whose partner is found in the windows; nothing is subtracted.
    """

    method: TagAndProbe
    pure: TagAndProbe
    truth: float
    truth_error: float

    @property
    def bias(self) -> float:
        """Efficiency by the method minus the truth, over the truth."""
        return self.method.efficiency / self.truth - 1.0

    @property
    def bias_error(self) -> float:
        """Error of the bias; both efficiencies share their tags, so that it is too large."""
        return math.hypot(self.method.error / self.method.efficiency, self.truth_error / self.truth)


def probe_bias(data: Path, period: Period, setup: Setup, settings: PeriodSettings | None = None) -> ProbeBias:
    """Compare tag and probe with the truth of simulated data.

    Parameters
    ----------
    data : Path
        Clusters with bremsstrahlung, as `x17 pipeline` leaves them in `data`.
    period : Period
    setup : Setup
    settings : PeriodSettings, optional

    Returns
    -------
    ProbeBias
    """
    how = settings or PeriodSettings.of(setup)
    events, records = read_period(
        PeriodFolder(period.number, folder_of(data, period.number)), setup.calorimeter
    )
    spots = [(math.nan, math.nan)] * (1 + int(events.run.max(initial=0)))
    pairs = (Process.ELECTRONS, Process.PHOTONS)
    true = events.of_samples([n for n, record in enumerate(records) if record["process"] in pairs])
    everything = select_period(events, spots, period.sqrt_s_mev, setup, how)
    alone = select_period(true, spots, period.sqrt_s_mev, setup, how)
    tags = alone.tags
    tagged = np.abs(tags.residual_mev) < how.tags.energy_window_mev
    found = tags.probe_found & how.bands.windows.in_delta_phi(tags.delta_phi)
    n_tags = int(tagged.sum())
    truth = float((found & tagged).sum()) / max(n_tags, 1)
    return ProbeBias(
        method=tag_and_probe(everything.tags, how.tags),
        pure=tag_and_probe(tags, how.tags),
        truth=truth,
        truth_error=math.sqrt(max(truth * (1.0 - truth), 0.0) / max(n_tags, 1)),
    )
