"""Who watches a log is no party of it: the keys of the policy's witnesses, and those of the parties."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.audit.trust import trust_in
from ledger.audit.verify import verify
from ledger.audit.witnesses import watching_itself
from ledger.bundle.trace_bundle import format_bundle, parse_bundle
from ledger.bundle.verification import verify_bundle
from ledger.findings.report import CosignedBy
from ledger.findings.scope import scope_of
from ledger.log.checkpoint import parse_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.key import SigningKey
from ledger.log.ml_dsa import MLDSAKey
from ledger.log.note import COSIGNATURE, ML_DSA_COSIGNATURE, NoteSignature, UnknownKey, VerifierKey, format_note, parse_note
from ledger.log.policy import Policy, Witness
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Small, copied, judged, make_small, places, rules
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


NORTH = VerifierKey("witness.example.org/north", key("north.light").public, COSIGNATURE)
SOUTH_KEY = MLDSAKey.from_seed(b"south" + bytes(27))
SOUTH = VerifierKey("witness.example.org/south", SOUTH_KEY.public, ML_DSA_COSIGNATURE)
WEST = UnknownKey("witness.example.org/west", b"abcd", 0x0A, bytes(32))
WITNESSES = (Witness("north", NORTH), Witness("south", SOUTH), Witness("west", WEST))
AT = 1_795_143_604
PASSED_OVER = "Not checked: witness west, because its key is of a type that this version does not know (0x0a)"


def policy_for(*names: str) -> Policy:
    """A policy that names all three witnesses, and asks for all of these."""
    group = ("\ngroup all all " + " ".join(names) + "\nquorum all\n") if names else "\nquorum none\n"
    text = Policy(TRUST.logs, WITNESSES).format().decode().replace("\nquorum none\n", group)
    return Policy.parse(text.encode())


def cosigned(folder: Path, times: dict[str, int]) -> bytes:
    """The note of an export, with the cosignatures of these witnesses put in its place."""
    note = parse_note((folder / "checkpoint").read_bytes())
    head, signers = parse_checkpoint(note.text), {"north": (NORTH, key("north.light")), "south": (SOUTH, SOUTH_KEY)}
    more: list[NoteSignature] = []
    for name, time in times.items():
        vkey, signer = signers[name]
        more.append(cosign(head, time, vkey.name, signer))
    raw = format_note(note.text, [*note.signatures, *more])
    (folder / "checkpoint").write_bytes(raw)
    return raw


@pytest.mark.parametrize("names", [(), ("north",), ("south",), ("north", "south")])
def test_a_report_says_who_cosigned_and_when(small: Small, tmp_path: Path, names: tuple[str, ...]):
    folder = copied(small.folder, tmp_path)
    raw = cosigned(folder, dict.fromkeys(reversed(names), AT))
    report = judged(folder, policy_for(*names))
    rows = tuple(CosignedBy(name, f"witness.example.org/{name}", "2026-11-20T03:00:04Z", False) for name in names)
    assert (report.verdict, report.witnessed, report.cosigned_by, report.passed_over) == ("verified", bool(names), rows, ("west",))
    assert PASSED_OVER in report.not_checked
    told = verify_bundle(format_bundle(parse_bundle(small.bundle)._replace(checkpoint=raw)), policy_for(*names))
    assert (told.verdict, told.witnessed, told.cosigned_by, told.passed_over) == ("verified", bool(names), rows, ("west",))
    assert PASSED_OVER in told.not_checked


def test_who_cosigned_is_said_though_nobody_was_asked_and_though_too_few_did(small: Small, tmp_path: Path):
    folder = copied(small.folder, tmp_path)
    cosigned(folder, {"south": AT})
    for policy, verdict, found in ((policy_for(), "verified", set()), (policy_for("north", "south"), "failed", {"witness-quorum"})):
        report = judged(folder, policy)
        assert (report.verdict, rules(report), report.witnessed) == (verdict, found, False)
        assert [one.witness for one in report.cosigned_by] == ["south"]
    assert judged(folder, TRUST).cosigned_by == judged(folder, None).cosigned_by == ()


def test_a_quorum_that_needs_a_witness_of_an_unknown_type_is_not_judged(small: Small, tmp_path: Path):
    folder = copied(small.folder, tmp_path)
    raw = cosigned(folder, {"north": AT})
    report = judged(folder, policy_for("north", "west"))
    assert (report.verdict, report.exit_code, rules(report)) == ("could not verify", 4, {"unknown-witness"})
    assert [one.witness for one in report.cosigned_by] == ["north"] and not report.witnessed
    told = verify_bundle(format_bundle(parse_bundle(small.bundle)._replace(checkpoint=raw)), policy_for("north", "west"))
    assert (told.verdict, rules(told), told.cosigned_by) == (report.verdict, rules(report), report.cosigned_by)


def test_one_false_cosignature_leaves_nobody_named(small: Small, tmp_path: Path):
    folder = copied(small.folder, tmp_path)
    note = parse_note(cosigned(folder, {"north": AT}))
    false = NoteSignature(SOUTH.name, SOUTH.key_id, bytes(2428))
    (folder / "checkpoint").write_bytes(format_note(note.text, [*note.signatures, false]))
    report = judged(folder, policy_for("north"))
    assert (report.verdict, rules(report), report.cosigned_by) == ("failed", {"witness-quorum"}, ())


@pytest.mark.parametrize(("time", "told", "ahead"), [
    (0, "1970-01-01T00:00:00Z", False), (AT, "2026-11-20T03:00:04Z", False), (AT + 3600, "2026-11-20T04:00:04Z", False),
    (AT + 3601, "2026-11-20T04:00:05Z", True), (253_402_300_799, "9999-12-31T23:59:59Z", True), (253_402_300_800, "", True),
    (2**63 - 1, "", True),
])  # fmt: skip
def test_a_time_ahead_of_the_clock_is_said_and_not_refused(small: Small, tmp_path: Path, time: int, told: str, ahead: bool):
    folder = copied(small.folder, tmp_path)
    raw = cosigned(folder, {"north": time, "south": time})
    for now, said in (("2026-11-20T03:00:04Z", ahead), ("", False)):
        trust = trust_in(policy_for("north", "south"), raw, now)
        assert trust.witnessed and {(one.time, one.ahead) for one in trust.cosigned_by} == {(told, said)}
    as_of = "2036-01-01"  # else the entries of the small log are in the future too
    report = verify(FolderSource(folder), policy_for("north"), now="2026-11-20T03:00:04Z", as_of=as_of)
    assert report.witnessed and {one.ahead for one in report.cosigned_by} == {ahead}


def test_a_party_that_has_the_key_of_a_witness_of_an_unknown_type_is_found(log: Small):
    """The bytes of the key are the same, whatever the type that is written before them."""
    policy = Policy(TRUST.logs, (Witness("west", UnknownKey("west", b"abcd", 0x0A, key("shade.ann").public)),))
    assert places(judged(log.folder, policy)) - places(judged(log.folder)) == {("key-standing", 1, 2)}


def test_a_name_of_any_bytes_is_told(small: Small, tmp_path: Path):
    folder = copied(small.folder, tmp_path)
    signer = SigningKey.from_seed(b"n" * 32)
    vkey = VerifierKey("n.example", signer.public, COSIGNATURE)
    note = parse_note((folder / "checkpoint").read_bytes())
    line = cosign(parse_checkpoint(note.text), AT, vkey.name, signer)
    (folder / "checkpoint").write_bytes(format_note(note.text, [*note.signatures, line]))
    raw = Policy(TRUST.logs, (Witness("NAME", vkey), Witness("WEST", WEST)), (), "NAME").format()
    report = judged(folder, Policy.parse(raw.replace(b"NAME", b"\xff").replace(b"WEST", b"\xfe")))
    assert [one.witness for one in report.cosigned_by] == ["\ufffd"] and report.passed_over == ("\ufffd",)
    assert "".join(report.not_checked).encode()
