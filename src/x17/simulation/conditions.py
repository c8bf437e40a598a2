"""Truths of the machine that the analyst of a real run does not know, per run and period."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from x17.apparatus.beam_catcher import BeamCatcher
from x17.apparatus.setup import Setup
from x17.errors import UsageError

_CONDITIONS = 14
"""What these random numbers are for; see `x17.simulation.sample`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunConditions:
    """Truths of a run.

    Attributes
    ----------
    center_x_mm, center_y_mm : float
        Centre of the spot at the target.
    tilt_x_mrad, tilt_y_mrad : float
        Mean slopes.
    target_gain : float
        Charge of the target for a positron over what the setup says.
    calorimeter_scale : float
        Energy that a bunch leaves in the calorimeter over what is simulated.
    """

    center_x_mm: float
    center_y_mm: float
    tilt_x_mrad: float
    tilt_y_mrad: float
    target_gain: float = 1.0
    calorimeter_scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodConditions:
    """Truths of a period.

    Attributes
    ----------
    period : int
        Its number.
    runs : tuple of RunConditions
        At least one; all of the same number of positrons.
    lead_glass_response : float
        Charge of the beam catcher over what the charge per positron says.
    cluster_loss : float
        Share of showers that the calorimeter loses.
    """

    period: int
    runs: tuple[RunConditions, ...]
    lead_glass_response: float = 1.0
    cluster_loss: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """Truths of all periods of a run plan.

    Attributes
    ----------
    seed : int or None
        From which they were drawn; None for those that the setup says.
    charge_per_positron_pc, ageing_slope : float or None
        Of the beam catcher, common to all runs; None without one.
    periods : tuple of PeriodConditions
    """

    seed: int | None
    charge_per_positron_pc: float | None
    ageing_slope: float | None
    periods: tuple[PeriodConditions, ...]

    @classmethod
    def nominal(cls, setup: Setup) -> Conditions:
        """Conditions as the setup says: one run a period, nothing drifts, no shower is lost.

        Parameters
        ----------
        setup : Setup

        Returns
        -------
        Conditions
        """
        run, catcher = _nominal_run(setup), setup.beam_catcher
        return cls(
            seed=None,
            charge_per_positron_pc=catcher.charge_per_positron_pc if catcher else None,
            ageing_slope=catcher.ageing_slope if catcher else None,
            periods=tuple(PeriodConditions(period=p.number, runs=(run,)) for p in setup.run_plan.periods),
        )

    @classmethod
    def drawn(cls, setup: Setup, seed: int) -> Conditions:
        """Draw conditions from the widths in `Setup.drifts` and the errors of the beam catcher.

        Places, slopes, the ageing and the share of lost showers are Gaussian (the share never negative),
        gains and scales log-normal about 1. A period has random numbers of its own: its conditions do not
        depend on the periods beside it, nor those of a run on how many runs follow.

        Parameters
        ----------
        setup : Setup
        seed : int
            0 or more.

        Returns
        -------
        Conditions

        Raises
        ------
        UsageError
            A negative seed.
        """
        if seed < 0:
            raise UsageError(f"the seed is {seed}; allowed: 0 or above")
        charge, slope = _drawn_catcher(setup.beam_catcher, _stream(seed))
        return cls(
            seed=seed,
            charge_per_positron_pc=charge,
            ageing_slope=slope,
            periods=tuple(_drawn_period(setup, p.number, seed) for p in setup.run_plan.periods),
        )

    def of(self, period: int) -> PeriodConditions:
        """Conditions of a period.

        Parameters
        ----------
        period : int
            Its number.

        Returns
        -------
        PeriodConditions

        Raises
        ------
        UsageError
            There is no such period.
        """
        for one in self.periods:
            if one.period == period:
                return one
        known = ", ".join(str(one.period) for one in self.periods)
        raise UsageError(f"no conditions of period {period}; there are those of {known or 'none'}")

    def n_runs(self, period: int) -> int:
        """Runs of a period.

        Parameters
        ----------
        period : int

        Returns
        -------
        int
        """
        return len(self.of(period).runs)

    def run_of(self, period: int, run: int) -> RunConditions:
        """Conditions of a run.

        Parameters
        ----------
        period, run : int

        Returns
        -------
        RunConditions

        Raises
        ------
        UsageError
            There is no such period or run.
        """
        runs = self.of(period).runs
        if not 0 <= run < len(runs):
            raise UsageError(f"run {run} of period {period}; allowed: 0 to {len(runs) - 1}")
        return runs[run]

    def setup_for(self, setup: Setup, period: int, run: int) -> Setup:
        """The setup as it truly is in a run: its beam, beam catcher and target.

        Parameters
        ----------
        setup : Setup
            As the analyst knows it.
        period, run : int

        Returns
        -------
        Setup
            The calorimeter's scale and the lost showers are not in it.

        Raises
        ------
        UsageError
            There is no such period or run.
        """
        here, truth = self.of(period), self.run_of(period, run)
        beam = replace(
            setup.beam,
            center_x_mm=truth.center_x_mm,
            center_y_mm=truth.center_y_mm,
            tilt_x_mrad=truth.tilt_x_mrad,
            tilt_y_mrad=truth.tilt_y_mrad,
        )
        collected = setup.target.charge_collection_um * truth.target_gain
        target = replace(setup.target, charge_collection_um=collected)
        return replace(setup, beam=beam, target=target, beam_catcher=self._catcher(setup, here))

    def _catcher(self, setup: Setup, here: PeriodConditions) -> BeamCatcher | None:
        if setup.beam_catcher is None or self.charge_per_positron_pc is None or self.ageing_slope is None:
            return setup.beam_catcher
        return replace(
            setup.beam_catcher,
            charge_per_positron_pc=self.charge_per_positron_pc * here.lead_glass_response,
            ageing_slope=self.ageing_slope,
        )

    def document(self) -> dict[str, Any]:
        """All truths, for JSON; the inverse of `from_document`.

        Returns
        -------
        dict
        """
        document: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Conditions:
        """Make conditions from what `document` gave.

        Parameters
        ----------
        document : mapping

        Returns
        -------
        Conditions

        Raises
        ------
        UsageError
            It is no such document.
        """
        try:
            periods = tuple(
                PeriodConditions(**{**row, "runs": tuple(RunConditions(**run) for run in row["runs"])})
                for row in document["periods"]
            )
            return cls(**{**document, "periods": periods})
        except (KeyError, TypeError) as error:
            raise UsageError(f"not a document of conditions: {error}") from error

    def digest(self) -> str:
        """SHA-256 of all truths.

        Returns
        -------
        str
            64 hexadecimal digits.
        """
        return hashlib.sha256(json.dumps(self.document(), sort_keys=True).encode()).hexdigest()


def _stream(seed: int, *key: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_CONDITIONS, *key)))


def _nominal_run(setup: Setup) -> RunConditions:
    beam = setup.beam
    return RunConditions(
        center_x_mm=beam.center_x_mm,
        center_y_mm=beam.center_y_mm,
        tilt_x_mrad=beam.tilt_x_mrad,
        tilt_y_mrad=beam.tilt_y_mrad,
    )


def _drawn_catcher(
    catcher: BeamCatcher | None, rng: np.random.Generator
) -> tuple[float | None, float | None]:
    """Charge per positron and ageing within the errors that the setup gives them."""
    if catcher is None:
        return None, None
    normal = rng.standard_normal(2)
    charge = catcher.charge_per_positron_pc * float(np.exp(catcher.charge_per_positron_err * normal[0]))
    return charge, float(catcher.ageing_slope + catcher.ageing_slope_err * normal[1])


def _drawn_period(setup: Setup, period: int, seed: int) -> PeriodConditions:
    drifts = setup.drifts
    # Numbers of periods may be negative; keys may not.
    rng = _stream(seed, period % 2**32)
    response, loss = rng.standard_normal(2)
    runs = tuple(_drawn_run(setup, rng.standard_normal(6)) for _ in range(drifts.runs_per_period))
    return PeriodConditions(
        period=period,
        runs=runs,
        lead_glass_response=float(np.exp(drifts.lead_glass_sigma * response)),
        cluster_loss=float(np.clip(drifts.cluster_loss + drifts.cluster_loss_sigma * loss, 0.0, 1.0)),
    )


def _drawn_run(setup: Setup, normal: np.ndarray) -> RunConditions:
    beam, drifts = setup.beam, setup.drifts
    return RunConditions(
        center_x_mm=float(beam.center_x_mm + drifts.center_sigma_mm * normal[0]),
        center_y_mm=float(beam.center_y_mm + drifts.center_sigma_mm * normal[1]),
        tilt_x_mrad=float(beam.tilt_x_mrad + drifts.tilt_sigma_mrad * normal[2]),
        tilt_y_mrad=float(beam.tilt_y_mrad + drifts.tilt_sigma_mrad * normal[3]),
        target_gain=float(np.exp(drifts.target_gain_sigma * normal[4])),
        calorimeter_scale=float(np.exp(drifts.calorimeter_scale_sigma * normal[5])),
    )
