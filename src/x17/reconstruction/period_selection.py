"""All that counting and calibration need of the events of one period: its pairs, tags and beam lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace

import numpy as np
from numpy.typing import NDArray

from x17.apparatus.setup import Setup
from x17.reconstruction.beam_line_fit import BeamLineFit, BeamLineSettings, Spot, fit_beam_lines
from x17.reconstruction.clusters import Clusters
from x17.reconstruction.cut_flow import CutFlow
from x17.reconstruction.pair_selection import SelectionSettings, select_pairs
from x17.reconstruction.pairs import Pairs
from x17.reconstruction.side_bands import SideBands
from x17.reconstruction.spot_shift import SpotShift, spot_shift
from x17.reconstruction.stability import r_max_steps, widest_cuts
from x17.reconstruction.tags import TagAndProbeSettings, Tags, find_tags

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class PeriodEvents:
    """Reconstructed events of a period, of all its runs and samples.

    Attributes
    ----------
    clusters : Clusters
    run : ndarray of int, shape (n_events,)
    weight : ndarray, shape (n_events,)
    sample : ndarray of int, shape (n_events,)
        Which of the period's samples an event belongs to: a file of data, or a simulated process.
    """

    clusters: Clusters
    run: IntArray
    weight: FloatArray
    sample: IntArray

    @classmethod
    def empty(cls) -> PeriodEvents:
        """No events."""
        none, zero = np.zeros(0, dtype=np.int64), np.zeros(0)
        return cls(Clusters(0, none, none, none, zero, zero, zero, zero, none), none, zero, none)

    @property
    def n_events(self) -> int:
        """Number of events."""
        return self.clusters.n_events

    def of_samples(self, samples: Sequence[int]) -> PeriodEvents:
        """Events of some of the samples.

        Parameters
        ----------
        samples : sequence of int

        Returns
        -------
        PeriodEvents
        """
        return self.select(np.isin(self.sample, np.asarray(samples, dtype=np.int64)))

    def select(self, kept: BoolArray) -> PeriodEvents:
        """Some of the events, renumbered.

        Parameters
        ----------
        kept : ndarray of bool, shape (n_events,)

        Returns
        -------
        PeriodEvents
        """
        chosen = self.clusters.select(kept[self.clusters.event])
        number = np.cumsum(kept) - 1
        clusters = replace(chosen, n_events=int(kept.sum()), event=number[chosen.event])
        return PeriodEvents(clusters, self.run[kept], self.weight[kept], self.sample[kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodSettings:
    """Choices of the analysis of a period's events.

    Attributes
    ----------
    selection : SelectionSettings
    bands : SideBands
        Windows and side bands in the two angles.
    tags : TagAndProbeSettings
    beam_lines : BeamLineSettings
    subtract : bool
        Take the side bands off the counts.
    """

    selection: SelectionSettings
    bands: SideBands = field(default_factory=SideBands)
    tags: TagAndProbeSettings = field(default_factory=TagAndProbeSettings)
    beam_lines: BeamLineSettings = field(default_factory=BeamLineSettings)
    subtract: bool = True

    @classmethod
    def of(cls, setup: Setup) -> PeriodSettings:
        """The choices that a setup names.

        Parameters
        ----------
        setup : Setup

        Returns
        -------
        PeriodSettings
        """
        return cls(selection=SelectionSettings.of(setup), tags=TagAndProbeSettings.of(setup))


@dataclass(frozen=True, slots=True, eq=False)
class PeriodSelection:
    """Pairs and tags of a period.

    Attributes
    ----------
    sqrt_s_mev : float
    lines : BeamLineFit
    pairs : Pairs
        With the cuts of the analysis; the windows of the angles are for counting.
    wide_pairs : Pairs
        With the widest cuts on radii, to vary them.
    tags : Tags
    cut_flow : CutFlow
    sample : ndarray of int, shape (n_events,)
        Of the events, which `pairs.event` numbers.
    """

    sqrt_s_mev: float
    lines: BeamLineFit
    pairs: Pairs
    wide_pairs: Pairs
    tags: Tags
    cut_flow: CutFlow
    sample: IntArray

    def lighter(self, *, keep_pairs: bool) -> PeriodSelection:
        """The same without what has been used: a run's periods together would fill gigabytes.

        Parameters
        ----------
        keep_pairs : bool
            Whether the pairs of the analysis stay; wide pairs, tags and samples go.

        Returns
        -------
        PeriodSelection
        """
        none = np.zeros(0, dtype=np.int64)
        # Copies: empty slices would hold on to what they are cut from.
        tags = Tags(*(getattr(self.tags, item.name)[:0].copy() for item in fields(Tags)))
        return replace(
            self,
            pairs=self.pairs if keep_pairs else self.pairs.select(none),
            wide_pairs=self.wide_pairs.select(none),
            tags=tags,
            sample=none,
        )


def select_period(
    events: PeriodEvents,
    spots: Sequence[Spot],
    sqrt_s: float,
    setup: Setup,
    settings: PeriodSettings | None = None,
) -> PeriodSelection:
    """Find the beam line of every run, then pairs and tags about it.

    Parameters
    ----------
    events : PeriodEvents
    spots : sequence of (x, y)
        Measured at the target, one a run, mm.
    sqrt_s : float
        MeV.
    setup : Setup
    settings : PeriodSettings, optional

    Returns
    -------
    PeriodSelection
    """
    how = settings or PeriodSettings.of(setup)
    given = (events.clusters, events.run, events.weight)
    lines = fit_beam_lines(*given, spots, sqrt_s, setup, how.beam_lines)
    pairs, flow = select_pairs(*given, lines.lines, sqrt_s, setup, how.selection)
    wide = replace(how.selection, cuts=widest_cuts(how.selection.cuts, r_max_steps(setup)[-1]))
    wide_pairs, _ = select_pairs(*given, lines.lines, sqrt_s, setup, wide)
    tags = find_tags(*given, lines.lines, sqrt_s, setup, how.selection, how.tags)
    inside = how.bands.windows.inside(pairs)
    flow = flow.followed_by("both angles", pairs.weight[inside])
    return PeriodSelection(sqrt_s, lines, pairs, wide_pairs, tags, flow, events.sample)


def shifted_spot(
    events: PeriodEvents, selection: PeriodSelection, setup: Setup, settings: PeriodSettings | None = None
) -> SpotShift:
    """What a beam line in the wrong place would do to the yield of a period.

    Parameters
    ----------
    events : PeriodEvents
    selection : PeriodSelection
        Of these events.
    setup : Setup
    settings : PeriodSettings, optional

    Returns
    -------
    SpotShift
    """
    how = settings or PeriodSettings.of(setup)
    return spot_shift(
        events.clusters,
        events.run,
        events.weight,
        selection.lines.lines,
        selection.sqrt_s_mev,
        setup,
        settings=how.selection,
        windows=how.bands.windows,
    )
