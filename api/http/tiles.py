"""The log as static files (C2SP tlog-tiles; formats §4): `/checkpoint`, `/tile/<L>/<N>[.p/<W>]`, `/tile/entries/<N>[.p/<W>]`.

The bytes are those that `givetrail export` writes. Nothing beyond the published checkpoint is served, but partial tiles of every
width within it are. Hashes are read in the thread that answers requests, because that is one look-up. Bundles of entries are read
and compressed in a thread of their own.

These are plain Starlette routes, because FastAPI's handling of a route's parameters costs more than the tile. PATHS is their part
of the OpenAPI document.
"""

from __future__ import annotations

import re
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ledger.canonical import JsonObject
from ledger.errors import FormatError, NotFound
from ledger.log.tile import FULL_WIDTH, HEIGHT, parse_path
from ledger.log_files.stamps import stamp_in

from .bundle_cache import Bundle, bundle_of
from .preference import accepts_gzip
from .problem import problems
from .window import Window, window_of

OCTETS, REPLY = "application/octet-stream", "application/timestamp-reply"
TOKEN = re.compile(r"[1-9][0-9]{0,15}\.tsr")
NOTE_HEADERS = {"cache-control": "public, max-age=2", "content-type": "text/plain; charset=utf-8"}
TILE_HEADERS = {"cache-control": "public, max-age=31536000, immutable", "content-type": OCTETS}
TOKEN_HEADERS = {"cache-control": "public, max-age=3600", "content-type": REPLY}
BUNDLE_HEADERS = {**TILE_HEADERS, "vary": "Accept-Encoding"}


async def checkpoint(request: Request) -> Response:
    """The signed head of the log."""
    return Response(window_of(request).signed_head.head().note, headers=NOTE_HEADERS)


async def tile(request: Request) -> Response:
    """A tile of hashes or a bundle of entries. Raises NotFound, StorageError, Unavailable."""
    window = window_of(request)
    level, index, width = _place(window, f"tile/{request.path_params['path']}")
    if level is not None:
        return Response(window.bundle_cache.hashes(level, index, width), headers=TILE_HEADERS)
    bundle = window.bundle_cache.kept(index, width)
    if bundle is None:
        bundle = await window.bundles.ask(partial(bundle_of, index=index, width=width))
        window.bundle_cache.keep(index, width, bundle)
    return _packed(bundle, request.headers.get("accept-encoding", ""))


async def timestamp(request: Request) -> Response:
    """The token of a timestamp over a published checkpoint. Raises NotFound, StorageError."""
    window, name = window_of(request), str(request.path_params["name"])
    size = int(name.removesuffix(".tsr")) if TOKEN.fullmatch(name) else 0
    raw = stamp_in(window.directory, size) if 0 < size <= window.signed_head.head().tree_size else None
    if raw is None:
        raise NotFound("timestamps: no token of that name is kept; name the size that a timestamp records", rule="tile")
    return Response(raw, headers=TOKEN_HEADERS)


ROUTES = (
    Route("/checkpoint", checkpoint, methods=["GET"]), Route("/tile/{path:path}", tile, methods=["GET"]),
    Route("/timestamps/{name}", timestamp, methods=["GET"]),
)  # fmt: skip


def _place(window: Window, path: str) -> tuple[int | None, int, int]:
    """The level, index and width of a tile of the published tree. Raises NotFound."""
    try:
        level, index, width = parse_path(path)
    except FormatError as error:
        raise NotFound(error.message, rule="tile") from None
    size = window.signed_head.head().tree_size
    there = (size >> HEIGHT * (level or 0)) - index * FULL_WIDTH
    if width > there:
        raise NotFound(
            f"{path}: the tree of {size} entries has {max(there, 0)} hashes there; ask for at most that many", rule="tile",
        )
    return level, index, width


def _packed(bundle: Bundle, accepts: str) -> Response:
    if accepts_gzip(accepts):
        return Response(bundle.gzipped, headers={**BUNDLE_HEADERS, "content-encoding": "gzip"})
    return Response(bundle.raw, headers=BUNDLE_HEADERS)


def _parameter(name: str, pattern: str, says: str) -> JsonObject:
    return {"name": name, "in": "path", "required": True, "description": says, "schema": {"type": "string", "pattern": pattern}}


def _operation(id: str, summary: str, says: str, media: str, form: dict[str, str], parameters: list[object]) -> JsonObject:
    """The OpenAPI description of one of these files."""
    given = {"description": summary, "content": {media: {"schema": form}}}
    responses = {str(status): said for status, said in {200: given, **problems(404, 429, 503)}.items()}
    told = {"operationId": id, "summary": summary, "description": says, "tags": ["log"], "responses": responses}
    return {"get": {**told, **({"parameters": parameters} if parameters else {})}}


_BYTES = {"type": "string", "format": "binary"}
_NUMBER = _parameter(
    "number", r"^(?:x[0-9]{3}/){0,5}[0-9]{3}(?:\.p/[1-9][0-9]{0,2})?$",
    "The index in groups of three digits, all but the last after an x (`x001/234`); `.p/<W>` for a partial tile.",
)  # fmt: skip
_LEVEL = _parameter("level", "^(?:[0-9]|[1-5][0-9]|6[0-3])$", "0 for hashes of entries; above it, of tiles of the level below.")
PATHS = {
    "/checkpoint": _operation(
        "checkpoint", "The signed head of the log", "A signed note (C2SP tlog-checkpoint).", "text/plain", {"type": "string"}, []
    ),
    "/tile/{level}/{number}": _operation(
        "hashes", "A tile of hashes", "Up to 256 hashes of 32 bytes, one after the other (C2SP tlog-tiles).", OCTETS, _BYTES,
        [_LEVEL, _NUMBER],
    ),
    "/tile/entries/{number}": _operation(
        "entries_tile", "A bundle of entries", "Up to 256 entries, each after its length as a big-endian uint16; compressed with "
        "gzip if the client accepts it (C2SP tlog-tiles).", OCTETS, _BYTES, [_NUMBER],
    ),
    "/timestamps/{name}": _operation(
        "timestamp", "The token of a timestamp", "What an authority answered about the checkpoint of that size (RFC 3161).", REPLY,
        _BYTES, [_parameter("name", r"^[1-9][0-9]{0,15}\.tsr$", "The size, and `.tsr`.")],
    ),
}  # fmt: skip
