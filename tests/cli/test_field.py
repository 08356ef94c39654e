"""Options made from fields: every kind has its command, and what is typed becomes the record."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from cli.field import options_of, record_of, shapes_of
from cli.main import cli
from cli.signing import TAKEN
from ledger.books.record import KINDS
from ledger.books.rows import Disbursement, UnitRow
from ledger.books.state import Books
from ledger.entries.statement import validated_record
from ledger.errors import GiveTrailError

TODAY = "2026-09-06"
KEY = "A" * 43 + "="


@pytest.fixture
def books() -> Books:
    """Two currencies, rice and boxes, and a payment 9.0 of CNY."""
    books = Books()
    books.unit.put("CNY", UnitRow(2, 1))
    books.unit.put("JPY", UnitRow(0, 1))
    books.unit.put("rice-kg", UnitRow(3, 1))
    books.unit.put("box", UnitRow(0, 1))
    row = Disbursement("payment", "hope", "school", "school/CNY", 5000, "paper", "programme", TODAY, "", 0, (), (), ())
    books.disbursement.put("9.0", row)
    return books


def typed(kind: str, **words) -> dict:
    return {f"field_{name}": value for name, value in words.items()}


TYPED = [
    ("donation", {"fund": "school", "unit": "CNY", "amount": "10.00", "channel": "cash"},
     {"fund": "school", "unit": "CNY", "amount": 1000, "channel": "cash", "received_on": TODAY}),
    ("donation", {"fund": "a", "unit": "CNY", "amount": "10", "channel": "cash", "received_on": "2026-09-01", "fee": "0.60",
                  "fee_to": "b"},
     {"fund": "a", "unit": "CNY", "amount": 1000, "channel": "cash", "received_on": "2026-09-01", "fee": 60, "fee_to": "b"}),
    ("payment", {"fund": "school", "unit": "CNY", "amount": "2.50", "payee": "paper", "cost_class": "programme",
                 "channel": "cash",
                 "goods": ("store:rice-kg:1.5:2.00", '[{"fund":"store","unit":"box","quantity":"7","cost":"0.50"}]')},
     {"fund": "school", "unit": "CNY", "amount": 250, "payee": "paper", "cost_class": "programme", "paid_on": TODAY,
      "channel": "cash", "goods": [{"fund": "store", "unit": "rice-kg", "quantity": 1500, "cost": 200},
                {"fund": "store", "unit": "box", "quantity": 7, "cost": 50}]}),
    ("exchange", {"fund": "a", "unit": "CNY", "amount": "1.00", "to_unit": "JPY", "to_amount": "20", "rate": "1/5", "source": "s"},
     {"fund": "a", "unit": "CNY", "amount": 100, "to_unit": "JPY", "to_amount": 20, "rate": [1, 5], "source": "s",
      "exchanged_on": TODAY}),
    ("receipt", {"of": "9.0", "amount": "1.20", "level": "self-declared"},
     {"of": "9.0", "amount": 120, "level": "self-declared", "received_on": TODAY}),
    ("write-off", {"fund": "a", "unit": "rice-kg", "amount": "0.3", "cause": "loss", "reason": "r",
                   "units": ("0:100", "[[150,350]]")},
     {"fund": "a", "unit": "rice-kg", "amount": 300, "cause": "loss", "reason": "r", "units": [[0, 100], [150, 350]]}),
    ("refund", {"gift": "5.0", "fund": "a", "unit": "CNY", "reason": "legal", "channel": "cash",
                "cover": '{"fund":"b","units":[[0,5]]}'},
     {"gift": "5.0", "fund": "a", "unit": "CNY", "reason": "legal", "channel": "cash", "refunded_on": TODAY,
      "cover": {"fund": "b", "units": [[0, 5]]}}),
    ("project", {"id": "a", "name": "A", "purpose": "p", "restriction": "restricted", "receipt_days": "10", "feedback_days": "20",
                 "goal": ("CNY:1000.00", "JPY:5"), "cost_limits": ("administration:1/10",)},
     {"id": "a", "name": "A", "purpose": "p", "restriction": "restricted", "receipt_days": 10, "feedback_days": 20,
      "goal": [{"unit": "CNY", "amount": 100000}, {"unit": "JPY", "amount": 5}],
      "cost_limits": [{"cost_class": "administration", "rate": [1, 10]}]}),
    ("statistics", {"fund": "a", "unit": "CNY", "by": "day", "from_day": TODAY, "to_day": TODAY, "cells": (f"{TODAY}:12.00:10",)},
     {"fund": "a", "unit": "CNY", "by": "day", "from_day": TODAY, "to_day": TODAY,
      "cells": [{"code": TODAY, "amount": 1200, "gifts": 10}]}),
    ("feedback", {"indicator": "meals", "value": "70", "measured_in": "meals", "method": "counted", "payments": ("9.0", "10.1")},
     {"indicator": "meals", "value": 70, "measured_in": "meals", "method": "counted", "payments": ["9.0", "10.1"],
      "reported_on": TODAY}),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "words", "record"), TYPED, ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_typed_becomes_the_record(books: Books, kind: str, words: dict, record: dict):
    made = record_of(KINDS[kind], typed(kind, **words), books, TODAY)
    assert made == {"kind": kind, **record}
    validated_record(made)


def test_a_text_at_the_end_of_a_part_may_hold_colons(books: Books):
    for word, breach in (
        ("self-payment:At 10:30: by mistake", {"findings": ["self-payment"], "reason": "At 10:30: by mistake"}),
        ("self-payment:", {"findings": ["self-payment"], "reason": ""}),
        ('{"findings": ["approval", "cost-limit"], "reason": "a:b"}', {"findings": ["approval", "cost-limit"], "reason": "a:b"}),
    ):  # fmt: skip
        assert record_of(KINDS["payment"], typed("payment", breach=word), books, TODAY)["breach"] == breach


WRONG = [
    ("donation", {"unit": "CNY", "amount": "1.005"}, "amount '1.005': CNY has 2 decimals; give at most that many"),
    ("donation", {"unit": "CNY", "amount": "1.00", "fee": 10}, "fee 10: give a decimal as text"),
    ("refund", {"unit": "CNY", "cover": "[1]"}, "cover [1]: must be fund:units or a JSON object"),
    ("refund", {"unit": "CNY", "cover": "a:0..1:b"}, "cover 'a:0..1:b': must be fund:units, or JSON"),
    ("donation", {"unit": "EUR", "amount": "1.00"}, "unit 'EUR': there is no such unit; record it first"),
    ("donation", {"amount": "1.00"}, "amount '1.00': it has no unit; give one with --unit"),
    (
        "payment", {"unit": "CNY", "goods": ("a:rice-kg:1.0005:1.00",)},
        "quantity '1.0005': rice-kg has 3 decimals; give at most that many",
    ),
    ("payment", {"unit": "CNY", "goods": ("a:rice-kg:1:1.005",)}, "cost '1.005': CNY has 2 decimals; give at most that many"),
    ("exchange", {"to_unit": "JPY", "to_amount": "1.5"}, "to_amount '1.5': JPY has 0 decimals; give at most that many"),
    ("receipt", {"of": "8.0", "amount": "1.00"}, "amount '1.00': 8.0 is not a payment or delivery; give one with --of"),
    ("project", {"receipt_days": "ten"}, "receipt_days 'ten': must be a whole number up to 2^53-1"),
    ("project", {"receipt_days": "9007199254740992"}, "receipt_days '9007199254740992': must be a whole number up to 2^53-1"),
    ("write-off", {"units": ("0-100",)}, "units '0-100': must be a whole number up to 2^53-1"),
    ("write-off", {"units": ("[[0,1.5]]",)}, "units[0][1]: 1.5 is not allowed"),
    ("write-off", {"units": ("[[0,1]",)}, "units: not JSON"),
    ("unit", {"name": "a\udcff"}, "name 'a\\udcff': is not UTF-8; type it in UTF-8"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "words", "message"), WRONG)
def test_what_is_wrong_is_named(books: Books, kind: str, words: dict, message: str):
    with pytest.raises(GiveTrailError) as caught:
        record_of(KINDS[kind], typed(kind, **words), books, TODAY)
    assert caught.value.message.startswith(message)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_kind_has_its_command(kind: str):
    shown = CliRunner().invoke(cli, ["record", kind, "--help"])
    assert shown.exit_code == 0
    for name in shapes_of(KINDS[kind]):
        word = name.replace("_", "-")
        assert f"--{kind}-{word} " in shown.output if word in TAKEN else f"--{word} " in shown.output
    assert "--sign-only" in shown.output and "--json" in shown.output


def test_no_two_options_are_named_alike():
    for kind in KINDS.values():
        flags = [option.opts[0] for option in options_of(kind, TAKEN)]
        assert len(flags) == len(set(flags)) and not {flag[2:] for flag in flags} & TAKEN
