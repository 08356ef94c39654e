"""Trace bundles that are tampered with on their way to a reader, or whose flows were never in order."""

from __future__ import annotations

import gzip

from ledger.canonical import encode

from .case import NOTHING, OPERATOR, POLICY, Hearing, attack, broken, refused, unknown
from .forging import BundleForge, bundle, gift, payment


@attack(NOTHING, bundle)
def bundle_range_stretched(b: BundleForge) -> Hearing:
    """A range is made one unit longer than what it says of the gift."""
    b.value["ranges"][0]["end"] += 1
    yield POLICY, broken("tape-flow", b.gift, 0)


@attack(NOTHING, bundle)
def bundle_range_led_elsewhere(b: BundleForge) -> Hearing:
    """A range says that the units are in another fund."""
    b.value["ranges"][0]["tape"] = "school-store/rice"
    yield POLICY, broken("tape-flow", b.gift, 0)


@attack(NOTHING, bundle)
def bundle_range_at_a_better_level(b: BundleForge) -> Hearing:
    """A range says that a third party acknowledged what the charity only said itself."""
    for piece in b.value["ranges"]:
        piece["level"] = "third-party"
    yield POLICY, broken("tape-flow", b.gift, 0)


@attack(NOTHING, bundle)
def bundle_range_of_truth_values(b: BundleForge) -> Hearing:
    """The first range begins at `false`, which is 0 to some programs."""
    b.value["ranges"][0]["start"] = False
    yield POLICY, broken("tape-flow", b.gift, 0)


@attack(NOTHING, bundle)
def bundle_with_swapped_proofs(b: BundleForge) -> Hearing:
    """The proofs of two entries change places."""
    one, other = b.at(b.gift), b.at(b.log.entry["goods"])
    one["proof"], other["proof"] = other["proof"], one["proof"]
    yield POLICY, broken("inclusion", b.gift, also=(("inclusion", b.log.entry["goods"], -1),))


@attack(NOTHING, bundle)
def bundle_with_a_proof_too_long(b: BundleForge) -> Hearing:
    """A proof has one hash more than the tree has levels."""
    b.at(b.gift)["proof"].append("00" * 32)
    yield POLICY, broken("inclusion", b.gift)


@attack(NOTHING, bundle)
def bundle_without_proofs(b: BundleForge) -> Hearing:
    """The gift's entry has no proof."""
    b.at(b.gift)["proof"].clear()
    yield POLICY, broken("inclusion", b.gift)


@attack(NOTHING, bundle)
def bundle_with_entries_under_other_numbers(b: BundleForge) -> Hearing:
    """Two entries change places, each with its own proof."""
    one, other = b.at(42), b.at(43)
    for name in ("entry", "proof"):
        one[name], other[name] = other[name], one[name]
    yield POLICY, broken("chain", 42, more=True)


@attack(NOTHING, bundle)
def bundle_of_another_gifts_entries(b: BundleForge) -> Hearing:
    """The bundle names another gift than the one whose entries it holds."""
    b.value["gift"] = f"{b.gift}.1"
    yield POLICY, broken("tape-flow", b.gift, 1)


@attack(NOTHING, bundle)
def bundle_of_no_gift(b: BundleForge) -> Hearing:
    """The bundle names a payment as the gift."""
    b.value["gift"] = f"{b.log.entry['goods']}.0"
    yield POLICY, unknown("missing")


@attack(NOTHING, bundle)
def bundle_entry_twice(b: BundleForge) -> Hearing:
    """An entry is given twice, so that its flows would count twice."""
    b.value["entries"].append(b.value["entries"][-1])
    yield POLICY, refused("bundle")


@attack(NOTHING, bundle)
def bundle_in_another_order(b: BundleForge) -> Hearing:
    """The entries of the bundle are in another order."""
    b.value["entries"].reverse()
    yield POLICY, refused("bundle")


@attack(NOTHING, bundle)
def bundle_with_a_space(b: BundleForge) -> Hearing:
    """The bundle's bytes are not canonical."""
    b.raw = encode(b.value) + b" "
    yield POLICY, refused("canonical")


@attack(NOTHING, bundle)
def bundle_cut_off(b: BundleForge) -> Hearing:
    """The bundle ends in the middle."""
    b.raw = encode(b.value)[:20_000]
    yield POLICY, refused("missing", 4)


@attack(NOTHING, bundle)
def bundle_compressed(b: BundleForge) -> Hearing:
    """The bundle is compressed with gzip; nothing unpacks it."""
    b.raw = gzip.compress(encode(b.value), mtime=0)
    yield POLICY, refused("canonical")


@attack(NOTHING, bundle)
def bundle_nested_deeply(b: BundleForge) -> Hearing:
    """The ranges are brackets, a hundred thousand deep."""
    b.raw = encode({**b.value, "ranges": []}).replace(b'"ranges":[]', b'"ranges":' + b"[" * 100_000 + b"]" * 100_000)
    yield POLICY, refused("canonical")


@attack(NOTHING, bundle)
def bundle_of_a_later_version(b: BundleForge) -> Hearing:
    """The bundle says that it is of version 2."""
    b.value["v"] = 2
    yield POLICY, refused("version", 4)


@attack(NOTHING, bundle)
def bundle_with_openings(b: BundleForge) -> Hearing:
    """The bundle says something about a person that no entry commits to."""
    b.value["openings"] = ["WyJzYWx0IiwibmFtZSIsIkEiXQ"]
    yield POLICY, refused("bundle")


@attack(NOTHING, bundle)
def bundle_without_a_unit(b: BundleForge) -> Hearing:
    """The entry that says how many decimals a yuan has is left out, so that amounts would read a hundredfold."""
    b.leave_out(1)
    yield POLICY, broken("tape-flow", b.gift, 0)


@attack(NOTHING, bundle)
def bundle_without_the_ledgers_name(b: BundleForge) -> Hearing:
    """Entry 0 is left out, which says whose key admits the parties and where local days begin."""
    b.leave_out(0)
    yield POLICY, broken("key-standing", 1, more=True)


@attack(NOTHING, bundle)
def bundle_of_another_branch(b: BundleForge) -> Hearing:
    """The entries of one branch of a fork are under the checkpoint of the other."""
    honest = b.value["checkpoint"]
    b.log.edit(b.log.last, lambda value: value.update(time="2026-05-06T01:10:00Z"))
    b.from_the_log()
    b.value["checkpoint"] = honest
    yield POLICY, broken("inclusion", 0, more=True)


@attack(OPERATOR, bundle)
def bundle_of_a_circle(b: BundleForge) -> Hearing:
    """The flows of two allocations lead units round in a circle, which a careless program follows for ever."""
    start = b.log.end("hope-school/CNY")
    index = gift(b.log, 50, "hope-school")
    ring = ("hope-school", "school-books", start), ("school-books", "hope-school", 9000)
    entries = []
    for source, to, at in ring:
        there = 9000 if to == "school-books" else start
        flows = [[0, "-", f"{source}/CNY", at, at + 50], [0, "+", f"{to}/CNY", there, there + 50]]
        said = {"kind": "allocation", "fund": source, "to": to, "unit": "CNY", "amount": 50}
        entries.append(b.log.append("hope.li2", said, flows=flows))
    b.show(index, *entries)
    yield POLICY, broken("tape-flow", entries[1], 0, more=True)


@attack(OPERATOR, bundle)
def bundle_of_a_payment_in_pieces(b: BundleForge) -> Hearing:
    """The flows of two payments take the same units, so that one gift pays for both."""
    index = gift(b.log)
    start, end = b.log.value(index)["flows"][0][3:]
    twice = [b.log.append("hope.li2", payment(50), flows=[[0, "-", "school-desks/CNY", start, end]]) for _ in range(2)]
    b.show(index, *twice)
    yield POLICY, broken("tape-flow", twice[1], 0)
