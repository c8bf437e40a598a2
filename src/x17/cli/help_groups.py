"""The list of commands in `x17 --help`, in groups and in the order in which a user meets them."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

GROUPS = {
    "Search a scan": ("search", "explore", "significance", "limits", "scan", "toys", "export", "import"),
    "Check": ("checks", "coverage", "blind"),
    "Simulate and reconstruct": (
        "pipeline",
        "simulate",
        "reconstruct",
        "expect",
        "count",
        "digitise",
        "display",
        "apparatus",
    ),
    "Plan the next run": ("project", "plan", "observables"),
    "Around the search": ("constraints", "combine", "nuclear", "theory"),
    "Help": ("doctor",),
}
"""Heading to commands; a command that no group names is listed last, under "More"."""


class GroupedCommands(TyperGroup):
    """A group whose help lists its commands under headings."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names of the commands, in the order of the groups.

        Parameters
        ----------
        ctx : click.Context

        Returns
        -------
        list of str
        """
        del ctx
        return [name for _, names in self._grouped() for name in names]

    def _grouped(self) -> list[tuple[str, list[str]]]:
        placed = {name for names in GROUPS.values() for name in names}
        groups = [
            (title, [name for name in names if name in self.commands]) for title, names in GROUPS.items()
        ]
        return [*groups, ("More", [name for name in self.commands if name not in placed])]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Look a command up; while the shell completes, it learns which values it can offer.

        Parameters
        ----------
        ctx : click.Context
        cmd_name : str

        Returns
        -------
        click.Command or None
        """
        command = super().get_command(ctx, cmd_name)
        if command is not None and ctx.resilient_parsing:
            from x17.cli.completion import offer_values

            offer_values(command)
        return command

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands, a heading over every group.

        Parameters
        ----------
        ctx : click.Context
        formatter : click.HelpFormatter
        """
        del ctx
        widest = max(len(name) for name in self.commands)
        for title, names in self._grouped():
            rows = [
                (name.ljust(widest), self.commands[name].get_short_help_str(formatter.width - 6 - widest))
                for name in names
                if not self.commands[name].hidden
            ]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)
