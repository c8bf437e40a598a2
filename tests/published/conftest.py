import pytest

from x17.scan import EnergyScan
from x17.statistics.data_sets import DataSets, observed
from x17.statistics.model import ScanModel


@pytest.fixture(scope="session")
def scan() -> EnergyScan:
    return EnergyScan.load("padme-run3")


@pytest.fixture(scope="session")
def model(scan: EnergyScan) -> ScanModel:
    return ScanModel.build(scan)


@pytest.fixture(scope="session")
def data(model: ScanModel) -> DataSets:
    return observed(model)
