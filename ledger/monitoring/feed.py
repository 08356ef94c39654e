"""The Atom feed of a monitor (RFC 4287): an entry for each alarm and for each checkpoint that was kept."""

from __future__ import annotations

from uuid import NAMESPACE_URL, uuid5
from xml.etree.ElementTree import Element, tostring

from .alarm import Alarm
from .markup import node, safe
from .monitor_folder import CHECKPOINTS, PAGE, KeptNote, MonitorState

NEWEST = 100
ATOM = "http://www.w3.org/2005/Atom"
BEGINNING = "1970-01-01T00:00:00Z"


def feed_of(state: MonitorState, notes: list[KeptNote]) -> bytes:
    """The newest 100 entries. The same alarms and notes give the same bytes, and an entry keeps its id for ever. Links are relative
    to the feed."""
    entries = [(alarm.seen_at, _of_alarm(alarm)) for alarm in state.alarms]
    entries += [(kept.seen_at, _of_note(state.log, kept)) for kept in notes[-NEWEST:]]
    entries = sorted(entries, key=lambda entry: entry[0], reverse=True)[:NEWEST]
    feed = node(
        "feed",
        node("title", f"Monitor of {state.log or state.address}"),
        node("id", _id(f"{state.log} {state.address}")),
        node("updated", entries[0][0] if entries else BEGINNING),
        node("author", node("name", "givetrail monitor")),
        node("link", rel="alternate", type="text/html", href=PAGE),
        *(entry for _, entry in entries),
        xmlns=ATOM,
    )
    raw: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return raw + b"\n"


def _of_alarm(alarm: Alarm) -> Element:
    return node(
        "entry",
        node("title", f"Alarm: {alarm.rule}"),
        node("id", alarm.id),
        node("updated", alarm.seen_at),
        node("link", rel="alternate", type="text/html", href=PAGE),
        *(node("link", rel="related", href=name) for name in alarm.evidence),
        node("content", alarm.message, type="text"),
    )


def _of_note(log: str, kept: KeptNote) -> Element:
    path = f"{CHECKPOINTS}/{kept.name}"
    return node(
        "entry",
        node("title", f"{kept.size} entries"),
        node("id", _id(f"{log} {kept.name}")),
        node("updated", kept.seen_at),
        node("link", rel="alternate", type="text/plain", href=path),
        node("content", f"{log} signs {kept.size} entries, and continues from what was kept before", type="text"),
    )


def _id(what: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, safe(what))}"
