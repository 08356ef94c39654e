"""An export keeps what witnesses have signed, and takes no folder that is somebody else's."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ledger.audit.verify import verify
from ledger.directory.source import DirectorySource
from ledger.errors import GiveTrailError, UsageError
from ledger.log.checkpoint import parse_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.note import NoteSignature, format_note, parse_note, with_cosignatures
from ledger.log.tile import CHECKPOINT
from ledger.log_files.export import Exported, export_tiles
from ledger.log_files.source import FolderSource
from tests.language import key
from tests.writer.on_disk import TRUST, OnDisk, a_gift, a_town


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OnDisk:
    monkeypatch.setenv("GIVETRAIL_STATE", str(tmp_path / "state"))
    return a_town(tmp_path / "ledger")


def exported(town: OnDisk, folder: Path) -> Exported:
    with closing(DirectorySource(town.directory)) as source:
        return export_tiles(source, folder)


def cosigned(path: Path, *witnesses: str) -> bytes:
    """The note with cosignatures of these, put in its place."""
    note = parse_note(path.read_bytes())
    head = parse_checkpoint(note.text)
    more = [cosign(head, 1_800_000_000, name, key(f"the.{name}")) for name in witnesses]
    path.write_bytes(format_note(note.text, [*note.signatures, *more]))
    return path.read_bytes()


def names_in(path: Path) -> list[str]:
    return [signature.name for signature in parse_note(path.read_bytes()).signatures][1:]


def contents(folder: Path) -> dict[str, bytes | None]:
    return {str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None for path in folder.rglob("*")}


def test_cosignatures_of_the_export_and_of_the_ledger_are_all_kept(town: OnDisk, tmp_path: Path):
    folder = tmp_path / "out"
    first = exported(town, folder)
    assert (first.tree_size, first.before, first.files, first.signatures) == (4, 0, 3, 1)
    cosigned(folder / CHECKPOINT, "one", "two")
    again = exported(town, folder)
    assert names_in(folder / CHECKPOINT) == ["one", "two"] and (again.files, again.before) == (0, 4)
    cosigned(town.directory / CHECKPOINT, "three")
    exported(town, folder)
    assert sorted(names_in(folder / CHECKPOINT)) == ["one", "three", "two"]
    town.sequencer.submit_one(a_gift(town))
    grown = exported(town, folder)
    assert names_in(folder / CHECKPOINT) == [] and (grown.before, grown.signatures, grown.signatures_before) == (4, 1, 4)


def test_the_ledgers_own_checkpoint_keeps_them_when_it_is_signed_again(town: OnDisk):
    statement = a_gift(town)
    town.sequencer.submit_one(statement)
    town.close()
    note = cosigned(town.directory / CHECKPOINT, "one")
    town.reopen()
    assert town.sequencer.submit_one(statement).known
    assert (town.directory / CHECKPOINT).read_bytes() == note
    town.sequencer.submit_one(a_gift(town))
    assert names_in(town.directory / CHECKPOINT) == []


def test_what_is_kept_is_of_the_same_text_and_of_other_keys(town: OnDisk):
    note = (town.directory / CHECKPOINT).read_bytes()
    parsed = parse_note(note)
    own = parsed.signatures[0]
    false = format_note(parsed.text, [NoteSignature(own.name, own.key_id, bytes(64))])
    other_text = format_note(b"another\n", [NoteSignature("one", b"1234", bytes(64))])
    many = format_note(parsed.text, [NoteSignature(f"w{number}", b"1234", bytes(64)) for number in range(100)])
    for before in (None, b"", b"rubbish", note[:-1], note, false, other_text, bytes(200_000)):
        assert with_cosignatures(note, before) == note
    assert len(parse_note(with_cosignatures(note, many)).signatures) == 100
    assert with_cosignatures(note, many).startswith(note)


OTHERS = [
    ["notes.txt"], [".hidden"], ["a/b/c"], ["tile/holiday.jpg"], ["tile/0/000.jpg"], ["tile/entries/1"], ["tile/0/000.p/0"],
    ["notes.txt", "tile/0/000.p/4"], ["ledger.db", "refused/x"], ["CHECKPOINT"],
]  # fmt: skip


@pytest.mark.parametrize("names", OTHERS)
def test_a_folder_with_other_files_is_refused_and_stays(town: OnDisk, tmp_path: Path, names: list[str]):
    folder = tmp_path / "out"
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("mine")
    before = contents(folder)
    with pytest.raises(UsageError) as refused:
        exported(town, folder)
    assert (refused.value.exit_code, refused.value.rule) == (2, "export") and "contains other files" in refused.value.message
    assert contents(folder) == before


ROT = {
    **{f"entry {n}": f"UPDATE entries SET body = zeroblob(length(body)) WHERE entry = {n}" for n in (0, 2, 4)},
    "leaf hashes": "UPDATE tiles SET hashes = zeroblob(length(hashes)) WHERE level = 0",
}


@pytest.mark.parametrize("rot", ROT)
def test_what_is_rotten_is_not_published(town: OnDisk, tmp_path: Path, rot: str):
    """The older export stays as it is; when the ledger is whole again, it goes on."""
    folder = tmp_path / "out"
    exported(town, folder)
    town.sequencer.submit_one(a_gift(town))
    town.close()
    database, before = town.directory / "ledger.sqlite", contents(folder)
    whole = database.read_bytes()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(ROT[rot])
        connection.commit()
    with pytest.raises(GiveTrailError) as refused:
        exported(town, folder)
    assert "givetrail re" in refused.value.message and contents(folder) == before
    database.write_bytes(whole)
    assert exported(town, folder).tree_size == 5
    assert verify(FolderSource(folder), TRUST).verdict == "verified"


def test_what_is_not_a_folder_is_refused(town: OnDisk, tmp_path: Path):
    (tmp_path / "file").write_text("mine")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("file", "dangling"):
        with pytest.raises(UsageError, match="is not a folder"):
            exported(town, tmp_path / name)
    assert (tmp_path / "file").read_text() == "mine" and not (tmp_path / "nowhere").exists()


def test_what_is_gone_or_cut_off_is_written_again(town: OnDisk, tmp_path: Path):
    folder = tmp_path / "out"
    exported(town, folder)
    for path in (folder / "tile/entries/000.p/4", folder / "tile/0/000.p/4"):
        whole = path.read_bytes()
        for damaged in (b"", whole[:-1] if path.parent.parent.name == "0" else b""):
            path.write_bytes(damaged)
            assert exported(town, folder).files == 2 and path.read_bytes() == whole
    shutil.rmtree(folder / "tile")
    assert exported(town, folder).files == 2
    assert verify(FolderSource(folder), TRUST).verdict == "verified"


def test_no_export_goes_where_the_secret_keys_are(town: OnDisk, tmp_path: Path):
    place = tmp_path / "copy"
    shutil.copytree(town.directory / "keys", place / "keys")
    exported(town, tmp_path / "out")
    shutil.copy(tmp_path / "out" / CHECKPOINT, place)
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "tile").symlink_to(tmp_path / "out" / "tile")
    for folder in (place, town.directory / "keys", town.directory / "keys/hope/new", tmp_path / "linked"):
        with pytest.raises(UsageError) as refused:
            exported(town, folder)
        assert refused.value.rule == "export"
    assert not (place / "tile").exists() and not (town.directory / "keys/hope/new").exists()


def test_one_that_was_broken_off_goes_on(town: OnDisk, tmp_path: Path):
    folder = tmp_path / "out"
    exported(town, folder)
    (folder / CHECKPOINT).unlink()
    (folder / ".checkpoint.77.new").write_text("half")
    assert exported(town, folder).files == 3
    town.sequencer.submit_one(a_gift(town))
    assert exported(town, folder).tree_size == 5
