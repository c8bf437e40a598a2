"""Which groups of energy points are searched, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ScanPart:
    """One group of energy points.

    Attributes
    ----------
    value : int
        The number in the column `scan_part`.
    used : bool
        Whether its points are searched.
    reason : str
        Why, for the user.
    """

    value: int
    used: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The groups of energy points of a scan.

    Attributes
    ----------
    parts : tuple of ScanPart
        Every group that the table may name.
    """

    parts: tuple[ScanPart, ...]

    @classmethod
    def default(cls, scan_part: Iterable[int]) -> "Selection":
        """Search every group numbered 0 or above; negative numbers mark points to leave out.

        Parameters
        ----------
        scan_part : iterable of int
            The column `scan_part`.
        """
        reasons = {True: "searched: scan_part is 0 or above", False: "not searched: scan_part is negative"}
        values = sorted({int(value) for value in scan_part})
        return cls(tuple(ScanPart(value, value >= 0, reasons[value >= 0]) for value in values))

    @property
    def used_values(self) -> tuple[int, ...]:
        """The values of `scan_part` that are searched."""
        return tuple(part.value for part in self.parts if part.used)

    @property
    def known_values(self) -> tuple[int, ...]:
        """All values of `scan_part` that the selection describes."""
        return tuple(part.value for part in self.parts)

    def mask(self, scan_part: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which rows are searched.

        Parameters
        ----------
        scan_part : ndarray of int, shape (n,)

        Returns
        -------
        ndarray of bool, shape (n,)
        """
        return np.isin(scan_part, np.array(self.used_values, dtype=np.int64))
