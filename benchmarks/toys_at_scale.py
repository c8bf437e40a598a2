"""The two large jobs in full, and how they grow; a line for each, next to the published code's cost.

    python benchmarks/toys_at_scale.py [--fraction 1.0] [--workers N]

`--fraction 0.05` runs a twentieth of the toys and scales nothing: the times are those of what was run.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from x17.scan import EnergyScan
from x17.statistics.blocks import available_cores
from x17.statistics.data_sets import observed
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.signal_scan import scan_signal
from x17.statistics.significance import significance
from x17.statistics.toy_cls import toy_cls
from x17.toybank.bank import ToyBank
from x17.toybank.bank_source import BankSource

MASSES = np.round(np.arange(16.22, 17.7201, 0.02), 9)
COUPLINGS = np.linspace(1e-4, 9.775e-4, 40)

PUBLISHED = {
    "grid of 76 x 40 with 200 toys": 454.0,
    "grid of 71 x 20 with 10000 toys": 2.9 * 3600,
    "band of 299 pseudo-experiments": 16.4 * 3600,
}
"""Seconds of one core, the collaboration's C++ with Minuit2."""


def seconds(work: Callable[[], object]) -> float:
    """Wall-clock time of a call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def global_p(model: ScanModel, n_toys: int, masses: np.ndarray, workers: int) -> None:
    """Pseudo-experiments into a new bank, and every definition of the global p-value."""
    wanted = ExperimentSet(ensemble=Ensemble.PUBLISHED, masses=tuple(masses.tolist()), seed=1)
    with tempfile.TemporaryDirectory() as folder:
        (arrays,) = BankSource(ToyBank(Path(folder) / "bank"), workers=workers)(model, [wanted], n_toys)
        significance(scan_signal(model, observed(model), masses), wanted.signal_scan(arrays), 0.90)


def thinned(scan: EnergyScan, every: int) -> EnergyScan:
    """Some of the energy points."""
    kept = np.arange(len(scan)) % every == 0
    return replace(scan, **{name: values[kept] for name, values in scan.columns.items()})  # type: ignore[arg-type]


def main() -> None:
    """Run everything and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--fraction", type=float, default=1.0)
    parser.add_argument("--workers", type=int, default=available_cores())
    arguments = parser.parse_args()
    workers, fraction = arguments.workers, arguments.fraction
    scan = EnergyScan.load("padme-run3")
    model = ScanModel.build(scan)
    data = observed(model)
    toy_cls(model, data, 16.9, 5e-4, 50, 1)  # compiled and warm

    def line(what: str, time_s: float) -> None:
        print(f"{what:64s} {time_s:8.1f} s", flush=True)

    print(f"{workers} workers")
    n = round(10_000 * fraction)
    grid = seconds(lambda: toy_cls(model, data, MASSES[:, None], COUPLINGS, n, 1, workers=workers))
    line(f"toy CLs, 76 x 40 couplings, {n} toys of each hypothesis", grid)
    n = round(100_000 * fraction)
    line(
        f"global p, {n} pseudo-experiments at 76 masses", seconds(lambda: global_p(model, n, MASSES, workers))
    )
    for what, time_s in PUBLISHED.items():
        line(f"published code, one core: {what}", time_s)
    print("growth of the global p")
    for toys in (n // 16, n // 8, n // 4):
        line(
            f"  {toys} pseudo-experiments at 76 masses",
            seconds(lambda t=toys: global_p(model, t, MASSES, workers)),
        )
    for step in (8, 4, 2):
        masses = MASSES[::step]
        line(
            f"  {n // 4} pseudo-experiments at {masses.size} masses",
            seconds(lambda m=masses: global_p(model, n // 4, m, workers)),
        )
    for every in (3, 2, 1):
        thin = ScanModel.build(thinned(scan, every))
        line(
            f"  {n // 4} pseudo-experiments of {len(thin.points)} energy points at 19 masses",
            seconds(lambda m=thin: global_p(m, n // 4, MASSES[::4], workers)),
        )


if __name__ == "__main__":
    main()
