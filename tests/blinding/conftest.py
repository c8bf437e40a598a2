"""A scan sealed both ways with a key file, so that no test waits for scrypt."""

from collections.abc import Callable

import pytest

from x17.blinding.keys import Secret, new_keys
from x17.blinding.sealing import Unsealed, seal
from x17.scan import EnergyScan

WINDOW = (16.76, 16.99)
SETTINGS = {"sideband": {"min_chi2_probability": 0.2}, "limit": {"seed": 1}}

Sealer = Callable[..., Unsealed]


@pytest.fixture(scope="session")
def shipped() -> EnergyScan:
    return EnergyScan.load("padme-run3")


@pytest.fixture(scope="session")
def secret() -> Secret:
    return Secret.key_text("ab" * 32, "key")


@pytest.fixture(scope="session")
def sealer(shipped: EnergyScan, secret: Secret) -> Sealer:
    """Seal a scan, the shipped one by default."""

    def make(window: tuple[float, float] | None = WINDOW, scan: EnergyScan = shipped) -> Unsealed:
        return seal(scan, window, SETTINGS, new_keys(secret), program="x17 test", time="2026-01-01")

    return make


@pytest.fixture(scope="session", params=[None, WINDOW], ids=["auto", "window"])
def sealed(request: pytest.FixtureRequest, sealer: Sealer) -> Unsealed:
    """With three entries in its log."""
    once = sealer(request.param).with_entry("2026-01-02", "checked", {"passed": True, "criteria": []})
    return once.with_entry("2026-01-03", "refused", {"passed": False, "criteria": []})


@pytest.fixture(scope="session")
def texts(sealed: Unsealed) -> tuple[bytes, bytes]:
    """Bytes of the sealed scan and of its log."""
    return sealed.file.text().encode(), "".join(entry.line() for entry in sealed.log).encode()
