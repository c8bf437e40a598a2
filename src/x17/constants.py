"""Physical constants, in the package's units (MeV, mm, ns, rad; ħ = c = 1)."""

ELECTRON_MASS_MEV = 0.51099895
"""Electron mass, MeV (CODATA 2018: 0.51099895000(15) MeV)."""

PUBLISHED_ELECTRON_MASS_MEV = 0.511
"""Electron mass as rounded in the published PADME Run III analysis (arXiv:2505.24797), MeV."""
