import numpy as np
import pytest

from x17.errors import UsageError
from x17.reconstruction.flux.waveform import WaveformSettings, read_pulses

PC_PER_COUNT = 4.8828e-3
"""1 V/4096/50 Ω · 1 ns, as padme-fw writes it: five digits."""


def square_pulses(heights: list[float], first: int = 250, length: int = 100) -> np.ndarray:
    waveforms = np.full((len(heights), 1024), 3900.0)
    waveforms[:, first : first + length] -= np.array(heights)[:, None]
    return waveforms


def test_charge_of_a_square_pulse_is_height_times_length() -> None:
    found = read_pulses(square_pulses([0.0, 40.0, 700.0]))
    # Five digits of the factor.
    np.testing.assert_allclose(found.charge_pc, np.array([0.0, 40.0, 700.0]) * 100 * PC_PER_COUNT, rtol=1e-5)
    np.testing.assert_array_equal(found.pedestal, 3900.0)
    np.testing.assert_array_equal(found.pedestal_rms, 0.0)
    # 40 counts stay below the threshold of 50.
    np.testing.assert_array_equal(found.length_ns, [0.0, 0.0, 100.0])
    np.testing.assert_array_equal(found.roughness, 0.0)


def test_a_bunch_of_run_3_is_read_back() -> None:
    """3000 positrons at 402.5 MeV are 717 pC, as noise of one count allows."""
    rng = np.random.default_rng(1)
    charge, ripple = 717.0, 60.0 * np.sin(np.arange(250) * 2.0 * np.pi / 25)
    pulse = charge / PC_PER_COUNT / 250 + ripple
    waveforms = 3900.0 + rng.standard_normal((2000, 1024))
    waveforms[:, 220:470] -= pulse
    found = read_pulses(waveforms)
    # Noise: √401 counts of the gate and 401/√100 of the pedestal, 0.22 pC; a factor of five digits.
    assert found.charge_pc.std() == pytest.approx(PC_PER_COUNT * np.sqrt(401 + 401**2 / 100), rel=0.07)
    assert found.charge_pc.mean() == pytest.approx(charge, abs=4 * 0.22 / np.sqrt(2000) + 1e-5 * charge)
    np.testing.assert_array_equal(found.length_ns, 250.0)
    # The ripple's rms is 60/√2, with one count of noise in quadrature.
    assert found.roughness.mean() == pytest.approx(np.sqrt(1800.0 + 1.0), rel=1e-3)


def test_what_lies_outside_the_gate_does_not_count() -> None:
    waveforms = square_pulses([100.0], first=601, length=50)
    assert read_pulses(waveforms).charge_pc[0] == 0.0
    wide = WaveformSettings(gate_last=650)
    assert read_pulses(waveforms, wide).charge_pc[0] == pytest.approx(100 * 50 * PC_PER_COUNT, rel=1e-5)


def test_a_broken_sample_shows_in_its_bunch_alone() -> None:
    waveforms = square_pulses([100.0, 100.0])
    waveforms[0, 300] = np.nan
    assert np.isnan(read_pulses(waveforms).charge_pc).tolist() == [True, False]


def test_bad_waveforms_and_settings_are_refused() -> None:
    with pytest.raises(UsageError, match="at least 601 samples"):
        read_pulses(np.zeros((3, 600)))
    with pytest.raises(UsageError, match="the pedestal before the gate"):
        WaveformSettings(pedestal_last=250)
