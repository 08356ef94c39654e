"""The page of one gift: where its money is, in one sentence, by stages and as a table; and how to check it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

import segno

from ledger.books.gift import PAID, GiftTrace, OverdueStage, split_ref
from ledger.books.marks import marks_of
from ledger.books.trace import Piece
from ledger.canonical import JsonObject
from ledger.entries.log_keys import vkey_of
from ledger.view.contact import contact_of
from ledger.view.gift_outcome import results_of_gift, spenders_of, still_open
from ledger.view.gift_way import gift_stages
from ledger.view.records_about import said_about
from ledger.view.snapshot import Snapshot

from .address import Address
from .committed_files import Committed, committed
from .page_request import Asked, Page
from .paths import fund_path
from .sentence import sentence
from .steps import Step, feedback_on, fund_name, goods_of, step_of
from .totals import parts_by_stage
from .voices import answer_of, receipts_heard, results_heard
from .way import FIRST, way

ROWS = 12
STEPS = 5
"""How many steps of a path are shown: the first ones and the last ones."""
DISBURSEMENTS = 12
"""How many payments and deliveries have their days and evidence looked up."""
PROGRESS = 6
"""How many progress records of each activity have their files looked up."""
LINKED = 3
OPEN = 6
"""How many of each thing that is still open are named."""
NONE: tuple[list[str], int] = ([], 0)
"""How many receipts, or feedback, a stage links to."""
QR_BYTES = 300


class Stage(NamedTuple):
    """One of the five stages. `amount` minor units of the gift have reached it, from `first` to `last` day. `overdue` are broken
    promises about it. `is_whole` if everything that can reach it has, and nothing is disputed. `disputed` minor units have a
    receipt, and the payer alone says that they came back. `ended` says why nothing more will come: `returned` if the
    whole gift went back to its donor, `spent` otherwise; "" while something can. `refs` are the first of the `counted` receipts or
    feedback that the stage counts."""

    name: str
    amount: int
    first: str
    last: str
    overdue: list[OverdueStage]
    is_whole: bool
    disputed: int
    ended: str
    refs: list[Step]
    counted: int


class Row(NamedTuple):
    """Units of the gift that took the same path: `amount` of them, from `start` of the first to `end` of the last."""

    amount: int
    start: int
    end: int
    state: str
    level: str
    tape: str
    fund: str
    fund_path: str
    steps: list[Step]
    left_out: int


def gift(snapshot: Snapshot, asked: Asked) -> Page:
    """A gift. Raises NotFound."""
    ref = asked.path["ref"]
    with snapshot.reading():
        trace = snapshot.gift(ref, asked.as_of)
        ways = _ways(trace.pieces)
        first = _first(asked.query.get("row", ""), len(ways))
        ends = _ends(trace.pieces)
        fund, goods = fund_name(snapshot, trace.fund), goods_of(snapshot)(trace.unit)
        results = results_heard(snapshot, trace, results_of_gift(snapshot, trace))
        disbursed = [step_of(snapshot, end) for end in ends[:DISBURSEMENTS]]
        return Page("gift.html", {
            "ref": ref, "trace": trace, "charity": trace.party, "fund": fund, "fund_path": fund_path(snapshot, trace.fund),
            "sentence": sentence(asked.voice, trace, fund, goods),
            "stages": stages(snapshot, trace, ends), "rows": [_row(snapshot, way) for way in ways[first : first + ROWS]],
            "rows_in_all": len(ways), "first_row": first, "rows_a_page": ROWS,
            "evidence": _evidence(snapshot, trace, ends), "of_activities": _of_activities(snapshot, ends),
            "looked_up": DISBURSEMENTS, "disbursements": len(ends), "results": results,
            "answer": answer_of(snapshot, trace, results), "receipts": receipts_heard(snapshot, trace, ends[:DISBURSEMENTS]),
            "only_delivered": bool(disbursed) and all(one.kind == "delivery" for one in disbursed),
            "payees": list(dict.fromkeys(one.payee for one in disbursed if one.payee))[:LINKED],
            **_open(snapshot, trace, asked.as_of), "spenders": spenders_of(snapshot, trace),
            "contacts": [(party, found.record) for party in spenders_of(snapshot, trace) if (found := contact_of(snapshot, party))],
            "parts": parts_by_stage(gift_stages(trace)), "way": way(snapshot, trace), "first_steps": FIRST,
            "vkey": vkey_of(snapshot.books).format(), "qr": _qr_of(asked.address, f"/g/{ref}"),
        })  # fmt: skip


def _open(snapshot: Snapshot, trace: GiftTrace, as_of: str) -> JsonObject:
    """What is still open of the gift. `disbursed` has the payments and deliveries that it names, by reference."""
    found = still_open(snapshot, trace, as_of)
    refs = {*(one.ref for one in found.missing[:OPEN]), *list(found.disputed)[:OPEN]}
    totals, fee = trace.totals(), trace.totals().get("fee", 0)
    return {
        "open": found, "open_shown": OPEN, "is_all_reported": totals == {"reported": trace.amount},
        "fee": fee, "is_rest_reported": fee > 0 and totals == {"reported": trace.amount - fee, "fee": fee},
        "waits": [one._replace(fund=fund_name(snapshot, one.fund)) for one in found.waits],
        "disbursed": {ref: step_of(snapshot, ref) for ref in refs},
    }


def stages(snapshot: Snapshot, trace: GiftTrace, ends: Sequence[str]) -> list[Stage]:
    """The five stages of a gift (books §4): how much has reached each, when, and what is overdue. A void gift has none."""
    if marks_of(snapshot.books, trace.ref).is_void:
        return []
    totals = trace.totals()
    gone = ("fee", "refunded", "covered", "written-off", "void")
    kept = sum(amount for state, amount in totals.items() if state not in gone)
    spent = sum(totals.get(state, 0) for state in PAID)
    received = totals.get("received", 0) + totals.get("reported", 0)
    amounts = {
        "donation": trace.amount, "implementation": spent + totals.get("allocated", 0), "payment": spent, "receipt": received,
        "feedback": totals.get("reported", 0),
    }  # fmt: skip
    days, counted = _days(snapshot, trace, ends), _counted(snapshot, trace, ends)
    overdue = {name: [one for one in trace.overdue if one.stage == name] for name in amounts}
    returned = totals.get("refunded", 0) + totals.get("covered", 0)
    ended = "" if kept else "returned" if returned == trace.amount else "spent"
    return [
        Stage(
            name, amount, *_span(days[name]), overdue[name], amount >= (trace.amount if name == "donation" else kept) > 0,
            totals.get("disputed", 0) if name == "receipt" else 0, ended,
            [step_of(snapshot, ref) for ref in counted.get(name, NONE)[0][:LINKED]], counted.get(name, NONE)[1],
        )
        for name, amount in amounts.items()
    ]  # fmt: skip


def _counted(snapshot: Snapshot, trace: GiftTrace, ends: Sequence[str]) -> dict[str, tuple[list[str], int]]:
    """The allocations that are looked up; the payments and deliveries; and on those that are looked up, the receipts and how many
    there are, and the feedback."""
    moved = _allocations(snapshot, trace)
    receipts: list[str] = []
    feedback: list[str] = []
    count = 0
    for ref in ends[:DISBURSEMENTS]:
        row = snapshot.books.disbursement.get(ref)
        if row is not None:
            receipts += said_about(snapshot, ref, "receipts") if row.receipts else []
            count += sum(one.receipts for one in row.receipts)
            feedback += feedback_on(snapshot, ref, row)
    feedback = list(dict.fromkeys(feedback))
    return {
        "implementation": (moved, len(moved)), "payment": (list(ends), len(ends)), "receipt": (receipts, count),
        "feedback": (feedback, len(feedback)),
    }


def _allocations(snapshot: Snapshot, trace: GiftTrace) -> list[str]:
    """The allocations that moved units of the gift, as far as they are looked up."""
    seen = sorted({ref for piece in trace.pieces[:ROWS] for ref in piece.path[:STEPS]}, key=split_ref)
    return [ref for ref in seen if step_of(snapshot, ref).kind == "allocation"]


def _days(snapshot: Snapshot, trace: GiftTrace, ends: Sequence[str]) -> dict[str, list[str]]:
    """The days on which something happened at each stage, as far as they are looked up."""
    books, days = snapshot.books, {name: list[str]() for name in ("implementation", "payment", "receipt", "feedback")}
    days["implementation"] = [step_of(snapshot, ref).day for ref in _allocations(snapshot, trace)]
    for ref in ends[:DISBURSEMENTS]:
        row = books.disbursement.get(ref)
        if row is not None:
            days["payment"].append(row.day)
            days["receipt"] += [day for one in row.receipts for day in (one.first_day, one.last_day)]
            days["feedback"] += [step_of(snapshot, one).day for one in feedback_on(snapshot, ref, row)]
    return {"donation": [trace.received_on], **days}


def _span(days: Iterable[str]) -> tuple[str, str]:
    known = sorted(days)
    return (known[0], known[-1]) if known else ("", "")


def _ends(pieces: Sequence[Piece]) -> list[str]:
    """The payments and deliveries in which units of the gift ended, in the order of the log."""
    return sorted({piece.path[-1] for piece in pieces if piece.state in PAID and piece.path}, key=split_ref)


def _ways(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces in order, grouped if they are adjacent and took the same path."""
    return [list(run) for _, run in groupby(pieces, key=lambda piece: (piece.state, piece.level, piece.tape, piece.path))]


def _row(snapshot: Snapshot, way: Sequence[Piece]) -> Row:
    piece, amount = way[0], sum(piece.end - piece.start for piece in way)
    refs = list(piece.path)
    shown = refs if len(refs) <= STEPS else [refs[0], *refs[1 - STEPS :]]
    fund = piece.tape.partition("/")[0]
    return Row(
        amount, piece.start, way[-1].end, piece.state, piece.level, piece.tape, fund_name(snapshot, fund),
        fund_path(snapshot, fund), [step_of(snapshot, ref) for ref in shown], len(refs) - len(shown),
    )  # fmt: skip


def _first(text: str, ways: int) -> int:
    """The first row of a page of rows; 0 if the text is not a number."""
    row = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
    return row - row % ROWS if row < ways else 0


def _evidence(snapshot: Snapshot, trace: GiftTrace, ends: Sequence[str]) -> list[Committed]:
    """The files of the gift's payments and deliveries, their receipts and feedback."""
    found: list[Committed] = []
    for ref in ends[:DISBURSEMENTS]:
        row = snapshot.books.disbursement.get(ref)
        receipts = said_about(snapshot, ref, "receipts") if row and row.receipts else []
        for one in (ref, *receipts, *(feedback_on(snapshot, ref, row) if row else ())):
            found += committed(snapshot, one)
    return list(dict.fromkeys(found))


def _of_activities(snapshot: Snapshot, ends: Sequence[str]) -> list[Committed]:
    """The files in the newest progress records of the activities of the gift's payments and deliveries."""
    rows = [row for ref in ends[:DISBURSEMENTS] if (row := snapshot.books.disbursement.get(ref)) is not None]
    found: list[Committed] = []
    for fund in dict.fromkeys(row.fund for row in rows if snapshot.books.activity.get(row.fund) is not None):
        for item in snapshot.records(kind="progress", fund=fund, limit=PROGRESS, newest_first=True).items:
            found += committed(snapshot, item.ref)
    return found


def _qr_of(address: Address, path: str) -> str:
    """The QR code of a page; "" if the public address is not known."""
    return qr_code(address.whole(path)) if address.place.origin else ""


def qr_code(address: str) -> str:
    """A QR code as inline SVG without its own style; "" if the address is too long for one."""
    if len(address.encode()) > QR_BYTES:
        return ""
    code = segno.make(address, error="m", micro=False)
    return code.svg_inline(border=4, omitsize=True, svgclass=None, lineclass=None, light="#ffffff", dark="#000000")
