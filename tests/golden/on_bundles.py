"""Mutations of a trace bundle: what can be changed in the file on its way to a donor, or by a dishonest operator who makes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from ledger.canonical import encode, from_base64, parse, to_base64
from ledger.log.merkle import leaf_hash, prove_inclusion, root_of
from ledger.log.note import NoteSignature, format_note, parse_note

from .cast import OTHER_ORIGIN, policy
from .forge import Forge
from .mutation import NOTHING, OPERATOR, Outcome, broken, unknown
from .on_bytes import flipped


class BundleMutation(NamedTuple):
    """`name` is the file's; `of` the bundle that is changed; `does` one sentence; `holds` what the attacker has."""

    name: str
    of: str
    does: str
    holds: str
    make: Callable[[BundleForge], Outcome]


class BundleForge:
    """A bundle that is being forged. `value` is its JSON; `log` what a dishonest operator makes it from."""

    def __init__(self, raw: bytes, log: Forge) -> None:
        self.value: dict[str, Any] = parse(raw)
        self.log = log
        self.policy: bytes | None = None

    @property
    def gift(self) -> int:
        """The index of the gift's entry."""
        return int(self.value["gift"].partition(".")[0])

    def at(self, index: int) -> dict[str, Any]:
        """The part of the bundle that holds an entry."""
        return next(one for one in self.value["entries"] if one["index"] == index)

    def leave_out(self, index: int) -> None:
        """Take an entry out of the bundle."""
        self.value["entries"].remove(self.at(index))

    def from_the_log(self) -> None:
        """Take the entries as they are in the forged log, under its checkpoint, with true proofs."""
        hashes = [leaf_hash(raw) for raw in self.log.entries]
        for one in self.value["entries"]:
            proof = prove_inclusion(one["index"], len(hashes), lambda level, at: root_of(hashes[at << level : (at + 1) << level]))
            one.update(entry=to_base64(self.log.entries[one["index"]]), proof=[step.hex() for step in proof])
        self.value["checkpoint"] = self.log.note.decode()


BUNDLE_MUTATIONS: list[BundleMutation] = []
Make = Callable[[BundleForge], Outcome]


def of_bundle(of: str, holds: str) -> Callable[[Make], Make]:
    """Register a mutation of a bundle under its function's name; the docstring says what is done."""

    def register(make: Make) -> Make:
        BUNDLE_MUTATIONS.append(
            BundleMutation(make.__name__.replace("_", "-"), of, " ".join((make.__doc__ or "").split()), holds, make)
        )
        return make

    return register


@of_bundle("bundle-goods", NOTHING)
def bundle_proof_bit(b: BundleForge) -> Outcome:
    """One bit of the proof of the gift's entry is changed."""
    proof = b.at(b.gift)["proof"]
    proof[2] = flipped(bytes.fromhex(proof[2])).hex()
    return broken("inclusion", b.gift)


@of_bundle("bundle-goods", NOTHING)
def bundle_entry_changed(b: BundleForge) -> Outcome:
    """The channel of the gift is given another name."""
    part = b.at(b.gift)
    raw = from_base64(part["entry"])
    part["entry"] = to_base64(raw.replace(b'"wechat-pay"', b'"wechat-psy"'))
    return broken("inclusion", b.gift, also=(("statement-signature", b.gift, -1),))


@of_bundle("bundle-goods", NOTHING)
def bundle_state_changed(b: BundleForge) -> Outcome:
    """The bundle says of units that were written off that they were reported on."""
    for piece in b.value["ranges"]:
        piece["state"] = "reported" if piece["state"] == "written-off" else piece["state"]
    return broken("tape-flow", b.gift, 0)


@of_bundle("bundle-goods", NOTHING)
def bundle_range_left_out(b: BundleForge) -> Outcome:
    """The bundle leaves out what became of some units."""
    b.value["ranges"].pop(1)
    return broken("tape-flow", b.gift, 0)


@of_bundle("bundle-goods", NOTHING)
def bundle_payment_left_out(b: BundleForge) -> Outcome:
    """The payment's entry is left out, so that the units seem to wait."""
    b.leave_out(b.log.entry["goods"])
    return broken("tape-flow", b.gift, 0)


@of_bundle("bundle-goods", NOTHING)
def bundle_gift_left_out(b: BundleForge) -> Outcome:
    """The gift's own entry is left out."""
    b.leave_out(b.gift)
    return unknown("missing")


@of_bundle("bundle-platform", NOTHING)
def bundle_key_left_out(b: BundleForge) -> Outcome:
    """The entry that introduces a platform and its key is left out: nothing in the bundle says whose key signed."""
    index = b.log.entry["platform"]
    b.leave_out(index)
    speaks = sorted(
        one["index"] for one in b.value["entries"] if b.log.value(one["index"])["statement"]["party"] in ("gate", "build")
    )
    first, *others = [(rule, at, -1) for rule in ("key-standing", "authority") for at in speaks]
    return broken(*first, also=tuple(others))


@of_bundle("bundle-goods", NOTHING)
def bundle_checkpoint_bit(b: BundleForge) -> Outcome:
    """One bit of the signature of the checkpoint is changed."""
    note = parse_note(b.value["checkpoint"].encode())
    first = note.signatures[0]
    wrong = NoteSignature(first.name, first.key_id, flipped(first.signature, 10))
    b.value["checkpoint"] = format_note(note.text, [wrong, *note.signatures[1:]]).decode()
    return broken("checkpoint-signature")


@of_bundle("bundle-goods", NOTHING)
def bundle_without_witnesses(b: BundleForge) -> Outcome:
    """The cosignatures are taken off the checkpoint."""
    note = parse_note(b.value["checkpoint"].encode())
    b.value["checkpoint"] = format_note(note.text, note.signatures[:1]).decode()
    return broken("witness-quorum")


@of_bundle("bundle-goods", NOTHING)
def bundle_policy_of_another_log(b: BundleForge) -> Outcome:
    """The reader's policy names another log."""
    b.policy = policy(OTHER_ORIGIN).format()
    return unknown("trust-anchor")


@of_bundle("bundle-platform", OPERATOR)
def bundle_of_a_gift_without_flows(b: BundleForge) -> Outcome:
    """The log holds the gift without flows; the bundle is made from it."""
    b.log.retell(b.gift, lambda value: value["flows"].clear())
    b.from_the_log()
    return broken("tape-flow", b.gift, 0)


@of_bundle("bundle-goods", OPERATOR)
def bundle_of_a_payment_with_other_flows(b: BundleForge) -> Outcome:
    """The log lets a payment take one unit of what it pays for; the bundle is made from it."""
    index = b.log.retell(b.log.entry["goods"], lambda value: value["flows"][0].__setitem__(slice(3, 5), [0, 1]))
    b.from_the_log()
    return broken("tape-flow", index, 0)


@of_bundle("bundle-goods", OPERATOR)
def bundle_signed_by_a_stranger(b: BundleForge) -> Outcome:
    """A delivery is signed by a key that no party has; the bundle is made from that log."""
    index = b.log.retell(b.log.entry["delivery"], lambda value: None, names="mallory.key")
    b.from_the_log()
    return broken("key-standing", index, also=(("authority", index, -1),))


def made(forge: BundleForge) -> bytes:
    """The bundle's bytes."""
    return encode(forge.value)
