"""What a block is called: a digest of everything that decides its content."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

from x17.statistics.toy_set import ToySet
from x17.toybank.rounding import rounded

TOY_VERSION = 1
"""To be raised whenever the numbers of toys change: older blocks then keep their names and are not used."""

FORMAT = 1
"""Of the files."""

DIGITS = 12
"""Significant digits of masses and couplings in a name."""


@dataclass(frozen=True, slots=True)
class BlockKey:
    """Everything that decides a block.

    Attributes
    ----------
    text : str
        As JSON with sorted keys: format, toy_version, model (digest), toys (inputs of the set), block.
    """

    text: str

    @classmethod
    def of(cls, model: str, toy_set: ToySet, block: int) -> BlockKey:
        """Key of a block.

        Parameters
        ----------
        model : str
            Digest of the model.
        toy_set : ToySet
        block : int

        Returns
        -------
        BlockKey
        """
        content = {
            "format": FORMAT,
            "toy_version": TOY_VERSION,
            "model": model,
            "toys": rounded(toy_set.inputs(), DIGITS),
            "block": block,
        }
        return cls(json.dumps(content, sort_keys=True, allow_nan=False))

    @property
    def name(self) -> str:
        """SHA-256 of the text, 64 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()
