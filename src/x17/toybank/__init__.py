"""From a model and seeds to blocks of toys on disk: made anywhere, stored once, merged, taken up again."""

from x17.toybank.bank import ToyBank
from x17.toybank.bank_source import BankSource

__all__ = ["BankSource", "ToyBank"]
