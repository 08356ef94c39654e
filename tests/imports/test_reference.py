"""Committed references, and the keys they are made with (formats §5)."""

from __future__ import annotations

import hashlib
import hmac
import stat
from pathlib import Path

import pytest
from pydantic import TypeAdapter, ValidationError

from ledger.books.field import Committed, Slug
from ledger.books.state import Books
from ledger.canonical import from_base64url
from ledger.entries.channel_reference import (
    CHECKED,
    NewKey,
    ReferenceKey,
    ReferenceKeys,
    check_value,
    commit_reference,
    find_reference_key,
    make_reference_key,
)
from ledger.errors import UsageError

SECRET = bytes(range(32))
NEW = NewKey(SECRET, "2036-12-31")


def test_commitment_is_an_hmac_of_channel_nul_reference():
    committed = commit_reference(SECRET, "2026", "wechat-pay", "4200-Ω")
    expected = hmac.new(SECRET, b"wechat-pay\0" + "4200-Ω".encode(), hashlib.sha256).digest()
    assert TypeAdapter(Committed).validate_python(committed) == committed
    prefix, label, text = committed.split(":")
    assert (prefix, label, from_base64url(text)) == ("hmac-sha256", "2026", expected)


def test_commitments_differ_by_key_label_channel_and_reference():
    variants = [
        (SECRET, "2026", "bank", "1"), (SECRET[::-1], "2026", "bank", "1"), (SECRET, "2027", "bank", "1"),
        (SECRET, "2026", "cash", "1"), (SECRET, "2026", "bank", "2"), (SECRET, "2026", "ban", "k1"),
    ]  # fmt: skip
    assert len({commit_reference(*variant) for variant in variants}) == len(variants)


def test_check_value_is_an_hmac_of_all_that_is_said_of_a_key():
    key = ReferenceKey("360giving", SECRET, "2036-12-31", "GB-CHC-9")
    said = b"reference key\0trust\000360giving\0002036-12-31\0GB-CHC-9"
    assert from_base64url(check_value("trust", key)) == hmac.new(SECRET, said, hashlib.sha256).digest()


def test_check_values_differ_by_everything_that_is_said():
    key = ReferenceKey("2026", SECRET, "2036-12-31", "GB-CHC-9")
    others = [
        key, key._replace(label="2027"), key._replace(secret=SECRET[::-1]), key._replace(destroy_on="2036-12-30"),
        key._replace(of="GB-CHC-8"), key._replace(of=""),
    ]  # fmt: skip
    assert len({check_value(party, other) for other in others for party in ("hope", "trust")}) == 2 * len(others)


def test_nothing_that_is_committed_is_a_check_value():
    """What is committed begins with a channel and 0x00, and a channel is a slug."""
    with pytest.raises(ValidationError):
        TypeAdapter(Slug).validate_python(CHECKED)


def test_key_is_kept_for_its_owner_only_and_found_again(tmp_path: Path):
    assert find_reference_key(tmp_path, "hope", "2026") is None
    made = make_reference_key(tmp_path, "hope", "2026", NEW)
    path = tmp_path / "keys" / "hope" / "reference-2026.key"
    assert path.read_bytes() == SECRET
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    companion = f'{{"check_value":"{check_value("hope", made)}","destroy_on":"2036-12-31","label":"2026"}}\n'
    assert path.with_suffix(".json").read_text() == companion
    assert find_reference_key(tmp_path, "hope", "2026") == made == ("2026", SECRET, "2036-12-31", "")
    assert find_reference_key(tmp_path, "hope", "2027") is None
    assert find_reference_key(tmp_path, "faith", "2026") is None


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o622])
def test_a_reference_key_that_others_can_use_is_refused(tmp_path: Path, mode: int):
    make_reference_key(tmp_path, "hope", "2026", NEW)
    path = tmp_path / "keys" / "hope" / "reference-2026.key"
    path.chmod(mode)
    with pytest.raises(UsageError, match="chmod 600") as caught:
        find_reference_key(tmp_path, "hope", "2026")
    assert caught.value.rule == "key-mode"
    path.with_suffix(".json").chmod(0o644)
    path.chmod(0o600)
    assert find_reference_key(tmp_path, "hope", "2026") is not None


def test_key_is_never_replaced(tmp_path: Path):
    make_reference_key(tmp_path, "hope", "2026", NEW)
    with pytest.raises(UsageError, match="never replaced"):
        make_reference_key(tmp_path, "hope", "2026", NewKey(SECRET[::-1], "2036-12-31"))
    assert find_reference_key(tmp_path, "hope", "2026").secret == SECRET


def test_destroyed_key_is_said_to_be_destroyed_and_gets_no_successor(tmp_path: Path):
    keys = ReferenceKeys(tmp_path, "hope", Books(), lambda label: NEW)
    keys.secret("2026")
    path = tmp_path / "keys" / "hope" / "reference-2026.key"
    path.unlink()
    assert ReferenceKeys(tmp_path, "hope", Books()).held() == []
    for keys in (ReferenceKeys(tmp_path, "hope", Books(), lambda label: NEW), ReferenceKeys(tmp_path, "hope", Books())):
        with pytest.raises(UsageError, match="cannot be linked"):
            keys.secret("2026")
    assert not path.exists()


def test_making_that_broke_off_is_finished_with_the_key_that_lies_there(tmp_path: Path):
    make_reference_key(tmp_path, "hope", "2026", NEW)
    (tmp_path / "keys" / "hope" / "reference-2026.json").unlink()
    keys = ReferenceKeys(tmp_path, "hope", Books(), lambda label: NewKey(SECRET[::-1], "2040-01-01"))
    assert keys.find("2026") is None
    assert keys.secret("2026") == SECRET
    assert find_reference_key(tmp_path, "hope", "2026") == ("2026", SECRET, "2040-01-01", "")


def test_nothing_is_made_unless_the_caller_says_of_what(tmp_path: Path):
    with pytest.raises(UsageError, match="does not have a reference key '2026'"):
        ReferenceKeys(tmp_path, "hope", Books()).secret("2026")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("party", "label"), [("..", "2026"), ("hope", "../2026"), ("hope", ""), ("Hope", "2026"), ("a/b", "1")])
def test_party_and_label_are_slugs(tmp_path: Path, party: str, label: str):
    with pytest.raises(UsageError, match="small letters"):
        make_reference_key(tmp_path, party, label, NEW)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "new",
    [NewKey(SECRET[:31], "2036-12-31"), NewKey(SECRET, "2036-02-30"), NewKey(SECRET, "20361231"), NewKey(SECRET, "0999-01-01")],
)
def test_new_key_has_32_bytes_and_a_day(tmp_path: Path, new: NewKey):
    with pytest.raises(UsageError):
        make_reference_key(tmp_path, "hope", "2026", new)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("suffix", "content"),
    [
        (".key", SECRET[:31]), (".json", b"{}\n"), (".json", b"not JSON"),
        (".json", b'{"destroy_on":"2036-12-31","label":"2025"}\n'),
        (".json", b'{"destroy_on":1,"label":"2026"}\n'), (".json", b'{"destroy_on":"2036-12-31","label":"2026"}\n'),
    ],
)  # fmt: skip
def test_damaged_files_are_refused(tmp_path: Path, suffix: str, content: bytes):
    make_reference_key(tmp_path, "hope", "2026", NEW)
    (tmp_path / "keys" / "hope" / f"reference-2026{suffix}").write_bytes(content)
    with pytest.raises(UsageError, match="reference-2026"):
        find_reference_key(tmp_path, "hope", "2026")
