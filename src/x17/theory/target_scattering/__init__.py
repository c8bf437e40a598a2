"""What the target's nuclei do to a beam: bremsstrahlung and elastic scattering, pairs that imitate e⁺e⁻."""

from x17.theory.target_scattering.accidental_pairs import AccidentalPairRate, Bunch, accidental_pair_rate
from x17.theory.target_scattering.atom import CARBON, Atom
from x17.theory.target_scattering.bethe_heitler import bremsstrahlung_cross_section
from x17.theory.target_scattering.elastic import elastic_cross_section, elastic_cross_section_beyond
from x17.theory.target_scattering.pair_selection import PairSelection
from x17.theory.target_scattering.sampling import (
    BremsstrahlungEvents,
    BremsstrahlungRegion,
    sample_bremsstrahlung,
)
from x17.theory.target_scattering.spectrum import bremsstrahlung_spectrum, radiation_length_g_cm2
from x17.theory.target_scattering.two_cluster_rate import TwoClusterRate, two_cluster_rate

__all__ = [
    "CARBON",
    "AccidentalPairRate",
    "Atom",
    "BremsstrahlungEvents",
    "BremsstrahlungRegion",
    "Bunch",
    "PairSelection",
    "TwoClusterRate",
    "accidental_pair_rate",
    "bremsstrahlung_cross_section",
    "bremsstrahlung_spectrum",
    "elastic_cross_section",
    "elastic_cross_section_beyond",
    "radiation_length_g_cm2",
    "sample_bremsstrahlung",
    "two_cluster_rate",
]
