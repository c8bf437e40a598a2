"""Plans that a machine cannot run, and geometries that miss their pairs."""

from collections.abc import Callable
from pathlib import Path

import pytest

from x17.apparatus import Setup, load_setup, setups
from x17.apparatus.plan_checks import plan_problems
from x17.errors import InputError

EXAMPLE = Path(__file__).parents[2] / "examples" / "your-experiment"
Edit = Callable[[str, str], Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """The low-energy example with one thing replaced."""

    def edit(old: str, new: str) -> Path:
        text = (EXAMPLE / "low-energy.toml").read_text("utf-8")
        assert text.count(old) == 1
        path = tmp_path / "mine.toml"
        path.write_text(text.replace(old, new), "utf-8")
        return path

    return edit


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as error:
        load_setup(path)
    assert len(error.value.problems) == 1
    return str(error.value)


@pytest.mark.parametrize("name", setups.names())
def test_shipped_plans_fit(name: str) -> None:
    assert plan_problems(load_setup(name)) == []


@pytest.mark.parametrize("name", ["low-energy", "eleven-gev"])
def test_examples_fit_with_room(name: str) -> None:
    setup: Setup = load_setup(EXAMPLE / f"{name}.toml")
    for sqrt_s in setup.run_plan.sqrt_s_mev.tolist():
        inner = float(setup.r_min_mm(sqrt_s)) - setup.pair_cuts.margin_mm
        assert setup.hole_edge_mm + setup.calorimeter.pitch_mm < inner
        assert 0.2 < setup.largest_cos_theta(sqrt_s) < 0.5


def test_pairs_that_miss_the_selection(edited: Edit) -> None:
    message = refusal(edited("front_face_z_mm = 2500.0", "front_face_z_mm = 2950.0"))
    # D/γ = 2950 mm · 1.022/11.005 is 274 mm.
    assert "pairs of √s = 11.005 MeV miss the selection" in message
    assert "pair_cuts.r_max_mm" in message
    assert "(found '270'); allowed: above 274, or a calorimeter nearer to the target" in message


def test_energies_that_the_machine_does_not_have(edited: Edit) -> None:
    message = refusal(edited("beam_energy_mev = 118.0", "beam_energy_mev = 95.0"))
    assert "run_plan.periods: not an energy of the machine (found '95 MeV in period 0')" in message
    assert "beam.lowest_energy_mev to beam.highest_energy_mev = 100 to 150" in message
    message = refusal(edited("energy_mev = 130.0\nlowest", "energy_mev = 151.0\nlowest"))
    assert "beam.energy_mev: not an energy of the machine (found '151')" in message


def test_targets_that_nobody_knows(edited: Edit) -> None:
    message = refusal(edited('material = "beryllium"', 'material = "unobtainium"'))
    assert "target.material: unknown material 'unobtainium'; known: beryllium" in message
    message = refusal(edited("side_mm = 20.0", 'side_mm = 20.0\ncompton_profile = "mine"'))
    assert "target.compton_profile: no such profile (found 'mine'); allowed: diamond, carbon" in message


def test_a_library_is_looked_for_beside_the_file(edited: Edit) -> None:
    path = edited("crystal_side_mm = 21.0", 'crystal_side_mm = 21.0\nshower_library = "mine.npz"')
    assert load_setup(path).calorimeter.shower_library == str(path.parent / "mine.npz")
