"""What may have happened to an export, and how somebody else's code has to refuse it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ledger.log.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.log.note import NoteSignature, format_note, parse_note
from ledger.log.tile import FULL_WIDTH, entries_path, tile_path
from tests.interop.plain import LOG_KEY, VKEY
from tests.language import ORIGIN, key

Edit = Callable[[bytes], bytes]
STRANGER = key("a.stranger")


class Tampering(NamedTuple):
    """`do` changes one file of an export of `size` entries, which are at least `smallest`. `tlog` and `fsck` are patterns of the
    reasons that x/mod (and torchwood's client) and tessera's fsck give."""

    do: Callable[[Path, int], None]
    tlog: str
    fsck: str
    smallest: int = 1


def _edited(path: Path, edit: Edit) -> None:
    """Put an edited file in the place of one that may have other names."""
    raw = edit(path.read_bytes())
    path.unlink()
    path.write_bytes(raw)


def bundle(edit: Edit, first: bool = False) -> Callable[[Path, int], None]:
    """The last bundle of entries is edited, or the first."""
    return lambda folder, size: _edited(folder / entries_path(*_tile(min(size, FULL_WIDTH) if first else size)), edit)


def tile(level: int) -> Callable[[Path, int], None]:
    """One bit is turned in the last tile of hashes of a level."""
    return lambda folder, size: _edited(folder / tile_path(level, *_tile(size >> 8 * level)), _last_bit)


def checkpoint(edit: Edit) -> Callable[[Path, int], None]:
    """The checkpoint is edited."""
    return lambda folder, size: _edited(folder / "checkpoint", edit)


def _tile(count: int) -> tuple[int, int]:
    """Index and width of the last tile of a level that holds so many."""
    index = (count - 1) // FULL_WIDTH
    return index, count - index * FULL_WIDTH


def _last_bit(raw: bytes) -> bytes:
    return raw[:-1] + bytes([raw[-1] ^ 1])


def _entries(raw: bytes) -> list[bytes]:
    """The entries of a bundle, each behind its length."""
    found = []
    while raw:
        end = 2 + int.from_bytes(raw[:2])
        found.append(raw[:end])
        raw = raw[end:]
    return found


def _without_the_last(raw: bytes) -> bytes:
    return b"".join(_entries(raw)[:-1])


def _swapped(raw: bytes) -> bytes:
    one, other, *rest = _entries(raw)
    return b"".join([other, one, *rest])


def repeated(raw: bytes) -> bytes:
    """A bundle with its last entry once more."""
    return raw + _entries(raw)[-1]


def _read(raw: bytes) -> Checkpoint:
    return parse_checkpoint(parse_note(raw).text)


def _other_root(raw: bytes) -> Checkpoint:
    return replace(_read(raw), root=_last_bit(_read(raw).root))


def unsigned(raw: bytes) -> bytes:
    """Another root under the signature that was there."""
    return format_note(parse_note(sign_checkpoint(_other_root(raw), LOG_KEY)).text, parse_note(raw).signatures)


def forged(raw: bytes) -> bytes:
    """The same checkpoint, signed by a stranger who writes the log's key id."""
    text = parse_note(raw).text
    return format_note(text, [NoteSignature(ORIGIN, VKEY.key_id, STRANGER.sign(text))])


def by_a_stranger(raw: bytes) -> bytes:
    """The same checkpoint, signed by a stranger's key of the same name."""
    return sign_checkpoint(_read(raw), STRANGER)


def of_another_root(raw: bytes) -> bytes:
    return sign_checkpoint(_other_root(raw), LOG_KEY)


def of_one_more(raw: bytes) -> bytes:
    return sign_checkpoint(replace(_read(raw), tree_size=_read(raw).tree_size + 1), LOG_KEY)


def _removed(folder: Path, size: int) -> None:
    (folder / tile_path(0, *_tile(size))).unlink()


OTHER_TILES = r"tile/[012]/.*log has"
TILE = r"downloaded inconsistent tile"
MISSING = r"no such file"
TAMPERINGS = {
    "a bit of an entry": Tampering(bundle(_last_bit), r"hash mismatch for entry", OTHER_TILES),
    "a bundle cut off": Tampering(bundle(lambda raw: raw[:-1]), r"tile too short for entry", r"bytes from byte index"),
    "a bundle without its last entry": Tampering(bundle(_without_the_last), r"end of tile data", r"index out of range"),
    "two entries swapped": Tampering(bundle(_swapped, first=True), r"hash mismatch for entry 0", OTHER_TILES, 2),
    "a bit of a tile of leaf hashes": Tampering(tile(0), TILE, r"tile/0/.*log has"),
    "a bit of a tile of level 1": Tampering(tile(1), TILE, r"tile/1/.*log has", 256),
    "a bit of a tile of level 2": Tampering(tile(2), TILE, r"tile/2/.*log has", 65_536),
    "no tile of leaf hashes": Tampering(_removed, MISSING, MISSING),
    "another root, not signed": Tampering(checkpoint(unsigned), r"invalid signature", r"invalid signature"),
    "another root, signed by the log": Tampering(checkpoint(of_another_root), TILE, r"calculated root"),
    "one entry more, signed by the log": Tampering(checkpoint(of_one_more), MISSING, MISSING),
    "signed by a stranger": Tampering(checkpoint(by_a_stranger), r"no verifiable signatures", r"no verifiable signatures"),
    "signed by a stranger as the log": Tampering(checkpoint(forged), r"invalid signature", r"invalid signature"),
}
