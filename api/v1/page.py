"""Part of a list, and how it is written in each form."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from pydantic import Field

from .columnar import Columnar
from .form import Form
from .lines import Lines
from .money import Answer
from .sheet import Sheet

Item = TypeVar("Item", bound=Answer)


class Page(Answer, Generic[Item]):
    """Part of a list. `next` is the `cursor` of the next page, and null on the last page. The `Link` header has the address of the
    next page."""

    tree_size: int = Field(ge=1)
    items: list[Item]
    next: str | None


def page_of(model: type[Answer]) -> type[Page[Any]]:
    """The page whose items are of this model."""
    generic: Any = Page
    page: type[Page[Any]] = generic[model]
    return page


class Batch(NamedTuple):
    """The items of a page, and the cursor of the next one; None if there is none. If `whole` is given, it is the page in JSON, with
    `more` members. For a list that was computed as a whole, `rest` gives that many items from a cursor on, so that the list need
    not be computed again for every page."""

    items: Sequence[Any]
    next: str | None = None
    whole: type[Page[Any]] | None = None
    more: Mapping[str, object] = {}
    rest: Callable[[str | None, int], Batch] | None = None

    def said(self, say: Callable[[Any], object]) -> Batch:
        """The same page with each item converted by `say`."""
        rest = self.rest
        go_on = (lambda cursor, limit: rest(cursor, limit).said(say)) if rest else None
        return self._replace(items=[say(item) for item in self.items], rest=go_on)


def sliced(items: Sequence[object], cursor: str | None, limit: int) -> Batch:
    """A page of a list in memory; its cursor is a number of items."""
    start = int(cursor) if cursor else 0
    end = start + limit
    return Batch(items[start:end], str(end) if end < len(items) else None, rest=partial(sliced, items))


def keyed(keys: Sequence[str], cursor: str | None, limit: int) -> Batch:
    """A page of sorted keys; its cursor is the last key of the previous page."""
    start = bisect_right(keys, cursor) if cursor is not None else 0
    shown = keys[start : start + limit]
    return Batch(shown, shown[-1] if start + limit < len(keys) else None, rest=partial(keyed, keys))


def json_of(answer: Answer) -> bytes:
    """An answer as JSON, with its members in the order of the model."""
    return answer.model_dump_json().encode()


def json_page(model: type[Answer], tree_size: int, batch: Batch) -> bytes:
    """A page as JSON."""
    return json_of((batch.whole or page_of(model))(tree_size=tree_size, items=batch.items, next=batch.next, **batch.more))


class Writer(Protocol):
    """Writes items as a table, part by part. Its memory does not grow with the list."""

    def begin(self) -> bytes:
        """The bytes before the first item."""

    def items(self, items: Sequence[Any]) -> bytes:
        """The bytes of these items, or of some that were kept before."""

    def end(self) -> bytes:
        """The bytes after the last item."""


WRITERS: dict[Form, Callable[[type[Answer]], Writer]] = {Form.NDJSON: Lines, Form.CSV: Sheet, Form.PARQUET: Columnar}
