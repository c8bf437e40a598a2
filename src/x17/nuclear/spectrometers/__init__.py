"""Pair spectrometers: the pairs they see, their angles and energies, and how a boson among them shows."""
