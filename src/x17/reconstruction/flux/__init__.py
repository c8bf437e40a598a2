"""Positrons on target per period, from what the beam monitors say of every bunch."""
