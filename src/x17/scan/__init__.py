"""From counts, flux, background and efficiencies per energy point to one validated table, `EnergyScan`."""

from x17.scan.energy_scan import EnergyScan
from x17.scan.model_constants import KConstraint, ModelConstants
from x17.scan.search_points import SearchPoints

__all__ = ["EnergyScan", "KConstraint", "ModelConstants", "SearchPoints"]
