"""What a user sees first: the list of commands, and the help of each of them."""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer

from x17.cli.help_groups import GROUPS
from x17.cli.main import app, main

ROOT: Any = typer.main.get_command(app)


def commands(group: Any = ROOT, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        yield " ".join((*path, name)), command
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))


ALL = dict(commands())
LEAVES = {name: command for name, command in ALL.items() if not hasattr(command, "commands")}


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(sys, "argv", ["x17", *words])
    with pytest.raises(SystemExit):
        main()
    captured = capsys.readouterr()
    return captured.out + captured.err


@pytest.mark.parametrize("words", [(), ("--help",)], ids=["alone", "--help"])
def test_commands_are_listed_whole_and_in_groups(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    text = shown(monkeypatch, capsys, *words)
    assert "..." not in text.split("Search a scan:")[1]
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "Start with `x17 search`" in text
    assert "More:" not in text, "a command is in no group of x17.cli.help_groups"
    places = [text.index(f"\n{title}:") for title in GROUPS]
    assert places == sorted(places)
    assert text.index("\n  search ") < text.index("\n  significance ") < text.index("\n  doctor ")
    assert all(f"\n  {name} " in text for name in ROOT.commands)


def test_a_group_may_name_only_commands_that_are_or_will_be() -> None:
    named = [name for names in GROUPS.values() for name in names]
    assert len(named) == len(set(named))
    assert set(ROOT.commands) <= set(named)


@pytest.mark.parametrize("name", ALL)
def test_a_first_line_fits_into_the_list(name: str) -> None:
    first = ALL[name].help.split("\n\n")[0]
    assert "\n" not in first
    assert 10 < len(first) <= 60, first
    assert first.endswith(".")


@pytest.mark.parametrize("name", LEAVES)
def test_an_example_is_one_line_that_the_command_takes(name: str) -> None:
    example = LEAVES[name].epilog
    assert example, f"x17 {name} lacks an example: give epilog= where it is registered"
    assert example.startswith(f"Example: x17 {name}")
    assert len(example) <= 78
    words = shlex.split(example.removeprefix("Example: x17 "))
    command, context = ROOT, None
    for word in name.split():  # down to the command itself, then its options are parsed, nothing is run
        assert words.pop(0) == word
        command = command.commands[word]
    context = command.make_context(name, list(words))
    assert context.args == []


@pytest.mark.parametrize("name", ["theory width", "constraints allowed", "nuclear angle", "apparatus show"])
def test_examples_run_as_they_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    words = shlex.split(LEAVES[name].epilog.removeprefix("Example: x17 "))
    monkeypatch.setattr(sys, "argv", ["x17", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 0
    assert capsys.readouterr().out.strip()


def test_a_mistyped_command_is_answered_with_the_nearest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "Did you mean 'search'" in shown(monkeypatch, capsys, "serch")
    assert "Did you mean 'validate'" in shown(monkeypatch, capsys, "scan", "vaildate")
    assert "--quick" in shown(monkeypatch, capsys, "search", "--quik")


def test_the_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; sys.argv = ['x17', 'doctor', '--help']\nimport x17.cli.main\n"
        "try: x17.cli.main.main()\nexcept SystemExit: pass\n"
        "print([m for m in ('numpy', 'scipy', 'numba', 'matplotlib', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
