"""Generators: what one positron in the beam does in the target, as weighted events."""
