"""Commands for setups and scans that are not PADME's: what follows the setup, and what must be said."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from x17.apparatus import load_setup
from x17.errors import InputError, UsageError
from x17.projection.machine import Machine
from x17.projection.systematics_file import load_systematics
from x17.projection.yield_lines import electrons_ratio, lines_of_scan, lines_of_setup, lines_of_theory
from x17.scan import EnergyScan
from x17.scan.model_constants import ModelConstants
from x17.simulation.planning import SampleSettings, plan_samples
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import LineShapeKind, ModelSettings
from x17.theory.boson import SpinParity
from x17.workflows.blind_power import PowerRequest, find_power
from x17.workflows.expect import ExpectRequest
from x17.workflows.limits import LimitPlace
from x17.workflows.mass_grid import COARSE, masses_of
from x17.workflows.observables import ObservablesRequest, compare
from x17.workflows.plan import make_plan
from x17.workflows.plan_request import EXCESS, PlanRequest
from x17.workflows.project import ProjectRequest, find_projection
from x17.workflows.project_design import DesignRequest, design_of
from x17.workflows.scan_constants import model_constants
from x17.workflows.search_settings import resolve_settings
from x17.workflows.theory import model_table

EXAMPLE = Path(__file__).parents[2] / "examples" / "your-experiment"
LOW, ELEVEN, ERRORS = (
    str(EXAMPLE / name) for name in ("low-energy.toml", "eleven-gev.toml", "systematics.toml")
)
FEW = {"masses": "11.4:11.6:0.1", "couplings": "2e-4:6e-4:5"}


@pytest.fixture(scope="module")
def low_scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A projected first pass of the low-energy example."""
    out = tmp_path_factory.mktemp("low") / "first"
    request = ProjectRequest(design=DesignRequest(statistics=0.1), systematics=ERRORS, **FEW)
    find_projection(LOW, request, LimitPlace(workers=1), out=out)
    return out / "scan.csv"


class TestMasses:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [("auto", "16.22:17.72:0.02"), (COARSE, "16.22:17.70:0.04"), ("17:18:1",) * 2],
    )
    def test_padme_has_the_published_ones(self, text: str, expected: str) -> None:
        assert masses_of(EnergyScan.load("padme-run3"), text) == expected

    def test_others_have_those_of_their_energies(self, low_scan: Path) -> None:
        scan = EnergyScan.load(low_scan)
        # 118 to 141 MeV are 11.005 to 12.026 MeV; b √s/2 = 0.0144 MeV, rounded down.
        assert masses_of(scan) == "11.01:12.02:0.01"
        assert masses_of(scan, COARSE) == "11.02:12.02:0.02"
        _, settings = resolve_settings(quick=True).prepared(scan)
        assert settings.masses.size == 51

    def test_a_grid_outside_the_scan_is_refused(self, low_scan: Path) -> None:
        settings = resolve_settings(options={"search.masses": "16.22:17.72:0.02"})
        with pytest.raises(UsageError, match=r"a mass of 16\.22 MeV .* allowed: 10\.46 to 12\.63 MeV"):
            settings.prepared(EnergyScan.load(low_scan))


class TestConstants:
    def test_padme_keeps_its_masses_and_its_center(self) -> None:
        found = model_constants(load_setup("padme-run3"))
        assert (found.center_sqrt_s_mev, found.electron_mass_mev) == (16.92, 0.511)
        assert found.largest_cos_theta is None

    @pytest.mark.parametrize(("path", "center"), [(LOW, 11.52), (ELEVEN, 104.90)])
    def test_others_are_computed_in_the_middle_of_their_plan(self, path: str, center: float) -> None:
        setup = load_setup(path)
        found = model_constants(setup)
        assert found.center_sqrt_s_mev == pytest.approx(center, abs=0.01)
        assert found.beam_energy_spread == setup.beam.energy_spread
        # The width is that of the electrons' momenta, in proportion to the energy: some per cent of it.
        assert 0.003 < found.lorentz_half_width_mev / setup.beam.energy_mev < 0.006
        document, text = model_table(path)
        assert document["center_sqrt_s_mev"] == found.center_sqrt_s_mev
        assert text.startswith("[model]\nsignal_yield_mev = ")

    def test_the_table_goes_into_the_file_of_a_scan(self, tmp_path: Path) -> None:
        table = "sqrt_s_mev,n2,n_pot,background_per_pot,signal_efficiency\n" + "".join(
            f"{11.0 + 0.05 * k},{18000 + k},1e9,1.8e-5,0.22\n" for k in range(16)
        )
        csv = tmp_path / "mine.csv"
        csv.write_text(table, "utf-8")
        with pytest.raises(InputError) as error:
            EnergyScan.load(csv)
        message = str(error.value)
        assert "signal_yield_mev, lorentz_half_width_mev, beam_energy_spread, center_sqrt_s_mev" in message
        assert "those of PADME Run III do not hold at √s = 11.00 to 11.75 MeV" in message
        assert "x17 theory lineshape --setup FILE" in message
        csv.with_suffix(".toml").write_text(model_table(LOW)[1], "utf-8")
        assert EnergyScan.load(csv).constants.lorentz_half_width_mev == pytest.approx(0.571, rel=1e-3)

    def test_the_computed_line_is_that_of_diamond(self, low_scan: Path) -> None:
        with pytest.raises(UsageError, match=r"line of 0\.1 mm of diamond .* allowed: voigt"):
            ScanModel.build(EnergyScan.load(low_scan), ModelSettings(lineshape=LineShapeKind.COMPUTED))

    def test_scalars_need_the_angles_of_the_selection(self, low_scan: Path) -> None:
        """Flat decays have 4/3/(1 + c²/3) of a vector's share within |cos θ| < c, and half the area."""
        scan = EnergyScan.load(low_scan)
        models = {
            letter: ScanModel.build(scan, ModelSettings(boson=letter))
            for letter in (SpinParity.VECTOR, SpinParity.PSEUDOSCALAR)
        }
        strength = {
            letter: float(model.signal_yield(model.centers, 11.5).max()) for letter, model in models.items()
        }
        cosine = scan.constants.largest_cos_theta
        assert cosine is not None
        expected = 0.5 * 4.0 / 3.0 / (1.0 + cosine**2 / 3.0)
        # Terms of the electron's mass, 4 m²/M² = 0.8 %, are left out by hand.
        found = strength[SpinParity.PSEUDOSCALAR] / strength[SpinParity.VECTOR]
        assert found == pytest.approx(expected, rel=0.015)
        unknown = replace(scan, constants=replace(scan.constants, largest_cos_theta=None))
        with pytest.raises(UsageError, match=r"--boson P: which decay angles .* largest_cos_theta"):
            ScanModel.build(unknown, ModelSettings(boson=SpinParity.PSEUDOSCALAR))


class TestProjection:
    def test_errors_must_be_named_away_from_padme(self) -> None:
        with pytest.raises(UsageError, match=r"--systematics: which errors .* √s = 11\.01 to 12\.03 MeV"):
            find_projection(LOW, ProjectRequest(**FEW), LimitPlace(workers=1))

    def test_errors_that_lie_beside_the_setup_are_offered(self, tmp_path: Path) -> None:
        alone = tmp_path / "low-energy.toml"
        alone.write_bytes(Path(LOW).read_bytes())
        for setup, offered in ((LOW, True), (str(alone), False)):
            with pytest.raises(UsageError) as caught:
                find_projection(setup, ProjectRequest(**FEW), LimitPlace(workers=1))
            said = str(caught.value)
            assert (f"--systematics {shlex.quote(ERRORS)}." in said) is offered
            assert ("docs/how-to/your-own-experiment.md" in said) is not offered

    def test_nothing_of_padme_is_in_it(self) -> None:
        request = ProjectRequest(systematics="none", **FEW)
        run = find_projection(LOW, request, LimitPlace(workers=1))
        assert run.projection.combined is None
        assert run.projection.settings.mass == pytest.approx(11.516, abs=1e-3)
        constants = run.projection.scan.constants
        assert constants.k_constraint is not None
        assert (constants.k_constraint.k_constant, constants.k_constraint.k_slope_per_mev) == (1.0, 0.0)
        assert "padme" not in str(run.document).lower()

    def test_a_scan_without_errors_can_be_loaded(self, tmp_path: Path) -> None:
        request = ProjectRequest(systematics="none", **FEW)
        run = find_projection(LOW, request, LimitPlace(workers=1), out=tmp_path / "out")
        assert EnergyScan.load(tmp_path / "out/scan.csv") == run.projection.scan

    def test_run_iii_and_iv_are_as_before(self) -> None:
        for name in ("padme-run3", "padme-run4"):
            constants = design_of(name, DesignRequest()).constants
            assert constants.signal_yield_mev == ModelConstants().signal_yield_mev
            assert constants.lorentz_half_width_mev == ModelConstants().lorentz_half_width_mev

    def test_twice_the_target_is_twice_the_background_and_twice_the_signal(self) -> None:
        setup, known = load_setup("padme-run4"), load_setup("padme-run3")
        thick = replace(setup, target=replace(setup.target, thickness_mm=0.2))
        assert electrons_ratio(thick, known) == pytest.approx(2.0, rel=1e-12)
        published, energies = EnergyScan.load("padme-run3"), np.array([16.6, 16.9, 17.2])
        one, two = (lines_of_setup(s, energies, published, known) for s in (setup, thick))
        assert two.background(energies) == pytest.approx(2.0 * one.background(energies), rel=1e-9)
        # Per boson: with A twice as large the signal over the background is what it was.
        assert two.signal_efficiency(energies) == pytest.approx(one.signal_efficiency(energies), rel=1e-9)

    def test_theory_alone_has_the_signal_over_background_of_run_iii(self) -> None:
        """B and ε_S are 1.5 times the published ones, which lose to cells, bore, windows; not their ratio."""
        energies = np.array([16.3, 16.9, 17.5])
        published = lines_of_scan(EnergyScan.load("padme-run3"))
        ideal = lines_of_theory(load_setup("padme-run3"), energies, 16.92)
        assert ideal.background(energies) / published.background(energies) == pytest.approx(1.5, abs=0.05)
        assert ideal.ratio(energies) == pytest.approx(published.ratio(energies), rel=0.04)

    def test_systematics_of_the_example_are_a_file(self) -> None:
        assert {item.source for item in load_systematics(ERRORS).errors} >= {"beam catcher", "side band"}


class TestMachine:
    def test_a_setup_says_its_energies(self) -> None:
        machine = Machine.of_setup(load_setup(ELEVEN))
        assert (machine.lowest_energy_mev, machine.highest_energy_mev) == (9000.0, 11500.0)
        with pytest.raises(UsageError, match=r"the beam cannot have 8000 MeV; allowed: .* 9000 to 11500"):
            design_of(ELEVEN, DesignRequest(energies="8000:11000:10", positrons=1e13))

    def test_one_that_does_not_has_those_of_its_plan(self) -> None:
        setup = load_setup(LOW)
        silent = replace(setup, beam=replace(setup.beam, lowest_energy_mev=None, highest_energy_mev=None))
        machine = Machine.of_setup(silent)
        assert machine.lowest_energy_mev == pytest.approx(118.0, rel=1e-4)
        assert machine.highest_energy_mev == pytest.approx(141.0, rel=1e-4)
        assert Machine.of_setup(load_setup("padme-run4")) == Machine()


class TestPlan:
    def plan(self, scan: Path, **options: Any) -> Any:
        request = PlanRequest(**({"positrons": 1e10, "steps": 2, "toys": 0} | options))
        return make_plan(str(scan), resolve_settings(), request, workers=1)

    def test_the_beam_of_another_setup_is_refused(self, low_scan: Path) -> None:
        with pytest.raises(UsageError, match=r"--setup padme-run3, for the points of low-.* 200 to 500 MeV"):
            self.plan(low_scan)

    def test_toys_need_a_boson_that_can_be_there(self, low_scan: Path) -> None:
        with pytest.raises(UsageError, match=r"--inject: no boson is named, .* 16\.9 MeV, is not among"):
            self.plan(low_scan, setup=LOW, toys=10)
        assert PlanRequest(positrons=1e10, steps=2).decided((16.2, 17.7)).boson == EXCESS

    def test_settings_are_those_of_the_setup(self, low_scan: Path) -> None:
        result = self.plan(low_scan, setup=LOW).result
        energies = result.beam.energies_mev
        assert energies[0] == pytest.approx(118.0, abs=1e-3)
        assert np.diff(energies) == pytest.approx(0.5)


class TestRadiativeCorrections:
    @pytest.mark.parametrize(("name", "published"), [("padme-run3", True), (LOW, False), (ELEVEN, False)])
    def test_the_published_ones_are_for_padme(self, name: str, published: bool) -> None:
        assert ExpectRequest().resolved(load_setup(name)).published_k is published
        assert ExpectRequest(published_k=False).resolved(load_setup(name)).published_k is False

    def test_they_are_refused_elsewhere(self) -> None:
        setup = load_setup(ELEVEN)
        with pytest.raises(UsageError, match=r"√s of 14 to 21 MeV, PADME's; .* take --k-factor none"):
            plan_samples(setup, setup.run_plan.periods, SampleSettings(published_k=True), 1)


class TestObservables:
    def test_masses_and_errors_must_fit_the_run(self) -> None:
        with pytest.raises(UsageError, match=r"--masses: 16\.9 MeV is far .* e\.g\. --masses 11\.5"):
            compare(LOW, ObservablesRequest(systematics=ERRORS))
        with pytest.raises(UsageError, match="--systematics: which errors"):
            compare(LOW, ObservablesRequest(masses=(11.5,)))

    # Terms of the electron's mass are some m²/s, 2e-3 at 11.5 MeV and 2e-5 at 105, times five or so.
    @pytest.mark.parametrize(("path", "mass", "tolerance"), [(LOW, 11.5, 0.015), (ELEVEN, 105.0, 3e-4)])
    def test_photons_are_those_of_tree_level_within_the_own_angles(
        self, path: str, mass: float, tolerance: float
    ) -> None:
        """By hand, massless: e⁺e⁻ ((3 + c²)/(1 − c))²/4, and γγ, counted once, (1 + c²)/(1 − c²)/2."""
        found = compare(path, ObservablesRequest(masses=(mass,), systematics=ERRORS)).photon_pairs
        edge = model_constants(load_setup(path)).largest_cos_theta
        assert edge is not None
        c = np.linspace(-edge, edge, 20_001)
        electrons = float(np.trapezoid(0.25 * np.square((3.0 + c**2) / (1.0 - c)), c))
        photons = float(np.trapezoid(0.5 * (1.0 + c**2) / (1.0 - c**2), c))
        assert found == pytest.approx(photons / (photons + electrons), rel=tolerance)


def test_the_power_of_a_blind_search_is_not_asked_of_padmes_mass(low_scan: Path) -> None:
    with pytest.raises(UsageError, match=r"--masses: 16\.9 MeV is far from every energy point"):
        find_power(str(low_scan), resolve_settings(), PowerRequest.of_texts(toys=100), workers=1)
