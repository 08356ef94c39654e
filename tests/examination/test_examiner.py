"""Which entries are examined together: those of gifts, in line, none too large; and what is remembered of their forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ledger.canonical import encode, parse
from ledger.examination import chunk as examining
from ledger.examination.chunk import Chunk, Examiner
from ledger.examination.examine import Brief, brief
from ledger.findings.scope import EVERYTHING, scope_of
from ledger.log.merkle import leaf_hash
from tests.examination.test_entry_template import BOTH, DIGESTS, GIFT, entry
from tests.language import key_text

UNSIGNED = scope_of(("accounting", "traceability"))
START = 7


def in_line(*said: Sequence[dict[str, Any]], start: int = START, names: tuple[str, ...] = ("hope.li",), **odd: Any) -> list[bytes]:
    """Entries of these records, one after the other, each naming the one before."""
    raws, prev = [], "b" * 64
    for number, records in enumerate(said):
        value = {**parse(entry(*records, names=names)), "index": start + number, "prev": prev, **odd}
        raws.append(encode(value))
        prev = leaf_hash(raws[-1]).hex()
    return raws


def gifts(count: int, **more: Any) -> list[list[dict[str, Any]]]:
    return [[{**GIFT, "amount": 1 + number, **more}] for number in range(count)]


def kinds(found: Sequence[Brief | Chunk]) -> list[int]:
    """How many entries each is of; 0 for one that was examined alone."""
    return [len(one.hashes) if isinstance(one, Chunk) else 0 for one in found]


def test_nothing_gives_nothing():
    assert list(Examiner(UNSIGNED).examine([], 7)) == []


FEE = {"amount": 9, "fee": 1, "fee_to": "x"}


def test_entries_of_gifts_are_taken_together():
    assert kinds(list(Examiner(UNSIGNED).examine(in_line(*gifts(1)), START))) == [0], "one alone is not worth it"
    raws = in_line(*gifts(5))
    (together,) = Examiner(UNSIGNED).examine(raws, START)
    assert together.hashes == tuple(map(leaf_hash, raws)) and together.size == sum(map(len, raws))
    assert (together.signatures, together.drawn, together.prev) == (0, 0, "b" * 64)
    assert together.bound == ((5, "a" * 64),) and together.alike.index == START
    assert [parse(one) for one in together.flows] == [parse(raw)["flows"] for raw in raws]
    assert list(together.alike.amounts) == [1, 2, 3, 4, 5] and list(together.alike.which) == [0] * 5
    assert (list(together.alike.counts), list(together.alike.shares)) == ([1] * 5, [0] * 5)
    (form,) = together.alike.forms
    assert (form.index, form.after, form.signers) == (START, 5, (key_text("hope.li"),))
    assert together.alike.moments == (("2026-09-07T10:00:02Z", "2026-09-07T10:00:01Z"),)


def test_of_whatever_forms_the_gifts_are():
    """What is of no gifts alone is examined alone."""
    mixed = [{**GIFT, "holder": DIGESTS[0]}, {**GIFT, **FEE}, {**GIFT, "fund": "x"}, GIFT]
    income = [{**GIFT, "kind": "income"}]
    raws = in_line(*gifts(2), mixed, [{**GIFT, **FEE}], income, [*income, GIFT], mixed, mixed)
    found = list(Examiner(UNSIGNED).examine(raws, START))
    assert kinds(found) == [4, 0, 0, 2]
    assert found[1:3] == [brief(raws[4], START + 4, UNSIGNED), brief(raws[5], START + 5, UNSIGNED)]
    first, last = found[0].alike, found[3].alike
    assert (first.index, list(first.counts), last.index, list(last.counts)) == (START, [1, 1, 4, 1], START + 6, [4, 4])
    assert [first.forms[form].runs[0].first.fund for form in first.which] == ["school"] * 4 + ["x", "school", "school"]
    assert [first.forms[form].runs[0].first.fee is None for form in first.which] == [True] * 3 + [False] + [True] * 2 + [False]
    assert list(first.shares) == [0, 0, 0, 1, 0, 0, 1] and len(first.forms) == 3 == len(last.forms)
    places = {(form.runs[0].first.fund, form.runs[0].first.fee is None): form.index for form in first.forms}
    assert places == {("school", True): START, ("school", False): START + 2, ("x", True): START + 2}


def test_a_form_is_bound_where_the_lowest_of_its_statements_is():
    """Of those that are said and signed by the same."""
    raws = in_line(*gifts(2))
    for number, (after, name) in enumerate((("4", "hope.li"), ("5", "hope.li"), ("3", "hope.wang"))):
        value = parse(in_line(*gifts(1), names=(name,))[0])
        value["statement"]["after"] = f"{after}:{'a' * 64}"
        prev = leaf_hash(raws[number - 1]).hex() if number else "b" * 64
        raws[number:] = [encode({**value, "index": START + number, "prev": prev})]
    (together,) = Examiner(UNSIGNED).examine(raws, START)
    assert [together.alike.forms[form].after for form in together.alike.which] == [4, 4, 3]
    assert together.bound == tuple((after, "a" * 64) for after in (4, 5, 3))


BOUNDS = ["ENTRY_BYTES", "STATEMENT_BYTES", "FLOWS_BYTES", "RECORDS"]


@pytest.mark.parametrize("name", BOUNDS)
@pytest.mark.parametrize("which", [0, 1, 2])
def test_nothing_is_larger_than_may_be_and_as_large_it_may_be(name: str, which: int, monkeypatch: pytest.MonkeyPatch):
    said = gifts(3)
    said[which] = [{**GIFT, "amount": 1000 + number} for number in range(4)]
    raws = in_line(*said)
    value = parse(raws[which])
    large = {
        "ENTRY_BYTES": len(raws[which]), "STATEMENT_BYTES": len(encode(value["statement"])),
        "FLOWS_BYTES": len(encode(value["flows"])), "RECORDS": 4,
    }[name]  # fmt: skip
    examiner = Examiner(UNSIGNED)
    for bound, found in ((large, [3]), (large - 1, [0, 0, 0])):
        monkeypatch.setattr(examining, name, bound)
        assert kinds(list(examiner.examine(raws, START))) == found


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("member", ["index", "prev"])
def test_who_names_another_place_is_in_no_chunk(which: int, member: str):
    raws = in_line(*gifts(3))
    value = parse(raws[which])
    odd = {"index": value["index"] + 1, "prev": "c" * 64}[member]
    raws[which] = encode({**value, member: odd})
    if which < 2:
        raws[2] = encode({**parse(raws[2]), "prev": leaf_hash(raws[1]).hex()})
        raws[1] = encode({**parse(raws[1]), "prev": leaf_hash(raws[0]).hex()}) if which == 0 else raws[1]
        raws[2] = encode({**parse(raws[2]), "prev": leaf_hash(raws[1]).hex()})
    found = list(Examiner(UNSIGNED).examine(raws, START))
    first_may_name_any = member == "prev" and which == 0
    assert kinds(found) == ([3] if first_may_name_any else [0, 0, 0])


@pytest.mark.parametrize(("start", "taken"), [(5, False), (6, True)])
def test_a_statement_is_bound_to_an_entry_before_it(start: int, taken: bool):
    """These are bound to entry 5."""
    raws = in_line(*gifts(2), start=start)
    assert kinds(list(Examiner(UNSIGNED).examine(raws, start))) == ([2] if taken else [0, 0])


@pytest.mark.parametrize("odd", [
    {"amount": 0}, {"amount": 10**14 + 1}, {"private": DIGESTS[1::-1]}, {"received_on": "2026-02-30"}, {"fund": "_"},
    {"amount": 5, "fee": 5, "fee_to": "x"}, {"amount": 5, "fee": 2, "fee_to": "_"}, {"amount": 5, "fee": 2},
    {"amount": 5, "fee_to": "x"},
])  # fmt: skip
@pytest.mark.parametrize("at", [0, 1, 2])
def test_what_a_type_refuses_is_in_no_chunk(odd: dict[str, Any], at: int):
    said = gifts(3)
    said[at] = [{**GIFT, "fund": "x"}, {**GIFT, "fund": "x", **odd}, {**GIFT, "fund": "x"}]
    examiner = Examiner(UNSIGNED)
    assert kinds(list(examiner.examine(in_line(*said), START))) == [0, 0, 0]
    assert kinds(list(examiner.examine(in_line(*gifts(3), [{**GIFT, **FEE}]), START))) == [4], "and nothing is remembered of it"


def signed(raws: Sequence[bytes]) -> list[Brief | Chunk]:
    """What is found of them, with all signatures."""
    return list(Examiner(EVERYTHING).examine(raws, START))


@pytest.mark.parametrize("names", [("hope.li",), BOTH])
def test_signatures_are_verified_in_a_chunk_and_counted(names: tuple[str, ...]):
    raws = in_line(*gifts(3), names=names)
    (together,) = signed(raws)
    assert (together.signatures, together.drawn) == (3 * len(names), 3)
    for which in range(len(names)):
        other = parse(in_line(*gifts(3, fund="x"), names=names)[1])["signatures"][which]["sig"]
        value = parse(raws[1])
        value["signatures"][which]["sig"] = other
        changed = [raws[0], encode(value), raws[2]]
        changed[2] = encode({**parse(raws[2]), "prev": leaf_hash(changed[1]).hex()})
        found = signed(changed)
        assert kinds(found) == [0, 0, 0] and [one.rule for one in found[1].findings] == ["statement-signature"]


def test_of_a_sample_those_that_were_drawn_are_verified():
    scope, raws = scope_of((), 0.5, 3), in_line(*gifts(12), names=BOTH)
    drawn = [scope.draws(index) for index in range(START, START + 12)]
    (together,) = Examiner(scope).examine(raws, START)
    assert (together.drawn, together.signatures) == (sum(drawn), 2 * sum(drawn)) and 0 < sum(drawn) < 12


@pytest.mark.parametrize("funds", [("a", "a", "a"), ("a", "b", "a"), ("a", "b", "c")])
def test_a_chunk_has_the_keys_of_its_records(funds: tuple[str, ...]):
    """By the form of each: here by the channel, of which a reference is one."""
    said = []
    for number, name in enumerate(funds):
        of = {"channel": name, "fund": name, "private": DIGESTS[:1]}
        said.append([{**GIFT, "amount": n, "channel_ref": f"hmac-sha256:2026:{'b' * 41}{number}{'AEI'[n]}", **of} for n in (1, 2)])
    raws = in_line(*said)
    (together,) = Examiner(UNSIGNED).examine(raws, START)
    keys = b"".join(brief(raw, START + number).keys for number, raw in enumerate(raws))
    assert len(keys) == 9 * 8 and len(together.alike.forms) == len(set(funds))
    assert sorted(keys[at : at + 8] for at in range(0, 72, 8)) == [together.keys[at : at + 8] for at in range(0, 72, 8)]
    of_each = [together.alike.forms[form].runs[0].first.fund for form in together.alike.which]
    assert of_each == [fund for fund in funds for _ in range(2)]


def test_a_weak_key_and_keys_out_of_order_are_examined_alone():
    weak = in_line(*gifts(2), signatures=[{"key": "A" * 43 + "=", "sig": "A" * 86 + "=="}])
    value = parse(in_line(*gifts(1), names=BOTH)[0])
    turned = in_line(*gifts(2), signatures=value["signatures"][::-1])
    twice = in_line(*gifts(2), signatures=value["signatures"][:1] * 2)
    for raws in (weak, turned, twice):
        assert kinds(list(Examiner(UNSIGNED).examine(raws, START))) == [0, 0]
    assert kinds(list(Examiner(UNSIGNED).examine(in_line(*gifts(2), names=BOTH), START))) == [2]


def test_forms_are_remembered_up_to_a_bound(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(examining, "FORMS", 2)
    examiner, sizes = Examiner(UNSIGNED), []
    for fund in ("a", "b", "b", "c", "d", "e"):
        (chunk,) = examiner.examine(in_line(*gifts(2, fund=fund)), START)
        sizes.append(len(examiner._forms))
        assert chunk.alike.forms[0].runs[0].first.fund == fund
    assert sizes == [1, 2, 2, 3, 1, 2]
    (first,), (again,) = (examiner.examine(in_line(*gifts(2, fund="e")), START) for _ in range(2))
    assert first.alike.forms[0].runs is again.alike.forms[0].runs, "and a form is made once"
