"""How good the blind procedure is: the function behind `x17 blind power`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from x17.blinding.power import PowerCase, PowerTable, expected_scan, procedure_power
from x17.errors import UsageError
from x17.report.files import check_folder
from x17.report.power_table import power_csv, power_document
from x17.report.tables import json_text
from x17.scan import EnergyScan
from x17.scan.sealed_scan import find_open_part
from x17.statistics.blocks import Progress, available_cores, silent
from x17.workflows.mass_grid import refuse_far_masses
from x17.workflows.method_results import Record, mass_range, write_results
from x17.workflows.provenance import identity
from x17.workflows.ranges import by_step
from x17.workflows.search_settings import SearchSettings

DEFAULT_EXTRA = "0,0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9,1,1.1"
DEFAULT_COUPLINGS = "0,2e-4,4e-4,5e-4,6e-4,8e-4,1e-3"
DEFAULT_THRESHOLDS = "0.2,0.4"
DEFAULT_MASSES = "16.9"


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRequest:
    """What is to be tested.

    Attributes
    ----------
    extra_percent : tuple of float
        Errors of every point that the analysis does not know of, per cent; without a boson.
    masses : tuple of float
        Of bosons, MeV.
    couplings : tuple of float
        Their g_ve; without an extra error.
    thresholds : tuple of float
        Of P(χ²).
    toys : int
        Pseudo-experiments of each case.

    Raises
    ------
    UsageError
        A number outside its range.
    """

    extra_percent: tuple[float, ...]
    masses: tuple[float, ...]
    couplings: tuple[float, ...]
    thresholds: tuple[float, ...]
    toys: int = 10_000

    def __post_init__(self) -> None:
        if not 100 <= self.toys <= 10_000_000:
            raise UsageError(f"--toys is {self.toys}; allowed: 100 to 10000000 pseudo-experiments")

    @classmethod
    def of_texts(
        cls,
        *,
        extra: str | None = None,
        masses: str | None = None,
        couplings: str | None = None,
        thresholds: str | None = None,
        toys: int = 10_000,
    ) -> PowerRequest:
        """Read the options of the command; None is the default.

        Parameters
        ----------
        extra, couplings, thresholds : str or None
            Numbers separated by commas.
        masses : str or None
            LO:HI:STEP, or a single mass.
        toys : int

        Returns
        -------
        PowerRequest

        Raises
        ------
        UsageError
            Not such numbers.
        """
        return cls(
            extra_percent=_numbers(extra or DEFAULT_EXTRA, "--extra", 0.0, 100.0, "per cent, e.g. 0,0.5,1"),
            masses=tuple(by_step(mass_range(masses or DEFAULT_MASSES) or "", "--masses").tolist()),
            couplings=_numbers(
                couplings or DEFAULT_COUPLINGS, "--couplings", 0.0, 1.0, "g_ve, e.g. 0,2e-4,4e-4"
            ),
            thresholds=_numbers(
                thresholds or DEFAULT_THRESHOLDS, "--thresholds", 0.0, 1.0, "probabilities, e.g. 0.2,0.4"
            ),
            toys=toys,
        )

    def cases(self) -> tuple[PowerCase, ...]:
        """Extra errors without a boson, then bosons without an extra error, mass by mass."""
        return (
            *(PowerCase(extra_err=value / 100.0) for value in self.extra_percent),
            *(PowerCase(mass_mev=mass, coupling=g) for mass in self.masses for g in self.couplings),
        )


def _numbers(text: str, option: str, low: float, high: float, form: str) -> tuple[float, ...]:
    """Numbers of a list, rising, each once."""
    try:
        values = {float(part) for part in text.split(",")}
    except ValueError:
        values = {math.nan}
    if not all(low <= value < high for value in values):
        raise UsageError(
            f"{option} is {text!r}; allowed: numbers from {low:g} to below {high:g}, separated by commas: "
            f"{form}"
        )
    return tuple(sorted(values))


@dataclass(frozen=True, slots=True, eq=False)
class PowerRun:
    """A finished test.

    Attributes
    ----------
    table : PowerTable
    document : dict
        Content of `power.json`.
    scan_name : str
    """

    table: PowerTable
    document: dict[str, Any]
    scan_name: str


def find_power(
    scan_name: str,
    settings: SearchSettings,
    request: PowerRequest,
    *,
    workers: int | None = None,
    out: Path | None = None,
    force: bool = False,
    command: str = "",
    progress: Progress = silent,
) -> PowerRun:
    """Measure the power of the blind procedure on a scan whose counts are not looked at.

    Parameters
    ----------
    scan_name : str
        Shipped scan or file, sealed or not.
    settings : SearchSettings
        Criteria, likelihood and seed.
    request : PowerRequest
    workers : int, optional
        Threads; all cores by default.
    out : Path, optional
        Folder of the results; nothing is written by default.
    force : bool
        Replace results of another input or other settings.
    command : str
        As typed, for the record.
    progress : callable

    Returns
    -------
    PowerRun

    Raises
    ------
    X17Error
        Bad input, a folder that is taken, a full disk.
    """
    started = datetime.now(UTC)
    part = find_open_part(scan_name)
    loaded = expected_scan(EnergyScan.load(scan_name)) if part is None else part.expected
    scan, resolved = settings.prepared(loaded)
    refuse_far_masses(request.masses, scan)
    mark = identity(loaded.digest, resolved.document(), "blind power", [str(request)])
    if out is not None:
        check_folder(out, mark, force=force)
    table = procedure_power(
        scan,
        request.cases(),
        model_settings=resolved.model,
        settings=resolved.sideband,
        thresholds=request.thresholds,
        n_toys=request.toys,
        seed=resolved.limit.seed,
        workers=workers or available_cores(),
        progress=progress,
    )
    run = PowerRun(table, {"scan": scan.name, **power_document(table)}, scan.name)
    if out is not None:
        from x17.report.figures.blind_power import draw_power

        record = Record(
            command=command,
            seed=table.seed,
            scan=scan.name,
            digest=loaded.digest,
            identity=mark,
            started=started,
        )
        write_results(
            out,
            record,
            {"power.json": json_text(run.document), "power.csv": power_csv(table)},
            {"power": lambda: draw_power(table, scan.name)},
        )
    return run
