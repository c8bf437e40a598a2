"""Files of systematic errors that ship with the package."""

from importlib.resources import files


def names() -> tuple[str, ...]:
    """Names of the shipped files of systematic errors, in alphabetical order.

    Returns
    -------
    tuple of str
    """
    found = (item.name for item in files(__name__).iterdir() if item.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in found))
