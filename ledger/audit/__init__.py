"""The audit: everything that can be checked about a ledger with only its files and a trust policy."""
