from pathlib import Path

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.errors import InputError, UsageError
from x17.kinematics import beam_energy_mev
from x17.simulation.generators.annihilation import Annihilation, generate_annihilation
from x17.simulation.interchange.hepmc import write_hepmc
from x17.workflows.digitise import DigitiseRequest, digitise_file
from x17.workflows.event_files import read_events

N = 40


@pytest.fixture
def hepmc(tmp_path: Path) -> Path:
    events = generate_annihilation(
        load_setup("padme-run3"),
        Annihilation.ELECTRONS,
        float(beam_energy_mev(16.9)),
        N,
        np.random.default_rng(1),
        widest_cosine=0.2,
    )
    path = tmp_path / "events.hepmc"
    write_hepmc(events, path)
    return path


def request(**changes: object) -> DigitiseRequest:
    given = {"generator": "hepmc", "sqrt_s_mev": 16.9, "pile_up": False} | changes
    return DigitiseRequest(**given)  # type: ignore[arg-type]


def test_events_of_another_generator_become_hits(hepmc: Path, tmp_path: Path) -> None:
    made = digitise_file(hepmc, "padme-run3", request(), tmp_path / "out" / "hits.parquet")
    table = read_events(tmp_path / "out" / "hits.parquet")
    assert table.n_events == made["n_events"] == N
    assert table.scalars["weight"].sum() == pytest.approx(made["rate_per_pot"])
    energy = np.bincount(table.event_of("hit"), table.lists["hit"]["energy_mev"], minlength=N)
    # Pairs inside |cos θ*| < 0.2 are at R of 150 to 270 mm: most leave both showers in the crystals.
    assert np.median(energy) > 200.0
    assert table.counts["particle"].tolist() == [2] * N


def test_same_seed_same_hits_and_pile_up_adds_particles(hepmc: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"{name}.parquet" for name in "abc"]
    for file, pile_up in zip(files, (False, False, True), strict=True):
        digitise_file(hepmc, "padme-run3", request(pile_up=pile_up), file)
    one, other, crowded = (read_events(file) for file in files)
    np.testing.assert_array_equal(one.lists["hit"]["energy_mev"], other.lists["hit"]["energy_mev"])
    assert crowded.counts["particle"].sum() > one.counts["particle"].sum()


def test_rate_can_be_given(hepmc: Path, tmp_path: Path) -> None:
    made = digitise_file(hepmc, "padme-run3", request(rate_per_pot=4e-6), tmp_path / "hits.root")
    assert made["rate_per_pot"] == pytest.approx(4e-6)
    assert read_events(tmp_path / "hits.root").n_events == N


def test_text_files_of_calchep(tmp_path: Path) -> None:
    source = tmp_path / "photons.txt"
    source.write_text("1 0.279 0 0.008 0.0 0.15 -0.008 0.0 0.129\n", encoding="utf-8")
    made = digitise_file(
        source, "padme-run3", request(generator="calchep-photons", rate_per_pot=1e-6), tmp_path / "h.parquet"
    )
    assert (made["process"], made["n_events"]) == ("CalcHEP", 1)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"generator": "pythia"}, "--from is 'pythia'; allowed: hepmc, babayaga"),
        ({"sqrt_s_mev": 0.5}, "--sqrt-s is 0.5"),
        ({"rate_per_pot": 0.0}, "--rate is 0"),
        ({"seed": -1}, "--seed is -1"),
    ],
)
def test_requests_that_cannot_be(changes: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        request(**changes)


def test_files_that_cannot_be(hepmc: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"allowed: a name that ends in \.parquet or \.root"):
        digitise_file(hepmc, "padme-run3", request(), tmp_path / "hits.csv")
    with pytest.raises(UsageError, match="no such file"):
        digitise_file(tmp_path / "nothing", "padme-run3", request(), tmp_path / "hits.parquet")
    with pytest.raises(InputError):
        digitise_file(hepmc, "padme-run3", request(generator="babayaga"), tmp_path / "hits.parquet")
    assert not (tmp_path / "hits.parquet").exists()
