"""The selection on the whole chain: simulated showers, digitised, clustered."""

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.kinematics import beam_energy_mev
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.beam_line_fit import fit_beam_lines
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.cross_checks import energy_sum, gaussian_core, time_difference
from x17.reconstruction.event_classes import EventClass, class_counts
from x17.reconstruction.pair_selection import CLUSTER_DEPTH_MM, select_pairs
from x17.reconstruction.pairs import Pairs
from x17.reconstruction.reconstruct import reconstruct_events
from x17.reconstruction.side_bands import SideBands, count_pairs
from x17.reconstruction.tag_and_probe import tag_and_probe
from x17.reconstruction.tags import find_tags
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage.event_table import event_table

from .smeared import Smearing, events_of, smeared_clusters

SQRT_S = 16.9
BLOCKS = 4


@pytest.fixture(scope="module", params=[Process.ELECTRONS, Process.PHOTONS])
def clusters(setup: Setup, request: pytest.FixtureRequest) -> tuple[Process, Clusters]:
    library, energy = ShowerLibrary.load(), float(beam_energy_mev(SQRT_S))
    sample = Sample(process=request.param, beam_energy_mev=energy, n_pot=1e10, pile_up_window_ns=12.0)
    plan = PlannedSample.draw(setup, sample, 3)
    tables = (event_table(simulate_block(setup, library, plan, b), setup, {}) for b in range(BLOCKS))
    return request.param, Clusters.concatenate([reconstruct_events(t, setup).clusters for t in tables])


def selected(setup: Setup, clusters: Clusters) -> Pairs:
    n = clusters.n_events
    lines = [BeamLine.nominal(setup)]
    return select_pairs(clusters, np.zeros(n, dtype=np.int64), np.ones(n), lines, SQRT_S, setup)[0]


def test_two_body_events_are_where_they_are_expected(
    setup: Setup, clusters: tuple[Process, Clusters]
) -> None:
    process, found = clusters
    pairs = selected(setup, found)
    # Two thousand pairs; windows hold all but the rare pair with a cluster of another particle.
    assert pairs.size > 2000
    assert count_pairs(pairs).n_pairs > 0.997 * pairs.size
    # Electrons are low by 0.004 rad for their mass and by 0.005 for energy lost over the edge of the matrix;
    # both are small against the window of 0.28.
    assert gaussian_core(pairs.sum_theta).mean == pytest.approx(np.pi, abs=0.015)
    assert gaussian_core(pairs.delta_phi).mean == pytest.approx(np.pi, abs=0.01)
    assert gaussian_core(pairs.sum_theta).width == pytest.approx(0.034, abs=0.006)
    # The scale of energies is within 2 %, the resolution that of two clusters of 2.7 % and the beam.
    assert energy_sum(pairs).mean == pytest.approx(float(beam_energy_mev(SQRT_S)), rel=0.02)
    assert energy_sum(pairs).width == pytest.approx(8.0, abs=2.0)
    # Two clusters of 0.9 ns.
    assert time_difference(pairs).width == pytest.approx(0.9 * np.sqrt(2.0), rel=0.1)
    right = EventClass.ELECTRONS if process is Process.ELECTRONS else EventClass.PHOTONS
    assert class_counts(pairs.select(SideBands().windows.inside(pairs))).shares[right] > 0.93


def test_showers_lose_a_few_per_cent_of_what_their_axes_give(
    setup: Setup, clusters: tuple[Process, Clusters]
) -> None:
    """Against clusters about the axes, which know of no dead crystal and lose nothing over an edge."""
    process, found = clusters
    events = events_of(setup, process, 40_000, 9)
    smearing = Smearing(depth_mm=CLUSTER_DEPTH_MM)
    smooth = selected(setup, smeared_clusters(setup, events, 10, smearing)[0])
    ratio = selected(setup, found).size / found.n_events / (smooth.size / events.n_events)
    # 2 % of statistics; dead crystals and the outer edge take the rest.
    assert 0.85 < ratio < 1.1


def test_the_beam_line_is_free_of_dead_crystals(setup: Setup, clusters: tuple[Process, Clusters]) -> None:
    _, found = clusters
    n = found.n_events
    fit = fit_beam_lines(found, np.zeros(n, dtype=np.int64), np.ones(n), [(0.0, 0.0)], SQRT_S, setup)
    # With clusters beside dead crystals and at the edge x is off by 0.8 mm in samples of any size.
    assert fit.lines[0].cog_x_mm == pytest.approx(0.0, abs=0.3 + 3.0 * fit.cog_x_error_mm[0])
    assert fit.lines[0].cog_y_mm == pytest.approx(0.0, abs=0.3 + 3.0 * fit.cog_y_error_mm[0])
    assert fit.cog_x_error_mm[0] < 0.5


def test_probes_are_found(setup: Setup, clusters: tuple[Process, Clusters]) -> None:
    _, found = clusters
    n = found.n_events
    lines = [BeamLine.nominal(setup)]
    tags = find_tags(found, np.zeros(n, dtype=np.int64), np.ones(n), lines, SQRT_S, setup)
    result = tag_and_probe(tags)
    # Probes beside a dead crystal keep their energy above 0.4 E_min; tails of showers look like background.
    assert result.efficiency == pytest.approx(0.997, abs=0.01)
    assert result.tag_background < 0.03 * result.tags
