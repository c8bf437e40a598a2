import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.errors import UsageError
from x17.reconstruction.data_quality import QualitySettings, RunFlag, judge_runs

POSITRONS = np.full(20, 2.5e9)


def energies(**changes: float) -> np.ndarray:
    value = 0.42 + 0.002 * np.sin(np.arange(20.0))
    for key, number in changes.items():
        value[int(key[3:])] = number
    return value * POSITRONS


def test_runs_alike_are_good() -> None:
    quality = judge_runs(energies(), POSITRONS)
    assert quality.good.all()
    assert set(quality.reasons) == {"good"}


def test_what_is_wrong_is_named() -> None:
    positrons = POSITRONS.copy()
    positrons[3] = 0.0
    quality = judge_runs(energies(run1=0.0, run2=0.6), positrons)
    assert quality.flag[:5].tolist() == [
        RunFlag.GOOD,
        RunFlag.NO_ENERGY,
        RunFlag.OUTLIER,
        RunFlag.NO_POSITRONS,
        RunFlag.GOOD,
    ]
    assert np.isnan(quality.mev_per_positron[3])
    assert "halo" not in quality.reasons[2]
    assert quality.deviations[2] > 50.0


def test_the_absolute_limit_of_the_collaboration() -> None:
    quality = judge_runs(energies(run4=0.431), POSITRONS, QualitySettings(most_mev_per_positron=0.43))
    assert np.flatnonzero(quality.flag == RunFlag.TOO_MUCH).tolist() == [4]


def test_periods_are_judged_apart() -> None:
    group = np.repeat([0, 1], 10)
    value = energies()
    value[10:] *= 1.5
    assert judge_runs(value, POSITRONS, group=group).good.all()


def test_three_equal_runs_and_one_a_little_off_are_good() -> None:
    value = np.array([1.0, 1.0, 1.0, 1.01])
    assert judge_runs(value, np.ones(4)).good.all()


@given(st.floats(1e-3, 1e3))
def test_the_unit_of_energy_does_not_matter(scale: float) -> None:
    value = energies(run7=0.5)
    assert judge_runs(scale * value, POSITRONS).flag.tolist() == judge_runs(value, POSITRONS).flag.tolist()


def test_bad_input_is_refused() -> None:
    with pytest.raises(UsageError, match="one of each a run"):
        judge_runs(np.ones(2), np.ones(3))
    with pytest.raises(UsageError, match="allowed: above 0"):
        QualitySettings(most_deviations=0.0)
