"""From a set-up and theory to events and hits."""
