"""The files that Geant4 reads, written from the shipped tables."""

from pathlib import Path

import numpy as np
import pytest

from x17.errors import UsageError
from x17.simulation.showers.production.em_tables import ELEMENTS, data_folder, write_data_folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_data_folder(tmp_path_factory.mktemp("geant4"))


def test_all_elements_have_all_tables(folder: Path) -> None:
    low_energy = folder / "G4EMLOW8.8"
    for z in ELEMENTS:
        assert (low_energy / "brem_SB" / f"br{z}").exists()
        assert (low_energy / "epics2017" / "rayl" / f"re-cs-{z}.dat").exists()
        for part in ("cs", "high", "low"):
            assert (low_energy / "epics2017" / "phot" / f"pe-{part}-{z}.dat").exists()
    assert (folder / "G4ENSDFSTATE3.0" / "ENSDFSTATE.dat").exists()
    assert (folder / "PhotonEvaporation6.1.2").is_dir()


@pytest.mark.parametrize("z", ELEMENTS)
def test_bremsstrahlung_has_the_layout_of_a_two_dimensional_vector(folder: Path, z: int) -> None:
    lines = (folder / "G4EMLOW8.8" / "brem_SB" / f"br{z}").read_text().splitlines()
    kind, n_fractions, n_energies = (int(word) for word in lines[0].split())
    assert (kind, n_energies, len(lines)) == (4, 57, 3 + 57)
    rows = [np.array(line.split(), dtype=float) for line in lines[1:]]
    fractions, log_energy, values = rows[0], rows[1], np.array(rows[2:])
    assert values.shape == (n_energies, n_fractions)
    assert (fractions[0], fractions[-1]) == (0.0, 1.0)
    assert np.all(np.diff(fractions) > 0.0)
    assert np.exp(log_energy[[0, -1]]) == pytest.approx([1e-3, 1e4], rel=1e-6)
    assert np.all(values >= 0.0)


def test_bremsstrahlung_is_near_the_screened_high_energy_limit(folder: Path) -> None:
    """At 10 GeV and k → 0: (16/3) α r_e² (L − f_C + L'/Z) for bismuth within 3 %, Tsai 1974, eq. 3.83."""
    lines = (folder / "G4EMLOW8.8" / "brem_SB" / "br83").read_text().splitlines()
    value = float(lines[-1].split()[0])
    z, alpha, radius2_mb = 83, 1.0 / 137.036, 79.4078
    a2 = (z * alpha) ** 2
    coulomb = a2 * (1.0 / (1.0 + a2) + 0.20206 - 0.0369 * a2 + 0.0083 * a2**2 - 0.002 * a2**3)
    inner, outer = np.log(184.15 * z ** (-1.0 / 3.0)), np.log(1194.0 * z ** (-2.0 / 3.0))
    limit = 16.0 / 3.0 * alpha * radius2_mb * (inner - coulomb + outer / z + (1.0 + 1.0 / z) / 12.0)
    assert value == pytest.approx(limit, rel=0.03)


def test_cross_sections_are_those_of_the_table(folder: Path) -> None:
    """Bismuth at 0.1 MeV: 1.88 kb. The files hold σ E³ in b MeV³ and, coherent, σ E² in mm² MeV²."""
    tables = folder / "G4EMLOW8.8" / "epics2017"
    photo = np.loadtxt(tables / "phot" / "pe-cs-83.dat", skiprows=2)
    assert np.interp(0.1, *photo.T) / 0.1**3 == pytest.approx(1.88e3, rel=0.02)
    rayleigh = np.loadtxt(tables / "rayl" / "re-cs-83.dat", skiprows=2)
    assert np.interp(0.1, *rayleigh.T) / 0.1**2 / 1e-22 == pytest.approx(100.0, rel=0.5)
    assert np.all(np.diff(photo[:, 0]) > 0.0)


def test_the_k_edge_of_bismuth_stays_a_step(folder: Path) -> None:
    """At 90.53 keV the cross section grows by more than a factor of four."""
    photo = np.loadtxt(folder / "G4EMLOW8.8" / "epics2017" / "phot" / "pe-cs-83.dat", skiprows=2)
    below, above = (np.interp(e, photo[:, 0], photo[:, 1] / photo[:, 0] ** 3) for e in (0.09050, 0.09055))
    assert above / below > 4.0


def test_a_folder_of_the_user_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEANT4_DATA_DIR", str(tmp_path))
    assert data_folder(tmp_path / "other") == tmp_path
    assert not (tmp_path / "other").exists()
    monkeypatch.delenv("GEANT4_DATA_DIR")
    assert data_folder(tmp_path / "other") == tmp_path / "other"
    assert (tmp_path / "other" / "G4EMLOW8.8").is_dir()


def test_a_folder_of_the_user_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEANT4_DATA_DIR", str(tmp_path / "nowhere"))
    with pytest.raises(UsageError, match=r"GEANT4_DATA_DIR is .*nowhere.*unset it"):
        data_folder(tmp_path / "other")
