"""What the target's nuclei do to a beam: bremsstrahlung elastic scattering, pairs that imitate e⁺e⁻."""

from x17.theory.target_scattering.atom import CARBON, Atom
from x17.theory.target_scattering.bethe_heitler import bremsstrahlung_cross_section
from x17.theory.target_scattering.elastic import elastic_cross_section, elastic_cross_section_beyond

__all__ = [
    "CARBON",
    "Atom",
    "bremsstrahlung_cross_section",
    "elastic_cross_section",
    "elastic_cross_section_beyond",
]
