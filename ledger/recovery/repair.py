"""Puts back single entries that are rotten or missing, by their leaf hashes, which the signed root proves.

Nothing is changed unless everything fits. Entries are put back in one commit; then everything derived is made again. A crash in
between leaves correct entries and a rebuild to do, which the next command asks for.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing, suppress
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from ..directory.anchor import Anchor, Damaged, damaged, successor_of
from ..directory.opening import open_reader, refuse_backup
from ..directory.publication import POLICY, explained, signed_note
from ..directory.publication import put_back as put_checkpoints_back
from ..directory.rebuild import rebuild
from ..directory.small_files import policy_in
from ..disk.durable import write_durably
from ..entries.log_keys import vkey_of
from ..errors import FormatError, GiveTrailError, InputError, Unverifiable, UsageError, VerificationError
from ..log.entry import decode_entry
from ..log.merkle import Stack, leaf_hash
from ..log.note import VerifierKey
from ..log.policy import Policy
from ..log.tile import CHECKPOINT
from ..log_files.folder import read_note
from ..log_files.source import Source
from ..store.opening import Mending
from .hashes import proven_tiles
from .heads import Head, head_in, kept_outside, newest

Progress = Callable[[int, int], None]
NAMED = 20


class Repaired(NamedTuple):
    """The ledger has `tree_size` entries. Those in `put_back` were rotten or missing; of these, the ones from `was` on had been
    lost at its end. `signed` is the size of the checkpoint that proves them, and `signed_by` is where it was found. `written` are
    the paths of the small files that were written again."""

    origin: str
    tree_size: int
    was: int
    put_back: list[int]
    signed: int
    signed_by: str
    written: list[str]


class Elsewhere:
    """Another copy of the log, any part of which may be damaged or missing."""

    def __init__(self, source: Source) -> None:
        self.name, self._source = source.name, source

    def tile(self, level: int, index: int, width: int) -> bytes:
        """See `hashes.Copy`."""
        return self._source.tile(level, index, width)

    def bodies(self, start: int, end: int) -> dict[int, bytes]:
        """See `hashes.Copy`. If one entry cannot be read, the others are read one by one."""
        try:
            return dict(enumerate(self._source.entries(start, end), start))
        except GiveTrailError:
            return {index: raw for index in range(start, end) if (raw := self._one(index)) is not None}

    def _one(self, index: int) -> bytes | None:
        with suppress(GiveTrailError):
            return next(self._source.entries(index, index + 1), None)
        return None

    def size(self) -> int | None:
        """How many entries the copy says it has; None if it does not say."""
        with suppress(GiveTrailError):
            return self._source.durable_size()
        return None

    def note(self) -> bytes | None:
        """The copy's checkpoint, if it has one."""
        with suppress(GiveTrailError):
            return self._source.checkpoint()
        return None


def repair(
    directory: Path, sources: Sequence[Source], policy: Policy | None = None, progress: Progress = lambda done, all: None
) -> Repaired:
    """Restore rotten or missing entries of a ledger from other copies of its log: everything that the newest checkpoint known here
    or there signs. `policy` says which log it is; by default, the one in the directory. A damaged checkpoint, in the directory or
    outside, is written again. If the directory's policy is not one of this log, `policy` replaces it.

    Raises Unverifiable if an entry cannot be put back, if nothing proves it, or if the damaged checkpoint outside speaks of more
    entries; VerificationError if the log has two histories; UsageError, NotFound, Conflict, StorageError. Then nothing has changed.
    """
    refuse_backup(directory)
    copies = [Elsewhere(source) for source in sources]
    given, policy = policy, policy or _policy(directory)
    heads = _heads(directory, copies, policy)
    head = newest(heads)
    with ExitStack() as held:
        mending = held.enter_context(closing(Mending(directory)))
        mending.check()
        outside = _outside(_signer(policy, head), head, directory)
        if outside:
            held.enter_context(closing(outside))
        was = mending.tree_size
        _check_reach(directory, mending.tree_size, copies, head)
        put_back = _to_put_back(mending, copies, head, heads, progress)
        tail = _check_tail(mending, head, put_back)
        mending.put_back(put_back)
        written = _keep_outside(outside, head)
    rebuild(directory, progress)
    written += put_checkpoints_back(directory, head.note, (one.note for one in heads), policy)
    written += _write_policy(directory, given)
    size = head.checkpoint.tree_size
    return Repaired(head.checkpoint.origin, size + tail, was, sorted(put_back), size, head.name, written)


def _check_reach(directory: Path, size: int, copies: Sequence[Elsewhere], head: Head) -> None:
    """Refuse to start if no copy has the last entries that `head` signs. Raises Unverifiable."""
    sizes = [(copy.size(), copy.name) for copy in copies]
    if any(there is None for there, _ in sizes):
        return  # a copy that does not say is checked when its entries are read
    most, name = max([(size, "here"), *((there or 0, name) for there, name in sizes)])
    wanted = head.checkpoint.tree_size
    if most < wanted:
        words = _beyond_reach(directory, size, most, name, wanted, head.name)
        raise Unverifiable(words, rule="missing", where=str(most))


def _beyond_reach(directory: Path, size: int, most: int, name: str, wanted: int, known_by: str) -> str:
    more = f", {name} has {numbered(most - size, size)}{',' if most - size > 1 else ''} too" if most > size else ""
    lacking = wanted - most
    best = shlex.quote(name if most > size else str(directory))
    return (
        f"{known_by} signs {wanted} entries; {size} are here{more}; {numbered(lacking, most)}"
        f"{' is' if lacking == 1 else ', are'} missing here and in every copy that was given. Nothing was changed: give a newer "
        f"copy with --from. If there is none, `givetrail restore {best} NEW` makes a ledger of the {most} that exist, for "
        "reading; the log ends there, and its successor continues it: docs/how-to/after-a-loss.md"
    )


def numbered(count: int, first: int) -> str:
    """Consecutive entries, in words: `entry 3`, `2 entries, 3 to 4`."""
    return f"entry {first}" if count == 1 else f"{count} entries, {first} to {first + count - 1}"


def _write_policy(directory: Path, given: Policy | None) -> list[str]:
    """If the given policy names the ledger's own log and the directory's does not, replace the directory's policy."""
    store, books = open_reader(directory)
    store.close()
    vkey = vkey_of(books)
    if given is None or not given.names(vkey):
        return []
    with suppress(UsageError):
        if _policy(directory).names(vkey):
            return []
    write_durably(directory / POLICY, explained(given))
    return [str(directory / POLICY)]


def _signer(policy: Policy, head: Head) -> VerifierKey:
    return next(log.vkey for log in policy.logs if log.vkey.name == head.checkpoint.origin)


def _outside(vkey: VerifierKey, head: Head, directory: Path) -> Anchor | None:
    """The anchor, which the caller must close, if its checkpoint is damaged and `head` may replace it; None if it is whole or the
    log has ended. Raises Unverifiable, Conflict, StorageError."""
    found = damaged(vkey)
    if found is None or successor_of(vkey.format()):
        return None
    if found.size is None or found.size > head.checkpoint.tree_size:
        raise Unverifiable(_speaks_of_more(found, head), rule="missing", where=str(found.path))
    return Anchor(vkey.format(), directory)


def _speaks_of_more(found: Damaged, head: Head) -> str:
    kept = shlex.quote(str(found.path))
    return (
        f"{found.words}, and the newest checkpoint that is known, {head.name}, has {head.checkpoint.tree_size}, so it "
        "is not known whether entries are missing. Nothing was changed. Give a newer copy with --from. If everyone with a copy or "
        f"a checkpoint says that there never were more, run `mv {kept} {kept}.damaged`, and repair again; if some are lost, the "
        "log ends here: docs/how-to/after-a-loss.md"
    )


def _keep_outside(outside: Anchor | None, head: Head) -> list[str]:
    if outside is None:
        return []
    outside.keep(head.note)
    return [str(outside.path)]


def _policy(directory: Path) -> Policy:
    try:
        return policy_in(directory)
    except UsageError as error:
        words = (
            f"{error.where}: {error.message}, so it does not say which signatures to trust; give another copy of it with --trust"
        )
        raise UsageError(words, rule="policy", where=error.where) from None


def _heads(directory: Path, copies: Sequence[Elsewhere], policy: Policy) -> list[Head]:
    """Every head that a log of the policy signed: here, outside, and in the copies. Raises Unverifiable if there is none."""
    notes = [("the checkpoint in the directory", read_note(directory / CHECKPOINT))]
    notes += [("the last signed checkpoint", signed_note(directory))]
    notes += [(f"the checkpoint of {copy.name}", copy.note()) for copy in copies]
    found = []
    for vkey in (log.vkey for log in policy.logs):
        for name, note in notes:
            with suppress(InputError, Unverifiable, VerificationError):
                found += [head_in(name, note, vkey)] if note is not None else []
        found += kept_outside(vkey)
    if not any(head.checkpoint.tree_size for head in found):
        words = "no checkpoint that the log signed was found, here or in the copies, so nothing proves which entries are right"
        raise Unverifiable(f"{words}; give a copy that has one", rule="missing", where=CHECKPOINT)
    if len({head.checkpoint.origin for head in found}) > 1:
        raise UsageError("the checkpoints are of several logs; give the policy of one with --trust", rule="policy", where="trust")
    return found


def _to_put_back(
    mending: Mending, copies: Sequence[Elsewhere], head: Head, heads: Sequence[Head], progress: Progress
) -> dict[int, bytes]:
    """The correct bytes of the entries that are not what was signed. Raises Unverifiable, VerificationError."""
    found, lost, stack = dict[int, bytes](), list[int](), Stack()
    wanted = {one.checkpoint.tree_size: one for one in heads}
    sizes = sorted(wanted)
    for start, hashes in proven_tiles(head.checkpoint, [mending, *copies]):
        end = start + len(hashes)
        here = mending.bodies(start, end)
        wrong = {index: want for index, want in enumerate(hashes, start) if index not in here or leaf_hash(here[index]) != want}
        for index, want in wrong.items():
            raw = _found(copies, index, want)
            if raw is None:
                lost.append(index)
            else:
                found[index] = raw
        for low, high in pairwise([start, *(size for size in sizes if start < size < end), end]):
            stack.extend(hashes[low - start : high - start])
            _check_history(heads, high, stack.root(), head)
        progress(end, head.checkpoint.tree_size)
    if lost:
        raise Unverifiable(_not_found(lost, sorted(found), len(copies)), rule="missing", where=str(lost[0]))
    return found


def _found(copies: Sequence[Elsewhere], index: int, want: bytes) -> bytes | None:
    for copy in copies:
        raw = copy.bodies(index, index + 1).get(index)
        if raw is not None and leaf_hash(raw) == want:
            return raw
    return None


def _check_history(heads: Sequence[Head], size: int, root: bytes, head: Head) -> None:
    for name, checkpoint, _ in heads:
        if checkpoint.tree_size == size and checkpoint.root != root:
            raise VerificationError(
                f"{name} signs {size} entries, but {head.name} signs {head.checkpoint.tree_size} of another history. Nothing was "
                "changed; record nothing, and keep both as evidence. docs/how-to/after-a-loss.md, Two histories, says which one "
                "continues",
                rule="fork", where=name,
            )  # fmt: skip


def _not_found(lost: Sequence[int], found: Sequence[int], copies: int) -> str:
    if not copies:
        return (
            f"nothing was changed: entries are rotten or missing ({listed(lost)}); give a backup, an export, a mirror or an "
            "address with --from"
        )
    there = f"; those that were found, {listed(found)}, were not restored either" if found else ""
    return (
        f"nothing was changed: {len(lost)} of the entries that are rotten or missing, {listed(lost)}, are not in any of the copies "
        f"that were given{there}. Give another copy too, with a second --from. If there is none, the log ends before them: "
        "docs/how-to/after-a-loss.md, Nobody has them any more"
    )


def listed(indexes: Sequence[int]) -> str:
    """Some indexes in words: `3, 7 and 12 more`."""
    rest = f" and {len(indexes) - NAMED} more" if len(indexes) > NAMED else ""
    return ", ".join(map(str, indexes[:NAMED])) + rest


def _check_tail(mending: Mending, head: Head, put_back: dict[int, bytes]) -> int:
    """How many entries after the signed ones there are. No hash proves them, but each must name the hash of the one before it.

    Raises Unverifiable.
    """
    size = head.checkpoint.tree_size
    last = put_back.get(size - 1) or mending.bodies(size - 1, size)[size - 1]
    tail = 0
    for number in mending.numbers_from(size):
        raw = mending.bodies(number, number + 1).get(number, b"")
        try:
            entry = decode_entry(raw)
            chained = number == size + tail and entry.index == number and entry.prev == leaf_hash(last).hex()
        except (InputError, FormatError, Unverifiable):
            chained = False
        if not chained:
            raise Unverifiable(
                f"entry {number}: is damaged, or comes after one that is missing, and no known checkpoint covers it. "
                "Nothing was changed; `givetrail restore` makes a new ledger from this directory, up to there",
                rule="missing", where=str(number),
            )  # fmt: skip
        last, tail = raw, tail + 1
    return tail
