"""Bosons for a discovery: the large-sample formula, the fit, and scaling."""

import math

import numpy as np
import pytest

from x17.errors import UsageError
from x17.nuclear.pair_angles.mixture import MultipoleMixture
from x17.nuclear.spectrometers.sensitivity import bosons_for_discovery, expected_q0
from x17.nuclear.spectrometers.spectrum_fit import fit_spectrum
from x17.nuclear.spectrometers.templates import AngularTemplates

MIXTURE = MultipoleMixture.parse("M1:0.77,E1:0.23")


def test_small_signals_follow_the_linear_formula() -> None:
    rng = np.random.default_rng(5)
    background = 1e6 * rng.uniform(0.5, 1.5, 20)
    boson = np.exp(-0.5 * ((np.arange(20) - 12.0) / 1.5) ** 2) * 3e3
    # Σ s²/b − (Σ s)²/Σ b: the norm takes up what looks like background; next order s/b = 0.3 %
    expected = np.sum(boson**2 / background) - boson.sum() ** 2 / background.sum()
    assert expected_q0(background, boson, background[None, :]) == pytest.approx(expected, rel=0.01)


def test_the_number_found_gives_the_significance_in_a_fit(templates: AngularTemplates) -> None:
    found = bosons_for_discovery(templates, MIXTURE, 2e7, 16.9, 5.0)
    data = 2e7 * templates.background(MIXTURE) + found.bosons_emitted * templates.boson_at(16.9)
    assert fit_spectrum(data, templates).significance == pytest.approx(5.0, abs=0.02)
    assert found.bosons_selected == pytest.approx(found.bosons_emitted * templates.boson_at(16.9).sum())
    assert found.pairs_selected == pytest.approx(2e7 * templates.background(MIXTURE).sum())


def test_longer_runs_reach_smaller_rates(templates: AngularTemplates) -> None:
    short, long = (bosons_for_discovery(templates, MIXTURE, pairs, 16.9) for pairs in (1e8, 1e10))
    # Background counts are large: rates fall with the square root
    assert short.bosons_per_pair / long.bosons_per_pair == pytest.approx(10.0, rel=0.05)
    assert long.bosons_per_photon == pytest.approx(
        long.bosons_per_pair * (MIXTURE.pair_coefficient(18.15) or 0.0)
    )


def test_almost_no_background_needs_a_handful(templates: AngularTemplates) -> None:
    found = bosons_for_discovery(templates, MIXTURE, 1e4, 16.9)
    assert 5.0 < found.bosons_selected < 60.0


@pytest.mark.parametrize(
    ("pairs", "significance", "external", "message"),
    [
        (0.0, 5.0, 0.0, "above 0 both"),
        (math.inf, 5.0, 0.0, "above 0 both"),
        (1e8, 0.0, 0.0, "above 0 both"),
        (1e8, 5.0, 1e8, "need a template"),
    ],
)
def test_bad_numbers(
    pairs: float, significance: float, external: float, message: str, templates: AngularTemplates
) -> None:
    with pytest.raises(UsageError, match=message):
        bosons_for_discovery(templates, MIXTURE, pairs, 16.9, significance, external)
