"""The sentence of a page says the same facts as the ledger's own sentence, in both languages."""

from __future__ import annotations

import re

import pytest

from api.pages.locale import voice_of
from api.pages.sentence import sentence
from ledger.books.gift import GiftTrace, OverdueStage
from ledger.books.gift import sentence as plain_sentence
from ledger.books.trace import Piece
from ledger.view.view import View
from tests.api.asking import Client
from tests.pages.town import Town

STATES = ("held", "allocated", "paid", "received", "reported", "disputed", "fee", "refunded", "covered", "written-off")
DAYS = {
    "en": lambda y, m, d: f"{int(d)} {('November', 'December')[int(m) - 11]} {y}",
    "zh": lambda y, m, d: f"{y}年{int(m)}月{int(d)}日",
}


def a_trace(states: tuple[str, ...], payments: int, deliveries: int, late: tuple[OverdueStage, ...] = ()) -> GiftTrace:
    """A gift in pieces of 1.01, 1.02, 1.03 … of these states."""
    pieces, at = [], 0
    for number, state in enumerate(states, 1):
        level = "third-party" if state in ("received", "reported") else ""
        pieces.append(Piece(at, at + 100 + number, state, "f/CNY", at, at + 100 + number, ("9.0",), level))
        at += 100 + number
    covered = (101 if states[0] == "covered" else 7) if payments == 2 and "covered" in states else 0
    return GiftTrace(
        "8.0", "hope", "f", "CNY", 2, at, "2026-11-03", tuple(pieces), payments, deliveries, "2026-11-09", late,
        unspent_covered=covered,
    )  # fmt: skip


CASES = [(state,) for state in STATES] + [STATES, ("paid", "held", "fee"), ("reported", "received"), ("covered", "refunded")]
LATE = (OverdueStage("receipt", "9.0", "2026-12-01"), OverdueStage("feedback", "9.1", "2026-12-02"))


@pytest.mark.parametrize("late", [(), LATE], ids=["in time", "late"])
@pytest.mark.parametrize("ways", [(1, 0), (2, 0), (0, 1), (3, 4)])
@pytest.mark.parametrize("states", CASES, ids="+".join)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_amount_day_and_number_is_there(language: str, states: tuple[str, ...], ways: tuple[int, int], late: tuple):
    trace = a_trace(states, *ways, late)
    said = sentence(voice_of(language), trace, "Fund").replace("\u00a0", " ")
    known = plain_sentence(trace)
    unit = {"en": " CNY", "zh": "元"}[language]
    assert re.findall(rf"(\d+\.\d\d){unit}", said) == re.findall(r"(\d+\.\d\d) CNY", known)
    for day in re.findall(r"(\d{4})-(\d\d)-(\d\d)", known):
        assert DAYS[language](*day) in said
    for count in re.findall(r"in (\d+) (?:payment|deliver)", known):
        assert re.search(rf"(?<![\d.-]){count}(?![\d.年月日])", said)
    assert "%(" not in said and (language == "en" or not re.search("[a-z]{4}", said.replace("Fund", "")))


def test_who_signed_for_a_disputed_amount_is_anyone_but_the_payer():
    """Not the recipient: it may be that only a third party, a bank or a one-time key signed."""
    trace = a_trace(("disputed",), 1, 0)
    words = "disputed: someone other than the payer signed for it, and the payer says that it came back or never went out"
    assert words in sentence(voice_of("en"), trace, "Fund") and words in plain_sentence(trace)
    assert "有争议：付款方以外的人已签收，付款方称已退回或从未付出" in sentence(voice_of("zh"), trace, "Fund")


def test_levels_of_receipts_are_said():
    trace = a_trace(("received",), 1, 0)
    assert "signed by a third party" in sentence(voice_of("en"), trace, "Fund")
    assert "第三方确认" in sentence(voice_of("zh"), trace, "Fund")


def test_the_page_begins_with_the_sentence(client: Client, town: Town):
    ref = town.refs["waiting"]
    text = client.get(f"/g/{ref}", accept_language="en").text.replace("\u00a0", " ")
    with View.open(town.directory) as view:
        trace = view.at().gift(ref)
    said = sentence(voice_of("en"), trace, "General & <b>bold</b>").replace("\u00a0", " ")
    assert said.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in text
    assert "9.00 CNY, given on 20 October 2026" in text
