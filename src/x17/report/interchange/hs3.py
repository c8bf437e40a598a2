"""The likelihood of a search at one mass as an HS3 document.

Only what implementations of HS3 share is used: `gaussian_dist` with numbers or names, `generic_function`
with sums, products and `exp`, unbinned data of one entry. HS3 has no Faddeeva function, so the line shape is
the polynomial of `x17.theory.line_expansion`. A covariance is written as a chain of conditional Gaussians,
because not every program knows the multivariate one:

    p(θ) = Π_k N(θ_k; c_k + Σ_{j<k} B_kj (θ_j − c_j), s_k)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17 import __version__
from x17.statistics.expanded_model import ExpandedModel
from x17.statistics.model import SIGNAL_INDEX, ScanModel
from x17.statistics.model_settings import CountTerm, ModelSettings

FloatArray = NDArray[np.float64]
Document = dict[str, Any]

HS3_VERSION = "0.2"
SIGNAL = "mu"
UNIT_COUPLING = 1e-4
"""The parameter of interest is mu = (g_ve / UNIT_COUPLING)²: one to a hundred, which minimisers like."""

LARGEST_MU = 400.0
AXIS_SIGMAS = 15.0
"""Half range of an observable: what a Gaussian loses outside is far below the last digit, and 64 nodes of
Gauss-Legendre quadrature, by which some programs normalise, integrate it to the last digits."""

DOMAIN_SIGMAS = 5.0

NAMES = {
    "A": "signal_yield_mev",
    "gamma": "lorentz_half_width_mev",
    "w": "valence_width",
    "b": "beam_energy_spread",
    "signal": SIGNAL,
}
"""Parameters that are called otherwise than in the model: single letters are functions in some parsers."""


@dataclass(frozen=True, slots=True, eq=False)
class Hs3Entry:
    """What a document says about itself, besides the likelihood.

    Attributes
    ----------
    description : str
    publications : tuple of str
    about : mapping
        Provenance, written under `misc.x17`.
    """

    description: str
    publications: tuple[str, ...]
    about: Mapping[str, Any]


def hs3_losses(settings: ModelSettings) -> tuple[str, ...]:
    """What of a model HS3 would not carry.

    Parameters
    ----------
    settings : ModelSettings

    Returns
    -------
    tuple of str
        A phrase each; empty if nothing is lost but what the expansion of the line costs.
    """
    if settings.count_term is CountTerm.NEYMAN:
        return ()
    return (
        f"the {settings.count_term.value} count terms and their nuisances of N_PoT, B and ε_S at each point; "
        "Gaussian terms with all errors folded in (neyman) would take their place",
    )


def parameter_name(name: str) -> str:
    """What a parameter of the model is called in the document.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
    """
    return NAMES.get(name, name)


def hs3_document(expanded: ExpandedModel, entry: Hs3Entry) -> Document:
    """Write the expanded likelihood.

    Parameters
    ----------
    expanded : ExpandedModel
    entry : Hs3Entry

    Returns
    -------
    dict
        For JSON.
    """
    model = expanded.model
    names = [parameter_name(name) for name in model.parameter_names]
    points = [f"p{period}" for period in model.points.period]
    constraints, centers = _constraints(model, names)
    data, densities = _data(expanded, points)
    return {
        "metadata": {
            "hs3_version": HS3_VERSION,
            "packages": [{"name": "x17", "version": __version__}],
            "publications": list(entry.publications),
            "description": entry.description,
        },
        "distributions": [*densities, *constraints],
        "functions": [*_expectation(expanded, names, points), *centers],
        "data": data,
        "likelihoods": [
            {
                "name": "likelihood",
                "distributions": [item["name"] for item in densities],
                "data": [item["name"] for item in data],
                "aux_distributions": [item["name"] for item in constraints],
            }
        ],
        "domains": [{"name": "domain", "type": "product_domain", "axes": _axes(model, names)}],
        "parameter_points": [{"name": "start", "parameters": _start(model, names)}],
        "analyses": [
            {
                "name": "search",
                "likelihood": "likelihood",
                "parameters_of_interest": [SIGNAL],
                "domains": ["domain"],
                "init": "start",
            }
        ],
        "misc": {"x17": dict(entry.about)},
    }


def _number(value: float) -> str:
    """Digits that read back exactly, in brackets if negative."""
    text = repr(float(value))
    return f"({text})" if text.startswith("-") else text


def _function(name: str, expression: str) -> Document:
    return {"name": name, "type": "generic_function", "expression": expression}


def _expectation(expanded: ExpandedModel, names: list[str], points: list[str]) -> list[Document]:
    """The expected observable of every point."""
    model = expanded.model
    p0, p1, area, width, spread, q0, q1, mu = names[: SIGNAL_INDEX + 1]
    _, width_0, spread_0 = model.line_shape.parameters
    functions = [
        _function("width_shift", f"{width} - {_number(width_0)}"),
        _function("spread_shift", f"{spread} - {_number(spread_0)}"),
        _function("strength", f"{_number(UNIT_COUPLING**2)}*{mu}*{area}"),
    ]
    for i, point in enumerate(points):
        d = _number(model.offset[i])
        v, v_w, v_b, v_ww, v_wb, v_bb = (float(value) for value in expanded.coefficients[i])
        line = (
            f"{_number(v)} + {_number(v_w)}*width_shift + {_number(v_b)}*spread_shift"
            f" + {_number(0.5 * v_ww)}*width_shift*width_shift + {_number(v_wb)}*width_shift*spread_shift"
            f" + {_number(0.5 * v_bb)}*spread_shift*spread_shift"
        )
        common = [
            f"{_number(model.templates[i, k])}*{name}" for k, name in enumerate(names[SIGNAL_INDEX + 1 :])
        ]
        factor = f"exp({' + '.join(common)})*" if common else ""
        functions += [
            _function(f"line_{point}", line),
            _function(
                f"expected_{point}",
                f"{factor}({p0} + {p1}*{d})*(1.0 + strength*line_{point}*({q0} + {q1}*{d}))",
            ),
        ]
    return functions


def _data(expanded: ExpandedModel, points: list[str]) -> tuple[list[Document], list[Document]]:
    """The observed values, and the density of each."""
    data, densities = [], []
    for point, value, weight in zip(points, expanded.g_r, expanded.weight, strict=True):
        name, sigma = f"g_R_{point}", float(1.0 / np.sqrt(weight))
        axis = {
            "name": name,
            "min": float(value - AXIS_SIGMAS * sigma),
            "max": float(value + AXIS_SIGMAS * sigma),
        }
        data.append(
            {"name": f"observed_{point}", "type": "unbinned", "entries": [[float(value)]], "axes": [axis]}
        )
        densities.append(_gaussian(f"density_{point}", name, f"expected_{point}", sigma))
    return data, densities


def _gaussian(name: str, x: str, mean: str | float, sigma: float) -> Document:
    return {"name": name, "type": "gaussian_dist", "x": x, "mean": mean, "sigma": sigma}


def _constraints(model: ScanModel, names: list[str]) -> tuple[list[Document], list[Document]]:
    """Conditional Gaussians of the constrained nuisances, and their centres where those move."""
    constrained = [int(i) for i in np.flatnonzero(np.diag(model.precision))]
    densities, centers = [], []
    for position, k in enumerate(constrained):
        before = constrained[:position]
        inner = model.covariance[np.ix_(before, before)]
        slopes = np.linalg.solve(inner, model.covariance[before, k]) if before else np.zeros(0)
        variance = model.covariance[k, k] - float(slopes @ model.covariance[before, k])
        center = float(model.centers[k])
        parts = [
            f"{_number(slope)}*({names[j]} - {_number(model.centers[j])})"
            for slope, j in zip(slopes, before, strict=True)
            if slope != 0.0
        ]
        mean: str | float = center
        if parts:
            mean = f"center_{names[k]}"
            centers.append(_function(mean, " + ".join([_number(center), *parts])))
        densities.append(_gaussian(f"constraint_{names[k]}", names[k], mean, float(np.sqrt(variance))))
    return densities, centers


def _axes(model: ScanModel, names: list[str]) -> list[Document]:
    """Ranges of what varies: five errors to each side; of a free K half its size."""
    axes: list[Document] = [{"name": SIGNAL, "min": -LARGEST_MU, "max": LARGEST_MU}]
    for i in model.free:
        center, error = float(model.centers[i]), float(np.sqrt(model.covariance[i, i]))
        reach = DOMAIN_SIGMAS * error if error > 0.0 else 0.5
        low = center - reach
        if names[i] == parameter_name("b"):
            low = max(low, 0.0)  # the sign of a width means nothing
        axes.append({"name": names[i], "min": low, "max": center + reach})
    return axes


def _start(model: ScanModel, names: list[str]) -> list[Document]:
    free = {int(i) for i in model.free} | {SIGNAL_INDEX}
    start: list[Document] = []
    for i, name in enumerate(names):
        item: Document = {"name": name, "value": float(model.centers[i])}
        start.append(item if i in free else item | {"const": True})
    return start
