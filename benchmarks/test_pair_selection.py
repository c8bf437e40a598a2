"""Speed of the selection of pairs, beside the same cuts in plain Python in the same run, on one core."""

import math
import time
from functools import cache
from typing import Any

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.apparatus.setup import Setup
from x17.kinematics import beam_energy_mev
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.beam_line_fit import fit_beam_lines
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.pair_selection import CLUSTER_DEPTH_MM, cut_values, select_pairs
from x17.reconstruction.reconstruct import reconstruct_events
from x17.reconstruction.tags import find_tags
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage.event_table import event_table

SQRT_S = 16.9
PYTHON_EVENTS = 2000


@cache
def setup() -> Setup:
    return load_setup("padme-run3")


@cache
def two_cluster_events() -> Clusters:
    """Clusters of events with at least two above 50 MeV, pile-up beside them, again and again."""
    energy = float(beam_energy_mev(SQRT_S))
    sample = Sample(process=Process.ELECTRONS, beam_energy_mev=energy, n_pot=7.5e9)
    plan, library = PlannedSample.draw(setup(), sample, 1), ShowerLibrary.load()
    parts = [
        reconstruct_events(
            event_table(simulate_block(setup(), library, plan, b), setup(), {}), setup()
        ).clusters
        for b in range(4)
    ]
    every = Clusters.concatenate(parts)
    kept = np.bincount(every.event[every.energy > 50.0], minlength=every.n_events) >= 2
    chosen, number = every.select(kept[every.event]), np.cumsum(kept) - 1
    columns = ("seed", "n_hits", "energy", "time", "x", "y", "tagger_ends")
    one = Clusters(int(kept.sum()), number[chosen.event], *(getattr(chosen, name) for name in columns))
    return Clusters.concatenate([one] * 8)


def arguments() -> tuple[Any, ...]:
    clusters = two_cluster_events()
    n = clusters.n_events
    lines = [BeamLine.nominal(setup())]
    return clusters, np.zeros(n, dtype=np.int64), np.ones(n), lines, SQRT_S, setup()


def plain_python(clusters: Clusters) -> int:
    """The cuts as one would write them first, about the nominal line: the number of events with a pair."""
    time_window, apart, e_low, e_high, r_low, r_high, _ = cut_values(SQRT_S, setup(), setup().pair_cuts)
    scale = setup().distance_mm / (setup().distance_mm + CLUSTER_DEPTH_MM)
    half = setup().pair_cuts.azimuth_half_width_rad
    rows: dict[int, list[tuple[float, ...]]] = {}
    table = zip(
        *(getattr(clusters, name).tolist() for name in ("event", "energy", "time", "x", "y")), strict=True
    )
    for event, energy, when, x, y in table:
        rows.setdefault(event, []).append((energy, when, x, y))
    found = 0
    for event in rows.values():
        good = [
            row
            for row in event
            if e_low < row[0] < e_high
            and scale * math.hypot(row[2], row[3]) > r_low
            and abs(math.sin(math.atan2(row[3], row[2]))) <= math.sin(half)
        ]
        found += any(
            abs(a[1] - b[1]) < time_window
            and math.hypot(a[2] - b[2], a[3] - b[3]) > apart
            and min(scale * math.hypot(a[2], a[3]), scale * math.hypot(b[2], b[3])) < r_high
            for i, a in enumerate(good)
            for b in good[:i]
        )
    return found


def test_pairs_from_clusters(benchmark: Any) -> None:
    pairs, flow = benchmark(select_pairs, *arguments())
    clusters = two_cluster_events()
    few = clusters.select(np.flatnonzero(clusters.event < PYTHON_EVENTS))
    start = time.perf_counter()
    found = plain_python(few)
    seconds = time.perf_counter() - start
    assert found == np.count_nonzero(pairs.event < PYTHON_EVENTS)
    rate = flow.events[0] / benchmark.stats.stats.median
    ratio = seconds / PYTHON_EVENTS * rate
    benchmark.extra_info["events_per_second"] = round(rate)
    benchmark.extra_info["plain_python_over_ours"] = round(ratio)
    per_event = clusters.size / clusters.n_events
    print(f"\n{rate:,.0f} events of {per_event:.1f} clusters a second; plain Python {ratio:.0f} times")


@pytest.mark.parametrize("work", ["tags", "beam lines"])
def test_calibration_from_clusters(benchmark: Any, work: str) -> None:
    clusters, run, weight, lines, sqrt_s, apparatus = arguments()
    if work == "tags":
        assert benchmark(find_tags, clusters, run, weight, lines, sqrt_s, apparatus).size > 0
    else:
        fit = benchmark(fit_beam_lines, clusters, run, weight, [(0.0, 0.0)], sqrt_s, apparatus)
        assert fit.pairs[0] > 0
    rate = clusters.n_events / benchmark.stats.stats.median
    benchmark.extra_info["events_per_second"] = round(rate)
    print(f"\n{rate:,.0f} events a second")
