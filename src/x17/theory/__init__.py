"""Theory: what a boson does to the yield of a positron on a target, knowing nothing of detectors or data."""
