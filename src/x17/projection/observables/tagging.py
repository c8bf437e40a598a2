"""How well pairs of electrons and of photons are told apart, by what one cluster's tag can do."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError

FloatArray = NDArray[np.float64]

ELECTRONS, PHOTONS = 0, 1
"""Rows of a table of shares: what a pair is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagging:
    """What a charged-particle detector says of single clusters; those of a pair are independent.

    Attributes
    ----------
    efficiency : float
        η: share of charged particles that are tagged.
    photon_tags : float
        f: share of photons that are tagged, by conversion or by chance.
    efficiency_err, photon_tags_err : float
        Changes of η and of f from one energy point to the next, absolute.

    Raises
    ------
    UsageError
        Shares outside 0 to 1, negative errors, or a tag that charged particles do not get more often.
    """

    efficiency: float
    photon_tags: float
    efficiency_err: float = 0.0
    photon_tags_err: float = 0.0

    def __post_init__(self) -> None:
        if not 0.0 <= self.photon_tags < self.efficiency <= 1.0:
            raise UsageError(
                f"a tag with efficiency {self.efficiency:g} that {self.photon_tags:g} of the photons get; "
                "allowed: shares from 0 to 1, the efficiency above that of photons"
            )
        for name in ("efficiency_err", "photon_tags_err"):
            value = getattr(self, name)
            if not 0.0 <= value <= 1.0:
                raise UsageError(f"tagging: {name} is {value:g}; allowed: 0 to 1")

    @property
    def shares(self) -> FloatArray:
        """Classes that pairs are put into, shape (2, 3).

        Rows: pairs of electrons, pairs of photons. Columns: two tags η², none (1 − η)², one 2η(1 − η), in the
        order of `x17.reconstruction.event_classes.EventClass`; for photons with f in place of η.
        """
        return np.array([_binomial(self.efficiency), _binomial(self.photon_tags)])

    @property
    def slopes(self) -> FloatArray:
        """Derivatives of the rows of `shares` in η and in f, shape (2, 3)."""
        return np.array([_binomial_slope(self.efficiency), _binomial_slope(self.photon_tags)])

    @classmethod
    def of_yields(
        cls,
        true_yields: tuple[float, float],
        class_yields: tuple[float, float, float],
        *,
        efficiency_err: float = 0.0,
        photon_tags_err: float = 0.0,
    ) -> Tagging:
        """Find η and f from simulated pairs: how many there are, and what they are taken for.

        Parameters
        ----------
        true_yields : (float, float)
            Pairs of electrons and of photons.
        class_yields : (float, float, float)
            Pairs with two tags, with none, with one.
        efficiency_err, photon_tags_err : float
            As in the class.

        Returns
        -------
        Tagging
            With η²B_e + f²B_γ pairs of two tags and (1 − η)²B_e + (1 − f)²B_γ of none.

        Raises
        ------
        UsageError
            No pairs of one kind, or numbers that no η and f give.
        """
        electrons, photons = true_yields
        total = sum(class_yields)
        if min(true_yields) <= 0.0 or total <= 0.0:
            raise UsageError(f"yields of {electrons:g} pairs of electrons and {photons:g} of photons")
        two, none = (value * (electrons + photons) / total for value in class_yields[:2])
        # Sum and difference: (two − none) is linear in η and f, which leaves a quadratic equation for η.
        tags = 0.5 * (two - none + electrons + photons)  # η B_e + f B_γ
        a, b = electrons + electrons**2 / photons, -2.0 * tags * electrons / photons
        c = tags**2 / photons - two
        root = math.sqrt(max(b * b - 4.0 * a * c, 0.0))
        efficiency = min((-b + root) / (2.0 * a), 1.0)
        photon_tags = max((tags - efficiency * electrons) / photons, 0.0)
        return cls(
            efficiency=efficiency,
            photon_tags=photon_tags,
            efficiency_err=efficiency_err,
            photon_tags_err=photon_tags_err,
        )


def _binomial(tag: float) -> tuple[float, float, float]:
    return tag**2, (1.0 - tag) ** 2, 2.0 * tag * (1.0 - tag)


def _binomial_slope(tag: float) -> tuple[float, float, float]:
    return 2.0 * tag, -2.0 * (1.0 - tag), 2.0 - 4.0 * tag
