"""Attacks on the checkpoint, on the witnesses' cosignatures, and on whom the auditor trusts."""

from __future__ import annotations

from ledger.log.checkpoint import Checkpoint, format_checkpoint, parse_checkpoint
from ledger.log.merkle import leaf_hash, root_of
from ledger.log.note import NoteSignature, VerifierKey, format_note, parse_note, sign_note
from ledger.log.policy import Log, Policy
from tests.golden.cast import ORIGIN, key, log_vkey, policy, witness_vkey
from tests.golden.forge import cosigned, sealed, signed

from .case import NOTHING, OPERATOR, POLICY, Hearing, attack, broken, refused, unknown
from .curve import with_order_added
from .forging import LogForge, story

WITNESSED = policy().format()


def head(f: LogForge) -> Checkpoint:
    """What the checkpoint says."""
    return parse_checkpoint(parse_note(f.note).text)


def resigned(f: LogForge, number: int, signature: bytes) -> bytes:
    """The checkpoint with other bytes in one of its signatures."""
    note = parse_note(f.note)
    listed = list(note.signatures)
    listed[number] = NoteSignature(listed[number].name, listed[number].key_id, signature)
    return format_note(note.text, listed)


@attack(NOTHING, story)
def checkpoint_text_bit(f: LogForge) -> Hearing:
    """One bit of the root in the checkpoint's text is changed."""
    old = head(f)
    text = format_checkpoint(Checkpoint(old.origin, old.tree_size, bytes([old.root[0] ^ 1]) + old.root[1:]))
    f.note = format_note(text, parse_note(f.note).signatures)
    yield POLICY, broken("checkpoint-signature", also=(("root", -1, -1),))


@attack(NOTHING, story)
def checkpoint_of_a_larger_tree(f: LogForge) -> Hearing:
    """The size in the checkpoint is raised, so that honest files look incomplete."""
    text = format_checkpoint(Checkpoint(ORIGIN, head(f).tree_size + 1, head(f).root))
    f.note = format_note(text, parse_note(f.note).signatures)
    f.files = {path: raw for path, raw in f.honest().items() if path != "checkpoint"}
    yield POLICY, broken("checkpoint-signature", also=(("missing", 0, -1),))


@attack(NOTHING, story)
def checkpoint_signature_malleated(f: LogForge) -> Hearing:
    """The order of the group is added to S of the log's signature: another signature that a careless program accepts."""
    f.note = resigned(f, 0, with_order_added(parse_note(f.note).signatures[0].signature))
    yield POLICY, broken("checkpoint-signature")


@attack(NOTHING, story)
def checkpoint_signature_stripped(f: LogForge) -> Hearing:
    """The log's line is taken off; the witnesses' lines stay."""
    f.note = format_note(parse_note(f.note).text, parse_note(f.note).signatures[1:])
    yield POLICY, broken("checkpoint-signature")


@attack(NOTHING, story)
def checkpoint_signature_under_another_name(f: LogForge) -> Hearing:
    """The log's signature is under another name."""
    first, *others = parse_note(f.note).signatures
    moved = NoteSignature("ledger.example.org/other", first.key_id, first.signature)
    f.note = format_note(parse_note(f.note).text, [moved, *others])
    yield POLICY, broken("checkpoint-signature")


@attack(NOTHING, story)
def checkpoint_with_other_line_ends(f: LogForge) -> Hearing:
    """The lines of the checkpoint end in CR LF."""
    f.files["checkpoint"] = f.note.replace(b"\n", b"\r\n")
    yield POLICY, unknown("transport")


@attack(NOTHING, story)
def checkpoint_under_many_signatures(f: LogForge) -> Hearing:
    """A hundred lines of strangers' signatures are added: more than a note may have."""
    lines = b"".join(b"\xe2\x80\x94 stranger-%d AAAAAGFi\n" % number for number in range(100))
    f.files["checkpoint"] = f.note + lines
    yield POLICY, broken("checkpoint")


@attack(NOTHING, story)
def checkpoint_of_megabytes(f: LogForge) -> Hearing:
    """The checkpoint is a note of a megabyte."""
    f.files["checkpoint"] = b"x" * 2**20 + b"\n\n" + f.note.partition(b"\n\n")[2]
    yield POLICY, broken("checkpoint")


@attack(NOTHING, story)
def checkpoint_of_a_name_that_looks_alike(f: LogForge) -> Hearing:
    """Somebody signs the log under a name that differs by one letter of another alphabet, with a key of his own."""
    name = ORIGIN.replace("e", "\u0435", 1)
    f.note = sign_note(format_checkpoint(Checkpoint(name, len(f.entries), head(f).root)), name, key("mallory.key"))
    yield POLICY, broken("ledger", 0, also=(("trust-anchor", -1, -1),))


@attack(OPERATOR, story)
def checkpoint_by_a_second_key_of_the_same_name(f: LogForge) -> Hearing:
    """The operator signs with another key under the same origin, as if the log had been given a new key."""
    f.note = signed(Checkpoint(ORIGIN, len(f.entries), head(f).root), "mallory.key")
    yield POLICY, broken("checkpoint-signature")


@attack(OPERATOR, story)
def policy_of_another_key_than_entry_0_names(f: LogForge) -> Hearing:
    """The operator hands out a policy with another key under the same origin, and signs with it; entry 0 names the old one."""
    f.note = signed(Checkpoint(ORIGIN, len(f.entries), head(f).root), "mallory.key")
    f.policy = Policy.for_log(VerifierKey(ORIGIN, key("mallory.key").public)).format()
    yield POLICY, broken("ledger", 0, 0)


@attack(NOTHING, story)
def policy_of_the_same_key_and_another_name(f: LogForge) -> Hearing:
    """The auditor's policy has the right key under another name."""
    f.policy = Policy((Log(VerifierKey("ledger.example.org/gold", log_vkey().public)),)).format()
    yield POLICY, unknown("trust-anchor")


@attack(NOTHING, story)
def policy_of_nobody(f: LogForge) -> Hearing:
    """The auditor is given a policy that names no log."""
    f.policy = b"quorum none\n"
    yield POLICY, unknown("trust-anchor")


@attack(NOTHING, story)
def policy_with_one_witness_under_two_names(f: LogForge) -> Hearing:
    """A policy asks for two witnesses and names one key twice."""
    line = witness_vkey("north").format()
    f.policy = f"log {log_vkey().format()}\nwitness a {line}\nwitness b {line}\ngroup both all a b\nquorum both\n".encode()
    yield POLICY, refused("policy")


@attack(OPERATOR, story)
def witness_cosignature_of_an_earlier_checkpoint(f: LogForge) -> Hearing:
    """The operator moves the witnesses' cosignatures of an earlier checkpoint to one that they never saw."""
    f.policy = WITNESSED
    old = parse_note(sealed(f.entries[:-1])).signatures[1:]
    note = parse_note(f.note)
    f.note = format_note(note.text, [note.signatures[0], *old])
    yield POLICY, broken("witness-quorum")


@attack(OPERATOR, story)
def witness_counted_twice(f: LogForge) -> Hearing:
    """One witness has cosigned twice, where two witnesses are asked for."""
    f.policy = WITNESSED
    f.note = cosigned(signed(head(f)), ["north", "north"])
    yield POLICY, broken("witness-quorum")


@attack(OPERATOR, story)
def witness_signature_of_another_sort(f: LogForge) -> Hearing:
    """The witnesses' keys have signed the text as a log does, without the time that a cosignature says."""
    f.policy = WITNESSED
    note = parse_note(signed(head(f)))
    made = [
        NoteSignature(witness_vkey(name).name, witness_vkey(name).key_id, bytes(8) + key(f"witness.{name}").sign(note.text))
        for name in ("north", "south")
    ]
    f.note = format_note(note.text, [*note.signatures, *made])
    yield POLICY, broken("witness-quorum")


@attack(OPERATOR, story)
def witness_cosignature_with_another_time(f: LogForge) -> Hearing:
    """The time in a cosignature is changed, so that an old log looks freshly seen."""
    f.policy = WITNESSED
    last = parse_note(f.note).signatures[-1]
    later = int.from_bytes(last.signature[:8]) + 86_400
    f.note = resigned(f, -1, later.to_bytes(8) + last.signature[8:])
    yield POLICY, broken("witness-quorum")


@attack(OPERATOR, story)
def fork_that_no_witness_saw(f: LogForge) -> Hearing:
    """The operator signs a second history for one reader; the witnesses, who saw the first, do not cosign it."""
    f.policy = WITNESSED
    f.entries.pop()
    f.note = signed(Checkpoint(ORIGIN, len(f.entries), root_of(map(leaf_hash, f.entries))))
    yield POLICY, broken("witness-quorum")
