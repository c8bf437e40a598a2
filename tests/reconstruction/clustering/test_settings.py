from typing import Any

import pytest

from x17.apparatus.calorimeter import Calorimeter
from x17.errors import UsageError
from x17.reconstruction.clustering import Algorithm, ClusteringSettings, Containment


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"algorithm": "k-means"}, ["clustering.algorithm", "'k-means'", "padme, island, radius"]),
        ({"containment": "box5"}, ["clustering.containment", "box2, box3, none"]),
        ({"window_ns": -1.0}, ["clustering.window_ns is -1", "0 to"]),
        ({"window_ns": float("nan")}, ["clustering.window_ns is nan"]),
        ({"reach_cells": 100}, ["clustering.reach_cells is 100"]),
        ({"max_hits": 0, "radius_mm": -3.0}, ["clustering.max_hits is 0", "clustering.radius_mm is -3"]),
    ],
)
def test_refused_with_all_that_is_wrong(given: dict[str, Any], words: list[str]) -> None:
    with pytest.raises(UsageError) as error:
        ClusteringSettings(**given)
    assert all(word in str(error.value) for word in words)


def test_names_from_a_file(calorimeter: Calorimeter) -> None:
    settings = ClusteringSettings(algorithm="radius", containment="box2")  # type: ignore[arg-type]
    assert settings.algorithm is Algorithm.RADIUS
    assert settings.resolved(calorimeter).containment is Containment.BOX_2


def test_what_is_left_open_comes_from_the_calorimeter(calorimeter: Calorimeter) -> None:
    record = ClusteringSettings().resolved(calorimeter).record()
    assert record == {
        "algorithm": "padme",
        "seed_threshold_mev": 15.0,
        "hit_threshold_mev": 1.0,
        "window_ns": 6.0,
        "reach_cells": 2,
        "radius_mm": 50.0,
        "containment": "box2",
        "max_clusters": 600,
        "max_hits": 100,
    }
    assert ClusteringSettings(**record).resolved(calorimeter).record() == record


@pytest.mark.parametrize(
    ("algorithm", "reach", "containment"),
    [
        (Algorithm.PADME, 2, Containment.BOX_2),
        (Algorithm.PADME, 3, Containment.BOX_3),
        (Algorithm.PADME, 1, Containment.NONE),
        (Algorithm.ISLAND, 2, Containment.NONE),
        (Algorithm.RADIUS, 2, Containment.NONE),
    ],
)
def test_a_polynomial_goes_with_its_own_box_only(
    calorimeter: Calorimeter, algorithm: Algorithm, reach: int, containment: Containment
) -> None:
    settings = ClusteringSettings(algorithm=algorithm, reach_cells=reach)
    assert settings.resolved(calorimeter).containment is containment
