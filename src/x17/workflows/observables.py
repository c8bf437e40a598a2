"""Pairs of electrons and of photons apart: the function behind `x17 observables`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.apparatus import load_setup, setups
from x17.errors import InputError, UsageError
from x17.projection.observables.channels import ShareInterval, separation_z, share_interval
from x17.projection.observables.class_points import SHARED_ERR, ClassPoints
from x17.projection.observables.gain import ObservableReach, compare_observables
from x17.projection.observables.joint_likelihood import JointLikelihood
from x17.projection.observables.observable import ALL
from x17.projection.observables.photon_share import expected_photon_share
from x17.projection.observables.tagging import Tagging
from x17.projection.projected_scan import projected_scan
from x17.projection.systematics_file import load_systematics
from x17.projection.yield_lines import acceptance_of_setup
from x17.scan import EnergyScan, datasets
from x17.scan.class_table import ClassTable, read_class_table
from x17.statistics.boson_hypothesis import boson_factors
from x17.statistics.model import default_line_shape
from x17.theory.boson import SpinParity
from x17.theory.lineshape import Voigt
from x17.workflows.mass_grid import refuse_far_masses
from x17.workflows.project_design import DesignRequest, design_of, named_systematics

FloatArray = NDArray[np.float64]

TAGGINGS: Mapping[str, Tagging] = {
    "etag": Tagging(efficiency=0.98, photon_tags=0.021, efficiency_err=0.003, photon_tags_err=0.001),
    "tracker": Tagging(efficiency=0.98, photon_tags=0.003, efficiency_err=0.001, photon_tags_err=0.0005),
}
"""Photon tags are those of simulated pairs in Run III; efficiencies and stabilities are stand-ins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservablesRequest:
    """What is to be compared.

    Attributes
    ----------
    masses : tuple of float
        MeV.
    coupling : float
        g of the boson whose significance is asked for.
    photon_share : float
        r: share of its decays to two photons; above 0 for S and P only.
    boson : SpinParity
        Its letter is accepted.
    design : DesignRequest
        Changes to the run, as for `x17 project`.
    tagging : str or None
        Key of `TAGGINGS`; the tracker by default if the setup has one, the ETag otherwise.
    changes : mapping
        Fields of `Tagging` in place of those of the preset.
    classes : Path or None
        Table of classes of `x17 count`; gives the split and the tags, and data to fit.
    shared_err : float
        Relative error of B that pairs of electrons and of photons share.
    cl : float
    systematics : str or None
        Of a run not taken yet; None: those of PADME Run III for a run at its energies.

    Raises
    ------
    UsageError
        Values outside their range, or that contradict each other.
    """

    masses: tuple[float, ...] = (16.9,)
    coupling: float = 4.4e-4
    photon_share: float = 0.0
    boson: SpinParity = SpinParity.VECTOR
    design: DesignRequest = field(default_factory=DesignRequest)
    tagging: str | None = None
    changes: Mapping[str, float] | None = None
    classes: Path | None = None
    shared_err: float = SHARED_ERR
    cl: float = 0.9
    systematics: str | None = None

    def __post_init__(self) -> None:
        if self.boson not in tuple(SpinParity):
            raise UsageError(f"--boson is {self.boson!r}; allowed: {', '.join(SpinParity)}")
        object.__setattr__(self, "boson", SpinParity(self.boson))
        if self.tagging not in (None, *TAGGINGS):
            raise UsageError(f"--tagging is {self.tagging!r}; allowed: {', '.join(TAGGINGS)}")
        if not 0.0 <= self.photon_share <= 1.0:
            raise UsageError(f"--photon-share is {self.photon_share:g}; allowed: 0 to 1")
        if self.photon_share > 0.0 and self.boson.spin == 1:
            raise UsageError(
                f"--photon-share is {self.photon_share:g}, but a boson of spin 1, --boson {self.boson}, "
                "has no decay to two photons; take --boson P or S"
            )
        if not 0.0 < self.coupling < 1.0:
            raise UsageError(f"--coupling is {self.coupling:g}; allowed: above 0, below 1, e.g. 4.4e-4")
        if not 0.5 <= self.cl < 1.0:
            raise UsageError(f"--cl is {self.cl:g}; allowed: 0.5 or more, below 1")
        if not 0.0 <= self.shared_err <= 0.5:
            raise UsageError(f"--shared-error is {self.shared_err:g}; allowed: 0 to 0.5, relative")
        if not all(1.1 < mass < 1000.0 for mass in self.masses):
            raise UsageError(f"masses of {self.masses[0]:g} to {self.masses[-1]:g} MeV; allowed: 1.1 to 1000")


@dataclass(frozen=True, slots=True, eq=False)
class ChannelFit:
    """What data say at one mass.

    Attributes
    ----------
    mass : float
        MeV: of the largest significance.
    signals : dict of str to float
        û/σ of each observable and of all, a boson of the share asked for.
    channels : tuple of float
        Signals in decays to electrons and to photons.
    channel_errors : tuple of float
    share : ShareInterval
        Of decays to two photons.
    """

    mass: float
    signals: Mapping[str, float]
    channels: tuple[float, float]
    channel_errors: tuple[float, float]
    share: ShareInterval


@dataclass(frozen=True, slots=True, eq=False)
class ObservablesRun:
    """Result of a comparison.

    Attributes
    ----------
    name : str
    request : ObservablesRequest
    tagging : Tagging
        That was used.
    n_points : int
    photon_pairs : float
        Share of photon pairs in the two-cluster events, the mean over the points.
    rows : tuple of ObservableReach
    vector_from_photons_z, share_from_none_z : ndarray, shape (m,)
        Significance of a boson that decays to electrons alone against one that decays to photons alone; and
        of the boson asked for, with its share, against one that decays to electrons alone.
    fit : ChannelFit or None
        None without data.
    """

    name: str
    request: ObservablesRequest
    tagging: Tagging
    n_points: int
    photon_pairs: float
    rows: tuple[ObservableReach, ...]
    vector_from_photons_z: FloatArray
    share_from_none_z: FloatArray
    fit: ChannelFit | None

    @property
    def document(self) -> dict[str, Any]:
        """Everything, as plain values for JSON."""
        asked = self.request
        return {
            "source": self.name,
            "points": self.n_points,
            "photon_pairs": self.photon_pairs,
            "masses_mev": list(asked.masses),
            "coupling": asked.coupling,
            "boson": asked.boson.value,
            "photon_share": asked.photon_share,
            "cl": asked.cl,
            "tagging": asdict(self.tagging),
            "observables": [
                {
                    "name": row.name,
                    "point_error": row.point_error,
                    "limit": row.limit.tolist(),
                    "z": row.z.tolist(),
                    "limit_gain": row.limit_gain.tolist(),
                    "z_gain": row.z_gain.tolist(),
                }
                for row in self.rows
            ],
            "electrons_against_photons_z": self.vector_from_photons_z.tolist(),
            "share_against_none_z": self.share_from_none_z.tolist(),
            "fit": asdict(self.fit) if self.fit else None,
        }


def compare(name: str, request: ObservablesRequest) -> ObservablesRun:
    """Compare the observables of a scan, or of a run that has not been taken.

    Parameters
    ----------
    name : str
        As for `x17 project`.
    request : ObservablesRequest

    Returns
    -------
    ObservablesRun

    Raises
    ------
    X17Error
        Nothing of that name, or a table of classes that does not go with it.
    """
    table = read_class_table(request.classes) if request.classes else None
    scan, points = _points(name, request, table)
    refuse_far_masses(request.masses, scan)
    tagging = _tagging(name, request, table)
    factors = boson_factors(request.boson, scan.search_points(), scan.constants.largest_cos_theta)
    shape = default_line_shape(scan.constants, area_factor=factors.area)
    assert isinstance(shape, Voigt)
    masses = np.array(request.masses)
    rows = compare_observables(
        points,
        tagging,
        shape,
        scan.constants,
        masses,
        request.coupling,
        photon_share=request.photon_share,
        cl=request.cl,
    )
    joint = JointLikelihood.build(points, tagging, ALL, shape, scan.constants)
    covariance, strength = joint.channel_covariance(masses), request.coupling**2
    pairs = points.photons_per_pot / points.yields.sum(axis=1)
    return ObservablesRun(
        name=scan.name,
        request=request,
        tagging=tagging,
        n_points=len(points),
        photon_pairs=float(pairs.mean()),
        rows=rows,
        vector_from_photons_z=np.array([separation_z(c, strength, 0.0, 1.0) for c in covariance]),
        share_from_none_z=np.array(
            [separation_z(c, strength, request.photon_share, 0.0) for c in covariance]
        ),
        fit=_fit(points, tagging, shape, scan, request, table) if table else None,
    )


def _points(
    name: str, request: ObservablesRequest, table: ClassTable | None
) -> tuple[EnergyScan, ClassPoints]:
    kept: dict[str, Any] = {"shared_err": request.shared_err, "spin_parity": request.boson}
    setup = _setup_of(name)
    if table is not None:
        if setup is not None or request.design != DesignRequest():
            raise UsageError("--classes goes with the scan that it was written with, unchanged")
        scan = EnergyScan.load(name)
        return scan, ClassPoints.of_classes(scan, table, **kept)
    if setup is None and request.design == DesignRequest():
        scan = EnergyScan.load(name)
    else:
        design = design_of(name, request.design)
        errors = named_systematics(request.systematics, design.points, name)
        scan = projected_scan(design, load_systematics(errors))
    acceptance = acceptance_of_setup(setup) if setup else None
    shares = expected_photon_share(scan.search_points().sqrt_s_mev, acceptance)
    return scan, ClassPoints.of_scan(scan, photon_share=shares, **kept)


def _setup_of(name: str) -> Any:
    """The setup of that name, None if it is a scan's."""
    if name in datasets.names():
        return None
    if name in setups.names():
        return load_setup(name)
    if not name.endswith(".toml"):
        return None
    try:
        return load_setup(name)
    except InputError:
        return None  # whoever loads a scan says what is wrong


def _tagging(name: str, request: ObservablesRequest, table: ClassTable | None) -> Tagging:
    setup = _setup_of(name)
    own = "tracker" if setup is not None and setup.tracker is not None else "etag"
    chosen = TAGGINGS[request.tagging or own]
    if table is not None:
        two, none, one = table.expected_classes.mean(axis=0).tolist()
        chosen = Tagging.of_yields(
            (float(table.electrons_per_pot.mean()), float(table.photons_per_pot.mean())),
            (two, none, one),
            efficiency_err=chosen.efficiency_err,
            photon_tags_err=chosen.photon_tags_err,
        )
    return replace(chosen, **dict(request.changes or {}))


def _fit(
    points: ClassPoints,
    tagging: Tagging,
    shape: Voigt,
    scan: EnergyScan,
    request: ObservablesRequest,
    table: ClassTable,
) -> ChannelFit:
    masses = np.array(request.masses)
    counts = table.counts[table.rows_of(points.period)]
    if np.any(counts[:, :2] <= 0.0):
        raise UsageError(
            "the table of classes has a period without pairs of electrons, or without pairs of photons; "
            "leave it out of the scan"
        )
    sets = {one.value: (one,) for one in ALL} | {"joint": ALL}
    fits = {
        name: JointLikelihood.build(points, tagging, chosen, shape, scan.constants)
        for name, chosen in sets.items()
    }
    pulls = {}
    for name, likelihood in fits.items():
        signal, error = likelihood.fit(counts[None], masses, request.photon_share)
        pulls[name] = signal[0] / error
    at = int(np.argmax(pulls["joint"]))
    channels, covariance = fits["joint"].fit_channels(counts[None], masses[[at]])
    errors = np.sqrt(np.diag(covariance[0]))
    return ChannelFit(
        mass=float(masses[at]),
        signals={name: float(values[at]) for name, values in pulls.items()},
        channels=(float(channels[0, 0, 0]), float(channels[0, 0, 1])),
        channel_errors=(float(errors[0]), float(errors[1])),
        share=share_interval(channels[0, 0], covariance[0]),
    )
