"""The energy points that enter the search, sorted in √s, with total errors and repairs in place."""

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from x17.kinematics import beam_energy_mev
from x17.scan.repairs import repaired_efficiency

if TYPE_CHECKING:
    from x17.scan.energy_scan import EnergyScan

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class SearchPoints:
    """Energy points of the search, by rising √s; every array has shape (n,) and is read-only.

    Attributes
    ----------
    row : ndarray of int
        Row of the table, counted from 0.
    period, scan_part : ndarray of int
        As in the table.
    sqrt_s_mev, beam_energy_mev : ndarray
        Centre-of-mass energy and total beam energy, MeV.
    n2 : ndarray
        Two-cluster candidates.
    n_pot, n_pot_err : ndarray
        Positrons on target and their total error (raw and added in quadrature).
    background_per_pot, background_err : ndarray
        Expected yield per positron B and its total error, likewise.
    signal_efficiency, signal_efficiency_err : ndarray
        ε_S, repaired where the scan says so, and its error as given.
    """

    row: IntArray
    period: IntArray
    scan_part: IntArray
    sqrt_s_mev: FloatArray
    beam_energy_mev: FloatArray
    n2: FloatArray
    n_pot: FloatArray
    n_pot_err: FloatArray
    background_per_pot: FloatArray
    background_err: FloatArray
    signal_efficiency: FloatArray
    signal_efficiency_err: FloatArray

    def __len__(self) -> int:
        return int(self.row.size)


def select_search_points(scan: "EnergyScan") -> SearchPoints:
    """Take the points of a scan that its selection searches, sorted by rising √s.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    SearchPoints
    """
    used = np.flatnonzero(scan.selection.mask(scan.scan_part))
    row = used[np.argsort(scan.sqrt_s_mev[used], kind="stable")].astype(np.int64)
    sqrt_s = scan.sqrt_s_mev[row]
    points = SearchPoints(
        row=row,
        period=scan.period[row],
        scan_part=scan.scan_part[row],
        sqrt_s_mev=sqrt_s,
        beam_energy_mev=beam_energy_mev(sqrt_s, scan.constants.electron_mass_mev),
        n2=scan.n2[row],
        n_pot=scan.n_pot[row],
        n_pot_err=scan.n_pot_err[row],
        background_per_pot=scan.background_per_pot[row],
        background_err=scan.background_err[row],
        signal_efficiency=repaired_efficiency(scan)[row],
        signal_efficiency_err=scan.signal_efficiency_err[row],
    )
    for item in fields(points):
        getattr(points, item.name).flags.writeable = False
    return points
