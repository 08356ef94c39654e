"""A dishonest operator has the log's key and signs the log again: what the parties' statements give away, and what they cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from ledger.audit.verify import verify
from ledger.canonical import encode, parse
from ledger.directory.source import DirectorySource
from ledger.errors import Conflict
from ledger.findings.report import KEPT_FINDINGS, Report
from ledger.log.checkpoint import Checkpoint
from ledger.log.merkle import leaf_hash, root_of
from ledger.log_files.export import export_tiles
from ledger.log_files.source import FolderSource
from tests.audit.mirror import Forged, Small, copied, edited, forged, judged, places, rules, signed_anew
from tests.language import ORIGIN
from tests.writer.on_disk import TRUST, OnDisk, a_gift, a_town


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OnDisk]:
    """Gifts that are all bound to entry 3; after every tenth one a statement that has seen what came before. Entries 4 to 36."""
    with pytest.MonkeyPatch.context() as machine:
        place = tmp_path_factory.mktemp("forged")
        machine.setenv("GIVETRAIL_STATE", str(place / "state"))
        town = a_town(place / "ledger")
        for _ in range(3):
            town.sequencer.submit([a_gift(town, number + 1, after=(3, town.hash_at(3))) for number in range(10)])
            town.play("hope: allocation 0.05 CNY school -> books")
        yield town
        town.close()


@pytest.fixture(scope="module")
def entries(town: OnDisk) -> list[bytes]:
    return town.entries()


SEEN = (4, 9, 13, 15, 24, 26, 35)
LAST = 36


def test_the_honest_log_signed_again_is_the_same_log(entries: list[bytes], town: OnDisk, tmp_path: Path):
    assert judged(forged(entries, tmp_path)).verdict == "verified"
    assert Forged(entries).checkpoint() == (town.directory / "checkpoint").read_bytes()


@pytest.mark.parametrize("index", range(1, LAST))
def test_a_dropped_entry_is_found(entries: list[bytes], tmp_path: Path, index: int):
    """Somebody after it had seen it, or what came after it."""
    report = judged(forged([*entries[:index], *entries[index + 1 :]], tmp_path))
    assert report.exit_code == 3 and "after" in rules(report)


def test_many_dropped_entries_are_found(entries: list[bytes], tmp_path: Path):
    report = judged(forged([*entries[:4], *entries[20:]], tmp_path))
    assert report.exit_code == 3 and "after" in rules(report)


@pytest.mark.parametrize("index", SEEN)
def test_a_dropped_entry_without_a_new_chain_is_found(entries: list[bytes], tmp_path: Path, index: int):
    report = judged(forged([*entries[:index], *entries[index + 1 :]], tmp_path, chained=False))
    assert {"after", "chain"} <= rules(report)


@pytest.mark.parametrize("index", SEEN)
def test_a_duplicated_entry_is_found(entries: list[bytes], tmp_path: Path, index: int):
    for place in (index + 1, LAST, LAST + 1):
        log = forged([*entries[:place], entries[index], *entries[place:]], tmp_path / str(place))
        report = judged(log)
        assert ("statement-id", place, -1) in places(report)
        assert ("after" in rules(report)) == (place < LAST)


@pytest.mark.parametrize("index", SEEN)
def test_exchanged_entries_are_found(entries: list[bytes], tmp_path: Path, index: int):
    """Gifts of one moment exclude nothing among themselves; the next one who looked knows their order."""
    other = list(entries)
    other[index], other[index + 1] = other[index + 1], other[index]
    report = judged(forged(other, tmp_path))
    assert report.exit_code == 3 and "after" in rules(report)


@pytest.mark.parametrize("index", SEEN)
def test_an_entry_put_in_between_is_found(entries: list[bytes], tmp_path: Path, index: int):
    """The operator signs for itself, so the entry is true; those who came after it had not seen it."""
    value = parse(entries[1])
    value["statement"]["id"] = "0199a1c2-7b1e-7c30-9f1e-5d2a4c6b8e10"
    value["statement"]["records"] = [{"kind": "unit", "unit": "new", "exponent": 0, "name": "New"}]
    own = signed_anew(encode(value), lambda value: None, "op.chief")
    report = judged(forged([*entries[:index], own, *entries[index:]], tmp_path))
    assert report.exit_code == 3 and "after" in rules(report)


EDITS = {
    "its time": lambda value: value.update(time="2026-09-07T10:00:30Z"),
    "its flows": lambda value: value.update(flows=[]),
    "its signatures": lambda value: value["signatures"][0].update(sig="A" * 86 + "=="),
    "its amount": lambda value: value["statement"]["records"][0].update(amount=999),
    "its day": lambda value: value["statement"]["records"][0].update(received_on="2026-09-06"),
    "its party": lambda value: value["statement"].update(party="river"),
    "its id": lambda value: value["statement"].update(id="0199a1c2-7b1e-7c30-9f1e-5d2a4c6b8e10"),
    "its date of signing": lambda value: value["statement"].update(signed_at="2026-09-07T09:59:59Z"),
    "what it is bound to": lambda value: value["statement"].update(after=value["statement"]["after"].replace("3:", "2:")),
}


@pytest.mark.parametrize("edit", list(EDITS))
def test_an_edited_entry_is_found(entries: list[bytes], tmp_path: Path, edit: str):
    """By its own signature where that covers it, and by those who came after in any case."""
    report = judged(forged([*entries[:9], edited(entries[9], EDITS[edit]), *entries[10:]], tmp_path))
    assert report.exit_code == 3
    assert ("after", 14, -1) in places(report)
    outside = edit in ("its time", "its flows")
    assert ("statement-signature", 9, -1) in places(report) or outside


@pytest.mark.parametrize("edit", [name for name in EDITS if name != "its time"])
def test_an_edited_last_entry_is_found(entries: list[bytes], tmp_path: Path, edit: str):
    """Nobody had seen it yet, but its party has signed it, and its flows follow from the rest."""
    last = edited(entries[9], EDITS[edit])
    assert judged(forged([*entries[:9], last], tmp_path)).exit_code == 3


def test_a_statement_copied_from_another_history_is_found(entries: list[bytes], town: OnDisk, tmp_path: Path):
    """A twin of this log went another way; its entries are good signatures of the same parties, under the same name."""
    twin = a_town(tmp_path / "twin")
    twin.sequencer.submit([a_gift(twin, 7777)])
    twin.play("hope: allocation 0.05 CNY school -> books")
    stranger = twin.entries()[-1]
    twin.close()
    report = judged(forged([*entries, stranger], tmp_path))
    assert report.exit_code == 3 and ("after", 37, -1) in places(report)


def seen(entries: list[bytes], size: int) -> tuple[str, Checkpoint]:
    """A checkpoint that somebody kept when the log had so many entries."""
    return "kept.checkpoint", Checkpoint(ORIGIN, size, root_of(map(leaf_hash, entries[:size])))


def judged_since(folder: Path, *earlier: tuple[str, Checkpoint]) -> Report:
    return verify(FolderSource(folder), TRUST, earlier=earlier)


@pytest.mark.parametrize("size", [1, 4, 14, 30, 36])
def test_a_log_rolled_back_is_found_by_who_kept_a_checkpoint(entries: list[bytes], tmp_path: Path, size: int):
    """By itself it is a smaller, true log, and the report says what was not checked."""
    folder = forged(entries[:size], tmp_path)
    alone = judged(folder)
    assert alone.verdict == "verified" and any(
        "earlier checkpoints, because none was given" in words for words in alone.not_checked
    )
    report = judged_since(folder, seen(entries, 37))
    assert (report.exit_code, rules(report)) == (3, {"consistency"})
    assert "entries were removed" in report.findings[0].message
    assert judged_since(folder, seen(entries, size)).verdict == "verified"


def laid_anew(gifts: list[bytes], first: bytes) -> Iterator[bytes]:
    """Gifts one after the other on their tape, from where `first` began: flows are the operator's to write."""
    start = parse(first)["flows"][0][3]
    for raw in gifts:
        end = start + parse(raw)["statement"]["records"][0]["amount"]
        yield edited(raw, flows(start, end))
        start = end


def flows(start: int, end: int) -> Callable[[dict[str, Any]], None]:
    return lambda value: value.update(flows=[[0, "+", "school/CNY", start, end]])


@pytest.mark.parametrize("size", [31, 34, 36])
def test_a_log_rolled_back_and_grown_again_is_found_by_who_kept_a_checkpoint(entries: list[bytes], tmp_path: Path, size: int):
    """As long as before; the last who had looked were gifts of one moment, which exclude nothing among themselves."""
    folder = forged([*entries[:30], *laid_anew([*entries[31:36], entries[30]], entries[30])], tmp_path)
    assert judged(folder).verdict == "verified"
    report = judged_since(folder, seen(entries, 30), seen(entries, size))
    assert (report.exit_code, rules(report)) == (3, {"fork" if size == 36 else "consistency"})
    forked = "both are signed for 36 entries, but their roots differ"
    words = forked if size == 36 else f"at {size} entries the log has a different root"
    assert words in report.findings[0].message
    assert [note.name for note in report.evidence] == ["the log's checkpoint", "kept.checkpoint"]
    assert judged_since(folder, seen(entries, 30)).verdict == "verified"


def test_an_honest_log_extends_every_checkpoint_that_was_kept(entries: list[bytes], tmp_path: Path):
    report = judged_since(forged(entries, tmp_path), *(seen(entries, size) for size in range(38)))
    assert (report.verdict, report.findings) == ("verified", ())
    assert not any("earlier checkpoints" in words for words in report.not_checked)


def test_a_kept_checkpoint_of_another_log_accuses_nobody(entries: list[bytes], tmp_path: Path):
    """It is about something else: that is no verdict on this log, and no check of it either."""
    other = "other.checkpoint", Checkpoint("ledger.example.org/other", 20, bytes(32))
    report = judged_since(forged(entries, tmp_path), other)
    assert (report.verdict, rules(report)) == ("could not verify", {"trust-anchor"})
    assert any("earlier checkpoints, because none was given" in words for words in report.not_checked)


def test_a_checkpoint_of_a_larger_log_is_no_accusation_where_files_are_missing(entries: list[bytes], tmp_path: Path):
    folder = forged(entries, tmp_path)
    (folder / "tile/entries/000.p/37").unlink()
    assert judged_since(folder, seen(entries, 37)).exit_code == 4


def test_a_mirror_of_what_was_taken_away_is_not_overwritten(entries: list[bytes], tmp_path: Path):
    for size, other in ((30, entries[:30]), (36, [*entries[:30], *entries[31:]])):
        mirror = tmp_path / str(size)
        export_tiles(Forged(entries), mirror)
        with pytest.raises(Conflict, match="the ledger is behind"):
            export_tiles(Forged(other), mirror)
        export_tiles(Forged(entries[:34]), mirror / "older")
        if size == 36:
            with pytest.raises(Conflict, match="another history"):
                export_tiles(Forged(other), mirror / "older")


def test_findings_come_in_the_order_of_the_log(entries: list[bytes], tmp_path: Path):
    other = list(entries)
    for index in (33, 5, 20):
        other[index] = edited(other[index], lambda value: value.update(flows=[]))
    found = judged(forged(other, tmp_path)).findings
    assert list(found) == sorted(found)
    assert {5, 20, 33} <= {finding.entry for finding in found if finding.rule == "tape-flow"}


def test_one_broken_entry_is_not_lost_behind_a_thousand_things_for_people(town: OnDisk, tmp_path: Path):
    """1,200 receipts are late; the one false signature stands at the end."""
    late = a_town(tmp_path / "late")
    late.play("hope: project soon restricted receipt_days=0; donation 100.00 CNY -> soon")
    for _ in range(6):
        late.play("hope: " + "; ".join(["payment 0.01 CNY soon -> shop"] * 200))
    late.time = "2026-09-17T10:00:00Z"
    late.sequencer.submit_one(a_gift(late))
    entries = late.entries()
    late.close()
    with closing(DirectorySource(late.directory)) as source:
        honest = verify(source, TRUST)
    assert (honest.exit_code, len(honest.findings), honest.left_out) == (0, KEPT_FINDINGS, {"overdue-receipt": 200})
    false = edited(entries[-1], lambda value: value["statement"].update(signed_at="2026-09-17T09:59:59Z"))
    report = judged(forged([*entries[:-1], false], tmp_path))
    assert (report.exit_code, len(report.findings), report.left_out) == (3, KEPT_FINDINGS, {"overdue-receipt": 201})
    assert report.findings[-1].rule == "statement-signature"


def test_a_verdict_needs_no_order_of_files(small: Small, tmp_path: Path):
    """Nothing but the names of files counts: copied in any order, with others beside them, it is the same export."""
    folder = copied(small.folder, tmp_path)
    (folder / "index.html").write_text("a mirror")
    (folder / "tile" / "0" / "junk").write_bytes(b"x")
    assert judged(folder)._replace(target="") == judged(small.folder)._replace(target="")


@pytest.mark.parametrize("number", [-1, -(2**40)])
def test_flows_of_no_record_are_found(small: Small, tmp_path: Path, number: int):
    """A record is numbered from 0: what stands below moves units of nobody's, beside what the statement says."""
    flow = [number, "-", "school/CNY", 0, 100]
    extra = [*small.entries[:5], edited(small.entries[5], lambda value: value["flows"].insert(0, flow))]
    report = judged(forged(extra, tmp_path))
    assert report.exit_code == 3 and ("tape-flow", 5, -1) in places(report)
