"""The cast of the story. Organisations are named, people are not. Parties without a key can be named but cannot sign."""

from __future__ import annotations

from typing import NamedTuple

from ..canonical import to_base64
from ..log.key import SigningKey
from ..writer.submission import Submission
from .private import committed
from .stage import Record, Stage

OPERATOR = "open-ledger"
BOOKS_FROM = "2026-08-01"
PLACE = "CN"  # whose law all of them are under
PLATFORM, COUNTER = "giving-square", "counter"
# The platform's server records gifts day and night. Its key signs gifts, and the keys of their references, only: whoever breaks in
# cannot pay.
SIGNED_BY_COUNTER = ["donation", "reference-key"]
# Who signs in place of a second officer, for a charity that has one officer.
SECONDS = {"evergreen": "seven-bridges"}


class Character(NamedTuple):
    """A party. `officers` are the posts that have a key; the first is admitted with the party, which then appoints the second
    itself."""

    id: str
    role: str
    name: str
    officers: tuple[str, ...] = ()


ORGANISATIONS = (
    Character("plain-audit", "auditor", "Plain Audit Partners", ("auditor",)),
    Character("field-watch", "inspector", "Field Watch Volunteers", ("inspector",)),
    Character("river-pay", "custodian", "River Pay", ("cashier",)),
    Character("giving-square", "platform", "Giving Square", ("desk", "controller", COUNTER)),
    Character("seven-bridges", "charity", "Seven Bridges Federation", ("secretary", "treasurer")),
    Character("hope-school", "charity", "Hope School Foundation", ("director", "treasurer")),
    Character("clear-water", "charity", "Clear Water Association", ("director", "treasurer")),
    Character("warm-meal", "charity", "Warm Meal Kitchen", ("director", "treasurer")),
    Character("red-lantern", "charity", "Red Lantern Relief", ("director", "treasurer")),
    Character("evergreen", "charity", "Evergreen Care for the Old", ("director",)),
    Character("hill-builders", "implementer", "Hill Builders Cooperative", ("foreman",)),
    Character("deep-drill", "vendor", "Deep Drill Works", ("sales",)),
    Character("noon-kitchen", "vendor", "Noon Kitchen", ("owner",)),
    Character("north-medical", "vendor", "North Medical Supplies", ("sales",)),
    Character("east-stationery", "vendor", "East Stationery Shop"),
    Character("stone-gate-school", "beneficiary", "Stone Gate Primary School", ("head",)),
    Character("county-hospital", "beneficiary", "County Hospital", ("stores",)),
    Character("terrace-village", "beneficiary", "Terrace Village Committee"),
    Character("clay-bank", "custodian", "Clay Bank", ("clerk",)),
)
# Two people who receive an allowance. Their ids reveal nothing; the first has a key on a phone.
PERSONS = (Character("p-8kq2vd", "beneficiary", "Zhang San", ("self",)), Character("p-w41zrm", "beneficiary", "Li Si"))


def first_record() -> Record:
    """The ledger's own record; `directory.create` adds the keys."""
    return {
        "kind": "ledger", "name": "GiveTrail demonstration, autumn 2026", "time_zone": "UTC+08:00", "rules": "givetrail/1",
        "operator_name": "Open Ledger Association", "officer": "registrar",
    }  # fmt: skip


def admit_parties(stage: Stage) -> None:
    """The operator admits every party. The keys of its officers sign too. Where there are two, its funds, keys and refunds need
    both signatures."""
    stage.clock.go_to("2026-08-24", "10:00")
    stage.enter([_admission(stage, who) for who in (*ORGANISATIONS, *PERSONS)])


def _admission(stage: Stage, who: Character) -> Submission:
    record = _person(stage, who) if who in PERSONS else _organisation(who)
    keys = [stage.new_key(who.id, officer) for officer in who.officers]
    for officer, key in zip(who.officers, keys, strict=True):
        stage.hand_over(who.id, officer, key)
    held = [_held(officer, key) for officer, key in zip(who.officers, keys, strict=True)]
    return stage.sign(OPERATOR, [{**record, "keys": held} if held else record], new=keys)


def _held(officer: str, key: SigningKey) -> Record:
    limits = {"kinds": SIGNED_BY_COUNTER} if officer == COUNTER else {}
    return {"key": to_base64(key.public), "officer": officer, **limits}


def _organisation(who: Character) -> Record:
    number = 1 + ORGANISATIONS.index(who)
    books = {"books_from": BOOKS_FROM} if who.role == "charity" else {}
    return {
        "kind": "party", "id": who.id, "entity": "organisation", "roles": [who.role], "name": who.name,
        "identifier": f"XX-DEMO-{number:04d}", "jurisdiction": PLACE, **books,
    }  # fmt: skip


def _person(stage: Stage, who: Character) -> Record:
    return {
        "kind": "party", "id": who.id, "entity": "person", "roles": [who.role], "private": committed(stage.chance, name=who.name),
    }  # fmt: skip


def _key(officer: str, key: SigningKey) -> Record:
    return {"kind": "key", "key": to_base64(key.public), "officer": officer}


def change_the_guard(stage: Stage) -> None:
    """At Hope School the treasurer's key is rotated, and a deputy gets one. Both officers sign, so nothing waits."""
    stage.clock.go_to("2026-10-19", "14:00")
    renewed, deputy = stage.new_key("hope-school", "treasurer", 2), stage.new_key("hope-school", "deputy")
    old = stage.keys["hope-school"]["treasurer"]
    stage.say("hope-school", _key("treasurer", renewed), both=True, new=[renewed])
    stage.say("hope-school", _revocation(old, "rotated"), both=True)
    stage.hand_over("hope-school", "treasurer", renewed)
    stage.say("hope-school", _key("deputy", deputy), both=True, new=[deputy])
    stage.hand_over("hope-school", "deputy", deputy)


def let_the_director_go(stage: Stage) -> None:
    """Three days after the new keys, so that it does not look like a takeover: the director leaves, and the deputy signs."""
    stage.clock.go_to("2026-10-22", "14:00")
    left = stage.keys["hope-school"]["director"]
    stage.say("hope-school", _revocation(left, "officer-left"), both=True)
    stage.take_away("hope-school", "director")


def give_and_withdraw_a_key(stage: Stage) -> None:
    """A vendor with one officer gives a second one a key, which would be in force three days later, and withdraws it."""
    stage.clock.go_to("2026-10-22", "15:00")
    clerk = stage.new_key("north-medical", "clerk")
    stage.say("north-medical", _key("clerk", clerk), new=[clerk])
    stage.clock.go_to("2026-10-22", "16:00")
    stage.say("north-medical", {"kind": "key-withdrawal", "key": to_base64(clerk.public)})


def _revocation(key: SigningKey, reason: str) -> Record:
    return {"kind": "key-revocation", "key": to_base64(key.public), "reason": reason}
