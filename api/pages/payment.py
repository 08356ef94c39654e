"""The page of a payment or a delivery: where its money came from, who confirmed it, and its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ledger.books.gift import project_of, split_ref
from ledger.books.levels import contested
from ledger.books.life import disputed
from ledger.books.marks import marks_of
from ledger.books.moment import day_to_judge
from ledger.books.promise import waiting
from ledger.books.trace import Origin
from ledger.canonical import JsonObject
from ledger.view.outcome import results_of
from ledger.view.payment_stages import payment_stages
from ledger.view.snapshot import Snapshot
from ledger.view.sources import Source, sources_of
from ledger.view.statements import LISTED, receipts_of, returns_of

from ..v1.disbursement import DELIVERY, PAYMENT, delivery_of, payment_of
from ..v1.record import one
from .committed_files import committed
from .page_request import Asked, Page
from .paths import fund_path
from .steps import feedback_on, fund_name, step_of
from .voices import ReceiptVoice, result_heard

ORIGINS = 20
"""How many gifts and other origins are listed."""
COUNTED = 1000
"""How many are counted and summed."""
SOURCES = 40
UNIT_DIGITS = 17
GIFT = "donation"


class Wait(NamedTuple):
    """Minor units that wait for a stage, which was promised by a day."""

    stage: str
    amount: int
    due_on: str
    is_overdue: bool


class Disputed(NamedTuple):
    """Minor units that are disputed. `received` is what other parties signed for; `both` that and what came back, if these two are
    more than was paid by just what is disputed, else 0."""

    amount: int
    received: int
    both: int


def payment(snapshot: Snapshot, asked: Asked) -> Page:
    """A payment or delivery. Raises NotFound."""
    ref = asked.path["ref"]
    listed = one(snapshot, ref, PAYMENT, DELIVERY)
    said = (payment_of if listed.record.kind == PAYMENT else delivery_of)(snapshot, listed)
    record = listed.record
    with snapshot.reading():
        about = feedback_on(snapshot, ref, snapshot.books.disbursement[ref])
        first = _unit(asked.query.get("source", ""))
        sources = sources_of(snapshot, ref, first, SOURCES)
        project, row = project_of(snapshot.books, said.fund), snapshot.books.disbursement[ref]
        return Page("payment.html", {
            "said": said, "kind": record.kind, "unit": record.unit, "step": step_of(snapshot, ref), "left": row.left,
            "fund": fund_name(snapshot, said.fund), "fund_path": fund_path(snapshot, said.fund),
            "project": snapshot.books.fund[said.fund].project, "project_name": project.name if project else "",
            "sources": [_source(snapshot, one) for one in sources.sources], "gifts": sources.gifts, "first_source": first,
            "next_source": sources.next, **_origins(snapshot, ref, row.tape),
            "results": [result_heard(snapshot, one) for one in results_of(snapshot, ref)],
            "receipts": _receipts(snapshot, ref), "returns": returns_of(snapshot, ref),
            "more_receipts": said.receipts_in_all > LISTED or said.returns_in_all > LISTED,
            "evidence": [file for one in (ref, *said.receipts, *about) for file in committed(snapshot, one)],
            "disputed": _disputed(snapshot, ref), **_stages(snapshot, ref, day_to_judge(asked.as_of, snapshot.day)),
        })  # fmt: skip


def _origins(snapshot: Snapshot, ref: str, tape: str) -> JsonObject:
    """The first gifts and other money that it used. `counted` has how many gifts there are, and how many others, with their minor
    units in its unit; None if there are more than are counted. `left_out` are not listed: how many, None if that is not known, and
    their minor units; None if some are in another unit, or were exchanged."""
    page = snapshot.payment_origins(ref, limit=COUNTED)
    shown, is_whole, unit = page.origins[:ORIGINS], page.next is None, tape.partition("/")[2]
    kinds = {one.ref: snapshot.store_flows.target(*split_ref(one.ref)).record.kind for one in page.origins}
    sums = {is_gift: [one for one in page.origins if (kinds[one.ref] == GIFT) == is_gift] for is_gift in (True, False)}
    is_same = all(_is_as_it_came(one, unit) for one in page.origins)
    amount = snapshot.books.disbursement[ref].amount
    rest = (len(page.origins) - len(shown) if is_whole else None, amount - _size(shown))
    return {
        "origins": shown, "origin_kinds": {one.ref: step_of(snapshot, one.ref) for one in shown},
        "counted": {is_gift: (len(some), _size(some)) for is_gift, some in sums.items()} if is_whole and is_same else None,
        "left_out": rest if is_same else None, "more_origins": len(page.origins) > ORIGINS,
    }  # fmt: skip


def _is_as_it_came(origin: Origin, unit: str) -> bool:
    """Whether it came in that unit and was never exchanged on the way, even back into it, so that amounts can be added up."""
    came, used = origin.at_end - origin.at_start, origin.end - origin.start
    return origin.tape.partition("/")[2] == unit and came == used and not origin.shared


def _size(origins: Sequence[Origin]) -> int:
    return sum(one.end - one.start for one in origins)


def _receipts(snapshot: Snapshot, ref: str) -> list[ReceiptVoice]:
    of = step_of(snapshot, ref)
    return [ReceiptVoice(one, snapshot.books.disbursement[ref].unit, of) for one in receipts_of(snapshot, ref)]


def _stages(snapshot: Snapshot, ref: str, day: str) -> JsonObject:
    """How far the payment has come, and what it waits for. What is void has come nowhere and waits for nothing."""
    books = snapshot.books
    if marks_of(books, ref).is_void:
        return {"stages": {}, "waits": []}
    waits = [Wait(one.stage, one.amount, one.due_on, one.due_on < day) for one in waiting(books, ref, books.disbursement[ref])]
    return {"stages": payment_stages(snapshot, ref), "waits": waits}


def _disputed(snapshot: Snapshot, ref: str) -> Disputed | None:
    row, is_void = snapshot.books.disbursement[ref], marks_of(snapshot.books, ref).is_void
    amount, received = disputed(snapshot.books, ref, row), contested(row, is_void)
    if not amount:
        return None
    return Disputed(amount, received, received + row.returned if received + row.returned - row.amount == amount else 0)


def _source(snapshot: Snapshot, source: Source) -> JsonObject:
    return {"step": step_of(snapshot, source.ref), "amount": source.end - source.start}


def _unit(text: str) -> int:
    """The unit number that a page of sources starts at; 0 if the text is not a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < UNIT_DIGITS else 0
