"""A trust policy (C2SP tlog-policy): the logs and witnesses to trust, and the quorum of witnesses that a checkpoint needs.

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <name>...
    quorum <name>|none

Words are separated by spaces and tabs; lines that begin with # are comments. A name must be defined on an earlier line and may be a
member of at most one group. Names are compared byte by byte, without normalisation. A witness whose key is of an algorithm that is
not known here is passed over: it never counts as having cosigned, and only where the quorum cannot do without such witnesses is
there no verdict.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..canonical import from_decimal
from ..errors import FormatError, SizeError, Unverifiable, VerificationError, shown
from .checkpoint import Checkpoint, checkpoint_in
from .cosignature import COSIGNING, verify_cosignature
from .note import ED25519, Note, UnknownKey, VerifierKey, open_note, parse_any_key, parse_note, reading
from .transport import undamaged

MAX_POLICY_BYTES = 65_536
NONE = "none"
ENOUGH = 2
WITNESSES = "witnesses"
"""The name of the group that `for_log` makes."""
_FORBIDDEN = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_WORD = re.compile(r"[^ \t]+")


@dataclass(frozen=True)
class Log:
    """A trusted log; the name of its key is its origin."""

    vkey: VerifierKey
    url: str = ""


@dataclass(frozen=True)
class Witness:
    """A witness; its `name` has a meaning only within the policy. One with an UnknownKey is passed over."""

    name: str
    vkey: VerifierKey | UnknownKey
    url: str = ""


class Cosigner(NamedTuple):
    """A witness that cosigned: its name in the policy, the name of its key, and the time by the witness's clock, in seconds since
    1970, at most 2^63-1."""

    witness: str
    key_name: str
    time: int


@dataclass(frozen=True)
class Group:
    """A group counts as a witness if at least `threshold` of its members do."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """A trust policy. Each group refers only to witnesses and groups before it. Only `parse` checks this."""

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE

    @classmethod
    def for_log(cls, vkey: VerifierKey, witnesses: Sequence[Witness] = (), threshold: int = 0) -> Policy:
        """A policy with one log, which `threshold` of the witnesses must have cosigned; 0 asks for none of them."""
        names = tuple(witness.name for witness in witnesses)
        if not threshold:
            return cls((Log(vkey),), tuple(witnesses))
        return cls((Log(vkey),), tuple(witnesses), (Group(WITNESSES, threshold, names),), WITNESSES)

    def names(self, vkey: VerifierKey) -> bool:
        """Whether this is the key of one of the policy's logs."""
        return any(log.vkey == vkey for log in self.logs)

    @classmethod
    def parse(cls, raw: bytes) -> Policy:
        """Read a policy file of at most 65,536 bytes. Raises FormatError with the line number, SizeError; Unverifiable
        (`transport`) if it was damaged in transport."""
        return undamaged(raw, "policy", cls._read)

    @classmethod
    def _read(cls, raw: bytes) -> Policy:
        if len(raw) > MAX_POLICY_BYTES:
            raise SizeError(f"policy of {len(raw)} bytes: at most {MAX_POLICY_BYTES} are allowed", rule="policy")
        _check_text(raw)
        draft = _Draft()
        for number, line in enumerate(raw.decode("utf-8", "surrogateescape").split("\n"), 1):
            words = _WORD.findall(line)
            if words and not words[0].startswith("#"):
                with reading(f"policy line {number}", "policy"):
                    draft.read(words)
        return draft.policy()

    @property
    def asks_witnesses(self) -> bool:
        """Whether a checkpoint needs cosignatures."""
        return self.quorum != NONE

    @property
    def passed_over(self) -> tuple[Witness, ...]:
        """The witnesses whose cosignatures cannot be checked here, because the algorithm of their key is not known."""
        return tuple(witness for witness in self.witnesses if isinstance(witness.vkey, UnknownKey))

    @property
    def with_addresses(self) -> tuple[Witness, ...]:
        """The witnesses that can be asked, because the policy says where they are."""
        return tuple(witness for witness in self.witnesses if witness.url)

    def format(self) -> bytes:
        """The policy without comments; `parse` reads it back as the same policy."""
        lines = [f"log {log.vkey.format()} {log.url}" for log in self.logs]
        lines += [f"witness {witness.name} {witness.vkey.format()} {witness.url}" for witness in self.witnesses]
        lines += [f"group {group.name} {group.threshold} {' '.join(group.members)}" for group in self.groups]
        lines.append(f"quorum {self.quorum}")
        return "".join(line.rstrip(" ") + "\n" for line in lines).encode("utf-8", "surrogateescape")

    def check(self, note_raw: bytes) -> Checkpoint:
        """The checkpoint, if one of the logs signed it and the quorum cosigned it.

        Raises FormatError, SizeError; Unverifiable ("trust-anchor") if none of the logs has its origin, ("transport") if it was
        damaged in transport, ("unknown-witness") if only witnesses that are passed over could fill the quorum;
        VerificationError ("checkpoint-signature", "witness-quorum"), also if any one signature of a known key is false.
        """
        checkpoint = checkpoint_in(note_raw)
        note = parse_note(note_raw)
        keys = [log.vkey for log in self.logs if log.vkey.name == checkpoint.origin]
        if not keys:
            raise Unverifiable(
                f"checkpoint of {shown(checkpoint.origin)}: the policy does not name this log; get the policy of this log from "
                "someone you trust",
                rule="trust-anchor",
            )
        open_note(note_raw, keys)
        self._check_quorum(checkpoint, {cosigner.witness for cosigner in self._cosigners(note, checkpoint)})
        return checkpoint

    def cosigned_by(self, note_raw: bytes) -> tuple[Cosigner, ...]:
        """Who cosigned a checkpoint, in the order of the policy, each witness once, with the latest of its times. Whether a log
        signed does not matter. Raises FormatError, SizeError; VerificationError if any one cosignature of a known key is false."""
        return self._cosigners(parse_note(note_raw), checkpoint_in(note_raw))

    def _check_quorum(self, checkpoint: Checkpoint, names: set[str]) -> None:
        held = self._held_by(names)
        if not self.asks_witnesses or self.quorum in held:
            return
        whose = f"checkpoint {checkpoint.tree_size} of {checkpoint.origin}: cosigned by {_listed(held) or 'no witness'}"
        short = f"{whose}, which does not reach the quorum {shown(self.quorum)}"
        unknown = {witness.name for witness in self.passed_over}
        if self.quorum in self._held_by(names | unknown):
            why = "because this version does not know their types of key; use a later version"
            raise Unverifiable(f"{short}; whether with {_listed(unknown)} cannot be checked, {why}", rule="unknown-witness")
        raise VerificationError(f"{short}; get more cosignatures", rule="witness-quorum")

    def _cosigners(self, note: Note, checkpoint: Checkpoint) -> tuple[Cosigner, ...]:
        """One false cosignature makes the whole note refused."""
        found: dict[str, Cosigner] = {}
        for witness in self.witnesses:
            if isinstance(witness.vkey, UnknownKey):
                continue
            whose = (witness.vkey.name, witness.vkey.key_id)
            for signature in note.signatures:
                if (signature.name, signature.key_id) == whose:
                    time = verify_cosignature(checkpoint, signature, witness.vkey)
                    latest = max(time, found[witness.name].time) if witness.name in found else time
                    found[witness.name] = Cosigner(witness.name, witness.vkey.name, latest)
        return tuple(found.values())

    def relies_on(self, names: set[str]) -> bool:
        """Whether these witnesses are enough to be believed: as many as the quorum has. If the policy asks for none, two or more,
        and more than half of them, because one alone may lie."""
        if self.asks_witnesses:
            return self.quorum in self._held_by(names)
        return len(names) >= ENOUGH and 2 * len(names) > len(self.witnesses)

    def _held_by(self, names: set[str]) -> set[str]:
        """`names`, and the groups whose threshold they reach."""
        held = set(names)
        for group in self.groups:
            if len(held.intersection(group.members)) >= group.threshold:
                held.add(group.name)
        return held


def printable(name: str) -> str:
    """A name of a policy as Unicode text. A name may be of any bytes; those that are not UTF-8 become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(printable, sorted(names)))


@dataclass
class _Draft:
    """A policy while its lines are being read."""

    logs: list[Log] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: str = ""
    names: set[str] = field(default_factory=lambda: {NONE})
    grouped: set[str] = field(default_factory=lambda: {NONE})

    def read(self, words: list[str]) -> None:
        """Add one line. Raises FormatError, CanonicalError."""
        match words:
            case ["log", vkey] | ["log", vkey, _]:
                self.logs.append(Log(_log_key(vkey, self.logs), *words[2:]))
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                self._define(name)
                self.witnesses.append(Witness(name, _witness_key(vkey, self.witnesses), *words[3:]))
            case ["group", name, share, first, *others]:
                members = (first, *others)
                threshold = {"any": 1, "all": len(members)}.get(share) or from_decimal(share, len(members))
                if threshold == 0:
                    raise _wrong("a group needs at least 1 of its members")
                self._take(members)
                self._define(name)
                self.groups.append(Group(name, threshold, members))
            case ["quorum", name] if name in self.names and not self.quorum:
                self.quorum = name
            case _:
                line = shown(" ".join(words))
                raise _wrong(f"{line} does not declare a log, a witness, a group, or the single quorum of a name above")

    def policy(self) -> Policy:
        """The policy that was read. Raises FormatError if there is no quorum line."""
        if not self.quorum:
            raise _wrong("policy: has no quorum line; write `quorum none` to ask for no witness")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)

    def _define(self, name: str) -> None:
        if name in self.names:
            raise _wrong(f"the name {shown(name)} is taken; choose another")
        self.names.add(name)

    def _take(self, members: tuple[str, ...]) -> None:
        for name in members:
            if name not in self.names or name in self.grouped:
                raise _wrong(f"{shown(name)} is not defined above, or is in a group already")
            self.grouped.add(name)


def _check_text(raw: bytes) -> None:
    """Check that every line ends in a newline and that tabs are the only other control characters. Raises FormatError."""
    if raw.lstrip()[:1] == b"{":
        raise _wrong("policy: is not a trust policy but JSON, such as a trace bundle; name the policy's file")
    if not raw.endswith(b"\n"):
        raise _wrong("policy: does not end in a newline; add one after the last line and save it again")
    if _FORBIDDEN.search(raw):
        raise _wrong("policy: contains control characters other than tabs and newlines; get the file again")


def _log_key(text: str, others: Iterable[Log]) -> VerifierKey:
    vkey = VerifierKey.parse(text)
    if vkey.algorithm != ED25519:
        raise _wrong(f"key {vkey.name}: must be of algorithm 0x{ED25519:02x}, not 0x{vkey.algorithm:02x}, which is a witness's")
    _check_new(vkey, others)
    return vkey


def _witness_key(text: str, others: Iterable[Witness]) -> VerifierKey | UnknownKey:
    vkey = parse_any_key(text)
    if isinstance(vkey, VerifierKey) and vkey.algorithm not in COSIGNING:
        raise _wrong(f"key {vkey.name}: is a log's, of algorithm 0x{vkey.algorithm:02x}; give a witness's, of 0x04 or 0x06")
    _check_new(vkey, others)
    return vkey


def _check_new(vkey: VerifierKey | UnknownKey, others: Iterable[Log | Witness]) -> None:
    if any((vkey.algorithm, vkey.public) == (other.vkey.algorithm, other.vkey.public) for other in others):
        raise _wrong(f"key {vkey.name}: the same public key is given above; give it once")


def _wrong(why: str) -> FormatError:
    return FormatError(why, rule="policy")
