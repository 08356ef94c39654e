"""With a reference key that is not the right one nothing is entered: flipped bits, files of another year or party, lost files."""

from __future__ import annotations

import hashlib
import shlex
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ledger.books.state import Books
from ledger.entries.channel_reference import NewKey, ReferenceKeys
from ledger.errors import GiveTrailError, UsageError
from ledger.imports.gifts import GiftImport, import_gifts
from ledger.imports.mapping import Mapping

from .conftest import World, fund

ROWS = ("2025-05-01,1,a", "2026-01-01,2,b", "2026-01-02,3,c")
KEY_BITS = 256


def keys(world: World, party: str = "hope") -> ReferenceKeys:
    """The keys of a party, another for each label, ledger and party, as random ones are."""

    def new(label: str) -> NewKey:
        return NewKey(hashlib.sha256(f"{world.directory}/{party}/{label}".encode()).digest(), "2036-12-31")

    return ReferenceKeys(world.directory, party, world.sequencer.books, new)


class Desk(NamedTuple):
    """A ledger that has ROWS, and an import to try on it."""

    world: World
    path: Path
    mapping: Mapping

    def enter(self, *rows: str, world: World | None = None) -> GiftImport:
        at = world or self.world
        self.path.write_text("at,sum,ref\n" + "".join(f"{row}\n" for row in rows or ROWS))
        return import_gifts(at.sequencer, at.charity, self.path, self.mapping, keys(at))

    def files(self, label: str = "2026", party: str = "hope") -> tuple[Path, Path]:
        folder = self.world.directory / "keys" / party
        return folder / f"reference-{label}.key", folder / f"reference-{label}.json"

    def refuses(self, *rows: str) -> str:
        """What an import says that is refused, and enters nothing."""
        size = self.world.sequencer.tree_size
        with pytest.raises(UsageError) as caught:
            self.enter(*rows)
        assert (caught.value.rule, self.world.sequencer.tree_size) == ("reference-key", size)
        return caught.value.message

    def knows(self, *rows: str) -> None:
        """An import finds every row, and enters nothing."""
        size, done = self.world.sequencer.tree_size, self.enter(*rows)
        assert (done.entered, done.known, self.world.sequencer.tree_size) == (0, done.rows, size)


@pytest.fixture
def desk(world: World, tmp_path: Path, mapped: Callable[..., Mapping]) -> Desk:
    made = Desk(world, tmp_path / "gifts.csv", mapped(list=None, reference='"ref"'))
    assert made.enter().entered == len(ROWS)
    return made


def flips(path: Path) -> Iterator[int]:
    """The file with each of its bits flipped, one after the other; then as it was."""
    whole = path.read_bytes()
    for bit in range(8 * len(whole)):
        raw = bytearray(whole)
        raw[bit // 8] ^= 1 << bit % 8
        path.write_bytes(raw)
        yield bit
    path.write_bytes(whole)


def test_ledger_has_one_record_of_each_key_before_the_first_gift_of_its_label(world, desk: Desk):
    said = world.records("reference-key")
    assert [(one.label, one.destroy_on, one.of) for one in said] == [("2025", "2036-12-31", None), ("2026", "2036-12-31", None)]
    seen = set()
    for leaf in world.leaves():
        for record in leaf.statement.records:
            if record.kind == "reference-key":
                seen.add(record.label)
            elif record.kind == "donation":
                assert record.channel_ref.split(":")[1] in seen
    desk.knows()
    desk.enter("2026-03-01,9,z", "2025-03-01,8,y")
    assert world.records("reference-key") == said


@pytest.mark.parametrize("lost", [False, True])
def test_every_flipped_bit_of_a_key_is_refused(desk: Desk, lost: bool):
    key_file, companion = desk.files()
    if lost:
        companion.unlink()
    messages = [desk.refuses(*([] if bit % 2 else ["2025-12-31,2,b"])) for bit in flips(key_file)]
    assert len(messages) == KEY_BITS
    assert all(str(key_file) in message and "Restore the right key" in message for message in messages)
    desk.knows()


def test_every_flipped_bit_of_a_companion_changes_nothing(desk: Desk):
    _, companion = desk.files()
    whole = companion.read_bytes()
    right = keys(desk.world).held()
    for bit in flips(companion):
        assert keys(desk.world).held() == right
        if bit % 20 == 0:
            desk.knows()
    desk.knows("2025-01-01,2,b")
    companion.write_bytes(b"\0" * 4)
    assert desk.enter("2026-03-01,9,z").entered == 1
    assert companion.read_bytes() == whole


def test_before_the_first_use_every_flipped_bit_of_both_files_is_refused(tmp_path: Path):
    """The ledger has no check value yet, so the two files have to fit each other."""
    ReferenceKeys(tmp_path, "hope", Books(), lambda label: NewKey(bytes(range(32)), "2036-12-31")).secret("360giving", "GB-CHC-9")
    folder, tried, books = tmp_path / "keys" / "hope", 0, Books()
    for path in (folder / "reference-360giving.key", folder / "reference-360giving.json"):
        for _ in flips(path):
            tried += 1
            with pytest.raises(UsageError) as caught:
                ReferenceKeys(tmp_path, "hope", books).find("360giving")
            assert caught.value.rule == "reference-key"
            assert "reference-360giving" in caught.value.message
    assert tried == KEY_BITS + 8 * (folder / "reference-360giving.json").stat().st_size
    assert ReferenceKeys(tmp_path, "hope", Books()).find("360giving").of == "GB-CHC-9"


def copy(whence: tuple[Path, Path], to: tuple[Path, Path], which: str) -> None:
    for source, target in zip(whence, to, strict=True):
        if source.suffix[1:] in which.split():
            shutil.copy2(source, target)


@pytest.mark.parametrize("which", ["key", "key json"])
def test_files_of_another_year_are_refused(desk: Desk, which: str):
    copy(desk.files("2025"), desk.files("2026"), which)
    assert "reference-2026.key" in desk.refuses()
    assert "reference-2026.key" in desk.refuses("2025-05-01,1,a")


@pytest.mark.parametrize("which", ["key", "key json"])
def test_files_of_another_party_are_refused(desk: Desk, admit, mapped, which: str):
    admit(None)
    desk.world.say(desk.world.funder, fund("ours"))
    ours = mapped(list=None, reference='"ref"', fund='"ours"')
    import_gifts(desk.world.sequencer, desk.world.funder, desk.path, ours, keys(desk.world, "trust"))
    copy(desk.files(party="trust"), desk.files(), which)
    desk.refuses()


@pytest.mark.parametrize("which", ["key", "key json"])
def test_files_of_another_ledger_are_refused(desk: Desk, tmp_path: Path, which: str):
    """Those of a party and a label of these names, made at another time."""
    ReferenceKeys(tmp_path / "other", "hope", Books(), lambda label: NewKey(b"o" * 32, "2036-12-31")).secret("2026")
    folder = tmp_path / "other" / "keys" / "hope"
    copy((folder / "reference-2026.key", folder / "reference-2026.json"), desk.files(), which)
    desk.refuses()


def test_files_of_another_party_are_refused_before_the_first_use(world, tmp_path: Path):
    """Without a word of the ledger the party in the check value decides."""
    keys(world, "trust").secret("2026")
    shutil.copytree(world.directory / "keys" / "trust", world.directory / "keys" / "hope")
    with pytest.raises(UsageError, match="does not match reference-2026.json"):
        keys(world).secret("2026")


def test_when_both_files_are_lost_no_other_key_is_made(desk: Desk):
    for path in desk.files():
        path.unlink()
    assert "is lost" in desk.refuses()
    assert "is lost" in desk.refuses("2019-01-01,9,new")
    assert not any(path.exists() for path in desk.files())


def test_directory_of_keys_from_before_a_label_was_used_is_refused(desk: Desk):
    """An older backup has the key of 2025 and no file of 2026: a gift of 2026 that moves to 2025 would be entered again."""
    for path in desk.files():
        path.unlink()
    assert "reference-2026.key" in desk.refuses("2025-12-31,2,b")
    shutil.rmtree(desk.files()[0].parent)
    assert "is lost" in desk.refuses()


def test_key_that_cannot_be_read_is_refused(desk: Desk):
    key_file, _ = desk.files()
    key_file.unlink()
    key_file.mkdir()
    size = desk.world.sequencer.tree_size
    with pytest.raises(GiveTrailError):
        desk.enter("2019-01-01,9,new")
    assert desk.world.sequencer.tree_size == size


@pytest.mark.parametrize("raw", [b"", b"k" * 31, b"k" * 33])
@pytest.mark.parametrize("lost", [False, True])
def test_key_of_another_length_is_refused(desk: Desk, raw: bytes, lost: bool):
    key_file, companion = desk.files()
    key_file.write_bytes(raw)
    if lost:
        companion.unlink()
    desk.refuses()


def test_lost_companion_is_made_again(desk: Desk):
    _, companion = desk.files()
    whole = companion.read_bytes()
    companion.unlink()
    desk.knows()
    assert not companion.exists() or companion.read_bytes() == whole
    assert desk.enter("2026-03-01,9,z").entered == 1
    assert companion.read_bytes() == whole


def test_advice_after_a_key_was_destroyed_and_its_companion_lost_works_to_the_letter(desk: Desk):
    for path in desk.files():
        path.unlink()
    advice = desk.refuses("2025-05-01,1,a").partition("run: ")[2]
    subprocess.run(shlex.split(advice), check=True)
    desk.knows("2025-05-01,1,a")
    assert "was destroyed" in desk.refuses()


def test_advice_before_the_first_use_works_to_the_letter(world, desk: Desk):
    keys(world).secret("2019")
    key_file, companion = desk.files("2019")
    key_file.write_bytes(bytes(32))
    assert "or delete both" in desk.refuses("2019-01-01,9,new")
    key_file.unlink()
    companion.unlink()
    assert desk.enter("2019-01-01,9,new").entered == 1


def test_import_that_broke_off_between_key_and_record_goes_on_with_the_key(world, desk: Desk):
    secret = keys(world).secret("2019")
    assert desk.enter("2019-01-01,9,new").entered == 1
    assert keys(world).secret("2019") == secret
    assert world.records("reference-key")[-1].label == "2019"
    desk.knows("2019-01-01,9,new")


def test_dry_run_is_refused_alike_and_makes_nothing(world, desk: Desk):
    before, size = sorted(world.directory.rglob("reference-*")), world.sequencer.tree_size
    desk.path.write_text("at,sum,ref\n2019-01-01,9,new\n")
    done = import_gifts(world.sequencer, world.charity, desk.path, desk.mapping, keys(world), dry_run=True)
    assert (done.entered, sorted(world.directory.rglob("reference-*")), world.sequencer.tree_size) == (1, before, size)
    desk.files()[0].write_bytes(bytes(32))
    with pytest.raises(UsageError, match="is another"):
        import_gifts(world.sequencer, world.charity, desk.path, desk.mapping, keys(world), dry_run=True)


def test_what_is_listed(world, desk: Desk):
    desk.enter("2022-01-01,4,d", "2023-01-01,5,e", "2024-01-01,6,f")
    keys(world).secret("2030")
    desk.files("2022")[0].unlink()
    desk.files("2023")[0].write_bytes(bytes(32))
    for path in desk.files("2024"):
        path.unlink()
    listed = keys(world).listed()
    states = {"2022": "destroyed", "2023": "refused", "2024": "refused", "2025": "fits", "2026": "fits", "2030": "not recorded"}
    assert {one.label: one.state for one in listed} == states
    assert [bool(one.why) for one in listed] == [False, True, True, False, False, False]
    assert {one.destroy_on for one in listed} == {"2036-12-31"}
    assert [one.since is None for one in listed] == [False] * 5 + [True]
