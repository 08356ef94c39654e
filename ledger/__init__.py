"""GiveTrail: a donation ledger that anybody can check."""

__version__ = "0.1.0"
