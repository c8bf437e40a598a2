"""From counts, flux and expectation to a scan, against values made by hand."""

from dataclasses import fields, replace
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from x17.apparatus.run_plan import Period, RunPlan
from x17.errors import InputError, UsageError
from x17.reconstruction.expected_yields import ExpectedYields
from x17.reconstruction.flux.period_flux import PeriodFlux
from x17.reconstruction.flux.status import FluxStatus
from x17.reconstruction.period_counts import CountStatus, PeriodCounts
from x17.scan.assembly import AS_SIMULATED, NORMALISATION, AssembledScan, assemble_scan
from x17.scan.error_budget import POINT, BudgetItem
from x17.scan.model_constants import ModelConstants

SQRT_S = np.array([20.3, 20.3, *np.linspace(16.4, 17.3, 14), 14.6, 14.7, 14.8])
PART = np.array([-2, -2, *[0, 1] * 7, -1, -1, -1])
NUMBER = np.arange(19)
B = 4e-6
N_POT = 1e10


def plan() -> RunPlan:
    rows = zip(NUMBER, SQRT_S, PART, strict=True)
    return RunPlan(
        periods=tuple(
            Period(number=int(n), sqrt_s_mev=float(e), n_pot=N_POT, scan_part=int(p)) for n, e, p in rows
        )
    )


def full(value: float) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.full(19, value)


def tables() -> tuple[PeriodCounts, PeriodFlux, ExpectedYields]:
    """10 % more than expected everywhere; 40000 pairs before, 38000 after subtraction."""
    zeros = full(0.0)
    counts = PeriodCounts(
        period=NUMBER,
        n2_raw=full(40000.0),
        n2=full(38000.0),
        n2_err=full(220.0),
        brems_subtraction=full(0.95),
        brems_subtraction_err=full(0.002),
        tag_and_probe=full(0.96),
        tag_and_probe_err=full(0.003),
        n_ee=zeros,
        n_gg=zeros,
        n_mixed=zeros,
        status=np.zeros(19, dtype=np.int64),
    )
    flux = SimpleNamespace(
        period=NUMBER,
        n_pot=full(N_POT),
        n_pot_err_raw=full(0.004 * N_POT),
        energy_loss=full(0.93),
        energy_loss_err=full(0.001),
        ageing=full(1.02),
        ageing_err=full(0.002),
        status=np.zeros(19, dtype=np.int64),
        usable=np.ones(19, dtype=bool),
    )
    expected = ExpectedYields(
        period=NUMBER,
        sqrt_s_mev=SQRT_S,
        electrons_per_pot=full(0.8 * 3.8e-6 / 1.1),
        photons_per_pot=full(0.2 * 3.8e-6 / 1.1),
        background_err_raw=full(0.003 * 3.8e-6 / 1.1),
        signal_efficiency=full(0.25),
        signal_efficiency_err=full(0.001),
        tag_and_probe=full(0.97),
        tag_and_probe_err=full(0.004),
    )
    return counts, cast(PeriodFlux, flux), expected


def assembled(*parts: Any, **options: Any) -> AssembledScan:
    given = parts if parts else tables()
    constants = options.pop("constants", ModelConstants())
    return assemble_scan(plan(), *given, name="by hand", source="a test", constants=constants, **options)


def test_values_by_hand() -> None:
    found = assembled()
    scan, normalisation = found.scan, found.validation.normalisation
    assert found.left_out == ()
    assert normalisation is not None
    # N2/(N_PoT B) = 38000/(1e10 · 3.8e-6/1.1) = 1.1 in all points.
    assert normalisation.value == pytest.approx(1.1, rel=1e-12)
    relative = np.sqrt((220 / 38000) ** 2 + 0.004**2 + 0.003**2)
    assert normalisation.error == pytest.approx(1.1 * relative / np.sqrt(3.0), rel=1e-12)
    np.testing.assert_allclose(scan.background_per_pot, 3.8e-6, rtol=1e-12)
    np.testing.assert_allclose(scan.background_err_raw, 0.003 * 3.8e-6, rtol=1e-12)
    # The efficiency follows, so that S ε_S/B stays as simulated.
    np.testing.assert_allclose(scan.signal_efficiency, 0.275, rtol=1e-12)
    np.testing.assert_allclose(scan.signal_efficiency_err, 0.0011, rtol=1e-12)
    np.testing.assert_allclose(scan.tag_and_probe, 0.96 / 0.97, rtol=1e-12)
    error = 0.96 / 0.97 * np.hypot(0.003 / 0.96, 0.004 / 0.97)
    np.testing.assert_allclose(scan.tag_and_probe_err, error, rtol=1e-12)
    for name, value in {
        "n2": 38000.0,
        "n2_err": 220.0,
        "n_pot": N_POT,
        "n_pot_err_raw": 0.004 * N_POT,
        "brems_subtraction": 0.95,
        "brems_subtraction_err": 0.002,
        "energy_loss": 0.93,
        "ageing": 1.02,
    }.items():
        np.testing.assert_array_equal(getattr(scan, name), value)
    assert scan.applied_corrections == ("brems_subtraction", "energy_loss", "ageing")
    assert scan.normalisation == NORMALISATION
    assert scan.scan_part.tolist() == PART.tolist()
    assert scan.selection.used_values == (0, 1)
    assert len(scan.search_points().sqrt_s_mev) == 14
    over = found.validation.over
    assert over is not None
    assert over.value == pytest.approx(3.8e-6, rel=1e-12)


def test_without_normalisation_the_background_is_as_simulated() -> None:
    found = assembled(normalise=False)
    np.testing.assert_allclose(found.scan.background_per_pot, 3.8e-6 / 1.1, rtol=1e-12)
    np.testing.assert_allclose(found.scan.signal_efficiency, 0.25, rtol=1e-12)
    assert found.scan.normalisation == AS_SIMULATED
    assert found.validation.normalisation is not None


def test_nothing_below_the_resonance_nothing_to_scale_by() -> None:
    counts, flux, expected = tables()
    status = np.where(PART == -1, CountStatus.BAD_FILE, CountStatus.GOOD).astype(np.int64)
    found = assembled(replace(counts, status=status), flux, expected)
    assert found.validation.normalisation is None
    assert found.scan.normalisation == AS_SIMULATED
    assert [entry.period for entry in found.left_out] == [16, 17, 18]


def test_why_periods_are_left_out() -> None:
    counts, flux, expected = tables()
    counts.n2[3], counts.n2_err[3] = 2.0, 3.0
    counts.status[4:6] = CountStatus.NO_EVENTS, CountStatus.BAD_FILE
    # A lost period has no expectation, either; that is no second reason.
    expected.electrons_per_pot[5] = expected.photons_per_pot[5] = 0.0
    expected.electrons_per_pot[0] = expected.photons_per_pot[0] = 0.0
    expected.signal_efficiency[1] = np.nan
    flux.status[6], flux.usable[6] = FluxStatus.NO_LEAD_GLASS, False
    flux.status[4], flux.usable[4] = FluxStatus.NO_LEAD_GLASS, False
    constants = ModelConstants(window_size=5)
    found = assembled(counts, flux, expected, details={5: "ee.parquet: cut short"}, constants=constants)
    reasons = {entry.period: entry.reason for entry in found.left_out}
    assert list(reasons) == [0, 1, 3, 4, 5, 6]
    assert reasons[0] == "the simulation expects no pair here; simulate more positrons"
    assert reasons[1] == "no simulated boson is selected here; simulate more bosons"
    assert reasons[3] == CountStatus.NO_CANDIDATES.sentence
    assert CountStatus.NO_EVENTS.sentence in reasons[4]
    assert "No bunch has a lead-glass charge" in reasons[4]
    assert reasons[5] == CountStatus.BAD_FILE.sentence + " (ee.parquet: cut short)"
    assert reasons[6] == FluxStatus.NO_LEAD_GLASS.sentence.rstrip(".")
    assert found.scan.notes == tuple(f"Period {n} is left out: {why}." for n, why in reasons.items())
    assert found.scan.period.tolist() == [n for n in range(19) if n not in reasons]


def test_measurements_that_failed_are_empty_cells() -> None:
    counts, flux, expected = tables()
    counts.tag_and_probe[2] = counts.tag_and_probe_err[2] = np.nan
    expected.tag_and_probe[3] = expected.tag_and_probe_err[3] = np.nan
    counts.tag_and_probe[4], counts.tag_and_probe_err[4] = 0.1, 0.5
    shift = full(0.001)
    shift[5:7] = np.nan, -1.7
    scan = assembled(counts, flux, expected, rmax_shift=shift).scan
    assert scan.tag_and_probe is not None
    assert np.flatnonzero(np.isnan(scan.tag_and_probe)).tolist() == [2, 3, 4]
    assert scan.rmax_shift is not None
    assert np.flatnonzero(np.isnan(scan.rmax_shift)).tolist() == [5, 6]
    counts.tag_and_probe[:] = np.nan
    assert assembled(counts, flux, expected).scan.tag_and_probe is None


def test_budget_and_constants_go_along() -> None:
    budget = (BudgetItem("N2", "statistics", 0.58, POINT),)
    constants = ModelConstants(n_pot_err_added=0.01)
    scan = assembled(budget=budget, constants=constants).scan
    assert scan.published_budget == budget
    np.testing.assert_allclose(scan.n_pot_err, np.hypot(0.004, 0.01) * N_POT, rtol=1e-12)


def test_tables_that_do_not_belong_together() -> None:
    counts, flux, expected = tables()
    with pytest.raises(UsageError, match="are of other periods"):
        assembled(counts.select(np.arange(18)), flux, expected)
    moved = [replace(table, period=NUMBER + 100) for table in (counts, expected)]
    flux.period[:] = NUMBER  # type: ignore[misc]
    stranger = cast(PeriodFlux, SimpleNamespace(**{**vars(flux), "period": NUMBER + 100}))
    with pytest.raises(UsageError, match=r"\[100, .*not in the run plan; it has 0, 1"):
        assembled(moved[0], stranger, moved[1])


def test_none_that_can_be_used_and_too_few() -> None:
    counts, flux, expected = tables()
    lost = replace(counts, status=np.full(19, CountStatus.NO_EVENTS, dtype=np.int64))
    with pytest.raises(UsageError, match="no period can be used: 0: no event was reconstructed"):
        assembled(lost, flux, expected)
    few = replace(counts, status=np.where(NUMBER < 6, 0, CountStatus.NO_EVENTS).astype(np.int64))
    with pytest.raises(InputError, match="4 points to search"):
        assembled(few, flux, expected)


def test_padding_expectations() -> None:
    _, _, expected = tables()
    two = expected.select(np.array([3, 5]))
    padded = two.padded(np.array([5, 4, 3]), np.array([1.0, 2.0, 3.0]))
    assert padded.period.tolist() == [5, 4, 3]
    assert padded.sqrt_s_mev.tolist() == [1.0, 2.0, 3.0]
    assert padded.signal_efficiency.tolist() == [0.25, 0.0, 0.25]
    np.testing.assert_allclose(padded.background_per_pot, np.array([1.0, 0.0, 1.0]) * 3.8e-6 / 1.1)
    none = expected.select(np.zeros(19, dtype=bool)).padded(np.array([5]), np.array([1.0]))
    assert all(getattr(none, item.name)[0] == 0.0 for item in fields(none)[2:])
