"""The address of a page: it comes back as it was, and whatever somebody typed into it is answered."""

from dataclasses import replace
from urllib.parse import parse_qsl

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from x17.explorer.address import (
    TABS,
    Address,
    beginning,
    from_query,
    k_sources,
    largest_coupling,
    removable,
    to_query,
    usual_spread,
)
from x17.scan import EnergyScan
from x17.statistics.model_settings import KSource
from x17.theory.boson import SpinParity
from x17.workflows.explore import Choices, Subject, explore, subject_of
from x17.workflows.search_settings import resolve_settings

RUN3 = subject_of(EnergyScan.load("padme-run3"), "padme-run3")
START = beginning(RUN3, explore(RUN3.scan, RUN3.settings, RUN3.choices))
LOW, HIGH, TOP = 16.22, 17.72, 1e-3
PERIODS = tuple(sorted(int(period) for period in RUN3.scan.search_points().period))
CORRECTIONS = ("brems_subtraction", "energy_loss", "ageing")
KEYS = ("mass", "g", "boson", "spread", "k", "without", "out", "bounds", "toys", "tab")


def ordered(names: set[str]) -> tuple[str, ...]:
    return tuple(name for name in CORRECTIONS if name in names)


CHOICES = st.builds(
    Choices,
    boson=st.sampled_from(SpinParity),
    # What a number field can hold: six digits, in percent.
    beam_spread=st.none() | st.integers(50_000, 1_000_000).map(lambda n: n / 1e8),
    k_constraint=st.sampled_from(KSource),
    removed=st.sets(st.sampled_from(CORRECTIONS)).map(ordered),
    left_out=st.sets(st.sampled_from(PERIODS), max_size=8).map(lambda found: tuple(sorted(found))),
)


def parsed(query: str) -> dict[str, str]:
    """As the server does."""
    return dict(parse_qsl(query, keep_blank_values=True))


def read(text: str, subject: Subject = RUN3, start: Address = START) -> tuple[Address, tuple[str, ...]]:
    return from_query(parsed(text), subject, start)


def test_a_page_begins_at_the_best_fit() -> None:
    state = START.state
    # Where `x17 search` finds it in the published scan.
    assert state.mass_mev == pytest.approx(16.90, abs=0.01)
    assert state.coupling == pytest.approx(4.6e-4, abs=0.3e-4)
    assert state.choices == Choices()
    assert (START.bounds, START.follow, START.tab, START.scan) == (True, True, "search", "")


@settings(deadline=None)
@given(
    choices=CHOICES,
    mass=st.floats(LOW, HIGH),
    coupling=st.floats(0.0, TOP),
    bounds=st.booleans(),
    follow=st.booleans(),
    tab=st.sampled_from(TABS),
)
def test_an_address_comes_back(
    choices: Choices, mass: float, coupling: float, bounds: bool, follow: bool, tab: str
) -> None:
    state = replace(START.state, mass_mev=mass, coupling=coupling, choices=choices)
    address = Address(scan="", state=state, bounds=bounds, follow=follow, tab=tab)
    query = to_query(address, START)
    again, complaints = read(query)
    assert complaints == ()
    assert again.state.choices == choices
    assert (again.bounds, again.follow, again.tab) == (bounds, follow, tab)
    # The cursor has six digits.
    assert again.state.mass_mev == pytest.approx(mass, rel=5e-6)
    assert again.state.coupling == pytest.approx(coupling, rel=5e-6)
    assert to_query(again, START) == query


def test_a_beginning_names_the_cursor_alone() -> None:
    assert set(parsed(to_query(START, START))) == {"mass", "g"}
    assert read(to_query(START, START)) == (START, ())
    assert read("") == (START, ())


def test_an_address_can_be_read_by_a_person() -> None:
    choices = Choices(
        boson=SpinParity.PSEUDOSCALAR,
        beam_spread=0.004,
        k_constraint=KSource.FROM_SIDEBAND,
        removed=("energy_loss", "ageing"),
        left_out=(5, 17),
    )
    state = replace(START.state, mass_mev=16.72, coupling=5.12e-4, choices=choices)
    assert to_query(Address(scan="a1b2", state=state, bounds=False, follow=False, tab="events"), START) == (
        "scan=a1b2&mass=16.72&g=0.000512&boson=P&spread=0.004&k=from-sideband"
        "&without=energy_loss,ageing&out=5,17&bounds=0&toys=0&tab=events"
    )


def test_the_scan_is_that_of_the_page() -> None:
    start = replace(START, scan="0123456789ab")
    assert read(to_query(start, start), start=start) == (start, ())
    # Whoever opens the page looks the scan up; here its name is no choice.
    assert read("scan=another")[0].scan == ""


@pytest.mark.parametrize(
    ("query", "allowed"),
    [
        ("mass=abc", "16.22 to 17.72"),
        ("mass=", "16.22 to 17.72"),
        ("mass=17.73", "16.22 to 17.72"),
        ("mass=nan", "16.22 to 17.72"),
        ("mass=inf", "16.22 to 17.72"),
        ("mass=-inf", "16.22 to 17.72"),
        ("g=-1e-4", "0 to 0.001"),
        ("g=0.0011", "0 to 0.001"),
        ("g=1e999", "0 to 0.001"),
        ("spread=0.02", "0.0005 to 0.01"),
        ("boson=X", "V, A, S, P"),
        ("boson=v", "V, A, S, P"),
        ("k=guessed", "auto, published, from-sideband, free"),
        ("without=gravity", "brems_subtraction, energy_loss, ageing"),
        ("out=999", "no such period is searched"),
        ("out=-5", "no such period is searched"),
        ("out=5.0", "no such period is searched"),
        ("out=٥", "no such period is searched"),
        (f"out={'9' * 5000}", "no such period is searched"),
        # Nine zeros are period 0; what follows must not be lost, nor be too much.
        (f"out={'0' * 9}7", "no such period is searched"),
        (f"out={'0' * 9}{'1' * 5000}", "no such period is searched"),
        ("bounds=yes", "0, 1"),
        ("toys=2", "0, 1"),
        ("tab=secret", "search, events"),
        ("mass=<script>alert(1)</script>", "16.22 to 17.72"),
    ],
)
def test_what_cannot_be_used_is_said_and_the_rest_kept(query: str, allowed: str) -> None:
    key = query.partition("=")[0]
    usable = {"mass": "16.7", "g": "0.0003", "boson": "A", "spread": "0.003", "out": "5,17", "bounds": "0"}
    rest = "&".join(f"{name}={value}" for name, value in usable.items() if name != key)
    address, complaints = read(f"{query}&{rest}")
    (complaint,) = complaints
    assert complaint.startswith(f"{key}=")
    assert "in the address was ignored" in complaint
    assert complaint.endswith(allowed)
    assert len(complaint) < 200
    wanted, none = read(rest)
    assert none == ()
    assert address == wanted


def test_usable_parts_of_a_list_are_kept() -> None:
    address, complaints = read("out=17,999,5,5,,x&without=ageing,gravity,ageing")
    assert address.state.choices.left_out == (5, 17)
    assert address.state.choices.removed == ("ageing",)
    assert [complaint.partition(" ")[0] for complaint in complaints] == [
        "without=gravity",
        "out=999",
        "out=x",
    ]


def test_other_keys_are_of_others() -> None:
    assert read("utm_source=mail&kind=ee&energy=282") == (START, ())


@settings(deadline=None, max_examples=100)
@given(
    st.dictionaries(
        st.sampled_from(KEYS) | st.text(max_size=5),
        st.text(max_size=30)
        | st.floats().map(str)
        | st.integers().map(str)
        | st.sampled_from(
            ["\ud800", "1_0", "0x10", " 16.9 ", "16.9\n", "%00", "\0", "V", "free", "5,6", ",,"]
        ),
        max_size=8,
    )
)
def test_nothing_in_a_query_can_raise(query: dict[str, str]) -> None:
    address, complaints = from_query(query, RUN3, START)
    state, choices = address.state, address.state.choices
    assert LOW <= state.mass_mev <= HIGH
    assert 0.0 <= state.coupling <= TOP
    assert choices.beam_spread is None or 0.0005 <= choices.beam_spread <= 0.01
    assert set(choices.left_out) <= set(PERIODS)
    assert set(choices.removed) <= set(CORRECTIONS)
    assert all(len(complaint) < 250 for complaint in complaints)
    # What was taken can be said again.
    assert read(to_query(address, START)) == (
        replace(
            address,
            state=replace(
                state,
                mass_mev=float(f"{state.mass_mev:.6g}"),
                coupling=float(f"{state.coupling:.6g}"),
                choices=replace(
                    choices,
                    beam_spread=None if choices.beam_spread is None else float(f"{choices.beam_spread:.6g}"),
                ),
            ),
        ),
        (),
    )


def searched_with(*assignments: str, **search: object) -> Subject:
    options = {f"search.{key}": value for key, value in search.items()}
    return replace(RUN3, settings=resolve_settings(assignments=assignments, options=options))


def test_what_the_search_took_off_cannot_be_taken_off_again() -> None:
    subject = searched_with(without=["ageing"])
    assert removable(subject) == ("brems_subtraction", "energy_loss")
    _, complaints = read("without=ageing", subject)
    assert complaints == (
        "without=ageing in the address was ignored; allowed: brems_subtraction, energy_loss",
    )


def test_a_published_k_is_offered_where_there_is_one() -> None:
    constants = replace(RUN3.scan.constants, k_constraint=None)
    bare = replace(RUN3, scan=replace(RUN3.scan, constants=constants))
    assert k_sources(RUN3) == (KSource.AUTO, KSource.PUBLISHED, KSource.FROM_SIDEBAND, KSource.FREE)
    assert k_sources(bare) == (KSource.AUTO, KSource.FROM_SIDEBAND, KSource.FREE)
    assert "allowed: auto, from-sideband, free" in read("k=published", bare)[1][0]


def test_the_spread_without_a_choice_is_that_of_the_search() -> None:
    assert usual_spread(RUN3) == 0.0025
    assert usual_spread(searched_with("model.beam_energy_spread=0.004")) == 0.004


@pytest.mark.parametrize(
    ("couplings", "largest"),
    [("1e-4:9.775e-4:40", 1e-3), ("1e-4:1e-3:4", 1e-3), ("1e-5:2.1e-4:4", 3e-4), ("1e-2:0.95:4", 1.0)],
)
def test_the_largest_coupling_is_a_round_number_not_below_the_grid(couplings: str, largest: float) -> None:
    assert largest_coupling(searched_with(couplings=couplings)) == pytest.approx(largest, rel=1e-12)


def test_ends_with_more_digits_than_an_address_come_back() -> None:
    subject = searched_with(masses="16.7654321:16.9876543:0.1111111", couplings="1e-4:9e-4:4")
    fitted = explore(subject.scan, subject.settings, subject.choices)
    low, high = fitted.q_map.masses[[0, -1]]
    start = beginning(subject, fitted)
    for end in (low, high):
        address = replace(start, state=replace(start.state, mass_mev=float(end)))
        again, complaints = read(to_query(address, start), subject, start)
        assert complaints == ()
        assert low <= again.state.mass_mev <= high
        assert again.state.mass_mev == pytest.approx(float(end), rel=5e-6)
    assert np.float64(16.9877) > high
