"""The outcome of checks of an analysis, as one object that reports and figures take."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from x17.statistics.check_fit import Change, CheckFit
from x17.statistics.global_p import GlobalP
from x17.statistics.impacts import Impacts
from x17.statistics.injected_boson import InjectedBoson
from x17.statistics.limit_methods import MethodLimit
from x17.statistics.limit_table import LimitTable
from x17.statistics.significance import Significance


class CheckStatus(StrEnum):
    """What became of a check or of one of its variations."""

    DONE = "done"
    NOT_APPLICABLE = "not applicable"
    """The scan lacks what the check needs."""
    FAILED = "failed"
    """A fit failed, or a setting cannot be used with it."""


@dataclass(frozen=True, slots=True, eq=False)
class CheckRow:
    """One variation of the analysis; what is missing is None and `reason` says why.

    Attributes
    ----------
    name : str
        Unique within its check.
    label : str
        A few words.
    sentence : str
        What was changed.
    period : int or None
        The point left out, where that is what was changed.
    status : CheckStatus
    reason : str
        Why there is no fit, or what is missing beside it.
    fit : CheckFit or None
    change : Change or None
    toy_limit : MethodLimit or None
        Limit at the reference mass from toys, if these were asked for.
    global_p : tuple of GlobalP
        By the published deviation and by the deepest Q; empty unless made.
    """

    name: str
    label: str
    sentence: str
    period: int | None
    status: CheckStatus
    reason: str
    fit: CheckFit | None = None
    change: Change | None = None
    toy_limit: MethodLimit | None = None
    global_p: tuple[GlobalP, ...] = ()


@dataclass(frozen=True, slots=True)
class Comparison:
    """A published number beside the one found here.

    Attributes
    ----------
    what : str
    published : float
    published_error : float or None
        None if none was given.
    found, found_error : float or None
        None if it was not made.
    """

    what: str
    published: float
    published_error: float | None
    found: float | None
    found_error: float | None

    @property
    def difference(self) -> float | None:
        """Found minus published."""
        return None if self.found is None else self.found - self.published


@dataclass(frozen=True, slots=True, eq=False)
class Check:
    """A check: one question, answered by one or more variations.

    Attributes
    ----------
    name, title : str
    question : str
        What is asked, as a sentence.
    published : str
        What the collaboration said of it; empty if nothing.
    shows_observable : bool
        Whether the observable itself changes, so that it is worth a picture.
    status : CheckStatus
        Done if any variation is.
    reason : str
    rows : tuple of CheckRow
    tension : float or None
        Where two scan parts are compared: difference of their û at the reference mass over its error.
    comparisons : tuple of Comparison
        With the numbers that were published for this scan.
    """

    name: str
    title: str
    question: str
    published: str
    shows_observable: bool
    status: CheckStatus
    reason: str
    rows: tuple[CheckRow, ...]
    tension: float | None = None
    comparisons: tuple[Comparison, ...] = ()

    @property
    def done(self) -> tuple[CheckRow, ...]:
        """Variations that were fitted."""
        return tuple(row for row in self.rows if row.fit is not None)


@dataclass(frozen=True, slots=True, eq=False)
class CheckResult:
    """All checks of one analysis.

    Attributes
    ----------
    scan_name, scan_source : str
    notes : tuple of str
    cl : float
    reference_mass_mev : float
        Where limits are compared.
    n_toys : int
        Toys of each hypothesis and coupling behind `toy_limit`; 0 without.
    n_experiments : int
        Pseudo-experiments of each kind; 0 without.
    window_mev : (float, float)
        Masses among which an excess counts for global p-values.
    nominal : CheckRow
        The unchanged analysis.
    checks : tuple of Check
    impacts : Impacts or None
    impacts_reason : str
        Why there are none.
    methods : LimitTable or None
        Limits by CLs, CLs+b and power constraint at every mass, if that check was done.
    band : Significance or None
        Pseudo-experiments without a boson.
    injected : InjectedBoson or None
        And with one.
    """

    scan_name: str
    scan_source: str
    notes: tuple[str, ...]
    cl: float
    reference_mass_mev: float
    n_toys: int
    n_experiments: int
    window_mev: tuple[float, float]
    nominal: CheckRow
    checks: tuple[Check, ...]
    impacts: Impacts | None
    impacts_reason: str
    methods: LimitTable | None
    band: Significance | None
    injected: InjectedBoson | None

    @property
    def unchanged(self) -> CheckFit:
        """Fit of the unchanged analysis."""
        assert self.nominal.fit is not None  # a search whose own fit fails ends before any check
        return self.nominal.fit
