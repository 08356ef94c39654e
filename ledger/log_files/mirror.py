"""A mirror: a folder of static files that follows a log. Everything under its checkpoint was checked.

    checkpoint     the last signed checkpoint whose tree is here
    tile/…         its tiles and bundles of entries, byte for byte what `givetrail export` writes
    refused/…      signed checkpoints that were refused: the evidence of a rollback or a fork

A mirror checks integrity only: the entries give the tiles, the tiles give the root, the log signed that root, and its tree extends
the one in the mirror. A mirror knows nothing about money.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, NoReturn

from ..disk.durable import make_folder, unwritable
from ..disk.lock import FolderLock
from ..errors import Conflict, FormatError, InputError, Unverifiable, UsageError, VerificationError
from ..log.checkpoint import Checkpoint
from ..log.merkle import EMPTY_ROOT, prove_consistency, subtree_root, verify_consistency
from ..log.note import with_cosignatures
from ..log.policy import Policy
from ..log.tile import CHECKPOINT, FULL_WIDTH, parse_path, token_path
from ..store.location import holds_store
from .copying import Copy
from .folder import UNFINISHED, Folder
from .source import FolderSource, Source
from .tiled import nodes, width_in

REFUSED = "refused"

StampsIn = Callable[[bytes], Iterable[tuple[int, str]]]


class Mirrored(NamedTuple):
    """The mirror now has `tree_size` entries and had `before`. `files` were written, and `removed` outdated ones were deleted."""

    origin: str
    tree_size: int
    root: str
    before: int
    files: int
    removed: int


class Mirror:
    """A folder that follows a log under a trust policy. Only one process may use it at a time, from its first `update` to
    `close`."""

    def __init__(self, folder: Path, policy: Policy, stamps_in: StampsIn = lambda raw: ()) -> None:
        """`stamps_in` says which timestamps an entry records: for each its size, and the SHA-256 of its token in hex. Only such
        tokens are copied."""
        self._folder, self._policy, self._stamps_in = Folder(folder), policy, stamps_in
        self._held: FolderLock | None = None
        self._tidied = False

    def update(self, source: Source, progress: Callable[[int, int], None] = lambda done, all: None) -> Mirrored:
        """Bring the folder up to the source's checkpoint, which is written last.

        Raises VerificationError if the checkpoint or anything under it is false, with rule "consistency" if the log was rolled back
        and "fork" if its tree contradicts the one here; Unverifiable if something is missing or cannot be reached; Conflict if the
        folder is damaged, belongs to another log or is in use by another process; UsageError if it holds a ledger, or files that
        are not a mirror; StorageError. After an error the folder's checkpoint is unchanged, and the next update uses what was
        written.
        """
        note = source.checkpoint()
        with _as_false("checkpoint"):
            new = self._policy.check(note)
        self._hold()
        old_note, old = self._old(new.origin)
        if not self._tidied:
            _tidy(self._folder.path, old.tree_size)
            self._tidied = True
        self._check_history(source, note, old, new)
        with self._as_damage():
            copy = Copy(source, self._folder, old, new, progress)
            if copy.resumed_root != root_at(old.tree_size - old.tree_size % FULL_WIDTH, old, FolderSource(self._folder.path)):
                raise VerificationError("their root is not the one it signs", rule="tile")
        with _as_false("tile"):
            copy.run()
        stamps = self._copy_stamps(source, note, old.tree_size, new.tree_size)
        whole = with_cosignatures(note, old_note)
        if whole != old_note:
            self._folder.put(CHECKPOINT, whole)
        removed = self._folder.remove_outdated(old.tree_size, new.tree_size)
        return Mirrored(new.origin, new.tree_size, new.root.hex(), old.tree_size, copy.files + stamps, removed)

    def _copy_stamps(self, source: Source, note: bytes, before: int, now: int) -> int:
        """Copy the tokens that the new entries record; one that is another than was recorded is left there."""
        copied = 0
        for raw in FolderSource(self._folder.path, note).entries(before, now):
            for size, digest in self._stamps_in(raw):
                token = source.stamp(size)
                if token is not None and hashlib.sha256(token).hexdigest() == digest:
                    self._folder.put(token_path(size), token)
                    copied += 1
        return copied

    def close(self) -> None:
        """Let another process mirror into the folder."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _hold(self) -> None:
        """Lock the folder, which is made if it is missing. The lock is on the folder itself, so no file is added to it."""
        if self._held is not None:
            return
        if holds_store(self._folder.path):
            raise UsageError(f"{self._folder.path}: contains a ledger; a mirror needs its own folder", rule="export")
        self._folder.check_own("mirror", REFUSED)
        make_folder(self._folder.path)
        self._held = FolderLock(self._folder.path, "mirroring into")

    def _old(self, origin: str) -> tuple[bytes, Checkpoint]:
        """The folder's note and checkpoint. Only the log's own signature is required, not the witnesses'."""
        head = self._folder.head(origin)
        if head is None:
            return b"", Checkpoint(origin, 0, EMPTY_ROOT)
        try:
            return head[0], Policy(self._policy.logs).check(head[0])
        except VerificationError as error:
            why = f"is not signed by the log of the policy ({error.message})"
            raise Conflict(f"{self._folder.path / CHECKPOINT}: {why}; give another folder", rule="export") from None

    def _check_history(self, source: Source, note: bytes, old: Checkpoint, new: Checkpoint) -> None:
        """Refuse a checkpoint that does not extend the folder's, and keep it as evidence."""
        if not old.tree_size:
            return
        if new.tree_size < old.tree_size:
            with self._as_damage():
                root_then = root_at(new.tree_size, old, FolderSource(self._folder.path))
            if root_then == new.root:
                why = "it is a prefix of this copy: the log was rolled back, or the server shows an old copy"
                self._refuse(note, old, new, why, "consistency")
            self._refuse(note, old, new, "they contradict each other", "fork")
        with _as_false("tile"):
            root_then = root_at(old.tree_size, new, source)
        if root_then != old.root:
            self._refuse(note, old, new, "they contradict each other", "fork")

    def _refuse(self, note: bytes, old: Checkpoint, new: Checkpoint, why: str, rule: str) -> NoReturn:
        name = f"{REFUSED}/{new.tree_size}-{new.root.hex()[:16]}.checkpoint"
        path = self._folder.path / name
        self._folder.put(name, note)
        raise VerificationError(
            f"{new.origin}: the log now signs {new.tree_size} entries with root {new.root.hex()}, but signed {old.tree_size} with "
            f"root {old.root.hex()} before; {why}. Both notes are kept as evidence, in {path} and "
            f"{self._folder.path / CHECKPOINT}: show them to others, and ask the operator to explain",
            rule=rule, where=str(path),
        )  # fmt: skip

    @contextmanager
    def _as_damage(self) -> Iterator[None]:
        """Report errors in the folder's files as damage here: they were right when they were written, so the log is not at
        fault."""
        try:
            yield
        except (FormatError, VerificationError, Unverifiable) as error:
            raise Conflict(
                f"{self._folder.path}: its tiles are damaged ({error.message}); keep its checkpoint, and "
                "mirror into another folder",
                rule="export",
            ) from None


def root_at(size: int, head: Checkpoint, log: Source) -> bytes:
    """The root over the first `size` entries of the tree that `head` signs, proven from the log's tiles.

    Raises VerificationError, rule "tile", if these do not lead to the signed root; Unverifiable, rule "missing", if one is cut off;
    and whatever `log.tile` raises.
    """
    if not size or size == head.tree_size:
        return head.root if size else EMPTY_ROOT
    node = nodes(log, head.tree_size)
    try:
        root = subtree_root(0, size, node)
        verify_consistency(size, head.tree_size, prove_consistency(size, head.tree_size, node), root, head.root)
    except FormatError as error:
        if error.rule != "tile":
            raise
        raise Unverifiable(f"tiles at {head.tree_size} entries: {error.message}", rule="missing") from None
    except VerificationError as error:
        raise VerificationError(f"tiles at {head.tree_size} entries: {error.message}", rule="tile") from None
    return root


def _tidy(folder: Path, tree_size: int) -> None:
    """Delete what a killed process left: unfinished files, and partial tiles of trees that were never completed."""
    try:
        for path in [*folder.glob(".*"), *(folder / "tile").rglob("*")]:
            name = path.relative_to(folder).as_posix()
            if path.is_file() and (UNFINISHED.fullmatch(path.name) or _is_foreign_partial(name, tree_size)):
                path.unlink()
        for path in (folder / "tile").rglob("*.p"):
            if not any(path.iterdir()):
                path.rmdir()
    except OSError as error:
        raise unwritable(folder, error) from None


def _is_foreign_partial(name: str, tree_size: int) -> bool:
    try:
        level, index, width = parse_path(name)
    except FormatError:
        return False
    return width < FULL_WIDTH and width != width_in(tree_size, level or 0, index)


@contextmanager
def _as_false(rule: str) -> Iterator[None]:
    """Report malformed data from a log as false, as an audit of it would."""
    try:
        yield
    except InputError as error:
        raise VerificationError(error.message, rule=rule, where=error.where) from None
