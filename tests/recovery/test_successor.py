"""A log that continues another one: made of what survived, always said, and the one that ended signs nothing more."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.consistency import KnownCheckpoint
from ledger.audit.verify import verify
from ledger.bundle.trace_bundle import make_bundle
from ledger.bundle.verification import verify_bundle
from ledger.directory.opening import open_reader
from ledger.directory.rebuild import rebuild
from ledger.directory.source import DirectorySource
from ledger.directory.trial_copy import make_trial
from ledger.entries.statement import sign_statement, write_statement
from ledger.entries.store_flows import StoreFlows
from ledger.errors import Conflict, GiveTrailError, ReadOnly, Refused
from ledger.findings.report import Report
from ledger.log.checkpoint import checkpoint_in
from ledger.log.note import VerifierKey
from ledger.log.policy import Policy
from ledger.log.tile import CHECKPOINT
from ledger.recovery.backup import back_up
from ledger.recovery.restore import Asked, restore
from ledger.recovery.successor import Succeeded, Successor, draft, succeed
from tests.language import NEXT, ORIGIN, key
from tests.recovery.disk import tables
from tests.verifier.asking import Case, check_alike
from tests.writer.on_disk import OnDisk, a_gift, numbered_id

NOW = "2026-09-07T10:00:00Z"
NEW = VerifierKey(NEXT, key("next.log").public)
TRUST = Policy.for_log(NEW)
GIFT = "4.0"


def saying(*names: str, **changes: str) -> Callable:
    def say(record, head, books):
        said = {**record, **changes}
        raw = write_statement(ledger=NEXT, party="op", id=numbered_id("end"), signed_at=NOW, records=[said], after=head)
        return raw, sign_statement(raw, [key(name) for name in names])

    return say


def wish(*names: str, **changes: str) -> Successor:
    return Successor(NEXT, key("next.log"), "The disk died", saying(*(names or ("op.chief", "auditco.zhou")), **changes))


@pytest.fixture
def lost(town: OnDisk, tmp_path: Path) -> Path:
    """A backup of 307 entries, after which nine were recorded that are lost; the last checkpoint lies beside it."""
    town.play("op: party auditco auditor zhou")
    back_up(town.directory, tmp_path / "B", NOW)
    town.sequencer.submit([a_gift(town, 7) for _ in range(9)])
    town.close()
    shutil.copy(town.directory / CHECKPOINT, tmp_path / "seen")
    return tmp_path / "B"


def continued(lost: Path, tmp_path: Path, successor: Successor | None = None) -> Succeeded:
    return succeed(lost, tmp_path / "N", Asked(), successor or wish(), lambda: NOW)


def verified(directory: Path, *seen: Path) -> Report:
    earlier = [KnownCheckpoint(path.name, checkpoint_in(path.read_bytes()), path.read_bytes()) for path in seen]
    with closing(DirectorySource(directory)) as source:
        return verify(source, TRUST, earlier=earlier)


def test_a_successor_goes_on_with_every_entry_in_its_place(town: OnDisk, lost: Path, tmp_path: Path):
    done = continued(lost, tmp_path)
    assert (done.continued, done.origin, done.size, done.known, done.lost) == (ORIGIN, NEXT, 307, 316, 9)
    report = verified(tmp_path / "N")
    assert (report.verdict, report.origin, report.tree_size) == ("verified", NEXT, 308)
    assert [(one.rule, one.entry, one.kind) for one in report.findings] == [("continued-after-loss", 307, "audit")]
    going = town.moved_to(tmp_path / "N").reopen()
    assert going.sequencer.submit_one(a_gift(going)).index == 308
    going.play("hope: payment 2.00 CNY school -> shop programme")
    going.close()
    before = tables(tmp_path / "N")
    rebuild(tmp_path / "N")
    assert tables(tmp_path / "N") == before
    assert verified(tmp_path / "N").verdict == "verified"


def test_a_later_checkpoint_of_the_log_that_ended_says_how_many_were_dropped(lost: Path, tmp_path: Path):
    """The operator cannot hide an entry behind a loss from whoever has seen more."""
    continued(lost, tmp_path)
    (finding,) = verified(tmp_path / "N", tmp_path / "seen").findings
    assert "seen has 316, so at least 9 that it had signed were lost" in finding.message
    assert finding.message.endswith("; whether the 307 before are the same cannot be told from it")
    (finding,) = verified(tmp_path / "N", lost / CHECKPOINT).findings
    assert "no further loss is known" in finding.message
    (finding,) = verified(tmp_path / "N").findings
    assert "only a later checkpoint of that log can tell" in finding.message


def test_the_log_that_ended_signs_nothing_more(town: OnDisk, lost: Path, tmp_path: Path):
    continued(lost, tmp_path)
    town.reopen()
    assert f"{ORIGIN} has ended: {NEXT} continues it" in town.sequencer.read_only_because
    with pytest.raises(ReadOnly):
        town.sequencer.submit_one(a_gift(town))
    town.close()
    with pytest.raises(Conflict, match="has ended"):
        restore(lost, tmp_path / "R")
    with pytest.raises(Conflict, match="has ended"):
        succeed(lost, tmp_path / "M", Asked(), wish()._replace(log_key=key("third.log"), origin="third.example"), lambda: NOW)
    assert not (tmp_path / "M").exists() and not (tmp_path / "R").exists()


def test_the_log_that_ended_is_not_open_when_its_successor_is_made(town: OnDisk, lost: Path, tmp_path: Path):
    town.reopen()
    with pytest.raises(Conflict, match="a log can have only one writer"):
        continued(lost, tmp_path)
    assert not (tmp_path / "N").exists()
    town.sequencer.submit_one(a_gift(town))


def test_a_successor_that_moves_ends_the_log_there_too(
    town: OnDisk, lost: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    continued(lost, tmp_path)
    back_up(tmp_path / "N", tmp_path / "K", NOW)
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "another-machine"))
    restore(tmp_path / "K", tmp_path / "R")
    town.moved_to(tmp_path / "R").reopen().close()
    town.reopen()
    assert "has ended" in town.sequencer.read_only_because


@pytest.mark.parametrize(
    ("successor", "rule"),
    [
        (wish("op.chief"), "approval"),
        (wish("op.chief", "hope.li"), "approval"),
        (wish("op.chief", "auditco.zhou", kind="rules", rules="givetrail/1"), "unknown-member"),
        (wish()._replace(origin="other.example"), "ledger"),
        (wish()._replace(log_key=key("the.log")), "ledger"),
    ],
)
def test_what_is_not_as_it_has_to_be_makes_nothing(lost: Path, tmp_path: Path, successor: Successor, rule: str):
    with pytest.raises(GiveTrailError) as refused:
        continued(lost, tmp_path, successor)
    assert refused.value.rule in (rule, "key-standing")
    assert not (tmp_path / "N").exists()


def test_it_is_signed_in_two_places_and_entered_in_a_third(lost: Path, tmp_path: Path):
    raw, signatures = draft(lost, Asked(), wish("op.chief"))
    ordered = sign_statement(raw, [key("op.chief"), key("auditco.zhou")])
    assert set(ordered) == {*signatures, *sign_statement(raw, [key("auditco.zhou")])}
    done = continued(lost, tmp_path, wish()._replace(say=lambda record, head, books: (raw, ordered)))
    assert done.size == 307


def test_a_succession_that_was_signed_for_something_else_is_refused(town: OnDisk, lost: Path, tmp_path: Path):
    raw, signatures = draft(lost, Asked(), wish())
    town.close()
    other = wish()._replace(say=lambda record, head, books: (raw, signatures))
    with pytest.raises(Refused, match="continues: the signed statement differs"):
        succeed(town.directory, tmp_path / "N", Asked(), other, lambda: NOW)


def test_a_proof_of_an_old_gift_verifies_in_both_programs(lost: Path, tmp_path: Path):
    continued(lost, tmp_path)
    store, books = open_reader(tmp_path / "N")
    with closing(store):
        raw = make_bundle(StoreFlows(store, books), GIFT, (tmp_path / "N" / CHECKPOINT).read_bytes())
    report = verify_bundle(raw, TRUST)
    assert (report.verdict, [one.rule for one in report.findings]) == ("verified", ["continued-after-loss"])
    (said,) = check_alike([Case("successor", raw, TRUST.format().decode())])
    assert said.verdict == "verified"


def test_a_trial_of_a_successor_is_a_trial_of_both(lost: Path, tmp_path: Path):
    continued(lost, tmp_path)
    made = make_trial(tmp_path / "N", tmp_path / "T")
    with closing(DirectorySource(tmp_path / "T")) as source:
        report = verify(source, Policy.for_log(VerifierKey.parse(made.vkey)))
    assert (report.verdict, [one.rule for one in report.findings]) == ("verified", ["continued-after-loss"])


def test_the_first_entries_alone_are_of_the_log_that_ended(lost: Path, tmp_path: Path):
    continued(lost, tmp_path)
    with closing(DirectorySource(tmp_path / "N")) as source:
        report = verify(source, TRUST, at_size=100)
    assert (report.verdict, report.findings) == ("verified", ())
    assert any("only later entries can continue it" in line for line in report.not_checked)


def test_a_successor_has_a_successor(town: OnDisk, lost: Path, tmp_path: Path):
    continued(lost, tmp_path)
    third = "ledger.example.org/third"

    def say(record, head, books):
        raw = write_statement(ledger=third, party="op", id=numbered_id("end 2"), signed_at=NOW, records=[record], after=head)
        return raw, sign_statement(raw, [key("op.chief"), key("auditco.zhou")])

    succeed(tmp_path / "N", tmp_path / "M", Asked(), Successor(third, key("third.log"), "Again", say), lambda: NOW)
    with closing(DirectorySource(tmp_path / "M")) as source:
        seen = (tmp_path / "seen").read_bytes()
        trust = Policy.for_log(VerifierKey(third, key("third.log").public))
        report = verify(source, trust, earlier=[KnownCheckpoint("seen", checkpoint_in(seen), seen)])
    assert [(one.rule, one.entry) for one in report.findings] == [("continued-after-loss", 307), ("continued-after-loss", 308)]
    assert report.verdict == "verified" and "at least 9 that it had signed were lost" in report.findings[0].message
