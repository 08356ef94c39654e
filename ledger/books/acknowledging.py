"""Who may acknowledge a payment or delivery, by the level of the receipt (books §2)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Protocol, Self

from .custody import CHARGES, custodian_for
from .group import PREFIX
from .kinship import is_near, relatives
from .levels import LEVELS, OWN, acknowledged
from .mandate import custodian_of, seconds_of
from .naming import disbursement_of
from .rows import Disbursement
from .state import Books
from .statement_context import StatementContext

Parties = Collection[str]
NOBODY: Parties = ()
OWN_USE = f"{PREFIX}own-use"
"""What a party keeps went to nobody, so no third party can say that it arrived."""
WITH_SECRET = "holder-signed"
"""Any party can make a receipt of this level, if it has the secret of the holder."""


class AtLevel(Protocol):
    """A receipt, as it is judged by its level."""

    level: str
    line: object
    received_on: str

    @property
    def disbursements(self) -> tuple[str, Sequence[str]]:
        """The field that names payments or deliveries, and their names."""
        raise NotImplementedError

    def model_copy(self, *, update: Mapping[str, object]) -> Self:
        """The same with other members."""
        raise NotImplementedError


def named_disbursements(books: Books, record: Any, context: StatementContext) -> list[Disbursement]:
    """The payments and deliveries that a record is about. Raises Absent, Refused."""
    field, refs = record.disbursements
    return [disbursement_of(books, context, ref, field) for ref in refs]


def acknowledgers(books: Books, record: AtLevel, context: StatementContext) -> Parties:
    """The parties that may make a receipt of its level."""
    rows = named_disbursements(books, record, context)
    owners = [row.party for row in rows]
    recipients = [row.payee for row in rows if row.payee not in owners]
    if record.level in OWN:
        return owners
    if record.level == WITH_SECRET:
        return (context.party,)
    if record.level == "recipient-signed":
        return recipients
    if record.level == "confirmed":
        return owners if record.line is not None else _confirming(books, rows, record.received_on, context)
    if any(row.payee == OWN_USE for row in rows):
        return NOBODY
    days, bound = {context.day, record.received_on}, {context.party, *owners}
    is_concerned = is_near(books, context.party, _concerned_by(books, rows, context.day), days, bound)
    return NOBODY if is_concerned or _works_for_it(books, rows, context.party, days, bound) else (context.party,)


def _confirming(books: Books, rows: list[Disbursement], day: str, context: StatementContext) -> Parties:
    """The custodians of the channels that the payments were made by."""
    return {custodian_for(books, context, row.party, row.channel, {day}, {row.payee}, row.keeper) for row in rows} - {""}


def _concerned_by(books: Books, rows: list[Disbursement], day: str) -> set[str]:
    """The parties whose word about a payment or delivery is not a third party's, nor is that of their relatives: owner, the second
    of its mandate now or then, who signed with it, recipient, operator; of bank charges, the custodian of the channel."""
    ledger = books.ledger.get("")
    parties = {ledger.operator} if ledger else set()
    for row in rows:
        parties |= {row.party, row.payee, *row.beside, *seconds_of(books, row.party, day)}
        parties |= {custodian_of(books, row.party, row.channel, day)} - {""} if row.payee == CHARGES else set()
    return parties


def _works_for_it(books: Books, rows: list[Disbursement], party: str, days: Parties, bound: Parties) -> bool:
    """Whether a party, or a relative of it, leads or implements an activity of the project that a payment was made from, or granted
    money that was taken into the tree of that fund."""
    funds = [fund for row in rows if (fund := books.fund.get(row.fund)) is not None]
    return any(
        books.granted.get(f"{fund.root}/{one}") is not None or books.works.get(f"{fund.project}/{one}") is not None
        for fund in funds for one in relatives(books, party, days, bound)
    )


def why_not(books: Books, record: AtLevel, context: StatementContext) -> str:
    """Why the party of the statement is not one of the acknowledgers of the record's level, and what it can sign."""
    rows = named_disbursements(books, record, context)
    level, party = record.level, context.party
    can = [
        one for one in LEVELS
        if one != WITH_SECRET and party in acknowledgers(books, record.model_copy(update={"level": one, "line": None}), context)
    ]  # fmt: skip
    then = f"{party} can sign {' or '.join(can)}" if can else f"{party} can sign none, only {WITH_SECRET} with the holder's secret"
    return f"{level}: {_reason(books, record, context, rows)}; {then}"


def _reason(books: Books, record: AtLevel, context: StatementContext, rows: list[Disbursement]) -> str:
    party, (_, refs) = context.party, record.disbursements
    name, payers = ", ".join(refs), ", ".join(sorted({row.party for row in rows}))
    if record.level in OWN or (record.level == "confirmed" and record.line is not None):
        return f"{party} did not make {name}, {payers} did"
    if record.level == "recipient-signed":
        paid_itself = any(row.payee == row.party == party for row in rows)
        return f"{party} paid itself by {name}" if paid_itself else f"{party} is not whom {name} went to"
    if record.level == "confirmed":
        return f"{party} is not an unrelated custodian of the channel of {name}, by the mandate of {payers}"
    if any(row.payee == OWN_USE for row in rows):
        return f"{payers} kept what {name} was about for its own use"
    return f"{_concern(books, record, context, rows)}, so {party} is not a third party to {name}"


def _concern(books: Books, record: AtLevel, context: StatementContext, rows: list[Disbursement]) -> str:
    """How the party is concerned by a payment or delivery."""
    party, ledger = context.party, books.ledger.get("")
    roles = {row.party: "made it" for row in rows} | {row.payee: "received it" for row in rows}
    roles |= {ledger.operator: "keeps the ledger"} if ledger and ledger.operator not in roles else {}
    for row in rows:
        keeper = custodian_of(books, row.party, row.channel, context.day) if row.payee == CHARGES else ""
        roles |= {keeper: "got it as the custodian"} if keeper and keeper not in roles else {}
        roles = {second: f"signs for {row.party} as its second" for second in seconds_of(books, row.party, context.day)} | roles
        roles = {one: f"signed with {row.party}, or was its second then" for one in row.beside} | roles
    if party in roles:
        return f"{party} {roles[party]}"
    days, bound = {context.day, record.received_on}, {party, *(row.party for row in rows)}
    near = next((one for one in relatives(books, party, days, bound) if one in roles), "")
    kin = f"{party} is related to {near}, which {roles.get(near)}"
    return kin if near else f"{party}, or a party related to it, works for the project or gave to it"


def payee_that_signed(books: Books, name: str) -> str:
    """The payee of a payment or delivery that signed a receipt of it; "" for none."""
    row = books.disbursement.get(name)
    return row.payee if row is not None and acknowledged(row, "recipient-signed") else ""
