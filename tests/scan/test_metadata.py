"""The TOML of a scan: what it sets, and every way in which it can be wrong."""

from collections.abc import Callable

import pytest

from x17.errors import InputError
from x17.scan import EnergyScan
from x17.scan.loading import build_scan

Columns = dict[str, list[str]]
PART = '[[scan_parts]]\nvalue = 0\nused = true\nreason = "all"\n'
REPAIR = (
    '[[repairs]]\nperiod = 3\ncolumn = "signal_efficiency"\nmethod = "ratio-line"\n'
    'fit_scan_part = 0\nreason = "wrong"\n'
)
K = "k_constant = 1.0\nk_constant_err = 0.1\nk_slope_per_mev = 0.0\nk_slope_err = 0.1\nk_correlation = 0.0\n"


@pytest.fixture
def load(columns: Columns, to_text: Callable[[Columns], str]) -> Callable[[str | bytes], EnergyScan]:
    csv = to_text(columns).encode()

    def build(toml: str | bytes) -> EnergyScan:
        return build_scan("my.csv", csv, "my.toml", toml.encode() if isinstance(toml, str) else toml)

    return build


Load = Callable[[str | bytes], EnergyScan]


def test_empty_toml_gets_the_defaults_and_says_so(load: Load) -> None:
    scan = load("")
    assert scan.name == "my"
    assert len(scan.notes) == 1
    assert "PADME Run III" in scan.notes[0]


def test_constants_left_out_are_named(load: Load) -> None:
    scan = load("[model]\nsignal_yield_mev = 12\nwindow_size = 6\n" + K)
    assert scan.constants.signal_yield_mev == 12.0
    assert scan.constants.window_size == 6
    assert scan.constants.k_constraint is not None
    assert scan.constants.k_constraint.k_constant_err == 0.1
    (note,) = scan.notes
    assert "signal_yield_err" in note
    assert "signal_yield_mev" not in note
    assert "window_size" not in note


def test_no_note_when_all_is_said(load: Load, shipped: EnergyScan) -> None:
    text = shipped.to_toml_text()
    model = text[text.index("[model]") : text.index("[[error_budget]]")]
    assert load(model).notes == ()


def test_texts_and_notes(load: Load) -> None:
    scan = load('name = "mine"\nsource = "a paper"\nnormalisation = "per PoT"\nnotes = ["one", "two"]\n')
    assert (scan.name, scan.source, scan.normalisation) == ("mine", "a paper", "per PoT")
    assert scan.notes[:2] == ("one", "two")


def test_selection(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    wider = {name: [*cells, cells[0]] for name, cells in columns.items()}
    wider["scan_part"] = ["0"] * 13 + ["1"]
    toml = PART + '[[scan_parts]]\nvalue = 1\nused = false\nreason = "other optics"\n'
    scan = build_scan("my.csv", to_text(wider).encode(), "my.toml", toml.encode())
    assert len(scan.search_points()) == 13
    assert scan.selection.parts[1].reason == "other optics"


def test_repair_of_a_line_gives_the_line(load: Load) -> None:
    scan = load(REPAIR)
    points = scan.search_points()
    # Efficiencies of the small scan lie on a line and B is constant: the repair finds the value again.
    assert points.signal_efficiency[3] == pytest.approx(0.088, rel=1e-12)


def test_byte_order_mark(load: Load) -> None:
    assert load(b'\xef\xbb\xbfname = "mine"').name == "mine"


BAD = {
    "syntax": ("name = = 3", "not a TOML", None),
    "duplicated key": ('name = "a"\nname = "b"', "not a TOML", None),
    "not UTF-8": (b'\nname = "\xb1"', "not UTF-8 text", None),
    "NUL": ('name = "\0"', "not a TOML", None),
    "nested": ("notes = " + "[" * 5000, "", None),
    "a number of 5000 digits": ("[model]\nwindow_size = " + "9" * 5000, "not a TOML", None),
    "a number of 400 digits": ("[model]\nsignal_yield_mev = " + "9" * 400, "", "model.signal_yield_mev"),
    "unknown key": ("colour = 1", "unknown key", "colour"),
    "unknown constant": ("[model]\nsignal_yield = 1", "unknown key", "model.signal_yield"),
    "unknown key of a part": (PART + "x = 1", "unknown key", "scan_parts[0].x"),
    "text for a number": ('[model]\nsignal_yield_mev = "13"', "", "model.signal_yield_mev"),
    "number for a text": ("name = 3", "", "name"),
    "number for a truth value": (PART.replace("true", "1"), "", "scan_parts[0].used"),
    "float for a whole number": ("[model]\nwindow_size = 10.5", "", "model.window_size"),
    "table for a list": ("[scan_parts]\nvalue = 0", "", "scan_parts"),
    "list for a table": ("model = []", "", "model"),
    "nan": ("[model]\nsignal_yield_mev = nan", "", "model.signal_yield_mev"),
    "inf": ("[model]\nsignal_yield_mev = inf", "", "model.signal_yield_mev"),
    "zero width": ("[model]\nlorentz_half_width_mev = 0", "", "model.lorentz_half_width_mev"),
    "negative error": ("[model]\nsignal_yield_err = -0.1", "", "model.signal_yield_err"),
    "no window": ("[model]\nwindow_size = 0", "", "model.window_size"),
    "full correlation": ("[model]\n" + K.replace("tion = 0.0", "tion = 1.0"), "", "model.k_correlation"),
    "half a constraint on K": ("[model]\nk_constant = 1.0", "all five of its keys", "model"),
    "key of a part missing": (
        "[[scan_parts]]\nvalue = 0\nused = true",
        "key missing",
        "scan_parts[0].reason",
    ),
    "unknown kind of error": (
        '[[error_budget]]\nquantity="K"\nsource="x"\npercent=1\nkind="other"',
        "",
        "error_budget[0].kind",
    ),
    "part twice": (PART + PART, "described twice", "scan_parts.value"),
    "unknown period": (REPAIR.replace("= 3", "= 99"), "no such period", "repairs[0].period"),
    "period twice": (REPAIR + REPAIR, "repaired twice", "repairs[1].period"),
    "unknown column": (REPAIR.replace("signal_efficiency", "n2"), "", "repairs[0].column"),
    "unknown method": (REPAIR.replace("ratio-line", "guess"), "", "repairs[0].method"),
    "part without points": (
        REPAIR.replace("part = 0", "part = 7"),
        "0 other energies",
        "repairs[0].fit_scan_part",
    ),
    "unknown correction": ('applied_corrections = ["tag"]', "", "applied_corrections[0]"),
    "correction without column": ('applied_corrections = ["ageing"]', "no column", "applied_corrections"),
    "correction twice": ('applied_corrections = ["ageing", "ageing"]', "no column", "applied_corrections"),
}


@pytest.mark.parametrize(("toml", "what", "key"), BAD.values(), ids=BAD)
def test_bad_toml(load: Load, toml: str | bytes, what: str, key: str | None) -> None:
    with pytest.raises(InputError) as caught:
        load(toml)
    error = caught.value
    assert error.source == "my.toml"
    assert what in error.problems[0].what
    assert error.problems[0].column == key
    assert len(str(error)) < 1500


def test_all_problems_at_once(load: Load) -> None:
    with pytest.raises(InputError) as caught:
        load('colour = 1\nname = 2\n[model]\nwindow_size = "x"\nb = 3\n' + PART.replace("0", '"a"'))
    keys = {problem.column for problem in caught.value.problems}
    assert keys == {"colour", "name", "model.window_size", "model.b", "scan_parts[0].value"}


def test_known_keys_are_listed(load: Load) -> None:
    with pytest.raises(InputError) as caught:
        load("[model]\nmass = 17\n")
    allowed = caught.value.problems[0].allowed or ""
    assert "signal_yield_mev" in allowed
    assert "k_constant" in allowed
    with pytest.raises(InputError) as caught:
        load("mass = 17\n")
    assert "scan_parts" in (caught.value.problems[0].allowed or "")
    assert "model" in (caught.value.problems[0].allowed or "").split(", ")


def test_repair_to_an_impossible_value(columns: Columns, to_text: Callable[[Columns], str]) -> None:
    wider = {name: [*cells, cells[0]] for name, cells in columns.items()}
    wider["sqrt_s_mev"][-1] = "1.5"  # the line through the others is far below zero there
    toml = REPAIR.replace("= 3", "= 13")
    with pytest.raises(InputError) as caught:
        build_scan("my.csv", to_text(wider).encode(), "my.toml", toml.encode())
    assert "impossible signal efficiency" in caught.value.problems[0].what
