"""The files that pages load: one style sheet, the icon and, when a reader asks for it, the verifier. Their addresses contain a hash
over all of them, so the file at an address never changes and may be cached for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ledger.errors import NotFound, shown

from ..http.compression import compressed
from ..http.public_url import public_url_of

FOLDERS = (Path(__file__).parent / "static", Path(__file__).parents[1] / "verifier")
MEDIA = {
    ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
}  # fmt: skip
FOR_EVER = "public, max-age=31536000, immutable"
HASH_DIGITS = 16
NOT_SERVED = ("page.js", "page.css")
"""Parts of the verifier as one file, which has its own page."""


class Files(NamedTuple):
    """Every file by its name, and the hash over all of them."""

    mark: str
    by_name: dict[str, bytes]


@cache
def files() -> Files:
    """The files, read once."""
    found = {
        path.name: path.read_bytes()
        for folder in FOLDERS for path in sorted(folder.iterdir()) if path.suffix in MEDIA and path.name not in NOT_SERVED
    }  # fmt: skip
    over_all = hashlib.sha256()
    for name, raw in sorted(found.items()):
        over_all.update(b"%s\0%d\0%s" % (name.encode(), len(raw), raw))
    return Files(over_all.hexdigest()[:HASH_DIGITS], found)


def path_of(name: str) -> str:
    """The path of a file."""
    return f"/static/{files().mark}/{name}"


async def file(request: Request) -> Response:
    """A file. A page of another version of the program may ask for another hash: it is redirected to the current one."""
    name, known = request.path_params["name"], files()
    if name not in known.by_name:
        raise NotFound(f"{shown(name)}: there is no such file", rule="path")
    if request.path_params["mark"] != known.mark:
        where = public_url_of(request.scope).root + path_of(name)
        return RedirectResponse(where, HTTPStatus.TEMPORARY_REDIRECT, {"cache-control": "no-store"})
    headers = {"cache-control": FOR_EVER, "content-type": MEDIA[Path(name).suffix], "vary": "Accept-Encoding"}
    return compressed(known.by_name[name], HTTPStatus.OK, headers, request.scope)


ROUTE = Route("/static/{mark}/{name}", file, methods=["GET"])
