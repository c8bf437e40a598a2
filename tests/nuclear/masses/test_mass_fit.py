"""The fit of one mass: weights, pulls, warnings, nuclei, correlations."""

from dataclasses import replace

import numpy as np
import pytest

from x17.errors import InputError, UsageError
from x17.nuclear.masses import fit_mass, load_measurements
from x17.nuclear.masses.by_nucleus import fit_nuclei
from x17.nuclear.masses.choices import FitChoices, Source
from x17.nuclear.masses.mass_result import find_mass
from x17.nuclear.masses.measurement import Measurement
from x17.nuclear.masses.rho_scan import scan_rho

TABLE = load_measurements()
ROWS = TABLE.select()
BOTH = [FitChoices(source=source) for source in Source]


@pytest.mark.parametrize("choices", BOTH, ids=[choice.source.value for choice in BOTH])
def test_weights_add_up_and_chi2_is_one_higher_one_error_away(choices: FitChoices) -> None:
    fit = fit_mass(ROWS, choices)
    assert fit.weights.sum() == pytest.approx(1.0, abs=1e-9)
    assert fit.chi2_at(fit.mass_mev) == pytest.approx(fit.chi2, rel=1e-9)
    rises = fit.chi2_at([fit.mass_mev - fit.error_mev, fit.mass_mev + fit.error_mev]) - fit.chi2
    # θ_min(m) is curved: over its error of 0.16 MeV χ² of angles is a parabola to some ten per cent.
    np.testing.assert_allclose(rises, 1.0, rtol=1e-9 if choices.source is Source.MASSES else 0.15)


def test_angles_fit_as_masses_do_where_angles_are_straight() -> None:
    """With errors a thousand times smaller and masses as close, θ_min(m) is a straight line."""
    rows = [
        replace(
            row,
            mass_mev=16.9 + 1e-3 * ((row.mass_mev or 0.0) - 16.9),
            mass_stat_mev=1e-3 * (row.mass_stat_mev or 0.0),
            mass_syst_mev=1e-3 * (row.mass_syst_mev or 0.2),
        )
        for row in ROWS
    ]
    by_mass, by_angle = (fit_mass(rows, replace(choice)) for choice in BOTH)
    assert by_angle.mass_mev == pytest.approx(by_mass.mass_mev, abs=1e-6)
    assert by_angle.error_mev == pytest.approx(by_mass.error_mev, rel=1e-2)
    np.testing.assert_allclose(by_angle.weights, by_mass.weights, atol=2e-3)


@pytest.mark.parametrize("rows", ["default", "per-energy"])
@pytest.mark.parametrize("rho", [0.0, 0.5, 1.0])
def test_a_common_error_does_not_pull_masses_from_angles_down(rows: str, rho: float) -> None:
    """Common errors in proportion to each value bias a mean; taken at one mass for all they do not.

    The statistical errors alone separate the two fits by 0.011 and 0.013 MeV; 0.02 leaves room for weights.
    """
    masses, angles = (fit_mass(TABLE.select(rows), replace(choice, rho=rho)) for choice in BOTH)
    assert angles.mass_mev == pytest.approx(masses.mass_mev, abs=0.02)
    assert angles.error_mev == pytest.approx(masses.error_mev, rel=0.02)


def test_a_measured_angle_is_used_and_a_mass_comes_of_it() -> None:
    row = Measurement(
        key="a",
        nucleus="8Be",
        target="7Li",
        beam_energies_kev=(1100.0,),
        experiment="",
        laboratory="x",
        angle_deg=137.0,
        angle_stat_deg=1.0,
        angle_syst_deg=0.5,
    )
    fits = [fit_mass([row], choice) for choice in BOTH]
    assert fits[0].mass_mev == pytest.approx(fits[1].mass_mev, abs=1e-9)
    assert np.degrees(fits[1].inputs.relation.angles(fits[1].mass_mev)[0]) == pytest.approx(137.0, abs=1e-9)
    # dθ/dm is 16.6° per MeV there (a table of θ_min at 16.70, 16.85 and 17.00 MeV: 132.92, 135.34, 137.89).
    assert fits[1].error_mev == pytest.approx(np.hypot(1.0, 0.5) / 17.0, rel=0.05)
    assert fits[0].error_mev == pytest.approx(fits[1].error_mev, rel=1e-9)
    assert fits[0].inputs.derived == (False,)
    assert fits[0].p_value is None
    np.testing.assert_array_equal(fits[0].pulls, [0.0])


def test_pulls_of_many_toys_have_width_one() -> None:
    fit = fit_mass(ROWS)
    generator = np.random.default_rng(5)
    draws = (
        16.9 + generator.standard_normal((4000, len(ROWS))) @ np.linalg.cholesky(fit.inputs.mass_covariance).T
    )
    residual = draws - (draws @ fit.weights)[:, None]
    variance = np.diag(fit.inputs.mass_covariance) - fit.error_mev**2
    # Standard error of a width from 4000 draws: 1.1 %; the largest of nine within 4 of them.
    np.testing.assert_allclose((residual / np.sqrt(variance)).std(axis=0), 1.0, atol=0.045)


def test_warnings_name_grades_missing_errors_and_negative_weights() -> None:
    text = "\n".join(fit_mass(ROWS, FitChoices(source=Source.ANGLES)).warnings)
    for part in (
        "be-hanoi has grade B",
        "for be-2018: 0.2 MeV is assumed",
        "negative weight of be-gdr",
        "9 of 9",
    ):
        assert part in text
    quiet = fit_mass(TABLE.select("be-sas-650,be-sas-800"), FitChoices(rho=0.0))
    assert quiet.warnings == ()


def test_statistical_errors_only_know_no_correlation() -> None:
    one, other = (
        fit_mass(ROWS, FitChoices(statistical_only=True, rho=rho, missing_syst_mev=0.3)) for rho in (0.0, 1.0)
    )
    assert one.mass_mev == other.mass_mev
    assert not any(one.inputs.assumed)


def test_nuclei_alone_and_against_each_other() -> None:
    nuclei = fit_nuclei(fit_mass(ROWS))
    assert list(nuclei.fits) == ["8Be", "4He", "12C"]
    assert nuclei.fits["4He"].mass_mev == 16.94
    assert nuclei.ndf == 2
    assert nuclei.p_value is not None
    assert 0.0 < nuclei.p_value < 1.0
    alone = fit_nuclei(fit_mass(TABLE.select("be-2018")))
    assert (alone.ndf, alone.p_value) == (0, None)


def test_the_error_grows_with_the_correlation() -> None:
    scan = scan_rho(fit_mass(ROWS, FitChoices(across=0.4)))
    assert [fit.choices.rho for fit in scan] == pytest.approx(np.linspace(0.0, 1.0, 11).tolist())
    assert [fit.choices.across for fit in scan][:6] == pytest.approx([0.0, 0.1, 0.2, 0.3, 0.4, 0.4])
    assert np.all(np.diff([fit.error_mev for fit in scan]) > 0.0)


def test_masses_beyond_their_transition_are_refused() -> None:
    heavy = replace(ROWS[0], mass_mev=18.5, line=7)
    with pytest.raises(InputError, match=r"line 7, column mass_mev: a mass above the 18.15\d MeV"):
        fit_mass([heavy])


@pytest.mark.parametrize("bad", [{"rho": 2.0}, {"across": 0.9}, {"missing_syst_mev": -1.0}])
def test_impossible_choices_are_refused(bad: dict[str, float]) -> None:
    with pytest.raises(UsageError, match="allowed: 0"):
        FitChoices(**bad)  # type: ignore[arg-type]


def test_a_result_has_its_alternatives() -> None:
    result = find_mass(TABLE)
    names = {variant.name for variant in result.variants}
    assert {"from angles", "statistical errors only", "grade A only", "rows three-nuclei"} <= names
    assert next(one.key for one in result.external) == "denton-gehrlein"
    limits = {row.key: row.rate_limit for row in result.rates if row.rate_limit}
    assert limits == {"be-meg-18.1": 1.2e-5, "be-meg-17.6": 1.8e-6}
