"""A round: what witnesses cosign is published, and whatever else they answer changes nothing but a message."""

from __future__ import annotations

import shutil
import time
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.directory.alarms import SHOWN, Alarm, alarms, known_of, resume, stop_by_checkpoint, why_stopped
from ledger.directory.publication import POLICY, SIGNED, signed_note
from ledger.directory.source import DirectorySource
from ledger.disk.lock import FileLock
from ledger.errors import Conflict, ReadOnly
from ledger.log.checkpoint import checkpoint_in, sign_checkpoint
from ledger.log.note import format_signature, parse_note
from ledger.log.policy import Policy
from ledger.log.tile import CHECKPOINT
from ledger.log_files.export import export_tiles
from ledger.log_files.mirror import Mirror
from ledger.log_files.source import FolderSource
from ledger.recovery.backup import back_up
from ledger.recovery.repair import repair
from ledger.view.view import View
from ledger.witnessing.round import ask_witnesses
from tests.api.asking import BROWSER, client_of
from tests.language import key
from tests.witnessing.conftest import trust
from tests.witnessing.witness import SIZE, Watching
from tests.writer.on_disk import OnDisk, on_another_machine

GIFT = "hope: donation 1.00 CNY -> school"


def results(town: OnDisk, whole_s: float = 5.0) -> dict[str, str]:
    return {one.witness: one.what for one in ask_witnesses(town.directory, whole_s).asked}


def published(town: OnDisk) -> tuple[int, int]:
    """The size of the published checkpoint, and how many signatures it has."""
    note = (town.directory / CHECKPOINT).read_bytes()
    return checkpoint_in(note).tree_size, len(parse_note(note).signatures)


def verified(town: OnDisk, policy: Policy) -> tuple[str, bool, int]:
    report = verify(DirectorySource(town.directory), policy)
    return report.verdict, report.witnessed, report.tree_size


def test_growth_is_cosigned_and_published_as_the_policy_asks(town: OnDisk, three: list[Watching]):
    policy = trust(town, three, 2)
    town.play(GIFT)
    size = town.sequencer.tree_size
    assert published(town)[0] == size - 1, "not before the quorum has cosigned it"
    done = ask_witnesses(town.directory)
    assert done.published and {one.what for one in done.asked} == {"cosigned"} and published(town) == (size, 4)
    assert verified(town, policy) == ("verified", True, size)
    for _ in range(3):
        town.play(GIFT)
    assert published(town) == (size, 4) and checkpoint_in(signed_note(town.directory) or b"").tree_size == size + 3
    assert results(town) == dict.fromkeys(("north", "south", "west"), "cosigned") and published(town) == (size + 3, 4)
    assert [len(one.asked) for one in three] == [2, 2, 2], "each is asked once, from the size that it cosigned last"


def test_readers_exports_and_the_view_get_the_cosigned_note(town: OnDisk, three: list[Watching], tmp_path: Path):
    policy = trust(town, three, 3)
    town.play(GIFT)
    ask_witnesses(town.directory)
    size = town.sequencer.tree_size
    town.play(GIFT)
    with View.open(town.directory) as view:
        assert view.at().tree_size == size, "an entry that is not cosigned yet is not shown"
        assert len(parse_note(view.at().note or b"").signatures) == 4
    report = verify(DirectorySource(town.directory), policy)
    assert (report.tree_size, report.unpublished, report.verdict) == (size, 1, "verified")
    exported, mirrored = tmp_path / "export", tmp_path / "mirror"
    export_tiles(DirectorySource(town.directory), exported)
    with closing(Mirror(mirrored, policy)) as mirror:
        mirror.update(FolderSource(exported))
    for folder in (exported, mirrored):
        report = verify(FolderSource(folder), policy)
        assert (report.tree_size, report.verdict, report.witnessed) == (size, "verified", True)


@pytest.mark.parametrize("threshold", [0, 1, 2])
def test_one_witness_is_down(town: OnDisk, three: list[Watching], threshold: int):
    policy = trust(town, three[:2], threshold)
    three[1].says = (503, "", b"")
    town.play(GIFT)
    done = ask_witnesses(town.directory)
    assert {one.witness: one.what for one in done.asked} == {"north": "cosigned", "south": "refused"}
    assert done.published == (threshold < 2) and not done.stopped
    if threshold < 2:
        assert verified(town, policy) == ("verified", threshold > 0, town.sequencer.tree_size)
    three[1].says = None
    assert ask_witnesses(town.directory).published


FALSE = {
    "nothing": (200, "text/plain", b""), "no note": (200, "text/plain", b"hello\n"),
    "bytes": (200, "text/plain", bytes(range(256))),
    "a page": (200, "text/html", b"<html>busy</html>"), "too many": (200, "text/plain", b"\xe2\x80\x94 a AAAAAAA=\n" * 101),
    "of a stranger": (200, "text/plain", "— other.example AAAAAAECAwQFBgcICQ==\n".encode()),
}  # fmt: skip
REFUSED = {
    "moved": (302, "", b""), "unknown log": (404, "", b""), "unknown key": (403, "", b""), "busy": (429, "", b""),
    "broken": (500, "", b"x" * 100), "a size that is none": (409, SIZE, b"many\n"), "a smaller size twice": (409, SIZE, b"1\n"),
}  # fmt: skip


@pytest.mark.parametrize("what", [*FALSE, *REFUSED])
def test_an_answer_that_is_none_changes_nothing_but_a_message(town: OnDisk, three: list[Watching], what: str):
    trust(town, three, 2)
    ask_witnesses(town.directory)
    town.play(GIFT)
    three[2].says = {**FALSE, **REFUSED}[what]
    said = results(town)
    # 409 without a size, or with the size that the proof began with, is how a witness refuses a root.
    refuses_root = what in ("a size that is none", "a smaller size twice")
    assert said["west"] == ("alarm" if refuses_root else "false" if what in FALSE else "refused")
    assert said["north"] == said["south"] == "cosigned" and published(town) == (town.sequencer.tree_size, 3)
    assert not why_stopped(town.directory)
    town.play(GIFT)


def test_a_replayed_cosignature_is_false(town: OnDisk, three: list[Watching]):
    trust(town, three, 1)
    town.play(GIFT)
    ask_witnesses(town.directory)
    note = parse_note((town.directory / CHECKPOINT).read_bytes())
    old = next(format_signature(one) for one in note.signatures if one.name == "north.example")
    town.play(GIFT)
    three[0].says = (200, "text/plain", old)
    assert results(town)["north"] == "false"
    assert not any(one.name == "north.example" for one in parse_note((town.directory / CHECKPOINT).read_bytes()).signatures)


def test_a_slow_or_huge_answer_ends_in_time(town: OnDisk, three: list[Watching]):
    trust(town, three, 1)
    three[0].drips, three[0].says = True, (200, "text/plain", b"x" * 1000)
    three[1].says = (200, "text/plain", b"x" * 1_000_000)
    begun = time.monotonic()
    said = results(town, whole_s=1.0)
    assert time.monotonic() - begun < 4 and said == {"north": "no-answer", "south": "no-answer", "west": "cosigned"}
    assert published(town) == (town.sequencer.tree_size, 2)


def test_a_witness_that_forgot_or_was_forgotten_is_asked_again_from_where_it_is(town: OnDisk, three: list[Watching]):
    trust(town, three, 3)
    town.play(GIFT)
    ask_witnesses(town.directory)
    three[0].head = None
    shutil.rmtree(town.directory / "witnesses")
    town.play(GIFT)
    assert results(town) == dict.fromkeys(("north", "south", "west"), "cosigned")
    assert known_of(town.directory, three[0].witness).size == town.sequencer.tree_size


def older_copy(town: OnDisk, tmp_path: Path) -> OnDisk:
    """A copy of the ledger as it is now, restored on another machine."""
    shutil.copytree(town.directory, tmp_path / "copy")
    return town.moved_to(tmp_path / "copy")


def restored(copy: OnDisk) -> OnDisk:
    return on_another_machine(copy.reopen)


def test_a_restored_backup_is_stopped_and_can_go_on(
    town: OnDisk, three: list[Watching], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):  # fmt: skip
    trust(town, three, 2)
    ask_witnesses(town.directory)
    copy = older_copy(town, tmp_path)
    for _ in range(2):
        town.play(GIFT)
    ask_witnesses(town.directory)
    size = town.sequencer.tree_size
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "another machine"))
    back = copy.reopen()
    done = ask_witnesses(back.directory)
    assert {one.what for one in done.asked} == {"alarm"} and "has cosigned" in done.stopped
    with pytest.raises(ReadOnly, match="givetrail witness"):
        back.sequencer.submit_one(back.made("hope", "donation 1.00 CNY -> school"))
    assert {(one.kind, one.size) for one in alarms(back.directory)} == {("ahead", size)}
    assert resume(back.directory, "2026-10-01T00:00:00Z") and not why_stopped(back.directory)
    back.reopen()
    back.play(GIFT)
    assert not ask_witnesses(back.directory).stopped, "somebody has looked at this alarm"
    back.play(GIFT)
    back.play(GIFT)
    done = ask_witnesses(back.directory)
    assert done.stopped and "another history" in done.stopped, "but not at the fork that came of it"
    back.close()


def test_a_fork_of_the_same_size_is_an_alarm(town: OnDisk, three: list[Watching], tmp_path: Path):
    trust(town, three, 2)
    ask_witnesses(town.directory)
    copy = older_copy(town, tmp_path)
    town.play(GIFT)
    ask_witnesses(town.directory)
    other = restored(copy)
    other.play("hope: donation 2.00 CNY -> school")
    done = ask_witnesses(other.directory)
    assert {one.what for one in done.asked} == {"alarm"} and "another history" in done.stopped
    assert {one.kind for one in alarms(other.directory)} == {"fork"}
    assert checkpoint_in((other.directory / CHECKPOINT).read_bytes()).tree_size == other.sequencer.tree_size - 1
    other.close()


def test_a_single_lying_witness_does_not_stop_the_ledger(town: OnDisk, three: list[Watching]):
    for threshold in (0, 1, 2):
        policy = trust(town, three, threshold)
        three[1].says = (409, SIZE, b"9007199254740991\n")
        town.play(GIFT)
        done = ask_witnesses(town.directory)
        assert {one.witness: one.what for one in done.asked}["south"] == "alarm" and not done.stopped and done.published
        assert [one.witness for one in alarms(town.directory)] == ["south"]
        assert verified(town, policy)[:2] == ("verified", threshold > 0)
    town.play(GIFT)


def test_two_that_lie_stop_it_and_a_shown_checkpoint_does(town: OnDisk, three: list[Watching], tmp_path: Path):
    trust(town, three, 2)
    copy = older_copy(town, tmp_path)
    town.play(GIFT)
    held = checkpoint_in(signed_note(town.directory) or b"")
    back = restored(copy)
    here = checkpoint_in(signed_note(back.directory) or b"")
    note = sign_checkpoint(held, key("the.log"))
    stop_by_checkpoint(back.directory, here, held, note)
    with pytest.raises(ReadOnly, match="has signed"):
        back.sequencer.submit_one(back.made("hope", "donation 1.00 CNY -> school"))
    assert [path.read_bytes() for path in (back.directory / SHOWN).iterdir()] == [note]
    resume(back.directory, "2026-10-01T00:00:00Z")
    for one in three[:2]:
        one.says = (409, SIZE, b"900\n")
    assert ask_witnesses(back.directory).stopped
    back.close()


def test_only_one_process_asks(town: OnDisk, three: list[Watching]):
    trust(town, three, 1)
    (town.directory / "witnesses").mkdir()
    held = FileLock(town.directory / "witnesses" / "lock", b"", lambda _: Conflict("no", rule="locked"))
    with pytest.raises(Conflict, match="another process asks"):
        ask_witnesses(town.directory)
    held.close()
    assert ask_witnesses(town.directory).published


def test_a_policy_that_asks_no_longer_publishes_at_once_again(town: OnDisk, three: list[Watching]):
    trust(town, three, 2)
    town.play(GIFT)
    assert (town.directory / SIGNED).exists()
    trust(town, three, 0)
    town.play(GIFT)
    assert not (town.directory / SIGNED).exists() and published(town)[0] == town.sequencer.tree_size


def test_alarms_are_kept_as_evidence(town: OnDisk, three: list[Watching]):
    trust(town, three, 2)
    three[0].says = (422, "", b"")
    town.play(GIFT)
    ask_witnesses(town.directory)
    (alarm,) = alarms(town.directory)
    assert alarm == Alarm(*alarm) and alarm.note.encode() == signed_note(town.directory) and "another history" in alarm.words



def test_the_page_of_the_log_and_the_api_show_what_was_cosigned(town: OnDisk, three: list[Watching]):
    trust(town, three, 2)
    town.play(GIFT)
    ask_witnesses(town.directory)
    size = town.sequencer.tree_size
    town.play(GIFT)
    client = client_of(town.directory, accept=BROWSER)
    try:
        text = client.get("/log", accept_language="en").text
        assert "witness <bdi>north</bdi>, " in text and f"<dd>{size}</dd>" in text
        assert client.get("/checkpoint").content == (town.directory / CHECKPOINT).read_bytes()
        assert client.json("/v1/ledger")["tree_size"] == size
        assert client.get(f"/entry/{size}").status_code == 404, "recorded, but not published yet"
    finally:
        client.close()


def test_a_repair_publishes_nothing_that_lacks_its_quorum(town: OnDisk, three: list[Watching], tmp_path: Path):
    policy = trust(town, three, 2)
    town.play(GIFT)
    ask_witnesses(town.directory)
    size = town.sequencer.tree_size
    export_tiles(DirectorySource(town.directory), tmp_path / "export")
    town.play(GIFT)
    town.close()
    (town.directory / CHECKPOINT).write_bytes(b"damaged\n")
    (town.directory / SIGNED).write_bytes(b"damaged\n")
    with closing(FolderSource(tmp_path / "export")) as source:
        written = repair(town.directory, [source]).written
    assert sorted(Path(path).name for path in written) == [CHECKPOINT, SIGNED]
    assert published(town) == (size, 4) and verified(town, policy) == ("verified", True, size)
    assert checkpoint_in(signed_note(town.directory) or b"").tree_size == size + 1
    town.reopen()
    assert ask_witnesses(town.directory).published and published(town) == (size + 1, 4)


def test_a_backup_of_what_nobody_has_cosigned_yet_continues(town: OnDisk, three: list[Watching], tmp_path: Path):
    trust(town, three, 2)
    (town.directory / CHECKPOINT).unlink()
    town.play(GIFT)
    done = back_up(town.directory, tmp_path / "backup", "2026-09-07T10:00:00Z")
    assert (done.tree_size, done.signed) == (town.sequencer.tree_size, town.sequencer.tree_size)


def test_an_alarm_counts_until_its_witness_cosigns(town: OnDisk, three: list[Watching]):
    """One that erred, and much later another that lies, do not stop the ledger together."""
    trust(town, three, 2)
    town.play(GIFT)
    three[1].says = (409, "", b"")
    assert results(town)["south"] == "alarm" and alarms(town.directory)
    three[1].says = None
    town.play(GIFT)
    assert results(town)["south"] == "cosigned" and not alarms(town.directory)
    three[0].says = (422, "", b"")
    town.play(GIFT)
    assert results(town)["north"] == "alarm" and not why_stopped(town.directory)


def test_a_malformed_policy_publishes_nothing(town: OnDisk, three: list[Watching]):
    trust(town, three, 2)
    ask_witnesses(town.directory)
    size = published(town)[0]
    with (town.directory / POLICY).open("a") as file:
        file.write("quorum none\n")
    town.play(GIFT)
    assert published(town)[0] == size
