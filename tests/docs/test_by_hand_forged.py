"""docs/how-to/verify-by-hand.md on bundles that were tampered with: the check that fails is named, and the script ends with 1."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from ledger.bundle.verification import verify_bundle
from ledger.canonical import from_base64, parse, to_base64
from ledger.errors import GiveTrailError
from ledger.log.merkle import leaf_hash
from ledger.log.note import NoteSignature, format_note, parse_note
from tests.audit.mirror import GIFT, Small, bundled, edited, signed_anew
from tests.docs.by_hand import GOLDEN, Run, golden, refused
from tests.language import key_text
from tests.writer.on_disk import TRUST

MUTATIONS = sorted(path.stem for path in (GOLDEN / "mutations").glob("bundle-*.json"))
# Those that have no like among the forgeries of a small bundle below, or are refused at once.
QUICK = {"bundle-without-witnesses", "bundle-policy-of-another-log", "bundle-of-a-payment-with-other-flows"}


def changed(raw: bytes, edit: Callable[[dict[str, Any]], Any]) -> bytes:
    """A bundle with something in it changed."""
    return edited(raw, edit)


def flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


@pytest.mark.parametrize("number", (0, 3, 5))
def test_a_flipped_bit_of_an_entry_is_refused(by_hand: Run, small: Small, number: int):
    def edit(value: dict[str, Any]) -> None:
        one = value["entries"][number]
        one["entry"] = to_base64(flipped(from_base64(one["entry"]), 40 + 90 * number))

    refused(by_hand(changed(small.bundle, edit)), f"entry {number}: its proof does not lead to the root")


PROOFS: dict[str, tuple[Callable[[list[str]], Any], str]] = {
    "flipped": (lambda proof: proof.__setitem__(1, flipped(bytes.fromhex(proof[1]), 7).hex()), "does not lead"),
    "shorter": (lambda proof: proof.pop(), "does not lead"),
    "longer": (lambda proof: proof.append("0" * 64), "longer than the log allows"),
    "reordered": (lambda proof: proof.reverse(), "does not lead"),
}


@pytest.mark.parametrize("what", PROOFS)
def test_another_proof_is_refused(by_hand: Run, small: Small, what: str):
    edit, words = PROOFS[what]
    refused(by_hand(changed(small.bundle, lambda value: edit(value["entries"][3]["proof"]))), f"entry 3: its proof .*{words}")


def resigned(raw: bytes, edit: Callable[[bytes], bytes]) -> bytes:
    """A bundle whose checkpoint has another signature."""

    def change(value: dict[str, Any]) -> None:
        note = parse_note(value["checkpoint"].encode())
        (one,) = note.signatures
        value["checkpoint"] = format_note(note.text, [NoteSignature(one.name, one.key_id, edit(one.signature))]).decode()

    return changed(raw, change)


def rewritten(raw: bytes, line: int, text: str) -> bytes:
    """A bundle whose checkpoint has another line."""

    def change(value: dict[str, Any]) -> None:
        lines = value["checkpoint"].split("\n")
        value["checkpoint"] = "\n".join([*lines[:line], text, *lines[line + 1 :]])

    return changed(raw, change)


def test_another_checkpoint_is_refused(by_hand: Run, small: Small):
    for at in (0, 31, 32, 63):
        refused(by_hand(resigned(small.bundle, lambda raw, at=at: flipped(raw, at))), "the signature of .* is false")
    refused(by_hand(resigned(small.bundle, lambda raw: raw[:-1])), "is false")
    for line, text, words in (
        (0, "ledger.example.org/other", "no log of trust.policy has signed it"), (1, "7", "is false"), (1, "06", "not a number"),
        (2, "A" * 43 + "=", "is false"), (3, "more", "more than three lines"), (4, "", "no log of trust.policy has signed it"),
    ):  # fmt: skip
        refused(by_hand(rewritten(small.bundle, line, text)), f"checkpoint: .*{words}")


RANGES: dict[str, tuple[Callable[[list[dict[str, Any]]], Any], str]] = {
    "hole": (lambda ranges: ranges[1].update(start=ranges[1]["start"] + 1), "a hole or an overlap at unit"),
    "overlap": (lambda ranges: ranges[0].update(end=ranges[0]["end"] + 1), "a hole or an overlap at unit"),
    "twice": (lambda ranges: ranges.insert(0, ranges[0]), "a hole or an overlap at unit"),
    "last left out": (lambda ranges: ranges.pop(), "they end at unit .*; the gift has 1000"),
    "beyond": (lambda ranges: ranges[-1].update(end=1001), "they end at unit 1001; the gift has 1000"),
    "none": (lambda ranges: ranges.clear(), "they end at unit 0"),
    "empty": (lambda ranges: ranges[1].update(end=ranges[1]["start"]), "a hole or an overlap"),
    "other state": (lambda ranges: ranges[0].update(state="held"), "no flow of record .* shows that"),
    "other units": (lambda ranges: ranges[0].update(at=[0, 500]), "no flow of record .* shows that"),
    "other record": (lambda ranges: ranges[0]["path"].append("5.1"), "no flow of record 5.1 shows that"),
}


@pytest.mark.parametrize("what", RANGES)
def test_other_ranges_are_refused(by_hand: Run, small: Small, what: str):
    edit, words = RANGES[what]
    refused(by_hand(changed(small.bundle, lambda value: edit(value["ranges"]))), f"ranges: .*{words}")


def forged(small: Small, index: int, edit: Callable[[dict[str, Any]], Any], *names: str) -> bytes:
    """The bundle of a log that its own operator has forged: a changed entry, chained and under a true checkpoint."""
    entries = list(small.entries)
    entries[index] = signed_anew(entries[index], edit, *names) if names else edited(entries[index], edit)
    return bundled(entries, GIFT, parse(small.bundle)["ranges"])


def spoilt(value: dict[str, Any]) -> None:
    one = value["signatures"][0]
    one["sig"] = to_base64(flipped(from_base64(one["sig"]), 3))


def of_statement(**members: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda value: value["statement"].update(members)


FORGED: dict[str, tuple[int, Callable[[dict[str, Any]], Any], tuple[str, ...], str]] = {
    "signature": (3, spoilt, (), "entry 3: the signature of key .* is false"),
    "amount": (4, lambda value: value["statement"]["records"][0].update(amount=300), (), "entry 4: the signature of key .* false"),
    "stranger": (5, of_statement(), ("hope.li", "mallory"), "entry 5: is signed by key .* which no entry"),
    "another party": (5, of_statement(party="op"), ("hope.li",), "entry 5: op made its statement, but none of its keys"),
    "another log": (5, of_statement(ledger="other"), ("hope.li",), "entry 5: .*for another ledger"),
    "another history": (5, of_statement(after="2:" + "0" * 64), ("hope.li",), "entry 5: .* in which entry 2 is another"),
    "no flows": (5, lambda value: value["flows"].clear(), (), "payment 5.0: says 400, and its flows move 0"),
}


def refused_by_the_program(bundle: bytes) -> bool:
    try:
        return verify_bundle(bundle, TRUST).exit_code != 0
    except GiveTrailError:
        return True


@pytest.mark.parametrize("what", FORGED)
def test_a_forged_log_is_refused(by_hand: Run, small: Small, what: str):
    index, edit, names, words = FORGED[what]
    bundle = forged(small, index, edit, *names)
    refused(by_hand(bundle), words)
    assert refused_by_the_program(bundle)


# Whoever runs the log puts a key into it in the charity's name, which nobody of the charity has signed; or a party does what only
# the operator may.
ADMITTED: dict[str, tuple[dict[str, Any], tuple[str, ...], str]] = {
    "key": (
        {"kind": "key", "key": key_text("hope.mallory"), "officer": "mallory"}, ("hope.mallory",),
        "entry 6: hope made its statement, but none of its keys has signed it",
    ),
    "party": (
        {
            "kind": "party", "id": "x", "entity": "organisation", "name": "X", "roles": ["vendor"],
            "keys": [{"key": key_text("x.mallory"), "officer": "mallory"}],
        },
        ("hope.li", "x.mallory"), "entry 6: hope, not the operator, gives a party a key",
    ),
}  # fmt: skip


def with_admitted(small: Small, what: str) -> bytes:
    """The bundle of a log in which one more entry gives a key to somebody, and has no right to."""
    record, names, _ = ADMITTED[what]

    def edit(value: dict[str, Any]) -> None:
        value["flows"] = []
        after = f"5:{leaf_hash(small.entries[5]).hex()}"
        value["statement"].update(records=[record], after=after, id="0" * 8 + "-0000-4000-8000-" + "0" * 12)

    entries = [*small.entries, signed_anew(small.entries[5], edit, *names)]
    return bundled(entries, GIFT, parse(small.bundle)["ranges"])


@pytest.mark.parametrize("what", ADMITTED)
def test_a_key_that_was_admitted_without_right_is_refused(by_hand: Run, small: Small, what: str):
    refused(by_hand(with_admitted(small, what)), ADMITTED[what][2])


@pytest.mark.parametrize("what", ADMITTED)
def test_a_key_that_was_admitted_without_right_is_refused_by_the_program(small: Small, what: str):
    assert refused_by_the_program(with_admitted(small, what))


def test_a_statement_that_jq_and_the_cut_see_differently_is_refused(by_hand: Run, small: Small):
    """A member of that name stands before the statement, or after it."""
    first, second = b'{"a":[{"b":0,"statement":{}}],"flows":', b'"time":"","v":1,"w":[{"b":0,"time":0}]}'
    for old, new in ((b'{"flows":', first), (b'"time":"2026-09-07T10:00:00Z","v":1}', second)):
        entries = [*small.entries[:5], small.entries[5].replace(old, new)]
        assert entries[5] != small.entries[5]
        done = by_hand(bundled(entries, GIFT, parse(small.bundle)["ranges"], chained=False))
        refused(done, "statements: one cannot be cut out of its entry|gift.json: .* one of its entries is malformed")


def test_an_entry_at_another_place_is_refused(by_hand: Run, small: Small):
    entries = [*small.entries[:5], edited(small.entries[5], lambda value: value.update(index=4))]
    refused(by_hand(bundled(entries, GIFT, parse(small.bundle)["ranges"], chained=False)), "entries: one is at another place")


@pytest.mark.parametrize("name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.long) for name in MUTATIONS])
def test_every_mutation_of_a_golden_bundle_is_refused(by_hand: Run, name: str):
    case = json.loads(golden(f"mutations/{name}.json"))
    refused(by_hand(case["bundle"].encode(), case.get("policy", golden("trust.policy").decode()).encode()), "")


@pytest.mark.parametrize(
    ("gift", "words"), [("5.0", "is not a donation"), ("3.7", "is not a donation"), ("9.0", "is not in the bundle"), ("x", "")]
)
def test_what_is_no_gift_is_refused(by_hand: Run, small: Small, gift: str, words: str):
    refused(by_hand(changed(small.bundle, lambda value: value.update(gift=gift))), words)


def test_what_is_no_bundle_is_refused(by_hand: Run, small: Small):
    for raw in (b"", b"{}", b"[]", small.bundle[: len(small.bundle) // 2], b'{"checkpoint":"a\\nb\\nc\\n\\n"}'):
        refused(by_hand(raw), "")
    for policy in (b"", b"quorum none\n", TRUST.format().replace(b"quorum none\n", b""), TRUST.format().replace(b"+", b"+0", 1)):
        refused(by_hand(small.bundle, policy), "checkpoint|trust.policy")
