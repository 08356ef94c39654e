"""The public address of the app: the beginning of the addresses that it writes."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.types import Scope

from ledger.errors import UsageError, shown

HOST_LENGTH = 255
UNNAMED = "https://ADDRESS"
HOST = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.IGNORECASE)
PATH = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~-]+)*/?")


class PublicUrl(NamedTuple):
    """`origin` is scheme and host, "" if the operator did not name them; `root` is the path before every path of the app, "" if the
    app has the host to itself."""

    origin: str
    root: str

    def whole(self, path: str) -> str:
        """A path of the app with scheme and host, if the operator named them."""
        return f"{self.origin}{self.root}{path}"

    def told(self, path: str) -> str:
        """The same for people to read; without a host they have to add their own."""
        return f"{self.origin or UNNAMED}{self.root}{path}"


def public_url(text: str, name: str) -> PublicUrl:
    """The parsed public address `http(s)://host[:port][/path]`. A proxy there removes the path. `name` is the name of the setting.
    Raises UsageError (`url`)."""
    try:
        url = urlsplit(text)
        port = "" if url.port is None else f":{url.port}"
    except ValueError:
        raise _no_address(text, name, "is not a URL") from None
    host, _, _ = url.netloc.rpartition(port) if port else (url.netloc, "", "")
    if " " in text or not text.isprintable():
        raise _no_address(text, name, "contains spaces or invisible characters")
    if url.scheme not in ("http", "https"):
        raise _no_address(text, name, "does not begin with http:// or https://")
    if "?" in text or "#" in text or "@" in url.netloc:
        raise _no_address(text, name, "contains credentials, a query or a fragment")
    if not HOST.fullmatch(host) or len(host) > HOST_LENGTH:
        raise _no_address(text, name, "does not name a host in ASCII")
    if not PATH.fullmatch(url.path):
        raise _no_address(text, name, "has a path with characters other than letters, digits, `.`, `_`, `~` and `-`")
    return PublicUrl(f"{url.scheme}://{host}{port}", url.path.rstrip("/"))


def _no_address(text: str, name: str, why: str) -> UsageError:
    return UsageError(f"{name} {shown(text)}: {why}; write http(s)://host or http(s)://host/path", rule="url", where=name)


def public_url_of(scope: Scope) -> PublicUrl:
    """The public address that the operator named; otherwise one without a host.

    The host in a request is never used, because responses are cached for everyone: the first client could put another host into
    what all others get.
    """
    public: PublicUrl | None = scope["app"].state.public
    return public if public is not None else PublicUrl("", scope.get("root_path", ""))


def below_root(scope: Scope) -> str:
    """The path of a request below the place where the app is mounted."""
    path: str = scope["path"]
    root: str = scope.get("root_path", "")
    return path.removeprefix(root) if root else path


def links_begin_with(scope: Scope) -> str:
    """The beginning of links that are read away from this server: the public address, or without one the app's path."""
    return public_url_of(scope).whole("")
