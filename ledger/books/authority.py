"""Who may sign what (books §2): the relations and demands that the kinds name in their `signing`, and their judgement.

One party makes a statement. It must have the relation `author` to each record, the signatures must meet every demand of `must`, and
a signature that no record calls for is refused. Signatures are judged by the state before the entry. A key may sign its own
introduction, but that signature counts for nothing else, except in entry 0, because there is no state before it.

A relation looks up what the record names. If it is missing, the relation raises Refused (`reference`, `after`), because a wrong
name does not make the signer wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from typing import Any

from ..errors import Absent, Refused
from . import signing
from .acknowledging import acknowledgers, named_disbursements, payee_that_signed, why_not
from .conduct import named_in
from .custody import custodian_for
from .day_sums import exceeded
from .keys import in_force_on, officers_in_force, signs
from .mandate import OVERSEERS, has_role, is_cosigned, oversees, second_of
from .naming import activity_of, fund_of, made_by
from .rows import ACTIVE, KeyRow
from .rule import values_of
from .state import Books
from .statement_context import Signer, StatementContext

Parties = Collection[str]
CO_SIGNERS = frozenset({"auditor", "regulator"})
NOBODY: Parties = ()
UNDOING = ("correction", "reversal")
# What signs in place of a second officer where a breach is of approval.
INSTEAD = "overseer"
NOTHING_BROKEN = "; then nothing is broken, so leave the breach out"


def _operator(books: Books, record: Any, context: StatementContext) -> Parties:
    row = books.ledger.get("")
    return (row.operator if row else context.party,)


def _public_office(books: Books, record: Any, context: StatementContext) -> Parties:
    return (context.party,) if has_role(books, context.party, CO_SIGNERS) else _operator(books, record, context)


def _fund_owner(books: Books, record: Any, context: StatementContext) -> Parties:
    return ((books.fund.get(record.fund) or fund_of(books, context, record.fund)).owner,)


def _parent_owner(books: Books, record: Any, context: StatementContext) -> Parties:
    if record.parent_fund is None:
        return (context.party,)
    return (fund_of(books, context, record.parent_fund, "parent").owner,)


def _any_party(books: Books, record: Any, context: StatementContext) -> Parties:
    return (context.party,)


def _key_party(books: Books, record: Any, context: StatementContext) -> Parties:
    row = books.key.get(record.key)
    if row is None:
        raise Absent(f"key {record.key}: does not belong to any party; give a key in force", rule="reference")
    return (row.party,)


def _owner_of_named(books: Books, record: Any, context: StatementContext) -> Parties:
    return [row.party for row in named_disbursements(books, record, context)]


def _recipient_of_named(books: Books, record: Any, context: StatementContext) -> Parties:
    return [row.payee for row in named_disbursements(books, record, context)]


def _custodian(books: Books, record: Any, context: StatementContext) -> Parties:
    owners = _fund_owner(books, record, context)
    return {custodian_for(books, context, owner, record.channel, {record.to_day}) for owner in owners} - {""}


def _activity_parties(books: Books, record: Any, context: StatementContext) -> Parties:
    activity = activity_of(books, context, record.activity)
    return {activity.owner, *activity.implementers}


def _concerned(books: Books, record: Any, context: StatementContext) -> Parties:
    """The party, if each thing that the record is about concerns it, or if it is an overseer whom none of them concerns."""
    things: list[Parties] = [{row.party, row.payee} for row in named_disbursements(books, record, context)]
    if record.activity is not None:
        things.append(_activity_parties(books, record, context))
    if oversees(books, context.party, {party for parties in things for party in parties}, {context.day}):
        return (context.party,)
    return (context.party,) if things and all(context.party in parties for parties in things) else NOBODY


def _of_the_relation(books: Books, record: Any, context: StatementContext) -> Parties:
    two = (record.of, record.to)
    return (*two, context.party) if oversees(books, context.party, two, {context.day}) else two


def _maker(books: Books, record: Any, context: StatementContext) -> Parties:
    row = made_by(books, context.resolve(record.of, "of"))
    return (row.party if row is not None else context.party,)


_RELATIONS: dict[str, Callable[[Books, Any, StatementContext], Parties]] = {
    "operator": _operator, "operator, regulator or auditor": _public_office,
    "any party": _any_party, "owner of the fund": _fund_owner, "owner of the parent fund": _parent_owner,
    "holder of the key": _key_party, "owner of the disbursement": _owner_of_named, "acknowledger": acknowledgers,
    "owner or implementer of the activity": _activity_parties, "concerned by the disbursement or activity": _concerned,
    "maker of the record": _maker, "one of the two, or an overseer": _of_the_relation,
    "recipient of the disbursement": _recipient_of_named, "custodian of the channel": _custodian,
    "party that counted": lambda books, record, context: (record.counted_by,),
}  # fmt: skip
RELATIONS = {name: (_RELATIONS[name], meaning.sentence) for name, meaning in signing.RELATIONS.items()}


def _given_to(books: Books, record: Any, context: StatementContext) -> list[tuple[str, str]]:
    """To whom a record gives something, or the payment or delivery gave it that the record corrects or declares void, and on which
    day."""
    said = [(other, day) for other, day, _ in values_of("says-how-related", record.demands, record) if other]
    row = books.disbursement.get(context.resolve(record.of, "of")) if record.kind in UNDOING else None
    return said if row is None else [(row.payee, row.day)]


def _who_may(books: Books, record: Any, context: StatementContext) -> str:
    """Words on who may sign beside the party."""
    return ", neither of them the payee nor related to it" if _given_to(books, record, context) else ""


def _is_cosigned(books: Books, record: Any, context: StatementContext, with_second: bool = True) -> bool:
    """Whether somebody who may signed besides the party, and is not related to those to whom the record gives something."""
    given = _given_to(books, record, context)
    return is_cosigned(books, context, {other for other, _ in given}, {day for _, day in given}, with_second)


def _own_rule(books: Books, record: Any, context: StatementContext) -> str:
    if context.needs_two:
        return _two_officers(books, record, context)
    limited = [row for one in context.signers if one.party == context.party and (row := books.key.get(one.key)) is not None]
    if context.officers or not any(signs(row, record.kind) for row in limited) or _is_cosigned(books, record, context):
        return ""
    words = "only a key that is limited to some kinds has signed it; an officer's key that signs everything"
    return f"{words}, or its mandate's second or an overseer, must sign too{_who_may(books, record, context)}"


def _two_officers(books: Books, record: Any, context: StatementContext) -> str:
    """Two officers; or, where the party has one, a party in place of the second. A bundle does not show how many it has."""
    if len(context.officers) >= 2 or (not context.needs_two and _is_cosigned(books, record, context)):
        return ""
    signed = f"signed by {len(context.officers)} officer of {context.party}"
    if context.needs_two:
        return f"{signed}; two different officers must sign"
    who = _who_may(books, record, context)
    return f"{signed}; two officers must sign, or, as it has one, its mandate's second or an overseer{who}"


def _new_key(books: Books, record: Any, context: StatementContext) -> str:
    missing = [key for key, _, _ in record.introduces(context.party) if key not in context.new_keys and books.key.get(key) is None]
    return f"the new key {missing[0]} has not signed its introduction; the person who holds it must sign too" if missing else ""


def _above_threshold(books: Books, record: Any, context: StatementContext) -> str:
    passed = exceeded(books, context, record)
    context.above = context.above or passed != ""
    problem = passed and _two_officers(books, record, context)
    return problem and f"{passed}: {problem}"


def _second_signature(books: Books, record: Any, context: StatementContext) -> str:
    if len(context.officers) >= 2 or _is_cosigned(books, record, context, with_second=not context.needs_two):
        return ""
    who = _who_may(books, record, context)
    return f"only one signature; a second officer, or an auditor, inspector or regulator, must sign too{who}"


def _custodian_or_second(books: Books, record: Any, context: StatementContext) -> str:
    if any(context.has_signed(keeper) for keeper in _custodian(books, record, context)):
        return ""
    problem = _second_signature(books, record, context)
    return problem and f"{problem}; or the custodian of the channel"


def _overseer_too(books: Books, record: Any, context: StatementContext) -> str:
    if _is_cosigned(books, record, context):
        return ""
    words = "its breach is of approval, so an auditor, inspector or regulator, or its mandate's second, must sign too"
    return f"{words}{_who_may(books, record, context)}"


def _others_too(books: Books, record: Any, context: StatementContext) -> str:
    """In part of a log the reversal of a receipt may be missing."""
    name = context.resolve(record.of, "of")
    payee = payee_that_signed(books, name) if context.whole else ""
    if payee and all(signer.party != payee for signer in context.signers):
        return f"{payee} has signed a receipt of it, so {payee} must sign too, or declare its receipt void first"
    breach = books.breach.get(name)
    return _overseer_too(books, record, context) if breach is not None and "approval" in breach.findings else ""


def _auditor_too(books: Books, record: Any, context: StatementContext) -> str:
    others = {signer.party for signer in context.signers if has_role(books, signer.party, CO_SIGNERS)}
    if any(oversees(books, party, (context.party,), {context.day}, {party, context.party}) for party in others):
        return ""
    return "an auditor or regulator must sign too, who is not related to it"


_DEMANDS: dict[str, Callable[[Books, Any, StatementContext], str]] = {
    "own rule": _own_rule, "own rule or delay": _own_rule, "two officers": _two_officers, "new key": _new_key,
    "two officers above the threshold": _above_threshold, "second signature": _second_signature,
    "auditor or regulator": _auditor_too, "others who signed": _others_too, INSTEAD: _overseer_too,
    "custodian or second signature": _custodian_or_second,
}  # fmt: skip
DEMANDS = {name: (_DEMANDS[name], meaning.sentence) for name, meaning in signing.DEMANDS.items()}
# The roles of the parties that a demand allows to sign besides the one that makes the statement.
WELCOME = {
    "second signature": OVERSEERS, "auditor or regulator": CO_SIGNERS, INSTEAD: OVERSEERS, "own rule or delay": OVERSEERS,
    "others who signed": OVERSEERS, "custodian or second signature": OVERSEERS, "two officers": OVERSEERS,
    "two officers above the threshold": OVERSEERS,
}  # fmt: skip
# Demands of a second signature, which may be an overseer's whatever number of officers the party has.
SECOND = ("second signature", "custodian or second signature")
# Demands of two officers, in whose place others sign only where the party has one.
OF_TWO = frozenset({"own rule or delay", "two officers", "two officers above the threshold"})


def identify(books: Books, context: StatementContext, keys: tuple[str, ...]) -> None:
    """Find the party and officer of every key that signed. A key without standing is a fault (`key-standing`)."""
    for record, _ in context.runs:
        for key, party, officer in record.introduces(context.party):
            context.introduced[key] = (party, officer)
    context.keys, opened = keys, {key for record, _ in context.runs for key in record.opened_keys}
    context.new_keys = frozenset(text for text in keys if text in context.introduced and books.key.get(text) is None)
    signers, limited = [], set()
    for text in keys:
        row = books.key.get(text)
        if row is not None and in_force_on(row, context.day):
            signers.append(Signer(text, row.party, row.officer))
            _check_kinds(context, text, row.kinds)
            limited |= {text} if row.kinds else set()
        elif text in context.new_keys:
            if books.ledger.get("") is None:
                signers.append(Signer(text, *context.introduced[text]))
        elif text not in opened or row is not None:
            context.fault("key-standing", f"key {text}: {_without_standing(row, context.day)}; sign with a key in force")
    context.signers = tuple(signers)
    full = (signer for signer in signers if signer.key not in limited)
    context.officers = frozenset(signer.officer for signer in full if signer.party == context.party)
    context.needs_two = len(context.officers) >= 2 or len(officers_in_force(books, context.party, context.day)) >= 2


def _check_kinds(context: StatementContext, key: str, kinds: Collection[str]) -> None:
    others = sorted({record.kind for record, _ in context.runs}.difference(kinds)) if kinds else []
    if others:
        context.fault("authority", f"key {key}: signs only {', '.join(kinds)}, not {', '.join(others)}; sign with another key")


def _without_standing(row: KeyRow | None, day: str) -> str:
    if row is None:
        return "does not belong to any party"
    return f"is in force from {row.from_day} on" if row.until == ACTIVE else f"was revoked at entry {row.until}"


def check(books: Books, record: Any, context: StatementContext) -> None:
    """Judge which party made the record and who signed it. Faults: `authority`; `approval`, with the `demand` that is not met."""
    author, must, _ = record.signing
    if context.party not in RELATIONS[author][0](books, record, context):
        words = why_not(books, record, context) if author == "acknowledger" else f"only {RELATIONS[author][1]} may record it"
        context.fault("authority", f"{record.kind} by {context.party}: {words}")
    if "approval" in context.breach and DEMANDS[INSTEAD][0](books, record, context):
        # Without that signature nothing is excused.
        context.breach, must = tuple(rule for rule in context.breach if rule != "approval"), (INSTEAD,)
    elif context.breach and "approval" not in context.breach:
        must = (*must, "own rule")
    for demand in must:
        problem = DEMANDS[demand][0](books, record, context)
        if problem:
            circle = NOTHING_BROKEN if demand == INSTEAD and _overseer_is_enough(record, context) else ""
            context.fault("approval", f"{record.kind} by {context.party}: {problem}{circle}", demand=demand)


def _overseer_is_enough(record: Any, context: StatementContext) -> bool:
    """Whether, with the signature of an overseer, the record breaks nothing that its breach could name."""
    return not context.needs_two or not {*SECOND}.isdisjoint(record.signing.must)


def check_nobody_else(books: Books, context: StatementContext) -> None:
    """Refuse a signature that no record of the statement calls for, and a statement that its own party did not sign."""
    if not context.is_signed:
        context.fault("authority", f"statement by {context.party}: no key of {context.party} has signed it")
    for stranger in sorted(context.strangers):
        if not any(_welcome(books, record, context, stranger) for record, _ in context.runs):
            context.fault("authority", f"signature of {stranger}: no record of the statement needs it; leave it out")


def _welcome(books: Books, record: Any, context: StatementContext, party: str) -> bool:
    is_related = getattr(record, "related", None) is not None
    must = {*record.signing.must, *([INSTEAD] if "approval" in named_in(record) or is_related else [])}
    if "own rule" in must and not context.officers and not context.needs_two:
        must.add(INSTEAD)
    if "others who signed" in must and party == _payee_of(books, context, record.of):
        return True
    must -= set() if context.above else {"two officers above the threshold"}
    of_second = {INSTEAD} if context.needs_two else {INSTEAD, *SECOND, *OF_TWO}
    if party == second_of(books, context.party, context.day) and must & of_second:
        return True
    called = must - OF_TWO if context.needs_two else must
    if any(has_role(books, party, WELCOME[demand]) for demand in called & WELCOME.keys()):
        return True
    with suppress(Refused):
        return any(party in RELATIONS[relation][0](books, record, context) for relation in record.signing.may)
    return False


def _payee_of(books: Books, context: StatementContext, ref: str) -> str:
    entry, number = context.split(ref)
    row = books.disbursement.get(f"{entry}.{number}")
    return row.payee if row is not None else ""
