"""Speed of pairs through a spectrometer, beside the same geometry in plain Python, on one core."""

import math
import time
from typing import Any

import numpy as np
import pytest

from x17.nuclear.multipole import Multipole
from x17.nuclear.pair_angles.boson_decay import EmittedBoson
from x17.nuclear.pair_angles.internal_pairs import InternalPairs
from x17.nuclear.spectrometers.setup_file import load_spectrometer
from x17.nuclear.spectrometers.spectrometer import Process
from x17.nuclear.spectrometers.transport import measure

PAIRS, PYTHON_PAIRS = 1_000_000, 20_000


def plain_python(cos_theta: list[float], seed: int) -> int:
    """Isotropic pairs to the faces of the six arms, one after the other: how many hit two of them."""
    arms = load_spectrometer("atomki-6").arms
    assert arms is not None
    rng, seen = np.random.default_rng(seed), 0
    half = 0.5 * arms.width_mm / arms.distance_mm, 0.5 * arms.height_mm / arms.distance_mm
    turns = [math.radians(azimuth) for azimuth in arms.azimuth_deg]
    for cosine, row in zip(cos_theta, rng.random((len(cos_theta), 3)).tolist(), strict=True):
        c, phi, about = 2.0 * row[0] - 1.0, 2.0 * math.pi * row[1], 2.0 * math.pi * row[2]
        s, sine = math.sqrt(1.0 - c * c), math.sqrt(max(1.0 - cosine * cosine, 0.0))
        u, v = sine * math.cos(about), sine * math.sin(about)
        first = (s * math.cos(phi), s * math.sin(phi), c)
        second = (
            cosine * first[0] + u * c * math.cos(phi) - v * math.sin(phi),
            cosine * first[1] + u * c * math.sin(phi) + v * math.cos(phi),
            cosine * c - u * s,
        )
        hits = []
        for x, y, z in (first, second):
            for k, turn in enumerate(turns):
                toward = x * math.cos(turn) + y * math.sin(turn)
                across = y * math.cos(turn) - x * math.sin(turn)
                if toward > 0.0 and abs(across) <= half[0] * toward and abs(z) <= half[1] * toward:
                    hits.append(k)
        seen += len(hits) == 2 and hits[0] != hits[1]
    return seen


@pytest.mark.parametrize("name", ["atomki-5", "atomki-6", "meg-2"])
def test_a_million_internal_pairs(benchmark: Any, name: str) -> None:
    spectrometer, source = load_spectrometer(name), InternalPairs(Multipole.M1, 18.15)
    measure(spectrometer, source, Process.INTERNAL, 1000, 1)  # compiles
    found = benchmark.pedantic(
        measure, (spectrometer, source, Process.INTERNAL, PAIRS, 1), rounds=3, iterations=1
    )
    assert 0.0 < found.acceptance < 0.01
    seconds = benchmark.stats.stats.median
    benchmark.extra_info["seconds_per_million_drawn"] = round(seconds, 3)
    benchmark.extra_info["seconds_per_million_emitted"] = round(seconds * PAIRS / found.n_emitted, 3)
    print(f"\n{name}: {seconds:.2f} s for 1e6 pairs drawn, which stand for {found.n_emitted:.2e} emitted")


def test_beside_plain_python(benchmark: Any) -> None:
    spectrometer, source = load_spectrometer("atomki-6"), EmittedBoson(16.85, 18.15)
    measure(spectrometer, source, Process.BOSON, 1000, 1)
    found = benchmark.pedantic(
        measure, (spectrometer, source, Process.BOSON, PAIRS, 1), rounds=3, iterations=1
    )
    _, cos_theta = source.draw(PYTHON_PAIRS, np.random.default_rng(2))
    start = time.perf_counter()
    seen = plain_python(cos_theta.tolist(), 3)
    seconds = time.perf_counter() - start
    # The window on energies takes part of what the faces see
    assert found.acceptance < seen / PYTHON_PAIRS < 2.0 * found.acceptance
    ratio = seconds / PYTHON_PAIRS * found.n_emitted / benchmark.stats.stats.median
    benchmark.extra_info["plain_python_over_ours"] = round(ratio)
    print(f"\nplain Python takes {ratio:.0f} times as long for as many emitted pairs")
