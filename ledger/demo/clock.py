"""The time of the story: it stands still until a chapter moves it, but for a second at every look."""

from __future__ import annotations

import datetime

_OFFSET = datetime.timezone(datetime.timedelta(hours=8))


class StoryClock:
    """A clock as the sequencer and the authors ask for it. It never goes back."""

    def __init__(self, day: str, time: str) -> None:
        self._second = _seconds(day, time)

    def __call__(self) -> str:
        """The time in UTC, `YYYY-MM-DDTHH:MM:SSZ`; a second passes."""
        self._second += 1
        return datetime.datetime.fromtimestamp(self._second, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def go_to(self, day: str, time: str = "09:00", seconds: int = 0) -> None:
        """On to a local day and time, and some seconds; no step back where it is later already."""
        self._second = max(self._second, _seconds(day, time) + seconds)

    def today(self) -> str:
        """The local day, `YYYY-MM-DD`."""
        return datetime.datetime.fromtimestamp(self._second, _OFFSET).date().isoformat()


def _seconds(day: str, time: str) -> int:
    return int(datetime.datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=_OFFSET).timestamp())


def day_after(day: str, days: int) -> str:
    """The day that lies `days` after `day`."""
    return (datetime.date.fromisoformat(day) + datetime.timedelta(days)).isoformat()
