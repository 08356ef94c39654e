"""The clock of this computer."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

Clock = Callable[[], str]
"""Tells the time, in UTC: `YYYY-MM-DDTHH:MM:SSZ`."""
FORM = "%Y-%m-%dT%H:%M:%SZ"
LAST = 253_402_300_799
"""The last second of the year 9999, in seconds since 1970."""


def utc_now() -> str:
    """The time by this computer, in whole seconds."""
    return datetime.datetime.now(datetime.UTC).strftime(FORM)


def seconds_now() -> float:
    """The time by this computer, in seconds since 1970."""
    return time.time()


def utc_at(seconds: int) -> str:
    """The time that is `seconds`, 0 or more, after the beginning of 1970, as `utc_now` tells it; "" after the year 9999."""
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime(FORM) if seconds <= LAST else ""
