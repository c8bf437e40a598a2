"""How long the whole chain takes at the size of PADME Run III, stage by stage, and how it grows.

    python benchmarks/pipeline_at_scale.py [--quick]

Runs on all cores, in a temporary folder that needs 1.5 GB; prints seconds and the peak of the memory.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from x17.apparatus import load_setup
from x17.statistics.blocks import available_cores, silent
from x17.workflows.count import count
from x17.workflows.expect import ExpectRequest, expect
from x17.workflows.pipeline import PipelineRequest, pipeline, simulate_data
from x17.workflows.search_settings import resolve_settings
from x17.workflows.simulation_request import injected_boson

SETUP = "padme-run3"


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def peak_gb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def growth(folder: Path, cores: int) -> None:
    """Data, expectation and count against positrons and periods."""
    setup = load_setup(SETUP)
    numbers = tuple(period.number for period in setup.run_plan.periods)
    print("periods  positrons/period   data s  expectation s  count s  peak GB")
    for n_periods, positrons in ((57, 4e8), (57, 8e8), (57, 1.6e9), (29, 1.6e9)):
        place = folder / f"{n_periods}-{positrons:g}"
        # Both ends of the plan: the points below the resonance are needed to normalise.
        chosen = numbers if n_periods == 57 else numbers[: n_periods - 5] + numbers[28:33]
        request = PipelineRequest(periods=chosen, positrons=positrons)
        wanted = ExpectRequest(periods=chosen, positrons=2.0 * positrons, bosons=30_000)
        parts = [
            seconds(lambda r=request, p=place: simulate_data(setup, r, p / "data", cores, silent)),
            seconds(lambda w=wanted, p=place: expect(SETUP, w, p / "expected", workers=cores)),
            seconds(
                lambda p=place: count(p / "data", p / "expected", setup=setup, name="growth", workers=cores)
            ),
        ]
        times = f"{parts[0]:8.1f} {parts[1]:14.1f} {parts[2]:8.1f}"
        print(f"{n_periods:7d} {positrons:17.1e} {times} {peak_gb():8.2f}")


def whole(folder: Path, cores: int) -> None:
    """`x17 pipeline --inject 16.9:8e-4` with its defaults."""
    request = PipelineRequest(boson=injected_boson("16.9:8e-4"))
    took = seconds(
        lambda: pipeline(SETUP, request, folder / "whole", search_settings=resolve_settings(), workers=cores)
    )
    print(f"whole chain, 57 periods, 4.2e11 positrons, {cores} cores: {took:.0f} s, peak {peak_gb():.2f} GB")


def main() -> None:
    """Print both tables."""
    cores = available_cores()
    with tempfile.TemporaryDirectory() as name:
        growth(Path(name), cores)
        if "--quick" not in sys.argv:
            whole(Path(name), cores)


if __name__ == "__main__":
    main()
