"""What ISO 4217 says of a currency's decimals holds for its unit; goods are free, and no two units differ by case only."""

from __future__ import annotations

import pytest

from ledger.books.currency import EXPONENTS, in_other_case, why_not


@pytest.mark.parametrize(
    ("unit", "exponent"),
    [
        ("JPY", 0), ("KWD", 3), ("CLF", 4), ("EUR", 2), ("IDR", 2), ("IQD", 3), ("XAU", 4), ("DEM", 0), ("ABC", 9), ("pen", 0),
        ("cup", 0), ("rice-kg", 3), ("mask-n95", 0),
    ],
)  # fmt: skip
def test_a_unit_that_stands(unit: str, exponent: int):
    assert why_not(unit, exponent) == ""


@pytest.mark.parametrize(
    ("unit", "exponent"),
    [
        ("JPY", 2), ("VND", 2), ("VND", 1), ("KWD", 2), ("GBP", 0), ("GBP", 3), ("IDR", 0), ("IQD", 0), ("CLF", 2), ("jpy", 2),
        ("gbp", 2),
    ],
)  # fmt: skip
def test_a_unit_that_other_programs_would_read_wrong(unit: str, exponent: int, ledger):
    assert unit in why_not(unit, exponent)
    ledger.play(f"""
        op: unit {unit} {exponent}
          ! exponent: unit '{unit}'
        op: unit {unit} {exponent}
          finds 0 exponent: unit '{unit}'
    """)


def test_units_do_not_differ_by_case_only(ledger):
    ledger.play("""
        op: unit cny 0
          ! reference: 'CNY' is already declared
        op: unit pen 0
        op: unit PEN 2
          ! reference: 'pen' is already declared
        op: unit ABC 2; unit abc 2
          ! reference: 'ABC' is already declared
        op: unit cny 0
          skips 0 reference: 'CNY' is already declared
    """)
    assert [in_other_case(code) for code in ("CNY", "pen", "mask-n95")] == ["cny", "PEN", "MASK-N95"]


def test_the_table_is_of_codes_with_sound_exponents():
    assert len(EXPONENTS) == 165 and all(len(code) == 3 and code.isupper() for code in EXPONENTS)
    assert {code for code, exponent in EXPONENTS.items() if exponent == 3} == {"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"}
