"""Timestamps in an audit: with a real authority, over a real log, and what becomes of tokens and logs that are not quite right."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ledger.audit.stamps import MISSING, NO_ROOTS
from ledger.audit.verify import verify
from ledger.directory.source import DirectorySource
from ledger.entries.stamped import stamps_in
from ledger.findings.report import Report
from ledger.log.checkpoint import Checkpoint, checkpoint_in
from ledger.log.tile import token_path
from ledger.log.timestamp_token import parse_roots, read_token
from ledger.log_files.export import export_tiles
from ledger.log_files.mirror import Mirror
from ledger.log_files.source import FolderSource, Source
from ledger.log_files.stamps import copy_stamps, stamped_in
from ledger.network.log_server import UrlSource
from ledger.recovery.backup import back_up
from ledger.recovery.restore import restore
from tests.audit.mirror import places
from tests.authority import Authority
from tests.log_files.tileserver import serving
from tests.writer.on_disk import TRUST, OnDisk

SMALL = """
    op: unit CNY 2; party hope charity li; party auditco auditor zhou
    hope: project school restricted
    hope: donation 10.00 CNY -> school
"""


class Stamped(NamedTuple):
    """The export of a log with a recorded stamp over its first `size` entries, and the roots to verify it by."""

    folder: Path
    directory: Path
    size: int
    time: str
    roots: Sequence[Any]

    @property
    def token(self) -> Path:
        return self.folder / token_path(self.size)

    def judged(self, source: Source | None = None, **options: Any) -> Report:
        return verify(source or FolderSource(self.folder), TRUST, **{"timestamp_roots": self.roots, **options})


def now(seconds: int = 0) -> str:
    """The time of this computer, which the authority has too, and so many seconds later."""
    return (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def stamped(place: Path, authority: Authority, record: bool = True, after: str = "", **members: Any) -> Stamped:
    """A small log, stamped after SMALL and what was said `after` it, by that clock; the stamp is recorded with other `members`."""
    ledger = OnDisk(place / "ledger")
    ledger.play(SMALL + after)
    checkpoint = checkpoint_in((ledger.directory / "checkpoint").read_bytes())
    raw = authority.stamp(checkpoint)
    token, path = read_token(raw), ledger.directory / token_path(checkpoint.tree_size)
    path.parent.mkdir()
    path.write_bytes(raw)
    if record:
        said = {"kind": "timestamp", "size": checkpoint.tree_size, "root": checkpoint.root.hex(), "time": token.time}
        said |= {"authority": token.authority, "digest": token.digest}
        ledger.time = now()
        ledger.say("op", [said | members], ["op.chief"])
        ledger.play("hope: donation 1.00 CNY -> school")
    ledger.close()
    with closing(DirectorySource(ledger.directory)) as source:
        export_tiles(source, place / "export")
        copy_stamps(source, place / "export", source.stamped())
    roots = parse_roots(authority.roots.read_bytes())
    return Stamped(place / "export", ledger.directory, checkpoint.tree_size, token.time, roots)


@pytest.fixture(scope="module")
def once(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stamped]:
    place = tmp_path_factory.mktemp("stamped")
    with pytest.MonkeyPatch.context() as machine:
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        yield stamped(place, authority)


@pytest.fixture
def log(once: Stamped, tmp_path: Path) -> Stamped:
    """A copy, to be tampered with."""
    shutil.copytree(once.folder, tmp_path / "log")
    return once._replace(folder=tmp_path / "log")


def test_a_stamp_bounds_what_is_before_and_what_is_after(once: Stamped):
    report = once.judged()
    (stamp,) = report.stamps
    assert (stamp.size, stamp.time, stamp.authority, stamp.entry) == (once.size, once.time, "Example TSA", once.size)
    assert stamp.verified and not stamp.why and report.verdict == "verified" and not report.findings
    assert report.bounds_of(once.size - 1) == (None, stamp)
    assert report.bounds_of(once.size) == (None, None), "the record of the stamp was made when the token was there"
    assert report.bounds_of(once.size + 1) == (stamp, None)
    assert report.as_json()["stamps"][0]["verified"] is True
    bounds = report.bounds()
    assert [one[:2] for one in bounds[:2]] == [(0, once.size - 1), (once.size, once.size)]
    assert bounds[-1].last == report.tree_size - 1
    assert bounds[0][2:] == ("", once.time) and bounds[1][2:] == ("", "") and {one[2:] for one in bounds[2:]} <= {(once.time, "")}


def test_without_roots_it_is_not_checked_and_counts_for_nothing(once: Stamped):
    report = once.judged(timestamp_roots=None)
    assert report.verdict == "verified" and report.stamps[0].why == NO_ROOTS and report.bounds_of(0) == (None, None)
    assert not report.bounds()
    assert any("--timestamp-roots" in words for words in report.not_checked)


def test_an_authority_that_the_verifier_does_not_know(once: Stamped, tmp_path: Path):
    other = Authority(tmp_path / "other")
    report = once.judged(timestamp_roots=parse_roots(other.roots.read_bytes()))
    assert report.verdict == "verified" and report.stamps[0].why == "not checked: no root given for its authority"


def test_a_token_that_is_missing(log: Stamped):
    log.token.unlink()
    report = log.judged()
    assert report.verdict == "verified" and report.stamps[0].why == MISSING


def test_a_log_is_not_judged_by_stamps_beyond_what_was_asked_for(once: Stamped):
    assert once.judged(at_size=once.size - 1).stamps == ()
    (stamp,) = once.judged(at_size=once.size).stamps
    assert stamp.entry is None and stamp.verified, "the entry that records it was not read"


def tampered(log: Stamped, authority: Authority) -> None:
    raw = log.token.read_bytes()
    log.token.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))


def of_another_log(log: Stamped, authority: Authority) -> None:
    here = checkpoint_in((log.folder / "checkpoint").read_bytes())
    log.token.write_bytes(authority.stamp(Checkpoint("other.example/log", log.size, here.root)))


def of_another_size(log: Stamped, authority: Authority) -> None:
    log.token.write_bytes(authority.stamp(checkpoint_in((log.folder / "checkpoint").read_bytes())))


def made_anew(log: Stamped, authority: Authority) -> None:
    with closing(DirectorySource(log.directory)) as source:
        root = FolderSource(log.folder)
        report = log.judged(root, at_size=log.size)
        assert source.stamped() == [log.size]
    log.token.write_bytes(authority.stamp(Checkpoint(report.origin, log.size, bytes.fromhex(report.root))))


def not_a_token(log: Stamped, authority: Authority) -> None:
    log.token.write_bytes(b"<html>")


def huge(log: Stamped, authority: Authority) -> None:
    log.token.write_bytes(log.token.read_bytes() + bytes(70_000))


@pytest.mark.parametrize("spoil", [tampered, of_another_log, of_another_size, made_anew, not_a_token, huge])
def test_a_token_that_is_not_the_one(log: Stamped, authority: Authority, spoil):
    spoil(log, authority)
    report = log.judged()
    assert places(report) == {("timestamp", log.size, 0)} and report.exit_code == 3
    assert not report.stamps[0].verified and report.bounds_of(0) == (None, None)


@pytest.mark.parametrize(
    ("members", "rule"), [({"time": "2026-09-08T00:00:00Z"}, "timestamp"), ({"root": "00" * 32}, "consistency")]
)
def test_a_record_that_says_something_else_than_its_token(authority, tmp_path: Path, members: dict[str, str], rule: str):
    log = stamped(tmp_path, authority, **members)
    assert places(log.judged()) == {(rule, log.size, 0)}


@pytest.mark.parametrize(("ahead", "found"), [(200, False), (400, True)])
def test_no_entry_is_later_than_a_stamp_over_it(authority, tmp_path: Path, ahead: int, found: bool, monkeypatch):
    """Five minutes are allowed, because two clocks are never equal."""
    ledger_time = now(ahead)
    monkeypatch.setattr(OnDisk, "play", _under(OnDisk.play, ledger_time))
    log = stamped(tmp_path, authority, record=False)
    report = log.judged()
    assert places(report) == ({("time", log.size - 1, -1)} if found else set())
    assert report.stamps[0].verified and report.stamps[0].entry is None


def _under(play: Any, time: str) -> Any:
    def playing(self: OnDisk, text: str) -> Any:
        self.time = max(self.time, time)
        return play(self, text)

    return playing


def test_a_clock_that_was_corrected_is_reported_once(authority, tmp_path: Path):
    """The stamp came while the clock was ahead."""
    ledger = OnDisk(tmp_path / "ledger")
    ledger.play(SMALL)
    ledger.sequencer.clock_is_right = True
    ledger.time = "2099-01-01T00:00:00Z"
    ledger.play("hope: donation 1.00 CNY -> school")
    checkpoint = checkpoint_in((ledger.directory / "checkpoint").read_bytes())
    (ledger.directory / "timestamps").mkdir()
    (ledger.directory / token_path(checkpoint.tree_size)).write_bytes(authority.stamp(checkpoint))
    roots = parse_roots(authority.roots.read_bytes())

    def found() -> set[str]:
        with closing(DirectorySource(ledger.directory)) as source:
            return {rule for rule, _, _ in places(verify(source, TRUST, timestamp_roots=roots))}

    assert found() == {"time"}
    ledger.time = now()
    ledger.play('op by chief, auditco.zhou: clock-correction "The battery was empty"')
    assert found() == {"clock-corrected"}
    ledger.close()


def test_from_a_server_the_recorded_ones_are_read_and_mirrored(once: Stamped, tmp_path: Path):
    with serving(once.folder) as server:
        with closing(UrlSource(server.url)) as source:
            assert source.stamped() == [] and once.judged(source).stamps[0].verified
        with closing(Mirror(tmp_path / "mirror", TRUST, stamps_in)) as mirror, closing(UrlSource(server.url)) as source:
            mirror.update(source)
    assert (tmp_path / "mirror" / token_path(once.size)).read_bytes() == once.token.read_bytes()
    assert once.judged(FolderSource(tmp_path / "mirror")).stamps[0].verified


def test_a_mirror_does_not_keep_a_token_that_is_not_the_recorded_one(log: Stamped, authority: Authority, tmp_path: Path):
    tampered(log, authority)
    with serving(log.folder) as server, closing(Mirror(tmp_path / "mirror", TRUST, stamps_in)) as mirror:
        with closing(UrlSource(server.url)) as source:
            mirror.update(source)
    assert stamped_in(tmp_path / "mirror") == []


def test_backups_and_restored_ledgers_have_the_tokens(once: Stamped, tmp_path: Path):
    back_up(once.directory, tmp_path / "backup", now())
    restore(tmp_path / "backup", tmp_path / "restored")
    restore(once.folder, tmp_path / "from-export")
    for place in ("backup", "restored", "from-export"):
        assert stamped_in(tmp_path / place) == [once.size], place
