"""What the simulation expects of a period: background per positron and signal efficiency."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from x17.apparatus.setup import Setup
from x17.reconstruction.counting import PeriodCount, count_period, share_of_samples, two_body_count
from x17.reconstruction.expected_yields import ExpectedYields
from x17.reconstruction.pair_selection import select_pairs
from x17.reconstruction.period_selection import (
    PeriodEvents,
    PeriodSelection,
    PeriodSettings,
    select_period,
    shifted_spot,
)
from x17.reconstruction.spot_shift import SpotShift


@dataclass(frozen=True, slots=True, kw_only=True)
class BosonSample:
    """Simulated bosons.

    Attributes
    ----------
    events : PeriodEvents
    n_generated : int
        All bosons, those that do not come near the selection included.
    """

    events: PeriodEvents
    n_generated: int


@dataclass(frozen=True, slots=True, eq=False)
class PeriodExpectation:
    """Expectation of one period.

    Attributes
    ----------
    sqrt_s_mev : float
    count : PeriodCount
        Of simulated pairs of electrons and photons, weights per positron on target.
    electrons_per_pot, photons_per_pot : float
    signal_efficiency, signal_efficiency_err : float
        NaN without bosons.
    spot : SpotShift
        What a displaced beam line would do.
    selection : PeriodSelection
    """

    sqrt_s_mev: float
    count: PeriodCount
    electrons_per_pot: float
    photons_per_pot: float
    signal_efficiency: float
    signal_efficiency_err: float
    spot: SpotShift
    selection: PeriodSelection


def expect_period(
    period: int,
    sqrt_s: float,
    background: PeriodEvents,
    photon_samples: Sequence[int],
    boson: BosonSample | None,
    setup: Setup,
    settings: PeriodSettings,
) -> PeriodExpectation:
    """Count simulated events as data are counted.

    The side bands are subtracted from the simulated pairs, too: what of the two-body events lies in them is
    subtracted from data as well.

    Parameters
    ----------
    period : int
    sqrt_s : float
        MeV.
    background : PeriodEvents
        Pairs of electrons and of photons.
    photon_samples : sequence of int
        Which of their samples are photons.
    boson : BosonSample or None
        Of a mass √s.
    setup : Setup
    settings : PeriodSettings

    Returns
    -------
    PeriodExpectation
    """
    spots = [(setup.beam.center_x_mm, setup.beam.center_y_mm)]
    selection = select_period(background, spots, sqrt_s, setup, settings)
    shares = share_of_samples(selection.pairs, background.sample, settings)
    photons = float(sum(shares[number] for number in photon_samples if number < shares.size))
    efficiency, error = _efficiency(boson, selection, setup, settings)
    return PeriodExpectation(
        sqrt_s_mev=sqrt_s,
        count=count_period(period, selection, settings),
        electrons_per_pot=float(shares.sum()) - photons,
        photons_per_pot=photons,
        signal_efficiency=efficiency,
        signal_efficiency_err=error,
        spot=shifted_spot(background, selection, setup, settings),
        selection=selection,
    )


def _efficiency(
    boson: BosonSample | None, selection: PeriodSelection, setup: Setup, settings: PeriodSettings
) -> tuple[float, float]:
    """Share of bosons that are counted, about the beam line of the other events, with its binomial error."""
    if boson is None or boson.n_generated == 0:
        return math.nan, math.nan
    events = boson.events
    ones = np.ones(events.n_events)
    given = (events.clusters, events.run, ones, selection.lines.lines, selection.sqrt_s_mev, setup)
    pairs, _ = select_pairs(*given, settings.selection)
    share = two_body_count(pairs, settings).n2 / boson.n_generated
    return share, math.sqrt(max(share * (1.0 - share), 0.0) / boson.n_generated)


def table_of_expectations(rows: Sequence[PeriodExpectation]) -> ExpectedYields:
    """Expectations of all periods as arrays.

    Parameters
    ----------
    rows : sequence of PeriodExpectation

    Returns
    -------
    ExpectedYields
        In the order given.
    """

    def column(values: Sequence[float]) -> np.ndarray:
        return np.array(values, dtype=np.float64)

    found = [row.count.efficiency for row in rows]
    known = [f.efficiency > 0.0 and math.isfinite(f.error) for f in found]
    return ExpectedYields(
        period=np.array([row.count.period for row in rows], dtype=np.int64),
        sqrt_s_mev=column([row.sqrt_s_mev for row in rows]),
        electrons_per_pot=column([row.electrons_per_pot for row in rows]),
        photons_per_pot=column([row.photons_per_pot for row in rows]),
        background_err_raw=column([row.count.count.n2_error for row in rows]),
        signal_efficiency=column([row.signal_efficiency for row in rows]),
        signal_efficiency_err=column([row.signal_efficiency_err for row in rows]),
        tag_and_probe=column([f.efficiency if k else math.nan for f, k in zip(found, known, strict=True)]),
        tag_and_probe_err=column([f.error if k else math.nan for f, k in zip(found, known, strict=True)]),
    )
