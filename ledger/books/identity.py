"""The words of the ledger itself: its name, its rules, its units, and the log that continues another."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import Refused
from .currency import in_other_case, why_not
from .reads import Log, Named
from .rows import Ended, Head, Ledger, ReferenceKeyRow, UnitRow
from .rule import RULE_SETS, demand, memory
from .state import Books
from .statement_context import Flow, StatementContext

Fields = tuple[str, ...]
Rows = Sequence[Flow]


@demand("it is record 0 of entry 0", "reference", decidable=True)
def stands_first(books: Books, context: StatementContext, fields: Fields) -> None:
    if context.index or context.number:
        raise Refused("a ledger record can only be record 0.0", rule="reference")


@demand("it is a rule set that is known", "rules", decidable=True)
def known_rules(books: Books, context: StatementContext, fields: Fields, rules: str) -> None:
    if rules not in RULE_SETS:
        words = f"this program knows {' and '.join(map(repr, sorted(RULE_SETS)))} only; use a later version of the program"
        raise Refused(f"{fields[0]} {rules!r}: {words}", rule="rules")


@demand("the log has a key of its own", "key-standing", decidable=True)
def not_log_key(books: Books, context: StatementContext, fields: Fields, key: str, log_key: str) -> None:
    if key == log_key:
        raise Refused(f"{fields[0]}: is the log's key; a party needs a key of its own", rule="key-standing")


@demand("no declared unit is the same, or differs only in case", "reference", decidable=True)
def is_new_unit(books: Books, context: StatementContext, fields: Fields, unit: str) -> None:
    if books.unit.get(unit) is not None:
        raise Refused(f"{fields[0]} {unit!r}: is already declared; declare each unit once", rule="reference")
    if books.unit.get(other := in_other_case(unit)) is not None:
        words = f"{other!r} is already declared; two units must differ in more than case"
        raise Refused(f"{fields[0]} {unit!r}: {words}", rule="reference")


@demand(
    "a currency in `currencies` has the exponent given there, and a unit that is such a code in small letters has exponent 0",
    "exponent", decidable=True,
)  # fmt: skip
def decimals_of(books: Books, context: StatementContext, fields: Fields, unit: str, exponent: int) -> None:
    if fault := why_not(unit, exponent):
        context.fault("exponent", fault)


@demand(
    "it is the only record of its statement (`reference`), names the log so far and the number of its entries, and its "
    "statement another log than any so far (`ledger`)",
    "reference", "ledger", decidable=True,
)  # fmt: skip
def continues_log(books: Books, context: StatementContext, fields: Fields, continues: Log) -> None:
    row = books.ledger.get("")
    if row is None or context.number or len(context.runs) > 1:
        raise Refused("a succession must be the only record of its statement, and the log must have entries", rule="reference")
    if continues.origin != row.origin:
        context.fault("ledger", f"{fields[0]} {continues.origin!r}: the log before this entry is {row.origin!r}")
    if continues.size != context.index:
        context.fault("ledger", f"{fields[0]} {continues.size} entries: there are {context.index} before this one")
    if context.ledger == row.origin or books.ended.get(context.ledger) is not None:
        context.fault("ledger", f"ledger {context.ledger!r}: a log that continues another must have its own name")


@demand("no log before it had the key, and no party has, and it answered no record as a one-time key", "ledger", decidable=True)
def is_new_log_key(books: Books, context: StatementContext, fields: Fields, log_key: str) -> None:
    row = books.ledger.get("")
    if row is not None and log_key in (row.log_key, *(ended.log_key for _, ended in books.ended.all())):
        context.fault("ledger", f"{fields[0]} {log_key}: is the key of a log that ended; make another key")
    if books.answered.get(log_key) is not None:
        context.fault("ledger", f"{fields[0]} {log_key}: is a one-time key that answered a record; make another key")
    if books.key.get(log_key) is not None:
        context.fault("ledger", f"{fields[0]} {log_key}: is the key of a party; make another key")


@demand("where the party named the label before, it said the same about it", "reference")
def same_as_before(books: Books, context: StatementContext, fields: Fields, label: str, said: tuple[str, str, str | None]) -> None:
    row = books.reference_key.get(label_key(context.party, label))
    if row is not None and _reference_key(said, row.since) != row:
        words = f"was given another key, day or organisation at entry {row.since}; use that key"
        raise Refused(f"{fields[0]} {label!r}: {words}", rule="reference")


def label_key(party: str, label: str) -> str:
    """The key of a label's row in the books."""
    return f"{party}/{label}"


def _reference_key(said: tuple[str, str, str | None], since: int) -> ReferenceKeyRow:
    check_value, destroy_on, of = said
    return ReferenceKeyRow(check_value, destroy_on, of or "", since)


@memory("which key commits the references of the label")
def commits_with(
    books: Books, context: StatementContext, record: object, rows: Rows, label: str, said: tuple[str, str, str | None]
) -> None:
    key = label_key(context.party, label)
    if books.reference_key.get(key) is None:
        books.reference_key.put(key, _reference_key(said, context.index))


@memory("the ledger's name, operator and log key, and the offset of its time zone from UTC", decidable=True)
def names_ledger(books: Books, context: StatementContext, record: Named, rows: Rows, time_zone: str, log_key: str) -> None:
    (hours, minutes), sign = map(int, time_zone[4:].split(":")), -1 if time_zone[3] == "-" else 1
    books.ledger.put("", Ledger(context.ledger, record.name, context.party, log_key, sign * (60 * hours + minutes)))
    books.head.put("", Head(0, context.time, ""))


@memory("the rule set in force after it", decidable=True)
def rules_change(books: Books, context: StatementContext, record: object, rows: Rows, rules: str) -> None:
    head = books.head.get("")
    if head is not None:
        books.head.put("", head._replace(rules=rules))


@memory("the unit, and how many minor units make one", decidable=True)
def declares(books: Books, context: StatementContext, record: object, rows: Rows, unit: str, exponent: int) -> None:
    books.unit.put(unit, UnitRow(exponent, context.index))


@memory("the earlier log ended; from here on the log has another name and key", decidable=True)
def ends_log(books: Books, context: StatementContext, record: object, rows: Rows, root: str, log_key: str) -> None:
    row = books.ledger.get("")
    if row is not None:
        books.ended.put(row.origin, Ended(context.index, root, row.log_key))
        books.ledger.put("", row._replace(origin=context.ledger, log_key=log_key))
