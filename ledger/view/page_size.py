"""How much of a list is read at once."""

from __future__ import annotations

from ..errors import UsageError

MOST = 1000


def check_limit(limit: int) -> None:
    """Check that a page has 1 to 1000 items. Raises UsageError."""
    if not 1 <= limit <= MOST:
        raise UsageError(f"limit {limit}: must be 1 to {MOST}", rule="parameter", where="limit")
