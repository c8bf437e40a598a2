from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad

from x17.errors import InputError, UsageError, X17Error
from x17.theory.compton import (
    ComptonProfile,
    Diamond,
    HydrogenicCarbon,
    TabulatedProfile,
    atom,
    carbon_atom,
    hydrogenic_1s,
    hydrogenic_n2,
    momentum_grid,
    read_profile,
)


@pytest.mark.parametrize("profile", [Diamond(), HydrogenicCarbon(), carbon_atom()], ids=lambda p: p.name)
def test_profiles_are_even_fall_and_count_six_electrons(profile: ComptonProfile) -> None:
    q, weight = momentum_grid()
    # The tail of diamond's cubic profile beyond 120 a.u. is 4·w²·3√3/(8π·120²)·… = 5e-5 of six.
    assert np.sum(profile.density(q) * weight) == pytest.approx(6.0, rel=1e-4)
    half = np.linspace(0.0, 100.0, 500)
    values = profile.density(half)
    assert (np.diff(values) <= 0.0).all()
    np.testing.assert_allclose(profile.density(-half), values, rtol=1e-14)


def test_diamond_has_the_height_and_width_that_fit_the_published_yield() -> None:
    # Recomputed: J(0) = 2.26 (rounded), half width at half maximum 0.925 a.u.
    peak = float(Diamond().density(0.0))
    assert peak == pytest.approx(2.26, abs=0.01)
    assert float(Diamond().density(0.925)) == pytest.approx(peak / 2, rel=2e-3)


def test_hydrogenic_orbitals_are_normalised() -> None:
    for function in (
        lambda q: float(hydrogenic_1s(q, 5.67)),
        lambda q: float(hydrogenic_n2(q, 3.25, s_wave=True)),
        lambda q: float(hydrogenic_n2(q, 3.25, s_wave=False)),
    ):
        assert quad(function, -np.inf, np.inf)[0] == pytest.approx(1.0, abs=1e-7)


def test_hydrogenic_2p_from_its_momentum_density() -> None:
    """J(q) = 2π ∫ p n(p) dp of n = N p²/(p² + κ²)⁶, by quadrature."""
    kappa = 1.625
    norm = quad(lambda p: 4 * np.pi * p**4 / (p**2 + kappa**2) ** 6, 0, np.inf)[0]
    for q in (0.0, 0.7, 2.5):
        integral = quad(lambda p: 2 * np.pi * p**3 / (p**2 + kappa**2) ** 6, q, np.inf)[0]
        assert float(hydrogenic_n2(q, 3.25, s_wave=False)) == pytest.approx(integral / norm, rel=1e-6)


def test_free_carbon_is_the_shipped_table() -> None:
    # Biggs, Mendelsohn, Mann: J(0) = 2.89, J(1) = 0.881; scaling to Z moves them by less than 1e-3.
    assert carbon_atom().density(np.array([0.0, 1.0])) == pytest.approx([2.89, 0.881], rel=1e-3)


def test_grid_integrates_what_yields_are_made_of() -> None:
    q, weight = momentum_grid()
    assert np.sum(weight * np.exp(-0.5 * ((q - 3) / 0.3) ** 2)) == pytest.approx(
        0.3 * np.sqrt(2 * np.pi), rel=1e-9
    )


def write(path: Path, q: np.ndarray, j: np.ndarray, header: str = "q_au,j_au") -> Path:
    rows = "".join(f"{a!r},{b!r}\n" for a, b in zip(q.tolist(), j.tolist(), strict=True))
    path.write_text(f"# mine\n{header}\n{rows}")
    return path


GRID = np.concatenate([np.linspace(0, 3, 31), np.geomspace(3.2, 100, 60)])


def test_a_users_table_gives_back_the_profile_it_was_made_of(tmp_path: Path) -> None:
    profile = read_profile(write(tmp_path / "t.csv", GRID, HydrogenicCarbon().density(GRID)), 6.0)
    q = np.linspace(-20, 20, 401)
    np.testing.assert_allclose(profile.density(q), HydrogenicCarbon().density(q), rtol=5e-3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda q, j: (q, -j), "not positive"),
        (lambda q, j: (q, np.where(q == q[3], 0.0, j)), "not positive"),
        (lambda q, j: (q[:20], j[:20]), "does not fall to zero"),
        (lambda q, j: (q, 2 * j), "does not integrate to Z"),
        (lambda q, j: (q[::-1], j), "rise from 0"),
        (lambda q, j: (q + 1, j), "rise from 0"),
        (lambda q, j: (q, np.where(q == q[3], np.nan, j)), "not positive"),
        (lambda q, j: (q[:3], j[:3]), "too few points"),
    ],
)
def test_tables_that_are_no_profile(tmp_path: Path, change, words: str) -> None:
    q, j = change(GRID, HydrogenicCarbon().density(GRID))
    with pytest.raises(InputError, match=words):
        read_profile(write(tmp_path / "t.csv", q, j), 6.0)


@pytest.mark.parametrize(
    "content", ["", "a,b\n1,2\n", "q_au,j_au\n1\n", "q_au,j_au\nx,1\n", "q_au,j_au\n1,2,3\n", "\x00\x01"]
)
def test_files_that_are_no_table(tmp_path: Path, content: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content)
    with pytest.raises(X17Error, match=r"bad\.csv"):
        read_profile(path, 6.0)
    with pytest.raises(UsageError, match="cannot be read"):
        read_profile(tmp_path / "none.csv", 6.0)


def test_other_elements_need_xraylib() -> None:
    try:
        import xraylib  # noqa: F401 - only whether it is there
    except ImportError:
        with pytest.raises(UsageError, match="xraylib"):
            atom(29)
    else:
        assert isinstance(atom(29), TabulatedProfile)
        assert atom(29).electrons == 29.0
