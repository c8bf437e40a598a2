"""Bounds of other experiments on a light boson in the plane of mass and coupling, each with its source."""
