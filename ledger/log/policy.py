"""A trust policy (C2SP tlog-policy): the logs and witnesses to trust, and the quorum of witnesses that a checkpoint needs.

    log <vkey> [<url>]
    witness <name> <vkey> [<url>]
    group <name> all|any|<k> <name>...
    quorum <name>|none

Words are separated by spaces and tabs; lines that begin with # are comments. A name must be defined on an earlier line and may be a
member of at most one group. Names are compared byte by byte, without normalisation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ..canonical import from_decimal
from ..errors import FormatError, SizeError, Unverifiable, VerificationError, shown
from .checkpoint import Checkpoint, checkpoint_in
from .cosignature import verify_cosignature
from .note import COSIGNATURE, ED25519, Note, VerifierKey, open_note, parse_note, reading
from .transport import undamaged

MAX_POLICY_BYTES = 65_536
NONE = "none"
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
    """A witness; its `name` has a meaning only within the policy."""

    name: str
    vkey: VerifierKey
    url: str = ""


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
        damaged in transport; VerificationError ("checkpoint-signature", "witness-quorum"), also if any one signature of a known key
        is false.
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
        names = self._cosigners(note, checkpoint)
        if not self.reaches_quorum(names):
            said = ", ".join(sorted(self._held_by(names))) or "no witness"
            raise VerificationError(
                f"checkpoint {checkpoint.tree_size} of {checkpoint.origin}: cosigned by {said}, "
                f"which does not reach the quorum {shown(self.quorum)}; get more cosignatures",
                rule="witness-quorum",
            )
        return checkpoint

    def _cosigners(self, note: Note, checkpoint: Checkpoint) -> set[str]:
        """The names of the witnesses that cosigned. One false cosignature makes the whole note refused."""
        known = {(witness.vkey.name, witness.vkey.key_id): witness for witness in self.witnesses}
        names = set()
        for signature in note.signatures:
            witness = known.get((signature.name, signature.key_id))
            if witness is not None:
                verify_cosignature(checkpoint, signature, witness.vkey)
                names.add(witness.name)
        return names

    def reaches_quorum(self, names: set[str]) -> bool:
        """Whether these witnesses, by their names in the policy, are as many as the quorum asks for."""
        return not self.asks_witnesses or self.quorum in self._held_by(names)

    def _held_by(self, names: set[str]) -> set[str]:
        """`names`, and the groups whose threshold they reach."""
        held = set(names)
        for group in self.groups:
            if len(held.intersection(group.members)) >= group.threshold:
                held.add(group.name)
        return held


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
                self.logs.append(Log(_key(vkey, ED25519, self.logs), *words[2:]))
            case ["witness", name, vkey] | ["witness", name, vkey, _]:
                self._define(name)
                self.witnesses.append(Witness(name, _key(vkey, COSIGNATURE, self.witnesses), *words[3:]))
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


def _key(text: str, algorithm: int, others: Iterable[Log | Witness]) -> VerifierKey:
    vkey = VerifierKey.parse(text)
    if vkey.algorithm != algorithm:
        raise _wrong(f"key {vkey.name}: must be of algorithm 0x{algorithm:02x}, not 0x{vkey.algorithm:02x}")
    if any(vkey.public == other.vkey.public for other in others):
        raise _wrong(f"key {vkey.name}: the same public key is given above; give it once")
    return vkey


def _wrong(why: str) -> FormatError:
    return FormatError(why, rule="policy")
