"""Which entries are examined together: those of one shape, in line, none too large; and what is remembered of shapes and forms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ledger.canonical import encode, parse
from ledger.examination import chunk as stretch
from ledger.examination.chunk import Examiner, Stretch
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


def learned(*raws: bytes) -> Examiner:
    """An examiner that has seen these."""
    examiner = Examiner(UNSIGNED)
    for raw in raws:
        list(examiner.examine([raw], parse(raw)["index"]))
    return examiner


def kinds(found: Sequence[Brief | Stretch]) -> list[int]:
    """How many entries each is of; 0 for one that was examined alone."""
    return [len(one.hashes) if isinstance(one, Stretch) else 0 for one in found]


def test_nothing_gives_nothing():
    assert list(Examiner(UNSIGNED).examine([], 7)) == []


@pytest.mark.parametrize(("count", "found"), [(1, [0]), (2, [2]), (3, [3])])
def test_two_of_a_shape_are_taken_together(count: int, found: list[int]):
    raws = in_line(*gifts(count))
    assert kinds(list(learned(raws[0]).examine(raws, START))) == found


def test_the_first_of_a_shape_is_examined_alone_and_the_rest_together():
    raws = in_line(*gifts(5))
    found = list(Examiner(UNSIGNED).examine(raws, START))
    assert kinds(found) == [0, 4] and found[0] == brief(raws[0], START, UNSIGNED)
    together = found[1]
    assert together.hashes == tuple(map(leaf_hash, raws[1:])) and together.size == sum(map(len, raws[1:]))
    assert (together.signatures, together.drawn, together.prev) == (0, 0, leaf_hash(raws[0]).hex())
    assert together.bound == ((5, "a" * 64),) and together.series.index == START + 1
    assert parse(together.flows) == [parse(raw)["flows"] for raw in raws[1:]]
    assert together.series.amounts == [(2,), (3,), (4,), (5,)] and together.series.which == [0, 0, 0, 0]
    (form,) = together.series.forms
    assert (form.index, form.after, form.signers) == (START + 1, 5, (key_text("hope.li"),))
    assert together.series.moments == (("2026-09-07T10:00:02Z", "2026-09-07T10:00:01Z"),)


def test_two_shapes_in_turn_are_of_two_stretches_and_what_has_none_is_alone():
    raws = in_line(*gifts(2), *gifts(3, holder=DIGESTS[0]), [{**GIFT, "fee": {"amount": 1, "fund": "x"}, "amount": 9}], *gifts(2))
    examiner = learned(raws[0], raws[2])
    found = list(examiner.examine(raws, START))
    assert kinds(found) == [2, 3, 0, 2]
    assert [one.series.index for one in found if isinstance(one, Stretch)] == [7, 9, 13]
    assert found[2] == brief(raws[5], 12, UNSIGNED)


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
    examiner = learned(in_line(*gifts(1))[0])
    for bound, found in ((large, [3]), (large - 1, [0, 0, 0])):
        monkeypatch.setattr(stretch, name, bound)
        assert kinds(list(examiner.examine(raws, START))) == found


@pytest.mark.parametrize("which", [0, 1, 2])
@pytest.mark.parametrize("member", ["index", "prev"])
def test_who_names_another_place_is_in_no_stretch(which: int, member: str):
    raws = in_line(*gifts(3))
    value = parse(raws[which])
    odd = {"index": value["index"] + 1, "prev": "c" * 64}[member]
    raws[which] = encode({**value, member: odd})
    if which < 2:
        raws[2] = encode({**parse(raws[2]), "prev": leaf_hash(raws[1]).hex()})
        raws[1] = encode({**parse(raws[1]), "prev": leaf_hash(raws[0]).hex()}) if which == 0 else raws[1]
        raws[2] = encode({**parse(raws[2]), "prev": leaf_hash(raws[1]).hex()})
    found = list(learned(in_line(*gifts(1))[0]).examine(raws, START))
    first_may_name_any = member == "prev" and which == 0
    assert kinds(found) == ([3] if first_may_name_any else [0, 0, 0])


@pytest.mark.parametrize(("start", "taken"), [(5, False), (6, True)])
def test_a_statement_is_bound_to_an_entry_before_it(start: int, taken: bool):
    """These are bound to entry 5."""
    raws = in_line(*gifts(2), start=start)
    assert kinds(list(learned(raws[0]).examine(raws, start))) == ([2] if taken else [0, 0])


def test_an_amount_that_its_type_refuses_is_in_no_stretch():
    raws = in_line(*gifts(1), [{**GIFT, "amount": 0}], *gifts(1))
    found = list(learned(in_line(*gifts(1))[0]).examine(raws, START))
    assert kinds(found) == [0, 0, 0] and [one.said is None for one in found] == [False, True, False]


def test_shapes_that_were_not_seen_for_longest_are_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stretch, "SHAPES", 2)
    monkeypatch.setattr(stretch, "LEARNING_EVERY", 1)
    plain, held, private = (in_line(*gifts(2, **more)) for more in ({}, {"holder": DIGESTS[0]}, {"private": DIGESTS[:1]}))
    examiner = learned(plain[0], held[0])
    assert kinds(list(examiner.examine(plain, START))) == [2], "and it is the last one seen now"
    list(examiner.examine(private[:1], START))
    assert kinds(list(examiner.examine(plain, START))) == [2] == kinds(list(examiner.examine(private, START)))
    assert kinds(list(examiner.examine(held, START))) == [0, 0]


def test_the_shape_that_was_seen_last_is_asked_first(monkeypatch: pytest.MonkeyPatch):
    kinds_of = ({}, {"holder": DIGESTS[0]}, {"private": DIGESTS[:1]}, {"holder": DIGESTS[0], "private": DIGESTS[:1]})
    raws = [in_line(*gifts(1, **more))[0] for more in kinds_of]
    examiner = learned(*raws)

    def order() -> list[int]:
        return [next(number for number, raw in enumerate(raws) if shape.read(raw)) for shape in examiner._shapes]

    assert order() == [3, 2, 1, 0]
    for number, expected in ((0, [0, 3, 2, 1]), (2, [2, 0, 3, 1]), (2, [2, 0, 3, 1])):
        examiner._found(raws[number])
        assert order() == expected


def signed(raws: Sequence[bytes]) -> list[Brief | Stretch]:
    """What is found of them, with all signatures, by who has seen the first."""
    examiner = Examiner(EVERYTHING)
    list(examiner.examine(raws[:1], START))
    return list(examiner.examine(raws, START))


@pytest.mark.parametrize("names", [("hope.li",), BOTH])
def test_signatures_are_verified_in_a_stretch_and_counted(names: tuple[str, ...]):
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
    examiner = Examiner(scope)
    list(examiner.examine(raws[:1], START))
    (together,) = examiner.examine(raws, START)
    assert (together.drawn, together.signatures) == (sum(drawn), 2 * sum(drawn)) and 0 < sum(drawn) < 12


@pytest.mark.parametrize("funds", [("a", "a", "a"), ("a", "b", "a"), ("a", "b", "c")])
def test_a_stretch_has_the_keys_of_its_records(funds: tuple[str, ...]):
    """By the form of each: here by the channel, of which a reference is one."""
    said = []
    for number, name in enumerate(funds):
        of = {"channel": name, "fund": name, "private": DIGESTS[:1]}
        said.append([{**GIFT, "amount": n, "channel_ref": f"hmac-sha256:2026:{'b' * 41}{number}{'AEI'[n]}", **of} for n in (1, 2)])
    raws = in_line(*said)
    (together,) = learned(raws[0]).examine(raws, START)
    keys = b"".join(brief(raw, START + number).keys for number, raw in enumerate(raws))
    assert len(keys) == 9 * 8 and len(together.series.forms) == len(set(funds))
    assert sorted(keys[at : at + 8] for at in range(0, 72, 8)) == [together.keys[at : at + 8] for at in range(0, 72, 8)]
    assert together.series.which == [sorted(set(funds)).index(name) for name in funds] and len(together.keys) == 72


def test_a_form_that_is_none_and_a_weak_key_are_examined_alone_and_learned_once():
    examiner = learned(in_line(*gifts(1))[0])
    nothing = in_line(*[[{**GIFT, "fund": "y", "amount": 0}]] * 2)
    weak = in_line(*gifts(2), signatures=[{"key": "A" * 43 + "=", "sig": "A" * 86 + "=="}])
    for raws in (nothing, weak, weak):
        assert kinds(list(examiner.examine(raws, START))) == [0, 0]
    assert len(examiner._shapes) == 1


@pytest.mark.parametrize("every", [1, 2, 4])
def test_when_all_places_are_taken_another_shape_is_learned_now_and_then(every: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stretch, "SHAPES", 1)
    monkeypatch.setattr(stretch, "LEARNING_EVERY", every)
    examiner, held = learned(in_line(*gifts(1))[0]), in_line(*gifts(1, holder=DIGESTS[0]))[0]
    alone = 0
    while examiner._found(held) is None:
        list(examiner.examine([held], START))
        alone += 1
    assert alone == every


def test_forms_are_remembered_up_to_a_bound(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(stretch, "FORMS", 2)
    examiner, sizes = learned(in_line(*gifts(1))[0]), []
    for fund in ("a", "b", "b", "c", "d", "e"):
        assert examiner._found(in_line(*gifts(1, fund=fund))[0]) is not None
        sizes.append(len(examiner._forms))
    assert sizes == [1, 2, 2, 1, 2, 1]
    first, again = (examiner._found(raw)[2] for raw in in_line(*gifts(2, fund="e")))
    assert first is again, "and a form is made once"


@pytest.mark.parametrize("said", [
    [[{**GIFT, "amount": 1}, {**GIFT, "fund": "x"}]], [[{**GIFT, "amount": 5, "fee": {"amount": 1, "fund": "x"}}]],
])  # fmt: skip
def test_what_is_in_no_run_is_not_learned(said: list[list[dict[str, Any]]]):
    assert not learned(*in_line(*said * 3))._shapes


def test_the_lowest_entry_that_statements_of_a_form_are_bound_to_is_kept():
    raws, prev = [], "b" * 64
    for number, after in enumerate((5, 3, 6, 4)):
        value = parse(entry({**GIFT, "amount": 1}, after=(after, "a" * 64)))
        raws.append(encode({**value, "index": 9 + number, "prev": prev, "time": f"2026-09-07T10:00:0{number}Z"}))
        prev = leaf_hash(raws[-1]).hex()
    (together,) = learned(raws[0]).examine(raws, 9)
    (form,) = together.series.forms
    assert (form.after, form.index, form.time) == (3, 9, "2026-09-07T10:00:00Z")
    assert together.bound == tuple((after, "a" * 64) for after in (5, 3, 6, 4)) and len(together.series.moments) == 4
