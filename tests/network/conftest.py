"""A small ledger, and its export."""

from tests.audit.conftest import small, state  # noqa: F401
