"""The trace bundle (formats §6): one canonical JSON file that follows one gift offline.

    {"checkpoint": …, "entries": [{"entry": base64, "index": …, "proof": [hex …]}], "gift": "1834.0",
     "openings": [], "ranges": [{"end": …, "path": […], "start": …, "state": …, …}], "v": 1}

It has the gift's entry, every entry that its money reached, receipts and feedback for it, and the entries that introduced each
party, key, unit and fund in them, and the mandates of the parties that signed them. A verifier works everything out again from
those entries (ledger/bundle/verification.py)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from ..books.flows import Target
from ..books.gift import GiftTrace, follow_gift, split_ref
from ..books.rows import Disbursement
from ..books.state import Books
from ..books.term import named_by
from ..canonical import decode, encode, from_base64, from_hex, to_base64
from ..entries.leaf import Leaf
from ..entries.store_flows import StoreFlows
from ..errors import Conflict, FormatError, SizeError, Unverifiable
from ..log.checkpoint import parse_checkpoint
from ..log.merkle import prove_inclusion
from ..log.note import parse_note
from ..log.tile import node_reader

VERSION = 1
BUNDLE_BYTES = 64 * 2**20
GIFT = re.compile(r"(?:0|[1-9][0-9]{0,15})\.(?:0|[1-9][0-9]{0,2})")
SAID_ABOUT = ("receipt", "payment-return", "feedback", "correction")
MEMBERS = {"checkpoint", "entries", "gift", "openings", "ranges", "v"}


class BundleEntry(NamedTuple):
    """Entry bytes, their index, and the hashes that prove their place (32 bytes each)."""

    index: int  # type: ignore[assignment]  # it hides tuple.index, which is never called
    raw: bytes
    proof: tuple[bytes, ...]


class Bundle(NamedTuple):
    """A decoded bundle; nothing in it is verified yet."""

    checkpoint: bytes
    entries: tuple[BundleEntry, ...]
    gift: str
    ranges: list[dict[str, Any]]


def make_bundle(store_flows: StoreFlows, ref: str, note: bytes, as_of: str = "") -> bytes:
    """The bundle of gift `ref` under a signed checkpoint. Raises NotFound, SizeError, Conflict (the gift moved on meanwhile)."""
    size = parse_checkpoint(parse_note(note).text).tree_size
    seen = _Seen(store_flows)
    trace = follow_gift(seen, ref, as_of)
    reached = sorted(_reached(store_flows, trace, seen.entries, size))
    if reached[-1] >= size:
        raise Conflict(
            f"{ref}: the gift is followed to entry {reached[-1]}, but the checkpoint has {size} entries; make the bundle again",
            rule="tree-size",
        )
    node = node_reader(store_flows.store.tile)
    entries = [BundleEntry(index, store_flows.store.entry(index), tuple(prove_inclusion(index, size, node))) for index in reached]
    return format_bundle(Bundle(note, tuple(entries), ref, ranges_of(trace)))


def ranges_of(trace: GiftTrace) -> list[dict[str, Any]]:
    """The pieces of a trace as a bundle states them: they tile the gift."""
    return [
        {
            "start": piece.start, "end": piece.end, "state": piece.state, "path": list(piece.path), "tape": piece.tape,
            "at": [piece.at_start, piece.at_end], **({"level": piece.level} if piece.level else {}),
        }
        for piece in trace.pieces
    ]  # fmt: skip


def format_bundle(bundle: Bundle) -> bytes:
    """The bundle's canonical bytes. Raises SizeError over 64 MiB."""
    entries = [
        {"entry": to_base64(entry.raw), "index": entry.index, "proof": [step.hex() for step in entry.proof]}
        for entry in bundle.entries
    ]
    value = {
        "checkpoint": bundle.checkpoint.decode(), "entries": entries, "gift": bundle.gift, "openings": [],
        "ranges": bundle.ranges, "v": VERSION,
    }  # fmt: skip
    raw = encode(value)
    if len(raw) > BUNDLE_BYTES:
        raise SizeError(f"bundle: {len(raw)} bytes; at most {BUNDLE_BYTES} are allowed", rule="size-limit")
    return raw


def parse_bundle(raw: bytes) -> Bundle:
    """Inverse of `format_bundle`. Raises SizeError, CanonicalError, FormatError; Unverifiable for a later version."""
    try:
        value = decode(raw, "bundle", BUNDLE_BYTES)
        if not isinstance(value, dict) or set(value) != MEMBERS or type(value["v"]) is not int:
            raise FormatError(f"bundle: must have {', '.join(sorted(MEMBERS))}", rule="bundle")
        if value["v"] != VERSION:
            raise Unverifiable(f"bundle: v {value['v']}; this program knows {VERSION} only", rule="version")
        entries = tuple(
            BundleEntry(one["index"], from_base64(one["entry"]), tuple(from_hex(step, 32) for step in one["proof"]))
            for one in value["entries"]
        )
        bundle = Bundle(value["checkpoint"].encode(), entries, value["gift"], value["ranges"])
        if format_bundle(bundle) != raw or not GIFT.fullmatch(bundle.gift):
            raise FormatError("bundle: is not canonical, or does not name a gift; get it again", rule="bundle")
    except (KeyError, TypeError, AttributeError) as error:
        raise FormatError(f"bundle: {error!r}; get it again", rule="bundle") from None
    indexes = [entry.index for entry in entries]
    if not all(type(index) is int and index >= 0 for index in indexes) or indexes != sorted(set(indexes)):
        raise FormatError("bundle: its entries must be sorted by index, each once", rule="bundle")
    return bundle


class _Seen:
    """Flows that remember whose records a trace asked for, including those that only took units to which no unit of the gift
    maps."""

    def __init__(self, store_flows: StoreFlows) -> None:
        self.books, self.entries = store_flows.books, set[int]()
        self._trail = store_flows
        self.outflows, self.inflows, self.claims_on = store_flows.outflows, store_flows.inflows, store_flows.claims_on

    def target(self, entry: int, record: int) -> Target:
        """The record of that name. Raises NotFound."""
        self.entries.add(entry)
        return self._trail.target(entry, record)


def _reached(store_flows: StoreFlows, trace: GiftTrace, seen: set[int], size: int) -> set[int]:
    """The entries that a verifier needs: where the money went, what was recorded about it, and who may record it."""
    turned = (int(index) for index, _ in store_flows.books.clock.all())
    ended = (row.size for _, row in store_flows.books.ended.items())
    indexes = {0, *seen, *(index for index in (*turned, *ended) if index < size)}
    path = {ref for piece in trace.pieces for ref in piece.path}
    tapes = {piece.tape.partition("/") for piece in trace.pieces}
    indexes |= _introductions(store_flows.books, {fund for fund, _, _ in tapes}, {unit for _, _, unit in tapes})
    indexes |= {split_ref(ref)[0] for ref in path}
    rows = {ref: row for ref in path if (row := store_flows.books.disbursement.get(ref)) is not None}
    for ref, row in rows.items():
        indexes |= _said_about(store_flows, ref, row, size)
    for activity in {row.fund for row in rows.values() if store_flows.books.activity.get(row.fund) is not None}:
        told = list(store_flows.having("kind:feedback", f"activity:{activity}", (0, 0), (size, 0)))
        indexes |= {entry for entry, _ in told} | _reversals(store_flows, told, size)
    todo, done, parties = set(indexes), set[int](), set[str]()
    while todo:
        index = todo.pop()
        done.add(index)
        leaf = store_flows.leaf(index)
        new = _signed_by(store_flows.books, leaf) - parties
        parties |= new
        todo |= _needed_by(store_flows.books, leaf).union(*(_mandates(store_flows, party, size) for party in new)) - done
    return done


def _signed_by(books: Books, leaf: Leaf) -> set[str]:
    """The parties whose keys signed an entry, without those whose keys only signed their own introduction."""
    rows = [row for text, _ in leaf.entry.signatures if (row := books.key.get(text)) is not None]
    return {row.party for row in rows if row.since < leaf.entry.index}


def _mandates(store_flows: StoreFlows, party: str, size: int) -> set[int]:
    """The entries below `size` with a mandate of the party."""
    if store_flows.books.mandate.get(party) is None:
        return set()
    places = store_flows.having("kind:mandate", f"party:{party}", (0, 0), (size, 0))
    return {entry for entry, _ in places if store_flows.leaf(entry).statement.party == party}


def _said_about(store_flows: StoreFlows, ref: str, row: Disbursement, size: int) -> set[int]:
    """The entries of receipts, returns, feedback and reversals for a disbursement, of everything else that such a feedback is
    about, and of the payee."""
    about = {kind: list(_about(store_flows, kind, ref, size)) for kind in SAID_ABOUT}
    named = [other for place in about["feedback"] for other in store_flows.target(*place).record.payments or ()]
    payee = store_flows.books.party.get(row.payee)
    return (
        {entry for places in about.values() for entry, _ in places}
        | _reversals(store_flows, (split_ref(ref), *about["receipt"], *about["feedback"]), size)
        | {split_ref(other)[0] for other in named if other[0] != "@"}
        | {payee.since if payee else 0}
    )


def _about(store_flows: StoreFlows, kind: str, ref: str, size: int) -> Iterator[tuple[int, int]]:
    return store_flows.having(f"kind:{kind}", f"about:{ref}", (0, 0), (size, 0))


def _reversals(store_flows: StoreFlows, places: Iterable[tuple[int, int]], size: int) -> set[int]:
    """The entries that declare these records void."""
    rows = [store_flows.books.void.get(f"{entry}.{record}") for entry, record in places]
    return {row.entry for row in rows if row is not None and row.entry < size}


def _needed_by(books: Books, leaf: Leaf) -> set[int]:
    """The entries that introduce the keys that signed an entry, its party, and the funds on its tapes and in its records."""
    needed = set()
    for text, _ in leaf.entry.signatures:
        key = books.key.get(text)
        if key is not None:
            # A party's role may be the reason why its signature is called for.
            needed |= {key.since, books.party[key.party].since}
    party = books.party.get(leaf.statement.party)
    if party is not None:
        needed.add(party.since)
    keepers = {record.fee_to for record in leaf.statement.records if record.is_gift and record.fee_to is not None}
    needed |= {row.since for row in map(books.party.get, keepers) if row is not None}
    tapes = {row[2] for row in leaf.entry.flows}
    funds = {tape.partition("/")[0] for tape in tapes}
    # A record that moves units out of one fund may name another: a cover names the fund of the gift.
    others = [record for record in leaf.statement.records if not record.is_gift]
    funds.update(name for record in others for way, name in named_by(record) if way.what in ("fund", "activity"))
    # A line that a receipt opens is judged by the bank statement that has it.
    lines = [record.line for record in leaf.statement.records if record.kind == "receipt" and record.line is not None]
    needed |= {split_ref(line.statement)[0] for line in lines if line.statement[0] != "@"}
    # If a record that moves units names an earlier record, it is judged by that record.
    moving = {row[0] for row in leaf.entry.flows}
    named = [pair for number, record in enumerate(leaf.statement.records) if number in moving for pair in named_by(record)]
    needed |= {split_ref(name)[0] for way, name in named if way.what in ("record", "disbursement") and name[0] != "@"}
    return needed | _introductions(books, funds, {tape.partition("/")[2] for tape in tapes})


def _introductions(books: Books, funds: Iterable[str], units: Iterable[str]) -> set[int]:
    """The entries that made these funds, the funds above them, and these units."""
    needed = {row.since for row in map(books.unit.get, units) if row is not None}
    return needed | {books.fund[above].since for name in funds for above in _upwards(books, name)}


def _upwards(books: Books, name: str) -> Iterator[str]:
    """The fund, if it exists, and the funds above it."""
    while (fund := books.fund.get(name)) is not None:
        yield name
        name = fund.parent
