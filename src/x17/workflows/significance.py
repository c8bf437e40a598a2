"""The global significance of a scan: the function behind `x17 significance` and `x17 search --full`."""

from __future__ import annotations

from dataclasses import dataclass

from x17.errors import UsageError, X17Error
from x17.scan import EnergyScan
from x17.statistics.data_sets import observed
from x17.statistics.ensembles import Ensemble
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.model import ScanModel
from x17.statistics.signal_scan import scan_signal
from x17.statistics.significance import FEWEST_TOYS, Significance, significance, window_columns
from x17.statistics.toy_set import ToySource
from x17.workflows.ranges import window
from x17.workflows.search_settings import SearchSettings
from x17.workflows.toy_sources import ensemble_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SignificanceChoices:
    """Choices about the pseudo-experiments.

    Attributes
    ----------
    toys : int
        Pseudo-experiments.
    ensemble : Ensemble
    window : str or None
        LO:HI in MeV; all masses by default.
    precision : float or None
        Relative error wanted of every global p-value.

    Raises
    ------
    UsageError
        A number outside its range.
    """

    toys: int = 20_000
    ensemble: Ensemble = Ensemble.PUBLISHED
    window: str | None = None
    precision: float | None = None

    @classmethod
    def of(
        cls, *, toys: int, ensemble: str, window: str | None = None, precision: float | None = None
    ) -> SignificanceChoices:
        """Choices from what a user types.

        Parameters
        ----------
        toys : int
        ensemble : str
        window : str, optional
        precision : float, optional

        Returns
        -------
        SignificanceChoices

        Raises
        ------
        UsageError
            An unknown ensemble, or a number outside its range.
        """
        return cls(toys=toys, ensemble=ensemble_of(ensemble), window=window, precision=precision)

    def __post_init__(self) -> None:
        if not FEWEST_TOYS <= self.toys <= 10_000_000:
            raise UsageError(
                f"--toys is {self.toys}; allowed: {FEWEST_TOYS} to 10000000. Fewer do not determine the +2σ "
                "edge of the expected band; 20000 give a global p of 0.1 to 2 %"
            )
        if self.precision is not None and not 0.0 < self.precision < 1.0:
            raise UsageError(
                f"--precision is {self.precision:g}; allowed: a relative error between 0 and 1, e.g. 0.05"
            )


def run_significance(
    scan: EnergyScan, settings: SearchSettings, choices: SignificanceChoices, source: ToySource
) -> Significance:
    """Local and global p-values of the largest excess.

    Parameters
    ----------
    scan : EnergyScan
    settings : SearchSettings
        Masses, likelihood, confidence level and seed; what depends on the scan is resolved.
    choices : SignificanceChoices
    source : ToySource

    Returns
    -------
    Significance

    Raises
    ------
    UsageError
        A window outside the masses.
    X17Error
        A fit to the data failed, or the toys are too few for the precision asked.
    """
    masses = settings.masses
    bounds = None if choices.window is None else window(choices.window, "--window")
    if bounds is not None:
        window_columns(masses, *bounds)
    model = ScanModel.build(scan, settings.model)
    wanted = ExperimentSet(ensemble=choices.ensemble, masses=tuple(masses.tolist()), seed=settings.limit.seed)
    data = scan_signal(model, observed(model), masses)
    (arrays,) = source(model, [wanted], choices.toys)
    result = significance(data, wanted.signal_scan(arrays), settings.limit.cl, bounds)
    if choices.precision is not None:
        _require(result, choices.precision)
    return result


def _require(result: Significance, precision: float) -> None:
    """Refuse global p-values that are known less well than asked."""
    for definition in result.definitions:
        fraction = definition.fraction
        needed = fraction.toys_needed(precision)
        if needed > fraction.n_toys:
            low, high = fraction.interval()
            found = f"p = {fraction.value:.3g}" if low > 0.0 else f"p < {high:.2g}"
            raise X17Error(
                f"{fraction.n_toys} pseudo-experiments are too few: {found} by {definition.statistic.value}, "
                f"where a relative error of {precision:g} needs about {_round_up(needed)}. Run again with "
                f"--toys {_round_up(needed)}; the toys in the bank are used again"
            )


def _round_up(n: int) -> int:
    """Two significant digits, upwards."""
    step = int(10 ** max(len(str(n)) - 2, 0))
    return -(-n // step) * step
