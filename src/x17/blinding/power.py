"""How good is the procedure? How often it accepts a scan with an error nobody knows of, and finds a boson.

Pseudo-experiments are drawn about what fluxes and backgrounds lead to expect, never about counts, so that
the answer may be known before a scan is opened. Each is analysed as a scan with every count sealed: the
window that leaves the smallest χ² is masked, and the criteria are tested on the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.kinematics import sqrt_s_mev
from x17.scan import EnergyScan
from x17.statistics.blocks import Progress, run_blocks, silent
from x17.statistics.data_sets import observable
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import KShape, KSource, ModelSettings
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.sideband_batch import sideband_fits
from x17.statistics.sideband_criteria import SidebandSettings
from x17.statistics.sideband_criteria_batch import criteria_values
from x17.statistics.toys import SMALLEST_COUNT, SMALLEST_FLUX, block_stream

FloatArray = NDArray[np.float64]

TOYS_PER_BLOCK = 500
"""Part of what a seed means."""

_PURPOSE = 17


@dataclass(frozen=True, slots=True)
class PowerCase:
    """What pseudo-experiments have that the analysis does not know of.

    Attributes
    ----------
    extra_err : float
        Relative error of every point beyond those of the table.
    mass_mev : float or None
        Of a boson; with a coupling of 0 it has no effect, but the mask is compared with it.
    coupling : float
        Its g_ve.
    """

    extra_err: float = 0.0
    mass_mev: float | None = None
    coupling: float = 0.0


@dataclass(frozen=True, slots=True)
class PowerPoint:
    """What became of the pseudo-experiments of one case.

    Attributes
    ----------
    case : PowerCase
    accepted : tuple of TailFraction
        Those whose P(χ²) is above each threshold.
    criteria : TailFraction
        Those that pass all criteria.
    found : TailFraction or None
        Those whose masked window has the boson between its first and its last point.
    """

    case: PowerCase
    accepted: tuple[TailFraction, ...]
    criteria: TailFraction
    found: TailFraction | None


@dataclass(frozen=True, slots=True)
class PowerTable:
    """The power of the procedure on one scan.

    Attributes
    ----------
    thresholds : tuple of float
        Of P(χ²).
    window_size, n_toys, seed : int
    points : tuple of PowerPoint
    """

    thresholds: tuple[float, ...]
    window_size: int
    n_toys: int
    seed: int
    points: tuple[PowerPoint, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Test:
    """What is the same for all pseudo-experiments."""

    model: ScanModel
    settings: SidebandSettings
    thresholds: tuple[float, ...]
    cases: tuple[PowerCase, ...]
    expected: tuple[FloatArray, ...]
    seed: int
    n_toys: int


def expected_scan(scan: EnergyScan) -> EnergyScan:
    """A scan with N_PoT · B in place of its counts, and without what was fitted to them.

    Parameters
    ----------
    scan : EnergyScan

    Returns
    -------
    EnergyScan
    """
    n2 = np.maximum(scan.n_pot * scan.background_per_pot, SMALLEST_COUNT)
    constants = replace(scan.constants, k_constraint=None)
    return replace(scan, n2=n2, n2_err=np.sqrt(n2), constants=constants)


def procedure_power(
    scan: EnergyScan,
    cases: tuple[PowerCase, ...],
    *,
    model_settings: ModelSettings | None = None,
    settings: SidebandSettings | None = None,
    thresholds: tuple[float, ...] = (0.2, 0.4),
    n_toys: int = 10_000,
    seed: int = 1,
    workers: int = 1,
    progress: Progress = silent,
) -> PowerTable:
    """Draw pseudo-experiments of each case and put them through the procedure.

    Parameters
    ----------
    scan : EnergyScan
        Its counts are not used.
    cases : tuple of PowerCase
        All see the same fluctuations: differences between them are better known than they are.
    model_settings : ModelSettings, optional
        Boson, line shape, treatment of B, and whether K is a line.
    settings : SidebandSettings, optional
        Criteria; K is what criterion (iv) expects.
    thresholds : tuple of float
        Of P(χ²), for the acceptance by criterion (i) alone.
    n_toys : int
        Pseudo-experiments of each case.
    seed : int
    workers : int
        Threads; the result does not depend on it.
    progress : callable

    Returns
    -------
    PowerTable

    Notes
    -----
    N2 ~ Gauss(μ, √μ) with μ = N_PoT B g_R (1 + ε z), z standard normal and ε the extra error; N_PoT and B are
    drawn about their values with their errors, and g_R and its weight are made from what was drawn.
    """
    criteria = settings or SidebandSettings()
    # K is not fitted here, and correlations with its constraint would have nothing to refer to.
    choices = replace(model_settings or ModelSettings(), k_constraint=KSource.FREE, correlations=())
    model = ScanModel.build(expected_scan(scan), choices)
    test = _Test(
        model=model,
        settings=criteria,
        thresholds=thresholds,
        cases=cases,
        expected=tuple(_expected_g_r(model, criteria, case) for case in cases),
        seed=seed,
        n_toys=n_toys,
    )
    blocks = range(-(-n_toys // TOYS_PER_BLOCK))
    found = run_blocks(
        lambda block: _block(test, block),
        blocks,
        workers=workers,
        what="blocks of pseudo-experiments",
        progress=progress,
    )
    counts = np.sum(found, axis=0)
    points = tuple(
        PowerPoint(
            case,
            tuple(TailFraction(int(k), n_toys) for k in row[: len(thresholds)]),
            TailFraction(int(row[-2]), n_toys),
            None if case.mass_mev is None else TailFraction(int(row[-1]), n_toys),
        )
        for case, row in zip(cases, counts, strict=True)
    )
    return PowerTable(thresholds, model.constants.window_size, n_toys, seed, points)


def _expected_g_r(model: ScanModel, settings: SidebandSettings, case: PowerCase) -> FloatArray:
    parameters = model.centers.copy()
    parameters[:2] = settings.expected_constant, settings.expected_slope_per_mev
    if case.mass_mev is None and case.coupling:
        raise UsageError(f"a coupling of {case.coupling:g} without a mass; name the boson's mass")
    parameters[SIGNAL_INDEX] = case.coupling**2
    return model.expected_g_r(parameters, case.mass_mev or model.constants.center_sqrt_s_mev)


def _block(test: _Test, block: int) -> NDArray[np.int64]:
    """Accepted by each threshold, by all criteria, and found, (n_cases, n_thresholds + 2)."""
    model, points = test.model, test.model.points
    size = min(TOYS_PER_BLOCK, test.n_toys - block * TOYS_PER_BLOCK)
    normal = block_stream(test.seed, (_PURPOSE,), block).standard_normal((size, 4, len(points)))
    n_pot = np.maximum(points.n_pot + points.n_pot_err * normal[:, 1], SMALLEST_FLUX * points.n_pot)
    background = points.background_per_pot + points.background_err * normal[:, 2]
    background = np.maximum(background, SMALLEST_FLUX * points.background_per_pot)
    rows = []
    for case, expected in zip(test.cases, test.expected, strict=True):
        mu = expected * points.n_pot * points.background_per_pot * (1.0 + case.extra_err * normal[:, 3])
        mu = np.maximum(mu, SMALLEST_COUNT)
        n2 = np.maximum(mu + np.sqrt(mu) * normal[:, 0], SMALLEST_COUNT)
        rows.append(_analysed(test, case, *observable(model, n2, n_pot, background)))
    return np.array(rows, dtype=np.int64)


def _analysed(test: _Test, case: PowerCase, y: FloatArray, relative: FloatArray) -> list[int]:
    model, window = test.model, test.model.constants.window_size
    constant = model.settings.k_shape is KShape.CONSTANT
    variance = y**2 * relative
    fits = sideband_fits(model.offset, y, variance, window, constant=constant)
    values = criteria_values(model.offset, y, variance, fits, window, test.settings, constant=constant)
    counts = [int(np.count_nonzero(values.chi2_probability > p)) for p in test.thresholds]
    counts.append(int(np.count_nonzero(values.hold(test.settings))))
    if case.mass_mev is None:
        return [*counts, 0]
    energy = float(sqrt_s_mev(model.resonance_energy(case.mass_mev), model.constants.electron_mass_mev))
    sqrt_s = model.points.sqrt_s_mev
    inside = (sqrt_s[fits.start] <= energy) & (energy <= sqrt_s[fits.start + window - 1])
    return [*counts, int(np.count_nonzero(inside))]
