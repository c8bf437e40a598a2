"""The target: a thin slab that measures the beam with strips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from x17.apparatus.quantity import Count, Length, Part, Position, Quantity, shown
from x17.errors import Problem, UsageError
from x17.theory.compton import ComptonProfile
from x17.theory.target import Target
from x17.theory.target_profile import PROFILES, profile_of_target
from x17.theory.target_scattering.atom import Atom, atom_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveTarget(Part):
    """A square target with strips along x on one face and along y on the other.

    Attributes
    ----------
    z_mm : float
        Front face.
    material : str
        As `x17.theory.target` knows it.
    density_g_cm3 : float
    thickness_mm : float
    side_mm : float
        Of the square.
    n_strips : int
        In each of x and y.
    strip_pitch_mm, strip_width_mm : float
    charge_collection_um : float
        Distance over which charge is collected.
    pairs_per_um : float
        Electron-hole pairs that a positron makes per length.
    compton_profile : str or None
        How the electrons of the target move, as `x17.theory.target_profile` knows it; None: diamond's for
        diamond, a metal's for Li, Be and Al, the free atom's for all else.
    """

    z_mm: Position
    material: str
    density_g_cm3: Annotated[float, Quantity("g/cm³", above=0.0, most=30.0)]
    thickness_mm: Length = 0.1
    side_mm: Length = 20.0
    n_strips: Count = 16
    strip_pitch_mm: Length = 1.0
    strip_width_mm: Length = 0.85
    charge_collection_um: Annotated[float, Quantity("µm", above=0.0, most=1e5)] = 12.0
    pairs_per_um: Annotated[float, Quantity("1/µm", above=0.0, most=1e4)] = 36.0
    compton_profile: str | None = None

    def contradictions(self) -> list[Problem]:
        """Find an unknown or too thick slab, and strips that overlap or stand out."""
        problems = []
        try:
            self.slab  # noqa: B018  (the theory's own check of a target)
        except UsageError as error:
            problems.append(Problem(str(error), None, "material"))
        if self.compton_profile is not None and self.compton_profile not in PROFILES:
            problems.append(
                Problem(
                    "no such profile",
                    None,
                    "compton_profile",
                    shown(self.compton_profile),
                    ", ".join(PROFILES),
                )
            )
        if self.strip_width_mm > self.strip_pitch_mm:
            allowed = f"at most strip_pitch_mm = {self.strip_pitch_mm:g}"
            problems.append(
                Problem("strips overlap", None, "strip_width_mm", f"{self.strip_width_mm:g}", allowed)
            )
        if self.n_strips * self.strip_pitch_mm > self.side_mm:
            allowed = f"at most side_mm / strip_pitch_mm = {self.side_mm / self.strip_pitch_mm:g}"
            problems.append(
                Problem("strips wider than the target", None, "n_strips", str(self.n_strips), allowed)
            )
        return problems

    @property
    def slab(self) -> Target:
        """The target as the theory sees it: material, thickness, density."""
        return Target(self.material, self.thickness_mm, self.density_g_cm3)

    @property
    def electron_momenta(self) -> ComptonProfile | None:
        """Compton profile of its electrons; None for electrons at rest.

        Raises
        ------
        UsageError
            An element whose profile is not there.
        """
        return profile_of_target(self.slab, self.compton_profile)

    @property
    def atom(self) -> Atom:
        """Its atoms, as the theory of scattering sees them."""
        return atom_of(self.slab)
