"""x17: resonance searches with a positron beam, end to end."""

__version__ = "0.1.0"
