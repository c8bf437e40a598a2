"""What is sealed: the counts, the metadata that follow from them, and the salts of the commitments."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from x17.errors import InputError, Problem, UsageError
from x17.scan import EnergyScan
from x17.scan.loading import build_scan
from x17.scan.sealed_file import ADVICE, SEALED_CELL, SEALED_COLUMNS, OpenText

BoolArray = NDArray[np.bool_]

_STEP = 1024
"""The content is padded with spaces to a multiple of this many bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class SecretPart:
    """The content of the ciphertext.

    Attributes
    ----------
    columns : dict of str to ndarray, shape (n_sealed,)
        The sealed numbers, in the order of the table.
    toml : str
        All metadata.
    scan_salt, settings_salt : bytes
    """

    columns: dict[str, NDArray[np.float64]] = field(repr=False)
    toml: str = field(repr=False)
    scan_salt: bytes = field(repr=False)
    settings_salt: bytes = field(repr=False)

    def to_bytes(self) -> bytes:
        """The content as bytes, whose number does not depend on any sealed value."""
        numbers = {
            name: base64.b64encode(values.astype("<f8").tobytes()).decode()
            for name, values in self.columns.items()
        }
        document = {
            "columns": numbers,
            "scan_salt": self.scan_salt.hex(),
            "settings_salt": self.settings_salt.hex(),
        }
        # Doubles have one length; the numbers of the TOML have not, so that each counts as the longest.
        longest = re.sub(r"^(\w+ = )[-+.0-9e]+$", r"\g<1>" + 32 * "0", self.toml, flags=re.MULTILINE)
        size = len(json.dumps(document | {"toml": longest}))
        text = json.dumps(document | {"toml": self.toml})
        return text.encode().ljust(-(-size // _STEP) * _STEP)

    @classmethod
    def from_bytes(cls, content: bytes) -> SecretPart:
        """Read the content back.

        Parameters
        ----------
        content : bytes
            Decrypted, hence as it was written.

        Returns
        -------
        SecretPart
        """
        document = json.loads(content)
        columns = {
            name: np.frombuffer(base64.b64decode(text), dtype="<f8").astype(np.float64)
            for name, text in document["columns"].items()
        }
        salts = (bytes.fromhex(document[key]) for key in ("scan_salt", "settings_salt"))
        return cls(columns, document["toml"], *salts)


def open_text(scan: EnergyScan, hidden: BoolArray) -> OpenText:
    """The two texts of a scan with its secrets taken out.

    Beside the cells of the table these are the constraint on K, which was fitted to counts, the error budget
    of N2, and the notes, in which anything may stand.

    Parameters
    ----------
    scan : EnergyScan
    hidden : ndarray of bool, shape (rows,)

    Returns
    -------
    OpenText
    """
    header, *rows = (line.split(",") for line in scan.to_csv_text().splitlines())
    for row, secret in zip(rows, hidden, strict=True):
        for k, name in enumerate(header):
            if secret and name in SEALED_COLUMNS:
                row[k] = SEALED_CELL
    bare = replace(
        scan,
        notes=(),
        constants=replace(scan.constants, k_constraint=None),
        published_budget=tuple(item for item in scan.published_budget if item.quantity != "N2"),
    )
    return OpenText(
        toml=bare.to_toml_text().splitlines(), csv=[",".join(header), *(",".join(row) for row in rows)]
    )


def take_secrets(scan: EnergyScan, hidden: BoolArray, salts: tuple[bytes, bytes]) -> SecretPart:
    """What `open_text` leaves out.

    Parameters
    ----------
    scan : EnergyScan
    hidden : ndarray of bool, shape (rows,)
    salts : (bytes, bytes)
        Of the commitments to the scan and to the settings.

    Returns
    -------
    SecretPart
    """
    columns = {
        name: np.asarray(values[hidden], dtype=np.float64)
        for name, values in scan.columns.items()
        if name in SEALED_COLUMNS
    }
    return SecretPart(columns, scan.to_toml_text(), *salts)


def put_back(source: str, text: OpenText, secret: SecretPart) -> EnergyScan:
    """The scan as it was before it was sealed.

    Parameters
    ----------
    source : str
        The file, as the user named it.
    text : OpenText
    secret : SecretPart

    Returns
    -------
    EnergyScan

    Raises
    ------
    InputError
        The parts do not fit together.
    """
    header, *rows = (line.split(",") for line in text.csv)
    try:
        for name, values in secret.columns.items():
            k = header.index(name)
            places = [row for row in rows if row[k] == SEALED_CELL]
            for row, value in zip(places, values.tolist(), strict=True):
                row[k] = "" if np.isnan(value) else repr(value)
    except (ValueError, IndexError) as error:
        what = "the open and the sealed part do not fit together"
        raise InputError(source, [Problem(what)], ADVICE) from error
    csv = "\n".join(",".join(row) for row in (header, *rows)) + "\n"
    return build_scan(source, csv.encode(), source, secret.toml.encode())


def rows_to_seal(scan: EnergyScan, window: tuple[float, float] | None) -> BoolArray:
    """The energy points whose counts are to be sealed.

    Parameters
    ----------
    scan : EnergyScan
    window : (float, float) or None
        First and last √s in MeV, both included; None: all points.

    Returns
    -------
    ndarray of bool, shape (rows,)

    Raises
    ------
    UsageError
        No searched point is inside, or too few are left outside.
    """
    if window is None:
        return np.ones(len(scan), dtype=np.bool_)
    inside = (scan.sqrt_s_mev >= window[0] - 1e-9) & (scan.sqrt_s_mev <= window[1] + 1e-9)
    used = scan.selection.mask(scan.scan_part)
    searched, needed = scan.sqrt_s_mev[used], scan.constants.points_needed
    rule = f"--points {window[0]:g}:{window[1]:g}"
    if not np.any(inside & used):
        raise UsageError(
            f"{rule}: no searched energy point is inside; allowed: a range of √s in MeV, "
            f"with points from {searched.min():.3f} to {searched.max():.3f}"
        )
    if (left := int(np.count_nonzero(used & ~inside))) < needed:
        raise UsageError(
            f"{rule}: leaves {left} searched points open, {needed} are needed for a side band; "
            "take a narrower range, or --points auto to seal every count"
        )
    return np.asarray(inside)
