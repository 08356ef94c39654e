"""The bounds on the numbers in the ledger."""

MAX_INTEGER = 2**53 - 1
"""The largest whole number that every reader of JSON reads exactly (RFC 8785 §3.1, RFC 7493 §2.2)."""
MAX_AMOUNT = 10**14
"""The most minor units of one record. Sums of records can be larger, up to `MAX_INTEGER`."""
