"""`x17 nuclear`."""

from __future__ import annotations

import typer

nuclear_app = typer.Typer(
    help="Where 17 MeV comes from: angles and spectra of pairs from nuclear transitions, and their masses.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
