"""The limits of a server: how much a client may ask, and how much memory that takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.errors import UsageError, shown

from .public_url import PublicUrl, public_url

RATE = "GIVETRAIL_RATE"
TRUST_FORWARDED = "GIVETRAIL_TRUST_FORWARDED"
PUBLIC_URL = "GIVETRAIL_PUBLIC_URL"
REPORT = "GIVETRAIL_REPORT"

URL_BYTES = 2048
"""The length of a request's path and query together."""
ADDRESSES = 10_000
"""How many client addresses the rate limit remembers; the one that was seen least recently is forgotten first."""
STREAM_S = 600
"""How long one stream of checkpoints lasts; a browser opens the next by itself."""


class Settings(NamedTuple):
    """What an operator may set.

    - `requests_per_s` is how much one client address may ask in the long run, 0 for no limit; `burst` is how much at once.
    - With `trust_forwarded` the client's address is the last one in `X-Forwarded-For`, which the proxy in front wrote.
    - `public` is the address where readers find the server, None if it is not set: then links are paths.
    - `report` is the path of the last audit's report, "" for none.
    - `streams` is how many streams of checkpoints may be open at once.
    - `waiting` is how many answers of `/v1` may wait for a reader.
    - `readers` is how many answers are computed at once, besides a quick one, and `budget_s` is how long one may take.
    - `connections` is how many may be open at once in a process.
    - `request_s` is how long a client may take to send a request.
    - `unread_s` is how long a client may take almost nothing of its response before its connection is closed.
    """

    requests_per_s: float = 50
    burst: int = 200
    trust_forwarded: bool = False
    public: PublicUrl | None = None
    report: str = ""
    streams: int = 100
    waiting: int = 100
    readers: int = 2
    budget_s: float = 10
    connections: int = 10_000
    request_s: float = 10
    unread_s: float = 30


def settings_of(environment: Mapping[str, str]) -> Settings:
    """The settings in the environment variables GIVETRAIL_RATE, GIVETRAIL_TRUST_FORWARDED=1, GIVETRAIL_PUBLIC_URL and
    GIVETRAIL_REPORT. An empty one counts as not set. Raises UsageError."""
    rate, trust, public = (environment.get(name, "") for name in (RATE, TRUST_FORWARDED, PUBLIC_URL))
    if trust not in ("", "0", "1"):
        raise UsageError(f"{TRUST_FORWARDED} {shown(trust)}: must be 0 or 1", rule="usage", where=TRUST_FORWARDED)
    place = public_url(public, PUBLIC_URL) if public else None
    settings = Settings(trust_forwarded=trust == "1", public=place, report=environment.get(REPORT, ""))
    return with_rate(settings, rate) if rate else settings


def with_rate(settings: Settings, text: str) -> Settings:
    """The settings with `text` requests a second, and four times as many at once. Raises UsageError."""
    try:
        per_s = float(text)
    except ValueError:
        per_s = -1.0
    if not 0 <= per_s <= 1_000_000:
        raise UsageError(f"rate {shown(text)}: must be a number from 0 to 1000000", rule="usage", where=RATE)
    return settings._replace(requests_per_s=per_s, burst=max(1, round(4 * per_s)))
