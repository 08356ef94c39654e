"""The events in a project as an Atom feed (RFC 4287), newest first: what was allocated, paid, confirmed, reported and corrected.

Gifts are left out, because there are too many, and each donor has the trace of their own gift.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from fastapi import Request
from starlette.responses import Response

from ledger.amount import to_text
from ledger.books.gift import split_ref
from ledger.books.marks import marks_of
from ledger.books.record import KINDS
from ledger.view.listing import Listed
from ledger.view.snapshot import Snapshot

from ..http.public_url import links_begin_with
from .list_request import One
from .money import unit_of
from .param import Id, known
from .record import absolute
from .route_docs import TEXT, gives, resource

MEDIA = "application/atom+xml"
STAGES = ("implementation", "payment", "receipt", "feedback", "correction")
ENTRIES = 50
NOT_IN_XML = {0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}

router = resource("projects")


def feed_of(snapshot: Snapshot, id: str, base: str) -> bytes:
    """The newest 50 records of a project, as a feed. Its links start with `base`. Raises NotFound."""
    project = known(snapshot.books.project, id, "project", "projects")
    told = [kind for kind, made in KINDS.items() if made.stage in STAGES]
    listed = [one for kind in told for one in snapshot.records(kind=kind, project=id, limit=ENTRIES, newest_first=True).items]
    newest = sorted(listed, key=lambda one: split_ref(one.ref), reverse=True)[:ENTRIES]
    updated = newest[0].leaf.entry.time if newest else snapshot.leaf(snapshot.books.fund[id].since).entry.time
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        *_head(snapshot, f"project {id}", project.name, updated, f"{base}/v1/projects/{id}"),
        f"<link rel=\"self\" type=\"{MEDIA}\" href={quoteattr(f'{base}/v1/projects/{id}/feed.atom')}/>",
        f"<author><name>{_text(_name(snapshot, project.owner))}</name></author>",
        *[line for one in newest for line in _entry(snapshot, one, base)],
        "</feed>",
    ]
    return "\n".join([*lines, ""]).encode()


def _entry(snapshot: Snapshot, listed: Listed, base: str) -> list[str]:
    party, time = listed.leaf.statement.party, listed.leaf.entry.time
    return [
        "<entry>",
        *_head(snapshot, listed.ref, _title(snapshot, listed), time, f"{base}/v1/records/{listed.ref}"),
        f"<author><name>{_text(_name(snapshot, party))}</name></author>",
        f'<content type="text">{_text(_content(listed))}</content>',
        "</entry>",
    ]


def _head(snapshot: Snapshot, what: str, title: str, updated: str, href: str) -> list[str]:
    """What feed and entry have in common. An id depends on the log's origin, so it is the same on every mirror."""
    id = uuid.uuid5(uuid.NAMESPACE_URL, f"{snapshot.books.ledger[''].origin}/{what}")
    return [
        f"<id>urn:uuid:{id}</id>", f"<title>{_text(title)}</title>", f"<updated>{updated}</updated>",
        f'<link rel="alternate" type="application/json" href={quoteattr(href)}/>',
    ]  # fmt: skip


def _title(snapshot: Snapshot, listed: Listed) -> str:
    """The kind, the amount if the record has one, and since when it is void."""
    record, marks = listed.record, marks_of(snapshot.books, listed.ref)
    void = f" (void since {marks.void_on})" if marks.is_void else ""
    amount = getattr(record, "amount", None)
    if amount is None:
        return f"{record.kind} {listed.ref}{void}"
    unit = getattr(record, "unit", "")
    if not unit:
        unit = unit_of(snapshot.books.disbursement[absolute(record.of, listed)].tape)
    declared = snapshot.books.unit.get(unit)
    return f"{record.kind} {listed.ref}: {to_text(amount, declared.exponent if declared else 0, unit)}{void}"


def _content(listed: Listed) -> str:
    """What the party says about it in words."""
    record = listed.record
    if record.kind == "feedback":
        return f"{record.indicator}: {record.value} {record.measured_in} ({record.method})"
    words: Iterator[str | None] = (getattr(record, name, None) for name in ("note", "purpose", "reason"))
    return next((text for text in words if text), str(record.kind))


def _name(snapshot: Snapshot, party: str) -> str:
    row = snapshot.books.party.get(party)
    return row.name if row else party


def _text(text: str) -> str:
    """Text as XML can hold it; two characters that the ledger allows and XML does not are replaced."""
    return escape(text.translate(NOT_IN_XML))


@router.get("/projects/{id}/feed.atom", **gives(MEDIA, "An Atom feed.", TEXT))
async def feed(asked: One, id: Id, request: Request) -> Response:
    """What happens in a project, newest first, as an Atom feed."""
    base = links_begin_with(request.scope)
    return await asked.octets(lambda snapshot: feed_of(snapshot, id, base), MEDIA)
