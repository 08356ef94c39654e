"""Statements of every kind with something in them changed: each gets an answer, and what was taken in an audit takes too."""

from __future__ import annotations

import copy
import random
from contextlib import closing
from typing import Any

import pytest

from ledger.audit.verify import verify
from ledger.directory.source import DirectorySource
from ledger.errors import GiveTrailError
from ledger.writer.submission import Submission
from tests.language import key_text
from tests.writer.on_disk import TRUST, OnDisk

DIGEST = "A" * 43
REF = "hmac-sha256:2026:" + DIGEST
STORY = f"""
    2026-09-08
    op: party village beneficiary ma; party auditco auditor zhou; party friends custodian fan
    op: rules; source media=text/csv bytes=10 digest={"a" * 64} rows=1 entered=1 known=0 left_out=0 mapping=wechat
    hope: mandate 0 thresholds=CNY:19.00
    hope: fund guard restricted; project clinic restricted guard cost_limits=administration:1/10 place=CN-11
    hope: activity beds clinic implementers=friends,shop starts_on=2026-09-01; activity desks school
    hope: donation 100.00 CNY -> school as gift private={DIGEST} fee=0.60 fee_to=friends holder={DIGEST} channel_ref={REF}
    hope: income 9.00 CNY -> general; exchange 7.00 CNY of general -> 1.00 USD rate=1/7 units=200..900
    hope: allocation 60.00 CNY school -> books; allocation 1.00 CNY school -> desks as spare
    hope: payment 10.00 CNY books -> shop goods=8:box:books:10.00 as paid; payment 4.00 CNY books -> shop as money
    hope: delivery 4 box books -> village units=0..1,3..6; progress books milestone=half; payment-return 1.00 of ^money
    shop: receipt 6.00 of ^paid; feedback readers 40 payments=^paid
    auditco: feedback readers 2 activity=books from_day=2026-09-08 to_day=2026-09-08
    hope by li, auditco.zhou: write-off 1 box books
    hope: reference-key label=a check_value={DIGEST} destroy_on=2036-12-31 of=XX-1
    hope: refund ^gift school CNY units=9000..9100 cover=general:0..1 reason=legal; reversal of ^spare
    hope: statistics school CNY from_day=2026-09-08 to_day=2026-09-08 cells=2026-09:100.00:1
    hope: regional-statistics school CNY 100.00 from_size=0 cells=other:1:100
    hope by li, auditco.zhou: bank-statement general CNY 0.00 9.00 channel=bank from_day=2026-09-08 to_day=2026-09-08
    hope by li, auditco.zhou: stocktake general box 7 auditco
    hope: consent of ^gift granted digests={DIGEST}; erasure of ^gift request digests={DIGEST}
    op by chief, auditco.zhou: acknowledgement overdue-receipt of ^paid
    hope: payment 1.00 CNY school -> river grant= as granted
    river: fund aid restricted; receipt 1.00 of ^granted into=aid
    hope by li, auditco.zhou, wang: key wang
    hope by li, wang: key-revocation wang reason=rotated
    op by chief, auditco.zhou, shop.new: recovery shop new
"""
WORDS = [
    0, 1, -1, 2, 100, 6000, 2**53 - 1, 2**53, 2**64, 1.5, True, None, "", "x", "A" * 600, "\u0000", "\ud83d", "\U0001f600",
    "hope", "school", "books", "general", "CNY", "USD", "box", "2026-09-08", "2026-09-09", "1999-01-01",
    "@0", "@1", "@9", "4.0", "9.0", "9.1", "11.0", "12.0", "12.1", "0.0", "999.0",
    [], [0, 1], [[0, 10]], [[10, 0]], [[0, 2**53 - 1]], ["shop", "river"], {}, {"amount": 1, "fund": "general"},
    {"fund": "general", "units": [[0, 5]]}, DIGEST, [DIGEST], REF,
    key_text("the.log"), key_text("hope.li"), key_text("river.xu"),
]  # fmt: skip
SIGNERS = ("hope.li", "op.chief", "river.xu", "shop.new", "auditco.zhou", "friends.fan", "village.ma", "the.log")


@pytest.fixture
def storied(town: OnDisk) -> OnDisk:
    """A ledger in which every kind of record stands."""
    town.play(STORY)
    return town


def said_so_far(town: OnDisk) -> list[tuple[str, list[str], list[dict[str, Any]]]]:
    """Every statement: its party, its signers, its records."""
    names = {key_text(name): name for name in (*SIGNERS, "shop.sun", "hope.wang")}
    return [
        (
            leaf.statement.party, [names[signer] for signer, _ in leaf.entry.signatures],
            [record.model_dump(mode="json", exclude_none=True) for record in leaf.statement.records],
        )
        for leaf in town.leaves
    ]  # fmt: skip


def objects(value: Any) -> list[dict[str, Any]]:
    """Every object in a value, itself included."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [*([value] if isinstance(value, dict) else []), *(found for item in inner for found in objects(item))]


def changed(chance: random.Random, records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The records with up to three members put in, taken out, or changed; sometimes others of them, or in another order."""
    records = copy.deepcopy(records)
    for _ in range(chance.randrange(4)):
        place = chance.choice(objects(records))
        name = chance.choice([*place] * 9 + ["units", "fee", "cover", "grant", "into", "goods", "channel_ref", "private"])
        like = [word for word in WORDS if type(word) is type(place.get(name))]
        if chance.random() < 0.1:
            place.pop(name, None)
        elif name != "kind":
            place[name] = copy.deepcopy(chance.choice(like if like and chance.random() < 0.9 else WORDS))
    return chance.choices(records, k=chance.randrange(1, 4)) if chance.random() < 0.2 else records


def attempt(town: OnDisk, chance: random.Random) -> Submission | None:
    """A statement like one of those that stand there; None where it cannot be written at all."""
    party, names, records = chance.choice(said_so_far(town)[1:])
    more = chance.choice(said_so_far(town)[1:])[2] if chance.random() < 0.3 else []
    names = chance.sample(SIGNERS, 2) if chance.random() < 0.1 else names
    try:
        return town.made(party, changed(chance, [*records, *more]), " ".join(dict.fromkeys(names)))
    except GiveTrailError:
        return None


def check_attempts(storied: OnDisk, seed: int, attempts: int) -> int:
    chance, entered = random.Random(seed), 0
    for _ in range(attempts // 20):
        statements = [statement for statement in (attempt(storied, chance) for _ in range(20)) if statement]
        answers = storied.sequencer.submit(statements)
        entered += sum(not isinstance(answer, GiveTrailError) for answer in answers)
    storied.reopen()
    with closing(DirectorySource(storied.directory)) as source:
        report = verify(source, TRUST)
    assert report.exit_code == 0, [finding for finding in report.findings if finding.kind != "audit"]
    return entered


def test_what_is_taken_in_an_audit_takes_too(storied: OnDisk):
    assert check_attempts(storied, 1, 400) > 10


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 10))
def test_what_is_taken_in_an_audit_takes_too_however_often(storied: OnDisk, seed: int):
    check_attempts(storied, seed, 4000)
