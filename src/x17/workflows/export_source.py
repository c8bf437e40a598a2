"""What `x17 export` is asked for, and the stored results with the model that they came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from x17.errors import UsageError
from x17.report.interchange.hs3 import hs3_losses
from x17.report.interchange.pyhf import pyhf_losses
from x17.report.stored_results import StoredResults, read_results
from x17.scan import EnergyScan
from x17.statistics.data_sets import observed
from x17.statistics.model import ScanModel
from x17.statistics.profile_fit import fit_background
from x17.workflows.ranges import by_step
from x17.workflows.search_settings import SearchSettings, settings_of

FloatArray = NDArray[np.float64]

_SAME_CHI2 = 1e-6
"""χ² of the stored results and of the model built anew agree to the fit's own precision, far below this."""


class Format(StrEnum):
    """Where results can go."""

    HS3 = "hs3"
    """JSON of the likelihood, one file a mass."""
    PYHF = "pyhf"
    """HistFactory workspace, and a patch set with one boson of each mass."""
    HEPDATA = "hepdata"
    """YAML submission with the HS3 files attached."""
    ROOT = "root"
    """Trees and graphs in one file."""
    CSV = "csv"
    """Tables and the scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequest:
    """What is to be exported.

    Attributes
    ----------
    format : Format
    masses : str or None
        LO:HI:STEP of the likelihoods' masses; those of the search by default.
    lossy : bool
        Write even what the format cannot carry whole.
    record : str or None
        Number of the record in INSPIRE for pyhf's patch set, as `ins` and seven digits.

    Raises
    ------
    UsageError
        A record that is none.
    """

    format: Format
    masses: str | None = None
    lossy: bool = False
    record: str | None = None

    def __post_init__(self) -> None:
        if self.record is not None:
            digits = self.record.removeprefix("ins")
            if not (
                self.record.startswith("ins") and digits.isascii() and digits.isdigit() and len(digits) == 7
            ):
                raise UsageError(
                    f"--record is {self.record!r}; allowed: ins and seven digits, e.g. ins1234567"
                )


@dataclass(frozen=True, slots=True, eq=False)
class ExportSource:
    """Stored results with the model that they came from.

    Attributes
    ----------
    results : StoredResults
    scan : EnergyScan
        As the search took it, corrections taken off.
    settings : SearchSettings
        Resolved.
    model : ScanModel
    masses : ndarray, shape (n_masses,)
        Of the likelihoods, MeV.
    lost : tuple of str
        What the format does not carry.
    """

    results: StoredResults
    scan: EnergyScan
    settings: SearchSettings
    model: ScanModel
    masses: FloatArray
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ExportProduct:
    """Files of an export, and what there is to say about them.

    Attributes
    ----------
    texts : mapping of str to str or bytes
        File name to content.
    sentences : tuple of str
        For the user.
    numbers : mapping
        The same for the record.
    """

    texts: Mapping[str, str | bytes]
    sentences: tuple[str, ...] = ()
    numbers: Mapping[str, Any] | None = None


def read_source(folder: Path, request: ExportRequest) -> ExportSource:
    """Read results, build the model behind them anew, and hold it to the numbers that were stored.

    Parameters
    ----------
    folder : Path
    request : ExportRequest

    Returns
    -------
    ExportSource

    Raises
    ------
    UsageError
        No results there, results of another version, or a model that the format cannot carry whole.
    InputError
        Files of the results that do not belong together.
    """
    results = read_results(folder)
    scan, settings = settings_of(results.summary["settings"]).prepared(results.scan)
    model = ScanModel.build(scan, settings.model)
    chi2 = float(fit_background(model, observed(model)).chi2[0])
    stored = results.summary["background_fit"]["chi2"]
    if not abs(chi2 - stored) <= _SAME_CHI2:
        raise UsageError(
            f"{folder}: χ² without a boson is {stored} in summary.json and {chi2} with this version and its "
            "input.csv; the results are another version's, or were changed. "
            f"Search again: {results.provenance.get('command') or 'x17 search'} --force"
        )
    masses = settings.masses if request.masses is None else by_step(request.masses, "--masses")
    lost = _losses(request.format, settings, model)
    if lost and not request.lossy:
        listed = "".join(f"\n  {phrase}" for phrase in lost)
        raise UsageError(
            f"{folder}: {request.format.value} cannot carry this model whole; lost would be:{listed}\n"
            "Use --lossy to write the rest, or export another format."
        )
    return ExportSource(results, scan, settings, model, masses, lost)


def _losses(kind: Format, settings: SearchSettings, model: ScanModel) -> tuple[str, ...]:
    if kind in (Format.HS3, Format.HEPDATA):
        return hs3_losses(settings.model)
    if kind is Format.PYHF:
        return pyhf_losses(settings.model, model.k_constraint)
    return ()
