"""Pairs of electron and positron from a nuclear transition: internal, external, and of a boson."""
