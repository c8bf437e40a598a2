"""What is said of counted events: whether they are simulated, and with which boson."""

from __future__ import annotations

from collections.abc import Iterable

from x17.errors import InputError
from x17.reconstruction.cluster_file import read_cluster_record
from x17.simulation.sample import Process
from x17.simulation.storage.file_identity import PROGRAM as SIMULATION
from x17.workflows.cluster_folder import PeriodFolder
from x17.workflows.counted_periods import SOURCE


def source_of_folders(places: Iterable[PeriodFolder]) -> str:
    """Say where the events of a folder come from, as their records tell.

    A scan made from simulated events must not pass for data, nor one with a boson in it for one without.

    Parameters
    ----------
    places : iterable of PeriodFolder

    Returns
    -------
    str
        A phrase for `EnergyScan.source`.
    """
    simulated, bosons = False, set()
    for place in places:
        for path in place.cluster_files:
            try:
                record = read_cluster_record(path)
            except InputError:
                continue
            simulated |= record.get("hits_program") == SIMULATION
            if record.get("process") == Process.BOSON and record.get("boson"):
                boson = record["boson"]
                bosons.add(f"{boson['spin_parity']} of {boson['mass_mev']:g} MeV, g_ve = {boson['g_ve']:g}")
    if not simulated:
        return SOURCE
    with_boson = f"with a boson put in ({'; '.join(sorted(bosons))})" if bosons else "without a boson"
    return f"simulated by x17 {with_boson}, {SOURCE}"
