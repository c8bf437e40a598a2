"""Pairs through spectrometers against solid angles, exact directions and a sample of another kind."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest

from x17.errors import UsageError
from x17.nuclear.multipole import Multipole
from x17.nuclear.pair_angles.boson_decay import EmittedBoson
from x17.nuclear.pair_angles.external_pairs import ExternalPairs
from x17.nuclear.pair_angles.internal_pairs import InternalPairs
from x17.nuclear.spectrometers.setup_file import load_spectrometer
from x17.nuclear.spectrometers.spectrometer import Arms, PairWindow, Process, Spectrometer
from x17.nuclear.spectrometers.transport import BLOCK, measure

OPEN = PairWindow(least_energy_mev=0.0, energy_sum_window_mev=100.0, largest_asymmetry=1.0)
IDEAL = Arms(
    azimuth_deg=(0.0, 60.0, 120.0, 180.0, 240.0, 300.0),
    polar_deg=90.0,
    distance_mm=75.0,
    width_mm=50.0,
    height_mm=40.0,
    position_sigma_mm=0.0,
    scatterer_x0=0.0,
    scatterer_distance_mm=0.0,
    energy_stochastic=0.0,
    energy_constant=0.0,
    spot_sigma_mm=0.0,
)


@dataclass(frozen=True)
class Angles:
    """Pairs of equal energies at fixed or uncorrelated directions."""

    energy_mev: float = 18.0
    cos_theta: float | None = None

    def draw(self, n: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        even = 2.0 * rng.random(n) - 1.0
        return np.full(n, 9.0), even if self.cos_theta is None else np.full(n, self.cos_theta)


def spectrometer(arms: Arms, window: PairWindow = OPEN) -> Spectrometer:
    return Spectrometer("ideal", "Ideal", "none", ("7Li",), True, (), window, arms)


def test_solid_angle_of_a_face() -> None:
    # A cube seen from its centre: each face is a sixth
    assert replace(IDEAL, width_mm=150.0, height_mm=150.0).solid_angle_share == pytest.approx(1.0 / 6.0)
    far = replace(IDEAL, distance_mm=1e4)
    assert far.solid_angle_share == pytest.approx(50.0 * 40.0 / (4.0 * math.pi * 1e8), rel=1e-4)


@pytest.mark.parametrize("polar", [90.0, 60.0])
def test_opposite_arms_see_back_to_back_pairs(polar: float) -> None:
    arms = replace(IDEAL, azimuth_deg=(0.0, 180.0), polar_deg=polar)
    found = measure(spectrometer(arms), Angles(cos_theta=-1.0), Process.INTERNAL, 200_000, 1)
    # Both in the plane across the beam: whatever hits one hits the other. Tilted forward: never
    expected = 2.0 * arms.solid_angle_share if polar == 90.0 else 0.0
    assert found.acceptance == pytest.approx(expected, rel=0.01)  # 1.5e5 pairs seen of 2e5


def test_uncorrelated_pairs_see_the_product_of_solid_angles() -> None:
    found = measure(spectrometer(IDEAL), Angles(), Process.INTERNAL, 400_000, 2)
    expected = 6.0 * 5.0 * IDEAL.solid_angle_share**2
    # 4e4 pairs: five standard deviations are 2.5 %
    assert found.acceptance == pytest.approx(expected, rel=0.025)


def test_a_perfect_spectrometer_measures_what_was_emitted() -> None:
    found = measure(spectrometer(IDEAL), InternalPairs(Multipole.E1, 18.15), Process.INTERNAL, 50_000, 3)
    assert found.angle.size > 1000
    # cos Θ is rounded before the arc cosine
    assert found.angle == pytest.approx(np.arccos(found.cos_theta), abs=1e-6)
    assert found.energy_sum == pytest.approx(18.15)
    kinetic = 18.15 - 2.0 * 0.51099895
    assert found.asymmetry == pytest.approx((2.0 * found.positron_energy - 18.15) / kinetic, abs=1e-9)


def test_aiming_changes_nothing_but_the_speed() -> None:
    # The same geometry with directions over the whole sphere, in plain numpy
    n, rng = 400_000, np.random.default_rng(4)
    _, cos_theta = EmittedBoson(16.85, 18.15).draw(n, rng)
    first = rng.standard_normal((n, 3))
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    other = rng.standard_normal((n, 3))
    other -= np.sum(other * first, axis=1, keepdims=True) * first
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    second = cos_theta[:, None] * first + np.sqrt(1.0 - cos_theta**2)[:, None] * other
    hit = [np.full(n, -1), np.full(n, -1)]
    for k, azimuth in enumerate(np.radians(IDEAL.azimuth_deg)):
        for i, way in enumerate((first, second)):
            toward = way[:, 0] * math.cos(azimuth) + way[:, 1] * math.sin(azimuth)
            across = -way[:, 0] * math.sin(azimuth) + way[:, 1] * math.cos(azimuth)
            inside = (toward > 0.0) & (np.abs(across) <= toward * 25.0 / 75.0)
            inside &= np.abs(way[:, 2]) <= toward * 20.0 / 75.0
            hit[i][inside] = k
    plain = (hit[0] >= 0) & (hit[1] >= 0) & (hit[0] != hit[1])
    ours = measure(spectrometer(IDEAL), EmittedBoson(16.85, 18.15), Process.BOSON, n, 5)
    # The plain sample has some 1e4 pairs: five standard deviations
    assert ours.acceptance == pytest.approx(plain.mean(), rel=5.0 / math.sqrt(plain.sum()))
    from scipy.stats import ks_2samp

    assert ks_2samp(np.arccos(cos_theta[plain]), ours.angle).pvalue > 1e-3


def test_resolution_of_energies_and_angles() -> None:
    arms = replace(IDEAL, energy_stochastic=0.1, energy_constant=0.03, position_sigma_mm=2.0)
    found = measure(spectrometer(arms), Angles(cos_theta=math.cos(2.2)), Process.INTERNAL, 100_000, 6)
    kinetic = 9.0 - 0.51099895
    sigma = math.sqrt(2.0) * math.hypot(0.1 * math.sqrt(kinetic), 0.03 * kinetic)
    assert np.std(found.energy_sum) == pytest.approx(sigma, rel=0.03)
    # 2 mm at 75 mm in each of two arms; less where the face is seen at a slant
    spread = np.std(found.angle - 2.2)
    assert 0.7 < spread / (math.sqrt(2.0) * 2.0 / 75.0) < 1.0


def test_scattering_grows_with_the_lever() -> None:
    def width(distance: float) -> float:
        arms = replace(IDEAL, scatterer_x0=0.01, scatterer_distance_mm=distance)
        found = measure(spectrometer(arms), Angles(cos_theta=math.cos(2.2)), Process.INTERNAL, 50_000, 7)
        return float(np.std(found.angle))

    assert width(75.0) < 1e-6
    assert width(0.0) > 1.8 * width(37.5) > 0.01


def test_the_window_cuts_on_what_is_measured() -> None:
    window = PairWindow(least_energy_mev=4.0, energy_sum_window_mev=1.0, largest_asymmetry=0.3)
    arms = replace(IDEAL, energy_stochastic=0.1, energy_constant=0.03)
    source = InternalPairs(Multipole.M1, 18.15)
    found = measure(spectrometer(arms, window), source, Process.INTERNAL, 200_000, 8)
    assert found.angle.size > 100
    assert np.max(np.abs(found.asymmetry)) <= 0.3
    assert np.max(np.abs(found.energy_sum - 18.15)) <= 1.0
    total = found.energy_sum - 2.0 * 0.51099895
    assert np.min(0.5 * total * (1.0 - np.abs(found.asymmetry))) >= 4.0


def test_published_responses_smear_and_scale() -> None:
    meg = load_spectrometer("meg-2")
    found = measure(meg, Angles(cos_theta=math.cos(2.0)), Process.BOSON, 100_000, 9)
    assert math.degrees(np.std(found.angle)) == pytest.approx(5.6, rel=0.02)
    assert found.n_emitted == pytest.approx(100_000 / 4e-3)
    back = measure(meg, Angles(cos_theta=-1.0), Process.INTERNAL, 100_000, 9)
    # Reflected at 180 degrees: half a Gaussian
    assert back.angle.max() <= math.pi
    assert math.degrees(math.pi - np.mean(back.angle)) == pytest.approx(
        5.6 * math.sqrt(2.0 / math.pi), rel=0.02
    )
    assert measure(meg, ExternalPairs(18.15), Process.EXTERNAL, 1000, 9).acceptance < 2e-6


def test_blocks_are_alike_whatever_is_asked() -> None:
    six, source = load_spectrometer("atomki-6"), EmittedBoson(16.85, 18.15)
    one = measure(six, source, Process.BOSON, BLOCK, 10)
    two = measure(six, source, Process.BOSON, 2 * BLOCK, 10)
    second = measure(six, source, Process.BOSON, BLOCK, 10, first_block=1)
    assert np.array_equal(two.angle, np.concatenate([one.angle, second.angle]))
    assert two.n_emitted == one.n_emitted + second.n_emitted


def test_what_cannot_be_measured() -> None:
    source = EmittedBoson(16.85, 18.15)
    with pytest.raises(UsageError, match="placeholder"):
        measure(load_spectrometer("lnl"), source, Process.BOSON, 10, 1)
    with pytest.raises(UsageError, match="1 pair or more"):
        measure(load_spectrometer("atomki-5"), source, Process.BOSON, 0, 1)
    blind = load_spectrometer("meg-2")
    assert blind.response is not None
    blind = replace(blind, response=replace(blind.response, efficiency_boson=0.0))
    with pytest.raises(UsageError, match="efficiency of 0 for boson"):
        measure(blind, source, Process.BOSON, 10, 1)
