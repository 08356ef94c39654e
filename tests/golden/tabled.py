"""Mutations as tables: what parties say after the last entry, and the one record of it that must be found.

Each is `case(name, sentence, rule, by(keys, record, …), …)`. The last record of the last statement is the one that breaks the
rule, where `at` does not say otherwise; so the records before it show what is in order just beside it. The flows are those that
the rules give. A record of the story is named by what its entry is called there (`plain.0`), one of the mutation by its statement
(`second.0`).
"""

from __future__ import annotations

from typing import Any, NamedTuple

from .flowing import Tapes
from .forge import Forge
from .mutation import MUTATIONS, OPERATOR, PARTY, WHOLE, Found, Mutation, Outcome, audit, broken
from .telling import a

TODAY, TOMORROW, YESTERDAY = "2026-05-06", "2026-05-07", "2026-05-05"
STATEMENTS = ("first", "second", "third", "fourth", "fifth")
NAMES = ("of", "gift", "payments", "replaces", "returns", "repays")
CLASSES = dict.fromkeys((
    "exponent", "rate", "statistics-total", "recovery", "backfilled", "key-takeover", "related-beneficiary", "relation-again",
    "return-against-receipt", "clock-corrected", "late-void", "document-twice", "bank-statement-gap",
    "opening-unconfirmed",
), audit)  # fmt: skip
Record = dict[str, Any]
Place = tuple[int, int]


class By(NamedTuple):
    """A statement: whose keys sign it, the first one's party says it; its records; other members of it or of its entry. `bound` is
    how many entries before the last one it is bound to."""

    names: str
    records: tuple[Record, ...]
    members: dict[str, Any]
    bound: int


def by(names: str, *records: Record, bound: int = 0, **members: Any) -> By:
    """What a party says."""
    return By(names, records, members, bound)


def case(
    name: str, does: str, rule: str, *said: By, at: Place | None = None,
    also: tuple[tuple[str, int | str, int], ...] = (), named: bool = False,
) -> None:  # fmt: skip
    """Register a mutation. `at` is (statement, record) of the finding, or WHOLE for one; `also` are others that follow from
    it, placed likewise, or in an entry of the story by what that is called. With `named`, the record says itself that it breaks the
    rule of conduct."""

    def make(f: Forge) -> Outcome:
        entries = [_entered(f, one) for one in said]
        statement, record = at or (len(said) - 1, len(said[-1].records) - 1)
        more: tuple[Found, ...] = tuple((id, _where(f, entries, which), number) for id, which, number in also)
        return CLASSES.get("recovery" if named else rule, broken)(rule, _where(f, entries, statement), record, also=more)

    holds = OPERATOR if any(one.names.startswith("op.") for one in said) else PARTY
    MUTATIONS.append(Mutation(name, does, holds, make))


def _where(f: Forge, entries: list[int], statement: int | str) -> int:
    """The entry of a statement, or WHOLE for the log."""
    if isinstance(statement, str):
        return f.entry[statement]
    return WHOLE if statement == WHOLE else entries[statement]


def malformed(name: str, does: str, names: str, record: Record) -> None:
    """Register a mutation in which a record is not of the form of its kind."""
    case(f"schema-{name}", does, "schema", by(names, record), at=(0, WHOLE))


def _entered(f: Forge, said: By) -> int:
    known = f.entry | {name: f.told + number for number, name in enumerate(STATEMENTS)}
    records = [_naming(known, record) for record in said.records]
    members = dict(said.members)
    if said.bound:
        members["after"] = f"{f.last - said.bound}:{f.hash(f.last - said.bound)}"
    return f.append(said.names, *records, **{"flows": flows_of(f, records), **members})


def _naming(known: dict[str, int], record: Record) -> Record:
    """A record that names what it is about by its place in the log."""
    record = {**record, **{name: _named(known, record[name]) for name in NAMES if name in record}}
    if isinstance(record.get("from_size"), str):
        record["from_size"] = known[record["from_size"]]
    if "line" in record:
        record["line"] = {**record["line"], "statement": _named(known, record["line"]["statement"])}
    return record


def _named(known: dict[str, int], ref: str | list[str]) -> str | list[str]:
    if isinstance(ref, list):
        return [str(_named(known, one)) for one in ref]
    entry, dot, number = ref.partition(".")
    return f"{known.get(entry, entry)}{dot}{number}"


def flows_of(f: Forge, records: list[Record]) -> list[list[Any]]:
    """The flows of a statement after the last entry."""
    values = [f.value(index) for index in range(len(f.entries))]
    tapes = Tapes(row for value in values for row in value["flows"])
    said = {f"{value['index']}.{number}": record for value in values for number, record in enumerate(value["statement"]["records"])}
    came: dict[str, list[Any]] = {}
    for value in values:
        for row in value["flows"]:
            if row[1] == "+":
                came.setdefault(f"{value['index']}.{row[0]}", []).append(row[2:])
    flows = []
    for number, record in enumerate(records):
        of = str(record.get("of"))
        back = sum(one["amount"] for one in said.values() if one["kind"] == "payment-return" and one["of"] == of)
        about = {"kind": "", **said.get(of, {}), "came": came.get(of), "back": back}
        flows += tapes.flows(number, record, about)
    return flows


def gift(fund: str, amount: int, **members: Any) -> Record:
    """A gift of today, in CNY where nothing else is said."""
    return a("donation", fund=fund, amount=amount, **{"unit": "CNY", "channel": "cash", "received_on": TODAY, **members})


def paid(fund: str, amount: int, **members: Any) -> Record:
    """A payment of today for the programme, to the shop, in CNY."""
    more = {"unit": "CNY", "payee": "shop", "cost_class": "programme", "paid_on": TODAY, **members}
    return a("payment", fund=fund, amount=amount, **more)


def assigned(fund: str, to: str, amount: int, **members: Any) -> Record:
    """An allocation in CNY."""
    return a("allocation", fund=fund, to=to, amount=amount, **{"unit": "CNY", **members})


def delivered(fund: str, amount: int, **members: Any) -> Record:
    """Masks for the village."""
    more = {"unit": "mask-n95", "to": "village", "delivered_on": TODAY, **members}
    return a("delivery", fund=fund, amount=amount, **more)


def receipt(of: str, amount: int, **members: Any) -> Record:
    """The recipient's receipt."""
    return a("receipt", of=of, amount=amount, **{"level": "recipient-signed", "received_on": TODAY, **members})


def fund(id: str, **members: Any) -> Record:
    """An unrestricted fund."""
    return a("fund", id=id, **{"name": "Side", "purpose": "Whatever comes", "restriction": "unrestricted", **members})


def party(id: str, **members: Any) -> Record:
    """A vendor without a key."""
    return a("party", id=id, **{"entity": "organisation", "roles": ["vendor"], "name": "Newcomer", **members})
