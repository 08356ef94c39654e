"""The time of the story: chapters move it, and each reading takes a second."""

from __future__ import annotations

import datetime

_OFFSET = datetime.timezone(datetime.timedelta(hours=8))


class StoryClock:
    """A clock for the sequencer and the authors. It never goes back."""

    def __init__(self, day: str, time: str) -> None:
        self._second = _seconds(day, time)

    def __call__(self) -> str:
        """The time in UTC, `YYYY-MM-DDTHH:MM:SSZ`. Each call advances it by a second."""
        self._second += 1
        return datetime.datetime.fromtimestamp(self._second, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def go_to(self, day: str, time: str = "09:00", seconds: int = 0) -> None:
        """Move forward to a local day and time, and some seconds. Does nothing if it is later already."""
        self._second = max(self._second, _seconds(day, time) + seconds)

    def today(self) -> str:
        """The local day, `YYYY-MM-DD`."""
        return datetime.datetime.fromtimestamp(self._second, _OFFSET).date().isoformat()


def _seconds(day: str, time: str) -> int:
    return int(datetime.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=_OFFSET).timestamp())


def day_after(day: str, days: int) -> str:
    """The day `days` after `day`."""
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days)).isoformat()
