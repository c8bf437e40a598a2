"""The line shape computed from the electrons' momenta, as a table that fits can move in.

Beam energy and resonance scale together: V(E; E_res) = f(E/E_res − 1; w, b)/E_res, with w the valence width
of the Compton profile and b the relative beam spread. f is tabulated on an even grid of x and expanded in
Chebyshev polynomials of w and b, so that its value and its derivatives cost the same anywhere in the range.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import ArrayLike, NDArray

from x17.errors import UsageError
from x17.theory.boson import Boson, SpinParity
from x17.theory.compton import DIAMOND_VALENCE_WIDTH, DIAMOND_VALENCE_WIDTH_ERR, Diamond
from x17.theory.production import momentum_distribution, resonant_energy_mev, yield_curve
from x17.theory.target import Target

FloatArray = NDArray[np.float64]

X_RANGE = 0.25
"""|E/E_res − 1| covered: ± 70 MeV at 280 MeV; beyond, the value at the edge."""

_X_STEP = 4e-4
_WIDTH_NODES, _SPREAD_NODES = 6, 12
_WIDTH_SIGMAS = 7.0
_SPREAD_RANGE = (0.16, 2.4)
_REFERENCE_MASS_MEV = 17.0


@dataclass(frozen=True, slots=True, eq=False)
class ShapeTable:
    """f(x; w, b) as Chebyshev coefficients on a grid of x.

    Attributes
    ----------
    coefficients : ndarray, shape (n_x, n_w, n_b)
    x_low, x_step : float
        Grid of x = E/E_res − 1.
    width, spread : (float, float)
        Middle and half range of w (a.u.) and of b.
    """

    coefficients: FloatArray
    x_low: float
    x_step: float
    width: tuple[float, float]
    spread: tuple[float, float]

    def evaluate(self, x: ArrayLike, width: ArrayLike, spread: ArrayLike) -> FloatArray:
        """f, by cubic interpolation in x; arguments broadcast.

        Parameters
        ----------
        x, width, spread : array_like

        Returns
        -------
        ndarray

        Raises
        ------
        UsageError
            A width or spread outside the table.
        """
        x, width, spread = (np.asarray(a, dtype=np.float64) for a in (x, width, spread))
        shape = np.broadcast_shapes(x.shape, width.shape, spread.shape)
        x, width, spread = (np.broadcast_to(a, shape) for a in (x, width, spread))
        u = (width - self.width[0]) / self.width[1]
        v = (spread - self.spread[0]) / self.spread[1]
        if np.any(np.abs(u) > 1.0) or np.any(np.abs(v) > 1.0):
            raise UsageError(
                "the valence width or the beam spread lies outside the table of the computed line"
            )
        n_x, n_w, n_b = self.coefficients.shape
        position = np.clip((x - self.x_low) / self.x_step, 1.0, n_x - 2.000001)
        cell = position.astype(np.int64)
        t = position - cell
        weights = lagrange_weights(t)
        row = sum(w[..., None, None] * self.coefficients[cell + k - 1] for k, w in enumerate(weights))
        in_w, in_b = chebyshev.chebvander(u, n_w - 1), chebyshev.chebvander(v, n_b - 1)
        return np.asarray(np.einsum("...mn,...m,...n->...", row, in_w, in_b))


def lagrange_weights(t: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Weights of the points −1, 0, 1, 2 for cubic interpolation at t in 0…1.

    Parameters
    ----------
    t : ndarray

    Returns
    -------
    tuple of 4 ndarray
    """
    return (
        -t * (t - 1.0) * (t - 2.0) / 6.0,
        (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0,
        -(t + 1.0) * t * (t - 2.0) / 2.0,
        (t + 1.0) * t * (t - 1.0) / 6.0,
    )


def tabulate(width: float, width_err: float, spread: float) -> ShapeTable:
    """Tabulate the line of diamond around central values.

    Parameters
    ----------
    width, width_err : float
        w and its error, a.u.: seven errors to each side are covered.
    spread : float
        b: from 0.16 to 2.4 times it is covered.

    Returns
    -------
    ShapeTable
    """
    w_half = min(_WIDTH_SIGMAS * width_err, 0.9 * width)
    b_mid = 0.5 * spread * (_SPREAD_RANGE[0] + _SPREAD_RANGE[1])
    b_half = 0.5 * spread * (_SPREAD_RANGE[1] - _SPREAD_RANGE[0])
    nodes_w = width + w_half * chebyshev.chebpts1(_WIDTH_NODES)
    nodes_b = b_mid + b_half * chebyshev.chebpts1(_SPREAD_NODES)
    x = np.arange(-X_RANGE, X_RANGE + 0.5 * _X_STEP, _X_STEP)
    boson = Boson(_REFERENCE_MASS_MEV, SpinParity.VECTOR, 1.0)
    shares = []
    for w in nodes_w:
        energy, area = momentum_distribution(boson, Diamond(float(w)))
        shares.append(area / area.sum())
    shift = energy / float(resonant_energy_mev(_REFERENCE_MASS_MEV, 0.0)) - 1.0
    values = np.empty((x.size, _WIDTH_NODES, _SPREAD_NODES))
    for n, b in enumerate(nodes_b):
        # Electrons so fast that their resonance is far outside contribute nothing to any x of the grid.
        near = np.abs(shift) < X_RANGE + 10.0 * b
        gauss = np.exp(-0.5 * ((x[:, None] - shift[near]) / b) ** 2) / (b * np.sqrt(2.0 * np.pi))
        values[:, :, n] = gauss @ np.array(shares)[:, near].T
    to_w = np.linalg.inv(chebyshev.chebvander(chebyshev.chebpts1(_WIDTH_NODES), _WIDTH_NODES - 1))
    to_b = np.linalg.inv(chebyshev.chebvander(chebyshev.chebpts1(_SPREAD_NODES), _SPREAD_NODES - 1))
    coefficients = np.einsum("xij,mi,nj->xmn", values, to_w, to_b)
    return ShapeTable(
        np.ascontiguousarray(coefficients), float(x[0]), _X_STEP, (width, w_half), (b_mid, b_half)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """The computed line shape, with the interface of `x17.theory.lineshape.Voigt`.

    Attributes
    ----------
    area_mev : float
        A: area under the yield per positron at g = 1, MeV.
    valence_width : float
        w, a.u.
    relative_spread : float
        b.
    covariance : ndarray, shape (3, 3)
        Of (A, w, b).
    table : ShapeTable
    """

    area_mev: float
    valence_width: float
    relative_spread: float
    covariance: FloatArray
    table: ShapeTable

    @property
    def width_name(self) -> str:
        """Name of the nuisance that widens the line besides the beam: the valence width w."""
        return "w"

    @classmethod
    def of_diamond(
        cls,
        relative_spread: float,
        spread_err: float,
        *,
        area_factor: float = 1.0,
        area_relative_err: float = 0.013,
        target: Target | None = None,
    ) -> Computed:
        """The line of a thin diamond: A 1.3 %, w = 0.847(27) a.u., and the beam spread as nuisances.

        Parameters
        ----------
        relative_spread, spread_err : float
            b and its error.
        area_factor : float
            Area of the boson's line over that of a vector's.
        area_relative_err : float
            Relative error of A.
        target : Target, optional
            0.1 mm of diamond by default.

        Returns
        -------
        Computed
        """
        boson = Boson(_REFERENCE_MASS_MEV, SpinParity.VECTOR, 1.0)
        area = (
            area_factor * yield_curve(boson, target or Target(), [280.0], relative_spread, Diamond()).area_mev
        )
        errors = np.array([area_relative_err * area, DIAMOND_VALENCE_WIDTH_ERR, spread_err])
        return cls(
            area,
            DIAMOND_VALENCE_WIDTH,
            relative_spread,
            np.diag(errors**2),
            tabulate(DIAMOND_VALENCE_WIDTH, DIAMOND_VALENCE_WIDTH_ERR, relative_spread),
        )

    @property
    def parameters(self) -> tuple[float, float, float]:
        """Central (A, w, b)."""
        return self.area_mev, self.valence_width, self.relative_spread

    def kernel_table(self) -> tuple[FloatArray, FloatArray]:
        """Table and axes (x_low, 1/x_step, middle and inverse half range of w, and of b) for the fit."""
        table = self.table
        axes = [
            table.x_low,
            1.0 / table.x_step,
            table.width[0],
            1.0 / table.width[1],
            table.spread[0],
            1.0 / table.spread[1],
        ]
        return table.coefficients, np.array(axes)

    def unit_profile(
        self, beam_energy: ArrayLike, resonance_energy: ArrayLike, width: ArrayLike, spread: ArrayLike
    ) -> FloatArray:
        """Profile of unit area for given w and b, 1/MeV; arguments broadcast.

        Parameters
        ----------
        beam_energy, resonance_energy : array_like
            MeV.
        width, spread : array_like
            w and b.

        Returns
        -------
        ndarray
        """
        center = np.asarray(resonance_energy, dtype=np.float64)
        x = np.asarray(beam_energy, dtype=np.float64) / center - 1.0
        return self.table.evaluate(x, width, spread) / center

    def yield_per_pot(self, beam_energy: ArrayLike, resonance_energy: ArrayLike) -> FloatArray:
        """Bosons made per positron on target at unit coupling.

        Parameters
        ----------
        beam_energy, resonance_energy : array_like
            MeV.

        Returns
        -------
        ndarray
        """
        return self.area_mev * self.unit_profile(
            beam_energy, resonance_energy, self.valence_width, self.relative_spread
        )
