"""Tells an alarm to a server that the user names: one POST of JSON, tried at most three times, with bounds on time and bytes."""

from __future__ import annotations

import ipaddress
import json
import time
from collections.abc import Callable

from urllib3.exceptions import LocationParseError
from urllib3.util import parse_url

from ..errors import Unverifiable, UsageError, shown
from ..network.post import post
from .alarm import Alarm

ATTEMPTS = 3
PAUSE_S = 1.0
ANSWER_BYTES = 65_536


class Webhook:
    """Where alarms are told. It goes to one address over https, or over http on this computer; redirects are not followed."""

    def __init__(self, url: str, wait: Callable[[float], None] = time.sleep) -> None:
        """Nothing is sent yet. Raises UsageError, rule "url"."""
        try:
            parts = parse_url(url)
        except LocationParseError:
            raise _unusable(f"{shown(url)} is not a URL") from None
        if parts.auth is not None:
            raise _unusable("it contains credentials, which are never sent")
        if parts.scheme not in ("http", "https") or not parts.host or parts.fragment is not None:
            raise _unusable(f"{shown(url)} does not begin with https://, or has a fragment")
        if parts.scheme == "http" and not _is_here(parts.host):
            raise _unusable(f"{shown(url)} would send the alarm unencrypted to another computer")
        self._address = parts.url
        self._wait = wait

    def tell(self, alarm: Alarm) -> str:
        """Send one alarm. Returns "" if the server took it, else why not."""
        body, why = json.dumps(alarm.as_json(), ensure_ascii=False).encode(), ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._wait(PAUSE_S * attempt)
            try:
                status = post(self._address, body, "application/json", ANSWER_BYTES).status
            except Unverifiable as error:
                why = error.message
                continue
            if 200 <= status < 300:
                return ""
            why = f"{self._address.partition('?')[0]}: the server answers {status}"
            if status != 429 and status < 500:
                break
        return why


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _unusable(why: str) -> UsageError:
    return UsageError(f"webhook: {why}; give https://host/path, or http:// on this computer", rule="url", where="webhook")
