import numpy as np
import pytest

from x17.errors import UsageError
from x17.simulation.events import EventBatch, concatenate


def batch(weight: list[float], particles: list[int]) -> EventBatch:
    event = np.repeat(np.arange(len(weight)), particles)
    n = event.size
    return EventBatch(
        "test",
        np.array(weight),
        event,
        np.arange(n),
        np.arange(n, dtype=float),
        np.arange(3.0 * n).reshape(n, 3),
        np.zeros((n, 3)),
        np.zeros(n),
        np.arange(len(weight), dtype=float),
        np.zeros(len(weight)),
    )


def test_rate_is_the_sum_of_the_weights() -> None:
    events = batch([1e-6, 3e-6], [2, 3])
    assert events.n_events == 2
    assert events.expected(1e10) == pytest.approx(4e4)


def test_select_renumbers_events_and_keeps_their_particles() -> None:
    events = batch([1.0, 2.0, 3.0, 4.0], [2, 0, 3, 1])
    kept = events.select(np.array([False, True, True, True]))
    np.testing.assert_array_equal(kept.weight, [2.0, 3.0, 4.0])
    np.testing.assert_array_equal(kept.event, [1, 1, 1, 2])
    np.testing.assert_array_equal(kept.pdg, [2, 3, 4, 5])
    np.testing.assert_array_equal(kept.beam_energy, [1.0, 2.0, 3.0])


def test_concatenate_keeps_events_apart() -> None:
    whole = concatenate([batch([1.0, 2.0], [1, 2]), batch([3.0], [2])], "both")
    np.testing.assert_array_equal(whole.event, [0, 1, 1, 2, 2])
    assert whole.rate_per_pot == 6.0
    assert whole.process == "both"


def test_unweighting_keeps_rate_and_shape() -> None:
    rng = np.random.default_rng(1)
    weight = rng.random(20_000)
    events = batch(weight.tolist(), [1] * weight.size)
    equal = events.unweighted(rng)
    assert np.ptp(equal.weight) == 0.0
    assert equal.rate_per_pot == pytest.approx(events.rate_per_pot)
    # The mean of beam_energy = event number is where the weights put it; half of the events are kept.
    expected = np.average(events.beam_energy, weights=weight)
    error = np.std(events.beam_energy) / np.sqrt(equal.n_events)
    assert equal.beam_energy.mean() == pytest.approx(expected, abs=5 * error)
    assert equal.n_events == pytest.approx(10_000, abs=5 * np.sqrt(5_000))


def test_negative_weights_and_no_events_cannot_be_unweighted() -> None:
    for bad in (batch([], []), batch([1.0, -1.0], [1, 1])):
        with pytest.raises(UsageError, match="positive weight"):
            bad.unweighted(np.random.default_rng(1))
