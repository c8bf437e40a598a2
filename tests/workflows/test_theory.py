import pytest

from x17.errors import X17Error
from x17.theory.target import Target
from x17.workflows.theory import (
    boson_of,
    cross_section_document,
    lineshape_document,
    profile_of,
    width_document,
    yield_document,
)


def test_width_document() -> None:
    document = width_document(boson_of("V", 16.9, 5.6e-4))
    assert document["width_ev"] == pytest.approx(0.1406, abs=5e-5)
    assert document["ctau_um"] == pytest.approx(1.404, abs=5e-4)
    assert width_document(boson_of("S", 16.9, 0.0))["lifetime_s"] is None


def test_yield_document_has_both_areas() -> None:
    document = yield_document(boson_of("V", 17.0, 1e-3), "274:292:0.25", 0.005)
    assert len(document["beam_energy_mev"]) == len(document["yield_per_pot"]) == 73
    assert document["area_in_range_mev"] < document["area_mev"]
    assert document["area_mev"] == pytest.approx(1.264e-5, rel=5e-3)


def test_lineshape_documents() -> None:
    assert lineshape_document()["chi2"] == pytest.approx(12.68, abs=0.02)
    computed = lineshape_document("diamond", 0.005)
    # The computed yield was made to follow the published points: both lines agree within their errors.
    assert computed["half_width_mev"] == pytest.approx(1.722, abs=0.04)
    assert computed["area_mev"] == pytest.approx(1.3563e-5, abs=0.0185e-5)


def test_cross_section_documents() -> None:
    # Massive closed forms at 16.9 MeV, 40° to 140°: 4697.849 and 575.618 µb (recomputed).
    tree = cross_section_document("bhabha", 16.9, "40:140")
    assert tree["value_ub"] == pytest.approx(4697.849, rel=1e-6)
    assert "acollinearity_deg" not in tree
    assert cross_section_document("gammagamma", 16.9, "40:140")["value_ub"] == pytest.approx(
        575.618, rel=1e-6
    )
    # BabaYaga@NLO with the electron mass put right, 17.0 MeV: 0.96212(30).
    corrected = cross_section_document("bhabha", 17.0, "40:140", "nlo")
    assert corrected["k_factor"] == pytest.approx(0.96212, abs=3e-3)
    assert (corrected["acollinearity_deg"], corrected["min_energy"]) == (10, 0.4)
    assert corrected["vacuum_polarization"] == 1.0


@pytest.mark.parametrize("name", ["diamond", "carbon", "hydrogenic"])
def test_profiles_by_name(name: str) -> None:
    profile = profile_of(name, Target())
    assert profile is not None
    assert profile.electrons == 6
    assert profile_of("rest", Target()) is None


@pytest.mark.parametrize(
    "call",
    [
        lambda: boson_of("Q", 17.0, 1e-3),
        lambda: boson_of("V", 0.5, 1e-3),
        lambda: profile_of("no-such-file.csv", Target()),
        lambda: yield_document(boson_of("V", 17.0, 1e-3), "274:292:0.25", 0.005, target="foo:1mm"),
        lambda: yield_document(boson_of("V", 17.0, 1e-3), "292:274:0.25", 0.005),
        lambda: lineshape_document("published", 0.003),
        lambda: cross_section_document("muons", 17.0, "40:140"),
        lambda: cross_section_document("bhabha", 17.0, "forty"),
        lambda: cross_section_document("bhabha", 17.0, "40:140", "nnlo"),
        lambda: cross_section_document("bhabha", 0.5, "40:140"),
        lambda: cross_section_document("bhabha", 17.0, "40:140", "lo", acollinearity=5.0),
    ],
)
def test_bad_values_are_explained(call) -> None:
    with pytest.raises(X17Error):
        call()
