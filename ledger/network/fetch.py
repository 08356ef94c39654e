"""The only module that speaks HTTP. It fetches files of one server, with bounds on bytes, time and attempts.

Nothing that arrives is trusted: it is bytes, and the caller checks them. So a redirect cannot lead to a false file. Even so, it is
followed only if it stays with the server that was named: the same scheme, host and port, or from port 80 to https on port 443 of
the same host, at most five times. No credentials are sent, no cookies are kept, and no proxy is used.
"""

from __future__ import annotations

import re
import ssl
import zlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any, TypeVar
from urllib.parse import urljoin

import urllib3
from urllib3.exceptions import HTTPError, LocationParseError, SSLError
from urllib3.util import Url, parse_url

from .. import __version__
from ..errors import SizeError, Unverifiable, UsageError, shown
from .retry import PATIENCE, Patience, pause_s, retry_after_s
from .sockets import Sockets

AT_ONCE = 8
MAX_REDIRECTS = 5
CHUNK_BYTES = 65_536
# How much a compressed file may be longer than its content. gzip adds less, so a server that sends more does not send that file.
PACKING_BYTES = 65_536
PORTS = {"http": 80, "https": 443}
MISSING = (403, 404, 410)  # an object store answers 403 for a name that does not exist
REDIRECTS = (301, 302, 303, 307, 308)
HEADERS = {"User-Agent": f"givetrail/{__version__}", "Accept-Encoding": "gzip, identity"}
_PAGE = re.compile(rb"[\s\xef\xbb\xbf]{0,64}<(!doctype|html|head|body|!--|\?xml)", re.IGNORECASE)
_CONNECTION = re.compile(r"^<?\w+\(host=[^)]*\)[^:]*: ")
T = TypeVar("T")


class Failed(Exception):
    """Why an attempt did not get a file. `again` says whether to try again; `wait_s` is how long the server asks to wait."""

    def __init__(self, why: str, again: bool = True, wait_s: float = 0.0) -> None:
        super().__init__(why)
        self.again = again
        self.wait_s = wait_s


class Fetcher:
    """Files below one address. `get` may be called by several threads; `start` and `result` must be called by the thread that owns
    it."""

    def __init__(self, url: str, patience: Patience = PATIENCE, at_once: int = AT_ONCE) -> None:
        """Does not connect yet. Raises UsageError, rule "url"."""
        self.base = base_of(url)
        self._patience, self._at_once = patience, at_once
        self._sockets, self._closed = Sockets(), Event()
        self._timeout = urllib3.Timeout(connect=patience.connect_s, read=patience.read_s)
        self._connections = urllib3.PoolManager(num_pools=2, maxsize=at_once, cert_reqs="CERT_REQUIRED")
        self._connections.pool_classes_by_scheme = self._sockets.pools()
        self._threads: ThreadPoolExecutor | None = None
        self.refused_tls = False

    def get(self, path: str, limit: int, fresh: bool = False) -> bytes:
        """A file of at most `limit` bytes; with `fresh`, caches on the way must ask the server again.

        Raises Unverifiable, rule "missing" if the server does not have the file, or rule "unreachable" if it does not send it;
        SizeError.
        """
        tried = 0
        while True:
            try:
                return self._attempt(self.base + path, limit, fresh)
            except Failed as failure:
                tried += 1
                wait_s = pause_s(tried, failure.wait_s, self._patience)
                if not failure.again or tried >= self._patience.attempts or self._closed.wait(wait_s):
                    raise _unreachable(self.base + path, str(failure), tried) from None

    def start(self, work: Callable[..., T], *values: object) -> Future[T]:
        """Run `work`, which calls `get`, in one of at most `at_once` threads."""
        if self._threads is None:
            self._threads = ThreadPoolExecutor(self._at_once, thread_name_prefix="givetrail-fetch")
        return self._threads.submit(work, *values)

    def result(self, started: Future[T]) -> T:
        """What the work returned or raised. After `file_s` it closes the fetcher and raises Unverifiable, rule "unreachable"."""
        try:
            return started.result(self._patience.file_s)
        except TimeoutError:
            self.close()
            raise _unreachable(self.base, f"did not send a file within {self._patience.file_s:g} s", 1) from None

    def rest(self) -> None:
        """Stop the threads after their current work; `start` makes new ones."""
        if self._threads is not None:
            self._threads.shutdown(cancel_futures=True)
            self._threads = None

    def close(self) -> None:
        """Stop everything, including fetches in progress."""
        self._closed.set()
        self._sockets.end()
        self.rest()
        self._connections.clear()

    def _attempt(self, url: str, limit: int, fresh: bool) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            if self._closed.is_set():
                raise Failed("did not answer several times, so it is not asked again", again=False)
            response = self._ask(url, fresh)
            try:
                if response.status not in REDIRECTS:
                    return _file(response, url, limit)
                url = followed(url, response.headers.get("Location", ""))
            except HTTPError as error:
                raise Failed(f"broke off the connection ({_words(error)})") from None
            finally:
                response.close()  # a response that was read to its end has already returned its connection
        raise Failed(f"redirects more than {MAX_REDIRECTS} times", again=False)

    def _ask(self, url: str, fresh: bool) -> urllib3.BaseHTTPResponse:
        headers = {**HEADERS, "Cache-Control": "no-cache"} if fresh else HEADERS
        try:
            return self._connections.request(
                "GET", url, headers=headers, timeout=self._timeout, retries=False, redirect=False,
                preload_content=False, decode_content=False,
            )  # fmt: skip
        except SSLError as error:
            false_certificate = isinstance(error.args[0] if error.args else None, ssl.SSLCertVerificationError)
            self.refused_tls = not false_certificate
            raise Failed(f"cannot be reached by TLS ({_words(error)})", again=not false_certificate) from None
        except HTTPError as error:
            raise Failed(f"does not answer ({_words(error)})") from None


def base_of(url: str) -> str:
    """The address of a log, ending in one slash: http or https, without credentials, query or fragment. Raises UsageError, rule
    "url"."""
    try:
        parts = parse_url(url)
    except LocationParseError:
        raise _no_address("it is not a URL") from None
    if parts.auth is not None:
        raise _no_address("it contains credentials, which are never sent")
    if parts.scheme not in PORTS or not parts.host:
        raise _no_address(f"{shown(url)} does not begin with http:// or https://")
    if parts.query is not None or parts.fragment is not None:
        raise _no_address(f"{shown(url)} contains a query or a fragment")
    return f"{parts.scheme}://{parts.netloc}{(parts.path or '').rstrip('/')}/"


def followed(url: str, location: str) -> str:
    """The address that a redirect from `url` leads to. Raises Failed if it must not be followed."""
    try:
        target = urljoin(url, location)
        here, there = parse_url(url), parse_url(target)
    except (LocationParseError, ValueError):
        raise Failed(f"redirects to {shown(location)}, which is not a URL", again=False) from None
    origin, aim = _origin(here), _origin(there)
    upgraded = origin[1:] == (here.host, 80) and aim == ("https", here.host, 443)
    if there.auth is not None or there.scheme not in PORTS or not (aim == origin or upgraded):
        raise Failed(
            f"redirects to {shown(location)}, another server, which is not followed; give that address if you trust it",
            again=False,
        )
    return target


def _origin(url: Url) -> tuple[str | None, str | None, int]:
    return url.scheme, url.host, url.port or PORTS.get(url.scheme or "", 0)


def _file(response: urllib3.BaseHTTPResponse, url: str, limit: int) -> bytes:
    """The body, if the response is a file. Raises Unverifiable, SizeError, Failed, HTTPError."""
    if response.status == 200:
        return _body(response, url, limit)
    if response.status in MISSING:
        raise _missing(f"{url}: the file is missing (the server answers {response.status})")
    again = response.status == 429 or response.status >= 500
    raise Failed(f"answers {response.status}", again, retry_after_s(response.headers))


def _body(response: urllib3.BaseHTTPResponse, url: str, limit: int) -> bytes:
    """The decompressed body. Never more than `limit` bytes and one chunk are in memory."""
    encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip", "x-gzip", ""):
        raise Failed(f"compresses the file with {shown(encoding)}, which was not requested", again=False)
    unpack = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS) if "gzip" in encoding else None
    body, arrived = bytearray(), 0
    while chunk := response.read(CHUNK_BYTES, decode_content=False):
        arrived += len(chunk)
        body += chunk if unpack is None else _unpacked(unpack, chunk, limit + 1 - len(body))
        if _PAGE.match(body):
            raise _missing(f"{url}: the server sends a web page (HTML) where this file should be, so it is missing")
        if len(body) > limit or arrived > limit + PACKING_BYTES:
            raise SizeError(
                f"{url}: larger than {limit} bytes, the most that such a file of a log can have", rule="size-limit", where=url,
            )
    if unpack is not None and (not unpack.eof or unpack.unused_data):
        raise Failed("sends a gzip body that is cut off, or has more data after its end")
    return bytes(body)


def _unpacked(unpack: Any, chunk: bytes, at_most: int) -> bytes:
    try:
        data: bytes = unpack.decompress(chunk, at_most)
        return data
    except zlib.error as error:
        raise Failed(f"sends a body that is not gzip, although it says so ({error})") from None


def _words(error: HTTPError) -> str:
    """What went wrong, without the names of the connection and the server, which the message already has."""
    return _CONNECTION.sub("", str(error), count=1)


def _missing(what: str) -> Unverifiable:
    return Unverifiable(f"{what}; give the address of a log, or get the file from a complete copy", rule="missing")


def _unreachable(url: str, why: str, tried: int) -> Unverifiable:
    attempts = f", tried {tried} times" if tried > 1 else ""
    return Unverifiable(
        f"{url}: the server {why}{attempts}; run the command again later, or use a copy", rule="unreachable", where=url,
    )


def _no_address(why: str) -> UsageError:
    return UsageError(f"address of a log: {why}; give http(s)://host/path", rule="url", where="url")
