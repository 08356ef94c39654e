"""The mandate of a party: the limits above which it needs a second signature, who may give it, and how long a change waits.

The last mandate counts. What it loosens takes effect only after the delay that was in force before, so that the party's other
officers can see it and say another mandate; what it tightens takes effect at once. So each limit is a clause: what is in force now,
what will be, and from which day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from ..errors import Refused
from .field import Sum
from .kinship import is_near
from .moment import books_from_of, days_after
from .rows import MandateRow
from .rule import demand, memory
from .state import Books
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
T = TypeVar("T", int, str)
Clause = tuple[T, T, str]
"""(in force before the day, in force from it, the day); the day is "" if nothing is pending."""
UnitClause = tuple[str, int, int, str]
NameClause = tuple[str, str, str, str]
"""A unit or a channel, and its clause."""
Loosens = Callable[[T, T], bool]
"""Whether something else is looser than what is in force."""
ONE_OFFICER_DAYS = 3
"""The delay of what one officer signs where the mandate does not say one; what two sign then takes effect at once."""
UNSAID = -1
ENDLESS = ("360giving", "accounts", "invoices")
"""The uses that have one label, without an end."""
OTHER = "other"
"""The use of all channels that have no label of their own."""
OVERSEERS = frozenset({"auditor", "regulator", "inspector"})
NOTHING = MandateRow((), ("", "", ""), (UNSAID, UNSAID, ""), (), (), (), -1)


class Labelled(Protocol):
    """A label: what it is used for, and from when to when."""

    label: str
    use: str
    from_day: str
    until_day: str | None


class Kept(Protocol):
    """A channel, and the party that keeps the money in it."""

    channel: str
    custodian: str


class MandateRecord(Protocol):
    """All that a mandate says."""

    thresholds: tuple[Sum, ...]
    second: str | None
    key_delay_days: int | None
    labels: tuple[Labelled, ...]
    channels: tuple[Kept, ...]
    major: tuple[Sum, ...]


def in_force(clause: Clause[T], day: str) -> T:
    """What a clause says on a day."""
    before, after, since = clause
    return after if since <= day else before


def mandate_of(books: Books, party: str) -> MandateRow:
    """The mandate of a party; one that says nothing if it has not said any."""
    return books.mandate.get(party) or NOTHING


def threshold(books: Books, party: str, unit: str, day: str) -> int | None:
    """Above this sum to one payee in a day, the party needs two signatures on that day; with 0, always. None if it named none."""
    return _amount(mandate_of(books, party).thresholds, unit, day)


def major_from(books: Books, party: str, unit: str, day: str) -> int | None:
    """From this amount on a transaction of the party is a major one; None if it did not say."""
    return _amount(mandate_of(books, party).major, unit, day)


def second_of(books: Books, party: str, day: str) -> str:
    """The party that may sign in place of a second officer; "" if there is none."""
    return in_force(mandate_of(books, party).second, day)


def seconds_of(books: Books, party: str, day: str) -> set[str]:
    """The party that may sign in place of a second officer, and the one that will, if that is pending."""
    before, after, since = mandate_of(books, party).second
    return {after, *([before] if day < since else [])} - {""}


def custodian_of(books: Books, party: str, channel: str, day: str) -> str:
    """The party that keeps the money in a channel of the party; "" if it did not say."""
    channels = mandate_of(books, party).channels
    return next((in_force((before, after, since), day) for name, before, after, since in channels if name == channel), "")


def label_for(books: Books, party: str, use: str, day: str) -> str | None:
    """The label that commits the references of a use, a channel or `invoices`, on a day; None if the mandate names labels for that
    use, and none for that day. Where it names none, the label is the year of the day, or, of the uses without an end, the use
    itself. So a use and a day have one label."""
    labels = mandate_of(books, party).labels
    uses = {row[1] for row in labels}
    said = use if use in uses or use in ENDLESS else OTHER
    if said not in uses:
        return use if use in ENDLESS else day[:4]
    return next((row[0] for row in labels if row[1] == said and _covers(row, day)), None)


@demand("it is another party than the one that makes the record", "reference", decidable=True)
def is_another(books: Books, context: StatementContext, fields: Fields, second: str) -> None:
    if second == context.party:
        raise Refused(f"{fields[0]} {second!r}: is the party itself; name another party", rule="reference")


@demand("it is not after the day on which the party's books begin so far", "reference")
def begins_no_later(books: Books, context: StatementContext, fields: Fields, day: str) -> None:
    so_far = books_from_of(books, context.party)
    if day > so_far:
        raise Refused(f"{fields[0]} {day}: the books begin on {so_far} already, and can only be moved back", rule="reference")


@demand("the party moved the first day of its books back", "backfilled", remarks=True)
def tells_of_backfill(books: Books, context: StatementContext, fields: Fields, day: str) -> None:
    so_far = books_from_of(books, context.party)
    if day < so_far:
        context.remark("backfilled", f"the books of {context.party} begin on {day} now; so far they began on {so_far}")


@memory(
    "what the record says is the party's mandate: what it tightens at once, and what it loosens after the delay that was in force "
    "so far ([books.md](books.md) §2)",
    decidable=True,
)
def mandates(books: Books, context: StatementContext, record: MandateRecord, rows: Sequence[Flow]) -> None:
    old, day = mandate_of(books, context.party), context.day
    later = days_after(day, delay_of(books, context, loosens=True))
    delay = UNSAID if record.key_delay_days is None else record.key_delay_days
    books.mandate.put(context.party, MandateRow(
        _amounts(old.thresholds, record.thresholds, day, later),
        _renewed_name(old.second, record.second or "", day, later),
        renewed(old.key_delay, delay, day, later, _is_shorter),
        tuple((one.label, one.use, one.from_day, one.until_day or "") for one in record.labels),
        _custodians(old.channels, {one.channel: one.custodian for one in record.channels}, day, later),
        _amounts(old.major, record.major, day, later),
        context.index,
    ))  # fmt: skip


@memory("the party's books begin on that day")
def moves_books_from(books: Books, context: StatementContext, record: object, rows: Sequence[Flow], day: str) -> None:
    row = books.party.get(context.party)
    if row is not None:
        books.party.put(context.party, row._replace(books_from=day))


def delay_of(books: Books, context: StatementContext, loosens: bool = False) -> int:
    """How many days what the statement changes must wait: as the mandate says, else none where two officers sign, or one and a
    party in place of the second, and otherwise three. A key that is limited to some kinds does not count as an officer's. A looser
    mandate waits for whoever signs in place of the second too: that party could be the next payee."""
    days = in_force(mandate_of(books, context.party).key_delay, context.day)
    if days != UNSAID:
        return days
    cosigned = bool(context.officers) and not loosens and is_cosigned(books, context)
    return 0 if len(context.officers) >= 2 or cosigned else ONE_OFFICER_DAYS


def is_cosigned(
    books: Books, context: StatementContext, payees: Collection[str] = (), days: Collection[str] = (), with_second: bool = True
) -> bool:
    """Whether an overseer signed too, who is not related to the party; or, with `with_second`, the party that the mandate names as
    second. Who is one of the payees, or is related to one today or on those days, does not count."""
    own, on = context.party, {context.day, *days}
    others = {signer.party for signer in context.signers} - {own}
    others = {party for party in others if not is_near(books, party, payees, on, {own, party})}
    second = second_of(books, own, context.day) if with_second else ""
    return any(party == second or oversees(books, party, (own,), on, {own, party}) for party in others)


def oversees(books: Books, party: str, owners: Collection[str], days: Collection[str], bound: Collection[str] = ()) -> bool:
    """Whether a party has the role of an overseer, and is none of those whom it oversees, nor related to one of them. If nobody
    else is bound, what they say of it alone does not count: nobody is rid of an overseer by calling it a relative."""
    return has_role(books, party, OVERSEERS) and not is_near(books, party, owners, days, bound or {party})


def has_role(books: Books, party: str, roles: Collection[str]) -> bool:
    """Whether a party has one of these roles."""
    row = books.party.get(party)
    return row is not None and any(role in roles for role in row.roles)


def renewed(clause: Clause[T], said: T, day: str, later: str, loosens: Loosens[T]) -> Clause[T]:
    """A clause of which a new mandate says something. What was pending already, and is said again, keeps its day, unless it was
    farther away than the delay, as it is after a clock that was wrong."""
    now, (_, then, since) = in_force(clause, day), clause
    if not loosens(now, said):
        return said, said, ""
    return now, said, since if day < since < later and not loosens(then, said) else later


def _renewed_name(clause: Clause[str], said: str, day: str, later: str) -> Clause[str]:
    """As `renewed`, for the name of a trusted party: if a new mandate drops it, that takes effect at once."""
    before, then, since = renewed(clause, said, day, later, _names_another)
    return (before if before == then else ""), then, since


def _names_another(now: str, said: str) -> bool:
    return said not in ("", now)


def _is_shorter(now: int, said: int) -> bool:
    """Whether a delay is shorter for what one officer signs, or for what two sign."""
    before, after = [(ONE_OFFICER_DAYS, 0) if days == UNSAID else (days, days) for days in (now, said)]
    return after[0] < before[0] or after[1] < before[1]


def _is_higher(now: int, said: int) -> bool:
    """Whether a limit lets more through. A limit of 0 lets nothing through."""
    return now != UNSAID and (said == UNSAID or said > now)


def _amounts(old: tuple[UnitClause, ...], said: Iterable[Sum], day: str, later: str) -> tuple[UnitClause, ...]:
    """The limits by unit. A unit that is left out has none."""
    clauses, amounts = {unit: clause for unit, *clause in old}, {one.unit: one.amount for one in said}
    found = {
        unit: renewed(_clause(clauses.get(unit), UNSAID), amounts.get(unit, UNSAID), day, later, _is_higher)
        for unit in sorted({*clauses, *amounts})
    }
    return tuple((unit, *clause) for unit, clause in found.items() if clause[:2] != (UNSAID, UNSAID))


def _custodians(old: tuple[NameClause, ...], said: dict[str, str], day: str, later: str) -> tuple[NameClause, ...]:
    """The custodians by channel. A channel that is left out has none."""
    clauses = {channel: clause for channel, *clause in old}
    found = {
        channel: _renewed_name(_clause(clauses.get(channel), ""), said.get(channel, ""), day, later)
        for channel in sorted({*clauses, *said})
    }
    return tuple((channel, *clause) for channel, clause in found.items() if any(clause[:2]))


def _clause(clause: list[Any] | None, nothing: T) -> Clause[T]:
    """A clause without its name; one that says nothing if there is none."""
    before, after, since = clause or (nothing, nothing, "")
    return before, after, since


def _amount(clauses: tuple[UnitClause, ...], unit: str, day: str) -> int | None:
    """The amount that is in force of a unit; None if there is none."""
    said = next((in_force((before, after, since), day) for name, before, after, since in clauses if name == unit), UNSAID)
    return None if said == UNSAID else said


def _covers(label: tuple[str, str, str, str], day: str) -> bool:
    _, _, from_day, until_day = label
    return from_day <= day and (not until_day or day <= until_day)
