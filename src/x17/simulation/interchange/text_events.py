"""Events from the text files of BabaYaga and CalcHEP, as PADME's simulation takes them.

- *BabaYaga*: an event begins with a line that holds a `#`; the next line is the number of particles, then a
  line `E px py pz` for each, in GeV, in the centre-of-mass frame with z along the positron: e⁻, e⁺, photons.
- *CalcHEP*: a line an event: its number, the positron's momentum in GeV, a number without use, then
  `px py pz` of every particle that leaves, in GeV, in the laboratory with z along the positron: e⁻, e⁺; or
  photons.

The files say nothing of rates, spots and times: the caller gives a rate, the beam the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.constants import ELECTRON_MASS_MEV
from x17.errors import InputError, Problem, UsageError
from x17.simulation.events import ELECTRON, PHOTON, POSITRON, EventBatch
from x17.simulation.generators.beam_positrons import BeamPositrons, draw_positrons
from x17.simulation.generators.two_body import perpendicular

FloatArray = NDArray[np.float64]

_MEV_PER_GEV = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class TextEvents:
    """Particles of a text file, flat, in MeV, in the frame of the file.

    Attributes
    ----------
    event, pdg : ndarray of int, shape (n_particles,)
    momentum : ndarray, shape (n_particles, 3)
        z along the positron.
    energy : ndarray, shape (n_particles,)
    n_events : int
    """

    event: NDArray[np.int64]
    pdg: NDArray[np.int64]
    momentum: FloatArray
    energy: FloatArray
    n_events: int


def read_babayaga(
    path: Path, setup: Setup, beam_energy_mev: float, rate_per_pot: float, rng: np.random.Generator
) -> EventBatch:
    """Read events of BabaYaga and boost each along a positron of the beam.

    Parameters
    ----------
    path : Path
    setup : Setup
    beam_energy_mev : float
        Mean total energy of the beam, MeV.
    rate_per_pot : float
        Events per positron on target that the file stands for.
    rng : numpy.random.Generator

    Returns
    -------
    EventBatch

    Raises
    ------
    UsageError
        The file is not there.
    InputError
        A line that is not as it should be, or a file that ends within an event.
    """
    found = _babayaga(path)
    positrons = draw_positrons(setup, beam_energy_mev, found.n_events, rng)
    total = positrons.energy + ELECTRON_MASS_MEV
    mass = np.sqrt(total**2 - positrons.momentum**2)
    gamma, gamma_beta = (part[found.event] for part in (total / mass, positrons.momentum / mass))
    along, energy = found.momentum[:, 2], found.energy
    boosted = found.momentum.copy()
    boosted[:, 2] = gamma * along + gamma_beta * energy
    return _placed("BabaYaga", found, boosted, gamma * energy + gamma_beta * along, positrons, rate_per_pot)


def read_calchep(
    path: Path,
    setup: Setup,
    beam_energy_mev: float,
    rate_per_pot: float,
    rng: np.random.Generator,
    *,
    photons: bool = False,
) -> EventBatch:
    """Read events of CalcHEP and turn each to the direction of a positron of the beam.

    Parameters
    ----------
    path : Path
    setup : Setup
    beam_energy_mev : float
        Mean total energy of the beam, MeV.
    rate_per_pot : float
        Events per positron on target that the file stands for.
    rng : numpy.random.Generator
    photons : bool
        The particles are photons, not electron and positron.

    Returns
    -------
    EventBatch

    Raises
    ------
    UsageError
        The file is not there.
    InputError
        A line that is not as it should be.
    """
    found = _calchep(path, photons)
    positrons = draw_positrons(setup, beam_energy_mev, found.n_events, rng)
    return _placed("CalcHEP", found, found.momentum, found.energy, positrons, rate_per_pot)


def _placed(
    process: str,
    found: TextEvents,
    momentum: FloatArray,
    energy: FloatArray,
    positrons: BeamPositrons,
    rate_per_pot: float,
) -> EventBatch:
    """Turn z to the direction of the positrons and take over where and when they were."""
    first, second = perpendicular(positrons.direction)
    axes = np.stack([first, second, positrons.direction], axis=1)[found.event]
    return EventBatch(
        process,
        np.full(found.n_events, rate_per_pot / found.n_events),
        found.event,
        found.pdg,
        energy,
        np.einsum("ni,nij->nj", momentum, axes),
        positrons.vertex[found.event],
        positrons.time[found.event],
        positrons.energy,
        np.full(found.n_events, np.nan),
    )


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from error


def _wrong(path: Path, line: int, what: str, value: str | None, allowed: str) -> InputError:
    return InputError(str(path), [Problem(what, line, None, value, allowed)], "Is the file complete?")


def _numbers(path: Path, line: int, text: str, allowed: str) -> list[float]:
    try:
        values = [float(part) for part in text.split()]
    except ValueError:
        raise _wrong(path, line, "not numbers", text[:60], allowed) from None
    if not np.all(np.isfinite(values)):
        raise _wrong(path, line, "not finite", text[:60], allowed)
    return values


def _babayaga(path: Path) -> TextEvents:
    lines, rows, event = _lines(path), list[list[float]](), list[int]()
    pdg: list[int] = []
    at, number = 0, 0
    while at < len(lines):
        if "#" not in lines[at]:
            if lines[at].strip():
                raise _wrong(path, at + 1, "no event begins here", lines[at][:60], "a line with #")
            at += 1
            continue
        count = _count(path, lines, at + 1)
        if at + 2 + count > len(lines):
            raise _wrong(
                path, len(lines), f"the file ends within event {number + 1}", None, f"{count} particles"
            )
        for offset in range(count):
            line = at + 2 + offset
            values = _numbers(path, line + 1, lines[line], "E px py pz in GeV")
            if len(values) != 4:
                raise _wrong(path, line + 1, "not four numbers", lines[line][:60], "E px py pz in GeV")
            rows.append(values)
            event.append(number)
            pdg.append((ELECTRON, POSITRON)[offset] if offset < 2 else PHOTON)
        number, at = number + 1, at + 2 + count
    return _table(path, rows, event, pdg, number)


def _count(path: Path, lines: Sequence[str], at: int) -> int:
    allowed = "the number of particles, 2 to 12"
    if at >= len(lines):
        raise _wrong(path, len(lines), "the file ends within an event", None, allowed)
    try:
        count = int(lines[at])
    except ValueError:
        count = 0
    if not 2 <= count <= 12:
        raise _wrong(path, at + 1, "no number of particles", lines[at][:60], allowed)
    return count


def _calchep(path: Path, photons: bool) -> TextEvents:
    rows, event, pdg, number = list[list[float]](), list[int](), list[int](), 0
    allowed = "event, positron momentum, a number, then px py pz of each particle in GeV"
    for line, text in enumerate(_lines(path), start=1):
        if not text.strip():
            continue
        values = _numbers(path, line, text, allowed)
        count, rest = divmod(len(values) - 3, 3)
        if rest or count < 2:
            raise _wrong(path, line, f"{len(values)} numbers", text[:60], allowed)
        for k in range(count):
            kind = PHOTON if photons or k >= 2 else (ELECTRON, POSITRON)[k]
            px, py, pz = values[3 + 3 * k : 6 + 3 * k]
            mass = 0.0 if kind == PHOTON else ELECTRON_MASS_MEV / _MEV_PER_GEV
            rows.append([float(np.sqrt(px**2 + py**2 + pz**2 + mass**2)), px, py, pz])
            event.append(number)
            pdg.append(kind)
        number += 1
    return _table(path, rows, event, pdg, number)


def _table(
    path: Path, rows: Sequence[Sequence[float]], event: Sequence[int], pdg: Sequence[int], number: int
) -> TextEvents:
    if number == 0:
        raise InputError(str(path), [Problem("holds no event")], "Is it the right file?")
    table = _MEV_PER_GEV * np.array(rows, dtype=np.float64)
    return TextEvents(
        np.array(event, dtype=np.int64), np.array(pdg, dtype=np.int64), table[:, 1:], table[:, 0], number
    )
