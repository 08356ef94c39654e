"""How long to wait for a server, and how often to try again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import NamedTuple

_DELAY = re.compile(r"[0-9]{1,9}", re.ASCII)


class Patience(NamedTuple):
    """How long to wait for a server. All are seconds, except `attempts`."""

    connect_s: float = 10.0
    read_s: float = 30.0
    """For the next bytes."""
    file_s: float = 600.0
    """For one file, including all attempts and waits."""
    attempts: int = 4
    backoff_s: float = 0.5
    """Before the second attempt; twice as long before each further one."""
    retry_after_s: float = 60.0
    """The longest wait that a server's Retry-After can ask for."""


PATIENCE = Patience()


def pause_s(tried: int, asked_s: float, patience: Patience) -> float:
    """Seconds before the next attempt, after `tried` of them. `asked_s` is what the server asks for; it has an upper bound."""
    return max(patience.backoff_s * 2.0 ** (tried - 1), min(asked_s, patience.retry_after_s))


def retry_after_s(headers: Mapping[str, str]) -> float:
    """The seconds that a Retry-After asks for. A date is compared with the server's own Date. 0 if the header cannot be
    understood."""
    asked = headers.get("Retry-After", "").strip()
    if _DELAY.fullmatch(asked):
        return float(asked)
    try:
        then, now = parsedate_to_datetime(asked), parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (then - now).total_seconds())
    except (ValueError, TypeError):
        return 0.0
