"""The bounds that ship with the package: a TOML each, and a CSV where it is a curve."""

ORDER = (
    "na64",
    "na64-pseudoscalar",
    "e141",
    "orsay",
    "kek",
    "e137",
    "kloe",
    "g2-electron-cs",
    "g2-electron-rb",
    "g2-electron-2023-cs",
    "g2-electron-2023-rb",
    "g2-muon-2021",
    "g2-muon-2025",
    "na48",
    "na62",
)
"""Keys, in the order of tables and legends."""
