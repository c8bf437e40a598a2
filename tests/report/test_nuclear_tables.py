"""Text for a terminal: nuclear masses and the combination."""

from io import StringIO

import pytest
from rich.console import Console

from x17.combination import GaussianMass, fit_jointly
from x17.combination.joint_result import JointResult, JointVariant
from x17.nuclear.masses import load_measurements
from x17.nuclear.masses.choices import FitChoices
from x17.nuclear.masses.mass_result import find_mass
from x17.report.joint_table import print_joint, with_pieces
from x17.report.nuclear_mass_table import print_masses
from x17.scan import EnergyScan
from x17.statistics.model import ScanModel
from x17.statistics.monte_carlo import TailFraction


def console() -> tuple[Console, StringIO]:
    stream = StringIO()
    return Console(file=stream, width=130), stream


def test_masses_are_printed_with_all_that_belongs_to_them() -> None:
    out, stream = console()
    print_masses(out, find_mass(load_measurements(), choices=FitChoices(rho=1.0)))
    text = stream.getvalue()
    for part in (
        "m_X = 16.92 ± 0.19 MeV",
        "9 rows of x17-measurements, from masses, ρ = 1",
        "be-gdr        16.95 ± 0.48 ± 0.35    20.75      109.5*",
        "denton-gehrlein",
        "16.88 ± 0.05",
        "< 12",
        "6.2 %",
        "warning: negative weight of be-gdr at ρ = 1",
    ):
        assert part in text


def test_one_row_has_no_goodness_of_fit() -> None:
    out, stream = console()
    print_masses(out, find_mass(load_measurements(), "c-2022"))
    assert "χ²/ndf = 0.0/0\n" in stream.getvalue()


@pytest.mark.parametrize(
    ("pieces", "text"),
    [
        (((16.87, 16.93),), "16.900 +0.030 −0.030"),
        (((16.87, None),), "16.900 (16.870–…)"),
        (((16.8, 16.92), (17.0, 17.1)), "16.900 (16.800–16.920, 17.000–17.100)"),
    ],
)
def test_intervals_in_words(pieces: tuple[tuple[float | None, float | None], ...], text: str) -> None:
    assert with_pieces(16.9, pieces, 1.0, 3) == text


@pytest.mark.parametrize(
    ("fraction", "text"),
    [
        (TailFraction(59, 1000), "near this mass with p = 0.0590"),
        (TailFraction(0, 100), "no scan out of 100 without a boson"),
    ],
)
def test_a_combination_is_printed(fraction: TailFraction, text: str) -> None:
    model = ScanModel.build(EnergyScan.load("padme-run3"))
    fit = fit_jointly(GaussianMass(16.85, 0.04), model, 16.6, 17.2)
    out, stream = console()
    variants = (JointVariant("another mass", fit),)
    print_joint(out, JointResult("padme-run3", "16.85 ± 0.04", fit, variants, fraction, ("take care",)))
    printed = stream.getvalue()
    for part in (
        "m_X = 16.883 +0.024 −0.030 MeV",
        "g_ve = (4.33",
        text,
        "another mass",
        "warning: take care",
    ):
        assert part in printed
