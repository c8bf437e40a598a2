"""Answers to links under "Keep": a file for the view that the address describes."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Response

from x17.errors import X17Error
from x17.explorer.address import beginning, from_query
from x17.explorer.shelf import Shelf
from x17.workflows.explore import ExploredScan, Subject
from x17.workflows.explore.kept_files import kept_file

_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "zip": "application/zip",
}


def keep(
    shelf: Shelf, subject: Subject, fitted: ExploredScan, name: str, query: Mapping[str, str]
) -> Response:
    """One file of a view.

    Parameters
    ----------
    shelf : Shelf
    subject : Subject
        What the server was started with.
    fitted : ExploredScan
        With the choices of the subject.
    name : str
        Of the file.
    query : mapping of str to str
        Of the address of the view.

    Returns
    -------
    fastapi.Response
        400 with the reason as text where there is no such file or view.
    """
    try:
        wanted = query.get("scan", "")
        if wanted:
            found = shelf.get(wanted)
            if found is None:
                return _refusal("The scan of this address is not kept any more: drop its file again.")
            subject, fitted = found
        address, complaints = from_query(query, subject, beginning(subject, fitted, wanted))
        if complaints:
            # Unlike a page, a file cannot say that it shows something else.
            return _refusal("\n".join(complaints))
        content = kept_file(subject, address.state.choices, name, bounds=address.bounds)
    except X17Error as error:
        return _refusal(str(error))
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_TYPES[name.rpartition(".")[2]], headers=disposition)


def _refusal(reason: str) -> Response:
    return Response(reason + "\n", status_code=400, media_type="text/plain; charset=utf-8")
