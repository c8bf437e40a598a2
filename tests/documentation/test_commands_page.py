"""The page of the commands has every command with every option of its, and none that is not."""

import re

import pytest

from .fences import ROOT, all_commands, options

PAGE = (ROOT / "docs/reference/commands.md").read_text("utf-8")
SECTIONS = re.split(r"^(?=## )", PAGE, flags=re.MULTILINE)[1:]
COMMANDS = all_commands()


def named(section: str) -> set[str]:
    """Commands that the heading of a section names: `x17 blind seal|check` are two."""
    found = set()
    for code in re.findall(r"`x17 ([^`]+)`", section.partition("\n")[0]):
        first, *rest = code.split()
        found |= {first, *(f"{first} {word}" for word in rest[0].split("|"))} if rest else {first}
    return found & set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_has_every_option(command: str) -> None:
    text = "".join(section for section in SECTIONS if command in named(section))
    assert text, f"no section names x17 {command} in its heading"
    written = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", text))
    long = {option for option in options(COMMANDS[command]) if option.startswith("--")}
    assert long - {"--help"} <= written


@pytest.mark.parametrize("section", SECTIONS, ids=lambda text: text.partition("\n")[0])
def test_names_no_option_that_is_not_there(section: str) -> None:
    others = {
        command
        for code in re.findall(r"`x17 ([^`]+)`", section)
        for command in COMMANDS
        if code.startswith(command)
    }
    known = {option for command in named(section) | others for option in options(COMMANDS[command])}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", section)) <= known | {"--help", "--version"}


def test_every_option_has_help() -> None:
    silent = [
        f"{name} {parameter.name}"
        for name, command in COMMANDS.items()
        for parameter in command.params
        if not getattr(parameter, "help", None)
    ]
    assert silent == []
