"""The bounds that ship: known numbers at 16.9 MeV, and a source for each."""

import csv
import math
from importlib.resources import files

import pytest

from x17.constraints import data
from x17.constraints.allowed import Allowed, allowed_couplings, choose
from x17.constraints.bound import Bound, Statement
from x17.constraints.couplings import CouplingRatios, Probe
from x17.constraints.curve import Curve
from x17.constraints.loading import shipped_bounds
from x17.errors import UsageError
from x17.theory.boson import SpinParity

BOUNDS = {bound.key: bound for bound in shipped_bounds()}
V, A, S, P = SpinParity


def at(key: str, mass: float = 16.9, boson: SpinParity = V, **ratios: float) -> list[tuple[float, float]]:
    return [(e.low, e.high) for e in BOUNDS[key].excluded(mass, boson, CouplingRatios(**ratios))]


def allowed(boson: SpinParity, mass: float = 16.9, **ratios: float) -> Allowed:
    return allowed_couplings(shipped_bounds(), mass, boson, CouplingRatios(**ratios))


def test_na64() -> None:
    # 3.60e-5 and 1.97e-4: three digits.
    (ends,) = at("na64")
    assert ends == (pytest.approx(3.60e-5, rel=2e-3), pytest.approx(1.97e-4, rel=4e-3))


def test_na64_agrees_with_its_abstract() -> None:
    # 1.2e-4 < ε < 6.8e-4 at 16.7 MeV, two digits; the curve was read from tables.
    ((low, high),) = at("na64", 16.7)
    assert (low / 0.3028221, high / 0.3028221) == (
        pytest.approx(1.2e-4, rel=0.03),
        pytest.approx(6.8e-4, rel=0.03),
    )


def test_kloe() -> None:
    # 6.09e-4 is the limit at 17 MeV, ε = 2.010e-3; at 16.9 MeV it is 0.1 % stronger.
    assert at("kloe") == [(pytest.approx(6.09e-4, rel=3e-3), math.inf)]
    assert at("kloe", 17.0) == [(pytest.approx(6.087e-4, rel=1e-3), math.inf)]


@pytest.mark.parametrize(
    ("key", "low", "high"),
    [
        ("e141", 1.641e-5, 5.445e-5),
        ("orsay", 2.870e-7, 2.004e-5),
        ("kek", 1.971e-7, 1.703e-5),
        ("e137", 9.653e-9, 6.918e-6),
        ("na64", 3.612e-5, 1.947e-4),
    ],
)
def test_beam_dumps_at_17_mev(key: str, low: float, high: float) -> None:
    # ε times e, by the tables' own rounding: four digits.
    assert at(key, 17.0) == [(pytest.approx(low, rel=1e-3), pytest.approx(high, rel=1e-3))]


@pytest.mark.parametrize(("key", "g"), [("g2-electron-cs", 5.1e-4), ("g2-electron-rb", 4.3e-4)])
def test_electron_moments(key: str, g: float) -> None:
    assert at(key) == [(pytest.approx(g, rel=0.015), math.inf)]  # two digits


def test_na48_says_nothing_of_a_protophobic_boson() -> None:
    assert at("na48") == []
    assert "protons" in BOUNDS["na48"].silence(16.9, V, CouplingRatios())
    ((universal, _),) = at("na48", 17.0, protons=1.0)
    assert universal == pytest.approx(2.636e-4, rel=1e-3)  # ε = 8.705e-4
    ((half, _),) = at("na48", 17.0, protons=-0.5)
    assert half == pytest.approx(2.0 * universal)


def test_na62_is_no_limit_on_the_coupling() -> None:
    assert isinstance(BOUNDS["na62"].rule, Statement)
    assert at("na62", boson=P) == []
    assert "QCD axion" in BOUNDS["na62"].silence(16.9, P, CouplingRatios())


def test_a_bound_read_at_one_mass_holds_there_only() -> None:
    ((low, high),) = at("na64-pseudoscalar", 16.7, P)
    assert (low, high) == (pytest.approx(2.1e-4 * 0.3028221), pytest.approx(3.2e-4 * 0.3028221))
    assert at("na64-pseudoscalar", 16.9, P) == []


def test_a_vector_is_left_between_na64_and_rubidium() -> None:
    found = allowed(V)
    lowest, gap = found.gaps
    assert (gap.low, gap.high) == (pytest.approx(1.97e-4, rel=4e-3), pytest.approx(4.3e-4, rel=0.015))
    assert (gap.closed_below, gap.closed_above) == (("na64",), ("g2-electron-rb",))
    assert (lowest.low, lowest.closed_below, lowest.closed_above) == (0.0, (), ("e137",))


def test_an_axial_vector_is_closed_and_scalars_are_open_below() -> None:
    assert len(allowed(A).gaps) == 1  # only below the beam dumps
    for boson in (S, P):
        (gap,) = allowed(boson).gaps
        assert (gap.low, gap.closed_above) == (0.0, ("g2-electron-rb",))


def test_the_signed_caesium_value_of_2023_leaves_no_vector() -> None:
    keys = choose(shipped_bounds(), more=["g2-electron-2023-cs"])
    assert allowed_couplings(shipped_bounds(), 16.9, V, None, keys).gaps == ()


def test_without_rubidium_caesium_closes() -> None:
    keys = choose(shipped_bounds(), fewer=["g2-electron-rb"])
    gap = allowed_couplings(shipped_bounds(), 16.9, V, None, keys).gaps[-1]
    assert gap.closed_above == ("g2-electron-cs",)


def test_muons_count_when_asked_for() -> None:
    assert at("g2-muon-2021") == []
    below, above = at("g2-muon-2021", muons=1.0)
    # Δa = 2.51e-9 alone would be g = 5.40e-4 for a vector.
    assert below[1] < math.sqrt(2.51e-9 / 8.611e-3) < above[0]
    assert math.sqrt(2.51e-9 / 8.611e-3) == pytest.approx(5.40e-4, rel=1e-3)


def test_unknown_key() -> None:
    with pytest.raises(UsageError, match=r"no bound 'na65'; allowed: .*na64"):
        choose(shipped_bounds(), more=["na65"])


@pytest.mark.parametrize("bound", BOUNDS.values(), ids=BOUNDS)
def test_every_bound_says_where_it_comes_from(bound: Bound) -> None:
    assert bound.reference
    assert bound.origin
    assert bound.assumptions
    assert bound.confidence
    assert bound.used or bound.why_not
    # A number from the general literature or from tables is not marked as read in the publication.
    second_hand = any(word in bound.origin for word in ("table", "literature"))
    assert bound.read_at_source != second_hand


@pytest.mark.parametrize("key", [k for k, b in BOUNDS.items() if isinstance(b.rule, Curve)])
def test_every_row_has_a_source(key: str) -> None:
    with (files(data) / f"{key}.csv").open(encoding="utf-8") as stream:
        assert all(row["source"] for row in csv.DictReader(stream))


def test_every_file_is_listed() -> None:
    stems = {item.name.removesuffix(".toml") for item in files(data).iterdir() if item.name.endswith(".toml")}
    assert stems == set(data.ORDER)


def test_quarks_and_muons_are_probed_by_those_that_say_so() -> None:
    probes = {key: bound.probe for key, bound in BOUNDS.items() if bound.probe is not Probe.ELECTRONS}
    assert probes == {"g2-muon-2021": Probe.MUONS, "g2-muon-2025": Probe.MUONS, "na48": Probe.PROTONS}
