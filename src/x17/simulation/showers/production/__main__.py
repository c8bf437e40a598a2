"""Make a library of showers with Geant4, a reference of fresh showers, or both."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

from x17.errors import UsageError, X17Error
from x17.simulation.showers.geometry import CrystalBlock
from x17.simulation.showers.library_file import write_library
from x17.simulation.showers.production.job import NAMES, RawShowers, ShowerJob
from x17.simulation.showers.production.plan import ProductionPlan
from x17.simulation.showers.production.produce import geant4_runner, make_library, make_reference


def main(arguments: list[str] | None = None) -> int:
    """Run the command.

    Parameters
    ----------
    arguments : list of str, optional
        Those of the command line by default.

    Returns
    -------
    int
        Exit code.
    """
    options = _parser().parse_args(arguments)
    try:
        _produce(options)
    except X17Error as error:
        print(error, file=sys.stderr)
        return error.exit_code
    return 0


def _produce(options: argparse.Namespace) -> None:
    if options.out is None and options.reference is None:
        raise UsageError(
            "nothing to make: give --out FILE for a library, --reference FILE for a reference, or both"
        )
    plan = ProductionPlan(
        energies_mev=tuple(options.energies),
        showers=options.showers,
        made_per_kept=options.made_per_kept,
        reference_energies_mev=tuple(options.reference_energies),
        reference_showers=options.reference_showers,
        seed=options.seed,
        block=CrystalBlock(**{field.name: getattr(options, field.name) for field in fields(CrystalBlock)}),
    )
    with tempfile.TemporaryDirectory() as folder:
        runner = geant4_runner(plan, options.scratch or Path(folder))
        if options.out is not None:
            write_library(options.out, make_library(plan, runner, _report))
        if options.reference is not None:
            points = make_reference(plan, runner, _report)
            options.reference.write_text("[\n" + ",\n".join(json.dumps(point) for point in points) + "\n]\n")


def _report(job: ShowerJob, raw: RawShowers) -> None:
    print(
        f"{NAMES[job.pdg]:5s} {job.energy_mev:6g} MeV: {len(raw.axis)} showers, "
        f"{1e3 * raw.seconds_per_shower:.2f} ms each",
        flush=True,
    )


def _parser() -> argparse.ArgumentParser:
    plan, block = ProductionPlan(), CrystalBlock()
    parser = argparse.ArgumentParser(
        prog="python -m x17.simulation.showers.production",
        description=__doc__,
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--out", type=Path, help="library to write, .npz")
    parser.add_argument("--reference", type=Path, help="summaries of fresh showers to write, .json")
    parser.add_argument("--energies", type=float, nargs="+", default=plan.energies_mev, help="MeV, rising")
    parser.add_argument("--showers", type=int, default=plan.showers, help="kept per particle and energy")
    parser.add_argument(
        "--made-per-kept", type=int, default=plan.made_per_kept, help="made for each one kept"
    )
    parser.add_argument(
        "--reference-energies", type=float, nargs="+", default=plan.reference_energies_mev, help="MeV"
    )
    parser.add_argument("--reference-showers", type=int, default=plan.reference_showers, help="per point")
    parser.add_argument("--seed", type=int, default=plan.seed, help="of the first job")
    parser.add_argument(
        "--scratch", type=Path, help="folder for every shower made; a temporary one if not given"
    )
    for field in fields(CrystalBlock):
        default = getattr(block, field.name)
        parser.add_argument(
            f"--{field.name.replace('_', '-')}", type=type(default), default=default, help="crystals"
        )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
