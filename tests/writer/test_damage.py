"""Files of a ledger that are cut off, garbled or exchanged: a sentence says which, and nothing is signed over it."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.books.tape import Tape
from ledger.directory import anchor
from ledger.directory.opening import LOG_KEY, open_reader, open_writer
from ledger.directory.source import DirectorySource
from ledger.errors import GiveTrailError, ReadOnly, StorageError, UsageError
from ledger.log.checkpoint import sign_checkpoint
from ledger.log.key import SigningKey
from ledger.log.tile import CHECKPOINT
from tests.language import key
from tests.writer.on_disk import TRUST, OnDisk, a_gift

VKEY = TRUST.logs[0].vkey
SEED = 5
PAGE_BYTES = 4096


@pytest.fixture
def closed(town: OnDisk) -> OnDisk:
    """The town with a gift, closed."""
    town.sequencer.submit_one(a_gift(town))
    town.close()
    return town


def use(directory: Path) -> None:
    """Everything that opens a ledger's directory. Raises what they raise."""
    with closing(DirectorySource(directory)) as source:
        assert verify(source, TRUST).exit_code == 0
    store, books = open_reader(directory)
    with closing(store):
        store.check()
        assert books.tape.get("school/CNY") == Tape(end=1000)
    sequencer = open_writer(directory)
    with closing(sequencer.store):
        if sequencer.read_only_because:
            raise ReadOnly(sequencer.read_only_because, rule="read-only")


def place(town: OnDisk, which: str) -> Path:
    return town.directory / CHECKPOINT if which == "inside" else anchor.anchor_path(VKEY.format())


GARBAGE = {
    "empty": lambda raw: b"",
    "one byte": lambda raw: raw[:1],
    "half": lambda raw: raw[: len(raw) // 2],
    "all but the last byte": lambda raw: raw[:-1],
    "zeros": lambda raw: bytes(len(raw)),
    "no text": lambda raw: b"\xff\xfe" * 50,
    "a page of the web": lambda raw: b"<html>404</html>\n",
    "a larger size": lambda raw: raw.replace(b"\n5\n", b"\n6\n"),
    "a smaller size": lambda raw: raw.replace(b"\n5\n", b"\n4\n"),
    "another log's": lambda raw: sign_checkpoint(TRUST.check(raw).__class__("other.example.org", 5, bytes(32)), key("the.log")),
    "signed by somebody else": lambda raw: sign_checkpoint(TRUST.check(raw), SigningKey.from_seed(bytes(32))),
    "an extension line": lambda raw: raw.replace(b"\n\n", b"\nextension\n\n"),
    "a megabyte": lambda raw: raw * 5000,
}


@pytest.mark.parametrize("which", ["inside", "outside"])
@pytest.mark.parametrize("damage", list(GARBAGE))
def test_a_damaged_checkpoint_opens_read_only_and_is_named(closed: OnDisk, which: str, damage: str):
    path = place(closed, which)
    path.write_bytes(GARBAGE[damage](path.read_bytes()))
    sequencer = open_writer(closed.directory)
    with closing(sequencer.store):
        assert str(path) in sequencer.read_only_because
        with pytest.raises(ReadOnly):
            sequencer.submit([a_gift(closed, after=(3, "0" * 64))])
    with closing(DirectorySource(closed.directory)) as source:
        assert verify(source, TRUST).exit_code in ((0,) if which == "outside" else (3, 4))


@pytest.mark.parametrize("which", ["inside", "outside"])
def test_a_checkpoint_that_is_no_file_is_an_error_and_no_traceback(closed: OnDisk, which: str):
    path = place(closed, which)
    path.unlink()
    path.mkdir()
    with pytest.raises(StorageError) as refused:
        open_writer(closed.directory)
    assert str(path) in refused.value.message


@pytest.mark.parametrize("which", ["inside", "outside"])
def test_a_lost_checkpoint_is_signed_again(closed: OnDisk, which: str):
    path = place(closed, which)
    before = path.read_bytes()
    path.unlink()
    closed.reopen()
    assert path.read_bytes() == before


def test_another_logs_key_in_the_directory_is_refused(closed: OnDisk):
    (closed.directory / LOG_KEY).unlink()
    with pytest.raises(UsageError):
        open_writer(closed.directory)
    SigningKey.from_seed(bytes(32)).save(closed.directory / LOG_KEY)
    with pytest.raises(UsageError) as refused:
        open_writer(closed.directory)
    assert "is not the key of this log" in refused.value.message
    open_reader(closed.directory)[0].close()


@pytest.mark.parametrize("garbage", [b"", b"-----BEGIN PRIVATE KEY-----\nMC4=\n-----END PRIVATE KEY-----\n", bytes(100)])
def test_a_damaged_key_is_named(closed: OnDisk, garbage: bytes):
    (closed.directory / LOG_KEY).write_bytes(garbage)
    with pytest.raises(UsageError) as refused:
        open_writer(closed.directory)
    assert str(closed.directory / LOG_KEY) in refused.value.message


@pytest.mark.parametrize("kept", [0, 100, 4096, 0.3, 0.6, -4096, -1])
def test_a_truncated_database_is_named_and_nothing_is_signed_over_it(closed: OnDisk, kept: float):
    path = closed.directory / "ledger.sqlite"
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.truncate(int(kept * size) if isinstance(kept, float) else kept % size)
    before = anchor.recall(VKEY.format())
    with pytest.raises(GiveTrailError) as refused:
        use(closed.directory)
    assert str(path) in refused.value.message
    assert anchor.recall(VKEY.format()) == before


def test_flipped_bytes_of_a_database_are_refused_or_found_or_harmless(closed: OnDisk):
    """Never anything but one of the program's own errors, and never a signature over another history."""
    check_flips(closed, 60)


@pytest.mark.long
def test_many_flipped_bytes_of_a_database_are_refused_or_found_or_harmless(closed: OnDisk):
    check_flips(closed, 3000)


def check_flips(closed: OnDisk, count: int) -> None:
    chance = random.Random(SEED)
    good = (closed.directory / "ledger.sqlite").read_bytes()
    used = [at for at, byte in enumerate(good) if byte and at > PAGE_BYTES and good[at - 16 : at + 16].find(b"derived_size") < 0]
    for at in chance.choices(used, k=count):
        flip(closed, good, at, 1 << chance.randrange(8))


def flip(closed: OnDisk, good: bytes, at: int, bits: int) -> None:
    """Change a byte of the database, use the ledger, and see that no signature came of it."""
    note = anchor.recall(VKEY.format())
    (closed.directory / "ledger.sqlite").write_bytes(good[:at] + bytes([good[at] ^ bits]) + good[at + 1 :])
    for name in ("ledger.sqlite-wal", "ledger.sqlite-shm"):
        (closed.directory / name).unlink(missing_ok=True)
    try:
        use(closed.directory)
    except (GiveTrailError, AssertionError):
        pass
    assert anchor.recall(VKEY.format()) == note, (at, bits)


@pytest.mark.parametrize(("words", "bits"), [(b"tilestiles", 0x80), (b"derived_size", 1)])
def test_a_database_whose_own_words_are_garbled_is_refused(closed: OnDisk, words: bytes, bits: int):
    good = (closed.directory / "ledger.sqlite").read_bytes()
    flip(closed, good, good.rfind(words) + 2, bits)


@pytest.mark.parametrize(
    ("table", "body"),
    [
        ("head", b"[1]"),
        ("head", b"{}"),
        ("head", b"["),
        ("head", b'[4,"2026-09-07T10:00:00Z","givetrail/1"]'),
        ("tape", b"[1,2,3,4,5,6]"),
        ("fund", b"[]"),
        ("key", b"null"),
        ("ledger", b"[]"),
        ("party", b"\xff"),
    ],
)
def test_a_damaged_row_of_the_books_says_to_rebuild(closed: OnDisk, table: str, body: bytes):
    rewrite(closed, "UPDATE state SET body = ? WHERE name = ?", body, table)
    for opening in (open_reader, open_writer):
        with pytest.raises(StorageError) as refused:
            opening(closed.directory)
        assert "givetrail rebuild" in refused.value.message


def test_lost_books_say_to_rebuild_and_never_to_remove(closed: OnDisk):
    rewrite(closed, "DELETE FROM state")
    for opening in (open_reader, open_writer):
        with pytest.raises(StorageError) as refused:
            opening(closed.directory)
        assert "givetrail rebuild" in refused.value.message


def rewrite(closed: OnDisk, sql: str, *values: object) -> None:
    """Change the database behind the ledger's back."""
    with closing(sqlite3.connect(closed.directory / "ledger.sqlite")) as database, database:
        database.execute(sql, values)


def test_a_changed_entry_is_found_and_nothing_is_built_on_it(closed: OnDisk):
    """Entries are the truth, so only their hashes can tell: the audit does."""
    raw = read_entry(closed, 4)
    rewrite(closed, "UPDATE entries SET body = ? WHERE entry = 4", raw.replace(b'"amount":1000', b'"amount":9000'))
    with closing(DirectorySource(closed.directory)) as source:
        report = verify(source, TRUST)
    assert report.exit_code == 3
    assert {"root", "tile", "statement-signature", "tape-flow"} <= {finding.rule for finding in report.findings}


def read_entry(closed: OnDisk, index: int) -> bytes:
    store, _ = open_reader(closed.directory)
    with closing(store):
        return store.entry(index)


def test_an_empty_directory_holds_no_ledger(tmp_path: Path):
    for directory in (tmp_path, tmp_path / "nowhere"):
        for opening in (open_reader, open_writer):
            with pytest.raises(GiveTrailError) as refused:
                opening(directory)
            assert refused.value.rule == "directory"
