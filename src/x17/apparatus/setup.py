"""`Setup`: a whole apparatus, validated."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, is_dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from x17.apparatus import two_body
from x17.apparatus.active_target import ActiveTarget
from x17.apparatus.aperture import Aperture, inside_bore
from x17.apparatus.beam import Beam
from x17.apparatus.beam_catcher import BeamCatcher
from x17.apparatus.calorimeter import Calorimeter
from x17.apparatus.cell_map import BoolArray, FloatArray
from x17.apparatus.charged_tagger import ChargedTagger
from x17.apparatus.drifts import Drifts
from x17.apparatus.pair_cuts import PairCuts
from x17.apparatus.pixel import Pixel
from x17.apparatus.quantity import Part
from x17.apparatus.residual_field import ResidualField
from x17.apparatus.run_plan import RunPlan
from x17.apparatus.tracker import Tracker
from x17.errors import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup(Part):
    """An apparatus: beam, target, calorimeter and what stands between and behind.

    Coordinates are in mm: z along the beam, y up, x horizontal.

    Attributes
    ----------
    name, source : str
        Short name, and where the numbers come from.
    unknown : tuple of str
        Fields, as ``table.field``, whose value is not known: a stand-in is there instead.
    beam : Beam
    target : ActiveTarget
    calorimeter : Calorimeter
    aperture : Aperture
    pair_cuts : PairCuts
    residual_field : ResidualField
    run_plan : RunPlan
    drifts : Drifts
    charged_tagger : ChargedTagger or None
    tracker : Tracker or None
        In place of the tagger where both are there.
    beam_catcher : BeamCatcher or None
    pixel : Pixel or None
    """

    name: str
    source: str = ""
    unknown: tuple[str, ...] = ()
    beam: Beam
    target: ActiveTarget
    calorimeter: Calorimeter
    aperture: Aperture
    pair_cuts: PairCuts = field(default_factory=PairCuts)
    residual_field: ResidualField = field(default_factory=ResidualField)
    run_plan: RunPlan = field(default_factory=RunPlan)
    drifts: Drifts = field(default_factory=Drifts)
    charged_tagger: ChargedTagger | None = None
    beam_catcher: BeamCatcher | None = None
    pixel: Pixel | None = None
    tracker: Tracker | None = None

    def contradictions(self) -> list[Problem]:
        """Find parts in the wrong order along the beam, and unknown fields that do not exist."""
        places: list[tuple[str, float]] = [
            ("target.z_mm", self.target.z_mm),
            ("aperture.bore_z_max_mm", self.aperture.bore_z_max_mm),
            ("calorimeter.front_face_z_mm", self.calorimeter.front_face_z_mm),
        ]
        places += [("beam_catcher.z_mm", self.beam_catcher.z_mm)] if self.beam_catcher else []
        problems = [
            Problem("not behind the part before it", None, key, f"{z:g}", f"above {before} = {previous:g}")
            for (before, previous), (key, z) in pairwise(places)
            if z <= previous
        ]
        known = field_names(self)
        problems += [
            Problem("no such field", None, "unknown", name, "table.field, e.g. beam.energy_spread")
            for name in self.unknown
            if name not in known
        ]
        return problems

    @property
    def distance_mm(self) -> float:
        """D: from the front face of the target to the plane of R_min and R_max, mm."""
        return self.calorimeter.front_face_z_mm + self.pair_cuts.plane_depth_mm - self.target.z_mm

    @property
    def face_distance_mm(self) -> float:
        """From the front face of the target to that of the calorimeter, mm."""
        return self.calorimeter.front_face_z_mm - self.target.z_mm

    @property
    def hole_edge_mm(self) -> float:
        """From the centre of the matrix to the nearest side of a crystal, mm; 0 without a central hole."""
        cells = self.calorimeter.cells
        away = np.maximum(np.abs(cells.x_mm - cells.offset_x_mm), np.abs(cells.y_mm - cells.offset_y_mm))
        return max(float(away.min()) - 0.5 * self.calorimeter.pitch_mm, 0.0)

    def largest_cos_theta(self, sqrt_s: float) -> float:
        """Largest |cos θ*| of pairs that the radii accept; see `two_body.largest_cos_theta`.

        Parameters
        ----------
        sqrt_s : float
            MeV.

        Returns
        -------
        float
        """
        inner = max(float(self.r_min_mm(sqrt_s)) - self.pair_cuts.margin_mm, self.hole_edge_mm)
        return float(two_body.largest_cos_theta(sqrt_s, self.distance_mm, inner))

    @property
    def lever_arm_mm(self) -> float:
        """From the front face of the target to the depth that clusters are given, mm."""
        return self.calorimeter.front_face_z_mm + self.pair_cuts.cluster_depth_mm - self.target.z_mm

    def r_min_mm(self, sqrt_s: ArrayLike) -> FloatArray:
        """Radius of the partner of a cluster at R_max, mm; see `two_body.r_min_mm`.

        Parameters
        ----------
        sqrt_s : array_like
            MeV.

        Returns
        -------
        ndarray
        """
        return two_body.r_min_mm(sqrt_s, self.distance_mm, self.pair_cuts.r_max_mm)

    def e_min_mev(self, sqrt_s: ArrayLike) -> FloatArray:
        """Energy of a massless product at R_max, MeV: the smaller of the two at the edge.

        Parameters
        ----------
        sqrt_s : array_like
            MeV.

        Returns
        -------
        ndarray
        """
        return two_body.energy_at_mev(sqrt_s, self.distance_mm, self.pair_cuts.r_max_mm)

    def e_max_mev(self, sqrt_s: ArrayLike) -> FloatArray:
        """Energy of a massless product at R_min, MeV: the larger of the two at the edge.

        Parameters
        ----------
        sqrt_s : array_like
            MeV.

        Returns
        -------
        ndarray
        """
        return two_body.energy_at_mev(sqrt_s, self.distance_mm, self.r_min_mm(sqrt_s))

    def beam_axis_mm(self, z_mm: ArrayLike) -> tuple[FloatArray, FloatArray]:
        """Find x and y of the beam axis at a plane: centre of the spot + slope · distance from the target.

        Parameters
        ----------
        z_mm : array_like

        Returns
        -------
        x, y : ndarray
            mm.
        """
        path = np.asarray(z_mm, dtype=np.float64) - self.target.z_mm
        return (
            np.asarray(self.beam.center_x_mm + 1e-3 * self.beam.tilt_x_mrad * path),
            np.asarray(self.beam.center_y_mm + 1e-3 * self.beam.tilt_y_mrad * path),
        )

    @property
    def axis_at_plane_mm(self) -> tuple[float, float]:
        """The beam axis, x and y, in the plane of R_min and R_max, mm."""
        x, y = self.beam_axis_mm(self.calorimeter.front_face_z_mm + self.pair_cuts.plane_depth_mm)
        return float(x), float(y)

    def inside_bore(self, x_mm: ArrayLike, y_mm: ArrayLike) -> BoolArray:
        """Whether straight tracks from the centre of the spot to the calorimeter's face pass the bore.

        Parameters
        ----------
        x_mm, y_mm : array_like
            At the front face; they broadcast.

        Returns
        -------
        ndarray of bool
        """
        start, path = self.beam, self.calorimeter.front_face_z_mm - self.target.z_mm
        slope_x = (np.asarray(x_mm) - start.center_x_mm) / path
        slope_y = (np.asarray(y_mm) - start.center_y_mm) / path
        return inside_bore(
            self.aperture, start.center_x_mm, start.center_y_mm, self.target.z_mm, slope_x, slope_y
        )

    @property
    def bore_shadow_mm(self) -> tuple[float, float, float, float]:
        """Edges of what straight tracks from the centre of the spot reach: left, right, bottom, top, mm.

        In the plane of the calorimeter's front face, through the far end of the bore.
        """
        stretch = (self.calorimeter.front_face_z_mm - self.target.z_mm) / (
            self.aperture.bore_z_max_mm - self.target.z_mm
        )
        x, y = self.beam.center_x_mm, self.beam.center_y_mm
        half_x, half_y = 0.5 * self.aperture.bore_width_mm, 0.5 * self.aperture.bore_height_mm
        return (
            x + stretch * (-half_x - x),
            x + stretch * (half_x - x),
            y + stretch * (-half_y - y),
            y + stretch * (half_y - y),
        )


def field_names(part: Any) -> set[str]:
    """Names of the fields of a setup and of its parts, as ``table.field``.

    Parameters
    ----------
    part : Setup

    Returns
    -------
    set of str
    """
    names = set()
    for item in fields(part):
        value = getattr(part, item.name)
        names.add(item.name)
        if is_dataclass(value):
            names |= {f"{item.name}.{inner.name}" for inner in fields(value)}
    return names
