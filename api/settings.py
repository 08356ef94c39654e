"""What bounds a server: how much anybody may ask, and how much is kept for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ledger.errors import UsageError, shown

RATE = "GIVETRAIL_RATE"
TRUST_FORWARDED = "GIVETRAIL_TRUST_FORWARDED"

URL_BYTES = 2048
"""Path and query of a request, together."""
ADDRESSES = 10_000
"""Client addresses that the rate limit remembers; the one not seen for longest is forgotten first."""
STREAM_S = 600
"""How long one stream of checkpoints lasts; a browser opens the next by itself."""


class Settings(NamedTuple):
    """What an operator may set.

    `requests_per_s` is what one client address may ask in the long run, 0 for no limit; `burst` what it may ask at once. With
    `trust_forwarded` the address is the last one of `X-Forwarded-For`, which the proxy in front of the server has written there.
    `streams` is how many streams of checkpoints are open at once, `waiting` how many answers of `/v1` wait for the reader.
    """

    requests_per_s: float = 50
    burst: int = 200
    trust_forwarded: bool = False
    streams: int = 100
    waiting: int = 100


def settings_of(environment: Mapping[str, str]) -> Settings:
    """The settings that environment variables say: GIVETRAIL_RATE, GIVETRAIL_TRUST_FORWARDED=1. Raises UsageError."""
    rate = environment.get(RATE, "")
    trust = environment.get(TRUST_FORWARDED, "")
    if trust not in ("", "0", "1"):
        raise UsageError(f"{TRUST_FORWARDED} {shown(trust)}: has to be 0 or 1", rule="usage", where=TRUST_FORWARDED)
    return with_rate(Settings(trust_forwarded=trust == "1"), rate) if rate else Settings(trust_forwarded=trust == "1")


def with_rate(settings: Settings, text: str) -> Settings:
    """The settings with `text` requests a second, and four times as many at once. Raises UsageError."""
    try:
        per_s = float(text)
    except ValueError:
        per_s = -1.0
    if not 0 <= per_s <= 1_000_000:
        raise UsageError(f"rate {shown(text)}: has to be a number from 0 to 1000000", rule="usage", where=RATE)
    return settings._replace(requests_per_s=per_s, burst=max(1, round(4 * per_s)))
