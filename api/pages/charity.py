"""The page of a party: who it is, and what happened to the money in its funds."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, NamedTuple

from ledger.books.moment import local_day
from ledger.view.breaches import breaches
from ledger.view.contact import contact_of
from ledger.view.disputes import disputes
from ledger.view.payees import Payee, payees
from ledger.view.related import related
from ledger.view.relations import relations
from ledger.view.snapshot import Snapshot
from ledger.view.voids import voids

from ..v1.party import keys_of, mandate_of, members
from .account import account_lines
from .frame import party_name
from .lists import FUNDS, fund_rows, payments
from .page_request import Asked, Page
from .totals import LISTED, reach, what_is_overdue

DISPUTES = 12
PAYEES = 20


def charity(snapshot: Snapshot, asked: Asked) -> Page:
    """A party. Raises NotFound."""
    id, books = asked.path["id"], snapshot.books
    disputed = disputes(snapshot, charity=id)
    return Page("charity.html", {
        **_who(snapshot, asked, id), **_money(snapshot, id), **what_is_overdue(snapshot, asked.as_of, charity=id),
        "disputes": disputed[:DISPUTES], "more_disputes": len(disputed) > DISPUTES, "breaches": len(breaches(snapshot, party=id)),
        "voids": len(voids(snapshot, party=id)), "payments": payments(snapshot, party=id),
        "projects": [(key, project.name) for key, project in books.project.items() if project.owner == id][:LISTED],
    })  # fmt: skip


def _who(snapshot: Snapshot, asked: Asked, id: str) -> dict[str, Any]:
    """Who the party is and who signs for it. Raises NotFound."""
    party, books = members(snapshot, id), snapshot.books
    contact = contact_of(snapshot, id)
    since = local_day(books, snapshot.leaf(party["entry"]).entry.time)
    return {
        "id": id, "party": party, "name": party_name(asked.voice, books, id), "mandate": mandate_of(snapshot, id),
        "since": since, "books_from": books.party[id].books_from, "pending": _pending(snapshot, asked, id),
        "contact": contact.record if contact else None,
        "relations": relations(snapshot, id), "related": len(related(snapshot, party=id)),
    }  # fmt: skip


def _money(snapshot: Snapshot, id: str) -> dict[str, Any]:
    """What happened to the money in its funds."""
    funds = fund_rows(snapshot, charity=id)
    return {
        "holds_funds": bool(funds), "accounts": account_lines(snapshot, charity=id), "scope": {"charity": id},
        "reach": reach(snapshot, charity=id), "payees": _payees(snapshot, id), "funds": funds[:FUNDS],
        "more_funds": len(funds) > FUNDS,
    }  # fmt: skip


class Payees(NamedTuple):
    """Whom a party paid in one unit: the first `rows`, what `others` got in all, and the `total` of `in_all` payees."""

    unit: str
    rows: list[Payee]
    others: int
    total: int
    in_all: int


def _payees(snapshot: Snapshot, id: str) -> list[Payees]:
    found: dict[str, list[Payee]] = defaultdict(list)
    for one in payees(snapshot, charity=id):
        found[one.unit].append(one)
    return [
        Payees(unit, rows[:PAYEES], sum(row.amount for row in rows[PAYEES:]), sum(row.amount for row in rows), len(rows))
        for unit, rows in sorted(found.items())
    ]


def _pending(snapshot: Snapshot, asked: Asked, id: str) -> list[tuple[str, str]]:
    """What of the party's keys and mandate changes later, in words, and the day from which it does."""
    say, mandate = asked.voice.say, mandate_of(snapshot, id)
    keys = keys_of(snapshot, id)
    new = [(say("a new key of %(officer)s", officer=key.officer), key.from_day) for key in keys if key.from_day]
    old = [(say("a key of %(officer)s revoked", officer=key.officer), key.until_day) for key in keys if key.until_day]
    looser = {
        "threshold": say("a higher threshold"), "second": say("another second signer"), "key_delay_days": say("a shorter delay"),
    }  # fmt: skip
    return [*new, *old, *((looser[one.what], one.from_day) for one in (mandate.pending if mandate else ()))]
