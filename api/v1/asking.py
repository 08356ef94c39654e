"""What a request of `/v1` asks for beyond its path, and how it is answered: at a tree size, in a form, for a cache.

An answer follows from its address, the tree size, the day on which lateness is judged, the form, and this program's version; so
these make its ETag, and who has the answer already is told so before anything is read. """

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Depends, Query, Request
from pydantic import Field
from starlette.responses import Response

from ledger import __version__
from ledger.books.field import Day
from ledger.canonical import MAX_INTEGER
from ledger.errors import NotFound
from ledger.view import Snapshot

from ..place import below_root, place_of
from ..window import window_of
from .form import MEDIA, Form, form_of
from .money import Answer
from .page import WRITERS, Batch, json_of

PINNED = "public, max-age=31536000, immutable"
PRESENT = "public, max-age=5, must-revalidate"
NOT_MODIFIED = 304
PAGE_ROWS = 100
MOST_ROWS = 500
CURSOR_LENGTH = 200
TAG_DIGITS = 24

Rendered = tuple[bytes, str | None]
AtSize = Annotated[
    int | None,
    Query(ge=1, le=MAX_INTEGER, description="The tree size to read at; the answer then never changes. Default: the newest signed."),
]
AsOf = Annotated[
    Day | None,
    Query(description="The day on which lateness is judged. Default: with `at_size` the day of its last entry, else today."),
]
DueOn = Annotated[str, Field(description="The last day in time: it is late from the day after.")]
JudgedOn = Annotated[str, Field(description="The day on which lateness is judged, in the ledger's time zone.")]
Cursor = Annotated[str | None, Query(max_length=CURSOR_LENGTH, description="Where the page before ended: its `next`.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="At most so many items.")]
FormAsked = Annotated[Form | None, Query(alias="format", description="In place of an `Accept` header.")]


class Asked:
    """A request for one thing, at a tree size. It is answered as JSON, or in bytes of a format of its own."""

    def __init__(self, request: Request, at_size: int | None, as_of: str = "") -> None:
        """`as_of` is the day on which lateness is judged; "" for the day of the last entry, and where nothing is judged."""
        self._request, self._window, self._at_size, self.as_of = request, window_of(request), at_size, as_of

    async def answer(self, question: Callable[[Snapshot], Answer]) -> Response:
        """What a question about the snapshot gives, as JSON; where that has a `next`, it is a page."""

        def rendered(snapshot: Snapshot) -> Rendered:
            answer = question(snapshot)
            return json_of(answer), getattr(answer, "next", None)

        return await self._answered(MEDIA[Form.JSON], rendered)

    async def octets(self, question: Callable[[Snapshot], bytes], media: str) -> Response:
        """What a question about the snapshot gives, as it is."""
        return await self._answered(media, lambda snapshot: (question(snapshot), None))

    async def _answered(self, media: str, question: Callable[[Snapshot], Rendered], mark: str = "") -> Response:
        """Raises NotFound (`tree-size`) for a size that is not signed yet, and what the question raises."""
        size = self._size()
        etag = self._tag(size, f"{media} {mark}")
        headers = {"cache-control": PINNED if self._at_size else PRESENT, "etag": etag, "vary": "Accept"}
        if headers["etag"] in _tags(self._request.headers.get("if-none-match", "")):
            return Response(status_code=NOT_MODIFIED, headers=headers)
        body, cursor = await self._window.reader.ask(lambda view: question(view.at(size)))
        links = self._links(size, cursor)
        return Response(body, headers={**headers, "content-type": media, **({"link": links} if links else {})})

    @property
    def is_pinned(self) -> bool:
        """Whether the request names the tree size: what is answered then is kept for ever."""
        return self._at_size is not None

    def _size(self) -> int:
        signed = self._window.published.head().tree_size
        if self._at_size is not None and self._at_size > signed:
            raise NotFound(f"at_size {self._at_size}: {signed} entries are signed; name no more", rule="tree-size", where="at_size")
        return self._at_size or signed

    def _pins(self, size: int) -> dict[str, str]:
        """The parameters that make of this answer one that never changes."""
        return {"at_size": str(size), **({"as_of": self.as_of} if self.as_of else {})}

    def _tag(self, size: int, form: str) -> str:
        scope = self._request.scope
        asked = f"{place_of(scope)} {scope['path']} {scope['query_string']!r}"
        text = f"{asked} {self._pins(size)} {form} {__version__}"
        return f'"{size}-{hashlib.sha256(text.encode()).hexdigest()[:TAG_DIGITS]}"'

    def _links(self, size: int, cursor: str | None) -> str:
        """The next page, read at the same size; and where no size was named, the address that always gives this answer."""
        links = []
        if cursor is not None:
            links.append(f'<{self._address({**self._pins(size), "cursor": cursor})}>; rel="next"')
        if self._at_size is None:
            links.append(f'<{self._address(self._pins(size))}>; rel="bookmark"')
        return ", ".join(links)

    def _address(self, changes: Mapping[str, str]) -> str:
        scope = self._request.scope
        path, query = place_of(scope).root + below_root(scope), scope["query_string"].decode(errors="replace")
        return f"{quote(path)}?{urlencode({**dict(parse_qsl(query)), **changes})}"


class AskedPage(Asked):
    """A request for part of a list, in any form. Raises RequestRefused (406) where it asks for none of them."""

    def __init__(
        self, request: Request, at_size: int | None, as_of: str, cursor: str | None, limit: int, form: Form | None
    ) -> None:
        super().__init__(request, at_size, as_of)
        self._cursor, self._limit = cursor, limit
        self._form = form_of(form, request.headers.get("accept", ""), tuple(Form))

    async def page(
        self, model: type[Answer], question: Callable[[Snapshot, str | None, int], Batch], mark: str = ""
    ) -> Response:
        """The items that a question about the snapshot gives from a cursor on, at most so many. `mark` tells states of what lies
        beside the log from one another, where the answer has something of that."""

        def rendered(snapshot: Snapshot) -> Rendered:
            batch = question(snapshot, self._cursor, self._limit)
            return WRITERS[self._form](model, snapshot.tree_size, batch), batch.next

        return await self._answered(MEDIA[self._form], rendered, mark)


# What FastAPI makes of a request; `async`, for it gives everything else to another thread.


async def _one(request: Request, at_size: AtSize = None) -> Asked:
    return Asked(request, at_size)


async def _many(
    request: Request, at_size: AtSize = None, cursor: Cursor = None, limit: Limit = PAGE_ROWS, form: FormAsked = None
) -> AskedPage:
    return AskedPage(request, at_size, "", cursor, limit, form)


async def _day(request: Request, at_size: AtSize = None, as_of: AsOf = None) -> str:
    """The day that the request names; "", the day of the last entry, where it names a tree size only; else today."""
    return (as_of or "") if as_of or at_size else await window_of(request).today()


Judged = Annotated[str, Depends(_day)]


async def _one_on(request: Request, day: Judged, at_size: AtSize = None) -> Asked:
    return Asked(request, at_size, day)


async def _many_on(
    request: Request, day: Judged, at_size: AtSize = None, cursor: Cursor = None, limit: Limit = PAGE_ROWS, form: FormAsked = None
) -> AskedPage:
    return AskedPage(request, at_size, day, cursor, limit, form)


One = Annotated[Asked, Depends(_one)]
"""A route's request for one thing."""
Many = Annotated[AskedPage, Depends(_many)]
"""A route's request for part of a list."""
OneOn = Annotated[Asked, Depends(_one_on)]
"""A request for one thing in which lateness is judged on `as_of`."""
ManyOn = Annotated[AskedPage, Depends(_many_on)]
"""A request for part of a list in which lateness is judged on `as_of`."""


def _tags(header: str) -> set[str]:
    """The entity tags of an If-None-Match header; weak ones compare as the others (RFC 9110 §13.1.2)."""
    return {tag.strip().removeprefix("W/") for tag in header.split(",")}
