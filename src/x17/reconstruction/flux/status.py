"""What became of the flux of a period, as a code and a sentence a person can act on."""

from enum import IntEnum


class FluxStatus(IntEnum):
    """Status of one period; from `NO_LEAD_GLASS` on it has no flux."""

    MEASURED = 0
    FILLED = 1
    NO_SPOT = 2
    NO_LEAD_GLASS = 3
    NO_GOOD_BUNCHES = 4
    BESIDE_LEAD_GLASS = 5

    @property
    def sentence(self) -> str:
        """What happened and what to do about it."""
        return _SENTENCES[self]


_SENTENCES = {
    FluxStatus.MEASURED: "Every bunch has a lead-glass charge and every run a spot.",
    FluxStatus.FILLED: (
        "Bunches without a lead-glass charge were counted by the charge of the target, with its larger error."
    ),
    FluxStatus.NO_SPOT: (
        "A run has no spot at the target or the pixel detector: its leakage is that of the beam in the "
        "setup, with the scatter of the periods as its error."
    ),
    FluxStatus.NO_LEAD_GLASS: "No bunch has a lead-glass charge: leave the period out, or find its data.",
    FluxStatus.NO_GOOD_BUNCHES: (
        "No bunch has more positrons than beam_catcher.min_positrons: leave the period out, or lower that."
    ),
    FluxStatus.BESIDE_LEAD_GLASS: (
        "The spot of a run lies beside the lead glass: leave the period out, or check pixel.z_mm and "
        "beam_catcher.impact_y_mm."
    ),
}
