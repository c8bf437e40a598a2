"""Files of a bound: what is read, and one error for everything that is wrong."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from x17.constraints.bound import Bound
from x17.constraints.bound_file import parse_bound_file
from x17.constraints.couplings import CouplingRatios
from x17.constraints.curve_file import parse_curve
from x17.constraints.loading import all_bounds, load_bound
from x17.constraints.own_limit import own_limit
from x17.errors import InputError, UsageError
from x17.theory.boson import SpinParity

TOML = """label = "mine"
reference = "a thesis"
confidence = "95 % CL"
bosons = ["V", "S"]
read_at_source = true
origin = "its table 3"
assumptions = "none"

[curve]
coupling = "g_ve"
"""
HEAD = TOML.split("[curve]", maxsplit=1)[0]
CSV = "mass_mev,low,high\n16.0,1e-4,2e-4\n17.0,2e-4,8e-4\n"


def write(folder: Path, toml: str = TOML, csv: str | None = CSV) -> Path:
    (folder / "mine.toml").write_text(toml, encoding="utf-8")
    if csv is not None:
        (folder / "mine.csv").write_text(csv, encoding="utf-8")
    return folder / "mine.toml"


def error(folder: Path, toml: str = TOML, csv: str | None = CSV) -> str:
    with pytest.raises(InputError) as caught:
        load_bound(write(folder, toml, csv))
    return str(caught.value)


def ends(bound: Bound, mass: float, boson: SpinParity = SpinParity.VECTOR) -> tuple[float, float]:
    (interval,) = bound.excluded(mass, boson, CouplingRatios())
    return interval.low, interval.high


def test_a_curve(tmp_path: Path) -> None:
    bound = load_bound(write(tmp_path))
    assert (bound.key, bound.label, bound.spin_parities) == (
        "mine",
        "mine",
        (SpinParity.VECTOR, SpinParity.SCALAR),
    )
    # A straight line in the logarithms: at the geometric mean of the masses, the geometric mean of the ends.
    assert ends(bound, (16.0 * 17.0) ** 0.5) == pytest.approx((2e-8**0.5, 16e-8**0.5))
    assert not bound.covers(15.99)
    assert not bound.excluded(17.01, SpinParity.VECTOR, CouplingRatios())


def test_the_csv_may_be_named_and_epsilon_is_converted(tmp_path: Path) -> None:
    toml = TOML.replace('"g_ve"', '"epsilon"')
    write(tmp_path, toml)
    assert ends(load_bound(tmp_path / "mine.csv"), 16.0) == pytest.approx((0.3028221e-4, 0.6056442e-4))


def test_a_band_may_be_open(tmp_path: Path) -> None:
    assert ends(load_bound(write(tmp_path, csv="mass_mev,low\n16,1e-4\n")), 16.0) == pytest.approx(
        (1e-4, np.inf)
    )
    assert ends(load_bound(write(tmp_path, csv="mass_mev,high\n16,1e-4\n")), 16.0) == pytest.approx(
        (0.0, 1e-4)
    )


def test_all_problems_of_both_files_at_once(tmp_path: Path) -> None:
    toml = TOML.replace('["V", "S"]', '["V", "T"]').replace('"95 % CL"', "95") + "\nlimit = 3\n"
    rows = ("16.0,1e-4,2e-4,red", "17.0,3e-4,2e-4,red", "16.5,x,nan,red", "0.5,,1e-3,red", "17,1")
    csv = "\n".join(("mass_mev,low,high,colour", *rows))
    message = error(tmp_path, toml, csv)
    assert message.startswith(f"{tmp_path / 'mine.toml'}: 11 problems")
    for part in (
        "line 4, column bosons: input should be 'V', 'A', 'S' or 'P' (found 'T'); allowed: a list of V,",
        "line 3, column confidence: input should be a valid string (found '95')",
        "line 12, column curve.limit: unknown key; allowed: coupling",
        "line 1: mine.csv: unknown column (found 'colour'); allowed: mass_mev, low, high, source",
        "line 3, column high: mine.csv: not above low = 3e-4 (found '2e-4'); allowed: above 0 and at most 10",
        "line 4, column mass_mev: mine.csv: not above the mass before (found '16.5'); allowed: rising masses",
        "line 4, column low: mine.csv: not a number (found 'x')",
        "line 4, column high: mine.csv: not a finite number (found 'nan')",
        "line 5, column mass_mev: mine.csv: out of range (found '0.5'); allowed: above 2 m_e = 1.0220",
        "line 5, column low: mine.csv: empty cell",
        "line 6: mine.csv: 2 cells where the header has 4 (found '17,1'); allowed: 4 cells",
    ):
        assert part in message
    assert "bounds-files.md" in message


@pytest.mark.parametrize(
    ("csv", "part"),
    [
        ("", "empty"),
        ("# only a comment\n", "empty"),
        ("mass_mev,low\n", "no rows below the header"),
        ("low,high\n1e-4,2e-4\n", "column mass_mev: mine.csv: required column missing"),
        ("mass_mev,source\n16,there\n", "neither end of the excluded couplings"),
        ("mass_mev,low,low\n16,1e-4,2e-4\n", "column given 2 times"),
        ("mass_mev,low\n16,-1e-4\n", "out of range"),
        ("mass_mev,low\n16," + "1" * 200_000, "not a row of a CSV"),
        (None, "a curve without its table"),
    ],
)
def test_a_table_that_is_none(tmp_path: Path, csv: str | None, part: str) -> None:
    assert part in error(tmp_path, csv=csv)


@pytest.mark.parametrize(
    ("toml", "part"),
    [
        ("label = ", "not a TOML"),
        (TOML.replace("read_at_source = true\n", ""), "read_at_source: key missing; allowed: true, false"),
        (HEAD, "one table says what is excluded (found 'none')"),
        (TOML + '[statement]\nlow_mev = 1.0\nhigh_mev = 2.0\nexcludes = "x"\n', "found 'curve, statement'"),
        ("used = false\n" + TOML, "a bound that is not used says why"),
        (
            HEAD + '[statement]\nlow_mev = 3.0\nhigh_mev = 2.0\nexcludes = "x"\n',
            "below low_mev",
        ),
        (
            HEAD + '[magnetic_moment]\nlepton = "tau"\ndeviation = 1e-12\nerror = -1.0\nn_sigma = 3.0\n'
            'rule = "signed"\n',
            "allowed: electron, muon",
        ),
    ],
)
def test_settings_that_cannot_be_used(tmp_path: Path, toml: str, part: str) -> None:
    assert part in error(tmp_path, toml)


def test_not_a_text(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "mine.csv").write_bytes(b"mass_mev,low\n16,\xff\n")
    with pytest.raises(InputError, match=r"line 2: mine\.csv: not UTF-8 text"):
        load_bound(tmp_path / "mine.toml")
    (tmp_path / "mine.toml").write_bytes(b"label = \xff\n")
    with pytest.raises(InputError, match="line 1: not UTF-8 text"):
        load_bound(tmp_path / "mine.toml")


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no file"):
        load_bound(tmp_path / "mine.toml")
    with pytest.raises(UsageError, match=r"name the \.toml"):
        load_bound(tmp_path / "mine.txt")


def test_a_bound_of_a_user_replaces_the_shipped_one(tmp_path: Path) -> None:
    write(tmp_path).rename(tmp_path / "kloe.toml")
    (tmp_path / "mine.csv").rename(tmp_path / "kloe.csv")
    bounds = {bound.key: bound for bound in all_bounds([tmp_path / "kloe.toml"])}
    assert bounds["kloe"].label == "mine"
    assert len(bounds) == len(all_bounds())


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode()))
def test_any_bytes_give_problems_or_a_bound(content: bytes) -> None:
    file, problems = parse_bound_file(content)
    assert (file is None) == bool(problems)
    curve, found = parse_curve(content, 1.0)
    assert (curve is None) == bool(found)


def test_own_limits_have_gaps() -> None:
    bound = own_limit(
        [16.0, 16.1, 16.2, 16.3, 16.4],
        [2e-4, 4e-4, None, 3e-4, 3e-4],
        SpinParity.VECTOR,
        key="scan",
        label="scan (ours)",
        confidence="90 % CL",
        origin="limits.csv",
    )
    assert ends(bound, 16.1) == pytest.approx((4e-4, np.inf))
    assert [bound.covers(mass) for mass in (16.05, 16.15, 16.2, 16.35)] == [True, False, False, True]
    assert "16 to 16.1, 16.3 to 16.4" in bound.silence(16.2, SpinParity.VECTOR, CouplingRatios())
    assert not bound.excluded(16.05, SpinParity.SCALAR, CouplingRatios())


def test_own_limits_that_are_none() -> None:
    with pytest.raises(UsageError, match="no limit at any mass"):
        own_limit([16.0], [None], SpinParity.VECTOR, key="s", label="s", confidence="", origin="limits.csv")
