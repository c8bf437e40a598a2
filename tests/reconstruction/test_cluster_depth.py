"""The correction for depth: straight lines from the spot."""

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.errors import UsageError
from x17.reconstruction.beam_line import BeamLine
from x17.reconstruction.cluster_depth import PADME_DEPTH_MM, at_depth
from x17.reconstruction.clusters import Clusters

CALORIMETER = load_setup("padme-run3").calorimeter
FACE = CALORIMETER.front_face_z_mm
LINE = BeamLine(
    target_x_mm=1.0, target_y_mm=-2.0, target_z_mm=-1028.0, cog_x_mm=5.0, cog_y_mm=5.0, cog_z_mm=FACE
)


def on_a_line(slope_x: np.ndarray, slope_y: np.ndarray, z: float) -> Clusters:
    """Where particles from the spot cross a plane."""
    path, n = z + 1028.0, slope_x.size
    whole, real = np.arange(n), np.ones(n)
    x, y = 1.0 + path * slope_x, -2.0 + path * slope_y
    return Clusters(n, whole, whole, whole, real, real, x, y, whole)


@pytest.mark.parametrize(("depth", "plane"), [(45.0, 0.0), (PADME_DEPTH_MM, 0.0), (0.0, 45.0), (60.0, -15.5)])
def test_lines_come_back_to_any_plane(depth: float, plane: float) -> None:
    slope_x, slope_y = np.random.default_rng(1).uniform(-0.08, 0.08, (2, 100))
    got = at_depth(
        on_a_line(slope_x, slope_y, FACE + depth), CALORIMETER, LINE, depth_mm=depth, plane_depth_mm=plane
    )
    wanted = on_a_line(slope_x, slope_y, FACE + plane)
    # Half a metre in double precision.
    np.testing.assert_allclose(got.x, wanted.x, atol=1e-10)
    np.testing.assert_allclose(got.y, wanted.y, atol=1e-10)


def test_size_of_the_correction() -> None:
    """A centroid 45 mm deep at 250 mm from the spot is 250 · 45/3685.41 = 3.05 mm too far out."""
    got = at_depth(
        on_a_line(np.array([250.0 / 3685.41]), np.zeros(1), FACE + 45.0), CALORIMETER, LINE, depth_mm=45.0
    )
    assert 251.0 - got.x[0] == pytest.approx(3.053, abs=0.001)


def test_the_rest_stays() -> None:
    before = on_a_line(np.array([0.05, 0.06]), np.array([0.0, 0.01]), FACE)
    after = at_depth(before, CALORIMETER, LINE, depth_mm=45.0)
    for name in ("event", "seed", "n_hits", "energy", "time", "tagger_ends"):
        assert getattr(after, name) is getattr(before, name)


def test_a_plane_before_the_target() -> None:
    one = on_a_line(np.array([0.05]), np.zeros(1), FACE)
    with pytest.raises(UsageError, match=r"plane_depth_mm is -4000; allowed: above -3640\.41"):
        at_depth(one, CALORIMETER, LINE, depth_mm=45.0, plane_depth_mm=-4000.0)
    with pytest.raises(UsageError, match="depth_mm is nan"):
        at_depth(one, CALORIMETER, LINE, depth_mm=float("nan"))
