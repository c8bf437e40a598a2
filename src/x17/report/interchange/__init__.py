"""Results in the formats of other programs, one format a file: HS3, pyhf, HEPData, ROOT, CSV."""
