"""Asks the witnesses of a ledger's policy to cosign its newest checkpoint."""
