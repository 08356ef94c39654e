"""A reference is read as people paste it, and nothing else is taken for one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import NotFound
from ledger.pasted import marked_ref, pasted_record, pasted_ref

REFS = st.tuples(st.integers(0, 10**16 - 1), st.integers(0, 999)).map("{0[0]}.{0[1]}".format)
AROUND = (
    "{}", " {} ", "{}.", "{}\n", "\t{}", "{} ", "\ufeff{}", "\u200b{}\u200e", "“{}”", "「{}」", "'{}", '"{}"', "<{}>",
    "({}).", "*{}*", "#{}", "＃{}", "# {}", "gift {}", "Gift #{}", "GIFT: {}", "gift no. {}", "Gift № {}", "Ref. No.: {}",
    "payment {}!", "record {};",    "捐款 {}", "捐款编号：{}", "第{}号", "{}。",
)  # fmt: skip
ADDRESSES = (
    "https://ledger.example/g/{}", "http://127.0.0.1:8000/g/{}", "ledger.example/g/{}", "/g/{}", "g/{}", "www.ledger.example/g/{}/",
    "HTTPS://LEDGER.EXAMPLE/G/{}", "http://ledger.example/books/2026/g/{}?lang=zh&at_size=40", "http://[::1]:8000/g/{}#late",
    "see <https://ledger.example/g/{}>.", "https://ledger.example/payment/{}", "https://ledger.example/v1/donations/{}/trace",
    "/v1/records/{}?at_size=9", "ledger.example/v1/payments/%23{}", "https://ledger.example/find?ref={}&lang=en",
    "http://ledger.example/g/{},", "http://2.0/g/{}",
)  # fmt: skip


@pytest.mark.parametrize("form", AROUND + ADDRESSES)
@pytest.mark.parametrize("ref", ["46.0", "0.0", "52.10", "9007199254740991.255"])
def test_it_is_read_as_it_was_pasted(form: str, ref: str):
    assert pasted_ref(form.format(ref)) == pasted_record(form.format(ref)) == ref


@pytest.mark.parametrize("typed", ["４６．０", "46。0", "46,0", "46 . 0", "46．０", "4６.0", "#４６.０"])
def test_full_width_and_slips_are_read(typed: str):
    assert pasted_ref(typed) == "46.0"


@pytest.mark.parametrize(
    ("typed", "ref"),
    [("46", "46"), ("#46", "46"), ("entry 46", "46"), ("https://ledger.example/entry/46", "46"), ("/entry/46#r3", "46.3"),
     ("/entry/46#x", "46"), ("/entry/46.1#r3", "46.1"), ("/v1/entries/46/raw", "46")],
)  # fmt: skip
def test_an_entry_is_read_too(typed: str, ref: str):
    assert pasted_ref(typed) == ref
    if "." not in ref:
        with pytest.raises(NotFound, match=r"add the record, such as 46\.0"):
            pasted_record(typed)


@pytest.mark.parametrize(
    "typed",
    ["", " ", ".", "#", "gift", "abc", "<b>", "08.0", "46.00", "46.01", "x46.0", "46-0", "46.0.1", "1,834.0", "46 0", "4 6.0",
     "46.0 CNY", "CNY 46.0", "46.0 47.0", "gifted 46.0", "norway 46.0", "-46.0", "+46.0", "46.0e1", "46/0", "/46.0", "http://46.0",
     "https://ledger.example/", "https://ledger.example/project/46.0", "https://ledger.example/g/", "/g/x", "/find?q=46.0",
     "/other?ref=46.0", "http://[::1", "//", "10000000000000000.0", "46.1000", "9" * 500, "4" * 5000,
     "२.३", "@0", "46.@0", "/g/1.0 /g/2.0", "/g/1.0/payment/2.0"],
)  # fmt: skip
def test_anything_else_is_refused_with_what_to_type(typed: str):
    with pytest.raises(NotFound, match="is not a reference; give two numbers with a dot between them, such as 46.0") as refused:
        pasted_ref(typed)
    assert refused.value.rule == "reference" and len(refused.value.message) < 300


@settings(max_examples=40, deadline=None)
@given(REFS)
def test_what_downloads_write_is_read_back(ref: str):
    assert marked_ref(ref) == f"#{ref}" and pasted_record(marked_ref(ref)) == ref


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str):
    try:
        ref = pasted_ref(text)
    except NotFound:
        return
    assert pasted_ref(ref) == ref
