"""The charged-particle tagger: plastic bars in front of the calorimeter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike

from x17.apparatus.cell_map import OUTSIDE, IntArray
from x17.apparatus.quantity import Count, Fraction, Length, Part, Position, Quantity, Time, Width
from x17.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedTagger(Part):
    """Rows of horizontal bars, the middle ones split in two halves around the beam hole.

    Attributes
    ----------
    n_rows : int
    split_rows : tuple of int
        Rows, counted from 0 at the bottom, that are split in a left and a right half.
    bar_height_mm, bar_thickness_mm : float
    bar_length_mm, half_bar_length_mm : float
        Of a whole bar, and of each half of a split one.
    offset_y_mm : float
        y of the middle of all rows.
    gap_to_calorimeter_mm : float
        From the back of the bars to the front face of the calorimeter.
    sensors_per_end : int
        Light sensors at each read-out end.
    radiation_lengths : float
        Thickness of a bar in radiation lengths.
    time_noise_ns : float
        Gaussian smearing of simulated times.
    merge_window_ns : float
        Deposits closer in time are one hit.
    sensors_needed : int
        Least number of sensors of one end in a match with a cluster.
    match_time_rms_ns : float
        Largest rms of their times.
    match_time_min_ns, match_time_max_ns : float
        Their time relative to the cluster.
    """

    n_rows: Count = 15
    split_rows: tuple[int, ...] = (6, 7, 8)
    bar_height_mm: Length = 44.0
    bar_thickness_mm: Length = 5.0
    bar_length_mm: Length = 660.0
    half_bar_length_mm: Length = 265.0
    offset_y_mm: Position = 0.0
    gap_to_calorimeter_mm: Width = 13.0
    sensors_per_end: Count = 4
    radiation_lengths: Fraction = 0.012
    time_noise_ns: Time = 0.4
    merge_window_ns: Time = 5.0
    sensors_needed: Count = 3
    match_time_rms_ns: Time = 0.8
    match_time_min_ns: Annotated[float, Quantity("ns", least=-1e6, most=1e6)] = 15.0
    match_time_max_ns: Annotated[float, Quantity("ns", least=-1e6, most=1e6)] = 24.0

    def contradictions(self) -> list[Problem]:
        """Find split rows that are not there or given twice, halves longer than a bar, an empty window."""
        problems = [
            Problem("no such row", None, "split_rows", str(row), f"0 to {self.n_rows - 1}")
            for row in self.split_rows
            if not 0 <= row < self.n_rows
        ]
        if len(set(self.split_rows)) < len(self.split_rows):
            problems.append(Problem("row given twice", None, "split_rows", str(list(self.split_rows))))
        if 2.0 * self.half_bar_length_mm > self.bar_length_mm:
            allowed = f"at most half of bar_length_mm = {0.5 * self.bar_length_mm:g}"
            value = f"{self.half_bar_length_mm:g}"
            problems.append(Problem("halves overlap", None, "half_bar_length_mm", value, allowed))
        if self.sensors_needed > self.sensors_per_end:
            allowed = f"at most sensors_per_end = {self.sensors_per_end}"
            problems.append(
                Problem("more than there are", None, "sensors_needed", str(self.sensors_needed), allowed)
            )
        if self.match_time_min_ns >= self.match_time_max_ns:
            allowed = f"above match_time_min_ns = {self.match_time_min_ns:g}"
            value = f"{self.match_time_max_ns:g}"
            problems.append(Problem("window is empty", None, "match_time_max_ns", value, allowed))
        return problems

    def row_at(self, y_mm: ArrayLike) -> IntArray:
        """Row of bars at a height: ⌊(y − offset)/height + n_rows/2⌋.

        Parameters
        ----------
        y_mm : array_like

        Returns
        -------
        ndarray of int
            −1 above and below the bars, and for NaN.
        """
        y = np.asarray(y_mm, dtype=np.float64)
        row = np.floor((y - self.offset_y_mm) / self.bar_height_mm + 0.5 * self.n_rows)
        inside = (row >= 0) & (row < self.n_rows)
        return np.where(inside, np.where(inside, row, 0.0).astype(np.int64), OUTSIDE)
