"""Writing a scan to its two files, each in one step."""

import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from x17.errors import UsageError

if TYPE_CHECKING:
    from x17.scan.energy_scan import EnergyScan


def write_scan(scan: "EnergyScan", csv_path: str | Path) -> tuple[Path, Path]:
    """Write a scan to a CSV and the TOML of the same stem; see `EnergyScan.write`.

    Parameters
    ----------
    scan : EnergyScan
    csv_path : str or Path
        Ends in ``.csv``.

    Returns
    -------
    tuple of Path
        The CSV and the TOML.

    Raises
    ------
    UsageError
        Another ending, or a place that cannot be written.
    """
    csv = Path(csv_path)
    if csv.suffix != ".csv":
        raise UsageError(f"{csv}: the table of a scan must end in .csv; its TOML is written beside it")
    toml = csv.with_suffix(".toml")
    # The TOML first: a reader that comes in between finds metadata without a table, which is an error,
    # not a table whose constants are silently the default ones.
    for path, text in ((toml, scan.to_toml_text()), (csv, scan.to_csv_text())):
        replace_text(path, text)
    return csv, toml


def replace_text(path: Path, text: str) -> None:
    """Write a text to a file in one step: a reader sees the old one or the new one.

    Parameters
    ----------
    path : Path
    text : str

    Raises
    ------
    UsageError
        A place that cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")
    try:
        try:
            with temporary.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written: {error.strerror}") from error
