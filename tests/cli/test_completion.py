"""What the shell offers: driven as bash, zsh and fish drive it, by environment variables."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from x17.scan.columns import CORRECTIONS
from x17.statistics.limit_methods import Method
from x17.statistics.model_settings import KSource
from x17.theory.boson import SpinParity
from x17.workflows.export_source import Format

X17 = [sys.executable, "-c", "import sys; sys.argv[0] = 'x17'; from x17.cli.main import main; main()"]
CHOICES = [  # an option, and what the library takes
    ("search --boson ", {letter.value for letter in SpinParity}),
    ("limits --method ", {method.value for method in Method}),
    ("export --to ", {kind.value for kind in Format}),
    ("scan show --without ", set(CORRECTIONS)),
    ("limits --k-constraint ", {source.value for source in KSource} - {KSource.AUTO.value}),
    ("simulate --format ", {"parquet", "root"}),
    ("constraints table --boson ", {letter.value for letter in SpinParity}),
]


def offered(typed: str, folder: Path, shell: str = "bash") -> list[str]:
    """What a shell gets for a line that ends where the cursor is."""
    line = f"x17 {typed}"
    words = line.split(" ")  # an empty last word is one that has not begun
    environment = {
        "bash": {"COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)},
        "zsh": {"_TYPER_COMPLETE_ARGS": line},
        "fish": {"_TYPER_COMPLETE_ARGS": line, "_TYPER_COMPLETE_FISH_ACTION": "get-args"},
    }[shell]
    done = subprocess.run(
        X17,
        env=os.environ | environment | {"_X17_COMPLETE": f"complete_{shell}"},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout.split("\n") if done.stdout.strip() else []


def names(lines: list[str]) -> set[str]:
    return {line.strip() for line in lines if line.strip()}


@pytest.mark.parametrize(("typed", "allowed"), CHOICES, ids=[typed for typed, _ in CHOICES])
def test_values_are_those_that_the_library_takes(typed: str, allowed: set[str], tmp_path: Path) -> None:
    assert names(offered(typed, tmp_path)) == allowed


def test_scans_are_the_shipped_ones_and_tables_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").touch()
    (tmp_path / "mine.toml").touch()
    (tmp_path / "notes.txt").touch()
    assert names(offered("search ", tmp_path)) == {"padme-run3", "mine.csv"}
    assert names(offered("search pad", tmp_path)) == {"padme-run3"}
    # Nothing fits: the shell then offers files by itself, folders and ~ included.
    assert offered("search ../", tmp_path) == []
    assert names(offered("apparatus show ", tmp_path)) == {
        "padme-run2",
        "padme-run3",
        "padme-run4",
        "mine.toml",
    }


def test_folders_of_results_and_toy_banks(tmp_path: Path) -> None:
    for name in ("results/run3", "results/other", "results/toybank/padme-run3"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "results/run3/summary.json").touch()
    (tmp_path / "results/toybank/padme-run3/bank.json").touch()
    assert names(offered("export ", tmp_path)) == {"results/run3"}
    assert names(offered("toys status --bank ", tmp_path)) == {"results/toybank/padme-run3"}


def test_lists_go_on_behind_their_comma(tmp_path: Path) -> None:
    assert names(offered("limits --method cls,p", tmp_path)) == {"cls,pcl"}
    assert "cls,cls" not in names(offered("limits --method cls,", tmp_path))


def test_settings_by_table_and_by_key(tmp_path: Path) -> None:
    assert names(offered("search --set ", tmp_path)) == {
        "limit.",
        "model.",
        "search.",
        "sideband.",
        "significance.",
    }
    assert names(offered("search --set model.k_con", tmp_path)) >= {"model.k_constraint="}
    assert names(offered("search --set search.m", tmp_path)) == {"search.masses="}


def test_commands_and_options(tmp_path: Path) -> None:
    assert {"search", "scan", "significance", "simulate"} <= names(offered("s", tmp_path))
    assert names(offered("search --q", tmp_path)) == {"--quick"}


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_the_same_values(shell: str, tmp_path: Path) -> None:
    text = "\n".join(offered("search --boson ", tmp_path, shell))
    assert all(letter in text for letter in "VASP")


@pytest.mark.parametrize("typed", ["search ", "search --set model.", "checks --only "])
def test_it_answers_before_the_user_looks_up(typed: str, tmp_path: Path) -> None:
    def processor_time() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime

    seconds = []
    for _ in range(3):
        before = processor_time()
        assert offered(typed, tmp_path)
        seconds.append(processor_time() - before)
    # Time of the processor, not of the clock: other tests run beside this one. 0.2 to 0.35 s on an idle
    # machine, half as much again on a busy one; a heavy library by mistake (numba, matplotlib) adds a second.
    assert min(seconds) < 0.8


@pytest.mark.parametrize("typed", ["search ", "apparatus show ", "search --set model.", "checks --only "])
def test_nothing_heavy_is_loaded(typed: str, tmp_path: Path) -> None:
    line = f"x17 {typed}"
    code = (
        "import sys; sys.argv[0] = 'x17'\nfrom x17.cli.main import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = ('scipy.stats', 'scipy.optimize', 'matplotlib', 'pandas', 'numba')\n"
        "assert 'x17.cli.completion' in sys.modules\n"
        "sys.exit(str([name for name in heavy if name in sys.modules]))"
    )
    environment = {
        "COMP_WORDS": line,
        "COMP_CWORD": str(len(line.split(" ")) - 1),
        "_X17_COMPLETE": "complete_bash",
    }
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.strip() == "[]"
