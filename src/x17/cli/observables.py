"""`x17 observables`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from x17.cli.options import Cl, Json


def observables(
    source: Annotated[
        str, typer.Argument(metavar="SCAN|SETUP", help="A scan, or a setup of a run not taken yet.")
    ] = "padme-run3",
    masses: Annotated[
        str | None, typer.Option(metavar="LO:HI:STEP", help="Masses in MeV, or a single one [16.9].")
    ] = None,
    coupling: Annotated[float, typer.Option(metavar="G", help="Coupling of the boson to be seen.")] = 4.4e-4,
    boson: Annotated[str, typer.Option(metavar="V|A|S|P", help="Spin and parity of the boson.")] = "V",
    photon_share: Annotated[
        float, typer.Option(metavar="R", help="Share of its decays to two photons; S and P only.")
    ] = 0.0,
    tagging: Annotated[
        str | None,
        typer.Option(
            metavar="etag|tracker", help="What tells electrons from photons [the setup's, or etag]."
        ),
    ] = None,
    efficiency: Annotated[
        float | None, typer.Option(metavar="X", help="Share of charged particles tagged [of --tagging].")
    ] = None,
    efficiency_error: Annotated[
        float | None, typer.Option(metavar="X", help="Its change from point to point [of --tagging].")
    ] = None,
    photon_tags: Annotated[
        float | None, typer.Option(metavar="X", help="Share of photons tagged [of --tagging].")
    ] = None,
    classes: Annotated[
        Path | None,
        typer.Option(metavar="FILE.csv", help="Classes that `x17 count` wrote beside the scan; fitted, too."),
    ] = None,
    shared_error: Annotated[
        float, typer.Option(metavar="X", help="Relative error of B that electrons and photons share.")
    ] = 0.003,
    statistics: Annotated[float, typer.Option(metavar="F", help="Factor on the positrons.")] = 1.0,
    step: Annotated[
        str, typer.Option(metavar="same|half", help="Points, or points and the middles of their gaps.")
    ] = "same",
    systematics: Annotated[
        str | None,
        typer.Option(metavar="FILE|none", help="Errors of a run not taken yet [padme-run3 at its energies]."),
    ] = None,
    cl: Cl = None,
    as_json: Json = False,
) -> None:
    """What counting electrons and photons apart gains.

    Compared with two-cluster counting, which takes both for the same.
    """
    from x17.report.tables import json_text
    from x17.workflows.method_results import mass_range
    from x17.workflows.observables import ObservablesRequest, compare
    from x17.workflows.project_design import DesignRequest
    from x17.workflows.ranges import by_step

    given = {"efficiency": efficiency, "efficiency_err": efficiency_error, "photon_tags": photon_tags}
    wanted = mass_range(masses)
    request = ObservablesRequest(
        masses=tuple(by_step(wanted, "--masses").tolist()) if wanted else (16.9,),
        coupling=coupling,
        photon_share=photon_share,
        boson=boson,  # type: ignore[arg-type]  # a letter; checked there,
        design=DesignRequest(statistics=statistics, step=step),
        tagging=tagging,
        changes={name: value for name, value in given.items() if value is not None},
        classes=classes,
        shared_err=shared_error,
        cl=0.9 if cl is None else cl,
        systematics=systematics,
    )
    document = compare(source, request).document
    if as_json:
        sys.stdout.write(json_text(document))
        return
    from rich.console import Console

    from x17.report.observables_text import print_observables

    print_observables(Console(), document)
