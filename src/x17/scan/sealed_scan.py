"""What anyone may know of a sealed scan: the points whose counts are open, and the rest without counts."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from x17.errors import InputError, Problem, UsageError
from x17.scan import datasets
from x17.scan.columns import BY_NAME, AnyArray
from x17.scan.energy_scan import EnergyScan
from x17.scan.loading import assemble_scan, read_file
from x17.scan.metadata_file import MetadataFile, parse_metadata
from x17.scan.sealed_file import ADVICE, SEALED_CELL, SEALED_COLUMNS, SealedFile, is_sealed, parse_sealed
from x17.scan.table_text import csv_text


@dataclass(frozen=True, slots=True, eq=False)
class OpenPart:
    """A sealed scan without its key.

    Attributes
    ----------
    file : SealedFile
    rows : tuple of tuple of str
        Cells of the table as written, `SEALED_CELL` where a number is sealed.
    header : tuple of str
    sealed : ndarray of bool, shape (rows,)
        Energy points whose counts are sealed.
    expected : EnergyScan
        All points with N_PoT · B in place of every count, also of those that are open: a table without data.
    """

    file: SealedFile
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    sealed: NDArray[np.bool_]
    expected: EnergyScan

    @property
    def n_sealed(self) -> int:
        """Number of points whose counts are sealed."""
        return int(self.sealed.sum())

    def open_scan(self, source: str) -> EnergyScan:
        """The points whose counts are open, as a scan of their own.

        Parameters
        ----------
        source : str
            The file, as the user named it.

        Returns
        -------
        EnergyScan
            Named as the whole with `-sealed` behind, and with a note.

        Raises
        ------
        UsageError
            All counts are sealed.
        InputError
            What is open is no scan.
        """
        if self.sealed.all():
            raise UsageError(
                f"{source}: all {self.n_sealed} counts are sealed, and this needs counts; "
                "`x17 scan show` shows energies, fluxes and B, `x17 blind power` what the procedure finds, "
                "and `x17 blind check` tests the side band with the key"
            )
        opened = [row for row, hidden in zip(self.rows, self.sealed, strict=True) if not hidden]
        place = self.header.index("period")
        periods = {int(row[place]) for row in opened}
        given = _metadata(source, self.file)
        repairs = [repair for repair in given.repairs if repair.period in periods]
        text = "\n".join(",".join(row) for row in (self.header, *opened))
        scan = assemble_scan(source, text.encode(), source, given.model_copy(update={"repairs": repairs}))
        note = (
            f"{self.n_sealed} of {len(self.rows)} energy points are sealed and left out "
            f"({self.file.points} MeV)."
        )
        return replace(scan, name=f"{scan.name}-sealed", notes=(*scan.notes, note))


def open_part(source: str, file: SealedFile) -> OpenPart:
    """Read what is open of a sealed scan.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    file : SealedFile

    Returns
    -------
    OpenPart

    Raises
    ------
    InputError
        What is open contradicts itself.
    """
    header, *rows = (tuple(line.split(",")) for line in file.scan.csv or [""])
    hidden = [k for k, name in enumerate(header) if name in SEALED_COLUMNS]
    state = [{row[k] == SEALED_CELL for k in hidden} if len(row) == len(header) else set() for row in rows]
    if "n2" not in header or any(len(found) != 1 for found in state):
        raise InputError(source, [Problem("a row of the table is neither open nor sealed")], ADVICE)
    sealed = np.array([True in found for found in state], dtype=np.bool_)
    try:
        expected = _expected(source, file, header, rows)
    except (KeyError, ValueError) as error:  # made by hand: what x17 wrote has all columns and only numbers
        raise InputError(source, [Problem("its table is not one that x17 wrote")], ADVICE) from error
    return OpenPart(file, header, tuple(rows), sealed, expected)


def find_open_part(name: str) -> OpenPart | None:
    """Read what is open of a scan if it is a sealed one.

    Parameters
    ----------
    name : str
        Shipped scan or file.

    Returns
    -------
    OpenPart or None
        None for a scan that is not sealed.

    Raises
    ------
    UsageError
        No shipped scan and no file of this name.
    InputError
        Edited or damaged, or a file that cannot be read.
    """
    if name in datasets.names():
        return None
    content = read_file(name)
    return open_part(name, parse_sealed(name, content)) if is_sealed(content) else None


def _expected(
    source: str, file: SealedFile, header: tuple[str, ...], rows: list[tuple[str, ...]]
) -> EnergyScan:
    """The table with N_PoT · B for counts, and without the columns that go with counts."""
    keep = [k for k, name in enumerate(header) if name not in SEALED_COLUMNS]
    columns: dict[str, AnyArray] = {
        header[k]: np.array([float(row[k]) if row[k] else np.nan for row in rows]) for k in keep
    }
    columns["n2"] = np.fmax(columns["n_pot"] * columns["background_per_pot"], 1.0)
    given = _metadata(source, file)
    applied = [name for name in given.applied_corrections or [] if name in columns]
    given = given.model_copy(update={"applied_corrections": applied})
    scan = assemble_scan(source, _numbers(columns).encode(), source, given)
    return replace(scan, name=f"{scan.name}-sealed")


def _numbers(columns: dict[str, AnyArray]) -> str:
    """The columns as a CSV, whole numbers written as such."""
    return csv_text({k: v.astype(np.int64) if BY_NAME[k].integer else v for k, v in columns.items()})


def _metadata(source: str, file: SealedFile) -> MetadataFile:
    return parse_metadata(source, "\n".join(file.scan.toml).encode())
