"""What a request for a page asks for, and how it is answered: in a language, at a tree size, as HTML.

With `at_size` all that a page says of the ledger is fixed. Its words can change with this program, so it is kept for a day and
not for ever; `/v1` has answers that are.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ledger import __version__
from ledger.books.field import DAY
from ledger.canonical import MAX_INTEGER, from_decimal
from ledger.errors import CanonicalError, InputError, NotFound, shown
from ledger.view import Snapshot

from ..http.compression import packed
from ..http.last_audit import Audited
from ..http.public_url import below_root, place_of
from ..http.window import Window, window_of
from .address import Address
from .files import files
from .frame import Frame, render
from .locale import Voice, language_of, preferred, voice_of
from .policy import policy_of

HTML = "text/html; charset=utf-8"
PINNED = "public, max-age=86400"
PRESENT = "public, max-age=5, must-revalidate"
CHOICES = ("lang", "at_size", "as_of")
TAG_DIGITS = 24
VARY = "Accept-Encoding, Accept-Language"
NOT_FOLLOWED = "noindex, nofollow"
"""Said of every page whose address names a tree size or a day: there is one for each of each, and all say what another says."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors {framed}"
)
GUARDS = {"referrer-policy": "no-referrer", "permissions-policy": "camera=(), geolocation=(), microphone=()"}


class Asked(NamedTuple):
    """A request for a page: its address, the voice that answers, the path's parameters, the other parameters of the query, the
    tree size, the day on which lateness is judged ("" is the day of the last entry), and, where they are shown, the trust policy
    and the last audit."""

    address: Address
    voice: Voice
    path: Mapping[str, Any]
    query: Mapping[str, str]
    size: int
    as_of: str
    policy: str = ""
    audited: Audited | None = None


class Page(NamedTuple):
    """A template and what it is filled with. `raw` is answered, or `to` sends the reader to another path, instead."""

    template: str
    facts: dict[str, Any]
    status: int = HTTPStatus.OK
    to: str = ""
    raw: bytes = b""


Question = Callable[[Snapshot, Asked], Page]


def page(
    path: str, question: Question, *, is_judged: bool = False, shows_beside: bool = False, framed: str = "'none'", media: str = HTML
) -> Route:
    """The route of a page. With `is_judged` it says what is late; with `shows_beside`, where no tree size is named, what lies
    beside the log: the trust policy and the last audit. `framed` is who may show it in a frame."""
    headers = {**GUARDS, "content-security-policy": POLICY.format(framed=framed), "content-type": media}

    async def endpoint(request: Request) -> Response:
        window = window_of(request)
        asked = _asked(request, window, address_of(request), is_judged)
        if shows_beside and not asked.address.at_size:
            asked = asked._replace(policy=policy_of(window.directory), audited=window.audited)
        return await _answer(request, window, asked, question, headers)

    return Route(path, endpoint, methods=["GET"])


async def _answer(request: Request, window: Window, asked: Asked, question: Question, fixed: dict[str, str]) -> Response:
    cache = {
        "cache-control": PINNED if asked.address.at_size else PRESENT, "etag": f"W/{_tag(asked)}", "vary": VARY,
        **({"x-robots-tag": NOT_FOLLOWED} if asked.address.at_size or asked.address.as_of else {}),
    }  # fmt: skip
    if _tag(asked) in {tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")}:
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={**fixed, **cache})
    kind = (question, bool(asked.address.at_size))
    status, text = await window.reader.ask(lambda view: _made(view.at(asked.size), asked, question), kind)
    if status == HTTPStatus.SEE_OTHER:
        return RedirectResponse(str(text), status, {"cache-control": PRESENT})
    return packed(text, status, {**fixed, **cache, "content-language": asked.voice.tag}, request.scope)


def _made(snapshot: Snapshot, asked: Asked, question: Question) -> tuple[int, str | bytes]:
    """The status, and the page or the address of another."""
    made = question(snapshot, asked)
    if made.to:
        return HTTPStatus.SEE_OTHER, asked.address.to(made.to)
    if made.raw:
        return made.status, made.raw
    offset_minutes = snapshot.books.ledger[""].offset_minutes
    frame = Frame(asked.address, asked.voice, asked.size, asked.as_of or snapshot.day, offset_minutes)
    return made.status, render(made.template, frame, {"books": snapshot.books, **made.facts})


def _asked(request: Request, window: Window, address: Address, is_judged: bool) -> Asked:
    """Raises InputError, NotFound (`tree-size`)."""
    size = _size(address.at_size, window.published.head().tree_size)
    as_of = _day(address.as_of) if is_judged else ""
    return Asked(address, voice_for(request, address), request.path_params, dict(address.more), size, as_of)


def _size(text: str, signed: int) -> int:
    if not text:
        return signed
    try:
        size = from_decimal(text)
    except CanonicalError:
        size = 0
    if not 1 <= size <= MAX_INTEGER:
        raise InputError(f"at_size {shown(text)}: has to be a number of entries, from 1", rule="parameter", where="at_size")
    if size > signed:
        raise NotFound(f"at_size {size}: {signed} entries are signed; name no more", rule="tree-size", where="at_size")
    return size


def _day(text: str) -> str:
    if text and not re.fullmatch(DAY, text):
        raise InputError(f"as_of {shown(text)}: has to be a day such as 2026-09-07", rule="parameter", where="as_of")
    return text


def address_of(request: Request) -> Address:
    """The page that a request asks for."""
    given = dict(parse_qsl(request.scope["query_string"].decode(errors="replace")))
    chosen = {name: given.pop(name, "") for name in CHOICES}
    chosen["lang"] = language_of(chosen["lang"])
    scope = request.scope
    return Address(place_of(scope), below_root(scope), **chosen, more=tuple(given.items()))


def voice_for(request: Request, address: Address) -> Voice:
    """The voice that answers: in the language that the address names, else in the one that the reader prefers."""
    return voice_of(address.lang or preferred(request.headers.get("accept-language", "")))


def _tag(asked: Asked) -> str:
    """What a page is made of: its address, the language, the tree size, the day, what lies beside the log, the files and this
    program."""
    beside = f"{asked.policy} {asked.audited.mark() if asked.audited else ''}"
    text = f"{asked.address} {asked.voice.name} {asked.size} {asked.as_of} {beside} {files().mark} {__version__}"
    return f'"{asked.size}-{hashlib.sha256(text.encode()).hexdigest()[:TAG_DIGITS]}"'
