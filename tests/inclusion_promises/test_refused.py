"""Promises that no party of the log made, and challenges that show nothing of it: refused, and the log's verdict is as before."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ledger.canonical import encode, parse, to_base64
from ledger.entries.inclusion_promise import sign_inclusion_promise
from ledger.log.checkpoint import Checkpoint, checkpoint_in, sign_checkpoint
from ledger.log.merkle import leaf_hash, root_of
from ledger.log.note import VerifierKey
from tests.inclusion_promises.conftest import LATER, PROMISED_AT, Desk
from tests.language import key

REVOKED = "hope by li, wang: key-revocation li reason=lost"


def refused(desk: Desk, why: str) -> None:
    """The challenge, and whoever judges one with this promise, refuse it."""
    ended = desk.challenge()
    assert ended.exit_code == 3 and why in ended.stderr and "[inclusion-promise-false]" in ended.stderr, ended
    assert not desk.file.exists()


OTHER_KEY = VerifierKey("ledger.example.org/books", key("another.log").public).format()
OTHER_LOG = VerifierKey("ledger.example.org/other", key("the.log").public).format()


@pytest.mark.parametrize(
    ("by", "changes", "why"),
    [
        ("hope.nobody", {}, "does not belong to any party of this log"),
        ("river.xu", {}, "belongs to river, not to hope"),
        ("hope.li", {"key_entry": 3}, "was introduced by entry 2, not by entry 3"),
        ("hope.li", {"promised_at": "2026-09-07T09:59:59Z"}, "was not in force yet at 2026-09-07T09:59:59Z"),
        ("hope.li", {"log_key": OTHER_KEY}, "which is not this log"),
        ("hope.li", {"ledger": "ledger.example.org/other", "log_key": OTHER_LOG}, "which is not this log"),
        ("shop.sun", {"party": "shop"}, "shop cannot promise what hope records"),
    ],
)
def test_a_promise_of_nobody_who_may_is_refused(desk: Desk, by: str, changes: dict[str, Any], why: str):
    desk.give(by, **changes)
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    refused(desk, why)


@pytest.mark.parametrize(("by", "party", "entry"), [("op.chief", "op", 0), ("wallet.pay", "wallet", 2), ("hope.wang", "hope", 2)])
def test_the_operator_and_a_platform_may_promise_what_the_charity_records(desk: Desk, by: str, party: str, entry: int):
    desk.give(by, party=party, key_entry=entry)
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    assert desk.challenge().exit_code == 3 and desk.file.exists()


def test_the_custodian_of_the_channel_may_promise(desk: Desk):
    desk.say("2026-09-07T10:00:00Z", "op: party till custodian pin; party safe custodian pod")
    desk.say("2026-09-07T10:00:00Z", "hope by li, wang: mandate channels=bank:till")
    desk.give("till.pin", party="till", key_entry=4)
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    assert desk.challenge().exit_code == 3 and desk.file.exists()
    desk.file.unlink()
    desk.give("safe.pod", party="safe", key_entry=4)
    refused(desk, "safe cannot promise what hope records")


def test_a_key_that_was_revoked_before_promises_nothing(desk: Desk):
    desk.say("2026-09-07T11:00:00Z", REVOKED)
    desk.give()
    desk.ledger.first_key["hope"] = "hope.wang"
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    refused(desk, f"was revoked by entry 4, and not in force any more at {PROMISED_AT}")


def test_a_key_that_was_revoked_since_still_binds(desk: Desk):
    desk.give()
    desk.say("2026-09-08T10:00:00Z", REVOKED)
    desk.ledger.first_key["hope"] = "hope.wang"
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    assert desk.challenge().exit_code == 3 and desk.file.exists()


@pytest.mark.parametrize("kinds", ["donation,receipt", "receipt"])
def test_a_key_for_some_kinds_promises_gifts_only_if_it_signs_them(desk: Desk, kinds: str):
    desk.say("2026-09-07T10:00:00Z", f"hope by li, wang, robot: key robot kinds={kinds}")
    desk.give("hope.robot", key_entry=4)
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    if "donation" in kinds:
        assert desk.challenge().exit_code == 3 and desk.file.exists()
    else:
        refused(desk, "signs only receipt, and no gift")


def test_a_log_that_the_policy_does_not_name_says_nothing(desk: Desk):
    desk.give()
    desk.trust.write_text(f"log {OTHER_LOG}\nquorum none\n")
    ended = desk.challenge()
    assert ended.exit_code == 4 and "trust-anchor" in ended.stderr and not desk.file.exists()


def test_what_is_no_inclusion_promise_is_bad_input(desk: Desk):
    desk.receipt.write_text("{}")
    assert desk.challenge().exit_code == 2
    desk.receipt.write_text("<html>")
    assert desk.challenge().exit_code == 2


def outcome(desk: Desk, value: dict[str, Any]) -> dict[str, Any]:
    """What becomes of a challenge with this content. The log's verdict must be as if nobody had posed it."""
    desk.file.write_bytes(encode(value))
    ended = desk.judge()
    (told,) = json.loads(ended.stdout)["challenges"]
    assert ended.exit_code == 0 and json.loads(ended.stdout)["verdict"] == "verified"
    assert told["outcome"] == "refused"
    return told


@pytest.fixture
def challenge(desk: Desk) -> dict[str, Any]:
    """A true challenge, as JSON."""
    desk.give()
    desk.say(LATER, "hope: donation 1.00 CNY -> school")
    assert desk.challenge().exit_code == 3
    value: dict[str, Any] = parse(desk.file.read_bytes())
    return value


def test_a_challenge_with_a_false_promise_is_refused(desk: Desk, challenge: dict[str, Any]):
    (signature,) = challenge["inclusion_promise"]["signatures"]
    signature["sig"] = to_base64(bytes(64))
    assert "signature by key" in outcome(desk, challenge)["why"]


def test_a_challenge_with_a_strangers_promise_is_refused(desk: Desk, challenge: dict[str, Any]):
    challenge["inclusion_promise"] = parse(sign_inclusion_promise(desk.promise(), key("river.xu")))
    assert "belongs to river" in outcome(desk, challenge)["why"]


def test_a_challenge_to_another_log_is_refused(desk: Desk, challenge: dict[str, Any]):
    here = checkpoint_in(challenge["checkpoint"].encode())
    there = Checkpoint("ledger.example.org/other", here.tree_size, here.root)
    challenge["checkpoint"] = sign_checkpoint(there, key("the.log")).decode()
    assert "is of the log ledger.example.org/other" in outcome(desk, challenge)["why"]


def test_a_checkpoint_that_the_log_did_not_sign_is_refused(desk: Desk, challenge: dict[str, Any]):
    here = checkpoint_in(challenge["checkpoint"].encode())
    challenge["checkpoint"] = sign_checkpoint(here, key("hope.li")).decode()
    assert outcome(desk, challenge)["why"]


def test_a_last_entry_that_is_not_the_last_is_refused(desk: Desk, challenge: dict[str, Any]):
    challenge["last_entry"]["index"] = 3
    assert "is not the last of 5" in outcome(desk, challenge)["why"]


def test_a_last_entry_of_another_time_is_refused(desk: Desk, challenge: dict[str, Any]):
    challenge["last_entry"]["entry"] = to_base64(desk.ledger.entries()[3])
    assert outcome(desk, challenge)["why"]


def test_a_challenge_before_its_time_is_refused(desk: Desk, challenge: dict[str, Any]):
    promise = desk.promise(enter_by="2026-09-30T00:00:00Z")
    challenge["inclusion_promise"] = parse(sign_inclusion_promise(promise, key("hope.li")))
    assert "does not prove that 2026-09-30T00:00:00Z has passed" in outcome(desk, challenge)["why"]


def test_a_challenge_from_a_fork_is_evidence(desk: Desk, challenge: dict[str, Any]):
    """The log's key signed another tree of that size: that is found whatever the challenge is about."""
    here, entries = checkpoint_in(challenge["checkpoint"].encode()), desk.ledger.entries()
    hashes = [leaf_hash(raw) for raw in (*entries[:3], entries[2], entries[4])]
    fork = Checkpoint(here.origin, here.tree_size, root_of(hashes))
    proof = [root_of(hashes[:4])]
    challenge["checkpoint"] = sign_checkpoint(fork, key("the.log")).decode()
    challenge["last_entry"]["proof"] = [step.hex() for step in proof]
    desk.file.write_bytes(encode(challenge))
    ended = desk.judge()
    assert ended.exit_code == 3 and "fork" in {one["id"] for one in json.loads(ended.stdout)["findings"]}


@pytest.mark.parametrize(
    ("member", "value"),
    [("v", "1"), ("says", "It is proved."), ("timestamps", [1]), ("last_entry", []), ("checkpoint", 7), ("more", 1), ("v", True)],
)
def test_what_is_no_challenge_is_bad_input(desk: Desk, challenge: dict[str, Any], member: str, value: object):
    desk.file.write_bytes(encode(challenge | {member: value}))
    assert desk.judge().exit_code == 2


def test_a_later_version_is_not_judged(desk: Desk, challenge: dict[str, Any]):
    desk.file.write_bytes(encode(challenge | {"v": 2}))
    assert desk.judge().exit_code == 4
