"""Numbers and figures of docs/explanation/global-significance.md.

    python docs/figures/global_significance.py [--toys N] [--bank DIR]

prints every table of the page and writes its figures to docs/images. With 100000 pseudo-experiments for each
of the nine combinations it takes about ten minutes on two cores; toys are kept in the bank.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from x17.report.style import BLUE, GREEN, GREY, ORANGE, VERMILLION, house_style
from x17.scan import EnergyScan
from x17.statistics.blocks import available_cores
from x17.statistics.data_sets import observed
from x17.statistics.deviation import deviation
from x17.statistics.ensembles import Ensemble
from x17.statistics.expected_band import expected_band
from x17.statistics.experiment_set import ExperimentSet
from x17.statistics.jackknife import jackknife_variance
from x17.statistics.model import ScanModel
from x17.statistics.model_settings import KSource, ModelSettings
from x17.statistics.monte_carlo import TailFraction
from x17.statistics.signal_scan import SignalScan, scan_signal
from x17.statistics.significance import Significance, significance, window_columns
from x17.toybank.bank import ToyBank
from x17.toybank.bank_source import BankSource

IMAGES = Path(__file__).parents[1] / "images"
CL, SEED = 0.90, 1
WINDOWS = ((16.22, 17.72), (16.60, 17.20), (16.73, 16.97))
PUBLISHED_WINDOW = WINDOWS[1]
PUBLISHED_P = (0.039, 0.028, 0.054)
"""Value and ends of the interval, 16.6 to 17.2 MeV, arXiv:2505.24797."""
PUBLISHED_TOYS = 299
TANH_LIMIT_AT_16_90 = 5.583e-4
"""Of the data, by 200 toys a coupling and the published tanh fit; 5.529e-4 is the asymptotic one."""

TREATMENTS = (KSource.PUBLISHED, KSource.FROM_SIDEBAND, KSource.FREE)


@dataclass(frozen=True)
class Case:
    """Data and pseudo-experiments of one ensemble and one treatment of K."""

    data: SignalScan
    toys: SignalScan


Cases = dict[tuple[KSource, Ensemble], Case]
Results = dict[tuple[KSource, Ensemble], Significance]


def masses(step: float = 0.02) -> np.ndarray:
    """Masses searched."""
    return np.round(np.arange(16.22, 17.72 + 1e-9, step), 9)


def case(source: BankSource, k: KSource, ensemble: Ensemble, n_toys: int, step: float = 0.02) -> Case:
    """Data, and toys from the bank."""
    model = ScanModel.build(EnergyScan.load("padme-run3"), ModelSettings(k_constraint=k))
    grid = masses(step)
    wanted = ExperimentSet(ensemble=ensemble, masses=tuple(grid.tolist()), seed=SEED)
    (arrays,) = source(model, [wanted], n_toys)
    return Case(scan_signal(model, observed(model), grid), wanted.signal_scan(arrays))


def percent(fraction: TailFraction) -> str:
    """P in % with the mean of its two errors."""
    low, high = fraction.interval()
    return f"{100 * fraction.value:.2f} ± {50 * (high - low):.2f}"


def row(name: str, result: Significance) -> str:
    """A row of a table."""
    cells = [percent(d.fraction) for d in result.definitions]
    crossings = result.gross_vitells
    cells.append(f"{100 * crossings.p:.2f} ± {50 * (crossings.p_high - crossings.p_low):.2f}")
    return f"| {name} | " + " | ".join(cells) + " |"


def print_definitions(
    cases: Cases,
) -> Results:
    """The table of the page: every definition, ensemble and treatment of K, in every window."""
    shown = {}
    for low, high in WINDOWS:
        print(f"\n{low:.2f} to {high:.2f} MeV, p in %")
        print("| K, ensemble | published deviation | deepest Q | largest calibrated z | Gross–Vitells |")
        print("|---|---|---|---|---|")
        for (k, ensemble), each in cases.items():
            result = significance(each.data, each.toys, CL, (low, high))
            print(row(f"{k.value}, {ensemble.value}", result))
            if (low, high) == PUBLISHED_WINDOW:
                shown[k, ensemble] = result
    return shown


def inside(
    each: Case, window: tuple[float, float] = PUBLISHED_WINDOW
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Masses in the window, limits of the toys and of the data there."""
    columns = window_columns(each.data.masses, *window)
    toys = each.toys.select(each.toys.complete, columns)
    return toys.masses, toys.limits(CL), each.data.select(slice(None), columns).limits(CL)[0]


def deviation_p(toys: np.ndarray, data: np.ndarray, columns: slice) -> tuple[float, float]:
    """Largest deviation of the data, and its p with the toys seen at some of the masses only."""
    _, _, median, one, two = expected_band(np.arange(data.size), toys).limits
    largest = deviation(toys, median, one, two)[:, columns].max(axis=1)
    d = float(deviation(data, median, one, two).max())
    return d, float(np.mean(largest >= d))


def kept_p(kept: np.ndarray, toys: np.ndarray, data: np.ndarray, columns: slice) -> float:
    """The same p with some of the toys."""
    return deviation_p(toys[kept], data, columns)[1]


def raised(grid: np.ndarray, limits: np.ndarray) -> np.ndarray:
    """The limits with the one at 16.90 MeV as 200 toys and the tanh fit give it."""
    return np.where(np.abs(grid - 16.90) < 1e-6, TANH_LIMIT_AT_16_90, limits)


def print_variations(cases: Cases) -> None:
    """What the published number depends on, one thing at a time, then together."""
    print("\nWhat 3.9 % depends on: published deviation, 16.60 to 17.20 MeV")
    print("| toys | observed limit at 16.90 MeV | masses of the toys | d | p in % |\n|---|---|---|---|---|")
    for ensemble in (Ensemble.PUBLISHED, Ensemble.RECENTRED):
        grid, toys, data = inside(cases[KSource.PUBLISHED, ensemble])
        for label, limits in (("asymptotic", data), ("200 toys and tanh", raised(grid, data))):
            for step, columns in (("0.02", slice(None)), ("0.04", slice(0, None, 2))):
                d, p = deviation_p(toys, limits, columns)
                share = partial(kept_p, toys=toys, data=limits, columns=columns)
                variance = jackknife_variance(share, toys.shape[0])
                error = 100 * np.sqrt(variance)
                print(f"| {ensemble.value} | {label} | {step} | {d:.3f} | {100 * p:.2f} ± {error:.2f} |")


def small_samples(each: Case, raise_limit: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """The p-value and the +2σ half width at 16.90 MeV that 299 pseudo-experiments give, again and again."""
    grid, toys, data = inside(each)
    at = int(np.argmin(np.abs(grid - 16.90)))
    data = raised(grid, data) if raise_limit else data
    p, width = [], []
    for start in range(0, toys.shape[0] - PUBLISHED_TOYS + 1, PUBLISHED_TOYS):
        part = toys[start : start + PUBLISHED_TOYS]
        band = expected_band(grid, part)
        p.append(deviation_p(part, data, slice(None))[1])
        width.append(band.limits[4, at] - band.limits[2, at])
    return np.array(p), np.array(width)


def print_small_samples(cases: Cases) -> None:
    """What the published number of toys gives."""
    print(f"\nWhat {PUBLISHED_TOYS} pseudo-experiments say (published K, 16.60 to 17.20 MeV)")
    print(
        "| toys | observed limit | median p | 68 % of the samples | p of 3.9 % or less | +2σ width at 16.90 |"
    )
    print("|---|---|---|---|---|---|")
    for ensemble in (Ensemble.PUBLISHED, Ensemble.RECENTRED):
        for label, raise_limit in (("asymptotic", False), ("200 toys and tanh", True)):
            p, width = small_samples(cases[KSource.PUBLISHED, ensemble], raise_limit)
            low, middle, high = 100 * np.quantile(p, [0.16, 0.5, 0.84])
            print(
                f"| {ensemble.value} | {label} | {middle:.1f} % | {low:.1f} to {high:.1f} % "
                f"| {100 * np.mean(p <= PUBLISHED_P[0]):.0f} % "
                f"| {1e4 * width.mean():.2f} ± {1e4 * width.std():.2f} |"
            )


def print_steps(source: BankSource, n_toys: int) -> None:
    """How the step between masses matters, data and toys on the same masses, the same toys."""
    print(f"\nStep between the masses (published K and toys, {n_toys} of them, 16.60 to 17.20 MeV), p in %")
    print("| step [MeV] | published deviation | deepest Q | largest calibrated z | Gross–Vitells |")
    print("|---|---|---|---|---|")
    for step in (0.05, 0.02, 0.01):
        each = case(source, KSource.PUBLISHED, Ensemble.PUBLISHED, n_toys, step)
        print(row(f"{step:g}", significance(each.data, each.toys, CL, PUBLISHED_WINDOW)))


@house_style()
def draw_definitions(results: Results) -> Figure:
    """P by definition, ensemble and treatment of K; the published value as a band."""
    figure = Figure(figsize=(6.4, 4.6), layout="constrained")
    axes = figure.subplots()
    low, high = (100 * p for p in PUBLISHED_P[1:])
    axes.axvspan(low, high, color=GREY, alpha=0.25, linewidth=0, label="Published, 299 toys")
    axes.axvline(100 * PUBLISHED_P[0], color=GREY, linewidth=1.0)
    styles = zip(("o", "s", "D"), (VERMILLION, BLUE, GREEN), strict=True)
    names = ("Published deviation", "Deepest $Q$", "Largest calibrated $z$")
    ticks = []
    for j, (marker, color) in enumerate(styles):
        for i, result in enumerate(results.values()):
            fraction = result.definitions[j].fraction
            p_low, p_high = (100 * end for end in fraction.interval())
            value, place = 100 * fraction.value, -(i + i // 3) - 0.22 * (j - 1.5)
            label = names[j] if i == 0 else None
            error = [[value - p_low], [p_high - value]]
            axes.errorbar(value, place, xerr=error, fmt=marker, color=color, label=label)
    for i, ((k, ensemble), result) in enumerate(results.items()):
        place = -(i + i // 3) - 0.22 * 1.5
        label = "Gross–Vitells" if i == 0 else None
        axes.plot(100 * result.gross_vitells.p, place, "x", color=ORANGE, label=label)
        ticks.append((-(i + i // 3), f"K {k.value}, {ensemble.value}"))
    axes.set_yticks([place for place, _ in ticks], [text for _, text in ticks])
    axes.tick_params(axis="y", length=0)
    axes.set_xlim(0, 15)
    axes.set_xlabel("Global $p$ of the largest excess in 16.60–17.20 MeV [%]")
    figure.legend(loc="outside upper center", ncols=3)
    return figure


@house_style()
def draw_small_samples(cases: Cases) -> Figure:
    """Histogram of what 299 pseudo-experiments give."""
    figure = Figure(figsize=(5.6, 3.4), layout="constrained")
    axes = figure.subplots()
    bins = np.arange(0.0, 18.0, 1.0)
    for ensemble, raise_limit, color, label in (
        (Ensemble.PUBLISHED, False, BLUE, "centres drawn, like with like"),
        (Ensemble.RECENTRED, True, VERMILLION, "centres fixed, observed limit by 200 toys"),
    ):
        p, _ = small_samples(cases[KSource.PUBLISHED, ensemble], raise_limit)
        weights = np.full(p.size, 100 / p.size)
        axes.hist(100 * p, bins, weights=weights, histtype="step", color=color, label=label, linewidth=1.6)
    axes.axvline(100 * PUBLISHED_P[0], color=GREY, linestyle="--", label="published")
    axes.set_xlabel(f"Global $p$ that {PUBLISHED_TOYS} pseudo-experiments give [%]")
    axes.set_ylabel("Share of samples [%]")
    axes.set_xlim(0, 17)
    figure.legend(loc="outside upper center", ncols=2)
    return figure


def main() -> None:
    """Print the tables and draw the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--toys", type=int, default=100_000)
    parser.add_argument("--bank", type=Path, default=Path("results/toybank"))
    arguments = parser.parse_args()
    source = BankSource(ToyBank(arguments.bank), workers=available_cores())
    cases = {
        (k, ensemble): case(source, k, ensemble, arguments.toys) for k in TREATMENTS for ensemble in Ensemble
    }
    results = print_definitions(cases)
    print_variations(cases)
    print_small_samples(cases)
    print_steps(source, min(arguments.toys, 20_000))
    IMAGES.mkdir(exist_ok=True)
    draw_definitions(results).savefig(IMAGES / "global-p.png", dpi=150)
    draw_small_samples(cases).savefig(IMAGES / "global-p-small-samples.png", dpi=150)


if __name__ == "__main__":
    main()
