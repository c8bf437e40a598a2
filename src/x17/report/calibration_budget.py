"""Error budget of a counted scan beside that of PADME Run III."""

from __future__ import annotations

from dataclasses import dataclass

from x17.report.html_tables import Table
from x17.report.number_text import UNKNOWN
from x17.scan.calibration import Calibration
from x17.scan.energy_scan import EnergyScan
from x17.scan.error_budget import COMMON, POINT, BudgetItem

RUN3_POINT_PERCENT = 0.89
"""Error of a point of PADME Run III as quoted, %; its talk of 2025."""

_RUN3 = "padme-run3"
_RUN3_SOURCE = {
    ("N2", "subtraction of side bands"): "bremsstrahlung subtraction",
    ("N_PoT", "ageing and leakage"): "slope of the ageing",
    ("K", "charge per positron"): "pC per MeV",
    ("K", "ageing constant"): "constant of the ageing",
}
"""What Run III calls the contributions, where that is another name."""


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One contribution here and in Run III.

    Attributes
    ----------
    quantity, source : str
    kind : str
        ``"point"`` or ``"common"``.
    here, run3 : float or None
        Relative standard error, %.
    """

    quantity: str
    source: str
    kind: str
    here: float | None
    run3: float | None


def budget_lines(budget: tuple[BudgetItem, ...], calibration: Calibration) -> tuple[BudgetLine, ...]:
    """Put the contributions side by side.

    Parameters
    ----------
    budget : tuple of BudgetItem
        As measured; it comes with the counted scan.
    calibration : Calibration
        Its points below the resonance give the common error of B.

    Returns
    -------
    tuple of BudgetLine
        Those of single points first; what only Run III has comes last.
    """
    run3 = {(item.quantity, item.source): item for item in EnergyScan.load(_RUN3).published_budget}
    items = [*budget]
    fit = calibration.scan.validation.normalisation
    if fit is not None:
        items.append(BudgetItem("B", "low-energy statistics", 100.0 * fit.error / fit.value, COMMON))
    lines = []
    for item in items:
        name = _RUN3_SOURCE.get((item.quantity, item.source), item.source)
        other = run3.pop((item.quantity, name), None)
        percent = other.percent if other else None
        lines.append(BudgetLine(item.quantity, item.source, item.kind, item.percent, percent))
    lines += [BudgetLine(o.quantity, o.source, o.kind, None, o.percent) for o in run3.values()]
    return tuple(sorted(lines, key=lambda line: line.kind != POINT))


def in_quadrature(lines: tuple[BudgetLine, ...], kind: str) -> tuple[float, float]:
    """Contributions of a kind added in quadrature.

    Parameters
    ----------
    lines : tuple of BudgetLine
    kind : str

    Returns
    -------
    here, run3 : float
        %.
    """
    chosen = [line for line in lines if line.kind == kind]
    here = sum((line.here or 0.0) ** 2 for line in chosen)
    return float(here**0.5), float(sum((line.run3 or 0.0) ** 2 for line in chosen) ** 0.5)


def budget_table(budget: tuple[BudgetItem, ...], calibration: Calibration) -> Table:
    """Make the table of the error budget.

    Parameters
    ----------
    budget : tuple of BudgetItem
    calibration : Calibration

    Returns
    -------
    Table
    """
    lines = budget_lines(budget, calibration)
    rows: list[tuple[str, ...]] = []
    for kind, total in ((POINT, "Single points"), (COMMON, "Common to all")):
        chosen = [line for line in lines if line.kind == kind]
        rows += [(line.quantity, line.source, _percent(line.here), _percent(line.run3)) for line in chosen]
        here, run3 = in_quadrature(lines, kind)
        rows.append((total, "in quadrature", f"{here:.2f}", f"{run3:.2f}"))
        if kind == POINT:
            mean = f"{calibration.scan.mean_percent:.2f}"
            rows.append(("g_R", "of a point in the scan, mean", mean, f"{RUN3_POINT_PERCENT:.2f}"))
    note = (
        "Here: as this calibration measured it, mean of the searched points. Run III: as the collaboration "
        f"showed it; its contributions add up to more than the {RUN3_POINT_PERCENT} % that it quotes. The "
        "scan holds constants in place of tag and probe, cuts, spot and beam energy, as Run III does."
    )
    titles = ("Quantity", "Source", "Here [%]", "Run III [%]")
    return Table("budget", "Error budget, relative errors", titles, tuple(rows), (1,), note)


def _percent(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.2f}"
