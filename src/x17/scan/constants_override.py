"""Replacing constants of a scan's model by hand, under the same checks as its TOML."""

from collections.abc import Mapping
from dataclasses import asdict

from pydantic import ValidationError

from x17.errors import InputError
from x17.scan.metadata_file import K_KEYS, ModelRow, problem_of
from x17.scan.model_constants import KConstraint, ModelConstants


def constants_with(constants: ModelConstants, values: Mapping[str, float | int]) -> ModelConstants:
    """Replace some constants; keys and ranges are those of the table `[model]`.

    Parameters
    ----------
    constants : ModelConstants
    values : mapping
        Key of `[model]` to new value.

    Returns
    -------
    ModelConstants

    Raises
    ------
    InputError
        A value out of range, or a constraint on K that is not complete.
    """
    flat = asdict(constants)
    flat.update(flat.pop("k_constraint") or {})
    try:
        row = ModelRow.model_validate({**flat, **values})
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise InputError("[model]", [problem_of(dict(item)) for item in found]) from error
    given = {key: value for key, value in row.model_dump().items() if value is not None}
    k_values = {key: given.pop(key) for key in K_KEYS if key in given}
    return ModelConstants(**given, k_constraint=KConstraint(**k_values) if k_values else None)
