"""From energy in the detectors to what is read out."""
