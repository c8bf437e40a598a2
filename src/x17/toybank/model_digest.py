"""What a model is called: digests of the data and of everything the fits see, and the choices in words."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace

from x17.scan import KConstraint, ModelConstants, SearchPoints
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import ModelSettings
from x17.toybank.rounding import projections, rounded

DIGITS = 9
"""Significant digits of every number in a digest; a linear fit repeats on another processor to 13 or more."""

_MEASURED = ("sqrt_s_mev", "n2", "n_pot")
"""Columns that no setting of the likelihood changes."""


def digest_of(content: object) -> str:
    """SHA-256 of a JSON-like tree, numbers rounded to `DIGITS`.

    Parameters
    ----------
    content : object

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    text = json.dumps(rounded(content, DIGITS), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def data_digest(points: SearchPoints) -> str:
    """Digest of what a scan measured: √s, N2 and N_PoT of the points searched.

    Parameters
    ----------
    points : SearchPoints

    Returns
    -------
    str
        64 hexadecimal digits, the same for all settings of the likelihood.
    """
    return digest_of({name: getattr(points, name) for name in _MEASURED})


def model_digest(model: ScanModel) -> str:
    """Digest of everything the draws and the fits see.

    Parameters
    ----------
    model : ScanModel

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    table, axes = model.line_shape.kernel_table()
    return digest_of(
        {
            "points": {item.name: getattr(model.points, item.name) for item in fields(model.points)},
            "constants": model.constants.plain(),
            "settings": _settings(model),
            "line_shape": {
                "kind": type(model.line_shape).__name__,
                "parameters": model.line_shape.parameters,
                "covariance": model.line_shape.covariance,
                "table": projections(table, DIGITS),
                "shape": table.shape,
                "axes": axes,
            },
            "parameter_names": model.parameter_names,
            "centers": model.centers,
            "covariance": model.covariance,
            "free": model.free,
            "rate_variance": model.rate_variance,
            "efficiency_err": model.efficiency_err,
            "templates": model.templates,
        }
    )


def _settings(model: ScanModel) -> dict[str, object]:
    """The settings with the constraint on K in force: `auto` is the same model as what it stands for."""
    return asdict(replace(model.settings, k_constraint=model.k_constraint))


@dataclass(frozen=True, slots=True, eq=False)
class ModelIdentity:
    """A model as a bank refers to it.

    Attributes
    ----------
    digest : str
        From `model_digest`.
    data : str
        From `data_digest`.
    scan : str
        The data in a few words.
    choices : mapping
        Settings and constants of the model, by the name they are set with.
    """

    digest: str
    data: str
    scan: str
    choices: Mapping[str, object]


def identify(model: ScanModel) -> ModelIdentity:
    """Identity of a model.

    Parameters
    ----------
    model : ScanModel

    Returns
    -------
    ModelIdentity
    """
    points, data = model.points, data_digest(model.points)
    low, high = points.sqrt_s_mev[0], points.sqrt_s_mev[-1]
    scan = (
        f"{len(points)} points from {low:.3f} to {high:.3f} MeV with {points.n2.sum():.0f} events "
        f"(data {data[:8]})"
    )
    return ModelIdentity(model_digest(model), data, scan, _choices(_settings(model), model.constants.plain()))


def _choices(settings: Mapping[str, object], constants: Mapping[str, object]) -> dict[str, object]:
    published = constants["k_constraint"]
    named = {key: value for key, value in constants.items() if key != "k_constraint"}
    named |= published if isinstance(published, dict) else {}
    return {f"model.{key}": rounded(value, DIGITS) for key, value in (named | dict(settings)).items()}


def unusual_choices(choices: Mapping[str, object]) -> dict[str, object]:
    """Those choices that are not the default; the constraint on K is always among them.

    Parameters
    ----------
    choices : mapping
        Of a `ModelIdentity`.

    Returns
    -------
    dict
    """
    usual = _choices(asdict(ModelSettings()), asdict(ModelConstants(k_constraint=KConstraint())))
    return {key: value for key, value in choices.items() if usual.get(key) != value}
