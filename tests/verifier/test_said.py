"""The verifier and the pages of a server say the same thing in the same words, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from api.pages import names
from api.pages.collect import said
from api.pages.locale import voice_of
from api.pages.sentence import sentence
from ledger.books.gift import GiftTrace, OverdueStage
from ledger.books.trace import Piece
from tests.verifier.asking import ask

TAGS = {"en": "en", "zh": "zh-CN"}
TABLES = {"states": names.STATES, "levels": names.LEVELS}
SHARED = {
    "policy_label": "The log’s public key, or its trust policy", "ranges": "Where each part is now",
    "columns.units": "Part of the gift", "columns.amount": "Amount", "columns.state": "State", "columns.records": "Path",
    "verdicts.verified": "Verified", "verdicts.verified, unwitnessed": "Verified, unwitnessed", "verdicts.failed": "Failed",
    "verdicts.could not verify": "Could not verify",
}  # fmt: skip
"""What the verifier says under a name, and the message of the pages that says the same."""
NOT_REVERSED = (
    "This page does not prove that nothing was reversed and no key was revoked. Only an audit of the whole log can show that."
)
STATES = (
    "held", "allocated", "paid", "received", "reported", "disputed", "fee", "refunded", "covered", "written-off", "void",
)  # fmt: skip
LEVELS = ("third-party", "recipient-signed", "self-declared")
LATE = (OverdueStage("receipt", "9.0", "2026-12-01"), OverdueStage("feedback", "9.1", "2026-12-02"))
WAYS = [(states, ways, unit) for states in ((*STATES,), *((state,) for state in STATES), ("paid", "held", "reported"))
        for ways in ((1, 0), (2, 0), (0, 1), (1234, 2)) for unit in ("CNY", "USD", "mask")]  # fmt: skip
GOODS = {"CNY": "Yuan", "USD": "Dollar", "mask": "N95 masks"}


def a_trace(states: tuple[str, ...], payments: int, deliveries: int, unit: str) -> GiftTrace:
    """A gift in pieces of a million and a few units of these states."""
    pieces, at = [], 0
    for number, state in enumerate(states):
        level = LEVELS[number % 3] if state in ("received", "reported") else ""
        pieces.append(Piece(at, at + 1_234_567 + number, state, f"f/{unit}", at, at + 1, ("9.0",), level))
        at += 1_234_567 + number
    exponent, late = (0 if unit == "mask" else 2), LATE if len(states) != 1 else ()
    covered = 567 * (len(states) > 3) + 1_234_567 * (states == ("covered",) and payments == 2)
    return GiftTrace(
        "8.0", "hope", "f", unit, exponent, at, "2026-11-03", tuple(pieces), payments, deliveries, "2026-11-09", late,
        unspent_covered=covered,
    )  # fmt: skip


def as_reported(trace: GiftTrace, goods: str) -> dict[str, Any]:
    """The trace as a report of the verifier has it."""
    overdue = [one._asdict() for one in trace.overdue]
    pieces = [{"state": piece.state, "level": piece.level} for piece in trace.pieces]
    return {
        **{name: getattr(trace, name) for name in ("exponent", "unit", "amount", "received_on", "payments", "deliveries", "fund")},
        "waiting_since": trace.waiting_since, "totals": trace.totals(), "overdue": overdue, "pieces": pieces,
        "unspent_covered": trace.unspent_covered, "called": {"fund": "午间热餐 & meals", "goods": goods},
    }  # fmt: skip


@pytest.mark.parametrize("language", TAGS)
@pytest.mark.parametrize("measured", [False, True], ids=["plain", "measured"])
def test_a_gift_is_told_in_the_same_sentence(language: str, measured: bool):
    traces = [a_trace(states, *ways, unit) for states, ways, unit in WAYS]
    goods = {unit: name + ("（只）" if measured else "") for unit, name in GOODS.items()}
    told = ask({"gift": as_reported(trace, goods[trace.unit]), "language": TAGS[language]} for trace in traces)
    voice = voice_of(language)
    assert told == [sentence(voice, trace, "午间热餐 & meals", goods[trace.unit]) for trace in traces]


def test_what_would_turn_the_sentence_around_is_marked_in_both():
    trace = a_trace(("held",), 0, 0, "mask")
    (told,) = ask([{"gift": as_reported(trace, "a\u202eb"), "language": "en"}])
    assert told == sentence(voice_of("en"), trace, "午间热餐 & meals", "a\u202eb") and "a\ufffdb" in told


def word(table: dict[str, Any], path: str) -> str:
    name, _, rest = path.partition(".")
    return table[name][rest] if rest else table[name]


@pytest.mark.parametrize("language", TAGS)
def test_states_levels_and_verdicts_have_the_same_names(language: str):
    (known,) = ask([{"known": True}])
    table, voice = known["languages"][TAGS[language]], voice_of(language)
    for name, messages in TABLES.items():
        assert table[name] == {id: voice.say(message) for id, message in messages.items()}, name
    for path, message in SHARED.items():
        assert word(table, path) == voice.say(message), path


def test_what_is_shared_is_said_by_the_pages():
    messages = {text for message in said() for text in (message.id if isinstance(message.id, tuple) else (message.id,))}
    assert {*SHARED.values(), *names.STATES.values(), *names.LEVELS.values()} <= messages


@pytest.mark.parametrize("language", TAGS)
def test_every_limit_of_a_bundle_is_true_when_it_is_read_alone(language: str):
    (known,) = ask([{"known": True}])
    zh = language == "zh"
    page, bundle = ("本页不能证明", "溯源包不能证明") if zh else ("This page does not prove ", "This bundle does not prove ")
    claims = known["languages"][TAGS[language]]["claims"]
    assert all(claim.startswith(bundle) for claim in claims)
    assert voice_of(language).say(NOT_REVERSED).replace(page, bundle) in claims
