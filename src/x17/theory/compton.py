"""The momentum of bound electrons along the beam: Compton profiles J(q).

J(q) dq is the number of an atom's electrons with momentum component q along a direction, in atomic units of
momentum, 1 a.u. = α m_e = 3.729 keV; ∫ J dq = Z, J(−q) = J(q).
"""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import InputError, Problem, UsageError, missing_extra

FloatArray = NDArray[np.float64]

CARBON_1S_ZETA = 5.67
"""Effective charge of carbon's 1s electrons, arXiv:2403.15387."""

DIAMOND_VALENCE_WIDTH = 0.847
"""w of diamond's valence electrons, a.u.: fitted to the yield published in arXiv:2403.15387, ± 0.027."""

DIAMOND_VALENCE_WIDTH_ERR = 0.027

_LARGEST_Q = 120.0
_NORMALISATION_TOLERANCE = 0.02


class ComptonProfile(Protocol):
    """What the yield needs of a profile."""

    @property
    def name(self) -> str:
        """For tables and reports."""
        ...

    @property
    def electrons(self) -> float:
        """Z: electrons per atom, ∫ J dq."""
        ...

    def density(self, q: ArrayLike) -> FloatArray:
        """J(q) per atom, q in atomic units."""
        ...


def hydrogenic_1s(q: ArrayLike, zeta: float) -> FloatArray:
    """Compton profile of one 1s electron, J = 8 ζ⁵ / (3π (ζ² + q²)³).

    Parameters
    ----------
    q : array_like
        Momentum, a.u.
    zeta : float
        Effective charge.

    Returns
    -------
    ndarray
        ∫ over all q is one.
    """
    return np.asarray(8.0 * zeta**5 / (3.0 * math.pi * (zeta**2 + np.square(q)) ** 3))


def hydrogenic_n2(q: ArrayLike, zeta: float, *, s_wave: bool) -> FloatArray:
    """Compton profile of one hydrogenic 2s or 2p electron, averaged over directions.

    From J(q) = 2π ∫_{|q|}^∞ p n(p) dp with n ∝ (p² − κ²)²/(p² + κ²)⁶ for 2s and p²/(p² + κ²)⁶ for 2p,
    κ = ζ/2.

    Parameters
    ----------
    q : array_like
        Momentum, a.u.
    zeta : float
        Effective charge.
    s_wave : bool
        2s, else 2p.

    Returns
    -------
    ndarray
        ∫ over all q is one.
    """
    k2 = (0.5 * zeta) ** 2
    d = np.square(q) + k2
    if s_wave:
        shape = 1.0 / (3.0 * d**3) - k2 / d**4 + 4.0 * k2**2 / (5.0 * d**5)
        # ∫ dq (q² + κ²)^−n = √π Γ(n − ½)/Γ(n) κ^{1−2n}
        norm = (
            _power_integral(3, k2) / 3.0 - k2 * _power_integral(4, k2) + 0.8 * k2**2 * _power_integral(5, k2)
        )
    else:
        shape = 1.0 / (4.0 * d**4) - k2 / (5.0 * d**5)
        norm = 0.25 * _power_integral(4, k2) - 0.2 * k2 * _power_integral(5, k2)
    return np.asarray(shape / norm)


def _power_integral(n: int, k2: float) -> float:
    return math.sqrt(math.pi) * math.gamma(n - 0.5) / math.gamma(n) * math.pow(k2, 0.5 - n)


@dataclass(frozen=True, slots=True)
class HydrogenicCarbon:
    """Carbon from hydrogenic orbitals: two 1s electrons, two 2s and two 2p with Slater's charge.

    Attributes
    ----------
    zeta_1s, zeta_2 : float
        Effective charges; Slater's rules give 3.25 for n = 2.
    """

    zeta_1s: float = CARBON_1S_ZETA
    zeta_2: float = 3.25
    name: str = "hydrogenic"
    electrons: float = 6.0

    def density(self, q: ArrayLike) -> FloatArray:
        """J(q), a.u.; see `ComptonProfile`."""
        outer = hydrogenic_n2(q, self.zeta_2, s_wave=True) + hydrogenic_n2(q, self.zeta_2, s_wave=False)
        return np.asarray(2.0 * hydrogenic_1s(q, self.zeta_1s) + 2.0 * outer)


@dataclass(frozen=True, slots=True)
class Diamond:
    """Effective profile of diamond: 2 J_1s(ζ) + 4 J_val, J_val ∝ 1/(1 + (|q|/w)³).

    It reproduces the yield published in arXiv:2403.15387, whose own profile is not public.

    Attributes
    ----------
    valence_width : float
        w, a.u.
    zeta_1s : float
        Effective charge of the 1s electrons.
    """

    valence_width: float = DIAMOND_VALENCE_WIDTH
    zeta_1s: float = CARBON_1S_ZETA
    name: str = "diamond"
    electrons: float = 6.0

    def density(self, q: ArrayLike) -> FloatArray:
        """J(q), a.u.; see `ComptonProfile`."""
        x = np.abs(np.asarray(q, dtype=np.float64)) / self.valence_width
        # ∫ dx/(1 + |x|³) over all x is 4π/(3√3).
        valence = 3.0 * math.sqrt(3.0) / (4.0 * math.pi * self.valence_width) / (1.0 + x**3)
        return np.asarray(2.0 * hydrogenic_1s(q, self.zeta_1s) + 4.0 * valence)


@dataclass(frozen=True, slots=True, eq=False)
class TabulatedProfile:
    """A profile from a table of q and J(q), q ≥ 0.

    Between the points ln J is interpolated with a monotone cubic; beyond the last J is zero. The table is
    scaled to integrate to Z exactly.

    Attributes
    ----------
    name : str
    electrons : float
        Z.
    q, j : ndarray, shape (n,)

    Raises
    ------
    InputError
        A table that is not positive, not rising in q from 0, does not fall to zero, or does not integrate
        to Z.
    """

    name: str
    electrons: float
    q: FloatArray
    j: FloatArray
    _scale: float = field(init=False, default=1.0)

    def __post_init__(self) -> None:
        problems = _table_problems(self.q, self.j)
        if not problems:
            grid = np.linspace(0.0, float(self.q[-1]), 20_001)
            total = 2.0 * float(np.trapezoid(self._interpolated(grid), grid))
            if abs(total / self.electrons - 1.0) > _NORMALISATION_TOLERANCE:
                problems.append(
                    Problem(
                        "the profile does not integrate to Z",
                        None,
                        "j_au",
                        f"{total:.4g}",
                        f"{self.electrons:g}",
                    )
                )
            object.__setattr__(self, "_scale", self.electrons / total)
        if problems:
            raise InputError(
                self.name, problems, "A Compton table has columns q_au, j_au: J per atom, q ≥ 0."
            )

    def _interpolated(self, q: FloatArray) -> FloatArray:
        from scipy.interpolate import PchipInterpolator

        inside = np.abs(q) <= self.q[-1]
        values = PchipInterpolator(self.q, np.log(self.j))(np.minimum(np.abs(q), self.q[-1]))
        return np.where(inside, np.exp(values), 0.0)

    def density(self, q: ArrayLike) -> FloatArray:
        """J(q), a.u.; see `ComptonProfile`."""
        return self._scale * self._interpolated(np.asarray(q, dtype=np.float64))


def _table_problems(q: FloatArray, j: FloatArray) -> list[Problem]:
    problems = []
    if q.size < 4:
        return [Problem("too few points", None, "q_au", str(q.size), "4 or more")]
    if not (np.all(np.isfinite(q)) and q[0] == 0.0 and np.all(np.diff(q) > 0.0)):
        problems.append(Problem("q does not rise from 0", None, "q_au", str(q[0]), "0, then rising"))
    if not (np.all(np.isfinite(j)) and np.all(j > 0.0)):
        problems.append(Problem("the profile is not positive", None, "j_au", str(np.min(j)), "above 0"))
    elif j[-1] > 1e-3 * j.max():
        problems.append(
            Problem(
                "the profile does not fall to zero", None, "j_au", str(j[-1]), f"below {1e-3 * j.max():.3g}"
            )
        )
    return problems


def read_profile(path: str | Path, electrons: float) -> TabulatedProfile:
    """Read a profile from a CSV with the columns q_au, j_au; lines that start with # are comments.

    Parameters
    ----------
    path : str or Path
    electrons : float
        Z of the element.

    Returns
    -------
    TabulatedProfile

    Raises
    ------
    UsageError, InputError
        A file that cannot be read, or a table that is no Compton profile.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--profile {path}: cannot be read as text") from error
    return _parse(str(path), text, electrons)


def _parse(name: str, text: str, electrons: float) -> TabulatedProfile:
    lines = [(n, line) for n, line in enumerate(text.splitlines(), 1) if line.strip() and line[0] != "#"]
    rows: list[tuple[float, float]] = []
    problems = []
    if not lines or [cell.strip() for cell in lines[0][1].split(",")] != ["q_au", "j_au"]:
        raise InputError(name, [Problem("the header is missing", 1, None, None, "q_au,j_au")])
    for number, row in zip([n for n, _ in lines[1:]], csv.reader(line for _, line in lines[1:]), strict=True):
        try:
            q, j = (float(cell) for cell in row)
            rows.append((q, j))
        except ValueError:
            problems.append(Problem("not two numbers", number, None, ",".join(row)[:40]))
    if problems:
        raise InputError(name, problems)
    table = np.array(rows, dtype=np.float64).reshape((-1, 2))
    return TabulatedProfile(name, electrons, table[:, 0].copy(), table[:, 1].copy())


def carbon_atom() -> TabulatedProfile:
    """The free carbon atom, Hartree–Fock: Biggs, Mendelsohn and Mann, ADNDT 16 (1975) 201.

    Returns
    -------
    TabulatedProfile
    """
    return _shipped_atom(6)


_SHIPPED_ATOMS = {3: "lithium", 4: "beryllium", 6: "carbon", 13: "aluminium"}


def _shipped_atom(atomic_number: int) -> TabulatedProfile:
    name = _SHIPPED_ATOMS[atomic_number]
    table = files("x17.theory").joinpath(f"data/compton_{name}_atom.csv").read_text(encoding="utf-8")
    return _parse(name, table, float(atomic_number))


def atom(atomic_number: int) -> TabulatedProfile:
    """A free atom, Hartree–Fock: a table of the package for Li, Be, C and Al, else xraylib's.

    All are those of Biggs, Mendelsohn and Mann; xraylib is the extra `[profiles]`.

    Parameters
    ----------
    atomic_number : int
        Z.

    Returns
    -------
    TabulatedProfile

    Raises
    ------
    UsageError
        xraylib is not installed or does not know the element.
    """
    if atomic_number in _SHIPPED_ATOMS:
        return _shipped_atom(atomic_number)
    try:
        import xraylib
    except ImportError:
        raise missing_extra(
            f"the Compton profile of Z = {atomic_number} needs xraylib",
            "profiles",
            "give a table with --profile FILE, or take electrons at rest: rest",
        ) from None
    q = np.concatenate([np.linspace(0.0, 2.0, 41), np.geomspace(2.1, 100.0, 120)])
    try:
        j = np.array([xraylib.ComptonProfile(atomic_number, float(value)) for value in q])
    except ValueError as error:
        raise UsageError(f"xraylib has no Compton profile for Z = {atomic_number}: {error}") from error
    keep = j > 0.0
    return TabulatedProfile(f"atom Z = {atomic_number}", float(atomic_number), q[keep], j[keep])


def momentum_grid(step: float = 0.02) -> tuple[FloatArray, FloatArray]:
    """Momenta and weights for integrals over q, dense where profiles have structure.

    q = sinh(x)/2 on an even grid in x, so that the step grows with q; |q| ≤ 120 a.u. (0.88 m_e).

    Parameters
    ----------
    step : float
        Step in x.

    Returns
    -------
    q, weight : ndarray
        ∫ f dq ≈ Σ weight f(q).
    """
    largest = math.asinh(2.0 * _LARGEST_Q)
    x = np.linspace(-largest, largest, 2 * math.ceil(largest / step) + 1)
    weight = 0.5 * np.cosh(x) * (x[1] - x[0])
    weight[[0, -1]] *= 0.5
    return 0.5 * np.sinh(x), weight
