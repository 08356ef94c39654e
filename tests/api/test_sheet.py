"""CSV that a spreadsheet opens without harm, and tables that are the same on every page."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet
from pydantic import create_model

from api.v1 import columnar
from api.v1.columnar import Columnar
from api.v1.lines import Lines
from api.v1.money import Answer, Money, SumOfMoney
from api.v1.sheet import FORMULA_SIGNS, Sheet, defused
from api.v1.table import columns_of, decimal_text, rows_of

TEXT = st.text(st.characters(codec="utf-8"), max_size=20)


class Row(Answer):
    """One of everything."""

    name: str
    amount: Money
    kind: Literal["a", "b"]
    count: int
    sure: bool
    many: list[str]
    parts: list[Money]
    note: str | None


def row(name: str, many: tuple[str, ...] = (), minor: int = 1000) -> Row:
    money = Money(minor=minor, unit="CNY", exponent=2)
    return Row(name=name, amount=money, kind="a", count=3, sure=True, many=list(many), parts=[money], note=None)


def csv_of(model: type[Answer], items: list[Any]) -> bytes:
    """All of a file."""
    sheet = Sheet(model)
    return sheet.begin() + sheet.items(items) + sheet.end()


def read(raw: bytes) -> list[list[str]]:
    """As a program reads it that knows of the mark."""
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_a_column_for_every_member():
    names = ["name", "amount", "amount_minor", "amount_unit", "amount_exponent", "kind", "count", "sure", "many", "parts", "note"]
    assert [column.name for column in columns_of(Row)] == names
    assert rows_of(columns_of(Row), [row("x")]) == [
        ["x", "10.00", 1000, "CNY", 2, "a", 3, True, "[]", '[{"minor":1000,"unit":"CNY","exponent":2}]', None]
    ]


def test_the_bytes():
    raw = csv_of(Row, [row('say "hi", 希望', many=("1.0",))])
    assert raw.startswith(b"\xef\xbb\xbf" + b'"name","amount","amount_minor"')
    assert raw.endswith(
        b'"say ""hi"", \xe5\xb8\x8c\xe6\x9c\x9b",10.00,1000,"CNY",2,"a",3,true,"[""1.0""]",'
        b'"[{""minor"":1000,""unit"":""CNY"",""exponent"":2}]",\r\n'
    )
    assert csv_of(Row, []).count(b"\r\n") == 1, "a header without rows"


@pytest.mark.parametrize(
    ("minor", "exponent", "said"),
    [(0, 0, "0.0"), (5, 0, "5.0"), (0, 2, "0.00"), (5, 2, "0.05"), (1000, 2, "10.00"), (1, 9, "0.000000001"),
     (2**53 - 1, 9, "9007199.254740991"), (10**30 + 1, 2, "10000000000000000000000000000.01")],
)  # fmt: skip
def test_a_decimal_is_exact_and_always_has_a_stop(minor: int, exponent: int, said: str):
    assert decimal_text(minor, exponent) == said


@pytest.mark.parametrize("absent", [int | None, Money | None, bool | None, list[str] | None])
def test_a_column_whose_type_a_reader_could_not_guess_is_refused(absent: Any):
    model = create_model("Model", __base__=Answer, name=(absent, ...))
    with pytest.raises(TypeError, match="only text may be absent"):
        columns_of(model)


@pytest.mark.parametrize("sign", FORMULA_SIGNS)
def test_what_looks_like_a_formula_is_none(sign: str):
    (_, cells) = read(csv_of(Row, [row(f"{sign}1+1")]))
    assert cells[0] == f"'{sign}1+1"
    assert defused(f"a{sign}1") == f"a{sign}1", "within a text it does no harm"


@given(st.lists(TEXT, max_size=5))
def test_every_text_comes_back_but_for_the_apostrophe(texts: list[str]):
    header, *rows = read(csv_of(Row, [row(text) for text in texts]))
    assert all(len(cells) == len(header) for cells in rows)
    assert [cells[0] for cells in rows] == [defused(text) for text in texts]
    assert not any(cells[0].startswith(FORMULA_SIGNS) for cells in rows)


@pytest.mark.parametrize(
    "text",
    ["007", "1", "52.10", "1e5", "1E-5", "-1", "1,234.50", "12 %", "€ 5", "(5)", "2026-09", "2026-09-07", "7/9/26", "7.9.",
     "SEPT2", "1 Mar", "mar-26", "March 1st, 2026", "Mon 7 Sep", "12:30", "2026-09-07T10:00:00Z", "2026年9月", "９月1日",
     "１２", "true", "FALSE", "null", "NaN", "n/a", "-inf", "Yes", "'", "'1", "=1+1"],
)  # fmt: skip
def test_what_looks_like_a_value_is_text(text: str):
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize(
    "text",
    ["", " ", "a", "school", "books-2026", "3 Mills Trust", "GB-CHC-1", "#52.10", "INV 7", "ab12" * 16, "12 rue de la Paix",
     "hope/CNY", "a", "truest", "not a number", "Mars 1x", "希望2026", "第5小学"],
)  # fmt: skip
def test_what_is_text_to_everybody_is_left_alone(text: str):
    assert defused(text) == text


def test_lines_have_the_same_members_and_nothing_is_null():
    lines = Lines(Row)
    first, last = (lines.begin() + lines.items([row("x"), row("希望", ("1.0",))]) + lines.end()).decode().splitlines()
    assert first.startswith('{"name":"x","amount":"10.00","amount_minor":1000,') and first.endswith('"note":""}')
    assert json.loads(first).keys() == json.loads(last).keys() and '"希望"' in last
    assert not {type(value) for value in json.loads(last).values()} - {str, int, bool}


def test_parquet_has_the_same_columns_and_types():
    def table_of(model: type[Answer], *parts: list[Answer]) -> Any:
        file = Columnar(model)
        return parquet.read_table(io.BytesIO(file.begin() + b"".join(file.items(part) for part in parts) + file.end()))

    table = table_of(Row, [row("=x")], [row("y", minor=2**53 - 1)])
    assert table.column_names == [column.name for column in columns_of(Row)]
    assert table.column("name").to_pylist() == ["=x", "y"], "no program runs a formula out of Parquet"
    assert table.column("amount_minor").to_pylist() == [1000, 2**53 - 1]
    assert table.column("amount").to_pylist() == [Decimal("10"), Decimal("90071992547409.91")]
    assert table.column("sure").to_pylist() == [True, True] and table.column("note").to_pylist() == [None, None]
    empty = table_of(Row)
    assert empty.schema.equals(table.schema), "a page without rows has the same types"


def test_a_sum_beyond_64_bits_is_exact_in_every_form():
    class Total(Answer):
        amount: SumOfMoney

    most = 10**22 + 1
    total = Total(amount=SumOfMoney(minor=most, unit="CNY", exponent=2))
    file, lines = Columnar(Total), Lines(Total)
    table = parquet.read_table(io.BytesIO(file.begin() + file.items([total]) + file.end()))
    assert table.column("amount_minor").to_pylist() == [most] and table.column("amount").to_pylist() == [Decimal(most).scaleb(-2)]
    assert json.loads(lines.items([total]))["amount_minor"] == most
    assert read(csv_of(Total, [total]))[1][:2] == ["100000000000000000000.01", str(most)]


def test_a_long_file_is_written_group_by_group(monkeypatch: pytest.MonkeyPatch):
    """What is kept does not grow with the list: bytes come out whenever a group is full."""
    monkeypatch.setattr(columnar, "GROUP_ROWS", 100)
    file = Columnar(Row)
    assert file.begin() == b"PAR1"
    sizes = [len(file.items([row(str(number)) for number in range(50)])) for _ in range(10)]
    assert [size > 0 for size in sizes] == [False, True] * 5
