"""From the centroid of a cluster, deep in the crystals, back to where its particle crossed a plane.

A shower leaves its energy along the line of its particle: the energy-weighted centroid of a particle that
comes in at a slope t is that of the line at the mean depth d of the energy, d·t beside the place where it
crossed the front face. Linear centroids of the shower library lie 37, 45 and 49 mm deep for electrons of 100,
200 and 300 MeV, 39, 42 and 50 mm for positrons, 51, 57 and 60 mm for photons, all to about 1 mm. PADME's
selection puts clusters 71.55 mm deep, 6.5 radiation lengths with its own numbers.
"""

from __future__ import annotations

from dataclasses import replace

from x17.apparatus.calorimeter import Calorimeter
from x17.errors import UsageError
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.clusters import Clusters

PADME_DEPTH_MM = 71.55
"""Depth of the plane of clusters in PADME's selection (padme-fw): 2683.96 − 2612.41 mm."""


def at_depth(
    clusters: Clusters,
    calorimeter: Calorimeter,
    line: BeamLine,
    *,
    depth_mm: float,
    plane_depth_mm: float = 0.0,
) -> Clusters:
    """Take clusters along straight lines from the spot at the target to a plane.

    x' = x_t + (x − x_t)·(z' − z_t)/(z − z_t), and likewise y: z is the plane of the centroids, z' the
    one that is wanted, (x_t, y_t, z_t) the spot.

    Parameters
    ----------
    clusters : Clusters
        Their x and y are centroids.
    calorimeter : Calorimeter
        Depths are from its front face.
    line : BeamLine
        Its spot at the target is where particles come from.
    depth_mm : float
        Mean depth of centroids, mm; 45 for the e+e− pairs of a boson of 17 MeV at PADME.
    plane_depth_mm : float
        Of the plane, mm; the front face by default, before it if negative.

    Returns
    -------
    Clusters
        With other x and y.

    Raises
    ------
    UsageError
        The target does not lie before both planes.
    """
    lever = calorimeter.front_face_z_mm - line.target_z_mm
    for name, depth in (("depth_mm", depth_mm), ("plane_depth_mm", plane_depth_mm)):
        if not lever + depth > 0.0:
            raise UsageError(f"{name} is {depth:g}; allowed: above {-lever:g} mm, where the target is")
    scale = (lever + plane_depth_mm) / (lever + depth_mm)
    x = line.target_x_mm + scale * (clusters.x - line.target_x_mm)
    y = line.target_y_mm + scale * (clusters.y - line.target_y_mm)
    return replace(clusters, x=x, y=y)
