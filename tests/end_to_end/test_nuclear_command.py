"""`x17 nuclear angle|spectrum|spectra|spectrometer` as a user runs them, in a process of their own."""

import json
from pathlib import Path

import pytest

from .test_search_command import x17


def test_angle_is_one_document(tmp_path: Path) -> None:
    arguments = ("--target", "7Li", "--beam-energy", "1.10", "--mass", "16.85")
    done = x17("nuclear", "angle", *arguments, "--json", cwd=tmp_path)
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert set(document) == {"excitation_mev", "theta_min_deg", "theta_min_exact_deg", "beta_x"}
    assert document["theta_min_deg"] == pytest.approx(135.34, abs=0.006)
    plain = x17("nuclear", "angle", *arguments, cwd=tmp_path)
    assert "theta_min_exact_deg    135.312" in plain.stdout


def test_spectrum_is_one_document(tmp_path: Path) -> None:
    done = x17("nuclear", "spectrum", "--transition", "17.64", "--multipole", "M1", "--json", cwd=tmp_path)
    assert done.stderr == ""
    document = json.loads(done.stdout)
    assert document["pair_coefficient"] == pytest.approx(3.208e-3, abs=6e-7)
    assert document["fraction_above_deg"]["90"] == pytest.approx(0.0884, abs=6e-5)
    assert document["fraction_above_deg"]["109"] == pytest.approx(0.0480, abs=6e-5)
    assert document["fraction_above_deg"]["130"] == pytest.approx(0.0210, abs=6e-5)


def test_figures_are_written_where_they_are_wanted(tmp_path: Path) -> None:
    done = x17("nuclear", "spectra", "--out", "spectra.svg", "--mass", "17", cwd=tmp_path)
    assert done.stdout == "spectra.svg\n", done.stderr
    done = x17(
        *("nuclear", "spectrometer", "atomki-6", "--transition", "18.15", "--mass", "16.85"),
        *("--simulated", "100000", "--out", "six.png", "--json"),
        cwd=tmp_path,
    )
    assert json.loads(done.stdout)["discovery"]["significance"] == 5.0
    assert {path.name for path in tmp_path.iterdir()} == {"spectra.svg", "six.png"}


def test_a_setup_is_printed(tmp_path: Path) -> None:
    done = x17("nuclear", "spectrometer", "meg-2", "--json", cwd=tmp_path)
    assert json.loads(done.stdout)["response"]["angle_sigma_deg"] == 5.6


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("angle", "--target", "6Li", "--beam-energy", "1", "--mass", "17"), "allowed: 7Li, 3H, 11B, n3He"),
        (("angle", "--target", "11B", "--beam-energy", "0.5", "--mass", "17"), "a beam above 1.1389 MeV"),
        (("angle", "--target", "7Li", "--beam-energy", "-1", "--mass", "17"), "kinetic energy of 0 to 100"),
        (("spectrum", "--transition", "18.15", "--multipole", "M3"), "allowed: E0, E1, M1, E2, M2"),
        (("spectrum", "--transition", "17", "--multipole", "M1", "--mass", "17.5"), "no decay"),
        (("spectra", "--nucleus", "9Be", "--out", "x.png"), "unknown nucleus '9Be'"),
        (("spectra", "--out", "x.pdf"), ".png or .svg"),
        (("spectrometer", "lnl", "--transition", "18.15", "--mass", "17"), "is a placeholder"),
        (("spectrometer", "nowhere"), "shipped: atomki-5"),
    ],
)
def test_bad_input_is_one_message(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    done = x17("nuclear", *arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert message in done.stderr
    assert "Traceback" not in done.stderr
