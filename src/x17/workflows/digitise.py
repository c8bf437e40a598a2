"""Hits for the events of an outside generator: the function behind `x17 digitise`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from x17.apparatus import load_setup
from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.kinematics import beam_energy_mev
from x17.simulation.events import EventBatch
from x17.simulation.generators.single_positrons import add_pile_up
from x17.simulation.interchange.hepmc import read_hepmc
from x17.simulation.interchange.text_events import read_babayaga, read_calchep
from x17.simulation.showers.library_of_setup import library_of
from x17.simulation.simulate import detect
from x17.simulation.storage.event_table import event_table
from x17.simulation.storage.file_identity import base_record, library_digest, setup_digest
from x17.workflows.event_files import FORMATS

GENERATORS = ("hepmc", "babayaga", "calchep", "calchep-photons")
"""Formats of files that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitiseRequest:
    """What is to be made of a file of events.

    Attributes
    ----------
    generator : str
        One of `GENERATORS`.
    sqrt_s_mev : float
        Of the beam, MeV.
    rate_per_pot : float or None
        Events per positron on target that the file stands for; those of a HepMC file by default, 1 else.
    pile_up : bool
    seed : int

    Raises
    ------
    UsageError
        A name or a number outside what is allowed.
    """

    generator: str
    sqrt_s_mev: float
    rate_per_pot: float | None = None
    pile_up: bool = True
    seed: int = 1

    def __post_init__(self) -> None:
        if self.generator not in GENERATORS:
            raise UsageError(f"--from is {self.generator!r}; allowed: {', '.join(GENERATORS)}")
        if not 1.1 <= self.sqrt_s_mev <= 1000.0:
            raise UsageError(f"--sqrt-s is {self.sqrt_s_mev:g}; allowed: 1.1 to 1000 MeV")
        if self.rate_per_pot is not None and not 0.0 < self.rate_per_pot < 1.0:
            raise UsageError(
                f"--rate is {self.rate_per_pot:g}; allowed: events per positron, above 0, below 1"
            )
        if self.seed < 0:
            raise UsageError(f"--seed is {self.seed}; allowed: 0 or above")


def digitise_file(source: Path, setup_name: str, request: DigitiseRequest, out: Path) -> dict[str, Any]:
    """Read events, bring them to the detectors, and write hits with their truth.

    Parameters
    ----------
    source : Path
        Events of an outside generator.
    setup_name : str
        Shipped setup or file.
    request : DigitiseRequest
    out : Path
        A name that ends in .parquet or .root.

    Returns
    -------
    dict
        What was made, for JSON.

    Raises
    ------
    UsageError, InputError
        A file or a name that cannot be used.
    """
    kind = next((kind for kind in FORMATS.values() if out.suffix == kind.suffix), None)
    if kind is None:
        raise UsageError(f"--out {out}; allowed: a name that ends in .parquet or .root")
    setup, energy = load_setup(setup_name), float(beam_energy_mev(request.sqrt_s_mev))
    library = library_of(setup, [energy])
    rng = np.random.default_rng(np.random.SeedSequence(request.seed))
    events = _read(source, setup, energy, request, rng)
    if request.pile_up:
        events = add_pile_up(events, setup, energy, rng)
    digests = {"setup_sha256": setup_digest(setup), "library_sha256": library_digest(library)}
    about = base_record(setup.name, digests) | {
        "process": events.process,
        "period": None,
        "beam_energy_mev": energy,
        "source_sha256": hashlib.sha256(source.read_bytes()).hexdigest(),
        "pile_up": request.pile_up,
        "seed": request.seed,
        "block": 0,
        "n_events": events.n_events,
        "rate_per_pot": events.rate_per_pot,
    }
    out.parent.mkdir(parents=True, exist_ok=True)
    kind.write(event_table(detect(setup, library, events, rng), setup, about), out)
    return {"file": str(out), **about}


def _read(
    source: Path, setup: Setup, energy: float, request: DigitiseRequest, rng: np.random.Generator
) -> EventBatch:
    if request.generator == "hepmc":
        events = read_hepmc(source)
        if request.rate_per_pot is None:
            return events
        return events.with_weight(events.weight * request.rate_per_pot / events.rate_per_pot)
    rate = request.rate_per_pot or 1.0
    if request.generator == "babayaga":
        return read_babayaga(source, setup, energy, rate, rng)
    photons = request.generator == "calchep-photons"
    return read_calchep(source, setup, energy, rate, rng, photons=photons)
