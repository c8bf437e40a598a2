"""What a check is made of: an analysis, its variations, and a plan that holds them together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from x17.scan import EnergyScan
from x17.statistics.check_fit import LimitRule
from x17.statistics.model_settings import KSource, ModelSettings


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is fitted.

    Attributes
    ----------
    scan : EnergyScan
    model : ModelSettings
        With `k_constraint` resolved.
    rule : LimitRule
        Where the limit is placed.
    """

    scan: EnergyScan
    model: ModelSettings
    rule: LimitRule = LimitRule.CLS


Alter = Callable[[Analysis], Analysis]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variation:
    """One changed analysis.

    Attributes
    ----------
    name : str
        Unique within its check.
    label : str
        A few words.
    sentence : str
        What is changed.
    alter : callable
        Makes it from the unchanged analysis; an `X17Error` says why it cannot.
    same_k : bool
        Compare with the unchanged analysis under the constraint on K that the changed one has; otherwise with
        the unchanged analysis itself.
    global_p : bool
        Whether a global p-value is worth its pseudo-experiments.
    period : int or None
        The point left out.
    """

    name: str
    label: str
    sentence: str
    alter: Alter
    same_k: bool = True
    global_p: bool = False
    period: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A check as it is planned.

    Attributes
    ----------
    name, title, question : str
    published : str
        What the collaboration said of it for Run III.
    shows_observable : bool
        Whether the observable changes.
    variations : callable
        The variations for an analysis.
    """

    name: str
    title: str
    question: str
    variations: Callable[[Analysis], tuple[Variation, ...]]
    published: str = ""
    shows_observable: bool = False


def with_model(analysis: Analysis, **changes: Any) -> Analysis:
    """Change settings of the likelihood.

    Parameters
    ----------
    analysis : Analysis
    **changes
        Attributes of `ModelSettings`.

    Returns
    -------
    Analysis
    """
    return replace(analysis, model=replace(analysis.model, **changes))


def with_constants(analysis: Analysis, **changes: Any) -> Analysis:
    """Change constants of the scan's model.

    Parameters
    ----------
    analysis : Analysis
    **changes
        Attributes of `ModelConstants`.

    Returns
    -------
    Analysis
    """
    constants = replace(analysis.scan.constants, **changes)
    return replace(analysis, scan=replace(analysis.scan, constants=constants))


def with_data(analysis: Analysis, change: Callable[[EnergyScan], EnergyScan]) -> Analysis:
    """Change the data; a published constraint on K, made from the unchanged data, gives way to the side band.

    Parameters
    ----------
    analysis : Analysis
    change : callable

    Returns
    -------
    Analysis
    """
    source = analysis.model.k_constraint
    changed = KSource.FROM_SIDEBAND if source is KSource.PUBLISHED else source
    return replace(with_model(analysis, k_constraint=changed), scan=change(analysis.scan))
