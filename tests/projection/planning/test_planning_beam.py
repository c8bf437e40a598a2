from dataclasses import replace

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.errors import UsageError
from x17.projection.planning_beam import BeamTime, beam_time


@pytest.fixture(scope="module")
def beam() -> BeamTime:
    return beam_time(load_setup("padme-run3"), 262.2, (262.2, 295.8))


def test_ten_to_the_ten_in_nineteen_hours(beam: BeamTime) -> None:
    # 49 Hz times 3000 positrons; 1e10 in 18.9 h.
    assert beam.hours(1e10, change=False) == pytest.approx(1e10 / 49 / 3000 / 3600)
    assert beam.hours(1e10, change=True) - beam.hours(1e10, change=False) == beam.setup_hours == 5.0


@pytest.mark.parametrize(("low", "high"), [(262.2, 295.8), (250.0, 300.0)])
def test_settings_are_whole_steps_from_one_that_was_used(beam: BeamTime, low: float, high: float) -> None:
    there = replace(beam, lowest_mev=low, highest_mev=high)
    steps = (there.energies_mev - 262.2) / 0.75
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-9)
    assert there.energies_mev.min() >= low - 1e-6
    assert there.energies_mev.max() <= high + 1e-6
    assert there.energies_mev.min() - low < 0.75 > high - there.energies_mev.max()


def test_no_setting_between_two(beam: BeamTime) -> None:
    with pytest.raises(UsageError, match=r"0\.75 MeV apart with one at 262\.20 MeV"):
        replace(beam, lowest_mev=270.1, highest_mev=270.2)
    assert replace(beam, lowest_mev=262.95, highest_mev=262.95).energies_mev.tolist() == [262.95]


@pytest.mark.parametrize(("positrons", "steps"), [(3e11, 12), (100_000_000_007.9, 7), (1e9, 1)])
def test_whole_positrons_and_no_more_than_are_left(beam: BeamTime, positrons: float, steps: int) -> None:
    shares = beam.shares(positrons, steps)
    assert len(shares) == steps
    assert sum(shares) == int(positrons)
    assert max(shares) - min(shares) <= 1


@pytest.mark.parametrize(
    ("positrons", "steps", "message"),
    [
        (3e11, 0, "--steps is 0; allowed: 1 to 1000"),
        (3e11, -2, "--steps is -2"),
        (1e10, 12, r"a point needs 1e\+09: take --steps 10 or fewer"),
        (5e8, 1, "collect more, or lower --least"),
        (0.0, 1, "--positrons is 0; allowed: above 0"),
        (float("nan"), 1, "--positrons is nan"),
        (float("inf"), 1, "--positrons is inf"),
    ],
)
def test_fewer_positrons_than_points_need(beam: BeamTime, positrons: float, steps: int, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        beam.shares(positrons, steps)


@pytest.mark.parametrize(
    ("energies", "message"),
    [((100.0, 290.0), "--energies"), ((280.0, 900.0), "--energies"), ((290.0, 280.0), "LO ≤ HI")],
)
def test_energies_that_the_machine_does_not_have(energies: tuple[float, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        beam_time(load_setup("padme-run3"), 262.2, energies)


def test_a_step_below_the_spread_of_the_beam_is_a_warning(beam: BeamTime) -> None:
    # 0.25 % of 279 MeV is 0.70 MeV: above a quarter step, below a half step.
    quarter = beam_time(load_setup("padme-run3"), 262.2, (262.2, 295.8), share_of_step=0.25)
    assert "0.375 MeV, is below the spread of the beam, 0.70 MeV" in quarter.warnings[0]
    assert beam.warnings == ()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"step_mev": 0.0}, "step between settings is 0 MeV"),
        ({"step_mev": 1e-3}, "allowed: 1000 or fewer"),
        ({"setup_hours": -1.0}, "--setup-hours is -1"),
        ({"least_positrons": 0}, "--least is 0"),
    ],
)
def test_numbers_outside_their_range(beam: BeamTime, wrong: dict[str, float], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        replace(beam, **wrong)
