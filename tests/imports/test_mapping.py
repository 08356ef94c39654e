"""The mapping file: what it says, and what it is refused for."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledger.errors import UsageError
from ledger.imports.mapping import parse_mapping, read_mapping

LEAST = """
[gifts]
fund = "relief"
unit = "VND"
channel = "bank"
amount = "sum"
amount_form = "minor"
received = "at"
received_form = "day"
"""
MORE = """
reference = "flow"
fee = "cost"
fee_to = "costs"
skip = { column = "sum", when = "negative" }

[file]
delimiter = "\\t"
encoding = "gb18030"
"""
FULL = LEAST.replace('"day"', '"%d.%m.%Y %H:%M"') + MORE


def test_full_mapping_says_all_it_says():
    mapping = parse_mapping(FULL.encode())
    gifts = mapping.gifts
    assert (gifts.fund, gifts.unit, gifts.channel, gifts.reference, gifts.list_name) == ("relief", "VND", "bank", "flow", None)
    assert (gifts.amount, gifts.amount_form, gifts.fee, gifts.fee_to) == ("sum", "minor", "cost", "costs")
    assert (gifts.received, gifts.received_form) == ("at", "%d.%m.%Y %H:%M")
    assert (gifts.skip.column, gifts.skip.when) == ("sum", "negative")
    assert (mapping.file.delimiter, mapping.file.encoding, mapping.name) == ("\t", "gb18030", None)


def test_least_mapping_reads_utf8_with_commas():
    mapping = parse_mapping((LEAST + 'list = "september"').encode())
    gifts = mapping.gifts
    assert (gifts.list_name, gifts.reference, gifts.fee, gifts.skip) == ("september", None, None, None)
    assert (mapping.file.delimiter, mapping.file.encoding) == (",", "utf-8-sig")


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "utf_8", "U8"])
def test_utf8_by_any_name_may_begin_with_a_byte_order_mark(name: str):
    assert parse_mapping(f'{LEAST}list = "l"\n[file]\nencoding = "{name}"'.encode()).file.encoding == "utf-8-sig"


@pytest.mark.parametrize("more", ["", 'reference = "flow"\nlist = "september"'])
def test_neither_or_both_ways_to_know_a_row_explains_the_choice(more: str):
    with pytest.raises(UsageError) as caught:
        parse_mapping((LEAST + more).encode())
    for word in ("either reference", "or", "list", "number among the rows"):
        assert word in caught.value.message
    assert (caught.value.rule, caught.value.where) == ("mapping", "gifts")


@pytest.mark.parametrize(
    ("change", "where", "words"),
    [
        ('fond = "x"', "gifts.fond", "there is no such setting"), ("[fiel]", "fiel", "there is no such setting"),
        ("name = 1", "gifts.name", "there is no such setting"),
        ('[file]\ndelimeter = ";"', "file.delimeter", "there is no such setting"),
        ('[file]\ndelimiter = ";;"', "file.delimiter", "at most 1"),
        (
            "[file]\ndelimiter = '\"'", "file.delimiter", "not a quote",
        ), ('[file]\nencoding = "utf-9"', "file.encoding", "not the name"),
        ('[file]\nencoding = "hex"', "file.encoding", "not the name"), ('fee = "x"', "gifts", "fee_to"),
        ('fee_to = "x"', "gifts", "fee_to"), ('thousands = "."', "gifts", 'decimal_mark = ","'),
        ('decimal_mark = ","\nthousands = ","', "gifts", 'decimal_mark = "."'), ('thousands = ""', "gifts.thousands", "must be"),
        ('decimal_mark = ";"', "gifts.decimal_mark", "must be"), ("decimal_mark = 1", "gifts.decimal_mark", "must be"),
        ('skip = { column = "x", when = "zero" }', "gifts.skip.when", "'empty' or 'negative'"),
        ('skip = { column = "x" }', "gifts.skip.when", "missing"),
    ],
)  # fmt: skip
def test_wrong_key_is_named(change: str, where: str, words: str):
    with pytest.raises(UsageError) as caught:
        parse_mapping((LEAST + 'list = "l"\n' + change).encode())
    assert caught.value.where == where
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ('fund = "relief"', "", "gifts.fund"), ('"relief"', '"Relief Fund"', "gifts.fund"), ('"VND"', '"Đồng"', "gifts.unit"),
        ('"minor"', '"cents"', "gifts.amount_form"), ('"sum"', "2", "gifts.amount"), ('"day"', '"date"', "gifts.received_form"),
        ('"day"', '"%d.%m."', "gifts.received_form"), ('"day"', '"%Y-%m-%d %Q"', "gifts.received_form"),
        ('"day"', '"%Y-%m-%d %"', "gifts.received_form"), ('"at"', '""', "gifts.received"), ("[gifts]", "[gift]", "gifts"),
    ],
)  # fmt: skip
def test_missing_or_wrong_value_is_named(old: str, new: str, where: str):
    with pytest.raises(UsageError) as caught:
        parse_mapping((LEAST + 'list = "l"').replace(old, new).encode())
    assert caught.value.where == where


@pytest.mark.parametrize("raw", [b"fund: relief", b"[gifts", b"\xff", b"name = 1"])
def test_what_is_no_mapping_is_refused(raw: bytes):
    with pytest.raises(UsageError, match="mapping"):
        parse_mapping(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"a = " + b"[" * 20_000, b"a = " + b"{a=" * 20_000, b"a" + b".a" * 20_000 + b" = 1", b"a = " + b"9" * 5_000,
        b"[file]\n" + b"x" * 60_000 + b" = 1", b"k" * 60_000 + b" = 1", b"[gifts]\n" + (b"k" * 9_000 + b" = 1\n") * 2,
        LEAST.replace('"day"', '"%Y %m %d' + "x" * 60_000 + '"').replace('"bank"', '"Bank"').encode(),
    ],
)  # fmt: skip
def test_what_is_deep_or_long_is_refused_in_few_words(raw: bytes):
    with pytest.raises(UsageError, match="mapping") as caught:
        parse_mapping(raw)
    assert len(caught.value.message) < 400 and len(caught.value.where) <= 80


def test_file_gives_its_name_where_it_is_a_slug(tmp_path: Path):
    for name, kept in (("bank-2024.toml", "bank-2024"), ("Bank 2024.toml", None)):
        path = tmp_path / name
        path.write_bytes(b"\xef\xbb\xbf" + (LEAST + 'list = "l"').replace("\n", "\r\n").encode())
        assert read_mapping(path).name == kept


def test_absent_or_long_file_is_refused(tmp_path: Path):
    with pytest.raises(UsageError, match="name the mapping file"):
        read_mapping(tmp_path / "none.toml")
    (tmp_path / "long.toml").write_bytes(b"#" * 70_000)
    with pytest.raises(UsageError, match="65536"):
        read_mapping(tmp_path / "long.toml")
