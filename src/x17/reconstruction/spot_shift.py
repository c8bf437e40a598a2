"""What a beam line in the wrong place does to the yield."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.angle_windows import AngleWindows
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.overlap_ratio import overlap_ratio
from x17.reconstruction.pair_selection import SelectionSettings, select_pairs

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

DIRECTIONS = ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))


@dataclass(frozen=True, slots=True, eq=False)
class SpotShift:
    """Change of the yield when the selection is done about a displaced line; arrays have shape (4,).

    Attributes
    ----------
    shift_mm : float
        Size of the displacement.
    change, change_error : ndarray
        Relative, towards +x, −x, +y, −y; the error is that of the events that differ.
    """

    shift_mm: float
    change: FloatArray
    change_error: FloatArray

    @property
    def per_mm(self) -> float:
        """Root mean square of the change over the four directions, for each mm."""
        return float(np.sqrt(np.mean(self.change**2))) / self.shift_mm

    @property
    def per_mm_error(self) -> float:
        """Error of `per_mm`, from those of the four; they are taken as independent."""
        size = np.linalg.norm(self.change)
        if size == 0.0:
            return float(np.max(self.change_error)) / self.shift_mm
        return float(np.linalg.norm(self.change * self.change_error) / size / 2.0) / self.shift_mm


def spot_shift(
    clusters: Clusters,
    run_of_event: IntArray,
    weight: FloatArray,
    beam_lines: Sequence[BeamLine],
    sqrt_s: float,
    setup: Setup,
    *,
    shift_mm: float = 2.0,
    at_target: bool = True,
    at_calorimeter: bool = True,
    settings: SelectionSettings | None = None,
    windows: AngleWindows | None = None,
) -> SpotShift:
    """Select the same events about displaced lines.

    Parameters
    ----------
    clusters : Clusters
    run_of_event : ndarray of int, shape (n_events,)
    weight : ndarray, shape (n_events,)
    beam_lines : sequence of BeamLine
    sqrt_s : float
        MeV.
    setup : Setup
    shift_mm : float
        The change is hardly more than linear up to a few mm; a larger one is known better.
    at_target, at_calorimeter : bool
        Which ends of the line are displaced: both shift it, one alone tilts it.
    settings : SelectionSettings, optional
    windows : AngleWindows, optional

    Returns
    -------
    SpotShift

    Raises
    ------
    UsageError
        A shift that is not positive, or of neither end.
    """
    if shift_mm <= 0.0 or not (at_target or at_calorimeter):
        raise UsageError(f"a shift of {shift_mm:g} mm; allowed: above 0, of at least one end of the line")
    windows = AngleWindows() if windows is None else windows

    def yields(lines: Sequence[BeamLine]) -> FloatArray:
        pairs, _ = select_pairs(clusters, run_of_event, weight, lines, sqrt_s, setup, settings)
        kept = pairs.select(windows.inside(pairs))
        sums = np.bincount(kept.event, kept.weight, minlength=clusters.n_events)
        return sums.astype(np.float64)

    before = yields(beam_lines)
    ratios = []
    for x, y in DIRECTIONS:
        move = (shift_mm * x, shift_mm * y)
        moved = [_moved(line, *move, at_target, at_calorimeter) for line in beam_lines]
        ratios.append(overlap_ratio(yields(moved), before))
    ratio, error = np.array(ratios).T
    return SpotShift(shift_mm, ratio - 1.0, error)


def _moved(line: BeamLine, x: float, y: float, at_target: bool, at_calorimeter: bool) -> BeamLine:
    target, cog = float(at_target), float(at_calorimeter)
    return replace(
        line,
        target_x_mm=line.target_x_mm + target * x,
        target_y_mm=line.target_y_mm + target * y,
        cog_x_mm=line.cog_x_mm + cog * x,
        cog_y_mm=line.cog_y_mm + cog * y,
    )
