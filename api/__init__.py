"""The read API: it turns requests into calls of `ledger.view`, and does not decide anything itself."""
