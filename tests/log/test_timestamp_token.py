"""Timestamp tokens: one that OpenSSL made in December 2026 is read and verified, and nothing that is not quite it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.errors import FormatError, InputError, SizeError, Unverifiable, VerificationError
from ledger.log.checkpoint import Checkpoint
from ledger.log.tile import token_path
from ledger.log.timestamp_token import check_imprint, parse_roots, read_token, request, verify_token
from tests.authority import Authority, openssl

VECTORS = Path(__file__).resolve().parents[1] / "vectors" / "timestamps"
RAW, ROOTS = (VECTORS / "7.tsr").read_bytes(), (VECTORS / "root.pem").read_bytes()
OF = Checkpoint("ledger.example.org/2026", 7, bytes(range(32)))


def test_a_token_is_read_and_verified():
    token = read_token(RAW)
    assert (token.authority, token.time[:7], len(token.digest)) == ("Example TSA", "2026-12", 64)
    check_imprint(token, OF)
    verify_token(token, parse_roots(ROOTS))
    assert token_path(7) == "timestamps/7.tsr"


@pytest.mark.parametrize(
    "other", [Checkpoint(OF.origin, 8, OF.root), Checkpoint(OF.origin, 7, bytes(32)), Checkpoint("other.example", 7, OF.root)]
)
def test_a_token_is_over_one_checkpoint_only(other):
    with pytest.raises(VerificationError, match="is not over the checkpoint"):
        check_imprint(read_token(RAW), other)


def test_no_byte_can_be_changed_so_that_another_time_or_imprint_is_verified():
    """A few bytes name algorithms in a way that does not matter; with them the token still says the same."""
    roots, told = parse_roots(ROOTS), read_token(RAW)
    passed = 0
    for at in range(len(RAW)):
        raw = RAW[:at] + bytes([RAW[at] ^ 1]) + RAW[at + 1 :]
        try:
            token = read_token(raw)
            verify_token(token, roots)
        except (InputError, VerificationError, Unverifiable):
            continue
        passed += 1
        assert (token.time, token.imprint, token.nonce) == (told.time, told.imprint, told.nonce), at
        assert token.digest != told.digest
    assert passed < 20


@pytest.mark.parametrize("raw", [b"", b"\x30\x80", RAW[:-1], RAW + b"\0", b"<html>", b"\x30\x03\x02\x01\x02"])
def test_what_is_no_token_is_refused(raw):
    with pytest.raises(FormatError) as caught:
        read_token(raw)
    assert caught.value.rule == "timestamp" and "get it again" in caught.value.message


def test_a_token_is_small():
    with pytest.raises(SizeError):
        read_token(RAW + bytes(65_536))


@pytest.mark.parametrize("raw", [b"", RAW, b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_roots_are_certificates(raw):
    with pytest.raises(FormatError, match="no certificates in PEM"):
        parse_roots(raw)


def test_two_questions_are_never_the_same():
    (first, one), (second, other) = request(OF), request(OF)
    assert one != other and first != second and max(len(first), len(second)) < 100


def test_a_root_that_is_not_given_is_not_a_fault_of_the_token(authority: Authority):
    token = read_token(authority.stamp(OF))
    verify_token(token, parse_roots(authority.roots.read_bytes() + ROOTS))
    with pytest.raises(Unverifiable, match="no root certificate that was given leads to this authority"):
        verify_token(token, parse_roots(ROOTS))


def test_the_certificate_of_the_authority_must_have_been_valid(authority, tmp_path: Path):
    expired = Authority(tmp_path / "expired", days=-1)
    with pytest.raises(VerificationError, match="certificate has expired"):
        verify_token(read_token(expired.stamp(OF)), parse_roots(expired.roots.read_bytes()))


def test_a_refusal_is_told_in_the_words_of_the_authority(authority: Authority, tmp_path: Path):
    (tmp_path / "d").write_bytes(b"x")
    openssl(tmp_path, "ts", "-query", "-data", "d", "-sha512", "-out", "q")
    with pytest.raises(FormatError, match="the authority refused .*[Dd]igest algorithm"):
        read_token(authority.answer((tmp_path / "q").read_bytes()))
