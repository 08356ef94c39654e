"""What a party says of the key of its references: one key a label, for ever."""

from __future__ import annotations

import pytest

from ledger.books.rows import ReferenceKeyRow

A, B = "A" * 43, "B" * 42 + "A"


def test_books_keep_the_first_that_a_party_says_of_a_label(ledger):
    ledger.play(f"""
        hope: reference-key label=of-2026 check_value={A} destroy_on=2036-12-31
        shop: reference-key label=of-2026 check_value={B} destroy_on=2030-01-01
        hope: reference-key label=360giving check_value={B} destroy_on=2036-12-31 of=GB-CHC-9
    """)
    entry = len(ledger.leaves) - 3
    assert dict(ledger.books.reference_key.items()) == {
        "hope/of-2026": ReferenceKeyRow(A, "2036-12-31", "", entry),
        "shop/of-2026": ReferenceKeyRow(B, "2030-01-01", "", entry + 1),
        "hope/360giving": ReferenceKeyRow(B, "2036-12-31", "GB-CHC-9", entry + 2),
    }


def test_the_same_said_again_changes_nothing(ledger):
    """Two statements can be signed before either is entered, and both bring the record of the key."""
    said = f"reference-key label=of-2026 check_value={A} destroy_on=2036-12-31"
    ledger.play(f"""
        hope: {said}
        hope: {said}; {said}
    """)
    assert ledger.books.reference_key.get("hope/of-2026").since == len(ledger.leaves) - 2


@pytest.mark.parametrize(
    "other",
    [
        f"check_value={B} destroy_on=2036-12-31", f"check_value={A} destroy_on=2036-12-30",
        f"check_value={A} destroy_on=2036-12-31 of=GB-CHC-9",
    ],
)  # fmt: skip
def test_another_key_day_or_organisation_of_a_label_is_refused_and_found(ledger, other: str):
    ledger.play(f"""
        hope: reference-key label=of-2026 check_value={A} destroy_on=2036-12-31
        hope: reference-key label=of-2026 {other}
          ! reference: was given another key, day or organisation at entry {len(ledger.leaves)}
        hope: reference-key label=of-2027 {other}; reference-key label=of-2027 check_value={"C" * 42}A destroy_on=2036-12-31
          ! reference: was given another key
        hope: reference-key label=of-2026 {other}
          skips 0 reference: was given another key, day or organisation
    """)
    assert ledger.books.reference_key.get("hope/of-2026").check_value == A


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (f"label=A check_value={A} destroy_on=2036-12-31", "label"),
        (f"label=of-2026 check_value={A[1:]} destroy_on=2036-12-31", "check_value"),
        (f"label=of-2026 check_value={A} destroy_on=2036-02-30", "destroy_on"),
        ("label=of-2026 destroy_on=2036-12-31", "check_value"),
    ],
)  # fmt: skip
def test_form_of_what_is_said(ledger, wrong: str, field: str):
    ledger.play(f"""
        hope: reference-key {wrong}
          ! schema: {field}
    """)


def test_books_of_an_earlier_size_do_not_have_it(ledger):
    before = ledger.books.copy()
    ledger.play(f"hope: reference-key label=of-2026 check_value={A} destroy_on=2036-12-31")
    assert before.reference_key.get("hope/of-2026") is None
    (row,) = [row for row in ledger.books.rows() if row[0] == "reference_key"]
    before.load(*row)
    assert before.reference_key.get("hope/of-2026") == ledger.books.reference_key.get("hope/of-2026")
