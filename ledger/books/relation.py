"""Related parties: what is on record about them, and what a record between them must say (books §7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ..errors import Refused
from .kinship import kin_of, nature_on, pair, relation_of, relation_on
from .mandate import OVERSEERS, has_role, is_cosigned
from .moment import days_after
from .naming import fund_of, party_of
from .reads import Disbursed
from .relation_rows import Donor, Kin, RelatedRow, RelationRow
from .rule import demand, memory
from .state import Books
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
Rows = Sequence[Flow]
Said = tuple[str, str, str, str | None]
"""Of whom, to whom, of which nature, through which officer."""
Days = tuple[str, str | None]
Nature = Literal["founder", "control", "common-control", "significant-influence", "management", "family", "main-donor"]
YEAR = 366
RELATED = "How the two parties are related, if a relation of them is on record."


@demand(
    "where a relation of the two is on record and has not ended, it is by the party that said it, or by an auditor, inspector or "
    "regulator, or it says the same again",
    "authority",
)  # fmt: skip
def may_change(books: Books, context: StatementContext, fields: Fields, said: Said, days: Days) -> None:
    of, to, *_ = said
    row = books.relation.get(pair(of, to))
    if row is None or context.party == row.said_by or row.ended_before(context.day) or has_role(books, context.party, OVERSEERS):
        return
    if _says_the_same(row, said) and (row.starts_on, row.ends_on) == (days[0], days[1] or ""):
        return
    words = f"the relation of {of} and {to} was recorded by {row.said_by}; only {row.said_by} or an overseer can change it"
    context.fault("authority", f"{fields[0]} {of!r}: {words}")


def _says_the_same(row: RelationRow, said: Said) -> bool:
    of, to, nature, officer = said
    return (row.of, row.to, row.nature, row.officer) == (of, to, nature, officer or "")


@demand(
    "where a relation of the two is in force today, it does not begin later than that, nor end before today, unless an auditor, "
    "inspector or regulator says it",
    "day",
)  # fmt: skip
def keeps_its_days(books: Books, context: StatementContext, fields: Fields, of: str, to: str, days: Days) -> None:
    row, (starts_on, ends_on) = relation_of(books, of, to, context.day), days
    if row is None or has_role(books, context.party, OVERSEERS):
        return
    if starts_on > row.starts_on or (ends_on and ends_on < context.day):
        words = f"is on record from {row.starts_on} on and in force; say it with that first day, and a last day from today on"
        context.fault("day", f"{fields[0]} {of!r}: its relation to {to} {words}")


@demand(
    "it is not an auditor, inspector or regulator who says it, and a relation of the two is on record that is not in force today, "
    "and was until less than a year ago",
    "relation-again",
    remarks=True,
)  # fmt: skip
def tells_of_gap(books: Books, context: StatementContext, fields: Fields, of: str, to: str) -> None:
    row = books.relation.get(pair(of, to))
    if row is None or not row.ended_before(context.day) or has_role(books, context.party, OVERSEERS):
        return
    if days_after(row.ends_on, YEAR) >= context.day:
        words = f"ended on {row.ends_on}, and is said again on {context.day}"
        context.remark("relation-again", f"{fields[0]} {of!r}: its relation to {to} {words}")


@demand("the party has an officer of that name, or had one", "reference")
def is_officer(books: Books, context: StatementContext, fields: Fields, officer: tuple[str, str | None]) -> None:
    of, name = officer
    if books.held.get(f"{of}/{name}") is None:
        words = f"{of} has no officer of that name; give the name under which its key was recorded"
        raise Refused(f"{fields[0].rpartition('/')[2]} {name!r}: {words}", rule="reference")


@demand("it is another party than the one that makes the record, and an organisation: no gift names a person", "reference")
def is_another_organisation(books: Books, context: StatementContext, fields: Fields, party: str) -> None:
    if party == context.party:
        raise Refused(f"{fields[0]} {party!r}: nobody gives to itself; record the money as income", rule="reference")
    if party_of(books, context, party, fields[0]).is_person:
        raise Refused(f"{fields[0]} {party!r}: is a person; record the gift without naming them", rule="reference")


@demand(
    "it says how the party and the other are related, if they are on that day, or else on the entry's, by what is on record, and "
    "nothing else",
    "related-party",
)
def says_how_related(
    books: Books, context: StatementContext, fields: Fields, other: str | None, day: str, related: str | None
) -> None:
    found = nature_on(books, context.party, other, (day, context.day)) if other else ""
    if found == (related or ""):
        return
    if found:
        words = f"is related to {context.party} ({found}); record that with related: {found}"
    else:
        words = f"the record says that it is related ({related}), but no such relation is on record for {day}; record it first"
    context.fault("related-party", f"{fields[0]} {other!r}: {words}" if other else f"related {related!r}: {fields[0]} is not given")


@demand(
    "no officer through whom the party is related to the other on that day, or else on the entry's, signs, except for a party with "
    "one officer, where an auditor, inspector or regulator, or the second of its mandate, who is not related to that other, signs "
    "too",
    "conflict-of-interest",
)  # fmt: skip
def without_conflict(books: Books, context: StatementContext, fields: Fields, other: str, day: str) -> None:
    row = relation_on(books, context.party, other, (day, context.day))
    signed = [signer for signer in context.signers if row and (signer.party, signer.officer) == (row.of, row.officer)]
    if not signed or (not context.needs_two and is_cosigned(books, context, (other,), (day,))):
        return
    words = f"is related to {context.party} through {signed[0].officer}, who signed"
    context.fault("conflict-of-interest", f"{fields[0]} {other!r}: {words}; somebody else must sign")


@demand(
    "it is a beneficiary who is related to the party, to its main donor, or to a party that gave to the fund's tree, or whose "
    "grant was taken into it",
    "related-beneficiary",
    remarks=True,
)  # fmt: skip
def helps_no_relative(books: Books, context: StatementContext, fields: Fields, other: str, fund: str, day: str) -> None:
    if not has_role(books, other, {"beneficiary"}):
        return
    root, days = fund_of(books, context, fund, fields[1]).root, (day, context.day)
    how, kin = nature_on(books, context.party, other, days), (one for at in days for one, _ in kin_of(books, other, at))
    giver = next((one for one in kin if _gave(books, one, context.party, root, days)), "")
    if how or giver:
        words = f"to {context.party} ({how})" if how else f"to {giver}, a donor of {context.party}"
        context.remark("related-beneficiary", f"{fields[0]} {other!r}: is a beneficiary and related {words}")


def _gave(books: Books, giver: str, party: str, root: str, days: Sequence[str]) -> bool:
    """Whichever of the two is said to be the main donor of the other."""
    row = relation_on(books, giver, party, days)
    gave = books.donor.get(f"{root}/{giver}") or books.granted.get(f"{root}/{giver}")
    return (row is not None and row.nature == "main-donor") or gave is not None


@memory("the relation of the two parties, in place of an earlier one of the same two; who said it first stays the one that said it")
def relates(books: Books, context: StatementContext, record: object, rows: Rows, said: Said, days: Days) -> None:
    (of, to, nature, officer), (starts_on, ends_on) = said, days
    before = books.relation.get(pair(of, to))
    same = before is not None and not before.ended_before(context.day) and _says_the_same(before, said)
    said_by = before.said_by if before is not None and same and context.party in (of, to) else context.party
    agreed = context.party == to or has_role(books, context.party, OVERSEERS) or (before is not None and same and before.agreed)
    row = RelationRow(of, to, nature, officer or "", starts_on, ends_on or "", said_by, context.index, agreed)
    books.relation.put(pair(of, to), row)
    if before is None:
        for one, other in ((of, to), (to, of)):
            books.kin.put(f"{one}/{other}", books.kin.get(one) or Kin(""))
            books.kin.put(one, Kin(other))


@memory("that the record is between related parties, for the public list of such records")
def lists_related(
    books: Books, context: StatementContext, record: Disbursed, rows: Rows, other: str | None, day: str, related: str
) -> None:
    row = RelatedRow(context.party, record.kind, other or "", related, record.unit, record.amount, day)
    books.related.put(context.ref, row)


@memory("that the party gave to the tree of the fund")
def gives_to(books: Books, context: StatementContext, record: object, rows: Rows, donor: str, fund: str) -> None:
    note_donor(books, donor, fund)


def note_donor(books: Books, donor: str, fund_id: str) -> None:
    """Remember that an organisation gave to the tree of a fund. It is one row, however often it gives."""
    fund = books.fund.get(fund_id)
    if fund is not None:
        books.donor.put(f"{fund.root}/{donor}", Donor(donor))
