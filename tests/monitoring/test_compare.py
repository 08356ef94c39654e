"""Checkpoints from anywhere are compared with the log."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.clock import utc_now
from ledger.errors import UsageError
from ledger.log.checkpoint import Checkpoint, sign_checkpoint
from ledger.log.key import SigningKey
from ledger.log.note import VerifierKey
from ledger.log.policy import Log, Policy
from ledger.monitoring.elsewhere import notes_at
from ledger.monitoring.monitor_folder import MonitorFolder
from tests.audit.mirror import Small, make_small
from tests.language import ORIGIN
from tests.log_files.tileserver import TileServer, body, serving, status
from tests.monitoring.conftest import TRUST, WITNESSED, At, Watch, cosigned, name

STRANGER = SigningKey.from_seed(bytes([7]) * 32)


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Small:
    """A log with a gift, and the gift's bundle."""
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    return make_small(tmp_path)


@pytest.fixture
def other(watch: Watch, at: At, tmp_path: Path) -> Watch:
    """Another monitor of the log, which saw it at 200 and at 300 entries."""
    second = Watch(tmp_path / "second")
    (tmp_path / "second").mkdir()
    for size in (200, 300):
        second.show(at(size))
        second.round()
    return second


@pytest.fixture
def published(other: Watch) -> Iterator[TileServer]:
    """The other monitor's folder, on a web server."""
    with serving(other.path) as server:
        yield server


def agree(watch: Watch, place: object) -> int:
    """How many checkpoints of a place agree, where nothing else is said of it."""
    done = watch.round(place)
    (compared,) = done.compared
    assert (done.exit_code, compared.place, compared.not_compared) == (0, str(place), ())
    return compared.agree


def test_every_kind_of_place(watch: Watch, small: Small, tmp_path: Path):
    watch.show(small.folder)
    note = tmp_path / "saved"
    note.write_bytes((small.folder / "checkpoint").read_bytes())
    bundle = tmp_path / "gift.json"
    bundle.write_bytes(small.bundle)
    for place in (note, bundle, small.folder, small.directory):
        assert agree(watch, place) == 1
    with serving(small.folder) as server:
        (small.folder / "gift.json").write_bytes(small.bundle)
        for place in (server.url, f"{server.url}/", f"{server.url}/checkpoint", f"{server.url}/gift.json"):
            assert agree(watch, place) == 1


def test_another_monitor_is_compared_as_a_folder_and_by_its_index(watch: Watch, at: At, other: Watch, published: TileServer):
    watch.show(at(600))
    assert agree(watch, other.path) == agree(watch, published.url) == 2
    assert sorted(path for path in published.paths) == ["checkpoints/" + one for one in sorted([*other.names(), "index"])]


def test_an_equal_size_with_another_root_is_a_fork(watch: Watch, at: At):
    watch.show(at(300))
    done = watch.round(at(300, 100))
    (alarm,) = done.alarms
    assert (done.exit_code, alarm.rule, alarm.place) == (3, "fork", str(at(300, 100)))
    assert alarm.evidence == (f"refused/{name(at(300, 100))}", f"checkpoints/{name(at(300))}")
    assert all((watch.path / path).exists() for path in alarm.evidence) and done.compared[0].agree == 0


def test_a_smaller_one_of_another_history_is_a_fork_proven_by_the_tiles(watch: Watch, at: At):
    watch.show(at(600))
    (alarm,) = watch.round(at(257, 256)).alarms
    assert (alarm.rule, alarm.size) == ("fork", 257)
    assert alarm.evidence[1] == f"checkpoints/{name(at(600))}"


def test_a_newer_one_elsewhere_is_a_rollback(watch: Watch, at: At, published: TileServer):
    watch.show(at(250))
    done = watch.round(published.url)
    (alarm,) = done.alarms
    assert (done.exit_code, alarm.rule, alarm.size) == (3, "consistency", 300)
    assert alarm.evidence == (f"refused/{name(at(300))}", f"checkpoints/{name(at(250))}")
    assert done.compared[0].agree == 1 and "shows others more" in alarm.message


def test_what_grows_while_places_are_read_is_not_a_rollback(watch: Watch, at: At, published: TileServer):
    """The place is read first. So what it shows was signed before the log was asked."""
    watch.show(at(250))
    published.next("checkpoints/index", lambda answer: (watch.show(at(300)), answer.send(answer.file())))
    assert watch.round(published.url).exit_code == 0


def test_a_newer_one_is_no_alarm_if_the_log_could_not_be_asked(watch: Watch, at: At, other: Watch):
    watch.show(at(250))
    watch.round()
    with serving(at(250)) as server:
        watch.address = server.url
        server.always["checkpoint"] = status(400)
        done = watch.round(other.path)
    assert (done.exit_code, done.alarms) == (4, ()) and "could not be asked" in done.compared[0].not_compared[0]


def test_kept_checkpoints_are_compared_without_the_log(watch: Watch, at: At, other: Watch):
    for size in (200, 300):
        watch.show(at(size))
        watch.round()
    with serving(at(300)) as server:
        watch.address = server.url
        server.of = lambda path: status(400)
        done = watch.round(other.path, at(200, 100))
    assert [(one.agree, one.not_compared) for one in done.compared] == [(2, ()), (0, ())]
    assert [alarm.rule for alarm in done.alarms] == ["fork"]


def test_one_that_lacks_its_quorum_here_is_compared_with_too(watch: Watch, at: At, other: Watch):
    watch.policy = WITNESSED
    watch.show(at(300))
    done = watch.round(other.path)
    assert [alarm.rule for alarm in done.alarms] == ["witness-quorum"] and done.compared[0].agree == 2
    assert watch.round(at(200, 100)).alarms[1].evidence[1] == f"refused/{name(at(300))}"


def test_cosignatures_are_taken_from_elsewhere(watch: Watch, at: At, tmp_path: Path):
    watch.show(at(300))
    watch.round()
    (tmp_path / "saved").write_bytes(cosigned(at(300)))
    watch.policy = Policy(TRUST.logs, WITNESSED.witnesses)
    assert agree(watch, tmp_path / "saved") == 1
    assert (watch.path / "checkpoints" / name(at(300))).read_bytes() == cosigned(at(300))


def test_a_false_signature_elsewhere_is_an_alarm_that_does_not_accuse_the_log(watch: Watch, at: At, tmp_path: Path):
    watch.show(at(300))
    (tmp_path / "saved").write_bytes(sign_checkpoint(Checkpoint(ORIGIN, 200, bytes(32)), STRANGER))
    done = watch.round(tmp_path / "saved")
    (alarm,) = done.alarms
    assert (done.exit_code, alarm.rule, done.size) == (3, "checkpoint-signature", 300)
    assert "nothing about the log" in alarm.message and alarm.evidence[0].startswith("refused/unsigned-")


@pytest.mark.parametrize("raw", [b"", b"\xff" * 9, b"{", b'{"bundle": 1}', b"a\n1\n", b"a" * 200_000])
def test_what_is_not_a_note_is_not_compared(watch: Watch, at: At, tmp_path: Path, raw: bytes):
    watch.show(at(300))
    (tmp_path / "saved").write_bytes(raw)
    done = watch.round(tmp_path / "saved")
    assert done.exit_code in (3, 4) and done.size == 300 and done.compared[0].agree == 0
    assert [alarm.rule for alarm in done.alarms] == ["checkpoint"] or "saved" in done.compared[0].not_compared[0]


def test_the_checkpoint_of_another_log_is_not_compared(watch: Watch, at: At, tmp_path: Path):
    stranger = VerifierKey("other.example/log", STRANGER.public)
    watch.show(at(300))
    (tmp_path / "saved").write_bytes(sign_checkpoint(Checkpoint(stranger.name, 200, bytes(32)), STRANGER))
    for policy in (TRUST, Policy((*TRUST.logs, Log(stranger)))):
        watch.policy = policy
        done = watch.round(tmp_path / "saved")
        assert (done.exit_code, done.alarms) == (4, ()) and "[trust-anchor]" in done.compared[0].not_compared[0]


def test_a_place_where_nothing_is_leaves_the_rest_compared(watch: Watch, at: At, tmp_path: Path):
    watch.show(at(300))
    (tmp_path / "empty").mkdir()
    (tmp_path / "hollow/checkpoints").mkdir(parents=True)
    places = [tmp_path / "empty", tmp_path / "hollow", tmp_path / "none", at(200)]
    done = watch.round(*places)
    assert done.exit_code == 4 and [one.agree for one in done.compared] == [0, 0, 0, 1]
    assert all(str(place) in one.not_compared[0] for place, one in zip(places[:3], done.compared[:3], strict=True))
    with serving(tmp_path / "empty") as server:
        assert watch.round(server.url).exit_code == 4
    with pytest.raises(UsageError):
        watch.round("ftp://example.org/log")


def test_a_hostile_index_names_only_checkpoints(watch: Watch, at: At, published: TileServer):
    watch.show(at(600))
    lines = [
        b"../monitor.json 2026-12-01T00:00:00Z", b"/etc/passwd 2026-12-01T00:00:00Z", b"index", b"\xff\xfe",
        b"300-0000000000000000.checkpoint 2026-12-01T00:00:00Z", b"300-0000000000000000.checkpoint <b>",
    ]  # fmt: skip
    published.always["checkpoints/index"] = body(b"\n".join(lines))
    done = watch.round(published.url)
    assert published.paths[1:] == ["checkpoints/300-0000000000000000.checkpoint"]
    assert (done.exit_code, len(done.compared[0].not_compared)) == (4, 1)


def test_of_many_notes_the_largest_trees_are_compared(
    watch: Watch, at: At, other: Watch, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("ledger.monitoring.elsewhere.MAX_NOTES", 1)
    watch.show(at(600))
    done = watch.round(other.path)
    assert (done.exit_code, done.compared[0].agree) == (4, 1) and "1 more" in done.compared[0].not_compared[0]


def test_reading_a_place_ends_after_a_while(other: Watch):
    times = iter(["2026-12-01T00:00:00Z", "2026-12-01T00:00:01Z", "2026-12-01T01:00:00Z"])
    found = notes_at(str(other.path), lambda: next(times))
    assert (len(found.notes), found.left_out) == (1, 1)
    assert len(notes_at(str(other.path), utc_now).notes) == 2


def test_evidence_of_another_monitor_is_left_alone(watch: Watch, at: At, other: Watch):
    """Comparing changes nothing in the place that is compared."""
    watch.show(at(600))
    before = {path: path.read_bytes() for path in other.path.rglob("*") if path.is_file()}
    folder = MonitorFolder(other.path)
    folder.hold()  # the other monitor is running
    watch.round(other.path)
    folder.close()
    assert before == {path: path.read_bytes() for path in other.path.rglob("*") if path.is_file()}
