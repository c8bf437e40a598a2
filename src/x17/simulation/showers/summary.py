"""What is compared between drawn showers and fresh ones: sums, resolution, position, correlations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

WIDTHS = (1, 3, 5, 7)
QUANTILES = (0.01, 0.05, 0.16, 0.5, 0.84, 0.95, 0.99)
IMPACT_BINS = 8
_CORE = (0.15865525393145707, 0.8413447460685429)


@dataclass(frozen=True, slots=True, eq=False)
class ShowerSummary:
    """Numbers of a sample of showers; sums are fractions of the energy, around the cell with most energy.

    Attributes
    ----------
    quantiles : ndarray (widths, quantiles)
        Of the sums over 1, 3 × 3, 5 × 5, 7 × 7 cells.
    mean : ndarray (widths,)
        Of the same sums.
    total_median, total_mean : float
        Sum over all cells.
    position_core_mm, position_rms_mm : float
        Half-width of the central 68.3 % and rms of the energy-weighted mean of x in 5 × 5 cells about the
        axis, x and y together.
    offset_mm : ndarray (impact bins,)
        Mean of the same difference against the distance of the axis from the centre of its cell.
    correlation : ndarray (9, 9)
        Between the fractions of the 3 × 3 cells around the brightest, mirrored so that the axis is on its
        upper right.
    """

    quantiles: FloatArray
    mean: FloatArray
    total_median: float
    total_mean: float
    position_core_mm: float
    position_rms_mm: float
    offset_mm: FloatArray
    correlation: FloatArray

    def core(self, width: int) -> float:
        """Half-width of the central 68 % of a sum over its median: the resolution σ/E of the core."""
        low, median, high = (
            self.quantiles[WIDTHS.index(width), QUANTILES.index(q)] for q in (0.16, 0.5, 0.84)
        )
        return float(0.5 * (high - low) / median)

    def median(self, width: int) -> float:
        """Median of a sum."""
        return float(self.quantiles[WIDTHS.index(width), QUANTILES.index(0.5)])

    def rounded(self) -> dict[str, object]:
        """The fields as lists of numbers with five digits, for JSON."""
        return {
            name: np.vectorize(lambda v: float(f"{v:.5g}"))(getattr(self, name)).tolist()
            for name in self.__dataclass_fields__
        }

    @classmethod
    def of(cls, fields: dict[str, object]) -> ShowerSummary:
        """Undo `rounded`; other entries of the dict are left alone."""
        values = {name: np.asarray(fields[name], dtype=float) for name in cls.__dataclass_fields__}
        fields_of: dict[str, Any] = {k: float(v) if v.ndim == 0 else v for k, v in values.items()}
        return cls(**fields_of)


def summarise(fractions: FloatArray, axis: FloatArray, pitch_mm: float) -> ShowerSummary:
    """Summarise a sample of showers.

    Parameters
    ----------
    fractions : ndarray (n, cells, cells)
        Energy of each cell over the particle's; rows along y.
    axis : ndarray (n, 4)
        x, y (mm) at the reference depth, from the centre of the central cell; slopes are not used.
    pitch_mm : float
        Distance of the cells.

    Returns
    -------
    ShowerSummary
    """
    n, cells, _ = fractions.shape
    seed_row, seed_column = np.divmod(np.argmax(fractions.reshape(n, -1), axis=1), cells)
    around = {width: _around_seed(fractions, seed_row, seed_column, width) for width in WIDTHS}
    sums = np.stack([around[width].sum(axis=(1, 2)) for width in WIDTHS])
    total = fractions.sum(axis=(1, 2))

    seed_mm = (np.column_stack([seed_column, seed_row]) - cells // 2) * pitch_mm
    lit = sums[WIDTHS.index(5)] > 0.0  # a few photons pass through
    residual, offset = _position(around[5][lit], seed_mm[lit], axis[lit, :2], pitch_mm)
    inner = around[3].copy()
    to_left, below = (axis[:, :2] < seed_mm).T
    inner[to_left] = inner[to_left][:, :, ::-1]
    inner[below] = inner[below][:, ::-1, :]
    low, high = np.quantile(residual, _CORE)
    return ShowerSummary(
        quantiles=np.quantile(sums, QUANTILES, axis=1).T,
        mean=sums.mean(axis=1),
        total_median=float(np.median(total)),
        total_mean=float(total.mean()),
        position_core_mm=float(0.5 * (high - low)),
        position_rms_mm=float(residual.std()),
        offset_mm=offset,
        correlation=np.corrcoef(inner.reshape(n, 9).T),
    )


def _position(
    box: FloatArray, seed_mm: FloatArray, impact: FloatArray, pitch_mm: float
) -> tuple[FloatArray, FloatArray]:
    """Energy-weighted mean of x and of y minus the axis, flattened, and its mean against the impact."""
    places = np.arange(-2, 3) * pitch_mm
    weighted = np.column_stack([box.sum(axis=1) @ places, box.sum(axis=2) @ places])
    residual = (weighted / box.sum(axis=(1, 2))[:, None] + seed_mm - impact).ravel()
    flat = (impact - pitch_mm * np.rint(impact / pitch_mm)).ravel()  # from the centre of the cell it is in
    bins = np.minimum((np.abs(flat) / (0.5 * pitch_mm) * IMPACT_BINS).astype(int), IMPACT_BINS - 1)
    # Folded at the centre of the cell: an offset towards the centre is negative.
    offset = np.bincount(bins, residual * np.sign(flat), IMPACT_BINS) / np.bincount(
        bins, minlength=IMPACT_BINS
    )
    return residual, offset


def _around_seed(
    fractions: FloatArray, row: NDArray[np.int64], column: NDArray[np.int64], width: int
) -> FloatArray:
    """The cells of a box around the brightest; beyond the patch there is no energy."""
    margin = width // 2
    padded = np.pad(fractions, ((0, 0), (margin, margin), (margin, margin)))
    windows = sliding_window_view(padded, (width, width), axis=(1, 2))
    return np.asarray(windows[np.arange(len(fractions)), row, column])
