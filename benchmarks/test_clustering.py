"""Speed of clusters from hits, beside the same algorithm in plain Python in the same run, on one core."""

import time
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.apparatus.setup import Setup
from x17.reconstruction.clustering import (
    Algorithm,
    ClusteringSettings,
    Containment,
    assign_hits,
    find_clusters,
)
from x17.reconstruction.hits import Hits
from x17.reconstruction.reconstruct import reconstruct_events
from x17.simulation.sample import EVENTS_PER_BLOCK, PlannedSample, Process, Sample
from x17.simulation.showers import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage.event_table import EventTable, event_table

PYTHON_EVENTS = 500


@cache
def setup() -> Setup:
    return load_setup("padme-run3")


@cache
def table(pile_up: bool) -> EventTable:
    sample = Sample(process=Process.ELECTRONS, beam_energy_mev=279.0, n_pot=7.5e9, pile_up=pile_up)
    made = simulate_block(setup(), ShowerLibrary.load(), PlannedSample.draw(setup(), sample, 1), 0)
    return event_table(made, setup(), {"program": "x17 simulate"})


@cache
def two_cluster_hits(pile_up: bool) -> Hits:
    """Hits of the events with two clusters or more above 50 MeV."""
    hits = Hits.of_table(table(pile_up), setup().calorimeter)
    clusters = find_clusters(hits, setup().calorimeter)
    kept = np.bincount(clusters.event[clusters.energy > 50.0], minlength=hits.n_events) >= 2
    number, inside = np.cumsum(kept) - 1, kept[hits.event]
    return Hits(
        int(kept.sum()),
        number[hits.event[inside]],
        hits.cell[inside],
        hits.energy[inside],
        hits.time[inside],
    )


def repeated(hits: Hits, times: int) -> Hits:
    """The same events again and again."""
    n = hits.n_events
    event = (hits.event + n * np.arange(times)[:, None]).ravel()
    columns = (np.tile(column, times) for column in (hits.cell, hits.energy, hits.time))
    return Hits(n * times, event, *columns)


def plain_python(hits: Hits) -> list[float]:
    """PADME's algorithm as one would write it first: the energies of the clusters, uncorrected."""
    calorimeter = setup().calorimeter
    columns, rows = calorimeter.cells.column.tolist(), calorimeter.cells.row.tolist()
    offsets, energies = hits.offsets.tolist(), []
    cell, energy, when = hits.cell.tolist(), hits.energy.tolist(), hits.time.tolist()
    for first, last in pairwise(offsets):
        free = [h for h in range(first, last) if energy[h] >= 1.0]
        while free:
            seed = max(free, key=energy.__getitem__)
            if energy[seed] <= 15.0:
                break
            members = [
                h
                for h in free
                if abs(when[h] - when[seed]) < 6.0
                and abs(columns[cell[h]] - columns[cell[seed]]) <= 2
                and abs(rows[cell[h]] - rows[cell[seed]]) <= 2
            ]
            free = [h for h in free if h not in members]
            energies.append(sum(energy[h] for h in members))
    return energies


def timed(work: Any, *arguments: Any) -> tuple[float, Any]:
    start = time.perf_counter()
    result = work(*arguments)
    return time.perf_counter() - start, result


@pytest.mark.parametrize("pile_up", [False, True], ids=["alone", "with pile-up"])
@pytest.mark.parametrize("algorithm", Algorithm)
def test_clusters_from_hits(benchmark: Any, algorithm: Algorithm, pile_up: bool) -> None:
    calorimeter = setup().calorimeter
    hits = two_cluster_hits(pile_up)
    settings = ClusteringSettings(algorithm=algorithm, containment=Containment.NONE)
    clusters, owner = benchmark(assign_hits, hits, calorimeter, settings)
    np.testing.assert_allclose(
        np.bincount(owner[owner >= 0], hits.energy[owner >= 0]), clusters.energy, rtol=1e-12
    )
    rate = hits.n_events / benchmark.stats.stats.median
    benchmark.extra_info["events_per_second"] = round(rate)
    benchmark.extra_info["hits_per_event"] = round(hits.size / hits.n_events, 1)
    print(f"\n{rate:,.0f} two-cluster events of {hits.size / hits.n_events:.1f} hits clustered per second")


@pytest.mark.parametrize("pile_up", [False, True], ids=["alone", "with pile-up"])
def test_against_plain_python(benchmark: Any, pile_up: bool) -> None:
    calorimeter = setup().calorimeter
    hits = two_cluster_hits(pile_up)
    settings = ClusteringSettings(containment=Containment.NONE)
    clusters = benchmark(find_clusters, hits, calorimeter, settings)
    kept = hits.event < PYTHON_EVENTS
    few = Hits(PYTHON_EVENTS, hits.event[kept], hits.cell[kept], hits.energy[kept], hits.time[kept])
    seconds, energies = min((timed(plain_python, few) for _ in range(3)), key=lambda run: run[0])
    np.testing.assert_allclose(clusters.energy[clusters.event < PYTHON_EVENTS], energies, rtol=1e-12)
    ours = benchmark.stats.stats.median / hits.n_events
    ratio = seconds / PYTHON_EVENTS / ours
    benchmark.extra_info["plain_python_over_ours"] = round(ratio)
    print(f"\n{1e6 * ours:.2f} µs an event, plain Python {ratio:.0f} times")


def test_growth_with_events(benchmark: Any) -> None:
    """The time of an event does not depend on how many there are."""
    calorimeter = setup().calorimeter
    block = two_cluster_hits(True)
    rates = {}
    for times in (1, 4, 16):
        hits = repeated(block, times)
        seconds = min(timed(find_clusters, hits, calorimeter)[0] for _ in range(5))
        rates[hits.n_events] = hits.n_events / seconds
    benchmark(find_clusters, block, calorimeter)
    benchmark.extra_info["events_per_second"] = {n: round(rate) for n, rate in rates.items()}
    print("\n" + ", ".join(f"{n:,} events: {rate:,.0f} per second" for n, rate in rates.items()))


@pytest.mark.parametrize("pile_up", [False, True], ids=["alone", "with pile-up"])
def test_from_a_table_of_events(benchmark: Any, pile_up: bool) -> None:
    """Channels to crystals, clusters, tagger: all that is done for a file but reading it."""
    found = benchmark(reconstruct_events, table(pile_up), setup())
    assert found.n_events == EVENTS_PER_BLOCK
    rate = found.n_events / benchmark.stats.stats.median
    benchmark.extra_info["events_per_second"] = round(rate)
    print(f"\n{rate:,.0f} events reconstructed per second")
