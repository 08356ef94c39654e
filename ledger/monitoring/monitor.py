"""Follows a log by its checkpoints: each round fetches the newest one, proves that it continues the newest kept one, and compares
it with what others were shown. The log itself is not copied, and what is in its entries is not checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from typing import NamedTuple

from ..audit.target import open_source
from ..clock import Clock, utc_now
from ..errors import Conflict, GiveTrailError, InputError, NotFound, Unverifiable, VerificationError
from ..log.checkpoint import Checkpoint
from ..log.policy import Policy
from ..log_files.source import Source
from .alarm import SILENT, Alarm, raised
from .contradiction import ROLLED_BACK, Contradiction, extends, taken_back
from .elsewhere import NoteElsewhere, NotesElsewhere, notes_at, seconds_between
from .markup import safe
from .monitor_folder import CHECKPOINTS, REFUSED, MonitorFolder, MonitorState, name_of

SILENT_AFTER_S = 3600
Open = Callable[[str, bytes | None], Source]


class Compared(NamedTuple):
    """How many notes of a place agree with the log; `not_compared` says of each of the others why not."""

    place: str
    agree: int
    not_compared: tuple[str, ...]


class Monitored(NamedTuple):
    """A round. `log`, `size` and `root` are of the newest kept checkpoint ("", 0, "" if there is none), which was first seen at
    `since`; `before` is the size that was newest before the round. `unreached` says why the log's checkpoint could not be had or
    proven, "" if it was. `alarms` are those of this round."""

    log: str
    size: int
    root: str
    since: str
    before: int
    checkpoints: int
    unreached: str
    alarms: tuple[Alarm, ...]
    compared: tuple[Compared, ...]

    @property
    def exit_code(self) -> int:
        """3 if something is false, 4 if something could not be had, else 0."""
        if any(alarm.is_false for alarm in self.alarms):
            return 3
        return 4 if self.unreached or any(one.not_compared for one in self.compared) else 0


class _Head(NamedTuple):
    note: bytes
    checkpoint: Checkpoint


class Monitor:
    """Follows the log at `address`, or in a folder, under a trust policy, and keeps what it shows in a folder of its own."""

    def __init__(
        self, address: str, folder: MonitorFolder, policy: Policy, silent_after_s: int = SILENT_AFTER_S,
        clock: Clock = utc_now, opened: Open = open_source,
    ) -> None:  # fmt: skip
        """The log may be silent for `silent_after_s` seconds before that is an alarm."""
        self._address, self._folder, self._policy = address, folder, policy
        self._silent_after_s, self._clock, self._opened = silent_after_s, clock, opened
        self._signers = Policy(policy.logs, policy.witnesses)
        self._found: list[Alarm] = []
        self._shown: _Head | None = None
        self._asked, self._unreached, self._now = False, "", ""

    def round(self, places: Sequence[str] = ()) -> Monitored:
        """One round. What others were shown is read first, so nothing of it was signed after the log is asked.

        Raises Unverifiable, rule "trust-anchor", if the log is not one of the policy; Conflict if the folder follows another log,
        is in use or damaged; UsageError; StorageError. Everything that the log does wrong is an alarm.
        """
        self._folder.hold()
        self._found, self._shown, self._asked = [], None, False
        self._unreached, self._now = "", self._clock()
        old = self._old()
        others = [notes_at(place, self._clock) for place in places]
        self._ask(old)
        compared = tuple(self._compare(self._shown or old, other) for other in others)
        self._end()
        return self._result(self._old(), old, compared)

    def close(self) -> None:
        """Let another process use the folder."""
        self._folder.close()

    def _old(self) -> _Head | None:
        """The newest kept checkpoint. Only the log's signature counts here: the policy may ask for other witnesses by now."""
        note = self._folder.newest()
        if note is None:
            return None
        try:
            head = _Head(note, Policy(self._policy.logs).check(note))
        except GiveTrailError as error:
            path = self._folder.path / CHECKPOINTS / self._folder.notes[-1].name
            why = f"is not signed by a log of the policy ({error.message})"
            raise Conflict(f"{path}: {why}; give another folder, or get the file from a backup", rule="monitor") from None
        return head

    def _ask(self, old: _Head | None) -> None:
        """Fetch the log's checkpoint, and keep it or raise an alarm."""
        try:
            with closing(self._opened(self._address, None)) as source:
                note = source.checkpoint()
                new = self._signed(note)
                if new is not None:
                    self._take_proved(_Head(note, new), old, source)
        except NotFound as error:
            if old is None:
                raise
            self._unreached = f"{error.message} [missing]"
        except InputError as error:  # more bytes than a note can have
            self._alarm(Contradiction("checkpoint", error.message), None, "")
        except Unverifiable as error:
            if error.rule == "trust-anchor":
                raise
            self._unreached = f"{error.message} [{error.rule}]"

    def _signed(self, note: bytes) -> Checkpoint | None:
        """The checkpoint if the log signed it. An alarm says what is wrong with the note."""
        try:
            return self._policy.check(note)
        except InputError as error:
            self._alarm(Contradiction("checkpoint", f"it does not show a checkpoint: {error.message}"), None, "", note)
            return None
        except VerificationError as error:
            checkpoint = self._by_the_log(note)
            self._alarm(Contradiction(error.rule, error.message), checkpoint, "", note)
            return checkpoint

    def _by_the_log(self, note: bytes) -> Checkpoint | None:
        try:
            return Policy(self._policy.logs).check(note)
        except (VerificationError, InputError):
            return None

    def _take_proved(self, new: _Head, old: _Head | None, source: Source) -> None:
        """Keep a signed checkpoint. If the log withholds what would prove it, the note is kept as evidence all the same: a fork
        that was shown for a moment must not be forgotten. Raises what `_take` raises."""
        try:
            self._take(new, old, source)
        except (NotFound, Unverifiable) as error:
            size, root = new.checkpoint.tree_size, new.checkpoint.root.hex()
            words = f"it signs {size} entries with root {root}, but does not give what proves them: {error.message}"
            self._alarm(Contradiction("missing", words), new.checkpoint, "", new.note)
            raise

    def _take(self, new: _Head, old: _Head | None, source: Source) -> None:
        """Keep a signed checkpoint if it continues what is kept and nothing else is wrong with it."""
        if old is not None and old.checkpoint.origin != new.checkpoint.origin:
            words = f"{self._folder.path}: follows {old.checkpoint.origin}, and this is {new.checkpoint.origin}"
            raise Conflict(f"{words}; give another folder", rule="monitor")
        self._asked = True
        against = self._against(new.checkpoint, old)
        wrong = self._wrong(new.checkpoint, against, source) if against is not None else None
        if wrong is not None and against is not None:
            what = Contradiction(wrong.rule, _both(new, against, wrong.why))
            self._alarm(what, new.checkpoint, "", new.note, self._kept(against))
            return
        self._shown = new
        if not self._found:
            self._folder.keep(new.note, new.checkpoint, self._now)

    def _against(self, new: Checkpoint, old: _Head | None) -> _Head | None:
        """The kept checkpoint to compare a new one with: one of the same size with another root, or else the newest one."""
        kept = self._kept_at(new.tree_size)
        return kept if kept is not None and kept.checkpoint.root != new.root else old

    def _kept_at(self, size: int) -> _Head | None:
        for path in self._folder.at_size(size):
            note = self._folder.note(path) or b""
            kept = self._by_the_log(note)
            if kept is not None:
                return _Head(note, kept)
        return None

    def _wrong(self, new: Checkpoint, old: _Head, source: Source) -> Contradiction | None:
        if new.tree_size >= old.checkpoint.tree_size:
            return extends(new, old.checkpoint, source)
        with closing(self._opened(self._address, old.note)) as earlier:
            return taken_back(new, old.checkpoint, earlier)

    def _compare(self, head: _Head | None, other: NotesElsewhere) -> Compared:
        """Compare what a place shows with the newest true checkpoint."""
        not_compared = list(other.unread)
        if other.left_out:
            not_compared.append(f"{other.place}: {other.left_out} more checkpoints, of smaller trees")
        if head is None:
            return Compared(other.place, 0, (*not_compared, f"{other.place}: no checkpoint of the log is kept yet"))
        agree = 0
        try:
            with closing(self._opened(self._address, head.note)) as tiles:
                for one in other.notes:
                    try:
                        agree += self._agrees(head, one, other.place, tiles)
                    except Unverifiable as error:
                        not_compared.append(f"{one.name}: {error.message} [{error.rule}]")
                        if error.rule == "unreachable":
                            break  # so that a log that does not answer is not asked for each of many notes
        except NotFound as error:
            not_compared.append(f"{other.place}: {error.message}")
        return Compared(other.place, agree, tuple(not_compared))

    def _agrees(self, head: _Head, one: NoteElsewhere, place: str, tiles: Source) -> bool:
        """Whether a note agrees with the log; an alarm says why not. Raises Unverifiable."""
        try:
            checkpoint = self._signers.check(one.note)
        except (VerificationError, InputError) as error:
            rule = "checkpoint" if isinstance(error, InputError) else error.rule
            words = f"{one.name}: {error.message}; this says nothing about the log, only about who keeps this note"
            self._alarm(Contradiction(rule, words), None, place, one.note)
            return False
        if checkpoint.origin != head.checkpoint.origin:
            raise Unverifiable(f"is a checkpoint of another log, {checkpoint.origin}", rule="trust-anchor")
        head = self._kept_at(checkpoint.tree_size) or head
        wrong = self._between(checkpoint, head.checkpoint, tiles)
        if wrong is None:
            self._add_cosignatures(one.note, checkpoint)
            return True
        words = f"{one.name}: {_both(_Head(one.note, checkpoint), head, wrong.why)}"
        self._alarm(Contradiction(wrong.rule, words), checkpoint, place, one.note, self._kept(head))
        return False

    def _add_cosignatures(self, note: bytes, checkpoint: Checkpoint) -> None:
        if f"{CHECKPOINTS}/{name_of(checkpoint)}" in self._folder.at_size(checkpoint.tree_size):
            self._folder.keep(note, checkpoint, self._now)

    def _between(self, other: Checkpoint, head: Checkpoint, tiles: Source) -> Contradiction | None:
        """What is wrong between a checkpoint from elsewhere and the newest one that the log shows here. Raises Unverifiable."""
        if other.tree_size > head.tree_size:
            if not self._asked:
                raise Unverifiable("is newer than what is kept here, and the log could not be asked", rule="unreachable")
            why = "the log shows others more than it shows here: it was rolled back, or the server shows an old copy"
            return Contradiction(ROLLED_BACK, why)
        return extends(head, other, tiles)

    def _kept(self, head: _Head) -> str:
        """Where the note of a checkpoint is in the folder: it may have been refused because it lacks cosignatures."""
        name = name_of(head.checkpoint)
        kept = f"{CHECKPOINTS}/{name}"
        return kept if kept in self._folder.at_size(head.checkpoint.tree_size) else f"{REFUSED}/{name}"

    def _alarm(self, what: Contradiction, about: Checkpoint | None, place: str, note: bytes = b"", beside: str = "") -> None:
        """Raise an alarm, and keep the note as evidence; `beside` is the kept note that it contradicts."""
        evidence = tuple(filter(None, (self._folder.refuse(note, about) if note else "", beside)))
        log = about.origin if about is not None else self._folder.state.log
        size, root = (about.tree_size, about.root.hex()) if about is not None else (0, "")
        message = what.why
        if evidence:
            message += f"; kept as evidence: {' and '.join(str(self._folder.path / name) for name in evidence)}"
        self._found.append(Alarm(safe(log), size, root, what.rule, safe(message), safe(place), evidence))

    def _end(self) -> None:
        """Write down what the round found."""
        state, head = self._folder.state, self._old()
        log = head.checkpoint.origin if head is not None else state.log
        since = (state.silent_since or self._now) if self._unreached else ""
        if since and seconds_between(since, self._now) >= self._silent_after_s:
            size, root = (head.checkpoint.tree_size, head.checkpoint.root.hex()) if head is not None else (0, "")
            rule = next((rule for rule in SILENT if self._unreached.endswith(f"[{rule}]")), SILENT[0])
            words = f"{self._address}: no checkpoint could be had and proven since {since}: {self._unreached}"
            self._found.append(Alarm(safe(log), size, root, rule, safe(words)))
        alarms, current = raised(state.alarms, self._found, state.round_at, self._now)
        self._found = current
        answered = state.answered_at if self._unreached else self._now
        self._folder.save(MonitorState(safe(log), safe(self._address), self._now, answered, since, tuple(alarms)))

    def _result(self, head: _Head | None, old: _Head | None, compared: tuple[Compared, ...]) -> Monitored:
        before = old.checkpoint.tree_size if old is not None else 0
        count, alarms = len(self._folder.notes), tuple(self._found)
        if head is None:
            return Monitored("", 0, "", "", before, count, self._unreached, alarms, compared)
        newest, since = head.checkpoint, self._folder.notes[-1].seen_at
        return Monitored(
            newest.origin, newest.tree_size, newest.root.hex(), since, before, count, self._unreached, alarms, compared
        )


def _both(one: _Head, other: _Head, why: str) -> str:
    new, old = one.checkpoint, other.checkpoint
    return (
        f"{new.origin}: signs {new.tree_size} entries with root {new.root.hex()}, and {old.tree_size} with root {old.root.hex()}; "
        f"{why}. Show both notes to others, and ask the operator to explain"
    )


def told(folder: MonitorFolder, tell: Callable[[Alarm], str]) -> Iterator[str]:
    """Tell every alarm that nobody was told of yet, newest last, and write down which were. `tell` returns "" or why it failed;
    after a failure the others wait for the next round. Yields that reason."""
    alarms = list(folder.state.alarms)
    for at, alarm in enumerate(alarms):
        if alarm.told:
            continue
        failed = tell(alarm)
        if failed:
            yield failed
            return
        alarms[at] = alarm._replace(told=True)
        folder.save(folder.state._replace(alarms=tuple(alarms)))
