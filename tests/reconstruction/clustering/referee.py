"""The three algorithms once more, in plain Python, one hit at a time: what the compiled loops must give."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from x17.apparatus.calorimeter import Calorimeter
from x17.reconstruction.clustering import Algorithm, ClusteringSettings, Containment
from x17.reconstruction.hits import Hits


@dataclass(frozen=True)
class Hit:
    number: int
    event: int
    column: int
    row: int
    x: float
    y: float
    energy: float
    time: float


@dataclass(frozen=True)
class Found:
    members: list[Hit]
    energy: float
    x: float
    y: float

    @property
    def seed(self) -> Hit:
        return self.members[0]


def box(seed: Hit, free: list[Hit], settings: ClusteringSettings) -> list[Hit]:
    reach = settings.reach_cells
    return [h for h in free if max(abs(h.column - seed.column), abs(h.row - seed.row)) <= reach]


def disc(seed: Hit, free: list[Hit], settings: ClusteringSettings) -> list[Hit]:
    # A thousandth of a millimetre for hits on the circle.
    return [h for h in free if math.hypot(h.x - seed.x, h.y - seed.y) <= settings.radius_mm + 1e-3]


def island(seed: Hit, free: list[Hit], _: ClusteringSettings) -> list[Hit]:
    """By recursion, depth first: another order than the loop's."""
    reached: list[Hit] = []

    def visit(here: Hit) -> None:
        for h in free:
            beside = abs(h.column - here.column) + abs(h.row - here.row) == 1
            if beside and h.energy < here.energy and h not in reached:
                reached.append(h)
                visit(h)

    visit(seed)
    return reached


GATHER: dict[Algorithm, Callable[[Hit, list[Hit], ClusteringSettings], list[Hit]]] = {
    Algorithm.PADME: box,
    Algorithm.ISLAND: island,
    Algorithm.RADIUS: disc,
}

BOX_2 = (0.915362, 1.96729e-4, -4.50361e-7, 4.58042e-10, -1.70299e-13)


def referee(hits: Hits, calorimeter: Calorimeter, settings: ClusteringSettings) -> list[Found]:
    """Clusters of all events in the order in which they are found."""
    used = settings.resolved(calorimeter)
    assert used.seed_threshold_mev is not None
    assert used.hit_threshold_mev is not None
    cells = calorimeter.cells
    dead = set(calorimeter.dead_cells)
    found: list[Found] = []
    for event in range(hits.n_events):
        free = [
            Hit(i, event, *map(int, (cells.column[c], cells.row[c])), cells.x_mm[c], cells.y_mm[c], e, t)
            for i, (o, c, e, t) in enumerate(zip(hits.event, hits.cell, hits.energy, hits.time, strict=True))
            # Without energy there is no centroid.
            if o == event and e >= used.hit_threshold_mev and e > 0.0
        ]
        free = [h for h in free if (h.column, h.row) not in dead]
        while seeds := [h for h in free if h.energy > used.seed_threshold_mev]:
            seed = max(seeds, key=lambda h: h.energy)
            in_time = [h for h in free if h is not seed and abs(h.time - seed.time) < used.window_ns]
            members = [seed, *GATHER[used.algorithm](seed, in_time, used)]
            free = [h for h in free if h not in members]
            total = math.fsum(h.energy for h in members)
            share = sum(c * total**k for k, c in enumerate(BOX_2)) if total <= 1000.0 else 0.94
            found.append(
                Found(
                    members,
                    total / (share if used.containment is Containment.BOX_2 else 1.0),
                    math.fsum(h.energy * h.x for h in members) / total,
                    math.fsum(h.energy * h.y for h in members) / total,
                )
            )
    return found
