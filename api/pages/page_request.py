"""What a request for a page asks for, and how it is answered: in a language, at a tree size, as HTML.

With `at_size`, everything that a page says about the ledger is fixed. Its wording can change with this program, so it is cached for
a day and not for ever, as answers of `/v1` are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ledger.books.field import DAY
from ledger.books.moment import day_to_judge
from ledger.bounds import MAX_INTEGER
from ledger.canonical import from_decimal
from ledger.errors import CanonicalError, InputError, shown
from ledger.view.snapshot import Snapshot

from ..http.compression import compressed
from ..http.last_audit import LastAudit
from ..http.public_url import below_root, public_url_of
from ..http.trust_policy import policy_of
from ..http.window import Reading
from .address import Address
from .files import files
from .frame import Frame, render
from .locale import Voice, language_of, preferred, voice_of
from .record_names import Naming
from .steps import goods_of

HTML = "text/html; charset=utf-8"
PINNED = "public, max-age=86400"
PRESENT = "public, max-age=5, must-revalidate"
CHOICES = ("lang", "at_size", "as_of")
VARY = "Accept-Encoding, Accept-Language"
NOT_FOLLOWED = "noindex, nofollow"
"""Sent with every page whose address names a tree size or a day: there is one for every value, and they repeat each other."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors {framed}"
)
GUARDS = {"referrer-policy": "no-referrer", "permissions-policy": "camera=(), geolocation=(), microphone=()"}


class Asked(NamedTuple):
    """A request for a page: its address, the voice that answers, the parameters in the path, the other query parameters, the tree
    size, the day as of which overdue items are judged ("" is the day of the last entry), and, if they are shown, the trust policy
    and the last audit. `is_judged` if the page says what is overdue."""

    address: Address
    voice: Voice
    path: Mapping[str, Any]
    query: Mapping[str, str]
    size: int
    as_of: str
    policy: str = ""
    last_audit: LastAudit | None = None
    is_judged: bool = False


class Page(NamedTuple):
    """A template and its values. Instead, `raw` is sent as it is, or `to` redirects the reader to another path."""

    template: str
    facts: dict[str, Any]
    status: int = HTTPStatus.OK
    to: str = ""
    raw: bytes = b""


Question = Callable[[Snapshot, Asked], Page]


def page(
    path: str, question: Question, *, is_judged: bool = False, shows_beside: bool = False, framed: str = "'none'", media: str = HTML
) -> Route:
    """The route of a page. With `is_judged` it says what is overdue. With `shows_beside`, if no tree size is named, it shows what
    is kept beside the log: the trust policy and the last audit. `framed` says who may show it in a frame."""
    headers = {**GUARDS, "content-security-policy": POLICY.format(framed=framed), "content-type": media}

    async def endpoint(request: Request) -> Response:
        address = address_of(request)
        reading = Reading(request, _size(address.at_size), _day(address.as_of) if is_judged else "")
        asked = Asked(
            address, voice_for(request, address), request.path_params, dict(address.more), reading.size(), reading.as_of,
            is_judged=is_judged,
        )  # fmt: skip
        if shows_beside and not reading.is_pinned:
            asked = asked._replace(policy=policy_of(reading.window.directory), last_audit=reading.window.last_audit)
        return await _answer(reading, asked, question, headers)

    return Route(path, endpoint, methods=["GET"])


async def _answer(reading: Reading, asked: Asked, question: Question, fixed: dict[str, str]) -> Response:
    tag = reading.tag(asked.size, *_made_of(asked))
    cache = {
        "cache-control": PINNED if reading.is_pinned else PRESENT, "etag": f"W/{tag}", "vary": VARY,
        **({"x-robots-tag": NOT_FOLLOWED} if reading.is_pinned or asked.address.as_of else {}),
    }  # fmt: skip
    if reading.is_known(tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={**fixed, **cache})
    kind = (question, reading.is_pinned)
    status, text = await reading.ask(asked.size, lambda snapshot: _made(snapshot, asked, question), kind)
    if status == HTTPStatus.SEE_OTHER:
        return RedirectResponse(str(text), status, {"cache-control": PRESENT})
    return compressed(text, status, {**fixed, **cache, "content-language": asked.voice.tag}, reading.request.scope)


def _made(snapshot: Snapshot, asked: Asked, question: Question) -> tuple[int, str | bytes]:
    """The status, and the page or the address to redirect to."""
    made = question(snapshot, asked)
    if made.to:
        return HTTPStatus.SEE_OTHER, asked.address.to(made.to)
    if made.raw:
        return made.status, made.raw
    offset_minutes = snapshot.books.ledger[""].offset_minutes
    frame = Frame(asked.address, asked.voice, asked.size, day_to_judge(asked.as_of, snapshot.day), offset_minutes, asked.is_judged)
    known = {"books": snapshot.books, "goods": goods_of(snapshot), "naming": Naming(asked.voice, snapshot)}
    return made.status, render(made.template, frame, {**known, **made.facts})


def _size(text: str) -> int | None:
    """The tree size in an address. Raises InputError."""
    if not text:
        return None
    try:
        size = from_decimal(text)
    except CanonicalError:
        size = 0
    if not 1 <= size <= MAX_INTEGER:
        raise InputError(f"at_size {shown(text)}: must be a number of entries, 1 or more", rule="parameter", where="at_size")
    return size


def _day(text: str) -> str:
    if text and not re.fullmatch(DAY, text):
        raise InputError(f"as_of {shown(text)}: must be a day such as 2026-09-07", rule="parameter", where="as_of")
    return text


def address_of(request: Request) -> Address:
    """The page that a request asks for."""
    given = dict(parse_qsl(request.scope["query_string"].decode(errors="replace")))
    chosen = {name: given.pop(name, "") for name in CHOICES}
    chosen["lang"] = language_of(chosen["lang"])
    scope = request.scope
    return Address(public_url_of(scope), below_root(scope), **chosen, more=tuple(given.items()))


def voice_for(request: Request, address: Address) -> Voice:
    """The voice that answers, in the language that the address names, or else in the one that the reader prefers."""
    return voice_of(address.lang or preferred(request.headers.get("accept-language", "")))


def _made_of(asked: Asked) -> tuple[object, ...]:
    """What a page depends on: its address, the language, the tree size, the day, what is kept beside the log, and the files."""
    beside = f"{asked.policy} {asked.last_audit.mark() if asked.last_audit else ''}"
    return asked.address, asked.voice.name, asked.size, asked.as_of, beside, files().mark
