"""Keys before, after and beside their time, parties that are admitted again, and what the registry says twice."""

from __future__ import annotations

from typing import Any

from tests.golden.cast import officers, policy, private, public
from tests.golden.telling import a

from .case import CHARITY, OPERATOR, POLICY, Hearing, attack, audit, broken
from .forging import LogForge, gift, paid, payment, receipt, story
from .scene import TODAY

OVER = 5100


def party(id: str, key: str = "", roles: tuple[str, ...] = ("vendor",), **members: Any) -> dict[str, Any]:
    """A party, with a key of its first officer."""
    with_key = {"keys": officers(key)} if key else {}
    return a("party", id=id, entity="organisation", roles=[*roles], name=id.title(), **with_key, **members)


def new_key(name: str, officer: str = "") -> dict[str, Any]:
    """A key of an officer."""
    return a("key", key=public(name), officer=officer or name.partition(".")[2])


@attack(CHARITY, story)
def key_used_before_it_is_introduced(f: LogForge) -> Hearing:
    """A new officer signs a gift beside an old one; only the next entry introduces the key."""
    index = gift(f, by="river.xu2 river.new", fund="river-relief")
    f.append("river.xu2 river.new", new_key("river.new"))
    yield POLICY, broken("key-standing", index)


@attack(CHARITY, story)
def key_revoked_with_a_statement_dated_back(f: LogForge) -> Hearing:
    """Who holds a revoked key binds a statement to an entry from before the revocation, and dates it back."""
    old = f.entry["revocation"] - 2
    said = a("donation", fund="hope-school", unit="CNY", amount=50, channel="cash", received_on="2026-03-18")
    bound, signed_at = f"{old}:{f.hash(old)}", "2026-04-07T01:00:00Z"
    index = f.append("hope.li", said, flows=f.into("hope-school/CNY", 50), after=bound, signed_at=signed_at)
    yield POLICY, broken("key-standing", index, also=(("authority", index, -1),))


@attack(CHARITY, story)
def key_of_a_party_that_was_recovered(f: LogForge) -> Hearing:
    """Who stole a party's key uses it after the party was given a new one."""
    index = gift(f, by="river.xu", fund="river-relief")
    yield POLICY, broken("key-standing", index, also=(("authority", index, -1),))


@attack(OPERATOR, story)
def key_for_two_parties_at_once(f: LogForge) -> Hearing:
    """One statement of the operator admits two parties with the same key."""
    index = f.append("op.chief mallory.key", party("one", "mallory.key"), party("two", "mallory.key"))
    yield POLICY, broken("key-standing", index, 1)


@attack(CHARITY, story)
def key_revoked_and_introduced_again(f: LogForge) -> Hearing:
    """A charity introduces a key again that it revoked."""
    index = f.append("hope.li2 hope.wang hope.li", new_key("hope.li"))
    yield POLICY, broken("key-standing", index, also=(("key-standing", index, 0),))


@attack(OPERATOR, story)
def key_of_a_charity_revoked_by_the_operator(f: LogForge) -> Hearing:
    """The operator revokes a charity's key."""
    index = f.append("op.chief", a("key-revocation", key=public("hope.wang"), reason="compromised"))
    yield POLICY, broken("authority", index, 0)


@attack(CHARITY, story)
def key_of_one_officer_playing_two(f: LogForge) -> Hearing:
    """An officer with two keys signs twice where two officers must sign."""
    f.append("hope.li2 hope.wang hope.li3", new_key("hope.li3", "li"))
    gift(f, OVER)
    index = f.append("hope.li2 hope.li3", payment(OVER), flows=f.out("school-desks/CNY", OVER))
    yield POLICY, broken("approval", index, 0)


@attack(CHARITY, story)
def key_of_another_party_as_the_second_officer(f: LogForge) -> Hearing:
    """A vendor's officer signs as the second where two officers of the charity must sign."""
    gift(f, OVER)
    index = f.append("hope.li2 shop.zhao", payment(OVER), flows=f.out("school-desks/CNY", OVER))
    yield POLICY, broken("approval", index, 0, also=(("authority", index, -1),))


@attack(CHARITY, story)
def key_introduced_in_the_statement_that_needs_it(f: LogForge) -> Hearing:
    """A charity with one officer introduces a second, whose signature in the same statement counts as the second one."""
    said = a("fund", id="boats", name="Boats", purpose="Boats", restriction="unrestricted")
    f.append("river.xu2", said, a("mandate", thresholds=[{"unit": "CNY", "amount": 9}]))
    gift(f, 90, "boats", "river.xu2")
    flows = [[1, *row[1:]] for row in f.out("boats/CNY", 90)]
    index = f.append("river.xu2 river.new", new_key("river.new"), payment(90, "boats"), flows=flows)
    yield POLICY, broken("approval", index, 1)


@attack(OPERATOR, story)
def party_admitted_again(f: LogForge) -> Hearing:
    """The operator admits a charity a second time, with a key of its own, and takes money out in its name."""
    index = f.append("op.chief mallory.key", party("hope", "mallory.key", ("charity",)))
    spent = f.append("mallory.key", payment(20), flows=f.out("school-desks/CNY", 20), party="hope")
    yield POLICY, broken("reference", index, 0, also=(("key-standing", spent, -1), ("authority", spent, -1)))


@attack(CHARITY, story)
def party_admitted_by_a_charity(f: LogForge) -> Hearing:
    """A charity admits a vendor of its own making."""
    yield POLICY, broken("authority", f.append("hope.li2", party("ghost")), 0)


@attack(OPERATOR, story)
def party_as_a_second_operator(f: LogForge) -> Hearing:
    """The operator admits another party as operator."""
    yield POLICY, broken("reference", f.append("op.chief", party("op2", roles=("operator",))), 0)


@attack(OPERATOR, story)
def recovery_with_an_auditor_of_its_own_making(f: LogForge) -> Hearing:
    """The operator admits an auditor whose key it holds, and with it gives a charity a new key."""
    f.append("op.chief puppet.key", party("puppet", "puppet.key", ("auditor",)))
    said = a("recovery", party="hope", key=public("mallory.key"), officer="li", reason="Said to be lost")
    index = f.append("op.chief puppet.key mallory.key", said)
    f.append("mallory.key", payment(20), flows=f.out("school-desks/CNY", 20), party="hope")
    yield POLICY, audit("recovery", index, 0)


@attack(OPERATOR, story)
def recovery_by_an_inspector(f: LogForge) -> Hearing:
    """An inspector signs a recovery, which is an auditor's or a regulator's to sign."""
    said = a("recovery", party="gate", key=public("mallory.key"), officer="sun", reason="Said to be lost")
    index = f.append("op.chief eyes.luo mallory.key", said)
    yield POLICY, broken("approval", index, 0, also=(("authority", index, -1), ("recovery", index, 0)))


@attack(OPERATOR, story)
def key_of_a_witness_as_a_partys(f: LogForge) -> Hearing:
    """The operator gives a party the key of one of the witnesses: who should watch the log takes part in it."""
    f.policy = policy().format()
    yield POLICY, broken("key-standing", f.append("op.chief witness.north", party("shade", "witness.north")), 0)


@attack(OPERATOR, story)
def unit_declared_again(f: LogForge) -> Hearing:
    """The operator declares a unit again with other decimals, so that amounts read a hundredfold."""
    yield POLICY, broken("reference", f.append("op.chief", a("unit", unit="CNY", exponent=0, name="Renminbi")), 0)


@attack(OPERATOR, story)
def ledger_named_again(f: LogForge) -> Hearing:
    """The operator says a second time what the ledger is, in another time zone."""
    said = {**f.value(0)["statement"]["records"][0], "time_zone": "UTC-11:00", "key": public("op.new")}
    yield POLICY, broken("reference", f.append("op.chief op.new", said), 0)


@attack(OPERATOR, story)
def ledger_without_a_name(f: LogForge) -> Hearing:
    """Entry 0 says something else than what the ledger is; all is signed again."""
    unit = a("unit", unit="EUR", exponent=2, name="Euro")
    f.retell(0, lambda value: value["statement"].update(records=[unit]))
    yield POLICY, broken("ledger", 0, more=True)


@attack(OPERATOR, story)
def ledger_bound_to_something(f: LogForge) -> Hearing:
    """Entry 0 is bound to an entry before it, which no auditor can ask for; all is signed again."""
    f.retell(0, lambda value: value["statement"].update(after=f"0:{'0' * 64}"))
    yield POLICY, broken("after", 0, more=True)  # and no recorded timestamp has this tree's root any more


@attack(CHARITY, story)
def consent_for_another_partys_donor(f: LogForge) -> Hearing:
    """A platform says that the donor of another charity's gift consents to be shown."""
    about = {"of": f"{f.entry['gifts']}.2", "digests": private("donor")}
    said = a("consent", **about, decision="granted", decided_on=TODAY, purpose="Report")
    yield POLICY, broken("authority", f.append("gate.sun", said), 0)


@attack(CHARITY, story)
def reversal_of_another_partys_word(f: LogForge) -> Hearing:
    """A charity withdraws what its implementer said about progress."""
    said = f.append("build.ma", a("progress", activity="school-desks", done_on=TODAY, note="The roof leaks"))
    index = f.append("hope.li2 hope.wang", a("reversal", of=f"{said}.0", reason="Not so"))
    yield POLICY, broken("authority", index, 0)


@attack(CHARITY, story)
def receipt_by_an_inspector_as_the_recipient(f: LogForge) -> Hearing:
    """An inspector signs as the recipient of a payment that it only saw."""
    index = f.append("eyes.luo", receipt(paid(f, 20), 20))
    yield POLICY, broken("authority", index, 0)


@attack(OPERATOR, story)
def finding_closed_by_the_operator_alone(f: LogForge) -> Hearing:
    """The operator closes a finding without an auditor."""
    said = a("acknowledgement", finding="recovery", of=f"{f.entry['recovery']}.0", note="Nothing to see")
    yield POLICY, broken("approval", f.append("op.chief", said), 0)
