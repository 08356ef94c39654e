"""Key files: what is said of one that does not open."""

from __future__ import annotations

import pytest

from ledger.errors import UsageError
from ledger.log.key import SigningKey

SEED = bytes(range(32))
CLEAR = "is not a private key in PEM; restore it from a backup, or give the key's file"
SAID_OF = {
    (None, b"a phrase"): "is not encrypted; give no passphrase for it",
    (b"a phrase", None): "is encrypted; give its passphrase",
    (b"a phrase", b"another"): "the passphrase is wrong; give the right one",
}


@pytest.mark.parametrize(("kept_with", "opened_with"), SAID_OF)
def test_a_passphrase_that_does_not_fit_is_said_in_one_way(tmp_path, kept_with, opened_with):
    path = tmp_path / "key.pem"
    SigningKey.from_seed(SEED).save(path, kept_with)
    with pytest.raises(UsageError) as refused:
        SigningKey.load(path, opened_with)
    assert refused.value.message == f"{path}: {SAID_OF[kept_with, opened_with]}"


def test_no_wrong_passphrase_is_called_anything_else(tmp_path):
    """One wrong passphrase in 256 decrypts to a padding that looks right, and fails later."""
    path = tmp_path / "key.pem"
    SigningKey.from_seed(SEED).save(path, b"a phrase")
    said = set()
    for number in range(600):
        with pytest.raises(UsageError) as refused:
            SigningKey.load(path, b"wrong %d" % number)
        said.add(refused.value.message)
    assert said == {f"{path}: the passphrase is wrong; give the right one"}


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o644, 0o660, 0o602, 0o620, 0o610, 0o601, 0o777, 0o440])
def test_a_key_that_others_can_use_is_refused(tmp_path, mode: int):
    path = tmp_path / "the key.pem"
    SigningKey.from_seed(SEED).save(path)
    path.chmod(mode)
    with pytest.raises(UsageError) as refused:
        SigningKey.load(path)
    assert refused.value.rule == "key-mode"
    assert f"mode {mode:04o}" in refused.value.message and f"chmod 600 '{path}'" in refused.value.message


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700])
def test_a_key_of_its_owner_alone_is_used(tmp_path, mode: int):
    path = tmp_path / "key.pem"
    SigningKey.from_seed(SEED).save(path)
    path.chmod(mode)
    assert SigningKey.load(path).public == SigningKey.from_seed(SEED).public


def test_a_key_behind_a_passphrase_may_be_read(tmp_path):
    path = tmp_path / "key.pem"
    SigningKey.from_seed(SEED).save(path, b"a phrase")
    path.chmod(0o644)
    assert SigningKey.load(path, b"a phrase").public == SigningKey.from_seed(SEED).public


def test_what_is_no_key_file_is_said_so(tmp_path):
    path = tmp_path / "key.pem"
    path.write_bytes(b"hello")
    with pytest.raises(UsageError) as refused:
        SigningKey.load(path, None)
    assert refused.value.message == f"{path}: {CLEAR}"
