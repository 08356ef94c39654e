"""The clock of this computer."""

from __future__ import annotations

import datetime
from collections.abc import Callable

Clock = Callable[[], str]
"""Tells the time, in UTC: `YYYY-MM-DDTHH:MM:SSZ`."""


def utc_now() -> str:
    """The time by this computer, in whole seconds."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
