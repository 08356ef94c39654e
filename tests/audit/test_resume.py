"""An audit that is broken off goes on; one that has ended goes on with what came since; and a state that was changed is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ledger.audit import replay
from ledger.audit import resume as saved
from ledger.audit.consistency import KnownCheckpoint
from ledger.audit.resume import SavedAudit
from ledger.audit.verify import verify
from ledger.errors import Conflict, StorageError, UsageError
from ledger.examination import parallel
from ledger.findings.report import Report
from ledger.findings.scope import scope_of
from ledger.log.checkpoint import Checkpoint
from ledger.log_files.source import FolderSource
from tests.audit.mirror import edited, forged, rules, signed_anew
from tests.language import ORIGIN
from tests.writer.on_disk import TRUST, OnDisk, a_gift, a_town

SIZES = [5, 20, 21, 47]


@pytest.fixture(scope="module")
def entries(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[bytes]]:
    """Gifts, payments, a return, a refund, a receipt: everything that is written aside."""
    with pytest.MonkeyPatch.context() as machine:
        place = tmp_path_factory.mktemp("saved")
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        town: OnDisk = a_town(place / "ledger")
        town.play("hope: donation 10.00 CNY -> school as first")
        town.sequencer.submit([a_gift(town, number + 1) for number in range(30)])
        town.reopen().play("""
            hope: payment 4.00 CNY school -> shop as paid
            shop: receipt 4.00 of ^paid
            hope: refund ^first school CNY units=400..500 reason=donor-request
            hope: payment-return 1.00 of ^paid
            hope: allocation 2.00 CNY school -> books
        """)
        town.sequencer.submit([a_gift(town, number + 100) for number in range(7)])
        yield town.entries()
        town.close()


def log_of(entries: list[bytes], place: Path) -> Path:
    if place.exists():
        shutil.rmtree(place)
    place.mkdir()
    return forged(entries, place)


def audited(folder: Path, state: Path, jobs: int = 1) -> Report:
    return verify(FolderSource(folder), TRUST, state=state, jobs=jobs)


def same(report: Report, whole: Report) -> None:
    """What a resumed audit says is what one from the start says, but for what it did not do again."""
    rest = {"not_checked": (), "target": ""}
    assert report._replace(**rest) == whole._replace(**rest)


def test_an_audit_goes_on_with_what_came_since(entries: list[bytes], tmp_path: Path):
    for size in [*SIZES[:-1], len(entries)]:
        folder = log_of(entries[:size], tmp_path / "log")
        same(audited(folder, tmp_path / "state"), verify(FolderSource(folder), TRUST))
    again = audited(folder, tmp_path / "state")
    same(again, verify(FolderSource(folder), TRUST))
    assert again.not_checked[0].startswith(f"Not checked again: tiles of the first {len(entries)} entries")


def test_an_audit_that_was_broken_off_goes_on(entries: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It reads three entries at a time, saves after every eight or nine, and is broken off after some more."""
    monkeypatch.setattr(parallel, "TOGETHER", 3)
    monkeypatch.setattr(replay, "KEPT_EVERY", 8)
    folder = log_of(entries, tmp_path / "log")

    def stop(done: int, of: int) -> None:
        if done:
            raise KeyboardInterrupt

    for said_every in (13, 29):
        monkeypatch.setattr(replay, "TOLD_EVERY", said_every)
        with pytest.raises(KeyboardInterrupt):
            verify(FolderSource(folder), TRUST, state=tmp_path / "state", progress=stop)
        state = json.loads((tmp_path / "state" / "state.json").read_bytes().splitlines()[1])
        assert 8 <= state["size"] < len(entries)
    same(audited(folder, tmp_path / "state"), verify(FolderSource(folder), TRUST))


def test_faults_before_and_after_are_both_kept(entries: list[bytes], tmp_path: Path):
    bad = [*entries]
    for index in (8, 40):
        bad[index] = edited(bad[index], lambda value: value["statement"].update(signed_at="2026-09-07T09:59:58Z"))
    bad[12] = signed_anew(bad[12], lambda value: value["statement"]["records"][0].update(amount=999), "hope.li")
    bad.append(entries[9])  # a statement twice, the first before the state was saved
    audited(log_of(bad[:30], tmp_path / "log"), tmp_path / "state")
    folder = log_of(bad, tmp_path / "log")
    whole = verify(FolderSource(folder), TRUST)
    assert {"statement-signature", "tape-flow", "statement-id"} <= rules(whole)
    same(audited(folder, tmp_path / "state"), whole)


def test_a_log_that_is_no_more_what_it_was_is_found(entries: list[bytes], tmp_path: Path):
    audited(log_of(entries[:30], tmp_path / "log"), tmp_path / "state")
    other = [edited(entries[0], lambda value: value.update(time="2026-09-07T10:00:00Z"))] + entries[1:30] + entries[31:]
    changed = [*other[:10], edited(other[10], lambda value: value.update(time="2026-09-07T10:00:01Z")), *other[11:]]
    report = audited(log_of(changed, tmp_path / "log"), tmp_path / "state")
    assert report.exit_code == 3 and {"root", "consistency"} <= rules(report)


def test_a_log_rolled_back_behind_the_state_is_found(entries: list[bytes], tmp_path: Path):
    audited(log_of(entries[:30], tmp_path / "log"), tmp_path / "state")
    report = audited(log_of(entries[:20], tmp_path / "log"), tmp_path / "state")
    assert (report.exit_code, rules(report)) == (3, {"consistency"})
    assert audited(log_of(entries, tmp_path / "log"), tmp_path / "state").verdict == "verified"


def test_every_changed_byte_of_a_state_is_found(entries: list[bytes], tmp_path: Path):
    folder = log_of(entries, tmp_path / "log")
    audited(folder, tmp_path / "kept")
    for path in sorted((tmp_path / "kept").iterdir()):
        raw = path.read_bytes()
        for at in {0, len(raw) // 3, len(raw) // 2, len(raw) - 1} if raw else set():
            place = Path(shutil.copytree(tmp_path / "kept", tmp_path / "state", dirs_exist_ok=True))
            (place / path.name).write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
            with pytest.raises(Conflict, match="was changed since it was saved"):
                audited(folder, place)


def test_a_state_of_another_log_and_a_folder_of_other_things_are_refused(entries: list[bytes], tmp_path: Path):
    folder = log_of(entries, tmp_path / "log")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "letter.txt").write_text("dear")
    with pytest.raises(Conflict, match="contains other files"):
        audited(folder, tmp_path / "state")
    assert (tmp_path / "state" / "letter.txt").read_text() == "dear"


def test_a_state_is_of_a_whole_verification(entries: list[bytes], tmp_path: Path):
    folder = log_of(entries, tmp_path / "log")
    with pytest.raises(UsageError, match="--state"):
        verify(FolderSource(folder), TRUST, state=tmp_path / "state", scope=scope_of(("accounting",)))


def test_a_state_that_was_laid_out_otherwise_is_refused(entries: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = log_of(entries, tmp_path / "log")
    audited(folder, tmp_path / "state")
    monkeypatch.setattr(saved, "LAYOUT", saved.LAYOUT + 1)
    with pytest.raises(Conflict, match="layout"):
        audited(folder, tmp_path / "state")


class Kept:
    """What a replay gives to be saved, and what it was given back."""

    def __init__(self, size: int = 3) -> None:
        self.size, self.given = size, list[dict[str, Any]]()

    def save(self) -> dict[str, Any]:
        return {"size": self.size, "root": "ab" * 32}

    def resume(self, state: dict[str, Any]) -> None:
        self.given.append(state)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "state.json"}


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The folder of a state of 3 entries, with the files beside it."""
    folder = tmp_path / "of"
    new = SavedAudit(folder, ORIGIN)
    for name in ("leaves", "keys-0", "keys-63", "claims"):
        (folder / name).write_bytes(name.encode() * 9)
    new.save(Kept())
    return folder


def test_a_new_state_holds_nothing(tmp_path: Path):
    new, replay = SavedAudit(tmp_path / "a" / "b", ORIGIN), Kept()
    assert (new.size, new.seen(), list((tmp_path / "a" / "b").iterdir())) == (0, [], [])
    new.resume(replay)
    assert replay.given == []


def test_a_state_is_opened_again_as_it_was(state: Path):
    again, replay, before = SavedAudit(state, ORIGIN), Kept(), files(state)
    assert again.seen() == [KnownCheckpoint("the saved state", Checkpoint(ORIGIN, 3, bytes.fromhex("ab" * 32)))] and again.size == 3
    again.resume(replay)
    (given,) = replay.given
    assert given["size"] == 3 and set(given["files"]) == set(before) and files(state) == before
    assert given["files"]["claims"] == [54, hashlib.sha256(b"claims" * 9).hexdigest()]
    again.save(Kept(0))
    assert SavedAudit(state, ORIGIN).seen() == []


def test_what_was_written_after_it_was_saved_is_cut_off(state: Path):
    """And a file that was not there then is taken away."""
    before = files(state)
    for name in before:
        (state / name).write_bytes(before[name] + b"more")
    (state / "keys-7").write_bytes(b"new")
    opened = SavedAudit(state, ORIGIN)
    assert files(state) == before
    (state / "leaves").open("ab").write(b"x" * (1 << 21))
    opened.save(Kept(4))
    assert SavedAudit(state, ORIGIN).size == 4


@pytest.mark.parametrize("name", ["leaves", "keys-0", "claims", "state.json"])
@pytest.mark.parametrize("how", ["shorter", "gone", "other", "empty"])
def test_a_file_that_is_not_what_was_saved_is_refused(state: Path, name: str, how: str):
    path = state / name
    raw = path.read_bytes()
    path.write_bytes({"shorter": raw[:-1], "gone": raw, "other": b"x" + raw[1:], "empty": b""}[how])
    if how == "gone":
        path.unlink()
    with pytest.raises(Conflict, match="contains other files|was changed since it was saved; remove the folder") as refused:
        if name == "state.json" and how == "gone":
            (state / "letter").write_bytes(b"")
        SavedAudit(state, ORIGIN)
    assert refused.value.rule == "state"


def test_without_a_manifest_what_was_written_aside_is_taken_away(state: Path):
    (state / "state.json").unlink()
    assert SavedAudit(state, ORIGIN).size == 0 and files(state) == {}


@pytest.mark.parametrize(("name", "other"), [("origin", None), ("program", "0.0.0"), ("layout", -1)])
def test_a_state_of_another_log_or_program_is_refused(state: Path, name: str, other: Any, monkeypatch: pytest.MonkeyPatch):
    if other is not None:
        monkeypatch.setattr(saved, {"program": "__version__", "layout": "LAYOUT"}[name], other)
    with pytest.raises(Conflict, match=f"{name} .*; give another folder") as refused:
        SavedAudit(state, ORIGIN if other is not None else "x.example/y")
    assert refused.value.rule == "state"


@pytest.mark.parametrize("name", ["state.json", "leaves"])
def test_what_is_no_file_cannot_hold_a_state(state: Path, name: str):
    (state / name).unlink()
    (state / name).mkdir()
    with pytest.raises(StorageError, match="the state cannot be saved here: it is a folder") as refused:
        SavedAudit(state, ORIGIN)
    assert (refused.value.rule, refused.value.where) == ("file", str(state))


def test_a_file_that_only_grows_is_read_once(state: Path, monkeypatch: pytest.MonkeyPatch):
    opened = SavedAudit(state, ORIGIN)
    monkeypatch.setattr(saved, "BLOCK", 2)
    (state / "claims").open("ab").write(b"12345")
    assert opened._digest(state / "claims") == [59, hashlib.sha256(b"claims" * 9 + b"12345").hexdigest()]
    (state / "claims").write_bytes(b"x" * 59)
    assert opened._digest(state / "claims") == [59, hashlib.sha256(b"claims" * 9 + b"12345").hexdigest()]
