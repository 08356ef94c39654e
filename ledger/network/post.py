"""Sends one request to a server and reads its answer, with bounds on bytes and time. Redirects are not followed, and nothing is
sent a second time: the caller knows whether a request may be repeated."""

from __future__ import annotations

from threading import Timer
from typing import NamedTuple

import urllib3
from urllib3.exceptions import HTTPError, ReadTimeoutError

from .. import __version__
from ..errors import Unverifiable
from .fetch import CHUNK_BYTES
from .sockets import Sockets

CONNECT_S = 5.0
WHOLE_S = 10.0


class Answer(NamedTuple):
    """The status of an answer, its media type without parameters, in lower case, and its body."""

    status: int
    media: str
    body: bytes


def post(target: str, body: bytes, media: str, limit: int, whole_s: float = WHOLE_S) -> Answer:
    """Send `body` of a media type to an address, which the caller has checked, and read an answer of at most `limit` bytes, all
    within `whole_s` seconds. Raises Unverifiable, rule "unreachable", also if the answer is too large or too slow."""
    sockets = Sockets()
    pool = urllib3.PoolManager(num_pools=1, maxsize=1, cert_reqs="CERT_REQUIRED")
    pool.pool_classes_by_scheme = sockets.pools()
    # A server that sends a byte now and then never exceeds the limit of one read, so a timer ends the whole exchange.
    timer = Timer(whole_s, sockets.end)
    timer.daemon = True
    timer.start()
    try:
        return _answer(pool, target, body, media, limit, whole_s)
    except HTTPError as error:
        is_slow = sockets.ended or isinstance(error, ReadTimeoutError)
        why = f"did not answer within {whole_s:g} s" if is_slow else f"does not answer ({error})"
        raise _unreachable(target, why) from None
    finally:
        timer.cancel()
        pool.clear()


def _answer(pool: urllib3.PoolManager, target: str, body: bytes, media: str, limit: int, whole_s: float) -> Answer:
    headers = {"User-Agent": f"givetrail/{__version__}", "Content-Type": media, "Accept-Encoding": "identity"}
    response = pool.request(
        "POST", target, body=body, headers=headers, timeout=urllib3.Timeout(connect=min(CONNECT_S, whole_s), read=whole_s),
        retries=False, redirect=False, preload_content=False, decode_content=False,
    )  # fmt: skip
    try:
        read = bytearray()
        while chunk := response.read(CHUNK_BYTES, decode_content=False):
            read += chunk
            if len(read) > limit:
                raise _unreachable(target, f"sends more than {limit} bytes, the most that its answer can have")
        return Answer(response.status, response.headers.get("Content-Type", "").partition(";")[0].strip().lower(), bytes(read))
    finally:
        response.close()


def _unreachable(target: str, why: str) -> Unverifiable:
    return Unverifiable(f"{target}: the server {why}; try again later", rule="unreachable", where=target)
