"""Who may say what of parties and keys, and who has to sign it: every way of it, in small logs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.language import key_text
from tests.verifier.asking import Case
from tests.verifier.building import DAY, Values, case, check, hope, receipt, record, said_anew
from tests.writer.on_disk import FIRST_RECORD


def held(name: str) -> list[dict[str, str]]:
    """A key, and the officer who holds it, as a party's record has them."""
    return [{"key": key_text(name), "officer": "e"}]


ADMITTED = {"kind": "party", "id": "new", "entity": "organisation", "name": "New", "roles": ["auditor"]}
KEYED = {**ADMITTED, "keys": [{"key": key_text("auditco.zhou"), "officer": "zhou"}]}
SECOND = {"kind": "key", "key": key_text("hope.wang"), "officer": "wang"}
REVOKED = {"kind": "key-revocation", "key": key_text("hope.li"), "reason": "lost"}
RECOVERED = {"kind": "recovery", "party": "hope", "key": key_text("hope.wang"), "officer": "wang", "reason": "lost"}
PROGRESS = {"kind": "progress", "activity": "books", "done_on": DAY, "note": "n"}
UNIT = {"kind": "unit", "unit": "CNY", "exponent": 2, "name": "Again"}
LEDGER = {**FIRST_RECORD, "key": key_text("op.chief"), "log_key": key_text("the.log")}
STEPS: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "admit without a key": ("op", "op.chief", [ADMITTED]),
    "admit": ("op", "op.chief auditco.zhou", [KEYED]),
    "admit, the new key silent": ("op", "op.chief", [KEYED]),
    "admit an operator": ("op", "op.chief", [{**ADMITTED, "roles": ["operator"]}]),
    "admit, said by another": ("hope", "hope.li auditco.zhou", [KEYED]),
    "admit with the log's key": ("op", "op.chief the.log", [{**ADMITTED, "keys": held("the.log")}]),
    "admit itself": ("new", "auditco.zhou", [KEYED]),
    "add": ("hope", "hope.li hope.wang", [SECOND]),
    "add, the new key silent": ("hope", "hope.li", [SECOND]),
    "add, signed by itself": ("hope", "hope.wang", [SECOND]),
    "add, by the operator": ("op", "op.chief hope.wang", [SECOND]),
    "add to nobody": ("nobody", "hope.wang", [SECOND]),
    "add what it has": ("hope", "hope.li", [{**SECOND, "key": key_text("hope.li")}]),
    "speak by the second": ("hope", "hope.wang", [PROGRESS]),
    "revoke": ("hope", "hope.li", [REVOKED]),
    "revoke, by the operator": ("op", "op.chief", [REVOKED]),
    "revoke what is not shown": ("hope", "hope.li", [{**REVOKED, "key": key_text("shop.sun")}]),
    "speak": ("hope", "hope.li", [PROGRESS]),
    "recover": ("op", "op.chief auditco.zhou hope.wang", [RECOVERED]),
    "recover alone": ("op", "op.chief hope.wang", [RECOVERED]),
    "recover, the new key silent": ("op", "op.chief auditco.zhou", [RECOVERED]),
    "recover a stranger": (
        "op",
        "op.chief auditco.zhou shop.sun",
        [{**RECOVERED, "party": "shop2", "key": key_text("shop.sun")}],
    ),
    "add what was revoked": ("hope", "hope.wang hope.li", [{**SECOND, "key": key_text("hope.li")}]),
    "recover, said by the auditor": ("new", "auditco.zhou hope.wang", [RECOVERED]),
    "the stranger speaks": ("shop2", "shop.sun", [receipt("third-party")]),
    "the operator speaks": ("op", "op.chief", [PROGRESS]),
    "declare again": ("op", "op.chief", [UNIT]),
    "declare": ("op", "op.chief", [{**UNIT, "unit": "USD"}]),
    "declare by another case": ("op", "op.chief", [{**UNIT, "unit": "usd", "exponent": 0}]),
    "declare with decimals that are not the currency's": ("op", "op.chief", [{**UNIT, "unit": "KWD"}]),
    "declare, by another": ("hope", "hope.li", [{**UNIT, "unit": "USD"}]),
    "a second ledger": ("op", "op.chief", [LEDGER]),
    "nobody speaks": ("hope", "shop.sun", [PROGRESS]),
    "all at once": ("op", "op.chief auditco.zhou", [KEYED, PROGRESS]),
    "admit and recover at once": (
        "op",
        "op.chief auditco.zhou",
        [ADMITTED, {**RECOVERED, "party": "new", "key": key_text("auditco.zhou")}],
    ),
}
PLAYS = [
    *([name] for name in STEPS),
    ["admit", "recover", "speak"],
    ["admit", "recover", "speak by the second"],
    ["admit", "recover", "recover"],
    ["admit", "recover, the new key silent"],
    ["admit", "recover, said by the auditor"],
    ["add", "revoke", "add what was revoked"],
    ["admit", "recover a stranger", "the stranger speaks"],
    ["admit", "admit"],
    ["admit without a key", "recover"],
    ["admit, the new key silent", "recover"],
    ["add", "speak by the second", "speak"],
    ["add", "add"],
    ["add", "revoke", "speak by the second"],
    ["add", "revoke", "speak"],
    ["add", "recover alone"],
    ["add, the new key silent", "speak by the second"],
    ["revoke", "speak"],
    ["revoke", "revoke"],
    ["recover a stranger", "the stranger speaks"],
    ["recover alone", "speak by the second"],
    ["declare", "declare"],
    ["declare", "declare by another case"],
]


def keys_introduced_twice() -> Iterator[Case]:
    evil = {"kind": "party", "id": "evil", "entity": "organisation", "name": "Evil", "roles": ["vendor"]}

    def later(values: Values) -> None:
        said_anew(values, "op", "op.chief", [{**evil, "keys": held("hope.li")}], [])
        hope(values, PROGRESS)

    def in_one_record(values: Values) -> None:
        said_anew(
            values,
            "op",
            "op.chief",
            [{**evil, "keys": held("shop.sun")}, {**evil, "id": "other", "keys": held("shop.sun")}],
            [],
        )
        said_anew(values, "other", "shop.sun", [receipt("third-party")], [])

    yield case("a key given to a second party", later)
    yield case("a key given to two parties at once", in_one_record)


def the_registry() -> Iterator[Case]:
    for play in PLAYS:

        def played(values: Values, play: list[str] = play) -> None:
            for name in play:
                party, signers, records = STEPS[name]
                said_anew(values, party, signers, records, [])

        yield case(", then ".join(play), played)
    for after in (0, 1, 2, 5):

        def recovered(values: Values, after: int = after) -> None:
            said_anew(values, "op", "op.chief auditco.zhou", [KEYED], [])
            said_anew(values, "op", "op.chief auditco.zhou hope.wang", [RECOVERED], [], after=after)

        yield case(f"recover, bound to entry {after}", recovered)

    def second_alone(values: Values) -> None:
        values[0]["statement"]["records"].append(SECOND)
        values[0]["signatures"] = [{"key": key_text("hope.wang"), "sig": ""}]

    yield case("entry 0 adds a key that alone signs it", second_alone)
    for name, edit in {
        "the operator is another": lambda values: record(values, 0).update(key=key_text("hope.li")),
        "the operator has the log's key": lambda values: record(values, 0).update(log_key=key_text("op.chief")),
        "entry 0 says something else": lambda values: values[0]["statement"].update(records=[{**UNIT, "unit": "USD"}]),
        "entry 0 says more": lambda values: values[0]["statement"]["records"].append({**UNIT, "unit": "USD"}),
        "entry 0 says it later": lambda values: values[0]["statement"]["records"].insert(0, {**UNIT, "unit": "USD"}),
    }.items():
        yield case(name, edit)


def test_keys_introduced_twice():
    check(keys_introduced_twice())


def test_the_registry():
    assert check(the_registry()) == {"verified", "failed"}
