"""What decides the content of a file of events, and files put in place in one step."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from x17 import __version__
from x17.apparatus.setup import Setup
from x17.errors import InputError, Problem, X17Error
from x17.simulation.sample import PlannedSample
from x17.simulation.showers.library import ShowerLibrary

PROGRAM = "x17 simulate"
ABOUT = "about"
"""Key under which files hold their record."""
ADVICE = "Files of simulated events are made by `x17 simulate`."


def setup_digest(setup: Setup) -> str:
    """SHA-256 of everything that a setup says.

    Parameters
    ----------
    setup : Setup

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return _digest(json.dumps(_plain(setup), sort_keys=True).encode())


def library_digest(library: ShowerLibrary) -> str:
    """SHA-256 of the showers of a library.

    Parameters
    ----------
    library : ShowerLibrary

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    stored = library.stored
    return _digest(stored.codes.tobytes() + stored.axis.tobytes() + stored.energies_mev.tobytes())


_ADDED_LATER = ("tracker", "lowest_energy_mev", "highest_energy_mev", "compton_profile", "beyond_library")
"""What a setup had not when its digest was first made: only what is there counts."""
_NOT_CONTENT = "shower_library"
"""Where a file is. What is in it has a digest of its own."""


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _plain(part: Any) -> Any:
    """Fields of a part and of the parts in it, but for those made from others."""
    if hasattr(part, "__dataclass_fields__"):
        made = (item for item in part.__dataclass_fields__.values() if item.init)
        chosen = [item for item in made if item.name != _NOT_CONTENT]
        values = {item.name: getattr(part, item.name) for item in chosen}
        for name in _ADDED_LATER:
            if values.get(name, part) is None:
                del values[name]
        return {name: _plain(value) for name, value in values.items()}
    return [_plain(item) for item in part] if isinstance(part, tuple) else part


def base_record(setup_name: str, digests: Mapping[str, str | None]) -> dict[str, Any]:
    """Say by what program and for which apparatus events were made.

    Parameters
    ----------
    setup_name : str
    digests : mapping
        `setup_sha256` and `library_sha256`.

    Returns
    -------
    dict
        For JSON.
    """
    return {"program": PROGRAM, "version": __version__, "setup": setup_name, **digests}


def sample_record(setup_name: str, digests: Mapping[str, str | None], plan: PlannedSample) -> dict[str, Any]:
    """Say what decides the events of a sample.

    Parameters
    ----------
    setup_name : str
    digests : mapping
        `setup_sha256`, `library_sha256`, and `conditions_sha256` or None for what the setup says.
    plan : PlannedSample

    Returns
    -------
    dict
        For JSON.
    """
    sample = plan.sample
    return base_record(setup_name, digests) | {
        "process": sample.process.value,
        "period": sample.period,
        "run": sample.run,
        "beam_energy_mev": sample.beam_energy_mev,
        "n_pot": sample.n_pot,
        "boson": None if sample.boson is None else asdict(sample.boson),
        "pile_up": sample.pile_up,
        "pile_up_window_ns": sample.pile_up_window_ns,
        "fiducial_margin_mm": sample.fiducial_margin_mm,
        "k_factor": sample.k_factor,
        "seed": plan.seed,
        "n_events_of_sample": plan.n_events,
        "rate_per_pot": plan.rate_per_pot,
    }


def parse_record(path: Path, content: str | bytes | None) -> dict[str, Any]:
    """Read the record of a file.

    Parameters
    ----------
    path : Path
        Of the file, for the message.
    content : str, bytes or None
        The record as found, None if there is none.

    Returns
    -------
    dict

    Raises
    ------
    InputError
        It is not one of ours.
    """
    try:
        record = json.loads(content or "")
    except ValueError:
        record = None
    if not isinstance(record, dict) or record.get("program") != PROGRAM:
        raise foreign(path, "holds no events of x17")
    return record


def foreign(path: Path, what: str) -> InputError:
    """Make the one error for a file that cannot be used.

    Parameters
    ----------
    path : Path
    what : str

    Returns
    -------
    InputError
    """
    return InputError(str(path), [Problem(what)], ADVICE)


def write_in_one_step(path: Path, write: Callable[[Path], None]) -> None:
    """Write a file under a temporary name beside it, then rename it: nobody sees half of it.

    Parameters
    ----------
    path : Path
        Its folder is made.
    write : callable
        Writes to the path it is given.

    Raises
    ------
    X17Error
        The disk is full or may not be written to; nothing is left behind.
    """
    partial = path.with_name(f".{path.stem}.{secrets.token_hex(4)}{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(partial)
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise X17Error(f"{path}: cannot be written ({reason}); files before it are whole") from error
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
