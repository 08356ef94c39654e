"""Whose word counts: without an anchor nothing is verified, and under a false one nothing passes."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.target import open_source
from ledger.audit.verify import verify
from ledger.bundle.trace_bundle import format_bundle, parse_bundle
from ledger.bundle.verification import verify_bundle
from ledger.directory.source import DirectorySource
from ledger.errors import Conflict, GiveTrailError, InputError
from ledger.findings.report import Report
from ledger.log.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.key import SigningKey
from ledger.log.note import COSIGNATURE, VerifierKey, format_note, parse_note
from ledger.log.policy import Log, Policy, Witness
from ledger.log_files.export import export_tiles
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Forged, Small, copied, judged, rules
from tests.language import ORIGIN
from tests.writer.on_disk import TRUST, OnDisk, a_gift, a_town

STRANGER = SigningKey.from_seed(bytes(32))
OTHER_ORIGIN = VerifierKey("ledger.example.org/other", TRUST.logs[0].vkey.public)
OTHER_KEY = VerifierKey(ORIGIN, STRANGER.public)


def test_without_trust_nothing_is_verified_and_everything_is_still_checked(small: Small):
    report = judged(small.folder, None)
    assert (report.verdict, report.exit_code, rules(report)) == ("could not verify", 4, {"trust-anchor"})
    assert report.checked == judged(small.folder).checked


@pytest.mark.parametrize(
    ("policy", "exit_code", "rule"),
    [
        (Policy(()), 4, "trust-anchor"),
        (Policy.for_log(OTHER_ORIGIN), 4, "trust-anchor"),
        (Policy.for_log(OTHER_KEY), 3, "checkpoint-signature"),
        (Policy((Log(OTHER_ORIGIN), Log(OTHER_KEY))), 3, "checkpoint-signature"),
    ],
)
def test_a_wrong_policy_verifies_nothing(small: Small, policy: Policy, exit_code: int, rule: str):
    report = judged(small.folder, policy)
    assert (report.exit_code, rules(report)) == (exit_code, {rule})


def test_a_policy_of_several_logs_takes_the_one_it_is_about(small: Small):
    both = Policy((Log(VerifierKey("ledger.example.org/other", STRANGER.public)), *TRUST.logs))
    assert judged(small.folder, both).verdict == "verified"


def test_a_witness_that_was_asked_for_and_did_not_sign_is_missed(small: Small, tmp_path: Path):
    vkey = VerifierKey("witness.example.org/north", STRANGER.public, COSIGNATURE)
    policy = Policy(TRUST.logs, (Witness("north", vkey),), (), "north")
    report = judged(small.folder, policy)
    assert (rules(report), report.witnessed) == ({"witness-quorum"}, False)
    assert not any(words.startswith("Not checked: witnesses") for words in report.not_checked)
    folder = copied(small.folder, tmp_path)
    note = parse_note((folder / "checkpoint").read_bytes())
    head = parse_checkpoint(note.text)
    for seen, verdict in ((head, "verified"), (Checkpoint(ORIGIN, 5, head.root), "failed")):
        signed = format_note(note.text, [*note.signatures, cosign(seen, 1_800_000_000, vkey.name, STRANGER)])
        (folder / "checkpoint").write_bytes(signed)
        report = judged(folder, policy)
        assert (report.verdict, report.witnessed) == (verdict, verdict == "verified")
        bundle = parse_bundle(small.bundle)._replace(checkpoint=signed)
        told = verify_bundle(format_bundle(bundle), policy)
        assert (told.verdict, told.witnessed) == (report.verdict, report.witnessed)
    unasked = judged(small.folder)
    assert not unasked.witnessed and unasked.not_checked[0].startswith(
        "Not checked: witnesses, because the trust policy asks for none",
    )
    assert not verify_bundle(small.bundle, TRUST).witnessed and not verify_bundle(small.bundle, None).witnessed


def test_a_signature_that_nobody_asked_for_changes_nothing(small: Small, tmp_path: Path):
    folder = copied(small.folder, tmp_path)
    note = parse_note((folder / "checkpoint").read_bytes())
    more = cosign(parse_checkpoint(note.text), 1_800_000_000, "witness.example.org/nobody", STRANGER)
    (folder / "checkpoint").write_bytes(format_note(note.text, [more, *note.signatures]))
    assert judged(folder)._replace(target="") == judged(small.folder)._replace(target="")


def test_the_same_log_under_another_name_is_found(small: Small, tmp_path: Path):
    """Its operator trusts nobody to look: the entries of one log are published as another's."""
    folder = copied(small.folder, tmp_path)
    head = parse_checkpoint(parse_note((folder / "checkpoint").read_bytes()).text)
    (folder / "checkpoint").write_bytes(sign_checkpoint(Checkpoint("ledger.example.org/other", 6, head.root), STRANGER))
    policy = Policy.for_log(VerifierKey("ledger.example.org/other", STRANGER.public))
    report = judged(folder, policy)
    assert report.exit_code == 3 and "ledger" in rules(report)


def test_an_empty_log_is_not_verified(tmp_path: Path):
    export_tiles(Forged([]), tmp_path / "empty")
    report = judged(tmp_path / "empty")
    assert (report.exit_code, rules(report)) == (4, {"empty"})


def the_same(one: Report, other: Report) -> bool:
    return one._replace(target="") == other._replace(target="")


@pytest.mark.parametrize("policy", [TRUST, None, Policy.for_log(OTHER_ORIGIN)])
def test_directory_and_export_get_the_same_report(small: Small, policy: Policy | None):
    with closing(open_source(small.directory)) as source, closing(open_source(small.folder)) as folder:
        assert isinstance(source, DirectorySource) and isinstance(folder, FolderSource)
        assert the_same(verify(source, policy), verify(folder, policy))


def test_directory_and_export_of_many_tiles_get_the_same_report(tmp_path: Path):
    town = a_town(tmp_path / "ledger")
    town.sequencer.submit([a_gift(town) for _ in range(700)])
    town.play("hope: project late restricted receipt_days=0; payment 1.00 CNY school -> shop")
    town.close()
    with closing(DirectorySource(town.directory)) as source:
        export_tiles(source, tmp_path / "export")
        for as_of in ("", "2027-01-01"):
            report = verify(source, TRUST, as_of=as_of)
            assert the_same(report, verify(FolderSource(tmp_path / "export"), TRUST, as_of=as_of))
            assert report.verdict == "verified"
            assert rules(report) == ({"overdue-receipt"} if as_of else set())


def test_an_export_in_steps_is_the_export_at_once(tmp_path: Path):
    """Grown over many sizes it has the same files, byte for byte, and no outdated ones."""
    town = a_town(tmp_path / "ledger")
    for count in (1, 50, 201, 4, 256, 1, 130):
        town.sequencer.submit([a_gift(town) for _ in range(count)])
        with closing(DirectorySource(town.directory)) as source:
            export_tiles(source, tmp_path / "steps")
            assert judged(tmp_path / "steps").verdict == "verified"
    with closing(DirectorySource(town.directory)) as source:
        export_tiles(source, tmp_path / "once")
    town.close()
    assert contents(tmp_path / "steps") == contents(tmp_path / "once")


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def exported(tmp_path: Path) -> tuple[OnDisk, Path]:
    """A town of 300 entries and its export."""
    town = a_town(tmp_path / "ledger")
    town.sequencer.submit([a_gift(town) for _ in range(296)])
    with closing(DirectorySource(town.directory)) as source:
        export_tiles(source, tmp_path / "export")
    return town, tmp_path / "export"


def export_again(town: OnDisk, folder: Path) -> None:
    with closing(DirectorySource(town.directory)) as source:
        export_tiles(source, folder)


def test_an_export_of_a_log_that_was_rolled_back_is_refused(exported: tuple[OnDisk, Path]):
    """The mirror has more than the ledger: the mirror is kept as it is."""
    town, folder = exported
    before = contents(folder)
    with pytest.raises(Conflict, match="the ledger is behind"):
        export_tiles(Forged(town.entries()[:200]), folder)
    assert contents(folder) == before


@pytest.mark.parametrize("size", [300, 301, 600])
def test_an_export_of_another_history_is_refused(exported: tuple[OnDisk, Path], size: int):
    town, folder = exported
    entries = town.entries()
    other = [*entries[:150], *entries[151:], *entries[200:]] * 2
    before = contents(folder)
    with pytest.raises(Conflict) as refused:
        export_tiles(Forged(other[:size]), folder)
    assert refused.value.rule == "fork"
    assert contents(folder) == before


def test_an_export_over_another_logs_is_refused(exported: tuple[OnDisk, Path]):
    town, folder = exported
    note = sign_checkpoint(Checkpoint("ledger.example.org/other", 1, bytes(32)), STRANGER)
    (folder / "checkpoint").write_bytes(note)
    with pytest.raises(Conflict, match="contains the export of"):
        export_again(town, folder)


@pytest.mark.parametrize("garbage", [b"", b"<html>", bytes(100)])
def test_an_export_over_a_damaged_checkpoint_names_it(exported: tuple[OnDisk, Path], garbage: bytes):
    town, folder = exported
    (folder / "checkpoint").write_bytes(garbage)
    with pytest.raises((Conflict, InputError)) as refused:
        export_again(town, folder)
    assert str(folder) in refused.value.message


def test_an_export_goes_on_where_its_outdated_tiles_are_gone(exported: tuple[OnDisk, Path]):
    """Who mirrors may remove partial tiles once wider ones are there (tlog-tiles)."""
    town, folder = exported
    for partial in list(folder.rglob("*.p")):
        for path in partial.iterdir():
            path.unlink()
        partial.rmdir()
    town.sequencer.submit([a_gift(town) for _ in range(300)])
    export_again(town, folder)
    assert judged(folder).verdict == "verified"


def test_an_export_that_cannot_be_written_says_where(exported: tuple[OnDisk, Path], tmp_path: Path):
    town, _ = exported
    (tmp_path / "file").touch()
    for place in (tmp_path / "file", tmp_path / "file" / "export"):
        with pytest.raises(GiveTrailError) as refused:
            export_again(town, place)
        assert str(tmp_path / "file") in refused.value.message
