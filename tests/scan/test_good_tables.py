"""What a CSV may leave out or write in another way, and what the user is told."""

from collections.abc import Callable

import numpy as np
import pytest

from x17.scan import ModelConstants
from x17.scan.loading import NOTE_DEFAULTS, NOTE_SORTED, build_scan

Columns = dict[str, list[str]]


def test_defaults_of_a_csv_alone(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    scan = build_scan("folder/my.csv", to_text(columns).encode())
    assert scan.name == "my"
    assert scan.period.tolist() == list(range(13))
    assert scan.scan_part.tolist() == [0] * 13
    np.testing.assert_array_equal(scan.n2_err, np.sqrt(scan.n2))
    for name in ("n_pot_err_raw", "background_err_raw", "signal_efficiency_err"):
        assert not np.any(getattr(scan, name))
    assert scan.ageing is None
    assert scan.rmax_shift is None
    assert scan.constants == ModelConstants()
    assert scan.constants.k_constraint is None
    assert scan.notes == (NOTE_DEFAULTS,)
    assert "\n" not in NOTE_DEFAULTS
    assert scan.published_budget == ()
    points = scan.search_points()
    np.testing.assert_allclose(points.n_pot_err, 0.003 * points.n_pot)
    np.testing.assert_allclose(points.background_err, 0.003 * points.background_per_pot)


def test_constants_of_padme_are_the_defaults() -> None:
    constants = ModelConstants()
    assert (constants.signal_yield_mev, constants.signal_yield_err) == (13.56, 0.18)
    assert (constants.lorentz_half_width_mev, constants.lorentz_half_width_err) == (1.72, 0.039)
    assert (constants.beam_energy_spread, constants.beam_energy_spread_err) == (0.0025, 0.0005)
    assert (constants.center_sqrt_s_mev, constants.electron_mass_mev) == (16.92, 0.511)
    assert constants.binding_energy_mev == -7e-6
    assert (constants.n_pot_err_added, constants.background_err_added) == (0.003, 0.003)
    assert (constants.window_size, constants.points_needed) == (10, 13)


def test_corrections_of_a_csv_alone_are_its_columns(
    columns: Columns, to_text: Callable[[Columns], str]
) -> None:
    columns["ageing"] = ["1.01"] * 13
    assert build_scan("my.csv", to_text(columns).encode()).applied_corrections == ("ageing",)


def test_unsorted_rows_are_sorted_for_the_search(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["sqrt_s_mev"].reverse()
    scan = build_scan("my.csv", to_text(columns).encode())
    assert scan.notes == (NOTE_DEFAULTS, NOTE_SORTED)
    assert scan.sqrt_s_mev[0] == 17.1
    points = scan.search_points()
    assert points.sqrt_s_mev[0] == 16.5
    assert points.row.tolist() == list(range(12, -1, -1))


def test_negative_scan_parts_are_left_out(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    wider = {name: [*cells, *cells[:2]] for name, cells in columns.items()}
    wider["scan_part"] = ["0"] * 7 + ["3"] * 6 + ["-1", "-2"]
    scan = build_scan("my.csv", to_text(wider).encode())
    assert scan.selection.used_values == (0, 3)
    assert scan.selection.known_values == (-2, -1, 0, 3)
    assert all(part.reason for part in scan.selection.parts)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.replace("\n", "\n\n# comment; with, commas\n"),
        lambda text: text.replace(",", " ,  "),
        lambda text: text.rstrip("\n"),
        lambda text: text.replace("7.0e9", "+7.0E+09"),
        lambda text: text.replace("7.0e9", '"7000000000"'),
    ],
    ids=["BOM", "CRLF", "CR", "comments", "spaces", "no last line end", "signs", "quotes"],
)
def test_other_ways_to_write(
    columns: Columns, to_text: Callable[[Columns], str], change: Callable[[str], str]
) -> None:
    text = to_text(columns)
    assert build_scan("my.csv", change(text).encode()) == build_scan("my.csv", text.encode())


def test_whole_numbers_as_floats(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    columns["scan_part"] = ["0.0"] * 13
    columns["period"] = [f"{i}e0" for i in range(5, 18)]
    assert build_scan("my.csv", to_text(columns).encode()).period.tolist() == list(range(5, 18))


def test_columns_in_any_order(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    turned = dict(reversed(columns.items()))
    assert build_scan("my.csv", to_text(turned).encode()) == build_scan("my.csv", to_text(columns).encode())
