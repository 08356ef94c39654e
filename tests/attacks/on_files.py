"""What someone without a key who carries the files can do: a mirror, a server, a disk, or anyone on the way."""

from __future__ import annotations

import gzip

from ledger.log.checkpoint import parse_checkpoint
from ledger.log.note import parse_note
from ledger.log.tile import encode_entries, entries_path, tile_path
from tests.golden.forge import sealed
from tests.golden.on_bytes import flipped, replaced

from .case import NOTHING, POLICY, SAVED, Hearing, attack, broken, unknown, unseen
from .chained import Chained
from .forging import LogForge, crowded, story

FULL, LAST = 1, 2
TILE = tile_path(0, FULL)
ENTRIES = entries_path(FULL)


def last_width(f: LogForge) -> int:
    """How many entries stand in the last tile."""
    return len(f.entries) - 256 * LAST


def above(f: LogForge) -> str:
    """The tile of the second level."""
    return tile_path(1, 0, LAST)


@attack(NOTHING, crowded)
def tile_bit_of_the_first_level(f: LogForge) -> Hearing:
    """One bit of a full tile of leaf hashes is changed."""
    f.files[TILE] = flipped(f.honest()[TILE], 4000)
    yield POLICY, broken("tile")


@attack(NOTHING, crowded)
def tile_bit_of_the_second_level(f: LogForge) -> Hearing:
    """One bit of a tile of the level above is changed."""
    f.files[above(f)] = flipped(f.honest()[above(f)], 33)
    yield POLICY, broken("tile")


@attack(NOTHING, crowded)
def tiles_exchanged(f: LogForge) -> Hearing:
    """Two full tiles of leaf hashes change places."""
    other = tile_path(0, 0)
    f.files |= {TILE: f.honest()[other], other: f.honest()[TILE]}
    yield POLICY, broken("tile")


@attack(NOTHING, crowded)
def tile_cut_off(f: LogForge) -> Hearing:
    """A full tile ends after half of its hashes."""
    f.files[TILE] = f.honest()[TILE][: 128 * 32]
    yield POLICY, unknown("missing")


@attack(NOTHING, crowded)
def tile_partial_in_a_full_ones_place(f: LogForge) -> Hearing:
    """The last tile, which is partial, is in the place of a full one."""
    f.files[TILE] = f.honest()[tile_path(0, LAST, last_width(f))]
    yield POLICY, broken("tile")


@attack(NOTHING, crowded)
def tile_of_another_level(f: LogForge) -> Hearing:
    """The tile of the level above is in the place of one below."""
    f.files[tile_path(0, LAST, last_width(f))] = f.honest()[above(f)]
    yield POLICY, broken("tile")


@attack(NOTHING, crowded)
def tile_that_is_a_page(f: LogForge) -> Hearing:
    """In the place of a tile is a page that says that nothing was found."""
    f.files[TILE] = b"<html>404 Not Found</html>\n"
    yield POLICY, broken("tile")


@attack(NOTHING, crowded)
def tile_compressed(f: LogForge) -> Hearing:
    """A tile is compressed with gzip; nothing unpacks it."""
    f.files[TILE] = gzip.compress(f.honest()[TILE], mtime=0)
    yield POLICY, broken("tile")


@attack(NOTHING, crowded)
def tile_with_more_behind_it(f: LogForge) -> Hearing:
    """A partial tile holds one hash more than its name says."""
    path = tile_path(0, LAST, last_width(f))
    f.files[path] = f.honest()[path] + bytes(32)
    yield POLICY, broken("tile")


@attack(NOTHING, crowded)
def entries_length_bit(f: LogForge) -> Hearing:
    """One bit of the length before an entry is changed, so that two entries are cut at the wrong place."""
    raw = f.honest()[ENTRIES]
    f.files[ENTRIES] = bytes([raw[0] ^ 1]) + raw[1:]
    yield POLICY, unknown("missing", 256, more=True)


@attack(NOTHING, crowded)
def entries_length_of_nothing(f: LogForge) -> Hearing:
    """The file of entries is zeros: lengths of nothing, entry after entry."""
    f.files[ENTRIES] = bytes(512)
    yield POLICY, broken("canonical", 256, more=True)


@attack(NOTHING, crowded)
def entries_byte(f: LogForge) -> Hearing:
    """A day in an entry is changed by one bit; the tiles are as they were."""
    day = b'"received_on":"2026-05-06"'
    index = next(at for at in range(300, len(f.entries)) if day in f.entries[at])
    f.entries[index] = replaced(f.entries[index], day, b'"received_on":"2026-05-02"')
    f.files |= {path: raw for path, raw in crowded().honest().items() if not path.startswith("tile/entries")}
    yield POLICY, broken("statement-signature", index, also=(("root", -1, -1), ("tile", -1, -1), ("chain", index + 1, -1)))


@attack(NOTHING, crowded)
def entries_compressed(f: LogForge) -> Hearing:
    """The file of entries is compressed with gzip; nothing unpacks it."""
    f.files[ENTRIES] = gzip.compress(f.honest()[ENTRIES], mtime=0)
    yield POLICY, unknown("missing", 256)


@attack(NOTHING, crowded)
def entries_that_unpack_without_end(f: LogForge) -> Hearing:
    """In the place of entries lie some kilobytes that would unpack to many megabytes."""
    f.files[ENTRIES] = gzip.compress(bytes(8 * 2**20), mtime=0)
    yield POLICY, unknown("missing", 256)


@attack(NOTHING, crowded)
def entries_with_more_behind_them(f: LogForge) -> Hearing:
    """A full file has one more entry after its last, which is not on any tile."""
    f.files[ENTRIES] = f.honest()[ENTRIES] + encode_entries(f.entries[:1])
    yield POLICY, broken("tile", 256)


@attack(NOTHING, crowded)
def entries_of_another_place(f: LogForge) -> Hearing:
    """Two full files of entries change places."""
    other = entries_path(0)
    f.files |= {ENTRIES: f.honest()[other], other: f.honest()[ENTRIES]}
    yield POLICY, broken("root", more=True)


@attack(NOTHING, crowded)
def entries_reordered_in_their_file(f: LogForge) -> Hearing:
    """Two gifts change places in the file of entries; nothing is signed again."""
    f.files = {path: raw for path, raw in f.honest().items() if not path.startswith("tile/entries")}
    f.entries[300], f.entries[301] = f.entries[301], f.entries[300]
    yield POLICY, broken("chain", 300, more=True)


@attack(NOTHING, crowded)
def entries_dropped_from_their_file(f: LogForge) -> Hearing:
    """An entry is taken out of a full file of entries; nothing is signed again."""
    f.files[ENTRIES] = b"".join(len(raw).to_bytes(2) + raw for raw in [*f.entries[256:300], *f.entries[301:512]])
    yield POLICY, unknown("missing", 256)


@attack(NOTHING, crowded)
def entries_doubled_in_their_file(f: LogForge) -> Hearing:
    """An entry is in its file twice, and the last one is left out, so that the number is right."""
    f.files[ENTRIES] = encode_entries([*f.entries[256:301], *f.entries[300:511]])
    yield POLICY, broken("statement-id", 301, more=True)


@attack(NOTHING, crowded)
def entries_replaced_in_a_mirror(f: LogForge) -> Hearing:
    """A mirror puts an earlier gift in the place of a later one, and makes the tiles that fit; it cannot sign the root."""
    f.entries[400] = f.entries[300]
    yield POLICY, broken("root", more=True)


@attack(NOTHING, story)
def log_of_someone_else(f: LogForge) -> Hearing:
    """A mirror hands out another log, whole and in order, which the auditor did not ask for."""
    other = Chained().play("op: ledger chief").play("op: unit CNY 2; party hope charity li")
    f.files = {**dict.fromkeys(f.honest()), **(other.artefacts().files or {})}
    yield POLICY, unknown("trust-anchor")


@attack(NOTHING, crowded)
def log_of_an_earlier_day(f: LogForge) -> Hearing:
    """A mirror goes on handing out the log as it was some hundred entries ago, with the checkpoint that was true then."""
    today, size = f.note, f.entry["seen-6"] + 1
    del f.entries[size:]
    f.note = sealed(f.entries)
    yield POLICY, unseen("It is a true log, smaller than today's. What is newer can only be missed by who has heard of it.")
    assert parse_checkpoint(parse_note(today).text).tree_size > size
    f.keep(today)
    yield SAVED, broken("consistency")
