"""What is asked of simulated events to look at, and its form in the address of a page."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, get_args

from x17.apparatus.quantity import BeamEnergy, Quantity, shown
from x17.simulation.sample import Process
from x17.theory.boson import SpinParity

PREFIX = "e_"
EVENTS_MADE = 100
"""Events that are shown at a time."""
MASSES_MEV = (1.1, 1000.0)
LARGEST_SEED = 2**32 - 1

KINDS: Mapping[str, str] = {
    Process.ELECTRONS: "e⁺e⁻ pairs (Bhabha)",
    Process.PHOTONS: "γγ pairs",
    Process.BOSON: "Boson X → e⁺e⁻",
    Process.BREMSSTRAHLUNG: "Bremsstrahlung e⁺γ",
    Process.ACCIDENTAL: "Accidental pairs of positrons",
}
"""Kinds of event, by the letters that stand for them everywhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsState:
    """Which events are made, and which of them is looked at.

    Attributes
    ----------
    setup : str
        Name of a shipped setup, or a file.
    kind : str
        A key of `KINDS`.
    energy : float or None
        Total energy of the positrons, MeV; that of the setup if None.
    mass : float or None
        Of the boson, MeV; √s of the beam if None, so that it is met at every energy.
    coupling : float
        Its g_ve.
    letter : str
        V, A, S or P.
    pile_up : bool
        The single positrons of the bunch beside every event.
    near : bool
        Only events near the two-cluster selection, in place of all that are made.
    seed : int
    event : int or None
        The one looked at, counted from 1; the first that is selected, or else the first, if None.
    truth : bool
        Show what was simulated beside what is reconstructed.
    problems : tuple of str
        What an address said that cannot be used, a sentence each; no part of the state.
    """

    setup: str = "padme-run3"
    kind: str = Process.ELECTRONS.value
    energy: float | None = None
    mass: float | None = None
    coupling: float = 5e-4
    letter: str = SpinParity.VECTOR.value
    pile_up: bool = True
    near: bool = True
    seed: int = 1
    event: int | None = None
    truth: bool = False
    problems: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> EventsState:
        """Read the state from the parameters of an address.

        Parameters
        ----------
        query : mapping of str to str
            Parameters without the prefix `e_` are of others, and passed over.

        Returns
        -------
        EventsState
            What cannot be used stays at its default and is named in `problems`.
        """
        values: dict[str, Any] = {}
        problems = []
        for name, text in query.items():
            if not name.startswith(PREFIX):
                continue
            key = name.removeprefix(PREFIX)
            if key not in _READERS:
                problems.append(f"{shown(name)} in the address was ignored: events have no such setting")
                continue
            read, allowed = _READERS[key]
            value = read(text)
            if value is None:
                problems.append(f"{name}={shown(text)} in the address was ignored; allowed: {allowed}")
            else:
                values[key] = value
        return cls(**values, problems=tuple(problems))

    def to_query(self) -> dict[str, str]:
        """Write what differs from the defaults as parameters of an address.

        Returns
        -------
        dict of str to str
        """
        return {
            f"{PREFIX}{item.name}": _written(getattr(self, item.name))
            for item in fields(self)
            if item.compare and getattr(self, item.name) != item.default
        }

    @property
    def made_of(self) -> EventsState:
        """The state without what only says how to look: equal for equal events."""
        return EventsState(
            setup=self.setup,
            kind=self.kind,
            energy=self.energy,
            mass=self.mass,
            coupling=self.coupling,
            letter=self.letter,
            pile_up=self.pile_up,
            near=self.near,
            seed=self.seed,
        )


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return repr(value) if isinstance(value, float) else str(value)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _within(least: float, most: float) -> Callable[[str], float | None]:
    def read(text: str) -> float | None:
        value = _number(text)
        return value if value is not None and least <= value <= most else None

    return read


def _coupling(text: str) -> float | None:
    value = _number(text)
    return value if value is not None and 0.0 < value < 1.0 else None


def _whole(least: int, most: int) -> Callable[[str], int | None]:
    def read(text: str) -> int | None:
        if not (text.isascii() and text.isdigit() and len(text) <= 12):
            return None
        return int(text) if least <= int(text) <= most else None

    return read


def _one_of(names: tuple[str, ...]) -> Callable[[str], str | None]:
    return lambda text: text if text in names else None


def _text(text: str) -> str | None:
    return text if 0 < len(text) <= 1000 and text.isprintable() else None


def _switch(text: str) -> bool | None:
    return {"1": True, "0": False}.get(text)


_ENERGY: Quantity = get_args(BeamEnergy)[1]
_KINDS, _LETTERS = tuple(str(kind) for kind in KINDS), tuple(letter.value for letter in SpinParity)
_READERS: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "setup": (_text, "the name of a shipped setup, or a file"),
    "kind": (_one_of(_KINDS), ", ".join(_KINDS)),
    "energy": (_within(_ENERGY.least, _ENERGY.most), _ENERGY.allowed),
    "mass": (_within(*MASSES_MEV), f"{MASSES_MEV[0]:g} to {MASSES_MEV[1]:g} MeV"),
    "coupling": (_coupling, "above 0, below 1"),
    "letter": (_one_of(_LETTERS), ", ".join(_LETTERS)),
    "pile_up": (_switch, "1 or 0"),
    "near": (_switch, "1 or 0"),
    "seed": (_whole(0, LARGEST_SEED), f"a whole number from 0 to {LARGEST_SEED}"),
    "event": (_whole(1, EVENTS_MADE), f"a whole number from 1 to {EVENTS_MADE}"),
    "truth": (_switch, "1 or 0"),
}
