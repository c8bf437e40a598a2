from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus.charged_tagger import ChargedTagger
from x17.apparatus.setup import Setup
from x17.simulation.digitisation.tagger_hits import LEFT, RIGHT, TaggerHits, tagger_hits
from x17.simulation.events import PHOTON, POSITRON
from x17.simulation.transport import to_calorimeter

from ..batches import batch

BARS_Z = 2612.41 - 13.0 - 2.5


def at_bars(
    setup: Setup, x: float, y: float, *, pdg: int = POSITRON, times: tuple[float, ...] = (0.0,), n: int = 1
) -> TaggerHits:
    """Hits of particles that cross the middle of the bars at (x, y)."""
    path = BARS_Z + 1028.0
    momentum = [[200.0 * x / path, 200.0 * y / path, 200.0]] * (n * len(times))
    owner = np.repeat(np.arange(n), len(times))
    events = batch([pdg] * len(momentum), momentum, event=owner.tolist(), time=list(times) * n)
    return tagger_hits(events, to_calorimeter(events, setup), setup.charged_tagger, np.random.default_rng(2))


def tagger_of(setup: Setup) -> ChargedTagger:
    assert setup.charged_tagger is not None
    return setup.charged_tagger


@pytest.mark.parametrize(("y", "row"), [(0.0, 7), (100.0, 9), (-120.0, 4)])
def test_a_positron_lights_the_bar_that_it_crosses(setup: Setup, y: float, row: int) -> None:
    found = at_bars(setup, 150.0, y)
    assert set(found.row) == {row}  # floor(y/44 + 7.5)
    # Rows 6 to 8 are split: their halves are seen at the outer end only.
    assert found.side.tolist() == ([RIGHT] if row in (6, 7, 8) else [LEFT, RIGHT])


def test_split_bars_have_a_gap_and_two_halves(setup: Setup) -> None:
    assert at_bars(setup, -150.0, 0.0).side.tolist() == [LEFT]
    # 330 − 265 = 65 mm: inside it there is no bar.
    assert at_bars(setup, 64.0, 0.0).row.size == 0
    assert at_bars(setup, 66.0, 0.0).row.size == 1


def test_time(setup: Setup) -> None:
    tagger = replace(tagger_of(setup), time_noise_ns=0.0)
    found = at_bars(replace(setup, charged_tagger=tagger), 150.0, 0.0, times=(5.0,))
    way = np.linalg.norm([150.0, 0.0, BARS_Z + 1028.0])
    # The positron is slower than light by 3e-6.
    assert found.time[0] == pytest.approx(5.0 + way / 299.792458, rel=1e-5)


def test_times_have_the_stated_noise(setup: Setup) -> None:
    n = 20_000
    found = at_bars(setup, 150.0, 0.0, n=n)
    # A standard deviation of 20 000 numbers is known to 0.5 %, three times that.
    assert found.time.std() == pytest.approx(tagger_of(setup).time_noise_ns, rel=0.015)


def test_what_comes_together_is_one_hit(setup: Setup) -> None:
    tagger = replace(tagger_of(setup), time_noise_ns=0.0)
    found = at_bars(replace(setup, charged_tagger=tagger), 150.0, 0.0, times=(0.0, 3.0, 20.0))
    np.testing.assert_allclose(np.diff(found.time), [20.0], atol=1e-9)


def test_photons_convert_with_the_stated_probability(setup: Setup) -> None:
    n = 100_000
    found = at_bars(setup, 150.0, 0.0, pdg=PHOTON, n=n)
    slope = 150.0 / (BARS_Z + 1028.0)
    expected = 1.0 - np.exp(-7.0 / 9.0 * tagger_of(setup).radiation_lengths * np.hypot(1.0, slope))
    # About 930 conversions: four times their Poisson error.
    assert found.row.size == pytest.approx(n * expected, abs=4.0 * np.sqrt(n * expected))


def test_without_a_tagger_there_are_no_hits(setup: Setup) -> None:
    assert at_bars(replace(setup, charged_tagger=None), 150.0, 0.0).row.size == 0
