"""Documents and figures of `x17 nuclear angle|spectrum|spectra|spectrometer`."""

from pathlib import Path

import numpy as np
import pytest

from x17.errors import UsageError
from x17.report.nuclear_text import setup_text, spectrum_text, through_text
from x17.workflows.nuclear import angle_document, draw_spectra_to, nuclear_spectra, spectrum_document
from x17.workflows.nuclear_spectrometer import (
    SpectrumRequest,
    draw_through,
    setup_document,
    spectrum_through,
)

QUICK = {"simulated": 200_000}


def test_angle_has_its_four_numbers() -> None:
    document = angle_document("7Li", 1.10, 16.85)
    assert list(document) == ["excitation_mev", "theta_min_deg", "theta_min_exact_deg", "beta_x"]
    assert document["excitation_mev"] == pytest.approx(18.2162, abs=1e-4)
    assert document["theta_min_deg"] == pytest.approx(135.34, abs=0.006)
    assert document["theta_min_exact_deg"] == pytest.approx(135.34, abs=0.05)  # recoil and mass: at most 0.05
    assert document["beta_x"] == pytest.approx(0.3796, abs=6e-5)


def test_neutrons_on_helium() -> None:
    document = angle_document("n3He", 0.0, 17.0)
    assert document["excitation_mev"] == pytest.approx(20.5776, abs=6e-5)  # the Q value


def test_spectrum_shares_add_up() -> None:
    document = spectrum_document(18.15, "M1:0.77,E1:0.23", 16.85, 6e-6, 0.5)
    assert sum(document["share_per_bin"]) == pytest.approx(1.0)
    assert sum(document["boson"]["share_per_bin"]) == pytest.approx(1.0)
    assert len(document["bin_edges_deg"]) == len(document["share_per_bin"]) + 1
    tail = np.array(document["share_per_bin"])[np.array(document["bin_edges_deg"][:-1]) >= 130.0]
    assert tail.sum() == pytest.approx(document["fraction_above_deg"]["130"])
    boson = document["boson"]
    assert boson["per_internal_pair"] == pytest.approx(6e-6 / document["pair_coefficient"])
    assert boson["fraction_within_y_cut"] == 1.0  # |y| reaches 0.37
    assert document["fraction_within_y_cut"] < 1.0


def test_spectrum_of_e0_has_no_photon() -> None:
    document = spectrum_document(20.21, "E0", 17.0, 1e-3)
    assert document["pair_coefficient"] is None
    assert document["boson"]["per_internal_pair"] == 1e-3
    assert "no photon" in spectrum_text(document)


def test_text_of_a_spectrum_is_narrow() -> None:
    text = spectrum_text(spectrum_document(18.15, "M1", 16.85, 6e-6, 0.5))
    assert max(map(len, text.splitlines())) <= 80
    assert "136.29 degrees" in text


def test_every_nucleus_has_its_spectra(tmp_path: Path) -> None:
    found = nuclear_spectra(None, 16.85, 6e-6)
    assert [s.name for s in found] == [
        "8Be, 17.64 MeV, M1",
        "8Be, 18.15 MeV, M1",
        "8Be, 21 MeV, E1",
        "4He, 20.21 MeV, E0",
        "12C, 17.23 MeV, E1",
    ]
    assert draw_spectra_to(tmp_path / "all.png", found).stat().st_size > 10_000
    only = nuclear_spectra("12C", None, None)
    assert draw_spectra_to(tmp_path / "c.svg", only).exists()


def test_a_heavy_boson_is_drawn_where_it_is_emitted() -> None:
    found = nuclear_spectra("8Be", 17.9, None)
    assert [spectrum.boson is not None for spectrum in found] == [False, True, True]
    with pytest.raises(UsageError, match="above every transition: no decay"):
        nuclear_spectra(None, 30.0, None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((18.15, "M3"), "unknown multipolarity"),
        ((18.15, "M1", None, 1e-6), "without a mass"),
        ((16.5, "M1", 17.0), "no decay"),
        ((18.15, "M1", 17.0, -1.0), "0 or above"),
        ((0.9, "M1"), "above 2 m_e"),
        ((18.15, "M1", None, None, 2.0), "a cut on"),
        ((18.15, "M1", None, None, None, Path("x.pdf")), r"\.png or \.svg"),
        ((18.15, "M1", None, None, None, Path("nowhere/x.png")), "make it first"),
    ],
)
def test_bad_spectra(arguments: tuple, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(UsageError, match=message):
        spectrum_document(*arguments)


def test_a_rate_needs_a_mass_for_all_nuclei() -> None:
    with pytest.raises(UsageError, match="--rate is given without --mass"):
        nuclear_spectra(None, None, 1e-6)


def test_a_setup_as_text() -> None:
    text = setup_text(setup_document("atomki-5"))
    assert "distance_mm ?" in text
    assert max(map(len, text.splitlines())) <= 80
    assert "a placeholder" in setup_text(setup_document("n-tof"))


def test_a_spectrometer_with_a_boson(tmp_path: Path) -> None:
    request = SpectrumRequest(18.15, "M1:0.77,E1:0.23", 16.85, 6e-6, 3e7, external_rate=0.1, **QUICK)
    document, spectrum = spectrum_through("atomki-6", request)
    assert sum(document["background"]) > 0.0
    fit = document["fit"]
    assert fit["status"] == "converged"
    # What was put in, to five of the errors of the fit
    assert abs(fit["rate"] - 6e-6) < 5.0 * fit["rate_err"]
    assert abs(fit["mass_mev"] - 16.85) < 5.0 * max(fit["mass_err_mev"], 0.01)
    assert 1e-7 < document["discovery"]["bosons_per_photon"] < 6e-6
    assert draw_through(tmp_path / "s.png", spectrum).stat().st_size > 10_000
    text = through_text(document)
    assert max(map(len, text.splitlines())) <= 80
    assert "with stand-ins for what is not known" in text


def test_a_spectrometer_without_a_boson(tmp_path: Path) -> None:
    document, spectrum = spectrum_through("meg-2", SpectrumRequest(18.15, **QUICK))
    assert document["discovery"] is None
    assert document["acceptance"]["boson"] is None
    assert draw_through(tmp_path / "m.svg", spectrum).exists()
    again, _ = spectrum_through("meg-2", SpectrumRequest(18.15, **QUICK))
    assert document == again


def test_a_boson_near_its_threshold_still_has_masses_to_fit() -> None:
    document, _ = spectrum_through("atomki-6", SpectrumRequest(17.23, "E1", 17.2, **QUICK))
    assert document["discovery"]["bosons_emitted"] > 0.0


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"transition_mev": 17.0, "mass_mev": 17.5}, "no decay"),
        ({"transition_mev": 18.15, "rate": 1e-6}, "--rate is given without --mass"),
        ({"transition_mev": 18.15, "n_internal": 0.0}, "--pairs 0; allowed: 1 to 1e15"),
        ({"transition_mev": 18.15, "external_rate": -1.0}, "--external -1"),
        ({"transition_mev": 18.15, "simulated": 10}, "allowed: 10 000"),
        ({"transition_mev": 0.5}, "above 2 m_e"),
    ],
)
def test_bad_requests(keywords: dict, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(UsageError, match=message):
        SpectrumRequest(**keywords)


@pytest.mark.parametrize("name", ["lnl", "n-tof", "montreal"])
def test_no_sensitivity_without_a_geometry(name: str) -> None:
    with pytest.raises(UsageError, match="placeholder"):
        spectrum_through(name, SpectrumRequest(20.58, "E1", 17.0))
