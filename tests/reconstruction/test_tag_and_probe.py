from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.tag_and_probe import efficiency_ratio, tag_and_probe
from x17.reconstruction.tags import TagAndProbeSettings, Tags, find_tags
from x17.simulation.sample import Process

from .smeared import events_of, smeared_clusters

LOST = 0.05


def tags_of(setup: Setup, clusters: Clusters, weight: float = 1.0) -> Tags:
    n = clusters.n_events
    line = [BeamLine.nominal(setup)]
    return find_tags(clusters, np.zeros(n, dtype=np.int64), np.full(n, weight), line, 16.9, setup)


@pytest.fixture(scope="module")
def electrons(setup: Setup) -> Clusters:
    return smeared_clusters(setup, events_of(setup, Process.ELECTRONS, 100_000, 1), 2)[0]


def without(clusters: Clusters, seed: int) -> Clusters:
    return clusters.select(np.random.default_rng(seed).random(clusters.size) >= LOST)


def test_a_known_loss_is_found(setup: Setup, electrons: Clusters) -> None:
    whole = tag_and_probe(tags_of(setup, electrons))
    other = smeared_clusters(setup, events_of(setup, Process.ELECTRONS, 100_000, 3), 4)[0]
    lossy = tag_and_probe(tags_of(setup, without(other, 5)))
    ratio, error = efficiency_ratio(lossy, whole)
    # Nothing else loses a probe of a smeared sample.
    assert whole.efficiency == pytest.approx(1.0, abs=0.005)
    # 35 000 tags: 0.12 % by binomial statistics; the error also has that of subtracting the sides.
    assert error < 0.003
    assert ratio == pytest.approx(1.0 - LOST, abs=3.0 * error)


def test_the_error_is_the_spread_of_losses(setup: Setup, electrons: Clusters) -> None:
    some = electrons.select(np.flatnonzero(electrons.event < 25_000))
    results = [tag_and_probe(tags_of(setup, without(some, seed))) for seed in range(60)]
    spread = np.std([r.efficiency for r in results])
    # Only the losses are drawn anew, which is nearly all of the error; 60 draws know the spread to 9 %.
    assert spread == pytest.approx(np.mean([r.error for r in results]), rel=0.35)


def test_bremsstrahlung_biases_the_method_by_per_cent(setup: Setup, electrons: Clusters) -> None:
    """The exponential takes a curved background for too large; the talk has a bias of 2.3(2) %."""
    events = events_of(setup, Process.BREMSSTRAHLUNG, 100_000, 6)
    single = smeared_clusters(setup, events, 7)[0]
    n_electrons = events_of(setup, Process.ELECTRONS, 100_000, 1)
    share = events.rate_per_pot / events.n_events / (n_electrons.rate_per_pot / n_electrons.n_events)
    mixed = Tags.concatenate([tags_of(setup, electrons), tags_of(setup, single, share)])
    result = tag_and_probe(mixed)
    assert result.tag_background > 0.02 * result.tags
    assert result.efficiency == pytest.approx(1.0, abs=0.03)
    lossy = Tags.concatenate(
        [tags_of(setup, without(electrons, 8)), tags_of(setup, without(single, 9), share)]
    )
    # In the ratio the bias is gone.
    ratio, error = efficiency_ratio(tag_and_probe(lossy), result)
    assert ratio == pytest.approx(1.0 - LOST, abs=3.0 * error)


def test_batches_add_up(setup: Setup, electrons: Clusters) -> None:
    half = electrons.event < 50_000
    parts = [tags_of(setup, electrons.select(np.flatnonzero(kept))) for kept in (half, ~half)]
    whole = tag_and_probe(tags_of(setup, electrons))
    joined = tag_and_probe(Tags.concatenate(parts))
    assert joined.efficiency == pytest.approx(whole.efficiency, rel=1e-12)
    np.testing.assert_array_equal(joined.slice_edges_mev, whole.slice_edges_mev)


def test_slices_cover_the_energies_of_probes(setup: Setup, electrons: Clusters) -> None:
    result = tag_and_probe(tags_of(setup, without(electrons, 11)))
    assert np.all(np.diff(result.slice_edges_mev) == 5.0)
    # Between E_min and E_max of the edges of the acceptance.
    assert result.slice_edges_mev[0] <= float(setup.e_min_mev(16.9)) < result.slice_edges_mev[1]
    assert result.slice_edges_mev[-1] >= float(setup.e_max_mev(16.9)) - 5.0
    pulls = (result.slice_efficiency - (1.0 - LOST)) / result.slice_error
    assert np.abs(pulls).max() < 4.0


def test_tags_need_hits_radius_and_azimuth(setup: Setup, electrons: Clusters) -> None:
    assert tags_of(setup, replace(electrons, n_hits=np.full(electrons.size, 2))).size == 0
    assert tags_of(setup, replace(electrons, x=0.3 * electrons.x, y=0.3 * electrons.y)).size == 0
    assert (
        tags_of(setup, replace(electrons, x=-electrons.y, y=electrons.x)).size
        < tags_of(setup, electrons).size
    )
    late = replace(electrons, time=electrons.time + 60.0 * np.arange(electrons.size))
    assert not tags_of(setup, late).probe_found.any()


def test_no_tags_are_no_efficiency(setup: Setup) -> None:
    none = np.zeros(0, dtype=np.int64)
    empty = Clusters(2, none, none, none, np.zeros(0), np.zeros(0), np.zeros(0), np.zeros(0), none)
    result = tag_and_probe(tags_of(setup, empty))
    assert (result.efficiency, result.error) == (0.0, float("inf"))
    assert efficiency_ratio(result, result) == (1.0, float("inf"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"energy_side_mev": (10.0, 50.0)}, "tags within 15 MeV and side bands 10 to 50 MeV"),
        ({"slice_mev": 0.0}, "slices of 0 MeV"),
        ({"delta_phi_range": (3.0, 4.5)}, "beyond the window, 2.810 to 3.473"),
    ],
)
def test_settings_are_checked(change: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        TagAndProbeSettings(**change)
