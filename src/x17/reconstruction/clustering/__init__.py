"""From crystal hits to clusters: three algorithms, one a file, behind `find_clusters`."""

from x17.reconstruction.clustering.containment import Containment
from x17.reconstruction.clustering.find import assign_hits, find_clusters
from x17.reconstruction.clustering.settings import Algorithm, ClusteringSettings

__all__ = ["Algorithm", "ClusteringSettings", "Containment", "assign_hits", "find_clusters"]
