"""Events in the formats of other programs."""
