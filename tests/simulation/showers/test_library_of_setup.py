"""Which showers a setup may have, and which it must not be given silently."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from x17.apparatus import Setup, load_setup
from x17.errors import InputError, UsageError
from x17.simulation.showers.library_of_setup import library_of

EXAMPLE = Path(__file__).parents[3] / "examples" / "your-experiment"


def with_calorimeter(setup: Setup, **changes: Any) -> Setup:
    return replace(setup, calorimeter=replace(setup.calorimeter, **changes))


@pytest.fixture(scope="module")
def eleven() -> Setup:
    return load_setup(EXAMPLE / "eleven-gev.toml")


def test_padme_has_the_library_of_the_package() -> None:
    setup = load_setup("padme-run3")
    library = library_of(setup, setup.run_plan.beam_energy_mev.tolist())
    assert library.stored.energies_mev[-1] == 420.0


def test_energies_beyond_it_are_allowed_by_the_file_alone(eleven: Setup) -> None:
    energies = eleven.run_plan.beam_energy_mev.tolist()
    assert library_of(eleven, energies).stored.energies_mev[-1] == 420.0
    for choice in (None, "refuse"):
        with pytest.raises(UsageError) as error:
            library_of(with_calorimeter(eleven, beyond_library=choice), energies)
        message = str(error.value)
        assert "positrons of 11350 MeV, and the library of showers of the package ends at 420 MeV" in message
        assert "docs/how-to/make-a-shower-library.md" in message
        assert 'beyond_library = "scale"' in message


def test_crystals_that_the_library_does_not_have(eleven: Setup) -> None:
    with pytest.raises(UsageError, match=r"material is 'PbWO4'.* is of BGO; .*as a stand-in"):
        library_of(with_calorimeter(eleven, material="PbWO4"))
    with pytest.raises(UsageError, match=r"pitch_mm is 30, that of the library .* 21\.35"):
        library_of(with_calorimeter(eleven, pitch_mm=30.0))


def test_a_library_that_is_not_there(eleven: Setup, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"mine\.npz"):
        library_of(with_calorimeter(eleven, shower_library=str(tmp_path / "mine.npz")))
