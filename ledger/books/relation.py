"""Related parties: what is on record about them, and what a record between them must say (books §7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ..errors import Refused
from .kinship import nature_on, pair, relations_on, relatives, said_of
from .mandate import has_role, is_cosigned, oversees
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


def _own(books: Books, context: StatementContext, of: str, to: str) -> RelationRow | None:
    """What the party of the statement said last of the two, or an overseer after it; None for an overseer, who may say
    anything."""
    if oversees(books, context.party, (of, to), {context.day}):
        return None
    return books.relation.get(f"{pair(of, to)}/{context.party}")


@demand(
    "where what the party said of the two is in force, it says the same again: of whom, to whom, of which nature and through which "
    "officer, except that it may name an officer where it named none and the nature is not `control`; or it is an overseer",
    "authority",
)  # fmt: skip
def may_change(books: Books, context: StatementContext, fields: Fields, said: Said) -> None:
    of, to, nature, officer = said
    row = _own(books, context, of, to)
    if row is None or row.said_by != context.party or not row.covers(context.day):
        return
    named = row.officer or (officer or "" if nature != "control" else "")
    if row.what == (of, to, nature) and named == (officer or ""):
        return
    through = f" through {row.officer}" if row.officer else ""
    words = f"{context.party} said that {row.of} is related to {row.to} ({row.nature}{through}), and that is in force"
    advice = "say the same, with a last day if it ends, or ask an overseer to say it"
    context.fault("authority", f"{fields[0]} {of!r}: {words}; {advice}")


@demand(
    "where what the party said of the two is in force today, it does not begin later than that, nor end before today; or it is an "
    "overseer",
    "day",
)  # fmt: skip
def keeps_its_days(books: Books, context: StatementContext, fields: Fields, of: str, to: str, days: Days) -> None:
    row, (starts_on, ends_on) = _own(books, context, of, to), days
    if row is None or row.said_by != context.party or not row.covers(context.day):
        return
    if starts_on > row.starts_on or (ends_on and ends_on < context.day):
        words = f"is on record from {row.starts_on} on and in force; say it with that first day, and a last day from today on"
        context.fault("day", f"{fields[0]} {of!r}: its relation to {to} {words}")


@demand(
    "it is not an overseer who says it, and what the party said of the two, or an overseer after it, ended before today, and less "
    "than a year ago",
    "relation-again",
    remarks=True,
)  # fmt: skip
def tells_of_gap(books: Books, context: StatementContext, fields: Fields, of: str, to: str) -> None:
    row = _own(books, context, of, to)
    if row is not None and row.ended_before(context.day) and days_after(row.ends_on, YEAR) >= context.day:
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
    found = nature_on(books, context.party, other, (day, context.day), {context.party}) if other else ""
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
    rows = relations_on(books, context.party, other, (day, context.day), {context.party})
    through = {(row.of, row.officer) for row in rows}
    signed = [signer for signer in context.signers if (signer.party, signer.officer) in through]
    if not signed or (not context.needs_two and is_cosigned(books, context, (other,), (day,))):
        return
    words = f"is related to {context.party} through {signed[0].officer}, who signed"
    context.fault("conflict-of-interest", f"{fields[0]} {other!r}: {words}; somebody else must sign")


@demand(
    "it is a beneficiary who is related to the party; or who is, or is related to, its main donor, or a party that gave to the "
    "fund's tree, or whose grant was taken into it",
    "related-beneficiary",
    remarks=True,
)  # fmt: skip
def helps_no_relative(books: Books, context: StatementContext, fields: Fields, other: str, fund: str, day: str) -> None:
    root = fund_of(books, context, fund, fields[1]).root
    tell_of_relative(books, context, f"{fields[0]} {other!r}", (other, root), (day, context.day))


def tell_of_relative(
    books: Books, context: StatementContext, said: str, beneficiary: tuple[str, str], days: Sequence[str]
) -> None:
    """Report that a beneficiary, who is given something of a tree of funds, is related to the party or to a donor."""
    (other, root), party = beneficiary, context.party
    if not has_role(books, other, {"beneficiary"}):
        return
    how = nature_on(books, party, other, days, {party})
    givers = (one for one in relatives(books, other, days, {party}) if _gave(books, one, party, root, days))
    giver = next(givers, "") if not how else ""
    if how or giver:
        words = f"related to {party} ({how})" if how else "a donor" if giver == other else f"related to {giver}, a donor"
        context.remark("related-beneficiary", f"{said}: is a beneficiary and {words}{'' if how else f' of {party}'}")


def _gave(books: Books, giver: str, party: str, root: str, days: Sequence[str]) -> bool:
    """Whichever of the two is said to be the main donor of the other."""
    gave = books.donor.get(f"{root}/{giver}") or books.granted.get(f"{root}/{giver}")
    return gave is not None or any(row.nature == "main-donor" for row in relations_on(books, giver, party, days, {party}))


@memory(
    "what the party says of the two, in place of what it said of them before; what an overseer says takes the place of what anyone "
    "said"
)
def relates(books: Books, context: StatementContext, record: object, rows: Rows, said: Said, days: Days) -> None:
    (of, to, nature, officer), (starts_on, ends_on), two = said, days, pair(said[0], said[1])
    by_overseer = oversees(books, context.party, (of, to), {context.day})
    row = RelationRow(of, to, nature, officer or "", starts_on, ends_on or "", context.party, context.index, by_overseer)
    if not any(said_of(books, of, to)):
        for one, other in ((of, to), (to, of)):
            books.kin.put(f"{one}/{other}", books.kin.get(one) or Kin(""))
            books.kin.put(one, Kin(other))
    own = [f"{two}/{one}" for one in (of, to) if one == context.party or (by_overseer and books.relation.get(f"{two}/{one}"))]
    for key in (two, *own) if by_overseer else own:
        books.relation.put(key, row)


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
