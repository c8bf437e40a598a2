"""Expected spectra of one spectrometer, made once."""

import pytest

from x17.nuclear.multipole import Multipole
from x17.nuclear.spectrometers.setup_file import load_spectrometer
from x17.nuclear.spectrometers.templates import AngularTemplates, make_templates, mass_grid


@pytest.fixture(scope="package")
def templates() -> AngularTemplates:
    return make_templates(
        load_spectrometer("atomki-6"),
        18.15,
        (Multipole.M1, Multipole.E1),
        mass_grid(16.5, 17.2),
        n_pairs=400_000,
        n_bosons=50_000,
    )
