"""Names of folders made from names of scans."""

import re


def folder_name(name: str) -> str:
    """A name reduced to letters, digits, dots, dashes and underscores.

    Parameters
    ----------
    name : str

    Returns
    -------
    str
        `scan` if nothing is left.
    """
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".-") or "scan"
