from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.apparatus.charged_tagger import ChargedTagger
from x17.reconstruction.charged import match_window_ns, with_tagger
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.reconstruct import reconstruct_events
from x17.simulation.digitisation.tagger_hits import NO_HITS, TaggerHits
from x17.simulation.sample import PlannedSample, Process, Sample
from x17.simulation.showers.library import ShowerLibrary
from x17.simulation.simulate import simulate_block
from x17.simulation.storage.event_table import event_table

TAGGER = ChargedTagger()
"""Fifteen rows of 44 mm about y = 0, row 7 from −22 to 22 mm; rows 6 to 8 in halves."""


def clusters(*places: tuple[float, float, float], event: Sequence[int] | None = None) -> Clusters:
    """x, y and time of each; one an event."""
    x, y, time = np.array(places, dtype=float).T
    n = x.size
    owner = np.arange(n) if event is None else np.array(event)
    zeros = np.zeros(n, dtype=np.int64)
    return Clusters(int(owner[-1]) + 1, owner, zeros, zeros, np.full(n, 100.0), time, x, y, zeros)


def hits(*rows: tuple[int, int, int, float]) -> TaggerHits:
    event, row, side, time = (np.array(column) for column in zip(*rows, strict=True))
    return TaggerHits(event, row, side, time.astype(float))


def ends(one: Clusters, tagger_hits: TaggerHits, tagger: ChargedTagger | None = TAGGER) -> list[int]:
    return with_tagger(one, tagger_hits, tagger).tagger_ends.tolist()


@pytest.mark.parametrize(
    ("seen", "count"),
    [
        ([(0, 9, -1, 50.0)], 1),
        ([(0, 9, -1, 50.0), (0, 9, 1, 50.0)], 2),
        ([(0, 9, -1, 50.0), (0, 9, -1, 52.0)], 1),  # twice the same end
        ([(0, 9, -1, 50.0), (0, 10, 1, 50.0)], 2),  # the other end of the neighbour
        ([(0, 10, -1, 50.0), (0, 10, 1, 50.0)], 2),
        ([(0, 8, 1, 50.0), (0, 11, 1, 50.0)], 0),  # the far neighbour, and two bars away
    ],
)
def test_ends_of_the_bar_and_of_its_nearer_neighbour(
    seen: list[tuple[int, int, int, float]], count: int
) -> None:
    """y = 105 mm is in row 9 (66 to 110 mm), near to row 10."""
    assert ends(clusters((150.0, 105.0, 50.0)), hits(*seen)) == [count]


def test_below_the_middle_of_a_bar_the_lower_neighbour_is_looked_at() -> None:
    seen = hits((0, 11, 1, 0.0), (0, 9, 1, 0.0), (0, 9, -1, 0.0))
    # y = 115 is in row 10 (110 to 154 mm).
    assert ends(clusters((150.0, 115.0, 0.0)), seen) == [2]
    assert ends(clusters((150.0, 150.0, 0.0)), seen) == [1]


def test_half_a_bar_sees_its_own_side_only() -> None:
    seen = hits((0, 7, -1, 0.0), (0, 7, 1, 0.0), (1, 7, -1, 0.0), (2, 7, 1, 0.0))
    assert ends(clusters((150.0, 0.0, 0.0), (150.0, 0.0, 0.0), (150.0, 0.0, 0.0)), seen) == [1, 0, 1]


def test_the_window() -> None:
    """PADME's 15 to 24 ns, moved to the delay of the hits; both ends are in."""
    assert match_window_ns(TAGGER, 0.0) == (-4.5, 4.5)
    assert match_window_ns(TAGGER, None) == (15.0, 24.0)
    assert match_window_ns(TAGGER, 19.5) == (15.0, 24.0)
    one = clusters(*[(150.0, 88.0, 50.0)] * 4)
    seen = hits((0, 9, 1, 45.4), (1, 9, 1, 45.5), (2, 9, 1, 54.5), (3, 9, 1, 54.6))
    assert ends(one, seen) == [0, 1, 1, 0]
    late = replace(seen, time=seen.time + 19.5)
    assert ends(one, late) == [0, 0, 0, 0]
    assert with_tagger(one, late, TAGGER, offset_ns=None).tagger_ends.tolist() == [0, 1, 1, 0]


def test_hits_belong_to_their_event() -> None:
    one = clusters(*[(150.0, 88.0, 50.0)] * 4, event=[0, 2, 2, 5])
    assert ends(one, hits((1, 9, 1, 50.0), (2, 9, 1, 50.0), (4, 9, 1, 50.0), (5, 9, -1, 50.0))) == [
        0,
        1,
        1,
        1,
    ]


def test_above_and_below_the_bars() -> None:
    seen = hits((0, 14, 1, 0.0), (1, 0, 1, 0.0), (2, 14, 1, 0.0))
    # 340 mm is beyond the last bar (330 mm), 15 mm from it; 360 mm is not.
    assert ends(clusters((0.0, 340.0, 0.0), (0.0, -340.0, 0.0), (0.0, 360.0, 0.0)), seen) == [1, 1, 0]


def test_nothing_to_look_at() -> None:
    one = clusters((150.0, 88.0, 50.0))
    assert ends(one, NO_HITS) == [0]
    assert ends(one, hits((0, 9, 1, 50.0)), None) == [0]
    none = one.select(np.zeros(1, dtype=np.bool_))
    assert ends(none, hits((0, 9, 1, 50.0))) == []


@pytest.mark.parametrize(
    ("process", "low", "high"), [(Process.ELECTRONS, 0.98, 1.0), (Process.PHOTONS, 0.0, 0.03)]
)
def test_simulated_pairs(process: Process, low: float, high: float) -> None:
    """Without pile-up nearly all clusters of e+e− are charged.

    Of photons 0.93 % convert in a bar; the share stays below 3 % with secondary clusters of the same shower.
    """
    setup = load_setup("padme-run3")
    asked = Sample(process=process, beam_energy_mev=279.0, n_pot=3e7, pile_up=False)
    made = simulate_block(setup, ShowerLibrary.load(), PlannedSample.draw(setup, asked, 1), 0)
    found = reconstruct_events(event_table(made, setup, {}), setup).clusters
    assert found.size > 50
    assert low <= np.mean(found.tagger_ends > 0) <= high
