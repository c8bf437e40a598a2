"""`x17 toys` as a user runs it, in processes of its own, and the commands of its how-to pages as printed."""

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
X17 = [sys.executable, "-c", "from x17.cli.main import main; main()"]
FEW = ["--masses", "16.8:17.0:0.1"]


def x17(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*X17, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=120
    )


def done(*arguments: str, cwd: Path) -> str:
    process = x17(*arguments, cwd=cwd)
    assert process.returncode == 0, process.stderr
    return process.stdout


def content(bank: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in bank.glob("*/*.npz")}


def test_generate_status_and_merge(tmp_path: Path) -> None:
    done("toys", "generate", *FEW, "--toys", "1500", "--bank", "whole", cwd=tmp_path)
    for part, blocks in (("a", "0:1"), ("b", "1:2")):
        arguments = ("--toys", "1500", "--blocks", blocks, "--bank", part, "--workers", "1")
        made = json.loads(done("toys", "generate", *FEW, *arguments, "--json", cwd=tmp_path))
        assert made["made"] == 1000
    out = done("toys", "merge", "merged", "a", "b", cwd=tmp_path)
    assert out.startswith("merged: 3 blocks copied, 1 were there")
    assert content(tmp_path / "merged") == content(tmp_path / "whole")
    assert len(content(tmp_path / "merged")) == 3
    out = done("toys", "status", "--bank", "merged", cwd=tmp_path)
    assert "42 points from 16.386 to 17.402 MeV" in out
    assert "1500 toys" in out
    assert "3 masses 16.8 to 17 MeV" in " ".join(out.split())


def test_damage_is_named_and_made_again(tmp_path: Path) -> None:
    done("toys", "generate", *FEW, "--toys", "1000", cwd=tmp_path)
    bank = tmp_path / "results" / "toybank" / "padme-run3"
    before = content(bank)
    victim = next(iter(bank.glob("*/*.npz")))
    victim.write_bytes(victim.read_bytes()[:500])
    status = x17("toys", "status", cwd=tmp_path)
    assert status.returncode == 1
    assert f"damaged: results/toybank/padme-run3/{victim.parent.name}/{victim.name}" in status.stdout
    merged = x17("toys", "merge", "other", "results/toybank/padme-run3", cwd=tmp_path)
    assert merged.returncode == 1
    assert (
        "1 blocks copied, 0 were there, 0 there from another processor, 0 refused, 1 damaged" in merged.stdout
    )
    assert "is damaged" in merged.stderr
    again = x17("toys", "generate", *FEW, "--toys", "1000", cwd=tmp_path)
    assert re.search(r"note: block \d of pseudo-experiments .* is damaged .*: made again", again.stderr)
    assert "500 toys made" in again.stdout
    assert content(bank) == before


def test_ctrl_c_says_what_is_safe_and_the_same_command_goes_on(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*X17, "toys", "generate", *FEW, "--toys", "1000000"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    bank = tmp_path / "results" / "toybank" / "padme-run3"
    deadline = time.monotonic() + 60.0
    while len(content(bank)) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    told = re.fullmatch(
        r"x17: interrupted; (\d+) of 1000000 toys are safe in results/toybank/padme-run3; "
        r"the same command goes on from there, and loses nothing\n",
        err,
    )
    assert told is not None, err
    safe = json.loads(done("toys", "status", "--json", cwd=tmp_path))["toys"]
    assert int(told[1]) in (safe, safe - 500)  # a block may be in place and not yet counted
    made = json.loads(done("toys", "generate", *FEW, "--toys", str(safe), "--json", cwd=tmp_path))
    assert made["found"] + made["made"] == safe
    assert made["made"] <= 8 * 500  # holes that blocks in flight left: four for each of two threads


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["generate", "--inject", "16.9"], 2, "MASS:COUPLING"),
        (["generate", "--toys", "0"], 2, "--toys is 0"),
        (["generate", "--ensemble", "hybrid"], 2, "unconditional"),
        (["generate", "--k-constraint", "none"], 2, "model.k_constraint"),
        (["generate", "--blocks", "0:20"], 2, "blocks 0 to 19"),
        (["generate", "--bank", "file"], 2, "is a file"),
        (["generate", "--bank", "."], 2, "no toy bank"),
        (["generate", "--scheduler", "tcp://127.0.0.1:9"], 1, "no dask scheduler answers"),
        (["generate", "--scheduler", "here"], 2, "tcp://HOST:PORT"),
        (["status", "--bank", "nothing"], 2, "no toy bank"),
        (["merge", "into", "nothing", "absent"], 2, "no toy bank: nothing, absent"),
        (["merge", "into", "file"], 2, "file: is a file"),
    ],
)
def test_bad_usage_is_one_message(tmp_path: Path, arguments: list[str], code: int, message: str) -> None:
    (tmp_path / "file").write_text("")
    process = x17("toys", *arguments, cwd=tmp_path)
    assert process.returncode == code
    assert process.stdout == ""
    assert message in process.stderr
    assert "Traceback" not in process.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_options_of_the_how_to_table_are_options(tmp_path: Path) -> None:
    text = (REPOSITORY / "docs" / "how-to" / "make-and-merge-toy-banks.md").read_text(encoding="utf-8")
    (table,) = re.findall(r"^\| to make \| add \|\n(.*?)\n\n", text, flags=re.DOTALL | re.MULTILINE)
    options = set(re.findall(r"--[a-z][a-z-]+", table))
    assert len(options) >= 9
    help_text = done("toys", "generate", "--help", cwd=tmp_path)
    assert {option for option in options if option not in help_text} == set()


def test_the_commands_of_the_snakefile(tmp_path: Path) -> None:
    """What Snakemake would run for 2000 toys of three masses, without Snakemake."""
    text = (REPOSITORY / "examples" / "toys" / "Snakefile").read_text(encoding="utf-8")
    config = {"toys": 2000, "blocks_per_job": 3, "options": " ".join(FEW)}
    head: dict[str, object] = {"config": config}
    exec(text.partition("\nrule ")[0], head)
    assert head["LAST"] == {0: 2, 3: 3}
    shells = [
        "".join(re.findall(r'"(.*)"', block)) for block in re.findall(r"shell:\n((?:\s+\".*\"\n)+)", text)
    ]
    (tmp_path / "toys").mkdir()
    wrapper = tmp_path / "x17"
    wrapper.write_text(f'#!/bin/sh\nexec {shlex.join(X17)} "$@"\n')
    wrapper.chmod(0o755)

    class Named:
        def __init__(self, **names: object) -> None:
            self.__dict__ |= names

    jobs = [(first, last, "") for first, last in head["LAST"].items()]  # type: ignore[attr-defined]
    commands = [
        shells[0].format(**head, wildcards=Named(first=first), params=Named(last=last), threads=1)
        for first, last, _ in jobs
    ]
    parts = " ".join(f"toys/parts/{first}" for first, *_ in jobs)
    commands.append(shells[1].format(params=Named(parts=parts), output="toys/status.json"))
    for command in commands:
        subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path,
            check=True,
            timeout=60,
            env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        )
    assert json.loads((tmp_path / "toys" / "status.json").read_text())["toys"] == 2000


def test_a_cluster_makes_the_same_bank(tmp_path: Path) -> None:
    done("toys", "generate", *FEW, "--toys", "3000", "--bank", "threads", cwd=tmp_path)
    file = tmp_path / "scheduler.json"
    quiet = {"cwd": tmp_path, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    program = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    scheduler = subprocess.Popen(
        [*program, "--no-dashboard", "--scheduler-file", str(file)],
        **quiet,  # type: ignore[call-overload]
    )
    worker = None
    try:
        deadline = time.monotonic() + 30.0
        while not (file.exists() and file.read_text().rstrip().endswith("}")):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        address = json.loads(file.read_text())["address"]
        program = [
            sys.executable,
            "-m",
            "distributed.cli.dask_worker",
            address,
            "--no-dashboard",
            "--no-nanny",
        ]
        worker = subprocess.Popen([*program, "--nthreads", "1"], **quiet)  # type: ignore[call-overload]
        arguments = ("--toys", "3000", "--bank", "cluster", "--scheduler", address)
        process = x17("toys", "generate", *FEW, *arguments, cwd=tmp_path)
    finally:
        for started in (worker, scheduler):
            if started is not None:
                started.kill()
                started.wait(timeout=10)
    assert process.returncode == 0, process.stderr
    assert process.stderr == ""
    assert content(tmp_path / "cluster") == content(tmp_path / "threads")
    assert len(content(tmp_path / "cluster")) == 6
