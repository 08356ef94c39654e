"""A mirror is, byte for byte, the export; and it goes no further than what it could check."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from ledger.errors import Conflict, GiveTrailError, Unverifiable, UsageError, VerificationError
from ledger.log.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.key import SigningKey
from ledger.log.merkle import EMPTY_ROOT
from ledger.log.note import VerifierKey, format_note, parse_note
from ledger.log.policy import Policy
from ledger.log_files.export import export_tiles
from ledger.log_files.mirror import Mirror, Mirrored, root_at
from ledger.log_files.source import FolderSource
from tests.language import ORIGIN, key
from tests.log_files.conftest import check_whole, contents
from tests.log_files.tileserver import arbitrary_log, entry, put_log
from tests.writer.on_disk import TRUST

Update = Callable[..., Mirrored]
At = Callable[[int], Path]
STRANGER = SigningKey.from_seed(bytes(32))
GROWTH = [1, 2, 255, 256, 257, 300, 511, 512, 600, 1300]


def head(folder: Path) -> Checkpoint:
    return parse_checkpoint(parse_note((folder / "checkpoint").read_bytes()).text)


def signed(folder: Path, size: int, root: bytes, signer: SigningKey | None = None) -> None:
    """Put another checkpoint into a folder."""
    (folder / "checkpoint").write_bytes(sign_checkpoint(Checkpoint(ORIGIN, size, root), signer or key("the.log")))


@pytest.mark.parametrize("size", GROWTH)
def test_a_mirror_is_the_export(mirrored: Update, at: At, tmp_path: Path, size: int):
    done = mirrored(at(size))
    assert done == Mirrored(ORIGIN, size, head(at(size)).root.hex(), 0, len(contents(at(size))) - 1, 0)
    assert contents(tmp_path / "M") == contents(at(size))


def test_a_mirror_that_grows_is_the_export_at_every_size(mirrored: Update, at: At, tmp_path: Path):
    before = 0
    for size in GROWTH:
        done = mirrored(at(size))
        assert (done.before, done.tree_size) == (before, size)
        assert contents(tmp_path / "M") == contents(at(size))
        assert mirrored(at(size)).files == 0
        before = size


def test_what_lies_here_is_not_written_again(mirrored: Update, at: At, tmp_path: Path):
    mirrored(at(600))
    written = {path: (tmp_path / "M" / path).stat().st_ino for path in contents(tmp_path / "M")}
    mirrored(at(1300))
    same = {path for path, inode in written.items() if path in contents(tmp_path / "M")}
    assert same >= {f"tile/{kind}/00{index}" for kind in ("0", "entries") for index in (0, 1)}
    assert all((tmp_path / "M" / path).stat().st_ino == written[path] for path in same - {"checkpoint"})


@pytest.mark.long
def test_a_mirror_of_three_levels_is_the_export(mirrored: Update, at: At, tmp_path: Path):
    for size in (65_000, 65_536, 66_100):
        mirrored(at(size))
        assert contents(tmp_path / "M") == contents(at(size))


def test_an_empty_log_is_mirrored_and_grows(mirrored: Update, at: At, tmp_path: Path):
    assert mirrored(at(0)).tree_size == 0
    assert mirrored(at(0)).root == EMPTY_ROOT.hex()
    mirrored(at(3))
    assert contents(tmp_path / "M") == contents(at(3))


def test_more_cosignatures_are_taken_over(mirrored: Update, at: At, tmp_path: Path):
    mirrored(at(300))
    note = parse_note((at(300) / "checkpoint").read_bytes())
    more = cosign(head(at(300)), 1_800_000_000, "witness.example.org/north", STRANGER)
    (at(300) / "checkpoint").write_bytes(format_note(note.text, [*note.signatures, more]))
    assert mirrored(at(300)).files == 0
    assert contents(tmp_path / "M") == contents(at(300))


# Who takes it over a network, a disk or a year later gets it otherwise.
def edit(path: str, change: Callable[[bytes], bytes]) -> Callable[[Path], object]:
    return lambda folder: (folder / path).write_bytes(change((folder / path).read_bytes()))


def flipped(raw: bytes) -> bytes:
    return raw[:100] + bytes([raw[100] ^ 1]) + raw[101:]


FALSE = {
    "an entry changed": (edit("tile/entries/001", flipped), VerificationError, "tile"),
    "an entry of the last bundle changed": (edit("tile/entries/002.p/88", flipped), VerificationError, "tile"),
    "a tile changed": (edit("tile/0/001", flipped), VerificationError, "tile"),
    "a tile of the level above changed": (edit("tile/1/000.p/2", lambda raw: bytes(32) + raw[32:]), VerificationError, "tile"),
    "both changed alike": (
        lambda folder: export_tiles_over(folder, [entry(n) if n != 400 else b"another" for n in range(600)]),
        VerificationError, "root",
    ),
    "more entries": (edit("tile/entries/002.p/88", lambda raw: raw + b"\0\1x"), VerificationError, "tile"),
    "entries cut off": (edit("tile/entries/001", lambda raw: raw[:-1]), Unverifiable, "missing"),
    "a tile cut off": (edit("tile/0/001", lambda raw: raw[:-32]), Unverifiable, "missing"),
    "a tile of the level above cut off": (edit("tile/1/000.p/2", lambda raw: raw[:32]), Unverifiable, "missing"),
    "a bundle gone": (lambda folder: (folder / "tile/entries/001").unlink(), Unverifiable, "missing"),
    "a tile gone": (lambda folder: (folder / "tile/0/002.p/88").unlink(), Unverifiable, "missing"),
    "the level above gone": (lambda folder: (folder / "tile/1/000.p/2").unlink(), Unverifiable, "missing"),
    "the checkpoint gone": (lambda folder: (folder / "checkpoint").unlink(), Unverifiable, "missing"),
    "the checkpoint cut off": (edit("checkpoint", lambda raw: raw[:-9]), VerificationError, "checkpoint"),
    "no checkpoint": (edit("checkpoint", lambda raw: b"<html>"), VerificationError, "checkpoint"),
    "another root": (lambda folder: signed(folder, 600, bytes(32)), VerificationError, "*"),
    "a larger size": (lambda folder: signed(folder, 601, head(folder).root), GiveTrailError, "*"),
    "a stranger's signature": (
        lambda folder: signed(folder, 600, head(folder).root, STRANGER), VerificationError, "checkpoint-signature"
    ),
}  # fmt: skip


def export_tiles_over(folder: Path, entries: list[bytes]) -> None:
    """Other entries and their tiles, under the checkpoint that is there."""
    note = (folder / "checkpoint").read_bytes()
    shutil.rmtree(folder)
    log = arbitrary_log(0)
    log.__init__(entries, chained=False)
    export_tiles(log, folder)
    (folder / "checkpoint").write_bytes(note)


@pytest.mark.parametrize("before", [0, 1, 300])
@pytest.mark.parametrize("name", list(FALSE))
def test_what_is_false_is_not_mirrored(mirrored: Update, at: At, tmp_path: Path, name: str, before: int):
    change, kind, rule = FALSE[name]
    if before:
        mirrored(at(before))
    change(at(600))
    with pytest.raises(kind) as refused:
        mirrored(at(600))
    # From the second time on the proof that it extends what lies here fails before a root is compared.
    assert rule == "*" or refused.value.rule == rule or (before > 0 and (rule, refused.value.rule) == ("root", "tile"))
    if before:
        assert check_whole(tmp_path / "M") == before
        assert head(tmp_path / "M") == head(at(before))
    else:
        assert not (tmp_path / "M/checkpoint").exists()
    shutil.rmtree(at(600))
    mirrored(put_log(600, at(600)))
    left_over = {path for path in contents(tmp_path / "M") if path.startswith("refused/")}
    assert {path: raw for path, raw in contents(tmp_path / "M").items() if path not in left_over} == contents(at(600))


def test_only_a_log_of_the_policy_is_mirrored(at: At, tmp_path: Path):
    other = Policy.for_log(VerifierKey("ledger.example.org/other", TRUST.logs[0].vkey.public))
    with pytest.raises(Unverifiable) as refused:
        Mirror(tmp_path / "M", other).update(FolderSource(at(3)))
    assert refused.value.rule == "trust-anchor"
    assert not (tmp_path / "M").exists()


@pytest.mark.parametrize(("size", "rolled_back_to"), [(300, 299), (300, 256), (600, 1), (600, 0), (512, 511), (257, 256)])
def test_a_log_that_was_rolled_back_is_refused_and_both_notes_are_kept(
    mirrored: Update, at: At, tmp_path: Path, size: int, rolled_back_to: int
):
    mirrored(at(size))
    check_refused(mirrored, at(rolled_back_to), tmp_path / "M", "consistency")


@pytest.mark.parametrize("size", [1, 256, 299, 300, 301, 512, 900])
def test_a_log_that_was_forked_is_refused_and_both_notes_are_kept(mirrored: Update, at: At, tmp_path: Path, size: int):
    """Its operator shows somebody else another history, larger, smaller or of the same size."""
    mirrored(at(300))
    check_refused(mirrored, put_log(size, tmp_path / "fork", other_from=min(size - 1, 280)), tmp_path / "M", "fork")


def check_refused(mirrored: Update, folder: Path, mirror: Path, rule: str) -> None:
    before = contents(mirror)
    for _ in range(2):
        with pytest.raises(VerificationError) as refused:
            mirrored(folder)
        assert (refused.value.rule, refused.value.exit_code) == (rule, 3)
        after = contents(mirror)
        (kept,) = set(after) - set(before)
        assert kept.startswith("refused/") and after[kept] == (folder / "checkpoint").read_bytes()
        assert {path: raw for path, raw in after.items() if path != kept} == before
        assert all(words in refused.value.message for words in (kept, str(mirror / "checkpoint"), head(folder).root.hex()))


def test_a_fork_is_not_called_one_on_the_word_of_damaged_tiles(mirrored: Update, at: At):
    """The tiles of the larger log do not lead to its own checkpoint: nothing is proven against its operator."""
    mirrored(at(300))
    edit("tile/0/001", flipped)(at(600))
    with pytest.raises(VerificationError) as refused:
        mirrored(at(600))
    assert refused.value.rule == "tile"


def test_a_log_that_was_refused_is_followed_when_it_is_itself_again(mirrored: Update, at: At, tmp_path: Path):
    mirrored(at(300))
    with pytest.raises(VerificationError):
        mirrored(at(200))
    assert mirrored(at(600)).tree_size == 600
    assert check_whole(tmp_path / "M") == 600


LOCAL = {
    "a tile of the edge changed": edit("tile/0/001.p/44", flipped),
    "the level above changed": edit("tile/1/000.p/1", lambda raw: bytes(32)),
    "the level above cut off": edit("tile/1/000.p/1", lambda raw: b""),
    "the level above gone": lambda folder: (folder / "tile/1/000.p/1").unlink(),
    "a checkpoint that is none": edit("checkpoint", lambda raw: b"x"),
    "a checkpoint signed by a stranger": lambda folder: signed(folder, 300, head(folder).root, STRANGER),
    "another log's": lambda folder: (folder / "checkpoint").write_bytes(
        sign_checkpoint(Checkpoint("ledger.example.org/other", 1, bytes(32)), STRANGER)
    ),
}


@pytest.mark.parametrize("size", [299, 300, 600])
@pytest.mark.parametrize("name", list(LOCAL))
def test_damage_here_is_not_held_against_the_log(mirrored: Update, at: At, tmp_path: Path, name: str, size: int):
    mirrored(at(300))
    LOCAL[name](tmp_path / "M")
    before = contents(tmp_path / "M")
    with pytest.raises(Conflict) as refused:
        mirrored(at(size))
    assert (refused.value.rule, refused.value.exit_code) == ("export", 6)
    assert contents(tmp_path / "M") == before


def test_full_bundles_that_are_damaged_here_are_fetched_again_without_a_checkpoint(mirrored: Update, at: At, tmp_path: Path):
    """A mirror goes on from its checkpoint. Who takes that away has it look at every file, and keep those that are right."""
    mirrored(at(600))
    edit("tile/entries/001", flipped)(tmp_path / "M")
    (tmp_path / "M/tile/0/000").unlink()
    (tmp_path / "M/checkpoint").unlink()
    assert mirrored(at(600)).files == 5  # the bundle, the tile, and the partial tiles, of which nobody knows what tree they are of
    assert contents(tmp_path / "M") == contents(at(600))


@pytest.mark.parametrize("other", ["notes.txt", ".git/config", "photos/a.jpg"])
def test_a_folder_of_other_files_is_no_mirror(at: At, tmp_path: Path, other: str):
    (tmp_path / "M" / other).parent.mkdir(parents=True)
    (tmp_path / "M" / other).write_text("mine")
    with pytest.raises(UsageError, match="give a new or an empty folder") as refused:
        Mirror(tmp_path / "M", TRUST).update(FolderSource(at(3)))
    assert refused.value.rule == "export" and other.partition("/")[0] in refused.value.message
    assert contents(tmp_path / "M") == {other: b"mine"}


@pytest.mark.parametrize("left", ["", ".checkpoint.1.new", "refused/3-ab.checkpoint", "tile/0/000.p/3"])
def test_a_folder_with_nothing_but_what_a_mirror_leaves_is_taken(at: At, tmp_path: Path, left: str):
    (tmp_path / "M" / left).parent.mkdir(parents=True, exist_ok=True)
    if left:
        (tmp_path / "M" / left).touch()
    mirror = Mirror(tmp_path / "M", TRUST)
    assert mirror.update(FolderSource(at(3))).tree_size == 3
    (tmp_path / "M/robots.txt").write_text("what a web server adds to a mirror stays")
    assert mirror.update(FolderSource(at(600))).tree_size == 600
    mirror.close()


def test_a_ledgers_directory_is_no_mirror(at: At, tmp_path: Path):
    (tmp_path / "M").mkdir()
    (tmp_path / "M/ledger.sqlite").touch()
    with pytest.raises(UsageError) as refused:
        Mirror(tmp_path / "M", TRUST).update(FolderSource(at(3)))
    assert refused.value.rule == "export"


def test_one_process_mirrors_at_a_time(mirrored: Update, at: At, tmp_path: Path):
    first = Mirror(tmp_path / "M", TRUST)
    first.update(FolderSource(at(3)))
    with pytest.raises(Conflict) as refused:
        mirrored(at(300))
    assert refused.value.rule == "locked"
    first.close()
    assert mirrored(at(300)).tree_size == 300


def test_what_cannot_be_written_says_where(mirrored: Update, at: At, tmp_path: Path):
    (tmp_path / "file").touch()
    for place, rule in ((tmp_path / "file", "export"), (tmp_path / "file/M", "storage")):
        with pytest.raises(GiveTrailError) as refused:
            mirrored(at(3), place)
        assert refused.value.rule == rule and str(tmp_path / "file") in refused.value.message


@pytest.mark.parametrize(("size", "of"), [(0, 3), (3, 3), (1, 300), (256, 300), (256, 256), (255, 600), (599, 600)])
def test_the_root_of_a_prefix_is_proven_from_tiles(at: At, size: int, of: int):
    assert root_at(size, head(at(of)), FolderSource(at(of))) == head(at(size)).root


# Processes that are killed. Every call that changes something on the disk is a moment at which that can happen.
CALLS = ("write", "fsync", "replace", "unlink", "rmdir", "mkdir")


def killed_at(number: int, mirror: Path, folder: Path) -> bool:
    """Mirror in a process that is killed before its call of that number; whether it was, or else had finished."""
    child = os.fork()
    if child == 0:
        calls = count()
        for name in CALLS:
            setattr(os, name, dying(getattr(os, name), calls, number))
        try:
            Mirror(mirror, TRUST).update(FolderSource(folder))
        finally:
            os._exit(0)
    _, ended = os.waitpid(child, 0)
    return os.WIFSIGNALED(ended) and os.WTERMSIG(ended) == signal.SIGKILL


def dying(call: Callable, calls: count, number: int) -> Callable:
    def called(*values, **named):
        if next(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*values, **named)

    return called


@pytest.mark.parametrize(("before", "interrupted", "after"), [(0, 257, 300), (300, 513, 513), (300, 513, 600)])
def test_killed_at_any_moment_it_is_whole_and_goes_on(
    mirrored: Update, at: At, tmp_path: Path, before: int, interrupted: int, after: int
):
    if before:
        mirrored(at(before), tmp_path / "start")
    (tmp_path / "start").mkdir(exist_ok=True)
    for number in count():
        mirror = Path(shutil.copytree(tmp_path / "start", tmp_path / "M"))
        was_killed = killed_at(number, mirror, at(interrupted))
        if before or not was_killed:
            assert check_whole(mirror) in (before, interrupted)
        mirrored(at(after), mirror)
        assert contents(mirror) == contents(at(after)), f"killed before call {number}"
        if not was_killed:
            break
        shutil.rmtree(mirror)
    assert number > 20
