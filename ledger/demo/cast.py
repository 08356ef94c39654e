"""The cast of the story. Organisations are named, people are not. Parties without a key can be named but cannot sign."""

from __future__ import annotations

from typing import NamedTuple

from ..canonical import to_base64
from ..log.key import SigningKey
from ..writer.submission import Submission
from .private import committed
from .stage import Record, Stage

OPERATOR = "open-ledger"


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
    Character("giving-square", "platform", "Giving Square", ("desk", "controller")),
    Character("seven-bridges", "charity", "Seven Bridges Federation", ("secretary", "treasurer")),
    Character("hope-school", "charity", "Hope School Foundation", ("director", "treasurer")),
    Character("clear-water", "charity", "Clear Water Association", ("director", "treasurer")),
    Character("warm-meal", "charity", "Warm Meal Kitchen", ("director", "treasurer")),
    Character("red-lantern", "charity", "Red Lantern Relief", ("director", "treasurer")),
    Character("evergreen", "charity", "Evergreen Care for the Old", ("director", "treasurer")),
    Character("hill-builders", "implementer", "Hill Builders Cooperative", ("foreman",)),
    Character("deep-drill", "vendor", "Deep Drill Works", ("sales",)),
    Character("noon-kitchen", "vendor", "Noon Kitchen", ("owner",)),
    Character("north-medical", "vendor", "North Medical Supplies", ("sales",)),
    Character("east-stationery", "vendor", "East Stationery Shop"),
    Character("stone-gate-school", "beneficiary", "Stone Gate Primary School", ("head",)),
    Character("county-hospital", "beneficiary", "County Hospital", ("stores",)),
    Character("terrace-village", "beneficiary", "Terrace Village Committee"),
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
    """The operator admits every party. If the party has a key, that key signs too."""
    stage.clock.go_to("2026-08-24", "10:00")
    stage.enter([_admission(stage, who) for who in (*ORGANISATIONS, *PERSONS)])


def _admission(stage: Stage, who: Character) -> Submission:
    record = _person(stage, who) if who in PERSONS else _organisation(who)
    if not who.officers:
        return stage.sign(OPERATOR, [record])
    key = stage.new_key(who.id, who.officers[0])
    stage.hand_over(who.id, who.officers[0], key)
    return stage.sign(OPERATOR, [{**record, "key": to_base64(key.public), "officer": who.officers[0]}], new=key)


def _organisation(who: Character) -> Record:
    number = 1 + ORGANISATIONS.index(who)
    return {
        "kind": "party", "id": who.id, "entity": "organisation", "roles": [who.role], "name": who.name,
        "identifier": f"XX-DEMO-{number:04d}",
    }  # fmt: skip


def _person(stage: Stage, who: Character) -> Record:
    return {
        "kind": "party", "id": who.id, "entity": "person", "roles": [who.role], "private": committed(stage.chance, name=who.name),
    }  # fmt: skip


def appoint_second_officers(stage: Stage) -> None:
    """A party appoints its second officer itself. From then on its funds, keys and refunds need both signatures."""
    stage.clock.go_to("2026-08-25", "10:00")
    keys = [(who.id, officer, stage.new_key(who.id, officer)) for who in ORGANISATIONS for officer in who.officers[1:]]
    stage.enter([stage.sign(party, [_key(officer, key)], new=key) for party, officer, key in keys])
    for party, officer, key in keys:
        stage.hand_over(party, officer, key)


def _key(officer: str, key: SigningKey) -> Record:
    return {"kind": "key", "key": to_base64(key.public), "officer": officer}


def change_the_guard(stage: Stage) -> None:
    """At Hope School the treasurer's key is rotated, the director leaves, and a deputy signs instead."""
    stage.clock.go_to("2026-10-19", "14:00")
    renewed, deputy = stage.new_key("hope-school", "treasurer", 2), stage.new_key("hope-school", "deputy")
    old = stage.keys["hope-school"]["treasurer"]
    stage.say("hope-school", _key("treasurer", renewed), both=True, new=renewed)
    stage.say("hope-school", _revocation(old, "rotated"), both=True)
    stage.hand_over("hope-school", "treasurer", renewed)
    stage.say("hope-school", _key("deputy", deputy), both=True, new=deputy)
    stage.hand_over("hope-school", "deputy", deputy)
    left = stage.keys["hope-school"]["director"]
    stage.say("hope-school", _revocation(left, "officer-left"), both=True)
    stage.take_away("hope-school", "director")


def _revocation(key: SigningKey, reason: str) -> Record:
    return {"kind": "key-revocation", "key": to_base64(key.public), "reason": reason}
