"""Choices become settings of a search: each one thing, and nothing else."""

from dataclasses import replace

import pytest

from x17.statistics.model_settings import KSource
from x17.theory.boson import SpinParity
from x17.workflows.explore import Choices
from x17.workflows.search_settings import SearchSettings, resolve_settings

BASE = resolve_settings(
    assignments=["model.k_constraint=free", "model.beam_energy_spread=0.003", "model.flux_slope_err=0.01"],
    options={"search.without": ["ageing"], "search.masses": "16.5:17:0.1"},
)


def changed(**choices: object) -> SearchSettings:
    return Choices(**choices).settings(BASE)


def test_without_choices_nothing_changes() -> None:
    assert Choices().settings(BASE) == BASE


def test_each_choice_changes_its_setting_alone() -> None:
    model = BASE.model
    assert changed(boson=SpinParity.SCALAR) == replace(BASE, model=replace(model, boson=SpinParity.SCALAR))
    assert changed(k_constraint=KSource.FROM_SIDEBAND) == replace(
        BASE, model=replace(model, k_constraint=KSource.FROM_SIDEBAND)
    )
    assert changed(beam_spread=0.004) == replace(BASE, constants={"beam_energy_spread": 0.004})
    assert changed(removed=("energy_loss",)) == replace(
        BASE, search=replace(BASE.search, without=("ageing", "energy_loss"))
    )


def test_what_is_off_already_is_not_named_twice() -> None:
    assert changed(removed=("ageing", "energy_loss")).search.without == ("ageing", "energy_loss")


def test_points_left_out_are_no_setting() -> None:
    assert changed(left_out=(5, 17)) == BASE


def test_settings_that_are_given_are_left_alone() -> None:
    changed(boson=SpinParity.SCALAR, beam_spread=0.004, removed=("energy_loss",))
    assert BASE.constants == {"beam_energy_spread": 0.003}
    assert BASE.search.without == ("ageing",)


def test_choices_can_be_compared_and_kept() -> None:
    one, same = Choices(left_out=(5,), removed=("ageing",)), Choices(left_out=(5,), removed=("ageing",))
    assert one == same
    assert len({one, same, Choices()}) == 2
    with pytest.raises(TypeError):
        Choices(SpinParity.SCALAR)  # type: ignore[misc]
