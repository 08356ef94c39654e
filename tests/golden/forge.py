"""What a dishonest operator can do with a log: change it, add to it, chain it again, and sign it again, with any of the keys."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from ledger.canonical import encode, parse, to_base64
from ledger.entries.statement import pae
from ledger.log.checkpoint import Checkpoint, parse_checkpoint, sign_checkpoint
from ledger.log.cosignature import cosign
from ledger.log.merkle import leaf_hash, root_of
from ledger.log.note import format_note, parse_note
from ledger.log.tile import FULL_WIDTH, encode_entries, entries_path, grow, tile_path

from .cast import LOG_KEYS, ORIGIN, OTHER_ORIGIN, key, names_of_keys, policy, public, witness_vkey
from .telling import uuid

COSIGNED_AT = 1778029440
FORGED = 900
Edit = Callable[[dict[str, Any]], None]


def sealed(entries: list[bytes], origin: str = ORIGIN, witnesses: Iterable[str] = ("north", "south")) -> bytes:
    """The checkpoint over these entries, signed by the log and by witnesses."""
    return cosigned(signed(Checkpoint(origin, len(entries), root_of(map(leaf_hash, entries))), LOG_KEYS[origin]), witnesses)


def signed(checkpoint: Checkpoint, name: str = "log") -> bytes:
    """A checkpoint with one signature."""
    return sign_checkpoint(checkpoint, key(name))


def cosigned(note_raw: bytes, witnesses: Iterable[str] = ("north", "south")) -> bytes:
    """A signed checkpoint with what witnesses add to it."""
    note = parse_note(note_raw)
    checkpoint = parse_checkpoint(note.text)
    added = [cosign(checkpoint, COSIGNED_AT, witness_vkey(name).name, key(f"witness.{name}")) for name in witnesses]
    return format_note(note.text, [*note.signatures, *added])


def tiles(entries: list[bytes]) -> dict[str, bytes]:
    """Every file of the log but the checkpoint, by its path; one level of tiles is enough here."""
    files = {}
    for level, index, content in grow(0, map(leaf_hash, entries), lambda level, index: b""):
        files[tile_path(level, index, len(content) // 32)] = content
        if level == 0:
            bundle = entries[index * FULL_WIDTH : (index + 1) * FULL_WIDTH]
            files[entries_path(index, len(bundle))] = encode_entries(bundle)
    return files


def lay_out(folder: Path, files: dict[str, bytes]) -> None:
    """Write files to a folder."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


class Forge:
    """A log that is being forged. `names` collects whose keys have signed anew; `files` are put in place of, or (None) taken out
    of, what the entries and the checkpoint give; `policy` takes the place of the log's, `as_of` that of the last entry's day;
    `told` is how many entries the story has."""

    def __init__(self, entries: list[bytes], note: bytes, entry: dict[str, int]) -> None:
        self.entries, self.note = list(entries), note
        self.told, self.entry = len(entries), entry
        self.names: set[str] = set()
        self.files: dict[str, bytes | None] = {}
        self.policy: bytes | None = None
        self.as_of = ""

    @property
    def last(self) -> int:
        """The index of the last entry."""
        return len(self.entries) - 1

    def value(self, index: int) -> dict[str, Any]:
        """An entry, decoded."""
        return parse(self.entries[index])

    def seal(self, origin: str = ORIGIN, **more: Any) -> None:
        """Sign the log as it is now."""
        self.names.add(LOG_KEYS[origin])
        self.note = sealed(self.entries, origin, **more)

    def replace(self, index: int, raw: bytes) -> int:
        """Put other bytes in an entry's place, and sign the log."""
        self.entries[index] = raw
        self.seal()
        return index

    def edit(self, index: int, edit: Edit) -> int:
        """Change an entry outside its statement, chain what follows again, and sign the log. No party has signed anew, so what
        later statements are bound to is gone."""
        value = self.value(index)
        edit(value)
        self.entries[index] = encode(value)
        self._chain(index + 1)
        self.seal()
        return index

    def retell(self, index: int, edit: Edit, names: str = "", spoil: Callable[[bytes], bytes] = bytes) -> int:
        """Change an entry, and sign it and all that follows again, with everybody's keys. `names` sign in place of those who did;
        `spoil` changes the entry's bytes."""
        before = {leaf_hash(raw).hex(): number for number, raw in enumerate(self.entries)}
        for at in range(index, len(self.entries)):
            value = self.value(at)
            bound = before.get(value["statement"].get("after", "").partition(":")[2], -1)
            if at == index:
                edit(value)
            if bound >= index:
                value["statement"]["after"] = self._bound(bound)
            value["prev"] = value["prev"] if at == index else self.hash(at - 1)
            self._sign(value, names.split() if names and at == index else list(self._signers(value)))
            self.entries[at] = spoil(encode(value)) if at == index else encode(value)
        self.seal()
        return index

    def append(self, names: str, *records: dict[str, Any], flows: list[list[Any]] = (), **members: Any) -> int:
        """Add an entry that no honest log would take, and sign the log: by the keys of `names`, by the first one's party."""
        last = self.value(self.last)
        index = self.last + 1
        statement = {
            "after": self._bound(self.last), "id": uuid(FORGED + index), "ledger": ORIGIN, "party": names.partition(".")[0],
            "records": [*records], "signed_at": last["time"],
        }  # fmt: skip
        statement.update({name: members.pop(name) for name in list(members) if name in statement})
        statement = {name: member for name, member in statement.items() if member != ""}
        value = {
            "flows": list(flows), "index": index, "prev": self.hash(self.last), "statement": statement, "time": last["time"],
            "v": 1, **members,
        }  # fmt: skip
        if "signatures" not in value:
            self._sign(value, names.split())
        self.entries.append(encode(value))
        self.seal()
        return index

    def succeed(self, size: int, names: str = "op.chief auditco.chen", **members: Any) -> int:
        """Let another log continue this one after its first `size` entries; the index of the succession. `members` are those of the
        record, and `named` what it says of the log that ended, where that is not the truth."""
        del self.entries[size:]
        root = root_of(map(leaf_hash, self.entries)).hex()
        continues = {"origin": ORIGIN, "root": root, "size": size, **members.pop("named", {})}
        record = {"kind": "succession", "continues": continues, "log_key": public("other-log"), "reason": "A disk died", **members}
        index = self.append(names, record, ledger=OTHER_ORIGIN)
        self.go_on()
        return index

    def go_on(self) -> None:
        """Sign the log as that which continues the other, and trust it."""
        self.names.discard("log")
        self.seal(OTHER_ORIGIN)
        self.policy = policy(OTHER_ORIGIN).format()

    def end(self, tape: str) -> int:
        """How far a tape has grown."""
        return max((row[4] for row in self._rows(tape) if row[1] == "+"), default=0)

    def lowest(self, tape: str, amount: int) -> list[tuple[int, int]]:
        """The lowest units of a tape that are left, as ranges; counted unit by unit."""
        taken = {unit for row in self._rows(tape) if row[1] == "-" for unit in range(row[3], row[4])}
        ranges: list[tuple[int, int]] = []
        for unit in [unit for unit in range(self.end(tape)) if unit not in taken][:amount]:
            joins = bool(ranges) and ranges[-1][1] == unit
            ranges[-1:] = [(ranges[-1][0], unit + 1)] if joins else [*ranges[-1:], (unit, unit + 1)]
        return ranges

    def out(self, tape: str, amount: int, record: int = 0) -> list[list[Any]]:
        """The flows of a record that takes the lowest units."""
        return [[record, "-", tape, start, end] for start, end in self.lowest(tape, amount)]

    def into(self, tape: str, amount: int, record: int = 0) -> list[list[Any]]:
        """The flow of a record that brings units in."""
        return [[record, "+", tape, self.end(tape), self.end(tape) + amount]]

    def _rows(self, tape: str) -> Iterator[list[Any]]:
        for index in range(len(self.entries)):
            yield from (row for row in self.value(index)["flows"] if row[2] == tape)

    def hash(self, index: int) -> str:
        """The leaf hash of an entry, in hex."""
        return leaf_hash(self.entries[index]).hex()

    def _bound(self, index: int) -> str:
        return f"{index}:{self.hash(index)}"

    def _chain(self, first: int) -> None:
        for index in range(first, len(self.entries)):
            value = self.value(index)
            value["index"], value["prev"] = index, self.hash(index - 1)
            self.entries[index] = encode(value)

    def _signers(self, value: dict[str, Any]) -> Iterator[str]:
        known = names_of_keys()
        for signature in value["signatures"]:
            yield known[signature["key"]]

    def _sign(self, value: dict[str, Any], names: list[str]) -> None:
        self.names.update(names)
        message = pae(encode(value["statement"]))
        keys = sorted(map(key, names), key=lambda one: one.public)
        value["signatures"] = [{"key": to_base64(one.public), "sig": to_base64(one.sign(message))} for one in keys]


def changed(value: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A copy of an object with other members."""
    return {**copy.deepcopy(value), **members}
