"""Numbers that people write: exact or refused, at any length and in any notation; never rounded, never guessed."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.amount import MAX_EXPONENT, PLAIN, Notation, from_number, to_minor, to_text
from ledger.bounds import MAX_AMOUNT
from ledger.errors import SchemaError

GERMAN = Notation(",", ".")
SWISS = Notation(".", "'")
FRENCH = Notation(",", " ")
EXPONENT = st.integers(0, MAX_EXPONENT)
MINOR = st.integers(1, MAX_AMOUNT) | st.integers(1, 100_000)
NOTATION = st.sampled_from([PLAIN, Notation(","), GERMAN, SWISS, FRENCH, Notation(".", ",")])


def written(minor: int, exponent: int, notation: Notation) -> str:
    """An amount as an accountant of that notation writes it."""
    whole, _, decimals = f"{minor // 10**exponent:,}.{minor % 10**exponent:0{exponent}d}".partition(".")
    return whole.replace(",", notation.thousands) + (notation.decimal_mark + decimals if exponent else "")


@given(MINOR, EXPONENT, NOTATION)
def test_what_is_written_is_read(minor: int, exponent: int, notation: Notation):
    assert to_minor(written(minor, exponent, notation), exponent, "XTS", notation) == minor
    assert to_minor(to_text(minor, exponent, "").strip(), exponent, "XTS") == minor


@given(MINOR, EXPONENT, NOTATION, NOTATION)
def test_another_notation_is_refused_or_means_the_same(minor: int, exponent: int, writer: Notation, reader: Notation):
    """But where a mark of groups alone could be a decimal mark with three digits behind it: that is what the mapping is for."""
    text = written(minor, exponent, writer)
    try:
        read = to_minor(text, exponent, "XTS", reader)
    except SchemaError:
        return
    assert read == minor or reader.decimal_mark in writer.thousands or writer.decimal_mark in reader.thousands


@given(st.text(st.sampled_from("0123456789.,'\u2019 +-eE_\u00a0\u0663\uff15\u00b2\n"), max_size=12), EXPONENT, NOTATION)
def test_no_text_is_read_as_anything_but_its_digits(text: str, exponent: int, notation: Notation):
    try:
        minor = to_minor(text, exponent, "XTS", notation, least=0)
    except SchemaError:
        return
    marks = {".": "."} if notation == PLAIN else {notation.decimal_mark: ".", **dict.fromkeys(" '\u2019\u00a0", "")}
    if notation.thousands:
        marks |= {notation.thousands: "", notation.decimal_mark: "."}
    assert minor == Fraction("".join(marks.get(char, char) for char in text)) * 10**exponent


@pytest.mark.parametrize(
    "text",
    [
        "", ".", "..", "...", "0.0.0", "00.00.", ".5", "5.", "1.2.3", "1.080", "1.000",
        "12.5000000000000000000000000000000000001", "0.00999999999999999999999999999999999999", "12.500", "0", "0.00", "007",
        "00.50", "+5", "-5", "\u22125", "1e3", "1E2", "5e-1", "1_000", "1,000", "1 000", "1'000", " 5", "5 ", "5\n",
        "\u00a05", "5\u00a0", "\uff15", "\u0665", "\u0967", "\u00b2", "\u4e94", "NaN", "Infinity", "0x10", "5.00 EUR",
        "\u20ac5", "5\x00", "9" * 40, "9" * 5000, "1000000000000.01", "5\u200b", "5.\u0660\u0660",
    ],
)  # fmt: skip
def test_what_is_no_exact_positive_amount_is_refused(text: str):
    with pytest.raises(SchemaError) as caught:
        to_minor(text, 2, "EUR")
    assert caught.value.rule == "amount" and len(caught.value.message) < 250


@pytest.mark.parametrize(
    ("text", "exponent", "notation", "minor"),
    [
        ("1.080,50", 2, GERMAN, 108_050), ("1.080", 2, GERMAN, 108_000), ("300.000", 0, GERMAN, 300_000),
        ("1080,5", 2, GERMAN, 108_050),
        ("1'080.50", 2, SWISS, 108_050), ("1\u2019080.50", 2, SWISS, 108_050), ("1\u202f080,50", 2, FRENCH, 108_050),
        ("1\u00a0080\u00a0000", 0, FRENCH, 1_080_000), ("1000000000000.00", 2, PLAIN, MAX_AMOUNT), ("0.01", 2, PLAIN, 1),
    ],
)  # fmt: skip
def test_groups_and_marks_that_were_declared(text: str, exponent: int, notation: Notation, minor: int):
    assert to_minor(text, exponent, "XTS", notation) == minor


@pytest.mark.parametrize(
    "text",
    [
        "1.08", "10.80,50", "1.0800", "1080.500", "1..080", ".080", "1.080.", "1.080,5.0", "1,080.50", "1,080,50", "0.300",
        "01.080", "12.34.567", "12,34,567", "1 080", "1'080", "1.080,505",
    ],
)  # fmt: skip
def test_groups_are_of_exactly_three_digits(text: str):
    """So Indian grouping (12,34,567) is refused too."""
    with pytest.raises(SchemaError):
        to_minor(text, 2, "EUR", GERMAN)


def test_a_fee_may_be_nothing_and_only_as_a_number():
    assert [to_minor(text, 2, "EUR", least=0) for text in ("0", "0.0", "0.00", "0.01")] == [0, 0, 0, 1]
    for text in ("", ".", "...", "0.0.0", "0.000", "00.00", "-0", "-0.01"):
        with pytest.raises(SchemaError):
            to_minor(text, 2, "EUR", least=0)


def number(text: str) -> int | Decimal:
    return json.loads(text, parse_float=Decimal)


@pytest.mark.parametrize(
    ("text", "exponent", "minor"),
    [
        ("1000.0", 0, 1000), ("1000.000", 2, 100_000), ("1e3", 2, 100_000), ("1.5E1", 0, 15), ("0.1", 1, 1), ("5", 9, 5 * 10**9),
        ("100000000000000", 0, MAX_AMOUNT), ("1000000000000.0000", 2, MAX_AMOUNT), ("100000000000e-9", 2, 10_000),
    ],
)  # fmt: skip
def test_a_number_of_json_is_its_value(text: str, exponent: int, minor: int):
    assert from_number(number(text), exponent, "XTS") == (minor, False)


@pytest.mark.parametrize(
    "text",
    [
        "0", "0.0", "-0.0", "-5", "0.001", "41133.775", "12.5000000000000000000000000000000000001", "0.0099999999", "1e99",
        "0.00999999999999999999999999999999999999", "1000000000000.01", "1e-9", "0.0100000099", "41133.77000001",
        "123456789012345.678", "9" * 400, "50000000000000.558", "9000000000000.005",
    ],
)  # fmt: skip
def test_a_number_of_json_is_not_rounded(text: str):
    with pytest.raises(SchemaError):
        from_number(number(text), 2, "GBP")


@given(st.lists(st.integers(1, 10_000_000), min_size=2, max_size=3))
def test_what_a_sum_of_doubles_is_off_by_is_told_and_undone(pence: list[int]):
    """A publisher's program adds 0.1 and 0.2: the number in the file is the next double, or the one after that."""
    text = json.dumps(sum(one / 100 for one in pence))
    minor, told = from_number(number(text), 2, "GBP")
    assert minor == sum(pence)
    assert told == (Fraction(text) * 100 != minor)


@given(st.integers(0, 10**17), EXPONENT)
def test_an_amount_is_shown_as_it_is(minor: int, exponent: int):
    assert to_text(minor, exponent, "XTS") == f"{Decimal(minor).scaleb(-exponent):f} XTS"
    assert to_text(-minor - 1, exponent, "XTS").startswith("-")
