"""Limits how often one client may ask: a token bucket for each address, refilled at a steady rate."""

from __future__ import annotations

import ipaddress
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache

from .settings import ADDRESSES, Settings

IPV6_PREFIX = 64
ADDRESS_LENGTH = 64
Headers = Sequence[tuple[bytes, bytes]]


class RateLimit:
    """At most `burst` requests at once and `per_s` a second from each client; `per_s` 0 allows everything."""

    def __init__(self, per_s: float, burst: int) -> None:
        self._per_s, self._burst = per_s, burst
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, client: str, now_s: float) -> float:
        """0 if the request is allowed; otherwise the seconds until the next one will be. `now_s` must be from a monotonic clock."""
        if not self._per_s:
            return 0.0
        tokens, at_s = self._buckets.pop(client, (float(self._burst), now_s))
        tokens = min(self._burst, tokens + (now_s - at_s) * self._per_s)
        let_through = tokens >= 1
        self._buckets[client] = (tokens - 1 if let_through else tokens, now_s)
        if len(self._buckets) > ADDRESSES:
            self._buckets.popitem(last=False)
        return 0.0 if let_through else (1 - tokens) / self._per_s


def client_of(peer: str, headers: Headers, settings: Settings) -> str | None:
    """The client of a request: an IPv4 address, or the /64 network of an IPv6 one. None if it is not known: the request came over a
    socket without an address, or from this machine, where a proxy may pass on everyone's requests."""
    forwarded = _forwarded(headers) if settings.trust_forwarded else ""
    return _client((forwarded or peer)[:ADDRESS_LENGTH], bool(forwarded))


@lru_cache(maxsize=ADDRESSES)
def _client(text: str, forwarded: bool) -> str | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text or None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback and not forwarded:
        return None
    if address.version == 6:
        return str(ipaddress.ip_network((address, IPV6_PREFIX), strict=False))
    return str(address)


def _forwarded(headers: Headers) -> str:
    """The last address in `X-Forwarded-For`: the one that the nearest proxy itself saw."""
    values = [value for name, value in headers if name == b"x-forwarded-for"]
    return values[-1].decode("latin-1").rpartition(",")[2].strip() if values else ""
