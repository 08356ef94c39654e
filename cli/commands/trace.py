"""`givetrail trace`: a gift forward to what it was spent on, or a payment back to the gifts that paid for it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence

import click

from ledger.amount import to_text
from ledger.books.flows import Target, outs
from ledger.books.gift import GiftTrace, follow_gift, sentence, split_ref
from ledger.books.life import named_at
from ledger.books.marks import marks_of
from ledger.books.moment import day_to_judge, local_day
from ledger.books.state import Books
from ledger.books.trace import Origin, Piece, backward
from ledger.canonical import JsonObject
from ledger.entries.store_flows import StoreFlows
from ledger.errors import NotFound, UsageError
from ledger.pasted import pasted_record

from ..channel_reference import find
from ..command import Command, Day
from ..outcome import Outcome
from ..screen import by_name, counted, hint, plain, table
from ..session import Session, opened

LIMIT = 50


@click.command("trace", cls=Command)
@click.argument("ref", required=False)
@click.option("--reference", metavar="TEXT", help="The channel's own number for it, in place of REF. Needs --party and --channel.")
@click.option("--party", metavar="P", help="The party that recorded the reference. Its reference keys must be here.")
@click.option("--channel", metavar="C", help="The channel that gave the reference.")
@click.option(
    "--as-of", type=Day(), metavar="YYYY-MM-DD", help="The day that decides what is overdue, unless the last entry's day is later."
)
@click.option("--limit", type=click.IntRange(1), metavar="N", default=LIMIT, show_default=True, help="The most rows to show.")
@click.option("--after", type=click.IntRange(0), metavar="N", default=0, help="How many rows to skip first.")
def command(ref: str | None, as_of: str | None, limit: int, after: int, **sought: str | None) -> Outcome:
    """Follow gift REF forward to what it paid for. Follow a payment, or another record that moves money out, back to its gifts.

    REF is ENTRY.RECORD, such as 46.0, as `record` prints it. #46.0 and the address of the record's page work too. With --json, a
    gift has all its ranges, and a payment has the rows of one page.
    """
    reference = sought["reference"]
    if (ref is None) == (reference is None):
        raise UsageError("give REF, or --reference with --party and --channel", rule="usage", where="ref")
    with opened(write=False) as session:
        ref = pasted_record(ref) if ref is not None else _found(session, reference, sought["party"], sought["channel"])
        entry, record = split_ref(ref)
        store_flows = StoreFlows(session.store, session.books)
        target = store_flows.target(entry, record)
        if target.record.is_gift:
            day = day_to_judge(as_of or "", local_day(session.books, session.books.head[""].time))
            return Outcome(
                gift_value(store_flows, follow_gift(store_flows, ref, day), day), lambda value: gift_lines(value, after, limit)
            )
        if not outs(target.rows):
            raise NotFound(f"{ref}: {_instead(store_flows, ref, target)}", rule="reference", where=ref)
        return Outcome(_backward(store_flows, ref, target, after, limit), _backward_lines)


def _instead(store_flows: StoreFlows, ref: str, target: Target) -> str:
    """Why a record has no trace, and which one to trace instead."""
    undone = _undone(ref, target)
    if undone is None:
        return f"this {target.record.kind} moves no money out; give a gift or a payment"
    kind = store_flows.target(*split_ref(undone)).record.kind
    return f"this reversal declares {kind} {undone} void; trace that: givetrail trace {undone}"


def _undone(ref: str, target: Target) -> str | None:
    """The record that a reversal is of."""
    return named_at(target.record.of, ref)[0] if target.record.kind == "reversal" else None


def _found(session: Session, reference: str | None, party: str | None, channel: str | None) -> str:
    if reference is None or party is None or channel is None:
        raise UsageError("--reference: needs --party and --channel", rule="usage", where="reference")
    return find(session, party, channel, reference)


def gift_value(store_flows: StoreFlows, trace: GiftTrace, as_of: str) -> JsonObject:
    """A gift's trace as `--json` prints it."""
    return {
        "ref": trace.ref, "signed": trace.signed, "sentence": sentence(trace), "party": trace.party, "fund": trace.fund,
        "unit": trace.unit, "exponent": trace.exponent, "amount": trace.amount, "received_on": trace.received_on, "as_of": as_of,
        "totals": trace.totals(), "waiting_since": trace.waiting_since or None,
        "overdue": [one._asdict() for one in trace.overdue], **marks_of(store_flows.books, trace.ref)._asdict(),
        "ranges": [_range(store_flows, piece, trace.received_on) for piece in trace.pieces],
    }  # fmt: skip


def _range(store_flows: StoreFlows, piece: Piece, received_on: str) -> JsonObject:
    return {
        "start": piece.start, "end": piece.end, "amount": piece.end - piece.start, "state": piece.state,
        "level": piece.level or None, "tape": piece.tape, "at": [piece.at_start, piece.at_end],
        "since": _since(store_flows, piece.path[-1]) if piece.path else received_on, "path": list(piece.path),
    }  # fmt: skip


def _since(store_flows: StoreFlows, ref: str) -> str:
    """The day that a payment or delivery names; for anything else, the day when it was recorded."""
    row = store_flows.books.disbursement.get(ref)
    return row.day if row else local_day(store_flows.books, store_flows.target(*split_ref(ref)).time)


def gift_lines(value: JsonObject, after: int = 0, limit: int = LIMIT) -> Iterator[str]:
    """The sentence, and the table of ranges."""
    yield from _mark_lines(value)
    yield value["sentence"]
    shown = value["ranges"][after : after + limit]
    rows = [
        (to_text(row["amount"], value["exponent"], value["unit"]), row["state"] + (f" ({row['level']})" if row["level"] else ""),
         row["tape"], f"since {row['since']}", "by " + " ".join(row["path"]) if row["path"] else "")
        for row in shown
    ]  # fmt: skip
    yield from table(rows, right=(0,)) if rows else ()
    _say_more(after + len(shown), len(value["ranges"]))


def _say_more(seen: int, total: int) -> None:
    if seen < total:
        hint(f"{total - seen} more: --after {seen}")


def _backward(store_flows: StoreFlows, ref: str, target: Target, after: int, limit: int) -> JsonObject:
    spans = outs(target.rows)
    origins = [origin for tape, (start, end) in spans for origin in backward(store_flows, tape, start, end)]
    units = {name.partition("/")[2] for name in [tape for tape, _ in spans] + [origin.tape for origin in origins]}
    page = origins[after : after + limit]
    seen = after + len(page)
    return {
        "ref": ref, "kind": target.record.kind, "party": target.party,
        "party_name": store_flows.books.party[target.party].name,
        "exponents": {unit: _exponent(store_flows.books, unit) for unit in sorted(units)},
        "out": [{"tape": tape, "start": start, "end": end} for tape, (start, end) in spans],
        "summary": _summary(store_flows, origins),
        "origins": [_origin(store_flows, origin) for origin in page],
        "reversal_of": _undone(ref, target), **marks_of(store_flows.books, ref)._asdict(), "rows": len(origins), "after": after,
        "next": seen if seen < len(origins) else None,
    }  # fmt: skip


def _exponent(books: Books, unit: str) -> int:
    row = books.unit.get(unit)
    return row.exponent if row else 0


def _class(store_flows: StoreFlows, origin: Origin) -> str:
    """`gift`; the class of an income; otherwise the kind."""
    record = store_flows.target(*split_ref(origin.ref)).record
    if record.is_gift:
        return "gift"
    word: str = getattr(record, "income_class", record.kind)
    return word


def _summary(store_flows: StoreFlows, origins: Sequence[Origin]) -> list[JsonObject]:
    """For each class and unit, how many records and how much; gifts first."""
    sums: dict[tuple[str, str], tuple[int, set[str]]] = {}
    for origin in origins:
        key = (_class(store_flows, origin), origin.tape.partition("/")[2])
        amount, refs = sums.get(key, (0, set()))
        sums[key] = (amount + origin.at_end - origin.at_start, refs | {origin.ref})
    ordered = sorted(sums.items(), key=lambda item: (item[0][0] != "gift", item[0]))
    return [{"class": name, "unit": unit, "amount": amount, "records": len(refs)} for (name, unit), (amount, refs) in ordered]


def _origin(store_flows: StoreFlows, origin: Origin) -> JsonObject:
    return {
        "class": _class(store_flows, origin), "ref": origin.ref, "tape": origin.tape, "at": [origin.at_start, origin.at_end],
        "amount": origin.at_end - origin.at_start, "behind": [origin.start, origin.end], "path": list(origin.path),
        "shared": origin.shared,
    }  # fmt: skip


def _mark_lines(value: JsonObject) -> Iterator[str]:
    """That the record is void, and which rules of conduct it broke."""
    if value["void_by"]:
        yield f"void since {value['void_on']} by {value['void_by']}: {plain(value['void_reason'])}"
    if value["breach_findings"]:
        rules = ", ".join(value["breach_findings"])
        yield f"broke a rule of conduct, as its party says itself: {rules}: {plain(value['breach_reason'])}"


def _backward_lines(value: JsonObject) -> Iterator[str]:
    yield from _mark_lines(value)
    if value["reversal_of"]:
        yield f"undoes {value['reversal_of']}: to follow that, givetrail trace {value['reversal_of']}"
    yield f"{value['ref']}: {value['kind']} by {by_name(value['party'], value['party_name'])} of {_sums(value)}"
    for part in value["summary"]:
        unit = part["unit"]
        yield f"  {to_text(part['amount'], value['exponents'][unit], unit)} from {_sources(part['class'], part['records'])}"
    yield from _origin_lines(value["origins"], value["exponents"])
    if value["next"] is not None:
        _say_more(value["next"], value["rows"])


def _sources(name: str, records: int) -> str:
    """`2 gifts`; for a class of income, the number of its records."""
    return counted(records, name) if name == "gift" else f"{name} ({counted(records, 'record')})"


def _sums(value: JsonObject) -> str:
    by_tape = itertools.groupby(value["out"], key=lambda row: row["tape"])
    sums = [(tape.partition("/")[2], sum(row["end"] - row["start"] for row in rows)) for tape, rows in by_tape]
    return ", ".join(to_text(amount, value["exponents"][unit], unit) for unit, amount in sums)


def _origin_lines(origins: Iterable[JsonObject], exponents: dict[str, int]) -> list[str]:
    rows = []
    for row in origins:
        unit = row["tape"].partition("/")[2]
        amount, shared = to_text(row["amount"], exponents[unit], unit), "shared" if row["shared"] else ""
        path = "through " + " ".join(row["path"]) if row["path"] else ""
        rows.append((amount, row["class"], row["ref"], row["tape"], path, shared))
    return table(rows, right=(0,)) if rows else []
