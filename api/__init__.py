"""The read API: it turns requests into calls of `ledger.view`, and decides nothing."""
