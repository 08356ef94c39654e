"""Asking a timestamp authority: an honest one, and others that cannot do more than make a message."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from ledger.errors import FormatError, GiveTrailError, Unverifiable, UsageError, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.timestamp_token import parse_roots, request, verify_token
from ledger.network.timestamp_client import ask
from tests.authority import Authority

OF = Checkpoint("ledger.example.org/2026", 7, bytes(32))
BROKEN: dict[str, tuple[Callable[[bytes], bytes], type[GiveTrailError], str]] = {
    "malformed": (lambda question: b"no token", FormatError, "not a TimeStampResp"),
    "empty": (lambda question: b"", FormatError, "not a TimeStampResp"),
    "huge": (lambda question: bytes(100_000), Unverifiable, "more than 65536 bytes"),
    "a web page": (lambda question: b"<!doctype html><p>Welcome", FormatError, "not a TimeStampResp"),
}


@pytest.fixture
def asked(authority: Authority):
    with authority.serving() as url:
        yield authority, url
    authority.behaviour = authority.answer


def test_an_honest_authority(asked):
    authority, url = asked
    token = ask(url, OF, 5.0)
    verify_token(token, parse_roots(authority.roots.read_bytes()))
    assert token.authority == "Example TSA"


@pytest.mark.parametrize("how", BROKEN)
def test_what_is_no_answer(asked, how: str):
    authority, url = asked
    authority.behaviour, error, why = BROKEN[how]
    with pytest.raises(error, match=why):
        ask(url, OF, 5.0)


def test_an_answer_to_another_question_may_be_old(asked):
    authority, url = asked
    authority.behaviour = lambda question: authority.stamp(OF)
    with pytest.raises(VerificationError, match="nonce differs"):
        ask(url, OF, 5.0)


def test_an_answer_over_another_digest(asked):
    authority, url = asked
    authority.behaviour = lambda question: authority.answer(request(Checkpoint(OF.origin, 8, OF.root))[0])
    with pytest.raises(VerificationError, match="not over the checkpoint of 7 entries"):
        ask(url, OF, 5.0)


def test_a_slow_authority_is_given_up(asked):
    authority, url = asked
    authority.behaviour = lambda question: time.sleep(2) or b""
    begun = time.monotonic()
    with pytest.raises(Unverifiable, match=r"within 0\.5 s"):
        ask(url, OF, 0.5)
    assert time.monotonic() - begun < 1.9


@pytest.mark.parametrize("url", ["ftp://x/y", "http://me:secret@x/y", "stamp"])
def test_addresses(url: str):
    with pytest.raises(UsageError):
        ask(url, OF)


def test_nobody_is_there():
    with pytest.raises(Unverifiable) as caught:
        ask("http://127.0.0.1:9/tsr", OF, 0.5)
    assert caught.value.rule == "unreachable"
