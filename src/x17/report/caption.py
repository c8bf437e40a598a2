"""Words that go with a figure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Caption:
    """Words that go with a figure.

    Attributes
    ----------
    title : str
    text : str
        What it shows and how it was computed.
    alt : str
        What the picture looks like, for those who do not see it.
    """

    title: str
    text: str
    alt: str
