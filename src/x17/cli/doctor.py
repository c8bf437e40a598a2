"""`x17 doctor`."""

from __future__ import annotations

import sys

import typer

from x17.cli.options import Json


def doctor(as_json: Json = False) -> None:
    """Check the installation; a self-test with known numbers.

    Exit code 0 if the core works, extras missing or not; 1 if it does not.
    """
    from rich.console import Console

    from x17.report.tables import json_text
    from x17.workflows.doctor import SELF_TEST_SENTENCE, examine

    screen = Console(stderr=True)
    if screen.is_terminal:
        with screen.status(SELF_TEST_SENTENCE):
            examination = examine()
    else:
        examination = examine()
    document = examination.document()
    if as_json:
        sys.stdout.write(json_text(document))
    else:
        from x17.report.doctor_text import print_doctor

        print_doctor(Console(), document)
    if not examination.sound:
        raise typer.Exit(1)
