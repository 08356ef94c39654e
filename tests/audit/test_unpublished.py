"""Entries beyond the checkpoint: read and examined, said to be unpublished, and missed where one is missing."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cli.verdict import lines
from ledger.audit.consistency import KnownCheckpoint
from ledger.audit.verify import KEPT_HERE, verify
from ledger.directory import anchor
from ledger.directory.source import DirectorySource
from ledger.findings.report import Report
from ledger.log.checkpoint import open_checkpoint
from ledger.log.tile import CHECKPOINT
from tests.writer.on_disk import TRUST, a_gift, a_town

VKEY = TRUST.logs[0].vkey
SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "reference" / "report.schema.json").read_text())
SIGNED, BEYOND = 5, 3


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A ledger of 5 signed entries and 3 that are durable and not signed, as a writer leaves it that was ended."""
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    town = a_town(tmp_path / "ledger")
    town.sequencer.submit_one(a_gift(town))
    town.sequencer.submit([a_gift(town) for _ in range(BEYOND)], sign=False)
    town.close()
    yield town.directory


def verified(directory: Path, *earlier: KnownCheckpoint, **how: int) -> Report:
    with closing(DirectorySource(directory)) as source:
        return verify(source, TRUST, earlier=earlier, **how)


def change(directory: Path, sql: str, *values: object) -> None:
    """What a damaged disk, or somebody else, does to the database."""
    with closing(sqlite3.connect(directory / "ledger.sqlite")) as database:
        database.execute(sql, values)
        database.commit()


def found(report: Report) -> set[tuple[int, str]]:
    return {(finding.entry, finding.rule) for finding in report.findings}


def test_they_are_said_to_be_unpublished(directory: Path):
    report = verified(directory)
    assert (report.verdict, report.tree_size, report.unpublished) == ("verified", SIGNED, BEYOND)
    said = list(lines(report.as_json()))
    words = "saved but not published yet; the next record, or `givetrail witness`, publishes"
    assert f"unpublished: {BEYOND} entries more, {words}" in said
    assert report.last_entry == "7.0" and "last entry: 7.0 (not published yet)" in said
    assert any("accounting of the entries from 5 on" in words for words in report.not_checked)
    Draft202012Validator(SCHEMA).validate(report.as_json())


def test_where_less_was_asked_for_they_are_not_looked_at(directory: Path):
    change(directory, "DELETE FROM entries WHERE entry = 6")
    report = verified(directory, at_size=4)
    assert (report.verdict, report.findings) == ("verified", ())


@pytest.mark.parametrize("lost", [5, 6, 7])
def test_one_that_is_missing_is_missed(directory: Path, lost: int):
    """Also the last: the tables made from it still count it."""
    change(directory, "DELETE FROM entries WHERE entry = ?", lost)
    report = verified(directory)
    assert (report.verdict, report.exit_code) == ("could not verify", 4)
    assert (lost, "missing") in found(report)


def test_one_that_was_changed_is_found(directory: Path):
    with closing(DirectorySource(directory)) as source:
        raws = list(source.entries(0, SIGNED + BEYOND))
    change(directory, "UPDATE entries SET body = ? WHERE entry = 6", raws[6].replace(b'"amount":1000', b'"amount":9000'))
    assert {(6, "statement-signature"), (7, "chain"), (-1, "tile")} <= found(verified(directory))
    change(directory, "UPDATE entries SET body = ? WHERE entry = 6", b"rotten")
    assert (6, "canonical") in found(verified(directory))


def test_a_checkpoint_kept_elsewhere_may_sign_for_them(directory: Path):
    """It was signed, kept outside, and the process ended before it was put into the directory: nothing was taken away."""
    inside = (directory / CHECKPOINT).read_bytes()
    town = a_town_again(directory)
    (directory / CHECKPOINT).write_bytes(inside)
    kept = anchor.recall(VKEY.format())
    assert kept is not None and open_checkpoint(kept, VKEY).tree_size == SIGNED + BEYOND == town
    report = verified(directory, KnownCheckpoint(KEPT_HERE, open_checkpoint(kept, VKEY), kept))
    assert (report.verdict, report.findings, report.tree_size, report.unpublished) == ("verified", (), SIGNED, BEYOND)


def a_town_again(directory: Path) -> int:
    """What the next writer does; the size that it signed for."""
    from ledger.directory.opening import open_writer

    sequencer = open_writer(directory)
    sequencer.store.close()
    return sequencer._signed


def test_where_they_are_others_than_were_signed_it_is_found(directory: Path, tmp_path: Path):
    """A copy of the directory went another way: what was signed there is not what is here."""
    copy = Path(shutil.copytree(directory, tmp_path / "copy"))
    change(copy, "DELETE FROM entries WHERE entry = 7")
    a_town_again(directory)
    kept = anchor.recall(VKEY.format())
    earlier = KnownCheckpoint(KEPT_HERE, open_checkpoint(kept, VKEY), kept)
    change(copy, "UPDATE meta SET value = 7 WHERE name = 'derived_size'")
    report = verified(copy, earlier)
    assert report.verdict == "failed" and (-1, "consistency") in found(report)
    assert "entries were removed" in report.findings[0].message
