"""Bounds beside the limit: those of the figure of the search, at its masses, for its boson."""

import numpy as np

from x17.constraints.loading import shipped_bounds
from x17.constraints.plane import constraint_plane
from x17.scan import EnergyScan
from x17.theory.boson import SpinParity
from x17.workflows.explore import Choices, explore
from x17.workflows.explore.bounds import bounds_on
from x17.workflows.search_settings import resolve_settings

BASE = resolve_settings(options={"search.masses": "16.5:17.3:0.2", "search.couplings": "1e-4:9e-4:3"})


def test_bounds_are_those_of_the_plane() -> None:
    scan = EnergyScan.load("padme-run3")
    labels = {}
    for boson in (SpinParity.VECTOR, SpinParity.SCALAR):
        found = bounds_on(explore(scan, BASE, Choices(boson=boson)))
        plane = constraint_plane(shipped_bounds(), BASE.masses, boson).bands
        labels[boson] = [band.label for band in found if band.counted]
        assert [band.label for band in found] == [band.label for band in plane]
        for one, other in zip(found, plane, strict=True):
            np.testing.assert_array_equal(one.mass_mev, other.mass_mev)
            np.testing.assert_array_equal(one.band.low, other.band.low)
            np.testing.assert_array_equal(one.band.high, other.band.high)
    # Beam dumps bound a vector, and are not carried over to a scalar.
    assert "NA64" in labels[SpinParity.VECTOR]
    assert "NA64" not in labels[SpinParity.SCALAR]
    assert labels[SpinParity.SCALAR]
