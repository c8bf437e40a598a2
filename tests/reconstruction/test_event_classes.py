import numpy as np
import pytest

from x17.reconstruction.event_classes import EventClass, class_counts, classify, confusion

from .pairs_by_hand import pairs_with

PAIRS = pairs_with(
    np.full(4, np.pi),
    weight=[1.0, 2.0, 3.0, 4.0],
    charged=([True, False, True, False], [True, False, False, True]),
)


def test_both_none_or_one() -> None:
    expected = [EventClass.ELECTRONS, EventClass.PHOTONS, EventClass.MIXED, EventClass.MIXED]
    assert classify(PAIRS).tolist() == expected


def test_counts_and_shares_have_errors() -> None:
    counts = class_counts(PAIRS)
    assert counts.weight.tolist() == [1.0, 2.0, 7.0]
    np.testing.assert_allclose(counts.error, [1.0, 2.0, 5.0])
    np.testing.assert_allclose(counts.shares, [0.1, 0.2, 0.7])
    unit = class_counts(PAIRS, np.ones(4))
    # f (1 − f)/n for weights of 1.
    np.testing.assert_allclose(unit.share_errors, np.sqrt(unit.shares * (1.0 - unit.shares) / 4.0))


def test_confusion_has_rows_that_add_to_one() -> None:
    electrons = pairs_with(np.full(10, np.pi), charged=(True, np.arange(10) > 0))
    table = confusion({EventClass.ELECTRONS: electrons, EventClass.PHOTONS: PAIRS.select(np.array([1]))})
    np.testing.assert_allclose(table[EventClass.ELECTRONS], [0.9, 0.0, 0.1])
    np.testing.assert_allclose(table[EventClass.PHOTONS], [0.0, 1.0, 0.0])
    assert table[EventClass.MIXED].tolist() == [0.0, 0.0, 0.0]


def test_no_pairs_have_no_shares() -> None:
    none = class_counts(pairs_with(np.zeros(0)))
    assert none.shares.tolist() == [0.0, 0.0, 0.0]
    assert none.share_errors.tolist() == pytest.approx([0.0, 0.0, 0.0])
