"""Simulated events and bunches on disk."""
