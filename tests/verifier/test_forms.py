"""The forms of the browser's verifier are those of the classes, and its interpreter judges a statement as the classes do."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Annotated, Any, Literal

import pytest
from pydantic import BeforeValidator, Field

from api.verifier import forms
from ledger.books.field import Part
from ledger.books.record import KINDS
from ledger.canonical import encode, parse, to_base64
from ledger.entries.statement import read_statement
from ledger.errors import GiveTrailError
from tests.golden.reading import golden_entries
from tests.log.test_text import ENDS, NAMES
from tests.verifier.asking import ask
from tests.verifier.tampering import change, encoded


@cache
def known() -> dict[str, Any]:
    """What the module in JavaScript knows."""
    (answer,) = ask([{"known": True}])
    return answer


def also(form: Any) -> set[str]:
    """Every rule that forms name."""
    within = form.values() if isinstance(form, dict) else form if isinstance(form, list) else ()
    named = set(form.get("also", ())) if isinstance(form, dict) else set()
    return named.union(*map(also, within))


def test_the_forms_are_those_of_the_classes():
    """If this fails: make generate"""
    assert forms.FILE.read_text(encoding="utf-8") == forms.source()
    assert known()["forms"] == forms.forms()


def test_the_interpreter_knows_every_keyword_rule_and_kind_and_no_others():
    """A rule in a class that this demands is written again in schema.js, a kind in kinds.js."""
    assert sorted(known()["keywords"]) == sorted(forms.KEYWORDS)
    assert sorted(known()["rules"]) == sorted(also(forms.forms()))
    assert sorted(known()["kinds"]) == sorted(KINDS)
    assert sorted(known()["registry"]) == sorted(kind for kind, record in KINDS.items() if record.stage == "registry")
    assert known()["gifts"] == [kind for kind, record in sorted(KINDS.items()) if record.is_gift]


class Multiple(Part):
    of_two: Annotated[int, Field(multiple_of=2)]


class Open(Part):
    model_config = {"extra": "allow"}
    kind: Literal["open"]


class Changed(Part):
    upper: Annotated[str, BeforeValidator(str.upper)]


@pytest.mark.parametrize("part", [Multiple, Open, Changed])
def test_what_the_interpreter_does_not_know_makes_no_forms(part: type[Part]):
    with pytest.raises(ValueError, match=r"schema\.js|of the mode `after`"):
        forms.form_of(part.model_json_schema(schema_generator=forms.WithRules), {})


def rule(raw: bytes) -> str:
    """What the classes say of a statement."""
    try:
        read_statement(raw)
    except GiveTrailError as error:
        return error.rule
    return ""


def alike(statements: list[bytes]) -> dict[str, int]:
    """Both judge every statement alike; how often each rule was broken."""
    said = [rule(raw) for raw in statements]
    answers = [answer["rule"] for answer in ask({"statement": to_base64(raw)} for raw in statements)]
    rows = zip(statements, said, answers, strict=True)
    unlike = [f"{raw!r}\n  python {one!r}, javascript {other!r}" for raw, one, other in rows if one != other]
    assert not unlike, "\n".join(unlike[:5])
    return {one: said.count(one) for one in set(said)}


def test_statements_with_a_value_changed_are_judged_alike():
    """Every kind, from the golden ledger."""
    chance, changed = Random(11), []
    statements = [parse(raw)["statement"] for raw in golden_entries()]
    for value in statements:
        for _ in range(25):
            other = parse(encode(value))
            for _ in range(chance.choice((1, 1, 1, 2))):
                change(chance.choice((other, *other["records"])) if isinstance(other.get("records"), list) else other, chance)
            changed.append(encoded(other))
    said = alike([*map(encode, statements), *changed])
    assert said[""] > 150 and said["schema"] > 500 and said["unknown-member"] > 50 and said["unknown-kind"] > 20


def donation(**more: Any) -> dict[str, Any]:
    return {"kind": "donation", "fund": "f", "unit": "CNY", "amount": 5, "channel": "c", "received_on": "2026-01-01", **more}


def payment(**more: Any) -> dict[str, Any]:
    return {
        "kind": "payment", "channel": "cash", "fund": "f", "unit": "CNY", "amount": 17, "payee": "p", "cost_class": "programme",
        "paid_on": "2026-01-01",
        **more,
    }  # fmt: skip


def goods(**more: Any) -> dict[str, Any]:
    return {"fund": "f", "unit": "u", "quantity": 1, "cost": 1, **more}


def feedback(**more: Any) -> dict[str, Any]:
    return {
        "kind": "feedback",
        "indicator": "i",
        "value": 1,
        "measured_in": "m",
        "method": "m",
        "reported_on": "2026-01-01",
        **more,
    }


def exchange(amount: int, to_amount: int, rate: list[int]) -> dict[str, Any]:
    return {
        "kind": "exchange", "fund": "f", "unit": "CNY", "amount": amount, "to_unit": "USD", "to_amount": to_amount, "rate": rate,
        "source": "s", "exchanged_on": "2026-01-01",
    }  # fmt: skip


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth - 1):
        value = [value]
    return value


LARGE = 10**14
PERIOD = {"activity": "a", "from_day": "2026-01-02", "to_day": "2026-01-01"}
EDGES: list[Any] = [
    [], {}, None, [7], [[]], [None], [{}], [donation(kind=5)], [donation(kind=None)], [donation(kind=["donation"])],
    [donation(kind={})],
    [donation(kind="__proto__")], [donation(kind="constructor")], [donation(__proto__=1)], [donation(constructor=1)],
    [donation(x=1)] + [donation()] * 255, [donation(x=1)] + [donation()] * 256, [donation()] * 256 + [{"kind": "later"}],
    [donation()] * 257, [payment(goods=[goods(x=1)] + [goods()] * 16)], [payment(goods=[goods(x=1)] + [goods()] * 17)],
    [payment(goods=[goods(cost=9), goods(cost=8)])], [payment(goods=[goods(cost=9), goods(cost=9)])],
    [payment(goods=[goods()] * 17)],
    [payment(goods=[goods(cost=17)], grant={})], [payment(grant={"fund": "t"})], [payment(grant={"to": "t"})],
    [payment(amount=LARGE, goods=[goods(cost=LARGE)])],
    [payment(amount=LARGE, goods=[goods(cost=LARGE - 1), goods()])], [payment(amount=LARGE, goods=[goods(cost=LARGE), goods()])],
    [donation(fee=1, fee_to="f")], [donation(fee=1)], [donation(fee_to="f")],
    [donation(fee=None)], [donation(x=nested(197))], [donation(x=nested(198))],
    [donation(x=nested(199))], [donation(x=nested(240))], [payment(units=[[0, 1], [2, 3]])], [payment(units=[[0, 1], [1, 2]])],
    [payment(units=[[1, 1]])], [payment(units=[[1, 2, 3]])], [payment(units=[[1]])], [payment(units=[[2, 3], [0, 1]])],
    [feedback()], [feedback(payments=["1.0"])], [feedback(payments=[])], [feedback(**PERIOD)],
    [feedback(**PERIOD, payments=["1.0"])],
    [feedback(**(PERIOD | {"to_day": "2026-01-02"}))], [feedback(activity="a", payments=["@1"])], [feedback(activity="a")],
    [exchange(LARGE, LARGE, [LARGE, LARGE])], [exchange(LARGE, LARGE - 1, [LARGE - 1, LARGE])], [exchange(3, 1, [1, 2])],
    [exchange(LARGE, LARGE, [LARGE - 1, LARGE])], [exchange(3, 1, [1, 0])], [exchange(3, 2, [1, 2])], [donation(channel_ref="x")],
    [donation(unit="CNYX")], [donation(fund="f\n")], [donation(fund="-")], [donation(received_on="2024-02-29")],
    [donation(received_on="2023-02-29")], [donation(received_on="1900-02-29")], [donation(received_on="3000-01-01")],
    [{"kind": "unit", "unit": "u", "exponent": 9, "name": "\U0001f600" * 200}],
    [{"kind": "unit", "unit": "u", "exponent": 9, "name": "\U0001f600" * 201}],
    [{"kind": "unit", "unit": "u", "exponent": 10, "name": "n"}],
    [{"kind": "unit", "unit": "u", "exponent": True, "name": "n"}], [{"kind": "unit", "unit": "u", "exponent": 1.0, "name": "n"}],
    [{"kind": "unit", "unit": "u", "exponent": 0, "name": "a\nb"}], [{"kind": "unit", "unit": "u", "exponent": 0, "name": "a\tb"}],
]  # fmt: skip


def test_edges_of_the_forms_are_judged_alike():
    value = {"id": "0199a1c2-7b1e-7c30-9f1e-5d2a4c6b8e10", "ledger": "l", "party": "p", "signed_at": "2026-09-07T10:00:01Z"}
    tops = [
        {"after": None},
        {"after": "1:" + "a" * 64},
        {"after": "01:" + "a" * 64},
        {"ledger": ""},
        {"ledger": "a+b"},
        {"more": 1},
    ]
    statements = [{**value, "records": records} for records in EDGES]
    statements += [{**value, "records": [donation()], **top} for top in tops] + [value]
    assert alike([encoded(one) for one in statements])[""] > 12


def test_names_and_prose_are_judged_alike():
    """What can be seen at the ends of a text, in the engines of three languages."""
    value = {"id": "0199a1c2-7b1e-7c30-9f1e-5d2a4c6b8e10", "ledger": "l", "party": "p", "signed_at": "2026-09-07T10:00:01Z"}
    ends = [text for char in ENDS for text in (char, f"a{char}", f"{char}a", f"a{char}b")]
    texts = [*NAMES, *ends, "\U000e0041", "\U000e0041b", "a\U000e0041", "\ufe0f", "a\ufe0f", "\U00010000"]
    records = [{"kind": "unit", "unit": "u", "exponent": 0, "name": text} for text in texts]
    records += [payment(purpose=text) for text in texts]
    said = alike([encoded({**value, "records": [record]}) for record in records])
    assert said[""] > 60 and said["schema"] > 150
