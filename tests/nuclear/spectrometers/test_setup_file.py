"""Setups of spectrometers: the shipped ones, a user's own, and what is wrong with a bad one."""

from pathlib import Path

import pytest

from x17.errors import InputError, UsageError
from x17.nuclear.spectrometers.setup_file import load_spectrometer, parse_spectrometer, spectrometer_names

PLACEHOLDERS = ("lnl", "montreal", "n-tof")
OWN = """
name = "own"
title = "Mine"
source = "a drawing"
targets = ["7Li"]

[arms]
azimuth_deg = [0.0, 140.0]
distance_mm = 50.0
width_mm = 40.0
height_mm = 40.0
position_sigma_mm = 0.5
scatterer_x0 = 0.0
scatterer_distance_mm = 0.0
energy_stochastic = 0.1
energy_constant = 0.02
spot_sigma_mm = 0.5

[pair_window]
least_energy_mev = 1.0
energy_sum_window_mev = 2.0
largest_asymmetry = 0.5
"""


@pytest.mark.parametrize("name", spectrometer_names())
def test_shipped_setups_load_and_name_their_source(name: str) -> None:
    found = load_spectrometer(name)
    assert found.name == name
    assert found.source
    assert found.is_placeholder == (name in PLACEHOLDERS)
    assert found.proposed == (name in PLACEHOLDERS)


def test_the_set_is_that_of_the_field() -> None:
    expected = {"atomki-5", "atomki-6", "atomki-gdr", "hanoi", "meg-2", *PLACEHOLDERS}
    assert set(spectrometer_names()) == expected


def test_published_numbers_are_in_the_setups() -> None:
    five, two, meg = (load_spectrometer(name) for name in ("atomki-5", "atomki-gdr", "meg-2"))
    assert five.arms is not None
    assert five.arms.azimuth_deg == (0.0, 60.0, 120.0, 180.0, 270.0)
    assert five.pair_window.largest_asymmetry == 0.5
    assert two.arms is not None
    assert two.arms.azimuth_deg == (0.0, 110.0)
    assert meg.response is not None
    assert meg.response.angle_sigma_deg == 5.6
    assert meg.response.efficiency_internal == pytest.approx(0.047 * 0.023)
    assert meg.response.efficiency_boson == pytest.approx(0.16 * 0.025)
    assert meg.response.efficiency_external == pytest.approx(0.00026 * 0.006)


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_placeholders_refuse(name: str) -> None:
    with pytest.raises(UsageError, match=r"is a placeholder: .* give a TOML of your own"):
        load_spectrometer(name).require_geometry()


def test_a_geometry_of_the_users_own(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(OWN)
    found = load_spectrometer(path)
    found.require_geometry()
    assert found.arms is not None
    assert found.arms.polar_deg == 90.0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("distance_mm = 50.0", "distance_mm = -5.0", "arms.distance_mm: .*greater than 0"),
        ("distance_mm = 50.0", "distnace_mm = 50.0", "arms.distnace_mm: unknown key"),
        ("distance_mm = 50.0", "", "arms.distance_mm: key missing"),
        ('["7Li"]', '["6Li"]', "targets: unknown target .*allowed: 7Li, 3H, 11B, n3He"),
        ("[0.0, 140.0]", "[0.0]", "arms.azimuth_deg: .*at least 2 items"),
        ("[0.0, 140.0]", '"two"', "arms.azimuth_deg: should be a valid list"),
        ('title = "Mine"', 'title = "Mine"\nunknown = ["arms.colour"]', "unknown: no such key"),
        ("[arms]", "[arms", "not a TOML"),
        (
            "[pair_window]",
            "[response]\nangle_sigma_deg = 5.0\nenergy_sum_sigma_mev = 0.5\nefficiency_internal = 0.1\n"
            "efficiency_external = 0.1\nefficiency_boson = 0.1\n[pair_window]",
            "both tables",
        ),
    ],
)
def test_bad_setups_say_where(old: str, new: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_spectrometer("own.toml", OWN.replace(old, new).encode())


def test_all_problems_come_at_once() -> None:
    bad = OWN.replace("width_mm = 40.0", "width_mm = 0.0").replace(
        "spot_sigma_mm = 0.5", "spot_sigma_mm = -1.0"
    )
    with pytest.raises(InputError) as caught:
        parse_spectrometer("own.toml", bad.encode())
    assert len(caught.value.problems) == 2


def test_unknown_names(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="shipped: atomki-5, atomki-6"):
        load_spectrometer("nowhere")
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * 200_000)
    with pytest.raises(InputError, match="larger than 100 kB"):
        load_spectrometer(large)
