"""From a scan and a line shape to fits, limits and p-values; no files, no plots."""
