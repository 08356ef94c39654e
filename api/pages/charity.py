"""The page of a party: who it is, and what happened to the money in its funds."""

from __future__ import annotations

from ledger.view.snapshot import Snapshot

from ..v1.party import keys_of, mandate_of, members
from .account import account_lines
from .frame import party_name
from .lists import FUNDS, fund_rows, payments
from .page_request import Asked, Page
from .totals import LISTED, reach, what_is_overdue


def charity(snapshot: Snapshot, asked: Asked) -> Page:
    """A party. Raises NotFound."""
    id, books = asked.path["id"], snapshot.books
    party = members(snapshot, id)
    funds = fund_rows(snapshot, charity=id)
    return Page("charity.html", {
        "id": id, "party": party, "mandate": mandate_of(snapshot, id), "books_from": books.party[id].books_from,
        "pending": _pending(snapshot, asked, id), "name": party_name(asked.voice, books, id),
        "projects": [(key, project.name) for key, project in books.project.items() if project.owner == id][:LISTED],
        "accounts": account_lines(snapshot, charity=id), "scope": {"charity": id}, "reach": reach(snapshot, charity=id),
        "funds": funds[:FUNDS],
        "funds_in_all": len({fund.fund for fund in funds}), "payments": payments(snapshot, party=id),
        **what_is_overdue(snapshot, asked.as_of, charity=id),
    })  # fmt: skip


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
