"""Part of a list, and how it is written in each form."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import Field

from ledger.canonical import from_decimal
from ledger.errors import CanonicalError, InputError, shown

from .columnar import parquet_of
from .form import Form
from .money import Answer
from .sheet import csv_of

Item = TypeVar("Item", bound=Answer)


class Page(Answer, Generic[Item]):
    """Part of a list. `next` is the `cursor` of the next page, which the `Link` header has as an address; null on the last."""

    tree_size: int = Field(ge=1)
    items: list[Item]
    next: str | None


class Batch(NamedTuple):
    """The items of a page, and the cursor of the next one; None where there is none. Where `whole` is named, the page is that one
    in JSON, and has `more` members."""

    items: Sequence[Any]
    next: str | None = None
    whole: type[Page[Any]] | None = None
    more: Mapping[str, Any] = {}

    def said(self, say: Callable[[Any], Any]) -> Batch:
        """The same page, each item as `say` says it."""
        return self._replace(items=[say(item) for item in self.items])


def sliced(items: Sequence[Any], cursor: str | None, limit: int) -> Batch:
    """A page of a list that is at hand; its cursor is a number of items. Raises InputError."""
    try:
        start = from_decimal(cursor) if cursor else 0
    except CanonicalError:
        raise bad_cursor(cursor) from None
    end = start + limit
    return Batch(items[start:end], str(end) if end < len(items) else None)


def keyed(keys: Sequence[str], cursor: str | None, limit: int) -> Batch:
    """A page of sorted keys; its cursor is the last key of the page before."""
    rest = [key for key in keys if cursor is None or key > cursor]
    return Batch(rest[:limit], rest[limit - 1] if len(rest) > limit else None)


def bad_cursor(cursor: str | None) -> InputError:
    """What to raise for a cursor that no page gave."""
    return InputError(f"cursor {shown(cursor)}: no page of this list gave it; take its `next`", rule="parameter", where="cursor")


def json_of(answer: Answer) -> bytes:
    """An answer as JSON; its members in the order of the model."""
    return answer.model_dump_json().encode()


def _json_page(model: type[Answer], tree_size: int, batch: Batch) -> bytes:
    return json_of((batch.whole or Page[model])(tree_size=tree_size, items=batch.items, next=batch.next, **batch.more))


def _lines(model: type[Answer], tree_size: int, batch: Batch) -> bytes:
    return b"".join(json_of(item) + b"\n" for item in batch.items)


WRITERS: dict[Form, Callable[[Any, int, Batch], bytes]] = {
    Form.JSON: _json_page,
    Form.NDJSON: _lines,
    Form.CSV: lambda model, tree_size, batch: csv_of(model, batch.items),
    Form.PARQUET: lambda model, tree_size, batch: parquet_of(model, batch.items),
}
