"""Who watches a log is no party of it: the keys of the policy's witnesses, and those of the parties."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.audit.witnesses import watching_itself
from ledger.findings.scope import scope_of
from ledger.log.note import COSIGNATURE, VerifierKey
from ledger.log.policy import Policy, Witness
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Small, judged, make_small, places
from tests.language import Ledger, a_ledger, key
from tests.writer.on_disk import TRUST

SAID = """
    op: unit CNY 2; unit USD 2; party shade vendor ann; party hope charity li,wang
    hope by li, wang, new: key new
    op: party auditco auditor zhou; party lost charity old
    op by chief, auditco.zhou, lost.found: recovery lost key=found
    hope by li, new: key-revocation new reason=rotated
"""
HELD = [("shade.ann", 1, 2), ("hope.new", 2, 0), ("lost.old", 3, 1), ("lost.found", 4, 0), ("op.chief", 0, 0)]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Small:
    with pytest.MonkeyPatch.context() as machine:
        place = tmp_path_factory.mktemp("watchers")
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        return make_small(place, SAID, "")


def watched_by(*names: str) -> Policy:
    """A policy that names witnesses with the keys of these names, and asks for none of them."""
    vkeys = [VerifierKey(f"witness.example.org/{name}", key(name).public, COSIGNATURE) for name in names]
    return Policy(TRUST.logs, tuple(Witness(f"w{number}", vkey) for number, vkey in enumerate(vkeys)))


@pytest.mark.parametrize(("name", "entry", "record"), HELD)
def test_a_witness_that_is_a_party_is_found_where_its_key_was_given(log: Small, name: str, entry: int, record: int):
    """Admitted, added, recovered, of the operator; revoked since or not."""
    report = judged(log.folder, watched_by(name))
    assert places(report) - places(judged(log.folder)) == {("key-standing", entry, record)}
    (message,) = [finding.message for finding in report.findings if finding.rule == "key-standing"]
    assert "the key of witness w0 in the trust policy" in message and f"belongs to {name.partition('.')[0]}" in message
    assert (report.verdict, report.exit_code) == ("failed", 3)


def test_every_witness_is_looked_up_and_others_are_not_spoken_of(log: Small):
    report = judged(log.folder, watched_by("north.light", "shade.ann", "hope.new", "south.light"))
    assert places(report) - places(judged(log.folder)) == {("key-standing", 1, 2), ("key-standing", 2, 0)}
    assert judged(log.folder, watched_by("north.light", "hope.nobody")).verdict == "verified"


def test_it_belongs_to_authenticity(log: Small):
    for only, found in ((("accounting",), set()), (("authenticity",), {("key-standing", 1, 2)})):
        report = verify(FolderSource(log.folder), watched_by("shade.ann"), scope=scope_of(only))
        assert {place for place in places(report) if place[0] == "key-standing"} == found


def test_a_witness_that_is_named_later_is_compared_with_what_was_read_before(log: Small, tmp_path: Path):
    """A saved audit goes on under another policy."""
    state = tmp_path / "state"
    assert verify(FolderSource(log.folder), TRUST, state=state).verdict == "verified"
    for _ in range(2):
        report = verify(FolderSource(log.folder), watched_by("shade.ann"), state=state)
        assert ("key-standing", 1, 2) in places(report)
    assert verify(FolderSource(log.folder), TRUST, state=state).verdict == "verified"


def test_no_entry_is_read_again_where_no_key_is_shared():
    ledger: Ledger = a_ledger()

    def unread(index: int) -> None:
        raise AssertionError(f"entry {index} was read")

    assert not list(watching_itself(ledger.books, watched_by("north.light", "hope.nobody"), unread))
    found = list(watching_itself(ledger.books, watched_by("hope.li"), lambda index: None))
    assert [(finding.entry, finding.record) for finding in found] == [(1, -1)]
