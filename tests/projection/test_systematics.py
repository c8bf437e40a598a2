"""Systematic errors: their files, what they scale with, and what switching them off does."""

from pathlib import Path

import numpy as np
import pytest

from x17.errors import InputError, UsageError
from x17.projection.systematics import Group, Quantity, RunSize, Systematics
from x17.projection.systematics_file import load_systematics, parse_systematics
from x17.scan import EnergyScan

HEAD = "reference_counts = 10000.0\nreference_k_constant_err = 0.001\nreference_k_slope_err = 0.004\n"


def _one(quantity: str, error: float, scales: str) -> Systematics:
    row = f'[[error]]\nquantity = "{quantity}"\nerror = {error}\nscales = "{scales}"\n'
    return parse_systematics("errors.toml", (HEAD + row).encode())


def test_shipped_errors_are_those_of_the_table(run3_errors: Systematics, published_scan: EnergyScan) -> None:
    points = published_scan.search_points()
    size = run3_errors.reference
    assert size.counts == pytest.approx(float(points.n2.mean()), rel=1e-3)  # rounded in the file
    for quantity, errors in (
        (Quantity.FLUX, points.n_pot_err / points.n_pot),
        (Quantity.BACKGROUND, points.background_err / points.background_per_pot),
    ):
        # The file has one number for all points: their root mean square, to two digits.
        expected = float(np.sqrt(np.mean(np.square(errors))))
        assert run3_errors.total(quantity, size) == pytest.approx(expected, rel=0.01)
    constants = published_scan.constants
    spread = run3_errors.total(Quantity.BEAM_SPREAD, size) * constants.beam_energy_spread
    assert spread == pytest.approx(constants.beam_energy_spread_err, rel=1e-9)
    yield_err = run3_errors.total(Quantity.SIGNAL_YIELD, size) * constants.signal_yield_mev
    assert yield_err == pytest.approx(constants.signal_yield_err, rel=1e-3)


@pytest.mark.parametrize(
    ("scales", "quantity", "expected"),
    [
        ("fixed", "flux", 0.01),
        ("counts", "flux", 0.005),
        ("line", "k_constant", 0.02),
        ("line", "k_slope", 0.03),
    ],
)
def test_what_errors_scale_with(scales: str, quantity: str, expected: float) -> None:
    """Four times the counts; a line with twice the error in its constant and three times in its slope."""
    size = RunSize(counts=40_000.0, k_constant_err=0.002, k_slope_err=0.012)
    assert _one(quantity, 0.01, scales).total(Quantity(quantity), size) == pytest.approx(expected, rel=1e-12)


def test_sources_add_in_quadrature(run3_errors: Systematics) -> None:
    size = run3_errors.reference
    flux = run3_errors.total(Quantity.FLUX, size)
    assert flux == pytest.approx(np.hypot(0.003, 0.0022), rel=1e-12)
    assert run3_errors.times(Group.FLUX, 0.5).total(Quantity.FLUX, size) == pytest.approx(0.5 * flux)
    assert run3_errors.times(Group.FLUX, 0.0).total(Quantity.FLUX, size) == 0.0
    assert run3_errors.times(Group.K, 0.0).total(Quantity.FLUX, size) == flux


def test_nuisances_without_error_are_held(run3_errors: Systematics) -> None:
    assert run3_errors.held == ()
    assert run3_errors.times(Group.K, 0.0).held == ("P0", "P1")
    assert run3_errors.times(Group.LINE_SHAPE, 0.0).held == ("A", "gamma")
    assert set(load_systematics("none").held) == {"P0", "P1", "A", "gamma", "b", "Q0", "Q1"}


def test_all_problems_of_a_file_at_once() -> None:
    text = (
        'reference_counts = -1.0\nreference_k_constant_err = 0.1\ncolour = "red"\n'
        '[[error]]\nquantity = "charm"\nerror = 2.0\n'
        '[[error]]\nquantity = "flux"\nerror = "big"\nscales = "line"\n'
    )
    with pytest.raises(InputError) as error:
        parse_systematics("errors.toml", text.encode())
    told = str(error.value)
    for part in (
        "colour: unknown key",
        "reference_counts: out of range (found '-1')",
        "reference_k_slope_err: key missing",
        "error[0].quantity: no such quantity (found 'charm')",
        "error[0].error: out of range (found '2'); allowed: at most 1 (100 %)",
        "error[1].error: not a number (found 'big')",
        "error[1].scales: only for K",
    ):
        assert part in told


@pytest.mark.parametrize("content", [b"error = 3\n", b"\xff\xfe", b"[["])
def test_what_is_no_file_of_errors(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_systematics("errors.toml", content)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="allowed: padme-run3, none, or a TOML file"):
        load_systematics(tmp_path / "nowhere.toml")
