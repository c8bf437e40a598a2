"""The nearest HistFactory model in pyhf: workspace without a boson, patch set with one of each mass."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.statistics.histfactory_model import FREE_WIDENED, HistFactoryModel
from x17.statistics.model_settings import CountTerm, KSource, ModelSettings

FloatArray = NDArray[np.float64]
Document = dict[str, Any]

VERSION = "1.0.0"
CHANNEL, BACKGROUND, SIGNAL, STRENGTH, POINT_ERRORS = "scan", "background", "boson", "mu", "point_errors"
LARGEST_MU = 400.0
NO_RECORD = "ins0000000"
"""The schema wants the number of a record in INSPIRE; this one stands for none."""


def pyhf_losses(settings: ModelSettings, k_constraint: KSource) -> tuple[str, ...]:
    """What of a model HistFactory would not carry.

    Parameters
    ----------
    settings : ModelSettings
    k_constraint : KSource
        The constraint in force.

    Returns
    -------
    tuple of str
        A phrase each; empty if nothing is lost but what the difference in Q measures.
    """
    losses = []
    if k_constraint is KSource.FREE and not settings.statistics_only:
        losses.append(
            "the freedom of K: HistFactory has no slope without a constraint; a Gaussian "
            f"{FREE_WIDENED:g} times as wide as the side band's error would take its place"
        )
    if settings.count_term is not CountTerm.NEYMAN and not settings.statistics_only:
        losses.append(
            "the nuisances of ε_S at every point, and the logarithmic ones of N_PoT·B: Gaussian factors with "
            "the errors of N_PoT and B would take their place"
        )
    return tuple(losses)


def background_workspace(histfactory: HistFactoryModel) -> Document:
    """Workspace without a boson.

    Parameters
    ----------
    histfactory : HistFactoryModel
        At any mass.

    Returns
    -------
    dict
    """
    return {
        "channels": [{"name": CHANNEL, "samples": [_sample(histfactory, 0)]}],
        "observations": [{"name": CHANNEL, "data": _numbers(histfactory.counts)}],
        "measurements": [
            {
                "name": "search",
                "config": {
                    "poi": STRENGTH,
                    "parameters": [{"name": STRENGTH, "bounds": [[0.0, LARGEST_MU]], "inits": [1.0]}],
                },
            }
        ],
        "version": VERSION,
    }


def patch_set(
    workspace: Document,
    signals: Sequence[HistFactoryModel],
    description: str,
    differences: Sequence[Mapping[str, float]],
    record: str = NO_RECORD,
) -> Document:
    """Patches that add the boson, one for each mass.

    Parameters
    ----------
    workspace : dict
        From `background_workspace`.
    signals : sequence of HistFactoryModel
    description : str
    differences : sequence of mapping
        For each mass, what the simplification costs; kept beside the patch.
    record : str
        Number of the record in INSPIRE, as `ins` and seven digits.

    Returns
    -------
    dict
    """
    return {
        "version": VERSION,
        "metadata": {
            "description": description,
            "references": {"hepdata": record},
            "digests": {"sha256": workspace_digest(workspace)},
            "labels": ["mass_mev"],
        },
        "patches": [
            {
                "metadata": {"name": patch_name(signal.mass_mev), "values": [signal.mass_mev], **difference},
                "patch": [{"op": "add", "path": "/channels/0/samples/1", "value": _sample(signal, 1)}],
            }
            for signal, difference in zip(signals, differences, strict=True)
        ],
    }


def patch_name(mass_mev: float) -> str:
    """Name of the patch of a mass: `M16_90`.

    Parameters
    ----------
    mass_mev : float

    Returns
    -------
    str
    """
    return "M" + mass_text(mass_mev).replace(".", "_")


def mass_text(mass_mev: float) -> str:
    """A mass with at least two digits behind the point, as many as it needs up to six.

    Parameters
    ----------
    mass_mev : float

    Returns
    -------
    str
    """
    text = f"{mass_mev:.6f}".rstrip("0")
    whole, _, digits = text.partition(".")
    return f"{whole}.{digits:0<2}"


def workspace_digest(workspace: Document) -> str:
    """SHA-256 of a workspace, as pyhf computes it.

    Parameters
    ----------
    workspace : dict

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return hashlib.sha256(json.dumps(workspace, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _sample(histfactory: HistFactoryModel, row: int) -> Document:
    """One of the two samples with its modifiers."""
    modifiers: list[Document] = []
    if row == 1:
        modifiers.append({"name": STRENGTH, "type": "normfactor", "data": None})
    if histfactory.relative_err.any():
        errors = _numbers(_staterror(histfactory, row))
        modifiers.append({"name": POINT_ERRORS, "type": "staterror", "data": errors})
    nominal = histfactory.nominal[row]
    for name, high, low in zip(
        histfactory.names, histfactory.high[:, row], histfactory.low[:, row], strict=True
    ):
        if np.array_equal(high, nominal) and np.array_equal(low, nominal):
            continue
        data = {"hi_data": _numbers(high), "lo_data": _numbers(low)}
        modifiers.append({"name": name, "type": "histosys", "data": data})
    return {
        "name": SIGNAL if row else BACKGROUND,
        "data": _numbers(nominal),
        "modifiers": modifiers,
    }


def _staterror(histfactory: HistFactoryModel, row: int) -> FloatArray:
    """Absolute errors: pyhf adds those of the samples in quadrature and divides by the sum of the samples.

    The background's are δ b, the signal's what makes the quotient δ again: δ √((b + s)² − b²).
    """
    background, signal = histfactory.nominal
    if row == 0:
        return np.asarray(histfactory.relative_err * background)
    return np.asarray(histfactory.relative_err * np.sqrt(signal * (2.0 * background + signal)))


def _numbers(values: FloatArray) -> list[float]:
    return [float(value) for value in values]
