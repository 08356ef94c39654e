"""The bound on every number in the ledger."""

MAX_INTEGER = 2**53 - 1
"""The largest whole number that every reader of JSON reads exactly (RFC 8785 §3.1, RFC 7493 §2.2)."""
