"""What one entry says of itself: bytes, form and signatures, and what is kept of it for the order of the log."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import pytest

from ledger.canonical import encode, parse
from ledger.entries import statement
from ledger.entries.leaf import read_leaf, statement_key
from ledger.examination import examine as examining
from ledger.examination.examine import Brief, brief, examine, fingerprints, flows_of_refused, weakness
from ledger.findings.finding import Finding
from ledger.findings.scope import EVERYTHING, scope_of
from ledger.log.merkle import leaf_hash
from tests.audit.mirror import Small, edited
from tests.language import key_text

PUBLISHED = scope_of(("integrity",))
UNSIGNED = scope_of(("accounting",))
WEAK = "A" * 43 + "="


def in_record(**members: Any) -> Any:
    return lambda value: value["statement"]["records"][0].update(members)


def found(raw: bytes, index: int = 4, **how: Any) -> list[str]:
    """The rules of what is found, the same by both ways."""
    rules = [one.rule for one in brief(raw, index, **how).findings]
    assert how or rules == [one.rule for one in examine(raw, index).findings]
    assert all((one.entry, one.record) == (index, -1) for one in examine(raw, index).findings)
    return rules


def test_an_entry_that_is_right_is_kept_in_brief(small: Small):
    raw = small.entries[4]
    leaf, seen = read_leaf(raw), brief(raw, 4)
    said = leaf.statement
    assert seen == Brief(
        leaf_hash(raw), len(raw), 1, leaf.entry.prev, (said.after_index, said.after_hash),
        leaf.journal_entry(), encode(leaf.entry.flows),
        fingerprints([statement_key(said.party, said.id).encode()]),
    )  # fmt: skip
    assert examine(raw, 4) == (leaf, ())


def test_less_is_kept_where_less_was_asked_for(small: Small):
    raw = small.entries[4]
    whole = brief(raw, 4)
    assert brief(raw, 4, UNSIGNED) == whole._replace(signatures=0)
    assert brief(raw, 4, PUBLISHED) == Brief(whole.hash, whole.size, 0, whole.prev)
    assert brief(edited(raw, in_record(amount=-1)), 4, PUBLISHED).findings == ()


def test_an_entry_at_another_place_is_found_and_has_the_index_of_its_place(small: Small):
    words = "index 4: it is at position 7"
    assert brief(small.entries[4], 7).findings == examine(small.entries[4], 7).findings == (Finding(7, -1, "chain", words),)
    assert examine(small.entries[4], 7).leaf.entry.index == 7 == brief(small.entries[4], 7).journal_entry.index


@pytest.mark.parametrize(
    ("edit", "rules"),
    [
        (in_record(amount=-1), ["schema", "statement-signature"]),
        (in_record(amount=2**53), ["canonical", "statement-signature"]),
        (in_record(kind="lottery"), ["unknown-kind", "statement-signature"]),
        (in_record(reason="late"), ["unknown-member", "statement-signature"]),
        (lambda value: value.update(time="now"), ["schema"]),
        (lambda value: value.update(v=2), ["version"]),
        (lambda value: value.update(more=1), ["unknown-member"]),
    ],
)
def test_what_is_wrong_with_an_entry_is_found(small: Small, edit: Any, rules: list[str]):
    raw = edited(small.entries[4], edit) if rules[0] != "canonical" else small.entries[4].replace(
        b'"amount":600', b'"amount":9007199254740992',
    )  # fmt: skip
    assert found(raw) == rules


def test_bytes_that_are_no_entry_are_found_and_no_more_is_said_of_them():
    for raw, rule in ((b"", "canonical"), (b"{}", "schema"), (b"{} ", "canonical"), (b"x" * 65_536, "size-limit")):
        seen = brief(raw, 4)
        assert [one.rule for one in seen.findings] == [rule] == [one.rule for one in examine(raw, 4).findings]
        assert (seen.prev, seen.journal_entry, seen.moved, seen.unknown, seen.signatures) == ("", None, None, False, 0)
        assert seen.size == len(raw) and examine(raw, 4).leaf is None


def test_what_a_later_program_may_know_is_unknown_and_what_is_wrong_is_not(small: Small):
    for edit, unknown in ((in_record(kind="lottery"), True), (in_record(amount=-1), False)):
        assert brief(edited(small.entries[4], edit), 4).unknown is unknown
    assert brief(edited(small.entries[4], in_record(amount=-1)), 4).moved == read_leaf(small.entries[4]).entry.flows


@pytest.mark.parametrize(
    ("edit", "moved"),
    [
        (lambda value: None, True), (lambda value: value.update(flows={}), False), (lambda value: value.pop("flows"), False),
        (in_record(kind="unit"), False), (in_record(kind="project"), False), (in_record(kind="payment"), True),
        (in_record(kind="lottery"), False), (lambda value: value.update(statement=[]), False),
        (lambda value: value["statement"]["records"].append({"kind": "party"}), False),
        (lambda value: value["statement"]["records"].append({"kind": "payment"}), True),
    ],
)  # fmt: skip
def test_the_flows_of_what_was_refused_are_kept_unless_others_stand_on_more(small: Small, edit: Any, moved: bool):
    value = parse(small.entries[4])
    edit(value)
    assert flows_of_refused(encode(value)) == (value["flows"] if moved else None)


@pytest.mark.parametrize("raw", [b"", b"\xff", b"[]", b"7", b"[" * 100_000])
def test_what_is_no_entry_has_no_flows(raw: bytes):
    assert flows_of_refused(raw) is None


def test_a_false_signature_is_found_where_it_was_drawn(small: Small):
    raw = edited(small.entries[4], lambda value: value["signatures"][0].update(sig="A" * 86 + "=="))
    assert found(raw) == ["statement-signature"]
    assert found(raw, scope=UNSIGNED) == [] and found(raw, scope=EVERYTHING) == ["statement-signature"]
    assert brief(raw, 4).journal_entry is not None, "whether it is true does not depend on what is said"


def test_a_statement_has_a_bound_in_bytes(small: Small, monkeypatch: pytest.MonkeyPatch):
    raw = small.entries[4]
    size = len(read_leaf(raw).entry.statement_raw)
    for bound, rules in ((size, []), (size - 1, ["size-limit"])):
        monkeypatch.setattr(statement, "STATEMENT_BYTES", bound)
        assert found(raw) == rules


def test_each_weak_key_is_found(small: Small):
    weakness.cache_clear()
    raw = edited(small.entries[4], lambda value: value["signatures"][0].update(key=WEAK))
    assert found(raw)[0] == "weak-key"
    assert examine(raw, 4).findings[0].message == weakness(WEAK) != "" and weakness(key_text("hope.li")) == ""


def test_fingerprints_are_eight_bytes_each_ascending():
    keys = [b"%d" % number for number in range(20)]
    made = fingerprints(keys)
    assert [made[at : at + 8] for at in range(0, len(made), 8)] == sorted(blake2b(name, digest_size=8).digest() for name in keys)
    assert fingerprints([]) == b"" and fingerprints([b"a", b"a"]) == 2 * fingerprints([b"a"]) and examining.FINGERPRINT_BYTES == 8
