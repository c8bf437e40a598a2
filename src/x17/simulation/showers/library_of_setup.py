"""The library of showers that belongs to a setup, and whether it holds what the setup's beam makes."""

from __future__ import annotations

from collections.abc import Iterable

from x17.apparatus.setup import Setup
from x17.errors import UsageError
from x17.simulation.showers.library import ShowerLibrary

_PACKAGE_MATERIAL = "BGO"
_SAME_PITCH_MM = 0.2
"""Of PADME's simulation, 21.35 mm, and its reconstruction, 21.45: showers do not know the difference."""


def library_of(setup: Setup, beam_energies_mev: Iterable[float] = ()) -> ShowerLibrary:
    """Read the showers of a setup's calorimeter.

    Below the energies of the library its softest showers are scaled, as ever: soft photons matter little.

    Parameters
    ----------
    setup : Setup
        Its `calorimeter.shower_library`, or the library of the package.
    beam_energies_mev : iterable of float
        Of the positrons that are to be simulated: no particle has more.

    Returns
    -------
    ShowerLibrary

    Raises
    ------
    UsageError
        Crystals of another material or another size than the library's, or energies beyond it that the setup
        does not allow to be scaled.
    InputError
        A library that cannot be read.
    """
    calorimeter = setup.calorimeter
    library = ShowerLibrary.load(calorimeter.shower_library)
    whose = calorimeter.shower_library or "of the package"
    advice = "make a library (docs/how-to/make-a-shower-library.md) and name it in shower_library"
    if calorimeter.shower_library is None and calorimeter.material != _PACKAGE_MATERIAL:
        raise UsageError(
            f"setup {setup.name}: calorimeter.material is {calorimeter.material!r}, the library of showers "
            f"{whose} is of {_PACKAGE_MATERIAL}; {advice}, or describe crystals of {_PACKAGE_MATERIAL} as a "
            "stand-in and list calorimeter.material under unknown"
        )
    pitch = library.stored.pitch_mm
    if abs(calorimeter.pitch_mm - pitch) > _SAME_PITCH_MM:
        raise UsageError(
            f"setup {setup.name}: calorimeter.pitch_mm is {calorimeter.pitch_mm:g}, that of the library of "
            f"showers {whose} {pitch:g}; {advice}"
        )
    highest, most = max(beam_energies_mev, default=0.0), float(library.stored.energies_mev[-1])
    if highest > most and calorimeter.beyond_library != "scale":
        raise UsageError(
            f"setup {setup.name}: positrons of {highest:g} MeV, and the library of showers {whose} ends at "
            f'{most:g} MeV; {advice}, or allow [calorimeter] beyond_library = "scale": showers of {most:g} '
            "MeV scaled up, whose fluctuations are too large and whose leakage is too small"
        )
    return library
