"""Mutations of the log: its chain, its tiles, its checkpoint, its versions, and what the reader trusts."""

from __future__ import annotations

from ledger.log.checkpoint import Checkpoint, format_checkpoint, parse_checkpoint
from ledger.log.merkle import EMPTY_ROOT, leaf_hash, root_of
from ledger.log.note import NoteSignature, format_note, parse_note, sign_note
from ledger.log.tile import entries_path, tile_path

from .cast import ORIGIN, OTHER_ORIGIN, key, policy, public
from .forge import Forge, cosigned, sealed, signed
from .mutation import NOTHING, OPERATOR, PARTY, Outcome, broken, mutation, unknown
from .on_bytes import flipped, replaced
from .telling import a


@mutation(OPERATOR)
def chain_prev(f: Forge) -> Outcome:
    """The last entry's `prev` is that of the entry before it."""
    return broken("chain", f.edit(f.last, lambda value: value.update(prev=f.value(f.last - 1)["prev"])))


@mutation(OPERATOR)
def chain_index(f: Forge) -> Outcome:
    """The last entry says that it is one place later."""
    return broken("chain", f.edit(f.last, lambda value: value.update(index=f.last + 1)))


@mutation(PARTY)
def chain_in_the_middle(f: Forge) -> Outcome:
    """An entry's `prev` is 64 zeros; everything after it is chained and signed again."""
    return broken("chain", f.retell(f.entry["goods"], lambda value: value.update(prev="0" * 64)))


@mutation(PARTY)
def chain_index_in_the_middle(f: Forge) -> Outcome:
    """A payment's entry says that it is 500 places later; receipts and returns name it by its place. All that follows is signed
    again."""
    return broken("chain", f.retell(f.entry["plain"], lambda value: value.update(index=value["index"] + 500)))


@mutation(OPERATOR)
def root_of_other_entries(f: Forge) -> Outcome:
    """The checkpoint is signed over the root of a log whose last two entries have changed places."""
    f.names.add("log")
    f.note = sealed([*f.entries[:-2], f.entries[-1], f.entries[-2]])
    return broken("root")


@mutation(NOTHING)
def tile_bit(f: Forge) -> Outcome:
    """One bit of the tile of leaf hashes is changed in a mirror."""
    path = tile_path(0, 0, len(f.entries))
    f.files[path] = flipped(b"".join(map(leaf_hash, f.entries)), 100)
    return broken("tile")


@mutation(NOTHING)
def tile_and_entry_in_a_mirror(f: Forge) -> Outcome:
    """A mirror changes the amount of the last entry; it has no key to sign anything with."""
    f.entries[-1] = replaced(f.entries[-1], b'"amount":250', b'"amount":260')
    tile = [leaf_hash(raw) for raw in f.entries]
    f.files[tile_path(0, 0, len(f.entries))] = b"".join(tile[:-1]) + b"\0" * 32
    also = (("root", -1, -1), ("statement-signature", f.last, -1), ("tape-flow", f.last, 0))
    return broken("tile", also=also)


@mutation(NOTHING)
def checkpoint_no_note(f: Forge) -> Outcome:
    """The checkpoint is a page that says that nothing was found."""
    f.note = b"<html>404 Not Found</html>\n"
    return broken("checkpoint", kept=False)


@mutation(OPERATOR)
def checkpoint_extension_line(f: Forge) -> Outcome:
    """The checkpoint has a fourth line; it is signed so."""
    text = parse_note(f.note).text
    f.names.add("log")
    f.note = sign_note(text + b"extension\n", ORIGIN, key("log"))
    return broken("checkpoint", kept=False)


@mutation(OPERATOR)
def checkpoint_leading_zero(f: Forge) -> Outcome:
    """The checkpoint writes its size with a leading zero; it is signed so."""
    text = parse_note(f.note).text
    f.names.add("log")
    f.note = sign_note(text.replace(b"\n%d\n" % len(f.entries), b"\n0%d\n" % len(f.entries)), ORIGIN, key("log"))
    return broken("checkpoint", kept=False)


@mutation(NOTHING)
def checkpoint_signature_bit(f: Forge) -> Outcome:
    """One bit of the log's signature is changed."""
    note = parse_note(f.note)
    first = note.signatures[0]
    wrong = NoteSignature(first.name, first.key_id, flipped(first.signature, 10))
    f.note = format_note(note.text, [wrong, *note.signatures[1:]])
    return broken("checkpoint-signature")


@mutation(NOTHING)
def checkpoint_signature_of_another_key(f: Forge) -> Outcome:
    """Somebody else's key signs the checkpoint under the log's name."""
    f.note = cosigned(signed(Checkpoint(ORIGIN, len(f.entries), root_of(map(leaf_hash, f.entries))), "river.xu"))
    f.names.add("river.xu")
    return broken("checkpoint-signature")


@mutation(NOTHING)
def checkpoint_signature_of_an_older_root(f: Forge) -> Outcome:
    """The last entry is removed, and the checkpoint's size and root are rewritten above the old signatures."""
    f.entries.pop()
    old = parse_note(f.note)
    text = format_checkpoint(Checkpoint(ORIGIN, len(f.entries), root_of(map(leaf_hash, f.entries))))
    f.note = format_note(text, old.signatures)
    return broken("checkpoint-signature")


@mutation(OPERATOR)
def witness_quorum_too_few(f: Forge) -> Outcome:
    """One witness of two has cosigned the checkpoint."""
    f.seal(witnesses=["east"])
    return broken("witness-quorum")


@mutation(OPERATOR)
def witness_quorum_none(f: Forge) -> Outcome:
    """No witness has cosigned the checkpoint."""
    f.seal(witnesses=[])
    return broken("witness-quorum")


@mutation(NOTHING)
def witness_quorum_bit(f: Forge) -> Outcome:
    """One bit of a cosignature is changed."""
    note = parse_note(f.note)
    last = note.signatures[-1]
    wrong = NoteSignature(last.name, last.key_id, flipped(last.signature, 40))
    f.note = format_note(note.text, [*note.signatures[:-1], wrong])
    return broken("witness-quorum")


@mutation(OPERATOR)
def ledger_entries_of_another_log(f: Forge) -> Outcome:
    """The entries are published under the checkpoint of another log, which the reader trusts too."""
    f.policy = policy(ORIGIN, OTHER_ORIGIN).format()
    f.seal(origin=OTHER_ORIGIN)
    return broken("ledger", 0)


@mutation(NOTHING)
def trust_anchor_policy_of_another_log(f: Forge) -> Outcome:
    """The reader's policy names another log."""
    f.policy = policy(OTHER_ORIGIN).format()
    return unknown("trust-anchor")


@mutation(NOTHING)
def trust_anchor_no_policy(f: Forge) -> Outcome:
    """The reader has no policy."""
    f.policy = b""
    return unknown("trust-anchor")


@mutation(NOTHING)
def missing_entries(f: Forge) -> Outcome:
    """The file of entries is gone."""
    f.files[entries_path(0, len(f.entries))] = None
    return unknown("missing", 0, kept=False)


@mutation(NOTHING)
def missing_half_of_the_entries(f: Forge) -> Outcome:
    """The file of entries is cut off in the middle of an entry."""
    kept = f.entries[: f.entry["goods"]]
    whole = b"".join(len(raw).to_bytes(2) + raw for raw in kept)
    f.files[entries_path(0, len(f.entries))] = whole + f.entries[len(kept)][:100]
    return unknown("missing", 0, kept=False)


@mutation(NOTHING)
def missing_tile(f: Forge) -> Outcome:
    """The tile of leaf hashes is gone."""
    f.files[tile_path(0, 0, len(f.entries))] = None
    return unknown("missing")


@mutation(NOTHING)
def missing_half_of_a_tile(f: Forge) -> Outcome:
    """The tile of leaf hashes is cut off."""
    f.files[tile_path(0, 0, len(f.entries))] = b"".join(map(leaf_hash, f.entries))[:1000]
    return unknown("missing")


@mutation(NOTHING)
def missing_checkpoint(f: Forge) -> Outcome:
    """The checkpoint is gone."""
    f.files["checkpoint"] = None
    return unknown("missing", kept=False)


@mutation(OPERATOR)
def missing_entry_that_was_signed(f: Forge) -> Outcome:
    """The checkpoint is signed over one entry more than there are."""
    f.names.add("log")
    root = parse_checkpoint(parse_note(f.note).text).root
    f.note = cosigned(signed(Checkpoint(ORIGIN, len(f.entries) + 1, root)))
    return unknown("missing", 0, kept=False)


@mutation(OPERATOR)
def empty_log(f: Forge) -> Outcome:
    """The checkpoint is signed over no entries."""
    f.names.add("log")
    f.entries.clear()
    f.note = cosigned(signed(Checkpoint(ORIGIN, 0, EMPTY_ROOT)))
    return unknown("empty", kept=False)


@mutation(OPERATOR)
def key_standing_of_the_log_key_at_the_start(f: Forge) -> Outcome:
    """A log of one entry, which names the operator's key as that of the log too."""
    f.entries[1:] = []
    f.retell(0, lambda value: value["statement"]["records"][0].update(log_key=public("op.chief")))
    return broken("key-standing", 0, 0, kept=False)


@mutation(OPERATOR)
def day_west_of_utc(f: Forge) -> Outcome:
    """A log whose days end an hour and a half after those of UTC: half an hour before its midnight, a gift is of that day, and one
    of the next."""
    f.entries[1:] = []
    f.retell(0, lambda value: value["statement"]["records"][0].update(time_zone="UTC-01:30"))
    fund = a("fund", id="op-fund", name="Own", purpose="Whatever comes", restriction="unrestricted")
    f.append("op.chief", a("unit", unit="CNY", exponent=2, name="Renminbi"), fund)
    gifts = [a("donation", fund="op-fund", unit="CNY", amount=10, channel="cash", received_on=f"2026-03-0{day}") for day in (1, 2)]
    flows = [[0, "+", "op-fund/CNY", 0, 10], [1, "+", "op-fund/CNY", 10, 20]]
    return broken("day", f.append("op.chief", *gifts, flows=flows), 1, kept=False)


@mutation(PARTY)
def version_of_an_entry(f: Forge) -> Outcome:
    """The last entry is in version 2."""
    record = a("allocation", fund="hope-school", unit="CNY", to="school-desks", amount=10)
    return unknown("version", f.append("hope.li2", record, v=2))


@mutation(PARTY)
def version_in_the_middle(f: Forge) -> Outcome:
    """An entry in the middle is of version 2; everything after it is signed again. What came before keeps its verdict."""
    return unknown("version", f.retell(f.entry["abroad"], lambda value: value.update(v=2)), kept=False)


@mutation(PARTY)
def unknown_kind(f: Forge) -> Outcome:
    """A record is of a later version's kind, and the next entry depends on it."""
    index = f.append("hope.li2", a("voucher", fund="hope-school", face=100, number=3))
    f.append(
        "hope.li2",
        a("allocation", fund="vouchers", unit="CNY", to="hope-school", amount=300),
        flows=[[0, "-", "vouchers/CNY", 0, 300]],
    )
    return unknown("unknown-kind", index)


@mutation(PARTY)
def unknown_member(f: Forge) -> Outcome:
    """An allocation has a member of later days."""
    record = a("allocation", fund="hope-school", unit="CNY", to="school-desks", amount=10, expires_on="2026-12-31")
    return unknown("unknown-member", f.append("hope.li2", record))


@mutation(PARTY)
def unknown_member_in_the_place_of_a_known_one(f: Forge) -> Outcome:
    """An allocation has `amounts` where this version has `amount`."""
    record = a("allocation", fund="hope-school", unit="CNY", to="school-desks", amounts=[10, 20])
    return unknown("unknown-member", f.append("hope.li2", record))


@mutation(PARTY)
def unknown_member_of_an_entry(f: Forge) -> Outcome:
    """An entry has a member of later days."""
    record = a("allocation", fund="hope-school", unit="CNY", to="school-desks", amount=10)
    return unknown("unknown-member", f.append("hope.li2", record, x="later"))


@mutation(OPERATOR)
def rules_of_later_days(f: Forge) -> Outcome:
    """Another rule set comes into force, and the next entry is allowed by it alone."""
    index = f.append("op.chief", a("rules", rules="givetrail/2"))
    debt = a("payment", fund="school-books", unit="CNY", amount=9999, payee="shop", cost_class="programme", paid_on="2026-05-06")
    f.append("hope.li2", debt, flows=[[0, "-", "school-books/CNY", 9000, 18999]])
    return unknown("rules", index, 0)


@mutation(PARTY)
def rules_from_the_start(f: Forge) -> Outcome:
    """Entry 0 names another rule set; all is signed again."""
    return unknown("rules", f.retell(0, lambda value: value["statement"]["records"][0].update(rules="givetrail/2")), 0, kept=False)
