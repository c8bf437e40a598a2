"""Physical constants, in the package's units (MeV, mm, ns, rad; ħ = c = 1)."""

ELECTRON_MASS_MEV = 0.51099895
"""Electron mass, MeV (CODATA 2018: 0.51099895000(15) MeV)."""

PUBLISHED_ELECTRON_MASS_MEV = 0.511
"""Electron mass as rounded in the published PADME Run III analysis (arXiv:2505.24797), MeV."""

FINE_STRUCTURE = 1.0 / 137.035999
"""Fine-structure constant α (CODATA 2018: 1/137.035999084(21))."""

ELEMENTARY_CHARGE = 0.3028221
"""e = √(4πα), dimensionless (ħ = c = 1)."""

HBAR_C_MEV_MM = 197.3269804e-12
"""ħc, MeV mm (CODATA 2018, exact)."""

HBAR_MEV_S = 6.582119569e-22
"""ħ, MeV s (CODATA 2018, exact)."""

MICROBARN_MEV2 = 389.3793721e6
"""(ħc)², µb MeV²: 1 MeV⁻² in microbarn (CODATA 2018)."""

AVOGADRO_PER_MOL = 6.02214076e23
"""Avogadro's number, 1/mol (exact)."""
