"""The scans that ship with the package: for each a CSV and a TOML of the same stem."""

from importlib.resources import files


def names() -> tuple[str, ...]:
    """Names of the shipped scans, in alphabetical order, as `EnergyScan.load` takes them."""
    stems = (
        item.name.removesuffix(".toml") for item in files(__name__).iterdir() if item.name.endswith(".toml")
    )
    return tuple(sorted(stem.replace("_", "-") for stem in stems))
