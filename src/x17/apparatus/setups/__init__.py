"""The setups that ship with the package, one TOML each."""

from importlib.resources import files


def names() -> tuple[str, ...]:
    """Names of the shipped setups, in alphabetical order, as `load_setup` takes them.

    Returns
    -------
    tuple of str
    """
    found = (item.name for item in files(__name__).iterdir() if item.name.endswith(".toml"))
    return tuple(sorted(name.removesuffix(".toml") for name in found))
