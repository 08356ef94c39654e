"""One round: every witness of the policy is asked to cosign the newest signed checkpoint, at most once a second each.

    signed checkpoint ─► add-checkpoint ─► cosignatures, verified ─► published note
                                       └─► a size or another history ─► alarm

What a witness answers changes nothing but a message unless it is a cosignature by its key over this checkpoint. An answer of status
409 with a size that this ledger has is asked about again from there, once: the witness, or this ledger, had forgotten. A size above
that, or a refusal of the proof, is an alarm (`ledger.directory.alarms`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Literal, NamedTuple

from ..clock import Clock, seconds_now, utc_now
from ..directory.alarms import (
    FOLDER,
    Alarm,
    Kind,
    Known,
    known_of,
    raise_alarm,
    remember,
    settle_alarm,
    stop_if_enough,
    why_stopped,
)
from ..directory.publication import publish_cosigned, signed_note
from ..directory.small_files import policy_in
from ..disk.durable import make_folder
from ..disk.lock import FileLock
from ..errors import Conflict, FormatError, GiveTrailError, Unverifiable, VerificationError
from ..log.checkpoint import Checkpoint, checkpoint_in
from ..log.cosignature import verify_cosignature
from ..log.merkle import prove_consistency
from ..log.note import NoteSignature, VerifierKey
from ..log.policy import Policy, Witness
from ..log.tile import node_reader
from ..log.witness_request import MAX_ANSWER_BYTES, SIZE_MEDIA, format_request, read_cosignatures, read_size
from ..network.fetch import base_of
from ..network.post import Answer, post
from ..store.opening import open_store
from ..store.protocol import Store

PATH = "add-checkpoint"
MEDIA = "text/plain"
APART_S = 1.0
WHOLE_S = 10.0
AT_ONCE = 32
STATUS_CONFLICT, STATUS_UNPROCESSABLE = 409, 422

Seconds = Callable[[], float]
What = Literal["cosigned", "no-answer", "refused", "false", "alarm"]


class Asked(NamedTuple):
    """What came of asking a witness: it `cosigned` at a time in seconds since 1970; it gave `no-answer`; it `refused`; its answer
    was `false`, that is malformed or not by its key; or it raised an `alarm`. `why` says more, in words for people."""

    witness: str
    what: What
    time: int = 0
    why: str = ""


class Round(NamedTuple):
    """A round about `tree_size` entries. `published` says whether the checkpoint is published with what it has now; `stopped` why
    nothing may be recorded any more, or ""."""

    tree_size: int
    asked: list[Asked]
    published: bool
    stopped: str


def ask_witnesses(
    directory: Path, whole_s: float = WHOLE_S, clock: Clock = utc_now, seconds: Seconds = seconds_now
) -> Round:  # fmt: skip
    """Ask the witnesses of the directory's policy about its newest signed checkpoint, each for at most `whole_s` seconds, and
    publish it with what they answer.

    Raises Conflict, rule "locked", if another process is asking; UsageError if the policy cannot be read; StorageError;
    Unverifiable if nothing was signed yet.
    """
    policy = policy_in(directory)
    make_folder(directory / FOLDER)
    lock = FileLock(directory / FOLDER / "lock", b"", lambda _: _is_asking(directory))
    with closing(lock), closing(open_store(directory, write=False, checked=False)) as store:
        note = signed_note(directory)  # read under the lock: an older one would be behind what another round has asked about
        if note is None:
            raise Unverifiable(f"{directory}: no checkpoint was signed yet; record something first", rule="missing")
        return _Round(directory, policy, note, store, whole_s, clock, seconds).run()


def _is_asking(directory: Path) -> Conflict:
    return Conflict(f"{directory}: another process asks the witnesses; let it", rule="locked", where=str(directory))


class _Round:
    def __init__(
        self, directory: Path, policy: Policy, note: bytes, store: Store, whole_s: float, clock: Clock, seconds: Seconds,
    ) -> None:  # fmt: skip
        self._directory, self._policy, self._note, self._store = directory, policy, note, store
        self._checkpoint: Checkpoint = checkpoint_in(note)
        self._whole_s, self._clock, self._seconds = whole_s, clock, seconds
        self._cosignatures: list[NoteSignature] = []

    def run(self) -> Round:
        witnesses = [one for one in self._policy.with_addresses if isinstance(one.vkey, VerifierKey)]
        known = {one.name: known_of(self._directory, one) for one in witnesses}
        _wait_turn(known.values(), self._seconds())
        olds = {one: min(known[one.name].size, self._checkpoint.tree_size) for one in witnesses}
        answers = self._posted(olds)
        again = {one: size for one, answer in answers.items() if (size := self._behind(answer, olds[one])) is not None}
        if again:
            time.sleep(APART_S)
            olds |= again
            answers |= self._posted(again)
        asked = [self._outcome(one, answer, olds[one]) for one, answer in answers.items()]
        published = publish_cosigned(self._directory, self._note, self._cosignatures, self._policy)
        stop_if_enough(self._directory, self._policy)
        return Round(self._checkpoint.tree_size, asked, published, why_stopped(self._directory))

    def _posted(self, wanted: dict[Witness, int]) -> dict[Witness, Answer | GiveTrailError]:
        """What each witness answers to the proof from the size that it is believed to be at. The proofs are made in this thread,
        because the store belongs to it."""
        bodies = {one: self._request(old) for one, old in wanted.items()}
        with ThreadPoolExecutor(min(AT_ONCE, len(bodies) or 1), thread_name_prefix="givetrail-witness") as threads:
            started = {one: threads.submit(self._post, one.url, body) for one, body in bodies.items()}
            return {one: future.result() for one, future in started.items()}

    def _request(self, old: int) -> bytes:
        size = self._checkpoint.tree_size
        proof = prove_consistency(old, size, node_reader(self._store.tile)) if 0 < old < size else []
        return format_request(old, proof, self._note)

    def _post(self, url: str, body: bytes) -> Answer | GiveTrailError:
        try:
            return post(base_of(url) + PATH, body, MEDIA, MAX_ANSWER_BYTES, self._whole_s)
        except GiveTrailError as error:
            return error

    def _behind(self, answer: Answer | GiveTrailError, old: int) -> int | None:
        """The size from which to ask again, if the witness is at another one that this ledger has."""
        size = _size_in(answer)
        return size if size is not None and size <= self._checkpoint.tree_size and size != old else None

    def _outcome(self, witness: Witness, answer: Answer | GiveTrailError, old: int) -> Asked:
        name, now = witness.name, self._seconds()
        before = known_of(self._directory, witness)
        if isinstance(answer, GiveTrailError):
            remember(self._directory, witness, Known(before.size, now))
            return Asked(name, "no-answer", why=answer.message)
        if answer.status == 200:
            return self._cosigned(witness, answer)
        remember(self._directory, witness, Known(before.size, now))
        size = _size_in(answer)
        if size is not None and size > self._checkpoint.tree_size:
            return self._alarm(witness, "ahead", size)
        # If the size is the one that the proof began with, only the root can be what the witness refuses.
        if answer.status == STATUS_UNPROCESSABLE or (answer.status == STATUS_CONFLICT and size in (None, old)):
            return self._alarm(witness, "fork", self._checkpoint.tree_size)
        return Asked(name, "refused", why=f"it answers {answer.status}{_REASONS.get(answer.status, '')}")

    def _cosigned(self, witness: Witness, answer: Answer) -> Asked:
        try:
            signature, at = self._verified(witness, read_cosignatures(answer.body))
        except (FormatError, Unverifiable, VerificationError) as error:
            return Asked(witness.name, "false", why=error.message)
        self._cosignatures.append(signature)
        settle_alarm(self._directory, witness)
        remember(self._directory, witness, Known(self._checkpoint.tree_size, self._seconds()))
        return Asked(witness.name, "cosigned", at)

    def _verified(self, witness: Witness, lines: Iterable[NoteSignature]) -> tuple[NoteSignature, int]:
        """The cosignature by the witness's key, and its time. Signatures of other keys are ignored. Raises VerificationError."""
        vkey = witness.vkey
        for line in lines:
            if isinstance(vkey, VerifierKey) and (line.name, line.key_id) == (vkey.name, vkey.key_id):
                return line, verify_cosignature(self._checkpoint, line, vkey)
        words = "its answer has no cosignature by the key in the policy"
        raise VerificationError(words, rule="witness-quorum", where=witness.name)

    def _alarm(self, witness: Witness, kind: Kind, size: int) -> Asked:
        here = self._checkpoint
        alarm = Alarm(witness.name, kind, size, here.tree_size, here.root.hex(), self._clock(), self._note.decode())
        raise_alarm(self._directory, witness, alarm)
        return Asked(witness.name, "alarm", why=alarm.words)


_REASONS = {
    400: " (a malformed request)", 403: " (it does not know the log's key)", 404: " (it does not know this log)",
    STATUS_CONFLICT: " (it is at another size than it said)", 429: " (it was asked too often)",
}  # fmt: skip


def _size_in(answer: Answer | GiveTrailError) -> int | None:
    """The tree size in an answer of status 409; None if it has none."""
    if isinstance(answer, GiveTrailError) or answer.status != STATUS_CONFLICT or answer.media != SIZE_MEDIA:
        return None
    try:
        return read_size(answer.body)
    except FormatError:
        return None


def _wait_turn(known: Iterable[Known], now: float) -> None:
    """Wait until a second has passed since a witness was asked last."""
    last = max((one.asked_at for one in known), default=0.0)
    wait_s = last + APART_S - now
    if 0 < wait_s <= APART_S:
        time.sleep(wait_s)
