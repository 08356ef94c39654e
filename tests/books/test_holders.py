"""Holders: a one-time key answers the record that has its digest, and nothing else (books §2)."""

import base64
import hashlib

import pytest

from ledger.books.levels import steps
from ledger.errors import Refused
from tests.language import Ledger, a_ledger, key

SALT = b"0123456789abcdef"


def in_urls(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def digest(name: str, salt: bytes = SALT) -> str:
    return in_urls(hashlib.sha256(salt + key(name).public).digest())


def answer(of: str, amount: int = 1, name: str = "one.time", **more: object) -> dict[str, object]:
    opening = {"salt": in_urls(SALT), "key": base64.b64encode(key(name).public).decode()}
    return {
        "kind": "receipt", "of": of, "amount": amount, "level": "holder-signed", "received_on": "2026-09-07", "holder": opening,
        **more,
    }  # fmt: skip


@pytest.fixture
def ledger() -> Ledger:
    return a_ledger().play(f"""
        hope: donation 9 box -> general; donation 9.00 CNY -> general
        hope: delivery 4 box general -> village holder={digest("one.time")} as first
        hope: delivery 4 box general -> village holder={digest("one.time")} as second
        hope: payment 4.00 CNY general -> shop holder={digest("shop.sun")} as paid
    """)


def refused(ledger: Ledger, record: dict[str, object], *by: str) -> str:
    with pytest.raises(Refused) as refusal:
        ledger.say("hope", [record], ["hope.li", *by])
    ledger.books.rollback()
    assert refusal.value.rule == "holder"
    return str(refusal.value)


def test_a_holder_answers_as_often_as_it_likes(ledger: Ledger):
    first = ledger.labels["first"]
    ledger.say("hope", [answer(first)], ["hope.li", "one.time"])
    ledger.say("auditco", [answer(first, 2)], ["auditco.zhou", "one.time"])
    assert list(steps(ledger.books.disbursement.get(first))) == [(0, 3, "holder-signed")]


def test_a_key_answers_one_record(ledger: Ledger):
    ledger.say("hope", [answer(ledger.labels["first"])], ["hope.li", "one.time"])
    words = refused(ledger, answer(ledger.labels["second"]), "one.time")
    assert f"has answered {ledger.labels['first']}" in words


def test_the_key_signs_and_is_the_one_of_the_digest(ledger: Ledger):
    first = ledger.labels["first"]
    assert "has not signed" in refused(ledger, answer(first))
    assert "does not hold the digest" in refused(ledger, answer(first, name="two.time"), "two.time")
    salted = answer(first)
    salted["holder"] = {**salted["holder"], "salt": in_urls(SALT[::-1])}
    assert "does not hold the digest" in refused(ledger, salted, "one.time")


def test_the_key_of_a_party_is_not_a_one_time_key(ledger: Ledger):
    assert "the key of a party" in refused(ledger, answer(ledger.labels["paid"], name="shop.sun"), "shop.sun")


def test_a_one_time_key_does_not_become_a_partys(ledger: Ledger):
    ledger.say("hope", [answer(ledger.labels["first"])], ["hope.li", "one.time"])
    ledger.play("""
        op by op.chief, one.time: party late vendor keys=one.time
          ! key-standing: is the one-time key that answered
    """)
