"""`EnergyScan`: the validated table of energy points and everything the search must know about it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from x17.errors import InputError
from x17.scan.columns import BY_NAME, CORRECTIONS, AnyArray, fill_defaults
from x17.scan.error_budget import BudgetItem
from x17.scan.metadata_checks import find_metadata_problems
from x17.scan.metadata_text import toml_text
from x17.scan.model_constants import ModelConstants
from x17.scan.repairs import Repair
from x17.scan.search_points import SearchPoints, select_search_points
from x17.scan.selection import Selection
from x17.scan.table_checks import Table, find_problems
from x17.scan.table_text import csv_text

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class EnergyScan:
    """A table of energy points, checked, with the constants and choices that belong to it.

    Make one with `load` (shipped name or file) or `from_columns` (arrays). Arrays have shape (n,), one
    element per energy point in the order of the file, and are read-only. Energies are in MeV.

    Attributes
    ----------
    period, scan_part : ndarray of int
        Number of the energy point, and the group it belongs to.
    sqrt_s_mev : ndarray
        Centre-of-mass energy, MeV.
    n2, n2_err : ndarray
        Two-cluster candidates after background subtraction, and √n2 unless given.
    n_pot, n_pot_err_raw : ndarray
        Positrons on target, and their error before the common one.
    background_per_pot, background_err_raw : ndarray
        Expected two-cluster yield per positron B, and its error before the common one.
    signal_efficiency, signal_efficiency_err : ndarray
        ε_S as published (before `repairs`), and its error.
    brems_subtraction, energy_loss, ageing : ndarray or None
        Correction factors, see `x17.scan.corrections`; with `_err` their errors.
    tag_and_probe, rmax_shift : ndarray or None
        Measurements for validation, NaN where not given; they are not factors of this table.
    name, source, normalisation : str
        Short name, citation, and what the yields are normalised to.
    constants : ModelConstants
        Constants of the model.
    selection : Selection
        Which scan parts are searched, and why.
    repairs : tuple of Repair
        Values replaced for the search.
    applied_corrections : tuple of str
        The correction factors that are in the numbers.
    published_budget : tuple of BudgetItem
        Error budget as published, empty if there is none.
    notes : tuple of str
        Sentences that the user should see.
    """

    period: IntArray
    scan_part: IntArray
    sqrt_s_mev: FloatArray
    n2: FloatArray
    n2_err: FloatArray
    n_pot: FloatArray
    n_pot_err_raw: FloatArray
    background_per_pot: FloatArray
    background_err_raw: FloatArray
    signal_efficiency: FloatArray
    signal_efficiency_err: FloatArray
    brems_subtraction: FloatArray | None = None
    brems_subtraction_err: FloatArray | None = None
    energy_loss: FloatArray | None = None
    energy_loss_err: FloatArray | None = None
    ageing: FloatArray | None = None
    ageing_err: FloatArray | None = None
    tag_and_probe: FloatArray | None = None
    tag_and_probe_err: FloatArray | None = None
    rmax_shift: FloatArray | None = None
    name: str = "scan"
    source: str = ""
    normalisation: str = ""
    constants: ModelConstants = field(default_factory=ModelConstants)
    selection: Selection = field(default_factory=lambda: Selection(()))
    repairs: tuple[Repair, ...] = ()
    applied_corrections: tuple[str, ...] = ()
    published_budget: tuple[BudgetItem, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        given = {name: getattr(self, name) for name in BY_NAME}
        columns = fill_defaults({name: values for name, values in given.items() if values is not None})
        for name, values in columns.items():
            object.__setattr__(self, name, values)
        problems = find_problems(Table(columns), self.selection, self.constants)
        # The metadata are judged against a sound table only: a repair needs the line through its points.
        if problems := problems or find_metadata_problems(self):
            raise InputError(self.name, problems)

    @classmethod
    def from_columns(
        cls,
        columns: Mapping[str, ArrayLike],
        *,
        selection: Selection | None = None,
        applied_corrections: tuple[str, ...] | None = None,
        **metadata: Any,
    ) -> "EnergyScan":
        """Make a scan from arrays, with the defaults that a CSV alone would get.

        Parameters
        ----------
        columns : mapping of str to array_like, shape (n,)
            At least `sqrt_s_mev`, `n2`, `n_pot`, `background_per_pot` and `signal_efficiency`.
        selection : Selection or None
            None: every scan part numbered 0 or above is searched.
        applied_corrections : tuple of str or None
            None: the correction columns that the table has.
        **metadata
            Any other attribute of the scan: `name`, `source`, `constants`, …

        Returns
        -------
        EnergyScan

        Raises
        ------
        UsageError
            Unknown or missing columns, or columns that are not numbers of one length.
        InputError
            Values that a scan may not have, all at once.
        """
        full = fill_defaults(columns)
        if selection is None:
            selection = Selection.default(full["scan_part"].astype(np.int64))
        if applied_corrections is None:
            applied_corrections = tuple(name for name in CORRECTIONS if name in full)
        arrays: dict[str, Any] = dict(full)
        return cls(**arrays, selection=selection, applied_corrections=applied_corrections, **metadata)

    @classmethod
    def load(cls, name_or_path: str | Path) -> "EnergyScan":
        """Load a shipped scan by name, or a scan from its CSV or TOML file.

        Parameters
        ----------
        name_or_path : str or Path
            A name from `x17.scan.datasets.names()`; a CSV, with a TOML of the same stem beside it or
            alone; or that TOML.

        Returns
        -------
        EnergyScan

        Raises
        ------
        UsageError
            No shipped scan and no file of this name.
        InputError
            A file that cannot be used, with all of its problems.
        """
        from x17.scan.loading import load_scan

        return load_scan(name_or_path)

    def write(self, csv_path: str | Path) -> tuple[Path, Path]:
        """Write the scan to a CSV and a TOML of the same stem beside it; `load` gives it back exactly.

        Each file is replaced in one step, so that no reader sees half of it.

        Parameters
        ----------
        csv_path : str or Path
            Ends in ``.csv``; existing files are replaced.

        Returns
        -------
        tuple of Path
            The CSV and the TOML.

        Raises
        ------
        UsageError
            Another ending, or a place that cannot be written.
        """
        from x17.scan.writing import write_scan

        return write_scan(self, csv_path)

    def to_csv_text(self) -> str:
        """Table as the text of a CSV, every number written so that it reads back exactly."""
        return csv_text(self.columns)

    def to_toml_text(self) -> str:
        """Everything but the table, as the text of a TOML."""
        return toml_text(self)

    def search_points(self) -> SearchPoints:
        """Points that are searched, by rising √s, with total errors and repairs in place."""
        return select_search_points(self)

    @property
    def columns(self) -> dict[str, AnyArray]:
        """Columns that the scan has, in the order of a file; each of shape (n,)."""
        given = {name: getattr(self, name) for name in BY_NAME}
        return {name: values for name, values in given.items() if values is not None}

    @property
    def n_pot_err(self) -> FloatArray:
        """Total error of n_pot: the raw and the added relative one in quadrature (shape (n,))."""
        return np.hypot(self.n_pot_err_raw, self.constants.n_pot_err_added * self.n_pot)

    @property
    def background_err(self) -> FloatArray:
        """Total error of B: the raw and the added relative one in quadrature (shape (n,))."""
        return np.hypot(
            self.background_err_raw, self.constants.background_err_added * self.background_per_pot
        )

    @property
    def digest(self) -> str:
        """SHA-256 of the content, `notes` left out, as 64 hexadecimal digits."""
        content = self.to_csv_text() + "\0" + toml_text(self, notes=False)
        return hashlib.sha256(content.encode()).hexdigest()

    def __len__(self) -> int:
        return int(self.sqrt_s_mev.size)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, EnergyScan):
            return NotImplemented
        return (self.to_csv_text(), self.to_toml_text()) == (other.to_csv_text(), other.to_toml_text())

    def __hash__(self) -> int:
        return hash(self.digest)
