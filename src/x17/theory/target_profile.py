"""Which Compton profile the electrons of a target have."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from x17.errors import UsageError
from x17.theory.compton import ComptonProfile, Diamond, HydrogenicCarbon, atom, carbon_atom
from x17.theory.metal_profile import LightMetal
from x17.theory.target import DIAMOND, Target

PROFILES = ("diamond", "carbon", "hydrogenic", "metal", "rest", "atom")
"""By name: `carbon` is the free carbon atom, `atom` that of the target's element, `rest` no motion."""

_CARBON: Mapping[str, Callable[[], ComptonProfile]] = {
    "diamond": Diamond,
    "carbon": carbon_atom,
    "hydrogenic": HydrogenicCarbon,
}
_SOLID = {
    DIAMOND: "diamond",
    "carbon": "diamond",
    "lithium": "metal",
    "beryllium": "metal",
    "aluminium": "metal",
}
"""Materials with a profile of their own; `carbon` is diamond."""


def profile_of_target(target: Target, name: str | None = None) -> ComptonProfile | None:
    """The momentum of the electrons of a target.

    Parameters
    ----------
    target : Target
    name : str, optional
        One of `PROFILES`. By default diamond's for diamond, that of a light metal for lithium, beryllium
        and aluminium, and the free atom's for all else.

    Returns
    -------
    ComptonProfile or None
        None for electrons at rest.

    Raises
    ------
    UsageError
        An unknown name, a profile of another element, or an element whose profile is not there.
    """
    chosen = name or _SOLID.get(target.material, "atom")
    if chosen not in PROFILES:
        raise UsageError(f"unknown Compton profile {chosen!r}; known: {', '.join(PROFILES)}")
    if chosen == "rest":
        return None
    if chosen == "metal":
        return LightMetal.of(target)
    if chosen == "atom":
        return atom(target.atomic_number)
    if target.element != "C":
        raise UsageError(
            f"the Compton profile {chosen} is one of carbon, but the target is of {target.material}; "
            "known for it: rest, atom"
        )
    return _CARBON[chosen]()
