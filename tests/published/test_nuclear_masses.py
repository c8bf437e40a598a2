"""Masses that others derived from nuclear measurements, and what comes out here."""

import numpy as np
import pytest

from x17.combination import GaussianMass
from x17.nuclear.masses import external_masses, fit_mass, load_measurements
from x17.nuclear.masses.angle_relation import AngleRelation
from x17.nuclear.masses.choices import FitChoices, Source
from x17.nuclear.masses.measurement import Measurement
from x17.nuclear.masses.weighted_mean import weighted_mean

TABLE = load_measurements()
EXTERNAL = {one.key: one for one in external_masses()}


def test_eleven_masses_with_statistical_errors() -> None:
    """Weighted mean of 4 + 3 + 4 published masses: 16.960(36) MeV, χ² = 12.1/10, to the digits quoted."""
    fit = fit_mass(TABLE.select("per-energy"), FitChoices(statistical_only=True))
    assert fit.mass_mev == pytest.approx(16.960, abs=5e-4)
    assert fit.error_mev == pytest.approx(0.036, abs=5e-4)
    assert (fit.chi2, fit.ndf) == (pytest.approx(12.1, abs=0.05), 10)


@pytest.mark.parametrize(("rho", "mass", "error"), [(0.0, 16.97, 0.16), (1.0, 17.07, 0.19)])
def test_three_nuclei(rho: float, mass: float, error: float) -> None:
    """16.70, 16.94 and 17.03 MeV, with systematic errors independent and fully common."""
    fit = fit_mass(TABLE.select("three-nuclei"), FitChoices(rho=rho))
    assert fit.mass_mev == pytest.approx(mass, abs=5e-3)
    assert fit.error_mev == pytest.approx(error, abs=5e-3)


def test_the_mean_of_arxiv_2205_07744() -> None:
    """16.95(10)(21) is the plain mean of three of its four energies."""
    rows = TABLE.select("be-sas-650,be-sas-800,be-sas-1100")
    assert np.mean([row.mass_mev for row in rows]) == pytest.approx(EXTERNAL["sas-mean"].mass_mev, abs=5e-3)


def test_the_joint_mass_of_arxiv_2504_11439_is_a_weighted_mean() -> None:
    """16.88(5) MeV of a nuclear 16.78(12) and a PADME mass of 16.900(55), to the digits quoted."""
    nuclear, joint = EXTERNAL["arxiv-2504-nuclear"], EXTERNAL["arxiv-2504-joint"]
    values = np.array([nuclear.mass_mev, 16.900])
    mean = weighted_mean(values, np.diag(np.square([nuclear.error_mev, 0.055])))
    assert mean.value == pytest.approx(joint.mass_mev, abs=5e-3)
    assert mean.error == pytest.approx(joint.error_mev, abs=5e-3)


def test_no_average_of_the_published_masses_gives_the_quoted_one() -> None:
    """16.85(4) MeV from angles: with statistical errors alone every fit here lies 0.08 to 0.13 MeV above."""
    quoted = EXTERNAL["denton-gehrlein"].mass_mev
    for rows in ("default", "per-energy", "three-nuclei"):
        for source in Source:
            fit = fit_mass(TABLE.select(rows), FitChoices(source=source, statistical_only=True))
            assert 0.08 < fit.mass_mev - quoted < 0.13


@pytest.mark.parametrize(
    ("target", "beam_mev", "slope", "tolerance"),
    [("7Li", 0.441, 22.0, 0.5), ("7Li", 1.03, 17.0, 0.3), ("11B", 1.7, 24.0, 1.0)],
)
def test_degrees_per_mev(target: str, beam_mev: float, slope: float, tolerance: float) -> None:
    """Sensitivities by finite differences of a printed table, between 16.70 and 17.00 MeV."""
    row = Measurement(
        key="a",
        nucleus="",
        target=target,
        beam_energies_kev=(1000.0 * beam_mev,),
        experiment="",
        laboratory="",
        mass_mev=16.85,
        mass_stat_mev=0.1,
    )
    relation = AngleRelation.of([row], exact=False)
    low, high = np.degrees(relation.angles([16.70, 17.00]))[:, 0]
    assert (high - low) / 0.3 == pytest.approx(slope, abs=tolerance)


def test_meg_ii_does_not_exclude_the_rate_of_atomki() -> None:
    """R < 1.2e-5 at 18.1 MeV against 6(1)e-6, with p = 6.2 % for that signal."""
    rows = TABLE.by_key
    limit, rate = rows["be-meg-18.1"], rows["be-2018"]
    assert limit.rate_limit == 1.2e-5
    assert rate.rate == 6e-6
    assert limit.hypothesis_p == 0.062
    assert rows["be-meg-17.6"].rate_limit == 1.8e-6


def test_a_quoted_mass_is_a_parabola() -> None:
    term = GaussianMass(16.85, 0.04)
    np.testing.assert_allclose(term.chi2_at([16.81, 16.85, 16.93]), [1.0, 0.0, 4.0], atol=1e-9)
