"""What a visitor of the page has chosen: the cursor, and the choices that change the fits."""

from __future__ import annotations

from dataclasses import dataclass, replace

from x17.statistics.model_settings import KSource
from x17.theory.boson import SpinParity
from x17.workflows.search_settings import SearchSettings

SPREADS = (0.0005, 0.01)
"""Relative beam spreads that can be chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What the fits depend on; the default is the search as its settings have it.

    Attributes
    ----------
    boson : SpinParity
    beam_spread : float or None
        Relative Gaussian spread of the beam energy; None is the scan's own.
    k_constraint : KSource
        `AUTO` is what the settings say.
    removed : tuple of str
        Corrections that are taken off, beyond those that the settings take off.
    left_out : tuple of int
        Periods that are not fitted.
    """

    boson: SpinParity = SpinParity.VECTOR
    beam_spread: float | None = None
    k_constraint: KSource = KSource.AUTO
    removed: tuple[str, ...] = ()
    left_out: tuple[int, ...] = ()

    def settings(self, base: SearchSettings) -> SearchSettings:
        """The settings of a search with these choices.

        Parameters
        ----------
        base : SearchSettings
            Where nothing is chosen.

        Returns
        -------
        SearchSettings
        """
        model = replace(base.model, boson=self.boson)
        if self.k_constraint is not KSource.AUTO:
            model = replace(model, k_constraint=self.k_constraint)
        constants = dict(base.constants)
        if self.beam_spread is not None:
            constants["beam_energy_spread"] = self.beam_spread
        without = (*base.search.without, *(name for name in self.removed if name not in base.search.without))
        return replace(base, model=model, constants=constants, search=replace(base.search, without=without))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplorerState:
    """Everything a link to the page has to say.

    Attributes
    ----------
    mass_mev : float
        Of the boson at the cursor.
    coupling : float
        Its g_ve; 0 is no boson.
    choices : Choices
    """

    mass_mev: float
    coupling: float
    choices: Choices
