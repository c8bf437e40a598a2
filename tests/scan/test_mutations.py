"""Damaged files: whatever their bytes, there is a sound scan or an error that explains, nothing else."""

import random
from collections.abc import Callable
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from x17.errors import X17Error
from x17.scan import EnergyScan, datasets
from x17.scan.corrections import weighted_mean
from x17.scan.efficiency_ratio import fit_efficiency_ratio
from x17.scan.error_budget import error_budget
from x17.scan.loading import build_scan
from x17.scan.observable import g_r, g_r_err
from x17.scan.straight_line import fit_line

SHIPPED = (files(datasets) / "padme_run3.csv").read_text("utf-8")
TOML = (files(datasets) / "padme_run3.toml").read_text("utf-8")
MINIMAL = "sqrt_s_mev,n2,n_pot,background_per_pot,signal_efficiency\n" + "".join(
    f"{16.5 + 0.05 * i:.2f},{25000 + i},7e9,3.6e-6,0.09\n" for i in range(14)
)
JUNK = (
    *("", " ", "x", "nan", "-nan", "inf", "1e999", "-1e999", "1e-999", "1e30", "1e31", "-1", "0", "-0"),
    *("1,5", '"1,5"', '"', "'", "#", "1e", "0x10", "1_0", "१२", "٣", "½", "−5", "1 000", "1;2", "\t", "\0"),
    *("True", "None", "1e5", "16.5", "1e-30", "1e-300", "9" * 500, "x" * 300, "5e-324", "1.022", "1e308"),
    "\ufeff",
)
NAMES = ("n2_err", "ageing", "scan_part", "period", "signal_efficiency_err")


def cells_of(text: str) -> list[list[str]]:
    return [line.split(",") for line in text.split("\n")]


def joined(cells: list[list[str]]) -> str:
    return "\n".join(",".join(row) for row in cells)


def swap_cell(text: str, rng: random.Random) -> str:
    cells = cells_of(text)
    row = rng.choice(cells)
    row[rng.randrange(len(row))] = rng.choice(JUNK)
    return joined(cells)


def scale_cell(text: str, rng: random.Random) -> str:
    cells = cells_of(text)
    row = rng.choice(cells)
    i = rng.randrange(len(row))
    try:
        row[i] = repr(float(row[i]) * 10 ** (rng.uniform(-1, 1) * rng.choice([1e-4, 0.1, 40])))
    except ValueError:
        row[i] = repr(rng.random())
    return joined(cells)


def delete_rows(text: str, rng: random.Random) -> str:
    rows = text.split("\n")
    gone = rng.sample(range(len(rows)), min(len(rows), rng.choice([1, 1, 2, 3, 10])))
    return "\n".join(row for i, row in enumerate(rows) if i not in gone)


def duplicate_row(text: str, rng: random.Random) -> str:
    rows = text.split("\n")
    return "\n".join([*rows, rng.choice(rows)])


def shuffle_rows(text: str, rng: random.Random) -> str:
    rows = [line for line in text.split("\n") if not line.startswith("#")]
    tail = rows[1:]
    rng.shuffle(tail)
    return "\n".join(rows[:1] + tail)


def change_column(text: str, rng: random.Random) -> str:
    cells = [row for row in cells_of(text) if not row[0].startswith("#")]
    if not cells:
        return text
    i, action = rng.randrange(len(cells[0])), rng.choice(["delete", "repeat", "junk", "rename", "constant"])
    value, name = rng.choice(JUNK), rng.choice(NAMES)
    for number, row in enumerate(cells):
        if len(row) <= i:
            continue
        if action == "delete":
            del row[i]
        elif action == "repeat":
            row.append(row[i])
        elif action == "rename":
            row[i] = name if number == 0 else row[i]
        elif number:
            row[i] = value if action == "constant" else rng.choice(JUNK)
    return joined(cells)


def new_separator(text: str, rng: random.Random) -> str:
    return text.replace(",", rng.choice([";", "\t", "|", " ", ", ", ",,", "\n"]))


def decimal_commas(text: str, rng: random.Random) -> str:
    return (text if rng.random() < 0.5 else text.replace(",", ";")).replace(".", ",")


def truncate(text: str, rng: random.Random) -> str:
    return text[: rng.randrange(len(text) + 1)]


def insert_text(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    return text[:at] + rng.choice([*JUNK, "\n", "\r", ",", "\x0b", "\u2028", "\x1a"]) + text[at:]


def line_ends(text: str, rng: random.Random) -> str:
    return text.replace("\n", rng.choice(["\r\n", "\r", "\n\n", "\x0b", "\u2028"]))


MUTATIONS: list[Callable[[str, random.Random], str]] = [
    *(swap_cell, scale_cell, delete_rows, duplicate_row, shuffle_rows, change_column),
    *(new_separator, decimal_commas, truncate, insert_text, line_ends),
]


def damage_bytes(raw: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(raw)
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(len(damaged) + 1)
        damaged[at : at + rng.randrange(3)] = rng.randbytes(rng.randrange(4))
    return bytes(damaged)


def assert_sound(scan: EnergyScan) -> None:
    points = scan.search_points()
    assert len(points) >= scan.constants.points_needed
    for name in ("sqrt_s_mev", "beam_energy_mev", "n2", "n_pot", "background_per_pot", "signal_efficiency"):
        values = getattr(points, name)
        assert np.all(np.isfinite(values))
        assert np.all(values > 0), name
    for name in ("n_pot_err", "background_err", "signal_efficiency_err"):
        values = getattr(points, name)
        assert np.all(np.isfinite(values))
        assert np.all(values >= 0), name
    assert np.all(np.diff(points.sqrt_s_mev) > 0)
    # What is built on a scan must work without a warning too: they are errors in these tests.
    y, err = g_r(points), g_r_err(points)
    assert np.all((y > 0) & (err > 0) & np.isfinite(y) & np.isfinite(err))
    for line in (
        fit_line(points.sqrt_s_mev, y, err**2, scan.constants.center_sqrt_s_mev),
        fit_efficiency_ratio(points, scan.constants.center_sqrt_s_mev),
    ):
        assert np.all(np.isfinite([line.constant, line.slope, line.constant_err, line.slope_err, line.chi2]))
    assert np.all(np.isfinite(error_budget(scan).total))
    assert build_scan("x", scan.to_csv_text().encode(), "y", scan.to_toml_text().encode()) == scan


def outcome(csv: bytes, toml: bytes | None) -> bool:
    """Tell whether a file is accepted; any exception but the package's own fails the test."""
    try:
        scan = build_scan("my.csv", csv, "my.toml", toml)
    except X17Error as error:
        message = str(error)
    else:
        assert_sound(scan)
        return True
    assert 0 < len(message) < 10_000
    return False


MUTATED = settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@MUTATED
@given(
    start=st.sampled_from(["shipped", "shipped CSV", "minimal"]),
    mutations=st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=3),
    seed=st.integers(0, 2**32),
    raw=st.booleans(),
)
def test_damaged_tables(
    start: str, mutations: list[Callable[[str, random.Random], str]], seed: int, raw: bool
) -> None:
    rng = random.Random(seed)
    text = MINIMAL if start == "minimal" else SHIPPED
    for mutate in mutations:
        text = mutate(text, rng)
    content = damage_bytes(text.encode(), rng) if raw else text.encode()
    outcome(content, TOML.encode() if start == "shipped" else None)


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda m: m.__name__)
def test_each_mutation(mutate: Callable[[str, random.Random], str]) -> None:
    for seed in range(20):
        rng = random.Random(seed)
        outcome(mutate(MINIMAL, rng).encode(), None)
        outcome(mutate(SHIPPED, rng).encode(), TOML.encode() if seed % 2 else None)


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes(content: bytes) -> None:
    assert not outcome(content, None)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), raw=st.booleans())
def test_damaged_metadata(seed: int, raw: bool) -> None:
    rng = random.Random(seed)
    lines = TOML.split("\n")
    values = ["", "nan", "inf", '"x"', "true", "[]", "{}", "1e999", "-1", "0", "1e6", "1979-05-27", "9" * 400]
    for _ in range(rng.randrange(1, 4)):
        i = rng.randrange(len(lines))
        key, equals, _ = lines[i].partition(" = ")
        other = rng.choice(["", "[model]", "x = 1", "[[repairs]]"])
        lines[i] = key + equals + rng.choice(values) if equals else other
    toml = "\n".join(lines).encode()
    outcome(SHIPPED.encode(), damage_bytes(toml, rng) if raw else toml)


@settings(max_examples=150, deadline=None)
@given(
    log_n2=st.integers(0, 30),
    log_n_pot=st.integers(-30, 30),
    log_yield=st.integers(-6, 6),
    log_efficiency=st.integers(-12, 0),
    error=st.sampled_from([0.0, 1e-300, 1e-30, 1e-9, 1.0]),
    added=st.sampled_from(["0", "1e-300", "1e-9", "1"]),
)
def test_extreme_but_allowed_sizes(
    *, log_n2: int, log_n_pot: int, log_yield: int, log_efficiency: int, error: float, added: str
) -> None:
    n2, n_pot, efficiency = 10.0**log_n2, 10.0**log_n_pot, 10.0**log_efficiency
    background = 10.0**-log_yield * n2 / n_pot
    columns: dict[str, list[float]] = {
        "sqrt_s_mev": [1e6 - i for i in range(13)],
        "n2": [n2] * 13,
        "n_pot": [n_pot] * 13,
        "n_pot_err_raw": [error * n_pot] * 13,
        "background_per_pot": [background] * 13,
        "background_err_raw": [error * background] * 13,
        "signal_efficiency": [efficiency] * 13,
        "signal_efficiency_err": [error * efficiency] * 13,
        "ageing": [1 + i / 100 for i in range(13)],
        "ageing_err": [error] * 13,
    }
    rows = [",".join(columns), *(",".join(map(repr, row)) for row in zip(*columns.values(), strict=True))]
    csv = "\n".join(rows).encode()
    toml = f"[model]\nn_pot_err_added = {added}\nbackground_err_added = {added}\n".encode()
    if outcome(csv, toml):
        weighted_mean(build_scan("my.csv", csv, "my.toml", toml), "ageing")


def test_the_starting_points_are_sound() -> None:
    assert outcome(SHIPPED.encode(), TOML.encode())
    assert outcome(SHIPPED.encode(), None)
    assert outcome(MINIMAL.encode(), None)
