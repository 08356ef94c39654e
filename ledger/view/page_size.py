"""How much of a list is read at once."""

from __future__ import annotations

from ..errors import UsageError

MOST = 1000


def check_limit(limit: int) -> None:
    """Refuse a page of more than 1000, or of none. Raises UsageError."""
    if not 1 <= limit <= MOST:
        raise UsageError(f"limit {limit}: must be 1 to {MOST}", rule="parameter", where="limit")
