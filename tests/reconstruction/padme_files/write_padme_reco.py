"""Write the events of `padme_reco.json` as ROOT files of the layout that PADME's reconstruction writes.

Needs ROOT with its Python bindings, which the project does not: `pip install root==0.1a12` in an environment
of its own (or any ROOT 6), then `python write_padme_reco.py`. ROOT 6.40 wrote the files in the repository.
"""

import json
import os
from pathlib import Path
from typing import Any

import ROOT

HERE = Path(__file__).parent
BUFFER, SPLIT = 64000, 99
CRYSTALS_Z_MM = 2612.41 + 115.0


def declare_classes() -> None:
    if not ROOT.gInterpreter.Declare((HERE / "padme_classes.h").read_text(encoding="utf-8")):
        raise SystemExit("ROOT refuses padme_classes.h")


def fill_hits(into: Any, event: dict[str, Any], about: dict[str, Any]) -> None:
    into.Empty()
    for channel, energy, time in event["hits"]:
        hit = into.Add()
        hit.fChannelId = channel
        x, y = (
            about["offset_mm"][i] + about["pitch_mm"] * (n - 14) for i, n in enumerate(divmod(channel, 100))
        )
        hit.fPosition.SetXYZ(x, y, CRYSTALS_Z_MM)
        hit.fEnergy, hit.fTime = energy * about["energy_step_mev"], time * about["time_step_ns"]
        board, wire = divmod(channel // 100 * 29 + channel % 100, 32)
        hit.fBDCHid, hit.fStatus = 100 * board + wire, 0


def fill_clusters(into: Any, event: dict[str, Any]) -> None:
    into.Empty()
    for found in event["clusters"]:
        cluster = into.Add()
        cluster.fChannelId, cluster.fSeed = found["channel"], found["seed"]
        cluster.fPosition.SetXYZ(found["x"], found["y"], CRYSTALS_Z_MM)
        cluster.fEnergy, cluster.fTime, cluster.fStatus = found["energy"], found["time"], 0
        cluster.fNHitsInClus = len(found["hits"])
        cluster.fHitVecInClus.clear()
        for hit in found["hits"]:
            cluster.fHitVecInClus.push_back(hit)


def fill_target_hits(into: Any, event: dict[str, Any]) -> None:
    """The brightest x strip alone: there because names of leaves repeat between detectors."""
    into.Empty()
    if event["target_pc"] > 0.0:
        hit = into.Add()
        hit.fChannelId = round(event["target_x"] + 8.5)
        hit.fEnergy = 0.4 * event["target_pc"]


def fill_monitors(glass: Any, target: Any, event: dict[str, Any], beam_energy: float) -> None:
    on = event["lead_glass_pc"] > 0.0
    glass.fLGPedestal, glass.fLGPedestalRMS = 3700.0, 2.5
    glass.fLGTotalCharge, glass.fLGNPoTs = event["lead_glass_pc"], event["lead_glass_n_pot"]
    glass.fLGTotalEnergy = event["lead_glass_n_pot"] * beam_energy
    glass.fLGBunchLength, glass.fLGBunchBBQ = (250.0, 40.0) if on else (0.0, 0.0)
    per_root = 1.0 / max(event["target_n_pot"], 1.0) ** 0.5
    for axis, name in (("x", "X"), ("y", "Y")):
        centre, width = event[f"target_{axis}"], event[f"target_width_{axis}"]
        for leaf, value, error in (
            ("Centroid", centre, width * per_root),
            ("Width", width, width * per_root),
            ("Cfit", centre, width * per_root),
            ("Wfit", width, width * per_root),
            ("Charge", event["target_pc"], 0.0),
        ):
            setattr(target, f"f{name}{leaf}", value)
            setattr(target, f"f{name}{leaf}Error", error)
    target.fnPOT = event["target_n_pot"]


def odd_events(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first four events, with a hit in no crystal and a cluster without energy in the second."""
    odd = json.loads(json.dumps(events[:4]))
    odd[1]["hits"].append([0, 2560, 640])
    odd[1]["clusters"].append(odd[0]["clusters"][0] | {"energy": float("nan")})
    return odd


def write(name: str, about: dict[str, Any], events: list[dict[str, Any]], *, beam: bool = True) -> None:
    """A file; if there is to be no `beam`, without lead glass and target, its clusters in the base class.

    Older versions of the framework write the base class, which takes a level out of the paths of leaves.
    """
    # ROOT keeps the path that it is given in the file: the bare name says nothing of a machine.
    os.chdir(HERE)
    file = ROOT.TFile(name, "RECREATE", "", 101)
    tree = ROOT.TTree("Events", "Events")
    objects = {
        "RecoEvent": ROOT.TRecoEvent(),
        "Target_Hits": ROOT.TTargetRecoEvent(),
        "TargetBeam": ROOT.TTargetRecoBeam(),
        "ECal_Hits": ROOT.TECalRecoEvent(),
        "ECal_Clusters": ROOT.TECalClusCollection() if beam else ROOT.TRecoVClusCollection(),
        "LeadGlass_Hits": ROOT.TLeadGlassRecoEvent(),
    }
    for branch, thing in objects.items():
        if beam or branch not in {"Target_Hits", "TargetBeam", "LeadGlass_Hits"}:
            tree.Branch(branch, type(thing).__cpp_name__, thing, BUFFER, SPLIT)
    for event in events:
        head = objects["RecoEvent"]
        head.fRunNumber, head.fEventNumber = event["run"], event["event"]
        head.fTriggerMask, head.fEventStatus = event["trigger_mask"], event["status"]
        fill_hits(objects["ECal_Hits"], event, about)
        fill_clusters(objects["ECal_Clusters"], event)
        fill_target_hits(objects["Target_Hits"], event)
        fill_monitors(objects["LeadGlass_Hits"], objects["TargetBeam"], event, about["beam_energy_mev"])
        tree.Fill()
    tree.Write()
    file.Close()


def main() -> None:
    declare_classes()
    truth = json.loads((HERE / "padme_reco.json").read_text(encoding="utf-8"))
    about, events = truth["about"], truth["events"]
    write("padme_reco.root", about, events)
    write("padme_reco_empty.root", about, [])
    write("padme_reco_odd.root", about, odd_events(events), beam=False)


if __name__ == "__main__":
    main()
