"""What a request of `/v1` asks for besides its path, and how it is answered: at a tree size, in a form, for a cache.

An answer depends only on its address, the tree size, the day as of which overdue items are judged, the form, and this program's
version. These make its ETag, so a client that already has the answer is told so before anything is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from typing import Annotated
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Depends, Query, Request
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from ledger.books.field import Day
from ledger.bounds import MAX_INTEGER
from ledger.view.snapshot import Snapshot

from ..http.problem import Unavailable
from ..http.public_url import below_root, public_url_of
from ..http.window import Reading
from .cursor import IdCursor, NumberCursor, PlaceCursor, RefCursor
from .form import MEDIA, Form, form_of, forms
from .money import Answer
from .page import WRITERS, Batch, Writer, json_of, json_page
from .text_types import DaySaid

PINNED = "public, max-age=31536000, immutable"
PRESENT = "public, max-age=5, must-revalidate"
NOT_MODIFIED = 304
PAGE_ROWS = 100
MOST_ROWS = 500
PART_ROWS = 100
"""How many items of a whole list are read in one turn; other clients wait meanwhile."""
WAIT_S, PATIENCE = 0.25, 120
"""How long, and how often, a list that has started waits while too many others are asking."""

Rendered = tuple[bytes, str | None]
Turn = Callable[[Snapshot, str | None, int], Batch]
AtSize = Annotated[
    int | None,
    Query(
        ge=1, le=MAX_INTEGER,
        description="The tree size to read at. The answer then never changes. Default: the newest signed size.",
    ),
]
AsOf = Annotated[
    Day | None,
    Query(
        description="The day as of which overdue items are judged, unless the last entry's is later, as in `givetrail verify`."
    ),
]
DueOn = Annotated[DaySaid, Field(description="The last day in time. It is overdue from the day after.")]
JudgedOn = Annotated[DaySaid, Field(description="The day as of which overdue items are judged, in the ledger's time zone.")]
Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="The most items to return.")]
ListLimit = Annotated[
    int | None,
    Query(ge=1, le=MOST_ROWS, description="The most items to return. Default: 100 in JSON, all of them in the other formats."),
]
FormAsked = Annotated[Form | None, Query(alias="format", description="In place of an `Accept` header.")]


class Asked(Reading):
    """A request for one thing at a tree size. The answer is JSON, or bytes in a format of its own."""

    async def answer(self, question: Callable[[Snapshot], Answer]) -> Response:
        """The answer to a question about the snapshot, as JSON; if it has a `next`, it is a page."""

        def rendered(snapshot: Snapshot) -> Rendered:
            answer = question(snapshot)
            return json_of(answer), getattr(answer, "next", None)

        return await self._answered(MEDIA[Form.JSON], rendered)

    async def octets(self, question: Callable[[Snapshot], bytes], media: str) -> Response:
        """The answer to a question about the snapshot, as it is."""
        return await self._answered(media, lambda snapshot: (question(snapshot), None))

    async def _answered(self, media: str, question: Callable[[Snapshot], Rendered], mark: str = "") -> Response:
        """Raises NotFound (`tree-size`) for a size that is not signed yet, and whatever the question raises."""
        size = self.size()
        headers = self._headers(size, media, mark)
        if self.is_known(headers["etag"]):
            return Response(status_code=NOT_MODIFIED, headers=headers)
        body, cursor = await self.ask(size, question, self._kind)
        return Response(body, headers={**headers, "content-type": media, **self._links(size, cursor)})

    def _headers(self, size: int, media: str, mark: str) -> dict[str, str]:
        """The headers for caches."""
        etag = self.tag(size, self._asked(), self._pins(size), f"{media} {mark}")
        return {"cache-control": PINNED if self.at_size else PRESENT, "etag": etag, "vary": "Accept"}

    @property
    def _kind(self) -> Hashable:
        """Groups requests that take about as long: by the route, and by whether the books at another size may be needed."""
        return self.request.scope["endpoint"], self.is_pinned

    def _pins(self, size: int) -> dict[str, str]:
        """The parameters that make this an answer that cannot change."""
        return {"at_size": str(size), **({"as_of": self.as_of} if self.as_of else {})}

    def _asked(self) -> str:
        scope = self.request.scope
        return f"{public_url_of(scope)} {scope['path']} {scope['query_string']!r}"

    def _links(self, size: int, cursor: str | None) -> dict[str, str]:
        """The `Link` header: the next page at the same size; and, if no size was named, the address that always gives this
        answer."""
        links = []
        if cursor is not None:
            links.append(f'<{self._address({**self._pins(size), "cursor": cursor})}>; rel="next"')
        if self.at_size is None:
            links.append(f'<{self._address(self._pins(size))}>; rel="bookmark"')
        return {"link": ", ".join(links)} if links else {}

    def _address(self, changes: Mapping[str, str]) -> str:
        scope = self.request.scope
        path, query = public_url_of(scope).root + below_root(scope), scope["query_string"].decode(errors="replace")
        return f"{quote(path)}?{urlencode({**dict(parse_qsl(query)), **changes})}"


class AskedPage(Asked):
    """A request for a list, or part of it, in any form. Raises RequestRefused (406) if it accepts none of them."""

    def __init__(
        self, request: Request, at_size: int | None, as_of: str, cursor: str | None, limit: int | None, form: Form | None
    ) -> None:
        super().__init__(request, at_size, as_of)
        self._cursor, self._limit = cursor, limit
        self._form = form_of(form, request.headers.get("accept", ""), forms())

    @property
    def _kind(self) -> Hashable:
        return super()._kind, self._form

    async def page(
        self, model: type[Answer], question: Callable[[Snapshot, str | None, int], Batch], mark: str = ""
    ) -> Response:
        """The items from a cursor on: a page of them, or all that follow if the form is a table. If the answer includes something
        kept beside the log, `mark` identifies its version."""
        media = MEDIA[self._form]
        if self._form is not Form.JSON:
            return await self._table(WRITERS[self._form](model), question, mark)

        def rendered(snapshot: Snapshot) -> Rendered:
            batch = question(snapshot, self._cursor, self._limit or PAGE_ROWS)
            return json_page(model, snapshot.tree_size, batch), batch.next

        return await self._answered(media, rendered, mark)

    async def _table(self, writer: Writer, question: Turn, mark: str) -> Response:
        """A table. The first part is read before the response starts, so that an error can still be reported as one."""
        size = self.size()
        headers = self._headers(size, MEDIA[self._form], mark)
        if self.is_known(headers["etag"]):
            return Response(status_code=NOT_MODIFIED, headers=headers)
        raw, batch = await self._part(size, writer, question, self._cursor, self._limit or PART_ROWS)
        headers |= {"content-type": MEDIA[self._form], "content-disposition": f'attachment; filename="{self._name()}"'}
        if self._limit or batch.next is None:
            return Response(writer.begin() + raw + writer.end(), headers={**headers, **self._links(size, batch.next)})
        parts = self._parts(size, writer, question, raw, batch)
        if self.request.scope.get("givetrail.head"):
            parts = _nothing()
        return StreamingResponse(parts, headers={**headers, **self._links(size, None)})

    async def _part(self, size: int, writer: Writer, turn: Turn, cursor: str | None, limit: int) -> tuple[bytes, Batch]:
        """The bytes of a part of the list, and the part itself."""

        def written(snapshot: Snapshot) -> tuple[bytes, Batch]:
            batch = turn(snapshot, cursor, limit)
            return writer.items(batch.items), batch

        return await self.ask(size, written, self._kind)

    async def _parts(self, size: int, writer: Writer, turn: Turn, raw: bytes, batch: Batch) -> AsyncIterator[bytes]:
        """The bytes of the list, starting with a first part of it. Other clients are answered between two parts."""
        yield writer.begin() + raw
        refused = 0
        while batch.next is not None:
            rest = batch.rest
            ask = turn if rest is None else lambda snapshot, cursor, limit, rest=rest: rest(cursor, limit)
            try:
                raw, batch = await self._part(size, writer, ask, batch.next, PART_ROWS)
            except Unavailable:
                refused += 1
                if refused > PATIENCE:
                    raise
                await asyncio.sleep(WAIT_S)
                continue
            refused = 0
            yield raw
        yield writer.end()

    def _name(self) -> str:
        """The name under which a browser saves the file."""
        return f"{below_root(self.request.scope).rpartition('/')[2]}.{self._form}"


async def _nothing() -> AsyncIterator[bytes]:
    """The body of a stream for HEAD."""
    return
    yield b""


# FastAPI makes these from a request. They are `async` because FastAPI runs other functions in another thread.


async def _one(request: Request, at_size: AtSize = None) -> Asked:
    return Asked(request, at_size)


async def _by_id(
    request: Request, at_size: AtSize = None, cursor: IdCursor = None, limit: ListLimit = None, form: FormAsked = None
) -> AskedPage:
    return AskedPage(request, at_size, "", cursor, limit, form)


async def _of_records(
    request: Request, at_size: AtSize = None, cursor: RefCursor = None, limit: ListLimit = None, form: FormAsked = None
) -> AskedPage:
    return AskedPage(request, at_size, "", cursor, limit, form)


async def _counted(
    request: Request, at_size: AtSize = None, cursor: NumberCursor = None, limit: ListLimit = None, form: FormAsked = None
) -> AskedPage:
    return AskedPage(request, at_size, "", cursor, limit, form)


async def _of_places(
    request: Request, at_size: AtSize = None, cursor: PlaceCursor = None, limit: ListLimit = None, form: FormAsked = None
) -> AskedPage:
    return AskedPage(request, at_size, "", cursor, limit, form)


async def _day(as_of: AsOf = None) -> str:
    """The day that the request names; "" if none, which means the day of the last entry."""
    return as_of or ""


Judged = Annotated[str, Depends(_day)]


async def _one_on(request: Request, day: Judged, at_size: AtSize = None) -> Asked:
    return Asked(request, at_size, day)


async def _counted_on(
    request: Request, day: Judged, at_size: AtSize = None, cursor: NumberCursor = None, limit: ListLimit = None,
    form: FormAsked = None,
) -> AskedPage:  # fmt: skip
    return AskedPage(request, at_size, day, cursor, limit, form)


One = Annotated[Asked, Depends(_one)]
"""A route's request for one thing."""
ById = Annotated[AskedPage, Depends(_by_id)]
"""A request for part of a list sorted by id."""
OfRecords = Annotated[AskedPage, Depends(_of_records)]
"""A request for part of a list of records."""
Counted = Annotated[AskedPage, Depends(_counted)]
"""A request for part of a list with numbered items."""
OfPlaces = Annotated[AskedPage, Depends(_of_places)]
"""A request for part of a list of origins."""
OneOn = Annotated[Asked, Depends(_one_on)]
"""A request for one thing, whose overdue items are judged as of `as_of`."""
CountedOn = Annotated[AskedPage, Depends(_counted_on)]
"""A request for part of a list with numbered items, whose overdue items are judged as of `as_of`."""
