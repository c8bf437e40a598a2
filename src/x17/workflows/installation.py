"""What is installed: the package, Python, the libraries of the core, and the optional extras.

Everything is read from the metadata of the installed package, so that there is no second list to keep.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution, version

_REQUIREMENT = re.compile(
    r"""(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*
        (?P<bounds>[^;]*?)\s*
        (?:;.*extra\s*==\s*['"](?P<extra>[^'"]+)['"].*)?$""",
    re.VERBOSE,
)

PURPOSES = {
    "simulation": ("Parquet and HepMC events", "x17 pipeline, simulate, count"),
    "root": ("ROOT files", "--format root, --to root"),
    "blind": ("sealed scans", "x17 blind"),
    "hepdata": ("HEPData submissions", "x17 export --to hepdata"),
    "dask": ("toys on a cluster", "option --scheduler"),
    "explorer": ("the search in a browser", "x17 explore"),
    "profiles": ("electrons of any element", "x17 theory --profile atom"),
    "geant4": ("new libraries of showers", "docs/how-to, shower library"),
    "interop": ("referees of exported files", "make test-full"),
    "docs": ("pages of the documentation", "make docs"),
    "test": ("tests, lint and types", "make test"),
}
"""What each extra is for, and the command that needs it; which there are, the metadata says."""

FOR_DEVELOPERS = frozenset({"geant4", "interop", "docs", "test"})
"""Extras that no user of the commands needs."""


@dataclass(frozen=True, slots=True)
class Library:
    """A library that the package or one of its extras asks for.

    Attributes
    ----------
    name : str
    wanted : str
        Bounds of its version, e.g. ">=2.0"; empty if any will do.
    found : str or None
        The version installed, None if there is none.
    """

    name: str
    wanted: str
    found: str | None

    @property
    def fits(self) -> bool:
        """Whether it is installed in a version that is not too old."""
        return self.found is not None and is_recent(self.found, self.wanted)


@dataclass(frozen=True, slots=True)
class Extra:
    """An optional part of the package.

    Attributes
    ----------
    name : str
    purpose, command : str
        What it is for, and what needs it.
    libraries : tuple of Library
    """

    name: str
    purpose: str
    command: str
    libraries: tuple[Library, ...]

    @property
    def installed(self) -> bool:
        """Whether all of its libraries are there."""
        return all(library.fits for library in self.libraries)


def is_recent(found: str, wanted: str) -> bool:
    """Whether a version reaches the lower bound wanted of it.

    Parameters
    ----------
    found : str
        E.g. "2.4.1" or "3.0rc1".
    wanted : str
        Bounds as in the metadata; only ">=" is looked at, the one that the package uses.

    Returns
    -------
    bool
    """
    bound = re.search(r">=\s*([0-9.]+)", wanted)
    return bound is None or _numbers(found) >= _numbers(bound[1])


def _numbers(text: str) -> tuple[int, ...]:
    """Leading whole numbers of a version, closing zeros left out so that 2.0 is 2."""
    leading = re.match(r"[0-9]+(?:\.[0-9]+)*", text)
    numbers = [int(part) for part in leading[0].split(".")] if leading else []
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def installed_libraries() -> dict[str | None, tuple[Library, ...]]:
    """Libraries of the core, under None, and of every extra.

    Returns
    -------
    dict of str or None to tuple of Library

    Raises
    ------
    PackageNotFoundError
        The package itself is not installed, but used from a folder of sources.
    """
    package = distribution("x17")
    found: dict[str | None, list[Library]] = {None: []}
    found |= {name: [] for name in package.metadata.get_all("Provides-Extra") or ()}
    for line in package.requires or ():
        part = _REQUIREMENT.match(line)
        if part is not None:
            library = Library(part["name"], part["bounds"].strip(" ()"), _version(part["name"]))
            found.setdefault(part["extra"], []).append(library)
    return {extra: tuple(libraries) for extra, libraries in found.items()}


def extras_of(libraries: dict[str | None, tuple[Library, ...]]) -> tuple[Extra, ...]:
    """The extras among installed libraries, the ones a user meets first first.

    Parameters
    ----------
    libraries : dict
        From `installed_libraries`.

    Returns
    -------
    tuple of Extra
    """
    order = {name: place for place, name in enumerate(PURPOSES)}
    names = sorted((name for name in libraries if name is not None), key=lambda n: (order.get(n, 99), n))
    return tuple(Extra(name, *PURPOSES.get(name, ("", "")), libraries[name]) for name in names)


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
