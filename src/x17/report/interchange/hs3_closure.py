"""Does an HS3 document say what was meant? ln L of the file against ln L of the expanded model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from x17.report.interchange.hs3 import SIGNAL, UNIT_COUPLING, parameter_name
from x17.report.interchange.hs3_evaluator import read_likelihood
from x17.statistics.expanded_model import ExpandedModel
from x17.statistics.model import SIGNAL_INDEX

N_POINTS = 50
SEED = 1
_SIGMAS = 2.0
_FREE_STEP = 3e-3
"""Scatter of an unconstrained parameter of K, about its statistical error."""


@dataclass(frozen=True, slots=True)
class Closure:
    """The comparison.

    Attributes
    ----------
    largest : float
        The largest |Δ ln L|.
    n_points : int
        Random points compared.
    seed : int
        Of the points.
    """

    largest: float
    n_points: int
    seed: int


def random_points(expanded: ExpandedModel, n_points: int = N_POINTS, seed: int = SEED) -> np.ndarray:
    """Parameter vectors about the centres, two errors wide, with couplings up to 1e-3.

    Parameters
    ----------
    expanded : ExpandedModel
    n_points, seed : int

    Returns
    -------
    ndarray, shape (n_points, n_parameters)
    """
    model, rng = expanded.model, np.random.default_rng(seed)
    errors = np.sqrt(np.diag(model.covariance))[model.free]
    steps = np.where(errors > 0.0, _SIGMAS * errors, _FREE_STEP)
    theta = np.tile(model.centers, (n_points, 1))
    theta[:, model.free] += steps * rng.uniform(-1.0, 1.0, (n_points, steps.size))
    theta[:, SIGNAL_INDEX] = rng.uniform(0.0, 1e-6, n_points)
    return theta


def named_points(expanded: ExpandedModel, theta: np.ndarray) -> dict[str, np.ndarray]:
    """Parameter vectors under the names and in the units of the document.

    Parameters
    ----------
    expanded : ExpandedModel
    theta : ndarray, shape (n, n_parameters)

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Of the parameters that vary.
    """
    model = expanded.model
    varying = [*(int(i) for i in model.free), SIGNAL_INDEX]
    named = {parameter_name(model.parameter_names[i]): theta[:, i] for i in varying}
    return named | {SIGNAL: theta[:, SIGNAL_INDEX] / UNIT_COUPLING**2}


def check_closure(expanded: ExpandedModel, document: Mapping[str, Any]) -> Closure:
    """Compare a document, as it reads back from its text, with the likelihood it was made of.

    Parameters
    ----------
    expanded : ExpandedModel
    document : mapping

    Returns
    -------
    Closure
    """
    theta = random_points(expanded)
    read = read_likelihood(json.loads(json.dumps(document)))
    difference = read.log_likelihood(named_points(expanded, theta)) - expanded.log_likelihood(theta)
    return Closure(float(np.abs(difference).max()), N_POINTS, SEED)
