"""What is derived from the entries is made again from them byte for byte, also when that is interrupted."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.directory.opening import open_writer
from ledger.directory.rebuild import BESIDE, rebuild
from ledger.directory.source import DirectorySource
from ledger.entries.leaf import keys_of_entry
from ledger.errors import Conflict, StorageError, VerificationError
from ledger.log.tile import CHECKPOINT
from ledger.writer.sequencer import Answer
from tests.writer.on_disk import TRUST, OnDisk, a_gift
from tests.writer.test_kill import ROOT, check_signed, check_whole
from tests.writer.test_once import with_reference

STORY = """
    hope: donation 50.00 CNY -> school fee=2.00 fee_to=till as gift; donation 30.00 USD -> general
    hope: allocation 20.00 CNY school -> books as moved; activity desks school; fund store restricted school
    hope: payment 7.00 CNY books -> press as paid
    hope: payment 5.00 CNY school -> shop goods=3:box:books:2.00+70:mask:store:3.00 as bought
    shop: receipt 4.00 ^bought level=recipient-signed
    hope: receipt 6.00 ^paid level=self-declared; payment-return 1.00 ^paid
    hope: feedback books-read 3 payments=^paid,^bought
    hope: exchange 10.00 USD general to_amount=7000 to_unit=CNY rate=7/1
    hope: refund ^gift school CNY units=4700..4800 cover=general:0..100 reason=legal
    hope: allocation 1.00 CNY school -> desks as wrong
    hope: reversal ^wrong
    hope: progress desks; delivery 20 mask store -> river
    hope: payment 3.00 CNY general -> river grant= as granted
    river: fund aid restricted; receipt 3.00 of ^granted into=aid
    hope: key wang
"""
SIZE = 719


@pytest.fixture
def storied(town: OnDisk) -> OnDisk:
    """Every kind of derived row; 700 gifts in groups of changing size, so that there are two levels of tiles."""
    town.play(STORY)
    for count in (1, 128, 300, 5, 266):
        town.sequencer.submit([with_reference(town, n + 1000 * count, n + 1000 * count + 500) for n in range(count)])
    return town


def tables(directory: Path) -> dict[str, list]:
    """Every table of the database with every row."""
    with closing(sqlite3.connect(directory / "ledger.sqlite")) as database:
        names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        return {name: sorted(database.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def answers(directory: Path) -> list:
    """Where the unique index finds every key of every entry, and some that are not there."""
    sequencer = open_writer(directory)
    with closing(sequencer.store) as store:
        keys = [key for index, raw in enumerate(store.entries(0, store.tree_size)) for key, _ in keys_of_entry(raw, index)]
        return store.candidates([*keys, *(bytes([n]) * 16 for n in range(50))])


def test_a_rebuild_gives_what_was_there_byte_for_byte(storied: OnDisk):
    storied.close()
    before, index, checkpoint = tables(storied.directory), answers(storied.directory), (storied.directory / CHECKPOINT).read_bytes()
    assert all(before[name] for name in ("entries", "tiles", "state", "flows", "spans", "claims", "tapes"))
    progress: list[tuple[int, int]] = []
    made = rebuild(storied.directory, lambda done, size: progress.append((done, size)))
    assert made == (len(before["entries"]), {}) == (SIZE, {}) and progress[-1] == (SIZE, SIZE)
    assert tables(storied.directory) == before
    assert answers(storied.directory) == index
    assert (storied.directory / CHECKPOINT).read_bytes() == checkpoint
    check_whole(storied.directory)


def test_a_rebuilt_ledger_goes_on_and_knows_what_it_had(storied: OnDisk):
    known = a_gift(storied)
    storied.sequencer.submit_one(known)
    storied.close()
    rebuild(storied.directory)
    storied.reopen()
    assert storied.sequencer.submit_one(known) == Answer(SIZE, known=True)
    (again,) = storied.sequencer.submit([with_reference(storied, 128_500)])
    assert isinstance(again, Conflict) and again.rule == "duplicate-reference"
    check_signed(storied)


def test_lost_and_garbled_indexes_are_made_again(storied: OnDisk):
    storied.close()
    before = tables(storied.directory)
    with closing(sqlite3.connect(storied.directory / "ledger.sqlite")) as database, database:
        database.execute("DELETE FROM flows WHERE start % 3 = 0")
        for table in ("state", "claims", "spans", "tiles"):
            database.execute(f"DELETE FROM {table}")
    (storied.directory / "unique.index").write_bytes(b"garbage" * 1000)
    made = rebuild(storied.directory)
    assert made.differing.keys() == {"flows", "state", "claims", "spans", "tiles"} and made.differing["tiles"] == 4
    assert tables(storied.directory) == before
    assert storied.reopen().sequencer.read_only_because == ""


REBUILDING = """
import os, signal, sys
from pathlib import Path
from ledger.directory.rebuild import BESIDE, rebuild
def die(done, size):
    if done >= int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
rebuild(Path(sys.argv[1]), die)
"""


@pytest.mark.parametrize("done", [128, 640, SIZE])
def test_a_rebuild_killed_in_the_middle_has_changed_nothing(storied: OnDisk, done: int):
    storied.close()
    before, index = tables(storied.directory), answers(storied.directory)
    child = subprocess.run([sys.executable, "-c", REBUILDING, str(storied.directory), str(done)], cwd=ROOT, env=os.environ)
    assert child.returncode == -signal.SIGKILL
    assert tables(storied.directory) == before
    check_whole(storied.directory)
    assert rebuild(storied.directory) == (SIZE, {})
    assert answers(storied.directory) == index
    assert not (storied.directory / BESIDE).exists()


def change_entry(directory: Path, entry: int) -> None:
    with closing(sqlite3.connect(directory / "ledger.sqlite")) as database, database:
        (raw,) = database.execute("SELECT body FROM entries WHERE entry = ?", (entry,)).fetchone()
        database.execute("UPDATE entries SET body = ? WHERE entry = ?", (raw.replace(b'"amount":100', b'"amount":900'), entry))


def test_entries_that_were_changed_are_not_rebuilt_into_other_books(storied: OnDisk):
    storied.close()
    change_entry(storied.directory, 300)
    before = tables(storied.directory)
    with pytest.raises(VerificationError) as refused:
        rebuild(storied.directory)
    assert "givetrail repair --from COPY" in refused.value.message
    assert tables(storied.directory) == before
    with pytest.raises(StorageError, match="entry 300 is not what was recorded"):
        open_writer(storied.directory)
    with closing(DirectorySource(storied.directory)) as source:
        report = verify(source, TRUST)
    assert report.exit_code == 3
    assert {"root", "tape-flow", "statement-signature"} <= {finding.rule for finding in report.findings}


def swap_names(directory: Path, entry: int) -> None:
    """Change an entry so that the books take it as it is: only hashes and signatures can tell."""
    with closing(sqlite3.connect(directory / "ledger.sqlite")) as database, database:
        (raw,) = database.execute("SELECT body FROM entries WHERE entry = ?", (entry,)).fetchone()
        changed = raw.replace(b'"signed_at":"2026-09-07T10:00:0', b'"signed_at":"2026-09-07T09:00:0')
        assert changed != raw
        database.execute("UPDATE entries SET body = ? WHERE entry = ?", (changed, entry))


def test_entries_that_were_not_signed_are_not_built_upon(storied: OnDisk):
    storied.close()
    swap_names(storied.directory, 400)
    with pytest.raises(VerificationError, match="not those that .* was signed over"):
        rebuild(storied.directory)
    with closing(sqlite3.connect(storied.directory / "ledger.sqlite")) as database, database:
        database.execute("DELETE FROM tiles")
    with pytest.raises(VerificationError, match="not those that .* was signed over"):
        rebuild(storied.directory)


def test_an_entry_that_was_not_signed_yet_is_known_by_its_leaf_hash(storied: OnDisk):
    storied.sequencer.submit([a_gift(storied)], sign=False)
    storied.close()
    swap_names(storied.directory, SIZE)
    with pytest.raises(VerificationError, match=f"entry {SIZE}: its leaf hash is not"):
        rebuild(storied.directory)


def test_an_audit_needs_no_books(storied: OnDisk):
    """Without them it says so, and everything else it says as before."""
    storied.close()
    with closing(sqlite3.connect(storied.directory / "ledger.sqlite")) as database, database:
        database.execute("DELETE FROM state")
    with closing(DirectorySource(storied.directory)) as source:
        report = verify(source, TRUST)
    assert (report.verdict, [finding.rule for finding in report.findings]) == ("could not verify", ["derived"])
    assert report.checked["entries"] == SIZE and "table state" in report.findings[0].message
    rebuild(storied.directory)
    check_whole(storied.directory)


def test_a_rebuild_waits_for_nobody_who_writes(storied: OnDisk):
    with pytest.raises(Conflict) as refused:
        rebuild(storied.directory)
    assert refused.value.rule == "locked"
    storied.sequencer.submit_one(a_gift(storied))
