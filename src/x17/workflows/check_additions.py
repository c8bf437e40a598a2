"""What is added to fitted variations: limits from toys, global p-values, the bands of a boson."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from x17.errors import InputError, X17Error
from x17.statistics.check_fit import CheckFit, LimitRule
from x17.statistics.check_result import CheckRow
from x17.statistics.injected_boson import InjectedBoson
from x17.statistics.limit_methods import Calculation, Method
from x17.statistics.limit_table import limit_table
from x17.statistics.model import ScanModel
from x17.statistics.significance import Significance
from x17.statistics.toy_set import ToySource
from x17.workflows.check_experiments import Experiments, global_p, make_band, make_injected
from x17.workflows.check_plan import Analysis, Variation
from x17.workflows.search_settings import SearchSettings

Pair = tuple[CheckRow, Variation]

PROBLEMS = (X17Error, ArithmeticError, ValueError)
"""What may go wrong in one check without ending the others."""


def sentence_of(error: BaseException) -> str:
    """What an error says, in one line.

    Parameters
    ----------
    error : exception

    Returns
    -------
    str
    """
    if isinstance(error, InputError):
        return "; ".join(str(problem) for problem in error.problems[:2])
    text = " ".join(str(error).split())
    return text if isinstance(error, X17Error) else f"unexpected {type(error).__name__}: {text}"


def with_toys(
    pair: Pair, analysis: Analysis, settings: SearchSettings, mass: float, source: ToySource
) -> Pair:
    """Add the limit from toys at the reference mass.

    Parameters
    ----------
    pair : (CheckRow, Variation)
    analysis : Analysis
        Unchanged.
    settings : SearchSettings
    mass : float
        MeV.
    source : ToySource

    Returns
    -------
    (CheckRow, Variation)
        With a reason in place of the limit if it could not be found.
    """
    row, task = pair
    if row.fit is None:
        return pair
    try:
        altered = task.alter(analysis)
        method = Method.CLS if altered.rule is LimitRule.CLS else Method.CLSB
        model = ScanModel.build(altered.scan, altered.model)
        found = limit_table(model, np.array([mass]), settings.couplings, (method,), settings.limit, source)
        toys = [item for item in found.limits if item.calculation is Calculation.TOYS]
        return replace(row, toy_limit=toys[0] if toys else None), task
    except PROBLEMS as error:
        return replace(row, reason=f"no limit from toys: {sentence_of(error)}"), task


def with_global_p(pair: Pair, analysis: Analysis, experiments: Experiments) -> Pair:
    """Add global p-values where the variation asks for them.

    Parameters
    ----------
    pair : (CheckRow, Variation)
    analysis : Analysis
        Unchanged.
    experiments : Experiments

    Returns
    -------
    (CheckRow, Variation)
        With a reason in their place if they could not be found.
    """
    row, task = pair
    if row.fit is None or not task.global_p:
        return pair
    try:
        altered = task.alter(analysis)
        model = ScanModel.build(altered.scan, altered.model)
        return replace(row, global_p=global_p(model, row.fit.scan, altered.rule, experiments)), task
    except PROBLEMS as error:
        return replace(row, reason=f"no global p-value: {sentence_of(error)}"), task


def boson_bands(
    model: ScanModel,
    unchanged: CheckFit,
    experiments: Experiments,
    boson: tuple[float, float],
    wanted: bool,
) -> tuple[Significance | None, InjectedBoson | None, str]:
    """Pseudo-experiments without and with a boson, or why there are none.

    Parameters
    ----------
    model : ScanModel
    unchanged : CheckFit
    experiments : Experiments
    boson : (float, float)
        Mass in MeV and coupling.
    wanted : bool
        Whether the check is to be made at all.

    Returns
    -------
    Significance or None
    InjectedBoson or None
    str
        Why there are none; empty if there are.
    """
    if not (wanted and experiments.number):
        return None, None, "no pseudo-experiments were made (--experiments 0)"
    try:
        band = make_band(model, unchanged.scan, experiments)
        return band, make_injected(model, unchanged.scan, experiments, boson), ""
    except PROBLEMS as error:
        return None, None, sentence_of(error)
