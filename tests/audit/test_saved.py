"""An audit that is broken off goes on; one that has ended goes on with what came since; and a state that was changed is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.audit import parallel, saved, sweep
from ledger.audit.report import Report
from ledger.audit.scope import scope_of
from ledger.audit.source import FolderSource
from ledger.audit.verify import verify
from ledger.errors import Conflict, UsageError
from tests.audit.mirror import edited, forged, rules, signed_anew
from tests.sequencer.on_disk import TRUST, OnDisk, a_gift, a_town

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
    assert again.not_checked[0].startswith(f"tiles of the first {len(entries)} entries")


def test_an_audit_that_was_broken_off_goes_on(entries: list[bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """It reads three entries at a time, saves after every eight or nine, and is broken off after some more."""
    monkeypatch.setattr(parallel, "TOGETHER", 3)
    monkeypatch.setattr(sweep, "KEPT_EVERY", 8)
    folder = log_of(entries, tmp_path / "log")

    def stop(done: int, of: int) -> None:
        if done:
            raise KeyboardInterrupt

    for said_every in (13, 29):
        monkeypatch.setattr(sweep, "SAID_EVERY", said_every)
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
            with pytest.raises(Conflict, match="is not what was saved"):
                audited(folder, place)


def test_a_state_of_another_log_and_a_folder_of_other_things_are_refused(entries: list[bytes], tmp_path: Path):
    folder = log_of(entries, tmp_path / "log")
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / "letter.txt").write_text("dear")
    with pytest.raises(Conflict, match="holds other things"):
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
