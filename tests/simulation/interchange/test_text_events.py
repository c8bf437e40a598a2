from pathlib import Path

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import InputError, UsageError
from x17.simulation.events import ELECTRON, PHOTON, POSITRON
from x17.simulation.generators.annihilation import Annihilation, generate_annihilation
from x17.simulation.interchange.text_events import read_babayaga, read_calchep

from ..conftest import BEAM_ENERGY

BABAYAGA = """\
# event 1
2
8.45e-3  3.0e-3  4.0e-3  6.7e-3
8.45e-3 -3.0e-3 -4.0e-3 -6.7e-3
# event 2
3
8.0e-3  8.0e-3  0.0  0.0
8.0e-3 -8.0e-3  0.0  0.0
0.9e-3  0.0  0.0  0.9e-3
"""


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "events.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_babayaga_is_boosted_along_the_positron(
    setup: Setup, tmp_path: Path, rng: np.random.Generator
) -> None:
    events = read_babayaga(written(tmp_path, BABAYAGA), setup, BEAM_ENERGY, 4e-6, rng)
    np.testing.assert_array_equal(events.event, [0, 0, 1, 1, 1])
    np.testing.assert_array_equal(events.pdg, [ELECTRON, POSITRON, ELECTRON, POSITRON, PHOTON])
    assert events.rate_per_pot == pytest.approx(4e-6)
    # Invariants survive the boost: the file gives 2 x 8.45 MeV, the boost does not change it.
    pair = events.momentum[:2].sum(axis=0)
    mass = np.sqrt(events.energy[:2].sum() ** 2 - pair @ pair)
    assert mass == pytest.approx(16.9, rel=1e-9)
    assert events.energy[:2].sum() == pytest.approx(events.beam_energy[0], rel=0.01)
    direction = pair / np.linalg.norm(pair)
    assert direction[2] > 0.9999


def test_calchep_is_turned_to_the_positron(setup: Setup, tmp_path: Path, rng: np.random.Generator) -> None:
    ours = generate_annihilation(setup, Annihilation.ELECTRONS, BEAM_ENERGY, 20, rng)
    momentum = ours.momentum.reshape(-1, 6) / 1000.0
    lines = [f"{k} 0.279 1.0 " + " ".join(f"{v:.12e}" for v in row) for k, row in enumerate(momentum)]
    events = read_calchep(written(tmp_path, "\n".join(lines)), setup, BEAM_ENERGY, 1e-6, rng)
    assert events.n_events == 20
    np.testing.assert_allclose(events.energy, ours.energy, rtol=1e-9)
    opening = [
        np.sum(e.momentum[::2] * e.momentum[1::2], axis=1) / (e.energy[::2] * e.energy[1::2])
        for e in (ours, events)
    ]
    np.testing.assert_allclose(opening[0], opening[1], rtol=1e-9)


def test_calchep_photons(setup: Setup, tmp_path: Path, rng: np.random.Generator) -> None:
    path = written(tmp_path, "1 0.279 0 0.001 0.0 0.15 -0.001 0.0 0.129\n")
    events = read_calchep(path, setup, BEAM_ENERGY, 1e-6, rng, photons=True)
    assert set(events.pdg) == {PHOTON}
    assert events.energy[0] == pytest.approx(1000 * np.hypot(0.001, 0.15))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BABAYAGA[:-20], "line 9: not numbers"),
        (BABAYAGA[:-8], "line 9: not four numbers"),
        (BABAYAGA.replace("\n3\n", "\n5\n"), "line 9: the file ends within event 2; allowed: 5 particles"),
        (BABAYAGA.replace("\n3\n", "\nthree\n"), "line 6: no number of particles"),
        (BABAYAGA.replace("8.0e-3 -8.0e-3", "eight -8.0e-3"), "line 8: not numbers"),
        (BABAYAGA.replace("0.9e-3  0.0  0.0", "nan  0.0  0.0"), "line 9: not finite"),
        ("1 2 3\n" + BABAYAGA, "line 1: no event begins here"),
        ("# event 1\n", "line 1: the file ends within an event"),
        ("", "holds no event"),
    ],
)
def test_babayaga_files_that_are_wrong(
    setup: Setup, tmp_path: Path, rng: np.random.Generator, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_babayaga(written(tmp_path, text), setup, BEAM_ENERGY, 1e-6, rng)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 0.279 0 0.001 0.0 0.15 -0.001 0.0\n", "line 1: 8 numbers"),
        ("1 0.279 0 0.001 0.0 0.15 -0.001 0.0 0.129\n2 0.279\n", "line 2: 2 numbers"),
        ("1 0.279 0 0.001 0.0 x -0.001 0.0 0.129\n", "line 1: not numbers"),
        ("\n\n", "holds no event"),
    ],
)
def test_calchep_files_that_are_wrong(
    setup: Setup, tmp_path: Path, rng: np.random.Generator, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        read_calchep(written(tmp_path, text), setup, BEAM_ENERGY, 1e-6, rng)


def test_missing_file(setup: Setup, tmp_path: Path, rng: np.random.Generator) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_calchep(tmp_path / "nothing.txt", setup, BEAM_ENERGY, 1e-6, rng)
