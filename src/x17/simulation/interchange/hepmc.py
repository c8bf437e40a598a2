"""Events as HepMC3 files, written and read with pyhepmc."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np

from x17.constants import ELECTRON_MASS_MEV
from x17.errors import InputError, Problem, UsageError, missing_extra
from x17.simulation.events import POSITRON, EventBatch
from x17.simulation.generators.beam_positrons import SPEED_OF_LIGHT_MM_NS

_FINAL, _BEAM = 1, 4
"""Status codes of HepMC for particles that leave and for the beam."""


def _pyhepmc() -> Any:
    try:
        import pyhepmc
    except ModuleNotFoundError:
        raise missing_extra("HepMC files need pyhepmc", "simulation") from None
    return pyhepmc


def write_hepmc(events: EventBatch, path: Path) -> None:
    """Write events as HepMC3 text.

    Energies in MeV, lengths in mm; the time component of a position is ct in mm. A positron of the beam comes
    in at every vertex: that of the event, and those of particles beside it. The weight is the rate per
    positron on target.

    Parameters
    ----------
    events : EventBatch
    path : Path

    Raises
    ------
    UsageError
        pyhepmc is not installed.
    """
    hep = _pyhepmc()
    first = np.searchsorted(events.event, np.arange(events.n_events + 1))
    with hep.open(str(path), "w") as out:
        for k in range(events.n_events):
            out.write(_event(hep, events, k, slice(int(first[k]), int(first[k + 1]))))


def _event(hep: Any, events: EventBatch, number: int, rows: slice) -> Any:
    event = hep.GenEvent(hep.Units.MEV, hep.Units.MM)
    event.event_number = number
    event.weights = [float(events.weight[number])]
    event.attributes["process"] = events.process
    event.attributes["cos_theta"] = repr(float(events.cos_theta[number]))
    energy = float(events.beam_energy[number])
    momentum = math.sqrt(energy**2 - ELECTRON_MASS_MEV**2)
    vertices: dict[tuple[float, ...], Any] = {}
    for i in range(rows.start, rows.stop):
        place = (*events.vertex[i].tolist(), SPEED_OF_LIGHT_MM_NS * float(events.time[i]))
        if place not in vertices:
            vertices[place] = hep.GenVertex(place)
            beam = hep.GenParticle((0.0, 0.0, momentum, energy), POSITRON, _BEAM)
            vertices[place].add_particle_in(beam)
        particle = hep.GenParticle(
            (*events.momentum[i].tolist(), float(events.energy[i])), int(events.pdg[i]), _FINAL
        )
        vertices[place].add_particle_out(particle)
    for vertex in vertices.values():
        event.add_vertex(vertex)
    return event


def read_hepmc(path: Path) -> EventBatch:
    """Read events from any file that pyhepmc reads.

    Parameters
    ----------
    path : Path

    Returns
    -------
    EventBatch
        All particles of status 1; units are converted. The weight is the first one, 1 if there is none.

    Raises
    ------
    UsageError
        pyhepmc is not installed, or the file is not there.
    InputError
        A file that is truncated, damaged or of another format: says which event.
    """
    hep = _pyhepmc()
    if not path.is_file():
        raise UsageError(f"{path}: no such file")
    columns: dict[str, list[Any]] = {
        name: []
        for name in ("weight", "event", "pdg", "energy", "momentum", "vertex", "time", "beam", "cosine")
    }
    process, number = "HepMC", 0
    try:
        with hep.open(str(path)) as source:
            for event in source:
                event.set_units(hep.Units.MEV, hep.Units.MM)
                process = _read_event(event, number, columns) or process
                number += 1
    except (RuntimeError, OSError, ValueError) as error:
        raise InputError(
            str(path),
            [Problem(f"cannot be read after {number} whole events ({str(error)[:120]})")],
            "Is the file complete, and HepMC?",
        ) from error
    if number == 0:
        raise InputError(str(path), [Problem("holds no event")], "Is the file complete, and HepMC?")
    _require_end(path)
    return EventBatch(
        process,
        np.array(columns["weight"], dtype=np.float64),
        np.array(columns["event"], dtype=np.int64),
        np.array(columns["pdg"], dtype=np.int64),
        np.array(columns["energy"], dtype=np.float64),
        np.array(columns["momentum"], dtype=np.float64).reshape(-1, 3),
        np.array(columns["vertex"], dtype=np.float64).reshape(-1, 3),
        np.array(columns["time"], dtype=np.float64),
        np.array(columns["beam"], dtype=np.float64),
        np.array(columns["cosine"], dtype=np.float64),
    )


def _read_event(event: Any, number: int, columns: dict[str, list[Any]]) -> str | None:
    columns["weight"].append(float(event.weights[0]) if len(event.weights) else 1.0)
    incoming = [p for p in event.particles if p.status == _BEAM and p.pid == POSITRON]
    columns["beam"].append(float(incoming[0].momentum.e) if incoming else float("nan"))
    attributes = event.attributes
    columns["cosine"].append(float(str(attributes["cos_theta"])) if "cos_theta" in attributes else math.nan)
    for particle in event.particles:
        if particle.status != _FINAL:
            continue
        p, origin = particle.momentum, particle.production_vertex
        place = origin.position if origin is not None else event.event_pos()
        columns["event"].append(number)
        columns["pdg"].append(int(particle.pid))
        columns["energy"].append(float(p.e))
        columns["momentum"].append((float(p.px), float(p.py), float(p.pz)))
        columns["vertex"].append((float(place.x), float(place.y), float(place.z)))
        columns["time"].append(float(place.t) / SPEED_OF_LIGHT_MM_NS)
    return str(attributes["process"]) if "process" in attributes else None


def _require_end(path: Path) -> None:
    """A HepMC text file ends with a line that says so: without it events are missing."""
    with path.open("rb") as source:
        head = source.read(200)
        source.seek(0, 2)
        size = source.tell()
        source.seek(max(size - 200, 0))
        tail = source.read()
    if b"HepMC::Asciiv3-START_EVENT_LISTING" in head and b"END_EVENT_LISTING" not in tail:
        with path.open("rb") as source:
            lines = sum(1 for _ in source)
        raise InputError(
            str(path), [Problem("ends in the middle of the events", lines)], "Copy the file again."
        )
