"""Rows of a CSV file to gifts: days, amounts, fees, encodings, and how a broken row is named."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ledger.errors import RowError, UsageError
from ledger.imports.fault import Faults
from ledger.imports.mapping import Mapping
from ledger.imports.reading import SummedFile
from ledger.imports.row import Gift, GiftRows, Terms

TERMS = Terms(exponent=2, offset_minutes=420, today="2026-03-02")

Write = Callable[..., Path]
Mapped = Callable[..., Mapping]


def read(path: Path, mapping: Mapping, faults: Faults | None = None, terms: Terms = TERMS) -> list[Gift]:
    with closing(SummedFile(path)) as file:
        return list(GiftRows(file, mapping, terms, faults or Faults(False)))


def day_of(cell: str, form: str, csv_file: Write, mapped: Mapped) -> str:
    ((_, day, _, _, _),) = read(csv_file(f'at,sum\n"{cell}",1\n'), mapped(received_form=f'"{form}"'))
    return day


@pytest.mark.parametrize(
    ("cell", "form", "day"),
    [
        ("2024-09-10", "day", "2024-09-10"), (" 2024-09-10 ", "day", "2024-09-10"),
        ("2024-09-10T12:01:29+07:00", "datetime", "2024-09-10"), ("2024-09-10T16:59:59Z", "datetime", "2024-09-10"),
        ("2024-09-10T17:00:00Z", "datetime", "2024-09-11"), ("2024-09-10T23:59:59+08:00", "datetime", "2024-09-10"),
        ("2024-09-10T00:30:00+08:00", "datetime", "2024-09-09"), ("2024-09-10 17:00:00.25+00:00", "datetime", "2024-09-11"),
        ("2024-12-31T17:00:00+00:00", "datetime", "2025-01-01"), ("10.9.2024", "%-d.%-m.%Y", "2024-09-10"),
        ("10/09/2024 23:59", "%d/%m/%Y %H:%M", "2024-09-10"), ("10/09/2024 23:59 +0000", "%d/%m/%Y %H:%M %z", "2024-09-11"),
    ],
)  # fmt: skip
def test_day_is_the_ledgers_local_day(cell: str, form: str, day: str, csv_file: Write, mapped: Mapped):
    assert day_of(cell, form, csv_file, mapped) == day


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("2024-09-31", "day"), ("10.09.2024", "day"), ("", "day"), ("2024-09-10T12:01:29", "datetime"), ("2024-09-10", "datetime"),
        ("2024-09-10T12:01:60+07:00", "datetime"), ("2024-13-10T12:01:29+07:00", "datetime"),
        ("0001-01-01T00:00:00+14:00", "datetime"),
        ("2024-09-10", "%d.%m.%Y"), ("2026-03-03", "day"), ("2026-03-02T17:00:00Z", "datetime"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_refused_with_row_column_and_value(cell: str, form: str, csv_file: Write, mapped: Mapped):
    with pytest.raises(RowError) as caught:
        day_of(cell, form, csv_file, mapped)
    assert "row 1 (line 2), column 'at'" in caught.value.message
    assert cell in caught.value.message
    assert caught.value.where == "1"


@pytest.mark.parametrize(
    ("cell", "form"),
    [
        ("0999-12-31", "day"), ("0001-01-01", "day"), ("31.12.0999", "%d.%m.%Y"), ("0999-12-31T12:00:00+00:00", "datetime"),
        ("1000-01-01T00:15:00+07:30", "datetime"),
    ],
)  # fmt: skip
def test_a_day_that_no_record_may_hold_is_refused(cell: str, form: str, csv_file: Write, mapped: Mapped):
    with pytest.raises(RowError, match="is not in the years 1000 to 2999") as caught:
        day_of(cell, form, csv_file, mapped)
    assert caught.value.rule == "received"
    assert day_of("1000-01-01", "day", csv_file, mapped) == "1000-01-01"


@pytest.mark.parametrize(
    ("cell", "form"), [("9" * 9000, "%d.%m.%Y"), ("9" * 9000, "day"), ("01" + " " * 9000 + "01 2999", "%d %m %Y")]
)
def test_a_long_cell_is_refused_in_few_words(cell: str, form: str, csv_file: Write, mapped: Mapped):
    with pytest.raises(RowError) as caught:
        day_of(cell, form, csv_file, mapped)
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    ("form", "cell", "minor"),
    [("decimal", "12.50", 1250), ("decimal", "12", 1200), ("decimal", "0.01", 1), ("minor", "1250", 1250), ("minor", " 7 ", 7)],
)
def test_amount_is_exact(form: str, cell: str, minor: int, csv_file: Write, mapped: Mapped):
    ((_, _, amount, _, _),) = read(csv_file(f"at,sum\n2024-09-10,{cell}\n"), mapped(amount_form=f'"{form}"'))
    assert amount == minor


@pytest.mark.parametrize(
    ("form", "cell"),
    [
        ("decimal", "12.505"), ("decimal", "-1"), ("decimal", "0"), ("decimal", "1e3"), ("decimal", "1 000"), ("decimal", ""),
        ("decimal", "NaN"), ("decimal", "90071992547409.92"), ("minor", "12.5"), ("minor", "-1"), ("minor", "0"), ("minor", "007"),
        ("minor", "٣"), ("minor", ""), ("minor", "9007199254740992"),
    ],
)  # fmt: skip
def test_what_is_no_amount_is_refused(form: str, cell: str, csv_file: Write, mapped: Mapped):
    with pytest.raises(RowError) as caught:
        read(csv_file(f"at,sum\n2024-09-10,{cell}\n"), mapped(amount_form=f'"{form}"'))
    assert (caught.value.where, caught.value.rule) == ("1", "amount")
    assert "row 1 (line 2), column 'sum'" in caught.value.message


def test_amount_with_more_decimals_than_the_unit_is_refused(csv_file: Write, mapped: Mapped):
    with pytest.raises(RowError, match="VND has 0 decimals"):
        read(csv_file("at,sum\n2024-09-10,12.50\n"), mapped(), terms=TERMS._replace(exponent=0))


@pytest.mark.parametrize(
    ("marks", "form", "cell", "minor"),
    [
        ((",", "."), "decimal", "1.080,50", 108_050), ((",", "."), "decimal", "1.080", 108_000),
        ((".", " "), "decimal", "1\u202f080.5", 108_050),
        ((",", "."), "minor", "300.000", 300_000), ((".", ","), "minor", "1,000", 1000), ((",", ""), "decimal", "1080,50", 108_050),
    ],
)  # fmt: skip
def test_marks_mean_what_the_mapping_says(
    marks: tuple[str, str], form: str, cell: str, minor: int, csv_file: Write, mapped: Mapped
):
    said = {"decimal_mark": f'"{marks[0]}"'} | ({"thousands": f'"{marks[1]}"'} if marks[1] else {})
    ((_, _, amount, _, _),) = read(csv_file(f'at,sum\n2024-09-10,"{cell}"\n'), mapped(amount_form=f'"{form}"', **said))
    assert amount == minor


@pytest.mark.parametrize("cell", ["1.080", "1.080.000", "1,080", "1.080,50", "12,34,567.00"])
def test_marks_that_nobody_declared_are_refused_and_the_remedy_named(cell: str, csv_file: Write, mapped: Mapped):
    with pytest.raises(RowError, match="say so in the mapping"):
        read(csv_file(f'at,sum\n2024-09-10,"{cell}"\n'), mapped())


def test_fee_is_taken_where_there_is_one(csv_file: Write, mapped: Mapped):
    fees = mapped(fee='"cost"', fee_to='"wallet"')
    rows = read(csv_file("at,sum,cost\n2024-09-10,10,0.60\n2024-09-10,10,\n2024-09-10,10,0.00\n"), fees)
    assert [row[3] for row in rows] == [60, 0, 0]
    for fee in ("10", "11", "-1", "0.001", "0.000", ".", "...", "0.0.0", "00.00.", "none", "0,00", "-0"):
        with pytest.raises(RowError, match="column 'cost'"):
            read(csv_file(f'at,sum,cost\n2024-09-10,10,"{fee}"\n'), fees)


def test_rows_that_are_no_gifts_are_skipped_and_counted(csv_file: Write, mapped: Mapped):
    text = "at,sum,state\n2024-09-10,10,done\n2024-09-10,-10,done\n2024-09-10, \u221210,\n2024-09-10,5,\n"
    for when, column, amounts in (("negative", "sum", [1000, 500]), ("empty", "state", [1000])):
        mapping = mapped(skip=f'{{ column = "{column}", when = "{when}" }}')
        with closing(SummedFile(csv_file(text))) as file:
            rows = GiftRows(file, mapping, TERMS, Faults(True))
            assert [row[2] for row in rows] == amounts
        assert (rows.rows, rows.skipped) == (4, 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "cp1258"])
def test_encodings_and_byte_order_mark(encoding: str, csv_file: Write, mapped: Mapped):
    text = "sum,at,ngân hàng\r\n1,2024-09-10,\r\n\r\n2,2024-09-11,\r\n"
    if encoding == "gb18030":
        text = text.replace("ngân hàng", "银行")
    elif encoding == "cp1258":
        text = text.replace("ngân hàng", "Đ")
    said = "" if encoding.startswith("utf-8") else f'[file]\nencoding = "{encoding}"'
    rows = read(csv_file(text, encoding=encoding), mapped(said))
    assert [row[:3] for row in rows] == [(1, "2024-09-10", 100), (2, "2024-09-11", 200)]


def test_other_encoding_than_said_is_no_silent_loss(csv_file: Write, mapped: Mapped):
    path = csv_file("at,sum,ref\n2024-09-10,1,Đ-1\n", encoding="cp1258")
    with pytest.raises(RowError, match="column 'ref'.*encoding"):
        read(path, mapped(list=None, reference='"ref"'))
    with pytest.raises((RowError, UsageError)):
        read(path, mapped('[file]\nencoding = "utf-16"'))


def test_delimiter_quotes_and_lines_inside_a_cell(csv_file: Write, mapped: Mapped):
    text = 'at;note;sum\n2024-09-10;"a;b\nc ""d""";1\n2024-09-10;;x\n'
    with pytest.raises(RowError) as caught:
        read(csv_file(text), mapped('[file]\ndelimiter = ";"'))
    assert "row 2 (line 4)" in caught.value.message


@pytest.mark.parametrize("row", ["2024-09-10", "2024-09-10,1,2"])
def test_row_with_other_number_of_cells_is_broken(row: str, csv_file: Write, mapped: Mapped):
    with pytest.raises(RowError, match="the header has 2"):
        read(csv_file(f"at,sum\n2024-09-10,1\n{row}\n"), mapped())


@pytest.mark.parametrize("row", ['2024-09-10,"1', '"2024-09-10"x,1'])
def test_what_cannot_be_told_apart_into_cells_is_never_left_out(row: str, csv_file: Write, mapped: Mapped):
    with pytest.raises(RowError, match="not CSV") as caught:
        read(csv_file(f"at,sum\n2024-09-10,1\n{row}\n2024-09-11,2\n"), mapped(), Faults(True))
    assert caught.value.where == "2"


@pytest.mark.parametrize(("header", "words"), [("at,amount", "missing.*'amount'"), ("at,sum,sum", "twice"), ("", "none")])
def test_header_without_a_column_is_refused(header: str, words: str, csv_file: Write, mapped: Mapped):
    with pytest.raises(UsageError, match=words):
        read(csv_file(f"{header}\n2024-09-10,1\n"), mapped())


def test_broken_rows_are_counted_and_the_first_hundred_kept(csv_file: Write, mapped: Mapped):
    faults = Faults(True)
    rows = read(csv_file("at,sum\n" + "2024-09-10,x\n2024-09-10,1\n" * 150), mapped(), faults)
    assert (len(rows), faults.count, len(faults.kept())) == (150, 150, 100)
    assert [fault.where for fault in faults.kept()[:3]] == ["1", "3", "5"]


def test_row_is_known_by_cells_or_by_its_reference(csv_file: Write, mapped: Mapped):
    path = csv_file("at,sum,ref\n2024-09-10, 1.00 , a 1 \n2024-09-10,1,é\n")
    assert [row[4] for row in read(path, mapped())] == ["2024-09-10\x001.00\0", "2024-09-10\x001\0"]
    assert [row[4] for row in read(path, mapped(list=None, reference='"ref"'))] == ["a 1", "é"]
    with pytest.raises(RowError, match="is empty"):
        read(csv_file("at,sum,ref\n2024-09-10,1, \n"), mapped(list=None, reference='"ref"'))
