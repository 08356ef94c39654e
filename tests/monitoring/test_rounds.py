"""A monitor keeps what continues, and raises an alarm for what does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.errors import Conflict, NotFound, Unverifiable, UsageError
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.key import SigningKey
from ledger.log.note import VerifierKey
from ledger.log.policy import Policy
from ledger.monitoring.alarm import MAX_ALARMS, Alarm, raised
from ledger.monitoring.monitor_folder import MonitorFolder, read_index
from ledger.network.log_server import UrlSource
from tests.language import ORIGIN
from tests.log_files.tileserver import (
    HASTY,
    body,
    broken_off,
    endless,
    serving,
    silent,
    status,
)
from tests.monitoring.conftest import WITNESSED, At, Watch, cosigned, head, name

STRANGER = SigningKey.from_seed(bytes([7]) * 32)


def test_every_checkpoint_of_a_log_that_grows_is_kept(watch: Watch, at: At):
    sizes = [0, 1, 255, 256, 257, 600]
    for size in sizes:
        watch.show(at(size))
        done = watch.round()
        assert (done.log, done.size, done.root) == (ORIGIN, size, head(at(size)).root.hex())
        assert (done.exit_code, done.alarms, done.unreached, done.since) == (0, (), "", watch.clock())
    assert watch.names() == {name(at(size)) for size in sizes}
    for size in sizes:
        assert (watch.path / "checkpoints" / name(at(size))).read_bytes() == (at(size) / "checkpoint").read_bytes()
    index = read_index((watch.path / "checkpoints/index").read_bytes())
    assert [name for name, _ in index] == [name(at(size)) for size in sizes] and index[-1][1] == done.since


def test_a_log_that_does_not_grow_is_information_and_not_an_alarm(watch: Watch, at: At):
    watch.show(at(300))
    since = watch.round().since
    watch.later(1_000_000)
    done = watch.round()
    assert (done.exit_code, done.size, done.since, done.before, done.checkpoints) == (0, 300, since, 300, 1)
    assert since < watch.clock()


@pytest.mark.parametrize(("then", "now"), [(300, 200), (600, 256), (300, 0)])
def test_a_rollback_raises_an_alarm_and_nothing_kept_changes(watch: Watch, at: At, then: int, now: int):
    watch.show(at(then))
    watch.round()
    watch.show(at(now))
    done = watch.round()
    (alarm,) = done.alarms
    assert (done.exit_code, alarm.rule, alarm.size, alarm.root) == (3, "consistency", now, head(at(now)).root.hex())
    assert alarm.evidence == (f"refused/{name(at(now))}", f"checkpoints/{name(at(then))}")
    assert all(str(watch.path / path) in alarm.message for path in alarm.evidence)
    assert [(watch.path / path).read_bytes() for path in alarm.evidence] == [
        (at(size) / "checkpoint").read_bytes() for size in (now, then)
    ]
    assert (done.size, watch.names()) == (then, {name(at(then))})


@pytest.mark.parametrize(("size", "other_from"), [(600, 100), (300, 299), (700, 0)])
def test_a_fork_raises_an_alarm(watch: Watch, at: At, size: int, other_from: int):
    """Of a larger size, and of the same size with another root."""
    watch.show(at(300))
    watch.round()
    watch.show(at(size, other_from))
    (alarm,) = watch.round().alarms
    assert (alarm.rule, alarm.size) == ("fork", size)
    assert alarm.evidence == (f"refused/{name(at(size, other_from))}", f"checkpoints/{name(at(300))}")


def test_a_fork_of_an_earlier_size_is_compared_with_the_checkpoint_of_that_size(watch: Watch, at: At):
    for size in (300, 600):
        watch.show(at(size))
        watch.round()
    watch.show(at(300, 100))
    (alarm,) = watch.round().alarms
    assert (alarm.rule, alarm.evidence[1]) == ("fork", f"checkpoints/{name(at(300))}")


def test_a_smaller_tree_that_was_never_kept_is_a_fork_if_the_tiles_prove_it(watch: Watch, at: At, tmp_path: Path):
    watch.show(at(600))
    watch.round()
    with serving(at(600)) as server:
        watch.address = server.url
        server.always["checkpoint"] = body((at(200, 100) / "checkpoint").read_bytes())
        assert watch.rules() == ["fork"]
        server.always["checkpoint"] = body((at(200) / "checkpoint").read_bytes())
        assert watch.rules() == ["consistency"]


def test_a_false_signature_raises_an_alarm(watch: Watch, at: At, tmp_path: Path):
    watch.show(at(300))
    watch.round()
    with serving(at(300)) as server:
        watch.address = server.url
        false = sign_checkpoint(Checkpoint(ORIGIN, 400, bytes(32)), STRANGER)
        server.always["checkpoint"] = body(false)
        done = watch.round()
    (alarm,) = done.alarms
    assert (done.exit_code, alarm.rule, alarm.size, done.size) == (3, "checkpoint-signature", 0, 300)
    assert (watch.path / alarm.evidence[0]).read_bytes() == false and len(alarm.evidence) == 1


def test_a_log_that_the_policy_does_not_name_is_an_error(watch: Watch, at: At):
    watch.show(at(3))
    watch.policy = Policy.for_log(VerifierKey("other.example/log", STRANGER.public))
    with pytest.raises(Unverifiable) as caught:
        watch.round()
    assert caught.value.rule == "trust-anchor" and not watch.names()


def test_a_quorum_that_was_missed_raises_an_alarm_until_the_witness_has_signed(watch: Watch, at: At):
    watch.policy = WITNESSED
    watch.show(at(300))
    done = watch.round()
    (alarm,) = done.alarms
    assert (done.exit_code, alarm.rule, alarm.size, watch.names()) == (3, "witness-quorum", 300, set())
    assert alarm.evidence == (f"refused/{name(at(300))}",)
    (at(300) / "checkpoint").write_bytes(cosigned(at(300)))
    assert watch.round().exit_code == 0 and watch.names() == {name(at(300))}


def test_a_fork_without_a_quorum_is_both(watch: Watch, at: At):
    watch.show(at(300))
    watch.round()
    watch.policy = WITNESSED
    watch.show(at(400, 100))
    assert watch.rules() == ["witness-quorum", "fork"]


def test_cosignatures_that_arrive_later_are_added(watch: Watch, at: At):
    watch.show(at(300))
    watch.round()
    plain, more = (at(300) / "checkpoint").read_bytes(), cosigned(at(300))
    (at(300) / "checkpoint").write_bytes(more)
    assert watch.round().checkpoints == 1
    kept = watch.path / "checkpoints" / name(at(300))
    assert kept.read_bytes() == more
    (at(300) / "checkpoint").write_bytes(plain)
    watch.round()
    assert kept.read_bytes() == more


def test_tiles_that_do_not_lead_to_the_signed_root_raise_an_alarm(watch: Watch, at: At):
    watch.show(at(300))
    watch.round()
    watch.show(at(600))
    tile = at(600) / "tile/0/001"
    tile.write_bytes(bytes(32) + tile.read_bytes()[32:])
    done = watch.round()
    assert [(alarm.rule, alarm.size) for alarm in done.alarms] == [("tile", 600)]
    assert (done.exit_code, done.size) == (3, 300)


def test_a_tile_that_is_missing_leaves_it_unproven(watch: Watch, at: At):
    watch.show(at(300))
    watch.round()
    watch.show(at(600))
    (at(600) / "tile/0/001").unlink()
    done = watch.round()
    assert (done.exit_code, done.size) == (4, 300) and "[missing]" in done.unreached
    (alarm,) = done.alarms
    assert alarm.rule == "missing" and "signs 600 entries" in alarm.message
    assert [(watch.path / name).read_bytes() for name in alarm.evidence[:1]] == [(at(600) / "checkpoint").read_bytes()]


def test_false_notes_of_a_place_cannot_push_out_what_the_log_did():
    told = Alarm("log", 7, "ab", "consistency", "rolled back")
    noise = [Alarm("log", 0, "", "checkpoint-signature", f"note {number}", f"place {number}") for number in range(MAX_ALARMS + 5)]
    silent = [Alarm("log", 0, "", "unreachable", f"silent {number}", f"at {number}") for number in range(3)]
    kept, _ = raised([told], [*noise, *silent], "", "2026-12-01T00:00:00Z")
    assert len(kept) == MAX_ALARMS and told in kept and not any(one.rule == "unreachable" for one in kept)


def test_silence_is_an_alarm_only_after_a_while_and_only_once(watch: Watch, at: At):
    watch.show(at(300))
    watch.round()
    with serving(at(300)) as server:
        watch.address = server.url
        server.always["checkpoint"] = status(400)
        first = watch.round()
        assert (first.exit_code, first.alarms) == (4, ()) and "[unreachable]" in first.unreached
        watch.later(3600)
        for _ in range(3):
            done = watch.round()
            (alarm,) = done.alarms
            assert (done.exit_code, alarm.rule, alarm.size) == (4, "unreachable", 300)
        folder = MonitorFolder(watch.path)
        folder.hold()
        folder.close()
        assert [alarm.seen_at < alarm.again_at for alarm in folder.state.alarms] == [True]
        server.always.clear()
        assert watch.round().exit_code == 0
        server.always["checkpoint"] = status(400)
        assert watch.round().alarms == ()


@pytest.mark.parametrize(
    ("behaviour", "exit_code"),
    [(body(b"<html>"), 4), (status(404), 4), (body(b"?"), 3), (body(b""), 3), (body(bytes(200_000)), 3), (endless, 3),
     (body(b"a\n1\n" + b"A" * 100_000 + b"\n\n"), 3)],
)  # fmt: skip
def test_answers_that_are_not_a_checkpoint(watch: Watch, at: At, behaviour, exit_code: int):
    watch.show(at(300))
    watch.round()
    with serving(at(300)) as server:
        watch.address = server.url
        server.always["checkpoint"] = behaviour
        done = watch.round()
    assert (done.exit_code, done.size, watch.names()) == (exit_code, 300, {name(at(300))})
    assert all(alarm.rule == "checkpoint" for alarm in done.alarms)


def test_the_same_alarm_continues_and_one_that_comes_back_is_new(watch: Watch, at: At):
    for size in (300, 200, 200, 300, 200):
        watch.show(at(size))
        watch.round()
    folder = MonitorFolder(watch.path)
    folder.hold()
    folder.close()
    assert [(alarm.rule, alarm.seen_at[-3:-1], alarm.again_at[-3:-1]) for alarm in folder.state.alarms] == [
        ("consistency", "02", "03"), ("consistency", "05", "05"),
    ]  # fmt: skip
    assert len({alarm.id for alarm in folder.state.alarms}) == 2


def test_a_note_that_the_index_does_not_name_is_found_again(watch: Watch, at: At):
    """As after a kill between the two, or with a damaged index."""
    watch.show(at(300))
    watch.round()
    (watch.path / "checkpoints/index").write_bytes(b"300-\xff\n")
    (watch.path / "checkpoints" / f".{name(at(300))}.123.new").write_bytes(b"half")
    watch.show(at(200))
    assert watch.rules() == ["consistency"]
    assert [one for one, _ in read_index((watch.path / "checkpoints/index").read_bytes())] == [name(at(300))]
    assert not list((watch.path / "checkpoints").glob(".*"))


def test_a_folder_with_something_else_is_refused(watch: Watch, at: At):
    watch.show(at(3))
    for stranger in (at(3), at(3).parent):
        watch.path = stranger
        with pytest.raises(UsageError) as caught:
            watch.round()
        assert caught.value.rule == "export"


def test_a_folder_is_used_by_one_process(watch: Watch, at: At):
    watch.show(at(3))
    folder = MonitorFolder(watch.path)
    folder.hold()
    with pytest.raises(Conflict) as caught:
        watch.round()
    assert caught.value.rule == "locked"
    folder.close()
    assert watch.round().exit_code == 0


def test_a_kept_note_or_a_state_that_was_changed_is_named(watch: Watch, at: At):
    watch.show(at(3))
    watch.round()
    state = (watch.path / "monitor.json").read_bytes()
    for damaged in (b"{", b"[]", state.replace(b'"log"', b'"gol"'), state.replace(b'"alarms": []', b'"alarms": [1]')):
        (watch.path / "monitor.json").write_bytes(damaged)
        with pytest.raises(Conflict, match="monitor.json"):
            watch.round()
    (watch.path / "monitor.json").write_bytes(state)
    (watch.path / "checkpoints" / name(at(3))).write_bytes(sign_checkpoint(head(at(3)), STRANGER))
    with pytest.raises(Conflict, match="not signed by a log of the policy"):
        watch.round()


def test_nothing_at_the_address_is_an_error_at_first_and_silence_later(watch: Watch, at: At):
    with pytest.raises(NotFound):
        watch.round()
    watch.show(at(3))
    watch.round()
    watch.log.unlink()
    assert watch.round().exit_code == 4


def test_of_forged_notes_only_so_many_are_kept(watch: Watch, at: At, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("ledger.monitoring.monitor_folder.MAX_UNSIGNED", 2)
    watch.show(at(3))
    for number in range(4):
        (at(3) / "checkpoint").write_bytes(sign_checkpoint(Checkpoint(ORIGIN, number, bytes(32)), STRANGER))
        assert watch.rules() == ["checkpoint-signature"]
    assert len(watch.names("refused")) == 2


def test_names_that_are_not_utf_8_are_kept_as_escapes(watch: Watch, at: At, tmp_path: Path):
    watch.address = str(tmp_path / "log\udcff\u202e")
    Path(watch.address).symlink_to(at(300))
    assert watch.rules(tmp_path / "none\udcff", at(300, 100)) == ["fork"]
    assert watch.round().exit_code == 0 and "log\\\\udcff\\\\u202e" in (watch.path / "monitor.json").read_text()


def test_the_log_is_not_copied(watch: Watch, at: At):
    """From 600 to 1300 entries, only a few tiles of hashes and no entries are fetched."""
    watch.show(at(600))
    watch.round()
    with serving(at(1300)) as server:
        watch.address = server.url
        assert watch.round().size == 1300
        assert not [path for path in server.paths if "entries" in path] and len(server.paths) < 12


@pytest.mark.parametrize("behaviour", [broken_off, silent])
def test_a_server_that_breaks_off_is_not_reached(watch: Watch, at: At, behaviour, monkeypatch: pytest.MonkeyPatch):
    watch.show(at(300))
    watch.round()
    monkeypatch.setattr(UrlSource.__init__, "__defaults__", (None, HASTY, 8))
    with serving(at(300)) as server:
        watch.address = server.url
        server.always["checkpoint"] = behaviour
        done = watch.round()
    assert (done.exit_code, done.alarms) == (4, ())

