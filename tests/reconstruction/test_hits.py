from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.errors import InputError, UsageError
from x17.reconstruction.hits import Hits, tagger_hits_of_table
from x17.simulation.storage.event_table import LISTS, SCALARS, EventTable

CALORIMETER = load_setup("padme-run3").calorimeter
CELLS = CALORIMETER.cells


def table(
    hit: Mapping[str, Any], hit_counts: list[int], tagger: Mapping[str, Any] | None = None
) -> EventTable:
    """Events with the hits given, without particles, and with one tagger hit each if any."""
    n = len(hit_counts)
    groups = {"particle": {}, "hit": hit, "tagger": tagger or {}}
    lists = {
        group: {name: np.array(groups[group].get(name, []), dtype=kind) for name, kind in parts.items()}
        for group, parts in LISTS.items()
    }
    scalars = {name: np.arange(n).astype(kind) for name, kind in SCALARS.items()}
    none = np.zeros(n, dtype=np.int64)
    counts = {
        "particle": none,
        "hit": np.array(hit_counts, dtype=np.int64),
        "tagger": none + (1 if tagger else 0),
    }
    return EventTable({"program": "x17 simulate"}, scalars, counts, lists)


def test_every_channel_is_its_crystal() -> None:
    n = len(CELLS)
    hits = Hits.of_channels(1, np.zeros(n), CELLS.channel, np.ones(n), np.ones(n), CALORIMETER)
    assert hits.cell.tolist() == list(range(616))
    assert (hits.size, hits.n_left_out) == (616, 0)


def test_hits_are_sorted_by_event_and_keep_their_order() -> None:
    hits = Hits.of_channels(
        4, [2, 0, 2, 0], [1408, 1409, 1410, 1411], [1.0, 2.0, 3.0, 4.0], np.zeros(4), CALORIMETER
    )
    assert hits.event.tolist() == [0, 0, 2, 2]
    assert hits.energy.tolist() == [2.0, 4.0, 1.0, 3.0]
    assert hits.offsets.tolist() == [0, 2, 2, 4, 4]


@pytest.mark.parametrize("channel", [-1, 0, 1414, 9999, 2829, 129, 2**40])
def test_a_hit_outside_the_map(channel: int) -> None:
    """The hole, the corners, beyond the matrix, and numbers that are no channel."""
    given = (3, [0, 1, 2], [1408, channel, channel], np.ones(3), np.ones(3), CALORIMETER)
    with pytest.raises(InputError) as error:
        Hits.of_channels(*given, source="a.parquet")
    text = str(error.value)
    for words in ("a.parquet", "2 of 3 hits lie outside the crystal map", "event 1", str(channel), "100·ix"):
        assert words in text
    kept = Hits.of_channels(*given, leave_out=True)
    assert (kept.event.tolist(), kept.n_events, kept.n_left_out) == ([0], 3, 2)


def test_all_that_is_wrong_is_named_at_once() -> None:
    energy, time = [1.0, np.nan, np.inf], [1.0, 2.0, np.nan]
    with pytest.raises(InputError) as error:
        Hits.of_channels(3, [0, 1, 2], [0, 1408, 1408], energy, time, CALORIMETER)
    assert [problem.column for problem in error.value.problems] == ["channel", "energy", "time"]
    assert (
        Hits.of_channels(3, [0, 1, 2], [0, 1408, 1408], energy, time, CALORIMETER, leave_out=True).size == 0
    )


@pytest.mark.parametrize(
    ("event", "energy", "words"),
    [
        ([0, 3], [1.0, 1.0], "event 3; allowed: 0 to 2"),
        ([0, 1], [1.0], "shapes"),
        ([-1, 0], [1.0, 1.0], "-1"),
    ],
)
def test_columns_that_do_not_belong_together(event: list[int], energy: list[float], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        Hits.of_channels(3, event, [1408, 1408], energy, [0.0, 0.0], CALORIMETER)


def test_a_table_of_events() -> None:
    hit = {"channel": [1408, 2011, 2828], "energy_mev": [5.0, 6.0, 7.0], "time_ns": [1.0, 2.0, 3.0]}
    events = table(hit, [1, 0, 2], {"row": [3, 4, 5], "side": [-1, 1, -1], "time_ns": [1.0, 2.0, 3.0]})
    with pytest.raises(InputError, match="1 of 3 hits"):
        Hits.of_table(events, CALORIMETER)
    hits = Hits.of_table(events, CALORIMETER, leave_out=True)
    assert (hits.event.tolist(), hits.energy.tolist(), hits.n_left_out) == ([0, 2], [5.0, 6.0], 1)
    tagger = tagger_hits_of_table(events)
    assert (tagger.event.tolist(), tagger.side.tolist()) == ([0, 1, 2], [-1, 1, -1])


def test_no_events() -> None:
    hits = Hits.of_table(table({}, []), CALORIMETER)
    assert (hits.n_events, hits.size, hits.offsets.tolist()) == (0, 0, [0])
