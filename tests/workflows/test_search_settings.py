from pathlib import Path

import numpy as np
import pytest

from x17.errors import InputError, UsageError, X17Error
from x17.scan import EnergyScan
from x17.statistics.model_settings import CountTerm, KSource
from x17.workflows.search_settings import SearchSettings, known_settings, quick_note, resolve_settings


def test_defaults_are_the_published_grid() -> None:
    _, settings = resolve_settings().prepared(EnergyScan.load("padme-run3"))
    assert settings.masses.size == 76
    assert settings.couplings.size == 40
    assert settings.limit.cl == 0.90
    assert settings.limit.toys == 1000


def test_later_sources_win(tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text('[limit]\ntoys = 100\ncl = 0.8\nseed = 3\n[model]\ncount_term = "poisson"\n')
    settings = resolve_settings(
        config=config, assignments=["limit.cl=0.95", "limit.toys=200"], options={"limit.cl": 0.99}, quick=True
    )
    assert settings.search.masses == "coarse"  # from quick, nothing said otherwise
    assert settings.limit.seed == 3  # from the file
    assert settings.limit.toys == 200  # --set over the file and over quick
    assert settings.limit.cl == 0.99  # the option over --set
    assert settings.model.count_term is CountTerm.POISSON


def test_quick_masses_contain_the_excess_and_both_ends() -> None:
    masses = resolve_settings(quick=True).prepared(EnergyScan.load("padme-run3"))[1].masses
    assert np.isclose(masses, 16.90).any()
    np.testing.assert_allclose(np.diff(masses), 0.04, rtol=1e-9)


def test_every_setting_can_be_set() -> None:
    examples = {
        "search.masses": '"16.8:17.0:0.1"',
        "search.couplings": '"1e-4:1e-3:4"',
        "search.without": '["ageing"]',
        "model.boson": "P",
        "model.lineshape": "computed",
        "model.k_constraint": "free",
        "model.k_shape": "constant",
        "model.count_term": "gaussian",
        "model.background": "curve-per-part",
        "model.fixed": '["gamma"]',
        "model.statistics_only": "true",
        "model.flux_slope_err": "0.01",
        "model.correlated_flux_fraction": "0.5",
        "model.correlated_background_fraction": "0.5",
        "model.correlations": '[["A", "gamma", 0.3]]',
        "limit.cl": "0.95",
        "limit.method": "tanh",
        "limit.asymptotic": "asimov",
        "limit.max_coupling": "1e-3",
        "limit.toys": "100",
        "limit.local_p_toys": "100",
        "limit.seed": "7",
        "limit.ensemble": "recentred",
        "significance.toys": "300",
        "significance.windows": '["16.8:17"]',
    }
    for name in known_settings():
        value = examples.get(name, "12" if name.endswith("window_size") else "0.1")
        if not name.startswith("model.k_") or name in examples:
            settings = resolve_settings(assignments=[f"{name}={value}"])
            table, _, key = name.partition(".")
            assert settings.document()[table][key] is not None


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("model.nope=1", "unknown setting; allowed: boson, lineshape, k_constraint"),
        ("nope.key=1", "unknown setting"),
        ("model=1", "TABLE.KEY"),
        ("limit.toys", "TABLE.KEY=VALUE"),
        ("limit.toys=many", "limit.toys"),
        ("limit.toys=7", "allowed: 0"),
        ("limit.cl=1.0", "confidence level"),
        ("limit.seed=-1", "--seed"),
        ("limit.max_coupling=0", "max_coupling"),
        ("limit.local_p_toys=3", "local_p_toys"),
        ("model.k_constraint=fre", "'free'"),
        ("model.flux_slope_err=2", "flux_slope_err"),
        ('model.fixed=["zeta"]', "unknown nuisance 'zeta'"),
        ('model.correlations=[["A", "A", 0.1]]', "two different names"),
        ("search.masses=16:17:0.3", "HI = 16.9"),
        ('search.without=["nothing"]', "unknown correction"),
    ],
)
def test_bad_settings_are_explained(assignment: str, words: str) -> None:
    with pytest.raises(X17Error, match=words.replace("[", r"\[")) as caught:
        resolve_settings(assignments=[assignment])
    assert caught.value.exit_code == 2


def test_all_problems_of_a_config_come_at_once(tmp_path: Path) -> None:
    config = tmp_path / "bad.toml"
    config.write_text("[limit]\nnope = 1\nneither = 2\n[other]\nx = 1\n")
    with pytest.raises(InputError) as caught:
        resolve_settings(config=config)
    assert len(caught.value.problems) == 3
    assert str(config) in str(caught.value)


def test_config_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        resolve_settings(config=tmp_path / "none.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[limit\n")
    with pytest.raises(InputError, match="not a TOML"):
        resolve_settings(config=broken)


def test_constants_replace_those_of_the_scan() -> None:
    scan = EnergyScan.load("padme-run3")
    changed, resolved = resolve_settings(assignments=["model.lorentz_half_width_mev=1.5"]).prepared(scan)
    assert changed.constants.lorentz_half_width_mev == 1.5
    assert changed.constants.k_constraint == scan.constants.k_constraint
    assert resolved.model.k_constraint is KSource.PUBLISHED
    with pytest.raises(InputError, match="lorentz_half_width_mev"):
        resolve_settings(assignments=["model.lorentz_half_width_mev=-1"]).prepared(scan)


def test_without_a_correction_k_comes_from_the_side_band() -> None:
    scan = EnergyScan.load("padme-run3")
    changed, resolved = resolve_settings(assignments=['search.without=["ageing"]']).prepared(scan)
    assert "ageing" not in changed.applied_corrections
    assert resolved.model.k_constraint is KSource.FROM_SIDEBAND


def test_each_scan_has_a_bank_of_its_own() -> None:
    assert SearchSettings().default_bank("padme-run3") == Path("results/toybank/padme-run3")
    assert SearchSettings().default_bank("my scan / 2") == Path("results/toybank/my-scan-2")
    without = resolve_settings(assignments=['search.without=["ageing"]'])
    assert without.default_bank("padme-run3") == Path("results/toybank/padme-run3-without-ageing")


@pytest.mark.parametrize(("masses", "first"), [("1:2:0.5", "1"), ("16.8:30:13.2", "30")])
def test_masses_far_from_the_scan_are_refused(masses: str, first: str) -> None:
    settings = resolve_settings(options={"search.masses": masses})
    with pytest.raises(
        UsageError, match=rf"a mass of {first} MeV is far from every energy point of padme-run3"
    ):
        settings.prepared(EnergyScan.load("padme-run3"))


def test_a_mistyped_setting_is_answered_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"unknown setting; did you mean k_constraint"):
        resolve_settings(assignments=["model.k_constrain=free"])
    with pytest.raises(InputError, match=r"did you mean model\.k_constraint"):
        resolve_settings(assignments=["modl.k_constraint=free"])


def test_letters_that_are_allowed_are_shown_as_they_are_typed() -> None:
    with pytest.raises(InputError, match=r"model\.boson: input should be 'V', 'A', 'S' or 'P'"):
        resolve_settings(assignments=["model.boson=X"])


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("model.boson", "--boson is 'X'; allowed: V, A, S, P"),
        ("model.lineshape", "--lineshape is 'X'; allowed: voigt, computed"),
    ],
)
def test_an_option_that_is_none_of_its_choices_is_named_as_it_was_typed(key: str, said: str) -> None:
    with pytest.raises(UsageError, match=f"^{said}$"):
        resolve_settings(options={key: "X"})


def test_what_a_file_takes_back_of_quick_is_said(tmp_path: Path) -> None:
    config = tmp_path / "mine.toml"
    config.write_text("[limit]\ntoys = 100\ncl = 0.8\n")
    assert quick_note(config) == f"{config} wins over --quick: limit.toys = 100"
    assert resolve_settings(config=config, quick=True).limit.toys == 100
    config.write_text("[limit]\ncl = 0.8\n")
    assert quick_note(config) is None
    assert quick_note(None) is None
