from pathlib import Path

import numpy as np
import pytest

from x17.apparatus.setup import Setup
from x17.errors import InputError, UsageError
from x17.simulation.events import EventBatch
from x17.simulation.generators.boson import generate_boson
from x17.simulation.generators.single_positrons import add_pile_up
from x17.simulation.interchange.hepmc import read_hepmc, write_hepmc
from x17.theory.boson import Boson, SpinParity

from ..conftest import BEAM_ENERGY

pytest.importorskip("pyhepmc", reason="pyhepmc, of the extra [simulation], is not installed")


@pytest.fixture(scope="module")
def events(setup: Setup) -> EventBatch:
    rng = np.random.default_rng(1)
    boson = Boson(16.9, SpinParity.VECTOR, 1e-5)
    return add_pile_up(generate_boson(setup, boson, BEAM_ENERGY, 30, rng), setup, BEAM_ENERGY, rng)


@pytest.fixture
def file(events: EventBatch, tmp_path: Path) -> Path:
    path = tmp_path / "events.hepmc"
    write_hepmc(events, path)
    return path


def test_round_trip(events: EventBatch, file: Path) -> None:
    again = read_hepmc(file)
    assert again.process == events.process
    for name in ("weight", "event", "pdg", "energy", "momentum", "vertex", "beam_energy", "cos_theta"):
        # HepMC3 writes 16 digits.
        np.testing.assert_allclose(getattr(again, name), getattr(events, name), rtol=1e-15, err_msg=name)
    np.testing.assert_allclose(again.time, events.time, rtol=1e-14)


def test_other_units_are_converted(events: EventBatch, file: Path) -> None:
    import pyhepmc

    gev = file.with_name("gev.hepmc")
    with pyhepmc.open(str(file)) as source, pyhepmc.open(str(gev), "w") as out:
        for event in source:
            event.set_units(pyhepmc.Units.GEV, pyhepmc.Units.CM)
            out.write(event)
    again = read_hepmc(gev)
    np.testing.assert_allclose(again.energy, events.energy, rtol=1e-12)
    np.testing.assert_allclose(again.vertex, events.vertex, rtol=1e-12)


@pytest.mark.parametrize("share", [0.05, 0.5, 0.98])
def test_a_truncated_file_is_refused(file: Path, share: float) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: int(share * len(whole))])
    said = r"after \d+ whole events|line \d+: ends in the middle|holds no event"
    with pytest.raises(InputError, match=said):
        read_hepmc(file)


@pytest.mark.parametrize("content", [b"", b"period,sqrt_s\n1,16.9\n", b"\x00\x01\x02" * 100])
def test_foreign_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.hepmc"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"other\.hepmc"):
        read_hepmc(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_hepmc(tmp_path / "nothing.hepmc")
