"""The state of a page as the query of its address, so that a link reproduces the view."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from x17.statistics.model_settings import KSource
from x17.theory.boson import SpinParity
from x17.workflows.explore import ExploredScan, ExplorerState, Subject
from x17.workflows.explore.state import SPREADS

TABS = ("search", "events")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What an address says of the page.

    Attributes
    ----------
    scan : str
        Name of an uploaded scan on the shelf; empty for what the page was started with.
    state : ExplorerState
    bounds : bool
        Whether bounds of other experiments are drawn.
    follow : bool
        Whether limits by toys follow the choices.
    tab : str
        One of `TABS`.
    """

    scan: str
    state: ExplorerState
    bounds: bool = True
    follow: bool = True
    tab: str = "search"


def beginning(subject: Subject, fitted: ExploredScan, scan: str = "") -> Address:
    """Where a page begins: the cursor on the best fit, or at the expected limit where there is none.

    Parameters
    ----------
    subject : Subject
    fitted : ExploredScan
        With the choices of the subject.
    scan : str
        Name on the shelf.

    Returns
    -------
    Address
    """
    mass, coupling = fitted.best.mass_mev, fitted.best.g_ve
    if coupling == 0.0:
        # No boson fits better than none: one at the edge of what can be excluded shows more than a flat line.
        masses = fitted.q_map.masses
        mass = float(masses[masses.size // 2])
        coupling = float(fitted.expected[2, masses.size // 2])
    state = ExplorerState(mass_mev=round(mass, 4), coupling=_rounded(coupling), choices=subject.choices)
    return Address(scan=scan, state=state)


def _rounded(coupling: float) -> float:
    return float(f"{coupling:.4g}")


def to_query(address: Address, start: Address) -> str:
    """The query of an address: what differs from the beginning of the page.

    Parameters
    ----------
    address, start : Address

    Returns
    -------
    str
        Without the question mark; empty if nothing differs.
    """
    state, begin = address.state, start.state
    choices, usual = state.choices, begin.choices
    pairs: list[tuple[str, str]] = []
    if address.scan:
        pairs.append(("scan", address.scan))
    # The cursor is always named: where a page begins may change with the version.
    pairs += [("mass", f"{state.mass_mev:.6g}"), ("g", f"{state.coupling:.6g}")]
    if choices.boson is not usual.boson:
        pairs.append(("boson", choices.boson.value))
    if choices.beam_spread is not None:
        pairs.append(("spread", f"{choices.beam_spread:.6g}"))
    if choices.k_constraint is not usual.k_constraint:
        pairs.append(("k", choices.k_constraint.value))
    if choices.removed:
        pairs.append(("without", ",".join(choices.removed)))
    if choices.left_out:
        pairs.append(("out", ",".join(str(period) for period in choices.left_out)))
    pairs += [(key, "0") for key, on in (("bounds", address.bounds), ("toys", address.follow)) if not on]
    if address.tab != TABS[0]:
        pairs.append(("tab", address.tab))
    return urlencode(pairs, safe=",:")


def from_query(query: Mapping[str, str], subject: Subject, start: Address) -> tuple[Address, tuple[str, ...]]:
    """Read an address; what cannot be used keeps its beginning and is complained about.

    Parameters
    ----------
    query : mapping of str to str
    subject : Subject
        The scan that it is about.
    start : Address
        Where the page begins.

    Returns
    -------
    Address
    tuple of str
        One sentence for each thing that could not be used.
    """
    complaints: list[str] = []
    state = start.state
    masses = subject.settings.prepared(subject.scan)[1].masses
    mass = _number(query, "mass", float(masses[0]), float(masses[-1]), complaints)
    coupling = _number(query, "g", 0.0, largest_coupling(subject), complaints)
    spread = _number(query, "spread", *SPREADS, complaints)
    choices = replace(
        state.choices,
        beam_spread=state.choices.beam_spread if spread is None else spread,
        removed=_corrections(query, subject, complaints),
        left_out=_periods(query, subject, complaints),
    )
    boson = _one_of(query, "boson", [item.value for item in SpinParity], complaints)
    source = _one_of(query, "k", [item.value for item in k_sources(subject)], complaints)
    if boson is not None:
        choices = replace(choices, boson=SpinParity(boson))
    if source is not None:
        choices = replace(choices, k_constraint=KSource(source))
    state = ExplorerState(
        mass_mev=state.mass_mev if mass is None else mass,
        coupling=state.coupling if coupling is None else coupling,
        choices=choices,
    )
    address = replace(
        start,
        state=state,
        bounds=_one_of(query, "bounds", ["0", "1"], complaints) != "0",
        follow=_one_of(query, "toys", ["0", "1"], complaints) != "0",
        tab=_one_of(query, "tab", list(TABS), complaints) or start.tab,
    )
    return address, tuple(complaints)


def k_sources(subject: Subject) -> tuple[KSource, ...]:
    """The treatments of K that a scan allows.

    Parameters
    ----------
    subject : Subject

    Returns
    -------
    tuple of KSource
    """
    published = (KSource.PUBLISHED,) if subject.scan.constants.k_constraint is not None else ()
    return (KSource.AUTO, *published, KSource.FROM_SIDEBAND, KSource.FREE)


def usual_spread(subject: Subject) -> float:
    """The relative beam spread of a search where none is chosen.

    Parameters
    ----------
    subject : Subject

    Returns
    -------
    float
        That of its settings, else the scan's own.
    """
    own = subject.scan.constants.beam_energy_spread
    return float(subject.settings.constants.get("beam_energy_spread", own))


def largest_coupling(subject: Subject) -> float:
    """End of the range of couplings.

    Parameters
    ----------
    subject : Subject

    Returns
    -------
    float
        A little above the last of the grid, a round number.
    """
    last = float(subject.settings.couplings[-1])
    step = 10.0 ** math.floor(math.log10(last))
    return float(f"{math.ceil(last / step) * step:.3g}")


def _number(
    query: Mapping[str, str], key: str, low: float, high: float, complaints: list[str]
) -> float | None:
    text = query.get(key)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    # An address has six digits: an end of the range that has more may come back from beyond it.
    rounding = 1e-5 * abs(high)
    if not low - rounding <= value <= high + rounding:
        complaints.append(f"{key}={text[:40]} in the address was ignored; allowed: {low:g} to {high:g}")
        return None
    return min(max(value, low), high)


def _one_of(query: Mapping[str, str], key: str, allowed: list[str], complaints: list[str]) -> str | None:
    text = query.get(key)
    if text is None or text in allowed:
        return text
    complaints.append(f"{key}={text[:40]} in the address was ignored; allowed: {', '.join(allowed)}")
    return None


def _corrections(query: Mapping[str, str], subject: Subject, complaints: list[str]) -> tuple[str, ...]:
    known = removable(subject)
    names = [name for name in query.get("without", "").split(",") if name]
    for name in names:
        if name not in known:
            complaints.append(
                f"without={name[:40]} in the address was ignored; allowed: {', '.join(known) or 'none here'}"
            )
    return tuple(name for name in known if name in names)


def removable(subject: Subject) -> tuple[str, ...]:
    """Corrections that can be taken off.

    Parameters
    ----------
    subject : Subject

    Returns
    -------
    tuple of str
    """
    gone = subject.settings.search.without
    return tuple(name for name in subject.scan.applied_corrections if name not in gone)


def _periods(query: Mapping[str, str], subject: Subject, complaints: list[str]) -> tuple[int, ...]:
    known = {str(period): int(period) for period in subject.scan.search_points().period}
    left_out = []
    for text in query.get("out", "").split(","):
        if not text:
            continue
        if text in known:
            left_out.append(known[text])
        else:
            complaints.append(f"out={text[:40]} in the address was ignored: no such period is searched")
    return tuple(sorted(set(left_out)))
