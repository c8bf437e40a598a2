"""Pairs of electrons and of photons counted apart: observables beside the number of two-cluster events."""
