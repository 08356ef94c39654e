"""CSV that a spreadsheet opens without harm, and tables that are the same on every page."""

from __future__ import annotations

import csv
import io
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.v1.money import Answer, Money
from api.v1.sheet import FORMULA_SIGNS, csv_of, defused
from api.v1.table import columns_of, rows_of

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


class Row(Answer):
    """One of everything."""

    name: str
    amount: Money
    fee: Money | None
    kind: Literal["a", "b"]
    count: int
    sure: bool
    many: list[str]
    parts: list[Money]


def row(name: str, fee: Money | None = None, many: tuple[str, ...] = ()) -> Row:
    money = Money(minor=1000, unit="CNY", exponent=2)
    return Row(name=name, amount=money, fee=fee, kind="a", count=3, sure=True, many=list(many), parts=[money])


def read(raw: bytes) -> list[list[str]]:
    """As a program reads it that knows of the mark."""
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_a_column_for_every_member():
    amounts = [f"{name}_{part}" for name in ("amount", "fee") for part in ("minor", "unit", "exponent")]
    names = ["name", *amounts, "kind", "count", "sure", "many", "parts"]
    assert [column.name for column in columns_of(Row)] == names
    assert rows_of(columns_of(Row), [row("x")]) == [
        ["x", 1000, "CNY", 2, None, None, None, "a", 3, True, "[]", '[{"exponent":2,"minor":1000,"unit":"CNY"}]']
    ]


def test_the_bytes():
    raw = csv_of(Row, [row('say "hi", 希望', many=("1.0",))])
    assert raw.startswith(b"\xef\xbb\xbf" + b'"name","amount_minor"')
    assert raw.endswith(
        b'"say ""hi"", \xe5\xb8\x8c\xe6\x9c\x9b",1000,"CNY",2,,,,"a",3,true,"[""1.0""]",'
        b'"[{""exponent"":2,""minor"":1000,""unit"":""CNY""}]"\r\n'
    )
    assert csv_of(Row, []).count(b"\r\n") == 1, "a header without rows"


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_what_looks_like_a_formula_is_none(sign: str):
    (_, cells) = read(csv_of(Row, [row(f"{sign}1+1")]))
    assert cells[0] == f"'{sign}1+1"
    assert defused(f"1{sign}1") == f"1{sign}1", "within a text it does no harm"


@given(st.lists(TEXT, max_size=5))
def test_every_text_comes_back_but_for_the_apostrophe(texts: list[str]):
    header, *rows = read(csv_of(Row, [row(text) for text in texts]))
    assert all(len(cells) == len(header) for cells in rows)
    assert [cells[0] for cells in rows] == [defused(text) for text in texts]
    assert not any(cells[0].startswith(FORMULA_SIGNS) for cells in rows)


def test_parquet_has_the_same_columns_and_types():
    parquet = pytest.importorskip("pyarrow.parquet")
    from api.v1.columnar import parquet_of

    fee = Money(minor=2**53 - 1, unit="box", exponent=0)
    table = parquet.read_table(io.BytesIO(parquet_of(Row, [row("=x"), row("y", fee)])))
    assert table.column_names == [column.name for column in columns_of(Row)]
    assert table.column("name").to_pylist() == ["=x", "y"], "no program runs a formula out of Parquet"
    assert table.column("fee_minor").to_pylist() == [None, 2**53 - 1]
    assert table.column("sure").to_pylist() == [True, True]
    empty = parquet.read_table(io.BytesIO(parquet_of(Row, [])))
    assert empty.schema.equals(table.schema), "a page without rows has the same types"
