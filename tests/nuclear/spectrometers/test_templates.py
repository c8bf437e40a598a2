"""Expected spectra against unweighted pairs, integrals, and a boson simulated between the masses."""

import math

import numpy as np
import pytest

from x17.errors import UsageError
from x17.nuclear.multipole import Multipole
from x17.nuclear.pair_angles.boson_decay import EmittedBoson
from x17.nuclear.pair_angles.coefficients import fraction_above
from x17.nuclear.pair_angles.internal_pairs import InternalPairs
from x17.nuclear.pair_angles.mixture import MultipoleMixture
from x17.nuclear.spectrometers.flat_pairs import FlatPairs
from x17.nuclear.spectrometers.setup_file import load_spectrometer
from x17.nuclear.spectrometers.spectrometer import Process
from x17.nuclear.spectrometers.templates import AngularTemplates, angle_edges, make_templates, mass_grid
from x17.nuclear.spectrometers.transport import measure


@pytest.mark.parametrize("multipole", list(Multipole))
@pytest.mark.parametrize("largest", [1.0, 0.6])
def test_weights_turn_flat_pairs_into_internal_ones(multipole: Multipole, largest: float) -> None:
    source = FlatPairs(18.15, largest)
    plus, cos_theta = source.draw(400_000, np.random.default_rng(1))
    weights = source.weights(multipole, plus, cos_theta)
    for degrees in (0.0, 60.0, 120.0, 160.0):
        sample = weights * (np.arccos(cos_theta) > math.radians(degrees))
        expected = fraction_above(multipole, 18.15, math.radians(degrees), largest)
        error = float(np.std(sample)) / math.sqrt(sample.size)
        assert np.mean(sample) == pytest.approx(expected, abs=4.5 * error)


def test_weighted_spectra_are_those_of_drawn_pairs(templates: AngularTemplates) -> None:
    six = load_spectrometer("atomki-6")
    drawn = measure(six, InternalPairs(Multipole.M1, 18.15), Process.INTERNAL, 1_000_000, 21)
    spectrum, template = drawn.share_per_bin(templates.edges), templates.internal[0]
    variance = template / drawn.n_emitted + template**2 / templates.simulated
    chi2 = float(np.sum((spectrum - template) ** 2 / variance))
    assert chi2 < 28 + 4.0 * math.sqrt(2.0 * 28)


def test_bosons_between_the_simulated_masses(templates: AngularTemplates) -> None:
    mass = 0.5 * (templates.masses[6] + templates.masses[7])
    direct = measure(load_spectrometer("atomki-6"), EmittedBoson(mass, 18.15), Process.BOSON, 50_000, 2)
    spectrum = direct.share_per_bin(templates.edges)
    # The same random numbers: what is left is the spline's error, and pairs that cross an edge of a bin
    assert templates.boson_at(mass) == pytest.approx(spectrum, abs=0.02 * spectrum.max())
    assert np.array_equal(templates.boson_at(templates.masses[3]), templates.boson[3])
    with pytest.raises(UsageError, match="the masses that were simulated"):
        templates.boson_at(17.5)


def test_wide_external_pairs_are_rarer_than_internal_ones() -> None:
    found = make_templates(
        load_spectrometer("atomki-6"), 18.15, (Multipole.M1,), [17.0], 1, 100_000, 1000, 400_000
    )
    assert found.external is not None
    assert found.free.shape[0] == 2
    for low, high in ((40.0, 70.0), (70.0, 110.0), (110.0, 180.0)):
        here = (found.edges[:-1] >= math.radians(low - 1e-6)) & (found.edges[1:] <= math.radians(high + 1e-6))
        assert 0.0 < found.external[here].sum() < 0.3 * found.internal[0][here].sum()


def test_mixtures_of_templates(templates: AngularTemplates) -> None:
    background = templates.background(MultipoleMixture.parse("M1:0.7,E1:0.3"))
    assert background == pytest.approx(0.7 * templates.internal[0] + 0.3 * templates.internal[1])
    with pytest.raises(UsageError, match="no template of E2; allowed: M1, E1"):
        templates.background(MultipoleMixture.parse("E2"))


def test_bins_that_were_hardly_simulated_are_not_used() -> None:
    two = make_templates(load_spectrometer("atomki-gdr"), 18.15, (Multipole.M1,), [17.0], 1, 100_000, 1000)
    assert not two.usable[0]  # the arms are 110 degrees apart
    assert two.usable[np.searchsorted(two.edges, math.radians(110.0))]
    assert two.boson_at(17.0) is not None


def test_edges_and_masses() -> None:
    assert np.degrees(angle_edges(60.0, 180.0, 10.0)) == pytest.approx(np.arange(60.0, 181.0, 10.0))
    assert np.max(np.diff(mass_grid(16.5, 17.2))) <= 0.05 + 1e-12
    for bad in ((60.0, 40.0, 5.0), (40.0, 180.0, 9.0), (40.0, 180.0, 0.0)):
        with pytest.raises(UsageError, match="whole bins"):
            angle_edges(*bad)
    with pytest.raises(UsageError, match="rising"):
        mass_grid(17.0, 16.0)
