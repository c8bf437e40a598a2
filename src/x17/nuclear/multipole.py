"""Multipolarities of a transition between two levels."""

from __future__ import annotations

from enum import StrEnum

from x17.errors import UsageError


class Multipole(StrEnum):
    """Electric or magnetic, and the angular momentum l it carries off."""

    E0 = "E0"
    E1 = "E1"
    M1 = "M1"
    E2 = "E2"
    M2 = "M2"

    @property
    def electric(self) -> bool:
        """Whether it is electric."""
        return self.value[0] == "E"

    @property
    def angular_momentum(self) -> int:
        """Angular momentum l."""
        return int(self.value[1])

    @property
    def has_photon(self) -> bool:
        """Whether one real photon can do it: not for E0, which has no transverse part."""
        return self.angular_momentum > 0


def multipole_of(text: str) -> Multipole:
    """A multipolarity from what a user types.

    Parameters
    ----------
    text : str

    Returns
    -------
    Multipole

    Raises
    ------
    UsageError
        None of these.
    """
    if text not in tuple(Multipole):
        raise UsageError(f"unknown multipolarity {text!r}; allowed: {', '.join(Multipole)}")
    return Multipole(text)
