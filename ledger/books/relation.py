"""Related parties: what is on record about them, and what a record between them must say (books §7)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from ..errors import Refused
from .kinship import kin_of, nature_of, pair, relation_of
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
Nature = Literal["founder", "control", "common-control", "significant-influence", "management", "family", "main-donor"]
YEAR = 366
RELATED = "How the two parties are related, if a relation of them is on record."


@demand(
    "where a relation of the two is on record and has not ended, it is by the party that said it, or by an auditor, inspector or "
    "regulator",
    "authority",
)  # fmt: skip
def may_change(books: Books, context: StatementContext, fields: Fields, of: str, to: str) -> None:
    row = books.relation.get(pair(of, to))
    if row is None or context.party == row.said_by or row.ended_before(context.day) or has_role(books, context.party, OVERSEERS):
        return
    words = f"the relation of {of} and {to} was recorded by {row.said_by}; only {row.said_by} or an overseer can change it"
    context.fault("authority", f"{fields[0]} {of!r}: {words}")


@demand(
    "a relation of the two is on record that is not in force today, and was until less than a year ago",
    "relation-again",
    remarks=True,
)  # fmt: skip
def tells_of_gap(books: Books, context: StatementContext, fields: Fields, of: str, to: str) -> None:
    row = books.relation.get(pair(of, to))
    if row is None or relation_of(books, of, to, context.day) or (row.ends_on and days_after(row.ends_on, YEAR) < context.day):
        return
    ended = f"ended on {row.ends_on}" if row.ends_on else f"was to begin on {row.starts_on}"
    context.remark("relation-again", f"{fields[0]} {of!r}: its relation to {to} {ended}, and is said again on {context.day}")


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
    "it says how the party and the other are related, if they are on that day by what is on record, and nothing else",
    "related-party",
)
def says_how_related(
    books: Books, context: StatementContext, fields: Fields, other: str | None, day: str, related: str | None
) -> None:
    found = nature_of(books, context.party, other, day) if other else ""
    if found == (related or ""):
        return
    if found:
        words = f"is related to {context.party} ({found}); record that with related: {found}"
    else:
        words = f"the record says that it is related ({related}), but no such relation is on record for {day}; record it first"
    context.fault("related-party", f"{fields[0]} {other!r}: {words}" if other else f"related {related!r}: {fields[0]} is not given")


@demand(
    "no officer through whom the party is related to the other signs, except for a party with one officer, where an auditor, "
    "inspector or regulator, or the second of its mandate, who is not related to that other, signs too",
    "conflict-of-interest",
)  # fmt: skip
def without_conflict(books: Books, context: StatementContext, fields: Fields, other: str, day: str) -> None:
    row = relation_of(books, context.party, other, day)
    signed = [signer for signer in context.signers if row and (signer.party, signer.officer) == (row.of, row.officer)]
    if not signed or (not context.needs_two and is_cosigned(books, context, (other,), (day,))):
        return
    words = f"is related to {context.party} through {signed[0].officer}, who signed"
    context.fault("conflict-of-interest", f"{fields[0]} {other!r}: {words}; somebody else must sign")


@demand(
    "it is a beneficiary who is related to the party, to its main donor, or to a party that gave to the fund's tree",
    "related-beneficiary",
    remarks=True,
)  # fmt: skip
def helps_no_relative(books: Books, context: StatementContext, fields: Fields, other: str, fund: str, day: str) -> None:
    if not has_role(books, other, {"beneficiary"}):
        return
    root, how = fund_of(books, context, fund, fields[1]).root, nature_of(books, context.party, other, day)
    giver = next((one for one, _ in kin_of(books, other, day) if _gave(books, one, context.party, root, day)), "")
    if how or giver:
        words = f"to {context.party} ({how})" if how else f"to {giver}, a donor of {context.party}"
        context.remark("related-beneficiary", f"{fields[0]} {other!r}: is a beneficiary and related {words}")


def _gave(books: Books, giver: str, party: str, root: str, day: str) -> bool:
    row = relation_of(books, giver, party, day)
    return (row is not None and (row.of, row.nature) == (giver, "main-donor")) or books.donor.get(f"{root}/{giver}") is not None


@memory("the relation of the two parties, in place of an earlier one of the same two")
def relates(
    books: Books, context: StatementContext, record: object, rows: Rows, of: str, to: str, nature: str, officer: str | None,
    days: tuple[str, str | None],
) -> None:  # fmt: skip
    starts_on, ends_on = days
    new = books.relation.get(pair(of, to)) is None
    books.relation.put(
        pair(of, to), RelationRow(of, to, nature, officer or "", starts_on, ends_on or "", context.party, context.index)
    )
    if new:
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
