"""Fits of spectra: exact data, injected bosons, and fits that end without one."""

import math

import numpy as np
import pytest

from x17.errors import UsageError
from x17.nuclear.pair_angles.mixture import MultipoleMixture
from x17.nuclear.spectrometers.spectrum_fit import FitStatus, fit_norms, fit_spectrum, poisson_deviance
from x17.nuclear.spectrometers.templates import AngularTemplates

MIXTURE = MultipoleMixture.parse("M1:0.77,E1:0.23")
PAIRS, BOSONS, MASS = 2e7, 3e4, 16.87


def expected(templates: AngularTemplates, bosons: float = BOSONS) -> np.ndarray:
    return PAIRS * templates.background(MIXTURE) + bosons * templates.boson_at(MASS)


def test_exact_data_give_back_what_made_them(templates: AngularTemplates) -> None:
    fit = fit_spectrum(expected(templates), templates)
    assert fit.status is FitStatus.CONVERGED
    # To a small part of the statistical errors: MIGRAD stops there
    assert fit.mass_mev == pytest.approx(MASS, abs=0.05 * fit.mass_err_mev)
    assert fit.bosons == pytest.approx(BOSONS, abs=0.05 * fit.bosons_err)
    assert fit.pairs == pytest.approx(np.array([0.77, 0.23]) * PAIRS, rel=0.01)
    assert fit.deviance == pytest.approx(0.0, abs=0.01)
    assert fit.n_degrees == templates.usable.sum() - 4


def test_injected_bosons_are_recovered(templates: AngularTemplates) -> None:
    rng = np.random.default_rng(12)
    fits = [fit_spectrum(rng.poisson(expected(templates)), templates) for _ in range(40)]
    assert all(fit.status is FitStatus.CONVERGED for fit in fits)
    for pulls in (
        np.array([(fit.bosons - BOSONS) / fit.bosons_err for fit in fits]),
        np.array([(fit.mass_mev - MASS) / fit.mass_err_mev for fit in fits]),
    ):
        # 40 pulls: their mean to 0.16, their spread to 0.11; four standard deviations, and the mass' errors
        # are those of a piecewise spline
        assert abs(pulls.mean()) < 0.7
        assert 0.55 < pulls.std() < 1.6
    deviance = np.array([fit.deviance / fit.n_degrees for fit in fits])
    assert deviance.mean() == pytest.approx(1.0, abs=0.2)


def test_without_a_boson_none_is_made_up(templates: AngularTemplates) -> None:
    clean = fit_spectrum(expected(templates, 0.0), templates)
    assert clean.bosons == pytest.approx(0.0, abs=0.02 * BOSONS)
    assert clean.significance < 0.1
    # A dip where the boson would be: its number goes to zero
    dip = fit_spectrum(expected(templates, -5000.0), templates)
    assert dip.bosons < 0.05 * BOSONS
    assert dip.significance < 2.5


def test_no_boson_says_so(templates: AngularTemplates) -> None:
    fit = fit_spectrum(PAIRS * templates.background(MIXTURE), templates)
    if fit.status is FitStatus.NO_BOSON:
        assert fit.mass_err_mev == math.inf
        assert "zero" in fit.status.value
    assert fit.q0 < 0.01


def test_a_mass_beyond_the_simulated_ones_ends_at_their_edge(templates: AngularTemplates) -> None:
    from dataclasses import replace

    few = replace(templates, masses=templates.masses[8:], boson=templates.boson[8:])
    fit = fit_spectrum(PAIRS * templates.background(MIXTURE) + BOSONS * templates.boson_at(16.5), few)
    assert fit.status is FitStatus.AT_EDGE
    assert "simulate more" in fit.status.value


def test_norms_of_one_template_are_a_ratio() -> None:
    template = np.array([0.2, 0.3, 0.5])
    counts = np.array([10.0, 30.0, 60.0])
    norms, deviance = fit_norms(counts, template[None, :])
    assert norms == pytest.approx([100.0], rel=1e-4)  # the maximum of the likelihood keeps the sum
    assert deviance == pytest.approx(poisson_deviance(counts, 100.0 * template), abs=1e-4)


def test_deviance_knows_empty_bins() -> None:
    assert poisson_deviance(np.zeros(2), np.array([1.5, 0.5])) == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("counts", "message"),
    [
        (np.ones(3), "one a bin"),
        (np.zeros(28), "not all zero"),
        (np.full(28, -1.0), "0 or above"),
        (np.full(28, np.nan), "0 or above"),
    ],
)
def test_bad_counts(counts: np.ndarray, message: str, templates: AngularTemplates) -> None:
    with pytest.raises(UsageError, match=message):
        fit_spectrum(counts, templates)
