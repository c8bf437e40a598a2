"""What is kept of the bunches of a run, so that millions of them are reduced block by block."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.reconstruction.flux.moments import Moments
from x17.simulation.digitisation.bunch_monitors import Bunches

BoolArray = NDArray[np.bool_]
_KEYS = ("period", "run", "beam_energy_mev")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSums:
    """Sums over the bunches of one run.

    A bunch is good if its lead-glass charge is that of more positrons than the setup asks for; its charge is
    missing if it is not finite.

    Attributes
    ----------
    period, run : int
    beam_energy_mev : float
        Mean total energy, MeV.
    n_bunches, n_good, n_missing : int
        Bunches: all, good, and without a lead-glass charge. The rest was too weak.
    lead_glass_pc, target_pc, calorimeter_mev : float
        Sums over good bunches; NaN where the monitor failed in any of them.
    lead_glass_2, target_2, calorimeter_2, lead_glass_target, lead_glass_calorimeter : float
        Sums of squares and of products, for the errors of ratios.
    missing_target_pc : float
        Charge of the target in bunches whose lead-glass charge is missing.
    target_x, target_y, pixel_x, pixel_y : Moments
        Centres of the spots of bunches that are good or missing, mm.
    target_var_x, target_var_y, pixel_var_x, pixel_var_y : Moments
        Squares of the widths of their spots, mm².
    """

    period: int
    run: int
    beam_energy_mev: float
    n_bunches: int = 0
    n_good: int = 0
    n_missing: int = 0
    lead_glass_pc: float = 0.0
    target_pc: float = 0.0
    calorimeter_mev: float = 0.0
    lead_glass_2: float = 0.0
    target_2: float = 0.0
    calorimeter_2: float = 0.0
    lead_glass_target: float = 0.0
    lead_glass_calorimeter: float = 0.0
    missing_target_pc: float = 0.0
    target_x: Moments = field(default_factory=Moments)
    target_y: Moments = field(default_factory=Moments)
    pixel_x: Moments = field(default_factory=Moments)
    pixel_y: Moments = field(default_factory=Moments)
    target_var_x: Moments = field(default_factory=Moments)
    target_var_y: Moments = field(default_factory=Moments)
    pixel_var_x: Moments = field(default_factory=Moments)
    pixel_var_y: Moments = field(default_factory=Moments)

    def __add__(self, other: RunSums) -> RunSums:
        keys = {name: getattr(self, name) for name in _KEYS}
        if keys != {name: getattr(other, name) for name in _KEYS}:
            raise UsageError(
                f"sums of period {self.period}, run {self.run}, {self.beam_energy_mev:g} MeV do not add to "
                f"those of period {other.period}, run {other.run}, {other.beam_energy_mev:g} MeV"
            )
        names = [item.name for item in fields(self) if item.name not in _KEYS]
        return RunSums(**keys, **{name: getattr(self, name) + getattr(other, name) for name in names})


def sum_bunches(
    bunches: Bunches,
    chosen: BoolArray,
    setup: Setup,
    *,
    period: int,
    run: int,
    beam_energy_mev: float,
    min_positrons: float | None = None,
) -> RunSums:
    """Sum some bunches of one run.

    Parameters
    ----------
    bunches : Bunches
        Their number of positrons, which no monitor sees, is not read.
    chosen : ndarray of bool, shape (n,)
    setup : Setup
    period, run : int
    beam_energy_mev : float
    min_positrons : float, optional
        A good bunch has more; that of the setup by default.

    Returns
    -------
    RunSums

    Raises
    ------
    UsageError
        A setup without a beam catcher.
    """
    catcher = setup.beam_catcher
    if catcher is None:
        raise UsageError(f"setup {setup.name} has no beam_catcher, which counts the positrons; add the table")
    least = catcher.min_positrons if min_positrons is None else min_positrons
    # Files hold 32 bits, too few to sum a million squares.
    glass, target, calorimeter = (
        np.asarray(getattr(bunches, name)[chosen], dtype=np.float64)
        for name in ("lead_glass_pc", "target_pc", "calorimeter_mev")
    )
    missing = ~np.isfinite(glass)
    good = glass > catcher.charge_pc(least, beam_energy_mev)
    good &= ~missing
    q, t, e = glass[good], target[good], calorimeter[good]
    return RunSums(
        period=period,
        run=run,
        beam_energy_mev=beam_energy_mev,
        n_bunches=int(glass.size),
        n_good=int(good.sum()),
        n_missing=int(missing.sum()),
        lead_glass_pc=float(q.sum()),
        target_pc=float(t.sum()),
        calorimeter_mev=float(e.sum()),
        lead_glass_2=float(q @ q),
        target_2=float(t @ t),
        calorimeter_2=float(e @ e),
        lead_glass_target=float(q @ t),
        lead_glass_calorimeter=float(q @ e),
        missing_target_pc=float(target[missing].sum()),
        **_spot_moments(bunches, chosen, good | missing),
    )


def _spot_moments(bunches: Bunches, chosen: BoolArray, kept: BoolArray) -> dict[str, Moments]:
    moments = {}
    for monitor in ("target", "pixel"):
        for axis in ("x", "y"):
            center = np.asarray(getattr(bunches, f"{monitor}_{axis}_mm")[chosen][kept], dtype=np.float64)
            width = np.asarray(getattr(bunches, f"{monitor}_sigma_{axis}_mm")[chosen][kept], dtype=np.float64)
            moments[f"{monitor}_{axis}"] = Moments.of(center)
            moments[f"{monitor}_var_{axis}"] = Moments.of(width**2)
    return moments


def sum_runs(
    blocks: Iterable[Bunches],
    setup: Setup,
    *,
    period: int,
    beam_energy_mev: float,
    min_positrons: float | None = None,
) -> tuple[RunSums, ...]:
    """Sum the bunches of a period run by run, a block at a time.

    Parameters
    ----------
    blocks : iterable of Bunches
        In the order in which they came.
    setup : Setup
    period : int
    beam_energy_mev : float
        Mean total energy, MeV.
    min_positrons : float, optional
        A good bunch has more; that of the setup by default.

    Returns
    -------
    tuple of RunSums
        By run, rising.

    Raises
    ------
    UsageError
        A setup without a beam catcher.
    """
    sums: dict[int, RunSums] = {}
    for block in blocks:
        for number in np.unique(block.run):
            run = int(number)
            part = sum_bunches(
                block,
                block.run == number,
                setup,
                period=period,
                run=run,
                beam_energy_mev=beam_energy_mev,
                min_positrons=min_positrons,
            )
            sums[run] = sums[run] + part if run in sums else part
    return tuple(sums[run] for run in sorted(sums))
