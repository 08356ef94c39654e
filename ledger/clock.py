"""The clock of this computer."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable

Clock = Callable[[], str]
"""Tells the time, in UTC: `YYYY-MM-DDTHH:MM:SSZ`."""


FORM = "%Y-%m-%dT%H:%M:%SZ"


def utc_now() -> str:
    """The time by this computer, in whole seconds."""
    return datetime.datetime.now(datetime.UTC).strftime(FORM)


def seconds_now() -> float:
    """The time by this computer, in seconds since 1970."""
    return time.time()


def utc_at(seconds: int) -> str:
    """The time so many seconds after 1970 began, in the same form. A time that no calendar has is written as `@seconds`."""
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime(FORM)
    except (ValueError, OverflowError, OSError):
        return f"@{seconds}"
