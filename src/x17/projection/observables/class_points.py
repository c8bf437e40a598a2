"""Energy points with their pairs of electrons and of photons expected apart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.projection.observables.photon_share import expected_photon_share
from x17.scan import EnergyScan
from x17.statistics.boson_hypothesis import boson_factors
from x17.theory.boson import SpinParity

if TYPE_CHECKING:
    from x17.scan.class_table import ClassTable

FloatArray = NDArray[np.float64]

SHARED_ERR = 0.003
"""Tag and probe 0.2 %, cuts 0.2 %, beam spot 0.1 % (talk on Run III, 2025), whatever made a cluster."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ClassPoints:
    """Energy points by rising √s; arrays have shape (n,).

    Attributes
    ----------
    period : ndarray of int
    sqrt_s_mev, beam_energy_mev : ndarray
        MeV.
    n_pot : ndarray
        Positrons on target.
    electrons_per_pot, photons_per_pot : ndarray
        B_e and B_γ: pairs of electrons and of photons that the two-cluster selection keeps, per positron.
    signal_efficiency : ndarray
        ε_S, taken to be the same for decays to electrons and to photons.
    flux_err : ndarray
        Relative error of the positrons; common to all classes of a point.
    shared_err : ndarray
        Relative error of the expected yields that the classes of a point share: selection, clusters, spot.
    electrons_err, photons_err : ndarray
        Relative errors of B_e and B_γ of their own: simulated events.
    center_sqrt_s_mev : float
        √s about which K(s) is expanded, MeV.
    """

    period: NDArray[np.int64]
    sqrt_s_mev: FloatArray
    beam_energy_mev: FloatArray
    n_pot: FloatArray
    electrons_per_pot: FloatArray
    photons_per_pot: FloatArray
    signal_efficiency: FloatArray
    flux_err: FloatArray
    shared_err: FloatArray
    electrons_err: FloatArray
    photons_err: FloatArray
    center_sqrt_s_mev: float

    def __len__(self) -> int:
        return int(self.sqrt_s_mev.size)

    @property
    def yields(self) -> FloatArray:
        """B_e and B_γ, shape (n, 2)."""
        return np.column_stack([self.electrons_per_pot, self.photons_per_pot])

    def with_statistics(self, factor: float, *, simulated: float | None = None) -> ClassPoints:
        """The same points with more events.

        Parameters
        ----------
        factor : float
            Of the positrons, or of positrons times acceptance: both count alike here.
        simulated : float, optional
            Of simulated events; as many as `factor` by default.

        Returns
        -------
        ClassPoints

        Raises
        ------
        UsageError
            A factor that is not above 0.
        """
        more = factor if simulated is None else simulated
        if not (factor > 0.0 and more > 0.0):
            raise UsageError(f"statistics are multiplied by {min(factor, more):g}; allowed: above 0")
        return replace(
            self,
            n_pot=self.n_pot * factor,
            electrons_err=self.electrons_err / np.sqrt(more),
            photons_err=self.photons_err / np.sqrt(more),
        )

    def with_flux_error(self, relative: float) -> ClassPoints:
        """The same points, the positrons of each known to a given relative error.

        Parameters
        ----------
        relative : float

        Returns
        -------
        ClassPoints
        """
        return replace(self, flux_err=np.full(len(self), relative))

    @classmethod
    def of_scan(
        cls,
        scan: EnergyScan,
        *,
        photon_share: FloatArray | None = None,
        shared_err: float = SHARED_ERR,
        spin_parity: SpinParity = SpinParity.VECTOR,
    ) -> ClassPoints:
        """Points of a scan, its expected background split in electrons and photons.

        Of the error of B a part (tag and probe, cuts, spot) is shared by both; the rest comes from simulated
        events: √(B/B_e) of it for electrons, √(B/B_γ) for photons.

        Parameters
        ----------
        scan : EnergyScan
        photon_share : ndarray, shape (n,), optional
            B_γ/B at the points of the search; `expected_photon_share` by default.
        spin_parity : SpinParity
            Of the boson: changes the acceptance of its decays.

        Returns
        -------
        ClassPoints
        """
        points = scan.search_points()
        cosine = scan.constants.largest_cos_theta
        shares = photon_share
        if shares is None:
            shares = expected_photon_share(points.sqrt_s_mev, largest_cos_theta=cosine)
        total = points.background_err / points.background_per_pot
        common = np.minimum(total, shared_err)
        raw = np.sqrt(total**2 - common**2)
        return cls(
            period=points.period,
            sqrt_s_mev=points.sqrt_s_mev,
            beam_energy_mev=points.beam_energy_mev,
            n_pot=points.n_pot,
            electrons_per_pot=(1.0 - shares) * points.background_per_pot,
            photons_per_pot=shares * points.background_per_pot,
            signal_efficiency=points.signal_efficiency
            * boson_factors(spin_parity, points, scan.constants.largest_cos_theta).efficiency,
            flux_err=points.n_pot_err / points.n_pot,
            shared_err=common,
            electrons_err=raw / np.sqrt(1.0 - shares),
            photons_err=raw / np.sqrt(shares),
            center_sqrt_s_mev=scan.constants.center_sqrt_s_mev,
        )

    @classmethod
    def of_classes(
        cls,
        scan: EnergyScan,
        table: ClassTable,
        *,
        shared_err: float = SHARED_ERR,
        spin_parity: SpinParity = SpinParity.VECTOR,
    ) -> ClassPoints:
        """Points of a scan, split as the simulation behind a table of classes says.

        Parameters
        ----------
        scan : EnergyScan
        table : ClassTable
            Of the same periods.
        shared_err : float
        spin_parity : SpinParity

        Returns
        -------
        ClassPoints

        Raises
        ------
        UsageError
            A point of the search that the table does not have.
        """
        rows = table.rows_of(scan.search_points().period)
        photons, electrons = table.photons_per_pot[rows], table.electrons_per_pot[rows]
        return cls.of_scan(
            scan, photon_share=photons / (photons + electrons), shared_err=shared_err, spin_parity=spin_parity
        )
